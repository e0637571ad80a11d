// SPDX-License-Identifier: Apache-2.0
/*
 * Whether the tables have the PCI hosts of the board file (MCFG), and lead requester IDs,
 * stream IDs and DeviceIDs where it does (IORT): stream tables are made of what it says, and
 * what goes past an SMMUv3 that it says to be in front is confined by nothing.
 */
#include "firmware/acpi/match.h"

#define BUS_SIZE MIB(1)
#define BUS_SHIFT 8u /* of a requester ID */

static bool match_host(const struct match *x, const struct acpi_expect_host *h)
{
	const struct acpi_segment *s = NULL;

	for (uint32_t i = 0; i < x->m->segment_count; i++) {
		const struct acpi_segment *n = &x->m->segments[i];

		if (n->segment == h->segment && n->first_bus <= h->last_bus && h->first_bus <= n->last_bus) {
			s = n;
		}
	}
	if (s == NULL) {
		return match_absent(x, "MCFG", "PCI segment", h->segment);
	}
	return match_value(x, "MCFG", "the first bus of a PCI segment", s->first_bus, h->first_bus) &&
	       match_value(x, "MCFG", "the last bus of a PCI segment", s->last_bus, h->last_bus) &&
	       match_value(x, "MCFG", "a PCI segment's configuration space", s->ecam + s->first_bus * BUS_SIZE,
			   h->base);
}

bool match_hosts(const struct match *x)
{
	for (uint32_t i = 0; i < x->e->host_count; i++) {
		if (!match_host(x, &x->e->hosts[i])) {
			return false;
		}
	}
	return match_value(x, "MCFG", "the number of PCI hosts", x->m->segment_count, x->e->host_count);
}

/* The last of the IDs id..last that IORT says the same of as of `id`: *map leads all of
 * them somewhere; NULL: none of them is led anywhere. */
static uint32_t ids_run(const struct match *x, enum acpi_source source, uint32_t from, uint32_t id,
			uint32_t last, const struct acpi_map **map)
{
	*map = NULL;
	for (uint32_t i = 0; i < x->m->map_count; i++) {
		const struct acpi_map *n = &x->m->maps[i];

		if (n->source != source || n->from != from || n->last < id || n->first > last) {
			continue;
		}
		if (n->first <= id) {
			*map = n;
			return n->last < last ? n->last : last;
		}
		last = n->first - 1;
	}
	return last;
}

/*
 * Whether a requester ID is on a bus behind the last one of its host that IORT leads to an
 * SMMUv3 (`its`: or to an ITS). Firmware may leave those out, or lead them past: it has found
 * nothing on them. QEMU does.
 */
static bool ids_spare(const struct match *x, const struct acpi_expect_host *h, uint32_t id, bool its)
{
	uint32_t top = UINT32_MAX; /* as long as no bus is led there */

	for (uint32_t i = 0; i < x->m->map_count; i++) {
		const struct acpi_map *n = &x->m->maps[i];
		uint32_t last = n->last >> BUS_SHIFT < h->last_bus ? n->last >> BUS_SHIFT : h->last_bus;

		if (n->source == ACPI_SEGMENT && n->from == h->segment && last >= h->first_bus &&
		    n->first >> BUS_SHIFT <= last && (its || n->smmu != ACPI_ITS) && last + 1 > top + 1) {
			top = last;
		}
	}
	return top != UINT32_MAX && id >> BUS_SHIFT > top;
}

static bool ids_other(const struct match *x, const struct acpi_expect_host *h, uint32_t id, const char *what,
		      uint64_t found, uint64_t wanted)
{
	uint64_t of = (uint64_t)h->segment << 16 | id;

	return found == wanted || match_differs(x, ACPI_OTHER_OF, "IORT", what, of, found, wanted);
}

static bool ids_absent(const struct match *x, const struct acpi_expect_host *h, uint32_t id, const char *what)
{
	return match_absent(x, "IORT", what, (uint64_t)h->segment << 16 | id);
}

/* Requester IDs of a PCI host that are behind an SMMUv3. */
static bool match_streams(const struct match *x, const struct acpi_expect_ids *e)
{
	const struct acpi_expect_host *h = &x->e->hosts[e->host];
	uint32_t last;

	for (uint64_t id = e->first; id <= e->last; id = (uint64_t)last + 1) {
		uint32_t at = (uint32_t)id;
		const struct acpi_map *n;

		last = ids_run(x, ACPI_SEGMENT, h->segment, at, e->last, &n);
		if (n == NULL || n->smmu == ACPI_ITS) {
			if (!ids_spare(x, h, at, false)) {
				return ids_absent(x, h, at, "SMMUv3 in front of PCI requester ID");
			}
		} else if (!ids_other(x, h, at, "the SMMUv3 in front of PCI requester ID", x->m->smmus[n->smmu].base,
				      x->e->smmus[e->to].base) ||
			   !ids_other(x, h, at, "the stream ID of PCI requester ID", n->out + (at - n->first),
				      e->out + (at - e->first))) {
			return false;
		}
	}
	return true;
}

