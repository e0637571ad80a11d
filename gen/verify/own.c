// SPDX-License-Identifier: Apache-2.0
/* Who should have what, from the YAML alone (and the RAM that the plan chose). */
#include <inttypes.h>

#include "subject.h"

#define RAM_ATTR (MEMORY_WB | ATTR_READ | ATTR_WRITE | ATTR_EXEC | ATTR_INNER)

struct span own_pages(const struct range *r)
{
	return (struct span){ALIGN_DOWN(r->base, PAGE_SIZE), ALIGN_UP(r->base + r->size, PAGE_SIZE)};
}

void expects_add(struct mem *m, struct expects *e, struct expect x)
{
	if (x.size == 0) {
		return;
	}
	e->v = mem_grow(m, e->v, e->count, &e->cap, sizeof(x));
	e->v[e->count++] = x;
}

static void own_add_thing(struct subject *s, const char *name, const struct range *r)
{
	if (r->size == 0) {
		return;
	}
	s->things = mem_grow(s->mem, s->things, s->thing_count, &s->thing_cap, sizeof(*s->things));
	s->things[s->thing_count++] = (struct thing){name, r->base, r->base + r->size, r->at};
}

/* An ITS or an IOMMU among the devices is nobody's, whoever is named as its owner. */
static void own_list_engines(struct subject *s)
{
	for (size_t i = 0; i < s->board->device_count; i++) {
		const struct device *d = &s->board->devices[i];

		for (size_t j = 0; d->engine != NULL && j < d->reg_count; j++) {
			own_add_thing(s, mem_print(s->mem, "'%s', %s,", d->name, d->engine), &d->reg[j]);
		}
	}
}

/* The pages that the hypervisor runs in, where they are not those that it was loaded to. */
static void own_list_home(struct subject *s, const struct range *image)
{
	const struct home *h = &s->pages.home;

	for (uint64_t va = image->base; h->colors.of != 0 && va < image->base + image->size; va += PAGE_SIZE) {
		uint64_t pa = home_pa(h, va);

		spans_add(s->mem, &s->home, pa, pa + PAGE_SIZE);
	}
	for (size_t i = 0; i < s->home.count; i++) {
		struct range pages = {s->home.v[i].lo, s->home.v[i].hi - s->home.v[i].lo,
				      s->board->hypervisor_colors.at};

		own_add_thing(s, "the hypervisor's RAM", &pages);
	}
}

static struct range own_doorbell(const struct its *its)
{
	return (struct range){.base = its->reg.base + ITS_FRAME, .size = PAGE_SIZE, .at = its->reg.at};
}

bool own_is_doorbell(const struct subject *s, int domain, uint64_t lo, uint64_t hi)
{
	const struct its *its = domain >= 0 ? board_domain_its(s->board, (size_t)domain) : NULL;
	struct range page = its != NULL ? own_doorbell(its) : (struct range){.size = 0};

	return its != NULL && lo >= page.base && hi <= page.base + page.size;
}

/* An ITS is the hypervisor's, but for the page that messages are written to: that is
 * mapped in every domain whose devices send any, and in no other. */
static void own_list_itses(struct subject *s)
{
	for (size_t i = 0; i < s->board->its_count; i++) {
		const struct its *its = &s->board->itses[i];
		struct range before = its->reg, behind = its->reg;
		bool used = false;

		for (size_t d = 0; d < s->board->domain_count; d++) {
			used = used || board_domain_its(s->board, d) == its;
		}
		if (used) {
			before.size = ITS_FRAME;
			behind.base = its->reg.base + ITS_FRAME + PAGE_SIZE;
			behind.size = its->reg.size > ITS_FRAME + PAGE_SIZE ? its->reg.size - ITS_FRAME - PAGE_SIZE : 0;
			own_add_thing(s, "an ITS", &behind);
		}
		own_add_thing(s, "an ITS", &before);
	}
}

/* The hypervisor's RAM, its payload store, the GIC, the IOMMUs, its console; and
 * what is left of the RAM. */
