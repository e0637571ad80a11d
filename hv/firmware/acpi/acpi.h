/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a machine says of itself in ACPI's static tables (ACPI 6.5; IORT: DEN 0049E), as far
 * as the hypervisor needs it. No AML is read.
 *
 * Firmware's tables are often wrong, and are looked at before anything confines a guest:
 * every length, checksum and offset is checked before what it covers is used, and what
 * stays within no bounds ends the reading with the name of the table and an offset in it.
 */
#ifndef HV_FIRMWARE_ACPI_ACPI_H
#define HV_FIRMWARE_ACPI_ACPI_H

#include "tables.h"

#define ACPI_TABLES_MAX 64u
#define ACPI_ITS_MAX 16u
#define ACPI_REGIONS_MAX 64u /* runs of redistributors; of one CPU each, where MADT says so */
#define ACPI_SEGMENTS_MAX 32u
#define ACPI_SMMUS_MAX 32u
#define ACPI_MAPS_MAX 256u
#define ACPI_WATCHDOGS_MAX 4u
#define ACPI_HIDDEN_MAX 32u

/* Where the reading ended. */
struct acpi_trouble {
	char table[5];    /* signature, or "RSDP" */
	uint32_t offset;  /* in that table, bytes */
	const char *what; /* the end of a sentence about it; NULL: no trouble */
};

struct acpi_cpu {
	uint64_t mpidr; /* affinity fields */
	uint32_t uid;
	uint32_t maintenance; /* INTID of the virtual CPU interface's interrupt */
	uint32_t performance; /* and of its counters'; 0: none */
	bool maintenance_edge, performance_edge;
};

struct acpi_its {
	uint64_t base;
	uint32_t id;
};

struct acpi_segment {
	uint64_t ecam; /* of bus 0, whether that is there or not */
	uint16_t segment;
	uint8_t first_bus, last_bus;
};

struct acpi_smmu {
	uint64_t base;
	uint32_t offset; /* of its node in IORT */
	uint32_t evtq, priq, gerror, sync; /* INTIDs; 0: none */
	bool coherent;
};

/* Whose IDs a map takes. */
enum acpi_source {
	ACPI_SEGMENT, /* requester IDs of PCI segment `from` */
	ACPI_NAMED,   /* a named component, at offset `from` of IORT */
	ACPI_SMMU,    /* stream IDs of smmus[from], as DeviceIDs of an ITS */
};
/* IDs first..last become out, out + 1, ...: stream IDs of smmus[smmu], or, where smmu is
 * ACPI_ITS, DeviceIDs of an ITS of the group at offset `group` of IORT. */
#define ACPI_ITS UINT32_MAX
struct acpi_map {
	uint32_t source; /* enum acpi_source */
	uint32_t from;
	uint32_t first, last, out;
	uint32_t smmu;
	uint32_t group;
	uint32_t its; /* ID in MADT of the group's first ITS, which is the one that is used */
};

struct acpi_watchdog {
	uint64_t refresh, control;
	uint32_t intid;
};

struct acpi_uart {
	uint64_t base; /* 0: none */
	uint32_t intid;
	uint8_t kind;        /* ACPI_UART_* as in SPCR */
	char oem_id[7];      /* of SPCR, for its errata */
	char oem_table[9];
	uint32_t oem_revision;
};
#define ACPI_UART_PL011 0x03
#define ACPI_UART_SUBSET 0x0d /* SBSA's, 32 bits wide only */
#define ACPI_UART_SBSA 0x0e

/* Whether it has the registers of a PL011 that a console needs. */
static inline bool acpi_uart_is_pl011(const struct acpi_uart *u)
{
	return u->kind == ACPI_UART_PL011 || u->kind == ACPI_UART_SUBSET || u->kind == ACPI_UART_SBSA;
}

#define ACPI_TIMER_EDGE BIT32(0)
#define ACPI_TIMER_LOW BIT32(1)

