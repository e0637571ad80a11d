// SPDX-License-Identifier: Apache-2.0
// sources: hv/irq/gicd.c hv/irq/gicv3.c hv/irq/gicv3_vif.c hv/irq/its.c hv/irq/lpi.c
// sources: hv/guest/vgic.c hv/guest/vgic_call.c hv/guest/vgic_file.c hv/guest/vgic_lr.c hv/guest/vgic_op.c
// sources: hv/guest/vgic_prop.c hv/guest/vgic_virq.c hv/guest/vgic_v3.c hv/guest/xen/none.c
// sources: hv/guest/its/vits.c hv/guest/its/vits_cmd.c hv/guest/its/vits_map.c hv/guest/its/vlpi.c
// sources: tests/models/model.c tests/models/gic_*.c tests/unit/vgic/machine.c tests/unit/its/machine.c
/*
 * A virtual ITS in the hands of a guest that wants harm, and hardware that does not do
 * what it should. The model of the ITS fails the test at any command that a real one
 * could find fault with.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "guest/vgic.h"
#include "irq/gic.h"
#include "irq/its.h"
#include "unit/its/machine.h"

static void wrong_commands(void **state)
{
	static const uint64_t bad[][4] = {
		{0}, {0x02}, {0x06}, {0x07}, {0x10}, {0x29}, {0xff}, {UINT64_MAX, UINT64_MAX, UINT64_MAX, UINT64_MAX},
		/* MAPD: the neighbour's device, nobody's, too many events */
		{UINT64_C(0x20) << 32 | ITS_MAPD, 1, ITS_W2_VALID}, {UINT64_C(0x20) << 32 | ITS_MAPD, 0, 0},
		{UINT64_C(0x30) << 32 | ITS_MAPD, 1, ITS_W2_VALID},
		{UINT64_C(0xffffffff) << 32 | ITS_MAPD, 1, ITS_W2_VALID},
		{UINT64_C(0x11) << 32 | ITS_MAPD, 6, ITS_W2_VALID}, {UINT64_C(0x11) << 32 | ITS_MAPD, 31, ITS_W2_VALID},
		/* MAPC: no such collection, no such CPU */
		{ITS_MAPC, 0, ITS_W2_VALID | 4}, {ITS_MAPC, 0, ITS_W2_VALID | 0xffff}, {ITS_MAPC, 0, 4},
		{ITS_MAPC, 0, ITS_W2_VALID | UINT64_C(3) << 16}, {ITS_MAPC, 0, ITS_W2_VALID | GENMASK64(50, 16)},
		/* MAPTI: no device, event, LPI, collection; another's; MAPI can be no LPI */
		{UINT64_C(0x12) << 32 | ITS_MAPTI, UINT64_C(8192) << 32, 0},
		{UINT64_C(0x20) << 32 | ITS_MAPTI, UINT64_C(8192) << 32, 0},
		{(uint64_t)DEVICE << 32 | ITS_MAPTI, UINT64_C(8192) << 32 | 8, 0},
		{(uint64_t)DEVICE << 32 | ITS_MAPTI, UINT64_C(8192) << 32 | 0xffffffff, 0},
		{(uint64_t)DEVICE << 32 | ITS_MAPTI, UINT64_C(8191) << 32 | 1, 0},
		{(uint64_t)DEVICE << 32 | ITS_MAPTI, UINT64_C(8224) << 32 | 1, 0},
		{(uint64_t)DEVICE << 32 | ITS_MAPTI, UINT64_C(0) << 32 | 1, 0},
		{(uint64_t)DEVICE << 32 | ITS_MAPTI, UINT64_C(0xffffffff) << 32 | 1, 0},
		{(uint64_t)DEVICE << 32 | ITS_MAPTI, UINT64_C(8192) << 32 | 1, 4},
		{(uint64_t)DEVICE << 32 | ITS_MAPTI, UINT64_C(8192) << 32 | 1, 3},
		{(uint64_t)DEVICE << 32 | ITS_MAPI, 1, 0},
		/* What is not mapped: events, their device, their collection */
		{(uint64_t)DEVICE << 32 | ITS_MOVI, 1, 1}, {(uint64_t)DEVICE << 32 | ITS_MOVI, 0, 3},
		{(uint64_t)DEVICE << 32 | ITS_MOVI, 0, 0xffff}, {UINT64_C(0x20) << 32 | ITS_MOVI, 0, 1},
		{(uint64_t)DEVICE << 32 | ITS_INT, 1}, {UINT64_C(0x20) << 32 | ITS_INT, 0},
		{(uint64_t)DEVICE << 32 | ITS_CLEAR, 1}, {UINT64_C(0x20) << 32 | ITS_CLEAR, 0},
		{(uint64_t)DEVICE << 32 | ITS_INV, 1}, {UINT64_C(0x20) << 32 | ITS_INV, 0},
		{(uint64_t)DEVICE << 32 | ITS_DISCARD, 1}, {UINT64_C(0x20) << 32 | ITS_DISCARD, 0},
		{(uint64_t)DEVICE << 32 | ITS_INT, 8}, {(uint64_t)DEVICE << 32 | ITS_INT, 0xffffffff},
		{ITS_INVALL, 0, 3}, {ITS_INVALL, 0, 4}, {ITS_INVALL, 0, 0xffff},
		{ITS_MOVALL, 0, 0, UINT64_C(3) << 16}, {ITS_MOVALL, 0, UINT64_C(3) << 16, 0},
		{ITS_MOVALL, 0, GENMASK64(50, 16), GENMASK64(50, 16)},
		{ITS_SYNC, 0, UINT64_C(3) << 16}, {ITS_SYNC, 0, GENMASK64(50, 16)},
	};

	(void)state;
	its_machine_start(4, true);
	assert_true(its_mapd(a(0), DEVICE, 3, true));
	assert_true(its_mapti(a(0), DEVICE, 0, LPI(0), 0));
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		if (!its_do(a((uint32_t)i % 3), bad[i][0], bad[i][1], bad[i][2], bad[i][3])) {
			fail_msg("command %zu is not refused", i);
		}
		its_message(DEVICE, 0);
		assert_int_equal(its_take(a(0)), LPI(0));
		its_check_neighbour();
	}
	/* The event's collection goes: its commands have nothing to go to. */
	assert_true(its_mapc(a(0), 0, 0, false));
	assert_false(its_event(a(0), ITS_INT, DEVICE, 0));
	assert_false(its_event(a(0), ITS_DISCARD, DEVICE, 0));
	assert_false(its_movi(a(0), DEVICE, 0, 1));
	its_message(DEVICE, 0);
	assert_int_equal(its_take(a(0)), GICM_SPURIOUS);
	/* Mapped once more over it. */
	assert_false(its_mapti(a(0), DEVICE, 0, LPI(1), 1));
	assert_true(its_mapc(a(0), 0, 0, true));
	assert_true(its_mapti(a(0), DEVICE, 0, LPI(1), 1));
	assert_true(its_mapti(a(0), DEVICE, 0, LPI(2), 1));
	its_message(DEVICE, 0);
	assert_int_equal(its_take(a(1)), LPI(2));
	its_check_neighbour();
}

