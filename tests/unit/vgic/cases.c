// SPDX-License-Identifier: Apache-2.0
/* Delivery: what a guest finds at its CPU interface. */
#include "unit/vgic/cases.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "guest/vgic.h"
#include "irq/gic.h"
#include "unit/vgic/machine.h"

#define INTID(iar) ((iar)&0x3ff)

static struct vcpu *a(uint32_t index)
{
	return domain_vcpu(&domains[0], index);
}

static struct vcpu *b(void)
{
	return domain_vcpu(&domains[1], 0);
}

/* All CPUs' guests have their CPU interfaces open and everything of theirs enabled. */
static void open_all(uint32_t lrs)
{
	machine_start(lrs);
	for (uint32_t c = 0; c < MACHINE_CPUS; c++) {
		struct vcpu *v = &cpus[c].vcpu;

		machine_write(v, GICD_CTLR, 3);
		machine_open(v, false);
		for (uint32_t w = 0; w < 4; w++) {
			machine_write(v, GICD_ISENABLER + 4 * w, UINT32_MAX);
		}
	}
}

static void set_prio(struct vcpu *v, uint32_t intid, uint8_t prio)
{
	uint32_t reg = GICD_IPRIORITYR + (intid & ~3u);
	uint32_t shift = 8 * (intid % 4);

	machine_write(v, reg, (machine_read(v, reg) & ~(0xffu << shift)) | (uint32_t)prio << shift);
}

static void expect(struct vcpu *v, uint32_t intid)
{
	uint32_t iar = machine_ack(v);

	assert_int_equal(INTID(iar), intid);
	if (intid != GICM_SPURIOUS) {
		machine_eoi(v, iar);
	}
}

static uint32_t bit_of(struct vcpu *v, uint32_t reg, uint32_t intid)
{
	return machine_read(v, reg + 4 * (intid / 32)) >> (intid % 32) & 1;
}

static void set_bit(struct vcpu *v, uint32_t reg, uint32_t intid)
{
	machine_write(v, reg + 4 * (intid / 32), BIT32(intid % 32));
}

void case_reset_state(void **state)
{
	bool v2 = machine_gic.version == 2;

	(void)state;
	machine_start(4);
	for (uint32_t w = 0; w < 32; w++) {
		uint32_t own = w == 0 ? 0xffff : 0;

		own |= machine_domains[0].irq_mask[w] | machine_domains[0].virq_mask[w];
		assert_int_equal(machine_read(a(1), GICD_ISENABLER + 4 * w), v2 && w == 0 ? 0xffff : 0);
		assert_int_equal(machine_read(a(1), GICD_ISPENDR + 4 * w), 0);
		assert_int_equal(machine_read(a(1), GICD_ISACTIVER + 4 * w), 0);
		assert_int_equal(machine_read(a(1), GICD_IGROUPR + 4 * w), v2 ? 0 : own);
	}
	for (uint32_t n = 0; n < 1020; n += 4) {
		assert_int_equal(machine_read(a(1), GICD_IPRIORITYR + n), 0);
	}
	/* Triggers are as the board says; SGIs are edges. */
	assert_int_equal(machine_read(a(0), GICD_ICFGR), 0xaaaaaaaa);
	assert_int_equal(machine_read(a(0), GICD_ICFGR + 4), 2u << 14);
	assert_int_equal(machine_read(a(0), GICD_ICFGR + 8), 0x88880000u | 2u << 4);
	for (uint32_t n = 32; n < GICM_INTIDS; n++) {
		assert_false(gicm_view(0, n).active);
		assert_int_equal(gicm_view(0, n).enabled, n == MACHINE_UART);
	}
}

void case_level_ppi(void **state)
{
	uint32_t iar;

	(void)state;
	open_all(4);
	for (uint32_t round = 0; round < 3; round++) {
		machine_line(a(1), 27, true);
		assert_int_equal(bit_of(a(1), GICD_ISPENDR, 27), 1);
		assert_int_equal(bit_of(a(1), GICD_ISACTIVER, 27), 0);
		iar = machine_ack(a(1));
		assert_int_equal(INTID(iar), 27);
		assert_int_equal(bit_of(a(1), GICD_ISACTIVER, 27), 1);
		assert_int_equal(bit_of(a(1), GICD_ISPENDR, 27), 1); /* the line is still high */
		machine_eoi(a(1), iar);
		assert_int_equal(bit_of(a(1), GICD_ISPENDR, 27), 1); /* and so it comes again */
		iar = machine_ack(a(1));
		assert_int_equal(INTID(iar), 27);
		machine_line(a(1), 27, false);
		assert_int_equal(bit_of(a(1), GICD_ISPENDR, 27), 0);
		machine_eoi(a(1), iar);
		expect(a(1), GICM_SPURIOUS);
	}
	expect(a(0), GICM_SPURIOUS);
	expect(b(), GICM_SPURIOUS);
}

