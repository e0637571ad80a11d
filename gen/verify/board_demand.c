// SPDX-License-Identifier: Apache-2.0
/* MMIO on demand: the board's windows, and who may look for devices there. */
#include "board.h"
#include "runs.h"
#include "tables.h"

void board_read_demand_windows(struct board *b, const struct yaml_item *windows)
{
	size_t count = windows != NULL && windows->kind == YAML_MAP ? windows->count : 0;

	b->windows = mem_alloc(b->mem, count, sizeof(*b->windows));
	for (size_t i = 0; i < count; i++) {
		const struct yaml_item *item = windows->values[i];
		struct demand_window *w = &b->windows[b->window_count++];

		w->name = windows->keys[i]->text;
		w->reg = board_range(b, yaml_get(item, "reg"));
		w->type = board_type(b, yaml_get(item, "attribute"), MEMORY_GRE);
		w->at_start = board_flag(b, item, "pre-map");
		if (w->reg.size == 0 || !IS_ALIGNED(w->reg.base | w->reg.size, PAGE_SIZE)) {
			board_refuse(b, item, "not a window of whole pages");
		}
	}
}

void board_read_mmio(struct board *b, struct domain *d, const struct yaml_item *mmio)
{
	if (mmio == NULL) {
		d->on_demand = d->hardware && b->acpi && b->gic.version != GIC_V2;
		return;
	}
	d->on_demand = yaml_is(mmio, "on-demand");
	if (!d->on_demand && !yaml_is(mmio, "mapped")) {
		board_refuse(b, mmio, "neither mapped nor on-demand");
	} else if (d->on_demand && (!d->hardware || b->gic.version == GIC_V2)) {
		board_refuse(b, mmio, "not the hardware domain, or a GICv2");
	}
}
