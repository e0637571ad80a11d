// SPDX-License-Identifier: Apache-2.0
/* Virtual IOMMUs: what system.yaml says, and the streams that follow from who owns what. */
#include <string.h>

#include "model/build.h"

#define NESTED_GROUPS_DEFAULT 8u

/* What is virtual is edge triggered: software raises it, and nothing lowers it. */
static struct m_irq virtual_irq(const struct node *n)
{
	struct m_irq irq = get_irq(n);

	irq.trigger = TRIGGER_EDGE_RISING;
	return irq;
}

static void vdevices_build(struct build *b, struct m_vsmmu *v, const struct node *n)
{
	size_t room = get_given(n) ? n->count : 0;

	v->devices = arena_array(b->a, room, sizeof(*v->devices));
	for (size_t i = 0; i < room; i++) {
		const struct node *name = node_get(n->items[i], "device");
		const struct node *id = node_get(n->items[i], "id");
		size_t dev = get_given(name) ? build_find(b, &b->devices, name, "device") : MODEL_NONE;

		if (dev != MODEL_NONE && get_given(id)) {
			v->devices[v->device_count++] = (struct m_vdevice){
				.device = dev,
				.id = (uint32_t)get_number(id).v,
				.pos = id->pos,
				.device_pos = name->pos,
			};
		}
	}
}

void build_vsmmu(struct build *b, struct m_domain *dom, const struct node *n)
{
	struct m_vsmmu *v = &dom->vsmmu;
	const struct node *irqs = node_get(n, "interrupts");

	v->front = MODEL_NONE;
	v->pos = get_given(n) ? n->pos : dom->pos;
	if (!get_given(n) || (n->kind == NODE_SCALAR && strcmp(n->text, "smmuv3") != 0)) {
		return;
	}
	v->given = true;
	v->reg = get_range(node_get(n, "reg"));
	v->own_reg = v->reg.size != 0;
	v->own_irqs = get_given(irqs);
	v->evtq = virtual_irq(node_get(irqs, "eventq"));
	v->gerror = virtual_irq(node_get(irqs, "gerror"));
	v->sync = virtual_irq(node_get(irqs, "cmdq-sync"));
	v->nested_groups = (uint32_t)get_number_or(node_get(n, "nested-groups"), NESTED_GROUPS_DEFAULT);
	vdevices_build(b, v, node_get(n, "streams"));
}

/* The interrupts of the SMMUv3 in whose place the virtual one stands. */
static void irqs_of(struct m_vsmmu *v, const struct m_iommu *mmu)
{
	for (size_t i = 0; i < mmu->irq_count && i < mmu->irq_name_count; i++) {
		enum m_iommu_irq name = mmu->irq_names[i];
		struct m_irq irq = mmu->irqs[i];

		irq.trigger = TRIGGER_EDGE_RISING;
		irq.pos = v->pos;
		if (name == IOMMU_IRQ_EVENTQ || name == IOMMU_IRQ_COMBINED) {
			v->evtq = irq;
		}
		if (name == IOMMU_IRQ_GERROR || name == IOMMU_IRQ_COMBINED) {
			v->gerror = irq;
		}
		if (name == IOMMU_IRQ_SYNC) {
			v->sync = irq;
		}
	}
}

/* Streams of one device; those of its links follow each other if it is renumbered. */
static void device_streams(struct build *b, struct m_vsmmu *v, size_t device)
{
	const struct m_board *board = &b->m->board;
	const struct m_device *dev = &board->devices[device];
	const struct m_vdevice *as = NULL;
	uint64_t next = 0;

	for (size_t i = 0; i < v->device_count; i++) {
		as = v->devices[i].device == device ? &v->devices[i] : as;
	}
	next = as != NULL ? as->id : 0;
	for (size_t l = 0; l < dev->link_count; l++) {
		const struct m_iommu_link *link = &dev->links[l];

		if (board->iommus[link->iommu].type != IOMMU_SMMUV3) {
			continue;
		}
		v->streams[v->stream_count++] = (struct m_vstream){
			.virt = as != NULL ? next : link->first,
			.count = link->count,
			.device = device,
			.link = link,
			.pos = as != NULL ? as->pos : link->id_pos,
		};
		next += link->count;
		v->front = v->front == MODEL_NONE || link->iommu < v->front ? link->iommu : v->front;
	}
}

void build_vstreams(struct build *b)
{
	struct model *m = b->m;

	for (size_t i = 0; i < m->domain_count; i++) {
		struct m_vsmmu *v = &m->domains[i].vsmmu;
		size_t room = 0;

		for (size_t n = 0; n < m->board.device_count && v->given; n++) {
			room += m->device_owner[n] == i ? m->board.devices[n].link_count : 0;
		}
		v->streams = arena_array(b->a, room, sizeof(*v->streams));
		for (size_t n = 0; n < m->board.device_count && v->given; n++) {
			if (m->device_owner[n] == i && m->board.devices[n].enabled) {
				device_streams(b, v, n);
			}
		}
		if (v->front != MODEL_NONE) {
			const struct m_iommu *mmu = &m->board.iommus[v->front];

			if (!v->own_reg) {
				v->reg = (struct m_range){.base = mmu->reg.base, .size = VSMMU_SIZE, .pos = v->pos};
			}
			if (!v->own_irqs) {
				irqs_of(v, mmu);
			}
		}
	}
}
