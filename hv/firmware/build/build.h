/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The tables of a board whose addresses firmware says (docs/decisions/021-built-at-boot.md):
 * made while boot services run, from the machine's ACPI tables and UEFI's memory map, in the
 * copy of the image that is to run. One domain gets everything.
 *
 * The hypervisor is linked, and runs with the MMU on, at addresses that no machine has
 * anything at; its RAM is wherever UEFI had some. In here a pointer can be followed now;
 * build_va() says what it will be. Nothing here calls firmware.
 */
#ifndef HV_FIRMWARE_BUILD_BUILD_H
#define HV_FIRMWARE_BUILD_BUILD_H

#include "firmware/acpi/acpi.h"
#include "mm/stage2.h"

/* Addresses are below this power of two: the hypervisor's own are above, and SMMUs that can
 * do less than the tables need are refused by their driver. */
#define BUILD_PA_BITS_MAX 44u

/* What is at addresses that the domain does not find by chance. Disjoint, ascending. */
struct build_span {
	uint64_t base;
	uint64_t end;
	uint32_t kind; /* enum build_kind */
};
enum build_kind {
	BUILD_RAM,  /* the domain's */
	BUILD_KEPT, /* the hypervisor's, or nobody's */
	BUILD_HIDDEN, /* nobody's, wherever it is: it may be part of what is kept */
};

/* What is told of things that have no name in a board file; pointers for when the MMU is on. */
struct build_names {
	const char *mmio;   /* found on demand */
	const char *stream; /* a device */
	const char *table;  /* that tells of it */
	const char *its;    /* the machine's one */
};

/* A piece of the image, for the hypervisor's own map. */
struct build_section {
	uint64_t base; /* VA */
	uint64_t end;
	uint64_t rights; /* mm/el2_desc.h */
};
#define BUILD_SECTIONS 4u

struct build {
	/* The caller's. */
	const struct acpi_machine *machine;
	const uint8_t *map; /* UEFI's memory map, as efi_map_read() has it */
	uint64_t map_size, map_step;
	uint64_t boot_mpidr; /* of the CPU that this runs on */
	uint32_t pa_bits;    /* that CPUs have */
	struct home home;    /* load: where the image is linked; base: where its RAM is */
	uint8_t *bytes;      /* that RAM, to be written */
	uint64_t size;
	uint64_t used;       /* bytes of it that are taken, from its start on */
	struct build_section sections[BUILD_SECTIONS]; /* of them, but for page tables */
	/* What CPUs execute where their MMU goes on: there it is at its PA as well. VA. */
	uint64_t entry, entry_end;
	struct board_tables *board;    /* in that RAM, filled but for what firmware says */
	struct domain_desc *domain;    /* its only one */
	struct ondemand_list *ondemand;
	struct build_names names;
	const struct msi_desc *msi;    /* how many LPIs and devices the domain may have; NULL: none */
	/* What is found and made; nothing before. */
	uint32_t gicd_typer; /* 0: nobody could ask */
	uint64_t tables;  /* where, in that RAM, what is made begins: the window's table first */
	uint8_t *written; /* of each page of the RAM: the hypervisor writes to it */
	struct build_span *spans;
	uint32_t span_count;
	struct mem_range *ram;
	uint32_t ram_count;
	struct cpu_desc *cpus;
	uint8_t *domain_cpus;
	struct trap_window *windows;
	struct ondemand_range *mmio; /* ondemand->count of them */
	struct smmu_desc *smmus;
	struct stage2_pool pool;
	struct stage2 stage2;
	const struct acpi_its *its; /* whose place the domain's virtual ITS is in; NULL: the domain has none */
	uint32_t its_bits;          /* of a DeviceID there */
	struct mem_range messages;  /* PA: what ITS and GIC write of that RAM is in there, and no table */
	/* Why the domain has no ITS although b->msi has it have one; as below. NULL: it has. */
	const char *without;
	uint64_t without_value;
	/* Why it cannot be: the end of a sentence about this machine, and an address or number. */
	const char *why;
	uint64_t value;
};

/* All of it, and build_check(). False: b->why. */
bool build_all(struct build *b);

/* arena.c */

/* `size` bytes of the hypervisor's RAM, zeroed; `align` a power of two, of their PA. NULL,
 * refused: there are none. */
void *build_take(struct build *b, uint64_t size, uint64_t align);
/* The same in whole pages that the hypervisor will write to; `align` at least a page. */
void *build_take_written(struct build *b, uint64_t size, uint64_t align);
uint64_t build_va(const struct build *b, const void *p);
uint64_t build_pa(const struct build *b, const void *p);
/* Where something of the hypervisor's RAM is now. NULL: `pa` is not in it. */
uint64_t *build_at(const struct build *b, uint64_t pa);
/* False. */
bool build_refuse(struct build *b, const char *why, uint64_t value);

/* msi.c: which ITS the domain's is in the place of, if any; first of all */
void build_its(struct build *b);
/*
 * probe.c: registers answer where firmware's tables have them. Of a GICv3's frames each says
 * what it is (build_probe_gic()).
 */
bool build_probe(struct build *b);
bool build_probe_gic(uint64_t base);
/* machine.c: CPUs, GIC, UART, and what of it the domain has. */
bool build_machine(struct build *b);
/* memory.c: b->spans and the domain's RAM. */
bool build_memory(struct build *b);
/* domain.c: stage 2. */
bool build_domain(struct build *b);
/* msi.c: what the ITS and the GIC's redistributors work in. */
bool build_msi(struct build *b);
/* streams.c: SMMUv3s. */
bool build_streams(struct build *b);
/* el2.c: the hypervisor's own map. Last: what is taken afterwards is not in it. */
bool build_el2(struct build *b);

/*
 * check.c: reads what was made again, as hardware will, and refuses what would let the domain
 * or its devices reach anything that is not theirs.
 */
bool build_check(struct build *b);

#endif
