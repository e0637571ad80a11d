/* SPDX-License-Identifier: Apache-2.0 */
#include "badsmmu.h"

uint8_t badsmmu_from[PAGE] __attribute__((aligned(4096)));
uint8_t badsmmu_to[PAGE] __attribute__((aligned(4096)));
static uint8_t pattern;
static uint32_t state = 0x2545f491;

void payload_secondary(uint32_t index)
{
	(void)index;
	badsmmu_race_other();
}

uint32_t badsmmu_random(void)
{
	state ^= state << 13;
	state ^= state >> 17;
	state ^= state << 5;
	return state;
}

uint64_t badsmmu_random64(void)
{
	return (uint64_t)badsmmu_random() << 32 | badsmmu_random();
}

void badsmmu_fill(void)
{
	pattern = (uint8_t)(pattern * 5 + 3);
	for (uint32_t i = 0; i < PAGE; i++) {
		badsmmu_from[i] = (uint8_t)(pattern + i * 7);
		badsmmu_to[i] = badsmmu_from[i] ^ 0xff;
	}
	arch_dsb();
}

bool badsmmu_same(uint32_t size)
{
	for (uint32_t i = 0; i < size; i++) {
		if (badsmmu_to[i] != badsmmu_from[i]) {
			return false;
		}
	}
	return true;
}

bool badsmmu_untouched(void)
{
	for (uint32_t i = 0; i < PAGE; i++) {
		if ((badsmmu_to[i] ^ badsmmu_from[i]) != 0xff) {
			return false;
		}
	}
	return true;
}

bool badsmmu_hole(uint32_t index, uint64_t *addr)
{
	return machine_option_number("hole", index, addr);
}

void badsmmu_prove_works(const char *after)
{
	bool started = smmu_start();

	badsmmu_fill();
	smmu_map(0, (uintptr_t)badsmmu_from, false);
	smmu_map(1, (uintptr_t)badsmmu_to, true);
	edu_copy(IOVA(1), IOVA(0), 256);
	check_that(started && badsmmu_same(256), after, "afterwards: start %d, copy %d", started, badsmmu_same(256));
}

/* The other domain's clock is compared between these: tests/system/badsmmu.sh. */
static void begin_quietly(void)
{
	uint64_t ms = 0;
	uint64_t end;

	(void)machine_option_number("idle", 0, &ms);
	console_printf("badsmmu: sleeps\n");
	for (uint64_t i = 0; i < ms; i += 100) {
		nap_ms(100);
	}
	console_printf("badsmmu: computes\n");
	end = arch_counter() + SYSREG_READ(cntfrq_el0) / 1000 * ms;
	while (arch_counter() < end) {
		(void)badsmmu_random();
	}
}

void payload_main(void)
{
	bool found = smmu_find();

	console_printf("badsmmu: SMMUv3 at %lx, \"%s\"\n", smmu_base, machine.bootargs);
	if (!check_that(found && edu_find(), "devices", "SMMU %d", found)) {
		check_report();
		return;
	}
	if (machine_option("race")) {
		badsmmu_race();
		check_report();
		return;
	}
	begin_quietly();
	console_printf("badsmmu: uses it\n");
	badsmmu_use();
	console_printf("badsmmu: attacks\n");
	badsmmu_registers();
	badsmmu_commands();
	badsmmu_positions();
	badsmmu_live();
	badsmmu_errors();
	badsmmu_entries();
	badsmmu_places();
	badsmmu_flood();
	console_printf("badsmmu: ends\n");
	check_report();
}
