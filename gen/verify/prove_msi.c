// SPDX-License-Identifier: Apache-2.0
/*
 * Properties 1 and 6 of message-signalled interrupts: each LPI, DeviceID and collection
 * has one owner, the one that the YAML gives it; and the memory that the GIC writes is the
 * hypervisor's own, each piece of it for one purpose.
 */
#include <inttypes.h>
#include <string.h>

#include "subject.h"

#define PAGES_MAX 8 /* of level 2 of the device table, for one domain */
#define TABLE_ENTRIES (ITS_PAGE / ITS_TABLE_ENTRY)

/* What has been given away so far. */
struct given {
	struct subject *s;
	struct spans memory;
	uint64_t next_lpi; /* slices follow each other */
	uint64_t next_collection[ITS_MAX];
	uint64_t device_bits[ITS_MAX]; /* that the domains' DeviceIDs take */
};

static void msi_fail(const struct given *x, enum property p, const struct guest *g, uint64_t lo, uint64_t hi,
		     const char *what)
{
	report_fail(x->s->report, p, g != NULL ? g->yaml->name : NULL, lo, hi,
		    g != NULL ? &g->yaml->msi_at : &x->s->board->gic.at, NULL, "%s", what);
}

/* [at, at+size) of the memory for LPIs, for nothing else, aligned. */
static void msi_take(struct given *x, const struct guest *g, const void *pointer, uint64_t size,
		     uint64_t align, const char *what)
{
	const struct mem_range *lpi = &x->s->image.board.lpi;
	uint64_t at = (uint64_t)(uintptr_t)pointer;
	struct span twice;

	report_count(x->s->report, PROPERTY_HYPERVISOR, 1);
	if (size == 0) {
		return;
	}
	if (at < lpi->base || size > lpi->size || at - lpi->base > lpi->size - size || !IS_ALIGNED(at, align) ||
	    spans_meet(&x->memory, at, at + size, &twice)) {
		msi_fail(x, PROPERTY_HYPERVISOR, g, at, at + size,
			 mem_print(x->s->mem, "%s: not in the memory for LPIs, misaligned, or used twice", what));
		return;
	}
	spans_add(x->s->mem, &x->memory, at, at + size);
}

/* Between the sections and the page tables, where the linker was told; a pending table
 * of each CPU in its place. */
static void msi_check_memory(struct given *x)
{
	const struct board_tables *t = &x->s->image.board;
	uint64_t lo = 0, hi = 0, before = 0, behind = 0;

	elf_symbol(x->s->elf, "__lpi_start", &lo);
	elf_symbol(x->s->elf, "__lpi_end", &hi);
	elf_symbol(x->s->elf, "__noinit_end", &before);
	elf_symbol(x->s->elf, "__tables_start", &behind);
	report_count(x->s->report, PROPERTY_HYPERVISOR, 1);
	if (lo != t->lpi.base || hi != t->lpi.base + t->lpi.size || lo < before || hi > behind || hi <= lo ||
	    !IS_ALIGNED(lo, LPI_PENDING_STRIDE) || !IS_ALIGNED(hi, PAGE_SIZE) || before == 0) {
		msi_fail(x, PROPERTY_HYPERVISOR, NULL, lo, hi, "the memory for LPIs is not where the linker left room");
	}
	if (t->home.colors.of != 0) {
		msi_fail(x, PROPERTY_HYPERVISOR, NULL, lo, hi, "with cache colours it is not in one piece");
	}
	for (uint64_t i = 0; i < t->cpu_count; i++) {
		msi_take(x, NULL, (const void *)(uintptr_t)(t->lpi.base + i * LPI_PENDING_STRIDE), LPI_PENDING_SIZE,
			 LPI_PENDING_STRIDE, "a CPU's pending table");
	}
	msi_take(x, NULL, t->lpi_properties, LPIS, PAGE_SIZE, "the table of properties");
}

/* Index in the image of an ITS of the YAML that some domain uses; its_count: missing. */
static uint64_t msi_find_its(const struct subject *s, const struct its *its)
{
	uint64_t i = 0;

	while (i < s->image.board.its_count && strcmp(s->image.itses[i].name, its->name) != 0) {
		i++;
	}
	return i;
}

