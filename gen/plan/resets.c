// SPDX-License-Identifier: Apache-2.0
/* How the devices of each domain are reset that can be started a second time. */
#include "plan/plan.h"

static struct reset_step step_of(const struct m_device *dev, const struct m_reset_step *m)
{
	static const enum reset_op ops[] = {
		[ACTION_WRITE] = RESET_WRITE, [ACTION_POLL] = RESET_POLL, [ACTION_WAIT] = RESET_WAIT,
	};
	struct reset_step step = {.device = dev->name.s, .op = ops[m->action], .us = m->us};

	if (m->action != ACTION_WAIT) {
		step.pa = dev->reg[0].base + m->offset;
		step.value = m->value;
		step.mask = m->mask;
	}
	return step;
}

static void device_add(struct plan_domain *dom, const struct m_device *dev)
{
	if (dev->reset.kind == RESETS_PCI) {
		dom->resets[dom->reset_count++] = (struct reset_step){
			.device = dev->name.s, .op = RESET_PCI, .pa = dev->reg[0].base,
			.value = dev->pci.bus_first, .mask = dev->pci.bus_last,
		};
	}
	for (size_t i = 0; i < dev->reset.step_count; i++) {
		dom->resets[dom->reset_count++] = step_of(dev, &dev->reset.steps[i]);
	}
}

void plan_resets(struct plan *p)
{
	const struct m_board *b = &p->m->board;

	for (size_t i = 0; i < p->domain_count; i++) {
		struct plan_domain *dom = &p->domains[i];
		size_t room = 0;

		if (!model_restarts(p->m, dom->m)) {
			continue;
		}
		for (size_t n = 0; n < dom->device_count; n++) {
			room += 1 + b->devices[dom->devices[n]].reset.step_count;
		}
		dom->resets = arena_array(p->arena, room, sizeof(dom->resets[0]));
		for (size_t n = 0; n < dom->device_count; n++) {
			device_add(dom, &b->devices[dom->devices[n]]);
		}
	}
}
