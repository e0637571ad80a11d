// SPDX-License-Identifier: Apache-2.0
/* Virqs, and interrupts that are rerouted. */
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

void case_virq_resamples(void **state)
{
	(void)state;
	open_all(4);
	machine_write(b(), GICD_ISENABLER + 4, 2);
	for (uint32_t from = 0; from < MACHINE_CPUS; from++) {
		machine_set_virq(from, &domains[0], 33, true);
		assert_int_equal(bit_of(a(1), GICD_ISPENDR, 33), 1);
		expect(a(0), 33);
		expect(a(0), 33); /* not served yet */
		machine_set_virq(from, &domains[0], 33, false);
		expect(a(0), GICM_SPURIOUS);
		assert_int_equal(bit_of(a(1), GICD_ISPENDR, 33), 0);
		expect(b(), GICM_SPURIOUS); /* its 33 is another */
		/* 34 is edge-triggered. */
		machine_set_virq(from, &domains[0], 34, true);
		expect(a(0), 34);
		expect(a(0), GICM_SPURIOUS);
		machine_set_virq(from, &domains[0], 34, false);
		expect(a(0), GICM_SPURIOUS);
	}
	machine_set_virq(0, &domains[0], 40, true); /* not a virq: nothing happens */
	machine_set_virq(0, &domains[0], 1023, true);
	expect(a(0), GICM_SPURIOUS);
}

void case_virq_line_drops(void **state)
{
	(void)state;
	open_all(4);
	for (uint32_t from = 0; from < MACHINE_CPUS; from++) {
		machine_set_virq(from, &domains[0], 33, true);
		machine_set_virq(from, &domains[0], 33, false);
		expect(a(0), GICM_SPURIOUS);
	}
	/* Disabled while pending, and while active. */
	machine_set_virq(0, &domains[0], 33, true);
	set_bit(a(2), GICD_ICENABLER, 33);
	expect(a(0), GICM_SPURIOUS);
	assert_int_equal(bit_of(a(2), GICD_ISPENDR, 33), 1);
	set_bit(a(2), GICD_ISENABLER, 33);
	assert_int_equal(INTID(machine_ack(a(0))), 33);
	set_bit(a(2), GICD_ICENABLER, 33);
	machine_eoi(a(0), 33 | (machine_gic.version == 3 ? 1u << 16 : 0));
	expect(a(0), GICM_SPURIOUS);
	set_bit(a(2), GICD_ISENABLER, 33);
	expect(a(0), 33);
}

static void set_route(struct vcpu *by, uint32_t intid, uint32_t to)
{
	uint64_t value = machine_gic.version == 3 ? vcpu_mpidr(&domains[0], to) : 1u << to;
	bool ok = machine_gic.version == 3 ? machine_gicd(by, true, GICD_IROUTER + 8 * intid, 8, &value)
					   : machine_gicd(by, true, GICD_ITARGETSR + intid, 1, &value);

	assert_true(ok);
}

void case_route_moves_pending(void **state)
{
	static const uint32_t intids[] = {33, 40, 41, 68};

	(void)state;
	open_all(4);
	for (uint32_t i = 0; i < 4; i++) {
		uint32_t n = intids[i];

		for (uint32_t by = 0; by < 3; by++) {
			set_route(a(by), n, 0);
			if (n == 33) {
				machine_set_virq(by, &domains[0], n, true);
			} else if (n == 41) {
				set_bit(a(by), GICD_ISPENDR, n);
			} else {
				machine_line(a(by), n, true);
			}
			set_route(a(by), n, 2);
			expect(a(0), GICM_SPURIOUS);
			assert_int_equal(bit_of(a(by), GICD_ISPENDR, n), 1);
			if (n == 33) {
				uint32_t iar = machine_ack(a(2));

				assert_int_equal(INTID(iar), n);
				machine_set_virq(by, &domains[0], n, false);
				machine_eoi(a(2), iar);
			} else {
				uint32_t iar = machine_ack(a(2));

				assert_int_equal(INTID(iar), n);
				machine_line(a(by), n, false);
				machine_eoi(a(2), iar);
			}
			expect(a(2), GICM_SPURIOUS);
		}
	}
}
