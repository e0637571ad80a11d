/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The typed model: what the YAML says, names resolved, places kept.
 *
 * Built from a schema-valid tree, then read-only: checks and plan take it as
 * const. Names that resolve to nothing are reported while building. Everything
 * lives in one arena and is freed with the model.
 */
#ifndef GEN_MODEL_MODEL_H
#define GEN_MODEL_MODEL_H

#include "diag/diag.h"
#include "expect.h"
#include "model/mmio.h"
#include "model/pci.h"
#include "model/reset.h"
#include "model/shared.h"
#include "model/value.h"
#include "model/virtual.h"
#include "yaml/node.h"

/* FW_ACPI: the machine has UEFI, and the hardware domain gets ACPI tables. */
enum m_firmware { FW_DEVICETREE, FW_ACPI };

enum m_class {
	CLASS_MMIO, CLASS_GIC, CLASS_SRAM, CLASS_FRAMEBUFFER, CLASS_FIRMWARE_WINDOW, CLASS_MSI_FRAME,
};

struct m_cpu {
	struct m_string name;
	struct m_string compatible;
	struct m_number mpidr;
	struct pos pos;
};

/* Links of a device to an IOMMU: IDs (stream IDs or micro-TLBs) first..first+count-1,
 * written under `iommus`; or under `iommu-map`, for a PCI host's requester IDs from
 * rid on. */
struct m_iommu_link {
	size_t iommu; /* index into iommus */
	uint32_t first;
	uint32_t count;
	bool mapped; /* from iommu-map */
	uint32_t rid;
	struct pos pos;
	struct pos iommu_pos;
	struct pos id_pos;
};

/* DeviceIDs of a device's messages at an ITS, written under `msi-parent`; or under
 * `msi-map`, for a PCI host's requester IDs from rid on. */
struct m_msi_link {
	size_t its; /* index into gic.its */
	uint32_t first;
	uint32_t count;
	bool mapped; /* from msi-map */
	uint32_t rid;
	struct pos pos;
	struct pos id_pos;
};

/* One device-tree property copied into the owner's tree. */
enum m_prop_kind { PROP_EMPTY, PROP_STRINGS, PROP_CELLS };
struct m_cell {
	uint32_t value;
	const char *ref; /* "&name": phandle of a device or of "gic"; NULL: value */
	struct pos pos;
};
struct m_prop {
	const char *name;
	enum m_prop_kind kind;
	const char **strings;
	size_t string_count;
	struct m_cell *cells;
	size_t cell_count;
	struct pos pos;
};

struct m_device {
	struct m_string name;
	enum m_class class;
	struct pos class_pos;
	const char **compatible;
	size_t compatible_count;
	/* The registers, then the last window_count of them: `windows`, address space
	 * that the device passes on to what is behind it (a PCIe host). Windows are
	 * mapped like registers but stand in no "reg" property. */
	struct m_range *reg;
	size_t reg_count;
	size_t window_count;
	struct m_irq *irqs; /* the last of an MSI frame's are those of msi_spis */
	size_t irq_count;
	struct m_range msi_spis; /* SPIs that it raises; size 0: not given */
	size_t msi_irqs;         /* how many of `irqs` these are: all, or 0 if there are no such SPIs */
	size_t msi_parent;       /* device; MODEL_NONE: not given */
	struct pos msi_parent_pos;
	bool has_attr;
	enum m_attr attr; /* the class's default unless given */
	struct pos attr_pos;
	bool exec;
	struct pos exec_pos;
	bool read_only;
	bool dma_master;
	struct pos dma_pos;
	struct m_iommu_link *links;
	size_t link_count;
	struct m_msi_link *msis;
	size_t msi_count;
	struct m_string unprotected; /* accepted reason */
	size_t *vias;                /* dma-via: the devices that do its DMA */
	size_t via_count;
	size_t *shares;              /* devices that may share its pages, by consent */
	size_t share_count;
	struct m_pci pci;
	struct m_reset reset;        /* before its domain runs again */
	bool enabled;                /* status: disabled leaves it to nobody */
	struct m_prop *props;
	size_t prop_count;
	struct pos pos;
};

