// SPDX-License-Identifier: Apache-2.0
/* Message-signalled interrupts: ITSs, whose each DeviceID is, and how many LPIs there are. */
#include <stdlib.h>

#include "check/parts.h"
#include "msi.h"
#include "util/arena.h"

#define DEVICE_IDS BIT64(ITS_DEVICE_BITS_MAX)

static void registers_check(struct diag *d, const struct m_its *its)
{
	if (its->reg.size >= ITS_SIZE && IS_ALIGNED(its->reg.base, ITS_FRAME)) {
		return;
	}
	struct diag_msg *msg = diag_error(d, 605, its->reg.pos, "'%s' cannot be an ITS with these registers",
					  its->name.s);
	diag_label(msg, "it has two frames of 64 KiB, aligned to that");
	diag_help(msg, "reg: [0x%llx, 0x%llx]", (ull)ALIGN_DOWN(its->reg.base, ITS_FRAME), (ull)ITS_SIZE);
}

static bool link_check(struct diag *d, const struct m_device *dev, const struct m_msi_link *l)
{
	bool rids = l->mapped && (uint64_t)l->rid + l->count > RIDS;
	struct diag_msg *msg;

	if (!rids && (uint64_t)l->first + l->count <= DEVICE_IDS) {
		return true;
	}
	msg = diag_error(d, 540, l->pos, "%s of '%s' end at 0xffff", rids ? "requester IDs" : "DeviceIDs",
			 dev->name.s);
	diag_label(msg, "these end at 0x%llx", (ull)(rids ? l->rid : l->first) + l->count - 1);
	diag_help(msg, "count: 0x%llx", rids ? (ull)RIDS - l->rid : DEVICE_IDS - l->first);
	return false;
}

static int link_compare(const void *a, const void *b)
{
	const struct m_msi_link *x = *(const struct m_msi_link *const *)a;
	const struct m_msi_link *y = *(const struct m_msi_link *const *)b;

	return x->rid < y->rid ? -1 : x->rid > y->rid;
}

/* Each requester ID has one DeviceID. */
static void map_check(struct diag *d, const struct m_device *dev)
{
	const struct m_msi_link **list = memory_resize(NULL, dev->msi_count + 1, sizeof(list[0]));
	size_t count = 0;

	for (size_t i = 0; i < dev->msi_count; i++) {
		if (link_check(d, dev, &dev->msis[i]) && dev->msis[i].mapped) {
			list[count++] = &dev->msis[i];
		}
	}
	qsort(list, count, sizeof(list[0]), link_compare);
	for (size_t i = 1; i < count; i++) {
		if (list[i]->rid - list[i - 1]->rid >= list[i - 1]->count) {
			continue;
		}
		struct diag_msg *msg = diag_error(d, 540, list[i]->pos, "requester ID 0x%04x of '%s' is mapped twice",
						  list[i]->rid, dev->name.s);
		diag_note(msg, list[i - 1]->pos, "first mapped");
		diag_help(msg, "correct 'rid' or 'count'");
	}
	free(list);
}

/* One link of an enabled device. */
struct use {
	const struct m_device *dev;
	const struct m_msi_link *link;
};

static int use_compare(const void *a, const void *b)
{
	const struct m_msi_link *x = ((const struct use *)a)->link, *y = ((const struct use *)b)->link;

	if (x->its != y->its) {
		return x->its < y->its ? -1 : 1;
	}
	if (x->first != y->first) {
		return x->first < y->first ? -1 : 1;
	}
	return x->pos.line < y->pos.line ? -1 : x->pos.line > y->pos.line;
}

/* A DeviceID says who a message is from: it is one device's. */
static void uses_check(struct diag *d, const struct m_board *b, struct use *uses, size_t count)
{
	const struct use *wide = &uses[0]; /* of those before, the one that ends last */

	qsort(uses, count, sizeof(uses[0]), use_compare);
	for (size_t i = 1; i < count; i++) {
		const struct use *o = wide;
		const struct m_msi_link *w = o->link, *l = uses[i].link;
		if (l->its != w->its || (uint64_t)l->first + l->count > (uint64_t)w->first + w->count) {
			wide = &uses[i];
		}
		if (l->its != w->its || l->first >= (uint64_t)w->first + w->count) {
			continue;
		}
		struct diag_msg *msg = diag_error(d, 541, l->id_pos, "DeviceID 0x%04x of '%s' is already used by '%s' "
						  "on '%s'", l->first, b->gic.its[l->its].name.s, o->dev->name.s,
						  uses[i].dev->name.s);
		diag_note(msg, w->id_pos, "first use");
		diag_help(msg, "correct 'id' or 'count': whose a message is can be told by its DeviceID alone");
	}
}