void own_list_things(struct subject *s)
{
	const struct board *b = s->board;
	const struct gic *g = &b->gic;
	const struct mem_range *store = &s->image.board.store;
	struct range image = {s->image.board.image.base, b->hypervisor_size, b->load_at};
	struct range carried = {store->base, store->size, b->load_at};

	own_add_thing(s, "the hypervisor's RAM", &image);
	own_add_thing(s, "the payload store", &carried);
	own_list_home(s, &image);
	own_add_thing(s, "the GIC's distributor", &g->gicd);
	own_add_thing(s, "the GIC's redistributors", &g->gicr);
	own_add_thing(s, "the GIC's physical CPU interface", &g->gicc);
	own_add_thing(s, "the GIC's hypervisor interface", &g->gich);
	own_list_itses(s);
	for (size_t i = 0; i < b->iommu_count; i++) {
		own_add_thing(s, "an IOMMU", &b->iommus[i]);
	}
	if (b->ipmmu_powered) {
		const struct range sysc = {.base = IPMMU_SYSC, .size = PAGE_SIZE, .at = b->ipmmus[0].at};

		own_add_thing(s, "the power controller of the IPMMUs", &sysc);
	}
	if (b->console != NULL && b->console->owner == OWNER_HYPERVISOR) {
		for (size_t i = 0; i < b->console->reg_count; i++) {
			own_add_thing(s, "the hypervisor's console", &b->console->reg[i]);
		}
	}
	own_list_engines(s);
	for (size_t i = 0; i < b->ram_count; i++) {
		spans_add(s->mem, &s->usable, ALIGN_UP(b->ram[i].base, PAGE_SIZE),
			  ALIGN_DOWN(b->ram[i].base + b->ram[i].size, PAGE_SIZE));
	}
	for (size_t i = 0; i < b->reserved_count; i++) {
		struct span pages = own_pages(&b->reserved[i]);

		spans_remove(s->mem, &s->usable, pages.lo, pages.hi);
	}
	spans_remove(s->mem, &s->usable, image.base, image.base + image.size);
	spans_remove(s->mem, &s->usable, carried.base, carried.base + carried.size);
	for (size_t i = 0; i < s->home.count; i++) {
		const struct span *pages = &s->home.v[i];

		if (!spans_hold(&s->usable, pages->lo, pages->hi)) {
			report_fail(s->report, PROPERTY_HYPERVISOR, NULL, pages->lo, pages->hi,
				    &s->board->hypervisor_colors.at, NULL,
				    "the hypervisor's pages are not free RAM of the board");
		}
		spans_remove(s->mem, &s->usable, pages->lo, pages->hi);
	}
}

/* GICv2: the virtual CPU interface stands where the physical one is. */
static void own_expect_gicv(struct subject *s, struct guest *g)
{
	const struct gic *gic = &s->board->gic;
	uint64_t size = gic->gicc.size < gic->gicv.size ? gic->gicc.size : gic->gicv.size;

	if (gic->version != GIC_V2) {
		return;
	}
	expects_add(s->mem, &g->expects,
		    (struct expect){.in = gic->gicc.base,
				    .out = gic->gicv.base,
				    .size = ALIGN_UP(size, PAGE_SIZE),
				    .attr = gic->attr | ATTR_READ | ATTR_WRITE,
				    .name = "the GIC's virtual CPU interface",
				    .at = gic->gicv.at});
}

/* The doorbell of the ITS that the domain's devices use, where it is. */
static void own_expect_doorbell(struct subject *s, struct guest *g)
{
	const struct its *its = board_domain_its(s->board, (size_t)g->index);
	struct range page;

	if (its == NULL) {
		return;
	}
	page = own_doorbell(its);
	expects_add(s->mem, &g->expects,
		    (struct expect){.in = page.base,
				    .out = page.base,
				    .size = page.size,
				    .attr = s->board->gic.attr | ATTR_READ | ATTR_WRITE,
				    .name = "the ITS's doorbell",
				    .at = its->reg.at});
}

