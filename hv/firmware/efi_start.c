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

extern const uint8_t boot_primary[]; /* arch/boot.S */

#define IMAGE_SIZE 16u /* image_size in the arm64 header: all that the image takes */
#define EXIT_TRIES 8u
#define START_KERNEL_MAX GIB(64)
/* What outlives boot services begins and ends there (UEFI 2.10, 2.3.6). */
#define KEPT_ALIGN KIB(64)

/* What firmware keeps of memory that somebody needs. */
struct start_clash {
	const char *what;
	const char *name;
	struct efi_kept kept;
};

struct efi_start {
	struct efi_system *efi;
	void *handle;
	const char *name;
	const struct domain_desc *domain; /* the hardware domain, where it is now */
	struct domain_desc *linked;       /* and where it will be */
	uint64_t image_size;
	struct efi_loaded loaded;
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
	struct mem_range image = {board.image.base, 0};
	struct efi_kept kept;

	memcpy(&image.size, __image_start + IMAGE_SIZE, sizeof(image.size));
	s->image_size = image.size;
	if (efi_take_at(s->efi, &image, EFI_LOADER_CODE)) {
		return true;
	}
	if (efi_map_keeps(&image, true, &kept)) {
		efi_say("bulkhead: fatal: %s: firmware uses memory at 0x%lx (type %u), and the image needs "
			"0x%lx..0x%lx (image.load of the board file)", s->name, kept.at, kept.type, image.base,
			image.base + image.size);
	} else {
		efi_say("bulkhead: fatal: %s: firmware does not give the image 0x%lx bytes at 0x%lx", s->name, image.size,
			image.base);
	}
	return false;
}

/* Where the payload is to go that the hypervisor copies home, with what a kernel clears. */
static struct mem_range start_home(const struct efi_start *s, const struct payload_piece *p)
{
	struct mem_range r = {p->to, p->size};
	uint64_t clears = 0;

	if (p->to == s->domain->entry) {
		memcpy(&clears, (const uint8_t *)efi_here((const void *)(uintptr_t)p->from) + IMAGE_SIZE, sizeof(clears));
	}
	r.size = clears > r.size && clears < START_KERNEL_MAX ? clears : r.size;
	r.size = ALIGN_UP(r.base + r.size, PAGE_SIZE) - ALIGN_DOWN(r.base, PAGE_SIZE);
	r.base = ALIGN_DOWN(r.base, PAGE_SIZE);
	return r;
}

/* Whether what is written once firmware is gone, or has somebody else then, is nothing that
 * firmware keeps. Before (`take`), what is free of it is taken, so that it stays so. */
static bool start_has(const struct efi_start *s, const struct mem_range *r, bool take, struct start_clash *c)
{
	if (efi_map_keeps(r, false, &c->kept)) {
		return false;
	}
	if (take) {
		efi_take_free(s->efi, r);
	}
	return true;
}

static bool start_has_domain(const struct efi_start *s, const struct domain_desc *d, bool take,
			     struct start_clash *c)
{
	const struct payload_piece *pieces = efi_here(d->pieces);
	const struct mem_range *ram = efi_here(d->ram);
	bool good = true;

	c->what = "domain";
	c->name = efi_here(d->name);
	for (uint32_t i = 0; good && d == s->domain && i < d->piece_count; i++) {
		struct mem_range home = start_home(s, &pieces[i]);

		good = start_has(s, &home, take, c);
	}
	for (uint32_t i = 0; good && d != s->domain && i < d->ram_count; i++) {
		good = start_has(s, &ram[i], take, c);
	}
	return good;
}

/* What the image's tables give away, or keep, beside the image and the hardware domain's RAM. */
static bool start_has_rest(const struct efi_start *s, bool take, struct start_clash *c)
{
	const struct domain_desc *d = efi_here(board.domains);
	const struct mem_range *shared = efi_here(board.shared);
	bool good = true;

	for (uint32_t i = 0; good && i < board.domain_count; i++) {
		good = start_has_domain(s, &d[i], take, c);
	}
	if (good) {
		c->what = "shared memory of";
		c->name = s->name;
	}
	for (uint64_t i = 0; good && i < board.shared_count; i++) {
		good = start_has(s, &shared[i], take, c);
	}
	if (good && board.home.colors.of != 0) {
		struct mem_range home = {board.home.base, 0};
		uint64_t last = home_pa(&board.home, board.image.base + board.image.size - PAGE_SIZE);

		home.size = last + PAGE_SIZE - home.base;
		c->what = "the hypervisor on";
		good = start_has(s, &home, take, c);
	}
	return good;
}