static void msi_check_its(struct given *x, const struct image_its *its)
{
	const struct board *b = x->s->board;
	const struct its *yaml = NULL;
	bool used = false;

	for (size_t i = 0; i < b->its_count; i++) {
		yaml = strcmp(b->itses[i].name, its->name) == 0 ? &b->itses[i] : yaml;
	}
	for (size_t i = 0; i < b->domain_count; i++) {
		used = used || (yaml != NULL && board_domain_its(b, i) == yaml);
	}
	report_count(x->s->report, PROPERTY_INTERRUPTS, 1);
	if (!used || its->desc.base != yaml->reg.base || its->desc.device_bits > ITS_DEVICE_BITS_MAX) {
		msi_fail(x, PROPERTY_INTERRUPTS, NULL, its->desc.base, its->desc.base + ITS_SIZE,
			 "an ITS that the YAML does not have here, or that no domain uses");
	}
	msi_take(x, NULL, its->desc.queue, ITS_QUEUE_SIZE, ITS_QUEUE_SIZE, "an ITS's command queue");
	msi_take(x, NULL, its->desc.devices, ITS_PAGE, ITS_PAGE, "an ITS's device table");
	msi_take(x, NULL, its->desc.collections, ITS_PAGE, ITS_PAGE, "an ITS's collection table");
}

/* The DeviceIDs of the image are those of the domain's devices at its ITS, and nobody
 * else's. */
static void msi_check_ids(struct given *x, const struct guest *g, const struct its *its, uint32_t device_bits)
{
	const struct board *b = x->s->board;
	struct spans wanted = {.count = 0}, others = {.count = 0}, found = {.count = 0};
	struct span common;
	uint64_t end = 0, needed = 0, next = 0;
	bool good = true;

	for (size_t i = 0; i < b->device_count; i++) {
		for (size_t j = 0; j < b->devices[i].message_count && b->devices[i].enabled; j++) {
			const struct message *m = &b->devices[i].messages[j];
			bool own = b->devices[i].owner == g->index;

			if (&b->itses[m->its] == its) {
				spans_add(x->s->mem, own ? &wanted : &others, m->first, m->first + m->count);
			}
		}
	}
	for (uint32_t i = 0; i < g->image->msi.id_count; i++) {
		const struct msi_ids *ids = &g->image->msi_ids[i];
		uint64_t hi = (uint64_t)ids->first + ids->count;

		report_count(x->s->report, PROPERTY_INTERRUPTS, 1);
		good = good && ids->count != 0 && ids->first >= end && hi <= BIT64(device_bits & 31) &&
		       spans_hold(&wanted, ids->first, hi) && !spans_meet(&others, ids->first, hi, &common);
		end = hi;
		spans_add(x->s->mem, &found, ids->first, hi);
	}
	for (size_t i = 0; i < wanted.count; i++) {
		good = good && spans_hold(&found, wanted.v[i].lo, wanted.v[i].hi);
	}
	for (size_t i = 0; its->cpu_id != UINT64_MAX && i < b->domain_count; i++) {
		if ((int)i != g->index && board_domain_its(b, i) == its &&
		    spans_meet(&wanted, its->cpu_id, its->cpu_id + 1, &common)) {
			msi_fail(x, PROPERTY_INTERRUPTS, g, its->cpu_id, its->cpu_id + 1,
				 "another domain's CPUs can write messages of its device");
		}
	}
	for (size_t i = 0; i < wanted.count; i++) {
		struct span pages = {wanted.v[i].lo / TABLE_ENTRIES, (wanted.v[i].hi - 1) / TABLE_ENTRIES};

		pages.lo = pages.lo < next ? next : pages.lo;
		needed += pages.hi + 1 - pages.lo;
		next = pages.hi + 1;
		while (wanted.v[i].hi - 1 >= BIT64(x->device_bits[g->image->msi.its])) {
			x->device_bits[g->image->msi.its]++;
		}
	}
	needed = needed < g->yaml->msi_devices ? needed : g->yaml->msi_devices;
	good = good && g->image->msi.page_count == (needed < PAGES_MAX ? needed : PAGES_MAX);
	if (!good) {
		msi_fail(x, PROPERTY_INTERRUPTS, g, 0, 0, "its DeviceIDs are not those of its devices");
	}
}

