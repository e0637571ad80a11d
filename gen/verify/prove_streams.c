// SPDX-License-Identifier: Apache-2.0
/*
 * Properties 3 and 5: each stream ID of each SMMUv3 is either translated by the very
 * stage-2 tables of the domain that has its device, or aborted.
 */
#include <inttypes.h>
#include <string.h>

#include "smmu.h"
#include "subject.h"

#define STE_SIZE  64
#define DESC_SIZE 8

/* One SMMU: the image's words beside the YAML's. */
struct streams {
	struct subject *s;
	const struct image_smmu *image;
	const struct smmu *yaml;
	size_t index; /* of both */
	struct strtab table;
};

static void streams_fail(const struct streams *x, enum property p, uint64_t id, const struct place *at,
			 const char *why)
{
	report_fail(x->s->report, p, NULL, id, id + 1, at != NULL ? at : &x->yaml->at, NULL,
		    "'%s', stream ID 0x%" PRIx64 ": %s", x->yaml->name, id, why);
}

/* Who should have a stream ID: index of a domain of the YAML, or OWNER_NOBODY. *end
 * is where that may change. */
static int streams_owner(const struct streams *x, uint64_t id, uint64_t *end, const struct link **link)
{
	const struct board *b = x->s->board;
	int owner = OWNER_NOBODY;

	*end = UINT64_MAX;
	*link = NULL;
	for (size_t i = 0; i < b->device_count; i++) {
		const struct device *d = &b->devices[i];

		for (size_t j = 0; j < d->link_count; j++) {
			const struct link *l = &d->links[j];
			uint64_t edge = id < l->first ? l->first : l->first + l->count;

			if (l->smmu != x->index || id >= l->first + l->count) {
				continue;
			}
			*end = edge < *end ? edge : *end;
			if (id < l->first || d->owner < 0) {
				continue;
			}
			if (owner >= 0 && owner != d->owner) {
				report_fail(x->s->report, PROPERTY_DMA, b->domains[owner].name, id, id + 1,
					    &l->at, *link != NULL ? &(*link)->at : NULL,
					    "'%s': the stream ID is one of domain '%s' too", x->yaml->name,
					    b->domains[d->owner].name);
			}
			owner = d->owner;
			*link = l;
		}
	}
	return owner;
}

/* The words at physical address `pa`, marked as a stream table's; NULL: there are
 * none, or they are something else. */
static const uint8_t *streams_bytes(const struct streams *x, uint64_t pa, uint64_t size)
{
	struct walk_pages *p = &x->s->pages;

	uint64_t offset = size > 0 ? walk_offset(p, pa, size) : UINT64_MAX;

	if (offset == UINT64_MAX) {
		return NULL;
	}
	for (uint64_t page = offset / PAGE_SIZE; page <= (offset + size - 1) / PAGE_SIZE; page++) {
		if (p->used[page] == PAGE_TABLE) {
			return NULL;
		}
		p->used[page] = PAGE_STREAMS;
	}
	return p->bytes + offset;
}

/* The domain whose CPUs have exactly these tables, VMID and geometry (or whose streams
 * have, with a GICv2); NULL: none. */
static const struct guest *streams_guest(struct subject *s, const struct ste *e)
{
	for (size_t i = 0; i < s->guest_count; i++) {
		const struct domain_desc *d = &s->guests[i].image->desc;

		if (e->vmid == d->vttbr >> 48 && e->control == (d->vtcr & GENMASK64(18, 0)) &&
		    prove_dma_root(s, &s->guests[i], e->root)) {
			return &s->guests[i];
		}
	}
	return NULL;
}

