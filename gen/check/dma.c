// SPDX-License-Identifier: Apache-2.0
/* DMA masters: which IOMMU confines them, and what follows when none does. */
#include <stdlib.h>
#include <string.h>

#include "check/loose.h"
#include "check/parts.h"

#define NAMES_MAX 8u

static void note_others(struct diag_msg *msg, const struct m_board *b, const struct loose *l)
{
	if (l->count > 1) {
		const char *have = l->count == 2 ? " has" : "s have";
		char *names = device_names(b, l->devices + 1, l->count - 1, NAMES_MAX);
		char *all = device_names(b, l->devices + 1, l->count - 1, SIZE_MAX);
		size_t len = strlen(names);
		bool cut = len > 3 && strcmp(names + len - 3, "...") == 0;

		diag_note(msg, pos_none, "%zu more master%s this problem: %s%s", l->count - 1, have, names,
			  cut ? " (--all lists them)" : "");
		diag_note_all(msg, "%zu more master%s this problem: %s", l->count - 1, have, all);
		free(names);
		free(all);
	}
}

/* Why the first of the loose masters is the domain's affair, when it is not its own. */
static void note_page(struct diag_msg *msg, const struct m_board *b, const struct m_domain *dom,
		      const struct loose *l)
{
	if (l->page_of != MODEL_NONE) {
		const struct m_device *mate = &b->devices[l->page_of];
		diag_note(msg, mate->pos, "'%s' of '%s' has a page in common with '%s', declared", mate->name.s,
			  dom->name.s, b->devices[l->devices[0]].name.s);
	}
}

/* Moved RAM: without an IOMMU the device takes the guest's addresses for the
 * machine's and hits somebody else's memory. No reason makes that right. */
static bool moved_check(struct diag *d, const struct model *m, const struct loose *all, size_t domain)
{
	const struct m_domain *dom = &m->domains[domain];
	const struct m_ram *moved = domain_moved(dom);

	if (moved == NULL) {
		return false;
	}
	struct loose l = loose_find(m, all, domain, LOOSE_BARE | LOOSE_UNCOUNTED, true);
	bool found = l.count > 0;
	if (found) {
		bool own = l.page_of == MODEL_NONE;
		const struct m_device *dev = &m->board.devices[l.devices[0]];
		const struct m_domain *off = device_uncounted(m, l.devices[0]);
		struct diag_msg *msg = diag_error(d, 304, moved->pos,
						  "memory of '%s' is moved, but %s '%s'%s has no IOMMU%s",
						  dom->name.s, own ? "its DMA master" : "the DMA master",
						  dev->name.s, own ? "" : ", which it reaches,",
						  off != NULL ? " that counts" : "");
		diag_label(msg, "the domain's addresses are not the machine's");
		if (off != NULL) {
			diag_note(msg, off->iommu_pos, "'iommu: \"off\"' of '%s' is said", off->name.s);
		} else {
			diag_note(msg, dev->pos,
				  "'%s' would write to whatever lies at the address it is given, declared",
				  dev->name.s);
		}
		note_page(msg, &m->board, dom, &l);
		note_others(msg, &m->board, &l);
		if (off != NULL) {
			diag_help(msg, "remove 'iommu: \"off\"' from '%s', or leave 'ipa' out", off->name.s);
		} else {
			diag_help(msg,
				  "leave 'ipa' out, so that memory is seen where it is; or give '%s' to "
				  "another domain",
				  own ? dev->name.s : m->board.devices[l.page_of].name.s);
		}
	}
	loose_free(&l);
	return found;
}

/* What to do about a master without an IOMMU that is not to have one. */
static void required_help(struct diag_msg *msg, const struct m_domain *dom, const struct m_device *dev)
{
	if (!rids_covered(dev)) {
		diag_help(msg, "map all of its requester IDs, 0..0xffff, under 'iommu-map', or accept "
			       "it with 'unprotected: \"<reason>\"'");
	} else if (dev->link_count != 0) {
		diag_help(msg, "remove 'iommu: \"off\"' from '%s'", dom->name.s);
	} else {
		diag_help(msg, "add 'iommus:', drop the device, or accept it with 'unprotected: "
			       "\"<reason>\"'");
	}
}

