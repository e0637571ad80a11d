// SPDX-License-Identifier: Apache-2.0
// sources: hv/firmware/efi.c hv/firmware/efi_memory.c hv/firmware/efi_leave.c hv/firmware/efi_take.c
// sources: hv/firmware/efi_runtime.c hv/firmware/esp.c hv/firmware/acpi/*.c hv/firmware/dom0/*.c
// sources: hv/firmware/build/[a-r]*.c
// sources: hv/firmware/build/streams.c hv/mm/stage2.c
// sources: tests/unit/acpi/firmware.c tests/unit/efi/uefi.c tests/unit/efi/damage.c tests/models/model.c
/*
 * An image that makes its tables at boot, from UEFI's call to its end: firmware's tables and its
 * memory map damaged at random, and what is started looked at as the domain and its devices
 * would find it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <libfdt.h>

#include "arch/cpu.h"
#include "drivers/uart.h"
#include "firmware/build/build.h"
#include "firmware/efi_priv.h"
#include "models/model.h"
#include "ondemand.h"
#include "stage2_walk.h"
#include "unit/acpi/firmware.h"
#include "unit/efi/damage.h"
#include "unit/efi/uefi.h"

/* Of these names each program has its own. */
#define __data_start image_data_start
#define __bss_start image_bss_start
#include "firmware/build/start.c"

#define ROUNDS 1500u
#define LINKED UINT64_C(0x800000200000)
#define OWN_SIZE (MIB(1) + KIB(512))

/* As UEFI has loaded it. Where in it something is the assembler is told below. */
struct built_image {
	_Alignas(4096) uint8_t text[0x1000];
	struct board_tables tables;
	_Alignas(0x1000) struct domain_desc domain;
	_Alignas(0x1000) struct ondemand_list list[1];
	struct efi_payload payload;
	struct acpi_expect expect;
	char board_name[16], domain_name[16];
	_Alignas(0x1000) uint8_t rest[0xc000];
};
extern struct built_image built __asm__("__image_start");
struct built_image built;
_Static_assert(offsetof(struct built_image, tables) == 0x1000 && sizeof(struct built_image) == 0x10000 &&
	       offsetof(struct built_image, domain) == 0x2000 && offsetof(struct built_image, list) == 0x3000,
	       "as below");
#define AT(name, offset) __asm__(".globl " name "\n.set " name ", __image_start + " offset)
AT("__text_start", "0");
AT("boot_mmu_on", "0x100");
AT("arch_enter", "0x180");
AT("arch_enter_end", "0x200");
AT("__text_end", "0x1000");
AT("__rodata_start", "0x1000");
AT("board", "0x1000");
AT("domain_ondemand", "0x3000");
AT("__rodata_end", "0x4000");
AT("image_data_start", "0x4000");
AT("__data_end", "0x5000");
AT("__packed_start", "0x5000");
AT("__packed_end", "0x6000");
AT("image_bss_start", "0x6000");
AT("__noinit_end", "0x10000");

const uint8_t arch_leave_end[4];
static uint8_t kernel[3 * 4096];
static char words[256];
static uint64_t left_for;
static jmp_buf ended;

void arch_dcache_clean(const void *p, uint64_t size)
{
	(void)p;
	(void)size;
}

_Noreturn void arch_leave(uint64_t entry)
{
	left_for = entry;
	longjmp(ended, 1);
}

_Noreturn void arch_halt(void)
{
	longjmp(ended, 2);
}

void uart_init(uint64_t base)
{
	(void)base;
}

bool uart_put(uint64_t base, char c)
{
	size_t n = strlen(words);

	(void)base;
	if (n + 1 < sizeof(words)) {
		words[n] = c;
		words[n + 1] = '\0';
	}
	return true;
}

static void *linked(const void *p)
{
	return (void *)(uintptr_t)(LINKED + (uint64_t)((const uint8_t *)p - (const uint8_t *)&built));
}

