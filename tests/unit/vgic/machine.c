// SPDX-License-Identifier: Apache-2.0
#include "unit/vgic/machine.h"

#include <string.h>

#include "guest/its/its.h"
#include "guest/vgic.h"
#include "irq/gic.h"
#include "irq/its.h"

#define TAKE_MAX 10000 /* interrupts in a row: more is a storm that does not end */

struct cpu cpus[CPUS_MAX];
struct domain domains[DOMAINS_MAX];
uint32_t machine_deaf = MACHINE_CPUS;

static const uint8_t cpus_of_0[] = {0, 2, 3};
static const uint8_t cpus_of_1[] = {1};

const struct domain_desc machine_domains[MACHINE_DOMAINS] = {
	{
		.name = "a",
		.cpus = cpus_of_0,
		.cpu_count = 3,
		.irq_mask = {[0] = BIT32(23) | BIT32(27) | BIT32(30), [1] = UINT32_C(0x00ffff00), [2] = 0xf0},
		.virq_mask = {[1] = BIT32(1) | BIT32(2)},
		.irq_edge = {[0] = BIT32(23), [1] = UINT32_C(0x00aaaa00) | BIT32(2), [2] = 0xa0},
	},
	{
		.name = "b",
		.cpus = cpus_of_1,
		.cpu_count = 1,
		.irq_mask = {[0] = BIT32(27) | BIT32(30), [1] = UINT32_C(0xff000000), [2] = 0x0f},
		.virq_mask = {[1] = BIT32(1)},
		.irq_edge = {[1] = UINT32_C(0xaa000000)},
	},
};

const struct domain_desc *machine_descs = machine_domains;

static uint64_t random_state;

void machine_seed(uint64_t seed)
{
	random_state = seed * UINT64_C(0x9e3779b97f4a7c15) + 1;
}

uint32_t machine_random(uint32_t below)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return (uint32_t)((random_state >> 32) % below);
}

void machine_take(uint32_t cpu)
{
	uint32_t before = model_cpu;

	model_cpu = cpu;
	for (uint32_t i = 0; cpu != machine_deaf && gicm_irq(cpu); i++) {
		uint32_t iar = gic_ack();

		if (i == TAKE_MAX) {
			model_fail("interrupt %u does not stop", gic_intid(iar));
		}
		gic_drop(iar);
		if (iar >= LPI_FIRST) {
			vlpi_handle_irq(&cpus[cpu].vcpu, iar);
		} else if (gic_intid(iar) == MACHINE_UART) {
			gicm_set_line(cpu, MACHINE_UART, false);
			gic_deactivate(iar);
		} else {
			vgic_handle_irq(&cpus[cpu].vcpu, iar);
		}
	}
	model_cpu = before;
}

void machine_settle(void)
{
	for (bool again = true; again;) {
		again = false;
		for (uint32_t c = 0; c < MACHINE_CPUS; c++) {
			if (c != machine_deaf && gicm_irq(c)) {
				machine_take(c);
				again = true;
			}
		}
	}
}

/* A CPU waits in EL2: the others go on. */
static void machine_relax(void)
{
	for (uint32_t c = 0; c < MACHINE_CPUS; c++) {
		if (c != model_cpu) {
			machine_take(c);
		}
	}
}

static void machine_enter(const struct vcpu *v)
{
	model_cpu = (uint32_t)(((const char *)v - (const char *)cpus) / (long)sizeof(struct cpu));
}

void machine_cpu_on(struct vcpu *v)
{
	machine_enter(v);
	if (gic_cpu_init(model_cpu) != NULL) {
		model_fail("gic_cpu_init: %s", gic_cpu_init(model_cpu));
	}
	if (its_cpu_init(model_cpu) != NULL) {
		model_fail("its_cpu_init: %s", its_cpu_init(model_cpu));
	}
	vgic_cpu_init(v);
	machine_settle();
}

void machine_cpu_off(struct vcpu *v)
{
	machine_enter(v);
	vgic_cpu_off(v);
	gic_cpu_off();
	gicm_cpu_reset(model_cpu);
	machine_settle();
}

void machine_start(uint32_t lrs)
{
	struct gicm_config config = machine_gic;
	const char *wrong;

	machine_deaf = MACHINE_CPUS;
	model_reset();
	model_set_relax_hook(machine_relax);
	config.lrs = lrs;
	gicm_init(&config);
	memset(cpus, 0, sizeof(cpus));
	memset(domains, 0, sizeof(domains));
	memset(gic_banked_base, 0, CPUS_MAX * sizeof(gic_banked_base[0]));
	for (uint32_t c = 0; c < MACHINE_CPUS; c++) {
		model_cpu = c;
		model_sysreg_write(MODEL_SYSREG_tpidr_el2, (uintptr_t)&cpus[c]);
		cpus[c].index = c;
	}
	model_cpu = 0;
	wrong = gic_init();
	if (wrong != NULL) {
		model_fail("gic_init: %s", wrong);
	}
	wrong = its_init();
	if (wrong != NULL) {
		model_fail("its_init: %s", wrong);
	}
	for (uint32_t i = 0; i < MACHINE_DOMAINS; i++) {
		domains[i].desc = &machine_descs[i];
		for (uint32_t k = 0; k < machine_descs[i].cpu_count; k++) {
			domain_vcpu(&domains[i], k)->domain = &domains[i];
			domain_vcpu(&domains[i], k)->index = k;
		}
	}
	for (uint32_t i = 0; i < MACHINE_DOMAINS; i++) {
		model_cpu = 0;
		vgic_domain_init(&domains[i]);
	}
	for (uint32_t c = 0; c < MACHINE_CPUS; c++) {
		machine_cpu_on(&cpus[c].vcpu);
	}
	model_cpu = 0;
	gic_spi_claim(MACHINE_UART, 0, false);
}

