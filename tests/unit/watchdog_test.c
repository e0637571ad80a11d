// SPDX-License-Identifier: Apache-2.0
// sources: hv/guest/watchdog.c tests/models/model.c tests/unit/watchdog/*.c
/* The watchdog: its registers, its deadlines, whichever CPU watches, and CPUs that come and go. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lib/time.h"
#include "unit/watchdog/machine.h"

/* Not refreshed: the interrupt at the first deadline, the fault at the second, once. */
static void two_stages(void **state)
{
	(void)state;
	arm(0, 500);
	assert_int_equal(get(0, WCS), 1);
	assert_int_equal(get(0, WCV), 1500);
	pass(1500);
	assert_false(level[0]);
	pass(1501);
	assert_true(level[0]);
	assert_int_equal(get(0, WCS), 3);
	assert_int_equal(get(0, WCV), 2001);
	assert_int_equal(faults[0], 0);
	pass(2001);
	assert_int_equal(faults[0], 0);
	pass(2002);
	assert_int_equal(faults[0], 1);
	assert_int_equal(get(0, WCS), 7);
	pass(100000);
	get(0, WCS);
	assert_int_equal(faults[0], 1);
	model_cpu = 0;
	assert_false(time_has_alarm());
}

/* Any of the explicit refreshes puts it off, and takes the interrupt back. */
static void refreshed(void **state)
{
	static const struct {
		uint64_t offset;
		uint64_t value;
	} ways[] = {{REFRESH, 0}, {REFRESH, 0xffffffff}, {WCS, 1}, {WOR, 500}, {WOR + 4, 0}};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(ways); i++) {
		start(state);
		arm(0, 500);
		for (uint32_t n = 0; n < 50; n++) {
			pass(now + 499);
			put(0, ways[i].offset, ways[i].value);
			assert_false(level[0]);
		}
		pass(now + 501);
		assert_true(level[0]);
		put(0, ways[i].offset, ways[i].value);
		assert_false(level[0]);
		assert_int_equal(get(0, WCS), 1);
		pass(now + 500);
		assert_false(level[0]);
		assert_int_equal(faults[0], 0);
	}
}

/* Refreshing sets no alarm: it goes off once for each period, however often that is done. */
static void alarms_are_few(void **state)
{
	uint32_t rings = 0;

	(void)state;
	arm(0, 1000);
	for (uint32_t n = 0; n < 1000; n++) {
		rings += pass(now + 10);
		put(n % 2, REFRESH, 0);
	}
	assert_true(rings >= 9 && rings <= 11);
	assert_int_equal(faults[0], 0);
}

static void stopped(void **state)
{
	(void)state;
	arm(0, 500);
	pass(1600);
	assert_true(level[0]);
	put(0, WCS, 0);
	assert_false(level[0]);
	assert_int_equal(get(0, WCS), 0);
	pass(100000);
	assert_int_equal(faults[0], 0);
	/* Only bit 0 is writable. */
	put(0, WCS, 0xfffffffe);
	assert_int_equal(get(0, WCS), 0);
}

/* A restart finds it off, whatever was under way. */
static void reset(void **state)
{
	(void)state;
	arm(0, 500);
	pass(1600);
	watchdog_reset(&domains[0]);
	pass(100000);
	assert_int_equal(faults[0], 0);
	assert_int_equal(get(0, WCS), 0);
	assert_int_equal(get(0, WOR), 0);
	assert_int_equal(get(0, WCV), 0);
}

/* A deadline that is brought forward, by whichever CPU, is kept. */
static void brought_forward(void **state)
{
	(void)state;
	arm(0, 100000);
	put(1, WOR, 200);
	assert_int_equal(get(1, WCV), 1200);
	pass(1201);
	assert_true(level[0]);
	assert_int_equal(faults[0], 0);
	put(0, REFRESH, 0);
	put(1, WCV, 0);
	pass(now + 1);
	assert_true(level[0]);
	pass(now + 200);
	assert_int_equal(faults[0], 1);
}

