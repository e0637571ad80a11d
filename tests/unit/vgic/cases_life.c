// SPDX-License-Identifier: Apache-2.0
/* SGIs, groups, and the life of CPUs and domains. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "guest/vgic.h"
#include "irq/gic.h"
#include "unit/vgic/cases.h"
#include "unit/vgic/machine.h"

#define INTID(iar) ((iar)&0x3ff)

static struct vcpu *a(uint32_t index)
{
	return domain_vcpu(&domains[0], index);
}

static void open_cpu(struct vcpu *v)
{
	machine_write(v, GICD_CTLR, 3);
	machine_open(v, false);
	for (uint32_t w = 0; w < 4; w++) {
		machine_write(v, GICD_ISENABLER + 4 * w, UINT32_MAX);
	}
}

static void open_all(uint32_t lrs)
{
	machine_start(lrs);
	for (uint32_t c = 0; c < MACHINE_CPUS; c++) {
		open_cpu(&cpus[c].vcpu);
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

void case_sgi_all_pairs(void **state)
{
	(void)state;
	for (uint32_t lrs = 1; lrs < 5; lrs++) {
		open_all(lrs);
		for (uint32_t from = 0; from < 3; from++) {
			for (uint32_t to = 0; to < 3; to++) {
				for (uint32_t sgi = 0; sgi < 16; sgi++) {
					machine_sgi(a(from), a(to), sgi);
				}
				for (uint32_t sgi = 0; sgi < 16; sgi++) {
					expect(a(to), sgi);
				}
				expect(a(to), GICM_SPURIOUS);
			}
		}
	}
	/* One that is sent while the last is being served comes after it. */
	machine_sgi(a(1), a(0), 4);
	assert_int_equal(INTID(machine_ack(a(0))), 4);
	machine_sgi(a(1), a(0), 4);
	expect(a(0), GICM_SPURIOUS);
	machine_eoi(a(0), machine_gic.version == 3 ? 4 | 1u << 16 : 4 | 1u << 10);
	expect(a(0), 4);
	expect(a(0), GICM_SPURIOUS);
}

void case_sgi_wakes_when_enabled(void **state)
{
	(void)state;
	open_all(4);
	if (machine_gic.version == 2) {
		machine_write(a(1), GICD_ICENABLER, 0xffff); /* no effect */
		machine_sgi(a(0), a(1), 2);
		expect(a(1), 2);
		return;
	}
	machine_sgi(a(0), a(1), 2);
	machine_write(a(1), GICD_ICENABLER, 1u << 2); /* takes it out of its list register */
	machine_sgi(a(0), a(1), 3);
	expect(a(1), 3);
	expect(a(1), GICM_SPURIOUS);
	assert_int_equal(machine_read(a(1), GICD_ISPENDR), 1u << 2);
	machine_write(a(1), GICD_ISENABLER, 1u << 2);
	expect(a(1), 2);
	/* Pending by register, forgotten by register. */
	machine_write(a(1), GICD_ISPENDR, 1u << 7 | 1u << 8);
	machine_write(a(1), GICD_ICPENDR, 1u << 7);
	expect(a(1), 8);
	expect(a(1), GICM_SPURIOUS);
}

void case_group_enables(void **state)
{
	(void)state;
	for (uint32_t lrs = 1; lrs < 5; lrs++) {
		open_all(lrs);
		/* SGIs 0..7 in Group 0, 8..15 in Group 1. */
		machine_write(a(0), GICD_IGROUPR, 0xff00);
		machine_write(a(0), GICD_CTLR, 0);
		for (uint32_t sgi = 0; sgi < 16; sgi++) {
			machine_sgi(a(1), a(0), sgi);
		}
		expect(a(0), GICM_SPURIOUS);
		machine_write(a(2), GICD_CTLR, 2);
		expect(a(0), 8);
		machine_write(a(2), GICD_CTLR, 1);
		expect(a(0), 0);
		machine_write(a(2), GICD_CTLR, 3);
		/* The CPU interface has Group 0 off: it must not keep Group 1 from coming. */
		model_cpu = 0;
		gicm_guest_setup(0, 0xff, 2, false);
		machine_settle();
		for (uint32_t sgi = 9; sgi < 16; sgi++) {
			expect(a(0), sgi);
		}
		expect(a(0), GICM_SPURIOUS);
		gicm_guest_setup(0, 0xff, 3, false);
		machine_settle();
		for (uint32_t sgi = 1; sgi < 8; sgi++) {
			expect(a(0), sgi);
		}
		expect(a(0), GICM_SPURIOUS);
	}
}