/* What is no PCI host is in IORT by the name that AML has for it, and the board file has no
 * such names: some device there has the stream ID. */
static bool match_device(const struct match *x, const struct acpi_expect_ids *e)
{
	uint64_t end = (uint64_t)e->last + 1;

	for (uint64_t id = e->first, next = id; id < end; id = next) {
		for (uint32_t i = 0; i < x->m->map_count; i++) {
			const struct acpi_map *n = &x->m->maps[i];
			uint64_t behind = (uint64_t)n->out + (n->last - n->first) + 1;

			if (n->source == ACPI_NAMED && n->smmu != ACPI_ITS && n->out <= id && behind > next &&
			    x->m->smmus[n->smmu].base == x->e->smmus[e->to].base) {
				next = behind;
			}
		}
		if (next == id) {
			return match_absent(x, "IORT", "device with stream ID", id);
		}
	}
	return true;
}

/* Who sends with a stream ID that the board file has is who has it there. */
static bool match_sources(const struct match *x, const struct acpi_expect_ids *e)
{
	for (uint32_t i = 0; i < x->m->map_count; i++) {
		const struct acpi_map *n = &x->m->maps[i];
		uint32_t low = n->out > e->out ? n->out : e->out;
		bool same = n->source == ACPI_NAMED;

		if (n->source == ACPI_SMMU || n->smmu == ACPI_ITS || low - n->out > n->last - n->first ||
		    low - e->out > e->last - e->first || x->m->smmus[n->smmu].base != x->e->smmus[e->to].base) {
			continue;
		}
		if (e->host != ACPI_NO_HOST) {
			same = n->source == ACPI_SEGMENT && n->from == x->e->hosts[e->host].segment &&
			       n->out - n->first == e->out - e->first;
		}
		if (!same) {
			return match_differs(x, ACPI_TAKEN, "IORT", "stream ID", 0, 0, low);
		}
	}
	return true;
}

static uint64_t ids_its(const struct match *x, uint32_t id)
{
	uint64_t base = 0;

	for (uint32_t i = 0; i < x->m->its_count; i++) {
		base = x->m->its[i].id == id ? x->m->its[i].base : base;
	}
	return base;
}

/* Requester IDs of a PCI host, that say who sends a message: through an SMMUv3 or not. */
static bool match_messages(const struct match *x, const struct acpi_expect_ids *e)
{
	const struct acpi_expect_host *h = &x->e->hosts[e->host];
	uint32_t last;

	for (uint64_t id = e->first; id <= e->last; id = (uint64_t)last + 1) {
		uint32_t at = (uint32_t)id, out = at;
		const struct acpi_map *n;

		last = ids_run(x, ACPI_SEGMENT, h->segment, at, e->last, &n);
		if (n == NULL && ids_spare(x, h, at, true)) {
			continue;
		}
		out = n == NULL ? 0 : n->out + (at - n->first);
		if (n != NULL && n->smmu != ACPI_ITS) {
			uint32_t stream = out;

			last = at + (ids_run(x, ACPI_SMMU, n->smmu, stream, stream + (last - at), &n) - stream);
			out = n == NULL ? 0 : n->out + (stream - n->first);
		}
		if (n == NULL) {
			return ids_absent(x, h, at, "ITS for messages of PCI requester ID");
		}
		if (!ids_other(x, h, at, "the ITS of PCI requester ID", ids_its(x, n->its), x->e->its[e->to]) ||
		    !ids_other(x, h, at, "the DeviceID of PCI requester ID", out, e->out + (at - e->first))) {
			return false;
		}
	}
	return true;
}

bool match_ids(const struct match *x)
{
	for (uint32_t i = 0; i < x->e->stream_count; i++) {
		const struct acpi_expect_ids *e = &x->e->streams[i];

		if (!(e->host == ACPI_NO_HOST ? match_device(x, e) : match_streams(x, e))) {
			return false;
		}
	}
	for (uint32_t i = 0; i < x->e->stream_count; i++) {
		if (!match_sources(x, &x->e->streams[i])) {
			return false;
		}
	}
	for (uint32_t i = 0; i < x->e->message_count; i++) {
		if (!match_messages(x, &x->e->messages[i])) {
			return false;
		}
	}
	return true;
}
