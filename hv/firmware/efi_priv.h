/* SPDX-License-Identifier: Apache-2.0 */
/* Between the parts of the UEFI stage, which ends where the image runs at its place. */
#ifndef HV_FIRMWARE_EFI_PRIV_H
#define HV_FIRMWARE_EFI_PRIV_H

#include "firmware/acpi/acpi.h"
#include "firmware/efi.h"

extern const uint8_t __image_start[]; /* hv.ld */

/* Where something is that was linked to be at `p`: the image is not where it was linked, and
 * a pointer that the linker wrote has to be moved. Code and data find each other as anywhere. */
static inline const void *efi_here(const void *p)
{
	return (const uint8_t *)p - board.image.base + (uint64_t)(uintptr_t)__image_start;
}

/* A line on firmware's console; only until boot services end. */
void efi_say(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* Firmware's memory map: read anew. False: there is none that can be read. */
struct efi_map {
	uint64_t size; /* bytes */
	uint64_t step; /* from one descriptor to the next */
	uint64_t key;  /* for ExitBootServices() */
	const uint8_t *bytes;
	uint64_t room; /* bytes that there may be */
};
bool efi_map_read(struct efi_system *efi, struct efi_map *map);

/* Descriptor that `pa` lies in; NULL: none. */
const struct efi_memory *efi_map_find(uint64_t pa);

/* Whether RAM is where the board file says, all of it, and nowhere else. False: it has said
 * what is not. */
bool efi_map_check(const char *name, const struct mem_range *ram, uint32_t count);

/* Takes `size` bytes, whole pages, in one of the runs of `ram`, wherever firmware likes. False:
 * there are none. */
bool efi_take(struct efi_system *efi, const struct mem_range *ram, uint32_t count, uint32_t type,
	      uint64_t size, uint64_t *at);

/* From boot services to the hypervisor's first instruction. Returns to say that it could
 * not, while it still could; the reason is said. */
void efi_start(struct efi_system *efi, void *handle, const char *name, const struct acpi_machine *m);

#endif
