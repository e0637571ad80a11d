// SPDX-License-Identifier: Apache-2.0
// sources: hv/domain/reset.c hv/domain/reset_pci.c hv/domain/pci.c hv/domain/pci_reset.c
// sources: tests/models/model.c tests/models/pci.c tests/unit/reset/machine.c
/* What is behind a PCI host between two runs of its domain, however the guest left it and
 * however broken it is. */
#include "unit/reset/machine.h"

#include <string.h>

/* Nothing of the former run comes to memory: now, and when the next run masters the bus. */
static void assert_quiet(void)
{
	for (uint32_t i = 0; i < pci_node_count; i++) {
		assert_false(pci_model_does_dma((int)i));
	}
	for (uint32_t i = 0; i < pci_node_count; i++) {
		pci_model_enable((int)i);
	}
	for (uint32_t i = 0; i < pci_node_count; i++) {
		if (pci_model_does_dma((int)i)) {
			fail_msg("function %u goes on", i);
		}
	}
}

static void nothing_there(void **state)
{
	(void)state;
	start();
	assert_true(reset_all());
	assert_string_equal(said, "");
	steps[0] = steps[1];
	assert_true(reset_all());
}

/* On the first bus: each by its own means, once, and the time that it takes. */
static void own_resets(void **state)
{
	static const uint32_t ways[] = {PCI_FLR, PCI_AF, PCI_PM, PCI_FLR | PCI_PM_SOFT, PCI_FLR | PCI_AF | PCI_PM,
					PCI_AF | PCI_PM, PCI_FLR | PCI_PENDING, PCI_AF | PCI_PENDING,
					PCI_FLR | PCI_LATE, PCI_PM | PCI_LOOP, PCI_FLR | PCI_LOOP};

	(void)state;
	start();
	for (uint32_t i = 0; i < ARRAY_SIZE(ways); i++) {
		(void)pci_model_add(PCI_ROOT, i, 0, ways[i]);
	}
	assert_true(reset_all());
	assert_string_equal(said, "");
	for (uint32_t i = 0; i < ARRAY_SIZE(ways); i++) {
		assert_int_equal(pci_nodes[i].resets, 1);
	}
	assert_quiet();
	/* Nine with 100 ms each, two through D3hot, one late by 700 ms, two that are waited for. */
	assert_in_range(pci_now, 1700000, 2300000);
}

/* Functions of one device; those of a device that says it has one are not looked for. */
static void functions(void **state)
{
	(void)state;
	start();
	for (uint32_t i = 0; i < 8; i++) {
		(void)pci_model_add(PCI_ROOT, 4, i, i == 0 ? PCI_FLR | PCI_MULTI : PCI_FLR);
	}
	(void)pci_model_add(PCI_ROOT, 31, 0, PCI_FLR | PCI_MULTI);
	(void)pci_model_add(PCI_ROOT, 31, 7, PCI_FLR);
	assert_true(reset_all());
	assert_quiet();
	for (uint32_t i = 0; i < pci_node_count; i++) {
		assert_int_equal(pci_nodes[i].resets, 1);
	}
}

/* Without a reset, and on the first bus: said once by name. */
static void no_reset(void **state)
{
	(void)state;
	start();
	(void)pci_model_add(PCI_ROOT, 0, 0, PCI_HOST);
	(void)pci_model_add(PCI_ROOT, 2, 0, PCI_FLR | PCI_MULTI);
	(void)pci_model_add(PCI_ROOT, 2, 5, PCI_PM_SOFT);
	(void)pci_model_add(PCI_ROOT, 17, 0, PCI_GARBAGE);
	assert_true(reset_as(40));
	assert_string_equal(said, "guest1: 'pcie1' 10:02.5: no reset, only its bus mastering is off\n"
				  "guest1: 'pcie1' 10:11.0: no reset, only its bus mastering is off\n");
	assert_int_equal(pci_nodes[1].resets, 1);
	assert_int_equal(pci_nodes[0].words[1] & 4, 4); /* the host's own command register */
	for (int i = 0; i < 4; i++) {
		assert_false(pci_model_does_dma(i));
	}
	said[0] = '\0';
	assert_true(reset_as(40));
	assert_string_equal(said, "");
}

