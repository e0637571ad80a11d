// SPDX-License-Identifier: Apache-2.0
/* The SMMUv3s of board.yaml and the links of devices to them. */
#include "board.h"

#define IDS_DEFAULT  65536
#define CMDQ_DEFAULT 256
#define EVTQ_DEFAULT 128
#define REQUESTERS   0x10000
#define TWO_LEVEL_IDS 128

static void smmu_read_irqs(struct board *b, struct smmu *s, const struct yaml_item *item)
{
	const struct yaml_item *irqs = yaml_get(item, "interrupts");
	const struct yaml_item *names = yaml_get(item, "interrupt-names");

	for (size_t i = 0; irqs != NULL && names != NULL && i < irqs->count && i < names->count; i++) {
		bool all = yaml_is(names->values[i], "combined");
		struct irq irq = board_irq(b, irqs->values[i]);

		if (all || yaml_is(names->values[i], "eventq")) {
			s->event = irq;
		}
		if (all || yaml_is(names->values[i], "gerror")) {
			s->error = irq;
		}
		if (yaml_is(names->values[i], "cmdq-sync")) {
			s->sync = irq;
		}
		if (yaml_is(names->values[i], "priq")) {
			s->pri = irq;
		}
		s->combined = s->combined || all;
	}
}

static void smmu_add_link(struct board *b, struct device *d, const struct yaml_item *item, bool mapped,
			  size_t *cap)
{
	const struct yaml_item *name = yaml_get(item, "iommu");
	struct link link = {.first = board_number(b, item, "id", 0),
			    .count = board_number(b, item, "count", 1),
			    .mapped = mapped,
			    .rid = board_number(b, item, "rid", 0),
			    .at = item->at};

	for (size_t i = 0; i < b->smmu_count; i++) {
		if (yaml_is(name, b->smmus[i].name)) {
			link.smmu = i;
			d->links = mem_grow(b->mem, d->links, d->link_count, cap, sizeof(link));
			d->links[d->link_count++] = link;
			return;
		}
	}
	if (name != NULL && name->kind == YAML_SCALAR && d->other_iommu == NULL) {
		d->other_iommu = name->text;
		d->other_at = item->at;
	}
}

static void smmu_read_links(struct board *b, struct device *d, const struct yaml_item *item)
{
	static const char *const keys[] = {"iommus", "iommu-map"};
	size_t cap = 0;

	for (size_t k = 0; k < 2; k++) {
		const struct yaml_item *list = yaml_get(item, keys[k]);

		for (size_t i = 0; list != NULL && i < list->count; i++) {
			smmu_add_link(b, d, list->values[i], k == 1, &cap);
		}
	}
}

/* All of a PCI host's requester IDs are mapped, or it is none. */
static bool smmu_confines(struct board *b, const struct yaml_item *item)
{
	const struct yaml_item *map = yaml_get(item, "iommu-map");
	uint64_t count = 0;

	for (size_t i = 0; map != NULL && i < map->count; i++) {
		count += board_number(b, map->values[i], "count", 1);
	}
	return map != NULL ? count >= REQUESTERS : yaml_get(item, "iommus") != NULL;
}

static void smmu_read_master(struct board *b, struct device *d, const struct yaml_item *item)
{
	const struct yaml_item *master = yaml_get(item, "dma-master");

	d->confined = smmu_confines(b, item);
	d->master = master != NULL ? board_flag(b, item, "dma-master")
				   : yaml_get(item, "iommus") != NULL || yaml_get(item, "iommu-map") != NULL;
}

/* Unless the YAML says it, as soon as two levels can be. */
static bool smmu_is_two_level(const struct smmu *s, const struct yaml_item *table)
{
	return table != NULL ? yaml_is(table, "two-level") : s->ids >= TWO_LEVEL_IDS;
}

void board_read_smmus(struct board *b, const struct yaml_item *iommus, const struct yaml_item *devices)
{
	size_t count = iommus != NULL && iommus->kind == YAML_MAP ? iommus->count : 0;

	b->smmus = mem_alloc(b->mem, count, sizeof(*b->smmus));
	for (size_t i = 0; i < count; i++) {
		const struct yaml_item *item = iommus->values[i];
		struct smmu *s = &b->smmus[b->smmu_count];

		if (!yaml_is(yaml_get(item, "type"), "smmuv3")) {
			continue;
		}
		s->name = iommus->keys[i]->text;
		s->at = iommus->keys[i]->at;
		s->reg = board_range(b, yaml_get(item, "reg"));
		s->ids = board_number(b, item, "ids", IDS_DEFAULT);
		s->cmdq = board_number(b, item, "command-queue", CMDQ_DEFAULT);
		s->evtq = board_number(b, item, "event-queue", EVTQ_DEFAULT);
		s->two_level = smmu_is_two_level(s, yaml_get(item, "stream-table"));
		s->coherent = board_flag(b, item, "coherent");
		smmu_read_irqs(b, s, item);
		b->smmu_count++;
	}
	for (size_t i = 0; i < b->device_count; i++) {
		smmu_read_links(b, &b->devices[i], devices->values[i]);
		smmu_read_master(b, &b->devices[i], devices->values[i]);
	}
}
