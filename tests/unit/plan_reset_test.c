// SPDX-License-Identifier: Apache-2.0
// sources: gen/plan/*.c gen/util/*.c gen/diag/*.c hv/mm/stage2.c
/* How the plan has devices reset: those of domains that can be started a second time. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "unit/plan_board.h"

static struct board_test t;
static struct m_reset_step steps[] = {
	{.action = ACTION_WRITE, .offset = 0x10, .value = 7},
	{.action = ACTION_WAIT, .us = 35},
	{.action = ACTION_POLL, .offset = 0x14, .mask = 3, .value = 1, .us = 1000},
};

/* A device with steps and a PCI host, both of the domain; another's device. */
static struct plan *planned(bool hardware, enum m_on_fault on_fault, size_t domains)
{
	struct m_device *host;
	struct plan *p;

	board_init(&t);
	for (size_t i = 0; i < domains; i++) {
		struct m_domain *dom = board_domain(&t, i == 0 ? "a" : "b");

		board_domain_ram(dom, (struct m_ram){.has_base = true, .base = 0x50000000 + i * 0x1000000,
						     .ipa = 0x50000000 + i * 0x1000000, .size = 0x1000000});
		dom->hardware = i == 0 && hardware;
		dom->on_fault = on_fault;
	}
	board_device(&t, 0x0a000000, 0x1000, 0)->reset =
		(struct m_reset){.kind = RESETS_STEPS, .steps = steps, .step_count = 3};
	host = board_device(&t, 0x10000000, 0x1000000, 0);
	host->reset = (struct m_reset){.kind = RESETS_PCI};
	host->pci = (struct m_pci){.host = true, .has_buses = true, .bus_first = 16, .bus_last = 31};
	board_device(&t, 0x0a002000, 0x1000, 0)->reset.kind = RESETS_NOTHING;
	p = plan_build(t.d, &t.m);
	assert_non_null(p);
	return p;
}

static void finish(struct plan *p)
{
	plan_free(p);
	diag_free(t.d);
}

static void lists(void **state)
{
	struct plan *p = planned(false, FAULT_STOP, 2);
	const struct reset_step *s = p->domains[0].resets;

	(void)state;
	assert_int_equal(p->domains[0].reset_count, 4);
	assert_int_equal(p->domains[1].reset_count, 0);
	assert_int_equal(s[0].op, RESET_WRITE);
	assert_int_equal(s[0].pa, 0x0a000010);
	assert_int_equal(s[0].value, 7);
	assert_int_equal(s[1].op, RESET_WAIT);
	assert_int_equal(s[1].us, 35);
	assert_int_equal(s[1].pa, 0);
	assert_int_equal(s[2].op, RESET_POLL);
	assert_int_equal(s[2].pa, 0x0a000014);
	assert_int_equal(s[2].mask, 3);
	assert_int_equal(s[2].us, 1000);
	assert_int_equal(s[3].op, RESET_PCI);
	assert_int_equal(s[3].pa, 0x10000000);
	assert_int_equal(s[3].value, 16);
	assert_int_equal(s[3].mask, 31);
	finish(p);
}

static void who(void **state)
{
	static const struct {
		bool hardware;
		enum m_on_fault on_fault;
		size_t domains, steps;
	} cases[] = {
		{true, FAULT_STOP, 1, 0},    {true, FAULT_STOP, 2, 0},  {false, FAULT_STOP, 1, 0},
		{false, FAULT_PANIC, 1, 0},  {false, FAULT_STOP, 2, 4}, {false, FAULT_RESTART, 1, 4},
		{false, FAULT_RESTART, 2, 4},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct plan *p = planned(cases[i].hardware, cases[i].on_fault, cases[i].domains);

		assert_int_equal(p->domains[0].reset_count, cases[i].steps);
		finish(p);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lists),
		cmocka_unit_test(who),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
