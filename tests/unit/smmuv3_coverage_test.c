// SPDX-License-Identifier: Apache-2.0
// sources: hv/iommu/smmuv3.c hv/iommu/smmuv3_cmdq.c hv/iommu/smmuv3_event.c hv/iommu/smmuv3_init.c
// sources: hv/iommu/nested_none.c
// sources: hv/iommu/smmuv3_report.c hv/iommu/smmuv3_stream.c hv/mm/stage2.c
// sources: tests/models/model.c tests/models/smmuv3*.c tests/unit/smmu/machine.c
/*
 * Every command, event and error that the SMMUv3 driver knows, each brought about on the
 * model, and the proof that none is left out: what the driver's own header names is
 * compared with what has happened. The tables below have all that IHI 0070 defines.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "iommu/iommu.h"
#include "unit/smmu/machine.h"

#define REGS "hv/iommu/smmuv3_regs.h"
#define SECOND 1000000u
#define LEAF_ACCESSED BIT64(10)
#define LEAF_WRITE BIT64(7)

/* IHI 0070 4: opcodes, and whether the driver sends the command. */
static const struct {
	uint8_t op;
	const char *name;
	bool sent;
} commands[] = {
	{0x01, "PREFETCH_CFG", false},   {0x02, "PREFETCH_ADDR", false}, {0x03, "CFGI_STE", false},
	{0x04, "CFGI_ALL", true},        {0x05, "CFGI_CD", false},       {0x06, "CFGI_CD_ALL", false},
	{0x10, "TLBI_NH_ALL", false},    {0x11, "TLBI_NH_ASID", false},  {0x12, "TLBI_NH_VA", false},
	{0x13, "TLBI_NH_VAA", false},    {0x20, "TLBI_EL2_ALL", true},   {0x28, "TLBI_S12_VMALL", true},
	{0x2a, "TLBI_S2_IPA", false},    {0x30, "TLBI_NSNH_ALL", true},  {0x40, "ATC_INV", false},
	{0x41, "PRI_RESP", false},       {0x44, "RESUME", false},        {0x45, "STALL_TERM", false},
	{0x46, "SYNC", true},
};

/* 7.3: events. `caused`: by a stream of this driver's; the others need stage 1, ATS, PRI
 * or a TLB that contradicts itself, and are put into the queue. */
static const struct {
	uint8_t id;
	const char *name;
	bool caused;
} events[] = {
	{0x01, "F_UUT", false},           {0x02, "C_BAD_STREAMID", true},     {0x03, "F_STE_FETCH", true},
	{0x04, "C_BAD_STE", true},        {0x05, "F_BAD_ATS_TREQ", false},    {0x06, "F_STREAM_DISABLED", false},
	{0x07, "F_TRANSL_FORBIDDEN", false}, {0x08, "C_BAD_SUBSTREAMID", false}, {0x09, "F_CD_FETCH", false},
	{0x0a, "C_BAD_CD", false},        {0x0b, "F_WALK_EABT", true},        {0x10, "F_TRANSLATION", true},
	{0x11, "F_ADDR_SIZE", true},      {0x12, "F_ACCESS", true},           {0x13, "F_PERMISSION", true},
	{0x20, "F_TLB_CONFLICT", false},  {0x21, "F_CFG_CONFLICT", false},    {0x24, "E_PAGE_REQUEST", false},
	{0x25, "F_VMS_FETCH", false},
};

static bool told[256]; /* events, by ID */
static uint32_t cons_errors; /* a bit for each CMDQ_CONS.ERR that the driver has seen */

static bool dma(uint32_t n, uint32_t sid, uint64_t address, bool write)
{
	uint64_t word = 0x5a5a;

	return smmum_dma(n, sid, address, &word, sizeof(word), write);
}

/* Settles; the event with this name must have been told. */
static void expect_told(uint8_t id)
{
	for (uint32_t i = 0; i < ARRAY_SIZE(events); i++) {
		if (events[i].id == id) {
			machine_settle();
			assert_true(machine_said(events[i].name));
			told[id] = true;
			return;
		}
	}
	fail();
}

/* The level-3 entry of a page of domain a's, found as the architecture says. */
static uint64_t *leaf_of(uint64_t ipa)
{
	uint64_t *table = (uint64_t *)(uintptr_t)(machine_ste(SID_A)[3] & GENMASK64(47, 12));

	table = (uint64_t *)(uintptr_t)(table[ipa >> 30] & GENMASK64(47, 12));
	table = (uint64_t *)(uintptr_t)(table[ipa >> 21 & 511] & GENMASK64(47, 12));
	return &table[ipa >> 12 & 511];
}

