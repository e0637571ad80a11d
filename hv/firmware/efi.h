/* SPDX-License-Identifier: Apache-2.0 */
/* What is needed of UEFI (UEFI 2.10): its tables, as firmware lays them out. */
#ifndef HV_FIRMWARE_EFI_H
#define HV_FIRMWARE_EFI_H

#include "types.h"

#define EFI_SUCCESS UINT64_C(0)
#define EFI_ERROR BIT64(63)
#define EFI_INVALID_PARAMETER (EFI_ERROR | 2)
#define EFI_UNSUPPORTED (EFI_ERROR | 3)
#define EFI_NOT_FOUND (EFI_ERROR | 14)

#define EFI_SYSTEM_SIGNATURE UINT64_C(0x5453595320494249) /* "IBI SYST" */

struct efi_header {
	uint64_t signature;
	uint32_t revision;
	uint32_t size;
	uint32_t crc32;
	uint32_t reserved;
};

struct efi_text_output {
	void *reset;
	uint64_t (*output)(struct efi_text_output *self, const uint16_t *text);
};

/* A descriptor of the memory map (7.2.3); they are desc_size bytes apart, not sizeof. */
struct efi_memory {
	uint32_t type;
	uint32_t pad;
	uint64_t base;
	uint64_t virt;
	uint64_t pages;
	uint64_t attributes;
};
#define EFI_RESERVED 0u
#define EFI_LOADER_CODE 1u
#define EFI_LOADER_DATA 2u
#define EFI_BOOT_CODE 3u
#define EFI_BOOT_DATA 4u
#define EFI_RUNTIME_CODE 5u
#define EFI_RUNTIME_DATA 6u
#define EFI_CONVENTIONAL 7u
#define EFI_UNUSABLE 8u
#define EFI_ACPI_RECLAIM 9u
#define EFI_ACPI_NVS 10u
#define EFI_MAPPED_IO 11u
#define EFI_MAPPED_PORTS 12u
#define EFI_PERSISTENT 14u

#define EFI_WRITE_BACK BIT64(3)
#define EFI_RUNTIME BIT64(63) /* it is for runtime services */

/* Whether memory of this type is free once boot services have ended, and what was loaded runs. */
static inline bool efi_type_ends(uint32_t type)
{
	return (type >= EFI_LOADER_CODE && type <= EFI_BOOT_DATA) || type == EFI_CONVENTIONAL;
}

/* AllocatePages() (7.2.1): which pages; *at says the last that may be, or the first. */
#define EFI_ALLOCATE_BELOW 1u
#define EFI_ALLOCATE_ADDRESS 2u

/* Services that outlive boot services (8.1): 14 pointers behind the header. */
#define EFI_RUNTIME_SIGNATURE UINT64_C(0x56524553544e5552) /* "RUNTSERV" */
#define EFI_RUNTIME_COUNT 14u
struct efi_runtime {
	struct efi_header header;
	void *services[EFI_RUNTIME_COUNT];
};

/* Which of them there are, a bit each in that table's order (4.6.4). */
struct efi_rt_properties {
	uint16_t version;
	uint16_t length;
	uint32_t supported;
};
#define EFI_RT_PROPERTIES_VERSION 1u
#define EFI_RT_ALL (BIT32(EFI_RUNTIME_COUNT) - 1)
#define EFI_RT_RESET_SYSTEM BIT32(10)
#define EFI_RT_UPDATE_CAPSULE BIT32(11)
#define EFI_RT_QUERY_CAPSULE BIT32(12)

/* What of the memory for runtime services is code and what data (4.6.3): `count` descriptors
 * follow, `step` bytes apart. */
struct efi_attributes {
	uint32_t version;
	uint32_t count;
	uint32_t step;
	uint32_t flags;
};

