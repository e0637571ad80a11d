// SPDX-License-Identifier: Apache-2.0
/* PCI hosts of board.yaml: their buses and segments. */
#include "board.h"
#include "tables.h"

#define BUS_LAST 255
#define SEGMENT_LAST 0xffff

static bool pci_is_host(const struct yaml_item *compatible)
{
	bool host = yaml_is(compatible, "pci-host-ecam-generic");

	for (size_t i = 0; compatible != NULL && compatible->kind == YAML_LIST && i < compatible->count; i++) {
		host = host || yaml_is(compatible->values[i], "pci-host-ecam-generic");
	}
	return host;
}

/* A list of `count` numbers; no list at all leaves them as they are. */
static bool pci_numbers(const struct yaml_item *list, size_t count, uint64_t *numbers)
{
	bool good = list == NULL || (list->kind == YAML_LIST && list->count == count);

	for (size_t i = 0; list != NULL && good && i < count; i++) {
		good = yaml_number(list->values[i], &numbers[i]);
	}
	return good;
}

void board_read_pci(struct device *d, const struct yaml_item *device)
{
	const struct yaml_item *properties = yaml_get(device, "properties");
	uint64_t room = d->reg_count > d->window_count ? d->reg[0].size / RESET_BUS_SIZE : 0;
	uint64_t buses[2] = {0, BUS_LAST};
	struct pci *p = &d->pci;

	p->host = pci_is_host(yaml_get(device, "compatible"));
	p->has_buses = p->host && pci_numbers(yaml_get(properties, "bus-range"), 2, buses) && room > 0 &&
		       buses[0] <= buses[1] && buses[1] <= BUS_LAST;
	if (p->has_buses) {
		p->first_bus = buses[0];
		p->last_bus = buses[1] - buses[0] < room ? buses[1] : buses[0] + room - 1;
	}
	p->has_segment = p->host && pci_numbers(yaml_get(properties, "linux,pci-domain"), 1, &p->segment) &&
			 p->segment <= SEGMENT_LAST;
}
