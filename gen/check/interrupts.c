// SPDX-License-Identifier: Apache-2.0
/* SPIs: inside the GIC, with one owner and one trigger each. */
#include <stdlib.h>

#include "check/parts.h"
#include "tables.h"

#define SPI_FIRST 32u

/* One use of an SPI. */
struct use {
	size_t owner; /* as device_owner(); OWNER_NOBODY: the number is free */
	const char *name;
	enum m_trigger trigger;
	struct pos pos;
};

static bool irq_exists(struct diag *d, const struct m_gic *g, const struct m_irq *irq, const char *name)
{
	if (irq->type != IRQ_SPI || g->spi_count == 0 || irq->number < g->spi_count) {
		return irq->intid < INTIDS;
	}
	struct diag_msg *msg = diag_error(d, 505, irq->pos, "SPI %u of '%s' does not exist (valid: 0..%u)",
					  irq->number, name, g->spi_count - 1);
	diag_note(msg, g->pos, "the interrupt controller's 'spis: %u' is declared", g->spi_count);
	if (irq->number >= SPI_FIRST && irq->number - SPI_FIRST < g->spi_count) {
		diag_help(msg, "if this is the INTID, write SPI %u: an SPI's number is its INTID - 32",
			  irq->number - SPI_FIRST);
	}
	return false;
}

/* GICD_ICFGR knows two kinds of SPI; the other two need an inverter before the GIC. */
static void trigger_check(struct diag *d, const struct m_irq *irq, const char *name)
{
	if (irq->type != IRQ_SPI || irq->trigger == TRIGGER_LEVEL_HIGH ||
	    irq->trigger == TRIGGER_EDGE_RISING) {
		return;
	}
	struct diag_msg *msg = diag_error(d, 507, irq->pos, "SPI %u of '%s' cannot be '%s'", irq->number,
					  name, trigger_names[irq->trigger]);
	diag_label(msg, "a GIC takes SPIs that are level-high or edge-rising");
	diag_help(msg, "trigger: %s", irq->trigger == TRIGGER_LEVEL_LOW ? "level-high" : "edge-rising");
}

static void irq_take(struct diag *d, const struct model *m, struct use *uses, const struct m_irq *irq,
		     const char *name, size_t owner)
{
	struct use *u = &uses[irq->intid];
	struct diag_msg *msg;

	if (u->owner == OWNER_NOBODY) {
		*u = (struct use){owner, name, irq->trigger, irq->pos};
	} else if (u->owner != owner) {
		msg = diag_error(d, 504, irq->pos, "SPI %u of '%s' (%s) is also that of '%s' (%s)",
				 irq->number, name, owner_name(m, owner), u->name, owner_name(m, u->owner));
		diag_note(msg, u->pos, "first use");
		diag_help(msg, "correct the number, or give both devices to one domain: an interrupt has one "
			       "owner");
	} else if (u->trigger != irq->trigger) {
		msg = diag_error(d, 508, irq->pos, "SPI %u is %s for '%s' but %s for '%s'", irq->number,
				 trigger_names[irq->trigger], name, trigger_names[u->trigger], u->name);
		diag_note(msg, u->pos, "first use");
		diag_help(msg, "give both the same trigger: the GIC has one setting for each interrupt");
	}
}

/* A virtual PL011 raises an interrupt in software, which no device of the domain
 * may have. Other domains may: what is virtual is each domain's own. */
static void console_irq(struct diag *d, const struct model *m, const struct use *uses, size_t domain)
{
	const struct m_board *b = &m->board;
	const struct m_domain *dom = &m->domains[domain];
	struct m_irq irq = dom->vpl011_irq;

	if (dom->console != CONSOLE_VPL011) {
		return;
	}
	if (irq.pos.file != NULL && !irq_exists(d, &b->gic, &irq, "virtual PL011")) {
		return;
	}
	if (irq.pos.file == NULL && b->console_device < b->device_count &&
	    b->devices[b->console_device].irq_count > 0) {
		irq = b->devices[b->console_device].irqs[0];
		irq.pos = dom->console_pos;
	}
	if (irq.type != IRQ_SPI || irq.intid < SPI_FIRST || irq.intid >= INTIDS ||
	    uses[irq.intid].owner != domain) {
		return;
	}
	struct diag_msg *msg = diag_error(d, 509, irq.pos,
					  "SPI %u of the virtual PL011 of '%s' is also that of its "
					  "device '%s'",
					  irq.number, dom->name.s, uses[irq.intid].name);
	diag_note(msg, uses[irq.intid].pos, "the device's is declared");
	diag_help(msg, "console: {type: vpl011, interrupt: {spi: <one that the domain does not have>}}");
}

