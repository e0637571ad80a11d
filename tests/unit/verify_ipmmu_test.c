// SPDX-License-Identifier: Apache-2.0
// sources: tests/unit/verify/good*.c gen/verify/[a-ln-z]*.c gen/verify/mem.c
/* The verifier on IPMMUs: each thing in an image that would let DMA through, by name. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "unit/verify/good.h"
#include "verify/subject.h"

#define DIR "tests/unit/verify"

static struct board board_yaml;

static void nothing(struct good *g)
{
	(void)g;
}

static void no_ipmmu(struct good *g)
{
	g->rodata->board.ipmmu = NULL;
}

static void no_context(struct good *g)
{
	g->rodata->ipmmu.context_count = 2;
}

static void no_contexts(struct good *g)
{
	g->rodata->ipmmu.context_count = 0;
}

static void two_contexts(struct good *g)
{
	g->rodata->contexts[2] = g->rodata->contexts[1];
}

static void tables_exchanged(struct good *g)
{
	uint64_t table = g->rodata->contexts[1].table;

	g->rodata->contexts[1].table = g->rodata->contexts[2].table;
	g->rodata->contexts[2].table = table;
}

static void other_geometry(struct good *g)
{
	g->rodata->ipmmu.ttbcr = 0xc0000059;
}

static void stage1(struct good *g)
{
	g->rodata->ipmmu.ttbcr = 0x80000058;
}

static void blocks_with_dom0(struct good *g)
{
	g->rodata->contexts[0].table = g->rodata->contexts[1].table;
}

static void blocks_with_a_page(struct good *g)
{
	uint64_t *root = g->tables[(g->rodata->contexts[0].table - GOOD_TABLES) / PAGE_SIZE];

	root[512] = UINT64_C(0x40000000) | 0x7fd;
}

static void blocks_outside(struct good *g)
{
	g->rodata->contexts[0].table = GOOD_BASE;
}

static void blocks_a_domain(struct good *g)
{
	g->rodata->contexts[0].domain = 0;
}

static void nobodys_to_dom0(struct good *g)
{
	g->rodata->masters[1][0].domain = 0;
}

static void dom0s_to_guest1(struct good *g)
{
	g->rodata->masters[0][0].domain = 1;
}

static void dom0s_to_nobody(struct good *g)
{
	g->rodata->masters[0][0].domain = OWNER_NONE;
}

static void one_more(struct good *g)
{
	g->rodata->masters[1][1].count = 3;
}

static void out_of_order(struct good *g)
{
	struct stream_desc first = g->rodata->masters[1][0];

	g->rodata->masters[1][0] = g->rodata->masters[1][1];
	g->rodata->masters[1][1] = first;
}

static void cache_first(struct good *g)
{
	struct ipmmu_unit_desc root = g->rodata->units[0];

	g->rodata->units[0] = g->rodata->units[1];
	g->rodata->units[1] = root;
}

static void a_unit_twice(struct good *g)
{
	g->rodata->units[1].name = g->rodata->units[0].name;
}

static void fewer_utlbs(struct good *g)
{
	g->rodata->units[1].utlbs = 47;
}

static void no_power(struct good *g)
{
	g->rodata->units[1].power = 0;
}

static void any_revision(struct good *g)
{
	g->rodata->ipmmu.cut_min = 0x10;
}

static void no_registers(struct good *g)
{
	*good_el2_leaf(g, 0x0e101000) = 0;
}

static void sysc_for_dom0(struct good *g)
{
	*good_leaf(g, 0, 0x09010000) = UINT64_C(0xe6180000) | (*good_leaf(g, 0, 0x09010000) & 0xfff);
}

static const struct {
	void (*spoil)(struct good *g);
	enum property property;
	const char *text; /* NULL: all holds */
} cases[] = {
	{nothing, PROPERTY_DMA, NULL},
	{no_ipmmu, PROPERTY_STREAMS, "the image does not drive IPMMUs, but a domain needs them"},
	{no_context, PROPERTY_DMA, "'vp', micro-TLB 40: it is domain 'guest1''s, but reaches nothing"},
	{no_contexts, PROPERTY_STREAMS, "0 contexts and 2 units are not what an IPMMU can have"},
	{two_contexts, PROPERTY_DMA, "IPMMU context 2 is translated otherwise than the CPUs of its domain"},
	{tables_exchanged, PROPERTY_DMA, "IPMMU context 1 is translated otherwise"},
	{other_geometry, PROPERTY_DMA, "IPMMU context 1 is translated otherwise"},
	{stage1, PROPERTY_DMA, "IPMMU context 2 is translated otherwise"},
	{blocks_with_dom0, PROPERTY_FORM, "stands in two places"},
	{blocks_with_a_page, PROPERTY_STREAMS, "context 0, of the micro-TLBs that nobody has, maps something"},
	{blocks_outside, PROPERTY_FORM, ""},
	{blocks_a_domain, PROPERTY_STREAMS, "context 0, of the micro-TLBs that nobody has, maps something"},
	{nobodys_to_dom0, PROPERTY_STREAMS,
	 "'vp', micro-TLB 1: it is nobody's, but reaches what domain 'dom0' does"},
	{dom0s_to_guest1, PROPERTY_DMA, "'mm', micro-TLB 7: it is domain 'dom0''s, but follows that of guest1"},
	{dom0s_to_nobody, PROPERTY_DMA, "'mm', micro-TLB 7: it is domain 'dom0''s, but reaches nothing"},
	{one_more, PROPERTY_STREAMS, "'vp', micro-TLB 5: it is nobody's, but reaches what domain 'dom0' does"},
	{out_of_order, PROPERTY_STREAMS, "'vp', micro-TLB 1: reports would name it wrongly"},
	{cache_first, PROPERTY_STREAMS, "'mm' is not in its place in the image: its micro-TLBs let DMA pass"},
	{a_unit_twice, PROPERTY_STREAMS, "'vp' is not in its place in the image"},
	{fewer_utlbs, PROPERTY_STREAMS, "'vp': the number of micro-TLBs is 0x2f in the image, but should be 0x30"},
	{no_power, PROPERTY_STREAMS, "'vp': its power domain is 0x0 in the image, but should be 0xe6180340"},
	{any_revision, PROPERTY_DMA, "'IPMMU': the first revision with stage 2 is 0x10"},
	{no_registers, PROPERTY_EL2, "an IPMMU"},
	{sysc_for_dom0, PROPERTY_HYPERVISOR, "the power controller of the IPMMUs"},
};

