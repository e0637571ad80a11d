/* SPDX-License-Identifier: Apache-2.0 */
/* What a machine with UEFI and ACPI must be to be the board, and what its UEFI starts. */
#ifndef HV_INCLUDE_EXPECT_H
#define HV_INCLUDE_EXPECT_H

#include "types.h"

struct mem_range; /* tables.h */

struct acpi_expect_smmu {
	uint64_t base;
	uint32_t evtq, priq, gerror, sync; /* INTIDs; 0: none */
};

/* A PCI host: its buses, and where the configuration space of the first one is. */
struct acpi_expect_host {
	uint64_t base;
	uint16_t segment;
	uint8_t first_bus, last_bus;
};

/* IDs first..last become out, out + 1, ...: stream IDs of smmus[to], or DeviceIDs of its[to]. They
 * are requester IDs of hosts[host]; where that is ACPI_NO_HOST, stream IDs that some other device has. */
#define ACPI_NO_HOST UINT32_MAX
struct acpi_expect_ids {
	uint32_t host;
	uint32_t first, last, out;
	uint32_t to;
};

/* What ACPI tables must say for the machine to be the board (`expect`). Texts without an
 * end: of the width that they have in the tables. */
#define ACPI_EXPECT_MAX 16
struct acpi_expect {
	char oem_id[6];        /* all NUL: any */
	char oem_tables[ACPI_EXPECT_MAX][8]; /* OEM table IDs, one of them; the first all NUL: any */
	char tables[ACPI_EXPECT_MAX][4];     /* signatures of tables that must be there */
	/* The rest is 0 where the board file leaves the machine to firmware. */
	uint32_t timer_secure, timer_physical, timer_virtual, timer_hyp; /* INTIDs; 0: none */
	uint32_t ram_count;
	uint32_t its_count;
	uint32_t smmu_count;
	const struct mem_range *ram; /* all that the machine has */
	const uint64_t *its;         /* their first frames */
	const struct acpi_expect_smmu *smmus;
	uint32_t host_count;
	uint32_t stream_count;
	uint32_t message_count;
	const struct acpi_expect_host *hosts;
	const struct acpi_expect_ids *streams;  /* of devices behind SMMUs */
	const struct acpi_expect_ids *messages; /* of PCI hosts: who sends them, by the ITS */
};

/* What the image finds beside itself, on the partition that UEFI started it from. */
enum efi_file_kind {
	EFI_FILE_KERNEL,
	EFI_FILE_INITRD,
	EFI_FILE_CMDLINE,
	EFI_FILES,
};
#define EFI_NAME_MAX 255u /* characters of a file's name */

/* What the machine's UEFI starts the hardware domain with. */
struct efi_payload {
	/* Names as UEFI takes them, in ASCII, with `\\` between folders. NULL: there is no such
	 * file; without a kernel there is none at all. */
	const char *files[EFI_FILES];
	const char *cmdline;  /* NULL: none */
	uint64_t initrd;      /* where it is, at home in the image */
	uint64_t initrd_size; /* bytes; 0: none */
	uint64_t kernel_size; /* in the file; 0: none */
};

#endif
