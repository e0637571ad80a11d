// SPDX-License-Identifier: Apache-2.0
// sources: hv/irq/gicd.c hv/irq/gicv3.c hv/irq/gicv3_vif.c hv/irq/its.c hv/irq/lpi.c
// sources: hv/guest/vgic.c hv/guest/vgic_call.c hv/guest/vgic_file.c hv/guest/vgic_lr.c hv/guest/vgic_op.c
// sources: hv/guest/vgic_prop.c hv/guest/vgic_virq.c hv/guest/vgic_v3.c hv/guest/xen/none.c
// sources: hv/guest/its/vits.c hv/guest/its/vits_cmd.c hv/guest/its/vits_map.c hv/guest/its/vlpi.c
// sources: tests/models/model.c tests/models/gic_*.c tests/unit/vgic/machine.c tests/unit/its/machine.c
/* The virtual ITS and virtual LPIs on the models of an ITS and a GICv3: what a guest that
 * keeps to the architecture may rely on. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "guest/vgic.h"
#include "irq/gic.h"
#include "unit/its/machine.h"

static void registers(void **state)
{
	uint64_t value = 0;

	(void)state;
	its_machine_start(4, false);
	/* Physical, ITTs of 16-byte entries, 6 bits of EventID, 16 of DeviceID, no PTA, 4 collections. */
	assert_int_equal(its_reg(a(0), GITS_TYPER), 1 | 15 << 4 | 5 << 8 | 15 << 13 | UINT64_C(4) << 24);
	assert_int_equal(its_reg(a(0), GITS_CTLR), GITS_CTLR_QUIESCENT);
	for (uint32_t n = 0; n < GITS_BASERS; n++) {
		its_set_reg(a(0), GITS_BASER + 8 * n, UINT64_MAX);
		assert_int_equal(its_reg(a(0), GITS_BASER + 8 * n), 0);
	}
	assert_true(its_access(a(0), false, 0xffe8, 4, &value));
	assert_int_equal(value, 0x3b);
	/* Halves, and what there is no access of. */
	value = 0x40002001;
	assert_true(its_access(a(0), true, GITS_CBASER, 4, &value));
	value = 0x80000000;
	assert_true(its_access(a(0), true, GITS_CBASER + 4, 4, &value));
	assert_int_equal(its_reg(a(0), GITS_CBASER), UINT64_C(0x8000000040002001));
	assert_true(its_access(a(0), false, GITS_CBASER + 4, 4, &value));
	assert_int_equal(value, 0x80000000);
	assert_false(its_access(a(0), false, GITS_CTLR, 2, &value));
	assert_false(its_access(a(0), false, GITS_TYPER + 4, 8, &value));
	assert_false(its_access(a(0), false, GITS_CTLR, 8, &value));
	/* Behind the queue's end there is nothing. */
	its_set_reg(a(0), GITS_CWRITER, 0x2000);
	assert_int_equal(its_reg(a(0), GITS_CWRITER), 0);
	/* Enabled: the queue stays where it is. */
	its_set_reg(a(0), GITS_CTLR, 1);
	assert_int_equal(its_reg(a(0), GITS_CTLR), 1);
	its_set_reg(a(0), GITS_CBASER, 0);
	assert_int_equal(its_reg(a(0), GITS_CBASER), UINT64_C(0x8000000040002001));
}

static void redistributor(void **state)
{
	uint64_t value = 0;

	(void)state;
	its_machine_start(4, false);
	assert_true(machine_gicd(a(0), false, GICD_TYPER, 4, &value));
	assert_int_equal(value & GICD_TYPER_LPIS, GICD_TYPER_LPIS);
	assert_int_equal(FIELD_GET(GICD_TYPER_IDBITS, value), 13);
	assert_int_equal(FIELD_GET(GICD_TYPER_NUM_LPIS, value), 4); /* 32 of them */
	assert_true(machine_gicr(a(0), false, GICR_TYPER, 8, &value));
	assert_int_equal(value & GICR_TYPER_PLPIS, 1);
	value = 0x40001000 | 13;
	assert_true(machine_gicr(a(0), true, GICR_PROPBASER, 8, &value));
	value = GICR_PENDBASER_PTZ | 0x40010000;
	assert_true(machine_gicr(a(1), true, GICR_SIZE + GICR_PENDBASER, 8, &value));
	assert_true(machine_gicr(a(1), false, GICR_SIZE + GICR_PENDBASER, 8, &value));
	assert_int_equal(value, 0x40010000); /* PTZ reads as zero */
	value = 1;
	assert_true(machine_gicr(a(1), true, GICR_SIZE + GICR_CTLR, 4, &value));
	/* From now on all of this stays as it is, also while the CPU is off. */
	value = 0;
	assert_true(machine_gicr(a(1), true, GICR_SIZE + GICR_CTLR, 4, &value));
	assert_true(machine_gicr(a(1), true, GICR_SIZE + GICR_PENDBASER, 8, &value));
	machine_cpu_off(a(1));
	machine_cpu_on(a(1));
	assert_true(machine_gicr(a(0), false, GICR_SIZE + GICR_CTLR, 4, &value));
	assert_int_equal(value, 1);
	assert_true(machine_gicr(a(0), false, GICR_SIZE + GICR_PENDBASER, 8, &value));
	assert_int_equal(value, 0x40010000);
	assert_true(machine_gicr(a(0), false, GICR_SIZE + GICR_PROPBASER + 4, 4, &value));
	assert_int_equal(value, 0);
	assert_true(machine_gicr(a(0), false, GICR_CTLR, 4, &value));
	assert_int_equal(value, 0);
}

