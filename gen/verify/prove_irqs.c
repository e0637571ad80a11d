// SPDX-License-Identifier: Apache-2.0
/* Property 6: interrupts, CPUs and trap windows. */
#include <inttypes.h>
#include <string.h>

#include "subject.h"

#define PMU_INTID 23u /* SBSA: PPI 7, the CPU's own, when nothing else has it */
#define PPI_FIRST 16u
#define SPI_FIRST 32u

/* Who should have each interrupt, from the YAML. */
struct claim {
	int owner;
	const struct place *at;
	bool edge;
};

struct claims {
	struct claim spi[INTIDS];
};

static void claim_spi(struct subject *s, struct claims *c, int owner, const struct irq *irq)
{
	struct claim *claim;

	if (irq->intid < SPI_FIRST || irq->intid >= INTIDS) {
		return;
	}
	claim = &c->spi[irq->intid];
	if (claim->at != NULL && claim->owner != owner) {
		report_fail(s->report, PROPERTY_INTERRUPTS, owner >= 0 ? s->board->domains[owner].name : NULL,
			    0, 0, &irq->at, claim->at, "interrupt %" PRIu32 " has two owners", irq->intid);
		return;
	}
	*claim = (struct claim){owner, &irq->at, irq->edge};
}

static void claim_all(struct subject *s, struct claims *c)
{
	const struct board *b = s->board;

	for (size_t i = 0; i < INTIDS; i++) {
		c->spi[i] = (struct claim){.owner = OWNER_NOBODY};
	}
	for (size_t i = 0; i < b->iommu_irq_count; i++) {
		claim_spi(s, c, OWNER_HYPERVISOR, &b->iommu_irqs[i]);
	}
	for (size_t i = 0; i < b->device_count; i++) {
		const struct device *d = &b->devices[i];

		for (size_t j = 0; d->owner != OWNER_NOBODY && j < d->irq_count; j++) {
			claim_spi(s, c, d->owner, &d->irqs[j]);
		}
	}
}

static bool mask_has(const uint32_t *mask, uint32_t intid)
{
	return (mask[intid / 32] >> (intid % 32) & 1) != 0;
}

/* The EL1 timers and the PMU go with the CPU, other PPIs with a device. */
static bool ppi_wanted(const struct board *b, const struct guest *g, uint32_t intid, bool *edge)
{
	*edge = false;
	if (intid == b->timer_virtual.intid || intid == b->timer_physical.intid) {
		*edge = intid == b->timer_virtual.intid ? b->timer_virtual.edge : b->timer_physical.edge;
		return true;
	}
	for (size_t i = 0; i < b->device_count; i++) {
		const struct device *d = &b->devices[i];

		for (size_t j = 0; d->owner == g->index && j < d->irq_count; j++) {
			if (d->irqs[j].intid == intid) {
				*edge = d->irqs[j].edge;
				return true;
			}
		}
	}
	if (g->yaml->xen && intid == board_free_ppi(b)) {
		return true;
	}
	return intid == PMU_INTID && intid != b->gic.maintenance.intid;
}

/* A virtual device of the domain raises it; *edge: on its rising edge. */
static const char *virq_wanted(const struct guest *g, uint32_t intid, bool *edge)
{
	const struct domain *d = g->yaml;
	const struct trap_window *watchdog = window_of(g, WINDOW_WATCHDOG);

	for (size_t i = 0; i < VIOMMU_IRQS && intid != 0; i++) {
		if (d->viommu.given && d->viommu.irqs[i].intid == intid) {
			*edge = true;
			return "the virtual SMMUv3's";
		}
	}
	if (d->watchdog.given && watchdog != NULL && intid != 0 && intid == watchdog->intid) {
		return "the watchdog's";
	}
	for (size_t i = 0; i < d->bell_count && intid != 0; i++) {
		if (d->bells[i].irq.intid == intid) {
			return "a doorbell's";
		}
	}
	return d->vpl011.size != 0 && intid != 0 && intid == d->vpl011_irq.intid ? "the virtual PL011's" : NULL;
}

static void prove_mask(struct subject *s, const struct guest *g, const struct claims *c, uint32_t intid)
{
	const struct domain_desc *d = &g->image->desc;
	const struct board *b = s->board;
	bool edge = false;
	bool wanted = false;
	bool has = mask_has(d->irq_mask, intid);
	bool soft = mask_has(d->virq_mask, intid);
	bool soft_edge = false;
	const char *soft_of = virq_wanted(g, intid, &soft_edge);
	const struct place *at = &g->yaml->at;

	report_count(s->report, PROPERTY_INTERRUPTS, 1);
	if (intid >= SPI_FIRST && intid < INTIDS) {
		wanted = c->spi[intid].owner == g->index;
		edge = c->spi[intid].edge;
		at = c->spi[intid].at != NULL ? c->spi[intid].at : at;
	} else if (intid >= PPI_FIRST && intid < SPI_FIRST) {
		wanted = b->gic.version != GIC_NONE && ppi_wanted(b, g, intid, &edge);
	}
	if (has != wanted) {
		report_fail(s->report, PROPERTY_INTERRUPTS, g->yaml->name, 0, 0, at, NULL,
			    "interrupt %" PRIu32 " %s", intid,
			    has ? "is given, but is not its own" : "is its own, but is not given");
	}
	if (has && (intid == b->gic.maintenance.intid || intid == b->timer_hypervisor.intid ||
		    intid == s->image.board.uart.intid)) {
		report_fail(s->report, PROPERTY_INTERRUPTS, g->yaml->name, 0, 0, at, NULL,
			    "interrupt %" PRIu32 " is the hypervisor's", intid);
	}
	if (mask_has(d->irq_edge, intid) != ((wanted && edge) || soft_edge)) {
		report_fail(s->report, PROPERTY_INTERRUPTS, g->yaml->name, 0, 0, at, NULL,
			    "interrupt %" PRIu32 " is configured as %s triggered", intid,
			    mask_has(d->irq_edge, intid) ? "edge" : "level");
	}
	if (soft != (soft_of != NULL)) {
		report_fail(s->report, PROPERTY_INTERRUPTS, g->yaml->name, 0, 0, &g->yaml->at, NULL,
			    "interrupt %" PRIu32 " is %s%s", intid, soft ? "raised by software, but no virtual device's"
			    : soft_of, soft ? "" : ", but is not given");
	}
	if (soft && has) {
		report_fail(s->report, PROPERTY_INTERRUPTS, g->yaml->name, 0, 0, at, NULL,
			    "interrupt %" PRIu32 " comes both from hardware and from software", intid);
	}
}