/* Behind bridges: by their own means where they have any, else by their bus. */
static void bridges(void **state)
{
	int port, below, up, down[2];

	(void)state;
	start();
	port = pci_model_add(PCI_ROOT, 2, 0, PCI_PORT);
	below = pci_model_add(port, 0, 0, PCI_FLR);
	up = pci_model_add(PCI_ROOT, 3, 0, PCI_PORT);
	down[0] = pci_model_add(up, 0, 0, PCI_BRIDGE_NODE);
	for (uint32_t i = 0; i < 2; i++) {
		int under = pci_model_add(down[0], i, 0, PCI_PORT);

		(void)pci_model_add(under, 0, 0, i == 0 ? 0 : PCI_AF);
		(void)pci_model_add(under, 0, 1, PCI_FLR);
	}
	/* The second function of a device whose first does not say that there is one. */
	pci_node_count--;
	pci_model_number(port, 16, 17, 17);
	pci_model_number(up, 16, 18, 22);
	assert_true(reset_all());
	assert_string_equal(said, "");
	assert_int_equal(pci_nodes[below].resets, 1);
	assert_quiet();
	for (uint32_t i = 0; i < pci_node_count; i++) {
		/* As after power-on, but for what firmware may have put there. */
		assert_int_equal(pci_nodes[i].words[6] & 0xffffff, 0);
	}
	assert_int_equal(pci_nodes[port].words[6], 0x40000000);
	assert_int_equal(pci_nodes[port].resets, 0);
}

/* The guest's bus numbers: none, all the same, loops, out of what the host has. */
static void hostile_numbers(void **state)
{
	static const uint32_t numbers[][3] = {
		{0, 0, 0}, {16, 17, 17}, {16, 16, 31}, {0, 0, 255}, {16, 18, 17}, {16, 255, 255}, {31, 31, 31},
		{255, 1, 16},
	};

	(void)state;
	for (uint32_t a = 0; a < ARRAY_SIZE(numbers); a++) {
		for (uint32_t b = 0; b < ARRAY_SIZE(numbers); b++) {
			int port[2], deep;

			start();
			for (uint32_t i = 0; i < 2; i++) {
				const uint32_t *n = numbers[i == 0 ? a : b];

				port[i] = pci_model_add(PCI_ROOT, 1 + i, 0, PCI_PORT);
				deep = pci_model_add(port[i], 0, 0, PCI_PORT);
				(void)pci_model_add(deep, 0, 0, i == 0 ? PCI_FLR : 0);
				pci_model_number(port[i], n[0], n[1], n[2]);
				pci_model_number(deep, n[2], n[0], n[1]);
			}
			assert_true(reset_all());
			assert_int_equal(pci_nodes[2].resets, 1);
			assert_int_equal(pci_nodes[5].resets, 1);
			assert_quiet();
		}
	}
}

/* Asleep, held in reset, with 256 functions of one device: as guests may leave them. */
static void hostile_states(void **state)
{
	int port, held, ari;

	(void)state;
	start();
	port = pci_model_add(PCI_ROOT, 1, 0, PCI_PORT | PCI_PM_SOFT);
	(void)pci_model_add(port, 0, 0, PCI_FLR | PCI_PM_SOFT);
	pci_nodes[port].words[0x44 / 4] |= 3;
	pci_nodes[port + 1].words[0x44 / 4] |= 3;
	held = pci_model_add(PCI_ROOT, 2, 0, PCI_PORT);
	(void)pci_model_add(held, 0, 0, 0);
	pci_nodes[held].words[0x3c / 4] |= BIT32(22);
	pci_nodes[held].held = 1;
	ari = pci_model_add(PCI_ROOT, 3, 0, PCI_PORT);
	pci_nodes[ari].words[0xa8 / 4] |= BIT32(5);
	(void)pci_model_add(ari, 0, 0, PCI_FLR);
	(void)pci_model_add(ari, 1, 1, PCI_FLR);
	(void)pci_model_add(ari, 31, 7, PCI_FLR);
	pci_now = 1000000;
	assert_true(reset_all());
	assert_string_equal(said, "");
	assert_int_equal(pci_nodes[ari].words[0xa8 / 4] & BIT32(5), 0);
	assert_int_equal(pci_nodes[held].words[0x3c / 4] & BIT32(22), 0);
	assert_int_equal(pci_nodes[port].words[0x44 / 4] & 3, 0);
	assert_quiet();
}

