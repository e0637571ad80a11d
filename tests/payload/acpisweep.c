/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The hardware domain of an image that takes every address from firmware: what it is handed leads
 * to UEFI's memory map, by which it knows its RAM. What else of RAM there is, the interrupt
 * controller's ITS behind its doorbell and the SMMUv3 must not answer, page by page. QEMU's virt with
 * ACPI, whose addresses below RAM this program knows by heart. Options:
 *   uart=ADDR        the console's: no device tree says it
 *   ram=BASE,SIZE    all of the machine's
 */
#include "rt/check.h"
#include "rt/console.h"
#include "rt/fdt.h"
#include "rt/machine.h"
#include "rt/trap.h"

#define PAGE UINT64_C(0x1000)
#define ITS UINT64_C(0x08080000)
#define SMMU UINT64_C(0x09050000)
#define FRAMES UINT64_C(0x20000) /* of either */
#define DOORBELL (ITS + FRAMES / 2) /* a page: the ITS's own, for whoever sends messages */
#define BEHIND (DOORBELL + PAGE)
#define GICD UINT64_C(0x08000000)
#define GICR UINT64_C(0x080a0000)
#define UART UINT64_C(0x09000000)
#define RTC UINT64_C(0x09010000)
#define FW_CFG UINT64_C(0x09020000)
#define VIRTIO UINT64_C(0x0a000000)
#define BEYOND BIT(44) /* stage 2 ends there */

#define EFI_WRITE_BACK BIT(3)
struct efi_memory {
	uint32_t type;
	uint64_t base;
	uint64_t virtual;
	uint64_t pages;
	uint64_t attributes;
};

static uint64_t map_at, map_size, map_step;
static uint32_t wrong;

static uint64_t property(const char *name)
{
	struct fdt_prop prop;

	if (!fdt_find_property(machine.dtb, name, &prop)) {
		return 0;
	}
	return prop.size == 8 ? (uint64_t)fdt_cell(&prop, 0) << 32 | fdt_cell(&prop, 1) : fdt_cell(&prop, 0);
}

/* By the memory map: *end is where what is said of `addr` ends, at `until` at the latest. */
static bool is_mine(uint64_t addr, uint64_t until, uint64_t *end)
{
	*end = until;
	for (uint64_t at = 0; at < map_size; at += map_step) {
		const struct efi_memory *e = (const struct efi_memory *)(uintptr_t)(map_at + at);
		uint64_t size = e->pages * PAGE;

		if ((e->attributes & EFI_WRITE_BACK) == 0) {
			continue;
		}
		if (addr - e->base < size) {
			*end = e->base + size < until ? e->base + size : until;
			return true;
		}
		*end = e->base > addr && e->base < *end ? e->base : *end;
	}
	return false;
}

/* Whether the access was answered; what was refused must have been as it must be. */
static bool judge(const struct trap_record *trap, uint64_t ec, uint64_t addr)
{
	if (trap->taken && (trap->count != 1 || ESR_EC(trap->esr) != ec || ESR_FSC(trap->esr) != FSC_EXTERNAL ||
			    trap->far != addr) && wrong++ < 8) {
		console_printf("%lx: ESR %lx FAR %lx, %u exceptions\n", addr, trap->esr, trap->far, trap->count);
	}
	return !trap->taken;
}

static bool load(uint64_t addr)
{
	struct trap_record trap;

	TRAP_PROBE(trap, "ldr w9, [%0]" : : "r"(addr) : "x9", "memory");
	return judge(&trap, EC_DABT_CUR, addr);
}

static bool store(uint64_t addr)
{
	struct trap_record trap;

	TRAP_PROBE(trap, "str wzr, [%0]" : : "r"(addr) : "memory");
	return judge(&trap, EC_DABT_CUR, addr);
}

static bool fetch(uint64_t addr)
{
	struct trap_record trap;

	TRAP_PROBE(trap, "blr %0" : : "r"(addr) : "x30", "memory");
	return judge(&trap, EC_IABT_CUR, addr);
}

