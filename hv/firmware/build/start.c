// SPDX-License-Identifier: Apache-2.0
/*
 * From UEFI's boot services to the hypervisor, on a board whose addresses firmware says: its
 * RAM and the domain's payload go where UEFI has memory, the tables are made there, and the
 * copy of the image is entered where it is, to run where it was linked.
 */
#include "arch/cpu.h"
#include "arch/sysreg.h"
#include "firmware/build/build.h"
#include "firmware/efi_priv.h"
#include "lib/string.h"
#include "mm/el2_desc.h"

#define IMAGE_ALIGN MIB(2) /* so that PA and VA are aligned alike */
#define KERNEL_ALIGN MIB(2) /* arm64 boot protocol */
#define KERNEL_TEXT_OFFSET 8u
#define KERNEL_IMAGE_SIZE 16u
#define KERNEL_SIZE_MAX GIB(1)
#define MMFR0_PARANGE GENMASK64(3, 0)
#define MMFR4_E2H0 GENMASK64(27, 24)
#define E2H0_FIRST_NONE 0x8u
#define MPIDR_AFFINITY (GENMASK64(39, 32) | GENMASK64(23, 0))

extern const uint8_t __text_start[], __text_end[], __rodata_start[], __rodata_end[];
extern const uint8_t __data_start[], __data_end[], __packed_start[], __packed_end[];
extern const uint8_t __bss_start[], __noinit_end[];
extern const uint8_t boot_mmu_on[], arch_enter[], arch_enter_end[];

struct start {
	struct efi_leave leave;
	struct build build;
};

static struct start start_state;
static const struct mem_range start_memory = {0, BIT64(BUILD_PA_BITS_MAX)};

/* What something of the image is, once the MMU is on. */
static uint64_t start_linked(const void *here)
{
	return board.image.base + (uint64_t)((const uint8_t *)here - __image_start);
}

/* The same in the copy, to be changed. */
static void *start_copy(const struct start *s, const void *here)
{
	return s->build.bytes + ((const uint8_t *)here - __image_start);
}

static bool start_cpu(const struct start *s)
{
	if (FIELD_GET(MMFR4_E2H0, sysreg_read_id_aa64mmfr4_el1()) >= E2H0_FIRST_NONE) {
		efi_say("bulkhead: fatal: %s: HCR_EL2.E2H must be clear, but ID_AA64MMFR4_EL1 is 0x%lx", s->leave.name,
			sysreg_read_id_aa64mmfr4_el1());
		return false;
	}
	return true;
}

static uint32_t start_pa_bits(void)
{
	static const uint8_t bits[] = {32, 36, 40, 42, 44, 48};
	uint64_t range = FIELD_GET(MMFR0_PARANGE, sysreg_read_id_aa64mmfr0_el1());

	return bits[range < ARRAY_SIZE(bits) ? range : ARRAY_SIZE(bits) - 1];
}

/* Memory anywhere, aligned to 2 MiB; what that takes more is the domain's again in the end. */
static bool start_take(const struct start *s, const char *what, uint64_t size, uint64_t *at)
{
	size = ALIGN_UP(size, PAGE_SIZE);
	if (!efi_take(s->leave.efi, &start_memory, 1, EFI_LOADER_CODE, size + IMAGE_ALIGN, at)) {
		efi_say("bulkhead: fatal: %s: firmware has no 0x%lx bytes for %s", s->leave.name, size, what);
		return false;
	}
	*at = ALIGN_UP(*at, IMAGE_ALIGN);
	return true;
}

/* The hypervisor's RAM with the image in it, .bss zeroed. What the tables are made in begins
 * with the window's, which is empty. */
static bool start_image(struct start *s)
{
	uint64_t window = (uint64_t)(uintptr_t)board.window.table - board.image.base;
	uint64_t at;

	if (!start_take(s, "the hypervisor", board.image.size, &at)) {
		return false;
	}
	s->build.bytes = (uint8_t *)(uintptr_t)at;
	s->build.size = board.image.size;
	s->build.home = (struct home){board.image.base, at, {.of = 1, .count = 1}};
	memcpy(s->build.bytes, __image_start, (uint64_t)(__packed_start - __image_start));
	memset(start_copy(s, __bss_start), 0, (uint64_t)(__noinit_end - __bss_start));
	memset(s->build.bytes + window, 0, PAGE_SIZE);
	s->build.used = window + PAGE_SIZE;
	return true;
}

/* A file of the payload that the image carries, to where it is to be. */
static void start_carry(const struct mem_range *to, uint64_t linked, uint64_t size)
{
	memcpy((void *)(uintptr_t)to->base, efi_here((const void *)(uintptr_t)linked), size);
}

/* The kernel and the initial RAM disk that the image carries. */
static bool start_carried(struct start *s, const struct efi_payload *payload)
{
	uint64_t entry = ((const struct domain_desc *)efi_here(board.domains))->entry;
	const uint8_t *kernel = efi_here((const void *)(uintptr_t)entry);
	uint64_t offset, size, at;

	if (payload->kernel_size == 0) {
		efi_say("bulkhead: fatal: %s: this image has no kernel in it, and names no file with one", s->leave.name);
		return false;
	}
	memcpy(&offset, kernel + KERNEL_TEXT_OFFSET, sizeof(offset));
	memcpy(&size, kernel + KERNEL_IMAGE_SIZE, sizeof(size));
	size = size > payload->kernel_size ? size : payload->kernel_size;
	if (offset >= KERNEL_ALIGN || size > KERNEL_SIZE_MAX) {
		efi_say("bulkhead: fatal: %s: the kernel in this image has no header that can be right", s->leave.name);
		return false;
	}
	if (!start_take(s, "the domain's kernel", offset + size, &at)) {
		return false;
	}
	s->leave.loaded.kernel = (struct mem_range){at + offset, size};
	start_carry(&s->leave.loaded.kernel, entry, payload->kernel_size);
	if (payload->initrd_size == 0) {
		return true;
	}
	if (!start_take(s, "the domain's initrd", payload->initrd_size, &at)) {
		return false;
	}
	s->leave.loaded.initrd = (struct mem_range){at, payload->initrd_size};
	start_carry(&s->leave.loaded.initrd, payload->initrd, payload->initrd_size);
	return true;
}

