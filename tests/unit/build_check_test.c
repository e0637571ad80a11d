// SPDX-License-Identifier: Apache-2.0
// sources: hv/firmware/build/[a-r]*.c hv/firmware/build/streams.c hv/mm/stage2.c tests/unit/build/*.c
/* Tables made at boot: what is refused, and what the check of them finds. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <string.h>

#include "build_look.h"

static const struct {
	void (*change)(struct build_machine_state *s);
	const char *why;
} refusals[] = {
	{machine_no_psci, "has no PSCI"},
	{machine_hvc, "has PSCI by HVC"},
	{machine_other_boot_cpu, "has no CPU in its MADT with the MPIDR of the one that runs"},
	{machine_two_maintenances, "has not one and the same GIC maintenance"},
	{machine_gicv2, "has a GIC of a version before 3"},
	{machine_gicr_apart, "has redistributors in its MADT that do not lie together"},
	{machine_gicr_short, "has redistributors in its MADT for another number of CPUs"},
	{machine_no_uart, "has no PL011 in its SPCR"},
	{machine_uart_silent, "has a UART without an interrupt"},
	{machine_maintenance_is_timer, "has one interrupt for two things in its tables"},
	{machine_counters_are_maintenance, "has one interrupt for two things in its tables"},
	{machine_timer_is_usual_maintenance, "has one interrupt for two things in its tables"},
	{machine_uart_is_smmu, "has one interrupt for two things in its tables"},
	{machine_overlap, "has two things at one address"},
	{machine_ram_over_smmu, "has two things at one address"},
	{machine_ram_over_hidden, "has two things at one address"},
	{machine_beyond, "has something beyond the addresses"},
	{machine_no_ram, "has no memory for a domain"},
	{machine_in_page, "has memory in UEFI's map that begins within a page"},
	{machine_past_smmu, "has a PCI segment whose DMA goes past all SMMUv3s"},
	{machine_named_past_smmu, "has a named component whose DMA goes past all SMMUv3s"},
	{machine_wide_ids, "has stream IDs in its IORT that are too large"},
	{machine_all_ids, "has stream IDs in its IORT that are too large"},
	{machine_all_ids_in_two, "has stream IDs in its IORT that are too large"},
	{machine_many_smmus, "has more SMMUv3s in its IORT than this version drives"},
	{machine_gicd_not_there, "has no GICv3's distributor where its MADT says, at"},
	{machine_gicd_is_v2, "has no GICv3's distributor where its MADT says, at"},
	{machine_gicr_not_there, "has no redistributor where its MADT says, at"},
	{machine_smmu_not_there, "has no SMMUv3 where its IORT says, at"},
	{machine_uart_not_there, "has no UART where its SPCR says, at"},
	{machine_little_memory, "needs more memory for its"},
};

static void refused_by_name(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < ARRAY_SIZE(refusals); i++) {
		machine_small(&s);
		refusals[i].change(&s);
		assert_false(build_all(&s.b));
		if (strncmp(s.b.why, refusals[i].why, strlen(refusals[i].why)) != 0) {
			fail_msg("%u: %s", i, s.b.why);
		}
	}
}

/* However little memory there is, it is said and nothing beyond it is touched. */
static void any_size(void **state)
{
	bool good = false;

	(void)state;
	for (uint64_t size = MIB(1) + 0x1000; size < MIB(8); size += good ? MIB(1) : 0x1000) {
		machine_small(&s);
		machine_messages(&s);
		s.b.size = size;
		machine_resize(&s);
		good = build_all(&s.b);
		assert_true(good || strncmp(s.b.why, "needs more memory", 17) == 0);
	}
	assert_true(good);
}

/* What the check is for: each of these would pass unseen. */
static void damage_is_found(void **state)
{
	enum { DAMAGES = 14 };

	(void)state;
	for (uint32_t i = 0; i < DAMAGES; i++) {
		uint64_t *entry;

		machine_small(&s);
		assert_true(build_all(&s.b));
		assert_true(build_check(&s.b));
		switch (i) {
		case 0: /* the hypervisor's RAM, as MMIO on demand */
			entry = stage2_slot(0x08010000, 3);
			*entry = s.b.home.base | (*entry & ~UINT64_C(0xfffffffff000));
			break;
		case 1: /* at its own place */
			entry = stage2_slot(0x40000000, 2);
			*stage2_slot(SMALL_HOME, 2) = SMALL_HOME | (*entry & ~UINT64_C(0xfffffffff000));
			break;
		case 2: /* the distributor */
			*stage2_slot(0x08000000, 3) = 0x08000000 | (*stage2_slot(0x08010000, 3) & 0xfff) | BIT64(54);
			break;
		case 3: /* the UART, valid */
			*stage2_slot(0x09000000, 3) = 0x09000000 | (*stage2_slot(0x09001000, 3) & 0xfff) | BIT64(54) | 1;
			break;
		case 4: /* a hole as memory */
			*stage2_slot(0x09001000, 3) = 0x09001000 | 0x7ff;
			break;
		case 5: /* MMIO that can be executed */
			*stage2_slot(0x09001000, 3) &= ~BIT64(54);
			break;
		case 6: /* memory as a device */
			entry = stage2_slot(0x80000000, 2);
			*entry = (*entry & ~UINT64_C(0x3c)) | 4 | BIT64(54);
			break;
		case 7: /* memory elsewhere */
			*stage2_slot(0x80000000, 2) += 0x200000;
			break;
		case 8: /* a table in the domain's memory */
			*stage2_slot(0x08010000, 1) = 0x40000003;
			break;
		case 9: /* text that can be written */
			*slot(s.board.el2_ttbr, 0, s.b.home.load, 3) &= ~BIT64(7);
			break;
		case 10: /* the domain's memory in the hypervisor's map */
			*slot(s.board.el2_ttbr, 0, s.b.home.load + 0x30000, 3) += 0x10000000;
			break;
		case 11: /* what nobody may find */
			*stage2_slot(0x0b000000, 3) = 0x0b000000 | (*stage2_slot(0x0b002000, 3) & 0xfff) | BIT64(54);
			break;
		case 12: /* a stream of another VMID */
			entry = build_at(&s.b, s.b.smmus[0].strtab_base & UINT64_C(0xfffffffffffc0));
			build_at(&s.b, entry[0] & UINT64_C(0xfffffffffffc0))[2] ^= 2;
			break;
		default: /* a stream that bypasses */
			entry = build_at(&s.b, s.b.smmus[0].strtab_base & UINT64_C(0xfffffffffffc0));
			build_at(&s.b, entry[0] & UINT64_C(0xfffffffffffc0))[0] = 0x9;
			break;
		}
		if (build_check(&s.b)) {
			fail_msg("damage %u", i);
		}
	}
}

/* Whatever the tables say, it is refused or it passes the check. */
static void any_machine(void **state)
{
	uint64_t seed = 7;
	uint32_t good = 0;

	(void)state;
	for (uint32_t i = 0; i < 400; i++) {
		machine_small(&s);
		if (i % 2 != 0) {
			machine_messages(&s);
		}
		machine_random(&s, &seed);
		good += build_all(&s.b);
	}
	assert_true(good > 20 && good < 380);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(refused_by_name),
		cmocka_unit_test(any_size),
		cmocka_unit_test(damage_is_found),
		cmocka_unit_test(any_machine),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
