// SPDX-License-Identifier: Apache-2.0
/* The board's devices in a domain's tree: its own, and what these refer to. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "emit/dtb.h"

#define INTID_SPI 32u

/* Nothing that one domain could have and another not: a fixed clock, a regulator
 * that is always on. Every tree that refers to it gets a copy. */
static bool is_description(const struct m_device *dev)
{
	return dev->reg_count == 0 && dev->irq_count == 0 && dev->link_count == 0;
}

/* Whether the domain has the MSI frame that the device's messages go to. */
static bool has_messages(const struct dtb *t, const struct m_device *dev)
{
	return dev->msi_parent < t->p->m->board.device_count && t->shown[dev->msi_parent] &&
	       t->p->m->board.devices[dev->msi_parent].class == CLASS_MSI_FRAME;
}

static void show(struct dtb *t, size_t i)
{
	t->shown[i] = true;
	t->list[t->count++] = i;
}

/* Marks what device i refers to, and shows it if it is a description. */
static void references_show(struct dtb *t, size_t i)
{
	const struct m_board *b = &t->p->m->board;
	const struct m_device *dev = &b->devices[i];

	if (has_messages(t, dev)) {
		t->referred[dev->msi_parent] = true;
	}
	for (size_t n = 0; n < dev->prop_count; n++) {
		for (size_t c = 0; c < dev->props[n].cell_count; c++) {
			const char *ref = dev->props[n].cells[c].ref;
			size_t to = ref == NULL ? STRMAP_NONE : strmap_get(&t->p->device_names, ref);
			if (to == STRMAP_NONE) {
				continue;
			}
			t->referred[to] = true;
			if (!t->shown[to] && is_description(&b->devices[to])) {
				show(t, to);
			}
		}
	}
}

