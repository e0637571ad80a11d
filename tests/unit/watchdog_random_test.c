// SPDX-License-Identifier: Apache-2.0
// sources: hv/guest/watchdog.c tests/models/model.c tests/unit/watchdog/*.c
/* The watchdog at random, against the specification's own words. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>

#include "lib/time.h"
#include "unit/watchdog/machine.h"

/* Looked at after each tick. */
struct oracle {
	bool enable, ws0, ws1;
	uint64_t offset, compare;
	uint32_t faults;
};

static void oracle_tick(struct oracle *o)
{
	if (!o->enable || o->ws1 || now <= o->compare) {
		return;
	}
	if (!o->ws0) {
		o->ws0 = true;
		o->compare = now + o->offset;
	} else {
		o->ws1 = true;
		o->faults++;
	}
}

static void oracle_refresh(struct oracle *o)
{
	o->ws0 = false;
	o->ws1 = false;
	o->compare = now + o->offset;
}

/* At random, a tick at a time, with CPUs that go and come back. */
static void at_random(void **state)
{
	(void)state;
	srand(5);
	for (uint32_t run = 0; run < 200; run++) {
		struct oracle o = {0};
		uint32_t off = CPUS;

		start(state);
		for (uint32_t step = 0; step < 300; step++) {
			uint32_t cpu = off == CPUS ? (uint32_t)rand() % 2 : 1 - off;
			uint64_t value = (uint64_t)rand() % 40 + 1;

			pass(now + 1);
			oracle_tick(&o);
			switch (rand() % 24) {
			case 0:
				put(cpu, WOR, value);
				o.offset = value;
				oracle_refresh(&o);
				break;
			case 1:
				put(cpu, WCS, value % 4 != 0);
				o.enable = value % 4 != 0;
				oracle_refresh(&o);
				break;
			case 2:
				put(cpu, REFRESH, value);
				oracle_refresh(&o);
				break;
			case 3:
				put(cpu, WCV, now + value);
				o.compare = now + value;
				break;
			case 4:
				if (off == CPUS) {
					off = cpu;
					model_cpu = cpu;
					watchdog_cpu_off(&cpus[cpu].vcpu);
					if (time_clear_alarm()) {
						ring(1 - cpu);
					}
				} else {
					model_cpu = off;
					watchdog_alarm(&cpus[off].vcpu);
					off = CPUS;
				}
				break;
			default:
				break;
			}
			assert_int_equal(level[0], o.ws0);
			assert_int_equal(faults[0], o.faults);
			assert_int_equal(get(cpu, WCS), o.enable | o.ws0 << 1 | o.ws1 << 2);
			assert_int_equal(get(cpu, WCV), (uint32_t)o.compare);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test_setup(at_random, start)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
