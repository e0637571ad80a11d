// SPDX-License-Identifier: Apache-2.0
// sources: tests/unit/verify/good*.c gen/verify/[a-ln-z]*.c gen/verify/mem.c
/*
 * What the hypervisor does to reset devices: steps of the image that are not the YAML's, or
 * that reach what is not the device's, are named.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "unit/verify/good.h"
#include "verify/subject.h"

static struct device *eth(struct board *b)
{
	return board_device(b, "eth");
}

struct reset_case {
	const char *text; /* of the finding; NULL: none of this kind */
	void (*spoil)(struct good *g, struct board *b);
};

static void nothing(struct good *g, struct board *b)
{
	(void)g;
	(void)b;
}

static void other_value(struct good *g, struct board *b)
{
	(void)b;
	g->rodata->resets[0].value = 1;
}

static void order(struct good *g, struct board *b)
{
	struct reset_step first = g->rodata->resets[0];

	(void)b;
	g->rodata->resets[0] = g->rodata->resets[1];
	g->rodata->resets[1] = first;
}

/* Devices may come in any order; the steps of each have theirs. */
static void devices_exchanged(struct good *g, struct board *b)
{
	struct reset_step last = g->rodata->resets[3];

	(void)b;
	memmove(&g->rodata->resets[1], &g->rodata->resets[0], 3 * sizeof(last));
	g->rodata->resets[0] = last;
}

static void one_less(struct good *g, struct board *b)
{
	(void)b;
	g->rodata->reset_lists[1].count = 3;
}

static void of_dom0(struct good *g, struct board *b)
{
	(void)b;
	g->rodata->reset_lists[0] = g->rodata->reset_lists[1];
}

static void elsewhere(struct good *g, struct board *b)
{
	(void)b;
	memcpy(g->rodata->reset_names[1], "rtc", 4);
}

static void nobody(struct good *g, struct board *b)
{
	(void)b;
	memcpy(g->rodata->reset_names[1], "nil", 4);
}

static void unaligned(struct good *g, struct board *b)
{
	g->rodata->resets[0].pa++;
	eth(b)->resets[0].pa++;
}

static void behind_the_end(struct good *g, struct board *b)
{
	g->rodata->resets[0].pa = 0x0a000400;
	eth(b)->resets[0].pa = 0x0a000400;
}

/* Whatever the YAML says of a device: the interrupt controller is the hypervisor's. */
static void on_the_gic(struct good *g, struct board *b)
{
	g->rodata->resets[0].pa = 0x08000000;
	eth(b)->resets[0].pa = 0x08000000;
	eth(b)->reg[0] = (struct range){.base = 0x08000000, .size = 0x400};
}

static void pci(struct good *g, struct board *b, uint32_t first, uint32_t last, uint64_t size)
{
	struct device *d = eth(b);

	d->reg[0] = (struct range){.base = 0x10000000, .size = size};
	d->reset_count = 1;
	d->resets[0] = (struct reset){.op = RESET_PCI, .pa = 0x10000000, .value = first, .mask = last};
	g->rodata->resets[2] = (struct reset_step){
		.device = g->rodata->resets[0].device, .op = RESET_PCI, .pa = 0x10000000, .value = first, .mask = last};
	g->rodata->reset_lists[1].steps += 2;
	g->rodata->reset_lists[1].count = 2;
}

static void pci_good(struct good *g, struct board *b)
{
	pci(g, b, 254, 255, MIB(2));
}

static void pci_too_many(struct good *g, struct board *b)
{
	pci(g, b, 0, 2, MIB(2));
}

static void pci_no_bus(struct good *g, struct board *b)
{
	pci(g, b, 3, 2, MIB(2));
}

static void pci_beyond(struct good *g, struct board *b)
{
	pci(g, b, 255, 256, MIB(2));
}

static const struct reset_case cases[] = {
	{NULL, nothing},
	{NULL, devices_exchanged},
	{NULL, pci_good},
	{"has another step than in the YAML", other_value},
	{"has another step than in the YAML", order},
	{"'gpio_b' lacks a step", one_less},
	{"'eth' is not the domain's", of_dom0},
	{"'rtc' is not the domain's", elsewhere},
	{"'nil' is not the domain's", nobody},
	{"is outside of its registers", unaligned},
	{"is outside of its registers", behind_the_end},
	{"is outside of its registers", on_the_gic},
	{"is outside of its registers", pci_too_many},
	{"has no buses", pci_no_bus},
	{"has no buses", pci_beyond},
};

static bool told(const struct report *r, const char *text)
{
	const struct result *result = &r->results[PROPERTY_OWNERS];

	for (uint64_t i = 0; i < result->failed && i < FINDINGS_MAX; i++) {
		if (strstr(result->findings[i].text, text) != NULL) {
			return true;
		}
	}
	return false;
}

static void check(const struct reset_case *c, size_t index)
{
	static struct report report;
	static struct subject subject;
	static struct elf elf;
	struct mem mem = {NULL}, copy = {NULL};
	struct board b;
	struct good g;
	char error[ELF_ERROR_MAX];

	assert_true(board_read(&b, &copy, "tests/unit/verify", "system", 0));
	good_build(&g);
	c->spoil(&g, &b);
	report_init(&report, &mem);
	assert_true(elf_open(&elf, g.file, g.size, error));
	assert_true(subject_verify(&subject, &mem, &elf, &b, &report, error));
	if (c->text != NULL && !told(&report, c->text)) {
		report_print_text(&report, stderr, c->text);
		fail_msg("case %zu: '%s' is not told", index, c->text);
	}
	if (c->text == NULL && told(&report, "the reset of")) {
		report_print_text(&report, stderr, "nothing");
		fail_msg("case %zu: found wrong", index);
	}
	good_free(&g);
	mem_free(&mem);
	mem_free(&copy);
}

static void test_steps(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		check(&cases[i], i);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_steps),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
