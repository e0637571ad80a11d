// SPDX-License-Identifier: Apache-2.0
/* IOMMUs and the links of devices to them. */
#include <stdlib.h>

#include "check/parts.h"
#include "util/arena.h"

#define ROOT_BITS 32u
#define IPMMU_DOMAINS 7u /* 8 contexts, one of which blocks whatever nobody owns */

static const char *id_noun(const struct m_iommu *mmu)
{
	return mmu->type == IOMMU_IPMMU ? "uTLB" : "stream ID";
}

/* "uTLB 48" and "stream ID 0x0120", as their documents write them. */
static struct size_text id_text(const struct m_iommu *mmu, uint32_t id)
{
	struct size_text t;

	snprintf(t.s, sizeof(t.s), mmu->type == IOMMU_IPMMU ? "%s %u" : "%s 0x%04x", id_noun(mmu), id);
	return t;
}

static void root_check(struct diag *d, const struct m_board *b, const struct m_iommu *mmu)
{
	if (mmu->type != IOMMU_IPMMU) {
		if (mmu->root != MODEL_NONE || mmu->root_bit.given) {
			struct diag_msg *msg = diag_error(d, 305, mmu->pos,
							  "'%s' is an SMMUv3 and has no root", mmu->name.s);
			diag_help(msg, "remove 'root' and 'root-bit'");
		}
		return;
	}
	if (mmu->root == MODEL_NONE) {
		if (mmu->root_bit.given) {
			struct diag_msg *msg = diag_error(d, 305, mmu->root_bit.pos,
							  "'%s' has a root-bit but no root", mmu->name.s);
			diag_help(msg, "add 'root: <name>', or remove 'root-bit' if it is the root itself");
		}
		return;
	}
	const struct m_iommu *root = &b->iommus[mmu->root];
	if (root->type != IOMMU_IPMMU || root->root != MODEL_NONE) {
		struct diag_msg *msg = diag_error(d, 305, mmu->root_pos, "the root of '%s' cannot be '%s'",
						  mmu->name.s, root->name.s);
		diag_label(msg, "%s",
			   root == mmu                 ? "itself"
			   : root->type != IOMMU_IPMMU ? "an SMMUv3"
						       : "a cache, too");
		diag_note(msg, root->pos, "'%s' is declared", root->name.s);
		diag_help(msg, "name the one that has no 'root' of its own");
	} else if (!mmu->root_bit.given) {
		struct diag_msg *msg = diag_error(d, 305, mmu->pos, "'%s' has a root but no root-bit",
						  mmu->name.s);
		diag_help(msg,
			  "add 'root-bit: N', its number at '%s' (the second cell of renesas,ipmmu-main)",
			  root->name.s);
	}
}

void check_iommus(struct diag *d, const struct model *m)
{
	const struct m_board *b = &m->board;
	size_t *taken = memory_resize(NULL, b->iommu_count + 1, ROOT_BITS * sizeof(taken[0]));

	for (size_t i = 0; i < b->iommu_count * ROOT_BITS; i++) {
		taken[i] = MODEL_NONE;
	}
	for (size_t i = 0; i < b->iommu_count; i++) {
		const struct m_iommu *mmu = &b->iommus[i];
		root_check(d, b, mmu);
		if (mmu->root >= b->iommu_count || !mmu->root_bit.given || mmu->root_bit.v >= ROOT_BITS) {
			continue;
		}
		size_t *slot = &taken[mmu->root * ROOT_BITS + mmu->root_bit.v];
		if (*slot == MODEL_NONE) {
			*slot = i;
			continue;
		}
		struct diag_msg *msg = diag_error(d, 306, mmu->root_bit.pos,
						  "root-bit %llu of '%s' is used by '%s' and "
						  "'%s'",
						  (ull)mmu->root_bit.v, b->iommus[mmu->root].name.s,
						  b->iommus[*slot].name.s, mmu->name.s);
		diag_note(msg, b->iommus[*slot].root_bit.pos, "first use");
		diag_help(msg, "each cache has a bit of its own: the second cell of renesas,ipmmu-main");
	}
	free(taken);
}

/* One link, for finding IDs that are used twice. */
struct use {
	size_t iommu;
	uint64_t first;
	uint64_t last;
	size_t device;
	const struct m_iommu_link *link;
};

static int use_compare(const void *a, const void *b)
{
	const struct use *x = a, *y = b;

	if (x->iommu != y->iommu) {
		return x->iommu < y->iommu ? -1 : 1;
	}
	if (x->first != y->first) {
		return x->first < y->first ? -1 : 1;
	}
	return x->device < y->device ? -1 : x->device > y->device;
}

static bool id_exists(struct diag *d, const struct m_board *b, const struct m_iommu_link *l)
{
	const struct m_iommu *mmu = &b->iommus[l->iommu];
	uint64_t end = (uint64_t)l->first + l->count;

	if (end <= mmu->id_count) {
		return true;
	}
	uint32_t bad = l->first >= mmu->id_count ? l->first : mmu->id_count;
	struct diag_msg *msg = diag_error(d, 301, l->id_pos, "%s does not exist on '%s' (valid: 0..%u)",
					  id_text(mmu, bad).s, mmu->name.s, mmu->id_count - 1);
	diag_note(msg, mmu->pos, "'%s' is declared", mmu->name.s);
	if (l->first < mmu->id_count) {
		diag_help(msg, "count: %u at most", mmu->id_count - l->first);
	} else {
		diag_help(msg, "correct the ID, or 'ids' of '%s' if that has more", mmu->name.s);
	}
	return false;
}