static void messages(void **state)
{
	(void)state;
	for (uint32_t pta = 0; pta < 2; pta++) {
		its_hardware = (struct gicm_config){.its_pta = pta != 0, .its_uncached = pta != 0};
		its_machine_start(4, true);
		its_map_device();
		for (uint32_t n = 0; n < 8; n++) {
			its_message(DEVICE, n);
			assert_int_equal(its_take(a(0)), LPI(n));
			assert_int_equal(its_take(a(0)), GICM_SPURIOUS);
		}
		its_message(DEVICE, 8);
		its_message(0x11, 0);
		assert_int_equal(its_take(a(0)), GICM_SPURIOUS);
		its_check_neighbour();
	}
	its_hardware = (struct gicm_config){0};
}

/* Erratum E0065 of QDF2400: there is room for entries of 16 bytes whatever the ITS says of
 * their size, and the guest is told that they take as much. */
static void entries_are_larger_than_said(void **state)
{
	(void)state;
	its_hardware = (struct gicm_config){.its_understates = true};
	its_machine_start(4, true);
	assert_int_equal(FIELD_GET(GITS_TYPER_ITT_ENTRY, its_reg(a(0), GITS_TYPER)) + 1, 16);
	its_map_device();
	for (uint32_t n = 0; n < 8; n++) {
		its_message(DEVICE, n);
		assert_int_equal(its_take(a(0)), LPI(n));
	}
	/* What is next to the translation table is the neighbour's. */
	its_check_neighbour();
	its_hardware = (struct gicm_config){0};
}

/* More messages than list registers: each comes, the most urgent first, none twice. */
static void overflow(void **state)
{
	(void)state;
	for (uint32_t lrs = 1; lrs <= 4; lrs++) {
		for (uint32_t stays = 0; stays < 2; stays++) {
			its_hardware = (struct gicm_config){.lpi_stays = stays != 0};
			its_machine_start(lrs, true);
			its_map_device();
			for (uint32_t n = 0; n < 8; n++) {
				its_change_property(n, (uint8_t)(0xf1 - 0x10 * n));
			}
			for (uint32_t n = 0; n < 8; n++) {
				its_message(DEVICE, n);
				its_message(DEVICE, n);
			}
			for (uint32_t n = 8; n-- > 0;) {
				assert_int_equal(its_take(a(0)), LPI(n));
			}
			assert_int_equal(its_take(a(0)), GICM_SPURIOUS);
		}
	}
	its_hardware = (struct gicm_config){0};
}

/* Nested: each interrupts the handler of the one before, and they end in order. */
static void nested(void **state)
{
	uint32_t iars[8];

	(void)state;
	its_hardware = (struct gicm_config){.lpi_stays = true};
	its_machine_start(2, true);
	its_map_device();
	for (uint32_t n = 0; n < 8; n++) {
		its_change_property(n, (uint8_t)(0xe1 - 0x10 * n));
		its_message(DEVICE, n);
		iars[n] = machine_ack(a(0));
		assert_int_equal(iars[n] & 0xffff, LPI(n));
	}
	for (uint32_t n = 8; n-- > 0;) {
		machine_eoi(a(0), iars[n]);
	}
	assert_int_equal(machine_ack(a(0)), GICM_SPURIOUS);
	its_message(DEVICE, 0);
	assert_int_equal(its_take(a(0)), LPI(0));
	its_hardware = (struct gicm_config){0};
}

