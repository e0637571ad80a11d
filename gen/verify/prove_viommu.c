// SPDX-License-Identifier: Apache-2.0
/*
 * Properties 3 and 6 where a domain has a virtual SMMUv3: its streams are the domain's own,
 * each under one number, and what it is made of is what the YAML says. That their entries
 * abort until the guest says otherwise is prove_streams.c's.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "subject.h"

/* What every guest may have of queues: pages of 256 commands and of 128 events. */
#define CMDQ_LOG2 8
#define EVTQ_LOG2 7
#define SID_BITS_MAX 32
#define STATUS_SIZE 9

static void viommu_number(struct subject *s, const struct guest *g, enum property p, const char *what,
			  uint64_t found, uint64_t wanted)
{
	report_count(s->report, p, 1);
	if (found != wanted) {
		report_fail(s->report, p, g->yaml->name, 0, 0, &g->yaml->viommu.at, NULL,
			    "its virtual SMMUv3: %s is 0x%" PRIx64 " in the image, but 0x%" PRIx64 " by the YAML", what,
			    found, wanted);
	}
}

/* The stream of the YAML that has virtual ID `virt` and that physical ID; NULL: none. */
static const struct vstream *viommu_find(const struct viommu *v, uint64_t virt, uint64_t smmu, uint64_t first)
{
	for (size_t i = 0; i < v->stream_count; i++) {
		const struct vstream *x = &v->streams[i];

		if (virt >= x->virt && virt - x->virt < x->link.count && x->link.smmu == smmu &&
		    first == x->link.first + (virt - x->virt)) {
			return x;
		}
	}
	return NULL;
}

/* Whether all IDs of an entry are as the YAML has them. */
static bool viommu_entry_holds(const struct viommu *v, const struct vstream_desc *d)
{
	uint64_t done = 0;

	while (done < d->count) {
		const struct vstream *x = viommu_find(v, d->virt + done, d->smmu, d->first + done);

		if (x == NULL) {
			return false;
		}
		done = x->virt + x->link.count - d->virt;
	}
	return d->count > 0;
}

static void viommu_fail(struct subject *s, const struct guest *g, uint64_t virt, const struct place *at,
			const char *why)
{
	report_fail(s->report, PROPERTY_DMA, g->yaml->name, virt, virt + 1, at, NULL,
		    "virtual stream ID 0x%" PRIx64 ": %s", virt, why);
}

/* Ascending and disjoint, each entry the YAML's, none left out, no stream twice. */
static void viommu_check_streams(struct subject *s, const struct guest *g)
{
	const struct viommu *v = &g->yaml->viommu;
	struct spans *real = mem_alloc(s->mem, s->board->smmu_count, sizeof(*real));
	struct spans virt = {.count = 0};
	struct span common;
	uint64_t next = 0;

	for (uint32_t i = 0; i < g->image->vsmmu.stream_count; i++) {
		const struct vstream_desc *d = &g->image->vstreams[i];
		uint64_t end = (uint64_t)d->first + d->count;

		report_count(s->report, PROPERTY_DMA, 1);
		if (d->virt < next || !viommu_entry_holds(v, d)) {
			viommu_fail(s, g, d->virt, &v->at, "it is no stream of the domain's, or not in its place");
			continue;
		}
		if (spans_meet(&real[d->smmu], d->first, end, &common)) {
			viommu_fail(s, g, d->virt, &v->at, "its stream has another virtual ID as well");
		}
		next = (uint64_t)d->virt + d->count;
		spans_add(s->mem, &virt, d->virt, next);
		spans_add(s->mem, &real[d->smmu], d->first, end);
	}
	for (size_t i = 0; i < v->stream_count; i++) {
		const struct vstream *x = &v->streams[i];

		report_count(s->report, PROPERTY_DMA, 1);
		if (!spans_hold(&virt, x->virt, x->virt + x->link.count)) {
			viommu_fail(s, g, x->virt, &x->link.at, "the image does not have it");
		}
	}
}

/* Bits of the highest virtual ID. */
static uint64_t viommu_sid_bits(const struct viommu *v)
{
	uint64_t end = 0;
	uint64_t bits = 0;

	for (size_t i = 0; i < v->stream_count; i++) {
		uint64_t here = v->streams[i].virt + v->streams[i].link.count;

		end = here > end ? here : end;
	}
	while (bits < SID_BITS_MAX && BIT64(bits) < end) {
		bits++;
	}
	return bits;
}

/* Whether stage 2 cuts up what a guest's stage 1 may map by one leaf. */
static bool viommu_in_pieces(const struct walk *w)
{
	static const uint64_t sizes[WALK_SIZES] = {MIB(2), GIB(1)};

	for (size_t k = 0; k < WALK_SIZES; k++) {
		for (size_t i = 0; i < w->memory.count; i++) {
			uint64_t end = ALIGN_DOWN(w->memory.v[i].hi, sizes[k]);

			for (uint64_t at = ALIGN_UP(w->memory.v[i].lo, sizes[k]); at < end; at += sizes[k]) {
				if (!spans_hold(&w->large[k], at, at + sizes[k])) {
					return true;
				}
			}
		}
	}
	return false;
}

