// SPDX-License-Identifier: Apache-2.0
// sources: hv/firmware/acpi/*.c hv/firmware/dom0/*.c tests/unit/acpi/*.c tests/unit/dom0/*.c
/* Firmware's tables damaged at random, and what the hardware domain is handed then. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "dom0/machine.h"

static struct dom0_machine m;

/* 2,000 damages, and more: what is read of it and handed on is right, or it is refused with
 * a reason; nothing else is touched (the sanitizers). */
static void damage_is_refused_or_right(void **state)
{
	static const char *const names[] = {"RSDP", "XSDT", "DSDT", "APIC", "GTDT", "FACP", "MCFG", "SPCR", "IORT"};
	static struct dom0_map map;
	uint32_t good = 0;

	(void)state;
	srand(3);
	for (uint32_t round = 0; round < 6000; round++) {
		uint32_t changes = 1 + (uint32_t)rand() % 4;

		dom0_machine_runtime(&m);
		if (round % 2 != 0) {
			dom0_without(&m, WINDOW_VSMMUV3);
		}
		while (changes-- > 0) {
			static const uint32_t odd[] = {0, 1, 2, 7, 0x7fffffff, 0x80000000, UINT32_MAX - 7, UINT32_MAX};
			uint32_t size;
			uint8_t *t = fw_table(names[(uint32_t)rand() % ARRAY_SIZE(names)], &size);
			uint32_t value = rand() % 2 == 0 ? (uint32_t)rand() : odd[(uint32_t)rand() % ARRAY_SIZE(odd)];

			memcpy(t + (uint32_t)rand() % (size - 3), &value, 1 + (size_t)rand() % 4);
		}
		if (rand() % 8 != 0) {
			fw_sum();
		}
		m.trouble.what = NULL;
		if (!dom0_make_all(&m)) {
			assert_non_null(m.trouble.what);
			assert_true(m.trouble.table[0] != '\0');
			dom0_forget(&m);
			continue;
		}
		good++;
		const char *wrong = dom0_check(&m);
		if (wrong != NULL) {
			fail_msg("round %u: %s", round, wrong);
		}
		dom0_map_usual(&m, &map);
		if (dom0_put_map(&m.in, &m.out, map.bytes, map.size) == NULL) {
			assert_null(dom0_check_map(&m, &map));
		}
		dom0_forget(&m);
	}
	print_message("# %u of 6000 good\n", good);
	assert_true(good > 300 && good < 5700);
}

/* A buffer that is too small is not left. */
static void no_room(void **state)
{
	uint64_t whole;

	(void)state;
	dom0_machine(&m);
	assert_true(dom0_make_all(&m));
	whole = m.out.size;
	dom0_forget(&m);
	for (uint64_t size = 8; size < 2 * PAGE_SIZE && size < whole; size += 8) {
		m.out = (struct dom0_output){.bytes = malloc(size), .pa = DOM0_OUT, .size = size};
		assert_non_null(m.out.bytes);
		if (!dom0_build(&m.in, &m.out, &m.trouble)) {
			assert_non_null(strstr(m.trouble.what, "does not fit"));
		} else {
			/* Less than a page too small: what is there is whole. */
			assert_true(whole - size < PAGE_SIZE);
			assert_null(dom0_check(&m));
		}
		dom0_forget(&m);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(damage_is_refused_or_right),
		cmocka_unit_test(no_room),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