static void streams_check_ste(const struct streams *x, uint64_t id, const uint8_t *bytes, int owner,
			      const struct link *link)
{
	const struct place *at = link != NULL ? &link->at : NULL;
	const struct guest *g = NULL;
	uint64_t words[STE_SIZE / 8] = {0};
	struct ste e;

	if (bytes != NULL) {
		memcpy(words, bytes, sizeof(words));
	}
	e = ste_decode(words);
	report_count(x->s->report, PROPERTY_STREAMS, 1);
	if (e.kind == STE_BAD) {
		streams_fail(x, PROPERTY_STREAMS, id, at, e.why);
		return;
	}
	if (e.kind == STE_STAGE2 || e.kind == STE_HELD) {
		report_count(x->s->report, PROPERTY_DMA, 1);
		g = streams_guest(x->s, &e);
		if (g == NULL) {
			streams_fail(x, PROPERTY_DMA, id, at, "it is translated otherwise than any domain's CPUs");
			return;
		}
	}
	if (g != NULL && owner < 0) {
		streams_fail(x, PROPERTY_STREAMS, id, at,
			     mem_print(x->s->mem, "it is nobody's, but reaches what domain '%s' does",
				       g->yaml->name));
	} else if (g != NULL && g->index != owner) {
		streams_fail(x, PROPERTY_DMA, id, at,
			     mem_print(x->s->mem, "it is domain '%s''s, but reaches what domain '%s' does",
				       x->s->board->domains[owner].name, g->yaml->name));
	} else if (g != NULL && (e.kind == STE_HELD) != g->yaml->viommu.given) {
		streams_fail(x, PROPERTY_STREAMS, id, at,
			     e.kind == STE_HELD ? "it is aborted, and no virtual SMMUv3 is there to change that"
						: "it is not aborted until its virtual SMMUv3 says otherwise");
	} else if (g == NULL && owner >= 0) {
		streams_fail(x, PROPERTY_DMA, id, at,
			     mem_print(x->s->mem, "it is domain '%s''s, but is aborted",
				       x->s->board->domains[owner].name));
	}
}

/* The IDs first..first+count-1, whose entries begin at `bytes`; NULL: they have none. */
static void streams_check_run(const struct streams *x, uint64_t first, uint64_t count, const uint8_t *bytes)
{
	const struct link *link = NULL;
	uint64_t end = first;
	int owner = OWNER_NOBODY;

	for (uint64_t id = first; id < first + count; id++) {
		if (id >= end) {
			owner = streams_owner(x, id, &end, &link);
		}
		if (bytes == NULL && owner < 0) {
			id = end - 1 < first + count - 1 ? end - 1 : first + count - 1;
			continue;
		}
		streams_check_ste(x, id, bytes != NULL ? bytes + (id - first) * STE_SIZE : NULL, owner, link);
		if (bytes == NULL) {
			return; /* one finding for all that are missing */
		}
	}
}

/* Groups of IDs that one table serves and one domain has, or nobody, are looked at
 * once. */
struct group {
	const uint8_t *bytes;
	int owner;
	bool whole; /* all of its IDs are that owner's */
};

static void streams_check_group(const struct streams *x, uint64_t first, struct group *last,
				const uint8_t *bytes)
{
	uint64_t count = BIT64(x->table.split);
	struct group now = {.bytes = bytes};
	const struct link *link;
	uint64_t end;

	now.owner = streams_owner(x, first, &end, &link);
	now.whole = end >= first + count;
	if (now.whole && last->whole && now.owner == last->owner && now.bytes == last->bytes) {
		report_count(x->s->report, PROPERTY_STREAMS, count);
		report_count(x->s->report, PROPERTY_DMA, now.owner >= 0 ? count : 0);
	} else {
		streams_check_run(x, first, count, bytes);
	}
	*last = now;
}

static void streams_check_two_level(const struct streams *x, const uint8_t *l1)
{
	uint64_t group = BIT64(x->table.split);
	struct group last = {.whole = false};

	for (uint64_t i = 0; i < x->table.size / DESC_SIZE; i++) {
		const uint8_t *bytes = NULL;
		const char *why;
		uint64_t table;
		uint64_t desc;

		memcpy(&desc, l1 + i * DESC_SIZE, sizeof(desc));
		report_count(x->s->report, PROPERTY_STREAMS, 1);
		if (strtab_next(&x->table, desc, &table, &why)) {
			bytes = streams_bytes(x, table, group * STE_SIZE);
			why = bytes == NULL ? "a second-level table outside section .tables, or in a page table"
					    : NULL;
		}
		if (why != NULL) {
			streams_fail(x, PROPERTY_STREAMS, i * group, NULL, why);
		} else {
			streams_check_group(x, i * group, &last, bytes);
		}
	}
}