/* All but the RAM that `all-others` leaves, and RAM whose addresses are all the
 * plan's choice. */
void own_expect(struct subject *s, struct guest *g)
{
	demand_expect(s, g);
	own_expect_gicv(s, g);
	own_expect_doorbell(s, g);
	shared_expect(s, g);
	for (size_t i = 0; i < g->yaml->ram_count; i++) {
		const struct ram *r = &g->yaml->ram[i];

		if (r->has_base || r->has_ipa) {
			expects_add(s->mem, &g->expects,
				    (struct expect){.in = r->ipa,
						    .out = r->base,
						    .size = r->size,
						    .attr = RAM_ATTR,
						    .free = !r->has_base,
						    .name = "memory",
						    .at = r->at});
		}
		if (r->has_base) {
			spans_add(s->mem, &g->ram, r->base, r->base + r->size);
		}
	}
}

/* `memory: all-others`: what is left when every other domain has its share. */
void own_expect_rest(struct subject *s, struct guest *g)
{
	struct spans rest = {.count = 0};

	for (size_t i = 0; i < s->usable.count; i++) {
		spans_add(s->mem, &rest, s->usable.v[i].lo, s->usable.v[i].hi);
	}
	for (size_t i = 0; i < s->board->region_count; i++) {
		spans_remove(s->mem, &rest, s->regions[i].lo, s->regions[i].hi);
	}
	for (size_t i = 0; i < s->guest_count; i++) {
		for (size_t j = 0; j < s->guests[i].ram.count; j++) {
			spans_remove(s->mem, &rest, s->guests[i].ram.v[j].lo, s->guests[i].ram.v[j].hi);
		}
	}
	for (size_t i = 0; i < rest.count; i++) {
		expects_add(s->mem, &g->expects,
			    (struct expect){.in = rest.v[i].lo,
					    .out = rest.v[i].lo,
					    .size = rest.v[i].hi - rest.v[i].lo,
					    .attr = RAM_ATTR,
					    .name = "memory",
					    .at = g->yaml->memory_at});
		spans_add(s->mem, &g->ram, rest.v[i].lo, rest.v[i].hi);
	}
}

const char *own_name(const struct subject *s, uint64_t pa, struct place *at)
{
	for (size_t i = 0; i < s->thing_count; i++) {
		if (pa >= s->things[i].lo && pa < s->things[i].hi) {
			*at = s->things[i].at;
			return s->things[i].name;
		}
	}
	for (size_t i = 0; i < s->board->device_count; i++) {
		const struct device *d = &s->board->devices[i];

		for (size_t j = 0; j < d->reg_count; j++) {
			struct span pages = own_pages(&d->reg[j]);

			if (pa >= pages.lo && pa < pages.hi) {
				*at = d->reg[j].at;
				return mem_print(s->mem, "device '%s'", d->name);
			}
		}
	}
	for (size_t i = 0; i < s->board->region_count; i++) {
		if (s->regions != NULL && pa >= s->regions[i].lo && pa < s->regions[i].hi) {
			*at = s->board->regions[i].at;
			return mem_print(s->mem, "shared memory '%s'", s->board->regions[i].name);
		}
	}
	for (size_t i = 0; i < s->guest_count; i++) {
		struct span common;

		if (spans_meet(&s->guests[i].ram, pa, pa + 1, &common)) {
			*at = s->guests[i].yaml->memory_at;
			return mem_print(s->mem, "memory of domain '%s'", s->guests[i].yaml->name);
		}
	}
	*at = (struct place){.file = NULL};
	for (size_t i = 0; i < s->board->ram_count; i++) {
		if (pa >= s->board->ram[i].base && pa - s->board->ram[i].base < s->board->ram[i].size) {
			*at = s->board->ram[i].at;
			return "RAM that nobody has";
		}
	}
	return "nothing that the YAML names";
}
