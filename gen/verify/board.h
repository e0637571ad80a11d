/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What board.yaml and system.yaml say, as far as the properties need it: read
 * anew, so that a mistake in the generator's reading shows.
 */
#ifndef VERIFY_BOARD_H
#define VERIFY_BOARD_H

#include "yaml.h"

struct range {
	uint64_t base;
	uint64_t size; /* 0: not given */
	struct place at;
};

struct irq {
	uint32_t intid; /* 0: not given */
	bool edge;
	struct place at;
};

#define OWNER_NOBODY (-1)
#define OWNER_HYPERVISOR (-2)

/* Stream IDs of an SMMUv3 that are a device's. */
struct link {
	size_t smmu; /* index into smmus */
	uint64_t first;
	uint64_t count;
	bool mapped; /* of a PCI host's requester IDs from `rid` on */
	uint64_t rid;
	struct place at;
};

enum viommu_irq { VIOMMU_EVENT, VIOMMU_ERROR, VIOMMU_SYNC, VIOMMU_IRQS };

/* Virtual stream IDs from `virt` on are those of a link. */
struct vstream {
	uint64_t virt;
	struct link link;
};

/* A domain's virtual SMMUv3. */
struct viommu {
	bool given;
	struct place at;
	struct range reg;
	struct irq irqs[VIOMMU_IRQS]; /* edge triggered; intid 0: none */
	struct vstream *streams;
	size_t stream_count;
	size_t front; /* the first of its physical SMMUs */
	uint64_t groups;
};

/* DeviceIDs of a device's messages. */
struct message {
	size_t its; /* index into itses */
	uint64_t first;
	uint64_t count;
	bool mapped; /* of a PCI host's requester IDs from `rid` on */
	uint64_t rid;
	struct place at;
};

struct its {
	const char *name;
	struct place at;
	struct range reg;
	uint64_t cpu_id; /* UINT64_MAX: none */
};

struct smmu {
	const char *name;
	struct place at;
	struct range reg;
	uint64_t ids;
	uint64_t cmdq; /* entries */
	uint64_t evtq;
	bool coherent;
	struct irq event; /* intid 0: polled */
	struct irq error;
	struct irq sync;
	struct irq pri;
	bool combined; /* `event` is all of them */
	bool two_level;
};

/* A step of a device's reset. */
struct reset {
	uint32_t op; /* enum reset_op of tables.h, and so on as there */
	uint64_t pa;
	uint32_t us, value, mask;
	struct place at;
};

/* A unit of the IPMMUs. */
struct ipmmu {
	const char *name;
	struct place at;
	struct range reg;
	uint64_t utlbs;
	bool cache; /* of the one that is no cache */
	struct irq irq; /* intid 0: none */
	const struct yaml_item *power;
	uint64_t power_at; /* registers of its power domain; 0: it is always on */
};

#define IPMMU_PRR_PAGE UINT64_C(0xfff00000)
#define IPMMU_PRR (IPMMU_PRR_PAGE + 0x44)
#define IPMMU_SYSC UINT64_C(0xe6180000)

/* A PCI host: the buses that its first registers are the configuration space of. */
struct pci {
	bool host;
	bool has_buses;
	bool has_segment;
	uint64_t first_bus, last_bus;
	uint64_t segment;
};

struct device {
	const char *name;
	struct place at;
	struct range *reg; /* registers and windows */
	size_t reg_count;
	size_t window_count; /* the last of them */
	struct irq *irqs;
	size_t irq_count;
	uint32_t attr; /* ATTR_* of runs.h */
	bool gic;      /* class gic or msi-frame */
	bool msi_frame; /* raises each of its irqs when it is written to */
	const char *engine; /* what it is that no domain may have; NULL: nothing of the kind */
	bool memory;   /* Normal, and no firmware window: caches may hold what firmware left */
	uint32_t uart; /* enum uart_kind of tables.h, from `compatible` */
	bool enabled;
	const struct yaml_item *shares;
	bool master;   /* reads or writes memory by itself */
	bool confined; /* all of that goes through an IOMMU */
	struct link *links;
	size_t link_count;
	struct link *utlbs; /* micro-TLBs of IPMMUs, `smmu` being an index into ipmmus */
	size_t utlb_count;
	struct message *messages;
	size_t message_count;
	struct pci pci;
	struct reset *resets; /* whatever domain it belongs to */
	size_t reset_count;
	/* A DMA master's IOMMU for which the image has no tables; NULL: it has none. */
	const char *other_iommu;
	struct place other_at;
	int owner; /* index into domains, or OWNER_* */
};

