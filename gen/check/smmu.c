// SPDX-License-Identifier: Apache-2.0
/* What only an SMMUv3 has, and the requester IDs of PCI hosts behind it. */
#include <stdlib.h>

#include "check/parts.h"
#include "util/arena.h"

#define SMMU_SIZE UINT64_C(0x20000) /* register pages 0 and 1: IHI 0070, 6.1 */
#define SMMU_PAGE UINT64_C(0x10000)
#define IPMMU_SIZE UINT64_C(0x1000) /* the renesas,ipmmu-vmsa binding */
#define TWO_LEVEL_IDS 128u

static const char *const irq_names[] = {
	[IOMMU_IRQ_EVENTQ] = "eventq", [IOMMU_IRQ_GERROR] = "gerror",     [IOMMU_IRQ_PRIQ] = "priq",
	[IOMMU_IRQ_SYNC] = "cmdq-sync", [IOMMU_IRQ_COMBINED] = "combined",
};

static void registers_check(struct diag *d, const struct m_iommu *mmu)
{
	bool smmu = mmu->type == IOMMU_SMMUV3;
	uint64_t size = smmu ? SMMU_SIZE : IPMMU_SIZE, align = smmu ? SMMU_PAGE : PAGE_SIZE;

	if (mmu->reg.size >= size && IS_ALIGNED(mmu->reg.base, align)) {
		return;
	}
	struct diag_msg *msg = diag_error(d, 311, mmu->reg.pos, "'%s' cannot be %s with these registers",
					  mmu->name.s, smmu ? "an SMMUv3" : "an IPMMU");
	diag_label(msg, "it has %s of %s, aligned to that", smmu ? "two pages" : "one page",
		   smmu ? "64 KiB" : "4 KiB");
	diag_help(msg, "reg: [0x%llx, 0x%llx]", (ull)ALIGN_DOWN(mmu->reg.base, align),
		  (ull)(mmu->reg.size < size ? size : mmu->reg.size));
}

/* IDR1.SIDSIZE counts bits. */
static void ids_check(struct diag *d, const struct m_iommu *mmu)
{
	uint32_t ids = mmu->id_count;

	if ((ids & (ids - 1)) != 0) {
		struct diag_msg *msg = diag_error(d, 312, mmu->ids_pos, "'%s' cannot have %u stream IDs",
						  mmu->name.s, ids);
		diag_label(msg, "not a power of two");
		diag_help(msg, "take 1 << IDR1.SIDSIZE");
	} else if (mmu->two_level && ids < TWO_LEVEL_IDS) {
		struct diag_msg *msg = diag_error(d, 312, mmu->stream_table_pos,
						  "the stream table of '%s' cannot have two levels", mmu->name.s);
		diag_label(msg, "with %u stream IDs", ids);
		diag_help(msg, "stream-table: linear");
	}
}

static void irq_names_check(struct diag *d, const struct m_iommu *mmu)
{
	if (mmu->irq_name_count != mmu->irq_count) {
		struct pos at = mmu->irq_name_count > 0 ? mmu->irq_names_pos : mmu->irqs[0].pos;
		struct diag_msg *msg = diag_error(d, 313, at, "'%s' has %zu interrupt%s and %zu interrupt-names",
						  mmu->name.s, mmu->irq_count, mmu->irq_count == 1 ? "" : "s",
						  mmu->irq_name_count);
		diag_help(msg, "name each, in their order: 'interrupt-names: [eventq, gerror]', or whatever "
			       "they are for");
		return;
	}
	for (size_t i = 0; i < mmu->irq_name_count; i++) {
		for (size_t j = 0; j < i; j++) {
			if (mmu->irq_names[i] != mmu->irq_names[j]) {
				continue;
			}
			struct diag_msg *msg = diag_error(d, 313, mmu->irqs[i].pos,
							  "'%s' has two interrupts for '%s'", mmu->name.s,
							  irq_names[mmu->irq_names[i]]);
			diag_note(msg, mmu->irqs[j].pos, "the first one");
			diag_help(msg, "correct 'interrupt-names'");
		}
	}
}

