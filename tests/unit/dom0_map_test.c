// SPDX-License-Identifier: Apache-2.0
// sources: hv/firmware/acpi/*.c hv/firmware/dom0/*.c tests/unit/acpi/*.c tests/unit/dom0/*.c
/* The memory map that the hardware domain is handed, from firmware's last one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "dom0/machine.h"

static struct dom0_machine m;
static struct dom0_map map;

static const char *put(void)
{
	return dom0_put_map(&m.in, &m.out, map.bytes, map.size);
}

static void made(void)
{
	dom0_machine(&m);
	assert_true(dom0_make_all(&m));
	dom0_map_usual(&m, &map);
}

static void entry_is(uint64_t i, uint32_t type, uint64_t base, uint64_t end, uint64_t attributes)
{
	const struct efi_memory *e = dom0_map_entry(&m, i);

	assert_non_null(e);
	assert_int_equal(e->type, type);
	assert_int_equal(e->base, base);
	assert_int_equal(e->base + e->pages * PAGE_SIZE, end);
	assert_int_equal(e->attributes, attributes);
	assert_int_equal(e->virt, 0);
}

static void the_usual(void **state)
{
	uint64_t end, tables;

	(void)state;
	made();
	end = DOM0_OUT + m.out.size;
	tables = ALIGN_UP(FW_BASE + fw_size(), PAGE_SIZE);
	/* It may be read again when it has changed. */
	for (uint32_t round = 0; round < 2; round++) {
		assert_null(put());
		entry_is(0, EFI_CONVENTIONAL, DOM0_RAM, DOM0_RAM + 0x200000, DOM0_WB);
		entry_is(1, EFI_RESERVED, DOM0_RAM + 0x200000, DOM0_RAM + 0x400000, 0);
		entry_is(2, EFI_CONVENTIONAL, DOM0_RAM + 0x400000, DOM0_OUT, DOM0_WB);
		entry_is(3, EFI_ACPI_RECLAIM, DOM0_OUT, end, DOM0_WB);
		entry_is(4, EFI_CONVENTIONAL, end, FW_BASE, DOM0_WB);
		entry_is(5, EFI_ACPI_RECLAIM, FW_BASE, tables, DOM0_WB);
		entry_is(6, EFI_RESERVED, tables, tables + 0x20000, DOM0_WB);
		entry_is(7, EFI_CONVENTIONAL, 0xbff00000, 0xc0000000, DOM0_WB);
		entry_is(8, EFI_RESERVED, 0xc0000000, 0xc0100000, 0);
		entry_is(9, EFI_MAPPED_IO, 0x04000000, 0x08000000, 1);
		assert_null(dom0_map_entry(&m, 10));
		assert_null(dom0_check_map(&m, &map));
		assert_null(dom0_check(&m));
	}
	dom0_forget(&m);
}

static void bad(const char *text)
{
	const char *why = put();

	if (why == NULL || strstr(why, text) == NULL) {
		fail_msg("not '%s': %s", text, why == NULL ? "good" : why);
	}
	dom0_forget(&m);
}

static void field(uint32_t i, size_t offset, uint64_t value)
{
	memcpy(map.bytes + i * DOM0_STEP + offset, &value, sizeof(value));
}

static void bad_maps(void **state)
{
	const size_t base = offsetof(struct efi_memory, base), pages = offsetof(struct efi_memory, pages);

	(void)state;
	made();
	map.size -= 8;
	bad("another size");
	made();
	m.in.map_step = 32;
	map.size = 64;
	bad("another size");
	made();
	m.in.map_entries = 9;
	bad("more of them");
	made();
	field(9, base, 0x04000800);
	bad("no address");
	made();
	field(9, pages, UINT64_MAX / PAGE_SIZE);
	bad("no address");
	made();
	field(9, base, BIT64(52) - PAGE_SIZE);
	bad("no address");
	made();
	field(9, base, 0xbff00000);
	field(9, pages, 1);
	bad("two descriptors");
	made();
	map.size -= DOM0_STEP;
	dom0_map_add(&map, EFI_CONVENTIONAL, DOM0_RAM - PAGE_SIZE, 2 * PAGE_SIZE, DOM0_WB);
	bad("two descriptors");
	/* The handed tables are lost */
	made();
	field(3, 0, EFI_LOADER_DATA);
	bad("does not keep");
	made();
	field(3, 0, EFI_RESERVED);
	bad("does not keep");
	made();
	field(3, pages, 0);
	bad("does not keep");
	made();
	m.in.ram_count = 1;
	bad("does not keep");
	/* Firmware's are */
	made();
	field(5, 0, EFI_BOOT_DATA);
	bad("gives away");
	made();
	m.ram[1].size = FW_BASE - m.ram[1].base;
	bad("gives away");
	made();
	field(5, offsetof(struct efi_memory, attributes), 1);
	bad("gives away");
}

/* Any map whatever, of descriptors in any order: the domain's is exactly what it should be. */
static void any_map(void **state)
{
	uint32_t good = 0;

	(void)state;
	srand(7);
	made();
	for (uint32_t round = 0; round < 20000; round++) {
		uint64_t at = DOM0_RAM - 64 * PAGE_SIZE, end = DOM0_RAM + 512 * PAGE_SIZE;
		uint32_t extra = (uint32_t)rand() % 8;

		m.ram[0].size = (uint64_t)(rand() % 60 + 1) * PAGE_SIZE;
		m.ram[1].base = m.ram[0].base + m.ram[0].size + (uint64_t)(rand() % 3) * 20 * PAGE_SIZE;
		m.ram[1].size = DOM0_RAM + DOM0_RAM_SIZE - m.ram[1].base;
		dom0_map_usual(&m, &map);
		/* What is usual without the beginning of the RAM */
		map.size -= 3 * DOM0_STEP;
		memmove(map.bytes, map.bytes + 3 * DOM0_STEP, map.size);
		while (at < end && map.size < sizeof(map.bytes) - 8 * DOM0_STEP) {
			uint64_t size = (uint64_t)(rand() % 40) * PAGE_SIZE;

			if (rand() % 4 != 0) {
				dom0_map_add(&map, (uint32_t)rand() % 18, at, size,
					     (rand() % 3 == 0 ? BIT64(63) : 0) | (rand() % 8 == 0 ? 0 : DOM0_WB));
			}
			at += size;
		}
		for (uint64_t i = 0; i < extra; i++) {
			uint8_t one[DOM0_STEP];
			uint64_t a = (uint64_t)rand() % (map.size / DOM0_STEP) * DOM0_STEP;
			uint64_t b = (uint64_t)rand() % (map.size / DOM0_STEP) * DOM0_STEP;

			memcpy(one, map.bytes + a, sizeof(one));
			memmove(map.bytes + a, map.bytes + b, sizeof(one));
			memcpy(map.bytes + b, one, sizeof(one));
		}
		if (put() == NULL) {
			good++;
			assert_null(dom0_check_map(&m, &map));
		}
	}
	assert_int_equal(good, 20000);
	dom0_forget(&m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_usual),
		cmocka_unit_test(bad_maps),
		cmocka_unit_test(any_map),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
