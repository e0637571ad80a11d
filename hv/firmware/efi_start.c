// SPDX-License-Identifier: Apache-2.0
/*
 * From UEFI's boot services to the hypervisor where it was linked: its memory is taken, the
 * image copied there with what only firmware knows, boot services are ended. From there on
 * all is as on every board.
 */
#include "arch/cpu.h"
#include "firmware/efi_priv.h"
#include "lib/string.h"

extern const uint8_t boot_primary[]; /* arch/boot.S */

#define IMAGE_SIZE 16u /* image_size in the arm64 header: all that the image takes */
#define START_KERNEL_MAX GIB(64)

struct start {
	struct efi_leave leave;
	const struct domain_desc *domain; /* the hardware domain, where it is now */
	struct domain_desc *linked;       /* and where it will be */
	uint64_t image_size;
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
static bool start_take_image(struct start *s)
{
	struct efi_leave *l = &s->leave;
	struct mem_range image = {board.image.base, 0};
	struct efi_kept kept;

	memcpy(&image.size, __image_start + IMAGE_SIZE, sizeof(image.size));
	s->image_size = image.size;
	if (efi_take_at(l->efi, &image, EFI_LOADER_CODE)) {
		return true;
	}
	if (efi_map_keeps(&image, true, &kept)) {
		efi_say("bulkhead: fatal: %s: firmware uses memory at 0x%lx (type %u), and the image needs "
			"0x%lx..0x%lx (image.load of the board file)", l->name, kept.at, kept.type, image.base,
			image.base + image.size);
	} else {
		efi_say("bulkhead: fatal: %s: firmware does not give the image 0x%lx bytes at 0x%lx", l->name, image.size,
			image.base);
	}
	return false;
}

/* Where the payload is to go that the hypervisor copies home, with what a kernel clears. */
static struct mem_range start_home(const struct start *s, const struct payload_piece *p)
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

static bool start_claim_domain(const struct start *s, const struct domain_desc *d)
{
	const struct payload_piece *pieces = efi_here(d->pieces);
	const struct mem_range *ram = efi_here(d->ram);
	const char *name = efi_here(d->name);
	bool good = true;

	for (uint32_t i = 0; good && d == s->domain && i < d->piece_count; i++) {
		struct mem_range home = start_home(s, &pieces[i]);

		good = efi_claim(s->leave.efi, s->leave.name, &home, "domain", name);
	}
	for (uint32_t i = 0; good && d != s->domain && i < d->ram_count; i++) {
		good = efi_claim(s->leave.efi, s->leave.name, &ram[i], "domain", name);
	}
	return good;
}

/* What the image's tables give away, or keep, beside the image and the hardware domain's RAM:
 * it is written once firmware is gone, or has somebody else then. */
static bool start_claim_rest(const struct start *s)
{
	const struct domain_desc *d = efi_here(board.domains);
	const struct mem_range *shared = efi_here(board.shared);
	bool good = true;

	for (uint32_t i = 0; good && i < board.domain_count; i++) {
		good = start_claim_domain(s, &d[i]);
	}
	for (uint64_t i = 0; good && i < board.shared_count; i++) {
		good = efi_claim(s->leave.efi, s->leave.name, &shared[i], "shared memory of", s->leave.name);
	}
	if (good && board.home.colors.of != 0) {
		struct mem_range home = {board.home.base, 0};
		uint64_t last = home_pa(&board.home, board.image.base + board.image.size - PAGE_SIZE);

		home.size = last + PAGE_SIZE - home.base;
		good = efi_claim(s->leave.efi, s->leave.name, &home, "the hypervisor on", s->leave.name);
	}
	return good;
}

/* Files beside the image, or the initial RAM disk of what it carries. */
static bool start_payload(struct start *s)
{
	const struct efi_payload *payload = efi_here(board.efi);
	struct efi_leave *l = &s->leave;

	if (!esp_load(l->efi, l->handle, l->name, payload, l->in.ram, l->in.ram_count, &l->loaded)) {
		return false;
	}
	if (l->loaded.kernel.size == 0) {
		l->loaded.initrd = (struct mem_range){payload->initrd, payload->initrd_size};
	}
	return true;
}

/* All that is asked of firmware while it can still be given back. */
static bool start_prepare(struct start *s, const struct acpi_machine *m)
{
	const struct domain_desc *d = s->domain;
	const struct ondemand_list *demand = &domain_ondemand[s->linked - board.domains];

	s->leave.in = (struct dom0_input){
		.machine = m,
		.board_cpus = efi_here(board.cpus),
		.cpus = efi_here(d->cpus),
		.cpu_count = d->cpu_count,
		.window_count = d->window_count,
		.windows = efi_here(d->windows),
		.irq_mask = d->irq_mask,
		.uart = board.uart.reg.base,
		.ram = efi_here(d->ram),
		.ram_count = d->ram_count,
		.mmio = efi_here(demand->ranges),
		.mmio_count = demand->count,
	};
	return start_take_image(s) && start_claim_rest(s) && start_payload(s) && efi_leave_prepare(&s->leave);
}

void efi_start(struct efi_system *efi, void *handle, const char *name, const struct acpi_machine *m)
{
	struct start s = {.leave = {.efi = efi, .handle = handle, .name = name}};

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
	efi_leave(&s.leave);
	memcpy((void *)(uintptr_t)board.image.base, __image_start, s.image_size);
	s.linked->dtb_ipa = s.leave.out.dtb;
	if (s.leave.loaded.kernel.size != 0) {
		s.linked->entry = s.leave.loaded.kernel.base;
	}
	arch_dcache_clean((const void *)(uintptr_t)board.image.base, s.image_size);
	arch_leave(board.image.base + (uint64_t)(boot_primary - __image_start));
}
