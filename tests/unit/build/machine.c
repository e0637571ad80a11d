// SPDX-License-Identifier: Apache-2.0
#include "machine.h"

#include <stdlib.h>
#include <string.h>

#include "arch/cpu.h"
#include "mm/el2_desc.h"

#define LOAD UINT64_C(0x800000200000)
#define WB UINT64_C(0xf)

void machine_map_add(struct build_machine_state *s, uint32_t type, uint64_t base, uint64_t size)
{
	struct efi_memory e = {type, 0, base, 0, size / PAGE_SIZE, WB};

	if (s->b.map_size + MAP_STEP > sizeof(s->map)) {
		abort();
	}
	memcpy(s->map + s->b.map_size, &e, sizeof(e));
	s->b.map_size += MAP_STEP;
}

struct efi_memory *machine_map_at(struct build_machine_state *s, uint32_t i)
{
	return (void *)(s->map + i * MAP_STEP);
}

void machine_resize(struct build_machine_state *s)
{
	static uint8_t *ram;

	/* Of exactly that size, for the sanitizer; rubbish, as memory is. */
	free(ram);
	if (posix_memalign((void **)&ram, PAGE_SIZE, s->b.size) != 0) {
		abort();
	}
	memset(ram, 0xa5, s->b.size);
	memset(ram + MIB(1), 0, PAGE_SIZE);
	s->b.bytes = ram;
}

struct probed probed;

uint64_t arch_probe32(uint64_t addr, uint32_t *value)
{
	uint64_t frame = ALIGN_DOWN(addr, KIB(64)), offset = addr - frame;

	if (frame == probed.nothing) {
		return 0x96000010; /* an external abort */
	}
	if (frame == probed.unmapped) {
		return 0x96000006; /* a translation fault */
	}
	*value = offset == 0xffe8 ? probed.id : offset == 4 ? probed.typer : 0;
	return 0;
}

static void machine_begin(struct build_machine_state *s, uint64_t base, uint64_t size)
{
	memset(s, 0, sizeof(*s));
	s->board.window.va = ALIGN_DOWN(LOAD, GIB(1)) + GIB(1);
	s->board.window.table = (uint64_t *)(uintptr_t)(LOAD + MIB(1));
	s->m.psci = true;
	s->msi = (struct msi_desc){.lpi_first = LPI_FIRST, .lpi_count = 2048, .device_count = 32};
	s->b = (struct build){
		.machine = &s->m,
		.map = s->map,
		.map_step = MAP_STEP,
		.pa_bits = 40,
		.home = {LOAD, base, {.of = 1, .count = 1}},
		.size = size,
		.used = MIB(1) + PAGE_SIZE,
		.sections = {{LOAD, LOAD + 0x20000, EL2_PAGE_TEXT}, {LOAD + 0x20000, LOAD + 0x30000, EL2_PAGE_RODATA},
			     {LOAD + 0x30000, LOAD + 0x31000, EL2_PAGE_DATA},
			     {LOAD + 0x40000, LOAD + 0x50000, EL2_PAGE_DATA}},
		.entry = LOAD + 0x80,
		.entry_end = LOAD + 0x200,
		.board = &s->board,
		.domain = &s->domain,
		.ondemand = &s->ondemand,
	};
	probed = (struct probed){
		.nothing = 1, .unmapped = 1, .id = 0x3b,
		.typer = 0x037a0007, /* QEMU's: LPIs, INTIDs of 16 bits */
	};
	/* As in the image, until boot knows better. */
	s->domain.msi = &s->msi;
	machine_resize(s);
}

