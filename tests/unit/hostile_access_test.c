// SPDX-License-Identifier: Apache-2.0
// sources: hv/guest/mmio.c hv/guest/inject.c hv/guest/report.c hv/guest/vpl011.c hv/guest/vpl011_line.c
// sources: hv/guest/console/one.c
// sources: hv/guest/vgic.c hv/guest/vgic_call.c hv/guest/vgic_file.c hv/guest/vgic_lr.c hv/guest/vgic_op.c
// sources: hv/guest/vgic_prop.c hv/guest/vgic_virq.c hv/guest/vgic_v3.c hv/guest/*none.c hv/guest/*/none.c
// sources: hv/irq/gicd.c hv/irq/gicv3.c hv/irq/gicv3_vif.c hv/irq/its_none.c
// sources: tests/models/model.c tests/models/gic_*.c tests/unit/vgic/machine.c
// sources: tests/unit/hostile/console.c
/*
 * Every register of the interrupt controller's windows, read and written at each size, SGIs to
 * every target that there may be; and aborts by chance, with every sort of syndrome, from a domain
 * with three CPUs: accesses of its windows and of all that is not its own, SGIs to anywhere,
 * interrupts raised, taken and ended in any order. The other domain's interrupts do not change by
 * it, nor the hypervisor's; and each access has an answer of the architecture's.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "guest/esr.h"
#include "guest/lifecycle.h"
#include "guest/mmio.h"
#include "guest/vgic.h"
#include "guest/vpl011.h"
#include "irq/gic.h"
#include "unit/hostile/random.h"
#include "unit/vgic/machine.h"

#define FEW 100000
#define PC UINT64_C(0x40001000)
#define VBAR UINT64_C(0x40080000)
#define UART UINT64_C(0x9000000)
#define EL1H UINT64_C(0x3c5)

static const uint64_t mpidrs[MACHINE_CPUS] = {0x0, 0x1, 0x112, 0x100000001};

struct gicm_config machine_gic = {
	.version = 3,
	.cpus = MACHINE_CPUS,
	.mpidr = mpidrs,
	.gicd = GICD_BASE,
	.gicr = GICR_BASE,
	.gicr_stride = 0x20000,
};

const struct cpu_desc machine_cpus[MACHINE_CPUS] = {
	{.mpidr = 0x0, .domain = 0, .vcpu = 0},
	{.mpidr = 0x1, .domain = 1, .vcpu = 0},
	{.mpidr = 0x112, .domain = 0, .vcpu = 1},
	{.mpidr = 0x100000001, .domain = 0, .vcpu = 2},
};

const struct board_tables board = {
	.magic = TABLES_MAGIC,
	.cpu_count = MACHINE_CPUS,
	.domain_count = MACHINE_DOMAINS,
	.gic = {.version = GIC_V3,
		.maintenance = GICM_MAINTENANCE,
		.gicd = {GICD_BASE, 0x10000},
		.gicr = {GICR_BASE, 0x100000}},
	.cpus = machine_cpus,
	.domains = machine_domains,
};

static const struct trap_window windows[] = {
	{.ipa = GICD_BASE, .size = 0x10000, .kind = WINDOW_GICD},
	{.ipa = GICR_BASE, .size = 0x60000, .kind = WINDOW_GICR},
	{.ipa = UART, .size = 0x1000, .kind = WINDOW_VPL011, .intid = 33},
};
static struct domain_desc descs[MACHINE_DOMAINS];

bool domain_has_ended(const struct domain *d)
{
	(void)d;
	return false;
}

enum domain_state domain_get_state(const struct domain *d)
{
	(void)d;
	return DOMAIN_RUNNING;
}

/* It keeps its vectors. */
void lifecycle_fault(struct domain *d, const char *why)
{
	fail_msg("%s: %s", d->desc->name, why);
}

static uint64_t some_value(void)
{
	static const uint64_t edges[] = {0, 0x1f, 0x20, 0x3ff, 0x400, 8192, 0xff, 0x1000000, 0x80000000, UINT32_MAX,
					 0x100000001, 0x80000000 | 0x112, 0xff00ffffff};

	return hostile_argument(edges, ARRAY_SIZE(edges));
}

static uint64_t some_address(void)
{
	uint64_t r = hostile_random();
	const struct trap_window *w = &windows[r % ARRAY_SIZE(windows)];

	switch (r >> 8 & 15) {
	case 0:
		return some_value() & UINT64_C(0xffffffffffff);
	case 1:
		return w->ipa + w->size - 8 + (r >> 16 & 15);
	case 2:
		return w->ipa + (r >> 16) % w->size;
	case 3:
		return w->ipa - 8 + (r >> 16 & 15);
	default:
		/* Where registers are, of the frames that have any. */
		return w->ipa + ((r >> 16 & 0xffc) | (r >> 32 & 1) * 0x6000 | (r >> 33 & 3) * 0x10000) % w->size;
	}
}