/* More levels than the walk has, or than the host has buses, and a bridge that takes no numbers. */
static void too_deep(void **state)
{
	(void)state;
	for (uint32_t depth = 13; depth < 24; depth++) {
		int at = PCI_ROOT;

		start();
		for (uint32_t i = 0; i < depth; i++) {
			at = pci_model_add(at, 0, 0, PCI_PORT);
		}
		at = pci_model_add(at, 0, 0, PCI_FLR);
		steps[0].mask = depth % 3 == 0 ? FIRST + 5 : LAST;
		assert_true(reset_all());
		assert_int_equal(pci_nodes[at].resets, 1);
		assert_quiet();
	}
	start();
	(void)pci_model_add(pci_model_add(PCI_ROOT, 7, 3, PCI_PORT | PCI_STUCK), 0, 0, PCI_FLR);
	(void)pci_model_add(PCI_ROOT, 7, 0, PCI_PORT | PCI_MULTI);
	assert_true(reset_all());
	assert_int_equal(pci_nodes[1].resets, 1);
	assert_quiet();
}

/* Not back: the domain must not run, and which one it was is told. All others are quiet. */
static void not_back(void **state)
{
	static const struct {
		uint32_t flags;
		const char *text;
	} cases[] = {
		{PCI_FLR | PCI_NO_RETURN, "guest1: 'pcie1' 10:02.0/00.0: not back from its reset\n"},
		{PCI_AF | PCI_NO_RETURN, "guest1: 'pcie1' 10:02.0/00.0: not back from its reset\n"},
		{PCI_NO_RETURN, "guest1: 'pcie1' 10:02.0/00.0: not back from the reset of its bus\n"},
	};

	(void)state;
	for (uint32_t i = 0; i < ARRAY_SIZE(cases); i++) {
		start();
		(void)pci_model_add(PCI_ROOT, 1, 0, PCI_FLR);
		(void)pci_model_add(pci_model_add(PCI_ROOT, 2, 0, PCI_PORT), 0, 0, cases[i].flags);
		(void)pci_model_add(PCI_ROOT, 3, 0, PCI_FLR);
		assert_false(reset_all());
		assert_string_equal(said, cases[i].text);
		for (uint32_t n = 0; n < pci_node_count; n++) {
			assert_false(pci_model_does_dma((int)n));
		}
		assert_true(pci_now < 3000000);
	}
}

/* More functions than a host can have: it ends, and they are quiet. */
static void endless(void **state)
{
	(void)state;
	start();
	for (uint32_t i = 0; i < 256; i++) {
		int bridge = pci_model_add(PCI_ROOT, i / 8, i % 8, PCI_BRIDGE_NODE | PCI_MULTI);

		for (uint32_t n = 0; n < 5; n++) {
			(void)pci_model_add(bridge, n, 0, PCI_PM);
		}
	}
	assert_false(reset_all());
	assert_non_null(strstr(said, "more functions than can be"));
	for (uint32_t n = 0; n < pci_node_count; n++) {
		assert_false(pci_model_does_dma((int)n));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_there), cmocka_unit_test(own_resets), cmocka_unit_test(functions),
		cmocka_unit_test(no_reset), cmocka_unit_test(bridges), cmocka_unit_test(hostile_numbers),
		cmocka_unit_test(hostile_states), cmocka_unit_test(too_deep), cmocka_unit_test(not_back),
		cmocka_unit_test(endless),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
