/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The plan: every decision that the model leaves open, made once. Where the
 * hypervisor, each domain's RAM and payload lie, what each domain can reach and
 * with which attributes, the complete page tables, who owns each interrupt.
 * emit only writes down what stands here.
 */
#ifndef GEN_PLAN_PLAN_H
#define GEN_PLAN_PLAN_H

#include "diag/diag.h"
#include "mm/stage2.h"
#include "model/model.h"
#include "plan/ranges.h"
#include "tables.h"
#include "util/arena.h"
#include "util/groups.h"
#include "util/strmap.h"

#define KERNEL_ALIGN MIB(2)    /* arm64 boot protocol: base of an Image, less text_offset */
#define DTB_SIZE_MAX MIB(2)    /* arm64 boot protocol */
#define GICR_FRAME_SIZE KIB(128) /* GICv3: RD_base and SGI_base of one CPU */
#define VPL011_SIZE PAGE_SIZE
#define HV_SIZE_MAX MIB(64) /* of the hypervisor's RAM: schema/system.def */

/* A run of a domain's RAM. */
struct plan_ram {
	uint64_t ipa;
	uint64_t pa;
	uint64_t size;
};

/* One stage-2 mapping. */
struct plan_map {
	uint64_t ipa;
	uint64_t pa;
	uint64_t size;
	struct stage2_attr attr;
	struct pos pos;   /* what asked for it */
	const char *name; /* of what asked for it */
	bool shared;      /* memory that other domains have, too */
	bool later;       /* mapped on demand, */
	uint64_t block;   /* in aligned blocks of at most so many bytes */
};

/* A file of a domain's payload. */
struct plan_file {
	const char *path;   /* NULL: none is given */
	struct pos pos;
	uint64_t file_size; /* bytes in the file */
	uint64_t size;      /* bytes of RAM it needs */
	uint64_t offset;    /* kernel: text_offset from a 2 MiB boundary */
	uint64_t ipa;       /* its place in the domain */
	uint64_t pa;
	uint64_t from;      /* where hv.img carries it; equal to pa: at home */
};

/* An ITS that domains use. Its memory: offsets in plan.lpi. */
struct plan_its {
	const struct m_its *m;
	uint32_t bits; /* of a DeviceID */
	uint32_t used; /* collections given away */
	uint64_t queue;
	uint64_t devices;
	uint64_t collections;
};

/* A domain's message-signalled interrupts, as struct msi_desc. */
struct plan_msi {
	size_t its; /* index into plan.its */
	uint32_t lpi_first;
	uint32_t lpi_count;
	uint32_t collection;
	uint32_t devices;
	uint32_t page_count;
	struct msi_ids *ids;
	size_t id_count;
	uint64_t state; /* offsets in plan.lpi */
	uint64_t pages;
	uint64_t itts;
	uint64_t events;
	uint64_t pending;
};

/* Memory that domains share. */
struct plan_region {
	const struct m_region *m;
	uint64_t pa;
};

struct plan_domain {
	const struct m_domain *m;
	const size_t *devices; /* that it has: indices into board.devices, ascending */
	size_t device_count;
	struct plan_ram *ram; /* as the domain sees it; coloured: pa is of its first page */
	size_t ram_count;
	struct plan_ram *runs; /* the pages of it; `ram` itself unless coloured */
	size_t run_count;
	struct mem_range *spans; /* PA; what of them has its colours is its RAM */
	size_t span_count;
	struct color_set colors;
	struct plan_map *maps; /* ascending by ipa, disjoint, joined */
	size_t map_count;
	size_t map_room;
	struct mem_range *handover; /* PA; Normal memory that is no RAM */
	size_t handover_count;
	struct reset_step *resets;
	size_t reset_count;
	struct trap_window *windows;
	size_t window_count;
	struct plan_file kernel; /* without a path: the place kept for one */
	struct plan_file initrd;
	uint64_t dtb_ipa;
	uint64_t dtb_pa;
	uint64_t dtb_room; /* bytes kept at dtb_ipa */
	uint8_t *cpus;
	size_t cpu_count;
	uint32_t *smc; /* ascending, each once */
	size_t smc_count;
	struct m_range vpl011; /* size 0: the domain has none */
	uint32_t vpl011_intid; /* 0: no interrupt */
	uint32_t irq_mask[IRQ_WORDS];
	uint32_t virq_mask[IRQ_WORDS];
	uint32_t irq_edge[IRQ_WORDS];
	uint32_t xen_features; /* 0: no Xen guest ABI */
	uint32_t xen_events;   /* INTID, 0: none */
	struct plan_msi *msi; /* NULL: none */
	struct mem_range xen_grants; /* IPA that the domain's map leaves free */
	bool has_vsmmu;
	struct vsmmu_desc vsmmu; /* its streams are this plan's */
	struct stage2 s2;
	struct stage2 dma; /* of its streams: `s2`, or tables of their own (dma.c) */
	uint64_t vttbr;
	uint64_t vtcr;
};

