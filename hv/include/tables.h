/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The contract between the generator and the hypervisor.
 *
 * gen/emit writes initialisers of these types into out/<board>/tables.c and
 * nothing else; the hypervisor reads nothing else about the board. verify reads
 * the same structs back from the linked ELF. All addresses are in bytes; every
 * struct is laid out explicitly and asserted, because three programs read it.
 */
#ifndef HV_INCLUDE_TABLES_H
#define HV_INCLUDE_TABLES_H

#include "expect.h"
#include "home.h"
#include "msi.h"
#include "ondemand.h"
#include "resets.h"
#include "types.h"

#define TABLES_MAGIC UINT64_C(0x31534c4254484b42) /* "BKHTBLS1" */

#define CPUS_MAX 64
#define DOMAINS_MAX 63 /* one less than there are writers on the console */
#define INTIDS 1020          /* SGI, PPI and SPI: 0..1019 */
#define IRQ_WORDS 32         /* 32-bit words that cover INTID 0..1023 */
#define OWNER_NONE UINT8_MAX /* CPU or interrupt that no domain owns */

/* Who describes the machine at run time. */
enum firmware_kind {
	FIRMWARE_STATIC = 0, /* nobody: all is in these tables */
	FIRMWARE_ACPI = 1,   /* UEFI and ACPI tables, checked against these */
};

enum gic_version {
	GIC_NONE = 0, /* firmware will tell */
	GIC_V2 = 2,
	GIC_V3 = 3,
};

enum uart_kind {
	UART_NONE = 0,
	UART_PL011 = 1,
	UART_SCIF = 2,
};

/* A run of physical memory. size is a multiple of the page size. */
struct mem_range {
	uint64_t base;
	uint64_t size;
};

struct gic_desc {
	uint32_t version;     /* enum gic_version */
	uint32_t maintenance; /* INTID of the maintenance PPI, 16..31 */
	uint32_t timer;       /* INTID of EL2's physical timer, a PPI; 0: not known */
	uint32_t pad;
	struct mem_range gicd;
	struct mem_range gicr; /* GICv3: one contiguous run of 128 KiB frames */
	struct mem_range gicc; /* GICv2: CPU interface */
	struct mem_range gich; /* GICv2: hypervisor interface */
	struct mem_range gicv; /* GICv2: virtual CPU interface, mapped at the guest's GICC */
};

struct uart_desc {
	uint32_t kind;  /* enum uart_kind */
	uint32_t intid; /* receive/transmit interrupt, 0: poll only */
	struct mem_range reg;
};

struct cpu_desc {
	uint64_t mpidr; /* affinity fields of MPIDR_EL1: Aff3 39:32, Aff2..0 23:0 */
	uint8_t domain; /* index into domains, or OWNER_NONE */
	uint8_t vcpu;   /* index of this CPU among its domain's */
	uint8_t pad[6];
};

/* What answers a guest's access to a range of IPA space that is not mapped. */
enum window_kind {
	WINDOW_GICD = 1,
	WINDOW_GICR = 2,  /* frame i (128 KiB) is vCPU i's redistributor */
	WINDOW_VPL011 = 3,
	WINDOW_VSMMUV3 = 4, /* both register pages */
	WINDOW_GITS = 5,    /* control frame of the domain's virtual ITS */
	WINDOW_CONTROL = 6, /* registers of all domains: include/control_abi.h */
	WINDOW_WATCHDOG = 7, /* control frame, and refresh frame at 64 KiB */
	WINDOW_PL061 = 8,   /* `index`: an end of a doorbell, 2 * board.doorbells[] + end[] */
};

struct trap_window {
	uint64_t ipa;
	uint64_t size;
	uint32_t kind;  /* enum window_kind */
	uint16_t intid; /* interrupt that the device raises, 0: none */
	uint16_t index; /* which of its kind, where a domain may have several */
};

#define DOORBELLS_MAX 32

/* Eight lines between two domains, each of which finds a PL061 (guest/vpl061.c). */
struct doorbell_end {
	uint64_t ipa;    /* of the trap window */
	uint32_t domain; /* index into domains */
	uint32_t intid;  /* SPI of its virq_mask, level-sensitive */
};

struct doorbell_desc {
	struct doorbell_end end[2];
};

/* Stream IDs first..first+count-1 of one SMMU: whose they are, for reports. */
struct stream_desc {
	uint32_t first;
	uint32_t count;
	uint32_t domain; /* index into domains, or OWNER_NONE: every DMA is aborted */
	uint32_t line;   /* in `file`, where the board file links the device */
	const char *device;
	const char *file;
};

#define SMMUS_MAX 8 /* SMMUv3s that the driver has state for */

