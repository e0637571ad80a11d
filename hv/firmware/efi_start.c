// SPDX-License-Identifier: Apache-2.0
/*
 * From UEFI's boot services to the hypervisor where it was linked: its memory is taken, the
 * image copied there with what only firmware knows, boot services are ended. From there on
 * all is as on every board.
 */
#include "arch/cpu.h"
#include "drivers/uart.h"
#include "firmware/dom0.h"
#include "firmware/efi_priv.h"
#include "lib/string.h"

#define IMAGE_SIZE 16u /* image_size in the arm64 header: all that the image takes */
#define EXIT_TRIES 8u
/* What outlives boot services begins and ends there (UEFI 2.10, 2.3.6). */
#define KEPT_ALIGN KIB(64)

struct efi_start {
	struct efi_system *efi;
	void *handle;
	const char *name;
	const struct domain_desc *domain; /* the hardware domain, where it is now */
	struct domain_desc *linked;       /* and where it will be */
	uint64_t image_size;
	struct dom0_input in;
	struct dom0_output out;
};

static const struct domain_desc *start_domain(struct domain_desc **linked)
{
	const struct domain_desc *d = efi_here(board.domains);

	for (uint32_t i = 0; i < board.domain_count; i++) {
		if ((d[i].flags & DOMAIN_HARDWARE) != 0) {
			*linked = (struct domain_desc *)(uintptr_t)&board.domains[i];
			return &d[i];
		}
	}
	return NULL;
}

/* The hypervisor's RAM, and behind it the payload that the image carries. */
static bool start_take_image(struct efi_start *s)
{
	const struct efi_memory *m = NULL;
	uint64_t base = board.image.base;
	uint64_t at = base;

	memcpy(&s->image_size, __image_start + IMAGE_SIZE, sizeof(s->image_size));
	if (s->efi->boot->allocate_pages(EFI_ALLOCATE_ADDRESS, EFI_LOADER_CODE, s->image_size / PAGE_SIZE, &at) ==
	    EFI_SUCCESS) {
		return true;
	}
	for (uint64_t pa = base; pa - base < s->image_size; pa = m->base + m->pages * PAGE_SIZE) {
		m = efi_map_find(pa);
		if (m == NULL || m->type != EFI_CONVENTIONAL) {
			efi_say("bulkhead: fatal: %s: firmware uses memory at 0x%lx (type %u), and the image needs "
				"0x%lx..0x%lx (image.load of the board file)", s->name, pa, m == NULL ? 0 : m->type,
				board.image.base, board.image.base + s->image_size);
			return false;
		}
	}
	efi_say("bulkhead: fatal: %s: firmware does not give the image 0x%lx bytes at 0x%lx", s->name, s->image_size,
		board.image.base);
	return false;
}

/* What a domain is handed but for the memory map, in memory that it keeps. */
static bool start_tables(struct efi_start *s, const struct acpi_machine *m)
{
	const struct efi_payload *payload = efi_here(board.efi);
	struct acpi_trouble trouble = {.what = NULL};
	struct efi_map map;
	uint64_t at = 0;

	if (!efi_map_read(s->efi, &map)) {
		efi_say("bulkhead: fatal: %s: firmware has no memory map", s->name);
		return false;
	}
	s->in = (struct dom0_input){
		.machine = m,
		.board_cpus = efi_here(board.cpus),
		.cpus = efi_here(s->domain->cpus),
		.cpu_count = s->domain->cpu_count,
		.window_count = s->domain->window_count,
		.windows = efi_here(s->domain->windows),
		.irq_mask = s->domain->irq_mask,
		.uart = board.uart.reg.base,
		.ram = efi_here(s->domain->ram),
		.ram_count = s->domain->ram_count,
		.map_entries = (uint32_t)(map.room / map.step),
		.map_step = (uint32_t)map.step,
		.bootargs = payload->cmdline == NULL ? "" : efi_here(payload->cmdline),
		.initrd = {payload->initrd, payload->initrd_size},
	};
	s->out.size = ALIGN_UP(dom0_size(&s->in, &trouble), KEPT_ALIGN);
	if (s->out.size != 0 && !efi_take(s->efi, s->in.ram, s->in.ram_count, EFI_ACPI_RECLAIM, s->out.size, &at)) {
		efi_say("bulkhead: fatal: %s: firmware has no 0x%lx bytes of the hardware domain's RAM for its tables",
			s->name, s->out.size);
		return false;
	}
	s->out.bytes = (uint8_t *)(uintptr_t)at;
	s->out.pa = at;
	if (s->out.size == 0 || !dom0_build(&s->in, &s->out, &trouble)) {
		efi_say("bulkhead: fatal: %s: ACPI table %s: what is at offset 0x%x %s", s->name, trouble.table,
			trouble.offset, trouble.what);
		return false;
	}
	return true;
}

static void start_last_words(const char *text)
{
	uart_init(board.uart.reg.base);
	for (; *text != '\0'; text++) {
		uart_put(board.uart.reg.base, *text);
	}
}

/* Ends boot services. The map may have changed since it was read: it is read again then, and
 * nothing else is asked of firmware (7.4.6). NULL: done. */
static const char *start_exit(struct efi_start *s)
{
	const char *why = "does not let go of the machine";
	struct efi_map map;

	for (uint32_t i = 0; i < EXIT_TRIES; i++) {
		if (!efi_map_read(s->efi, &map) || map.step != s->in.map_step) {
			return "has no memory map any more";
		}
		why = dom0_put_map(&s->in, &s->out, map.bytes, map.size);
		if (why != NULL || s->efi->boot->exit_boot_services(s->handle, map.key) == EFI_SUCCESS) {
			return why;
		}
		why = "does not let go of the machine";
	}
	return why;
}

void efi_start(struct efi_system *efi, void *handle, const char *name, const struct acpi_machine *m)
{
	struct efi_start s = {.efi = efi, .handle = handle, .name = name};
	const uint8_t *leave = (const uint8_t *)(uintptr_t)arch_leave;
	const char *why;

	s.domain = start_domain(&s.linked);
	if (s.domain == NULL) {
		efi_say("bulkhead: fatal: %s: no hardware domain, for which UEFI's tables are", name);
		return;
	}
	if (!start_take_image(&s) || !start_tables(&s, m)) {
		return;
	}
	efi_say("bulkhead: %s: leaves UEFI for 0x%lx", name, board.image.base);
	why = start_exit(&s);
	if (why != NULL) {
		start_last_words("bulkhead: fatal: firmware ");
		start_last_words(why);
		start_last_words("\r\n");
		arch_halt();
	}
	memcpy((void *)(uintptr_t)board.image.base, __image_start, s.image_size);
	s.linked->dtb_ipa = s.out.dtb;
	arch_dcache_clean((const void *)(uintptr_t)board.image.base, s.image_size);
	arch_dcache_clean(s.out.bytes, s.out.size);
	arch_dcache_clean(leave, (uint64_t)(arch_leave_end - leave));
	arch_leave(board.image.base);
}