bool machine_gicd(struct vcpu *v, bool write, uint64_t offset, uint32_t size, uint64_t *value)
{
	struct mmio_access a = {.vcpu = v, .offset = offset, .size = size, .write = write, .value = *value};
	bool ok;

	machine_enter(v);
	ok = vgic_gicd_access(&a);
	*value = a.value;
	machine_settle();
	return ok;
}

bool machine_gicr(struct vcpu *v, bool write, uint64_t offset, uint32_t size, uint64_t *value)
{
	struct mmio_access a = {.vcpu = v, .offset = offset, .size = size, .write = write, .value = *value};
	bool ok;

	machine_enter(v);
	ok = vgic_gicr_access(&a);
	*value = a.value;
	machine_settle();
	return ok;
}

/* Whether the register is one of INTID 0..31. */
static bool machine_is_private(uint32_t offset)
{
	return (offset >= GICD_IGROUPR && offset < GICD_IPRIORITYR && (offset & 0x7f) == 0) ||
	       (offset >= GICD_IPRIORITYR && offset < GICD_IPRIORITYR + 32) ||
	       (offset >= GICD_ICFGR && offset < GICD_ICFGR + 8);
}

static void machine_access(struct vcpu *v, bool write, uint32_t offset, uint64_t *value)
{
	bool ok;

	if (machine_gic.version == 3 && machine_is_private(offset)) {
		ok = machine_gicr(v, write, v->index * GICR_SIZE + GICR_SGI_FRAME + offset, 4, value);
	} else {
		ok = machine_gicd(v, write, offset, 4, value);
	}
	if (!ok) {
		model_fail("register 0x%x aborts", offset);
	}
}

uint32_t machine_read(struct vcpu *v, uint32_t offset)
{
	uint64_t value = UINT64_C(0x123456789abcdef0);

	machine_access(v, false, offset, &value);
	if (value > UINT32_MAX) {
		model_fail("register 0x%x: more than 32 bits", offset);
	}
	return (uint32_t)value;
}

void machine_write(struct vcpu *v, uint32_t offset, uint32_t value)
{
	uint64_t wide = value;

	machine_access(v, true, offset, &wide);
}

void machine_sgi(struct vcpu *v, struct vcpu *to, uint32_t sgi)
{
	uint64_t mpidr = vcpu_mpidr(to->domain, to->index);

	if (machine_gic.version == 2) {
		machine_write(v, GICD_SGIR, (uint32_t)(1u << (16 + to->index) | sgi));
		return;
	}
	machine_enter(v);
	vgic_write_sgi1r(v, FIELD_PREP(ICC_SGIR_AFF3, mpidr >> 32) | FIELD_PREP(ICC_SGIR_AFF2, mpidr >> 16) |
				    FIELD_PREP(ICC_SGIR_AFF1, mpidr >> 8) |
				    FIELD_PREP(ICC_SGIR_RS, (mpidr & 0xf0) >> 4) |
				    FIELD_PREP(ICC_SGIR_INTID, sgi) | BIT64(mpidr & 0xf));
	machine_settle();
}

void machine_line(struct vcpu *v, uint32_t intid, bool level)
{
	machine_enter(v);
	gicm_set_line(model_cpu, intid, level);
	machine_settle();
}

void machine_set_virq(uint32_t cpu, struct domain *d, uint32_t intid, bool level)
{
	model_cpu = cpu;
	vgic_set_level(d, intid, level);
	machine_settle();
}

uint32_t machine_ack(struct vcpu *v)
{
	uint32_t iar = GICM_SPURIOUS;

	machine_enter(v);
	for (uint32_t group = 0; group < 2 && iar == GICM_SPURIOUS; group++) {
		if (gicm_virq(model_cpu, group)) {
			iar = gicm_guest_iar(model_cpu, group) | group << 16;
		}
	}
	machine_settle();
	return iar;
}

void machine_eoi(struct vcpu *v, uint32_t iar)
{
	machine_enter(v);
	gicm_guest_eoi(model_cpu, iar & 0xffff, iar >> 16);
	machine_settle();
}

void machine_dir(struct vcpu *v, uint32_t iar)
{
	machine_enter(v);
	if (!gicm_guest_dir(model_cpu, iar & 0xffff)) {
		vgic_write_dir(v, iar & 0x3ff);
	}
	machine_settle();
}

void machine_open(struct vcpu *v, bool eoimode)
{
	machine_enter(v);
	gicm_guest_setup(model_cpu, 0xff, 3, eoimode);
	machine_settle();
}
