// SPDX-License-Identifier: Apache-2.0
/*
 * What an ITS and redistributors write without any translation (IHI 0069, 5.1 and 5.3): each
 * piece is the hypervisor's to write, and for one thing; no table of an MMU or SMMU is among
 * them. And the domain's devices find the doorbell of that ITS.
 */
#include "firmware/build/check.h"
#include "mm/el2_desc.h"
#include "mm/stage2_desc.h"

#define PIECES 9u /* and a pending table of each CPU */
#define TABLE_ENTRIES (ITS_PAGE / ITS_TABLE_ENTRY)
#define WHAT_PIECE "would have an ITS and redistributors write where something else is: at"
#define WHAT_SHARE "would have an ITS with other numbers than its tables are for: at"

struct pieces {
	struct mem_range list[PIECES + CPUS_MAX]; /* VA, once the MMU is on */
	uint32_t count;
};

/* Something that was made, by its VA; NULL: it is not in the hypervisor's RAM. */
static const void *pieces_at(const struct build *b, const void *va, uint64_t size)
{
	uint64_t at = (uint64_t)(uintptr_t)va - b->home.load;

	return at < b->size && size <= b->size - at ? b->bytes + at : NULL;
}

static void pieces_add(struct pieces *p, const void *va, uint64_t size)
{
	p->list[p->count++] = (struct mem_range){(uint64_t)(uintptr_t)va, ALIGN_UP(size, PAGE_SIZE)};
}

static void pieces_list(const struct build *b, const struct its_desc *its, const struct msi_desc *m,
			struct pieces *p)
{
	const struct board_tables *t = b->board;

	p->count = 0;
	pieces_add(p, its->queue, ITS_QUEUE_SIZE);
	pieces_add(p, its->devices, ITS_PAGE);
	pieces_add(p, its->collections, ITS_PAGE);
	pieces_add(p, t->lpi_properties, LPIS);
	pieces_add(p, m->state, MSI_STATE_SIZE);
	pieces_add(p, m->pages, m->page_count * ITS_PAGE);
	pieces_add(p, m->itts, (uint64_t)MSI_EVENTS(m->lpi_count) * ITS_ITT_ENTRY);
	pieces_add(p, m->events, MSI_EVENTS(m->lpi_count) * sizeof(uint32_t));
	pieces_add(p, m->pending, ALIGN_UP(m->lpi_count, 64) / 8 * b->machine->cpu_count);
	for (uint64_t i = 0; i < b->machine->cpu_count; i++) {
		pieces_add(p, (const void *)(uintptr_t)(t->lpi.base + i * LPI_PENDING_STRIDE), LPI_PENDING_SIZE);
	}
}

/* In pages that the hypervisor's map has as data, behind the image and apart from the others. */
static bool pieces_check(struct build *b, const struct pieces *p, uint32_t n)
{
	const struct mem_range *r = &p->list[n];
	uint64_t offset = r->base - b->home.load, behind = b->tables + PAGE_SIZE, size;
	bool good = IS_ALIGNED(r->base, PAGE_SIZE) && offset >= behind;

	for (uint32_t i = 0; i < n; i++) {
		good = good && !check_overlaps(r->base, r->size, p->list[i].base, p->list[i].size);
	}
	for (uint32_t i = 0; i < b->machine->smmu_count; i++) {
		const struct smmu_desc *s = &b->smmus[i];

		good = good && !check_overlaps(r->base, r->size, (uint64_t)(uintptr_t)s->cmdq, PAGE_SIZE) &&
		       !check_overlaps(r->base, r->size, (uint64_t)(uintptr_t)s->evtq, PAGE_SIZE);
	}
	for (uint64_t at = 0; at < r->size && good; at += PAGE_SIZE) {
		uint64_t desc = check_walk(b, b->board->el2_ttbr, 0, r->base + at, &size, &good);

		good = good && size == PAGE_SIZE && (desc & EL2_ADDR) == b->home.base + offset + at &&
		       (desc & ~EL2_ADDR) == EL2_PAGE_DATA;
	}
	return good || build_refuse(b, WHAT_PIECE, r->base);
}

/* Where all of them are. */
static void pieces_span(struct build *b, const struct pieces *p)
{
	uint64_t low = UINT64_MAX, high = 0;

	for (uint32_t i = 0; i < p->count; i++) {
		uint64_t end = p->list[i].base + p->list[i].size;

		low = p->list[i].base < low ? p->list[i].base : low;
		high = end > high ? end : high;
	}
	b->messages = (struct mem_range){low - b->home.load + b->home.base, high - low};
}

/* Indices that come of these numbers stay in the tables. */
static bool check_share(struct build *b, const struct its_desc *its, const struct msi_desc *m)
{
	const struct msi_ids *ids = pieces_at(b, m->ids, sizeof(*ids));
	bool lpis = m->lpi_count >= MSI_LPIS_MIN && m->lpi_count <= MSI_LPIS_MAX &&
		    (m->lpi_count & (m->lpi_count - 1)) == 0 && m->lpi_first >= LPI_FIRST &&
		    m->lpi_first + m->lpi_count <= LPI_FIRST + LPIS;
	bool devices = m->device_count <= MSI_DEVICES_MAX && m->page_count <= MSI_DEVICES_MAX &&
		       its->device_bits < 32 && BIT64(its->device_bits) <= UINT64_C(1) * TABLE_ENTRIES * TABLE_ENTRIES;

	return (lpis && devices && m->its == 0 && m->collection + b->machine->cpu_count + 1 <= TABLE_ENTRIES &&
		b->machine->cpu_count <= CPUS_MAX && IS_ALIGNED(b->board->lpi.base, LPI_PENDING_STRIDE) &&
		m->id_count == 1 && ids != NULL && (uint64_t)ids->first + ids->count <= BIT64(its->device_bits)) ||
	       build_refuse(b, WHAT_SHARE, its->base);
}

/* A device's message is a write that the domain's tables lead to the ITS. */
static bool check_doorbell(struct build *b, uint64_t its)
{
	const struct domain_desc *d = b->domain;
	uint64_t size = 0, at = its + ITS_FRAME, desc;
	bool good = true;

	desc = check_walk(b, d->vttbr & VTTBR_BADDR, 2 - (uint32_t)FIELD_GET(VTCR_SL0, d->vtcr), at, &size, &good);
	return (good && size == PAGE_SIZE && (desc & S2_VALID) != 0 && (desc & S2_ADDR) == at &&
		FIELD_GET(S2_AP, desc) == S2_AP_READ_WRITE) ||
	       build_refuse(b, "would not have messages reach its ITS: at", at);
}

bool check_messages(struct build *b)
{
	const struct acpi_machine *m = b->machine;
	const struct its_desc *its = pieces_at(b, b->board->its, sizeof(*its));
	const struct msi_desc *msi = pieces_at(b, b->domain->msi, sizeof(*msi));
	struct pieces p;

	b->messages = (struct mem_range){0, 0};
	if (b->board->its_count == 0 && b->domain->msi == NULL) {
		return true;
	}
	if (b->board->its_count != 1 || m->its_count != 1 || its == NULL || msi == NULL ||
	    its->base != m->its[0].base) {
		return build_refuse(b, "would have an ITS that is not its only one: number", b->board->its_count);
	}
	if (!check_share(b, its, msi)) {
		return false;
	}
	pieces_list(b, its, msi, &p);
	for (uint32_t i = 0; i < p.count; i++) {
		if (!pieces_check(b, &p, i)) {
			return false;
		}
	}
	pieces_span(b, &p);
	return check_doorbell(b, its->base);
}
