// SPDX-License-Identifier: Apache-2.0
/*
 * SMMUv3s: all IDs that IORT leads there are the domain's, and go through the tables of its
 * CPUs; any other has an invalid entry, or none (IHI 0070, 3.3 and 5.2).
 */
#include "firmware/build/build.h"
#include "lib/string.h"
#include "mm/smmu_desc.h"

#define SPLIT 6u /* stream IDs of one second level, which is then one page */
#define GROUP (UINT64_C(1) << SPLIT)
#define STE_WORDS 8u
#define BITS_MAX 22u /* 512 KiB of first level */
#define CMDQ_LOG2 8u /* a page each */
#define EVTQ_LOG2 7u
#define CMD_SIZE 16u
#define EVENT_SIZE 32u
#define SMMU_SIZE KIB(128)
#define NAME_SIZE 8u

_Static_assert((CMD_SIZE << CMDQ_LOG2) == PAGE_SIZE && (EVENT_SIZE << EVTQ_LOG2) == PAGE_SIZE,
	       "aligned to their size");
_Static_assert(GROUP * STE_WORDS * sizeof(uint64_t) == PAGE_SIZE, "one page");

struct streams {
	struct build *b;
	struct smmu_desc *desc;
	struct stream_desc *list;
	uint64_t *whole; /* the second level of groups that are all the domain's */
};

/* Whether IORT leads some of the IDs of a segment, or of a named component, to an SMMUv3. */
static bool streams_some(const struct acpi_machine *m, uint32_t source, uint32_t from)
{
	for (uint32_t i = 0; i < m->map_count; i++) {
		if (m->maps[i].source == source && m->maps[i].from == from && m->maps[i].smmu != ACPI_ITS) {
			return true;
		}
	}
	return false;
}

/* Nothing confines what goes past all SMMUs. Of a segment firmware may say it of buses that it
 * has found nothing on. */
static bool streams_confined(struct build *b)
{
	const struct acpi_machine *m = b->machine;

	for (uint32_t i = 0; i < m->map_count; i++) {
		if (m->maps[i].source == ACPI_NAMED && !streams_some(m, ACPI_NAMED, m->maps[i].from)) {
			return build_refuse(b, "has a named component whose DMA goes past all SMMUv3s, in its IORT at offset",
					    m->maps[i].from);
		}
	}
	for (uint32_t i = 0; i < m->segment_count; i++) {
		if (!streams_some(m, ACPI_SEGMENT, m->segments[i].segment)) {
			return build_refuse(b, "has a PCI segment whose DMA goes past all SMMUv3s by its IORT, number",
					    m->segments[i].segment);
		}
	}
	return true;
}

/* The IDs of one SMMU, ascending, what overlaps or follows joined. */
static bool streams_list(struct streams *s, uint32_t smmu)
{
	const struct acpi_machine *m = s->b->machine;
	uint32_t count = 0, last = 0;

	s->list = build_take(s->b, m->map_count * sizeof(s->list[0]), sizeof(uint64_t));
	if (s->list == NULL) {
		return false;
	}
	for (uint32_t i = 0; i < m->map_count; i++) {
		const struct acpi_map *map = &m->maps[i];
		uint64_t last_id = (uint64_t)map->out + (map->last - map->first);
		struct stream_desc x = {.first = map->out, .count = map->last - map->first + 1,
					.device = s->b->names.stream, .file = s->b->names.table};
		uint32_t k = count;

		if (map->smmu != smmu || map->source == ACPI_SMMU) {
			continue;
		}
		if (last_id >= BIT64(BITS_MAX)) {
			return build_refuse(s->b, "has stream IDs in its IORT that are too large for this version, up to",
					    last_id);
		}
		for (; k > 0 && s->list[k - 1].first > x.first; k--) {
			s->list[k] = s->list[k - 1];
		}
		s->list[k] = x;
		count++;
	}
	for (uint32_t i = 1; i < count; i++) {
		struct stream_desc *before = &s->list[last];
		uint64_t end = (uint64_t)before->first + before->count;
		uint64_t to = (uint64_t)s->list[i].first + s->list[i].count;

		if (s->list[i].first > end) {
			s->list[++last] = s->list[i];
		} else if (to > end) {
			before->count = (uint32_t)(to - before->first);
		}
	}
	s->desc->streams = (const struct stream_desc *)(uintptr_t)build_va(s->b, s->list);
	s->desc->stream_count = count == 0 ? 0 : last + 1;
	return true;
}

/* VTCR_EL2 and STE word 2 have T0SZ, SL0, IRGN0, ORGN0, SH0, TG0 and PS in one order. */
static void streams_put(const struct streams *s, uint64_t *ste)
{
	const struct domain_desc *d = s->b->domain;

	ste[0] = STE_VALID | FIELD_PREP(STE_CONFIG, STE_CONFIG_STAGE2);
	ste[1] = FIELD_PREP(STE_SHCFG, STE_SHCFG_INCOMING);
	ste[2] = FIELD_PREP(STE_S2VMID, d->vttbr >> 48) | FIELD_PREP(STE_S2CONTROL, d->vtcr) | STE_S2AA64 |
		 STE_S2PTW | STE_S2R;
	ste[3] = d->vttbr & STE_S2TTB;
}

/* How many of the IDs first..first+count-1 are the domain's; `to` NULL, or where the entry of
 * `first` is. */
