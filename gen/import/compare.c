// SPDX-License-Identifier: Apache-2.0
/* The machine: CPUs, RAM, the interrupt controller, the timer. */
#include "import/compare.h"

#include "types.h"

typedef unsigned long long ull;

static void cpus_compare(struct import *im, struct diag *d, const struct m_board *b)
{
	for (size_t i = 0; i < b->cpu_count; i++) {
		bool there = false;
		for (size_t k = 0; k < im->cpu_count; k++) {
			there = there || im->cpus[k].mpidr == b->cpus[i].mpidr.v;
		}
		if (!there) {
			struct diag_msg *m = diag_error(d, 715, b->cpus[i].mpidr.pos, "the device tree has no CPU with MPIDR "
							"0x%llx to use", (ull)b->cpus[i].mpidr.v);
			diag_note(m, (struct pos){.file = im->file}, "its CPUs are below /cpus,");
		}
	}
}

/* Only what the tree itself says of RAM counts, and not what the import supposed. */
static void ram_compare(struct import *im, struct diag *d, const struct m_board *b)
{
	for (size_t i = 0; i < b->ram_count && !im->ram_supposed; i++) {
		const struct m_range *r = &b->ram[i];
		bool inside = false;
		for (size_t k = 0; k < im->ram_count; k++) {
			inside = inside || (r->base >= im->ram[k].base && r->base + (r->size - 1) <= i_last(&im->ram[k]));
		}
		if (!inside) {
			struct diag_msg *m = diag_error(d, 715, r->pos, "RAM that the device tree does not have");
			diag_label(m, "[0x%llx..0x%llx)", (ull)r->base, (ull)(r->base + r->size));
			diag_help(m, "its first bank is [0x%llx, 0x%llx]", (ull)im->ram[0].base, (ull)im->ram[0].size);
		}
	}
}

static void part_compare(struct import *im, struct diag *d, const char *name, const struct m_range *r,
			 const struct i_range *is)
{
	if (r->size != 0 && is->size != 0 && r->base != is->base) {
		struct diag_msg *m = diag_error(d, 715, r->pos, "'%s' is not where the device tree has it", name);
		diag_note(m, pos_none, "its node is %s", tree_path(im->a, im->gic));
		diag_help(m, "%s: [0x%llx, 0x%llx]", name, (ull)is->base, (ull)is->size);
	}
}

static void gic_compare(struct import *im, struct diag *d, const struct m_gic *g)
{
	if (g->version != im->gic_version) {
		struct diag_msg *m = diag_error(d, 715, g->version_pos, "the device tree has a GICv%u", im->gic_version);
		diag_note(m, pos_none, "its node is %s", tree_path(im->a, im->gic));
		return;
	}
	part_compare(im, d, "gicd", &g->gicd, &im->gicd);
	part_compare(im, d, "gicr", &g->gicr, &im->gicr);
	part_compare(im, d, "gicc", &g->gicc, &im->gicc);
	part_compare(im, d, "gich", &g->gich, &im->gich);
	part_compare(im, d, "gicv", &g->gicv, &im->gicv);
}

static void timer_compare(struct import *im, struct diag *d, const struct m_timer *t)
{
	static const char *const names[] = {"secure", "physical", "virtual", "hypervisor"};
	const struct m_irq *irqs[] = {&t->secure, &t->physical, &t->virt, &t->hyp};

	for (size_t i = 0; i < ARRAY_SIZE(irqs); i++) {
		if (irqs[i]->pos.file != NULL && irqs[i]->number != im->timer[i].number) {
			struct diag_msg *m = diag_error(d, 715, irqs[i]->pos,
							"the %s timer has PPI %u in the device tree", names[i],
							im->timer[i].number);
			diag_help(m, "%s: {ppi: %u}", names[i], im->timer[i].number);
		}
	}
}

void compare_board(struct import *im, struct diag *d, const struct model *m)
{
	cpus_compare(im, d, &m->board);
	ram_compare(im, d, &m->board);
	gic_compare(im, d, &m->board.gic);
	timer_compare(im, d, &m->board.timer);
	compare_iommus(im, d, m);
	compare_devices(im, d, m);
}