/* INTID of the domain's virtual PL011, 0: none. */
static uint32_t console_intid(const struct m_board *b, const struct m_domain *dom)
{
	if (dom->console != CONSOLE_VPL011) {
		return 0;
	}
	if (dom->vpl011_irq.pos.file != NULL || b->console_device >= b->device_count ||
	    b->devices[b->console_device].irq_count == 0) {
		return dom->vpl011_irq.intid;
	}
	return b->devices[b->console_device].irqs[0].intid;
}

/* One of a virtual SMMUv3's interrupts: like that of a virtual PL011, and not the same. */
static void vsmmu_irq(struct diag *d, const struct model *m, const struct use *uses, size_t domain,
		      const struct m_irq *irq)
{
	const struct m_domain *dom = &m->domains[domain];
	bool console = irq->intid == console_intid(&m->board, dom);
	struct diag_msg *msg;

	if (irq->intid == 0 || irq->type != IRQ_SPI ||
	    (dom->vsmmu.own_irqs && !irq_exists(d, &m->board.gic, irq, "virtual SMMUv3")) || irq->intid >= INTIDS ||
	    (!console && uses[irq->intid].owner != domain)) {
		return;
	}
	msg = diag_error(d, 509, irq->pos, "SPI %u of the virtual SMMUv3 of '%s' is also that of its %s%s%s",
			 irq->number, dom->name.s, console ? "virtual PL011" : "device '", console ? "" : uses[irq->intid].name,
			 console ? "" : "'");
	if (console) {
		diag_note(msg, dom->console_pos, "the console is declared");
	} else {
		diag_note(msg, uses[irq->intid].pos, "the device's is declared");
	}
	diag_help(msg, "viommu: {type: smmuv3, interrupts: {eventq: {spi: <one that the domain does not have>}, "
		  "...}}");
}

/* Two interrupts of one virtual SMMUv3: one line for both is for a machine whose SMMUv3 has
 * them combined. */
static void vsmmu_twice(struct diag *d, const struct m_irq *irq, const struct m_irq *first)
{
	if (irq->intid != 0 && irq->intid == first->intid) {
		struct diag_msg *msg = diag_error(d, 509, irq->pos, "SPI %u is given to a virtual SMMUv3 twice",
						  irq->number);

		diag_note(msg, first->pos, "the first time");
		diag_help(msg, "take another, or leave one of the two out");
	}
}

static void vsmmu_irqs(struct diag *d, const struct model *m, const struct use *uses, size_t domain)
{
	const struct m_vsmmu *v = &m->domains[domain].vsmmu;

	vsmmu_irq(d, m, uses, domain, &v->evtq);
	if (v->gerror.intid != v->evtq.intid) {
		vsmmu_irq(d, m, uses, domain, &v->gerror);
	}
	vsmmu_irq(d, m, uses, domain, &v->sync);
	if (v->own_irqs) {
		vsmmu_twice(d, &v->gerror, &v->evtq);
		vsmmu_twice(d, &v->sync, &v->evtq);
		vsmmu_twice(d, &v->sync, &v->gerror);
	}
}

/* What of the domain's virtual devices but this one raises the interrupt, of its doorbells only
 * the first `bells`; NULL: nothing. */
static const char *virtual_user(const struct model *m, const struct m_domain *dom, const struct m_irq *irq,
				size_t bells, struct pos *pos)
{
	const struct m_vsmmu *v = &dom->vsmmu;
	uint32_t intid = irq->intid;

	if (intid == console_intid(&m->board, dom)) {
		*pos = dom->console_pos;
		return "virtual PL011";
	}
	if (v->given && (intid == v->evtq.intid || intid == v->gerror.intid || intid == v->sync.intid)) {
		*pos = v->pos;
		return "virtual SMMUv3";
	}
	if (irq != &dom->watchdog.irq && intid == dom->watchdog.irq.intid) {
		*pos = dom->watchdog.irq.pos;
		return "watchdog";
	}
	for (size_t i = 0; i < bells; i++) {
		if (dom->bells[i].irq.intid == intid) {
			*pos = dom->bells[i].irq.pos;
			return "other doorbell";
		}
	}
	return NULL;
}

