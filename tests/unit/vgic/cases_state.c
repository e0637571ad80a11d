// SPDX-License-Identifier: Apache-2.0
/* What accesses leave in the physical GIC; restarts; a CPU that does not answer. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "guest/vgic.h"
#include "irq/gic.h"
#include "unit/vgic/cases.h"
#include "unit/vgic/machine.h"

static struct vcpu *a(uint32_t index)
{
	return domain_vcpu(&domains[0], index);
}

void case_config(void **state)
{
	(void)state;
	machine_start(4);
	/* Bit 0 of each pair is reserved; SGIs are edges for ever. */
	for (uint32_t n = 0; n < 8; n++) {
		machine_write(a(0), GICD_ICFGR + 4 * n, n == 1 ? 2u << 22 : UINT32_MAX);
	}
	assert_int_equal(machine_read(a(0), GICD_ICFGR), 0xaaaaaaaa);
	assert_int_equal(machine_read(a(0), GICD_ICFGR + 4), 2u << 22);
	assert_int_equal(machine_read(a(0), GICD_ICFGR + 8), 0xaaaa0000u | 2u << 2 | 2u << 4);
	assert_int_equal(machine_read(a(0), GICD_ICFGR + 12), 0x0000aaaa);
	assert_int_equal(machine_read(a(0), GICD_ICFGR + 16), 0x0000aa00);
	assert_int_equal(machine_read(a(1), GICD_ICFGR + 4), 2u << 14); /* banked */
	for (uint32_t n = 40; n < 64; n++) {
		assert_int_equal(gicm_view(0, n).edge, n < 56 ? true : n % 2 != 0);
	}
	assert_true(gicm_view(0, 27).edge);
	assert_false(gicm_view(0, 23).edge);
	for (uint32_t n = 0; n < 8; n++) {
		machine_write(a(0), GICD_ICFGR + 4 * n, 0x55555555);
	}
	for (uint32_t n = 1; n < 8; n++) {
		assert_int_equal(machine_read(a(0), GICD_ICFGR + 4 * n), 0);
	}
	/* The virq follows its trigger: 33 has become an edge and a level again. */
	machine_write(a(0), GICD_CTLR, 3);
	machine_open(a(0), false);
	machine_write(a(0), GICD_ISENABLER + 4, 3u << 1);
	machine_write(a(0), GICD_ICFGR + 8, 2u << 2);
	for (uint32_t n = 33; n < 35; n++) {
		uint32_t iar;

		machine_set_virq(0, &domains[0], n, true);
		iar = machine_ack(a(0));
		assert_int_equal(iar & 0x3ff, n);
		machine_eoi(a(0), iar);
		assert_int_equal(machine_ack(a(0)) & 0x3ff, n == 33 ? GICM_SPURIOUS : n);
	}
}

void case_physical_state(void **state)
{
	(void)state;
	machine_start(4);
	for (uint32_t n = 0; n < GICM_INTIDS; n += 4) {
		machine_write(a(1), GICD_IPRIORITYR + n, 0x87654321 + n * 0x08080808u);
	}
	for (uint32_t n = 40; n < 56; n++) {
		uint32_t word = 0x87654321 + (n & ~3u) * 0x08080808u;

		assert_int_equal(gicm_view(0, n).prio, word >> (8 * (n % 4)) & 0xf8);
	}
	assert_int_equal(gicm_view(2, 27).prio, (0x87654321 + 24 * 0x08080808u) >> 24 & 0xf8);
	assert_int_equal(gicm_view(0, 27).prio, 0); /* another CPU's */
	assert_int_equal(gicm_view(0, MACHINE_UART).prio, 0);
	assert_int_equal(gicm_view(2, GICM_MAINTENANCE).prio, 0);
	machine_write(a(1), GICD_ISENABLER, UINT32_MAX);
	machine_write(a(1), GICD_ISENABLER + 4, UINT32_MAX);
	for (uint32_t n = 16; n < 64; n++) {
		bool own = n == 23 || n == 27 || n == 30 || (n >= 40 && n < 56);

		assert_int_equal(gicm_view(2, n).enabled, own || n == MACHINE_UART || n == GICM_MAINTENANCE);
		assert_int_equal(gicm_view(0, n).enabled,
				 (own && n >= 32) || n == MACHINE_UART || n == GICM_MAINTENANCE);
	}
	machine_write(a(1), GICD_ICENABLER, UINT32_MAX);
	assert_false(gicm_view(2, 27).enabled);
	assert_true(gicm_view(2, GICM_MAINTENANCE).enabled);
}

void case_restart(void **state)
{
	(void)state;
	machine_start(4);
	machine_write(a(0), GICD_CTLR, 3);
	machine_write(a(0), GICD_IPRIORITYR + 40, 0x40404040);
	machine_write(a(0), GICD_ICFGR + 8, 0);
	machine_write(a(0), GICD_ISENABLER + 4, UINT32_MAX);
	/* Enabled: stays as it is. */
	machine_write(a(0), GICD_ICFGR + 8, UINT32_MAX);
	assert_int_equal(machine_read(a(0), GICD_ICFGR + 8), 2u << 2 | 2u << 4);
	machine_set_virq(0, &domains[0], 33, true);
	for (uint32_t i = 0; i < 3; i++) {
		machine_cpu_off(a(i));
	}
	model_cpu = 0;
	vgic_domain_off(&domains[0]);
	vgic_domain_init(&domains[0]);
	/* A virtual device is as it was: its line counts from the start. */
	machine_set_virq(1, &domains[0], 33, true);
	machine_cpu_on(a(0));
	assert_int_equal(machine_read(a(0), GICD_CTLR) & 3, 0);
	assert_int_equal(machine_read(a(0), GICD_ISENABLER + 4), 0);
	assert_int_equal(machine_read(a(0), GICD_IPRIORITYR + 40), 0);
	assert_int_equal(machine_read(a(0), GICD_ICFGR + 8), 0x88880000u | 2u << 4);
	assert_int_equal(machine_read(a(0), GICD_ISPENDR + 4), 2);
	machine_write(a(0), GICD_CTLR, 3);
	machine_write(a(0), GICD_ISENABLER + 4, 2);
	machine_open(a(0), false);
	assert_int_equal(machine_ack(a(0)) & 0x3ff, 33);
	/* An enabled one that waits for its CPU comes when that comes. */
	machine_cpu_off(a(0));
	machine_cpu_on(a(0));
	machine_open(a(0), false);
	assert_int_equal(machine_ack(a(0)) & 0x3ff, 33);
}

/* The wait for another CPU ends, and what was asked of it is withdrawn. */
void case_deaf_cpu(void **state)
{
	(void)state;
	machine_start(4);
	machine_write(a(0), GICD_CTLR, 3);
	machine_open(a(0), false);
	machine_write(a(0), GICD_ISENABLER + 4, UINT32_MAX);
	machine_line(a(0), 40, true);
	machine_deaf = 0;
	machine_write(a(1), GICD_ICENABLER + 4, 1u << 8);
	assert_int_equal(a(0)->vgic.calls, 0);
	assert_int_equal(a(2)->vgic.calls, 0);
	machine_deaf = MACHINE_CPUS;
	machine_settle();
	/* It had it all the time; nothing else is lost. */
	assert_int_equal(machine_ack(a(0)) & 0x3ff, 40);
}