void case_edge_spi(void **state)
{
	uint32_t iar;

	(void)state;
	open_all(4);
	/* 41 is edge-triggered; a second edge while it is active is kept. */
	machine_line(a(0), 41, true);
	machine_line(a(0), 41, false);
	iar = machine_ack(a(0));
	assert_int_equal(INTID(iar), 41);
	machine_line(a(0), 41, true);
	assert_int_equal(bit_of(a(0), GICD_ISPENDR, 41), 1);
	expect(a(0), GICM_SPURIOUS);
	machine_eoi(a(0), iar);
	expect(a(0), 41);
	expect(a(0), GICM_SPURIOUS);
	/* By software. */
	set_bit(a(2), GICD_ISPENDR, 40);
	expect(a(0), 40);
	expect(a(0), GICM_SPURIOUS);
}

void case_overflow_keeps_order(void **state)
{
	(void)state;
	for (uint32_t lrs = 1; lrs <= 16; lrs++) {
		uint8_t last = 0;
		uint32_t count = 0;

		open_all(lrs);
		for (uint32_t n = 40; n < 56; n++) {
			set_prio(a(0), n, (uint8_t)((n * 7 % 16) << 3));
			set_bit(a(0), GICD_ISPENDR, n);
		}
		for (uint32_t n = 0; n < 16; n++) {
			set_prio(a(0), n, (uint8_t)((n * 5 % 16) << 3));
			machine_sgi(a(2), a(0), n);
		}
		for (;;) {
			uint32_t iar = machine_ack(a(0));
			uint32_t n = INTID(iar);
			uint8_t prio;

			if (iar == GICM_SPURIOUS) {
				break;
			}
			prio = (uint8_t)(machine_read(a(0), GICD_IPRIORITYR + (n & ~3u)) >> (8 * (n % 4)));
			assert_true(prio >= last);
			last = prio;
			count++;
			machine_eoi(a(0), iar);
		}
		assert_int_equal(count, 32);
	}
}

/* Each interrupt preempts the one before: more are active than there are registers. */
void case_nested_more_than_lrs(void **state)
{
	(void)state;
	for (uint32_t eoimode = 0; eoimode < 2; eoimode++) {
		uint32_t iar[16];

		open_all(4);
		machine_open(a(0), eoimode != 0);
		for (uint32_t i = 0; i < 16; i++) {
			set_prio(a(0), 40 + i, (uint8_t)((20 - i) << 3));
		}
		for (uint32_t i = 0; i < 16; i++) {
			set_bit(a(0), GICD_ISPENDR, 40 + i);
			iar[i] = machine_ack(a(0));
			assert_int_equal(INTID(iar[i]), 40 + i);
		}
		assert_int_equal(machine_read(a(2), GICD_ISACTIVER + 4), 0x00ffff00);
		machine_sgi(a(1), a(0), 3); /* priority 0: before them all */
		expect(a(0), 3);
		if (eoimode != 0) {
			machine_dir(a(0), 3);
		}
		for (uint32_t i = 16; i-- > 0;) {
			machine_eoi(a(0), iar[i]);
		}
		/* GICv2 cannot tell which one a GICV_DIR without list register means. */
		for (uint32_t i = 0; eoimode != 0 && i < 16; i++) {
			uint32_t n = machine_gic.version == 2 ? 15 - i : i * 7 % 16;

			machine_dir(a(0), iar[n]);
			if (machine_gic.version == 3) {
				assert_int_equal(bit_of(a(1), GICD_ISACTIVER, 40 + n), 0);
			}
		}
		assert_int_equal(machine_read(a(2), GICD_ISACTIVER + 4), 0);
		for (uint32_t n = 40; n < 56; n++) {
			assert_false(gicm_view(0, n).active);
			set_bit(a(0), GICD_ISPENDR, n);
			iar[0] = machine_ack(a(0));
			assert_int_equal(INTID(iar[0]), n);
			machine_eoi(a(0), iar[0]);
			if (eoimode != 0) {
				machine_dir(a(0), iar[0]);
			}
		}
	}
}