static void required_check(struct diag *d, const struct model *m, const struct loose *all, size_t domain)
{
	const struct m_domain *dom = &m->domains[domain];
	bool required = dom->iommu == IOMMU_REQUIRED;

	/* Alone in the machine, a domain can only hurt itself. */
	if (!required && m->domain_count < 2) {
		return;
	}
	struct loose l = loose_find(m, all, domain, LOOSE_BARE, false);
	if (l.count > 0) {
		const struct m_device *dev = &m->board.devices[l.devices[0]];
		const char *of = l.page_of == MODEL_NONE ? "of" : "within reach of";
		struct pos at = dev->dma_pos.file != NULL ? dev->dma_pos : dev->pos;
		struct diag_msg *msg;
		if (required) {
			msg = diag_error(d, 303, at,
					 "'%s' is a DMA master %s %s with no IOMMU, but %s sets 'iommu: "
					 "required'",
					 dev->name.s, of, dom->name.s, dom->name.s);
		} else {
			msg = diag_warning(
				d, 303, at, "'%s' is a DMA master %s %s with no IOMMU%s, and %s is not alone",
				dev->name.s, of, dom->name.s, !rids_covered(dev)	? " for some requester IDs"
				: dev->link_count != 0 ? " in use"
						       : "",
				dom->name.s);
		}
		diag_label(msg, "could read or write every domain's memory");
		if (required) {
			diag_note(msg, dom->iommu_pos, "'iommu: required' is said");
		}
		note_page(msg, &m->board, dom, &l);
		note_others(msg, &m->board, &l);
		required_help(msg, dom, dev);
	}
	loose_free(&l);
}

/* An IOMMU that nobody programs confines nothing, whatever the board says of it: that
 * is the guest's own affair only where there is nobody else and addresses are true. */
static void undriven_check(struct diag *d, const struct model *m, const struct loose *all, size_t domain)
{
	const struct m_domain *dom = &m->domains[domain];
	const struct m_ram *moved = domain_moved(dom);

	if (m->domain_count < 2 && moved == NULL && dom->iommu != IOMMU_REQUIRED) {
		return;
	}
	struct loose l = loose_find(m, all, domain, LOOSE_UNDRIVEN, true);
	if (l.count > 0) {
		const struct m_device *dev = &m->board.devices[l.devices[0]];
		const struct m_iommu_link *link = device_undriven(m, dev);
		bool own = l.page_of == MODEL_NONE;
		struct diag_msg *msg = diag_error(d, 316, link->pos,
						  "DMA of '%s', which '%s' %s, would not be confined: nobody "
						  "needs the IPMMU '%s', so it is not driven",
						  dev->name.s, dom->name.s, own ? "owns" : "reaches",
						  m->board.iommus[link->iommu].name.s);
		diag_label(msg, "could read or write every domain's memory");
		if (moved != NULL) {
			diag_note(msg, moved->pos, "memory of '%s' is moved", dom->name.s);
		} else if (dom->iommu == IOMMU_REQUIRED) {
			diag_note(msg, dom->iommu_pos, "'iommu: required' is said");
		} else {
			diag_note(msg, dom->pos, "'%s' is one of %zu domains, declared", dom->name.s,
				  m->domain_count);
		}
		note_page(msg, &m->board, dom, &l);
		note_others(msg, &m->board, &l);
		diag_help(msg,
			  "say 'status: disabled' for such devices in board.yaml%s", moved != NULL
			  ? ", or leave 'ipa' out and have one domain alone"
			  : ", or 'iommu: \"off\"' in the domain if it is trusted with all memory");
	}
	loose_free(&l);
}

/* Who does its DMA through another's device does it with the other's rights. */
static void via_check(struct diag *d, const struct model *m, size_t device)
{
	const struct m_device *dev = &m->board.devices[device];
	size_t owner = device_owner(m, device);

	for (size_t i = 0; i < dev->via_count; i++) {
		const struct m_device *via = &m->board.devices[dev->vias[i]];
		size_t other = device_owner(m, dev->vias[i]);
		if (dev->vias[i] == device) {
			struct diag_msg *msg = diag_error(d, 309, dev->pos,
							  "'%s' does its DMA through itself", dev->name.s);
			diag_help(msg, "say 'dma-master: true' in place of 'dma-via'");
		} else if (owner < m->domain_count && other != owner) {
			struct diag_msg *msg = diag_error(d, 308, dev->pos,
							  "'%s' belongs to '%s', but '%s', which does its "
							  "DMA, to %s%s%s",
							  dev->name.s, owner_name(m, owner), via->name.s,
							  other < m->domain_count ? "'" : "",
							  owner_name(m, other),
							  other < m->domain_count ? "'" : "");
			diag_note(msg, via->pos, "'%s' is declared", via->name.s);
			diag_help(msg,
				  "give both to one domain: what '%s' reaches in memory is what '%s' may "
				  "reach",
				  dev->name.s, via->name.s);
		}
	}
}

