// SPDX-License-Identifier: Apache-2.0
#include "unit/efi/image.h"

#include <libfdt.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

#include "arch/cpu.h"
#include "drivers/uart.h"
#include "firmware/efi_priv.h"
#include "models/model.h"
#include "unit/acpi/firmware.h"

_Static_assert(sizeof(struct test_image) == IMAGE_SIZE, "image");
_Static_assert(offsetof(struct test_image, store) == IMAGE_STORE - IMAGE_BASE, "store");

struct test_image test_image;
struct board_tables test_board;
struct ondemand_list test_demand[2];
const uint8_t boot_primary[4], arch_leave_end[4];
uint8_t image_kernel[3 * 4096], image_ramdisk[5000];
char image_words[256];

#define KERNEL_MEMORY UINT64_C(0x9000) /* with what it clears */
#define CLEANED_MAX 16u

static struct mem_range cleaned[CLEANED_MAX];
static uint32_t cleaned_count;
static uint64_t left_for;
static jmp_buf ended;

void arch_dcache_clean(const void *p, uint64_t size)
{
	if (cleaned_count == CLEANED_MAX) {
		model_fail("cleans the caches too often");
	}
	cleaned[cleaned_count++] = (struct mem_range){(uint64_t)(uintptr_t)p, size};
}

_Noreturn void arch_leave(uint64_t entry)
{
	left_for = entry;
	longjmp(ended, IMAGE_STARTED + 1);
}

_Noreturn void arch_halt(void)
{
	longjmp(ended, IMAGE_HALTED + 1);
}

void uart_init(uint64_t base)
{
	(void)base;
}

bool uart_put(uint64_t base, char c)
{
	size_t n = strlen(image_words);

	if (base != test_board.uart.reg.base) {
		model_fail("writes to another UART");
	}
	if (n + 1 < sizeof(image_words)) {
		image_words[n] = c;
		image_words[n + 1] = '\0';
	}
	return true;
}

void *image_linked(const void *p)
{
	return (void *)(IMAGE_BASE + (uint64_t)((const uint8_t *)p - (const uint8_t *)&test_image));
}

static void kernel_make(uint8_t *k)
{
	const uint64_t memory = KERNEL_MEMORY;

	for (size_t i = 0; i < sizeof(image_kernel); i++) {
		k[i] = (uint8_t)(i * 7);
	}
	memset(k, 0, 64);
	memcpy(k + 16, &memory, sizeof(memory));
	memcpy(k + 56, "ARM\x64", 4);
}

static void domains_make(void)
{
	static const struct trap_window windows[] = {
		{.ipa = 0x08000000, .size = 0x10000, .kind = WINDOW_GICD},
		{.ipa = 0x08080000, .size = 0x10000, .kind = WINDOW_GITS},
		{.ipa = 0x080a0000, .size = 4 * 0x20000, .kind = WINDOW_GICR},
		{.ipa = 0x09000000, .size = 0x1000, .kind = WINDOW_VPL011, .intid = 33},
		{.ipa = 0x09050000, .size = 0x20000, .kind = WINDOW_VSMMUV3},
	};
	struct test_image *i = &test_image;

	memcpy(i->windows, windows, sizeof(windows));
	i->ram[0] = (struct mem_range){UEFI_RAM, IMAGE_BASE - UEFI_RAM};
	i->ram[1] = (struct mem_range){IMAGE_BASE + IMAGE_SIZE, GUEST_RAM - IMAGE_BASE - IMAGE_SIZE};
	i->ram[2] = (struct mem_range){SHARED_RAM + SHARED_SIZE,
				       UEFI_RAM + UEFI_RAM_SIZE - SHARED_RAM - SHARED_SIZE};
	i->guest_ram[0] = (struct mem_range){GUEST_RAM, GUEST_SIZE};
	i->shared[0] = (struct mem_range){SHARED_RAM, SHARED_SIZE};
	for (uint8_t cpu = 0; cpu < 4; cpu++) {
		i->cpus[cpu].mpidr = cpu;
		i->vcpus[0][cpu] = cpu;
	}
	i->domains[0] = (struct domain_desc){
		.name = image_linked(i->guest_name), .ram = image_linked(i->guest_ram), .ram_count = 1,
	};
	i->domains[1] = (struct domain_desc){
		.name = image_linked(i->domain_name), .flags = DOMAIN_HARDWARE, .entry = IMAGE_STORE,
		.windows = image_linked(i->windows), .window_count = ARRAY_SIZE(i->windows),
		.ram = image_linked(i->ram), .ram_count = 3,
		.cpus = image_linked(i->vcpus), .cpu_count = 4,
	};
	i->mmio[0] = (struct ondemand_range){FLASH_AT, UEFI_REGISTERS, NULL};
	test_demand[0] = (struct ondemand_list){NULL, 0};
	test_demand[1] = (struct ondemand_list){image_linked(i->mmio), 1};
	i->domains[1].irq_mask[0] = BIT32(23) | BIT32(27) | BIT32(30);
}

