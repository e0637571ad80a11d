// SPDX-License-Identifier: Apache-2.0
/*
 * Who reaches a master's registers has its DMA, be it by owning it, by `shares`, or
 * because it lies in the same page and nobody else has it.
 */
#include "check/loose.h"

#include <stdlib.h>

#include "check/parts.h"
#include "check/span.h"
#include "util/arena.h"

bool device_is_master(const struct m_device *dev)
{
	const char *mark;

	return dev->dma_master || device_engine(dev, &mark) == ENGINE_WALKER;
}

/* IPMMUs are driven where somebody needs them. */
const struct m_iommu_link *device_undriven(const struct model *m, const struct m_device *dev)
{
	for (size_t i = 0; i < dev->link_count; i++) {
		if (m->ipmmu_user == MODEL_NONE &&
		    m->board.iommus[dev->links[i].iommu].type != IOMMU_SMMUV3) {
			return &dev->links[i];
		}
	}
	return NULL;
}

static bool domain_is_off(const struct model *m, size_t domain)
{
	return domain < m->domain_count && m->domains[domain].iommu == IOMMU_OFF;
}

/* IOMMUs that are driven stand in front of all that it does. */
static bool device_is_confined(const struct model *m, const struct m_device *dev)
{
	return dev->link_count != 0 && rids_covered(dev) && device_undriven(m, dev) == NULL;
}

const struct m_domain *device_uncounted(const struct model *m, size_t device)
{
	size_t owner = device_owner(m, device);
	bool uncounted = domain_is_off(m, owner) && device_is_confined(m, &m->board.devices[device]);

	return uncounted ? &m->domains[owner] : NULL;
}

static enum loose_why device_why(const struct model *m, size_t device, size_t domain)
{
	if (device_uncounted(m, device) != NULL) {
		return LOOSE_UNCOUNTED;
	}
	if (device_undriven(m, &m->board.devices[device]) == NULL || domain_is_off(m, device_owner(m, device)) ||
	    domain_is_off(m, domain)) {
		return LOOSE_BARE;
	}
	return LOOSE_UNDRIVEN;
}

static bool device_is_loose(const struct model *m, size_t device)
{
	const struct m_device *dev = &m->board.devices[device];

	return device_is_master(dev) && (!device_is_confined(m, dev) || device_uncounted(m, device) != NULL);
}

/* The pages of the domain's devices, ascending. `group` of each becomes the one, of it
 * and those before it, that ends last. */
static struct spans pages_of(const struct model *m, const struct groups *o, size_t domain)
{
	struct spans s = {0};

	for (size_t n = o->first[domain]; n < o->first[domain + 1]; n++) {
		size_t i = o->list[n];
		const struct m_device *dev = &m->board.devices[i];
		for (size_t r = 0; r < dev->reg_count; r++) {
			spans_add(&s, &(struct span){.first = ALIGN_DOWN(dev->reg[r].base, PAGE_SIZE),
						     .last = range_last(&dev->reg[r]) | (PAGE_SIZE - 1),
						     .device = i});
		}
	}
	spans_sort(&s);
	for (size_t i = 0, widest = 0; i < s.count; i++) {
		widest = s.list[i].last > s.list[widest].last ? i : widest;
		s.list[i].group = widest;
	}
	return s;
}

/* The device that has a page in which range r lies, MODEL_NONE: none. */
static size_t pages_meet(const struct spans *s, const struct m_range *r)
{
	size_t low = 0, high = s->count;

	/* The first span that begins behind r. */
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (s->list[middle].first <= range_last(r)) {
			low = middle + 1;
		} else {
			high = middle;
		}
	}
	if (low == 0) {
		return MODEL_NONE;
	}
	const struct span *widest = &s->list[s->list[low - 1].group];
	return widest->last >= r->base ? widest->device : MODEL_NONE;
}

/* In a page with another domain's device by consent of both; without it the page is
 * wrong already (HV0203). */
static bool shared_with(const struct model *m, size_t domain, size_t device)
{
	const struct m_device *dev = &m->board.devices[device];

	for (size_t i = 0; i < dev->share_count; i++) {
		if (device_owner(m, dev->shares[i]) == domain && devices_share(&m->board, device, dev->shares[i])) {
			return true;
		}
	}
	return false;
}

/* The device of the domain in whose page another's lies, so that the domain has that
 * one's registers too; MODEL_NONE: none. */
static size_t neighbour(const struct model *m, size_t domain, const struct spans *s, size_t device)
{
	const struct m_device *dev = &m->board.devices[device];
	size_t found = MODEL_NONE;

	if (device_owner(m, device) != OWNER_NOBODY && !shared_with(m, domain, device)) {
		return MODEL_NONE;
	}
	for (size_t r = 0; r < dev->reg_count && found == MODEL_NONE; r++) {
		found = pages_meet(s, &dev->reg[r]);
	}
	return found;
}

struct loose loose_list(const struct model *m)
{
	struct loose l = {.devices = memory_resize(NULL, m->board.device_count + 1, sizeof(l.devices[0])),
			  .owners = memory_resize(NULL, m->board.device_count + 1, sizeof(l.owners[0])),
			  .owned = owned_list(m),
			  .page_of = MODEL_NONE};

	for (size_t i = 0; i < m->board.device_count; i++) {
		if (device_is_loose(m, i)) {
			l.owners[l.count] = device_owner(m, i);
			l.devices[l.count++] = i;
		}
	}
	return l;
}

struct loose loose_find(const struct model *m, const struct loose *all, size_t domain, unsigned int whys,
			bool excused)
{
	struct loose l = {.devices = memory_resize(NULL, all->count + 1, sizeof(l.devices[0])),
			  .page_of = MODEL_NONE};
	struct spans pages = all->count != 0 ? pages_of(m, &all->owned, domain) : (struct spans){0};

	for (int others = 0; others < 2; others++) {
		for (size_t i = 0; i < all->count; i++) {
			size_t device = all->devices[i], mate = MODEL_NONE;
			if ((all->owners[i] == domain) == (others != 0) ||
			    ((unsigned int)device_why(m, device, domain) & whys) == 0 ||
			    (!excused && m->board.devices[device].unprotected.s != NULL)) {
				continue;
			}
			if (others != 0) {
				mate = neighbour(m, domain, &pages, device);
				l.page_of = l.count == 0 ? mate : l.page_of;
			}
			if (others == 0 || mate != MODEL_NONE) {
				l.devices[l.count++] = device;
			}
		}
	}
	spans_free(&pages);
	return l;
}

void loose_free(struct loose *l)
{
	free(l->devices);
	free(l->owners);
	groups_free(&l->owned);
	*l = (struct loose){.page_of = MODEL_NONE};
}
