// SPDX-License-Identifier: Apache-2.0
#include "unit/watchdog/machine.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "guest/lifecycle.h"
#include "guest/vgic.h"
#include "lib/time.h"

struct cpu cpus[CPUS_MAX];
struct domain domains[DOMAINS_MAX];

static const struct trap_window window = {
	.ipa = 0xf0000000, .size = 0x20000, .kind = WINDOW_WATCHDOG, .intid = INTID};
static const struct domain_desc descs[] = {
	{.name = "guarded", .windows = &window, .window_count = 1, .cpu_count = 2},
	{.name = "other", .windows = &window, .window_count = 1, .cpu_count = 1},
};
const struct board_tables board = {.cpu_count = CPUS, .domain_count = 2, .domains = descs};

uint64_t now;
bool level[2];
uint32_t faults[2];

void vgic_set_level(struct domain *d, uint32_t intid, bool to)
{
	assert_int_equal(intid, INTID);
	level[d - domains] = to;
}

void lifecycle_fault(struct domain *d, const char *why)
{
	assert_string_equal(why, "watchdog expired");
	faults[d - domains]++;
}

static bool counter(enum model_sysreg reg, bool write, uint64_t *value)
{
	if (reg != MODEL_SYSREG_cntpct_el0 || write) {
		return false;
	}
	*value = now;
	return true;
}

int start(void **state)
{
	(void)state;
	model_reset();
	model_set_sysreg_hook(counter);
	now = 1000;
	memset(faults, 0, sizeof(faults));
	memset(level, 0, sizeof(level));
	for (uint32_t i = 0; i < CPUS; i++) {
		cpus[i] = (struct cpu){.index = i};
		cpus[i].vcpu.domain = &domains[i / 2];
	}
	for (uint32_t i = 0; i < 2; i++) {
		domains[i] = (struct domain){.desc = &descs[i]};
		watchdog_reset(&domains[i]);
	}
	return 0;
}

bool reach(uint32_t cpu, uint64_t offset, uint32_t size, bool write, uint64_t *value)
{
	struct mmio_access a = {.vcpu = &cpus[cpu].vcpu, .window = &window, .offset = offset, .value = *value,
				.size = size, .write = write};
	bool good;

	model_cpu = cpu;
	good = watchdog_access(&a);
	*value = a.value;
	return good;
}

uint32_t get(uint32_t cpu, uint64_t offset)
{
	uint64_t value = 0;

	assert_true(reach(cpu, offset, 4, false, &value));
	return (uint32_t)value;
}

void put(uint32_t cpu, uint64_t offset, uint64_t value)
{
	assert_true(reach(cpu, offset, 4, true, &value));
}

void ring(uint32_t cpu)
{
	model_cpu = cpu;
	time_clear_alarm();
	watchdog_alarm(&cpus[cpu].vcpu);
}

uint32_t pass(uint64_t until)
{
	uint32_t rings = 0;

	while (true) {
		uint64_t next = until;
		uint32_t who = CPUS;

		for (uint32_t i = 0; i < CPUS; i++) {
			model_cpu = i;
			if (time_has_alarm() && sysreg_read_cnthp_cval_el2() <= next) {
				next = sysreg_read_cnthp_cval_el2();
				who = i;
			}
		}
		now = next > now ? next : now;
		if (who == CPUS) {
			return rings;
		}
		ring(who);
		rings++;
		assert_true(rings < 1000);
	}
}

void arm(uint32_t cpu, uint32_t offset)
{
	put(cpu, WOR, offset);
	put(cpu, WCS, 1);
}