/* A CPU whose LPIs are off can be nobody's target. */
static void no_lpis(void **state)
{
	uint64_t value;

	(void)state;
	its_machine_start(4, false);
	machine_write(a(0), GICD_CTLR, 2);
	its_set_reg(a(0), GITS_CBASER, GITS_BASER_VALID | (RAM_IPA + QUEUE) | 1);
	its_set_reg(a(0), GITS_CTLR, 1);
	assert_false(its_mapc(a(0), 0, 0, true));
	value = 1;
	machine_gicr(a(0), true, GICR_CTLR, 4, &value);
	assert_true(its_mapc(a(0), 0, 0, true));
	assert_true(its_do(a(0), ITS_MOVALL, 0, 0, UINT64_C(1) << 16));
	assert_true(its_do(a(0), ITS_MOVALL, 0, UINT64_C(1) << 16, 0));
	/* Without a table of properties all is disabled. */
	assert_true(its_mapd(a(0), DEVICE, 3, true));
	assert_true(its_mapti(a(0), DEVICE, 0, LPI(0), 0));
	its_message(DEVICE, 0);
	machine_open(a(0), false);
	assert_int_equal(its_take(a(0)), GICM_SPURIOUS);
}

/* A domain that has used up what it has goes without; what it gives back it has again. */
static void pools(void **state)
{
	(void)state;
	its_machine_start(4, true);
	for (uint32_t round = 0; round < 3; round++) {
		for (uint32_t n = 0; n < ITSM_DEVICES; n++) {
			assert_true(its_mapd(a(0), DEVICE + n, 4, true));
		}
		assert_false(its_mapd(a(0), DEVICE + ITSM_DEVICES, 1, true)); /* no slot */
		assert_true(its_mapd(a(0), DEVICE, 4, true)); /* again: the same slot */
		for (uint32_t n = 0; n < ITSM_DEVICES; n++) {
			assert_true(its_mapd(a(0), DEVICE + n, 4, false));
			assert_true(its_mapd(a(0), DEVICE + n, 4, false));
		}
	}
	/* 64 events in all. */
	assert_true(its_mapd(a(0), DEVICE, 5, true));
	assert_true(its_mapd(a(0), DEVICE + 1, 1, true));
	assert_false(its_mapd(a(0), DEVICE + 2, 5, true));
	assert_true(its_mapd(a(0), DEVICE + 2, 4, true));
	assert_false(its_mapd(a(0), DEVICE + 3, 1, true));
	assert_true(its_mapd(a(0), DEVICE, 5, false));
	assert_true(its_mapd(a(0), DEVICE + 3, 5, true));
	assert_true(its_mapd(a(0), DEVICE + 3, 5, false));
	/* A page of the device table of its own, but not two. */
	assert_true(its_mapd(a(0), 0x400, 1, true));
	assert_true(its_mapd(a(0), 0x400, 1, false));
	assert_false(its_mapd(a(0), 0x800, 1, true));
	assert_true(its_mapd(a(0), 0x400, 1, true));
	assert_true(its_mapd(a(0), 0x400, 1, false));
	its_check_neighbour();
	/* What the last owner of the ITT left is gone. */
	assert_true(its_mapd(a(0), DEVICE, 5, true));
	for (uint32_t n = 0; n < 32; n++) {
		assert_true(its_mapti(a(0), DEVICE, n, LPI(n), 0));
	}
	assert_true(its_mapd(a(0), DEVICE, 5, true));
	for (uint32_t n = 0; n < 32; n++) {
		assert_false(its_event(a(0), ITS_INT, DEVICE, n));
		its_message(DEVICE, n);
	}
	assert_int_equal(its_take(a(0)), GICM_SPURIOUS);
}

