/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the hardware domain is handed on a machine with UEFI and ACPI, so that an unmodified
 * kernel believes that an EFI stub has started it:
 *
 *   a device tree with nothing but /chosen: command line, initial RAM disk, where the EFI
 *   system table and the memory map are;
 *   an EFI system table that leads to firmware's own runtime services, where the domain has
 *   all that these need, else to none;
 *   RSDP, XSDT, FADT, MADT and, where the domain must leave the machine's UART alone, STAO,
 *   which are written anew, and IORT, where the domain has not a virtual SMMUv3 for each of
 *   the machine's; the XSDT leads to firmware's own tables for all the rest;
 *   the memory map: firmware's last one, where the domain has the memory.
 *
 * All of it lies in one piece of memory, which the domain keeps. These functions compute
 * and write there: no boot services are called, nothing is kept in between. They run where
 * firmware has loaded the image: every pointer in their arguments is one that can be followed
 * there (efi_here()), and addresses are the domain's as well as the machine's.
 */
#ifndef HV_FIRMWARE_DOM0_H
#define HV_FIRMWARE_DOM0_H

#include "firmware/acpi/acpi.h"

/* What firmware has of runtime services. */
struct dom0_runtime {
	uint64_t table;            /* PA of a sound table of theirs; 0: none */
	uint32_t services;         /* those that there are: EFI_RT_* */
	uint32_t attribute_count;  /* 0: none */
	uint32_t attribute_step;
	const uint8_t *attributes; /* the table that says what of their memory is code */
};
#define DOM0_ATTRIBUTES_MAX 512u

struct dom0_input {
	const struct acpi_machine *machine; /* as acpi_read() has left it */
	const struct cpu_desc *board_cpus;
	const uint8_t *cpus; /* index in board_cpus of each vCPU */
	uint32_t cpu_count;
	uint32_t window_count;
	const struct trap_window *windows; /* the domain's: its GIC, its ITS, its SMMUv3, its UART */
	const uint32_t *irq_mask;          /* the domain's: IRQ_WORDS */
	uint64_t uart; /* PA of the UART that the hypervisor keeps for itself; 0: none */
	const struct mem_range *ram;       /* the domain's, disjoint */
	uint32_t ram_count;
	const struct ondemand_range *mmio; /* what of devices it may have, ascending */
	uint64_t mmio_count;
	struct dom0_runtime runtime;
	uint32_t map_entries;   /* that the last memory map may have, in dom0_put_map() */
	uint32_t map_step;      /* bytes from one descriptor to the next there */
	const char *bootargs;   /* "": none */
	struct mem_range initrd; /* in bytes; size 0: none */
};

struct dom0_output {
	/* The caller's: DOM0_ALIGN aligned, dom0_size() bytes, in the domain's RAM, allocated as
	 * EFI_ACPI_RECLAIM: a kernel reads tables nowhere else, and keeps that. */
	uint8_t *bytes;
	uint64_t pa; /* of bytes[0] */
	uint64_t size;
	/* What is where, from `pa` on: dom0_build() */
	uint64_t dtb, system, rsdp, properties, attributes;
	uint64_t map, map_size;  /* room for it */
	uint64_t map_size_cell; /* where the device tree says how much of that is used */
	/* dom0_put_map(): why runtime services are not offered, and because of what address;
	 * NULL: they are. */
	const char *refused;
	uint64_t refused_at;
};
#define DOM0_ALIGN PAGE_SIZE

/* Bytes that all takes, whole pages. 0: *t says what it is in firmware's tables that this
 * domain cannot be told. */
uint64_t dom0_size(const struct dom0_input *in, struct acpi_trouble *t);

/* Writes all but the memory map. False: *t says why not. */
bool dom0_build(const struct dom0_input *in, struct dom0_output *out, struct acpi_trouble *t);

/*
 * Writes the memory map, from firmware's last one: `size` bytes of descriptors,
 * in->map_step bytes apart. It is for the time between GetMemoryMap() and
 * ExitBootServices(), may be repeated, and takes no memory. In the map, memory that is not
 * the domain's is reserved; what boot services and the loader had is free, but for `out`
 * itself, which lies in memory that is kept. What is for runtime services stays so, with
 * virtual addresses that are physical ones, and the system table leads to them, if all of it is
 * the domain's; else nothing is.
 * NULL: done. Else why not: the end of a sentence about firmware's memory map.
 */
const char *dom0_put_map(const struct dom0_input *in, struct dom0_output *out, const uint8_t *map,
			 uint64_t size);

#endif