struct cpu {
	const char *name;
	uint64_t mpidr;
	struct place at;
	int owner;
	uint32_t vcpu; /* index among the owner's */
};

struct ram {
	bool has_base;
	bool has_ipa;
	uint64_t base;
	uint64_t ipa;
	uint64_t size;
	struct place at;
};

/* Cache colours of one's pages; count 0: any. */
struct colors {
	uint64_t first;
	uint64_t count;
	struct place at;
};

/* A device that the hypervisor plays; what is 0 the plan may choose. */
struct virtual {
	bool given;
	struct range reg;
	struct irq irq;
};

/* Memory that domains share. */
struct region {
	const char *name;
	struct place at;
	uint64_t base; /* with has_base */
	bool has_base;
	uint64_t size;
	uint32_t type; /* enum memory_type */
};

struct share {
	size_t region; /* index into regions */
	uint64_t ipa;
	bool write;
	struct place at;
};

/* A domain's end of a doorbell. */
struct bell {
	size_t bell; /* index into bells */
	struct range reg;
	struct irq irq; /* level-sensitive */
	struct place at;
};

/* Addresses where a domain whose MMIO is mapped on demand may find devices. */
struct demand_window {
	const char *name;
	struct range reg;
	uint32_t type;  /* enum memory_type */
	bool at_start;  /* pre-map */
};

struct domain {
	const char *name;
	struct place at;
	bool hardware;
	size_t cpu_count;
	bool all_ram;
	struct ram *ram;
	size_t ram_count;
	struct place memory_at;
	struct colors colors;
	bool all_devices;
	bool on_demand; /* `mmio` */
	struct range vpl011; /* size 0: it has none */
	struct irq vpl011_irq;
	uint32_t on_fault; /* enum on_fault of tables.h */
	uint64_t retries;
	bool iommu_off;      /* whatever its DMA reaches is accepted */
	bool iommu_required;
	uint64_t lpis;       /* message-signalled interrupts; 0: none */
	uint64_t msi_devices;
	struct place msi_at;
	bool xen;            /* guest-abi: xen */
	uint32_t xen_forced; /* XEN_FEATURE_* that xen-dma demands; 0: none */
	struct viommu viommu;
	struct virtual control;
	struct virtual watchdog;
	struct share *shares;
	size_t share_count;
	struct bell *bells;
	size_t bell_count;
	uint64_t *smc;     /* ascending, each once */
	size_t smc_count;
	const char *kernel_file, *initrd_file, *cmdline_file; /* beside the image, for UEFI; NULL: none */
};

struct gic {
	uint64_t version; /* 0: firmware tells */
	struct range gicd, gicr, gicc, gich, gicv;
	struct irq maintenance;
	uint64_t spis;
	uint32_t attr; /* memory type of what a guest reaches */
	struct place at;
};

