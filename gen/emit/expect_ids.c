// SPDX-License-Identifier: Apache-2.0
/* What MCFG and IORT must say: PCI hosts, and which IDs become which on the way to SMMUs and ITSs. */
#include <inttypes.h>

#include "emit/emit.h"
#include "emit/pages.h"

/* In front of the first, and behind the last. */
static void list_begin(FILE *out, size_t *count, const char *type, const char *name)
{
	if ((*count)++ == 0) {
		fprintf(out, "\nstatic const struct %s %s[] = {\n", type, name);
	}
}

static void list_end(FILE *out, size_t count)
{
	fprintf(out, "%s", count > 0 ? "};\n" : "");
}

static size_t hosts_emit(FILE *out, const struct m_board *b)
{
	size_t count = 0;

	for (size_t i = 0; i < b->device_count; i++) {
		const struct m_device *dev = &b->devices[i];

		if (dev->pci.host) {
			list_begin(out, &count, "acpi_expect_host", "expect_hosts");
			fprintf(out, "\t{.base = 0x%" PRIx64 ", .segment = %" PRIu32 ", .first_bus = %" PRIu32
				", .last_bus = %" PRIu32 "},\n", dev->reg[0].base, dev->pci.segment, dev->pci.bus_first,
				dev->pci.bus_last);
		}
	}
	list_end(out, count);
	return count;
}

static void ids_emit(FILE *out, const char *host, uint32_t first, uint32_t count, uint32_t id, size_t to)
{
	fprintf(out, "\t{.host = %s, .first = 0x%" PRIx32 ", .last = 0x%" PRIx32, host, first, first + (count - 1));
	fprintf(out, ", .out = 0x%" PRIx32 ", .to = %zu},\n", id, to);
}

/* Which of the hosts a device is. */
static const char *host_name(char name[24], const struct m_board *b, size_t device)
{
	size_t host = 0;

	for (size_t i = 0; i < device; i++) {
		host += b->devices[i].pci.host ? 1 : 0;
	}
	snprintf(name, 24, "%zu", host);
	return name;
}

static size_t streams_emit(FILE *out, const struct m_board *b)
{
	size_t count = 0;
	char name[24];

	for (size_t i = 0; i < b->device_count; i++) {
		const struct m_device *dev = &b->devices[i];

		for (size_t n = 0; n < dev->link_count && dev->enabled; n++) {
			const struct m_iommu_link *l = &dev->links[n];
			size_t smmu = 0;

			if (b->iommus[l->iommu].type != IOMMU_SMMUV3) {
				continue;
			}
			for (size_t k = 0; k < l->iommu; k++) {
				smmu += b->iommus[k].type == IOMMU_SMMUV3 ? 1 : 0;
			}
			list_begin(out, &count, "acpi_expect_ids", "expect_streams");
			ids_emit(out, l->mapped ? host_name(name, b, i) : "ACPI_NO_HOST", l->mapped ? l->rid : l->first,
				 l->count, l->first, smmu);
		}
	}
	list_end(out, count);
	return count;
}

static size_t messages_emit(FILE *out, const struct m_board *b)
{
	size_t count = 0;
	char name[24];

	for (size_t i = 0; i < b->device_count; i++) {
		const struct m_device *dev = &b->devices[i];

		for (size_t n = 0; n < dev->msi_count && dev->enabled; n++) {
			const struct m_msi_link *l = &dev->msis[n];

			if (l->mapped) {
				list_begin(out, &count, "acpi_expect_ids", "expect_messages");
				ids_emit(out, host_name(name, b, i), l->rid, l->count, l->first, l->its);
			}
		}
	}
	list_end(out, count);
	return count;
}

struct expect_ids emit_expect_ids(FILE *out, const struct m_board *b)
{
	struct expect_ids ids;

	ids.hosts = hosts_emit(out, b);
	ids.streams = streams_emit(out, b);
	ids.messages = messages_emit(out, b);
	return ids;
}