static void ids_check(struct diag *d, const struct model *m)
{
	const struct m_board *b = &m->board;
	struct use *uses = NULL;
	size_t count = 0;

	for (size_t i = 0; i < b->device_count; i++) {
		const struct m_device *dev = &b->devices[i];
		map_check(d, dev);
		for (size_t l = 0; l < dev->msi_count && dev->enabled; l++) {
			uses = (count & (count - 1)) == 0 ? memory_resize(uses, 2 * count + 1, sizeof(uses[0])) : uses;
			uses[count++] = (struct use){dev, &dev->msis[l]};
		}
	}
	if (count > 0) {
		uses_check(d, b, uses, count);
	}
	free(uses);
}

/* A domain has one virtual ITS. */
static void domain_check(struct diag *d, const struct model *m, size_t domain)
{
	const struct m_domain *dom = &m->domains[domain];
	const struct m_msi_link *first = NULL;
	struct diag_msg *msg;

	for (size_t i = 0; i < m->board.device_count; i++) {
		const struct m_device *dev = &m->board.devices[i];
		for (size_t l = 0; l < dev->msi_count && device_owner(m, i) == domain; l++) {
			first = first == NULL ? &dev->msis[l] : first;
			if (dev->msis[l].its == first->its) {
				continue;
			}
			msg = diag_error(d, 543, dev->msis[l].pos, "'%s' has devices at two ITSs, '%s' and '%s'",
					 dom->name.s, m->board.gic.its[first->its].name.s,
					 m->board.gic.its[dev->msis[l].its].name.s);
			diag_note(msg, first->pos, "the other one's");
			diag_help(msg, "give them to two domains, or leave one without 'msi-map' and 'msi-parent'");
			return;
		}
	}
	if (first == NULL && !model_is_open(&m->board)) {
		msg = diag_error(d, 544, dom->msi_pos, "'%s' has no device with message-signalled interrupts",
				 dom->name.s);
		diag_help(msg, "delete 'msi', or give a device of the domain 'msi-map' or 'msi-parent' in the board file");
	}
}

/* Domains that send messages reach the doorbell with their CPUs too. */
static void writes_check(struct diag *d, const struct model *m, size_t its)
{
	const struct m_its *x = &m->board.gic.its[its];
	const struct m_msi_link *hit = NULL;
	const struct m_device *of = NULL;
	size_t user = OWNER_NOBODY;
	bool shared = false;

	for (size_t i = 0; i < m->board.device_count; i++) {
		const struct m_device *dev = &m->board.devices[i];
		size_t owner = device_owner(m, i);
		for (size_t l = 0; l < dev->msi_count && owner < m->domain_count; l++) {
			const struct m_msi_link *link = &dev->msis[l];
			if (link->its != its || m->domains[owner].msi_lpis == 0) {
				continue;
			}
			shared = shared || (user != OWNER_NOBODY && user != owner);
			user = owner;
			if (x->cpu_id.given && x->cpu_id.v - link->first < link->count) {
				hit = link;
				of = dev;
			}
		}
	}
	if (hit == NULL || !shared) {
		return;
	}
	struct diag_msg *msg = diag_error(d, 546, hit->id_pos, "DeviceID 0x%04llx of '%s' is that of '%s' and of "
					  "every CPU", (ull)x->cpu_id.v, x->name.s, of->name.s);
	diag_note(msg, x->cpu_id.pos, "'%s' takes a CPU's write to its doorbell for that", x->name.s);
	diag_help(msg, "leave it out of 'msi-map', or give 'msi' to one domain alone");
}

void check_msi(struct diag *d, const struct model *m)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < m->board.gic.its_count; i++) {
		registers_check(d, &m->board.gic.its[i]);
		writes_check(d, m, i);
	}
	ids_check(d, m);
	for (size_t i = 0; i < m->domain_count; i++) {
		const struct m_domain *dom = &m->domains[i];
		if (dom->msi_lpis == 0) {
			continue;
		}
		domain_check(d, m, i);
		sum += dom->msi_lpis;
		if (sum > LPIS && sum - dom->msi_lpis <= LPIS) {
			struct diag_msg *msg = diag_error(d, 542, dom->msi_pos, "more message-signalled interrupts than "
							  "there are");
			diag_label(msg, "%llu with those of the domains before; %u are there", (ull)sum, LPIS);
			diag_help(msg, "lower 'interrupts' of a domain");
		}
	}
}