static int index_compare(const void *a, const void *b)
{
	const size_t *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

void dtb_devices_choose(struct dtb *t)
{
	const struct m_board *b = &t->p->m->board;

	for (size_t i = 0; i < t->dom->device_count; i++) {
		const struct m_device *dev = &b->devices[t->dom->devices[i]];
		if (dev->compatible_count + dev->prop_count > 0) {
			show(t, t->dom->devices[i]);
		}
	}
	/* What is shown on the way stands behind. */
	for (size_t i = 0; i < t->count; i++) {
		references_show(t, t->list[i]);
	}
	qsort(t->list, t->count, sizeof(t->list[0]), index_compare);
}

void dtb_device_path(const struct dtb *t, size_t i, char path[DTB_PATH_MAX])
{
	const struct m_device *dev = &t->p->m->board.devices[i];

	if (dev->reg_count > dev->window_count) {
		snprintf(path, DTB_PATH_MAX, "/%s@%" PRIx64, dev->name.s, dev->reg[0].base);
	} else {
		snprintf(path, DTB_PATH_MAX, "/%s", dev->name.s);
	}
}

/* The phandle that "&name" stands for, 0: it is not in this tree. */
static uint32_t phandle_of(const struct dtb *t, const char *ref)
{
	if (strcmp(ref, "gic") == 0) {
		return PHANDLE_GIC;
	}
	size_t i = strmap_get(&t->p->device_names, ref);
	return i != STRMAP_NONE && t->shown[i] ? PHANDLE_DEVICES + (uint32_t)i : 0;
}

static bool refers(const struct m_prop *prop, const char *ref)
{
	for (size_t i = 0; i < prop->cell_count; i++) {
		if (prop->cells[i].ref != NULL && strcmp(prop->cells[i].ref, ref) == 0) {
			return true;
		}
	}
	return false;
}

/* One message for all properties that refer to what the domain does not have. */
static void missed_tell(struct dtb *t, const struct m_device *dev, const struct m_prop *prop,
			const struct m_cell *c)
{
	size_t to = strmap_get(&t->p->device_names, c->ref), count = 0;
	struct diag_msg *m;

	if (to != STRMAP_NONE && t->missed[to]) {
		return;
	}
	for (size_t i = 0; i < t->count; i++) {
		const struct m_device *user = &t->p->m->board.devices[t->list[i]];
		for (size_t n = 0; n < user->prop_count; n++) {
			count += refers(&user->props[n], c->ref);
		}
	}
	m = diag_warning(t->d, 555, c->pos, "'%s' of '%s' refers to '%s', which domain '%s' does not have",
			 prop->name, dev->name.s, c->ref, t->dom->m->name.s);
	if (count > 1) {
		diag_note(m, pos_none, "the property is left out of the domain's device tree, and so %s %zu more that "
			  "refer%s to '%s'", count == 2 ? "is" : "are", count - 1, count == 2 ? "s" : "", c->ref);
	} else {
		diag_note(m, pos_none, "the property is left out of the domain's device tree");
	}
	diag_help(m, "give the domain '%s' as well, or remove the reference%s", c->ref, count > 1 ? "s" : "");
	if (to != STRMAP_NONE) {
		t->missed[to] = true;
	}
}

static void cells_write(struct dtb *t, const struct m_device *dev, const struct m_prop *prop)
{
	uint32_t *cells = arena_array(t->p->arena, prop->cell_count, sizeof(cells[0]));

	for (size_t i = 0; i < prop->cell_count; i++) {
		const struct m_cell *c = &prop->cells[i];
		cells[i] = c->ref == NULL ? c->value : phandle_of(t, c->ref);
		if (c->ref != NULL && cells[i] == 0) {
			missed_tell(t, dev, prop, c);
			return;
		}
	}
	dtb_cells(t, prop->name, cells, prop->cell_count);
}

static void props_write(struct dtb *t, const struct m_device *dev)
{
	for (size_t i = 0; i < dev->prop_count; i++) {
		const struct m_prop *prop = &dev->props[i];
		switch (prop->kind) {
		case PROP_EMPTY:
			dtb_empty(t, prop->name);
			break;
		case PROP_STRINGS:
			dtb_strings(t, prop->name, prop->strings, prop->string_count);
			break;
		case PROP_CELLS:
			cells_write(t, dev, prop);
			break;
		}
	}
}

/* Where its messages go, if the domain has any. */
static void msis_write(struct dtb *t, const struct m_device *dev)
{
	uint32_t *cells = arena_array(t->p->arena, 4 * dev->msi_count, sizeof(cells[0]));
	size_t count = 0;

	for (size_t i = 0; i < dev->msi_count && t->dom->msi != NULL; i++) {
		const struct m_msi_link *l = &dev->msis[i];
		const uint32_t parent[] = {PHANDLE_ITS, l->first};
		if (!l->mapped) {
			dtb_cells(t, "msi-parent", parent, ARRAY_SIZE(parent));
			continue;
		}
		cells[count++] = l->rid;
		cells[count++] = PHANDLE_ITS;
		cells[count++] = l->first;
		cells[count++] = l->count;
	}
	if (count > 0) {
		dtb_cells(t, "msi-map", cells, count);
	}
}

/* The arm,gic-v2m-frame binding; what its registers say of SPIs is overridden by the
 * board's word, which was checked. */
static void frame_write(struct dtb *t, const struct m_device *dev)
{
	if (dev->class == CLASS_MSI_FRAME) {
		dtb_empty(t, "msi-controller");
		dtb_u32(t, "arm,msi-base-spi", (uint32_t)dev->msi_spis.base + INTID_SPI);
		dtb_u32(t, "arm,msi-num-spis", (uint32_t)dev->msi_spis.size);
	}
	if (has_messages(t, dev)) {
		dtb_u32(t, "msi-parent", PHANDLE_DEVICES + (uint32_t)dev->msi_parent);
	}
}

static void device_write(struct dtb *t, size_t i)
{
	const struct m_device *dev = &t->p->m->board.devices[i];
	char path[DTB_PATH_MAX];

	dtb_device_path(t, i, path);
	dtb_node(t, "%s", path + 1);
	if (dev->compatible_count > 0) {
		dtb_strings(t, "compatible", dev->compatible, dev->compatible_count);
	}
	if (dev->reg_count > dev->window_count) {
		dtb_reg(t, dev->reg, dev->reg_count - dev->window_count);
	}
	if (dev->irq_count > dev->msi_irqs) {
		dtb_interrupts(t, dev->irqs, dev->irq_count - dev->msi_irqs);
	}
	if (t->referred[i]) {
		dtb_u32(t, "phandle", PHANDLE_DEVICES + (uint32_t)i);
	}
	dtb_streams(t, i);
	msis_write(t, dev);
	frame_write(t, dev);
	props_write(t, dev);
	dtb_end(t);
}

void dtb_devices(struct dtb *t)
{
	size_t console = t->dom->m->console == CONSOLE_DEVICE ? t->dom->m->console_device : MODEL_NONE;

	/* Drivers find devices in this order. One that gives a serial port without an alias the first
	 * number that is free (Linux's sh-sci) would give away the console's. */
	if (console != MODEL_NONE && t->shown[console]) {
		device_write(t, console);
	}
	for (size_t i = 0; i < t->count; i++) {
		if (t->list[i] != console) {
			device_write(t, t->list[i]);
		}
	}
}
