// SPDX-License-Identifier: Apache-2.0
/* CPUs, GICv3 and UART as firmware's tables have them, and what of them the domain gets. */
#include "firmware/build/build.h"
#include "lib/string.h"

#define SPIS (INTIDS - 32)
/* Server Base System Architecture, PPIs: where the MADT leaves them out. */
#define INTID_PMU 23u
#define INTID_MAINTENANCE 25u
#define GICD_SIZE KIB(64)
#define GICR_FRAMES KIB(128)
#define GICR_SIZE_MAX MIB(64) /* 512 CPUs; it is mapped by the page */

static void machine_give(struct build *b, uint32_t intid)
{
	b->domain->irq_mask[intid / 32] |= BIT32(intid % 32);
}

static void machine_keep(struct build *b, uint32_t intid)
{
	b->domain->irq_mask[intid / 32] &= ~BIT32(intid % 32);
}

/* The CPU that runs this is the first: the domain boots on it. */
static bool machine_cpus(struct build *b)
{
	const struct acpi_machine *m = b->machine;
	uint32_t count = 1, maintenance = m->cpus[0].maintenance;
	bool found = false;

	b->cpus = build_take(b, m->cpu_count * sizeof(b->cpus[0]), sizeof(uint64_t));
	b->domain_cpus = build_take(b, m->cpu_count, 1);
	if (b->cpus == NULL || b->domain_cpus == NULL) {
		return false;
	}
	for (uint32_t i = 0; i < m->cpu_count; i++) {
		const struct acpi_cpu *cpu = &m->cpus[i];
		uint32_t n = cpu->mpidr == b->boot_mpidr ? 0 : count;

		if (n == m->cpu_count) {
			return build_refuse(b, "has no CPU in its MADT with the MPIDR of the one that runs",
					    b->boot_mpidr);
		}
		if (cpu->maintenance != maintenance) {
			return build_refuse(b, "has not one and the same GIC maintenance interrupt for each CPU in its "
					    "MADT: the CPU with MPIDR", cpu->mpidr);
		}
		found = found || n == 0;
		count += n != 0;
		b->cpus[n] = (struct cpu_desc){.mpidr = cpu->mpidr, .vcpu = (uint8_t)n};
		b->domain_cpus[n] = (uint8_t)n;
	}
	b->board->cpus = (const struct cpu_desc *)(uintptr_t)build_va(b, b->cpus);
	b->board->cpu_count = m->cpu_count;
	b->board->gic.maintenance = maintenance != 0 ? maintenance : INTID_MAINTENANCE;
	b->domain->cpus = (const uint8_t *)(uintptr_t)build_va(b, b->domain_cpus);
	b->domain->cpu_count = m->cpu_count;
	return found || build_refuse(b, "has no CPU in its MADT with the MPIDR of the one that runs", b->boot_mpidr);
}

/* The run that begins at `base`; NULL: none. */
static const struct mem_range *machine_gicr_at(const struct acpi_machine *m, uint64_t base)
{
	for (uint32_t i = 0; i < m->gicr_count; i++) {
		if (m->gicr[i].base == base) {
			return &m->gicr[i];
		}
	}
	return NULL;
}

/* Runs of redistributors follow each other, in whatever order the MADT has them. */
static bool machine_gicr(struct build *b)
{
	const struct acpi_machine *m = b->machine;
	struct mem_range *all = &b->board->gic.gicr;
	const struct mem_range *r;
	uint32_t runs = 0;

	*all = (struct mem_range){UINT64_MAX, 0};
	for (uint32_t i = 0; i < m->gicr_count; i++) {
		all->base = m->gicr[i].base < all->base ? m->gicr[i].base : all->base;
	}
	while (runs < m->gicr_count && (r = machine_gicr_at(m, all->base + all->size)) != NULL) {
		all->size += r->size;
		runs++;
	}
	if (runs == 0 || runs != m->gicr_count) {
		return build_refuse(b, "has redistributors in its MADT that do not lie together, behind", all->base);
	}
	return (all->size >= m->cpu_count * GICR_FRAMES && all->size <= GICR_SIZE_MAX) ||
	       build_refuse(b, "has redistributors in its MADT for another number of CPUs, in bytes", all->size);
}

static bool machine_gic(struct build *b)
{
	const struct acpi_machine *m = b->machine;
	struct gic_desc *gic = &b->board->gic;

	/* 0: the MADT leaves it to the hardware; redistributors are of version 3 and later. */
	if (m->gic_version == 1 || m->gic_version == 2) {
		return build_refuse(b, "has a GIC of a version before 3 in its MADT:", m->gic_version);
	}
	gic->version = GIC_V3;
	gic->timer = m->timer_hyp;
	gic->gicd = (struct mem_range){m->gicd, GICD_SIZE};
	return machine_gicr(b);
}

static bool machine_uart(struct build *b)
{
	const struct acpi_uart *u = &b->machine->uart;

	if (u->base == 0 || !acpi_uart_is_pl011(u)) {
		return build_refuse(b, "has no PL011 in its SPCR, but a UART of kind", u->kind);
	}
	if (u->intid == 0) {
		return build_refuse(b, "has a UART without an interrupt in its SPCR, at", u->base);
	}
	b->board->uart = (struct uart_desc){UART_PL011, u->intid, {u->base, PAGE_SIZE}};
	return true;
}

