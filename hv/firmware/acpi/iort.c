// SPDX-License-Identifier: Apache-2.0
/*
 * IORT (DEN 0049E): SMMUs, and which IDs become which on the way to them and to the ITSs.
 * A reference is followed only to the start of a node: anything else would let a table
 * be read in two ways.
 */
#include "firmware/acpi/iort.h"
#include "firmware/acpi/table.h"

#define IORT_NODES_MAX 4096u
#define SMMU_REGISTERS UINT64_C(0x20000)
#define SMMU_ALIGN UINT64_C(0x10000)
#define REQUESTER_ID_MAX 0xffffu

/* The node at `at` and its mappings are all in the table; *next: where the next one begins. */
static bool node_check(const struct acpi_table *t, uint32_t at, uint32_t *next)
{
	uint32_t size, maps, maps_at;

	if (!table_has(t, at, NODE_SIZE)) {
		return false;
	}
	size = table_16(t, at + NODE_LENGTH);
	if (size < NODE_SIZE) {
		return table_bad(t, at + NODE_LENGTH, "is no length of a node");
	}
	if (!table_has(t, at, size)) {
		return false;
	}
	maps = table_32(t, at + NODE_MAPS);
	maps_at = table_32(t, at + NODE_MAPS_AT);
	if (maps != 0 && (maps_at < NODE_SIZE || maps_at > size || maps > (size - maps_at) / MAP_SIZE)) {
		return table_bad(t, at + NODE_MAPS, "has more ID mappings than the node has room for");
	}
	*next = at + size;
	return true;
}

static bool smmu_add(struct acpi_machine *m, const struct acpi_table *t, uint32_t at, uint32_t size)
{
	static const uint8_t irqs[] = {SMMU_EVENT, SMMU_PRI, SMMU_GERROR, SMMU_SYNC};
	struct acpi_smmu s;

	if (size < SMMU_NODE_SIZE) {
		return table_bad(t, at + NODE_LENGTH, "is too short for an SMMUv3");
	}
	s = (struct acpi_smmu){
		.base = table_64(t, at + SMMU_BASE),
		.offset = at,
		.evtq = table_32(t, at + SMMU_EVENT),
		.priq = table_32(t, at + SMMU_PRI),
		.gerror = table_32(t, at + SMMU_GERROR),
		.sync = table_32(t, at + SMMU_SYNC),
		.coherent = (table_32(t, at + SMMU_FLAGS) & SMMU_COHERENT) != 0,
	};
	if (!table_registers(t, at + SMMU_BASE, s.base, SMMU_REGISTERS, SMMU_ALIGN)) {
		return false;
	}
	for (uint32_t i = 0; i < ARRAY_SIZE(irqs); i++) {
		uint32_t intid = table_32(t, at + irqs[i]);

		if (intid != 0 && !table_spi(t, at + irqs[i], intid)) {
			return false;
		}
	}
	for (uint32_t i = 0; i < m->smmu_count; i++) {
		if (m->smmus[i].base == s.base) {
			return table_bad(t, at + SMMU_BASE, "is where an SMMU before is");
		}
	}
	if (m->smmu_count == ACPI_SMMUS_MAX) {
		return table_bad(t, at, "is one SMMU too many for this version (32)");
	}
	m->smmus[m->smmu_count++] = s;
	return true;
}

/* Performance counters: a page, and in later tables another one. */
static bool counters_hide(struct acpi_machine *m, const struct acpi_table *t, uint32_t at, uint32_t size)
{
	static const uint8_t pages[] = {COUNTERS_PAGE, COUNTERS_OTHER};
	bool good = true;

	for (uint32_t i = 0; good && i < ARRAY_SIZE(pages) && pages[i] + 8u <= size; i++) {
		good = table_hide(m, t, at + pages[i], table_64(t, at + pages[i]), PAGE_SIZE);
	}
	return good;
}

static bool node_add(struct acpi_machine *m, const struct acpi_table *t, uint32_t at, uint32_t size)
{
	switch (t->bytes[at + NODE_TYPE]) {
	case NODE_SMMUV3:
		return smmu_add(m, t, at, size);
	case NODE_COUNTERS:
		return counters_hide(m, t, at, size);
	default:
		return true;
	}
}

/* Index of the SMMU whose node is at `at`; smmu_count: none. */
static uint32_t smmu_find(const struct acpi_machine *m, uint32_t at)
{
	uint32_t i = 0;

	while (i < m->smmu_count && m->smmus[i].offset != at) {
		i++;
	}
	return i;
}

/* Whether a node begins at `at`: then its type is *type. */
static bool node_find(const struct acpi_table *t, uint32_t at, uint8_t *type)
{
	uint32_t node = table_32(t, IORT_FIRST);

	for (uint32_t i = 0; i < table_32(t, IORT_COUNT); i++) {
		if (node == at) {
			*type = t->bytes[at + NODE_TYPE];
			return true;
		}
		node += table_16(t, node + NODE_LENGTH);
	}
	return false;
}

/* Firmware that counts from 1 has each range reach into the next one by one ID. */
static bool map_mend(struct acpi_machine *m, struct acpi_map *a, struct acpi_map *b)
{
	struct acpi_map *low = a->first < b->first ? a : b;
	struct acpi_map *high = low == a ? b : a;

	if (low->first == low->last || low->last != high->first) {
		return false;
	}
	low->last--;
	m->iort_counts = true;
	return true;
}

