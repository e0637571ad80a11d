// SPDX-License-Identifier: Apache-2.0
/*
 * IORT (DEN 0049E) for a domain that has not all of the machine's SMMUs: those it has not,
 * which the hypervisor drives, are not there, and the IDs of what is behind them lead at
 * once to where the SMMU would send its own to: the ITSs. What else is about SMMUs, their
 * performance counters and memory that is reserved for what is behind them, is left out.
 */
#include "firmware/acpi/iort.h"
#include "firmware/dom0/dom0.h"

/* IDs first..last become out, out + 1, ... of the node at `to`; in 64 bits nothing overflows. */
struct iort_map {
	uint64_t first, last, out;
	uint32_t to;
	uint32_t flags;
};

static struct iort_map iort_map_at(const struct acpi_table *t, uint32_t node, uint32_t i)
{
	uint32_t at = node + table_32(t, node + NODE_MAPS_AT) + i * MAP_SIZE;
	uint64_t first = table_32(t, at + MAP_FIRST);

	return (struct iort_map){
		.first = first,
		.last = first + table_32(t, at + MAP_COUNT),
		.out = table_32(t, at + MAP_OUT),
		.to = table_32(t, at + MAP_TO),
		.flags = table_32(t, at + MAP_FLAGS),
	};
}

/* Whether the domain's table has a node of this type, from the one at `node`. */
static bool iort_keeps(const struct dom0_input *in, const struct acpi_table *t, uint32_t node, uint32_t type)
{
	return t->bytes[node + NODE_TYPE] == type &&
	       (type != NODE_SMMUV3 ||
		dom0_window(in, WINDOW_VSMMUV3, table_64(t, node + SMMU_BASE)) != NULL);
}

/* Mappings of a node; nothing leads on from an ITS group. */
static uint32_t iort_maps(const struct acpi_table *t, uint32_t node)
{
	return t->bytes[node + NODE_TYPE] == NODE_ITS ? 0 : table_32(t, node + NODE_MAPS);
}

/* Bytes of a node before its mappings, or all. */
static uint32_t iort_body(const struct acpi_table *t, uint32_t node)
{
	return table_32(t, node + NODE_MAPS) != 0 ? table_32(t, node + NODE_MAPS_AT) :
						    table_16(t, node + NODE_LENGTH);
}

/* Where a node is in the domain's table, in which ITS groups come first, and then the SMMUs:
 * no mapping leads to anything else. Their mappings are as many as before. 0: there is no
 * such node. */
static uint32_t iort_moved(const struct dom0_input *in, const struct acpi_table *t, uint32_t to)
{
	uint32_t moved = IORT_SIZE;

	for (uint32_t type = NODE_ITS; type <= NODE_SMMUV3; type += NODE_SMMUV3 - NODE_ITS) {
		uint32_t node = table_32(t, IORT_FIRST);

		for (uint32_t i = 0; i < table_32(t, IORT_COUNT); i++) {
			bool kept = iort_keeps(in, t, node, type);

			if (kept && node == to) {
				return moved;
			}
			moved += kept ? (uint32_t)ALIGN_UP(iort_body(t, node), 4) + iort_maps(t, node) * MAP_SIZE : 0;
			node += table_16(t, node + NODE_LENGTH);
		}
	}
	return 0;
}

static void iort_put_map(struct dom0_writer *w, const struct iort_map *m, uint32_t to)
{
	uint64_t at = writer_take(w, MAP_SIZE, 1);

	writer_le(w, at + MAP_FIRST, m->first, 4);
	writer_le(w, at + MAP_COUNT, m->last - m->first, 4);
	writer_le(w, at + MAP_OUT, m->out, 4);
	writer_le(w, at + MAP_TO, to, 4);
	writer_le(w, at + MAP_FLAGS, m->flags, 4);
}

/* A mapping to an SMMU that the domain has not: what that makes of its output, piece by piece. */
static void iort_put_through(const struct dom0_input *in, struct dom0_writer *w, const struct acpi_table *t,
			     const struct iort_map *m)
{
	const struct acpi_machine *machine = in->machine;
	uint64_t last_out = m->out + (m->last - m->first);

	for (uint32_t i = 0; i < machine->map_count; i++) {
		const struct acpi_map *s = &machine->maps[i];
		uint64_t low = m->out > s->first ? m->out : s->first;
		uint64_t high = last_out < s->last ? last_out : s->last;

		if (s->source == ACPI_SMMU && machine->smmus[s->from].offset == m->to && low <= high) {
			struct iort_map piece = {
				.first = m->first + (low - m->out),
				.last = m->first + (high - m->out),
				.out = (uint64_t)s->out + (low - s->first),
				.flags = m->flags,
			};

			iort_put_map(w, &piece, iort_moved(in, t, s->group));
		}
	}
}