void machine_small(struct build_machine_state *s)
{
	machine_begin(s, SMALL_HOME, MIB(8));
	s->m.cpu_count = 1;
	s->m.cpus[0] = (struct acpi_cpu){.maintenance = 25};
	s->m.gicd = 0x08000000;
	s->m.gic_version = 3;
	s->m.gicr_count = 1;
	s->m.gicr[0] = (struct mem_range){0x080a0000, 0xf60000};
	s->m.its_count = 1;
	s->m.its[0] = (struct acpi_its){0x08080000, 0};
	s->m.timer_secure = 29;
	s->m.timer_physical = 30;
	s->m.timer_virtual = 27;
	s->m.timer_hyp = 26;
	s->m.uart = (struct acpi_uart){.base = 0x09000000, .intid = 33, .kind = ACPI_UART_PL011};
	s->m.segment_count = 1;
	s->m.segments[0] = (struct acpi_segment){0x4010000000, 0, 0, 255};
	s->m.smmu_count = 1;
	s->m.smmus[0] = (struct acpi_smmu){0x09050000, 72, 106, 107, 109, 108, true};
	s->m.hidden_count = 2;
	s->m.hidden[0] = (struct mem_range){0x0b000000, 0x2000};
	s->m.hidden[1] = (struct mem_range){0x0906e000, 0x3000};
	s->m.map_count = 3;
	s->m.maps[0] = (struct acpi_map){ACPI_SEGMENT, 0, 0, 0xff, 0, 0, 0, 0};
	s->m.maps[1] = (struct acpi_map){ACPI_SEGMENT, 0, 0x100, 0xffff, 0x100, ACPI_ITS, 48, 0};
	s->m.maps[2] = (struct acpi_map){ACPI_SMMU, 0, 0, 0xffff, 0, ACPI_ITS, 48, 0};
	machine_map_add(s, EFI_CONVENTIONAL, 0x40000000, 0x20000000);
	machine_map_add(s, EFI_LOADER_CODE, 0x60000000, MIB(8));
	machine_map_add(s, EFI_CONVENTIONAL, 0x60000000 + MIB(8), 0x50000000 - MIB(8));
	machine_map_add(s, EFI_ACPI_RECLAIM, 0xb0000000, 0xf000000);
	machine_map_add(s, EFI_UNUSABLE, 0xbf000000, 0x100000);
	machine_map_add(s, EFI_RUNTIME_DATA, 0xbf100000, 0xf00000);
	machine_map_add(s, EFI_MAPPED_IO, 0x04000000, 0x4000000);
}

void machine_large(struct build_machine_state *s)
{
	machine_begin(s, 0x812000000, MIB(8));
	s->b.pa_bits = 48;
	s->b.boot_mpidr = 5 << 8;
	s->m.cpu_count = LARGE_CPUS;
	for (uint32_t i = 0; i < LARGE_CPUS; i++) {
		s->m.cpus[i] = (struct acpi_cpu){.mpidr = (uint64_t)i << 8, .uid = i, .maintenance = 25};
	}
	s->m.gicd = 0xf000000;
	s->m.gic_version = 3;
	s->m.gicr_count = 2;
	s->m.gicr[0] = (struct mem_range){0x10000000 + 24 * 0x20000, 24 * 0x20000};
	s->m.gicr[1] = (struct mem_range){0x10000000, 24 * 0x20000};
	s->m.its_count = 2;
	s->m.its[0] = (struct acpi_its){0x0f100000, 0};
	s->m.its[1] = (struct acpi_its){0x0f200000, 1};
	s->m.timer_physical = 30;
	s->m.timer_virtual = 27;
	s->m.timer_hyp = 26;
	s->m.uart = (struct acpi_uart){.base = 0xff78ed1000, .intid = 37, .kind = 0x0e};
	s->m.segment_count = 6;
	s->m.smmu_count = 7;
	for (uint32_t i = 0; i < 7; i++) {
		s->m.smmus[i] = (struct acpi_smmu){0x20000000 + i * 0x100000, 100 * i, 500 + i, 0, 600 + i, 0, i % 2 == 0};
	}
	for (uint32_t i = 0; i < 6; i++) {
		s->m.segments[i] = (struct acpi_segment){0x90000000000 + i * 0x10000000, (uint16_t)i, 0, 255};
		s->m.maps[s->m.map_count++] = (struct acpi_map){ACPI_SEGMENT, i, 0, 0xffff, 0, i, 0, 0};
	}
	s->m.maps[s->m.map_count++] = (struct acpi_map){ACPI_NAMED, 900, 0, 0, 0x1234, 6, 0, 0};
	s->m.maps[s->m.map_count++] = (struct acpi_map){ACPI_NAMED, 980, 0, 0, 0x3, 6, 0, 0};
	/* From the top down, as firmware allocates; and not in order. */
	machine_map_add(s, EFI_CONVENTIONAL, 0x840000000, 0x300000000);
	machine_map_add(s, EFI_CONVENTIONAL, 0x83fc0000000, 0x40000000);
	machine_map_add(s, EFI_LOADER_CODE, 0x812000000, MIB(8));
	machine_map_add(s, EFI_CONVENTIONAL, 0x812000000 + MIB(8), 0x2e000000 - MIB(8));
	for (uint64_t i = 0; i < 256; i++) {
		machine_map_add(s, i % 2 != 0 ? EFI_BOOT_DATA : EFI_RUNTIME_CODE, 0x811ff0000 - i * 0x10000, 0x10000);
	}
	machine_map_add(s, EFI_CONVENTIONAL, 0x802000000, 0x811ff0000 - 255 * 0x10000 - UINT64_C(0x802000000));
	machine_map_add(s, EFI_CONVENTIONAL, 0x200000, 0x800000);
	machine_map_add(s, EFI_RESERVED, 0xa00000, 0x100000);
	for (uint64_t i = 0; i < 64; i++) {
		machine_map_add(s, EFI_CONVENTIONAL, 0xc00000 + i * 0x2000, 0x1000);
	}
}

