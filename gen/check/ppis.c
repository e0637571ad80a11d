// SPDX-License-Identifier: Apache-2.0
/* PPIs: those of the machine are five different ones, and no device's. */
#include "check/parts.h"

#define PPIS 16u

struct use {
	const char *name;
	struct pos pos;
};

static void ppi_take(struct diag *d, struct use *uses, const struct m_irq *irq, const char *name)
{
	if (irq->pos.file == NULL || irq->type != IRQ_PPI || irq->number >= PPIS) {
		return;
	}
	if (uses[irq->number].name == NULL) {
		uses[irq->number] = (struct use){name, irq->pos};
		return;
	}
	struct diag_msg *msg = diag_error(d, 506, irq->pos, "PPI %u of %s is also that of %s", irq->number,
					  name, uses[irq->number].name);
	diag_note(msg, uses[irq->number].pos, "first use");
	diag_help(msg, "correct one of the two numbers; they are PPI numbers, not INTIDs (INTID = PPI + 16)");
}

static void device_ppis(struct diag *d, const struct m_device *dev, const struct use *machine)
{
	for (size_t n = 0; n < dev->irq_count; n++) {
		const struct m_irq *irq = &dev->irqs[n];
		if (irq->type != IRQ_PPI || irq->number >= PPIS || machine[irq->number].name == NULL) {
			continue;
		}
		struct diag_msg *msg = diag_error(d, 506, irq->pos, "PPI %u of '%s' is also that of %s",
						  irq->number, dev->name.s, machine[irq->number].name);
		diag_note(msg, machine[irq->number].pos, "first use");
		diag_help(msg, "correct the number; it is a PPI number, not an INTID (INTID = PPI + 16)");
	}
}

void check_ppis(struct diag *d, const struct model *m)
{
	const struct m_board *b = &m->board;
	struct use uses[PPIS] = {0};

	ppi_take(d, uses, &b->timer.secure, "the secure timer");
	ppi_take(d, uses, &b->timer.physical, "the physical timer");
	ppi_take(d, uses, &b->timer.virt, "the virtual timer");
	ppi_take(d, uses, &b->timer.hyp, "the hypervisor's timer");
	ppi_take(d, uses, &b->gic.maintenance, "the interrupt controller's maintenance");
	for (size_t i = 0; i < b->device_count; i++) {
		device_ppis(d, &b->devices[i], uses);
	}
}
