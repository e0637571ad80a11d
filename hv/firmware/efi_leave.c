// SPDX-License-Identifier: Apache-2.0
/* The way out of boot services: what the hardware domain is handed, and ExitBootServices(). */
#include "arch/cpu.h"
#include "drivers/uart.h"
#include "firmware/efi_priv.h"

#define EXIT_TRIES 8u
/* What outlives boot services begins and ends there (UEFI 2.10, 2.3.6). */
#define KEPT_ALIGN KIB(64)

/* Of what is written anew what depends on the image's files and on the length of firmware's map. */
static bool leave_input(struct efi_leave *l)
{
	const struct efi_payload *payload = efi_here(board.efi);
	const char *cmdline = l->loaded.cmdline;
	struct efi_map map;

	if (!efi_map_read(l->efi, &map)) {
		efi_say("bulkhead: fatal: %s: firmware has no memory map", l->name);
		return false;
	}
	l->in.map_entries = (uint32_t)(map.room / map.step);
	l->in.map_step = (uint32_t)map.step;
	if (cmdline == NULL) {
		cmdline = payload->cmdline == NULL ? "" : efi_here(payload->cmdline);
	}
	efi_find_runtime(l->efi, &l->in.runtime);
	l->in.bootargs = cmdline;
	l->in.initrd = l->loaded.initrd;
	return true;
}

/* All but the memory map, in memory that the domain keeps. */
static bool leave_tables(struct efi_leave *l)
{
	struct acpi_trouble trouble = {.what = NULL};
	struct dom0_output *out = &l->out;

	out->size = ALIGN_UP(dom0_size(&l->in, &trouble), KEPT_ALIGN);
	if (out->size != 0 && !efi_take(l->efi, l->in.ram, l->in.ram_count, EFI_ACPI_RECLAIM, out->size, &out->pa)) {
		efi_say("bulkhead: fatal: %s: firmware has no 0x%lx bytes of the hardware domain's RAM for its tables",
			l->name, out->size);
		return false;
	}
	out->bytes = (uint8_t *)(uintptr_t)out->pa;
	if (out->size == 0 || !dom0_build(&l->in, out, &trouble)) {
		efi_say("bulkhead: fatal: %s: ACPI table %s: what is at offset 0x%x %s", l->name, trouble.table,
			trouble.offset, trouble.what);
		return false;
	}
	return true;
}

/* Reads firmware's map as it is now, and writes the domain's. NULL: done. */
static const char *leave_put_map(struct efi_leave *l, struct efi_map *map)
{
	if (!efi_map_read(l->efi, map) || map->step != l->in.map_step) {
		return "has no memory map any more";
	}
	if (!efi_has_claims()) {
		return "keeps memory now that the system file gives away";
	}
	return dom0_put_map(&l->in, &l->out, map->bytes, map->size);
}

/* What would end it when nobody can be told by name any more is found before. */
static bool leave_try_map(struct efi_leave *l)
{
	struct efi_map map;
	const char *why = leave_put_map(l, &map);

	if (why != NULL) {
		efi_say("bulkhead: fatal: %s: firmware %s", l->name, why);
	} else if (l->out.refused != NULL) {
		efi_say("bulkhead: %s: UEFI's runtime services, a clock among them, are not offered: %s (0x%lx)", l->name,
			l->out.refused, l->out.refused_at);
	}
	return why == NULL;
}

bool efi_leave_prepare(struct efi_leave *l)
{
	return leave_input(l) && leave_tables(l) && leave_try_map(l);
}

/* The map may have changed since it was read: it is read again then, and nothing else is asked
 * of firmware (7.4.6). NULL: done. */
static const char *leave_exit(struct efi_leave *l)
{
	struct efi_map map;

	for (uint32_t i = 0; i < EXIT_TRIES; i++) {
		const char *why = leave_put_map(l, &map);

		if (why != NULL || l->efi->boot->exit_boot_services(l->handle, map.key) == EFI_SUCCESS) {
			return why;
		}
	}
	return "does not let go of the machine";
}

static void leave_last_words(const struct efi_leave *l, const char *text)
{
	for (; *text != '\0'; text++) {
		uart_put(l->in.uart, *text);
	}
}

void efi_leave(struct efi_leave *l)
{
	const uint8_t *code = (const uint8_t *)(uintptr_t)arch_leave;
	const char *why = leave_exit(l);

	if (why != NULL) {
		uart_init(l->in.uart);
		leave_last_words(l, "bulkhead: fatal: firmware ");
		leave_last_words(l, why);
		leave_last_words(l, "\r\n");
		arch_halt();
	}
	arch_dcache_clean(l->out.bytes, l->out.size);
	arch_dcache_clean((const void *)(uintptr_t)l->loaded.kernel.base, l->loaded.kernel.size);
	arch_dcache_clean((const void *)(uintptr_t)l->loaded.initrd.base, l->loaded.initrd.size);
	arch_dcache_clean(code, (uint64_t)(arch_leave_end - code));
}
