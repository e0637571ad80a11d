// SPDX-License-Identifier: Apache-2.0
/* Who owns each interrupt, and which are backed by hardware. */
#include <stdlib.h>
#include <string.h>

#include "plan/plan.h"

#define INTID_PMU 23u /* PPI 7: Server Base System Architecture, table of PPIs */

static void mask_set(uint32_t *mask, uint32_t intid)
{
	mask[intid / 32] |= BIT32(intid % 32);
}

static bool trigger_is_edge(enum m_trigger t)
{
	return t == TRIGGER_EDGE_RISING || t == TRIGGER_EDGE_FALLING;
}

static void irq_give(struct plan *p, struct plan_domain *dom, const struct m_irq *irq)
{
	if (irq->intid >= INTIDS) {
		return; /* the model's checks reported it */
	}
	mask_set(dom->irq_mask, irq->intid);
	if (trigger_is_edge(irq->trigger)) {
		mask_set(dom->irq_edge, irq->intid);
	}
	p->spi_owner[irq->intid] = (uint8_t)(dom - p->domains);
}

/* A CPU's own interrupts belong to whoever has the CPU: its EL1 timers and its
 * PMU. The EL2 timer and the maintenance interrupt stay with the hypervisor. */
static void ppis_give(struct plan *p, struct plan_domain *dom)
{
	const struct m_timer *t = &p->m->board.timer;

	if (p->gic.version == GIC_NONE) {
		return;
	}
	if (t->virt.intid != 0) {
		irq_give(p, dom, &t->virt);
	}
	if (t->physical.intid != 0) {
		irq_give(p, dom, &t->physical);
	}
	if (p->gic.maintenance != INTID_PMU) {
		mask_set(dom->irq_mask, INTID_PMU);
	}
}

static int number_compare(const void *a, const void *b)
{
	const uint32_t *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

/* Sorted, each once: the hypervisor searches it by halves. */
static void smc_list(struct plan *p, struct plan_domain *dom)
{
	dom->smc = arena_array(p->arena, dom->m->smc_count, sizeof(dom->smc[0]));
	for (size_t i = 0; i < dom->m->smc_count; i++) {
		dom->smc[i] = (uint32_t)dom->m->smc_allow[i].v;
	}
	qsort(dom->smc, dom->m->smc_count, sizeof(dom->smc[0]), number_compare);
	for (size_t i = 0; i < dom->m->smc_count; i++) {
		if (dom->smc_count == 0 || dom->smc[dom->smc_count - 1] != dom->smc[i]) {
			dom->smc[dom->smc_count++] = dom->smc[i];
		}
	}
}

/* A virtual device's interrupt must not also come from hardware in that domain. */
static bool virq_give(struct plan_domain *dom, struct diag *d)
{
	const struct m_vsmmu *v = &dom->m->vsmmu;
	const uint32_t vsmmu[] = {v->evtq.intid, v->gerror.intid, v->sync.intid};
	uint32_t intid = dom->vpl011_intid;

	for (size_t i = 0; i < ARRAY_SIZE(vsmmu) && v->given; i++) {
		if (vsmmu[i] != 0 && vsmmu[i] < INTIDS) {
			mask_set(dom->virq_mask, vsmmu[i]);
			mask_set(dom->irq_edge, vsmmu[i]);
		}
	}
	for (size_t i = 0; i < dom->m->bell_count; i++) {
		if (dom->m->bells[i].irq.intid < INTIDS) {
			mask_set(dom->virq_mask, dom->m->bells[i].irq.intid);
		}
	}
	if (dom->vpl011.size == 0 || intid == 0) {
		return true;
	}
	if ((dom->irq_mask[intid / 32] & BIT32(intid % 32)) != 0) {
		struct diag_msg *m = diag_error(d, 554, dom->m->console_pos, "interrupt %u of the virtual PL011 is "
						"taken by a device of domain '%s'", intid, dom->m->name.s);
		diag_help(m, "give the console another one: console: {type: vpl011, interrupt: {spi: N}}");
		return false;
	}
	mask_set(dom->virq_mask, intid);
	return true;
}

bool plan_irqs(struct plan *p, struct diag *d)
{
	const struct m_board *b = &p->m->board;
	bool good = true;

	memset(p->spi_owner, OWNER_NONE, sizeof(p->spi_owner));
	for (size_t i = 0; i < p->domain_count; i++) {
		ppis_give(p, &p->domains[i]);
		smc_list(p, &p->domains[i]);
	}
	for (size_t i = 0; i < b->device_count; i++) {
		size_t owner = plan_owner(p, i);
		if (owner == MODEL_NONE) {
			continue;
		}
		for (size_t n = 0; n < b->devices[i].irq_count; n++) {
			irq_give(p, &p->domains[owner], &b->devices[i].irqs[n]);
		}
	}
	for (size_t i = 0; i < p->domain_count; i++) {
		good = virq_give(&p->domains[i], d) && plan_watchdog_irq(p, d, &p->domains[i]) && good;
	}
	plan_msi(p);
	plan_xen(p);
	return good;
}