static void set_fault(uint32_t cpu, uint64_t ipa, uint64_t esr)
{
	model_cpu = cpu;
	sysreg_write_esr_el2(esr);
	sysreg_write_elr_el2(PC);
	sysreg_write_spsr_el2(EL1H);
	sysreg_write_vbar_el1(VBAR);
	sysreg_write_far_el2(ipa);
	sysreg_write_hpfar_el2(ipa >> 12 << 4);
}

/* Stepped over, or an exception of EL1's; one register may have changed, by a load. */
static void check_answer(const struct guest_regs *before, const struct guest_regs *after, uint64_t esr)
{
	uint64_t pc = sysreg_read_elr_el2();
	bool load = FIELD_GET(ESR_EC, esr) == EC_DABT_LOWER && (esr & (ESR_WNR | ESR_ISV)) == ESR_ISV;

	assert_true(pc == VBAR + 0x200 || pc == PC + 4);
	for (uint32_t i = 0; i < ARRAY_SIZE(after->x); i++) {
		assert_true(after->x[i] == before->x[i] || (load && pc != VBAR + 0x200 && i == FIELD_GET(ESR_SRT, esr)));
	}
}

static void access(uint32_t cpu)
{
	struct guest_regs regs, before;
	uint64_t r = hostile_random(), ipa = some_address();
	uint64_t esr = FIELD_PREP(ESR_EC, EC_DABT_LOWER) | (r & (ESR_ISS & ~ESR_FSC));

	for (uint32_t i = 0; i < ARRAY_SIZE(regs.x); i++) {
		regs.x[i] = some_value();
	}
	esr |= (r >> 32 & 15) != 0 ? 0x7 : r >> 40 & ESR_FSC; /* translation, level 3 */
	esr |= ESR_IL | ((r >> 36 & 15) != 0 ? ESR_ISV : 0);
	esr &= (r >> 48 & 15) != 0 ? ~(ESR_S1PTW | ESR_CM) : UINT64_MAX;
	if ((r >> 52 & 31) == 0) {
		esr = FIELD_PREP(ESR_EC, EC_IABT_LOWER) | ESR_IL | (esr & ESR_FSC);
	}
	before = regs;
	set_fault(cpu, ipa, esr);
	if (FIELD_GET(ESR_EC, esr) == EC_IABT_LOWER) {
		mmio_instruction_abort();
	} else {
		mmio_data_abort(&cpus[cpu].vcpu, &regs, esr);
	}
	model_cpu = cpu;
	check_answer(&before, &regs, esr);
}

/* What traps of the CPU interface; what the guest's own part of it does; lines. */
static void interrupt(uint32_t cpu)
{
	struct vcpu *v = &cpus[cpu].vcpu;
	uint64_t r = hostile_random();

	model_cpu = cpu;
	switch (r & 7) {
	case 0:
		vgic_write_sgi1r(v, some_value() | (r >> 8 & 3) * BIT64(40));
		break;
	case 1:
		vgic_write_sgi0r(v, some_value());
		break;
	case 2:
		vgic_write_dir(v, some_value());
		break;
	case 3:
	case 4:
		machine_eoi(v, machine_ack(v));
		break;
	case 5:
		gicm_set_line(cpu, 40 + (r >> 8) % 16, (r >> 16 & 1) != 0);
		break;
	case 6:
		vpl011_host_irq();
		break;
	default:
		vpl011_alarm_irq();
		break;
	}
}

/* All that the other domain can read of its interrupts, by the machine's own registers. */
static uint64_t others_view(void)
{
	struct vcpu *v = &cpus[1].vcpu;
	uint64_t sum = 0;

	for (uint32_t reg = GICD_IGROUPR; reg < 0xd00; reg += 4) {
		sum = sum * UINT64_C(0x100000001b3) + (reg >= 0x800 && reg < 0xc00 ? 0 : machine_read(v, reg));
	}
	for (uint64_t intid = 32; intid < 96; intid++) {
		uint64_t route = 0;

		assert_true(machine_gicd(v, false, GICD_IROUTER + 8 * intid, 8, &route));
		sum = sum * UINT64_C(0x100000001b3) + route;
	}
	return sum;
}

/* Something of everything, and nothing that still moves. */
static void furnish(void)
{
	struct vcpu *v = &cpus[1].vcpu;

	machine_write(v, GICD_CTLR, 0x12);
	for (uint32_t intid = 56; intid < 64; intid++) {
		machine_write(v, GICD_IPRIORITYR + intid / 4 * 4, 0x40302010);
		machine_write(v, GICD_ISENABLER + 4, BIT32(intid % 3 == 0 ? intid - 32 : 24));
		machine_write(v, GICD_ISPENDR + 4, BIT32(intid % 2 == 0 ? intid - 32 : 25));
	}
	machine_write(v, GICD_ISPENDR + 8, 0x5);
	machine_write(v, GICD_ISENABLER, BIT32(27));
	machine_settle();
}

