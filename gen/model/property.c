/* SPDX-License-Identifier: Apache-2.0 */
/* Device-tree properties. A list is cells when it holds a number or a reference;
 * a text that begins with '&' is a reference. */
#include <string.h>

#include "model/build.h"
#include "schema/scalar.h"
#include "types.h"

static bool is_reference(const struct node *n)
{
	return n->kind == NODE_SCALAR && n->text[0] == '&';
}

static bool is_number(const struct node *n)
{
	return scalar_classify(n) == SCALAR_INTEGER;
}

/* A reference names a device, an IOMMU or the interrupt controller. */
static void reference_check(struct build *b, const struct node *n)
{
	struct node name = *n;
	const char *near;
	struct diag_msg *m;

	name.text = n->text + 1;
	if (strcmp(name.text, "gic") == 0 || strmap_get(&b->devices.map, name.text) != STRMAP_NONE ||
	    strmap_get(&b->iommus.map, name.text) != STRMAP_NONE) {
		return;
	}
	m = diag_error(b->d, 118, n->pos, "\"%s\" refers to nothing: no device is named '%s'", n->text, name.text);
	near = diag_kept(m) ? diag_suggest_among(name.text, b->devices.list, b->devices.count) : NULL;
	if (near != NULL) {
		diag_help(m, "did you mean \"&%s\"?", near);
	}
}

static void property_cells(struct build *b, struct m_prop *prop, struct node *const *items, size_t count)
{
	struct diag_msg *m;

	prop->kind = PROP_CELLS;
	prop->cells = arena_array(b->a, count, sizeof(*prop->cells));
	for (size_t i = 0; i < count; i++) {
		struct m_cell *cell = &prop->cells[prop->cell_count];

		cell->pos = items[i]->pos;
		if (!get_given(items[i])) {
			continue;
		}
		if (is_reference(items[i])) {
			reference_check(b, items[i]);
			cell->ref = items[i]->text + 1;
		} else if (is_number(items[i])) {
			cell->value = (uint32_t)get_number(items[i]).v;
		} else {
			m = diag_error(b->d, 112, items[i]->pos,
				       "'%s' mixes texts with numbers or references", prop->name);
			diag_help(m, "a property is a list of texts, or a list of 32-bit numbers and \"&name\"");
			continue;
		}
		prop->cell_count++;
	}
}

static void property_strings(struct build *b, struct m_prop *prop, struct node *const *items, size_t count)
{
	prop->kind = PROP_STRINGS;
	prop->strings = arena_array(b->a, count, sizeof(*prop->strings));
	for (size_t i = 0; i < count; i++) {
		if (get_given(items[i])) {
			prop->strings[prop->string_count++] = items[i]->text;
		}
	}
}

static void property_build(struct build *b, struct m_prop *prop, struct node *n)
{
	struct node *const *items = n->kind == NODE_SEQUENCE ? n->items : &n;
	size_t count = n->kind == NODE_SEQUENCE ? n->count : 1;
	bool cells = false;
	struct diag_msg *m;

	if (n->kind == NODE_SCALAR && scalar_classify(n) == SCALAR_BOOLEAN) {
		prop->kind = PROP_EMPTY;
		if (strcmp(n->text, "false") == 0) {
			m = diag_error(b->d, 113, n->pos, "property '%s' cannot be false: it is there or it is not",
				       prop->name);
			diag_help(m, "delete the line");
		}
		return;
	}
	for (size_t i = 0; i < count; i++) {
		cells = cells || is_reference(items[i]) || is_number(items[i]);
	}
	if (cells) {
		property_cells(b, prop, items, count);
	} else {
		property_strings(b, prop, items, count);
	}
}

/* Written into the node by the generator, from keys of the device. A second one of
 * that name would say something that was never checked. */
static const struct {
	const char *name;
	const char *key; /* NULL: the generator knows by itself */
} written[] = {
	{"compatible", "compatible"},	   {"reg", "reg"},
	{"interrupts", "interrupts"},	   {"interrupts-extended", "interrupts"},
	{"interrupt-parent", "interrupts"}, {"status", "status"},
	{"iommus", "iommus"},		   {"iommu-map", "iommu-map"},
	{"iommu-map-mask", "iommu-map"},   {"phandle", NULL},
	{"msi-parent", "msi-parent"},	   {"msi-map", "msi-map"},
	{"msi-map-mask", "msi-map"},	   {"msi-controller", "class: msi-frame"},
	{"arm,msi-base-spi", "msi-spis"},  {"arm,msi-num-spis", "msi-spis"},
	{"linux,phandle", NULL},	   {"name", NULL},
};

static void name_check(struct build *b, const struct m_device *dev, const struct node *key)
{
	struct diag_msg *m;
	size_t i = 0;

	while (i < ARRAY_SIZE(written) && strcmp(written[i].name, key->text) != 0) {
		i++;
	}
	if (i == ARRAY_SIZE(written)) {
		return;
	}
	m = diag_error(b->d, 125, key->pos, "property '%s' of '%s' is the generator's to write", key->text,
		       dev->name.s);
	if (written[i].key != NULL) {
		diag_help(m, "say it with the device's own key '%s', outside 'properties'", written[i].key);
	} else {
		diag_help(m, "delete the line");
	}
}

void build_properties(struct build *b, struct m_device *dev, const struct node *n)
{
	size_t room = get_given(n) ? n->count : 0;

	dev->props = arena_array(b->a, room, sizeof(*dev->props));
	for (size_t i = 0; i < room; i++) {
		if (get_given(n->items[i])) {
			struct m_prop *prop = &dev->props[dev->prop_count++];

			prop->name = n->keys[i]->text;
			prop->pos = n->keys[i]->pos;
			name_check(b, dev, n->keys[i]);
			property_build(b, prop, n->items[i]);
		}
	}
}
