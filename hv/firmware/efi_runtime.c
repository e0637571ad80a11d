// SPDX-License-Identifier: Apache-2.0
/* What firmware offers of runtime services (UEFI 2.10, 8). The hypervisor calls none of them. */
#include "firmware/efi_priv.h"

#include "lib/string.h"

/* A table that is damaged is one that is not there. */
static bool runtime_read(uint64_t pa, void *to, uint64_t size)
{
	const uint8_t *bytes = pa == 0 ? NULL : acpi_memory(pa, size);

	if (bytes != NULL) {
		memcpy(to, bytes, size);
	}
	return bytes != NULL;
}

/* Firmware that does not say which there are has all. */
static uint32_t runtime_services(const struct efi_system *efi)
{
	static const struct efi_guid guid = EFI_RT_PROPERTIES_GUID;
	struct efi_rt_properties p;

	return runtime_read(efi_find(efi, &guid), &p, sizeof(p)) ? p.supported & EFI_RT_ALL : EFI_RT_ALL;
}

static void runtime_attributes(const struct efi_system *efi, struct dom0_runtime *to)
{
	static const struct efi_guid guid = EFI_ATTRIBUTES_GUID;
	uint64_t pa = efi_find(efi, &guid);
	struct efi_attributes a;

	if (!runtime_read(pa, &a, sizeof(a)) || a.count > DOM0_ATTRIBUTES_MAX ||
	    a.step < sizeof(struct efi_memory) || a.step > UINT16_MAX) {
		return;
	}
	to->attributes = acpi_memory(pa, sizeof(a) + (uint64_t)a.count * a.step);
	to->attribute_count = to->attributes != NULL ? a.count : 0;
	to->attribute_step = a.step;
}

void efi_find_runtime(const struct efi_system *efi, struct dom0_runtime *to)
{
	uint64_t pa = (uint64_t)(uintptr_t)efi->runtime;
	struct efi_runtime table;

	memset(to, 0, sizeof(*to));
	if (runtime_read(pa, &table, sizeof(table)) && table.header.signature == EFI_RUNTIME_SIGNATURE &&
	    table.header.size >= sizeof(table)) {
		to->table = pa;
		to->services = runtime_services(efi);
		runtime_attributes(efi, to);
	}
}