/* What the hypervisor has of the other domain's interrupts, and what that domain sees. */
static struct vgic_cpu others_cpu;
static struct vgic_domain others_domain;
static uint64_t view;

static void begin(void)
{
	memcpy(descs, machine_domains, sizeof(descs));
	descs[0].windows = windows;
	descs[0].window_count = ARRAY_SIZE(windows);
	descs[0].console_intid = 33;
	machine_descs = descs;
	machine_start(4);
	for (uint32_t i = 0; i < MACHINE_CPUS; i++) {
		cpus[i].vcpu.window = &windows[0];
		cpus[i].has_vcpu = true;
	}
	furnish();
	view = others_view();
	others_cpu = cpus[1].vcpu.vgic;
	others_domain = domains[1].vgic;
}

static void check_others(bool all)
{
	machine_settle();
	assert_memory_equal(&cpus[1].vcpu.vgic, &others_cpu, sizeof(others_cpu));
	others_domain.lock = domains[1].vgic.lock; /* others_view() takes it */
	assert_memory_equal(&domains[1].vgic, &others_domain, sizeof(others_domain));
	if (all) {
		assert_true(others_view() == view);
		assert_true(gicm_view(0, MACHINE_UART).enabled);
	}
}

/* A load into x1 or a store of `value`, of 1 << `size` bytes. */
static void access_register(uint32_t cpu, uint64_t ipa, uint64_t size, bool write, uint64_t value)
{
	struct guest_regs regs = {.x = {0, value}}, before = regs;
	uint64_t esr = FIELD_PREP(ESR_EC, EC_DABT_LOWER) | ESR_IL | ESR_ISV | ESR_SF |
		       FIELD_PREP(ESR_SAS, size) | FIELD_PREP(ESR_SRT, 1) | (write ? ESR_WNR : 0) | 0x7;

	set_fault(cpu, ipa, esr);
	mmio_data_abort(&cpus[cpu].vcpu, &regs, esr);
	model_cpu = cpu;
	check_answer(&before, &regs, esr);
}

static void every_register(void **state)
{
	static const uint64_t values[] = {UINT64_MAX, 0, 0x55555555};
	uint64_t count = 0;

	(void)state;
	begin();
	for (uint32_t v = 0; v < ARRAY_SIZE(values); v++) {
		for (uint32_t w = 0; w < 2; w++) {
			for (uint64_t at = 0; at < windows[w].size; at += 4) {
				for (uint64_t size = 0; size < (at % 8 == 0 ? 4 : 3); size++) {
					access_register(0, windows[w].ipa + at, size, true, values[v]);
					access_register(0, windows[w].ipa + at, size, false, 0);
					count += 2;
				}
				check_others(at % 0x4000 == 0);
			}
		}
	}
	check_others(true);
	printf("# every register: %lu accesses\n", count);
}

/* Aff3, Aff2, Aff1 of CPUs that there are and that there are not; any in a range of 16, or all. */
static void every_sgi_target(void **state)
{
	static const uint64_t affinities[][3] = {{0, 0, 0}, {0, 0, 1}, {0, 0, 0xff}, {0, 1, 0}, {0, 0xff, 0xff},
						 {1, 0, 0}, {1, 0, 1}, {0xff, 0, 0}, {0xff, 0xff, 0xff}};
	uint64_t count = 0;

	(void)state;
	begin();
	for (uint32_t a = 0; a < ARRAY_SIZE(affinities); a++) {
		const uint64_t *aff = affinities[a];

		for (uint64_t n = 0; n < 16 * 16 * 2 * 17; n++) {
			uint64_t intid = n & 15, range = n >> 4 & 15, all = n >> 8 & 1, target = n >> 9;
			uint64_t value = aff[0] << 48 | range << 44 | all << 40 | aff[1] << 32 | intid << 24 |
					 aff[2] << 16 | (target == 16 ? 0xffff : UINT64_C(1) << target);

			model_cpu = 0;
			vgic_write_sgi1r(&cpus[0].vcpu, value);
			vgic_write_sgi0r(&cpus[0].vcpu, value);
			check_others(n % 512 == 0);
			count += 2;
		}
	}
	check_others(true);
	printf("# every target: %lu SGIs\n", count);
}

static void accesses(void **state)
{
	static const uint32_t own[] = {0, 2, 3};
	uint64_t count = hostile_start(FEW);

	(void)state;
	begin();
	for (uint64_t i = 0; i < count; i++) {
		uint32_t who = own[hostile_random() % ARRAY_SIZE(own)];

		if ((hostile_random() & 7) == 0) {
			interrupt(who);
		} else {
			access(who);
		}
		check_others(i % 4096 == 0);
	}
	check_others(true);
	printf("# made here: %lu accesses and interrupts\n", count);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_register),
		cmocka_unit_test(every_sgi_target),
		cmocka_unit_test(accesses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
