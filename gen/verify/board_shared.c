// SPDX-License-Identifier: Apache-2.0
/* Shared memory and doorbells of system.yaml, and which domain has which. */
#include "board.h"
#include "runs.h"

static void shared_read_regions(struct board *b, const struct yaml_item *map)
{
	size_t count = map != NULL && map->kind == YAML_MAP ? map->count : 0;

	b->regions = mem_alloc(b->mem, count, sizeof(*b->regions));
	for (size_t i = 0; i < count; i++) {
		const struct yaml_item *item = map->values[i];
		struct region *r = &b->regions[b->region_count++];

		r->name = map->keys[i]->text;
		r->at = map->keys[i]->at;
		r->has_base = yaml_get(item, "base") != NULL;
		r->base = board_number(b, item, "base", 0);
		r->size = board_number(b, item, "size", 0);
		r->type = board_type(b, yaml_get(item, "attribute"), MEMORY_NC);
		if (r->size == 0 || r->base + r->size < r->base || (r->type != MEMORY_NC && r->type != MEMORY_WB)) {
			board_refuse(b, item, "not a piece of memory to share");
		}
	}
}

static void shared_read_bells(struct board *b, const struct yaml_item *list)
{
	size_t count = list != NULL && list->kind == YAML_LIST ? list->count : 0;

	b->bells = mem_alloc(b->mem, count, sizeof(*b->bells));
	for (size_t i = 0; i < count; i++) {
		b->bells[b->bell_count++] = list->values[i]->text;
	}
}

static struct share shared_read_use(struct board *b, const struct domain *d, const struct yaml_item *item)
{
	const struct yaml_item *name = yaml_get(item, "name"), *access = yaml_get(item, "access");
	struct share s = {.region = 0, .at = item->at};

	while (s.region < b->region_count && !yaml_is(name, b->regions[s.region].name)) {
		s.region++;
	}
	s.write = access == NULL || yaml_is(access, "rw");
	if (s.region == b->region_count || (!s.write && !yaml_is(access, "ro"))) {
		board_refuse(b, item, "no such shared memory, or no such access");
		return s;
	}
	s.ipa = board_number(b, item, "ipa", b->regions[s.region].base);
	if (s.ipa + b->regions[s.region].size < s.ipa ||
	    (yaml_get(item, "ipa") == NULL && !b->regions[s.region].has_base)) {
		board_refuse(b, item, "shared memory without an address");
	}
	for (size_t i = 0; i < d->share_count; i++) {
		if (d->shares[i].region == s.region) {
			board_refuse(b, item, "the same shared memory twice");
		}
	}
	return s;
}

static struct bell shared_read_end(struct board *b, const struct domain *d, const struct yaml_item *item)
{
	struct bell e = {.bell = 0, .at = item->at};

	while (e.bell < b->bell_count && !yaml_is(yaml_get(item, "name"), b->bells[e.bell])) {
		e.bell++;
	}
	e.reg = board_range(b, yaml_get(item, "reg"));
	e.irq = board_irq(b, yaml_get(item, "interrupt"));
	if (e.bell == b->bell_count || e.reg.size == 0 || e.irq.intid == 0) {
		board_refuse(b, item, "no such doorbell, or none without registers and interrupt");
	}
	for (size_t i = 0; i < d->bell_count; i++) {
		if (d->bells[i].bell == e.bell) {
			board_refuse(b, item, "the same doorbell twice");
		}
	}
	return e;
}

void board_read_shared(struct board *b, const struct yaml_item *root)
{
	const struct yaml_item *domains = yaml_get(root, "domains");

	shared_read_regions(b, yaml_get(root, "shared-memory"));
	shared_read_bells(b, yaml_get(root, "doorbells"));
	for (size_t i = 0; i < b->domain_count; i++) {
		const struct yaml_item *uses = yaml_get(domains->values[i], "shared-memory");
		const struct yaml_item *ends = yaml_get(domains->values[i], "doorbells");
		struct domain *d = &b->domains[i];

		d->shares = mem_alloc(b->mem, uses != NULL ? uses->count : 0, sizeof(*d->shares));
		for (size_t n = 0; uses != NULL && n < uses->count; n++) {
			d->shares[d->share_count] = shared_read_use(b, d, uses->values[n]);
			d->share_count++;
		}
		d->bells = mem_alloc(b->mem, ends != NULL ? ends->count : 0, sizeof(*d->bells));
		for (size_t n = 0; ends != NULL && n < ends->count; n++) {
			d->bells[d->bell_count] = shared_read_end(b, d, ends->values[n]);
			d->bell_count++;
		}
	}
}