enum m_iommu_type { IOMMU_SMMUV3, IOMMU_IPMMU };
/* What an SMMUv3's interrupt is for: the arm,smmu-v3 binding's names. */
enum m_iommu_irq { IOMMU_IRQ_EVENTQ, IOMMU_IRQ_GERROR, IOMMU_IRQ_PRIQ, IOMMU_IRQ_SYNC, IOMMU_IRQ_COMBINED };
struct m_iommu {
	struct m_string name;
	enum m_iommu_type type;
	struct m_range reg;
	struct m_irq *irqs;
	size_t irq_count;
	size_t root;          /* IPMMU: index of the root, MODEL_NONE for the root itself */
	struct pos root_pos;
	struct m_number root_bit;
	uint32_t id_count;    /* stream IDs or micro-TLBs */
	struct m_number power_domain;
	bool power_known;   /* of an IPMMU: what the registers of that domain are */
	uint64_t power;     /* where they are; 0: it is always on */
	/* SMMUv3 */
	enum m_iommu_irq *irq_names; /* of irqs */
	size_t irq_name_count;
	struct pos irq_names_pos;
	bool two_level;
	struct pos stream_table_pos; /* pos_none: not given */
	uint32_t cmdq_entries;       /* powers of two */
	uint32_t evtq_entries;
	bool coherent;
	struct pos smmu_pos; /* the first key that only an SMMUv3 has; pos_none: none */
	struct pos ids_pos;  /* of the ID count, or of the IOMMU */
	struct pos pos;
};

/* What is known of a chip that has IPMMUs: from which revision on they walk stage-2
 * tables, and the product register's bits 14:8. */
struct m_ipmmu_chip {
	const char *soc;
	const char *name;
	uint32_t product;
	unsigned int major;
	unsigned int minor;
};

#define IPMMU_PRR UINT64_C(0xfff00044)  /* the product register */
#define IPMMU_SYSC UINT64_C(0xe6180000) /* the power controller, a page */
#define IPMMU_UTLBS_MAX 48u

struct m_its {
	struct m_string name;
	struct m_range reg;
	struct m_number cpu_id; /* DeviceID of CPUs' own writes to the doorbell */
	struct pos pos;
};

struct m_gic {
	uint32_t version; /* 2, 3; 0: firmware tells */
	struct pos version_pos;
	struct m_range gicd, gicr, gicc, gich, gicv;
	struct m_irq maintenance;
	uint32_t spi_count;
	struct m_its *its;
	size_t its_count;
	bool has_attr;
	enum m_attr attr;
	struct pos attr_pos;
	struct pos pos;
};

struct m_timer {
	struct m_irq secure, physical, virt, hyp;
	struct pos pos;
};

struct m_board {
	struct m_string name;
	struct m_string description;
	const char **compatible;
	size_t compatible_count;
	enum m_firmware firmware;
	struct m_string soc_revision;
	struct m_string soc;
	struct m_number load; /* where the boot loader puts hv.img */
	struct m_number pa_bits;
	struct m_string console; /* device name */
	size_t console_device;   /* MODEL_NONE: firmware tells */
	/* firmware: acpi. What the tables must say for this board file to be theirs,
	 * and the names of the errata that the hypervisor works around. */
	struct m_string expect_oem_id;       /* 6 characters, as in the tables' headers */
	struct m_string *expect_oem_tables;  /* OEM table IDs, one of them; 8 characters */
	size_t expect_oem_table_count;
	struct m_string *expect_tables;      /* signatures that must be there */
	size_t expect_table_count;
	struct m_string *errata;
	size_t errata_count;
	struct m_gic gic;
	struct m_timer timer;
	struct m_range *ram;
	size_t ram_count;
	uint32_t colors; /* of the cache that the CPUs share; 0: not said */
	struct m_range *reserved; /* reserved-memory: given to nobody */
	const char **reserved_names;
	size_t reserved_count;
	struct m_mmio_window *windows; /* mmio-windows */
	size_t window_count;
	struct m_cpu *cpus;
	size_t cpu_count;
	struct m_iommu *iommus;
	size_t iommu_count;
	struct m_device *devices;
	size_t device_count;
	struct pos pos;
};

/* Cache colours first..first+count-1; count 0: pages of any colour. */
struct m_colors {
	uint32_t first;
	uint32_t count;
	struct pos pos;
};

/* RAM of a domain. */
struct m_ram {
	bool has_base; /* PA given; else the plan finds a place */
	bool has_ipa;  /* IPA given; else 1:1 */
	uint64_t base;
	uint64_t ipa;
	uint64_t size;
	struct pos pos;
};

enum m_console { CONSOLE_NONE, CONSOLE_VPL011, CONSOLE_DEVICE };
enum m_on_fault { FAULT_STOP, FAULT_RESTART, FAULT_PANIC };
enum m_guest_abi { ABI_NONE, ABI_XEN };
enum m_xen_dma { XEN_DMA_AUTO, XEN_DMA_DIRECT, XEN_DMA_NOT_DIRECT };
enum m_iommu_flag { IOMMU_AUTO, IOMMU_REQUIRED, IOMMU_OFF };

