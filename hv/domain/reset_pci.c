// SPDX-License-Identifier: Apache-2.0
/*
 * Functions behind a PCI host.
 *
 * The domain chose the bus numbers, and may have chosen them so that a device cannot be found;
 * devices may be broken. So the walk believes nothing but what it wrote itself: on each bus all
 * functions first lose their bus mastering and all bridges their bus numbers. Then one bridge at
 * a time gets the next number for its bus, is walked through, and is closed again. A level of
 * the tree has one bus number, there is one way to each function, and the next run finds bridges
 * as they are after a reset.
 */
#include "domain/pci.h"
#include "domain/reset.h"

#define PRESENT_MAX 1024u /* behind one host, bridges too */

/* The function behind `function`: the others of a device are there if its first says so. */
static uint32_t pci_after(const struct pci_level *l, uint32_t function, uint32_t id, uint32_t header)
{
	bool last = id == 0 || (header & PCI_HEADER_MULTI) == 0;

	return !l->ari && function % 8 == 0 && last ? function + 8 : function + 1;
}

static bool pci_is_bridge(uint32_t header)
{
	return FIELD_GET(PCI_HEADER_TYPE, header) == PCI_HEADER_BRIDGE;
}

static void pci_close(const struct pci *p)
{
	pci_write(p, PCI_BUSES, pci_read(p, PCI_BUSES) & (uint32_t)PCI_BUSES_LATENCY);
	pci_write(p, PCI_BRIDGE, pci_read(p, PCI_BRIDGE) & ~(uint32_t)PCI_BRIDGE_CONTROL);
}

/* A function that is the host itself: what it masters is what all others master. */
static bool pci_is_host(const struct pci *p)
{
	return p->depth == 0 && FIELD_GET(PCI_CLASS_CODE, pci_read(p, PCI_CLASS)) == PCI_CLASS_HOST;
}

/* No DMA from here or from behind here, and no interrupt. The read waits for what was posted
 * before: it passes no write (2.4.1). */
static void pci_quieten(const struct pci *p, uint32_t header)
{
	uint32_t pm = pci_capability(p, PCI_CAP_PM);

	pci_write(p, PCI_COMMAND, PCI_COMMAND_INTX_OFF);
	(void)pci_read(p, PCI_COMMAND);
	if (pm != 0 && (pci_read(p, pm + PCI_PM_STATUS) & PCI_PM_STATE) != 0) {
		pci_power(p, pm, 0);
		pci_write(p, PCI_COMMAND, PCI_COMMAND_INTX_OFF);
	}
	if (pci_is_bridge(header)) {
		pci_close(p);
	}
}

/* All that are on the bus of the current level. */
static void pci_quieten_bus(struct pci *p)
{
	for (uint32_t function = 0; function < PCI_FUNCTIONS;) {
		uint32_t id = pci_map(p, p->depth, function);
		uint32_t header = id != 0 ? pci_read(p, PCI_HEADER) : 0;

		if (id != 0 && !pci_is_host(p)) {
			pci_quieten(p, header);
		}
		function = pci_after(&p->levels[p->depth], function, id, header);
	}
}

static bool pci_reset_function(struct pci *p, uint32_t function, uint32_t id)
{
	struct pci_level *l = &p->levels[p->depth];

	switch (pci_reset_own(p, id)) {
	case PCI_RESET_DONE:
		return true;
	case PCI_RESET_FAILED:
		pci_tell(p, p->depth, function, "not back from its reset");
		return false;
	case PCI_RESET_NONE:
	default:
		break;
	}
	if (p->depth > 0) {
		l->lame = function;
		l->lame_id = id;
	} else if (p->tell) {
		pci_tell(p, 0, function, "no reset, only its bus mastering is off");
	}
	return true;
}

