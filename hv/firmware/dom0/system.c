// SPDX-License-Identifier: Apache-2.0
/* The EFI system table after ExitBootServices() (UEFI 2.10, 4.3), of firmware that has no
 * runtime services: it says so by the table for that (4.6.4). */
#include "firmware/dom0/dom0.h"
#include "firmware/efi.h"

#define SYSTEM_REVISION ((2u << 16) | 100u) /* 2.10 */
#define CRC32_REVERSED 0xedb88320u
#define PROPERTIES_VERSION 1u

struct system_properties {
	uint16_t version;
	uint16_t length;
	uint32_t supported; /* runtime services, a bit each */
};

/* A list of memory that a kernel keeps from the next one (kexec), empty: Linux's
 * struct linux_efi_memreserve. It tries to add to it even where there is none. */
struct system_reserve {
	uint32_t size; /* entries that there is room for here */
	uint32_t count;
	uint64_t next; /* PA of more */
};

/* 8868e871-e4f1-11d3-bc22-0080c73c8881: the RSDP */
static const struct efi_guid system_acpi_guid = {
	0x8868e871, 0xe4f1, 0x11d3, {0xbc, 0x22, 0x00, 0x80, 0xc7, 0x3c, 0x88, 0x81},
};
/* eb66918a-7eef-402a-842e-931d21c38ae9 */
static const struct efi_guid system_properties_guid = {
	0xeb66918a, 0x7eef, 0x402a, {0x84, 0x2e, 0x93, 0x1d, 0x21, 0xc3, 0x8a, 0xe9},
};
/* 888eb0c6-8ede-4ff5-a8f0-9aee5cb977c2 */
static const struct efi_guid system_reserve_guid = {
	0x888eb0c6, 0x8ede, 0x4ff5, {0xa8, 0xf0, 0x9a, 0xee, 0x5c, 0xb9, 0x77, 0xc2},
};
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

uint64_t dom0_system(struct dom0_writer *w, uint64_t rsdp)
{
	static const struct system_properties none = {PROPERTIES_VERSION, sizeof(none), 0};
	static const struct system_reserve empty = {0, 0, 0};
	uint64_t vendor = writer_take(w, sizeof(system_vendor), sizeof(uint64_t));
	uint64_t properties = writer_take(w, sizeof(none), sizeof(uint64_t));
	uint64_t reserve = writer_take(w, sizeof(empty), sizeof(uint64_t));
	struct efi_config config[] = {
		{system_acpi_guid, system_address(w, rsdp)},
		{system_properties_guid, system_address(w, properties)},
		{system_reserve_guid, system_address(w, reserve)},
	};
	uint64_t configs = writer_take(w, sizeof(config), sizeof(uint64_t));
	struct efi_system system = {
		.header = {.signature = EFI_SYSTEM_SIGNATURE, .revision = SYSTEM_REVISION, .size = sizeof(system)},
		.vendor = system_address(w, vendor),
		.config_count = ARRAY_SIZE(config),
		.config = system_address(w, configs),
	};
	uint64_t at = writer_take(w, sizeof(system), sizeof(uint64_t));

	system.header.crc32 = system_crc32(&system, sizeof(system));
	writer_put(w, vendor, system_vendor, sizeof(system_vendor));
	writer_put(w, properties, &none, sizeof(none));
	writer_put(w, reserve, &empty, sizeof(empty));
	writer_put(w, configs, config, sizeof(config));
	writer_put(w, at, &system, sizeof(system));
	return at;
}
