// SPDX-License-Identifier: Apache-2.0
/*
 * Message-signalled interrupts (include/msi.h): a virtual ITS in the place of the machine's
 * only one, and the memory that the real one works in. The image says how many LPIs and
 * devices. Where no ITS fits, the domain has none, and PCI devices have their INTx.
 */
#include "firmware/build/build.h"

#define TYPER_LPIS BIT32(17) /* of GICD_TYPER (IHI 0069, 12.9.38) */
#define TYPER_ID_BITS ((uint32_t)GENMASK64(23, 19))
#define TABLE_ENTRIES (ITS_PAGE / ITS_TABLE_ENTRY)
#define DEVICE_BITS_MAX 18u /* level 1 of the device table is one page, and so is each of level 2 */

_Static_assert(BIT64(DEVICE_BITS_MAX) == UINT64_C(1) * TABLE_ENTRIES * TABLE_ENTRIES, "level 1 and level 2");

/* Bits of the DeviceIDs that IORT makes. */
static uint32_t its_bits(const struct acpi_machine *m)
{
	uint32_t bits = 1;

	for (uint32_t i = 0; i < m->map_count; i++) {
		const struct acpi_map *x = &m->maps[i];

		while (x->smmu == ACPI_ITS && ((uint64_t)x->out + (x->last - x->first)) >> bits != 0) {
			bits++;
		}
	}
	return bits;
}

static void its_without(struct build *b, const char *why, uint64_t value)
{
	b->without = why;
	b->without_value = value;
}

void build_its(struct build *b)
{
	const struct acpi_machine *m = b->machine;

	if (b->msi == NULL) {
		return;
	}
	b->its_bits = its_bits(m);
	if (m->its_count == 0) {
		its_without(b, "has no ITS in its MADT:", 0);
	} else if (m->its_count > 1) {
		its_without(b, "has more ITSs in its MADT than the one that a domain can have:", m->its_count);
	} else if ((b->gicd_typer & TYPER_LPIS) == 0 ||
		   FIELD_GET(TYPER_ID_BITS, b->gicd_typer) + 1 < LPI_ID_BITS) {
		its_without(b, "has a GIC without LPIs, or with too few, by its GICD_TYPER:", b->gicd_typer);
	} else if (!build_probe_gic(m->its[0].base)) {
		its_without(b, "has no ITS where its MADT says, at", m->its[0].base);
	} else if (b->its_bits > DEVICE_BITS_MAX) {
		its_without(b, "has DeviceIDs in its IORT that are too large for this version, in bits", b->its_bits);
	} else {
		b->its = &m->its[0];
	}
}

/* In pages of its own, in the hypervisor's map. */
static void *msi_take(struct build *b, uint64_t size)
{
	void *p = build_take_written(b, size, PAGE_SIZE);

	return p == NULL ? NULL : (void *)(uintptr_t)build_va(b, p);
}

static bool msi_its(struct build *b)
{
	struct its_desc *its = build_take(b, sizeof(*its), sizeof(uint64_t));

	if (its == NULL) {
		return false;
	}
	its->name = b->names.its;
	its->base = b->its->base;
	its->device_bits = b->its_bits;
	its->queue = msi_take(b, ITS_QUEUE_SIZE);
	its->devices = msi_take(b, ITS_PAGE);
	its->collections = msi_take(b, ITS_PAGE);
	b->board->its = (const struct its_desc *)(uintptr_t)build_va(b, its);
	b->board->its_count = 1;
	return its->queue != NULL && its->devices != NULL && its->collections != NULL;
}

/* A pending table for each CPU, as far apart as the GIC asks, and the properties of all LPIs. */
static bool msi_lpis(struct build *b)
{
	uint64_t size = (b->board->cpu_count - 1) * LPI_PENDING_STRIDE + ALIGN_UP(LPI_PENDING_SIZE, PAGE_SIZE);
	void *pending = build_take_written(b, size, LPI_PENDING_STRIDE);

	if (pending == NULL) {
		return false;
	}
	b->board->lpi = (struct mem_range){build_va(b, pending), size};
	b->board->lpi_properties = msi_take(b, LPIS);
	return b->board->lpi_properties != NULL;
}

/* All DeviceIDs are the domain's; a page of level 2 for each device is more than it can need. */
static bool msi_domain(struct build *b)
{
	struct msi_desc *m = build_take(b, sizeof(*m), sizeof(uint64_t));
	struct msi_ids *ids = build_take(b, sizeof(*ids), sizeof(uint64_t));
	uint64_t pages = ALIGN_UP(BIT64(b->its_bits), TABLE_ENTRIES) / TABLE_ENTRIES;

	if (m == NULL || ids == NULL) {
		return false;
	}
	*ids = (struct msi_ids){0, BIT32(b->its_bits)};
	*m = *b->msi;
	m->ids = (const struct msi_ids *)(uintptr_t)build_va(b, ids);
	m->id_count = 1;
	m->page_count = pages < m->device_count ? (uint32_t)pages : m->device_count;
	m->state = msi_take(b, MSI_STATE_SIZE);
	m->pages = msi_take(b, m->page_count * ITS_PAGE);
	m->itts = msi_take(b, (uint64_t)MSI_EVENTS(m->lpi_count) * ITS_ITT_ENTRY);
	m->events = msi_take(b, MSI_EVENTS(m->lpi_count) * sizeof(uint32_t));
	m->pending = msi_take(b, ALIGN_UP(m->lpi_count, 64) / 8 * b->board->cpu_count);
	b->domain->msi = (const struct msi_desc *)(uintptr_t)build_va(b, m);
	return m->state != NULL && m->pages != NULL && m->itts != NULL && m->events != NULL && m->pending != NULL;
}

bool build_msi(struct build *b)
{
	b->domain->msi = NULL;
	return b->its == NULL || (msi_its(b) && msi_lpis(b) && msi_domain(b));
}
