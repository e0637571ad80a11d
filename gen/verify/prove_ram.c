// SPDX-License-Identifier: Apache-2.0
/*
 * Property 2 where the hypervisor acts for a domain: the RAM it will scrub, the
 * payloads and the device tree it copies, the place where the guest starts.
 */
#include <inttypes.h>

#include "subject.h"

/* What of [lo, hi) has the colours, in pages. */
static void prove_add_colored(struct subject *s, struct spans *listed, const struct color_set *colors,
			      uint64_t lo, uint64_t hi)
{
	if (colors->of == 0) {
		spans_add(s->mem, listed, lo, hi);
		return;
	}
	for (; lo < hi; lo += PAGE_SIZE) {
		if (lo / PAGE_SIZE % colors->of >= colors->first &&
		    lo / PAGE_SIZE % colors->of < (uint64_t)colors->first + colors->count) {
			spans_add(s->mem, listed, lo, lo + PAGE_SIZE);
		}
	}
}

/* Between the first and the last usable byte. */
static bool prove_is_near(const struct subject *s, uint64_t lo, uint64_t hi)
{
	const struct spans *u = &s->usable;

	return u->count > 0 && lo >= u->v[0].lo && hi <= u->v[u->count - 1].hi;
}

/* The list and the RAM are the same set of pages. */
static void prove_ram_list(struct subject *s, const struct guest *g)
{
	struct spans listed = {.count = 0}, whole = {.count = 0};

	for (uint32_t i = 0; i < g->image->desc.ram_count; i++) {
		const struct mem_range *r = &g->image->ram[i];
		struct span common;

		report_count(s->report, PROPERTY_OWNERS, 1);
		if (r->size == 0 || r->base + r->size < r->base || (r->base | r->size) % PAGE_SIZE != 0 ||
		    !prove_is_near(s, r->base, r->base + r->size) ||
		    spans_meet(&whole, r->base, r->base + r->size, &common)) {
			report_fail(s->report, PROPERTY_OWNERS, g->yaml->name, r->base, r->base + r->size,
				    &g->yaml->memory_at, NULL, "the list of its RAM has what is not its RAM");
			continue;
		}
		spans_add(s->mem, &whole, r->base, r->base + r->size);
		prove_add_colored(s, &listed, &g->image->desc.colors, r->base, r->base + r->size);
	}
	for (size_t i = 0; i < listed.count; i++) {
		if (!spans_hold(&g->ram, listed.v[i].lo, listed.v[i].hi)) {
			report_fail(s->report, PROPERTY_OWNERS, g->yaml->name, listed.v[i].lo, listed.v[i].hi,
				    &g->yaml->memory_at, NULL, "the list of its RAM has what is not its RAM");
		}
	}
	for (size_t i = 0; i < g->ram.count; i++) {
		const struct span *p = &g->ram.v[i];

		if (!spans_hold(&listed, p->lo, p->hi)) {
			report_fail(s->report, PROPERTY_OWNERS, g->yaml->name, p->lo, p->hi,
				    &g->yaml->memory_at, NULL, "the list of its RAM leaves out some of this");
		}
		if (!spans_hold(&s->usable, p->lo, p->hi)) {
			report_fail(s->report, PROPERTY_OWNERS, g->yaml->name, p->lo, p->hi,
				    &g->yaml->memory_at, NULL,
				    "its memory is not RAM that the board has to give");
		}
	}
}

/* Whether all of [in, in+size) is mapped to the domain's RAM, readable. The runs
 * ascend by input address. */
static bool prove_lands(const struct guest *g, uint64_t in, uint64_t size)
{
	for (size_t i = 0; i < g->walk.runs.count && size > 0; i++) {
		const struct run *run = &g->walk.runs.v[i];
		uint64_t offset = in - run->in, part = run->size - offset;

		if (in < run->in || offset >= run->size) {
			continue;
		}
		part = part < size ? part : size;
		if ((run->attr & ATTR_READ) == 0 ||
		    !spans_hold(&g->ram, run->out + offset, run->out + offset + part)) {
			return false;
		}
		in += part;
		size -= part;
	}
	return size == 0;
}

