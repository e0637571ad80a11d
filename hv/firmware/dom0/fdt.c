// SPDX-License-Identifier: Apache-2.0
/*
 * The device tree that leads to UEFI (Devicetree Specification 0.4, 5; the properties are
 * those of the kernel's own EFI stub). A node beside /chosen would make a kernel believe
 * that the tree describes the machine, and leave ACPI alone.
 */
#include "firmware/dom0/dom0.h"
#include "lib/string.h"

#define FDT_MAGIC 0xd00dfeedu
#define FDT_VERSION 17u
#define FDT_COMPATIBLE 16u
#define FDT_HEADER 40u
#define FDT_RESERVE_MAP 16u /* nothing but its end */
#define FDT_BEGIN_NODE 1u
#define FDT_END_NODE 2u
#define FDT_PROP 3u
#define FDT_END 9u

#define SECURE_BOOT_OFF 2u /* Linux: enum efi_secureboot_mode */

enum fdt_name {
	FDT_ADDRESS_CELLS,
	FDT_SIZE_CELLS,
	FDT_BOOTARGS,
	FDT_INITRD_START,
	FDT_INITRD_END,
	FDT_SYSTEM_TABLE,
	FDT_MAP_START,
	FDT_MAP_SIZE,
	FDT_MAP_STEP,
	FDT_MAP_VERSION,
	FDT_SECURE_BOOT,
	FDT_NAMES,
};

/* All of one width: a pointer would be one that the linker has made. */
#define FDT_NAME_SIZE 28u
static const char fdt_names[FDT_NAMES][FDT_NAME_SIZE] = {
	[FDT_ADDRESS_CELLS] = "#address-cells",
	[FDT_SIZE_CELLS] = "#size-cells",
	[FDT_BOOTARGS] = "bootargs",
	[FDT_INITRD_START] = "linux,initrd-start",
	[FDT_INITRD_END] = "linux,initrd-end",
	[FDT_SYSTEM_TABLE] = "linux,uefi-system-table",
	[FDT_MAP_START] = "linux,uefi-mmap-start",
	[FDT_MAP_SIZE] = "linux,uefi-mmap-size",
	[FDT_MAP_STEP] = "linux,uefi-mmap-desc-size",
	[FDT_MAP_VERSION] = "linux,uefi-mmap-desc-ver",
	[FDT_SECURE_BOOT] = "linux,uefi-secure-boot",
};

static void fdt_cell(struct dom0_writer *w, uint32_t cell)
{
	writer_be(w, writer_take(w, 4, 4), cell, 4);
}

/* Room for a property's value. Returns where. */
static uint64_t fdt_property(struct dom0_writer *w, enum fdt_name name, uint32_t size)
{
	uint64_t at;

	fdt_cell(w, FDT_PROP);
	fdt_cell(w, size);
	fdt_cell(w, (uint32_t)name * FDT_NAME_SIZE);
	at = writer_take(w, size, 4);
	(void)writer_take(w, 0, 4);
	return at;
}

static uint64_t fdt_number(struct dom0_writer *w, enum fdt_name name, uint64_t value, uint32_t size)
{
	uint64_t at = fdt_property(w, name, size);

	writer_be(w, at, value, size);
	return at;
}

static void fdt_begin(struct dom0_writer *w, const char name[8])
{
	fdt_cell(w, FDT_BEGIN_NODE);
	writer_put(w, writer_take(w, name[0] == '\0' ? 4 : 8, 4), name, name[0] == '\0' ? 4 : 8);
}

static void fdt_chosen(const struct dom0_input *in, struct dom0_writer *w, struct dom0_output *out)
{
	uint32_t length = 0;

	while (in->bootargs[length] != '\0') {
		length++;
	}
	if (length != 0) {
		writer_put(w, fdt_property(w, FDT_BOOTARGS, length + 1), in->bootargs, length + 1);
	}
	if (in->initrd.size != 0) {
		(void)fdt_number(w, FDT_INITRD_START, in->initrd.base, 8);
		(void)fdt_number(w, FDT_INITRD_END, in->initrd.base + in->initrd.size, 8);
	}
	(void)fdt_number(w, FDT_SYSTEM_TABLE, out->system, 8);
	(void)fdt_number(w, FDT_MAP_START, out->map, 8);
	out->map_size_cell = w->pa + fdt_number(w, FDT_MAP_SIZE, 0, 4);
	(void)fdt_number(w, FDT_MAP_STEP, DOM0_MAP_STEP, 4);
	(void)fdt_number(w, FDT_MAP_VERSION, 1, 4);
	/* Distributions' kernels believe in no UEFI without it. */
	(void)fdt_number(w, FDT_SECURE_BOOT, SECURE_BOOT_OFF, 4);
}

void dom0_fdt(const struct dom0_input *in, struct dom0_writer *w, struct dom0_output *out)
{
	static const char root[8], chosen[8] = "chosen";
	uint64_t at = writer_take(w, FDT_HEADER + FDT_RESERVE_MAP, 8);
	uint64_t tree = w->used, strings, end;
	uint32_t header[FDT_HEADER / 4];

	fdt_begin(w, root);
	(void)fdt_number(w, FDT_ADDRESS_CELLS, 2, 4);
	(void)fdt_number(w, FDT_SIZE_CELLS, 2, 4);
	fdt_begin(w, chosen);
	fdt_chosen(in, w, out);
	fdt_cell(w, FDT_END_NODE);
	fdt_cell(w, FDT_END_NODE);
	fdt_cell(w, FDT_END);
	strings = writer_take(w, sizeof(fdt_names), 4);
	writer_put(w, strings, fdt_names, sizeof(fdt_names));
	end = w->used;
	header[0] = FDT_MAGIC;
	header[1] = (uint32_t)(end - at);
	header[2] = (uint32_t)(tree - at);
	header[3] = (uint32_t)(strings - at);
	header[4] = FDT_HEADER;
	header[5] = FDT_VERSION;
	header[6] = FDT_COMPATIBLE;
	header[7] = 0; /* the CPU that boots: what the tree has none of */
	header[8] = (uint32_t)(end - strings);
	header[9] = (uint32_t)(strings - tree);
	for (uint32_t i = 0; i < ARRAY_SIZE(header); i++) {
		writer_be(w, at + 4 * i, header[i], 4);
	}
	out->dtb = w->pa + at;
}
