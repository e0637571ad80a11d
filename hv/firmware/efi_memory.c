// SPDX-License-Identifier: Apache-2.0
/* Firmware's memory map (UEFI 2.10, 7.2.3): what may be read, what is RAM, what is free. */
#include "firmware/efi_priv.h"

#define MAP_SIZE KIB(48)
#define PA_END BIT64(52)

static _Alignas(8) uint8_t efi_map_bytes[MAP_SIZE];
static uint64_t efi_map_size, efi_map_step;

static const struct efi_memory *efi_map_at(uint64_t at)
{
	return at + sizeof(struct efi_memory) <= efi_map_size ? (const void *)(efi_map_bytes + at) : NULL;
}

/* Whether nothing in the map goes round the end of what can be addressed. */
static bool efi_map_is_sane(void)
{
	const struct efi_memory *m;

	for (uint64_t at = 0; (m = efi_map_at(at)) != NULL; at += efi_map_step) {
		if (m->base >= PA_END || m->pages > (PA_END - m->base) / PAGE_SIZE) {
			return false;
		}
	}
	return true;
}

bool efi_map_read(struct efi_system *efi, struct efi_map *map)
{
	uint64_t size = sizeof(efi_map_bytes), step = 0, key = 0;
	uint32_t version;

	if (efi->boot->get_memory_map(&size, (struct efi_memory *)(void *)efi_map_bytes, &key, &step, &version) !=
		    EFI_SUCCESS ||
	    step < sizeof(struct efi_memory) || step % sizeof(uint64_t) != 0 || size > sizeof(efi_map_bytes)) {
		return false;
	}
	efi_map_size = size;
	efi_map_step = step;
	*map = (struct efi_map){size, step, key, efi_map_bytes, sizeof(efi_map_bytes)};
	return efi_map_is_sane();
}

static bool efi_may_read(uint32_t type)
{
	switch (type) {
	case EFI_RESERVED:
	case EFI_BOOT_CODE:
	case EFI_BOOT_DATA:
	case EFI_RUNTIME_CODE:
	case EFI_RUNTIME_DATA:
	case EFI_ACPI_RECLAIM:
	case EFI_ACPI_NVS:
		return true;
	default:
		return false;
	}
}

/* One run of firmware's memory has to hold it: runs of one type are joined in the map. */
const uint8_t *acpi_memory(uint64_t pa, uint64_t size)
{
	const struct efi_memory *m = efi_map_find(pa);

	return m != NULL && efi_may_read(m->type) && size <= m->pages * PAGE_SIZE - (pa - m->base)
		       ? (const uint8_t *)(uintptr_t)pa
		       : NULL;
}

const struct efi_memory *efi_map_find(uint64_t pa)
{
	const struct efi_memory *m;

	for (uint64_t at = 0; (m = efi_map_at(at)) != NULL; at += efi_map_step) {
		if (pa - m->base < m->pages * PAGE_SIZE) {
			return m;
		}
	}
	return NULL;
}

/* What firmware keeps for itself without saying why may be no RAM at all. */
static bool efi_is_ram(uint32_t type)
{
	return type == EFI_LOADER_CODE || type == EFI_LOADER_DATA || type == EFI_CONVENTIONAL ||
	       (efi_may_read(type) && type != EFI_RESERVED);
}

/* The run of `ram` that `pa` lies in; NULL: none. */
static const struct mem_range *efi_range_find(const struct mem_range *ram, uint32_t count, uint64_t pa)
{
	for (uint32_t i = 0; i < count; i++) {
		if (pa - ram[i].base < ram[i].size) {
			return &ram[i];
		}
	}
	return NULL;
}

bool efi_map_check(const char *name, const struct mem_range *ram, uint32_t count)
{
	const struct efi_memory *m;

	for (uint32_t i = 0; i < count; i++) {
		for (uint64_t pa = ram[i].base; pa - ram[i].base < ram[i].size; pa = m->base + m->pages * PAGE_SIZE) {
			m = efi_map_find(pa);
			if (m == NULL || !(efi_is_ram(m->type) || m->type == EFI_RESERVED)) {
				efi_say("bulkhead: fatal: %s: this is another machine: the board file has RAM at 0x%lx, "
					"firmware's memory map has none there", name, pa);
				return false;
			}
		}
	}
	for (uint64_t at = 0; (m = efi_map_at(at)) != NULL; at += efi_map_step) {
		const struct mem_range *r;

		for (uint64_t pa = m->base; efi_is_ram(m->type) && pa - m->base < m->pages * PAGE_SIZE;
		     pa = r->base + r->size) {
			r = efi_range_find(ram, count, pa);
			if (r == NULL) {
				efi_say("bulkhead: fatal: %s: this is another machine: firmware's memory map has RAM at "
					"0x%lx, the board file has none there", name, pa);
				return false;
			}
		}
	}
	return true;
}

bool efi_map_keeps(const struct mem_range *r, bool now, struct efi_kept *kept)
{
	const struct efi_memory *m;

	for (uint64_t pa = r->base; pa - r->base < r->size; pa = m->base + m->pages * PAGE_SIZE) {
		m = efi_map_find(pa);
		if (m == NULL || (now ? m->type != EFI_CONVENTIONAL : !efi_type_ends(m->type))) {
			*kept = (struct efi_kept){pa, m == NULL ? EFI_RESERVED : m->type};
			return true;
		}
	}
	return false;
}
