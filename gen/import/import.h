/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Import: a vendor's device tree blob, or the ACPI tables of a machine, to a first board.yaml,
 * system.yaml and defconfig.
 *
 * tree or tables > what the machine is (CPUs, GIC, memory) > IOMMUs and devices > links between
 * them > what of it the checks would not take (settle) > text. What the format cannot say, and
 * what neither tree nor tables say, becomes a comment where it would stand.
 */
#ifndef GEN_IMPORT_IMPORT_H
#define GEN_IMPORT_IMPORT_H

#include <stdio.h>

#include "diag/diag.h"
#include "import/tree.h"
#include "model/model.h"

#define IMPORT_NONE SIZE_MAX
#define IMPORT_TABLES 8u

/* What became of a node. */
enum i_kind {
	KIND_NOTHING,
	KIND_MACHINE, /* GIC, timer, CPUs, memory: said elsewhere in the file */
	KIND_ITS,
	KIND_IOMMU,
	KIND_DEVICE,
};

struct i_range {
	uint64_t base;
	uint64_t size; /* not 0, and base + size - 1 does not wrap */
};

struct i_irq {
	bool ppi;
	uint32_t number; /* SPI or PPI */
	enum m_trigger trigger;
};

/* IDs of an IOMMU, as struct m_iommu_link. */
struct i_link {
	size_t iommu;
	uint32_t first, count;
	bool mapped;
	uint32_t rid;
};

/* DeviceIDs of an ITS, as struct m_msi_link. */
struct i_msi {
	size_t its;
	uint32_t first, count;
	bool mapped;
	uint32_t rid;
};

/* Comments, each of one or more lines. */
struct i_notes {
	const char **list;
	size_t count;
};

struct i_device {
	struct t_node *node; /* NULL: of a table */
	const char *name;
	const char *path; /* in the tree, or of which table */
	const char **compatible;
	size_t compatible_count;
	const char **facts; /* of a table: its properties, as YAML */
	size_t fact_count;
	enum m_class class;
	bool enabled;
	bool kept; /* part of the GIC, or an IOMMU that is not driven: nobody may have it */
	bool pci;
	struct i_range *reg;
	size_t reg_count;
	bool reg_whole; /* every entry of the node's reg is there */
	struct i_range *windows;
	size_t window_count;
	struct i_irq *irqs;
	size_t irq_count;
	bool irqs_whole;
	bool master;
	const char *master_why; /* comment; NULL: the tree says so */
	struct i_link *links;
	size_t link_count;
	struct i_msi *msis;
	size_t msi_count;
	size_t msi_frame; /* device; IMPORT_NONE */
	struct i_range msi_spis;
	size_t *vias, *shares;
	size_t via_count, share_count;
	struct i_notes notes;
};

struct i_iommu {
	struct t_node *node; /* NULL: of a table */
	const char *name;
	const char *path;
	enum m_iommu_type type;
	struct i_range reg;
	struct i_irq *irqs;
	const char **irq_names; /* SMMUv3; as many */
	size_t irq_count;
	uint64_t ids; /* highest in use + 1 */
	bool coherent;
	size_t root; /* IMPORT_NONE: the root itself */
	uint32_t root_bit;
	uint32_t power_domain; /* UINT32_MAX: none */
	struct i_notes notes;
};

struct i_its {
	const char *name;
	struct i_range reg;
};

struct i_cpu {
	const char *name;
	const char *compatible;
	uint64_t mpidr;
};

struct i_reserved {
	const char *name;
	struct i_range range;
	struct i_notes notes;
};

struct import {
	struct arena *a;
	struct diag *d;
	const char *file;
	const struct i_range *memory; /* RAM as the command line says it; none: as the tree does */
	size_t memory_count;
	const char *source;     /* who says it, for comments: "the tree", "the tables" */
	const char *ram_source; /* and who says what RAM there is */
	struct tree t;
	/* the machine */
	const char *board, *description, *soc; /* NULL: not known */
	const char **compatible;
	size_t compatible_count;
	bool acpi;
	const char *oem_id, *oem_table; /* ACPI: of its FADT; NULL: no texts */
	const char *tables[IMPORT_TABLES];
	size_t table_count;
	struct t_node *gic;
	uint32_t gic_version;
	struct i_range gicd, gicr, gicc, gich, gicv;
	struct i_irq maintenance;
	struct i_notes gic_notes;
	struct i_irq timer[4]; /* secure, physical, virtual, hypervisor */
	struct i_cpu *cpus;
	size_t cpu_count;
	struct i_notes cpu_notes;
	struct i_range *ram;
	size_t ram_count;
	bool ram_supposed; /* the tree has none: a placeholder */
	struct i_notes ram_notes;
	struct i_reserved *reserved;
	size_t reserved_count;
	struct i_notes reserved_notes;
	uint64_t load;
	uint32_t pa_bits;
	uint32_t spis;
	/* what is in it */
	struct i_its *itses;
	size_t its_count;
	struct i_iommu *iommus;
	size_t iommu_count;
	struct i_device *devices;
	size_t device_count;
	size_t console; /* device; IMPORT_NONE */
	size_t power;   /* the IPMMUs' power controller, where it is a device; IMPORT_NONE */
	struct i_notes console_notes;
	struct i_notes top; /* of the machine as a whole */
	size_t decisions;   /* comments that ask for one, written so far */
};

