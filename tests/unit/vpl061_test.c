// SPDX-License-Identifier: Apache-2.0
// sources: hv/guest/vpl061.c tests/models/model.c tests/unit/vpl061/machine.c
/* Doorbells: every register of the PL061 (DDI 0190B, 3.2) at either end, what one end sees
 * of the other, and what a hostile end can do to it. */
#include "unit/vpl061/machine.h"

static void identity_and_reset(void **state)
{
	static const uint32_t id[] = {0x61, 0x10, 0x04, 0x00, 0x0d, 0xf0, 0x05, 0xb1};

	(void)state;
	machine_start();
	for (uint32_t end = 0; end < ENDS; end++) {
		for (uint64_t reg = 0; reg < 0xfe0; reg += 4) {
			assert_int_equal(rd(end, reg), 0);
		}
		for (uint32_t i = 0; i < 8; i++) {
			assert_int_equal(rd(end, 0xfe0 + 4 * i), id[i]);
		}
	}
}

static void what_registers_keep(void **state)
{
	static const struct {
		uint64_t reg;
		uint32_t kept;
	} regs[] = {{DIR, 0xff}, {IS, 0xff}, {IBE, 0xff}, {IEV, 0xff}, {IE, 0xff}, {AFSEL, 0xff},
		    {IC, 0},	 {0x424, 0}, {0x600, 0}, {0x604, 0}, {0xfe0, 0x61}, {0xffc, 0xb1}};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(regs); i++) {
		machine_start();
		wr(0, IEV, 0); /* nothing is low that would interrupt */
		wr(0, regs[i].reg, UINT32_MAX);
		assert_int_equal(rd(0, regs[i].reg), regs[i].kept);
		for (uint32_t end = 1; end < ENDS; end++) {
			assert_int_equal(rd(end, regs[i].reg), regs[i].reg < 0xfe0 ? 0 : regs[i].kept);
		}
	}
	machine_start();
	wr(0, RIS, 0xff);
	wr(0, MIS, 0xff);
	assert_int_equal(rd(0, RIS) | rd(0, MIS), 0);
}

/* Address bits 9:2 choose the lines, for reads and for writes; inputs keep nothing. */
static void masks(void **state)
{
	(void)state;
	machine_start();
	wr(0, DATA(0xff), 0xff);
	wr(0, DIR, 0x0f);
	assert_int_equal(rd(0, DATA(0xff)), 0);
	for (uint32_t mask = 0; mask < 256; mask++) {
		wr(0, DATA(0xff), 0);
		wr(0, DATA(mask), 0xff);
		assert_int_equal(rd(0, DATA(0xff)), mask & 0x0f);
		wr(0, DATA(0xff), 0x0a);
		assert_int_equal(rd(0, DATA(mask)), mask & 0x0a);
		wr(0, DATA(mask), 0);
		assert_int_equal(rd(0, DATA(0xff)), 0x0a & ~mask);
	}
}

/* Line n is the other's (n + 4) modulo 8, driven only as an output that is the port's own. */
static void wires(void **state)
{
	(void)state;
	for (uint32_t end = 0; end < ENDS; end++) {
		for (uint32_t line = 0; line < 8; line++) {
			uint32_t bit = BIT32(line), other = BIT32((line + 4) % 8);

			machine_start();
			wr(end, DIR, bit);
			wr(end, DATA(0xff), 0xff);
			for (uint32_t i = 0; i < ENDS; i++) {
				assert_int_equal(rd(i, DATA(0xff)), i == end ? bit : i == (end ^ 1) ? other : 0);
			}
			wr(end, AFSEL, bit);
			assert_int_equal(rd(end ^ 1, DATA(0xff)), 0);
			wr(end, AFSEL, 0);
			assert_int_equal(rd(end ^ 1, DATA(0xff)), other);
			wr(end, DIR, 0);
			assert_int_equal(rd(end ^ 1, DATA(0xff)), 0);
			assert_int_equal(rd(end, DATA(0xff)), 0);
		}
	}
}