static void reason_check(struct diag *d, const struct m_device *dev)
{
	if (dev->unprotected.s == NULL) {
		return;
	}
	if (dev->link_count > 0 && rids_covered(dev)) {
		struct diag_msg *msg = diag_error(d, 310, dev->unprotected.pos,
						  "'%s' has an IOMMU and is called "
						  "unprotected",
						  dev->name.s);
		diag_note(msg, dev->links[0].pos, "its IOMMU is named");
		diag_help(msg, "remove one of the two");
	} else if (!device_is_master(dev)) {
		struct diag_msg *msg = diag_error(d, 310, dev->unprotected.pos,
						  "'%s' is called unprotected but is no DMA "
						  "master",
						  dev->name.s);
		diag_help(msg, "add 'dma-master: true', or remove 'unprotected'");
	}
}

/* What no IOMMU does for the domain's loose masters. */
static const char *lack_verb(const struct m_domain *dom)
{
	return dom->iommu == IOMMU_OFF ? "counts" : "translates";
}

/* Bits 16 and 17 of Xen's features follow from the board; another answer changes what
 * Linux does with its devices. */
static void xen_check(struct diag *d, const struct model *m, const struct loose *all, size_t domain)
{
	const struct m_domain *dom = &m->domains[domain];
	struct diag_msg *msg;

	if (dom->xen_dma == XEN_DMA_AUTO) {
		return;
	}
	if (dom->guest_abi != ABI_XEN) {
		msg = diag_warning(d, 531, dom->xen_dma_pos, "'xen-dma' says nothing to '%s'", dom->name.s);
		diag_help(msg, "it is for domains with 'guest-abi: xen'");
		return;
	}
	struct loose l = loose_find(m, all, domain, LOOSE_ANY, true);
	if ((dom->xen_dma == XEN_DMA_NOT_DIRECT) != (l.count == 0)) {
		msg = diag_warning(d, 532, dom->xen_dma_pos, "'%s' is told by force that its memory is %sdirect-mapped",
				   dom->name.s, dom->xen_dma == XEN_DMA_DIRECT ? "" : "not ");
		if (l.count == 0) {
			diag_label(msg, "an IOMMU translates for each of its DMA masters");
		} else {
			diag_label(msg, "of its DMA masters, no IOMMU %s for %zu", lack_verb(dom), l.count);
		}
		diag_help(msg, "xen-dma: auto tells it what is proved of the board");
	}
	loose_free(&l);
}

/* Told that its addresses are the machine's, Linux does all its DMA with those, past its own
 * stage 1, which has nothing there. */
static void stage1_check(struct diag *d, const struct model *m, const struct loose *all, size_t domain)
{
	const struct m_domain *dom = &m->domains[domain];
	struct loose l = loose_find(m, all, domain, LOOSE_ANY, true);
	bool forced = dom->xen_dma == XEN_DMA_DIRECT;

	if (dom->vsmmu.given && dom->guest_abi == ABI_XEN &&
	    (forced || (dom->xen_dma == XEN_DMA_AUTO && l.count != 0))) {
		struct diag_msg *msg = diag_error(d, 322, dom->vsmmu.pos,
						  "Linux in '%s' would do no DMA through its virtual SMMUv3", dom->name.s);
		if (forced) {
			diag_label(msg, "it is told that its memory is direct-mapped");
			diag_note(msg, dom->xen_dma_pos, "'xen-dma' is said");
			diag_help(msg, "viommu: none, or xen-dma: auto");
		} else {
			const struct m_device *dev = &m->board.devices[l.devices[0]];

			diag_label(msg, "of its DMA masters, no IOMMU %s for %zu, so Xen's ABI says that its memory is "
				   "direct-mapped", lack_verb(dom), l.count);
			diag_note(msg, dev->dma_pos.file != NULL ? dev->dma_pos : dev->pos, "'%s' is one", dev->name.s);
			diag_help(msg, "viommu: none, or do not give '%s' such devices, or xen-dma: not-direct-mapped if "
				  "they are not used", dom->name.s);
		}
	}
	loose_free(&l);
}

void check_dma(struct diag *d, const struct model *m)
{
	for (size_t i = 0; i < m->board.device_count; i++) {
		reason_check(d, &m->board.devices[i]);
		if (m->board.devices[i].enabled) {
			via_check(d, m, i);
		}
	}
	struct loose all = loose_list(m);
	for (size_t i = 0; i < m->domain_count; i++) {
		if (!moved_check(d, m, &all, i)) {
			required_check(d, m, &all, i);
		}
		undriven_check(d, m, &all, i);
		xen_check(d, m, &all, i);
		stage1_check(d, m, &all, i);
	}
	loose_free(&all);
}
