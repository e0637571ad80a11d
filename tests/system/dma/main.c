// SPDX-License-Identifier: Apache-2.0
/*
 * dma: whether DMA reaches what it should, and nothing else, by every stream ID.
 *
 *   dma SOCKET TRACE PLAN RAM
 *
 * SOCKET is QEMU's -qtest, by which its edu devices (edus.h) are driven; TRACE is QEMU's
 * log, with -trace smmuv3_translate_success; PLAN says what is to be reached (plan.h); RAM
 * is the file that the machine's RAM is, where it is read and written past every translation.
 *
 * Each of these is tried for each owner of streams, by 256 stream IDs of his in turn:
 * every page from 0 to the end of RAM and 2 MiB on, every page of a map that lies
 * elsewhere and is not over 1 GiB; of a larger one each 1 GiB and the edges. And by
 * every stream ID: the pages on both sides of each edge of RAM maps, the first of all
 * others, and those that PLAN names. To RAM goes a
 * write, and memory is looked at as well as the trace; elsewhere it is a read, and
 * where only reads are allowed a write too, and the trace is looked at.
 *
 * Prints "dma: NAME: N reached, M not, F wrong" for each owner and for each owner's
 * stream IDs.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "edus.h"
#include "plan.h"
#include "qtest.h"
#include "ram.h"

#define SIDS 0x10000u
#define BUSES (SIDS / EDUS)
#define GIB UINT64_C(0x40000000)
#define BEYOND UINT64_C(0x200000)
#define OFFSET UINT64_C(0x800) /* in the page; device i takes the i-th 8 bytes from there */
#define CONCATENATED (UINT64_C(1) << 39)
#define TOLD_MAX 20

struct counts {
	uint64_t reached, not_reached, wrong;
};

static struct plan plan;
static struct counts by_page[OWNERS_MAX], by_sid[OWNERS_MAX];
static uint32_t bus;
/* The batch that is being filled. */
static struct try tries[EDUS];
static uint32_t used;

static uint32_t owner_number(const struct owner *o)
{
	return (uint32_t)(o - plan.owners);
}

static void complain(struct counts *c, uint32_t sid, const struct try *t, const char *what, uint64_t pa)
{
	if (c->wrong++ < TOLD_MAX) {
		printf("dma: stream ID 0x%x of %s, %s at IPA 0x%" PRIx64 ": %s (PA 0x%" PRIx64 ")\n", sid,
		       plan_owner(&plan, sid)->name, t->write ? "write" : "read", t->ipa, what, pa);
	}
}

/* Where the try should end; false: nowhere. *pa is the page's own address then. */
static bool expected(const struct try *t, uint32_t sid, uint64_t *pa)
{
	const struct map *m = owner_map(plan_owner(&plan, sid), t->ipa);

	*pa = m != NULL ? m->pa + (t->ipa - m->ipa) : t->ipa;
	return m != NULL && !(t->write && m->read_only);
}

/* Whether the SMMU did what QEMU 10.0 does above CONCATENATED: it uses the first of
 * the two concatenated tables that stage 2 begins with for all addresses. */
static bool outcome_is_qemus(const struct outcome *o, const struct try *t, uint32_t sid)
{
	struct try low = *t;
	uint64_t pa;

	low.ipa -= CONCATENATED;
	return t->ipa >= CONCATENATED && low.ipa < CONCATENATED && o->translated == expected(&low, sid, &pa) &&
	       (!o->translated || o->pa == pa);
}

/* Does what the batch holds. */
static void batch_run(struct counts counts[OWNERS_MAX])
{
	struct outcome outcomes[EDUS];
	uint64_t before[EDUS], pa[EDUS];
	bool reach[EDUS], ram[EDUS];

	for (uint32_t i = 0; i < EDUS; i++) {
		tries[i].idle = i >= used;
		reach[i] = i < used && expected(&tries[i], bus << 8 | i, &pa[i]);
		ram[i] = i < used && tries[i].write && plan_is_ram(&plan, pa[i]);
		before[i] = ram[i] ? ram_read64(pa[i]) : 0;
	}
	edus_run(tries, outcomes);
	for (uint32_t i = 0; i < used; i++) {
		uint32_t sid = bus << 8 | i;
		struct counts *c = &counts[owner_number(plan_owner(&plan, sid))];
		const struct outcome *o = &outcomes[i];
		uint64_t after = ram[i] ? ram_read64(pa[i]) : 0;

		if (ram[i] && reach[i]) {
			ram_write64(pa[i], before[i]);
		}
		*(reach[i] ? &c->reached : &c->not_reached) += 1;
		if (o->other) {
			complain(c, sid, &tries[i], "the SMMU let something else through", o->pa);
		} else if (outcome_is_qemus(o, &tries[i], sid)) {
			continue;
		} else if (o->translated != reach[i]) {
			complain(c, sid, &tries[i], reach[i] ? "mapped, but refused" : "not mapped, but let through",
				 o->pa);
		} else if (reach[i] && o->pa != pa[i]) {
			complain(c, sid, &tries[i], "sent elsewhere", o->pa);
		} else if (ram[i] && (after == edus_value(i)) != reach[i]) {
			complain(c, sid, &tries[i], reach[i] ? "memory has not got it" : "memory has got it", pa[i]);
		}
	}
	used = 0;
}