static void rising_edge(void **state)
{
	(void)state;
	machine_start();
	wr(1, IEV, 0x10);
	wr(1, IE, 0x10);
	wr(0, DIR, 1);
	wr(0, DATA(1), 1);
	assert_true(level[1]);
	assert_int_equal(rd(1, RIS), 0x10);
	assert_int_equal(rd(1, MIS), 0x10);
	wr(1, IC, 0xef);
	assert_true(level[1]);
	wr(1, IC, 0x10);
	assert_false(level[1]);
	assert_int_equal(rd(1, RIS), 0);
	/* The falling edge is none of its business. */
	wr(0, DATA(1), 0);
	assert_int_equal(rd(1, RIS), 0);
	/* Masked: seen, not told; told when the mask opens. */
	wr(1, IE, 0);
	wr(0, DATA(1), 1);
	assert_false(level[1]);
	assert_int_equal(rd(1, RIS), 0x10);
	assert_int_equal(rd(1, MIS), 0);
	wr(1, IE, 0x10);
	assert_true(level[1]);
	assert_int_equal(rises[0] + rises[2] + rises[3], 0);
}

static void both_edges_and_falling(void **state)
{
	(void)state;
	machine_start();
	wr(1, IE, 0x30);
	wr(1, IBE, 0x10);
	wr(0, DIR, 3);
	wr(0, DATA(3), 3);
	assert_int_equal(rd(1, MIS), 0x10);
	wr(1, IC, 0xff);
	wr(0, DATA(3), 0);
	assert_int_equal(rd(1, MIS), 0x30);
	assert_int_equal(rises[1], 2);
}

static void levels(void **state)
{
	(void)state;
	machine_start();
	wr(0, DIR, 1);
	wr(1, IS, 0x10);
	wr(1, IEV, 0x10);
	wr(1, IE, 0x10);
	assert_false(level[1]);
	wr(0, DATA(1), 1);
	assert_true(level[1]);
	wr(1, IC, 0xff); /* a level cannot be cleared */
	assert_int_equal(rd(1, MIS), 0x10);
	wr(0, DATA(1), 0);
	assert_true(level[1]); /* until it looks */
	assert_int_equal(rd(1, MIS), 0);
	assert_false(level[1]);
	/* Low: at once. */
	wr(1, IEV, 0);
	assert_true(level[1]);
	assert_int_equal(rd(1, RIS), 0x10);
	/* An edge from before is not one from after. */
	machine_start();
	wr(1, IEV, 0xff);
	wr(0, DIR, 1);
	wr(0, DATA(1), 1);
	assert_int_equal(rd(1, RIS), 0x10);
	wr(0, DATA(1), 0);
	wr(1, IS, 0x10);
	wr(1, IS, 0);
	assert_int_equal(rd(1, RIS), 0);
}

/* However often it is rung, the other's virtual GIC is told once for each look. */
static void storms(void **state)
{
	static const uint32_t modes[][3] = {{0, 0xff, 0}, {0, 0, 0}, {0, 0, 0xff}, {0xff, 0xff, 0}, {0xff, 0, 0}};

	(void)state;
	for (size_t mode = 0; mode < ARRAY_SIZE(modes); mode++) {
		machine_start();
		wr(0, DIR, 0xff);
		wr(0, DATA(0xff), 0xff);
		wr(1, IS, modes[mode][0]);
		wr(1, IEV, modes[mode][1]);
		wr(1, IBE, modes[mode][2]);
		wr(1, IE, 0xff);
		wr(1, IC, 0xff);
		for (uint32_t look = 0; look < 10; look++) {
			uint32_t before = rises[1];

			for (uint32_t i = 0; i < 1000; i++) {
				wr(0, DATA(0xff), i % 2 == 0 ? 0 : 0xff);
				wr(0, DIR, i % 3 == 0 ? 0 : 0xff);
				wr(0, AFSEL, i % 5 == 0 ? 0xff : 0);
			}
			assert_true(level[1]);
			assert_true(rises[1] - before <= 1);
			(void)rd(1, MIS);
			wr(1, IC, 0xff);
		}
		assert_int_equal(rises[0] + rises[2] + rises[3], 0);
	}
}