static uint64_t streams_fill(const struct streams *s, uint64_t first, uint64_t count, uint64_t *to)
{
	uint64_t had = 0;

	for (uint32_t i = 0; i < s->desc->stream_count; i++) {
		uint64_t from = s->list[i].first, end = from + s->list[i].count;

		from = from > first ? from : first;
		end = end < first + count ? end : first + count;
		for (uint64_t id = from; id < end && to != NULL; id++) {
			streams_put(s, to + (id - first) * STE_WORDS);
		}
		had += from < end ? end - from : 0;
	}
	return had;
}

/* The descriptor of a group; 0: none of it is the domain's. *good: there was memory. */
static uint64_t streams_group(struct streams *s, uint64_t first, bool *good)
{
	uint64_t had = streams_fill(s, first, GROUP, NULL);
	uint64_t *page = had == GROUP ? s->whole : NULL;

	if (had == 0) {
		return 0;
	}
	if (page == NULL) {
		page = build_take(s->b, PAGE_SIZE, PAGE_SIZE);
		*good = page != NULL;
		if (page == NULL) {
			return 0;
		}
		(void)streams_fill(s, first, GROUP, page);
		s->whole = had == GROUP ? page : s->whole;
	}
	return build_pa(s->b, page) | FIELD_PREP(L1_SPAN, SPLIT + 1);
}

/* SMMUs that have more than 2^6 IDs have two levels (6.3.1, ST_LEVEL); others get one page. */
static bool streams_table(struct streams *s)
{
	const struct stream_desc *last = &s->list[s->desc->stream_count];
	uint64_t ids = s->desc->stream_count == 0 ? 0 : (uint64_t)last[-1].first + last[-1].count;
	uint64_t *table, size;
	uint32_t bits = SPLIT;
	bool good = true;

	while (BIT64(bits) < ids) {
		bits++;
	}
	if (bits == SPLIT) {
		table = build_take(s->b, PAGE_SIZE, PAGE_SIZE);
		if (table == NULL) {
			return false;
		}
		(void)streams_fill(s, 0, GROUP, table);
		s->desc->strtab_cfg = FIELD_PREP(STRTAB_LOG2SIZE, bits);
	} else {
		size = sizeof(uint64_t) << (bits - SPLIT);
		size = size < PAGE_SIZE ? PAGE_SIZE : size;
		table = build_take(s->b, size, size);
		for (uint64_t g = 0; table != NULL && g < BIT64(bits - SPLIT) && good; g++) {
			table[g] = streams_group(s, g * GROUP, &good);
		}
		s->desc->strtab_cfg = FIELD_PREP(STRTAB_LOG2SIZE, bits) | FIELD_PREP(STRTAB_SPLIT, SPLIT) |
				      FIELD_PREP(STRTAB_FMT, STRTAB_FMT_TWO_LEVEL);
	}
	if (table != NULL) {
		s->desc->strtab_base = build_pa(s->b, table) | STRTAB_BASE_RA;
	}
	return table != NULL && good;
}

static bool streams_name(struct streams *s, uint32_t n)
{
	char *name = build_take(s->b, NAME_SIZE, 1);

	if (name == NULL) {
		return false;
	}
	memcpy(name, "smmu", 4);
	name[4] = (char)('0' + n / 10);
	name[n < 10 ? 4 : 5] = (char)('0' + n % 10);
	s->desc->name = (const char *)(uintptr_t)build_va(s->b, name);
	return true;
}

static bool streams_smmu(struct streams *s, uint32_t n)
{
	static const uint8_t output[] = {32, 36, 40, 42, 44, 48};
	const struct acpi_smmu *a = &s->b->machine->smmus[n];
	void *cmdq = build_take_written(s->b, PAGE_SIZE, PAGE_SIZE);
	void *evtq = build_take_written(s->b, PAGE_SIZE, PAGE_SIZE);

	if (cmdq == NULL || evtq == NULL || !streams_name(s, n)) {
		return false;
	}
	s->desc->reg = (struct mem_range){a->base, SMMU_SIZE};
	s->desc->evtq_intid = a->evtq;
	s->desc->gerror_intid = a->gerror;
	s->desc->cmdq_log2 = CMDQ_LOG2;
	s->desc->evtq_log2 = EVTQ_LOG2;
	s->desc->oas_pa_bits = output[s->b->domain->vtcr >> 16 & 7];
	s->desc->cmdq = (uint64_t *)(uintptr_t)build_va(s->b, cmdq);
	s->desc->evtq = (uint64_t *)(uintptr_t)build_va(s->b, evtq);
	s->desc->coherent = a->coherent ? 1 : 0;
	return streams_list(s, n) && streams_table(s);
}

bool build_streams(struct build *b)
{
	struct streams s = {.b = b};
	uint32_t count = b->machine->smmu_count;

	if (count > SMMUS_MAX) {
		return build_refuse(b, "has more SMMUv3s in its IORT than this version drives:", count);
	}
	if (!streams_confined(b)) {
		return false;
	}
	b->smmus = build_take(b, count * sizeof(b->smmus[0]), sizeof(uint64_t));
	if (b->smmus == NULL) {
		return false;
	}
	for (uint32_t i = 0; i < count; i++) {
		s.desc = &b->smmus[i];
		if (!streams_smmu(&s, i)) {
			return false;
		}
	}
	b->board->smmus = (const struct smmu_desc *)(uintptr_t)build_va(b, b->smmus);
	b->board->smmu_count = count;
	return true;
}
