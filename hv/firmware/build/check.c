// SPDX-License-Identifier: Apache-2.0
/*
 * What was made, read as the MMU and SMMUs read it (DDI 0487, D8; IHI 0070, 5.2). No prover
 * has seen these tables: so nothing that made them is asked, but the machine's own tables and
 * UEFI's memory map again. A leaf that is not valid yet counts as one that is.
 */
#include "firmware/build/check.h"
#include "firmware/efi.h"
#include "lib/string.h"
#include "mm/el2_desc.h"
#include "mm/smmu_desc.h"
#include "mm/stage2_desc.h"

#define ENTRIES 512u
#define LAST 3u
#define BLOCK_64K KIB(64)
#define STE_WORDS 8u
#define WHAT_MAPS "would let its domain find what is not the domain's: at"
#define WHAT_WALK "would have page tables that are not in the hypervisor's memory: at"

/* Of a table: in the hypervisor's RAM, where no ITS and no redistributor writes. */
static const uint64_t *check_at(const struct build *b, uint64_t pa)
{
	return pa - b->messages.base < b->messages.size ? NULL : build_at(b, pa);
}

static uint64_t check_shift(uint32_t level)
{
	return 39 - 9 * level;
}

bool check_overlaps(uint64_t base, uint64_t size, uint64_t other, uint64_t other_size)
{
	return base < other + other_size && other < base + size;
}

/* The ITS that is the domain's too: where IOMMUs lead messages, which is the page of its doorbell
 * and not what else is in its two frames. */
static bool check_is_doorbell(const struct build *b, uint64_t its, uint64_t base, uint64_t size)
{
	return b->messages.size != 0 && base == its + BLOCK_64K && size == PAGE_SIZE;
}

/* Registers that the hypervisor drives. */
static bool check_is_driven(const struct build *b, uint64_t base, uint64_t size)
{
	const struct acpi_machine *m = b->machine;
	bool driven = check_overlaps(base, size, m->gicd, BLOCK_64K) ||
		      check_overlaps(base, size, m->uart.base, PAGE_SIZE);

	for (uint32_t i = 0; i < m->gicr_count; i++) {
		driven = driven || check_overlaps(base, size, m->gicr[i].base, m->gicr[i].size);
	}
	for (uint32_t i = 0; i < m->smmu_count; i++) {
		driven = driven || check_overlaps(base, size, m->smmus[i].base, 2 * BLOCK_64K);
	}
	for (uint32_t i = 0; i < m->its_count; i++) {
		driven = driven || check_overlaps(base, size, m->its[i].base, BLOCK_64K);
	}
	return driven;
}

/* The hypervisor's RAM, or registers that only the hypervisor or nobody is to touch. */
static bool check_is_kept(const struct build *b, uint64_t base, uint64_t size)
{
	const struct acpi_machine *m = b->machine;
	bool kept = check_overlaps(base, size, b->home.base, b->size) || check_is_driven(b, base, size);

	for (uint32_t i = 0; i < m->its_count; i++) {
		kept = kept || (check_overlaps(base, size, m->its[i].base + BLOCK_64K, BLOCK_64K) &&
				!check_is_doorbell(b, m->its[i].base, base, size));
	}
	for (uint32_t i = 0; i < m->hidden_count; i++) {
		kept = kept || check_overlaps(base, size, m->hidden[i].base, m->hidden[i].size);
	}
	return kept;
}

static bool check_is_memory(uint32_t type)
{
	return type != EFI_RESERVED && type != EFI_MAPPED_IO && type != EFI_MAPPED_PORTS;
}

static struct efi_memory check_descriptor(const struct build *b, uint64_t at)
{
	struct efi_memory e;

	memcpy(&e, b->map + at, sizeof(e));
	return e;
}

/* How many bytes of [base, base+size) UEFI's map calls memory; those that nobody may have
 * (*bad) among them. */
static uint64_t check_memory(const struct build *b, uint64_t base, uint64_t size, bool *bad)
{
	uint64_t had = 0;

	for (uint64_t at = 0; at + sizeof(struct efi_memory) <= b->map_size; at += b->map_step) {
		struct efi_memory e = check_descriptor(b, at);
		uint64_t end = e.base + e.pages * PAGE_SIZE;
		uint64_t low = e.base > base ? e.base : base;
		uint64_t high = end < base + size ? end : base + size;

		if (low < high && check_is_memory(e.type)) {
			had += high - low;
			*bad = *bad || e.type == EFI_UNUSABLE || e.type > EFI_PERSISTENT ||
			       (e.type > EFI_MAPPED_PORTS && e.type < EFI_PERSISTENT);
		}
	}
	return had;
}

/* Memory is memory, all of it; anything else is what nothing tells of, and a device. */
static bool check_leaf(struct build *b, uint64_t ipa, uint64_t size, uint64_t desc)
{
	bool normal = FIELD_GET(S2_MEMATTR, desc) == S2_MEMATTR_WB;
	bool device = FIELD_GET(S2_MEMATTR, desc) == S2_MEMATTR_NGNRE && (desc & S2_XN) != 0;
	bool bad = false;
	uint64_t memory = check_memory(b, ipa, size, &bad);

	return ((desc & S2_ADDR & ~(size - 1)) == ipa && !check_is_kept(b, ipa, size) && !bad &&
		((normal && memory == size && (desc & S2_VALID) != 0) || (device && memory == 0))) ||
	       build_refuse(b, WHAT_MAPS, ipa);
}

