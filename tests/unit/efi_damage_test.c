// SPDX-License-Identifier: Apache-2.0
// sources: hv/firmware/efi.c hv/firmware/efi_leave.c hv/firmware/efi_memory.c
// sources: hv/firmware/efi_runtime.c hv/firmware/efi_start.c hv/firmware/efi_take.c
// sources: hv/firmware/efi_described.c hv/firmware/esp.c hv/firmware/acpi/*.c hv/firmware/dom0/*.c
// sources: tests/unit/acpi/firmware.c tests/unit/efi/*.c tests/models/model.c
/* Firmware's tables and its memory map damaged at random, from UEFI's call of the image to its end. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "unit/efi/damage.h"
#include "unit/efi/image.h"

#define ROUNDS 4000u

static void damage_runtime(void)
{
	uint8_t *r = (void *)uefi_put_runtime(RUNTIME_AT);
	static const uint64_t odd[] = {
		0, 1, 0x7fffffff, 0x80000000, UINT64_MAX - 7, UINT64_MAX, IMAGE_BASE, GUEST_RAM,
	};

	for (uint32_t changes = 1 + damage_pick(3); changes > 0; changes--) {
		uint64_t value = damage_pick(2) == 0 ? (uint64_t)rand() : odd[damage_pick(ARRAY_SIZE(odd))];

		memcpy(r + damage_pick(sizeof(struct uefi_runtime) - 7), &value, 1 + damage_pick(8));
	}
	if (damage_pick(4) == 0) {
		uefi_system.runtime = (void *)(uintptr_t)(UEFI_RAM + damage_pick(UEFI_RAM_SIZE));
	}
}

/* An error by name and all memory given back, or a start that is right in every piece. */
static void an_error_by_name_or_a_correct_start(void **state)
{
	uint32_t ends[3] = {0};

	(void)state;
	srand(7);
	for (uint32_t round = 0; round < ROUNDS; round++) {
		enum image_end end;

		image_make();
		if (damage_pick(2) == 0) {
			image_use_files();
		}
		if (damage_pick(2) == 0) {
			test_image.windows[4].kind = 0; /* no virtual SMMUv3: its IORT is written anew */
		}
		uefi.stale = damage_pick(3);
		if (damage_pick(2) == 0) {
			damage_runtime();
		}
		if (round % 4 == 3) {
			damage_map();
		} else {
			damage_tables();
		}
		end = image_start();
		ends[end]++;
		if (end == IMAGE_RETURNED && (strstr(uefi.said, "fatal: board: ") == NULL || uefi.taken != 0)) {
			fail_msg("round %u: 0x%lx bytes kept, said '%s'", round, uefi.taken, uefi.said);
		}
		if (end == IMAGE_HALTED) {
			fail_msg("round %u: halted with '%s'", round, image_words);
		}
		if (end == IMAGE_STARTED && image_check() != NULL) {
			fail_msg("round %u: started: %s", round, image_check());
		}
	}
	print_message("# %u refused, %u started\n", ends[IMAGE_RETURNED], ends[IMAGE_STARTED]);
	assert_true(ends[IMAGE_RETURNED] > ROUNDS / 4 && ends[IMAGE_STARTED] > ROUNDS / 10);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_error_by_name_or_a_correct_start),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