struct efi_guid {
	uint32_t a;
	uint16_t b, c;
	uint8_t d[8];
};
/* 8868e871-e4f1-11d3-bc22-0080c73c8881: the RSDP of ACPI 2.0 and later */
#define EFI_ACPI_GUID {0x8868e871, 0xe4f1, 0x11d3, {0xbc, 0x22, 0x00, 0x80, 0xc7, 0x3c, 0x88, 0x81}}
/* eb66918a-7eef-402a-842e-931d21c38ae9: struct efi_rt_properties */
#define EFI_RT_PROPERTIES_GUID {0xeb66918a, 0x7eef, 0x402a, {0x84, 0x2e, 0x93, 0x1d, 0x21, 0xc3, 0x8a, 0xe9}}
/* dcfa911d-26eb-469f-a220-38b7dc461220: struct efi_attributes */
#define EFI_ATTRIBUTES_GUID {0xdcfa911d, 0x26eb, 0x469f, {0xa2, 0x20, 0x38, 0xb7, 0xdc, 0x46, 0x12, 0x20}}

struct efi_boot_services {
	struct efi_header header;
	void *before_allocate[2];
	uint64_t (*allocate_pages)(uint32_t which, uint32_t type, uint64_t pages, uint64_t *at);
	uint64_t (*free_pages)(uint64_t at, uint64_t pages);
	uint64_t (*get_memory_map)(uint64_t *size, struct efi_memory *map, uint64_t *key, uint64_t *desc_size,
				   uint32_t *version);
	void *before_protocol[11];
	uint64_t (*handle_protocol)(void *handle, const struct efi_guid *protocol, void **interface);
	void *before_exit[9];
	uint64_t (*exit_boot_services)(void *image, uint64_t key);
};

/* Of the protocols (9.1, 13.4, 13.5) what is used. */
struct efi_loaded_image {
	uint32_t revision;
	uint32_t pad;
	void *parent;
	struct efi_system *system;
	void *device; /* that the image came from */
};

#define EFI_READ UINT64_C(1)
#define EFI_END_OF_FILE UINT64_MAX
struct efi_file {
	uint64_t revision;
	uint64_t (*open)(struct efi_file *self, struct efi_file **file, const uint16_t *name, uint64_t mode,
			 uint64_t attributes);
	uint64_t (*close)(struct efi_file *self);
	void *remove;
	uint64_t (*read)(struct efi_file *self, uint64_t *size, void *to);
	void *write;
	uint64_t (*get_position)(struct efi_file *self, uint64_t *position);
	uint64_t (*set_position)(struct efi_file *self, uint64_t position);
};

struct efi_file_system {
	uint64_t revision;
	uint64_t (*open_volume)(struct efi_file_system *self, struct efi_file **root);
};

struct efi_config {
	struct efi_guid guid;
	void *table;
};

struct efi_system {
	struct efi_header header;
	uint16_t *vendor;
	uint32_t revision;
	uint32_t pad;
	void *in_handle;
	void *in;
	void *out_handle;
	struct efi_text_output *out;
	void *error_handle;
	void *error;
	struct efi_runtime *runtime;
	struct efi_boot_services *boot;
	uint64_t config_count;
	struct efi_config *config;
};

_Static_assert(offsetof(struct efi_system, out) == 64, "UEFI 2.10, 4.3");
_Static_assert(offsetof(struct efi_system, config) == 112, "UEFI 2.10, 4.3");
_Static_assert(offsetof(struct efi_boot_services, allocate_pages) == 40, "UEFI 2.10, 4.4");
_Static_assert(offsetof(struct efi_boot_services, get_memory_map) == 56, "UEFI 2.10, 4.4");
_Static_assert(offsetof(struct efi_boot_services, handle_protocol) == 152, "UEFI 2.10, 4.4");
_Static_assert(offsetof(struct efi_boot_services, exit_boot_services) == 232, "UEFI 2.10, 4.4");
_Static_assert(sizeof(struct efi_runtime) == 136, "UEFI 2.10, 4.5");
_Static_assert(sizeof(struct efi_memory) == 40, "UEFI 2.10, 7.2.3");
_Static_assert(offsetof(struct efi_loaded_image, device) == 24, "UEFI 2.10, 9.1");
_Static_assert(offsetof(struct efi_file, set_position) == 56, "UEFI 2.10, 13.5");

/* Where firmware starts the image, with its own memory map, wherever it has loaded it. Returns
 * to firmware, with an error, when the machine is not what the board file says. */
uint64_t efi_entry(void *handle, struct efi_system *system);

#endif
