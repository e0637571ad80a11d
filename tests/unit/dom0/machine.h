/* SPDX-License-Identifier: Apache-2.0 */
/* A hardware domain on the machine of acpi/firmware.h, and the memory for what it is handed. */
#ifndef TESTS_UNIT_DOM0_MACHINE_H
#define TESTS_UNIT_DOM0_MACHINE_H

#include "unit/acpi/firmware.h"
#include "firmware/dom0.h"
#include "firmware/efi.h"

#define DOM0_RAM UINT64_C(0x40000000)
#define DOM0_RAM_SIZE UINT64_C(0x80000000)
#define DOM0_UART UINT64_C(0x09000000)
#define DOM0_OUT UINT64_C(0x70000000)
#define DOM0_CPUS 4u

struct dom0_machine {
	struct acpi_machine found;
	struct acpi_trouble trouble;
	struct cpu_desc board_cpus[DOM0_CPUS];
	uint8_t cpus[DOM0_CPUS];
	struct trap_window windows[6];
	struct mem_range ram[2];
	uint32_t irq_mask[IRQ_WORDS];
	struct ondemand_range mmio[2];
	uint8_t attributes[16 + 3 * 48];
	struct dom0_input in;
	struct dom0_output out;
};

/* Firmware's tables afresh, and a domain that has the whole machine but 2 MiB of its RAM. */
void dom0_machine(struct dom0_machine *m);

/* Firmware has runtime services, and the domain the registers that they need in the map of
 * dom0_map_usual(), by two ranges that meet at DOM0_FLASH_HALF. */
#define DOM0_FLASH_HALF UINT64_C(0x06000000)
void dom0_machine_runtime(struct dom0_machine *m);

/* Takes a window from the domain. */
void dom0_without(struct dom0_machine *m, uint32_t kind);

/* Reads firmware's tables, and writes all but the map. False: m->trouble. */
bool dom0_make_all(struct dom0_machine *m);

/* Frees what dom0_make_all() made; may be called at any time after dom0_machine(). */
void dom0_forget(struct dom0_machine *m);

/* Firmware's map: descriptors of 48 bytes. */
#define DOM0_STEP 48u
struct dom0_map {
	uint64_t size;
	_Alignas(8) uint8_t bytes[64 * DOM0_STEP];
};
void dom0_map_add(struct dom0_map *map, uint32_t type, uint64_t base, uint64_t size, uint64_t attributes);

/* A map with the tables and what is handed over where they are, and free memory around. */
void dom0_map_usual(const struct dom0_machine *m, struct dom0_map *map);

/* Descriptor i of the domain's map, which may be one behind the last: NULL. */
const struct efi_memory *dom0_map_entry(const struct dom0_machine *m, uint64_t i);

/* What is wrong with what is handed over, after dom0_make_all(); NULL: nothing. */
const char *dom0_check(const struct dom0_machine *m);

/* What is wrong with the map that came of `map`, or with the system table that leads to runtime
 * services by it; NULL: nothing. */
const char *dom0_check_map(const struct dom0_machine *m, const struct dom0_map *map);

/* CRC-32 as UEFI has it. */
uint32_t dom0_crc32(const uint8_t *bytes, size_t size);

#define DOM0_WB UINT64_C(0xf)
#define DOM0_RUNTIME (BIT64(63) | DOM0_WB)

#endif
