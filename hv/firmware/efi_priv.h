/* SPDX-License-Identifier: Apache-2.0 */
/* Between the parts of the UEFI stage, which ends where the image runs at its place. */
#ifndef HV_FIRMWARE_EFI_PRIV_H
#define HV_FIRMWARE_EFI_PRIV_H

#include "firmware/acpi/acpi.h"
#include "firmware/dom0.h"
#include "firmware/efi.h"

extern const uint8_t __image_start[]; /* hv.ld */

/* Where something is that was linked to be at `p`: the image is not where it was linked, and
 * a pointer that the linker wrote has to be moved. Code and data find each other as anywhere. */
static inline const void *efi_here(const void *p)
{
	return (const void *)((uintptr_t)p - board.image.base + (uintptr_t)__image_start);
}

/* A line on firmware's console; only until boot services end. */
void efi_say(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* PA of firmware's configuration table of that name (UEFI 2.10, 4.6); 0: it has none. */
uint64_t efi_find(const struct efi_system *system, const struct efi_guid *guid);

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

/* Where memory of a range is not the image's to write. */
struct efi_kept {
	uint64_t at;
	uint32_t type; /* as the map has it there */
};
/* Whether firmware has something in a range by the map that was read last: anything (`now`), or
 * what it keeps when boot services have ended. */
bool efi_map_keeps(const struct mem_range *r, bool now, struct efi_kept *kept);

/*
 * Memory of firmware's, in whole pages; what is taken is remembered, for efi_give_back().
 * efi_take(): `size` bytes in one of the runs of `ram`, wherever firmware likes. False: there
 * are none. efi_take_at(): those of a range. False: firmware does not give them.
 */
bool efi_take(struct efi_system *efi, const struct mem_range *ram, uint32_t count, uint32_t type,
	      uint64_t size, uint64_t *at);
bool efi_take_at(struct efi_system *efi, const struct mem_range *r, uint32_t type);
void efi_give_back(struct efi_system *efi);

/*
 * Memory that is `whose` (a domain's, say: `what`) once boot services have ended: firmware may
 * have it until then. What is free of it by the map that was read last is taken, so that
 * firmware puts nothing there that it would keep; what is not, efi_has_claims() looks at again.
 * False: firmware keeps something there, which is said.
 */
bool efi_claim(struct efi_system *efi, const char *name, const struct mem_range *r, const char *what,
	       const char *whose);
/* Whether firmware keeps nothing of all that, by the map that was read last. */
bool efi_has_claims(void);

/* What firmware has of runtime services, by the map that was read last. */
void efi_find_runtime(const struct efi_system *efi, struct dom0_runtime *to);

/* What came from the partition that the image was started from. */
struct efi_loaded {
	struct mem_range kernel; /* with the memory that it clears; size 0: no file is named */
	struct mem_range initrd; /* in bytes; size 0: none */
	const char *cmdline;     /* NULL: none */
};
/* Loads the files that `payload` names into the hardware domain's RAM, the kernel as it is to
 * start. False: the reason is said. */
bool esp_load(struct efi_system *efi, void *handle, const char *name, const struct efi_payload *payload,
	      const struct mem_range *ram, uint32_t count, struct efi_loaded *to);

/* On the way out of boot services. */
struct efi_leave {
	/* The caller's. */
	struct efi_system *efi;
	void *handle;
	const char *name;
	struct efi_loaded loaded;
	struct dom0_input in; /* but for the map's measures, runtime services, bootargs and initrd */
	/* What the hardware domain is handed. */
	struct dom0_output out;
};
/* Makes all of it that can be made while boot services go on. False: the reason is said. */
bool efi_leave_prepare(struct efi_leave *l);
/* Ends boot services, and cleans to memory what is read with the caches off then, but for the
 * image itself. If firmware does not let go, it says so on the UART and halts. */
void efi_leave(struct efi_leave *l);

/* Where the board file gives addresses: whether firmware's are the same. False: it has said
 * which is not. */
bool efi_is_described(const char *name, const struct acpi_machine *m);

/* From boot services to the hypervisor's first instruction. Returns to say that it could
 * not, while it still could; the reason is said. efi_start.c where the board file says every
 * address, build/start.c where firmware does. */
void efi_start(struct efi_system *efi, void *handle, const char *name, const struct acpi_machine *m);

/* What a boot loader starts that is not UEFI: says so on the board's UART. */
_Noreturn void efi_missed(void);

#endif