static void board_make(void)
{
	struct test_image *i = &test_image;

	test_board = (struct board_tables){
		.magic = TABLES_MAGIC, .name = image_linked(i->board_name), .firmware = FIRMWARE_ACPI,
		.cpu_count = 4, .domain_count = 2,
		.image = {IMAGE_BASE, IMAGE_SIZE},
		.gic = {.version = GIC_V3, .maintenance = 25, .gicd = {0x08000000, 0x10000},
			.gicr = {0x080a0000, 4 * 0x20000}},
		.uart = {.kind = UART_PL011, .intid = 33, .reg = {0x09000000, 0x1000}},
		.cpus = image_linked(i->cpus), .domains = image_linked(i->domains),
		.acpi = image_linked(&i->expect), .efi = image_linked(&i->payload),
		.shared = image_linked(i->shared), .shared_count = 1,
	};
	i->all_ram[0] = (struct mem_range){UEFI_RAM, UEFI_RAM_SIZE};
	i->itses[0] = 0x08080000;
	i->smmus[0] = (struct acpi_expect_smmu){0x09050000, 106, 107, 109, 108};
	i->hosts[0] = (struct acpi_expect_host){0x4010000000, 0, 0, 255};
	i->streams[0] = i->messages[0] = (struct acpi_expect_ids){0, 0, 0xfeff, 0, 0};
	i->expect = (struct acpi_expect){
		.oem_id = "BOCHS", .tables = {"APIC", "IORT"},
		.timer_secure = 29, .timer_physical = 30, .timer_virtual = 27, .timer_hyp = 26,
		.ram = image_linked(i->all_ram), .ram_count = 1,
		.its = image_linked(i->itses), .its_count = 1,
		.smmus = image_linked(i->smmus), .smmu_count = 1,
		.hosts = image_linked(i->hosts), .host_count = 1,
		.streams = image_linked(i->streams), .stream_count = 1,
		.messages = image_linked(i->messages), .message_count = 1,
	};
	i->payload = (struct efi_payload){
		.cmdline = image_linked(i->cmdline), .initrd = IMAGE_INITRD, .initrd_size = IMAGE_INITRD_SIZE,
	};
}

void image_make(void)
{
	const uint64_t size = IMAGE_SIZE;
	struct test_image *i = &test_image;

	/* The image is loaded once for each start; here it is the same one. */
	uefi.forgets = true;
	efi_give_back(&uefi_system);
	model_reset();
	model_sysreg_write(MODEL_SYSREG_currentel, 2 << 2);
	uefi_make();
	fw_make();
	fw_put("FACP", 129, 1, 2); /* PSCI by SMC */
	fw_sum();
	uefi_put_tables();
	uefi_set(EFI_ACPI_RECLAIM, TABLES_AT, 0x10000);
	uefi_set(EFI_RUNTIME_DATA, RUNTIME_AT, RUNTIME_SIZE);
	(void)uefi_put_runtime(RUNTIME_AT);
	uefi.registers = FLASH_AT;
	uefi_set(EFI_BOOT_DATA, GUEST_RAM + 0x1000000, 0x100000);
	memset(i, 0, sizeof(*i));
	memcpy(i->head + 16, &size, sizeof(size));
	strcpy(i->board_name, "board");
	strcpy(i->domain_name, "dom0");
	strcpy(i->guest_name, "guest");
	strcpy(i->cmdline, "quiet");
	domains_make();
	board_make();
	kernel_make(image_kernel);
	memcpy(i->store, image_kernel, sizeof(image_kernel));
	memset(image_ramdisk, 0x5a, sizeof(image_ramdisk));
	cleaned_count = 0;
	image_words[0] = '\0';
}

void image_use_files(void)
{
	static const char *const names[EFI_FILES] = {
		[EFI_FILE_KERNEL] = "EFI\\Image", [EFI_FILE_INITRD] = "EFI\\initrd", [EFI_FILE_CMDLINE] = "EFI\\cmdline",
	};
	struct test_image *i = &test_image;

	i->payload = (struct efi_payload){.cmdline = image_linked(i->cmdline)};
	for (uint32_t n = 0; n < EFI_FILES; n++) {
		strcpy(i->file_names[n], names[n]);
		i->payload.files[n] = image_linked(i->file_names[n]);
	}
	(void)uefi_add(names[EFI_FILE_KERNEL], image_kernel, sizeof(image_kernel));
	(void)uefi_add(names[EFI_FILE_INITRD], image_ramdisk, sizeof(image_ramdisk));
	(void)uefi_add(names[EFI_FILE_CMDLINE], "console=ttyAMA0 debug\r\n", 23);
}