void case_disable_takes_back(void **state)
{
	(void)state;
	for (uint32_t lrs = 1; lrs <= 4; lrs += 3) {
		open_all(lrs);
		machine_line(a(0), 40, true);
		set_bit(a(0), GICD_ISPENDR, 41);
		machine_line(a(0), 27, true);
		for (uint32_t n = 0; n < 3; n++) {
			static const uint32_t intid[] = {40, 41, 27};

			set_bit(a(0), GICD_ICENABLER, intid[n]);
			assert_int_equal(bit_of(a(0), GICD_ISPENDR, intid[n]), 1);
			assert_int_equal(bit_of(a(0), GICD_ISACTIVER, intid[n]), 0);
		}
		expect(a(0), GICM_SPURIOUS);
		set_bit(a(0), GICD_ISENABLER, 41);
		expect(a(0), 41);
		machine_line(a(0), 40, false);
		set_bit(a(0), GICD_ISENABLER, 40);
		expect(a(0), GICM_SPURIOUS);
		/* A level interrupt that software made pending stays so. */
		set_bit(a(0), GICD_ISPENDR, 40);
		set_bit(a(0), GICD_ICENABLER, 40);
		assert_int_equal(bit_of(a(0), GICD_ISPENDR, 40), 1);
		set_bit(a(0), GICD_ISENABLER, 40);
		expect(a(0), 40);
		expect(a(0), GICM_SPURIOUS);
	}
}

void case_disable_takes_back_from_other_cpu(void **state)
{
	(void)state;
	open_all(4);
	machine_line(a(0), 40, true);
	set_bit(a(0), GICD_ISPENDR, 41);
	set_bit(a(2), GICD_ICENABLER, 40);
	set_bit(a(1), GICD_ICENABLER, 41);
	assert_int_equal(bit_of(a(1), GICD_ISPENDR, 40), 1);
	assert_int_equal(bit_of(a(2), GICD_ISPENDR, 41), 1);
	assert_int_equal(bit_of(a(2), GICD_ISACTIVER, 41), 0);
	expect(a(0), GICM_SPURIOUS);
	set_bit(a(2), GICD_ISENABLER, 41);
	expect(a(0), 41);
	/* Active ones are not touched by that. */
	set_bit(a(2), GICD_ISENABLER, 40);
	assert_int_equal(INTID(machine_ack(a(0))), 40);
	set_bit(a(2), GICD_ICENABLER, 40);
	assert_int_equal(bit_of(a(1), GICD_ISACTIVER, 40), 1);
	machine_line(a(0), 40, false);
	machine_eoi(a(0), 40 | (machine_gic.version == 3 ? 1u << 16 : 0));
	assert_int_equal(bit_of(a(1), GICD_ISACTIVER, 40), 0);
	assert_false(gicm_view(0, 40).active);
}

void case_unpend_and_deactivate(void **state)
{
	uint32_t iar;

	(void)state;
	for (uint32_t other = 0; other < 3; other++) {
		open_all(2);
		for (uint32_t n = 41; n < 56; n += 2) {
			set_bit(a(other), GICD_ISPENDR, n);
		}
		assert_int_equal(machine_read(a(other), GICD_ISPENDR + 4), 0x00aaaa00);
		machine_write(a(other), GICD_ICPENDR + 4, 0x00aaaa00);
		assert_int_equal(machine_read(a(other), GICD_ISPENDR + 4), 0);
		expect(a(0), GICM_SPURIOUS);
		/* A level stays pending as long as its line is high. */
		machine_line(a(0), 42, true);
		set_bit(a(other), GICD_ICPENDR, 42);
		assert_int_equal(bit_of(a(other), GICD_ISPENDR, 42), 1);
		iar = machine_ack(a(0));
		assert_int_equal(INTID(iar), 42);
		machine_line(a(0), 42, false);
		set_bit(a(other), GICD_ICACTIVER, 42);
		assert_int_equal(bit_of(a(other), GICD_ISACTIVER, 42), 0);
		assert_false(gicm_view(0, 42).active);
		machine_eoi(a(0), iar);
		/* Active out of the blue; then pending waits until it is not. */
		set_bit(a(other), GICD_ISACTIVER, 43);
		assert_int_equal(bit_of(a(0), GICD_ISACTIVER, 43), 1);
		set_bit(a(other), GICD_ISPENDR, 43);
		expect(a(0), GICM_SPURIOUS);
		set_bit(a(other), GICD_ICACTIVER, 43);
		assert_int_equal(bit_of(a(0), GICD_ISPENDR, 43), 1);
		expect(a(0), 43);
	}
}

