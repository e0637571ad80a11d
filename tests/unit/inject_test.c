// SPDX-License-Identifier: Apache-2.0
// sources: hv/guest/inject.c tests/models/model.c
/* Exceptions injected into a guest, against the architecture's rules for taking one
 * to EL1, mode by mode and feature by feature; and stepping over an instruction. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "guest/inject.h"

#define VBAR UINT64_C(0xffff800010082000)
#define PC UINT64_C(0xffff800011223344)
#define FAR UINT64_C(0x9000abc)

#define N_AND_C UINT64_C(0xa0000000)

static void guest_in(uint64_t spsr)
{
	model_reset();
	sysreg_write_vbar_el1(VBAR);
	sysreg_write_elr_el2(PC);
	sysreg_write_far_el2(FAR);
	sysreg_write_spsr_el2(spsr);
	sysreg_write_sctlr_el1(UINT64_C(0x30d00800));
}

static const struct {
	uint64_t spsr;
	uint64_t offset;
	bool lower;
} modes[] = {
	{0x00000000, 0x400, true},  /* EL0t */
	{0xa00003c4, 0x000, false}, /* EL1t */
	{0x600000c5, 0x200, false}, /* EL1h */
	{0x00000010, 0x600, true},  /* AArch32 User, A32 */
	{0x80000030, 0x600, true},  /* AArch32 User, T32 */
};

static void abort_enters_vector_of_mode(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(modes); i++) {
		/* Data abort: a write, translation fault level 3. */
		guest_in(modes[i].spsr);
		inject_abort(UINT64_C(0x93820047));
		assert_int_equal(sysreg_read_elr_el2(), VBAR + modes[i].offset);
		assert_int_equal(sysreg_read_elr_el1(), PC);
		assert_int_equal(sysreg_read_spsr_el1(), modes[i].spsr);
		assert_int_equal(sysreg_read_far_el1(), FAR);
		/* EC lower/same, IL, WnR, DFSC 0x10: external, not on a walk. No ISV. */
		assert_int_equal(sysreg_read_esr_el1(), modes[i].lower ? 0x92000050 : 0x96000050);
		assert_int_equal(sysreg_read_spsr_el2(), (modes[i].spsr & 0xf0000000) | 0x3c5);

		/* Instruction abort, then undefined instruction. */
		guest_in(modes[i].spsr);
		inject_abort(UINT64_C(0x82000006));
		assert_int_equal(sysreg_read_esr_el1(), modes[i].lower ? 0x82000010 : 0x86000010);
		guest_in(modes[i].spsr);
		inject_undefined();
		assert_int_equal(sysreg_read_elr_el2(), VBAR + modes[i].offset);
		assert_int_equal(sysreg_read_esr_el1(), 0x02000000);
		assert_int_equal(sysreg_read_far_el1(), 0);
	}
}

static void abort_of_a_walk_says_so(void **state)
{
	(void)state;
	guest_in(0x3c5);
	inject_abort(UINT64_C(0x92000087)); /* S1PTW, read */
	assert_int_equal(sysreg_read_esr_el1(), 0x96000014);
	guest_in(0x3c5);
	inject_abort(UINT64_C(0x92000147)); /* cache maintenance: CM and WnR stay */
	assert_int_equal(sysreg_read_esr_el1(), 0x96000150);
}

/* Device memory by stage 2: the same syndrome as from a stage 1 of the guest's own. */
static void alignment_is_the_guests_own(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(modes); i++) {
		guest_in(modes[i].spsr);
		inject_alignment(UINT64_C(0x93c10061));
		assert_int_equal(sysreg_read_elr_el2(), VBAR + modes[i].offset);
		assert_int_equal(sysreg_read_elr_el1(), PC);
		assert_int_equal(sysreg_read_far_el1(), FAR);
		assert_int_equal(sysreg_read_esr_el1(), modes[i].lower ? 0x92000061 : 0x96000061);
		guest_in(modes[i].spsr);
		inject_alignment(UINT64_C(0x92000021));
		assert_int_equal(sysreg_read_esr_el1(), modes[i].lower ? 0x92000021 : 0x96000021);
	}
}