/* Stream IDs first..last of an SMMU. */
struct plan_stream {
	uint64_t first;
	uint64_t last;
	size_t owner; /* domain, MODEL_NONE: nobody, and their DMA is aborted */
	const struct m_device *device;
	struct pos pos; /* of the link */
};

struct plan_smmu {
	const struct m_iommu *m;
	struct plan_stream *streams; /* ascending, disjoint */
	size_t stream_count;
	uint32_t bits; /* of a stream ID that the table covers */
	uint32_t evtq_intid;
	uint32_t gerror_intid;
	uint32_t cmdq_log2;
	uint32_t evtq_log2;
	uint64_t strtab_base; /* as the registers take them */
	uint64_t strtab_cfg;
	uint32_t nested_pages;
	uint32_t page; /* pages of the pool that its table has: page..page_end-1 */
	uint32_t page_end;
};

/* A unit of the IPMMU. */
struct plan_unit {
	const struct m_iommu *m;
	struct plan_stream *masters; /* micro-TLBs, ascending, disjoint */
	size_t master_count;
};

/* The board's IPMMUs. */
struct plan_ipmmu {
	struct plan_unit *units; /* [0] is the root */
	size_t unit_count;       /* 0: they are not driven */
	size_t domains[IPMMU_CONTEXTS_MAX]; /* of contexts 1..; [0]: none */
	size_t context_count;
	struct stage2 nothing;   /* what context 0 maps */
};

/* The hypervisor's own translation (EL2 stage 1). */
struct plan_el2 {
	uint64_t ttbr;
	uint64_t tcr;
	uint64_t mair;
	uint64_t window_va;
	uint64_t window_table; /* VA, as all that is linked */
	uint64_t own_table;    /* VA of the level-3 pages that the linker fills */
	uint32_t own_pages;
};

struct plan {
	struct arena *arena;
	const struct model *m;
	struct mem_range image; /* the hypervisor's RAM */
	struct home home;       /* where its pages are once it runs */
	struct mem_range store; /* payloads on their way; size 0: none */
	uint64_t image_size;    /* of the arm64 Image: all that hv.img needs from image.base on */
	uint64_t file_end;      /* PA behind the last payload byte in hv.img; 0: no payload */
	struct ranges free_ram; /* board RAM that nobody has */
	uint32_t ipa_bits;
	uint32_t pa_bits;
	struct cpu_desc *cpus;
	size_t cpu_count;
	struct gic_desc gic;
	struct uart_desc uart;
	uint8_t spi_owner[INTIDS]; /* by INTID; below 32 each CPU has its own: no meaning */
	struct plan_domain *domains;
	size_t domain_count;
	struct groups owned;        /* board.devices by domain */
	struct strmap device_names; /* of board.devices */
	uint64_t clocks_room;       /* plan_clocks_room() */
	struct plan_smmu *smmus;
	size_t smmu_count;
	struct plan_region *regions; /* as model.regions */
	struct doorbell_desc *doorbells; /* as model.bells */
	struct plan_ipmmu ipmmu;
	struct plan_its *its;
	size_t its_count;
	struct mem_range lpi;    /* hypervisor's memory for LPIs and ITSs; size 0: none */
	uint64_t lpi_properties; /* offset in it */
	struct stage2_pool pool; /* pages[0..used): section .tables, without own_table */
	bool *written; /* of those pages: the hypervisor makes descriptors in them valid */
	struct plan_el2 el2;
};

/* Plans; NULL after reporting what does not fit. Payload files are looked at
 * (size, header), not read. The result borrows the model. */
struct plan *plan_build(struct diag *d, const struct model *m);
void plan_free(struct plan *p);

/* The lists of devices: `owned`, what domains have of it, and `device_names`. */
void plan_owned(struct plan *p);

/* The steps, in this order; each false after reporting. */
bool plan_machine(struct plan *p, struct diag *d); /* image, GIC, UART, CPUs */
bool plan_files(struct plan *p, struct diag *d);   /* payload files: sizes */
bool plan_ram(struct plan *p, struct diag *d);     /* store, RAM, payload places */
bool plan_devices(struct plan *p, struct diag *d); /* mappings and windows */
bool plan_irqs(struct plan *p, struct diag *d);
void plan_msi(struct plan *p);                     /* message-signalled interrupts: what, not where */
void plan_resets(struct plan *p);                  /* devices of domains that can run again */
void plan_xen(struct plan *p);                     /* the Xen guest ABI of those who have it */
bool plan_smmus(struct plan *p, struct diag *d);   /* streams and their owners */
void plan_ipmmu(struct plan *p);                   /* micro-TLBs and contexts */
void plan_vsmmus(struct plan *p);                  /* the virtual SMMUv3s */
bool plan_tables(struct plan *p, struct diag *d);  /* all page tables and stream tables */

