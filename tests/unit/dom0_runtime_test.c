// SPDX-License-Identifier: Apache-2.0
// sources: hv/firmware/acpi/*.c hv/firmware/dom0/*.c tests/unit/acpi/*.c tests/unit/dom0/*.c
/* Firmware's runtime services, offered to the hardware domain where it has all that they need. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "dom0/machine.h"

#define FLASH 9u  /* descriptors of the usual map */
#define CODE 7u
#define DATA 6u
#define FREE 4u

static struct dom0_machine m;
static struct dom0_map map;

static void made(void)
{
	dom0_machine_runtime(&m);
	assert_true(dom0_make_all(&m));
	dom0_map_usual(&m, &map);
}

static void field(uint32_t i, size_t offset, uint64_t value, size_t size)
{
	memcpy(map.bytes + i * DOM0_STEP + offset, &value, size);
}

static struct efi_memory from(uint32_t i)
{
	struct efi_memory e;

	memcpy(&e, map.bytes + i * DOM0_STEP, sizeof(e));
	return e;
}

static const struct efi_system *system_table(void)
{
	return (const void *)(m.out.bytes + (m.out.system - m.out.pa));
}

/* What the domain finds of a configuration table; NULL: it is told of none. */
static const void *config(const struct efi_guid *guid)
{
	const struct efi_system *s = system_table();
	const struct efi_config *list = (const void *)(m.out.bytes + ((uintptr_t)s->config - m.out.pa));

	for (uint64_t i = 0; i < s->config_count; i++) {
		if (memcmp(&list[i].guid, guid, sizeof(*guid)) == 0) {
			return m.out.bytes + ((uintptr_t)list[i].table - m.out.pa);
		}
	}
	return NULL;
}

static const struct efi_attributes *attributes(void)
{
	static const struct efi_guid guid = EFI_ATTRIBUTES_GUID;

	return config(&guid);
}

/* May be decided anew with each map. */
static void offered(void)
{
	assert_null(dom0_put_map(&m.in, &m.out, map.bytes, map.size));
	if (m.out.refused != NULL) {
		fail_msg("%s 0x%lx", m.out.refused, m.out.refused_at);
	}
	if (dom0_check_map(&m, &map) != NULL) {
		fail_msg("%s", dom0_check_map(&m, &map));
	}
	assert_null(dom0_check(&m));
}

static void refused(const char *why, uint64_t at)
{
	assert_null(dom0_put_map(&m.in, &m.out, map.bytes, map.size));
	assert_non_null(m.out.refused);
	assert_non_null(strstr(m.out.refused, why));
	assert_int_equal(m.out.refused_at, at);
	if (dom0_check_map(&m, &map) != NULL) {
		fail_msg("%s", dom0_check_map(&m, &map));
	}
	assert_null(attributes());
	dom0_forget(&m);
}

static void all_of_it_is_the_domains(void **state)
{
	const struct efi_memory *e;
	struct efi_memory copy;
	uint32_t runtime = 0;

	(void)state;
	made();
	for (uint32_t round = 0; round < 2; round++) {
		offered();
		assert_int_equal((uintptr_t)system_table()->runtime, m.in.runtime.table);
		for (uint64_t i = 0; (e = dom0_map_entry(&m, i)) != NULL; i++) {
			runtime += (e->attributes & EFI_RUNTIME) != 0;
		}
		assert_int_equal(runtime, 3 * (round + 1));
	}
	/* What is code and what data, in descriptors as the domain's map has them */
	assert_non_null(attributes());
	assert_int_equal(attributes()->count, 3);
	assert_int_equal(attributes()->step, 40);
	memcpy(&copy, (const uint8_t *)(attributes() + 1) + 40, sizeof(copy));
	assert_memory_equal(&copy, m.attributes + 16 + 48, sizeof(copy));
	dom0_forget(&m);
	/* One after the other, as a map may change */
	made();
	field(FLASH, offsetof(struct efi_memory, pages), 0x4001, 8);
	assert_null(dom0_put_map(&m.in, &m.out, map.bytes, map.size));
	assert_non_null(m.out.refused);
	field(FLASH, offsetof(struct efi_memory, pages), 0x4000, 8);
	offered();
	dom0_forget(&m);
}

