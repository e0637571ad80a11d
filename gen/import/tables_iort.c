// SPDX-License-Identifier: Apache-2.0
/* SMMUv3s of IORT (DEN 0049E), and whose stream and DeviceIDs are whose. */
#include <ctype.h>
#include <string.h>

#include "firmware/acpi/iort.h"
#include "import/tables.h"
#include "types.h"

#define SMMU_SIZE KIB(128)
#define RIDS 0x10000u

/* One line may be that of several. */
static void smmu_irqs(struct i_tables *t, struct i_iommu *u, const struct acpi_smmu *s)
{
	static const char *const names[] = {"eventq", "priq", "cmdq-sync", "gerror"};
	const uint32_t intids[] = {s->evtq, s->priq, s->sync, s->gerror};

	u->irqs = arena_array(t->im->a, ARRAY_SIZE(names), sizeof(u->irqs[0]));
	u->irq_names = arena_array(t->im->a, ARRAY_SIZE(names), sizeof(u->irq_names[0]));
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		if (intids[i] != 0) {
			u->irqs[u->irq_count] = tables_irq(intids[i], TRIGGER_EDGE_RISING);
			u->irq_names[u->irq_count++] = names[i];
		}
	}
	if (u->irq_count == 0) {
		import_note(t->im, &u->notes, "no interrupts: its events are polled for");
	}
}

void tables_smmus(struct i_tables *t)
{
	struct import *im = t->im;

	im->iommus = arena_array(im->a, t->m.smmu_count, sizeof(im->iommus[0]));
	for (uint32_t i = 0; i < t->m.smmu_count; i++) {
		const struct acpi_smmu *s = &t->m.smmus[i];
		struct i_iommu *u = &im->iommus[im->iommu_count++];

		*u = (struct i_iommu){.name = arena_format(im->a, "smmu%u", i),
				      .path = arena_format(im->a, "IORT, offset 0x%x", s->offset), .type = IOMMU_SMMUV3,
				      .reg = {s->base, SMMU_SIZE}, .coherent = s->coherent, .root = IMPORT_NONE,
				      .power_domain = UINT32_MAX};
		smmu_irqs(t, u, s);
		import_decide(im, &u->notes, "ids: 1 << IDR1.SIDSIZE, which no table says");
		if (!u->coherent) {
			import_decide(im, &u->notes, "coherent: true if IDR0.COHACC is 1; IORT does not say so");
		}
	}
	if (t->m.iort_counts) {
		import_note(im, &im->top, "IORT counts IDs from 1, as some firmware does: taken as it was meant.");
	}
}

/* IDs rid.. of the device are `count` DeviceIDs from `first` on at the ITS with ID `its`. */
static void messages_add(struct i_tables *t, struct i_device *dev, struct i_msi msi, uint32_t its)
{
	msi.its = 0;
	while (msi.its < t->m.its_count && t->m.its[msi.its].id != its) {
		msi.its++;
	}
	if (msi.its == t->m.its_count) {
		import_note(t->im, &dev->notes, "messages: IORT leads to no ITS that MADT has; left out");
	} else if (msi.mapped || dev->msi_count == 0) {
		(void)msi_add(t->im, dev, msi);
	}
}

/* Stream IDs of an SMMU go on to the ITSs as DeviceIDs. */
static void messages_behind(struct i_tables *t, struct i_device *dev, const struct acpi_map *n, bool mapped)
{
	for (uint32_t i = 0; i < t->m.map_count; i++) {
		const struct acpi_map *s = &t->m.maps[i];
		uint64_t last = (uint64_t)n->out + (n->last - n->first);
		uint64_t low = n->out > s->first ? n->out : s->first, high = last < s->last ? last : s->last;

		if (s->source != ACPI_SMMU || s->from != n->smmu || low > high) {
			continue;
		}
		messages_add(t, dev, (struct i_msi){.first = (uint32_t)(s->out + (low - s->first)),
						    .count = (uint32_t)(high - low + 1), .mapped = mapped,
						    .rid = (uint32_t)(n->first + (low - n->out))}, s->its);
	}
}