static bool told(const struct result *r, const char *text)
{
	for (uint64_t i = 0; i < r->failed && i < FINDINGS_MAX; i++) {
		if (strstr(r->findings[i].text, text) != NULL) {
			return true;
		}
	}
	return false;
}

static void check(size_t n)
{
	static struct report report;
	static struct subject subject;
	static struct elf elf;
	struct mem mem = {NULL};
	struct good g;
	char error[ELF_ERROR_MAX];

	good_build(&g);
	cases[n].spoil(&g);
	report_init(&report, &mem);
	assert_true(elf_open(&elf, g.file, g.size, error));
	assert_true(subject_verify(&subject, &mem, &elf, &board_yaml, &report, error));
	if (cases[n].text == NULL ? !report_holds(&report) :
				    !told(&report.results[cases[n].property], cases[n].text)) {
		for (size_t p = 0; p < PROPERTY_COUNT; p++) {
			for (uint64_t i = 0; i < report.results[p].failed && i < FINDINGS_MAX; i++) {
				print_message("# %zu: %s\n", p, report.results[p].findings[i].text);
			}
		}
		fail_msg("case %zu", n);
	}
	good_free(&g);
	mem_free(&mem);
}

static void test_cases(void **state)
{
	struct mem mem = {NULL};

	(void)state;
	assert_true(board_read(&board_yaml, &mem, DIR, "system", 0));
	assert_true(board_yaml.ipmmu_driven && board_yaml.ipmmu_powered);
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		check(i);
	}
	mem_free(&mem);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_cases)};

	return cmocka_run_group_tests_name("verify_ipmmu", tests, NULL, NULL);
}