/* Each thing that is missing is enough. */
static void something_is_not(void **state)
{
	const size_t base = offsetof(struct efi_memory, base), pages = offsetof(struct efi_memory, pages);
	uint64_t table;

	(void)state;
	made();
	m.in.runtime.table = 0;
	refused("has none", 0);
	made();
	m.in.mmio_count = 0;
	refused("not all memory and registers", 0x04000000);
	made();
	m.mmio[1].size -= PAGE_SIZE;
	refused("not all memory and registers", 0x04000000);
	made();
	m.mmio[1].base += PAGE_SIZE;
	refused("not all memory and registers", 0x04000000);
	made();
	m.mmio[0].base += PAGE_SIZE;
	refused("not all memory and registers", 0x04000000);
	made();
	field(FLASH, base, 0x09010000, 8);
	field(FLASH, pages, 1, 8);
	refused("not all memory and registers", 0x09010000);
	/* A page of code that is not the domain's, or none of it */
	made();
	m.ram[1].size = from(CODE).base + 15 * PAGE_SIZE - m.ram[1].base;
	refused("not all memory and registers", from(CODE).base);
	made();
	m.ram[1].size = from(CODE).base - m.ram[1].base;
	refused("not all memory and registers", from(CODE).base);
	/* Memory that is free cannot be for them */
	made();
	field(FREE, offsetof(struct efi_memory, attributes), DOM0_RUNTIME, 8);
	refused("not all memory and registers", from(FREE).base);
	/* The table is elsewhere, or half */
	made();
	table = m.in.runtime.table = from(FREE).base;
	refused("their table is not in memory of theirs", table);
	made();
	table = m.in.runtime.table = from(CODE).base;
	refused("their table is not in memory of theirs", table);
	made();
	table = m.in.runtime.table = from(CODE).base - sizeof(struct efi_runtime) + 8;
	refused("their table is not in memory of theirs", table);
	made();
	field(DATA, offsetof(struct efi_memory, attributes), DOM0_WB, 8);
	refused("their table is not in memory of theirs", m.in.runtime.table);
}

/* Of memory attributes that are wrong the domain is not told; it is offered the services. */
static void attributes_that_do_not_fit(void **state)
{
	static const struct {
		uint32_t offset; /* in firmware's second descriptor */
		uint32_t size;
		uint64_t value;
	} odd[] = {
		{0, 4, EFI_RUNTIME_DATA}, {0, 4, EFI_CONVENTIONAL}, {8, 8, 0x04000000}, {24, 8, 17},
		{24, 8, UINT64_MAX}, {24, 8, BIT64(52)}, {8, 8, UINT64_MAX - 4095},
	};

	(void)state;
	for (uint32_t i = 0; i < ARRAY_SIZE(odd); i++) {
		dom0_machine_runtime(&m);
		memcpy(m.attributes + 16 + 48 + odd[i].offset, &odd[i].value, odd[i].size);
		assert_true(dom0_make_all(&m));
		dom0_map_usual(&m, &map);
		offered();
		assert_null(attributes());
		dom0_forget(&m);
	}
	dom0_machine_runtime(&m);
	m.in.runtime.attribute_count = 0;
	assert_true(dom0_make_all(&m));
	dom0_map_usual(&m, &map);
	offered();
	assert_null(attributes());
	dom0_forget(&m);
}

/* Any map whatever: what is offered is all of it the domain's, and the rest of the map as ever. */
static void any_map(void **state)
{
	uint32_t good = 0;

	(void)state;
	srand(11);
	for (uint32_t round = 0; round < 4000; round++) {
		made();
		m.ram[0].size = (uint64_t)(rand() % 60 + 1) * PAGE_SIZE;
		m.ram[1].base = m.ram[0].base + m.ram[0].size + (uint64_t)(rand() % 3) * 20 * PAGE_SIZE;
		m.ram[1].size = DOM0_RAM + DOM0_RAM_SIZE - m.ram[1].base;
		m.mmio[rand() % 2].base += (uint64_t)(rand() % 8 == 0) * PAGE_SIZE;
		m.in.runtime.table += (uint64_t)(rand() % 8 == 0) * 0x10000 - 0x20;
		/* Other memory in the place of the first three descriptors */
		map.size -= 3 * DOM0_STEP;
		memmove(map.bytes, map.bytes + 3 * DOM0_STEP, map.size);
		for (uint64_t at = DOM0_RAM - 8 * PAGE_SIZE; at < DOM0_RAM + 400 * PAGE_SIZE;) {
			uint64_t size = (uint64_t)(1 + rand() % 40) * PAGE_SIZE;
			bool runtime = rand() % 12 == 0;

			dom0_map_add(&map, runtime ? 5 + (uint32_t)rand() % 2 : (uint32_t)rand() % 18, at, size,
				     runtime ? DOM0_RUNTIME : DOM0_WB);
			at += size;
		}
		assert_null(dom0_put_map(&m.in, &m.out, map.bytes, map.size));
		if (dom0_check_map(&m, &map) != NULL) {
			fail_msg("round %u: %s", round, dom0_check_map(&m, &map));
		}
		good += m.out.refused == NULL;
		dom0_forget(&m);
	}
	print_message("# offered in %u of 4000\n", good);
	assert_true(good > 400 && good < 3600);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_of_it_is_the_domains),
		cmocka_unit_test(something_is_not),
		cmocka_unit_test(attributes_that_do_not_fit),
		cmocka_unit_test(any_map),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