/* A queue, or a table, that is not in RAM. */
static void elsewhere(void **state)
{
	static const uint64_t places[] = {0, ITS_BASE, RAM_IPA - 0x1000, RAM_IPA + RAM_BYTES, GENMASK64(47, 12)};
	uint64_t value;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(places); i++) {
		its_machine_start(4, true);
		assert_true(its_mapd(a(0), DEVICE, 3, true));
		its_set_reg(a(0), GITS_CTLR, 0);
		its_set_reg(a(0), GITS_CBASER, GITS_BASER_VALID | places[i] | 0xff);
		its_set_reg(a(0), GITS_CTLR, 1);
		its_set_reg(a(0), GITS_CWRITER, 0xfffe0);
		value = its_reg(a(0), GITS_CREADR);
		assert_true(value == 0xfffe0 || value == 0);
		its_check_neighbour();
	}
	/* The last page is RAM, what follows is not: the table of properties ends there. */
	its_machine_start(4, false);
	value = (RAM_IPA + RAM_BYTES) | 13;
	machine_gicr(a(0), true, GICR_PROPBASER, 8, &value);
	value = 1;
	machine_gicr(a(0), true, GICR_CTLR, 4, &value);
	its_set_reg(a(0), GITS_CBASER, GITS_BASER_VALID | (RAM_IPA + QUEUE) | 1);
	its_set_reg(a(0), GITS_CTLR, 1);
	assert_true(its_mapc(a(0), 0, 0, true));
	assert_true(its_mapd(a(0), DEVICE, 3, true));
	assert_true(its_mapti(a(0), DEVICE, 0, LPI(0), 0));
	assert_false(its_do(a(0), ITS_INVALL, 0, 0, 0));
	its_message(DEVICE, 0);
	assert_int_equal(its_take(a(0)), GICM_SPURIOUS);
}