/* One that comes while its handler runs comes once more. */
static void again(void **state)
{
	(void)state;
	for (uint32_t stays = 0; stays < 2; stays++) {
		uint32_t iar;

		its_hardware = (struct gicm_config){.lpi_stays = stays != 0};
		its_machine_start(2, true);
		its_map_device();
		its_message(DEVICE, 3);
		iar = machine_ack(a(0));
		assert_int_equal(iar & 0xffff, LPI(3));
		its_message(DEVICE, 3);
		its_message(DEVICE, 3);
		machine_eoi(a(0), iar);
		assert_int_equal(its_take(a(0)), LPI(3));
		assert_int_equal(its_take(a(0)), GICM_SPURIOUS);
	}
	its_hardware = (struct gicm_config){0};
}

static void among_others(void **state)
{
	(void)state;
	its_machine_start(1, true);
	its_map_device();
	/* An SGI of lower priority holds the one list register, a message of higher comes. */
	machine_write(a(0), GICD_IPRIORITYR, 0xc0c0c0c0);
	machine_write(a(0), GICD_ISENABLER, 1);
	machine_sgi(a(0), a(0), 0);
	its_message(DEVICE, 1);
	assert_int_equal(its_take(a(0)), LPI(1));
	assert_int_equal(its_take(a(0)), 0);
	/* And the other way round. */
	its_message(DEVICE, 1);
	machine_write(a(0), GICD_IPRIORITYR, 0x40404040);
	machine_sgi(a(0), a(0), 0);
	assert_int_equal(its_take(a(0)), 0);
	assert_int_equal(its_take(a(0)), LPI(1));
	assert_int_equal(its_take(a(0)), GICM_SPURIOUS);
}

static void groups(void **state)
{
	(void)state;
	its_machine_start(2, true);
	its_map_device();
	machine_write(a(0), GICD_CTLR, 0);
	its_message(DEVICE, 1);
	assert_int_equal(its_take(a(0)), GICM_SPURIOUS);
	machine_write(a(0), GICD_CTLR, GICD_CTLR_GRP1);
	assert_int_equal(its_take(a(0)), LPI(1));
	/* The CPU interface: LPIs are of Group 1. */
	model_cpu = 0;
	gicm_guest_setup(0, 0xff, 0, false);
	its_message(DEVICE, 2);
	its_message(DEVICE, 3);
	its_message(DEVICE, 4);
	gicm_guest_setup(0, 0xff, 2, false);
	machine_settle();
	for (uint32_t n = 2; n < 5; n++) {
		assert_int_equal(its_take(a(0)), LPI(n));
	}
}

/* A disabled LPI stays pending. */
static void properties(void **state)
{
	(void)state;
	for (uint32_t lrs = 1; lrs < 4; lrs += 2) {
		its_machine_start(lrs, true);
		its_map_device();
		its_change_property(2, 0xa0);
		its_message(DEVICE, 2);
		assert_int_equal(its_take(a(0)), GICM_SPURIOUS);
		its_change_property(2, 0xa1);
		assert_int_equal(its_take(a(0)), LPI(2));
		/* It is in a list register already. */
		its_message(DEVICE, 2);
		its_message(DEVICE, 3);
		its_change_property(2, 0xa0);
		assert_int_equal(its_take(a(0)), LPI(3));
		assert_int_equal(its_take(a(0)), GICM_SPURIOUS);
		its_set_property(0, 2, 0xa1);
		assert_false(its_do(a(1), ITS_INVALL, 0, 0, 0));
		assert_int_equal(its_take(a(0)), LPI(2));
		/* The new priority counts. */
		its_message(DEVICE, 4);
		its_message(DEVICE, 5);
		its_change_property(5, 0x21);
		assert_int_equal(its_take(a(0)), LPI(5));
		assert_int_equal(its_take(a(0)), LPI(4));
		/* An event's new LPI is as the table says now, whatever hardware knows of it. */
		its_change_property(6, 0xa0);
		its_message(DEVICE, 6);
		assert_true(its_event(a(0), ITS_DISCARD, DEVICE, 6));
		its_set_property(0, 6, 0xa1);
		assert_true(its_mapti(a(0), DEVICE, 6, LPI(6), 0));
		its_message(DEVICE, 6);
		assert_int_equal(its_take(a(0)), LPI(6));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(registers),
		cmocka_unit_test(redistributor),
		cmocka_unit_test(messages),
		cmocka_unit_test(entries_are_larger_than_said),
		cmocka_unit_test(overflow),
		cmocka_unit_test(nested),
		cmocka_unit_test(again),
		cmocka_unit_test(among_others),
		cmocka_unit_test(groups),
		cmocka_unit_test(properties),
	};

	return cmocka_run_group_tests_name("vits", tests, NULL, NULL);
}
