// SPDX-License-Identifier: Apache-2.0
#include "machine.h"

#include <stdlib.h>
#include <string.h>

void dom0_machine(struct dom0_machine *m)
{
	static const struct trap_window windows[6] = {
		{.ipa = 0x08000000, .size = 0x10000, .kind = WINDOW_GICD},
		{.ipa = 0x08080000, .size = 0x10000, .kind = WINDOW_GITS},
		{.ipa = 0x080a0000, .size = 4 * 0x20000, .kind = WINDOW_GICR},
		{.ipa = DOM0_UART, .size = 0x1000, .kind = WINDOW_VPL011, .intid = 33},
		{.ipa = 0x09050000, .size = 0x20000, .kind = WINDOW_VSMMUV3},
		{.ipa = 0x0b000000, .size = 0x1000, .kind = WINDOW_CONTROL},
	};

	memset(m, 0, sizeof(*m));
	memcpy(m->windows, windows, sizeof(windows));
	for (uint8_t i = 0; i < DOM0_CPUS; i++) {
		m->board_cpus[i].mpidr = i;
		m->cpus[i] = i;
	}
	m->irq_mask[0] = BIT32(23) | BIT32(27) | BIT32(30);
	m->ram[0] = (struct mem_range){DOM0_RAM, 0x200000};
	m->ram[1] = (struct mem_range){DOM0_RAM + 0x400000, DOM0_RAM_SIZE - 0x400000};
	m->in = (struct dom0_input){
		.machine = &m->found,
		.board_cpus = m->board_cpus,
		.cpus = m->cpus,
		.cpu_count = DOM0_CPUS,
		.window_count = ARRAY_SIZE(m->windows),
		.windows = m->windows,
		.ram = m->ram,
		.ram_count = ARRAY_SIZE(m->ram),
		.irq_mask = m->irq_mask,
		.uart = DOM0_UART,
		.map_entries = 64,
		.map_step = DOM0_STEP,
		.bootargs = "console=ttyAMA0 quiet",
		.initrd = {0x48000000, 12345},
	};
	fw_make();
	fw_also(0, NULL, 0);
}

/* Where dom0_map_usual() has memory for runtime services. */
static uint64_t runtime_memory(void)
{
	return ALIGN_UP(FW_BASE + fw_size(), PAGE_SIZE);
}

/* Firmware's table of what in that memory is code, in descriptors of 48 bytes. */
static void attributes_make(struct dom0_machine *m)
{
	const struct efi_attributes head = {2, 3, 48, 0};
	const struct efi_memory list[] = {
		{EFI_RUNTIME_DATA, 0, runtime_memory(), 0, 16, BIT64(63) | BIT64(14)},
		{EFI_RUNTIME_CODE, 0, runtime_memory() + 0x10000, 0, 4, BIT64(63) | BIT64(14)},
		{EFI_RUNTIME_CODE, 0, runtime_memory() + 0x14000, 0, 12, BIT64(63) | BIT64(17)},
	};

	memcpy(m->attributes, &head, sizeof(head));
	for (uint32_t i = 0; i < ARRAY_SIZE(list); i++) {
		memcpy(m->attributes + sizeof(head) + 48 * i, &list[i], sizeof(list[i]));
	}
}

void dom0_machine_runtime(struct dom0_machine *m)
{
	dom0_machine(m);
	attributes_make(m);
	m->mmio[0] = (struct ondemand_range){0x04000000, DOM0_FLASH_HALF - 0x04000000, NULL};
	m->mmio[1] = (struct ondemand_range){DOM0_FLASH_HALF, 0x08000000 - DOM0_FLASH_HALF, NULL};
	m->in.mmio = m->mmio;
	m->in.mmio_count = ARRAY_SIZE(m->mmio);
	m->in.runtime = (struct dom0_runtime){
		.table = runtime_memory() + 0x40, .services = EFI_RT_ALL,
		.attributes = m->attributes, .attribute_count = 3, .attribute_step = 48,
	};
}

void dom0_without(struct dom0_machine *m, uint32_t kind)
{
	for (uint32_t i = 0; i < m->in.window_count; i++) {
		if (m->windows[i].kind == kind) {
			m->windows[i].kind = 0;
		}
	}
}

bool dom0_make_all(struct dom0_machine *m)
{
	dom0_forget(m);
	if (!acpi_read(&m->found, FW_RSDP, &m->trouble) || !acpi_read_dsdt(&m->found, &m->trouble)) {
		return false;
	}
	m->out.size = dom0_size(&m->in, &m->trouble);
	if (m->out.size == 0) {
		return false;
	}
	m->out.pa = DOM0_OUT;
	m->out.bytes = malloc(m->out.size);
	if (m->out.bytes == NULL) {
		abort();
	}
	memset(m->out.bytes, 0xa5, m->out.size);
	return dom0_build(&m->in, &m->out, &m->trouble);
}

void dom0_forget(struct dom0_machine *m)
{
	fw_also(0, NULL, 0);
	free(m->out.bytes);
	memset(&m->out, 0, sizeof(m->out));
}

void dom0_map_add(struct dom0_map *map, uint32_t type, uint64_t base, uint64_t size, uint64_t attributes)
{
	struct efi_memory e = {type, 0, base, 0, size / PAGE_SIZE, attributes};

	if (map->size + DOM0_STEP > sizeof(map->bytes)) {
		abort();
	}
	memset(map->bytes + map->size, 0xee, DOM0_STEP);
	memcpy(map->bytes + map->size, &e, sizeof(e));
	map->size += DOM0_STEP;
}

void dom0_map_usual(const struct dom0_machine *m, struct dom0_map *map)
{
	uint64_t end = DOM0_OUT + m->out.size, tables = runtime_memory();

	map->size = 0;
	dom0_map_add(map, EFI_CONVENTIONAL, DOM0_RAM, 0x300000, DOM0_WB);
	dom0_map_add(map, EFI_LOADER_DATA, DOM0_RAM + 0x300000, 0x300000, DOM0_WB);
	dom0_map_add(map, EFI_BOOT_CODE, DOM0_RAM + 0x600000, DOM0_OUT - DOM0_RAM - 0x600000, DOM0_WB);
	dom0_map_add(map, EFI_ACPI_RECLAIM, DOM0_OUT, m->out.size, DOM0_WB);
	dom0_map_add(map, EFI_CONVENTIONAL, end, FW_BASE - end, DOM0_WB);
	dom0_map_add(map, EFI_ACPI_RECLAIM, FW_BASE, tables - FW_BASE, DOM0_WB);
	dom0_map_add(map, EFI_RUNTIME_DATA, tables, 0x10000, DOM0_RUNTIME);
	dom0_map_add(map, EFI_RUNTIME_CODE, tables + 0x10000, 0x10000, DOM0_RUNTIME);
	dom0_map_add(map, EFI_BOOT_DATA, 0xbff00000, 0x200000, DOM0_WB);
	dom0_map_add(map, EFI_MAPPED_IO, 0x04000000, 0x04000000, BIT64(63) | 1);
}

const struct efi_memory *dom0_map_entry(const struct dom0_machine *m, uint64_t i)
{
	uint32_t size;

	memcpy(&size, m->out.bytes + (m->out.map_size_cell - m->out.pa), sizeof(size));
	size = __builtin_bswap32(size);
	return i < size / sizeof(struct efi_memory) ?
		       (const struct efi_memory *)(const void *)(m->out.bytes + (m->out.map - m->out.pa)) + i : NULL;
}