static void streams_check_table(struct streams *x)
{
	const struct smmu_desc *d = &x->image->desc;
	const uint8_t *bytes;

	x->table = strtab_decode(d->strtab_base, d->strtab_cfg);
	bytes = x->table.why == NULL ? streams_bytes(x, x->table.base, x->table.size) : NULL;
	if (bytes == NULL) {
		report_fail(x->s->report, PROPERTY_STREAMS, NULL, x->table.base, x->table.base + x->table.size,
			    &x->yaml->at, NULL, "the stream table of '%s': %s", x->yaml->name,
			    x->table.why != NULL ? x->table.why : "not in section .tables, or in a page table");
		return;
	}
	if (x->table.split == 0) {
		streams_check_run(x, 0, BIT64(x->table.bits), bytes);
	} else {
		streams_check_two_level(x, bytes);
	}
	/* What the table does not reach is aborted, so it must be nobody's. */
	streams_check_run(x, BIT64(x->table.bits), BIT64(32) - BIT64(x->table.bits), NULL);
}

static void streams_number(const struct streams *x, enum property p, const char *what, uint64_t found,
			   uint64_t wanted)
{
	report_count(x->s->report, p, 1);
	if (found != wanted) {
		report_fail(x->s->report, p, NULL, 0, 0, &x->yaml->at, NULL,
			    "'%s': %s is 0x%" PRIx64 " in the image, but 0x%" PRIx64 " by the YAML",
			    x->yaml->name, what, found, wanted);
	}
}

/* A queue: in the hypervisor's zeroed data, aligned to its size, the object that was made
 * to be it, and nobody else's. `what`: cmdq or evtq. */
static void streams_check_queue(const struct streams *x, const char *what, uint64_t at, uint64_t size,
				struct spans *queues)
{
	char name[32];
	struct span common;
	uint64_t lo = 0;
	uint64_t hi = 0;

	snprintf(name, sizeof(name), "smmu%zu_%s", x->index, what);
	elf_symbol(x->s->elf, "__bss_start", &lo);
	elf_symbol(x->s->elf, "__bss_end", &hi);
	report_count(x->s->report, PROPERTY_STREAMS, 1);
	if (size > hi - lo || at < lo || at > hi - size || !IS_ALIGNED(at, size) ||
	    !elf_object(x->s->elf, name, at, size) || spans_meet(queues, at, at + size, &common)) {
		report_fail(x->s->report, PROPERTY_STREAMS, NULL, at, at + size, &x->yaml->at, NULL,
			    "%s of '%s' is not the object '%s' of .bss, aligned to its size", what, x->yaml->name,
			    name);
		return;
	}
	spans_add(x->s->mem, queues, at, at + size);
}

