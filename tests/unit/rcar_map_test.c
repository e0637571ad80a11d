// SPDX-License-Identifier: Apache-2.0
// sources: tests/models/rcar/devices.c tests/models/rcar/gicmap.c tests/models/rcar/ram.c
/* The board model's maps: devices, RAM, interrupt numbers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "models/rcar/device.h"
#include "models/rcar/gicmap.h"
#include "models/rcar/ram.h"

static void devices_are_found(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < rcar_device_count; i++) {
		const struct rcar_device *d = &rcar_devices[i];

		assert_ptr_equal(rcar_device_at(d->base), d);
		assert_ptr_equal(rcar_device_at(d->base + d->size - 1), d);
		assert_ptr_not_equal(rcar_device_at(d->base - 1), d);
		assert_ptr_not_equal(rcar_device_at(d->base + d->size), d);
		assert_false(ram_has(d->base, 1));
		for (uint32_t k = 0; k < i; k++) {
			assert_true(rcar_devices[k].kind != d->kind || rcar_devices[k].index != d->index);
		}
	}
	assert_null(rcar_device_at(0));
	assert_null(rcar_device_at(0xe6550000));
}

static void ram_is_where_the_board_has_it(void **state)
{
	(void)state;
	assert_false(ram_has(0x47ffffff, 1));
	assert_true(ram_has(0x48000000, 0x38000000));
	assert_false(ram_has(0x48000000, 0x38000001));
	assert_true(ram_has(0x7fffffff, 1));
	assert_false(ram_has(0x7fffffff, 2));
	assert_false(ram_has(0x80000000, 0));
	assert_true(ram_has(0x73ffff000, 0x1000));
	assert_false(ram_has(0x73ffff000, UINT64_MAX));
	assert_false(ram_has(UINT64_MAX, 2));
}

static void intids_go_there_and_back(void **state)
{
	static const uint32_t used[] = {0, 15, 16, 27, 31, RCAR_SCIF2_INTID, RCAR_IPMMU_INTID, 231, 247, 248,
					252, 340, 351, 429, 448, 463};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(used); i++) {
		assert_true(gicmap_to_qemu(used[i]) < 288);
	}
	for (uint32_t i = 0; i < 1024; i++) {
		uint32_t q = gicmap_to_qemu(i);

		assert_true(q == GICMAP_NONE || gicmap_from_qemu(q) == i);
		q = gicmap_from_qemu(i);
		assert_true(q == GICMAP_NONE || gicmap_to_qemu(q) == i);
		/* Not the block of QEMU's that has EL3's UART. */
		assert_true(gicmap_to_qemu(i) / 32 != 1);
	}
	/* What each CPU has of its own stays. */
	for (uint32_t i = 0; i < 32; i++) {
		assert_int_equal(gicmap_to_qemu(i), i);
	}
	assert_int_equal(gicmap_to_qemu(1023), GICMAP_NONE);
	assert_int_equal(gicmap_to_qemu(512), GICMAP_NONE);
}

/* Each register of the distributor, and each INTID in it, by the INTIDs' map. */
static void registers_follow(void **state)
{
	static const struct {
		uint32_t base, end, per_byte; /* INTIDs in a byte; 0: bytes of its own */
	} sets[] = {{0x080, 0x100, 8}, {0x100, 0x180, 8}, {0x180, 0x200, 8}, {0x200, 0x280, 8}, {0x280, 0x300, 8},
		    {0x300, 0x380, 8}, {0x380, 0x400, 8}, {0x400, 0x800, 1}, {0x800, 0xc00, 1}, {0xc00, 0xd00, 4}};
	uint32_t at;

	(void)state;
	for (size_t s = 0; s < ARRAY_SIZE(sets); s++) {
		for (uint32_t offset = sets[s].base; offset < sets[s].end; offset++) {
			uint32_t intid = (offset - sets[s].base) * sets[s].per_byte;
			bool found = gicmap_gicd(offset, &at);

			assert_int_equal(found, gicmap_to_qemu(intid) != GICMAP_NONE);
			if (found) {
				assert_int_equal((at - sets[s].base) * sets[s].per_byte, gicmap_to_qemu(intid));
			}
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(devices_are_found),
		cmocka_unit_test(ram_is_where_the_board_has_it),
		cmocka_unit_test(intids_go_there_and_back),
		cmocka_unit_test(registers_follow),
	};

	return cmocka_run_group_tests_name("rcar_map", tests, NULL, NULL);
}