/* An Arm SMMUv3. Its stream table lies complete in .tables (IHI 0070, 3.3 and 5.2);
 * stream IDs that no domain owns have an invalid STE or none, so that their DMA is
 * aborted with an event. The queues are the hypervisor's own RAM. */
struct smmu_desc {
	const char *name;
	struct mem_range reg;   /* register pages 0 and 1: 128 KiB */
	uint32_t evtq_intid;    /* 0: the queue is polled */
	uint32_t gerror_intid;  /* 0: none */
	uint32_t cmdq_log2;     /* entries of 16 bytes, 4..19 */
	uint32_t evtq_log2;     /* entries of 32 bytes, 4..19 */
	uint64_t strtab_base;   /* SMMU_STRTAB_BASE */
	uint64_t strtab_cfg;    /* SMMU_STRTAB_BASE_CFG; LOG2SIZE is what IDR1.SIDSIZE must reach */
	uint64_t oas_pa_bits;   /* output size that the STEs need, in bits */
	uint64_t *cmdq;         /* aligned to its size */
	uint64_t *evtq;         /* aligned to its size */
	const struct stream_desc *streams; /* ascending, disjoint */
	uint32_t stream_count;
	uint32_t coherent;      /* 1: IDR0.COHACC is promised, 0: clean what the SMMU reads */
	/* Pages for second levels of the stream table where a guest makes entries differ that
	 * share one; the hypervisor's own writable memory. */
	uint64_t *nested;
	uint64_t nested_pages;  /* 0: none */
};

/* Virtual stream IDs virt..virt+count-1 are stream IDs first..first+count-1 of
 * board.smmus[smmu]. */
struct vstream_desc {
	uint32_t virt;
	uint32_t count;
	uint32_t smmu;
	uint32_t first;
};

/* A domain's virtual SMMUv3: stage 1 of its own streams. Its two register pages, 128 KiB,
 * are a trap window WINDOW_VSMMUV3. The entries of these streams in the SMMUs' own tables
 * have Config 0 (abort, without an event) and otherwise what the domain's stage 2 needs. */
struct vsmmu_desc {
	uint64_t ipa;
	const struct vstream_desc *streams; /* ascending by virt, disjoint */
	uint32_t stream_count;
	uint32_t sid_bits;     /* IDR1.SIDSIZE that the guest reads, 0..32 */
	uint32_t cmdq_log2;    /* IDR1.CMDQS, at most 19 */
	uint32_t evtq_log2;    /* IDR1.EVTQS, at most 19 */
	uint32_t evtq_intid;   /* SPIs of virq_mask, edge triggered; 0: none */
	uint32_t gerror_intid;
	uint32_t sync_intid;
	/* 1: stage 2 has leaves that are smaller than the guest's may be, and an SMMU may
	 * cache the guest's in pieces: invalidation by address is done by address space. */
	uint32_t pieces;
	/* Where in the domain's device tree, in bytes, the node's `status` is: nine bytes, so
	 * that "disabled" has room there; 0: nowhere. */
	uint32_t dtb_status;
	/* How many pages of each of its smmu_desc.nested it may have at a time. */
	uint32_t nested_groups;
};

/* A unit of the Renesas IPMMU. */
struct ipmmu_unit_desc {
	const char *name;
	uint64_t reg;   /* its page of registers */
	/* Whose its micro-TLBs are; those of nobody follow context 0. The IDs of `masters` are
	 * micro-TLBs, ascending and disjoint. */
	const struct stream_desc *masters;
	uint32_t master_count;
	uint32_t utlbs; /* that it has: 0..utlbs-1 */
	uint64_t power; /* registers of its power domain in SYSC; 0: it is always on */
};

/* What a micro-TLB can follow. */
struct ipmmu_context_desc {
	uint64_t table;  /* PA of the stage-2 root */
	uint32_t domain; /* index into domains; OWNER_NONE: of context 0, which maps nothing */
	uint32_t pad;
};

#define IPMMU_CONTEXTS_MAX 8
#define IPMMU_UNITS_MAX 32

/* The IPMMUs of an R-Car: a root, which has the contexts and walks the tables, and its
 * caches. */
struct ipmmu_desc {
	const struct ipmmu_unit_desc *units; /* [0] is the root */
	const struct ipmmu_context_desc *contexts;
	uint32_t unit_count;    /* 1..IPMMU_UNITS_MAX */
	uint32_t context_count; /* 1..IPMMU_CONTEXTS_MAX */
	uint32_t ttbcr;         /* IMTTBCR of every context */
	uint32_t intid;         /* of the root's non-secure interrupt, level triggered */
	uint64_t prr;           /* the product register */
	uint32_t product;       /* what it shows in bits 14:8 */
	uint32_t cut_min;       /* and, at the least, in bits 7:0, where stage 2 works */
};

