// SPDX-License-Identifier: Apache-2.0
// sources: hv/guest/vpl061.c tests/models/model.c tests/unit/vpl061/machine.c
/* Random accesses to doorbells, at all ends, against a plain model. */
#include "unit/vpl061/machine.h"

/* A bit at a time, as the manual tells it. */
struct line {
	bool data, out, level, both, high, on, soft, edge, in;
};
static struct line lines[ENDS][8];
static bool seen[ENDS]; /* what the interrupt is to be */

static bool line_raw(const struct line *l)
{
	return l->level ? l->in == l->high : l->edge;
}

static bool end_interrupts(uint32_t end)
{
	for (uint32_t i = 0; i < 8; i++) {
		if (lines[end][i].on && line_raw(&lines[end][i])) {
			return true;
		}
	}
	return false;
}

static void propagate(uint32_t end)
{
	for (uint32_t i = 0; i < 8; i++) {
		const struct line *from = &lines[end][i];
		struct line *to = &lines[end ^ 1][(i + 4) % 8];
		bool in = from->out && !from->soft && from->data;

		if (in != to->in && !to->level && (to->both || in == to->high)) {
			to->edge = true;
		}
		to->in = in;
	}
	seen[end ^ 1] = seen[end ^ 1] || end_interrupts(end ^ 1);
}

static void model_write(uint32_t end, uint64_t reg, uint32_t v)
{
	for (uint32_t i = 0; i < 8; i++) {
		struct line *l = &lines[end][i];
		bool bit = (v >> i & 1) != 0;

		if (reg < 0x400) {
			l->data = l->out && (reg >> (i + 2) & 1) != 0 ? bit : l->data;
		} else if (reg == DIR) {
			l->out = bit;
		} else if (reg == IS) {
			l->level = bit;
			l->edge = l->edge && !bit;
		} else if (reg == IBE) {
			l->both = bit;
		} else if (reg == IEV) {
			l->high = bit;
		} else if (reg == IE) {
			l->on = bit;
		} else if (reg == IC) {
			l->edge = l->edge && !bit;
		} else if (reg == AFSEL) {
			l->soft = bit;
		}
	}
	propagate(end);
	seen[end] = end_interrupts(end);
}

static uint32_t model_read(uint32_t end, uint64_t reg)
{
	uint32_t v = 0;

	for (uint32_t i = 0; i < 8; i++) {
		const struct line *l = &lines[end][i];
		bool bit = false;

		if (reg < 0x400) {
			bit = (l->out ? l->data : l->in) && (reg >> (i + 2) & 1) != 0;
		} else {
			bit = reg == DIR ? l->out : reg == IS ? l->level : reg == IBE ? l->both : reg == IEV ? l->high
			      : reg == IE ? l->on : reg == RIS ? line_raw(l) : reg == MIS ? l->on && line_raw(l)
			      : reg == AFSEL && l->soft;
		}
		v |= bit ? BIT32(i) : 0;
	}
	seen[end] = end_interrupts(end);
	return v;
}

static void model_restart(uint32_t domain)
{
	for (uint32_t end = 0; end < ENDS; end++) {
		for (uint32_t i = 0; end_of(end)->domain == domain && i < 8; i++) {
			lines[end][i] = (struct line){.in = lines[end][i].in};
			seen[end] = false;
		}
		if (end_of(end)->domain == domain) {
			propagate(end);
		}
	}
}

static uint64_t random_state = 1;

static uint32_t random_below(uint32_t n)
{
	random_state = random_state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (uint32_t)(random_state >> 33) % n;
}

static void random_against_model(void **state)
{
	static const uint64_t regs[] = {DIR, IS, IBE, IEV, IE, RIS, MIS, IC, AFSEL, 0x424, 0x500};

	(void)state;
	machine_start();
	for (uint32_t n = 0; n < 400000; n++) {
		uint32_t end = random_below(ENDS), what = random_below(16);
		uint64_t reg = what < 6 ? DATA(random_below(256)) : regs[random_below(ARRAY_SIZE(regs))];
		uint32_t v = random_below(3) == 0 ? BIT32(random_below(8)) : random_below(UINT32_MAX);

		if (random_below(1000) == 0) {
			vpl061_reset(&domains[end_of(end)->domain]);
			model_restart(end_of(end)->domain);
		} else if (random_below(2) == 0) {
			wr(end, reg, v);
			model_write(end, reg, v);
		} else {
			assert_int_equal(rd(end, reg), model_read(end, reg));
		}
		for (uint32_t i = 0; i < ENDS; i++) {
			assert_int_equal(level[i], seen[i]);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(random_against_model),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