/* The domain that has a device: what the model says, or, for the board's console,
 * the domain that takes it as its own and so leaves the hypervisor without one.
 * MODEL_NONE: nobody, or the hypervisor. */
size_t plan_owner(const struct plan *p, size_t device);
/* Where the hypervisor's own pages are, behind the payload store; false after
 * reporting. */
bool plan_home(struct plan *p, struct diag *d, const struct ranges *left);
/* Whether `size` bytes that are linked together, aligned to their size, a power of two,
 * lie together where the hypervisor's pages are. */
bool plan_home_holds(const struct plan *p, uint64_t size);
/* RAM of the domain's colours, from the free ranges of `left`; false after reporting. */
bool plan_ram_colored(struct plan *p, struct diag *d, const struct ranges *left, struct plan_domain *dom);
/* A free place for `size` bytes in the domain, once its map is complete: below 4 GiB if
 * there is one. False: there is none. */
bool plan_find_hole(const struct plan *p, const struct plan_domain *dom, uint64_t size, uint64_t align,
		    uint64_t *base);
/* Windows of the control interface and the watchdog; the watchdog's interrupt, once all
 * others are given. Each false after reporting. */
bool plan_virtual_places(struct plan *p, struct diag *d, struct plan_domain *dom);
bool plan_watchdog_irq(struct plan *p, struct diag *d, struct plan_domain *dom);
/* The domain's window of that kind, NULL: none. */
const struct trap_window *plan_window(const struct plan_domain *dom, enum window_kind kind);
/* Takes the regions that domains share from `left`: those with a base, or the others.
 * False after reporting. */
bool plan_regions_take(struct plan *p, struct diag *d, struct ranges *left, bool fixed);
/* Maps what the domain shares, and puts its doorbells behind its windows. */
void plan_shared_place(struct plan *p, struct plan_domain *dom);
/* The PA of an IPA in the domain's RAM. */
uint64_t plan_ram_pa(const struct plan_domain *dom, uint64_t ipa);
/* IOMMUs that the hypervisor drives translate all DMA of the device, or abort it. */
bool plan_is_confined(const struct plan *p, size_t device);
/* The same, as its domain is told: `iommu: "off"` counts none. */
bool plan_is_protected(const struct plan *p, size_t device);
/* The stage-2 memory type of the model's. */
enum stage2_type plan_type(enum m_attr attr);
/* Adds a mapping of whole pages around [pa, pa+size). */
void plan_map_add(struct plan_domain *dom, struct plan_map map);
/* The mapping of whole pages around a device's registers. */
struct plan_map plan_map_of(const struct m_device *dev, const struct m_range *r);
/* How much of `size` bytes one access maps on demand, unless the board file says it. */
static inline uint64_t plan_block(uint64_t size)
{
	return size > GIB(4) ? GIB(1) : MIB(2);
}
/* Maps the domain's devices, and if it finds them on demand, the board's windows: behind all
 * else that it has mapped, and the trap windows that have a place. */
void plan_mmio(struct plan *p, struct diag *d, struct plan_domain *dom);
/* Which pages of the pool are `written`, once it is complete. */
void plan_mmio_written(struct plan *p);
/* Finds places for kernel, initrd and device tree in the domain's RAM at or above
 * `floor` (IPA); false: there is none. */
bool plan_place_payload(struct plan_domain *dom, uint64_t floor);
/* Bytes that a device tree needs at most: for what all may refer to, and in all. */
uint64_t plan_clocks_room(const struct plan *p);
uint64_t plan_dtb_room(const struct plan *p, const struct plan_domain *dom);
/* The streams of an IOMMU: those that some domain has, and between them those that only
 * devices of nobody have. *list: ascending, disjoint. */
size_t plan_streams(const struct plan *p, const struct m_iommu *mmu, struct plan_stream **list);
/* What the pool must be aligned to, so that stream tables are to their size. */
uint64_t plan_smmu_align(const struct plan *p);
/* Writes the stream tables to the pool, where the domains' roots are; false: no pages. */
bool plan_smmus_build(struct plan *p);
/* Whether a domain's streams have other tables than its CPUs, and fills those once the
 * CPUs' are complete; false: no pages are left. */
bool plan_dma_apart(const struct plan *p, size_t domain);
bool plan_dma_build(struct plan *p, struct plan_domain *dom);
/* Places plan.lpi below `end`; false after reporting. */
bool plan_msi_place(struct plan *p, struct diag *d, uint64_t end);
/* Writes the EL2 map to the pool, own_table lying at el2.own_table; false: no pages. */
bool plan_el2_build(struct plan *p);

#endif