uint64_t check_walk(const struct build *b, uint64_t root, uint32_t level, uint64_t at, uint64_t *size,
		    bool *good)
{
	uint64_t index = at >> check_shift(level);
	const uint64_t *table = check_at(b, root + index / ENTRIES * PAGE_SIZE);

	index %= ENTRIES;

	for (; table != NULL; level++) {
		uint64_t desc = table[index];

		*size = BIT64(check_shift(level));
		if (level == LAST || (desc & S2_TABLE) == 0) {
			return desc;
		}
		if ((desc & S2_VALID) == 0) {
			break;
		}
		table = check_at(b, desc & S2_ADDR);
		index = (at >> check_shift(level + 1)) % ENTRIES;
	}
	*good = false;
	return 0;
}

static bool check_stage2(struct build *b)
{
	const struct domain_desc *d = b->domain;
	uint64_t bits = 64 - FIELD_GET(VTCR_T0SZ, d->vtcr), size;
	uint32_t level = 2 - (uint32_t)FIELD_GET(VTCR_SL0, d->vtcr);
	bool good = true;

	for (uint64_t at = 0; at < BIT64(bits); at = ALIGN_DOWN(at, size) + size) {
		uint64_t desc = check_walk(b, d->vttbr & VTTBR_BADDR, level, at, &size, &good);

		if (!good) {
			return build_refuse(b, WHAT_WALK, at);
		}
		if (desc != 0 && !check_leaf(b, at, size, desc)) {
			return false;
		}
	}
	return true;
}

/* Its own pages where they were linked, or, to be executed, where they are; registers where
 * they are; nothing both writable and executable. */
static bool check_own(struct build *b, uint64_t va, uint64_t size, uint64_t desc)
{
	uint64_t pa = desc & EL2_ADDR;
	bool write = (desc & EL2_AP2_READ_ONLY) == 0, exec = (desc & EL2_XN) == 0;
	bool normal = FIELD_GET(EL2_ATTR_INDEX, desc) == EL2_INDEX_NORMAL;
	bool own = normal && pa - b->home.base < b->size &&
		   (va - b->home.load == pa - b->home.base || (va == pa && exec));
	bool device = FIELD_GET(EL2_ATTR_INDEX, desc) == EL2_INDEX_DEVICE && !exec && va == pa &&
		      check_is_driven(b, pa, PAGE_SIZE);

	return (size == PAGE_SIZE && !(write && exec) && (own || device)) ||
	       build_refuse(b, "would have the hypervisor's own map wrong: at", va);
}

static bool check_el2(struct build *b)
{
	const struct board_tables *t = b->board;
	uint64_t bits = 64 - FIELD_GET(TCR_EL2_T0SZ, t->el2_tcr), size;
	bool good = true;

	for (uint64_t at = 0; at < BIT64(bits); at = ALIGN_DOWN(at, size) + size) {
		uint64_t desc = check_walk(b, t->el2_ttbr, 0, at, &size, &good);

		if (!good) {
			return build_refuse(b, WHAT_WALK, at);
		}
		if (desc != 0 && !check_own(b, at, size, desc)) {
			return false;
		}
	}
	return true;
}

/* An entry is invalid, or leads through the domain's stage 2. */
static bool check_ste(const struct build *b, const uint64_t *ste)
{
	const struct domain_desc *d = b->domain;

	return ste[0] == 0 || (ste[0] == (STE_VALID | FIELD_PREP(STE_CONFIG, STE_CONFIG_STAGE2)) &&
			       FIELD_GET(STE_S2VMID, ste[2]) == d->vttbr >> 48 &&
			       (ste[2] & STE_S2CONTROL) == FIELD_PREP(STE_S2CONTROL, d->vtcr) &&
			       (ste[2] & STE_S2AA64) != 0 && ste[3] == (d->vttbr & STE_S2TTB));
}

static bool check_stes(struct build *b, uint64_t table, uint64_t count, uint64_t smmu)
{
	for (uint64_t i = 0; i < count; i++) {
		const uint64_t *ste = check_at(b, table + i * STE_WORDS * sizeof(*ste));

		if (ste == NULL || !check_ste(b, ste)) {
			return build_refuse(b, "would have DMA that is not the domain's: by the SMMUv3 at", smmu);
		}
	}
	return true;
}

static bool check_streams(struct build *b, const struct smmu_desc *s)
{
	uint64_t bits = FIELD_GET(STRTAB_LOG2SIZE, s->strtab_cfg), split = FIELD_GET(STRTAB_SPLIT, s->strtab_cfg);
	uint64_t table = s->strtab_base & GENMASK64(51, 6), before = 0;

	if (FIELD_GET(STRTAB_FMT, s->strtab_cfg) != STRTAB_FMT_TWO_LEVEL) {
		return check_stes(b, table, BIT64(bits), s->reg.base);
	}
	for (uint64_t i = 0; i < BIT64(bits - split); i++) {
		const uint64_t *l1 = check_at(b, table + i * sizeof(*l1));
		uint64_t span = l1 == NULL ? 0 : FIELD_GET(L1_SPAN, *l1);

		/* Groups that are alike are one. */
		if (l1 == NULL || (span != 0 && *l1 != before &&
				   !check_stes(b, *l1 & GENMASK64(51, 6), BIT64(span - 1), s->reg.base))) {
			return false;
		}
		before = *l1;
	}
	return true;
}

bool build_check(struct build *b)
{
	if (!check_messages(b) || !check_stage2(b) || !check_el2(b)) {
		return false;
	}
	for (uint32_t i = 0; i < b->machine->smmu_count; i++) {
		if (b->smmus[i].reg.base != b->machine->smmus[i].base || !check_streams(b, &b->smmus[i])) {
			return build_refuse(b, "would have an SMMUv3 without tables: at", b->machine->smmus[i].base);
		}
	}
	return true;
}