/* Alternative routing IDs (6.13): the device behind the port may have 256 functions. */
static uint32_t pci_ari(const struct pci *p)
{
	uint32_t pcie = pci_capability(p, PCI_CAP_PCIE);
	uint32_t word = pcie != 0 ? pci_read(p, pcie) : 0;
	uint64_t type = FIELD_GET(PCI_PCIE_TYPE, word);

	if (FIELD_GET(PCI_PCIE_VERSION, word) < 2 || pcie + PCI_PCIE_CONTROL2 >= PCI_CAP_END ||
	    (type != PCI_PCIE_ROOT_PORT && type != PCI_PCIE_DOWNSTREAM)) {
		return 0;
	}
	return pcie + PCI_PCIE_CONTROL2;
}

/* Behind a bridge, the one that is looked at. Where there are no numbers left for its bus, or
 * it does not take them, the bus is reset without a look at what is there. */
static void pci_enter(struct pci *p, uint32_t function)
{
	uint32_t bus = p->host->value + p->depth;
	uint32_t keep = pci_read(p, PCI_BUSES) & (uint32_t)PCI_BUSES_LATENCY;
	uint32_t numbers = (uint32_t)(FIELD_PREP(PCI_BUSES_PRIMARY, bus) | FIELD_PREP(PCI_BUSES_SECONDARY, bus + 1) |
				      FIELD_PREP(PCI_BUSES_SUBORDINATE, p->host->mask));
	uint32_t ari = pci_ari(p);
	bool room = p->depth + 1 < PCI_LEVELS_MAX && bus < p->host->mask;

	if (room) {
		pci_write(p, PCI_BUSES, keep | numbers);
		room = (pci_read(p, PCI_BUSES) & ~(uint32_t)PCI_BUSES_LATENCY) == numbers;
	}
	if (!room) {
		pci_reset_bus(p);
		pci_close(p);
		return;
	}
	p->depth++;
	p->levels[p->depth] = (struct pci_level){
		.bridge = function,
		.ari = ari != 0 && (pci_read(p, ari) & PCI_PCIE_CONTROL2_ARI) != 0,
	};
	pci_quieten_bus(p);
}

/* The bus of the level is done: up, through its bridge. */
static bool pci_leave(struct pci *p)
{
	const struct pci_level *l = &p->levels[p->depth];
	uint32_t ari;
	bool good = true;

	p->depth--;
	if (pci_map(p, p->depth, l->bridge) == 0) {
		pci_tell(p, p->depth, l->bridge, "a bridge that is gone");
		return false;
	}
	if (l->lame_id != 0) {
		pci_reset_bus(p);
		(void)pci_map(p, p->depth + 1, l->lame);
		good = pci_is_ready(p, l->lame_id);
		(void)pci_map(p, p->depth, l->bridge);
	}
	ari = pci_ari(p);
	if (ari != 0) {
		pci_write(p, ari, pci_read(p, ari) & ~PCI_PCIE_CONTROL2_ARI);
	}
	pci_close(p);
	if (!good) {
		pci_tell(p, p->depth + 1, l->lame, "not back from the reset of its bus");
	}
	return good;
}

/* The level's next function. */
static bool pci_visit(struct pci *p)
{
	struct pci_level *l = &p->levels[p->depth];
	uint32_t function = l->next;
	uint32_t id = pci_map(p, p->depth, function);
	uint32_t header = id != 0 ? pci_read(p, PCI_HEADER) : 0;

	l->next = pci_after(l, function, id, header);
	if (id == 0 || pci_is_host(p)) {
		return true;
	}
	if (p->present++ == PRESENT_MAX) {
		pci_tell(p, p->depth, function, "more functions than can be");
		return false;
	}
	if (pci_is_bridge(header)) {
		pci_enter(p, function);
		return true;
	}
	return pci_reset_function(p, function, id);
}

bool reset_pci(const struct domain *d, uint32_t cpu, const struct reset_step *step, bool tell)
{
	struct pci p = {.d = d, .host = step, .cpu = cpu, .tell = tell};
	bool good = true;

	pci_quieten_bus(&p);
	while (good && (p.depth > 0 || p.levels[0].next < PCI_FUNCTIONS)) {
		good = p.levels[p.depth].next < PCI_FUNCTIONS ? pci_visit(&p) : pci_leave(&p);
	}
	pci_unmap(&p);
	return good;
}
