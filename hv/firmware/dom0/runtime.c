// SPDX-License-Identifier: Apache-2.0
/*
 * UEFI's runtime services (UEFI 2.10, 8), as the domain has them: firmware's own code, which then
 * runs in the domain. Virtual addresses are physical ones: SetVirtualAddressMap() is never
 * called, and a kernel maps what the memory map says to where the code was all the time.
 */
#include "firmware/dom0/dom0.h"
#include "firmware/efi.h"
#include "lib/string.h"

static bool runtime_has_memory(const struct dom0_input *in, uint64_t base, uint64_t end)
{
	uint64_t next;

	for (uint64_t at = base; at < end; at = next) {
		next = end;
		if (!dom0_is_ram(in, at, &next)) {
			return false;
		}
	}
	return true;
}

/* Ranges are ascending. */
static bool runtime_has_registers(const struct dom0_input *in, uint64_t base, uint64_t end)
{
	for (uint64_t i = 0; i < in->mmio_count && base < end; i++) {
		const struct ondemand_range *r = &in->mmio[i];

		base = base - r->base < r->size ? r->base + r->size : base;
	}
	return base >= end;
}

/* Whether all that a descriptor has for runtime services is the domain's. */
static bool runtime_has(const struct dom0_input *in, const struct efi_memory *e)
{
	uint64_t end = e->base + e->pages * PAGE_SIZE;

	switch (e->type) {
	case EFI_RUNTIME_CODE:
	case EFI_RUNTIME_DATA:
	case EFI_RESERVED:
	case EFI_ACPI_NVS:
		return runtime_has_memory(in, e->base, end);
	case EFI_MAPPED_IO:
	case EFI_MAPPED_PORTS:
		return runtime_has_registers(in, e->base, end);
	default:
		return false; /* free memory */
	}
}

static bool runtime_holds(const struct efi_memory *e, uint64_t pa, uint64_t size)
{
	uint64_t all = e->pages * PAGE_SIZE;

	return (e->attributes & EFI_RUNTIME) != 0 && pa >= e->base && pa - e->base < all &&
	       size <= all - (pa - e->base);
}

const char *dom0_runtime_refused(const struct dom0_input *in, const uint8_t *map, uint64_t size,
				 uint64_t *at)
{
	bool table = false;

	*at = in->runtime.table;
	if (in->runtime.table == 0) {
		return "firmware has none, or no sound table of them";
	}
	for (uint64_t i = 0; i < size; i += in->map_step) {
		struct efi_memory e;

		memcpy(&e, map + i, sizeof(e));
		if ((e.attributes & EFI_RUNTIME) != 0 && e.pages != 0 && !runtime_has(in, &e)) {
			*at = e.base;
			return "the domain has not all memory and registers of theirs";
		}
		table = table || (e.type == EFI_RUNTIME_DATA && runtime_holds(&e, in->runtime.table,
									      sizeof(struct efi_runtime)));
	}
	return table ? NULL : "their table is not in memory of theirs";
}

uint64_t dom0_attributes(const struct dom0_input *in, struct dom0_writer *w)
{
	const struct dom0_runtime *r = &in->runtime;
	const struct efi_attributes header = {1, r->attribute_count, DOM0_MAP_STEP, 0};
	uint64_t at = writer_take(w, sizeof(header), sizeof(uint64_t));

	writer_put(w, at, &header, sizeof(header));
	for (uint32_t i = 0; i < r->attribute_count; i++) {
		writer_put(w, writer_take(w, DOM0_MAP_STEP, sizeof(uint64_t)),
			   r->attributes + sizeof(header) + (uint64_t)i * r->attribute_step, DOM0_MAP_STEP);
	}
	return at;
}

/* Whether what is said of a piece is said of a piece of something in the map. */
static bool attributes_fit(const struct efi_memory *e, const struct efi_memory *map, uint64_t count)
{
	for (uint64_t i = 0; i < count; i++) {
		if (map[i].type == e->type && e->pages <= map[i].pages &&
		    runtime_holds(&map[i], e->base, e->pages * PAGE_SIZE)) {
			return e->type == EFI_RUNTIME_CODE || e->type == EFI_RUNTIME_DATA;
		}
	}
	return false;
}

bool dom0_attributes_fit(const struct efi_attributes *a, const struct efi_memory *map, uint64_t count)
{
	const struct efi_memory *list = (const void *)(a + 1);
	bool good = a->count != 0;

	for (uint32_t i = 0; i < a->count; i++) {
		good = good && attributes_fit(&list[i], map, count);
	}
	return good;
}