/* The mapping as iort_read() has mended it. False: it has not looked at it, for it is what a
 * root complex does itself. */
static bool iort_mend(const struct acpi_machine *machine, const struct acpi_table *t, uint32_t node,
		      struct iort_map *m)
{
	bool root = t->bytes[node + NODE_TYPE] == NODE_ROOT;
	uint32_t source = root ? ACPI_SEGMENT : ACPI_NAMED;
	uint32_t from = root ? table_32(t, node + ROOT_SEGMENT) : node;

	m->first = (m->flags & MAP_SINGLE) != 0 ? 0 : m->first;
	for (uint32_t i = 0; i < machine->map_count; i++) {
		const struct acpi_map *read = &machine->maps[i];

		if (read->source == source && read->from == from && read->first == m->first) {
			m->last = read->last;
			return !root || (m->flags & MAP_SINGLE) == 0;
		}
	}
	return false;
}

/* What an SMMU sends itself may lead anywhere: iort_read() leaves that alone. */
static bool iort_put_own(const struct dom0_input *in, struct dom0_writer *w, const struct acpi_table *t,
			 uint32_t node)
{
	for (uint32_t i = 0; i < iort_maps(t, node); i++) {
		struct iort_map m = iort_map_at(t, node, i);
		uint32_t to = iort_moved(in, t, m.to);

		if (to == 0) {
			return table_bad(t, node + NODE_MAPS, "has a mapping that leads to no node");
		}
		iort_put_map(w, &m, to);
	}
	return true;
}

static void iort_put_maps(const struct dom0_input *in, struct dom0_writer *w, const struct acpi_table *t,
			  uint32_t node)
{
	for (uint32_t i = 0; i < iort_maps(t, node); i++) {
		struct iort_map m = iort_map_at(t, node, i);
		uint32_t to;

		if (!iort_mend(in->machine, t, node, &m)) {
			continue;
		}
		to = iort_moved(in, t, m.to);
		if (to != 0) {
			iort_put_map(w, &m, to);
		} else {
			iort_put_through(in, w, t, &m);
		}
	}
}

static bool iort_put_node(const struct dom0_input *in, struct dom0_writer *w, const struct acpi_table *t,
			  uint32_t node)
{
	static const uint8_t least[] = {
		[NODE_ITS] = NODE_SIZE, [NODE_NAMED] = NODE_SIZE, [NODE_ROOT] = ROOT_SIZE,
		[NODE_SMMUV3] = SMMU_NODE_SIZE,
	};
	uint32_t body = iort_body(t, node);
	uint64_t at = writer_take(w, body, 1), maps;

	if (body < least[t->bytes[node + NODE_TYPE]]) {
		return table_bad(t, node + NODE_MAPS_AT, "makes mappings of what is something else");
	}
	writer_put(w, at, t->bytes + node, body);
	maps = writer_take(w, 0, 4);
	if (t->bytes[node + NODE_TYPE] != NODE_SMMUV3) {
		iort_put_maps(in, w, t, node);
	} else if (!iort_put_own(in, w, t, node)) {
		return false;
	}
	if (w->used - at > UINT16_MAX) {
		return table_bad(t, node + NODE_MAPS, "has mappings that are too many without SMMUs between");
	}
	writer_le(w, at + NODE_LENGTH, w->used - at, 2);
	writer_le(w, at + NODE_MAPS, (w->used - maps) / MAP_SIZE, 4);
	writer_le(w, at + NODE_MAPS_AT, maps - at, 4);
	return true;
}

bool dom0_iort(const struct dom0_input *in, struct dom0_writer *w, const struct acpi_table *t, uint64_t *at)
{
	static const uint8_t order[] = {NODE_ITS, NODE_SMMUV3, NODE_NAMED, NODE_ROOT};
	uint32_t count = 0;

	*at = writer_table(w, t, IORT_SIZE);
	for (uint32_t type = 0; type < sizeof(order); type++) {
		uint32_t node = table_32(t, IORT_FIRST);

		for (uint32_t i = 0; i < table_32(t, IORT_COUNT); i++) {
			if (iort_keeps(in, t, node, order[type])) {
				if (!iort_put_node(in, w, t, node)) {
					return false;
				}
				count++;
			}
			node += table_16(t, node + NODE_LENGTH);
		}
	}
	writer_le(w, *at + IORT_COUNT, count, 4);
	writer_le(w, *at + IORT_FIRST, IORT_SIZE, 4);
	writer_close(w, *at);
	return true;
}