/* The watchdog's: none of a device's, the console's or the virtual SMMUv3's. */
static void watchdog_irq(struct diag *d, const struct model *m, const struct use *uses, size_t domain)
{
	const struct m_domain *dom = &m->domains[domain];
	const struct m_irq *irq = &dom->watchdog.irq;

	if (irq->intid == 0 || !irq_exists(d, &m->board.gic, irq, "watchdog")) {
		return;
	}
	bool device = uses[irq->intid].owner == domain;
	struct pos pos = uses[irq->intid].pos;
	const char *name = device ? uses[irq->intid].name : virtual_user(m, dom, irq, 0, &pos);
	const char *quote = device ? "'" : "";
	if (name != NULL) {
		struct diag_msg *msg = diag_error(d, 509, irq->pos, "SPI %u of the watchdog of '%s' is also that of its "
						  "%s%s%s", irq->number, dom->name.s, quote, name, quote);

		diag_note(msg, pos, "that is declared");
		diag_help(msg, "leave 'interrupt' out, or take one that the domain does not have");
	}
}

static void bell_irq(struct diag *d, const struct model *m, const struct use *uses, size_t domain,
		     size_t bell)
{
	const struct m_domain *dom = &m->domains[domain];
	const struct m_irq *irq = &dom->bells[bell].irq;
	const char *name = m->bells[dom->bells[bell].bell].s;
	struct pos pos = pos_none;
	struct diag_msg *msg;

	if (irq->intid < SPI_FIRST || !irq_exists(d, &m->board.gic, irq, name)) {
		return;
	}
	const char *user = virtual_user(m, dom, irq, bell, &pos);
	if (user != NULL) {
		msg = diag_error(d, 509, irq->pos, "SPI %u of the doorbell '%s' of '%s' is also that of its %s",
				 irq->number, name, dom->name.s, user);
		diag_note(msg, pos, "that is declared");
	} else if (uses[irq->intid].owner == domain) {
		msg = diag_error(d, 509, irq->pos, "SPI %u of the doorbell '%s' of '%s' is also that of its device '%s'",
				 irq->number, name, dom->name.s, uses[irq->intid].name);
		diag_note(msg, uses[irq->intid].pos, "the device's is declared");
	} else {
		return;
	}
	diag_help(msg, "interrupt: {spi: <one that the domain does not have>}");
}

void check_interrupts(struct diag *d, const struct model *m)
{
	const struct m_board *b = &m->board;
	struct use uses[INTIDS];

	for (size_t i = 0; i < INTIDS; i++) {
		uses[i].owner = OWNER_NOBODY;
	}
	for (size_t i = 0; i < b->iommu_count; i++) {
		for (size_t n = 0; n < b->iommus[i].irq_count; n++) {
			const struct m_irq *irq = &b->iommus[i].irqs[n];
			trigger_check(d, irq, b->iommus[i].name.s);
			if (irq_exists(d, &b->gic, irq, b->iommus[i].name.s) && irq->type == IRQ_SPI) {
				irq_take(d, m, uses, irq, b->iommus[i].name.s, OWNER_HYPERVISOR);
			}
		}
	}
	for (size_t i = 0; i < b->device_count; i++) {
		const struct m_device *dev = &b->devices[i];
		size_t owner = device_owner(m, i);
		size_t count = frame_fits(b, dev) ? dev->irq_count : dev->irq_count - dev->msi_irqs;
		for (size_t n = 0; n < count; n++) {
			trigger_check(d, &dev->irqs[n], dev->name.s);
			if (irq_exists(d, &b->gic, &dev->irqs[n], dev->name.s) &&
			    dev->irqs[n].type == IRQ_SPI && owner != OWNER_NOBODY) {
				irq_take(d, m, uses, &dev->irqs[n], dev->name.s, owner);
			}
		}
	}
	for (size_t i = 0; i < m->domain_count; i++) {
		console_irq(d, m, uses, i);
		vsmmu_irqs(d, m, uses, i);
		watchdog_irq(d, m, uses, i);
		for (size_t n = 0; n < m->domains[i].bell_count; n++) {
			bell_irq(d, m, uses, i, n);
		}
	}
}