static void image_fill(void)
{
	static const char *const names[EFI_FILES] = {
		[EFI_FILE_KERNEL] = "EFI\\Image", [EFI_FILE_INITRD] = "EFI\\initrd", [EFI_FILE_CMDLINE] = "EFI\\cmdline",
	};

	memset(&built, 0, sizeof(built));
	strcpy(built.board_name, "board");
	strcpy(built.domain_name, "dom0");
	built.tables = (struct board_tables){
		.magic = TABLES_MAGIC, .name = linked(built.board_name), .firmware = FIRMWARE_ACPI, .domain_count = 1,
		.image = {LINKED, OWN_SIZE},
		.window = {ALIGN_DOWN(LINKED, GIB(1)) + GIB(1), (uint64_t *)(uintptr_t)(LINKED + MIB(1))},
		.domains = linked(&built.domain), .acpi = linked(&built.expect), .efi = linked(&built.payload),
	};
	built.domain = (struct domain_desc){.name = linked(built.domain_name), .flags = DOMAIN_HARDWARE};
	for (uint32_t n = 0; n < EFI_FILES; n++) {
		strcpy((char *)built.rest + 32 * n, names[n]);
		built.payload.files[n] = linked(built.rest + 32 * n);
	}
	memset(kernel, 0, 64);
	memcpy(kernel + 56, "ARM\x64", 4);
	kernel[18] = 1; /* image_size */
	(void)uefi_add(names[EFI_FILE_KERNEL], kernel, sizeof(kernel));
	(void)uefi_add(names[EFI_FILE_INITRD], kernel, 5000);
	(void)uefi_add(names[EFI_FILE_CMDLINE], "quiet\n", 6);
}

/* The machine, whatever its tables come to say: registers answer there, and nowhere else. */
static struct acpi_machine real;

static bool real_has(uint64_t base, uint64_t size, uint64_t addr)
{
	return addr - base < size;
}

uint64_t arch_probe32(uint64_t addr, uint32_t *value)
{
	bool gic = real_has(real.gicd, KIB(64), addr), other = real_has(real.uart.base, PAGE_SIZE, addr);

	for (uint32_t i = 0; i < real.gicr_count; i++) {
		gic = gic || real_has(real.gicr[i].base, real.gicr[i].size, addr);
	}
	for (uint32_t i = 0; i < real.its_count; i++) {
		gic = gic || real_has(real.its[i].base, KIB(128), addr);
	}
	for (uint32_t i = 0; i < real.smmu_count; i++) {
		other = other || real_has(real.smmus[i].base, KIB(128), addr);
	}
	if (!gic && !other) {
		return 0x96000010; /* an external abort */
	}
	/* GICD_PIDR2, or GICD_TYPER: 8 x 32 interrupts, LPIs and 16 bits of their numbers. */
	*value = addr % KIB(64) == 0xffe8 ? 0x3b : 15u << 19 | BIT32(17) | 7;
	return 0;
}

static void image_make(void)
{
	struct acpi_trouble trouble;
	struct efi_map map;

	/* The image is loaded once for each start; here it is the same one. */
	uefi.forgets = true;
	efi_give_back(&uefi_system);
	memset(&start_state, 0, sizeof(start_state));
	model_reset();
	model_sysreg_write(MODEL_SYSREG_currentel, 2 << 2);
	model_sysreg_write(MODEL_SYSREG_id_aa64mmfr0_el1, 2);
	uefi_make();
	fw_make();
	fw_put("FACP", 129, 1, 2); /* PSCI by SMC */
	fw_sum();
	uefi_put_tables();
	uefi_set(EFI_ACPI_RECLAIM, FW_BASE, 0x10000);
	uefi_set(EFI_RUNTIME_DATA, FW_BASE + 0x100000, 0x10000);
	if (!efi_map_read(&uefi_system, &map) || !acpi_read(&real, FW_RSDP, &trouble)) {
		fail_msg("the machine's own tables cannot be read");
	}
	image_fill();
	words[0] = '\0';
}

static int image_start(void)
{
	int end = setjmp(ended);

	if (end == 0) {
		assert_true((efi_entry(uefi_image, &uefi_system) & EFI_ERROR) != 0);
	}
	return end;
}

/* A number of the domain's device tree. */
static uint64_t chosen(const void *fdt, const char *name)
{
	int size = 0;
	const uint8_t *p = fdt_getprop(fdt, fdt_path_offset(fdt, "/chosen"), name, &size);
	uint64_t value = 0;

	for (int i = 0; p != NULL && i < size; i++) {
		value = value << 8 | p[i];
	}
	return value;
}

/* Stage 2 has this, as memory, where the machine has it. */
static void check_memory(const struct domain_desc *d, uint64_t pa)
{
	struct translation t = arch_walk(d->vttbr, d->vtcr, pa);

	assert_true(t.valid && t.pa == pa && (t.desc >> 2 & 15) == 15);
}