/* What PSTATE becomes with one feature, given SPSR and SCTLR_EL1. */
static void pstate_follows_features(void **state)
{
	static const struct {
		enum model_sysreg id;
		unsigned int shift;
		uint64_t value;
		uint64_t spsr, sctlr;
		uint64_t pstate;
	} cases[] = {
		/* without a feature its bit is never set */
		{MODEL_SYSREG_id_aa64pfr0_el1, 48, 0, 0x010003c5, 0, 0x3c5},
		/* DIT is kept */
		{MODEL_SYSREG_id_aa64pfr0_el1, 48, 1, 0x010003c5, 0, 0x010003c5},
		{MODEL_SYSREG_id_aa64pfr0_el1, 48, 1, 0x3c5, 0, 0x3c5},
		/* PAN: set, or with SPAN kept */
		{MODEL_SYSREG_id_aa64mmfr1_el1, 20, 1, 0x3c5, 0, 0x004003c5},
		{MODEL_SYSREG_id_aa64mmfr1_el1, 20, 1, 0x3c5, BIT64(23), 0x3c5},
		{MODEL_SYSREG_id_aa64mmfr1_el1, 20, 3, 0x004003c5, BIT64(23), 0x004003c5},
		/* SSBS := DSSBS */
		{MODEL_SYSREG_id_aa64pfr1_el1, 4, 2, 0x13c5, 0, 0x3c5},
		{MODEL_SYSREG_id_aa64pfr1_el1, 4, 2, 0x3c5, BIT64(44), 0x13c5},
		/* MTE: TCO set; tags at EL0 only have no TCO */
		{MODEL_SYSREG_id_aa64pfr1_el1, 8, 2, 0x3c5, 0, 0x020003c5},
		{MODEL_SYSREG_id_aa64pfr1_el1, 8, 1, 0x3c5, 0, 0x3c5},
		/* NMI: ALLINT := !SPINTMASK */
		{MODEL_SYSREG_id_aa64pfr1_el1, 36, 1, 0x3c5, 0, 0x23c5},
		{MODEL_SYSREG_id_aa64pfr1_el1, 36, 1, 0x23c5, BIT64(62), 0x3c5},
		/* UAO, SS, IL and BTYPE are cleared, NZCV kept, DAIF set */
		{MODEL_SYSREG_id_aa64pfr0_el1, 48, 0, 0xf0b00c05, 0, 0xf00003c5},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		guest_in(cases[i].spsr);
		model_sysreg_write(cases[i].id, cases[i].value << cases[i].shift);
		sysreg_write_sctlr_el1(cases[i].sctlr);
		inject_undefined();
		assert_int_equal(sysreg_read_spsr_el2(), cases[i].pstate);
		assert_int_equal(sysreg_read_spsr_el1(), cases[i].spsr);
	}
}

static void exlock_only_from_el1(void **state)
{
	(void)state;
	for (uint64_t spsr = 0; spsr <= 5; spsr += 5) {
		guest_in(spsr);
		sysreg_write_id_aa64pfr1_el1(BIT64(44));
		sysreg_write_gcscr_el1(BIT64(6));
		inject_undefined();
		assert_int_equal(sysreg_read_spsr_el2(), 0x3c5 | (spsr != 0 ? BIT64(34) : 0));
	}
}

static void ease_moves_aborts_to_serror(void **state)
{
	(void)state;
	for (uint64_t ease = 0; ease < 2; ease++) {
		guest_in(0x3c5);
		sysreg_write_id_aa64pfr1_el1(BIT64(56));
		sysreg_write_sctlr2_el1(ease << 5);
		inject_abort(UINT64_C(0x93820007));
		assert_int_equal(sysreg_read_elr_el2(), VBAR + 0x200 + ease * 0x180);
	}
	/* Undefined instructions stay synchronous. */
	inject_undefined();
	assert_int_equal(sysreg_read_elr_el2(), VBAR + 0x200);
}

static void serror_is_pended(void **state)
{
	(void)state;
	guest_in(0x3c5);
	sysreg_write_hcr_el2(0x80000001);
	inject_serror(UINT64_C(0xbf123456));
	assert_int_equal(sysreg_read_hcr_el2(), 0x80000101);
	assert_int_equal(sysreg_read_vsesr_el2(), 0);
	sysreg_write_id_aa64pfr0_el1(BIT64(28));
	inject_serror(UINT64_C(0xbf123456));
	assert_int_equal(sysreg_read_vsesr_el2(), 0x1123456);
}

static void skip_steps_over(void **state)
{
	static const struct {
		uint64_t spsr, esr;
		uint64_t step;
		uint64_t after;
	} cases[] = {
		{0x600003c5, ESR_IL, 4, 0x600003c5},
		{0x60200fc5, ESR_IL, 4, 0x600003c5}, /* SS and BTYPE go */
		{0x00000010, ESR_IL, 4, 0x00000010}, /* A32 */
		{0x00200010, ESR_IL, 4, 0x00000010},
		{0x00000030, 0, 2, 0x00000030},      /* T32, outside an IT block */
		{0x00000030, ESR_IL, 4, 0x00000030},
		/* IT[7:0] at 15:10 and 26:25: 0x04 -> 0x08 -> 0 (the last one) */
		{0x00000430, 0, 2, 0x00000830},
		{0x00000830, 0, 2, 0x00000030},
		/* 0x1f -> 0x1e -> 0x1c; 0xe5 (cond 111, mask 00101) -> 0xea */
		{0x06001c30, ESR_IL, 4, 0x04001c30},
		{0x0200e430, 0, 2, 0x0400e830},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		guest_in(cases[i].spsr);
		inject_skip(cases[i].esr);
		assert_int_equal(sysreg_read_elr_el2(), PC + cases[i].step);
		assert_int_equal(sysreg_read_spsr_el2(), cases[i].after);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(abort_enters_vector_of_mode),
		cmocka_unit_test(abort_of_a_walk_says_so),
		cmocka_unit_test(alignment_is_the_guests_own),
		cmocka_unit_test(pstate_follows_features),
		cmocka_unit_test(exlock_only_from_el1),
		cmocka_unit_test(ease_moves_aborts_to_serror),
		cmocka_unit_test(serror_is_pended),
		cmocka_unit_test(skip_steps_over),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