static void id_twice(struct diag *d, const struct model *m, const struct use *x, const struct use *first)
{
	const struct m_board *b = &m->board;
	const struct m_iommu *mmu = &b->iommus[x->iommu];
	const struct m_device *dev = &b->devices[x->device], *other = &b->devices[first->device];
	struct diag_msg *msg;

	if (x->device == first->device) {
		msg = diag_error(d, 302, x->link->id_pos, "'%s' uses %s on '%s' twice", dev->name.s,
				 id_text(mmu, (uint32_t)x->first).s, mmu->name.s);
		diag_note(msg, first->link->id_pos, "first use");
		diag_help(msg, "remove one, or correct 'id' or 'count'");
		return;
	}
	msg = diag_error(d, 302, x->link->id_pos, "%s of '%s' is already used by '%s' on '%s'",
			 id_text(mmu, (uint32_t)x->first).s, dev->name.s, other->name.s, mmu->name.s);
	diag_note(msg, first->link->id_pos, "first use");
	if (device_owner(m, x->device) == device_owner(m, first->device)) {
		diag_help(msg,
			  "correct the ID; if the devices really share it, say so: 'shares: [%s]' in '%s' "
			  "and "
			  "'shares: [%s]' in '%s'",
			  other->name.s, dev->name.s, dev->name.s, other->name.s);
	} else {
		diag_help(msg, "correct the ID, or give both devices to one domain: they cannot be told "
			       "apart");
	}
}

/* One ID is one stream of accesses: it follows one domain's tables. */
static void uses_check(struct diag *d, const struct model *m, struct use *uses, size_t count)
{
	qsort(uses, count, sizeof(uses[0]), use_compare);
	for (size_t i = 1, widest = 0; i < count; i++) {
		const struct use *a = &uses[widest], *x = &uses[i];
		if (a->iommu == x->iommu && x->first <= a->last) {
			const struct use *later = x->device >= a->device ? x : a;
			const struct use *first = later == x ? a : x;
			bool one_domain = device_owner(m, x->device) == device_owner(m, a->device);
			if (x->device == a->device || !one_domain ||
			    !devices_share(&m->board, x->device, a->device)) {
				struct use at = *later;
				at.first = x->first;
				id_twice(d, m, &at, first);
			}
		}
		if (a->iommu != x->iommu || x->last > a->last) {
			widest = i;
		}
	}
}

/* A context serves one domain; its root has so many. */
static void contexts_check(struct diag *d, const struct model *m)
{
	const struct m_board *b = &m->board;
	bool *seen = memory_resize(NULL, b->iommu_count * m->domain_count + 1, sizeof(seen[0]));
	size_t *used = memory_resize(NULL, b->iommu_count + 1, sizeof(used[0]));

	for (size_t i = 0; i < b->iommu_count * m->domain_count; i++) {
		seen[i] = false;
	}
	for (size_t i = 0; i < b->iommu_count; i++) {
		used[i] = 0;
	}
	for (size_t i = 0; i < b->device_count; i++) {
		size_t owner = device_owner(m, i);
		for (size_t l = 0; l < b->devices[i].link_count && owner < m->domain_count; l++) {
			size_t mmu = b->devices[i].links[l].iommu;
			size_t root = b->iommus[mmu].root < b->iommu_count ? b->iommus[mmu].root : mmu;
			if (b->iommus[mmu].type != IOMMU_IPMMU || m->ipmmu_user == MODEL_NONE ||
			    seen[root * m->domain_count + owner]) {
				continue;
			}
			seen[root * m->domain_count + owner] = true;
			if (++used[root] != IPMMU_DOMAINS + 1) {
				continue;
			}
			struct diag_msg *msg = diag_error(d, 307, m->domains[owner].pos,
							  "'%s' is the 8th domain with "
							  "devices behind '%s', which has contexts for 7",
							  m->domains[owner].name.s, b->iommus[root].name.s);
			diag_note(msg, b->devices[i].links[l].pos, "'%s' is the device of it, linked",
				  b->devices[i].name.s);
			diag_note(msg, pos_none, "8 contexts, and one of them blocks what nobody owns");
			diag_help(msg, "leave it without such devices, or give them to one of the other "
				       "seven");
		}
	}
	free(seen);
	free(used);
}

void check_iommu_links(struct diag *d, const struct model *m)
{
	const struct m_board *b = &m->board;
	struct use *uses = NULL;
	size_t count = 0, room = 0;

	for (size_t i = 0; i < b->device_count; i++) {
		for (size_t l = 0; l < b->devices[i].link_count; l++) {
			const struct m_iommu_link *link = &b->devices[i].links[l];
			if (!id_exists(d, b, link) || !b->devices[i].enabled) {
				continue;
			}
			if (count == room) {
				room = room == 0 ? 256 : room * 2;
				uses = memory_resize(uses, room, sizeof(uses[0]));
			}
			uses[count++] = (struct use){link->iommu, link->first,
						     (uint64_t)link->first + link->count - 1, i, link};
		}
	}
	if (count > 0) {
		uses_check(d, m, uses, count);
	}
	free(uses);
	contexts_check(d, m);
}