enum image_end image_start(void)
{
	int end = setjmp(ended);

	if (end != 0) {
		return (enum image_end)(end - 1);
	}
	if ((efi_entry(uefi_image, &uefi_system) & EFI_ERROR) == 0) {
		model_fail("returns to firmware without an error");
	}
	return IMAGE_RETURNED;
}

static bool is_cleaned(uint64_t pa, uint64_t size)
{
	bool found = false;

	for (uint32_t i = 0; i < cleaned_count; i++) {
		found = found || (pa >= cleaned[i].base && pa + size <= cleaned[i].base + cleaned[i].size);
	}
	return found;
}

static uint64_t chosen(const void *fdt, const char *name)
{
	int len = 0;
	const void *p = fdt_getprop(fdt, fdt_path_offset(fdt, "/chosen"), name, &len);

	return p == NULL ? 0 : len == 4 ? fdt32_ld(p) : len == 8 ? fdt64_ld(p) : 0;
}

/* Type of all memory of a range in the domain's own map; EFI_RESERVED if it differs. */
static uint32_t handed_type(const void *fdt, uint64_t pa, uint64_t size)
{
	const uint8_t *map = (const uint8_t *)(uintptr_t)chosen(fdt, "linux,uefi-mmap-start");
	uint64_t bytes = chosen(fdt, "linux,uefi-mmap-size"), step = chosen(fdt, "linux,uefi-mmap-desc-size");

	for (uint64_t at = 0; step != 0 && at + step <= bytes; at += step) {
		struct efi_memory m;

		memcpy(&m, map + at, sizeof(m));
		if (pa >= m.base && pa + size <= m.base + m.pages * PAGE_SIZE) {
			return m.type;
		}
	}
	return EFI_RESERVED;
}

static bool ends_with_firmware(uint32_t type)
{
	return type == EFI_CONVENTIONAL || type == EFI_LOADER_CODE || type == EFI_LOADER_DATA ||
	       type == EFI_BOOT_CODE || type == EFI_BOOT_DATA;
}

static bool overlaps(const struct efi_memory *m, uint64_t base, uint64_t size)
{
	return m->base < base + size && base < m->base + m->pages * PAGE_SIZE;
}

/* What is for runtime services is so to firmware, and the domain's. */
static bool handed_runtime_is_right(const struct efi_memory *m)
{
	if (m->virt != m->base || overlaps(m, IMAGE_BASE, IMAGE_SIZE) || overlaps(m, GUEST_RAM, GUEST_SIZE) ||
	    overlaps(m, SHARED_RAM, SHARED_SIZE)) {
		return false;
	}
	if (m->type == EFI_MAPPED_IO) {
		return m->base == uefi.registers && m->pages * PAGE_SIZE == UEFI_REGISTERS &&
		       m->base == test_image.mmio[0].base && m->pages * PAGE_SIZE <= test_image.mmio[0].size;
	}
	for (uint64_t page = 0; page < m->pages; page++) {
		if (uefi_type(m->base + page * PAGE_SIZE) != m->type) {
			return false;
		}
	}
	return m->type == EFI_RUNTIME_CODE || m->type == EFI_RUNTIME_DATA;
}

/* What the domain may take is its own, nothing that firmware keeps, and most of the machine. */
static bool handed_is_right(const void *fdt)
{
	const uint8_t *map = (const uint8_t *)(uintptr_t)chosen(fdt, "linux,uefi-mmap-start");
	uint64_t bytes = chosen(fdt, "linux,uefi-mmap-size"), step = chosen(fdt, "linux,uefi-mmap-desc-size");
	uint64_t free = 0, last = 0;

	for (uint64_t at = 0; step >= sizeof(struct efi_memory) && at + step <= bytes; at += step) {
		struct efi_memory m;

		memcpy(&m, map + at, sizeof(m));
		if (m.base < last || ((m.attributes & BIT64(63)) != 0 && !handed_runtime_is_right(&m))) {
			return false;
		}
		last = m.base + m.pages * PAGE_SIZE;
		if (m.type != EFI_CONVENTIONAL) {
			continue;
		}
		if (overlaps(&m, IMAGE_BASE, IMAGE_SIZE) || overlaps(&m, GUEST_RAM, GUEST_SIZE) ||
		    overlaps(&m, SHARED_RAM, SHARED_SIZE)) {
			return false;
		}
		for (uint64_t pa = m.base; pa < last; pa += PAGE_SIZE) {
			if (!ends_with_firmware(uefi_type(pa))) {
				return false;
			}
		}
		free += m.pages * PAGE_SIZE;
	}
	return free > UEFI_RAM_SIZE / 2;
}

