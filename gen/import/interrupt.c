// SPDX-License-Identifier: Apache-2.0
/*
 * Interrupts, followed to the GIC: `interrupt-parent` of the node or above it,
 * `interrupts-extended`, and through every `interrupt-map` on the way (Devicetree
 * Specification, 2.4). What ends at another controller is that one's affair.
 */
#include <string.h>

#include "import/import.h"

#define STEPS_MAX 16 /* interrupt-maps in a row */
#define CELLS_MAX 8u
#define SPI_MAX 987u
#define PPI_MAX 15u

/* Linux' numbers (the arm,gic binding, cell 3). */
#define FLAG_EDGE_RISING 1u
#define FLAG_EDGE_FALLING 2u
#define FLAG_LEVEL_LOW 8u
#define FLAGS 0xfu

/* A specifier on its way: the unit address of the node it came from, then its own cells. */
struct spec {
	uint32_t unit[CELLS_MAX], cells[CELLS_MAX];
	uint32_t unit_count, count;
};

static const struct t_node *parent_of(const struct import *im, const struct t_node *n)
{
	while (n != NULL) {
		const struct t_prop *p = tree_prop(n, "interrupt-parent");

		n = tree_cells(p) > 0 ? tree_by_phandle(&im->t, tree_cell(p, 0)) : n->parent;
		if (n == NULL || tree_prop(n, "#interrupt-cells") != NULL) {
			return n;
		}
		if (tree_cells(p) > 0) {
			return NULL; /* a controller that is none */
		}
	}
	return NULL;
}

static enum irq_why gic_irq(const struct spec *s, struct i_irq *irq)
{
	uint32_t flags;

	if (s->count < 3) {
		return IRQ_BAD;
	}
	*irq = (struct i_irq){.ppi = s->cells[0] == 1, .number = s->cells[1], .trigger = TRIGGER_LEVEL_HIGH};
	flags = s->cells[2] & FLAGS;
	if (flags == FLAG_LEVEL_LOW) {
		irq->trigger = TRIGGER_LEVEL_LOW;
	} else if ((flags & FLAG_EDGE_RISING) != 0) {
		irq->trigger = TRIGGER_EDGE_RISING;
	} else if (flags == FLAG_EDGE_FALLING) {
		irq->trigger = TRIGGER_EDGE_FALLING;
	}
	return s->cells[0] > 1 || irq->number > (irq->ppi ? PPI_MAX : SPI_MAX) ? IRQ_BAD : IRQ_OK;
}

/* One step through an interrupt-map. The map's entry becomes the specifier. */
static const struct t_node *map_step(const struct import *im, const struct t_node *c, struct spec *s)
{
	const struct t_prop *map = tree_prop(c, "interrupt-map"), *mask = tree_prop(c, "interrupt-map-mask");
	uint32_t units = tree_u32(c, "#address-cells", 0);
	size_t at = 0, width = (size_t)units + s->count;

	while (at + width + 1 <= tree_cells(map) && units <= CELLS_MAX) {
		const struct t_node *to = tree_by_phandle(&im->t, tree_cell(map, at + width));
		uint32_t to_units = to == NULL ? 0 : tree_u32(to, "#address-cells", 0);
		uint32_t to_cells = to == NULL ? 0 : tree_u32(to, "#interrupt-cells", 0);
		bool same = to != NULL;

		if (to == NULL || to_units > CELLS_MAX || to_cells == 0 || to_cells > CELLS_MAX) {
			return NULL;
		}
		for (size_t i = 0; i < width; i++) {
			uint32_t has = i < units ? (i < s->unit_count ? s->unit[i] : 0) : s->cells[i - units];
			uint32_t bits = i < tree_cells(mask) ? tree_cell(mask, i) : UINT32_MAX;

			same = same && (has & bits) == (tree_cell(map, at + i) & bits);
		}
		at += width + 1;
		if (at + to_units + to_cells > tree_cells(map)) {
			return NULL;
		}
		if (same) {
			*s = (struct spec){.unit_count = to_units, .count = to_cells};
			for (size_t i = 0; i < to_units + to_cells; i++) {
				*(i < to_units ? &s->unit[i] : &s->cells[i - to_units]) = tree_cell(map, at + i);
			}
			return to;
		}
		at += to_units + to_cells;
	}
	return NULL;
}

static enum irq_why spec_follow(const struct import *im, const struct t_node *c, struct spec *s,
				struct i_irq *irq, const struct t_node **by)
{
	for (int step = 0; step < STEPS_MAX && c != NULL; step++) {
		*by = c;
		if (c == im->gic) {
			return gic_irq(s, irq);
		}
		if (tree_prop(c, "interrupt-map") == NULL) {
			return IRQ_ELSEWHERE;
		}
		c = map_step(im, c, s);
	}
	return IRQ_BAD;
}