/* Where the hypervisor may write "disabled": nine bytes of the device tree that say so. */
static void viommu_check_status(struct subject *s, const struct guest *g)
{
	static const char okay[STATUS_SIZE] = "okay";
	const struct domain_desc *d = &g->image->desc;
	uint64_t at = g->image->vsmmu.dtb_status;
	const uint8_t *dtb = d->dtb == NULL ? NULL : elf_bytes(s->elf, (uint64_t)(uintptr_t)d->dtb, d->dtb_size);

	report_count(s->report, PROPERTY_DMA, 1);
	if (dtb == NULL ? at != 0 : at > d->dtb_size || d->dtb_size - at < STATUS_SIZE ||
				    memcmp(dtb + at, okay, STATUS_SIZE) != 0) {
		report_fail(s->report, PROPERTY_DMA, g->yaml->name, 0, 0, &g->yaml->viommu.at, NULL,
			    "the device tree has no status of a virtual SMMUv3 at 0x%" PRIx64, at);
	}
}

static void viommu_check(struct subject *s, const struct guest *g)
{
	const struct viommu *v = &g->yaml->viommu;
	const struct vsmmu_desc *d = &g->image->vsmmu;

	if (v->given != g->image->has_vsmmu) {
		report_fail(s->report, PROPERTY_DMA, g->yaml->name, 0, 0, &g->yaml->at, NULL, "it %s a virtual SMMUv3",
			    v->given ? "lacks" : "should not have");
		return;
	}
	if (!v->given) {
		return;
	}
	viommu_number(s, g, PROPERTY_INTERRUPTS, "the address", d->ipa, v->reg.base);
	viommu_number(s, g, PROPERTY_INTERRUPTS, "its event interrupt", d->evtq_intid, v->irqs[VIOMMU_EVENT].intid);
	viommu_number(s, g, PROPERTY_INTERRUPTS, "its error interrupt", d->gerror_intid,
		      v->irqs[VIOMMU_ERROR].intid);
	viommu_number(s, g, PROPERTY_INTERRUPTS, "its synchronisation interrupt", d->sync_intid,
		      v->irqs[VIOMMU_SYNC].intid);
	viommu_number(s, g, PROPERTY_DMA, "the bits of a stream ID", d->sid_bits, viommu_sid_bits(v));
	viommu_number(s, g, PROPERTY_DMA, "the size of a command queue", d->cmdq_log2, CMDQ_LOG2);
	viommu_number(s, g, PROPERTY_DMA, "the size of an event queue", d->evtq_log2, EVTQ_LOG2);
	viommu_number(s, g, PROPERTY_DMA, "whether translations may be cached in pieces", d->pieces,
		      viommu_in_pieces(&g->walk) ? 1 : 0);
	viommu_number(s, g, PROPERTY_DMA, "its share of pages for entries", d->nested_groups, v->groups);
	viommu_check_status(s, g);
	viommu_check_streams(s, g);
}

/* Pages for second levels that guests make differ: as many as all that are behind the
 * SMMU may have, and nobody else's. */
static void viommu_check_nested(struct subject *s, size_t index, struct spans *pages)
{
	const struct smmu_desc *d = &s->image.smmus[index].desc;
	const struct smmu *yaml = &s->board->smmus[index];
	uint64_t at = (uint64_t)(uintptr_t)d->nested;
	uint64_t wanted = 0;
	uint64_t lo = 0;
	uint64_t hi = 0;
	char name[32];
	struct span common;

	for (size_t i = 0; i < s->board->domain_count && yaml->two_level; i++) {
		const struct viommu *v = &s->board->domains[i].viommu;
		bool used = false;

		for (size_t j = 0; j < v->stream_count; j++) {
			used = used || v->streams[j].link.smmu == index;
		}
		wanted += used ? v->groups : 0;
	}
	report_count(s->report, PROPERTY_DMA, 1);
	if (d->nested_pages != wanted || (wanted == 0 && at != 0)) {
		report_fail(s->report, PROPERTY_DMA, NULL, at, at, &yaml->at, NULL,
			    "'%s' has %" PRIu64 " pages for entries of guests, but %" PRIu64 " by the YAML", yaml->name,
			    d->nested_pages, wanted);
		return;
	}
	if (wanted == 0) {
		return;
	}
	snprintf(name, sizeof(name), "smmu%zu_nested", index);
	elf_symbol(s->elf, "__bss_start", &lo);
	elf_symbol(s->elf, "__bss_end", &hi);
	if (at < lo || at > hi || wanted > (hi - at) / PAGE_SIZE || !IS_ALIGNED(at, PAGE_SIZE) ||
	    !elf_object(s->elf, name, at, wanted * PAGE_SIZE) ||
	    spans_meet(pages, at, at + wanted * PAGE_SIZE, &common)) {
		report_fail(s->report, PROPERTY_DMA, NULL, at, at + wanted * PAGE_SIZE, &yaml->at, NULL,
			    "pages for entries of guests of '%s' are not the object '%s' of .bss", yaml->name, name);
		return;
	}
	spans_add(s->mem, pages, at, at + wanted * PAGE_SIZE);
}

void prove_viommus(struct subject *s)
{
	struct spans pages = {.count = 0};

	for (size_t i = 0; i < s->guest_count; i++) {
		viommu_check(s, &s->guests[i]);
	}
	for (size_t i = 0; i < s->board->smmu_count && s->image.board.smmu_count == s->board->smmu_count; i++) {
		viommu_check_nested(s, i, &pages);
	}
}
