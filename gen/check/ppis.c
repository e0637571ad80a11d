// SPDX-License-Identifier: Apache-2.0
/* PPIs: those of the machine are five different ones, and no device's. */
#include "check/parts.h"

#define PPIS 16u
#define PPI_PMU 7u /* Server Base System Architecture */

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

/* Xen's events come by a PPI that is nobody's. */
static void events_check(struct diag *d, const struct model *m, const struct use *machine)
{
	const struct m_board *b = &m->board;
	bool used[PPIS] = {[PPI_PMU] = true};
	size_t count = 0;

	for (size_t i = 0; i < b->device_count; i++) {
		for (size_t n = 0; n < b->devices[i].irq_count; n++) {
			const struct m_irq *irq = &b->devices[i].irqs[n];
			if (irq->type == IRQ_PPI && irq->number < PPIS) {
				used[irq->number] = true;
			}
		}
	}
	for (size_t i = 0; i < PPIS; i++) {
		count += used[i] || machine[i].name != NULL ? 1 : 0;
	}
	for (size_t i = 0; count == PPIS && i < m->domain_count; i++) {
		if (m->domains[i].guest_abi == ABI_XEN) {
			struct diag_msg *msg = diag_error(d, 525, m->domains[i].abi_pos,
							  "'%s' asks for 'guest-abi: xen', but all 16 PPIs are in use",
							  m->domains[i].name.s);
			diag_help(msg, "guest-abi: none; events need a PPI that nothing on the board has");
		}
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
	events_check(d, m, uses);
}
