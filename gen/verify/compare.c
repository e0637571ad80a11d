// SPDX-License-Identifier: Apache-2.0
/*
 * A walked map against the map that the YAML asks for, by sweeping over both at
 * once: what is missing, what is too much, what is elsewhere or otherwise.
 */
#include <inttypes.h>
#include <stdlib.h>

#include "subject.h"

static int compare_by_in(const void *a, const void *b)
{
	const struct expect *x = a;
	const struct expect *y = b;

	if (x->in != y->in) {
		return x->in < y->in ? -1 : 1;
	}
	return (x->size < y->size) - (x->size > y->size);
}

/* Makes the expectations disjoint. Two for one page are fine when they agree. */
static void compare_settle(struct comparison *c)
{
	struct expects *e = c->expects;
	struct expects out = {.count = 0};

	if (e->count > 1) {
		qsort(e->v, e->count, sizeof(*e->v), compare_by_in);
	}
	for (size_t i = 0; i < e->count; i++) {
		struct expect x = e->v[i];
		const struct expect *last = out.count > 0 ? &out.v[out.count - 1] : NULL;
		uint64_t end = last != NULL ? last->in + last->size : 0;

		if (last != NULL && x.in < end) {
			uint64_t cut = end - x.in < x.size ? end - x.in : x.size;

			if (x.free || last->free || x.out - x.in != last->out - last->in ||
			    x.attr != last->attr) {
				report_fail(c->s->report, c->where, c->domain, x.in, x.in + cut, &x.at,
					    &last->at,
					    "the YAML asks for '%s' and '%s' in one page, differently",
					    x.name, last->name);
			}
			x.in += cut;
			x.out += cut;
			x.size -= cut;
		}
		expects_add(c->s->mem, &out, x);
	}
	*e = out;
}

/* Mapped, but not by any expectation with an address: RAM that the plan placed
 * 1:1, or something that should not be there. */
static void compare_unexpected(struct comparison *c, uint64_t in, uint64_t size, uint64_t out, uint32_t attr)
{
	struct place at;
	const char *name;

	if (c->floating >= size && in == out && c->chosen != NULL &&
	    attr == (MEMORY_WB | ATTR_READ | ATTR_WRITE | ATTR_EXEC | ATTR_INNER)) {
		spans_add(c->s->mem, c->chosen, out, out + size);
		c->floating -= size;
		return;
	}
	name = own_name(c->s, out, &at);
	report_fail(c->s->report, c->where, c->domain, in, in + size, &at, NULL,
		    "mapped to 0x%" PRIx64 " (%s), which the YAML does not give", out, name);
}

static void compare_both(struct comparison *c, uint64_t in, uint64_t size, const struct run *run,
			 const struct expect *x)
{
	uint64_t out = run->out + (in - run->in);
	uint64_t wanted = x->out + (in - x->in);
	struct span twice;

	report_count(c->s->report, c->where, 1);
	report_count(c->s->report, c->how, c->how != c->where ? 1 : 0);
	if (x->free && c->chosen != NULL) {
		if (spans_meet(c->chosen, out, out + size, &twice)) {
			report_fail(c->s->report, c->where, c->domain, in, in + size, &x->at, NULL,
				    "the RAM at 0x%" PRIx64 " is mapped twice", twice.lo);
		}
		spans_add(c->s->mem, c->chosen, out, out + size);
	} else if (out != wanted) {
		struct place at;
		const char *name = own_name(c->s, out, &at);

		report_fail(c->s->report, c->where, c->domain, in, in + size, &x->at, &at,
			    "'%s' is mapped to 0x%" PRIx64 " (%s) in place of 0x%" PRIx64, x->name, out, name,
			    wanted);
	}
	if (run->attr != x->attr) {
		report_fail(c->s->report, c->how, c->domain, in, in + size, &x->at, NULL,
			    "'%s' is mapped %s, but must be %s", x->name, attr_text(run->attr),
			    attr_text(x->attr));
	}
}

/* The next piece starts at `at` and ends where either side changes. */
static void compare_sweep(struct comparison *c)
{
	const struct runs *r = c->runs;
	const struct expects *e = c->expects;
	size_t i = 0;
	size_t j = 0;
	uint64_t at = 0;

	while (i < r->count || j < e->count) {
		const struct run *run = i < r->count ? &r->v[i] : NULL;
		const struct expect *x = j < e->count ? &e->v[j] : NULL;
		uint64_t run_lo = run != NULL ? (run->in > at ? run->in : at) : UINT64_MAX;
		uint64_t x_lo = x != NULL ? (x->in > at ? x->in : at) : UINT64_MAX;
		uint64_t run_hi = run != NULL ? run->in + run->size : UINT64_MAX;
		uint64_t x_hi = x != NULL ? x->in + x->size : UINT64_MAX;
		uint64_t end;

		if (run_lo < x_lo) {
			end = run_hi < x_lo ? run_hi : x_lo;
			compare_unexpected(c, run_lo, end - run_lo, run->out + (run_lo - run->in), run->attr);
		} else if (x_lo < run_lo) {
			end = x_hi < run_lo ? x_hi : run_lo;
			report_fail(c->s->report, c->where, c->domain, x_lo, end, &x->at, NULL,
				    "'%s' is not mapped", x->name);
		} else {
			end = run_hi < x_hi ? run_hi : x_hi;
			compare_both(c, run_lo, end - run_lo, run, x);
		}
		at = end;
		i += run != NULL && run_hi <= at ? 1 : 0;
		j += x != NULL && x_hi <= at ? 1 : 0;
	}
}

void compare_maps(struct comparison *c)
{
	compare_settle(c);
	compare_sweep(c);
	if (c->floating != 0) {
		report_fail(c->s->report, c->where, c->domain, 0, 0, &c->floating_at, NULL,
			    "0x%" PRIx64 " bytes of its memory are not mapped", c->floating);
	}
}
