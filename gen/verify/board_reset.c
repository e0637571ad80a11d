// SPDX-License-Identifier: Apache-2.0
/* How board.yaml has devices reset. */
#include "board.h"
#include "tables.h"

#define POLL_US 100000

/* `count` numbers of 32 bits. */
static void reset_numbers(struct board *b, const struct yaml_item *list, size_t count, uint32_t *numbers)
{
	for (size_t i = 0; i < count; i++) {
		uint64_t value = 0;

		if (list->kind != YAML_LIST || list->count != count || !yaml_number(list->values[i], &value) ||
		    value > UINT32_MAX) {
			board_refuse(b, list, "not %zu numbers of 32 bits", count);
			return;
		}
		numbers[i] = (uint32_t)value;
	}
}

static struct reset reset_read_step(struct board *b, const struct device *d, const struct yaml_item *item)
{
	const struct yaml_item *write = yaml_get(item, "write"), *poll = yaml_get(item, "poll");
	struct reset r = {.op = RESET_WAIT, .at = item->at};
	uint32_t numbers[3] = {0};

	if (write != NULL) {
		reset_numbers(b, write, 2, numbers);
		r.op = RESET_WRITE;
		r.value = numbers[1];
	} else if (poll != NULL) {
		reset_numbers(b, poll, 3, numbers);
		r.op = RESET_POLL;
		r.mask = numbers[1];
		r.value = numbers[2];
		r.us = (uint32_t)board_number(b, item, "timeout-us", POLL_US);
	} else {
		r.us = (uint32_t)board_number(b, item, "wait-us", 0);
	}
	if (r.op != RESET_WAIT && d->reg_count > d->window_count) {
		r.pa = d->reg[0].base + numbers[0];
	} else if (r.op != RESET_WAIT) {
		board_refuse(b, item, "'%s' has no registers", d->name);
	}
	return r;
}

static struct reset reset_read_pci(struct board *b, const struct device *d, const struct yaml_item *device)
{
	if (!d->pci.has_buses) {
		board_refuse(b, yaml_get(device, "reset"), "'%s' has no buses", d->name);
		return (struct reset){.op = RESET_PCI};
	}
	return (struct reset){.op = RESET_PCI, .pa = d->reg[0].base, .value = (uint32_t)d->pci.first_bus,
			      .mask = (uint32_t)d->pci.last_bus, .at = d->at};
}

void board_read_reset(struct board *b, struct device *d, const struct yaml_item *device)
{
	const struct yaml_item *item = yaml_get(device, "reset");
	bool pci = yaml_is(item, "pci-flr");
	size_t cap = 0;

	if (item == NULL || yaml_is(item, "none")) {
		return;
	}
	if (!pci && item->kind != YAML_LIST) {
		board_refuse(b, item, "not a reset");
		return;
	}
	for (size_t i = 0; i < (pci ? 1 : item->count); i++) {
		d->resets = mem_grow(b->mem, d->resets, d->reset_count, &cap, sizeof(*d->resets));
		d->resets[d->reset_count++] =
			pci ? reset_read_pci(b, d, device) : reset_read_step(b, d, item->values[i]);
	}
}
