// SPDX-License-Identifier: Apache-2.0
// sources: tests/models/model.c
/* A CPU's one alarm, which several set. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lib/time.h"

static uint64_t alarm_at(void)
{
	return sysreg_read_cnthp_cval_el2();
}

/* It goes off at the earliest time that was named, in whatever order. */
static void earliest(void **state)
{
	static const uint64_t orders[][3] = {
		{10, 20, 30}, {30, 20, 10}, {20, 10, 30}, {UINT64_MAX, 10, UINT64_MAX - 1}, {UINT64_MAX, 1, 10},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(orders); i++) {
		uint64_t first = UINT64_MAX;

		model_reset();
		assert_false(time_has_alarm());
		for (size_t n = 0; n < 3; n++) {
			first = orders[i][n] < first ? orders[i][n] : first;
			time_set_alarm(orders[i][n]);
			assert_true(time_has_alarm());
			assert_int_equal(alarm_at(), first);
		}
		assert_true(time_clear_alarm());
		assert_false(time_has_alarm());
		assert_false(time_clear_alarm());
	}
}

/* What was set before it was cleared is forgotten. */
static void afresh(void **state)
{
	(void)state;
	model_reset();
	time_set_alarm(10);
	time_clear_alarm();
	time_set_alarm(20);
	assert_int_equal(alarm_at(), 20);
}

/* Each CPU has its own. */
static void own(void **state)
{
	(void)state;
	model_reset();
	time_set_alarm(10);
	model_cpu = 1;
	assert_false(time_has_alarm());
	time_set_alarm(5);
	assert_true(time_clear_alarm());
	model_cpu = 0;
	assert_true(time_has_alarm());
	assert_int_equal(alarm_at(), 10);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(earliest),
		cmocka_unit_test(afresh),
		cmocka_unit_test(own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