/* A piece of a domain's payload that hv.img carries away from its home: copied
 * from `from` to `to` before the domain first runs. Pieces that already lie at
 * home are not listed. */
struct payload_piece {
	uint64_t from; /* PA, inside the hypervisor's payload store */
	uint64_t to;   /* IPA, inside the domain's RAM */
	uint64_t size;
};

enum on_fault {
	ON_FAULT_STOP = 0,
	ON_FAULT_RESTART = 1,
	ON_FAULT_PANIC = 2,
};

#define DOMAIN_HARDWARE BIT32(0) /* the hardware domain: its reset resets the machine */
#define DOMAIN_CONTROL BIT32(1)  /* may stop and start domains: guest/control.c */

/* What a domain is offered beyond the architecture. */
enum guest_abi {
	GUEST_ABI_NONE = 0,
	GUEST_ABI_XEN = 1, /* a subset of Xen's hypercalls */
};

/* Feature bits that a domain with GUEST_ABI_XEN reads (Xen's public/features.h). One of 16
 * and 17 is set: 16 says that every DMA master of the domain is translated by an IOMMU, 17
 * that some is not and takes the domain's addresses for the machine's. */
#define XEN_FEATURE_WRITABLE_TABLES BIT32(0)
#define XEN_FEATURE_TRANSLATED BIT32(2)
#define XEN_FEATURE_HARDWARE BIT32(11)
#define XEN_FEATURE_VNODE BIT32(13)
#define XEN_FEATURE_SMCCC BIT32(14)
#define XEN_FEATURE_NOT_DIRECT_MAPPED BIT32(16)
#define XEN_FEATURE_DIRECT_MAPPED BIT32(17)
#define XEN_FEATURE_RUNSTATE_PHYS BIT32(18)

struct domain_desc {
	const char *name;
	uint32_t flags;    /* DOMAIN_* */
	uint16_t on_fault; /* enum on_fault */
	uint16_t retries;  /* ON_FAULT_RESTART: how often without a minute of good running between */
	uint64_t vttbr;    /* VTTBR_EL2: VMID and PA of the stage-2 root */
	uint64_t vtcr;     /* VTCR_EL2 */
	uint64_t entry;    /* IPA of the first instruction (arm64 Image) */
	uint64_t dtb_ipa;  /* where the device tree lies; handed over in x0 */
	const uint8_t *dtb; /* NULL: none */
	uint64_t dtb_size;
	const struct payload_piece *pieces;
	const struct trap_window *windows; /* sorted by ipa, disjoint */
	const struct mem_range *ram;       /* PA; what of it has its colours */
	/* PA; memory that is no RAM and that firmware may have left in the caches. */
	const struct mem_range *handover;
	const uint32_t *smc_allow;         /* SMCCC function IDs, ascending */
	const uint8_t *cpus;               /* pCPU index of each vCPU; [0] boots */
	uint32_t piece_count;
	uint32_t window_count;
	uint32_t ram_count;
	uint32_t smc_count;
	uint32_t cpu_count;
	uint32_t handover_count;
	struct color_set colors;
	/* The domain's console: INTID of its virtual PL011 (0: it has none). */
	uint32_t console_intid;
	/* INTIDs backed by the physical interrupt of the same number: SPIs and
	 * PPIs that the domain owns. SGIs are every domain's own. */
	uint32_t irq_mask[IRQ_WORDS];
	/* SPIs that only software raises (virtual devices). Disjoint from irq_mask. */
	uint32_t virq_mask[IRQ_WORDS];
	/* Where each maskable SPI is configured: bit set = edge triggered. */
	uint32_t irq_edge[IRQ_WORDS];
	uint32_t guest_abi;    /* enum guest_abi */
	uint32_t xen_features; /* XEN_FEATURE_*; 0 unless GUEST_ABI_XEN */
	uint32_t xen_events;   /* INTID of the PPI that tells of events; in irq_mask. 0: none */
	const struct vsmmu_desc *vsmmu; /* NULL: none */
	const struct msi_desc *msi; /* NULL: no LPIs */
};

/* Where EL2 may briefly map a guest's memory: an empty level-2 table at a
 * 1 GiB aligned virtual address, the one table that stays writable. */
struct el2_window {
	uint64_t va;
	uint64_t *table; /* 512 descriptors; the hypervisor puts a level-3 table under the first */
};