static bool map_add(struct acpi_machine *m, const struct acpi_table *t, uint32_t at, struct acpi_map *n)
{
	for (uint32_t i = 0; i < m->map_count; i++) {
		struct acpi_map *o = &m->maps[i];

		if (o->source == n->source && o->from == n->from && o->first <= n->last && n->first <= o->last &&
		    !map_mend(m, o, n)) {
			return table_bad(t, at, "maps IDs that were mapped before");
		}
	}
	if (m->map_count == ACPI_MAPS_MAX) {
		return table_bad(t, at, "is one ID mapping too many for this version (256)");
	}
	m->maps[m->map_count++] = *n;
	return true;
}

/* ACPI_ITS: the group has none. */
static uint32_t its_first(const struct acpi_table *t, uint32_t group)
{
	bool any = table_16(t, group + NODE_LENGTH) >= ITS_GROUP_IDS + 4 &&
		   table_32(t, group + ITS_GROUP_COUNT) != 0;

	return any ? table_32(t, group + ITS_GROUP_IDS) : ACPI_ITS;
}

static bool map_read(struct acpi_machine *m, const struct acpi_table *t, uint32_t at, struct acpi_map n)
{
	uint32_t count = table_32(t, at + MAP_COUNT); /* less one */
	uint32_t to = table_32(t, at + MAP_TO);
	uint8_t type;

	n.first = table_32(t, at + MAP_FIRST);
	n.out = table_32(t, at + MAP_OUT);
	if ((table_32(t, at + MAP_FLAGS) & MAP_SINGLE) != 0) {
		/* Of a PCI segment or an SMMU it is the ID of what it does itself, and a
		 * range covers that of a segment. */
		if (n.source != ACPI_NAMED) {
			return true;
		}
		n.first = 0;
		count = 0;
	}
	if (n.first + count < count || n.out + count < count) {
		return table_bad(t, at + MAP_COUNT, "has more IDs than there are");
	}
	n.last = n.first + count;
	if (n.source == ACPI_SEGMENT && n.last > REQUESTER_ID_MAX) {
		return table_bad(t, at + MAP_COUNT, "has more requester IDs than a PCI segment");
	}
	if (!node_find(t, to, &type)) {
		return table_bad(t, at + MAP_TO, "leads to no node");
	}
	switch (type) {
	case NODE_SMMUV3:
		n.smmu = smmu_find(m, to);
		break;
	case NODE_ITS:
		n.smmu = ACPI_ITS;
		n.group = to;
		n.its = its_first(t, to);
		break;
	case NODE_SMMU:
		return table_bad(t, at + MAP_TO, "leads to an SMMU of version 1 or 2, which has no driver");
	default:
		return table_bad(t, at + MAP_TO, "leads to a node that no IDs go to");
	}
	if (n.source == ACPI_SMMU && n.smmu != ACPI_ITS) {
		return table_bad(t, at + MAP_TO, "leads from one SMMU to another");
	}
	return map_add(m, t, at, &n);
}

/* The mappings of the node at `at`. */
static bool maps_read(struct acpi_machine *m, const struct acpi_table *t, uint32_t at)
{
	uint32_t size = table_16(t, at + NODE_LENGTH);
	struct acpi_map n = {.from = at};

	switch (t->bytes[at + NODE_TYPE]) {
	case NODE_ROOT:
		if (size < ROOT_SIZE) {
			return table_bad(t, at + NODE_LENGTH, "is too short for a root complex");
		}
		n.source = ACPI_SEGMENT;
		n.from = table_32(t, at + ROOT_SEGMENT);
		break;
	case NODE_NAMED:
		n.source = ACPI_NAMED;
		break;
	case NODE_SMMUV3:
		n.source = ACPI_SMMU;
		n.from = smmu_find(m, at);
		break;
	default:
		return true;
	}
	for (uint32_t i = 0; i < table_32(t, at + NODE_MAPS); i++) {
		if (!map_read(m, t, at + table_32(t, at + NODE_MAPS_AT) + i * MAP_SIZE, n)) {
			return false;
		}
	}
	return true;
}

bool iort_read(struct acpi_machine *m, const struct acpi_table *t)
{
	uint32_t count, node;

	if (!table_has(t, 0, IORT_SIZE)) {
		return false;
	}
	count = table_32(t, IORT_COUNT);
	node = table_32(t, IORT_FIRST);
	if (count > IORT_NODES_MAX) {
		return table_bad(t, IORT_COUNT, "is more nodes than a machine has");
	}
	if (count != 0 && node < IORT_SIZE) {
		return table_bad(t, IORT_FIRST, "lies before the end of what the table begins with");
	}
	/* All SMMUs first: a mapping may lead to one that comes later. */
	for (uint32_t i = 0, at = node, next = 0; i < count; i++, at = next) {
		if (!node_check(t, at, &next) || !node_add(m, t, at, next - at)) {
			return false;
		}
	}
	for (uint32_t i = 0; i < count; i++, node += table_16(t, node + NODE_LENGTH)) {
		if (!maps_read(m, t, node)) {
			return false;
		}
	}
	return true;
}