static void prove_pieces(struct subject *s, const struct guest *g)
{
	const struct mem_range *store = &s->image.board.store;
	struct spans carried = {.count = 0};

	spans_add(s->mem, &carried, store->base, store->base + store->size);
	for (uint32_t i = 0; i < g->image->desc.piece_count; i++) {
		const struct payload_piece *p = &g->image->pieces[i];

		report_count(s->report, PROPERTY_OWNERS, 1);
		if (p->from + p->size < p->from || !spans_hold(&carried, p->from, p->from + p->size)) {
			report_fail(s->report, PROPERTY_OWNERS, g->yaml->name, p->from, p->from + p->size,
				    &g->yaml->at, NULL, "a payload is copied from outside the store");
		}
		if (p->to + p->size < p->to || !prove_lands(g, p->to, p->size)) {
			report_fail(s->report, PROPERTY_OWNERS, g->yaml->name, p->to, p->to + p->size,
				    &g->yaml->at, NULL, "a payload is copied to what is not its RAM");
		}
	}
}

static void prove_start(struct subject *s, const struct guest *g)
{
	const struct domain_desc *d = &g->image->desc;
	bool found = false;

	if (d->dtb != NULL) {
		report_count(s->report, PROPERTY_OWNERS, 1);
		if (d->dtb_ipa + d->dtb_size < d->dtb_ipa || !prove_lands(g, d->dtb_ipa, d->dtb_size)) {
			report_fail(s->report, PROPERTY_OWNERS, g->yaml->name, d->dtb_ipa,
				    d->dtb_ipa + d->dtb_size, &g->yaml->at, NULL,
				    "its device tree is copied to what is not its RAM");
		}
	}
	for (size_t i = 0; i < g->walk.runs.count && !found; i++) {
		const struct run *run = &g->walk.runs.v[i];

		found = d->entry >= run->in && d->entry - run->in < run->size &&
			(run->attr & ATTR_EXEC) != 0 && d->entry % 4 == 0;
	}
	if (!found && g->ram.count > 0) {
		report_fail(s->report, PROPERTY_OWNERS, g->yaml->name, d->entry, d->entry + 4, &g->yaml->at,
			    NULL, "its first instruction is not in executable memory of its own");
	}
}

/* 4: what is to be taken out of the caches before the domain runs is the Normal memory
 * of its devices, all of it. */
static void prove_handover(struct subject *s, const struct guest *g)
{
	struct spans memory = {.count = 0}, listed = {.count = 0};

	for (size_t i = 0; i < s->board->device_count; i++) {
		const struct device *d = &s->board->devices[i];

		for (size_t j = 0; d->memory && d->owner == g->index && j < d->reg_count - d->window_count; j++) {
			struct span pages = own_pages(&d->reg[j]);

			spans_add(s->mem, &memory, pages.lo, pages.hi);
		}
	}
	for (uint32_t i = 0; i < g->image->desc.handover_count; i++) {
		const struct mem_range *r = &g->image->handover[i];

		report_count(s->report, PROPERTY_ATTRIBUTES, 1);
		if (r->size == 0 || r->base + r->size < r->base ||
		    !spans_hold(&memory, r->base, r->base + r->size)) {
			report_fail(s->report, PROPERTY_ATTRIBUTES, g->yaml->name, r->base, r->base + r->size,
				    &g->yaml->at, NULL, "it is cleaned from the caches as memory of its devices");
			continue;
		}
		spans_add(s->mem, &listed, r->base, r->base + r->size);
	}
	for (size_t i = 0; i < memory.count; i++) {
		const struct span *p = &memory.v[i];

		if (!spans_hold(&listed, p->lo, p->hi)) {
			report_fail(s->report, PROPERTY_ATTRIBUTES, g->yaml->name, p->lo, p->hi, &g->yaml->at,
				    NULL, "memory of its devices is not cleaned from the caches before it runs");
		}
	}
}

void prove_ram(struct subject *s)
{
	for (size_t i = 0; i < s->guest_count; i++) {
		prove_ram_list(s, &s->guests[i]);
		prove_pieces(s, &s->guests[i]);
		prove_handover(s, &s->guests[i]);
		prove_start(s, &s->guests[i]);
	}
}