static void msi_check_share(struct given *x, const struct guest *g)
{
	const struct msi_desc *m = &g->image->msi;
	uint64_t lpi = m->lpi_first, end = lpi + m->lpi_count, last = (uint64_t)m->collection + g->yaml->cpu_count;

	report_count(x->s->report, PROPERTY_INTERRUPTS, 3);
	if (m->lpi_count != g->yaml->lpis || (m->lpi_count & (m->lpi_count - 1)) != 0 ||
	    m->lpi_count < MSI_LPIS_MIN || m->lpi_count > MSI_LPIS_MAX || lpi != x->next_lpi ||
	    end > BIT64(LPI_ID_BITS)) {
		msi_fail(x, PROPERTY_INTERRUPTS, g, lpi, end, "its LPIs are not as many as it has, or are another's too");
	}
	if (last >= TABLE_ENTRIES || m->collection != x->next_collection[m->its]) {
		msi_fail(x, PROPERTY_INTERRUPTS, g, m->collection, last + 1, "its collections are another's too");
	}
	if (m->device_count != g->yaml->msi_devices || m->device_count > MSI_DEVICES_MAX) {
		msi_fail(x, PROPERTY_INTERRUPTS, g, 0, 0, "the number of its devices is not the YAML's");
	}
	x->next_lpi += m->lpi_count;
	x->next_collection[m->its] = last + 1;
}

static void msi_check_guest(struct given *x, const struct guest *g)
{
	const struct msi_desc *m = &g->image->msi;
	const struct its *its = board_domain_its(x->s->board, (size_t)g->index);
	uint64_t events;

	report_count(x->s->report, PROPERTY_INTERRUPTS, 1);
	if (its == NULL && !g->image->has_msi) {
		return;
	}
	if (its == NULL || !g->image->has_msi || m->its >= x->s->image.board.its_count ||
	    msi_find_its(x->s, its) != m->its) {
		msi_fail(x, PROPERTY_INTERRUPTS, g, 0, 0,
			 "it has an ITS that it should not have, or has not the one that it should");
		return;
	}
	msi_check_share(x, g);
	msi_check_ids(x, g, its, x->s->image.itses[m->its].desc.device_bits);
	events = MSI_EVENTS((uint64_t)m->lpi_count);
	msi_take(x, g, m->state, MSI_STATE_SIZE, PAGE_SIZE, "its ITS's state");
	msi_take(x, g, m->pages, m->page_count * ITS_PAGE, ITS_PAGE, "its pages of the device table");
	msi_take(x, g, m->itts, events * ITS_ITT_ENTRY, PAGE_SIZE, "its translation tables");
	msi_take(x, g, m->events, events * sizeof(*m->events), PAGE_SIZE, "its events");
	msi_take(x, g, m->pending, ALIGN_UP(m->lpi_count, 64) / 8 * g->yaml->cpu_count, PAGE_SIZE,
		 "its pending LPIs");
}

void prove_msi(struct subject *s)
{
	struct given *x = mem_alloc(s->mem, 1, sizeof(*x));

	x->s = s;
	x->next_lpi = LPI_FIRST;
	if (s->image.board.its_count > ITS_MAX) {
		msi_fail(x, PROPERTY_INTERRUPTS, NULL, 0, 0, "more ITSs than the hypervisor has room for");
		return;
	}
	if (s->image.board.its_count != 0) {
		msi_check_memory(x);
	} else if (s->image.board.lpi.size != 0 || s->image.board.lpi.base != 0 ||
		   s->image.board.lpi_properties != NULL) {
		msi_fail(x, PROPERTY_HYPERVISOR, NULL, 0, 0, "memory for LPIs, and no ITS");
	}
	for (uint64_t i = 0; i < s->image.board.its_count; i++) {
		msi_check_its(x, &s->image.itses[i]);
	}
	for (size_t i = 0; i < s->guest_count; i++) {
		msi_check_guest(x, &s->guests[i]);
	}
	for (uint64_t i = 0; i < s->image.board.its_count; i++) {
		uint64_t wanted = x->device_bits[i] > 1 ? x->device_bits[i] : 1;

		if (s->image.itses[i].desc.device_bits != wanted) {
			msi_fail(x, PROPERTY_INTERRUPTS, NULL, 0, 0, "an ITS is for more or fewer DeviceIDs than are used");
		}
	}
}