/* A PPI is each CPU's own: the hypervisor could not take it on whichever CPU is on, and it
 * may be a guest's timer. */
static void irq_types_check(struct diag *d, const struct m_iommu *mmu)
{
	for (size_t i = 0; i < mmu->irq_count; i++) {
		const struct m_irq *irq = &mmu->irqs[i];
		if (irq->type == IRQ_SPI) {
			continue;
		}
		struct diag_msg *msg = diag_error(d, 313, irq->pos, "PPI %u cannot be an interrupt of '%s'",
						  irq->number, mmu->name.s);
		diag_label(msg, "an IOMMU's interrupts are SPIs");
		diag_help(msg, "{spi: N}: its INTID - 32");
	}
}

void check_smmus(struct diag *d, const struct model *m)
{
	for (size_t i = 0; i < m->board.iommu_count; i++) {
		const struct m_iommu *mmu = &m->board.iommus[i];
		registers_check(d, mmu);
		irq_types_check(d, mmu);
		if (mmu->type == IOMMU_SMMUV3) {
			ids_check(d, mmu);
			irq_names_check(d, mmu);
		} else if (mmu->smmu_pos.file != NULL) {
			struct diag_msg *msg = diag_error(d, 305, mmu->smmu_pos, "'%s' is an IPMMU and has no such key",
							  mmu->name.s);
			diag_help(msg, "delete the line, or say 'type: smmuv3'");
		}
	}
}

static int link_compare(const void *a, const void *b)
{
	const struct m_iommu_link *x = *(const struct m_iommu_link *const *)a;
	const struct m_iommu_link *y = *(const struct m_iommu_link *const *)b;

	return x->rid < y->rid ? -1 : x->rid > y->rid;
}

/* Each requester ID becomes one stream ID, and there are 65536 of them. */
static void map_check(struct diag *d, const struct m_board *b, const struct m_device *dev)
{
	const struct m_iommu_link **list = memory_resize(NULL, dev->link_count + 1, sizeof(list[0]));
	size_t count = 0;

	for (size_t i = 0; i < dev->link_count; i++) {
		const struct m_iommu_link *l = &dev->links[i];
		if (!l->mapped) {
			continue;
		}
		list[count++] = l;
		if (b->iommus[l->iommu].type != IOMMU_SMMUV3) {
			struct diag_msg *msg = diag_error(d, 314, l->iommu_pos, "'%s' is not an SMMUv3",
							  b->iommus[l->iommu].name.s);
			diag_help(msg, "requester IDs are told apart by an SMMUv3 alone; use 'iommus'");
		} else if ((uint64_t)l->rid + l->count > RIDS) {
			struct diag_msg *msg = diag_error(d, 314, l->pos, "requester IDs of '%s' end at 0xffff",
							  dev->name.s);
			diag_label(msg, "these end at 0x%llx", (ull)l->rid + l->count - 1);
			diag_help(msg, "count: 0x%x", RIDS - l->rid);
		}
	}
	qsort(list, count, sizeof(list[0]), link_compare);
	for (size_t i = 1; i < count; i++) {
		if (list[i]->rid - list[i - 1]->rid >= list[i - 1]->count) {
			continue;
		}
		struct diag_msg *msg = diag_error(d, 314, list[i]->pos, "requester ID 0x%04x of '%s' is mapped twice",
						  list[i]->rid, dev->name.s);
		diag_note(msg, list[i - 1]->pos, "first mapped");
		diag_help(msg, "correct 'rid' or 'count'");
	}
	free(list);
}

void check_iommu_maps(struct diag *d, const struct model *m)
{
	for (size_t i = 0; i < m->board.device_count; i++) {
		map_check(d, &m->board, &m->board.devices[i]);
	}
}

bool rids_covered(const struct m_device *dev)
{
	uint64_t sum = 0;
	bool mapped = false;

	/* They do not overlap: map_check() saw to that. */
	for (size_t i = 0; i < dev->link_count; i++) {
		sum += dev->links[i].mapped ? dev->links[i].count : 0;
		mapped = mapped || dev->links[i].mapped;
	}
	return !mapped || sum >= RIDS;
}
