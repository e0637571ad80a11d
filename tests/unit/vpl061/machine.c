// SPDX-License-Identifier: Apache-2.0
#include "unit/vpl061/machine.h"

#include <string.h>

#include "guest/vgic.h"

static const struct doorbell_desc doorbells[] = {
	{{{0xb000000, 0, 40}, {0xb000000, 2, 41}}},
	{{{0xb001000, 2, 42}, {0xb000000, 1, 43}}},
};
const struct board_tables board = {.doorbells = doorbells, .doorbell_count = ARRAY_SIZE(doorbells)};

struct cpu cpus[CPUS_MAX];
struct domain domains[DOMAINS_MAX];

bool level[ENDS];
uint32_t rises[ENDS];

const struct doorbell_end *end_of(uint32_t end)
{
	return &doorbells[end / 2].end[end % 2];
}

void vgic_set_level(struct domain *d, uint32_t intid, bool on)
{
	for (uint32_t i = 0; i < ENDS; i++) {
		if (end_of(i)->intid == intid) {
			assert_int_equal(d - domains, end_of(i)->domain);
			assert_true(level[i] != on);
			level[i] = on;
			rises[i] += on ? 1 : 0;
			return;
		}
	}
	fail_msg("interrupt %u", intid);
}

/* Locks are taken by one thread: nobody may wait. */
static void wait_hook(void)
{
	fail_msg("waits for another CPU");
}

bool access_end(uint32_t end, uint64_t offset, uint32_t size, bool write, uint64_t *value)
{
	const struct doorbell_end *desc = end_of(end);
	struct trap_window w = {desc->ipa, 0x1000, WINDOW_PL061, (uint16_t)desc->intid, (uint16_t)end};
	struct mmio_access a = {.vcpu = &cpus[end].vcpu, .window = &w, .offset = offset, .size = size,
				.write = write, .value = *value};
	bool taken;

	cpus[end].vcpu.domain = &domains[desc->domain];
	taken = vpl061_access(&a);
	*value = a.value;
	return taken;
}

uint32_t rd(uint32_t end, uint64_t reg)
{
	uint64_t v = 0;

	assert_true(access_end(end, reg, 4, false, &v));
	return (uint32_t)v;
}

void wr(uint32_t end, uint64_t reg, uint32_t value)
{
	uint64_t v = value;

	assert_true(access_end(end, reg, 4, true, &v));
}

void machine_start(void)
{
	model_reset();
	model_set_relax_hook(wait_hook);
	/* Twice: what one end's reset does to another's is gone after the second. */
	for (int round = 0; round < 2; round++) {
		for (uint32_t d = 0; d < 3; d++) {
			vpl061_reset(&domains[d]);
		}
	}
	memset(rises, 0, sizeof(rises));
	for (uint32_t i = 0; i < ENDS; i++) {
		assert_false(level[i]);
	}
}