static const char *check_loaded(const struct domain_desc *d, const void *fdt)
{
	uint64_t from = chosen(fdt, "linux,initrd-start"), to = chosen(fdt, "linux,initrd-end");

	if (test_image.payload.files[EFI_FILE_KERNEL] == NULL) {
		return d->entry != IMAGE_STORE ? "another entry" :
		       from != IMAGE_INITRD || to != from + IMAGE_INITRD_SIZE ? "another initrd" : NULL;
	}
	if (!IS_ALIGNED(d->entry, MIB(2)) || handed_type(fdt, d->entry, KERNEL_MEMORY) != EFI_CONVENTIONAL ||
	    memcmp((void *)d->entry, image_kernel, sizeof(image_kernel)) != 0 ||
	    !is_cleaned(d->entry, KERNEL_MEMORY)) {
		return "the kernel is not at its entry";
	}
	for (uint64_t i = sizeof(image_kernel); i < KERNEL_MEMORY; i++) {
		if (((uint8_t *)d->entry)[i] != 0) {
			return "what the kernel clears is not clear";
		}
	}
	if (to - from != sizeof(image_ramdisk) || handed_type(fdt, from, to - from) != EFI_CONVENTIONAL ||
	    memcmp((void *)from, image_ramdisk, to - from) != 0 || !is_cleaned(from, to - from)) {
		return "the initrd is not where the domain is told";
	}
	return NULL;
}

static const struct efi_system *handed_system(void)
{
	const struct domain_desc *d = image_linked(&test_image.domains[1]);

	return (const struct efi_system *)(uintptr_t)chosen((const void *)d->dtb_ipa, "linux,uefi-system-table");
}

uint32_t image_services(void)
{
	static const struct efi_guid guid = EFI_RT_PROPERTIES_GUID;
	const struct efi_system *s = handed_system();

	for (uint64_t i = 0; i < s->config_count; i++) {
		if (memcmp(&s->config[i].guid, &guid, sizeof(guid)) == 0) {
			return ((const struct efi_rt_properties *)s->config[i].table)->supported;
		}
	}
	return UINT32_MAX;
}

const char *image_check(void)
{
	const struct domain_desc *d = image_linked(&test_image.domains[1]);
	const void *fdt = (const void *)d->dtb_ipa;
	const struct efi_system *system;

	if (!uefi.exited || left_for != IMAGE_BASE + (uint64_t)(boot_primary - (const uint8_t *)&test_image)) {
		return "it left for elsewhere, or with boot services";
	}
	if (memcmp((void *)IMAGE_BASE, &test_image, offsetof(struct test_image, domains)) != 0 ||
	    memcmp(image_linked(&test_image.windows), &test_image.windows,
		   IMAGE_SIZE - offsetof(struct test_image, windows)) != 0 ||
	    !is_cleaned(IMAGE_BASE, IMAGE_SIZE)) {
		return "the image is not at its place";
	}
	if (uefi_type((uint64_t)fdt) != EFI_ACPI_RECLAIM || fdt_check_full(fdt, 0x10000) != 0) {
		return "no device tree";
	}
	system = handed_system();
	if (uefi_type((uint64_t)system) != EFI_ACPI_RECLAIM || system->header.signature != EFI_SYSTEM_SIGNATURE ||
	    memcmp(system->config[0].table, "RSD PTR ", 8) != 0) {
		return "no EFI system table that leads to ACPI's";
	}
	if (system->runtime != (strstr(uefi.said, "are not offered") == NULL ? uefi_system.runtime : NULL) ||
	    (system->runtime == NULL && image_services() != 0)) {
		return "other runtime services";
	}
	if (handed_type(fdt, IMAGE_BASE, IMAGE_SIZE) != EFI_RESERVED ||
	    handed_type(fdt, GUEST_RAM, GUEST_SIZE) != EFI_RESERVED ||
	    handed_type(fdt, TABLES_AT, 0x10000) != EFI_ACPI_RECLAIM || !handed_is_right(fdt)) {
		return "another memory map";
	}
	return check_loaded(d, fdt);
}
