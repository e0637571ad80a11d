/* SPDX-License-Identifier: Apache-2.0 */
/* How a device is reset. */
#include "model/build.h"

#define TIMEOUT_US 100000u

/* `count` numbers, which `form` shows; false after reporting. */
static bool cells_read(struct build *b, const struct node *n, const char *form, size_t count, uint32_t *cells)
{
	if (n->count != count) {
		struct diag_msg *m = diag_error(b->d, 112, n->pos, "a step of 'reset' must be %s", form);

		diag_label(m, "%zu value%s", n->count, n->count == 1 ? "" : "s");
		return false;
	}
	for (size_t i = 0; i < count; i++) {
		cells[i] = (uint32_t)get_number(n->items[i]).v;
	}
	return true;
}

static void step_add(struct build *b, struct m_reset *r, const struct node *n)
{
	const struct node *write = node_get(n, "write"), *poll = node_get(n, "poll");
	const struct node *wait = node_get(n, "wait-us"), *timeout = node_get(n, "timeout-us");
	struct m_reset_step step = {.pos = n->pos};
	uint32_t cells[3];

	if (get_given(write)) {
		if (!cells_read(b, write, "write: [offset, value]", 2, cells)) {
			return;
		}
		step.action = ACTION_WRITE;
		step.offset = cells[0];
		step.value = cells[1];
	} else if (get_given(poll)) {
		if (!cells_read(b, poll, "poll: [offset, mask, value]", 3, cells)) {
			return;
		}
		step.action = ACTION_POLL;
		step.offset = cells[0];
		step.mask = cells[1];
		step.value = cells[2];
		step.us = (uint32_t)get_number_or(timeout, TIMEOUT_US);
	} else if (get_given(wait)) {
		step.action = ACTION_WAIT;
		step.us = (uint32_t)get_number(wait).v;
	} else {
		return;
	}
	if (get_given(timeout) && step.action != ACTION_POLL) {
		struct diag_msg *m = diag_error(b->d, 120, timeout->pos, "'timeout-us' is for 'poll'");

		diag_help(m, "remove it; 'wait-us' is a step of its own");
	}
	r->steps[r->step_count++] = step;
}

void build_reset(struct build *b, struct m_device *dev, const struct node *n)
{
	static const char *const words[] = {"none", "pci-flr", NULL};
	struct m_reset *r = &dev->reset;

	r->pos = pos_none;
	if (!get_given(n)) {
		return;
	}
	r->pos = n->pos;
	if (n->kind != NODE_SEQUENCE) {
		r->kind = get_enum(n, words, 0) == 0 ? RESETS_NOTHING : RESETS_PCI;
		return;
	}
	r->kind = RESETS_STEPS;
	r->steps = arena_array(b->a, n->count, sizeof(*r->steps));
	for (size_t i = 0; i < n->count; i++) {
		if (get_given(n->items[i])) {
			step_add(b, r, n->items[i]);
		}
	}
}