static void test_commands(void **state)
{
	(void)state;
	for (uint32_t hyp = 0; hyp < 2; hyp++) {
		machine_prepare(true, false);
		machine_config[0].idr0 |= hyp != 0 ? BIT32(9) : 0;
		machine_boot();
		assert_true(iommu_domain_block(DOMAIN_A, 0) && iommu_domain_unblock(DOMAIN_A, 0));
		assert_true((smmum_counts.commands[0x20] != 0) == (hyp != 0));
	}
}

static void test_stream_events(void **state)
{
	uint64_t *l1;

	(void)state;
	machine_prepare(true, false);
	l1 = (uint64_t *)(uintptr_t)(machine_smmus[0].strtab_base & GENMASK64(51, 6));
	l1[1] = UINT64_C(0x8000000000) | 9;
	machine_boot();
	assert_false(dma(0, SID_NO_TABLE, RAM_OF_A, true));
	expect_told(0x02);
	assert_false(dma(0, SID_BUSES, RAM_OF_A, true));
	expect_told(0x03);
	assert_false(dma(0, SID_NOBODY, RAM_OF_A, true));
	expect_told(0x04);
}

static void test_walk_events(void **state)
{
	(void)state;
	machine_prepare(true, false);
	*leaf_of(RAM_OF_A) |= BIT64(41);
	*leaf_of(RAM_OF_A + 0x1000) &= ~LEAF_ACCESSED;
	*leaf_of(RAM_OF_A + 0x2000) &= ~LEAF_WRITE;
	*leaf_of(RAM_OF_A + 0x3000) = 0;
	((uint64_t *)(uintptr_t)machine_ste(SID_B))[3] = UINT64_C(0x8000000000);
	machine_boot();
	assert_false(dma(0, SID_A, RAM_OF_A, true));
	expect_told(0x11);
	assert_false(dma(0, SID_A, RAM_OF_A + 0x1000, true));
	expect_told(0x12);
	assert_true(dma(0, SID_A, RAM_OF_A + 0x2000, false));
	assert_false(dma(0, SID_A, RAM_OF_A + 0x2000, true));
	expect_told(0x13);
	assert_false(dma(0, SID_A, RAM_OF_A + 0x3000, false));
	expect_told(0x10);
	assert_false(dma(0, SID_B, RAM_OF_B, true));
	expect_told(0x0b);
}

static void test_other_events(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < ARRAY_SIZE(events); i++) {
		const uint64_t record[4] = {events[i].id | (uint64_t)SID_A << 32, 0, 0x1000, 0x2000};

		if (!events[i].caused) {
			machine_prepare(true, false);
			machine_boot();
			smmum_event(0, record);
			expect_told(events[i].id);
			assert_true(machine_said("smmu0: nvme of a, stream 0x8: "));
		}
	}
}

/* CMDQ_CONS shows an error, once, when a command has been given. */
static uint32_t cons_error;

static void cons_raise(uint32_t n, uint32_t reg)
{
	if (n == 0 && reg == 0x9c && cons_error != 0 && (cons_errors & BIT32(cons_error)) == 0) {
		cons_errors |= BIT32(cons_error);
		smmum_global_error(0, 1);
	}
}

static uint64_t cons_twist(uint32_t n, uint32_t reg, uint64_t value)
{
	return n == 0 && reg == 0x9c ? (value & ~GENMASK64(30, 24)) | (uint64_t)cons_error << 24 : value;
}

static void test_command_errors(void **state)
{
	static const char *const says[] = {
		[2] = "smmu0: cannot read its command queue: given up and turned off",
		[3] = "smmu0: does not change a domain's streams: given up and turned off",
		[4] = "smmu0: CMDQ_CONS.ERR makes no sense: given up and turned off",
	};
	static uint64_t nowhere[2];

	(void)state;
	for (cons_error = 2; cons_error < ARRAY_SIZE(says); cons_error++) {
		machine_prepare(true, false);
		machine_boot();
		machine_on_read = cons_raise;
		machine_twist = cons_twist;
		assert_false(iommu_domain_block(DOMAIN_A, 0));
		assert_true(machine_said(says[cons_error]));
		machine_twist = NULL;
		assert_false(dma(0, SID_B, RAM_OF_B, true));
	}
	cons_error = 0;
	/* And one that the model makes itself: a queue that is not in memory. */
	machine_prepare(true, false);
	machine_smmus[0].cmdq = nowhere;
	machine_smmus[0].cmdq_log2 = 0;
	machine_start();
	assert_non_null(iommu_init());
	assert_true(machine_said(says[2]));
	assert_true((smmum_counts.cerrors & BIT32(2)) != 0);
}