/* Room for one more behind `count` elements. */
void *import_grow(struct import *im, void *list, size_t count, size_t size);
/* A comment that says what is missing or odd. */
void import_note(struct import *im, struct i_notes *n, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
/* A comment that begins with DECIDE: a person must look. */
void import_decide(struct import *im, struct i_notes *n, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
/* An error about a node; NULL: about the whole tree. */
struct diag_msg *import_refuse(struct import *im, unsigned int code, const struct t_node *n,
			       const char *fmt, ...) __attribute__((format(printf, 4, 5)));
static inline uint64_t i_last(const struct i_range *r)
{
	return r->base + (r->size - 1);
}
static inline bool i_meet(const struct i_range *x, const struct i_range *y)
{
	return x->base <= i_last(y) && y->base <= i_last(x);
}

/* address.c: registers of a node as the CPU sees them. */
enum address_why { ADDRESS_OK, ADDRESS_NONE, ADDRESS_EMPTY, ADDRESS_HIDDEN };
uint32_t address_cells(const struct t_node *n); /* of the node's own reg */
uint32_t size_cells(const struct t_node *n);
size_t address_count(const struct t_node *n);
/* Entry i of reg. HIDDEN: a bus above has no ranges for it. */
enum address_why address_reg(const struct t_node *n, size_t i, struct i_range *r);
/* What node n sees at `address`, as the CPU sees it. */
bool address_up(const struct t_node *n, uint64_t address, uint64_t size, struct i_range *r);

/* interrupt.c */
enum irq_why {
	IRQ_OK,
	IRQ_ELSEWHERE, /* another controller's: *by */
	IRQ_BAD,       /* no such interrupt, or no such controller */
};
/* The interrupt that `cells` say at controller or nexus c. unit: address cells of the device. */
enum irq_why interrupt_resolve(const struct import *im, const struct t_node *c, const struct t_prop *p,
			       size_t at, struct i_irq *irq, const struct t_node **by);
/* All interrupts of a node, those at the GIC in *irqs; true: there are no others. Comments go
 * to notes. */
bool interrupt_list(struct import *im, const struct t_node *n, struct i_irq **irqs, size_t *count,
		    struct i_notes *notes);
/* The i-th interrupt of a node alone. */
enum irq_why interrupt_at(const struct import *im, const struct t_node *n, size_t i, struct i_irq *irq);

/* Whether some text of `compatible` has this in it. */
bool import_like(const struct i_device *dev, const char *part);

/* The steps; false after reporting. */
void title_read(struct import *im);
bool machine_read(struct import *im); /* machine.c: PSCI, CPUs, timer */
bool gic_read(struct import *im);
void iommus_read(struct import *im);
void devices_read(struct import *im);
void pci_read(struct import *im, struct i_device *dev);
void links_read(struct import *im); /* IOMMU links */
/* One more of a device's links, in one with what it continues. */
void link_add(struct import *im, struct i_device *dev, struct i_link link);
/* False after a comment: the DeviceIDs are none that the hypervisor's ITS driver has. */
bool msi_add(struct import *im, struct i_device *dev, struct i_msi msi);
void messages_read(struct import *im);
void masters_read(struct import *im);
void names_give(struct import *im);
void console_read(struct import *im);
bool memory_read(struct import *im);
void reserved_read(struct import *im);
/* Takes the pages of a range out of RAM. */
void ram_cut(struct import *im, const struct i_range *r);
bool image_place(struct import *im);
void settle(struct import *im);

/* A name for YAML of any text. */
const char *name_clean(struct import *im, const char *text, size_t len);

/* Properties of a device, as YAML; comments go to notes of their own. */
void props_write(struct import *im, FILE *out, const struct i_device *dev, const char *indent);

void board_write(struct import *im, FILE *out);
void devices_write(struct import *im, FILE *out);
void system_write(struct import *im, FILE *out);
void defconfig_write(const struct import *im, FILE *out);
/* Lines of at most 100 columns, each behind `indent` and "# ". */
void notes_write(struct import *im, FILE *out, const struct i_notes *n, const char *indent);
/* In quotes, so that no YAML program takes it for anything but a text. */
void text_write(FILE *out, const char *text);
void range_write(FILE *out, const struct i_range *r);
void irq_write(FILE *out, const struct i_irq *irq);
/* What of an interrupt says its trigger: nothing of level-high, which is meant anyway. */
const char *trigger_text(enum m_trigger trigger);

/* What both readers end with: names are given. False after reporting. */
bool import_settle(struct import *im);

/* Reads a blob; false after reporting why no board can be made of it. Texts of `im` live in
 * `a`, others in the blob. im->memory may be set before, all else is 0. */
bool import_read(struct import *im, struct arena *a, struct diag *d, const char *file, const void *blob,
		 size_t len);

#endif
