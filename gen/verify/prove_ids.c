// SPDX-License-Identifier: Apache-2.0
/* What the image demands of firmware's MCFG and IORT is what the YAML says of PCI hosts, and of
 * which stream IDs and DeviceIDs are whose. */
#include <string.h>

#include "prove_firmware.h"

/* How many there are, the disabled ones of hosts among them: firmware knows of no YAML. */
struct amounts {
	uint64_t hosts, streams, messages;
};

static struct amounts ids_count(const struct board *b)
{
	struct amounts n = {0, 0, 0};

	for (size_t i = 0; i < b->device_count; i++) {
		const struct device *d = &b->devices[i];

		n.hosts += d->pci.host ? 1 : 0;
		n.streams += d->enabled ? d->link_count : 0;
		for (size_t m = 0; d->enabled && m < d->message_count; m++) {
			n.messages += d->messages[m].mapped ? 1 : 0;
		}
	}
	return n;
}

static void ids_host(struct subject *s, const struct acpi_expect_host *found, const struct device *d)
{
	struct acpi_expect_host x;

	memcpy(&x, found, sizeof(x));
	if (!d->pci.has_buses || !d->pci.has_segment) {
		firmware_fail(s, &d->at, "PCI host");
		return;
	}
	firmware_number(s, &d->at, "configuration space", x.base, d->reg[0].base);
	firmware_number(s, &d->at, "PCI segment", x.segment, d->pci.segment);
	firmware_number(s, &d->at, "first bus", x.first_bus, d->pci.first_bus);
	firmware_number(s, &d->at, "last bus", x.last_bus, d->pci.last_bus);
}

static void ids_one(struct subject *s, const struct acpi_expect_ids *found, const struct place *at,
		    const struct acpi_expect_ids *wanted)
{
	struct acpi_expect_ids x;

	memcpy(&x, found, sizeof(x));
	firmware_number(s, at, "PCI host of these IDs", x.host, wanted->host);
	firmware_number(s, at, "first of these IDs", x.first, wanted->first);
	firmware_number(s, at, "last of these IDs", x.last, wanted->last);
	firmware_number(s, at, "stream ID or DeviceID", x.out, wanted->out);
	firmware_number(s, at, "SMMUv3 or ITS of these IDs", x.to, wanted->to);
}

void firmware_ids(struct subject *s, const struct acpi_expect *e)
{
	const struct board *b = s->board;
	struct amounts n = ids_count(b);
	const struct acpi_expect_host *hosts = firmware_list(s, "number of PCI hosts", e->hosts, e->host_count,
							     n.hosts, sizeof(*hosts));
	const struct acpi_expect_ids *streams = firmware_list(s, "number of stream IDs", e->streams,
							      e->stream_count, n.streams, sizeof(*streams));
	const struct acpi_expect_ids *messages = firmware_list(s, "number of DeviceIDs", e->messages,
							       e->message_count, n.messages, sizeof(*messages));
	uint32_t host = 0;

	for (size_t i = 0; i < b->device_count; i++) {
		const struct device *d = &b->devices[i];
		uint32_t own = d->pci.host ? host++ : ACPI_NO_HOST;

		if (d->pci.host && hosts != NULL) {
			ids_host(s, hosts++, d);
		}
		for (size_t k = 0; streams != NULL && d->enabled && k < d->link_count; k++) {
			const struct link *l = &d->links[k];
			uint64_t first = l->mapped ? l->rid : l->first;
			struct acpi_expect_ids wanted = {l->mapped ? own : ACPI_NO_HOST, (uint32_t)first,
							 (uint32_t)(first + l->count - 1), (uint32_t)l->first,
							 (uint32_t)l->smmu};

			ids_one(s, streams++, &l->at, &wanted);
		}
		for (size_t k = 0; messages != NULL && d->enabled && k < d->message_count; k++) {
			const struct message *m = &d->messages[k];
			struct acpi_expect_ids wanted = {own, (uint32_t)m->rid, (uint32_t)(m->rid + m->count - 1),
							 (uint32_t)m->first, (uint32_t)m->its};

			if (m->mapped) {
				ids_one(s, messages++, &m->at, &wanted);
			}
		}
	}
}
