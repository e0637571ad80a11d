// SPDX-License-Identifier: Apache-2.0
/* Buses and segment of PCI hosts. */
#include <string.h>

#include "model/build.h"
#include "resets.h"

#define BUS_LAST 255u
#define SEGMENT_LAST 0xffffu

/* Whether `p` is the property of this name, with `count` numbers. *good: it is not another thing
 * of that name. */
static bool pci_numbers(const struct m_prop *p, const char *name, size_t count, bool *good)
{
	bool numbers = p->kind == PROP_CELLS && p->cell_count == count;

	if (strcmp(p->name, name) != 0) {
		return false;
	}
	for (size_t i = 0; numbers && i < count; i++) {
		numbers = p->cells[i].ref == NULL;
	}
	*good = *good && numbers;
	return numbers;
}

void build_pci(struct m_device *dev)
{
	struct m_pci *pci = &dev->pci;
	uint64_t room = dev->reg_count > dev->window_count ? dev->reg[0].size / RESET_BUS_SIZE : 0;

	for (size_t i = 0; i < dev->compatible_count; i++) {
		pci->host = pci->host || strcmp(dev->compatible[i], "pci-host-ecam-generic") == 0;
	}
	pci->bus_last = BUS_LAST;
	pci->has_buses = pci->host && room != 0;
	pci->has_segment = pci->host;
	for (size_t i = 0; i < dev->prop_count; i++) {
		const struct m_prop *p = &dev->props[i];

		if (pci_numbers(p, "bus-range", 2, &pci->has_buses)) {
			pci->bus_first = p->cells[0].value;
			pci->bus_last = p->cells[1].value;
		}
		if (pci_numbers(p, "linux,pci-domain", 1, &pci->has_segment)) {
			pci->segment = p->cells[0].value;
		}
	}
	pci->has_segment = pci->has_segment && pci->segment <= SEGMENT_LAST;
	pci->has_buses = pci->has_buses && pci->bus_first <= pci->bus_last && pci->bus_last <= BUS_LAST;
	if (pci->has_buses && pci->bus_last - pci->bus_first >= room) {
		pci->bus_last = pci->bus_first + (uint32_t)room - 1;
	}
}