/* By address. */
static void machine_sort(struct trap_window *w, uint32_t count)
{
	for (uint32_t i = 1; i < count; i++) {
		for (uint32_t k = i; k > 0 && w[k].ipa < w[k - 1].ipa; k--) {
			struct trap_window x = w[k];

			w[k] = w[k - 1];
			w[k - 1] = x;
		}
	}
}

static bool machine_windows(struct build *b)
{
	const struct board_tables *t = b->board;
	const struct trap_window list[] = {
		{.ipa = t->gic.gicd.base, .size = t->gic.gicd.size, .kind = WINDOW_GICD},
		{.ipa = t->gic.gicr.base, .size = t->cpu_count * GICR_FRAMES, .kind = WINDOW_GICR},
		{.ipa = t->uart.reg.base, .size = PAGE_SIZE, .kind = WINDOW_VPL011, .intid = (uint16_t)t->uart.intid},
		{.ipa = b->its == NULL ? 0 : b->its->base, .size = ITS_FRAME, .kind = WINDOW_GITS},
	};
	uint32_t count = ARRAY_SIZE(list) - (b->its == NULL ? 1 : 0);

	b->windows = build_take(b, sizeof(list), sizeof(uint64_t));
	if (b->windows == NULL) {
		return false;
	}
	memcpy(b->windows, list, sizeof(list));
	machine_sort(b->windows, count);
	b->domain->windows = (const struct trap_window *)(uintptr_t)build_va(b, b->windows);
	b->domain->window_count = count;
	return true;
}

static bool machine_irq_apart(struct build *b, uint32_t intid, const uint32_t *others, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++) {
		if (intid != 0 && intid == others[i]) {
			return build_refuse(b, "has one interrupt for two things in its tables: INTID", intid);
		}
	}
	return true;
}

/* What raises an interrupt that another's handler takes is never asked why: it would come
 * again for ever. SMMUs may share theirs. */
static bool machine_irqs_apart(struct build *b)
{
	const struct acpi_machine *m = b->machine;
	const uint32_t irqs[] = {b->board->gic.maintenance, m->timer_hyp, m->timer_physical, m->timer_virtual,
				 m->uart.intid, m->cpus[0].performance};
	bool apart = true;

	for (uint32_t i = 0; i < ARRAY_SIZE(irqs); i++) {
		apart = apart && machine_irq_apart(b, irqs[i], irqs, i);
	}
	for (uint32_t i = 0; i < m->smmu_count; i++) {
		const struct acpi_smmu *s = &m->smmus[i];

		apart = apart && machine_irq_apart(b, s->evtq, irqs, ARRAY_SIZE(irqs)) &&
			machine_irq_apart(b, s->gerror, irqs, ARRAY_SIZE(irqs));
	}
	return apart;
}

/* All but what the hypervisor has: AML tells of devices that no table names. */
static bool machine_irqs(struct build *b)
{
	const struct acpi_machine *m = b->machine;
	struct board_tables *t = b->board;
	uint8_t *owner = build_take(b, SPIS, 1);
	uint32_t performance = m->cpus[0].performance;
	const uint32_t ppis[] = {m->timer_physical, m->timer_virtual, performance != 0 ? performance : INTID_PMU};

	if (owner == NULL || !machine_irqs_apart(b)) {
		return false;
	}
	for (uint32_t i = 0; i < ARRAY_SIZE(ppis); i++) {
		if (ppis[i] >= 16 && ppis[i] < 32) {
			machine_give(b, ppis[i]);
		}
	}
	for (uint32_t intid = 32; intid < INTIDS; intid++) {
		machine_give(b, intid);
	}
	machine_keep(b, t->gic.maintenance);
	machine_keep(b, t->gic.timer);
	machine_keep(b, t->uart.intid);
	for (uint32_t i = 0; i < m->smmu_count; i++) {
		const struct acpi_smmu *s = &m->smmus[i];
		const uint32_t irqs[] = {s->evtq, s->priq, s->gerror, s->sync};

		for (uint32_t n = 0; n < ARRAY_SIZE(irqs); n++) {
			if (irqs[n] != 0) {
				machine_keep(b, irqs[n]);
			}
		}
	}
	for (uint32_t i = 0; i < SPIS; i++) {
		uint32_t intid = 32 + i;

		owner[i] = (b->domain->irq_mask[intid / 32] & BIT32(intid % 32)) != 0 ? 0 : OWNER_NONE;
	}
	t->spi_owner = (const uint8_t *)(uintptr_t)build_va(b, owner);
	t->spi_count = SPIS;
	b->domain->console_intid = t->uart.intid;
	b->domain->virq_mask[t->uart.intid / 32] |= BIT32(t->uart.intid % 32);
	return true;
}

/* The hypervisor turns CPUs on by SMC. */
static bool machine_psci(struct build *b)
{
	if (!b->machine->psci) {
		return build_refuse(b, "has no PSCI in its FADT:", 0);
	}
	return !b->machine->psci_hvc || build_refuse(b, "has PSCI by HVC in its FADT, which is for guests:", 1);
}

bool build_machine(struct build *b)
{
	return machine_psci(b) && machine_cpus(b) && machine_gic(b) && machine_uart(b) && machine_windows(b) &&
	       machine_irqs(b);
}
