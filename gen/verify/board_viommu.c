// SPDX-License-Identifier: Apache-2.0
/* Virtual SMMUv3s of system.yaml: where they are, and which stream has which number. */
#include "board.h"
#include "tables.h"

#define VSMMU_SIZE     UINT64_C(0x20000)
#define GROUPS_DEFAULT 8

static struct irq viommu_irq(struct board *b, const struct yaml_item *irqs, const char *key)
{
	struct irq irq = board_irq(b, yaml_get(irqs, key));

	irq.edge = irq.intid != 0;
	return irq;
}

static void viommu_read_irqs(struct board *b, struct viommu *v, const struct yaml_item *irqs)
{
	const struct smmu *front = v->stream_count > 0 ? &b->smmus[v->front] : NULL;

	if (irqs != NULL) {
		v->irqs[VIOMMU_EVENT] = viommu_irq(b, irqs, "eventq");
		v->irqs[VIOMMU_ERROR] = viommu_irq(b, irqs, "gerror");
		v->irqs[VIOMMU_SYNC] = viommu_irq(b, irqs, "cmdq-sync");
		return;
	}
	if (front != NULL) {
		v->irqs[VIOMMU_EVENT] = front->event;
		v->irqs[VIOMMU_ERROR] = front->error;
		v->irqs[VIOMMU_SYNC] = front->sync;
	}
}

/* The number that `streams` gives a device's first stream. */
static bool viommu_number(struct board *b, const struct yaml_item *streams, const struct device *d,
			  uint64_t *id)
{
	for (size_t i = 0; streams != NULL && i < streams->count; i++) {
		if (yaml_is(yaml_get(streams->values[i], "device"), d->name)) {
			*id = board_number(b, streams->values[i], "id", 0);
			return true;
		}
	}
	return false;
}

/* Physical numbers, or from a number on those of all links in their order. */
static void viommu_add_device(struct board *b, struct viommu *v, const struct yaml_item *streams,
			      const struct device *d, size_t *cap)
{
	uint64_t next = 0;
	bool renumbered = viommu_number(b, streams, d, &next);

	for (size_t i = 0; i < d->link_count; i++) {
		const struct link *l = &d->links[i];

		v->streams = mem_grow(b->mem, v->streams, v->stream_count, cap, sizeof(*v->streams));
		v->streams[v->stream_count++] = (struct vstream){.virt = renumbered ? next : l->first, .link = *l};
		next += l->count;
		if (v->stream_count == 1 || l->smmu < v->front) {
			v->front = l->smmu;
		}
	}
}

static void viommu_read(struct board *b, size_t index, const struct yaml_item *item)
{
	struct viommu *v = &b->domains[index].viommu;
	const struct yaml_item *streams = yaml_get(item, "streams");
	size_t cap = 0;

	if (item == NULL || yaml_is(item, "none")) {
		return;
	}
	if (!yaml_is(item, "smmuv3") && !yaml_is(yaml_get(item, "type"), "smmuv3")) {
		board_refuse(b, item, "not a virtual IOMMU");
		return;
	}
	v->given = true;
	v->at = item->at;
	v->groups = board_number(b, item, "nested-groups", GROUPS_DEFAULT);
	for (size_t i = 0; i < b->device_count; i++) {
		if (b->devices[i].owner == (int)index) {
			viommu_add_device(b, v, streams, &b->devices[i], &cap);
		}
	}
	viommu_read_irqs(b, v, yaml_get(item, "interrupts"));
	v->reg = board_range(b, yaml_get(item, "reg"));
	if (yaml_get(item, "reg") == NULL && v->stream_count > 0) {
		v->reg = b->smmus[v->front].reg;
		v->reg.size = VSMMU_SIZE;
	}
	if (v->stream_count == 0 || v->reg.size != VSMMU_SIZE) {
		board_refuse(b, item, "a virtual SMMUv3 without streams, or not of 128 KiB");
	}
}

void board_read_viommus(struct board *b, const struct yaml_item *domains)
{
	for (size_t i = 0; i < b->domain_count; i++) {
		viommu_read(b, i, yaml_get(domains->values[i], "viommu"));
	}
}