void case_cpu_off_and_on(void **state)
{
	uint32_t iar;

	(void)state;
	open_all(4);
	machine_write(a(0), GICD_IPRIORITYR + 40, 0x08080808);
	iar = machine_gic.version == 3 ? 0 : 0x02020202;
	if (machine_gic.version == 3) {
		for (uint32_t n = 40; n < 44; n++) {
			uint64_t value = vcpu_mpidr(&domains[0], 1);

			assert_true(machine_gicd(a(0), true, GICD_IROUTER + 8 * n, 8, &value));
		}
	} else {
		machine_write(a(0), GICD_ITARGETSR + 40, iar);
	}
	machine_line(a(1), 40, true); /* level, pending */
	machine_write(a(1), GICD_ISPENDR + 4, 1u << 9); /* 41: edge, pending */
	machine_line(a(1), 27, true);
	machine_sgi(a(0), a(1), 5);
	iar = machine_ack(a(1)); /* one of them active */
	assert_int_not_equal(iar, GICM_SPURIOUS);
	machine_cpu_off(a(1));
	for (uint32_t n = 0; n < GICM_INTIDS; n++) {
		assert_false(gicm_view(2, n).active);
	}
	/* SGIs to a CPU that is off go nowhere; accesses to its state do not hang. */
	machine_sgi(a(0), a(1), 6);
	assert_int_equal(machine_read(a(0), GICD_ISPENDR + 4) & 0x300, 0x300);
	machine_write(a(0), GICD_ICENABLER + 4, 1u << 8);
	machine_cpu_on(a(1));
	expect(a(1), GICM_SPURIOUS);
	assert_int_equal(machine_read(a(1), GICD_ISENABLER), machine_gic.version == 3 ? 0 : 0xffff);
	assert_int_equal(machine_read(a(1), GICD_ISPENDR) & 0xffff, 0);
	machine_open(a(1), false);
	expect(a(1), 41); /* went back to the distributor and came again */
	expect(a(1), GICM_SPURIOUS);
	machine_write(a(1), GICD_ISENABLER, 1u << 27);
	expect(a(1), 27);
}

void case_suspend(void **state)
{
	uint32_t iar;

	(void)state;
	open_all(4);
	machine_write(a(0), GICD_IPRIORITYR + 24, 0x20202020);
	machine_line(a(0), 27, true);
	model_cpu = 0;
	assert_false(vgic_cpu_suspend(a(0))); /* pending: no reason to sleep */
	iar = machine_ack(a(0));
	assert_int_equal(INTID(iar), 27);
	model_cpu = 0;
	assert_true(vgic_cpu_suspend(a(0)));
	/* The CPU and its GIC registers lose everything. */
	gicm_cpu_reset(0);
	machine_write(a(1), GICD_ISPENDR + 4, 1u << 8);
	machine_sgi(a(1), a(0), 9);
	model_cpu = 0;
	assert_null(gic_cpu_init(0));
	vgic_cpu_resume(a(0));
	machine_settle();
	assert_int_equal(machine_read(a(0), GICD_ISACTIVER), 1u << 27);
	assert_int_equal(gicm_guest_running(0), 0x20);
	machine_line(a(0), 27, false);
	expect(a(0), 9);
	expect(a(0), 40);
	machine_eoi(a(0), iar);
	assert_false(gicm_view(0, 27).active);
	expect(a(0), GICM_SPURIOUS);
	machine_line(a(0), 27, true);
	expect(a(0), 27);
}

/* The other CPU, which has found vCPU 1 running, gives it the virq before it lets go of
 * the domain's lock. */
static void post_virq(void)
{
	struct vgic_domain *g = &domains[0].vgic;

	model_set_relax_hook(NULL);
	assert_int_equal(a(1)->vgic.running, 1);
	g->virq[0].line = true;
	g->virq[0].holder = 2;
	a(1)->vgic.virq_in = 1;
	spin_unlock(&g->lock);
}

/* A virq that a vCPU gets at the very moment it goes off is the others'. */
void case_cpu_off_race(void **state)
{
	(void)state;
	open_all(4);
	spin_lock(&domains[0].vgic.lock);
	model_set_relax_hook(post_virq);
	machine_cpu_off(a(1));
	assert_int_equal(domains[0].vgic.virq[0].holder, 1);
	expect(a(0), domains[0].vgic.virq[0].intid);
}

void case_domain_off(void **state)
{
	(void)state;
	open_all(2);
	machine_write(a(0), GICD_ISPENDR + 4, UINT32_MAX);
	machine_set_virq(0, &domains[0], 33, true);
	machine_ack(a(0));
	for (uint32_t i = 0; i < 3; i++) {
		machine_cpu_off(a(i));
	}
	vgic_domain_off(&domains[0]);
	for (uint32_t n = 40; n < 56; n++) {
		assert_false(gicm_view(0, n).enabled);
		assert_false(gicm_view(0, n).pending);
		assert_false(gicm_view(0, n).active);
	}
	/* The neighbour's stay as they are; and it starts again from nothing. */
	for (uint32_t n = 56; n < 64; n++) {
		assert_true(gicm_view(1, n).enabled);
	}
	vgic_domain_init(&domains[0]);
	machine_cpu_on(a(0));
	assert_int_equal(machine_read(a(0), GICD_ISENABLER + 4), 0);
	open_cpu(a(0));
	expect(a(0), GICM_SPURIOUS);
	machine_write(a(0), GICD_ISPENDR + 4, 1u << 9);
	expect(a(0), 41);
}

/* Physical interrupts that nobody owns are switched off when they come. */
void case_stray(void **state)
{
	(void)state;
	open_all(4);
	model_cpu = 0;
	gic_write_word(0, GICD_ISENABLER, 0, 1u << 29);
	machine_line(a(0), 29, true);
	assert_false(gicm_view(0, 29).enabled);
	assert_false(gicm_view(0, 29).active);
	expect(a(0), GICM_SPURIOUS);
	machine_line(a(0), MACHINE_UART, true);
	assert_false(gicm_line(0, MACHINE_UART));
	expect(a(0), GICM_SPURIOUS);
}