/* A domain that starts again lets go of its lines, and finds those of the others. */
static void restart(void **state)
{
	(void)state;
	machine_start();
	wr(0, DIR, 0x01);
	wr(0, DATA(0xff), 0x01);
	wr(1, DIR, 0x03);
	wr(1, DATA(0xff), 0x03);
	wr(3, DIR, 0x01);
	wr(3, DATA(0xff), 0x01);
	wr(0, IBE, 0xff);
	wr(0, IE, 0xff);
	wr(0, IC, 0xff);
	wr(2, IBE, 0xff);
	wr(2, IE, 0xff);
	vpl061_reset(&domains[2]);
	assert_int_equal(rd(0, DATA(0xff)), 0x01); /* its own */
	assert_int_equal(rd(0, RIS), 0x30);	   /* and the other's fell */
	assert_int_equal(rd(1, DIR) | rd(1, IE) | rd(1, RIS) | rd(2, IBE) | rd(2, IE) | rd(2, RIS), 0);
	assert_int_equal(rd(1, DATA(0xff)), 0x10);
	assert_int_equal(rd(2, DATA(0xff)), 0x10);
	assert_int_equal(rd(3, DATA(0xff)), 0x01);
	/* While it is off it is rung; that is over when it starts. */
	wr(0, DATA(0xff), 0);
	assert_int_equal(rd(1, RIS), 0x10);
	vpl061_reset(&domains[2]);
	assert_int_equal(rd(1, RIS), 0);
	assert_int_equal(rd(1, DATA(0xff)), 0);
	/* The interrupt that was up is taken away. */
	wr(1, IE, 0x10);
	wr(1, IEV, 0x10);
	wr(0, DATA(0xff), 1);
	assert_true(level[1]);
	vpl061_reset(&domains[2]);
	assert_false(level[1]);
	/* Nobody else's domain has to do with it. */
	wr(1, IEV, 0x10);
	vpl061_reset(&domains[1]);
	assert_int_equal(rd(1, IEV), 0x10);
}

static void sizes(void **state)
{
	uint64_t v;

	(void)state;
	machine_start();
	wr(0, IEV, 0x5a);
	for (uint64_t offset = 0; offset < 0x1000; offset++) {
		for (uint32_t size = 1; size <= 8; size *= 2) {
			v = 0xa5a5a5a5a5a5a5a5;
			assert_int_equal(access_end(0, offset, size, false, &v), size < 8 && offset % size == 0);
		}
	}
	v = 0;
	assert_true(access_end(0, IEV, 1, false, &v));
	assert_int_equal(v, 0x5a);
	assert_true(access_end(0, IEV + 1, 1, false, &v));
	assert_int_equal(v, 0);
	assert_true(access_end(0, IEV, 2, false, &v));
	assert_int_equal(v, 0x5a);
	/* The register's other bytes are not there to be written. */
	v = 0xff;
	assert_true(access_end(0, IEV + 1, 1, true, &v));
	assert_true(access_end(0, IEV + 2, 2, true, &v));
	assert_int_equal(rd(0, IEV), 0x5a);
	v = 0x12;
	assert_true(access_end(0, IEV, 1, true, &v));
	assert_int_equal(rd(0, IEV), 0x12);
	v = 0x1234;
	assert_true(access_end(0, IEV, 2, true, &v));
	assert_int_equal(rd(0, IEV), 0x34);
	v = UINT64_MAX;
	assert_false(access_end(0, IEV, 8, true, &v));
	assert_int_equal(rd(0, IEV), 0x34);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(identity_and_reset),
		cmocka_unit_test(what_registers_keep),
		cmocka_unit_test(masks),
		cmocka_unit_test(wires),
		cmocka_unit_test(rising_edge),
		cmocka_unit_test(both_edges_and_falling),
		cmocka_unit_test(levels),
		cmocka_unit_test(storms),
		cmocka_unit_test(restart),
		cmocka_unit_test(sizes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
