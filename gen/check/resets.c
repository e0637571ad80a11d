// SPDX-License-Identifier: Apache-2.0
/* `reset` of devices: it touches the device's own registers, and those that need one have one. */
#include <stdlib.h>
#include <string.h>

#include "check/loose.h"
#include "check/parts.h"
#include "resets.h"

#define NAMES_MAX 8u

static void step_check(struct diag *d, const struct m_device *dev, const struct m_reset_step *step)
{
	const struct m_range *reg = dev->reg_count > dev->window_count ? &dev->reg[0] : NULL;
	struct diag_msg *msg;

	if (step->action == ACTION_WAIT) {
		return;
	}
	if (step->action == ACTION_POLL && (step->value & ~step->mask) != 0) {
		msg = diag_error(d, 560, step->pos, "a register of '%s' is polled for what it cannot be", dev->name.s);
		diag_label(msg, "0x%x has bits that 0x%x leaves out", step->value, step->mask);
		diag_help(msg, "the three numbers are [offset, mask, value]");
	}
	if (reg != NULL && IS_ALIGNED(reg->base + step->offset, 4) && reg->size >= 4 &&
	    step->offset <= reg->size - 4) {
		return;
	}
	msg = diag_error(d, 560, step->pos, "offset 0x%x is no register of '%s'", step->offset, dev->name.s);
	if (reg != NULL) {
		diag_note(msg, reg->pos, "its registers are the %s from 0x%llx on", size_text(reg->size).s,
			  (ull)reg->base);
	}
	diag_help(msg, "it is a register of 32 bits in the first range of 'reg', counted from its start");
}

static void pci_check(struct diag *d, const struct m_device *dev)
{
	const struct m_range *reg = dev->reg_count > dev->window_count ? &dev->reg[0] : NULL;
	struct diag_msg *msg;

	if (!dev->pci.host) {
		msg = diag_error(d, 561, dev->reset.pos, "'%s' is no PCI host that 'pci-flr' knows", dev->name.s);
		diag_help(msg, "it is for 'compatible: pci-host-ecam-generic'; others have a list of steps, or none");
	} else if (reg == NULL || reg->size < RESET_BUS_SIZE || !IS_ALIGNED(reg->base, RESET_BUS_SIZE)) {
		msg = diag_error(d, 561, dev->reset.pos, "'%s' has no configuration space for a bus", dev->name.s);
		diag_help(msg, "the first range of 'reg' has 1 MiB for each bus, aligned to 1 MiB");
	} else if (!dev->pci.has_buses) {
		msg = diag_error(d, 561, dev->reset.pos, "the buses of '%s' are not known", dev->name.s);
		diag_help(msg, "bus-range: [first, last], among its properties, both 0..255");
	}
}

/* One warning for all such devices of a domain. */
static void masters_check(struct diag *d, const struct model *m, const struct groups *o, size_t domain)
{
	size_t *list = calloc(o->first[domain + 1] - o->first[domain] + 1, sizeof(list[0]));
	size_t count = 0;

	for (size_t n = o->first[domain]; list != NULL && n < o->first[domain + 1]; n++) {
		const struct m_device *dev = &m->board.devices[o->list[n]];

		if (dev->reset.kind == RESETS_NOT_SAID && device_is_master(dev)) {
			list[count++] = o->list[n];
		}
	}
	if (count > 0) {
		const struct m_device *dev = &m->board.devices[list[0]];
		struct diag_msg *msg = diag_warning(d, 562, dev->dma_pos.file != NULL ? dev->dma_pos : dev->pos,
						    "'%s' is a DMA master of '%s', which can be restarted, and has no 'reset'",
						    dev->name.s, m->domains[domain].name.s);

		diag_label(msg, "what it was told to do goes on in the next run");
		if (count > 1) {
			char *names = device_names(&m->board, list + 1, count - 1, NAMES_MAX);

			diag_note(msg, pos_none, "%zu more: %s", count - 1, names);
			free(names);
		}
		diag_help(msg, "add 'reset: pci-flr' for a PCI host, 'reset: [{write: [offset, value]}]', or 'reset: "
			       "none' if that is accepted");
	}
	free(list);
}

void check_resets(struct diag *d, const struct model *m)
{
	for (size_t i = 0; i < m->board.device_count; i++) {
		const struct m_device *dev = &m->board.devices[i];

		if (!dev->enabled) {
			continue;
		}
		for (size_t n = 0; n < dev->reset.step_count; n++) {
			step_check(d, dev, &dev->reset.steps[n]);
		}
		if (dev->reset.kind == RESETS_PCI) {
			pci_check(d, dev);
		}
	}
}

void check_restarts(struct diag *d, const struct model *m)
{
	struct groups o = owned_list(m);

	for (size_t i = 0; i < m->domain_count; i++) {
		if (model_restarts(m, &m->domains[i])) {
			masters_check(d, m, &o, i);
		}
	}
	groups_free(&o);
}
