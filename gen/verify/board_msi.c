// SPDX-License-Identifier: Apache-2.0
/* The ITSs of board.yaml, whose each DeviceID is, and the domains that use them. */
#include "board.h"

#define INTERRUPTS_DEFAULT 512
#define DEVICES_DEFAULT 16

static void msi_add(struct board *b, struct device *d, const struct yaml_item *item, bool mapped, size_t *cap)
{
	const struct yaml_item *name = yaml_get(item, "its");
	struct message m = {.first = board_number(b, item, "id", 0),
			    .count = board_number(b, item, "count", 1),
			    .mapped = mapped,
			    .rid = board_number(b, item, "rid", 0),
			    .at = item->at};

	while (m.its < b->its_count && !yaml_is(name, b->itses[m.its].name)) {
		m.its++;
	}
	if (m.its == b->its_count) {
		board_refuse(b, item, "no such ITS");
		return;
	}
	d->messages = mem_grow(b->mem, d->messages, d->message_count, cap, sizeof(m));
	d->messages[d->message_count++] = m;
}

void board_read_itses(struct board *b, const struct yaml_item *gic, const struct yaml_item *devices)
{
	const struct yaml_item *list = yaml_get(gic, "its");
	size_t count = list != NULL && list->kind == YAML_MAP ? list->count : 0;

	b->itses = mem_alloc(b->mem, count, sizeof(*b->itses));
	for (size_t i = 0; i < count; i++) {
		b->itses[i] = (struct its){.name = list->keys[i]->text,
					   .at = list->keys[i]->at,
					   .reg = board_range(b, yaml_get(list->values[i], "reg")),
					   .cpu_id = board_number(b, list->values[i], "cpu-id", UINT64_MAX)};
		b->its_count++;
	}
	for (size_t i = 0; i < b->device_count; i++) {
		const struct yaml_item *parent = yaml_get(devices->values[i], "msi-parent");
		const struct yaml_item *map = yaml_get(devices->values[i], "msi-map");
		size_t cap = 0;

		/* An MSI frame is a device, and its SPIs are its own. */
		if (parent != NULL && yaml_get(parent, "frame") == NULL) {
			msi_add(b, &b->devices[i], parent, false, &cap);
		}
		for (size_t j = 0; map != NULL && j < map->count; j++) {
			msi_add(b, &b->devices[i], map->values[j], true, &cap);
		}
	}
}

void board_read_msi(struct board *b, struct domain *d, const struct yaml_item *item)
{
	if (item != NULL) {
		d->lpis = board_number(b, item, "interrupts", INTERRUPTS_DEFAULT);
		d->msi_devices = board_number(b, item, "devices", DEVICES_DEFAULT);
		d->msi_at = item->at;
	}
}

const struct its *board_domain_its(const struct board *b, size_t domain)
{
	for (size_t i = 0; i < b->device_count && b->domains[domain].lpis != 0; i++) {
		if (b->devices[i].owner == (int)domain && b->devices[i].message_count != 0) {
			return &b->itses[b->devices[i].messages[0].its];
		}
	}
	return NULL;
}