/* Memory that the domain is told of is there, and none of it is the hypervisor's. */
static void check_handed(const struct domain_desc *d, const void *fdt, uint64_t own)
{
	const uint8_t *map = (const void *)(uintptr_t)chosen(fdt, "linux,uefi-mmap-start");
	uint64_t bytes = chosen(fdt, "linux,uefi-mmap-size"), step = chosen(fdt, "linux,uefi-mmap-desc-size");

	assert_true(step >= sizeof(struct efi_memory) && bytes >= step);
	for (uint64_t at = 0; at + step <= bytes; at += step) {
		struct efi_memory e;
		uint64_t end;

		memcpy(&e, map + at, sizeof(e));
		end = e.base + e.pages * PAGE_SIZE;
		if (e.type != EFI_CONVENTIONAL && e.type != EFI_ACPI_RECLAIM) {
			continue;
		}
		assert_true(end <= own || e.base >= own + OWN_SIZE);
		for (uint64_t pa = e.base; pa < end; pa += e.pages < 64 ? PAGE_SIZE : 61 * PAGE_SIZE) {
			check_memory(d, pa);
		}
		check_memory(d, end - PAGE_SIZE);
	}
}

/* Of these registers there is nothing in stage 2, not even what is not valid yet. */
static void check_absent(const struct domain_desc *d, uint64_t base, uint64_t size)
{
	for (uint64_t pa = base; pa - base < size; pa += PAGE_SIZE) {
		assert_int_equal(arch_walk(d->vttbr, d->vtcr, pa).desc, 0);
	}
}

static void check_registers(const struct domain_desc *d)
{
	static struct acpi_machine m;
	struct acpi_trouble trouble;

	assert_true(acpi_read(&m, FW_RSDP, &trouble));
	check_absent(d, m.gicd, 0x10000);
	check_absent(d, m.uart.base, PAGE_SIZE);
	for (uint32_t i = 0; i < m.gicr_count; i++) {
		check_absent(d, m.gicr[i].base, m.gicr[i].size);
	}
	for (uint32_t i = 0; i < m.its_count; i++) {
		check_absent(d, m.its[i].base, 0x20000);
	}
	for (uint32_t i = 0; i < m.smmu_count; i++) {
		check_absent(d, m.smmus[i].base, 0x20000);
	}
	for (uint32_t i = 0; i < m.hidden_count; i++) {
		check_absent(d, m.hidden[i].base, m.hidden[i].size);
	}
}

static void check_started(void)
{
	uint64_t own = left_for - 0x180; /* arch_enter */
	const struct domain_desc *d = (const void *)(uintptr_t)(own + offsetof(struct built_image, domain));
	const void *fdt = (const void *)(uintptr_t)d->dtb_ipa;

	assert_true(uefi.exited && own % MIB(2) == 0);
	walk_memory.pages = (uint64_t (*)[512])(uintptr_t)own;
	walk_memory.base = own;
	walk_memory.count = OWN_SIZE / PAGE_SIZE;
	walk_memory.prepared = true;
	assert_int_equal(fdt_check_full(fdt, 0x10000), 0);
	check_handed(d, fdt, own);
	check_absent(d, own, OWN_SIZE);
	check_registers(d);
	check_memory(d, d->entry);
	assert_memory_equal((const void *)(uintptr_t)d->entry, kernel, sizeof(kernel));
	check_memory(d, ALIGN_DOWN(chosen(fdt, "linux,initrd-start"), PAGE_SIZE));
}

static void it_starts(void **state)
{
	(void)state;
	image_make();
	if (image_start() != 1) {
		fail_msg("%s%s", uefi.said, words);
	}
	check_started();
}

static void an_error_by_name_or_a_correct_start(void **state)
{
	uint32_t started = 0;

	(void)state;
	srand(7);
	for (uint32_t round = 0; round < ROUNDS; round++) {
		int end;

		image_make();
		uefi.stale = damage_pick(3);
		if (round % 3 == 2) {
			damage_map();
		} else {
			damage_tables();
		}
		end = image_start();
		started += end == 1;
		if (end == 1) {
			check_started();
		} else if (end == 2 || strstr(uefi.said, "fatal: board: ") == NULL || uefi.taken != 0) {
			fail_msg("round %u: 0x%lx bytes kept, said '%s', then '%s'", round, uefi.taken, uefi.said, words);
		}
	}
	print_message("# %u of %u started\n", started, ROUNDS);
	assert_true(started > ROUNDS / 10 && started < ROUNDS * 3 / 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_starts),
		cmocka_unit_test(an_error_by_name_or_a_correct_start),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