/* One of a device's mappings: to an SMMU, and on to an ITS, or to that at once. */
static void map_add(struct i_tables *t, struct i_device *dev, const struct acpi_map *n, bool mapped)
{
	uint64_t count = (uint64_t)n->last - n->first + 1;

	if (n->smmu == ACPI_ITS) {
		messages_add(t, dev, (struct i_msi){.first = n->out, .count = count > RIDS ? RIDS : (uint32_t)count,
						    .mapped = mapped, .rid = n->first}, n->its);
		return;
	}
	if (count > UINT32_MAX) {
		import_decide(t->im, &dev->notes, "all stream IDs of '%s' in one mapping; left out",
			      t->im->iommus[n->smmu].name);
		return;
	}
	link_add(t->im, dev, (struct i_link){.iommu = n->smmu, .first = n->out, .count = (uint32_t)count,
					     .mapped = mapped, .rid = n->first});
	messages_behind(t, dev, n, mapped);
}

void tables_segment(struct i_tables *t, struct i_device *dev, uint32_t segment)
{
	for (uint32_t i = 0; i < t->m.map_count; i++) {
		const struct acpi_map *n = &t->m.maps[i];

		if (n->source == ACPI_SEGMENT && n->from == segment) {
			map_add(t, dev, n, true);
		}
	}
	dev->master = true;
}

/* "\_SB_.COM0" of the node at `at`; NULL: it has none that can be printed. */
static const char *object_name(const struct i_tables *t, uint32_t at)
{
	uint32_t size = table_16(&t->iort, at + NODE_LENGTH), end = NAMED_NAME;

	while (end < size && end - NAMED_NAME < NAMED_NAME_MAX && t->iort.bytes[at + end] > ' ' &&
	       t->iort.bytes[at + end] <= '~') {
		end++;
	}
	return end > NAMED_NAME && end < size && t->iort.bytes[at + end] == '\0'
		       ? (const char *)t->iort.bytes + at + NAMED_NAME : NULL;
}

/* Of the last part of its path in AML; with the node's place if that is another's. */
static const char *device_name(struct i_tables *t, const char *object, uint32_t at)
{
	const char *last = object == NULL ? NULL : strrchr(object, '.');
	const char *name = last == NULL || last[1] == '\0' ? "component" : last + 1;
	char *low = arena_format(t->im->a, "%s", name_clean(t->im, name, strlen(name)));

	for (char *c = low; *c != '\0'; c++) {
		*c = (char)tolower((unsigned char)*c);
	}
	return arena_format(t->im->a, "%s_%x", low, at);
}

/* Devices of AML whose IDs IORT has: without them in the file their DMA is refused. */
void tables_named(struct i_tables *t)
{
	for (uint32_t i = 0; i < t->m.map_count; i++) {
		uint32_t at = t->m.maps[i].from;
		bool before = t->m.maps[i].source != ACPI_NAMED;
		const char *object;
		struct i_device *dev;

		for (uint32_t k = 0; k < i; k++) {
			before = before || (t->m.maps[k].source == ACPI_NAMED && t->m.maps[k].from == at);
		}
		if (before) {
			continue;
		}
		object = object_name(t, at);
		dev = tables_device(t, device_name(t, object, at), arena_format(t->im->a, "IORT, offset 0x%x: %s", at,
							object == NULL ? "a device without a name" : object));
		for (uint32_t k = i; k < t->m.map_count; k++) {
			if (t->m.maps[k].source == ACPI_NAMED && t->m.maps[k].from == at) {
				map_add(t, dev, &t->m.maps[k], false);
			}
		}
		import_decide(t->im, &dev->notes, "reg, interrupts and compatible: _CRS and _HID of this device in the "
			      "DSDT");
		dev->master = true;
	}
}