struct m_domain {
	struct m_string name;
	bool hardware;
	struct pos role_pos;
	size_t *cpus; /* indices into board.cpus, [0] boots */
	struct pos *cpu_pos;
	size_t cpu_count;
	bool all_other_ram; /* memory: all-others */
	struct m_ram *ram;
	size_t ram_count;
	struct pos memory_pos;
	struct m_colors colors;
	bool all_other_devices; /* devices: all-others */
	size_t *devices;        /* as listed */
	struct pos *device_pos;
	size_t device_count;
	struct pos devices_pos;
	bool on_demand; /* `mmio` */
	struct pos mmio_pos;
	enum m_console console;
	struct pos console_pos;
	struct m_range vpl011; /* size 0: take the board console's own place */
	struct m_irq vpl011_irq;
	size_t console_device;
	/* Path as written, relative to the file pos.file; pos.line 0: given on the
	 * command line, relative to the working directory. */
	struct m_string kernel;
	struct m_string initrd;
	struct m_string cmdline;
	struct m_string esp[EFI_FILES]; /* names of files beside the image, for UEFI; s NULL: none */
	struct pos esp_pos;
	uint32_t msi_lpis;    /* 0: no message-signalled interrupts */
	uint32_t msi_devices; /* that may use them at once */
	struct pos msi_pos;
	enum m_guest_abi guest_abi;
	struct pos abi_pos;
	enum m_xen_dma xen_dma;
	struct pos xen_dma_pos; /* line 0: not given */
	enum m_iommu_flag iommu;
	struct pos iommu_pos;
	struct m_vsmmu vsmmu;
	struct m_virtual control;
	struct m_virtual watchdog;
	struct m_share *shares;
	size_t share_count;
	struct m_bell *bells;
	size_t bell_count;
	enum m_on_fault on_fault;
	uint16_t retries;
	struct pos fault_pos;
	struct m_number *smc_allow;
	size_t smc_count;
	struct pos pos;
};

struct model {
	struct m_board board;
	uint64_t hv_size; /* bytes of RAM the hypervisor keeps for itself */
	struct pos hv_pos;
	struct m_colors hv_colors;
	struct m_region *regions; /* shared memory */
	size_t region_count;
	struct m_string *bells; /* doorbells */
	size_t bell_count;
	struct m_domain *domains;
	size_t domain_count;
	/* Who gets each device after `all-others` is resolved: domain index or
	 * MODEL_NONE. The hypervisor's console is owned by nobody. */
	size_t *device_owner;
	/* The IPMMUs are driven if some domain that does not say `iommu: "off"` has a device
	 * behind one: the first such device, and its IPMMU's root. MODEL_NONE: they are not. */
	size_t ipmmu_user;
	size_t ipmmu_root;
	bool ipmmu_has_power; /* some of them have a power domain that nobody else must have */
	const struct m_ipmmu_chip *ipmmu_chip; /* of the board; NULL: none that is known */
};

/* What the command line changes in one domain's payload. */
struct model_set {
	const char *domain; /* "": the hardware domain */
	const char *key;    /* kernel, initrd or cmdline */
	const char *value;  /* "" removes it; paths are relative to the working directory */
};

struct model_override {
	const struct model_set *sets;
	size_t set_count;
	uint32_t cpus; /* the machine has only the first N of board.cpus; 0: all */
};

/* NULL after reporting. `system` may be NULL: a model of the board alone, without
 * domains. The trees (struct yaml) and the strings of `o` must outlive the model. */
struct model *model_build(struct diag *d, const struct node *board, const struct node *system,
			  const struct model_override *o);

/* Reads, validates and builds. `system_path` may be NULL. NULL after reporting all
 * that reading, schema and names have to say. */
struct model *model_load_files(struct yaml *y, struct diag *d, const char *board_path,
			       const char *system_path, const struct model_override *o);
/* The same for DIR/board.yaml and DIR/<system>.yaml; `system` NULL: "system". */
struct model *model_load(struct yaml *y, struct diag *d, const char *dir, const char *system,
			 const struct model_override *o);

void model_free(struct model *m);

/* Whether the hypervisor may start the domain a second time. The hardware domain's memory is
 * where its payload was; with a machine's only domain the machine goes off, but for a fault
 * after which it is restarted. */
static inline bool model_restarts(const struct model *m, const struct m_domain *dom)
{
	return !dom->hardware && (m->domain_count > 1 || dom->on_fault == FAULT_RESTART);
}

/* Whether firmware's tables are to say at boot what the board file leaves open. A file that
 * says where RAM is says all the rest as well (schema/board.def), and the tables are only
 * compared with it. */
static inline bool model_is_open(const struct m_board *b)
{
	return b->firmware == FW_ACPI && b->ram_count == 0;
}

/* Whether the domain finds ACPI tables of firmware's, and no device tree that says more than
 * where those are. */
static inline bool model_has_acpi(const struct m_board *b, const struct m_domain *dom)
{
	return model_is_open(b) || (b->firmware == FW_ACPI && dom->hardware);
}

#endif