static bool start_take_rest(const struct efi_start *s)
{
	struct start_clash c;

	if (!start_has_rest(s, true, &c)) {
		efi_say("bulkhead: fatal: %s: firmware keeps memory at 0x%lx (type %u), where %s '%s' has its own "
			"(the system file)", s->name, c.kept.at, c.kept.type, c.what, c.name);
		return false;
	}
	return true;
}

/* What a domain is handed but for the memory map, in memory that it keeps. */
static bool start_tables(struct efi_start *s, const struct acpi_machine *m)
{
	const struct efi_payload *payload = efi_here(board.efi);
	const char *cmdline = s->loaded.cmdline;
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
		.initrd = {payload->initrd, payload->initrd_size},
	};
	if (s->loaded.kernel.size != 0) {
		s->in.initrd = s->loaded.initrd;
	}
	if (cmdline == NULL) {
		cmdline = payload->cmdline == NULL ? "" : efi_here(payload->cmdline);
	}
	s->in.bootargs = cmdline;
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

/* Reads firmware's map as it is now, and writes the domain's. NULL: done. */
static const char *start_put_map(struct efi_start *s, struct efi_map *map)
{
	struct start_clash clash;

	if (!efi_map_read(s->efi, map) || map->step != s->in.map_step) {
		return "has no memory map any more";
	}
	if (!start_has_rest(s, false, &clash)) {
		return "keeps memory now that the system file gives away";
	}
	return dom0_put_map(&s->in, &s->out, map->bytes, map->size);
}

/* What would end it when nobody can be told by name any more is found before. */
static bool start_try_map(struct efi_start *s)
{
	struct efi_map map;
	const char *why = start_put_map(s, &map);

	if (why != NULL) {
		efi_say("bulkhead: fatal: %s: firmware %s", s->name, why);
	}
	return why == NULL;
}

/* Ends boot services. The map may have changed since it was read: it is read again then, and
 * nothing else is asked of firmware (7.4.6). NULL: done. */
static const char *start_exit(struct efi_start *s)
{
	struct efi_map map;

	for (uint32_t i = 0; i < EXIT_TRIES; i++) {
		const char *why = start_put_map(s, &map);

		if (why != NULL || s->efi->boot->exit_boot_services(s->handle, map.key) == EFI_SUCCESS) {
			return why;
		}
	}
	return "does not let go of the machine";
}

/* All that is asked of firmware while it can still be given back. */
static bool start_prepare(struct efi_start *s, const struct acpi_machine *m)
{
	return start_take_image(s) && start_take_rest(s) &&
	       esp_load(s->efi, s->handle, s->name, efi_here(board.efi), efi_here(s->domain->ram),
			s->domain->ram_count, &s->loaded) &&
	       start_tables(s, m) && start_try_map(s);
}

/* What is read with the caches off from here on. */
static void start_clean(const struct efi_start *s)
{
	const uint8_t *leave = (const uint8_t *)(uintptr_t)arch_leave;

	arch_dcache_clean((const void *)(uintptr_t)board.image.base, s->image_size);
	arch_dcache_clean(s->out.bytes, s->out.size);
	arch_dcache_clean((const void *)(uintptr_t)s->loaded.kernel.base, s->loaded.kernel.size);
	arch_dcache_clean((const void *)(uintptr_t)s->loaded.initrd.base, s->loaded.initrd.size);
	arch_dcache_clean(leave, (uint64_t)(arch_leave_end - leave));
}

void efi_start(struct efi_system *efi, void *handle, const char *name, const struct acpi_machine *m)
{
	struct efi_start s = {.efi = efi, .handle = handle, .name = name};
	const char *why;

	if (!efi_is_described(name, m)) {
		return;
	}
	s.domain = start_domain(&s.linked);
	if (s.domain == NULL) {
		efi_say("bulkhead: fatal: %s: no hardware domain, for which UEFI's tables are", name);
		return;
	}
	if (!start_prepare(&s, m)) {
		efi_give_back(efi);
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
	if (s.loaded.kernel.size != 0) {
		s.linked->entry = s.loaded.kernel.base;
	}
	start_clean(&s);
	arch_leave(board.image.base + (uint64_t)(boot_primary - __image_start));
}