static void streams_check_facts(const struct streams *x, struct spans *queues)
{
	static const uint64_t sizes[] = {32, 36, 40, 42, 44, 48};
	const struct smmu_desc *d = &x->image->desc;
	uint64_t ps = x->s->guest_count > 0 ? x->s->guests[0].image->desc.vtcr >> 16 & 7 : 0;

	if (strcmp(x->image->name, x->yaml->name) != 0) {
		streams_fail(x, PROPERTY_STREAMS, 0, NULL, "the SMMU has another name in the image");
	}
	streams_number(x, PROPERTY_STREAMS, "the address", d->reg.base, x->yaml->reg.base);
	streams_number(x, PROPERTY_STREAMS, "the size of its registers", d->reg.size, x->yaml->reg.size);
	streams_number(x, PROPERTY_INTERRUPTS, "its event interrupt", d->evtq_intid, x->yaml->event.intid);
	streams_number(x, PROPERTY_INTERRUPTS, "its error interrupt", d->gerror_intid, x->yaml->error.intid);
	streams_number(x, PROPERTY_STREAMS, "whether it is coherent", d->coherent, x->yaml->coherent ? 1 : 0);
	streams_number(x, PROPERTY_STREAMS, "the size of its command queue",
		       d->cmdq_log2 < 32 ? BIT64(d->cmdq_log2) : 0, x->yaml->cmdq);
	streams_number(x, PROPERTY_STREAMS, "the size of its event queue",
		       d->evtq_log2 < 32 ? BIT64(d->evtq_log2) : 0, x->yaml->evtq);
	streams_number(x, PROPERTY_DMA, "its output size", d->oas_pa_bits,
		       ps < ARRAY_SIZE(sizes) ? sizes[ps] : 0);
	streams_check_queue(x, "cmdq", (uint64_t)(uintptr_t)d->cmdq, x->yaml->cmdq * 16, queues);
	streams_check_queue(x, "evtq", (uint64_t)(uintptr_t)d->evtq, x->yaml->evtq * 32, queues);
}

/* Whether the YAML links the IDs of `d` to the device that it names, and that has the
 * owner that it names. The line in the file is for people alone. */
static bool streams_linked(const struct streams *x, const struct image_stream *d)
{
	const struct board *b = x->s->board;
	const struct device *dev = board_device(b, d->device);
	int owner = d->desc.domain < x->s->guest_count ? x->s->guests[d->desc.domain].index : OWNER_NOBODY;

	if (dev == NULL || owner != (dev->owner >= 0 ? dev->owner : OWNER_NOBODY) ||
	    (owner < 0 && d->desc.domain != OWNER_NONE)) {
		return false;
	}
	for (size_t i = 0; i < dev->link_count; i++) {
		const struct link *l = &dev->links[i];

		if (l->smmu == x->index && d->desc.first >= l->first &&
		    (uint64_t)d->desc.first + d->desc.count <= l->first + l->count) {
			return true;
		}
	}
	return false;
}

/* The list for reports: ascending, disjoint, each entry as the YAML has it, and none
 * left out. */
static void streams_check_list(const struct streams *x)
{
	const struct board *b = x->s->board;
	struct spans listed = {.count = 0};
	uint64_t next = 0;

	for (uint32_t i = 0; i < x->image->desc.stream_count; i++) {
		const struct image_stream *d = &x->image->streams[i];

		report_count(x->s->report, PROPERTY_STREAMS, 1);
		if (d->desc.count == 0 || d->desc.first < next || !streams_linked(x, d)) {
			streams_fail(x, PROPERTY_STREAMS, d->desc.first, NULL,
				     "reports would name it wrongly, or it is not in its place in the list");
			continue;
		}
		next = (uint64_t)d->desc.first + d->desc.count;
		spans_add(x->s->mem, &listed, d->desc.first, next);
	}
	for (size_t i = 0; i < b->device_count; i++) {
		for (size_t j = 0; j < b->devices[i].link_count; j++) {
			const struct link *l = &b->devices[i].links[j];

			if (l->smmu == x->index && !spans_hold(&listed, l->first, l->first + l->count)) {
				streams_fail(x, PROPERTY_STREAMS, l->first, &l->at, "reports would not name it");
			}
		}
	}
}

void prove_streams(struct subject *s)
{
	struct spans queues = {.count = 0};

	if (s->image.board.smmu_count != s->board->smmu_count) {
		report_fail(s->report, PROPERTY_STREAMS, NULL, 0, 0, NULL, NULL,
			    "the image has %" PRIu64 " SMMUs, the YAML %zu", s->image.board.smmu_count,
			    s->board->smmu_count);
		return;
	}
	for (size_t i = 0; i < s->board->smmu_count; i++) {
		struct streams x = {
			.s = s, .image = &s->image.smmus[i], .yaml = &s->board->smmus[i], .index = i};

		streams_check_facts(&x, &queues);
		streams_check_table(&x);
		streams_check_list(&x);
	}
}