/* Files beside the image, or what it carries. */
static bool start_payload(struct start *s)
{
	const struct efi_payload *payload = efi_here(board.efi);

	return esp_load(s->leave.efi, s->leave.handle, s->leave.name, payload, &start_memory, 1, &s->leave.loaded) &&
	       (s->leave.loaded.kernel.size != 0 || start_carried(s, payload));
}

static void start_section(struct build_section *s, const uint8_t *from, const uint8_t *to, uint64_t rights)
{
	*s = (struct build_section){start_linked(from), start_linked(to), rights};
}

/* What the tables do not confine, and refuse to (streams.c) only if it is all that there is. */
static void start_tell_past(const struct acpi_machine *m)
{
	for (uint32_t i = 0; i < m->map_count; i++) {
		const struct acpi_map *x = &m->maps[i];

		if (x->source == ACPI_SEGMENT && x->smmu == ACPI_ITS) {
			efi_say("bulkhead: by IORT no SMMUv3 is before requester IDs 0x%x..0x%x of PCI segment %u", x->first,
				x->last, x->from);
		}
	}
}

/* Everything that boot code on other boards finds in the image. */
static bool start_build(struct start *s)
{
	struct build *b = &s->build;
	struct efi_map map;

	if (!efi_map_read(s->leave.efi, &map)) {
		efi_say("bulkhead: fatal: %s: firmware has no memory map", s->leave.name);
		return false;
	}
	b->map = map.bytes;
	b->map_size = map.size;
	b->map_step = map.step;
	b->boot_mpidr = sysreg_read_mpidr_el1() & MPIDR_AFFINITY;
	b->pa_bits = start_pa_bits();
	b->board = start_copy(s, &board);
	b->domain = start_copy(s, efi_here(board.domains));
	b->msi = b->domain->msi == NULL ? NULL : efi_here(b->domain->msi);
	b->ondemand = start_copy(s, domain_ondemand);
	b->board->home = b->home;
	b->board->image.base = b->home.base;
	b->names = (struct build_names){
		.mmio = (const char *)(uintptr_t)start_linked("MMIO"),
		.stream = (const char *)(uintptr_t)start_linked("a device"),
		.table = (const char *)(uintptr_t)start_linked("IORT"),
		.its = (const char *)(uintptr_t)start_linked("ITS"),
	};
	start_section(&b->sections[0], __text_start, __text_end, EL2_PAGE_TEXT);
	start_section(&b->sections[1], __rodata_start, __rodata_end, EL2_PAGE_RODATA);
	start_section(&b->sections[2], __data_start, __data_end, EL2_PAGE_DATA);
	start_section(&b->sections[3], __bss_start, __noinit_end, EL2_PAGE_DATA);
	b->entry = start_linked(boot_mmu_on);
	b->entry_end = start_linked(arch_enter_end);
	start_tell_past(b->machine);
	if (!build_all(b)) {
		efi_say("bulkhead: fatal: %s: this machine %s 0x%lx", s->leave.name, b->why, b->value);
		return false;
	}
	if (b->without != NULL) {
		efi_say("bulkhead: %s: this machine %s 0x%lx: its devices interrupt by wire alone", s->leave.name,
			b->without, b->without_value);
	}
	b->domain->entry = s->leave.loaded.kernel.base;
	return true;
}

/* What the domain is handed, and its tables say where. */
static bool start_leave(struct start *s)
{
	const struct build *b = &s->build;

	s->leave.in = (struct dom0_input){
		.machine = b->machine,
		.board_cpus = b->cpus,
		.cpus = b->domain_cpus,
		.cpu_count = b->domain->cpu_count,
		.window_count = b->domain->window_count,
		.windows = b->windows,
		.irq_mask = b->domain->irq_mask,
		.uart = b->board->uart.reg.base,
		.ram = b->ram,
		.ram_count = b->ram_count,
		.mmio = b->mmio,
		.mmio_count = b->ondemand->count,
	};
	if (!efi_leave_prepare(&s->leave)) {
		return false;
	}
	b->domain->dtb_ipa = s->leave.out.dtb;
	return true;
}

void efi_start(struct efi_system *efi, void *handle, const char *name, const struct acpi_machine *m)
{
	struct start *s = &start_state;

	s->leave = (struct efi_leave){.efi = efi, .handle = handle, .name = name};
	s->build.machine = m;
	if (!start_cpu(s) || !start_image(s) || !start_payload(s) || !start_build(s) || !start_leave(s)) {
		efi_give_back(efi);
		return;
	}
	efi_say("bulkhead: %s: tables of 0x%lx bytes made and checked; leaves UEFI for 0x%lx", name,
		s->build.used - s->build.tables, s->build.home.base);
	efi_leave(&s->leave);
	arch_dcache_clean(s->build.bytes, s->build.size);
	arch_leave(s->build.home.base + (uint64_t)(arch_enter - __image_start));
}
