// SPDX-License-Identifier: Apache-2.0
/*
 * 2, for what the hypervisor does between two runs of a domain: each register that it touches
 * to reset a device is that device's, the device is that domain's, and what it does there is
 * what the YAML says, for each device in its order. The hardware domain runs once, and so does a
 * machine's only one, but for a fault after which it is restarted.
 */
#include <inttypes.h>
#include <string.h>

#include "subject.h"

static void resets_fail(struct subject *s, const struct guest *g, const struct image_reset *r,
			const struct place *at, const char *why)
{
	report_fail(s->report, PROPERTY_OWNERS, g->yaml->name, r->step.pa, r->step.pa + 4, at, NULL,
		    "the reset of '%s' %s", r->device, why);
}

/* Bytes from step.pa on that the step reaches. */
static uint64_t resets_reach(const struct reset_step *step)
{
	if (step->op == RESET_PCI) {
		return ((uint64_t)step->mask - step->value + 1) * RESET_BUS_SIZE;
	}
	return step->op == RESET_WAIT ? 0 : 4;
}

/* All of it in one range of the device's registers, and nothing of the hypervisor's. */
static bool resets_inside(const struct subject *s, const struct device *d, const struct reset_step *step)
{
	uint64_t size = resets_reach(step);
	bool inside = size == 0;

	for (size_t i = 0; i < d->reg_count - d->window_count; i++) {
		const struct range *r = &d->reg[i];

		inside = inside || (step->pa >= r->base && size <= r->size && step->pa - r->base <= r->size - size);
	}
	for (size_t i = 0; i < s->thing_count && size != 0; i++) {
		inside = inside && (step->pa >= s->things[i].hi || step->pa + size <= s->things[i].lo);
	}
	return inside && IS_ALIGNED(step->pa, step->op == RESET_PCI ? PAGE_SIZE : 4);
}

static bool resets_same(const struct reset_step *step, const struct reset *r)
{
	return step->op == r->op && step->pa == r->pa && step->us == r->us && step->value == r->value &&
	       step->mask == r->mask;
}

static bool resets_again(const struct subject *s, const struct guest *g)
{
	return !g->yaml->hardware && (s->board->domain_count > 1 || g->yaml->on_fault == ON_FAULT_RESTART);
}

static void resets_check(struct subject *s, const struct guest *g, size_t *seen)
{
	for (uint64_t i = 0; i < g->image->reset_count; i++) {
		const struct image_reset *r = &g->image->resets[i];
		const struct device *d = board_device(s->board, r->device);
		size_t index = d != NULL ? (size_t)(d - s->board->devices) : 0;

		report_count(s->report, PROPERTY_OWNERS, 1);
		if (d == NULL || d->owner != g->index || !resets_again(s, g)) {
			resets_fail(s, g, r, &g->yaml->at, "is not the domain's");
		} else if (r->step.op == RESET_PCI && (r->step.value > r->step.mask || r->step.mask > 255)) {
			resets_fail(s, g, r, &d->at, "has no buses");
		} else if (!resets_inside(s, d, &r->step)) {
			resets_fail(s, g, r, &d->at, "is outside of its registers");
		} else if (seen[index] >= d->reset_count || !resets_same(&r->step, &d->resets[seen[index]])) {
			resets_fail(s, g, r, &d->at, "has another step than in the YAML");
		} else {
			seen[index]++;
		}
	}
}

void prove_resets(struct subject *s)
{
	const struct board *b = s->board;

	for (size_t i = 0; i < s->guest_count; i++) {
		const struct guest *g = &s->guests[i];
		size_t *seen = mem_alloc(s->mem, b->device_count + 1, sizeof(*seen));

		resets_check(s, g, seen);
		for (size_t n = 0; n < b->device_count; n++) {
			const struct device *d = &b->devices[n];

			if (d->owner == g->index && resets_again(s, g) && seen[n] < d->reset_count) {
				report_fail(s->report, PROPERTY_OWNERS, g->yaml->name, 0, 0, &d->resets[seen[n]].at, NULL,
					    "the reset of '%s' lacks a step", d->name);
			}
		}
	}
}