/* How many pages answer anything. */
static uint32_t sweep_forbidden(uint64_t base, uint64_t size)
{
	uint32_t answered = 0;

	for (uint64_t at = base; at - base < size; at += PAGE) {
		/* No store where a load was answered: it might be the end. */
		bool any = load(at) || load(at + PAGE - 4) || store(at) || store(at + PAGE - 4) || fetch(at) ||
			   fetch(at + PAGE - 4);

		answered += any ? 1 : 0;
	}
	return answered;
}

/* All of the machine's RAM: what is in the map answers, and nothing else. */
static void sweep_ram(uint64_t base, uint64_t size)
{
	uint64_t mine = 0, others = 0, end;
	uint32_t silent = 0, answered = 0;

	for (uint64_t at = base; at - base < size; at = end) {
		bool is = is_mine(at, base + size, &end);

		if (!is) {
			console_printf("FORBIDDEN 0x%lx..0x%lx\n", at, end - 1);
			answered += sweep_forbidden(at, end - at);
			others += end - at;
			continue;
		}
		mine += end - at;
		for (uint64_t page = at; page < end; page += PAGE) {
			silent += load(page) ? 0 : 1;
		}
	}
	check_that(mine > 0 && silent == 0, "its-ram-answers", "%u pages do not", silent);
	check_that(others > 0 && answered == 0, "other-ram-does-not", "%u pages answer", answered);
}

static void sweep_io(uint64_t until)
{
	uint32_t answered = 0, forbidden = 0;

	/* What no load or store has asked for is not mapped, and never executed. */
	check_that(!fetch(RTC) && load(RTC) && !fetch(RTC), "fetch-maps-nothing", "the RTC: other answers");
	check_that(!fetch(GICD) && !fetch(GICR) && !fetch(ITS) && !fetch(UART), "fetch-of-what-is-played",
		   "it is answered");
	check_that(!fetch(DOORBELL), "fetch-of-the-doorbell", "it is answered");
	check_that(sweep_forbidden(BEHIND, ITS + FRAMES - BEHIND) == 0, "the-ITS-does-not-answer", "it does");
	check_that(sweep_forbidden(SMMU, FRAMES) == 0, "the-SMMU-does-not-answer", "it does");
	for (uint64_t at = 0; at < until; at += PAGE) {
		bool got = load(at);

		answered += got ? 1 : 0;
		forbidden += got && (at - BEHIND < ITS + FRAMES - BEHIND || at - SMMU < FRAMES) ? 1 : 0;
	}
	console_printf("%u of %u pages below RAM answer\n", answered, (uint32_t)(until / PAGE));
	check_that(forbidden == 0, "nor-do-they-after-all-else-is-mapped", "%u pages", forbidden);
	check_that(load(GICD) && load(GICR) && load(ITS) && load(UART) && load(RTC) && load(FW_CFG) && load(VIRTIO),
		   "devices-answer", "one does not");
	check_that(sweep_forbidden(BEYOND, PAGE) + sweep_forbidden(8 * BEYOND, PAGE) == 0, "nothing-is-beyond",
		   "it answers");
}

void payload_main(void)
{
	uint64_t base, size;

	map_at = property("linux,uefi-mmap-start");
	map_size = property("linux,uefi-mmap-size");
	map_step = property("linux,uefi-mmap-desc-size");
	if (check_that(map_size != 0 && map_step >= sizeof(struct efi_memory) &&
			       machine_option_number("ram", 0, &base) && machine_option_number("ram", 1, &size),
		       "a-memory-map-is-handed", "it is not")) {
		sweep_ram(base, size);
		sweep_io(base);
	}
	check_that(wrong == 0, "aborts-are-external", "%u are not", wrong);
	check_report();
}

void payload_secondary(uint32_t index)
{
	(void)index;
}
