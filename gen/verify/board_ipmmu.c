// SPDX-License-Identifier: Apache-2.0
/* The IPMMUs of board.yaml, the micro-TLBs of devices, and what is known of the chips. */
#include <string.h>

#include "board.h"

#define UTLBS_DEFAULT 48
#define ALWAYS_ON     32

/* From Linux' drivers of these chips. */
static const struct {
	const char *soc;
	uint32_t product;
	uint32_t cut; /* from which on the IPMMU has stage 2 */
} chips[] = {
	{"r8a7795", 0x4f00, 0x20}, {"r8a7796", 0x5200, 0x20}, {"r8a77961", 0x5200, 0x20}, {"r8a77965", 0x5500, 0},
};

static uint64_t ipmmu_power(struct board *b, const struct yaml_item *unit)
{
	uint64_t number = board_number(b, unit, "power-domain", ALWAYS_ON);

	switch (number) {
	case 9:
		return IPMMU_SYSC + 0x340;
	case 14:
		return IPMMU_SYSC + 0x380;
	case 24:
		return IPMMU_SYSC + 0x180;
	case ALWAYS_ON:
		return 0;
	default:
		board_refuse(b, unit, "its power domain is not known");
		return 0;
	}
}

static void ipmmu_add_link(struct board *b, struct device *d, const struct yaml_item *item, size_t *cap)
{
	struct link link = {.first = board_number(b, item, "id", 0),
			    .count = board_number(b, item, "count", 1),
			    .at = item->at};

	for (size_t i = 0; i < b->ipmmu_count; i++) {
		if (yaml_is(yaml_get(item, "iommu"), b->ipmmus[i].name)) {
			link.smmu = i;
			d->utlbs = mem_grow(b->mem, d->utlbs, d->utlb_count, cap, sizeof(link));
			d->utlbs[d->utlb_count++] = link;
			return;
		}
	}
}

void board_read_ipmmus(struct board *b, const struct yaml_item *root)
{
	const struct yaml_item *iommus = yaml_get(root, "iommus");
	const struct yaml_item *devices = yaml_get(root, "devices");
	size_t count = iommus != NULL && iommus->kind == YAML_MAP ? iommus->count : 0;

	b->ipmmus = mem_alloc(b->mem, count, sizeof(*b->ipmmus));
	for (size_t i = 0; i < count; i++) {
		const struct yaml_item *item = iommus->values[i];
		const struct yaml_item *irqs = yaml_get(item, "interrupts");
		struct ipmmu *u = &b->ipmmus[b->ipmmu_count];

		if (!yaml_is(yaml_get(item, "type"), "ipmmu")) {
			continue;
		}
		u->name = iommus->keys[i]->text;
		u->at = iommus->keys[i]->at;
		u->reg = board_range(b, yaml_get(item, "reg"));
		u->utlbs = board_number(b, item, "ids", UTLBS_DEFAULT);
		u->cache = yaml_get(item, "root") != NULL;
		u->power = item;
		if (irqs != NULL && irqs->count > 0) {
			u->irq = board_irq(b, irqs->values[0]);
		}
		b->ipmmu_count++;
	}
	for (size_t i = 0; i < b->device_count; i++) {
		const struct yaml_item *list = yaml_get(devices->values[i], "iommus");
		size_t cap = 0;

		for (size_t j = 0; list != NULL && j < list->count; j++) {
			ipmmu_add_link(b, &b->devices[i], list->values[j], &cap);
		}
	}
	b->soc = yaml_get(root, "soc");
}

static bool ipmmu_is_needed(const struct board *b)
{
	for (size_t i = 0; i < b->device_count; i++) {
		const struct device *d = &b->devices[i];

		if (d->utlb_count > 0 && d->owner >= 0 && !b->domains[d->owner].iommu_off) {
			return true;
		}
	}
	return false;
}

void board_settle_ipmmus(struct board *b)
{
	b->ipmmu_driven = ipmmu_is_needed(b);
	for (size_t i = 0; i < b->ipmmu_count && b->ipmmu_driven; i++) {
		b->ipmmus[i].power_at = ipmmu_power(b, b->ipmmus[i].power);
		b->ipmmu_powered = b->ipmmu_powered || b->ipmmus[i].power_at != 0;
	}
	for (size_t i = 0; i < b->device_count && b->ipmmu_driven; i++) {
		b->devices[i].other_iommu = b->devices[i].utlb_count > 0 ? NULL : b->devices[i].other_iommu;
	}
	for (size_t i = 0; i < sizeof(chips) / sizeof(chips[0]); i++) {
		if (yaml_is(b->soc, chips[i].soc)) {
			b->ipmmu_product = chips[i].product;
			b->ipmmu_cut = chips[i].cut;
		}
	}
}
