// SPDX-License-Identifier: Apache-2.0
/* Shared memory and doorbells: what system.yaml declares, and which domain has what of it. */
#include "model/build.h"

static void regions_build(struct build *b, const struct node *n)
{
	size_t room = get_given(n) ? n->count : 0;

	b->m->regions = arena_array(b->a, room, sizeof(b->m->regions[0]));
	for (size_t i = 0; i < room; i++) {
		const struct node *item = n->items[i];
		const struct node *base = node_get(item, "base"), *attr = node_get(item, "attribute");
		struct m_region *r = &b->m->regions[i];

		*r = (struct m_region){
			.name = get_string(n->keys[i]),
			.size = get_number(node_get(item, "size")).v,
			.has_base = get_given(base),
			.base = get_number(base).v,
			.attr = ATTR_NORMAL_NC,
			.pos = n->keys[i]->pos,
		};
		(void)get_attr(attr, &r->attr);
		r->attr_pos = get_given(attr) ? attr->pos : r->pos;
		r->base_pos = get_given(base) ? base->pos : r->pos;
		names_add(b, &b->regions, n->keys[i]->text, i);
	}
	b->m->region_count = room;
}

void build_shared(struct build *b, const struct node *tree)
{
	const struct node *bells = node_get(tree, "doorbells");

	regions_build(b, node_get(tree, "shared-memory"));
	b->m->bells = get_strings(b, bells, &b->m->bell_count);
	for (size_t i = 0; i < b->m->bell_count; i++) {
		const struct m_string *bell = &b->m->bells[i];
		size_t first = strmap_get(&b->bells.map, bell->s);

		if (first != STRMAP_NONE) {
			struct diag_msg *m = diag_error(b->d, 122, bell->pos, "two doorbells are named '%s'", bell->s);

			diag_note(m, b->m->bells[first].pos, "the first is declared");
			diag_help(m, "remove one, or give it another name");
			continue;
		}
		names_add(b, &b->bells, bell->s, i);
	}
}

static void shares_build(struct build *b, struct m_domain *dom, const struct node *n)
{
	static const char *const access[] = {"rw", "ro", NULL};
	size_t room = get_given(n) ? n->count : 0;

	dom->shares = arena_array(b->a, room, sizeof(dom->shares[0]));
	for (size_t i = 0; i < room; i++) {
		const struct node *name = node_get(n->items[i], "name"), *ipa = node_get(n->items[i], "ipa");
		size_t region = get_given(name) ? build_find(b, &b->regions, name, "shared memory") : MODEL_NONE;

		if (region != MODEL_NONE) {
			const struct m_region *r = &b->m->regions[region];

			dom->shares[dom->share_count++] = (struct m_share){
				.region = region,
				.has_ipa = get_given(ipa) || r->has_base,
				.ipa = get_given(ipa) ? get_number(ipa).v : r->base,
				.write = get_enum(node_get(n->items[i], "access"), access, 0) == 0,
				.pos = n->items[i]->pos,
				.ipa_pos = get_given(ipa) ? ipa->pos : n->items[i]->pos,
				.name_pos = name->pos,
			};
		}
	}
}

void build_uses(struct build *b, struct m_domain *dom, const struct node *n)
{
	const struct node *bells = node_get(n, "doorbells");
	size_t room = get_given(bells) ? bells->count : 0;

	shares_build(b, dom, node_get(n, "shared-memory"));
	dom->bells = arena_array(b->a, room, sizeof(dom->bells[0]));
	for (size_t i = 0; i < room; i++) {
		const struct node *item = bells->items[i], *name = node_get(item, "name");
		size_t bell = get_given(name) ? build_find(b, &b->bells, name, "doorbell") : MODEL_NONE;

		if (bell != MODEL_NONE) {
			dom->bells[dom->bell_count++] = (struct m_bell){
				.bell = bell,
				.reg = get_range(node_get(item, "reg")),
				.irq = get_irq(node_get(item, "interrupt")),
				.pos = item->pos,
				.name_pos = name->pos,
			};
		}
	}
}
