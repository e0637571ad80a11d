/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A made-up UEFI: boot services over a memory map of its own, and a partition with a few files.
 * RAM is there, at the very addresses that the map has. What UEFI would never do, and what the
 * image must never do, ends the test.
 */
#ifndef TESTS_UNIT_EFI_UEFI_H
#define TESTS_UNIT_EFI_UEFI_H

#include "firmware/efi.h"

/* Below where the sanitizers have their shadow. */
#define UEFI_RAM UINT64_C(0x60000000)
#define UEFI_RAM_SIZE UINT64_C(0x1f000000)
#define UEFI_FILES 4u
#define UEFI_REGISTERS UINT64_C(0x4000000)

struct uefi_file {
	struct efi_file protocol; /* first */
	const char *name;         /* NULL: no such file */
	const uint8_t *bytes;
	uint64_t size;
	uint64_t position;
	uint32_t opened;
	bool directory;
	bool torn;      /* reading it fails */
	uint64_t missing; /* so many bytes at its end are not there */
};

struct uefi {
	/* How firmware is; to be changed before the image is started. */
	bool no_file_system;
	uint32_t stale;        /* so often the map has changed since it was read */
	bool stays;            /* it never lets go */
	uint64_t map_limit;    /* bytes that the map may have; 0: any */
	uint32_t fail_after;   /* so many allocations succeed; 0: all */
	uint32_t late_type;    /* of a page that it takes when the image says that it leaves */
	uint64_t late_page;    /* 0: it takes none */
	uint64_t step;         /* from one descriptor to the next */
	uint64_t registers;    /* of a device that runtime services need: UEFI_REGISTERS bytes; 0: none */
	struct uefi_file files[UEFI_FILES];
	/* What came of it. */
	char said[4096];       /* lines, each with its end */
	uint32_t allocations;
	uint64_t taken;        /* bytes that were given and not given back */
	bool exited;
	bool forgets;          /* takes back anything */
};
extern struct uefi uefi;
extern struct efi_system uefi_system;
extern void *const uefi_image; /* the handle */

/* All afresh: RAM zero and free, no file, no table. */
void uefi_make(void);

/* Makes whole pages of the map something else. */
void uefi_set(uint32_t type, uint64_t base, uint64_t size);

/* What the map has at an address; EFI_RESERVED where it has nothing. */
uint32_t uefi_type(uint64_t pa);

/* Puts the ACPI tables of acpi/firmware.h, as they are now, to their place in RAM. */
void uefi_put_tables(void);

/* Runtime services, whose tables lie at a page of the map's. All of type EFI_RUNTIME_CODE and _DATA
 * is for them. */
struct uefi_runtime {
	struct efi_runtime table;
	struct efi_rt_properties properties;
	struct efi_attributes attributes;
	struct efi_memory list[2];
};
struct uefi_runtime *uefi_put_runtime(uint64_t at);

/* A file that is there. */
struct uefi_file *uefi_add(const char *name, const void *bytes, uint64_t size);

#endif