struct acpi_machine {
	uint64_t rsdp, xsdt, dsdt; /* PA; dsdt as the FADT says, whatever there is */
	uint32_t table_count;      /* in the XSDT, whether they are read or not */
	char tables[ACPI_TABLES_MAX][4];
	uint64_t table_pa[ACPI_TABLES_MAX];
	char oem_id[7]; /* of the FADT */
	char oem_table[9];
	bool psci, psci_hvc;
	uint32_t cpu_count;
	struct acpi_cpu cpus[CPUS_MAX];
	uint64_t gicd;
	uint32_t gic_version; /* as MADT says: 0..4 */
	uint32_t gicr_count;
	struct mem_range gicr[ACPI_REGIONS_MAX];
	uint32_t its_count;
	struct acpi_its its[ACPI_ITS_MAX];
	/* INTIDs of the timers: EL1 secure and not, virtual, EL2 */
	uint32_t timer_secure, timer_physical, timer_virtual, timer_hyp;
	uint8_t timer_flags[4]; /* in that order: ACPI_TIMER_* */
	/* Registers that no domain is to find, beside GIC, ITSs and SMMUs: redistributors of CPUs
	 * that are off and a GICv2's interfaces to CPUs; counters of SMMUs, which can be told to
	 * write messages to any address. Whole pages; what touches is joined. */
	uint32_t hidden_count;
	struct mem_range hidden[ACPI_HIDDEN_MAX];
	uint32_t watchdog_count;
	struct acpi_watchdog watchdogs[ACPI_WATCHDOGS_MAX];
	struct acpi_uart uart;
	uint32_t segment_count;
	struct acpi_segment segments[ACPI_SEGMENTS_MAX];
	uint32_t smmu_count;
	struct acpi_smmu smmus[ACPI_SMMUS_MAX];
	bool iort_counts; /* IORT counts IDs from 1: a known mistake, mended */
	uint32_t map_count;
	struct acpi_map maps[ACPI_MAPS_MAX];
};

/* `size` bytes of firmware's memory at `pa`, to be read; NULL: there are none there that
 * may be. The caller of acpi_read() provides it: where they are mapped is its affair. */
const uint8_t *acpi_memory(uint64_t pa, uint64_t size);

/* Reads what the RSDP at `rsdp` leads to. False: *t says why not, and *m is not whole. */
bool acpi_read(struct acpi_machine *m, uint64_t rsdp, struct acpi_trouble *t);

/* Whether the DSDT is a whole table where the FADT says it is. Nothing of it is needed here, but a
 * kernel that is led elsewhere ends without a word. False: *t says why. */
bool acpi_read_dsdt(const struct acpi_machine *m, struct acpi_trouble *t);

enum acpi_mismatch {
	ACPI_AS_EXPECTED = 0,
	ACPI_OTHER_OEM,   /* the FADT's OEM ID */
	ACPI_OTHER_TABLE, /* the FADT's OEM table ID */
	ACPI_NO_TABLE,    /* e->tables[*table] is not there */
};

/* Whether a machine is what the board file says of it. Blanks at the end of texts, with which
 * tables are filled up, count no more than NULs. */
enum acpi_mismatch acpi_compare(const struct acpi_machine *m, const struct acpi_expect *e, uint32_t *table);

enum acpi_how {
	ACPI_OTHER_VALUE, /* `what` is `found` by the table, `wanted` by the board file */
	ACPI_ABSENT,      /* the table has no `what` `wanted`, as in "ITS at" 0x8080000 */
	ACPI_OTHER_OF,    /* `what` `of` is `found` and `wanted`, as in "the stream ID of" 0x100 */
	ACPI_TAKEN,       /* the table has something else at `what` `wanted` */
};
struct acpi_difference {
	enum acpi_how how;
	const char *table; /* its signature */
	const char *what;
	uint64_t found, wanted;
	uint64_t of; /* ACPI_OTHER_OF */
};

/*
 * Whether the tables say of CPUs, GIC, ITSs, SMMUv3s, timers, UART, PSCI, PCI hosts, stream
 * IDs and DeviceIDs what the board file says, of which `b` and `e` were made; for a board whose
 * file leaves none of it to firmware. False: *d is the first that is otherwise. A requester ID
 * is told with its PCI segment in bits 31:16.
 */
bool acpi_match(const struct acpi_machine *m, const struct board_tables *b, const struct acpi_expect *e,
		struct acpi_difference *d);

#endif