static uint64_t next_random(uint64_t *seed)
{
	*seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return *seed >> 20;
}

/* An address as tables have them, or any. */
static uint64_t some_address(uint64_t *seed)
{
	static const uint64_t usual[] = {0x08000000, 0x08080000, 0x080a0000, 0x09000000, 0x09050000, SMALL_HOME,
					 0x40000000, 0xc0000000, BIT64(40), BIT64(43)};
	uint64_t r = next_random(seed);

	return r % 3 == 0 ? (r << 12) & (BIT64(48) - 1) : usual[r % ARRAY_SIZE(usual)] + (r >> 8 & 0xff) * 0x1000;
}

void machine_random(struct build_machine_state *s, uint64_t *seed)
{
	for (uint64_t n = next_random(seed) % 3 + 1; n > 0; n--) {
		uint64_t r = next_random(seed);
		struct efi_memory *e = machine_map_at(s, (uint32_t)(r >> 8) % (uint32_t)(s->b.map_size / MAP_STEP));
		struct acpi_map *map = &s->m.maps[(r >> 8) % 3];

		switch (r % 12) {
		case 0:
			e->type = (uint32_t)(r >> 16) % 18;
			break;
		case 1:
			e->base = some_address(seed);
			break;
		case 2:
			e->pages = (r >> 16) % 0x40000;
			break;
		case 3:
			s->m.gicd = some_address(seed);
			break;
		case 4:
			s->m.uart.base = some_address(seed);
			break;
		case 5:
			s->m.smmus[0].base = some_address(seed);
			break;
		case 6:
			s->m.its[0].base = some_address(seed);
			break;
		case 7:
			s->m.gicr[0] = (struct mem_range){some_address(seed), ((r >> 16) % 64) * 0x20000};
			break;
		case 8:
			map->out = (uint32_t)next_random(seed) >> (r >> 16) % 24;
			map->out = map->out > UINT32_MAX - 0x10000 ? 0 : map->out;
			break;
		case 9:
			s->b.pa_bits = 32 + 4 * (uint32_t)((r >> 16) % 5);
			break;
		case 10:
			s->m.smmus[1] = s->m.smmus[0];
			s->m.smmus[1].base = some_address(seed);
			s->m.smmu_count = 2;
			break;
		default:
			map->smmu = 0;
			break;
		}
	}
}