static bool corrupt;

static void corrupt_command(uint32_t n, uint32_t reg)
{
	if (n == 0 && reg == 0x9c && corrupt) {
		machine_smmus[0].cmdq[2 * 3 + 2] = 0xff;
		corrupt = false;
	}
}

static void test_illegal_command(void **state)
{
	(void)state;
	machine_prepare(true, false);
	machine_config[0].cmd_rate = 1;
	machine_boot();
	corrupt = true;
	machine_on_read = corrupt_command;
	assert_false(iommu_domain_block(DOMAIN_A, 0));
	assert_true(machine_said("smmu0: refuses command 0xff 0x0"));
	cons_errors |= smmum_counts.cerrors & BIT32(1);
}

static void test_global_errors(void **state)
{
	static const struct {
		uint32_t bit;
		const char *says;
	} cases[] = {
		{2, "smmu0: cannot write its event queue, events are lost"},
		{8, "smmu0: is in service failure mode: given up and turned off"},
		{4, "smmu0: global error of an unknown kind"},
	};

	(void)state;
	for (uint32_t i = 0; i < ARRAY_SIZE(cases); i++) {
		machine_prepare(true, false);
		machine_boot();
		smmum_global_error(0, BIT32(cases[i].bit));
		machine_settle();
		assert_true(machine_said(cases[i].says));
	}
}

static bool is_sent(uint64_t op)
{
	for (uint32_t i = 0; i < ARRAY_SIZE(commands); i++) {
		if (commands[i].op == op) {
			return commands[i].sent;
		}
	}
	return false;
}

/* What a line of the driver's header names, and whether that has happened. */
static bool line_holds(const char *line, uint32_t counts[4])
{
	char name[40];
	uint32_t value;

	if (sscanf(line, "#define CMD_%39s 0x%x", name, &value) == 2) {
		counts[0]++;
		return is_sent(value) && smmum_counts.commands[value & 0xff] != 0;
	}
	if (sscanf(line, " EVT_%39[A-Z_] = 0x%x", name, &value) == 2) {
		counts[1]++;
		return value < ARRAY_SIZE(told) && told[value];
	}
	if (sscanf(line, "#define CERROR_%39s %u", name, &value) == 2 && value != 0) {
		counts[2]++;
		return (cons_errors & BIT32(value)) != 0;
	}
	if (sscanf(line, "#define GERROR_%39s BIT32(%u)", name, &value) == 2) {
		counts[3]++;
		return (smmum_counts.gerrors & BIT32(value)) != 0;
	}
	return true;
}

static void test_nothing_is_left_out(void **state)
{
	FILE *regs = fopen(REGS, "r");
	uint32_t counts[4] = {0, 0, 0, 0};
	char line[200];

	(void)state;
	assert_non_null(regs);
	while (fgets(line, sizeof(line), regs) != NULL) {
		if (!line_holds(line, counts)) {
			fail_msg("known to the driver, but not tested: %s", line);
		}
	}
	fclose(regs);
	/* The header was understood: it has all of these. */
	assert_int_equal(counts[0], 5);
	assert_int_equal(counts[1], ARRAY_SIZE(events));
	assert_int_equal(counts[2], 3);
	assert_int_equal(counts[3], 3);
	/* Nothing but what the tables say was sent, or caused. */
	for (uint32_t op = 0; op < 256; op++) {
		assert_int_equal(smmum_counts.commands[op] != 0, is_sent(op));
	}
	for (uint32_t i = 0; i < ARRAY_SIZE(events); i++) {
		assert_int_equal(smmum_counts.events[events[i].id] != 0, events[i].caused);
	}
	for (uint32_t i = 0; i < ARRAY_SIZE(commands); i++) {
		print_message("# command 0x%02x %-15s %s\n", commands[i].op, commands[i].name,
			      commands[i].sent ? "sent" : "never sent");
	}
	for (uint32_t i = 0; i < ARRAY_SIZE(events); i++) {
		print_message("# event   0x%02x %-19s %s\n", events[i].id, events[i].name,
			      events[i].caused ? "caused, told" : "put into the queue, told");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_commands),       cmocka_unit_test(test_stream_events),
		cmocka_unit_test(test_walk_events),    cmocka_unit_test(test_other_events),
		cmocka_unit_test(test_command_errors), cmocka_unit_test(test_illegal_command),
		cmocka_unit_test(test_global_errors),  cmocka_unit_test(test_nothing_is_left_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