struct board_tables {
	uint64_t magic; /* TABLES_MAGIC */
	const char *name;
	uint32_t firmware; /* enum firmware_kind */
	uint32_t cpu_count;
	uint32_t domain_count;
	uint32_t spi_count; /* SPIs of the board's GIC: INTID 32 .. 32+spi_count-1 */
	struct mem_range image; /* the hypervisor's own RAM; base is where hv.img must be loaded */
	struct mem_range store; /* payload store behind it, size 0: none */
	uint64_t el2_ttbr;      /* TTBR0_EL2 */
	uint64_t el2_tcr;       /* TCR_EL2 */
	uint64_t el2_mair;      /* MAIR_EL2 */
	struct el2_window window;
	struct gic_desc gic;
	struct uart_desc uart;
	const struct cpu_desc *cpus;
	const struct domain_desc *domains;
	/* spi_count entries; [i] is the owner of INTID 32 + i: domain index or
	 * OWNER_NONE. The hypervisor's own interrupts are OWNER_NONE here and known
	 * by gic.maintenance and uart.intid. */
	const uint8_t *spi_owner;
	const struct smmu_desc *smmus;
	uint64_t smmu_count;
	struct home home;       /* where the pages of `image` are */
	const struct its_desc *its; /* that domains use */
	uint64_t its_count;
	struct mem_range lpi;   /* memory for LPIs, see msi.h; size 0: no domain has any */
	uint8_t *lpi_properties; /* of all LPIs, LPIS bytes, page aligned */
	const struct ipmmu_desc *ipmmu; /* NULL: none that is driven */
	const struct acpi_expect *acpi; /* FIRMWARE_ACPI: what the board file expects; else NULL */
	const struct efi_payload *efi; /* FIRMWARE_ACPI: of the hardware domain; else NULL */
	const struct mem_range *shared; /* memory that domains share: no domain's RAM */
	uint64_t shared_count;
	const struct doorbell_desc *doorbells; /* at most DOORBELLS_MAX */
	uint64_t doorbell_count;
};

extern const struct board_tables board;

/* PA of something of the hypervisor's own, for hardware that reads it. */
static inline uint64_t own_pa(const void *p)
{
	return home_pa(&board.home, (uint64_t)(uintptr_t)p);
}

/*
 * The page tables live in ELF section .tables, complete. In hv.img they are
 * packed: a stream of runs, each filling `count` consecutive 64-bit words,
 * `skip` words after the previous run's end (the first: after the section's
 * start), with first, first+step, first+2*step, ... With PACKED_COPY in count the
 * run repeats what lies `first` words, at least 4, before each of its words (a copy
 * may overlap itself: one stream table entry becomes many); step is 0. With
 * PACKED_GROUPS the run is cut into groups of as many words as the next entry of the
 * stream has in `skip`, and each group begins that entry's `first` above the one before
 * (pages of some cache colours); the next entry is no run itself. A run with count 0
 * ends it. Words that no run covers are zero.
 */
#define PACKED_COPY BIT32(31)
#define PACKED_GROUPS BIT32(30)
#define PACKED_LENGTH GENMASK64(29, 0)

struct packed_run {
	uint32_t skip;
	uint32_t count;
	uint64_t first;
	uint64_t step;
};

_Static_assert(sizeof(struct mem_range) == 16, "mem_range");
_Static_assert(sizeof(struct gic_desc) == 96, "gic_desc");
_Static_assert(sizeof(struct uart_desc) == 24, "uart_desc");
_Static_assert(sizeof(struct cpu_desc) == 16, "cpu_desc");
_Static_assert(sizeof(struct trap_window) == 24, "trap_window");
_Static_assert(sizeof(struct doorbell_desc) == 32, "doorbell_desc");
_Static_assert(sizeof(struct stream_desc) == 32, "stream_desc");
_Static_assert(sizeof(struct smmu_desc) == 112, "smmu_desc");
_Static_assert(sizeof(struct vstream_desc) == 16, "vstream_desc");
_Static_assert(sizeof(struct vsmmu_desc) == 56, "vsmmu_desc");
_Static_assert(sizeof(struct ipmmu_unit_desc) == 40, "ipmmu_unit_desc");
_Static_assert(sizeof(struct ipmmu_context_desc) == 16, "ipmmu_context_desc");
_Static_assert(sizeof(struct ipmmu_desc) == 48, "ipmmu_desc");
_Static_assert(sizeof(struct payload_piece) == 24, "payload_piece");
_Static_assert(sizeof(struct domain_desc) == 8 + 4 + 2 * 2 + 8 * 4 + 8 * 8 + 4 * 7 + 8 + 3 * 4 * IRQ_WORDS +
	       4 * 3 + 8 * 2, "domain_desc");
_Static_assert(sizeof(struct packed_run) == 24, "packed_run");
_Static_assert(offsetof(struct board_tables, image) == 32, "board_tables");

#endif