/* A CPU of the domain goes off: another takes over, if it was the one that watches. */
static void cpu_goes(void **state)
{
	(void)state;
	for (uint32_t watcher = 0; watcher < 2; watcher++) {
		start(state);
		arm(watcher, 500);
		model_cpu = watcher;
		watchdog_cpu_off(&cpus[watcher].vcpu);
		assert_true(time_clear_alarm()); /* power_give_alarm() has this and tells the others */
		ring(1 - watcher);
		ring(2);
		pass(1501);
		assert_true(level[0]);
		assert_int_equal(get(1 - watcher, WCS), 3);
		/* One that is alone comes back before its alarm could have gone off. */
		model_cpu = 1 - watcher;
		watchdog_cpu_off(&cpus[1 - watcher].vcpu);
		time_clear_alarm();
		watchdog_alarm(&cpus[1 - watcher].vcpu);
		pass(2100);
		assert_int_equal(faults[0], 1);
		assert_int_equal(faults[1], 0);
		assert_false(level[1]);
	}
	/* One that does not watch leaves the other's alarm alone. */
	start(state);
	arm(0, 500);
	model_cpu = 1;
	watchdog_cpu_off(&cpus[1].vcpu);
	assert_false(time_clear_alarm());
	pass(1501);
	assert_true(level[0]);
}

/* An alarm that was set for somebody else is no deadline, and the own one is set again. */
static void shared(void **state)
{
	(void)state;
	arm(0, 500);
	model_cpu = 0;
	time_set_alarm(1100);
	assert_int_equal(sysreg_read_cnthp_cval_el2(), 1100);
	pass(1100);
	model_cpu = 0;
	assert_true(time_has_alarm());
	assert_int_equal(sysreg_read_cnthp_cval_el2(), 1501);
	assert_false(level[0]);
}

static void apart(void **state)
{
	(void)state;
	arm(0, 500);
	arm(2, 300);
	put(0, REFRESH, 0);
	pass(1301);
	assert_false(level[0]);
	assert_true(level[1]);
	put(0, REFRESH, 0);
	pass(1602);
	assert_int_equal(faults[0], 0);
	assert_int_equal(faults[1], 1);
}

/* Odd widths and places are refused; what is not there reads as 0 and takes nothing. */
static void registers(void **state)
{
	(void)state;
	for (uint32_t size = 1; size <= 8; size *= 2) {
		for (uint64_t offset = 0; offset < 0x20000; offset += offset % 0x10000 < 0x40 ? 1 : 0x3f) {
			for (uint32_t write = 0; write < 2; write++) {
				uint64_t value = 0xa5;

				start(state);
				assert_int_equal(reach(0, offset, size, write != 0, &value), size == 4 && offset % 4 == 0);
				if (size != 4 || offset % 4 != 0) {
					continue;
				}
				assert_int_equal(get(0, WCS), write && offset == WCS ? 1 : 0);
				assert_int_equal(get(0, WOR), write && offset == WOR ? 0xa5 : 0);
				assert_int_equal(get(0, WOR + 4), write && offset == WOR + 4 ? 0xa5 : 0);
			}
		}
	}
	start(state);
	put(0, WOR, 0xffffffff);
	put(0, WOR + 4, 0xffffffff);
	assert_int_equal(get(0, WOR), 0xffffffff);
	assert_int_equal(get(0, WOR + 4), 0xffff);
	put(0, WCV, 0x89abcdef);
	put(0, WCV + 4, 0x01234567);
	assert_int_equal(get(0, WCV), 0x89abcdef);
	assert_int_equal(get(0, WCV + 4), 0x01234567);
	put(0, IIDR, 0xffffffff);
	assert_int_equal(get(0, IIDR), 0x10000);
	assert_int_equal(get(0, REFRESH + IIDR), 0x10000);
	assert_int_equal(get(0, REFRESH), 0);
}

/* Deadlines at and beyond the end of time. */
static void absurd(void **state)
{
	(void)state;
	arm(0, 0xffffffff);
	put(0, WOR + 4, 0xffff);
	put(0, WCV, 0xffffffff);
	put(0, WCV + 4, 0xffffffff);
	pass(UINT64_C(1) << 60);
	assert_false(level[0]);
	/* An offset of nothing is late at once, twice. */
	put(0, WOR, 0);
	put(0, WOR + 4, 0);
	pass(now + 2);
	assert_int_equal(faults[0], 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(two_stages, start),	cmocka_unit_test_setup(refreshed, start),
		cmocka_unit_test_setup(alarms_are_few, start),	cmocka_unit_test_setup(stopped, start),
		cmocka_unit_test_setup(reset, start),		cmocka_unit_test_setup(brought_forward, start),
		cmocka_unit_test_setup(cpu_goes, start),	cmocka_unit_test_setup(shared, start),
		cmocka_unit_test_setup(apart, start),		cmocka_unit_test_setup(registers, start),
		cmocka_unit_test_setup(absurd, start),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