struct board {
	struct mem *mem;
	struct yaml_error error; /* the first thing that could not be read */
	const char *name;
	bool acpi;
	const struct yaml_item *expect; /* of firmware's tables */
	uint64_t pa_bits;
	uint64_t load; /* with load_at.file: given */
	struct place load_at;
	uint64_t hypervisor_size;
	struct place hypervisor_at;
	struct colors hypervisor_colors;
	struct gic gic;
	struct irq timer_physical, timer_virtual, timer_hypervisor, timer_secure;
	struct irq *iommu_irqs;
	size_t iommu_irq_count;
	uint64_t colors; /* of the cache; 0: not said */
	struct range *ram;
	size_t ram_count;
	struct range *reserved;
	size_t reserved_count;
	struct range *iommus; /* registers of all of them */
	size_t iommu_count;
	struct smmu *smmus;
	size_t smmu_count;
	struct ipmmu *ipmmus;
	size_t ipmmu_count;
	bool ipmmu_driven;  /* some domain needs them */
	bool ipmmu_powered; /* and some have a power domain that turns off */
	const struct yaml_item *soc;
	uint32_t ipmmu_product; /* of the chip; 0: not known */
	uint32_t ipmmu_cut;
	struct its *itses;
	size_t its_count;
	struct demand_window *windows;
	size_t window_count;
	struct cpu *cpus;
	size_t cpu_count; /* that the machine has */
	size_t cpu_total; /* that the file names */
	struct device *devices;
	size_t device_count;
	struct device **by_name; /* devices, sorted */
	struct device *console;  /* the hypervisor's, NULL: none */
	struct region *regions;
	size_t region_count;
	const char **bells; /* names of doorbells */
	size_t bell_count;
	struct domain *domains;
	size_t domain_count;
};

/* Reads DIR/board.yaml and DIR/<system>.yaml with what they include. `cpus`: the
 * machine has only that many of the CPUs; 0: all. false: see b->error. */
bool board_read(struct board *b, struct mem *m, const char *dir, const char *system, uint64_t cpus);
struct device *board_device(const struct board *b, const char *name);
/* The highest PPI that nothing on the board uses; 0: there is none, or firmware knows. */
uint32_t board_free_ppi(const struct board *b);
/* Whether `a` names `b` and `b` names `a` under `shares`. */
bool board_share(const struct device *a, const struct device *b);

/* Steps of board_read, each leaving the first error in b->error. */
struct yaml_item *board_load_file(struct board *b, const char *path, int depth);
void board_read_machine(struct board *b, const struct yaml_item *root, uint64_t cpus);
void board_read_devices(struct board *b, const struct yaml_item *devices);
/* A device whose registers are read, if it is a PCI host; its `reset`, then. */
void board_read_pci(struct device *d, const struct yaml_item *device);
void board_read_reset(struct board *b, struct device *d, const struct yaml_item *device);
/* "an IOMMU", "part of the interrupt controller", or NULL. */
const char *board_engine(const struct yaml_item *device);
void board_read_smmus(struct board *b, const struct yaml_item *iommus, const struct yaml_item *devices);
void board_read_ipmmus(struct board *b, const struct yaml_item *root);
/* Whether they are driven: when owners are known. */
void board_settle_ipmmus(struct board *b);
void board_read_demand_windows(struct board *b, const struct yaml_item *windows);
/* `mmio` of a domain whose role is read. */
void board_read_mmio(struct board *b, struct domain *d, const struct yaml_item *mmio);
void board_read_itses(struct board *b, const struct yaml_item *gic, const struct yaml_item *devices);
void board_read_msi(struct board *b, struct domain *d, const struct yaml_item *item);
/* The ITS that a domain uses, NULL: none. */
const struct its *board_domain_its(const struct board *b, size_t domain);
void board_read_system(struct board *b, const struct yaml_item *root);
/* Behind all domains' names. */
void board_read_shared(struct board *b, const struct yaml_item *root);
void board_read_viommus(struct board *b, const struct yaml_item *domains);

/* Pieces of both files. */
void board_refuse(struct board *b, const struct yaml_item *item, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
uint64_t board_number(struct board *b, const struct yaml_item *map, const char *key, uint64_t otherwise);
bool board_flag(struct board *b, const struct yaml_item *map, const char *key);
struct range board_range(struct board *b, const struct yaml_item *pair);
/* Appends one [base, size] or a list of them. `item` may be NULL: nothing. */
void board_ranges(struct board *b, const struct yaml_item *item, struct range **v, size_t *count,
		  size_t *cap);
struct irq board_irq(struct board *b, const struct yaml_item *item);
/* Memory type by its name. */
uint32_t board_type(struct board *b, const struct yaml_item *item, uint32_t otherwise);

#endif
