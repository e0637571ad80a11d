/* SPDX-License-Identifier: Apache-2.0 */
/* Schema-valid nodes to values. */
#include <string.h>

#include "model/build.h"
#include "schema/scalar.h"
#include "types.h"

bool get_given(const struct node *n)
{
	return n != NULL && n->kind != NODE_REFUSED;
}

struct m_string get_string(const struct node *n)
{
	if (!get_given(n) || n->kind != NODE_SCALAR) {
		return (struct m_string){.s = NULL, .pos = pos_none};
	}
	return (struct m_string){.s = n->text, .pos = n->pos};
}

struct m_number get_number(const struct node *n)
{
	struct m_number number = {.v = 0, .given = false, .pos = pos_none};

	if (get_given(n) && n->kind == NODE_SCALAR) {
		number.given = scalar_number(n->text, &number.v);
		number.pos = n->pos;
	}
	return number;
}

uint64_t get_number_or(const struct node *n, uint64_t standard)
{
	struct m_number number = get_number(n);

	return number.given ? number.v : standard;
}

bool get_bool(const struct node *n, bool standard)
{
	return get_given(n) && n->kind == NODE_SCALAR ? strcmp(n->text, "true") == 0 : standard;
}

struct m_range get_range(const struct node *n)
{
	struct m_range r = {.pos = pos_none, .base_pos = pos_none, .size_pos = pos_none};

	if (get_given(n) && n->kind == NODE_SEQUENCE && n->count == 2) {
		r.base = get_number(n->items[0]).v;
		r.size = get_number(n->items[1]).v;
		r.pos = n->pos;
		r.base_pos = n->items[0]->pos;
		r.size_pos = n->items[1]->pos;
	}
	return r;
}

unsigned int get_enum(const struct node *n, const char *const *words, unsigned int standard)
{
	for (unsigned int i = 0; get_given(n) && n->kind == NODE_SCALAR && words[i] != NULL; i++) {
		if (strcmp(n->text, words[i]) == 0) {
			return i;
		}
	}
	return standard;
}

struct m_irq get_irq(const struct node *n)
{
	struct m_irq irq = {.pos = pos_none};
	const struct node *ppi = node_get(n, "ppi");

	if (get_given(n) && n->kind == NODE_MAPPING) {
		irq.type = ppi != NULL ? IRQ_PPI : IRQ_SPI;
		irq.number = (uint32_t)get_number(ppi != NULL ? ppi : node_get(n, "spi")).v;
		irq.intid = irq.number + (irq.type == IRQ_PPI ? 16 : 32);
		irq.trigger = (enum m_trigger)get_enum(node_get(n, "trigger"), trigger_names, TRIGGER_LEVEL_HIGH);
		irq.pos = n->pos;
	}
	return irq;
}

bool get_attr(const struct node *n, enum m_attr *attr)
{
	unsigned int which = get_enum(n, attr_names, ATTR_NORMAL_WB + 1);

	if (which <= ATTR_NORMAL_WB) {
		*attr = (enum m_attr)which;
		return true;
	}
	return false;
}

/* A value or a list of values: its items, refused ones left out. */
static const struct node **get_items(struct build *b, const struct node *n, size_t *count)
{
	size_t room = n != NULL && n->kind == NODE_SEQUENCE ? n->count : 1;
	const struct node **items = arena_array(b->a, room, sizeof(*items));

	*count = 0;
	if (!get_given(n)) {
		return items;
	}
	for (size_t i = 0; i < room; i++) {
		const struct node *item = n->kind == NODE_SEQUENCE ? n->items[i] : n;

		if (get_given(item)) {
			items[(*count)++] = item;
		}
	}
	return items;
}

const char **get_texts(struct build *b, const struct node *n, size_t *count)
{
	const struct node **items = get_items(b, n, count);
	const char **texts = arena_array(b->a, *count, sizeof(*texts));

	for (size_t i = 0; i < *count; i++) {
		texts[i] = items[i]->text;
	}
	return texts;
}

struct m_string *get_strings(struct build *b, const struct node *n, size_t *count)
{
	const struct node **items = get_items(b, n, count);
	struct m_string *strings = arena_array(b->a, *count, sizeof(*strings));

	for (size_t i = 0; i < *count; i++) {
		strings[i] = get_string(items[i]);
	}
	return strings;
}

void get_ranges(struct build *b, const struct node *n, struct m_range **ranges, size_t *count)
{
	bool list = get_given(n) && n->kind == NODE_SEQUENCE && n->count > 0 && n->items[0]->kind != NODE_SCALAR;
	size_t more = !get_given(n) ? 0 : list ? n->count : 1;
	struct m_range *all = arena_array(b->a, *count + more, sizeof(*all));

	if (*count > 0) {
		memcpy(all, *ranges, *count * sizeof(*all));
	}
	for (size_t i = 0; i < more; i++) {
		struct m_range r = get_range(list ? n->items[i] : n);

		if (r.size != 0) {
			all[(*count)++] = r;
		}
	}
	*ranges = all;
}

struct m_irq *get_irqs(struct build *b, const struct node *n, size_t *count)
{
	const struct node **items = get_items(b, n, count);
	struct m_irq *irqs = arena_array(b->a, *count, sizeof(*irqs));

	for (size_t i = 0; i < *count; i++) {
		irqs[i] = get_irq(items[i]);
	}
	return irqs;
}

void names_add(struct build *b, struct names *names, const char *name, size_t index)
{
	strmap_add(&names->map, name, index);
	if ((names->count & (names->count - 1)) == 0) {
		const char **list = arena_array(b->a, names->count == 0 ? 1 : names->count * 2, sizeof(*list));

		if (names->count > 0) {
			memcpy(list, names->list, names->count * sizeof(*list));
		}
		names->list = list;
	}
	names->list[names->count++] = name;
}

size_t build_find(struct build *b, const struct names *names, const struct node *n, const char *noun)
{
	size_t index = strmap_get(&names->map, n->text);
	const char *near;
	struct diag_msg *m;

	if (index != STRMAP_NONE) {
		return index;
	}
	m = diag_error(b->d, 118, n->pos, "no %s is named '%s'", noun, n->text);
	near = diag_kept(m) ? diag_suggest_among(n->text, names->list, names->count) : NULL;
	if (near != NULL) {
		diag_help(m, "did you mean '%s'?", near);
	} else if (names == &b->regions || names == &b->bells) {
		diag_help(m, "declare it: at the top of the system file, '%s'",
			  names == &b->regions ? "shared-memory: {<name>: {size: 0x10000}}" : "doorbells: [<name>]");
	} else if (names->count == 0) {
		diag_help(m, "the board file names none");
	}
	return MODEL_NONE;
}
