// SPDX-License-Identifier: Apache-2.0
// sources: hv/guest/vsmmuv3/[!n]*.c hv/iommu/smmuv3*.c hv/domain/[ds]*.c hv/firmware/bootargs.c
// sources: hv/mm/stage2.c tests/models/model.c tests/models/smmuv3*.c
// sources: tests/unit/vsmmu/*.c tests/unit/smmu/maps.c
/* The virtual SMMUv3 where one guest's doings could be another's, or the hypervisor's, loss. */
#include <stdio.h>
#include <string.h>

#include "lib/time.h"
#include "models/model.h"
#include "unit/vsmmu/guest.h"

#define OVERFLOW BIT32(31)
#define CFGI_STE(virt) (0x03 | (uint64_t)(virt) << 32), 1
#define CFGI_ALL 0x04, 31
#define NOWHERE UINT64_C(0x300000000) /* an IPA that neither has */

static void boot(void)
{
	machine_prepare(false, true, false);
	machine_boot();
	guest_start(A);
	guest_start(B);
}

/* A's faults fill the SMMU's own queue: what was lost may have been B's, so it is told. */
static void test_lost_at_the_smmu(void **state)
{
	uint32_t value = 0;

	(void)state;
	boot();
	guest_attach(A, A_FEW);
	for (uint32_t i = 0; i < 5000; i++) {
		assert_false(dma(A, A_FEW, VA_DATA + 0x9000, true, &value));
	}
	machine_settle();
	assert_int_equal(get(A, EVTQ_PROD) & OVERFLOW, OVERFLOW);
	assert_int_equal(get(B, EVTQ_PROD), OVERFLOW);
}

/* Where stage 2 has nothing, the report says the IPA and not what the device asked for. */
static void test_report_says_the_ipa(void **state)
{
	uint32_t value = 0;
	char text[40];

	(void)state;
	boot();
	guest_attach(A, A_FEW);
	tables_map(&guests[A].stage1, VA_DATA + 0x5000, NOWHERE, 3, LEAF1 | LEAF1_NOT_GLOBAL);
	assert_false(dma(A, A_FEW, VA_DATA + 0x5008, true, &value));
	machine_settle();
	snprintf(text, sizeof(text), "write at IPA 0x%lx,", (unsigned long)NOWHERE + 8);
	assert_true(machine_said(text));
	assert_null(guest_event(A));
}

/* An alarm that is set is not the guest's to put off: others wait for it. */
static void test_alarm_stays(void **state)
{
	uint64_t at;

	(void)state;
	boot();
	assert_int_equal(get(A, CR0), ALL_ON); /* now on A's CPU */
	at = time_after_us(50);
	time_set_alarm(at);
	for (uint32_t i = 0; i < 200; i++) {
		guest_put(A, 0x10, 0);
	}
	guest_ring(A);
	assert_int_not_equal(get(A, CMDQ_CONS), guests[A].prod);
	assert_int_equal(sysreg_read_cnthp_cval_el2(), at);
	time_clear_alarm();
	/* Without one it is set, and before one that is later. */
	assert_int_not_equal(get(A, CMDQ_CONS), guests[A].prod);
	assert_true(time_has_alarm());
	assert_int_not_equal(sysreg_read_cnthp_cval_el2(), at);
	at = time_after_us(10000000);
	time_clear_alarm();
	time_set_alarm(at);
	assert_int_not_equal(get(A, CMDQ_CONS), guests[A].prod);
	assert_true(sysreg_read_cnthp_cval_el2() < at);
	machine_settle();
	assert_int_equal(get(A, CMDQ_CONS), guests[A].prod);
}

/* The queue is turned off and set up anew while one of its commands takes long: that one
 * is no command of the new queue. */
static void test_queue_off_during_walk(void **state)
{
	uint64_t *l1;

	(void)state;
	boot();
	/* All of A's bus by one second level of bypass: too much for an exit. */
	l1 = guest_word(A, G_STRTAB);
	for (uint32_t group = A_MANY / 64; group < A_MANY / 64 + 256; group++) {
		l1[group] = G_FREE | 7;
	}
	for (uint32_t i = 0; i < 64; i++) {
		guest_word(A, G_FREE)[8 * i] = 1 | 4 << 1;
	}
	guest_put(A, CFGI_ALL);
	guest_ring(A);
	assert_int_not_equal(get(A, CMDQ_CONS), guests[A].prod);
	set(A, CR0, SMMUEN | EVTQEN);
	set(A, CMDQ_PROD, 0);
	set(A, CMDQ_CONS, 0);
	machine_settle();
	assert_int_equal(get(A, CMDQ_CONS), 0);
	set(A, CR0, ALL_ON);
	machine_settle();
	assert_int_equal(get(A, CMDQ_CONS), 0);
	guests[A].prod = 0;
	assert_true(guest_command(A, 0x10, 0));
}

/* A guest that asks for pages that there are not cannot flood the console. */
static void test_lines_are_bounded(void **state)
{
	uint32_t first = A_MANY + 64 * NESTED_PAGES;

	(void)state;
	boot();
	for (uint32_t i = 0; i < NESTED_PAGES; i++) {
		guest_attach(A, A_MANY + 64 * i);
	}
	machine_lines = 0;
	guest_set_nested(A, first);
	for (uint32_t i = 0; i < 1000; i++) {
		assert_true(guest_command(A, CFGI_STE(first)));
	}
	assert_true(machine_said("nested-groups"));
	assert_true(machine_lines <= 40);
	assert_int_equal(guest_reads(A, first, VA_DATA), 0);
}

/* A has all of its pages, and would have more: B's is left to B. */
static void test_shares_of_pages(void **state)
{
	static const uint32_t streams[NESTED_PAGES] = {B_GROUP, B_MANY + 3, B_MANY + 64 + 3};

	(void)state;
	boot();
	for (uint32_t i = 0; i < NESTED_ALL + 2; i++) {
		guest_set_nested(A, A_MANY + 64 * i);
		assert_true(guest_command(A, CFGI_STE(A_MANY + 64 * i)));
		assert_int_equal(guest_reads(A, A_MANY + 64 * i, VA_DATA), i < NESTED_PAGES ? 1 : 0);
	}
	for (uint32_t i = 0; i < ARRAY_SIZE(streams); i++) {
		guest_attach(B, streams[i]);
		assert_int_equal(guest_reads(B, streams[i], VA_DATA), 1);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lost_at_the_smmu),
		cmocka_unit_test(test_report_says_the_ipa),
		cmocka_unit_test(test_alarm_stays),
		cmocka_unit_test(test_queue_off_during_walk),
		cmocka_unit_test(test_lines_are_bounded),
		cmocka_unit_test(test_shares_of_pages),
	};

	return cmocka_run_group_tests_name("vsmmuv3_corner", tests, NULL, NULL);
}
