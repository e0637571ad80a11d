// SPDX-License-Identifier: Apache-2.0
/* The EFI system table after ExitBootServices() (UEFI 2.10, 4.3), and which runtime services
 * there are by the table for that (4.6.4). */
#include "firmware/dom0/dom0.h"
#include "firmware/efi.h"

#define SYSTEM_REVISION ((2u << 16) | 100u) /* 2.10 */
#define CRC32_REVERSED 0xedb88320u
/* Firmware may reset the machine, or switch it off, by registers. The domain is to ask by PSCI,
 * which the hypervisor hears: there may be others. A capsule needs firmware's reset. */
#define SYSTEM_LEFT_OUT (EFI_RT_RESET_SYSTEM | EFI_RT_UPDATE_CAPSULE | EFI_RT_QUERY_CAPSULE)

/* A list of memory that a kernel keeps from the next one (kexec), empty: Linux's
 * struct linux_efi_memreserve. It tries to add to it even where there is none. */
struct system_reserve {
	uint32_t size; /* entries that there is room for here */
	uint32_t count;
	uint64_t next; /* PA of more */
};

/* 888eb0c6-8ede-4ff5-a8f0-9aee5cb977c2 */
#define SYSTEM_RESERVE_GUID {0x888eb0c6, 0x8ede, 0x4ff5, {0xa8, 0xf0, 0x9a, 0xee, 0x5c, 0xb9, 0x77, 0xc2}}
/* RSDP, properties, the list above; the last, which is left out where it does not fit the map:
 * attributes of memory. */
#define SYSTEM_CONFIGS 4u
static const uint16_t system_vendor[] = {'B', 'u', 'l', 'k', 'h', 'e', 'a', 'd', 0};

static uint32_t system_crc32(const void *bytes, uint32_t size)
{
	uint32_t crc = UINT32_MAX;

	for (uint32_t i = 0; i < size; i++) {
		crc ^= ((const uint8_t *)bytes)[i];
		for (uint32_t bit = 0; bit < 8; bit++) {
			crc = (crc >> 1) ^ ((crc & 1) != 0 ? CRC32_REVERSED : 0);
		}
	}
	return ~crc;
}

static void *system_address(const struct dom0_writer *w, uint64_t at)
{
	return (void *)(uintptr_t)(w->pa + at);
}

void dom0_system(const struct dom0_input *in, struct dom0_writer *w, struct dom0_output *out)
{
	static const struct efi_rt_properties none = {EFI_RT_PROPERTIES_VERSION, sizeof(none), 0};
	static const struct system_reserve empty = {0, 0, 0};
	uint64_t vendor = writer_take(w, sizeof(system_vendor), sizeof(uint64_t));
	uint64_t properties = writer_take(w, sizeof(none), sizeof(uint64_t));
	uint64_t reserve = writer_take(w, sizeof(empty), sizeof(uint64_t));
	uint64_t attributes = dom0_attributes(in, w);
	struct efi_config config[SYSTEM_CONFIGS] = {
		{EFI_ACPI_GUID, (void *)(uintptr_t)out->rsdp},
		{EFI_RT_PROPERTIES_GUID, system_address(w, properties)},
		{SYSTEM_RESERVE_GUID, system_address(w, reserve)},
		{EFI_ATTRIBUTES_GUID, system_address(w, attributes)},
	};
	uint64_t configs = writer_take(w, sizeof(config), sizeof(uint64_t));
	struct efi_system system = {
		.header = {.signature = EFI_SYSTEM_SIGNATURE, .revision = SYSTEM_REVISION, .size = sizeof(system)},
		.vendor = system_address(w, vendor),
		.config_count = SYSTEM_CONFIGS - 1,
		.config = system_address(w, configs),
	};
	uint64_t at = writer_take(w, sizeof(system), sizeof(uint64_t));

	system.header.crc32 = system_crc32(&system, sizeof(system));
	writer_put(w, vendor, system_vendor, sizeof(system_vendor));
	writer_put(w, properties, &none, sizeof(none));
	writer_put(w, reserve, &empty, sizeof(empty));
	writer_put(w, configs, config, sizeof(config));
	writer_put(w, at, &system, sizeof(system));
	out->system = w->pa + at;
	out->properties = w->pa + properties;
	out->attributes = w->pa + attributes;
}

void dom0_system_offer(const struct dom0_input *in, const struct dom0_output *out,
		       const struct efi_memory *map, uint64_t count)
{
	struct efi_system *system = (void *)(out->bytes + (out->system - out->pa));
	struct efi_rt_properties *properties = (void *)(out->bytes + (out->properties - out->pa));
	const struct efi_attributes *attributes = (const void *)(out->bytes + (out->attributes - out->pa));
	bool offered = out->refused == NULL;

	system->runtime = offered ? (void *)(uintptr_t)in->runtime.table : NULL;
	system->config_count = SYSTEM_CONFIGS - !(offered && dom0_attributes_fit(attributes, map, count));
	system->header.crc32 = 0;
	system->header.crc32 = system_crc32(system, sizeof(*system));
	properties->supported = offered ? in->runtime.services & ~SYSTEM_LEFT_OUT : 0;
}
