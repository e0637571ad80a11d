// SPDX-License-Identifier: Apache-2.0
/* Who owns which registers, with which attributes. */
#include <inttypes.h>
#include <stdlib.h>

#include "report/report.h"

/* A line of the table. */
struct entry {
	const char *name;
	const char *what;      /* the hypervisor's own: what it is; NULL: a device of the board */
	const struct m_range *reg;
	size_t reg_count;
	size_t window_count;
	enum m_attr attr;
	size_t owner;
	size_t device;         /* index, MODEL_NONE: none of the board's devices */
};

static const char *const classes[] = {
	[CLASS_MMIO] = "registers", [CLASS_GIC] = "interrupt controller", [CLASS_SRAM] = "memory",
	[CLASS_FRAMEBUFFER] = "frame buffer", [CLASS_FIRMWARE_WINDOW] = "firmware\xe2\x80\x99s window",
	[CLASS_MSI_FRAME] = "MSI frame",
};

static int entry_compare(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;

	/* Those without registers at the end, as written. */
	if (x->reg_count == 0 || y->reg_count == 0) {
		return x->reg_count != y->reg_count && x->reg_count * y->reg_count == 0 ?
			       (x->reg_count == 0 ? 1 : -1) : (x->device > y->device) - (x->device < y->device);
	}
	if (x->reg[0].base != y->reg[0].base) {
		return x->reg[0].base < y->reg[0].base ? -1 : 1;
	}
	return (x->device > y->device) - (x->device < y->device);
}

static void own_add(struct entry *list, size_t *count, const char *name, const char *what,
		    const struct m_range *reg)
{
	if (reg->size != 0) {
		list[(*count)++] = (struct entry){.name = name, .what = what, .reg = reg, .reg_count = 1,
						  .attr = ATTR_DEVICE_NGNRE, .owner = OWNER_HV, .device = MODEL_NONE};
	}
}

static size_t entries_list(const struct page *g, struct entry **list)
{
	const struct m_board *b = &g->p->m->board;
	const struct m_gic *gic = &b->gic;
	size_t room = b->device_count + b->iommu_count + gic->its_count + 5;
	struct entry *e = arena_array(g->p->arena, room, sizeof(e[0]));
	size_t count = 0;

	own_add(e, &count, "GICD", "interrupt controller", &gic->gicd);
	own_add(e, &count, "GICR", "interrupt controller", &gic->gicr);
	own_add(e, &count, "GICC", "interrupt controller", &gic->gicc);
	own_add(e, &count, "GICH", "interrupt controller", &gic->gich);
	own_add(e, &count, "GICV", "interrupt controller; each domain\xe2\x80\x99s CPUs reach it as GICC",
		&gic->gicv);
	for (size_t i = 0; i < gic->its_count; i++) {
		own_add(e, &count, gic->its[i].name.s, "interrupt translation", &gic->its[i].reg);
	}
	for (size_t i = 0; i < b->iommu_count; i++) {
		own_add(e, &count, b->iommus[i].name.s, b->iommus[i].type == IOMMU_SMMUV3 ? "SMMUv3" : "IPMMU",
			&b->iommus[i].reg);
	}
	for (size_t i = 0; i < b->device_count; i++) {
		const struct m_device *dev = &b->devices[i];

		if (dev->enabled) {
			size_t owner = report_owner(g->p, i);

			/* The hypervisor maps what it drives in one way. */
			e[count++] = (struct entry){.name = dev->name.s, .reg = dev->reg, .reg_count = dev->reg_count,
						    .window_count = dev->window_count,
						    .attr = owner == OWNER_HV ? ATTR_DEVICE_NGNRE : dev->attr,
						    .owner = owner, .device = i};
		}
	}
	qsort(e, count, sizeof(e[0]), entry_compare);
	*list = e;
	return count;
}

static void irqs_put(const struct page *g, const struct m_device *dev)
{
	for (size_t i = 0; i < dev->irq_count; i++) {
		size_t run = 1;

		while (i + run < dev->irq_count && dev->irqs[i + run].type == dev->irqs[i].type &&
		       dev->irqs[i + run].number == dev->irqs[i].number + run) {
			run++;
		}
		fprintf(g->out, "%s%s\xc2\xa0%" PRIu32, i == 0 ? "" : ", ", dev->irqs[i].type == IRQ_SPI ? "SPI" : "PPI",
			dev->irqs[i].number);
		if (run > 1) {
			fprintf(g->out, "\xe2\x80\x93%" PRIu64, (uint64_t)dev->irqs[i].number + run - 1);
		}
		i += run - 1;
	}
}

static void attr_put(const struct page *g, const struct entry *e)
{
	const struct m_device *dev = e->device == MODEL_NONE ? NULL : &g->p->m->board.devices[e->device];

	if (e->reg_count == 0) {
		return;
	}
	if (e->owner == OWNER_NOBODY) {
		fputs("not mapped", g->out);
		return;
	}
	fputs(attr_names[e->attr], g->out);
	if (dev != NULL && dev->read_only) {
		fputs(", read only", g->out);
	}
	if (dev != NULL && dev->exec) {
		fputs(", executable", g->out);
	}
}

static void entry_put(const struct page *g, struct table *t, const struct entry *e)
{
	const struct m_device *dev = e->device == MODEL_NONE ? NULL : &g->p->m->board.devices[e->device];

	table_row(t);
	table_cell(t);
	html_text(g->out, e->name);
	table_cell(t);
	report_put_owner(g, e->owner);
	table_cell(t);
	for (size_t i = 0; i < e->reg_count; i++) {
		fputs(i == 0 ? "" : "<br>", g->out);
		html_range(g->out, e->reg[i].base, e->reg[i].size);
		if (i >= e->reg_count - e->window_count) {
			fputs(" (window)", g->out);
		}
	}
	table_cell(t);
	attr_put(g, e);
	table_cell(t);
	if (dev != NULL) {
		irqs_put(g, dev);
	}
	table_cell(t);
	if (dev == NULL) {
		fputs(e->what, g->out);
	} else if (dev->compatible_count != 0) {
		html_text(g->out, dev->compatible[0]);
	} else {
		fputs(e->reg_count == 0 ? "no registers" : classes[dev->class], g->out);
	}
}

static void disabled_put(const struct page *g)
{
	const struct m_board *b = &g->p->m->board;
	const char *comma = "<p>Disabled in the board file, and nobody\xe2\x80\x99s: ";

	for (size_t i = 0; i < b->device_count; i++) {
		if (!b->devices[i].enabled) {
			fputs(comma, g->out);
			html_text(g->out, b->devices[i].name.s);
			comma = ", ";
		}
	}
	fputs(comma[0] == ',' ? ".</p>\n" : "", g->out);
}

void report_devices(const struct page *g)
{
	static const char *const heads[] = {"Device", "Owner", "Addresses", "Attribute", "Interrupts", "What"};
	struct entry *list;
	size_t count = entries_list(g, &list);
	struct table t;

	fputs("<section id=\"devices\"><h2>Devices</h2>\n<p>By address. The hypervisor\xe2\x80\x99s own are "
		"reached by no "
	      "domain.</p>\n", g->out);
	table_begin(&t, g->out, "Devices and their owners", heads, ARRAY_SIZE(heads));
	for (size_t i = 0; i < count; i++) {
		entry_put(g, &t, &list[i]);
	}
	table_end(&t);
	disabled_put(g);
	fputs("</section>\n", g->out);
}