static void prove_spi_owner(struct subject *s, const struct claims *c, uint32_t intid)
{
	uint8_t found = intid - SPI_FIRST < s->image.board.spi_count ? s->image.spi_owner[intid - SPI_FIRST]
								     : OWNER_NONE;
	const struct claim *claim = &c->spi[intid];
	int owner = OWNER_NOBODY;

	for (size_t i = 0; i < s->guest_count; i++) {
		if (found == i) {
			owner = s->guests[i].index;
		}
	}
	report_count(s->report, PROPERTY_INTERRUPTS, 1);
	if (found != OWNER_NONE && owner == OWNER_NOBODY) {
		report_fail(s->report, PROPERTY_INTERRUPTS, NULL, 0, 0, claim->at, NULL,
			    "interrupt %" PRIu32 " is owned by domain number %u, which there is not", intid,
			    found);
	} else if (owner != (claim->owner == OWNER_HYPERVISOR ? OWNER_NOBODY : claim->owner)) {
		report_fail(s->report, PROPERTY_INTERRUPTS, owner >= 0 ? s->board->domains[owner].name : NULL,
			    0, 0, claim->at, NULL, "interrupt %" PRIu32 " is owned by %s%s", intid,
			    owner >= 0 ? "this domain, but belongs to " : "nobody, but belongs to ",
			    claim->owner >= 0 ? s->board->domains[claim->owner].name : "nobody");
	}
	if (claim->owner >= 0 && intid >= SPI_FIRST + s->board->gic.spis &&
	    s->board->gic.version != GIC_NONE) {
		report_fail(s->report, PROPERTY_INTERRUPTS, s->board->domains[claim->owner].name, 0, 0,
			    claim->at, &s->board->gic.at, "interrupt %" PRIu32 " is more than the GIC has",
			    intid);
	}
}

static void prove_cpus(struct subject *s)
{
	const struct board *b = s->board;

	if (s->image.board.cpu_count != b->cpu_count) {
		report_fail(s->report, PROPERTY_INTERRUPTS, NULL, 0, 0, NULL, NULL,
			    "the image has %" PRIu32 " CPUs, the YAML %zu", s->image.board.cpu_count,
			    b->cpu_count);
		return;
	}
	for (size_t i = 0; i < b->cpu_count; i++) {
		const struct cpu_desc *desc = &s->image.cpus[i];
		const struct cpu *cpu = &b->cpus[i];
		bool owned = desc->domain < s->guest_count;
		const struct guest *g = owned ? &s->guests[desc->domain] : NULL;

		report_count(s->report, PROPERTY_INTERRUPTS, 1);
		if (desc->mpidr != cpu->mpidr) {
			report_fail(s->report, PROPERTY_INTERRUPTS, NULL, 0, 0, &cpu->at, NULL,
				    "CPU '%s' has MPIDR 0x%" PRIx64, cpu->name, desc->mpidr);
		}
		if (cpu->owner != (owned ? g->index : OWNER_NOBODY) ||
		    (!owned && desc->domain != OWNER_NONE)) {
			report_fail(s->report, PROPERTY_INTERRUPTS, owned ? g->yaml->name : NULL, 0, 0,
				    &cpu->at, NULL, "CPU '%s' has the wrong owner", cpu->name);
		} else if (owned && (desc->vcpu != cpu->vcpu || desc->vcpu >= g->image->desc.cpu_count ||
				     g->image->cpus[desc->vcpu] != i)) {
			report_fail(s->report, PROPERTY_INTERRUPTS, g->yaml->name, 0, 0, &cpu->at, NULL,
				    "CPU '%s' is not vCPU %u of its domain", cpu->name, desc->vcpu);
		}
	}
	for (size_t i = 0; i < s->guest_count; i++) {
		if (s->guests[i].image->desc.cpu_count != s->guests[i].yaml->cpu_count) {
			report_fail(s->report, PROPERTY_INTERRUPTS, s->guests[i].yaml->name, 0, 0,
				    &s->guests[i].yaml->at, NULL, "it has %" PRIu32 " vCPUs in place of %zu",
				    s->guests[i].image->desc.cpu_count, s->guests[i].yaml->cpu_count);
		}
	}
}

void prove_interrupts(struct subject *s)
{
	struct claims *claims = mem_alloc(s->mem, 1, sizeof(*claims));

	claim_all(s, claims);
	for (size_t i = 0; i < s->guest_count; i++) {
		for (uint32_t intid = 0; intid < IRQ_WORDS * 32; intid++) {
			prove_mask(s, &s->guests[i], claims, intid);
		}
	}
	for (uint32_t intid = SPI_FIRST; intid < INTIDS; intid++) {
		prove_spi_owner(s, claims, intid);
	}
	prove_cpus(s);
}