/* Any bytes as commands, with some sense in them, and accesses to any register. */
static void random_stream(void **state)
{
	static const uint32_t devices[] = {0x10, 0x11, 0x1f, 0x20, 0x21, 0x400, 0x30, 0};

	(void)state;
	its_hardware = (struct gicm_config){.lpi_stays = true};
	its_machine_start(2, true);
	machine_seed(11);
	for (uint32_t i = 0; i < 30000; i++) {
		struct vcpu *v = a(machine_random(3));
		uint64_t w0 = machine_random(0x12) | (uint64_t)devices[machine_random(ARRAY_SIZE(devices))] << 32;
		uint64_t w1 = machine_random(20) | (uint64_t)(8190 + machine_random(40)) << 32;
		uint64_t w2 = machine_random(6) | (uint64_t)machine_random(4) << 16 |
			      (machine_random(4) != 0 ? ITS_W2_VALID : 0);

		if ((w0 & 0xff) == ITS_MAPD) {
			w1 = machine_random(7);
		}
		its_do(v, w0, w1, w2, (uint64_t)machine_random(4) << 16);
		its_set_property(0, machine_random(ITSM_LPIS), (uint8_t)machine_random(256));
		gicm_message(devices[machine_random(3)], machine_random(20));
		machine_settle();
		its_take(v);
		if (i % 64 == 0) {
			its_check_neighbour();
		}
		if (i % 1000 == 999) {
			machine_cpu_off(a(1));
			machine_cpu_on(a(1));
			machine_open(a(1), false);
		}
	}
	its_hardware = (struct gicm_config){0};
}

/* Hardware that does not come up. */
static void bad_hardware(void **state)
{
	(void)state;
	its_machine_start(4, false);
	for (uint32_t i = 0; i < 3; i++) {
		struct gicm_config config = its_hardware;

		config.lrs = 4;
		config.its_stuck = i == 0;
		config.its_flat = i == 1;
		config.lpi_locked = i == 2;
		model_reset();
		gicm_init(&config);
		model_set_relax_hook(its_clock);
		model_cpu = 0;
		assert_null(gic_init());
		assert_null(gic_cpu_init(0));
		if (i < 2) {
			assert_non_null(its_init());
		} else {
			assert_null(its_init());
			assert_non_null(its_cpu_init(0));
		}
	}
	its_hardware = (struct gicm_config){0};
}

/* One that stops: it is given up, and who asked is told so. Wired interrupts go on. */
static void dies(void **state)
{
	(void)state;
	for (uint32_t stall = 0; stall < 2; stall++) {
		uint32_t before;

		its_machine_start(4, true);
		assert_true(its_mapd(a(0), DEVICE, 3, true));
		its_break(stall == 0, stall != 0);
		before = its_warnings;
		assert_false(its_mapti(a(0), DEVICE, 0, LPI(0), 0));
		assert_true(its_warnings - before >= 2); /* the ITS, and the command */
		before = its_warnings;
		assert_false(its_mapd(a(0), DEVICE + 1, 3, true));
		assert_int_equal(its_warnings - before, 1);
		machine_write(a(0), GICD_ISENABLER, 1);
		machine_sgi(a(0), a(0), 0);
		assert_int_equal(its_take(a(0)), 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(wrong_commands),
		cmocka_unit_test(no_lpis),
		cmocka_unit_test(pools),
		cmocka_unit_test(elsewhere),
		cmocka_unit_test(random_stream),
		cmocka_unit_test(bad_hardware),
		cmocka_unit_test(dies),
	};

	return cmocka_run_group_tests_name("vits_hostile", tests, NULL, NULL);
}