/* Begins a specifier at a cell of a property; false: there are not so many cells. */
static bool spec_begin(struct spec *s, const struct t_node *n, const struct t_node *c,
		       const struct t_prop *p, size_t at)
{
	const struct t_prop *reg = tree_prop(n, "reg");
	uint32_t units = address_cells(n);

	*s = (struct spec){.count = tree_u32(c, "#interrupt-cells", 0)};
	if (s->count == 0 || s->count > CELLS_MAX || at + s->count > tree_cells(p)) {
		return false;
	}
	for (uint32_t i = 0; i < s->count; i++) {
		s->cells[i] = tree_cell(p, at + i);
	}
	for (uint32_t i = 0; i < units && i < CELLS_MAX && i < tree_cells(reg); i++) {
		s->unit[s->unit_count++] = tree_cell(reg, i);
	}
	return true;
}

enum irq_why interrupt_resolve(const struct import *im, const struct t_node *c, const struct t_prop *p,
			       size_t at, struct i_irq *irq, const struct t_node **by)
{
	struct spec s = {.count = tree_u32(c, "#interrupt-cells", 0)};

	*by = c;
	if (s.count == 0 || s.count > CELLS_MAX || at + s.count > tree_cells(p)) {
		return IRQ_BAD;
	}
	for (uint32_t i = 0; i < s.count; i++) {
		s.cells[i] = tree_cell(p, at + i);
	}
	return spec_follow(im, c, &s, irq, by);
}

/* Place of the next interrupt of a node; SIZE_MAX: no more, or no way to go on. */
struct walk {
	const struct t_prop *p;
	bool extended;
	size_t at;
};

static bool walk_next(const struct import *im, const struct t_node *n, struct walk *w, struct i_irq *irq,
		      enum irq_why *why, const struct t_node **by)
{
	const struct t_node *c;
	struct spec s;

	*by = NULL;
	*why = IRQ_BAD;
	if (w->at >= tree_cells(w->p)) {
		return false;
	}
	c = w->extended ? tree_by_phandle(&im->t, tree_cell(w->p, w->at)) : parent_of(im, n);
	w->at += w->extended ? 1 : 0;
	if (w->extended && c == NULL && tree_cell(w->p, w->at - 1) == 0) {
		return true; /* an empty place */
	}
	if (c == NULL || !spec_begin(&s, n, c, w->p, w->at)) {
		w->at = tree_cells(w->p);
		return true;
	}
	w->at += s.count;
	*by = c;
	*why = spec_follow(im, c, &s, irq, by);
	return true;
}

static struct walk walk_begin(const struct t_node *n)
{
	const struct t_prop *p = tree_prop(n, "interrupts-extended");

	return (struct walk){.p = p != NULL ? p : tree_prop(n, "interrupts"), .extended = p != NULL};
}

enum irq_why interrupt_at(const struct import *im, const struct t_node *n, size_t i, struct i_irq *irq)
{
	struct walk w = walk_begin(n);
	const struct t_node *by;
	enum irq_why why;

	while (walk_next(im, n, &w, irq, &why, &by)) {
		if (i-- == 0) {
			return why;
		}
	}
	return IRQ_BAD;
}

bool interrupt_list(struct import *im, const struct t_node *n, struct i_irq **irqs, size_t *count,
		    struct i_notes *notes)
{
	struct walk w = walk_begin(n);
	const struct t_node *by, *other = NULL;
	size_t bad = 0, elsewhere = 0;
	struct i_irq irq = {0};
	enum irq_why why;

	while (walk_next(im, n, &w, &irq, &why, &by)) {
		if (why == IRQ_OK) {
			*irqs = import_grow(im, *irqs, *count, sizeof(irq));
			(*irqs)[(*count)++] = irq;
		} else if (why == IRQ_ELSEWHERE) {
			other = other == NULL ? by : other;
			elsewhere++;
		} else {
			bad++;
		}
	}
	if (elsewhere > 0) {
		import_note(im, notes, "%zu interrupt%s of %s, which is not the GIC: left out", elsewhere,
			    elsewhere == 1 ? "" : "s", other->name);
	}
	if (bad > 0) {
		import_note(im, notes, "%zu interrupt%s that can be neither SPI 0..987 nor PPI 0..15: left out",
			    bad, bad == 1 ? "" : "s");
	}
	return elsewhere + bad == 0;
}