/* Adds a page to the batch, for the stream ID that is next in turn. */
static void page_try(uint64_t page, bool write)
{
	const struct owner *o = plan_owner(&plan, bus << 8 | used);
	const struct map *m = owner_map(o, page);

	tries[used] = (struct try){.ipa = page + OFFSET + 8 * used, .write = write};
	used++;
	if (used == EDUS) {
		batch_run(by_page);
	}
	if (m != NULL && m->read_only && !write) {
		page_try(page, true);
	}
}

/* What is read-only is read, and written as well. */
static bool page_is_ram(const struct owner *o, uint64_t page)
{
	const struct map *m = owner_map(o, page);

	return (m == NULL || !m->read_only) && plan_is_ram(&plan, m != NULL ? m->pa + (page - m->ipa) : page);
}

static void pages_try(const struct owner *o, uint64_t from, uint64_t to, uint64_t step)
{
	for (uint64_t page = from; page < to; page += step) {
		page_try(page, page_is_ram(o, page));
	}
}

/* A bus of 256 stream IDs that are all his. */
static uint32_t owner_bus(const struct owner *o)
{
	for (uint32_t b = 0; b < BUSES; b++) {
		uint32_t i;

		for (i = 0; i < EDUS && plan_owner(&plan, b << 8 | i) == o; i++) {
		}
		if (i == EDUS) {
			return b;
		}
	}
	die("%s has no 256 stream IDs that differ in their low bits alone", o->name);
}

static void owner_sweep(const struct owner *o)
{
	const uint64_t low = plan.ram_base + plan.ram_size + BEYOND;

	bus = owner_bus(o);
	edus_set_bus(bus);
	if (o == &plan.owners[0]) {
		edus_fill(plan.ram_base, plan.ram_base);
	}
	pages_try(o, 0, low, PAGE);
	/* Everybody's maps: what is his neighbour's is not his. */
	for (uint32_t n = 0; n < plan.owner_count; n++) {
		for (uint32_t i = 0; i < plan.owners[n].map_count; i++) {
			const struct map *m = &plan.owners[n].maps[i];

			if (m->ipa >= low) {
				pages_try(o, m->ipa, m->ipa + m->size, m->size <= GIB ? PAGE : GIB);
			}
		}
	}
	for (uint32_t i = 0; i < plan.edge_count; i++) {
		pages_try(o, plan.edges[i], plan.edges[i] + PAGE, PAGE);
	}
	if (used > 0) {
		batch_run(by_page);
	}
}

static void streams_sweep(void)
{
	for (bus = 0; bus < BUSES; bus++) {
		edus_set_bus(bus);
		for (uint32_t e = 0; e < plan.edge_count; e++) {
			for (used = 0; used < EDUS; used++) {
				uint64_t page = plan.edges[e];

				tries[used] = (struct try){
					.ipa = page + OFFSET + 8 * used,
					.write = page_is_ram(plan_owner(&plan, bus << 8 | used), page),
				};
			}
			batch_run(by_sid);
		}
	}
}

static uint64_t tell(const struct owner *o, const char *what, const struct counts *c)
{
	printf("dma: %s, %s: %" PRIu64 " reached, %" PRIu64 " not, %" PRIu64 " wrong\n", o->name, what, c->reached,
	       c->not_reached, c->wrong);
	return c->wrong;
}

int main(int argc, char **argv)
{
	uint64_t wrong = 0;

	if (argc != 5) {
		die("usage: dma SOCKET TRACE PLAN RAM");
	}
	setvbuf(stdout, NULL, _IOLBF, 0);
	plan_read(&plan, argv[3]);
	plan_add_edges(&plan);
	ram_open(argv[4], plan.ram_base, plan.ram_size);
	qtest_open(argv[1]);
	edus_open(argv[2]);
	for (uint32_t i = 0; i < plan.owner_count; i++) {
		owner_sweep(&plan.owners[i]);
		wrong += tell(&plan.owners[i], "every page", &by_page[i]);
	}
	streams_sweep();
	for (uint32_t i = 0; i < plan.owner_count; i++) {
		wrong += tell(&plan.owners[i], "every stream ID", &by_sid[i]);
	}
	return wrong != 0;
}
