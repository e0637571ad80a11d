// SPDX-License-Identifier: Apache-2.0
/*
 * The commands of a virtual ITS (IHI 0069, 5.3). The guest's numbers are checked, then
 * the command goes to the physical ITS with the machine's numbers in their place. What
 * the architecture calls an error is refused here: the physical ITS, which others use
 * too, gets no command that it could find fault with.
 */
#include "guest/its/priv.h"

/* LPIs whose properties cost as much as a usual command. */
#define LPIS_PER_COST 32u

bool vits_submit(struct vcpu *v, struct its_cmd c)
{
	return its_submit(v->domain->desc->msi->its, vcpu_cpu(v)->index, &c, 1);
}

/* A command that names an event, as the guest means it. */
struct vits_event {
	struct vits_device *dev;
	uint32_t *slot;
	uint32_t collection;
	uint32_t vcpu; /* that has the collection */
	uint32_t lpi;
	uint64_t words[2]; /* device and event, for the physical command */
};

/* vCPU of a mapped collection; false: there is none. */
static bool vits_find_collection(const struct domain *d, uint64_t collection, uint32_t *vcpu)
{
	if (collection > d->desc->cpu_count) {
		return false;
	}
	*vcpu = vits_of(d)->collections[collection];
	return *vcpu != VITS_NOBODY;
}

static uint64_t vits_physical_collection(const struct domain *d, uint64_t collection)
{
	return FIELD_PREP(ITS_W2_COLLECTION, d->desc->msi->collection + collection);
}

/* The event of a command; false: the device is not mapped, or has none of the number. */
static bool vits_get_slot(struct domain *d, const struct its_cmd *c, struct vits_event *e)
{
	uint32_t id = (uint32_t)FIELD_GET(ITS_W0_DEVICE, c->w[0]);
	uint32_t event = (uint32_t)FIELD_GET(ITS_W1_EVENT, c->w[1]);

	e->dev = vits_find_device(d, id);
	e->slot = e->dev != NULL ? vits_find_event(d, e->dev, event) : NULL;
	e->words[0] = FIELD_PREP(ITS_W0_DEVICE, id);
	e->words[1] = FIELD_PREP(ITS_W1_EVENT, event);
	return e->slot != NULL;
}

/* The same; false too: the event, or its collection, is not mapped. */
static bool vits_get_event(struct domain *d, const struct its_cmd *c, struct vits_event *e)
{
	if (!vits_get_slot(d, c, e) || (*e->slot & VITS_EVENT_VALID) == 0) {
		return false;
	}
	e->lpi = (uint32_t)FIELD_GET(VITS_EVENT_LPI, *e->slot);
	e->collection = (uint32_t)FIELD_GET(VITS_EVENT_COLLECTION, *e->slot);
	return vits_find_collection(d, e->collection, &e->vcpu);
}

static bool vits_on_event(struct vcpu *v, const struct vits_event *e, enum its_command command)
{
	return vits_submit(v, (struct its_cmd){.w = {e->words[0] | command, e->words[1]}});
}

/* The properties of an LPI have changed: at the redistributor, and in list registers. */
static bool vits_refresh(struct vcpu *v, const struct vits_event *e)
{
	if (!vits_on_event(v, e, ITS_INV)) {
		return false;
	}
	vgic_at(v, domain_vcpu(v->domain, e->vcpu), VGIC_OP_RESYNC, 0, 0);
	return true;
}

static bool vits_mapd(struct vcpu *v, const struct its_cmd *c, uint32_t *cost)
{
	struct domain *d = v->domain;
	uint32_t id = (uint32_t)FIELD_GET(ITS_W0_DEVICE, c->w[0]);
	uint32_t bits = (uint32_t)FIELD_GET(ITS_W1_SIZE, c->w[1]) + 1;
	struct vits_device *dev = vits_find_device(d, id);
	bool map = (c->w[2] & ITS_W2_VALID) != 0;

	if (!vits_owns_device(d, id) ||
	    (map && (BIT64(bits) > MSI_EVENTS(d->desc->msi->lpi_count) ||
		     bits > its_event_bits(d->desc->msi->its)))) {
		return false;
	}
	if (dev != NULL) {
		vits_unmap_device(v, dev);
	}
	*cost += map ? BIT32(bits) / LPIS_PER_COST : 0;
	return !map || vits_map_device(v, id, bits);
}

static bool vits_mapc(struct vcpu *v, const struct its_cmd *c)
{
	struct domain *d = v->domain;
	uint64_t collection = FIELD_GET(ITS_W2_COLLECTION, c->w[2]);
	uint64_t vcpu = FIELD_GET(ITS_W2_TARGET, c->w[2]);
	uint64_t word = vits_physical_collection(d, collection);
	bool map = (c->w[2] & ITS_W2_VALID) != 0;
	uint64_t target;

	if (collection > d->desc->cpu_count) {
		return false;
	}
	if (map) {
		if (vcpu >= d->desc->cpu_count || !vlpi_is_enabled(d, (uint32_t)vcpu) ||
		    !its_target(d->desc->msi->its, d->desc->cpus[vcpu], &target)) {
			return false;
		}
		word |= ITS_W2_VALID | target;
	}
	if (!vits_submit(v, (struct its_cmd){.w = {ITS_MAPC, 0, word}})) {
		return false;
	}
	vits_of(d)->collections[collection] = map ? (uint8_t)vcpu : VITS_NOBODY;
	return true;
}

/* MAPTI, and MAPI, whose INTID is the EventID. */
static bool vits_mapti(struct vcpu *v, const struct its_cmd *c, uint64_t intid)
{
	struct domain *d = v->domain;
	const struct msi_desc *m = d->desc->msi;
	uint64_t collection = FIELD_GET(ITS_W2_COLLECTION, c->w[2]);
	uint64_t lpi = intid - LPI_FIRST;
	struct vits_event e, old;
	bool changed;

	if (!vits_get_slot(d, c, &e) || intid < LPI_FIRST || lpi >= m->lpi_count ||
	    !vits_find_collection(d, collection, &e.vcpu)) {
		return false;
	}
	/* Over another: that one goes first, for which its collection must be mapped. */
	if ((*e.slot & VITS_EVENT_VALID) != 0 &&
	    (!vits_get_event(d, c, &old) || !vits_on_event(v, &old, ITS_DISCARD))) {
		return false;
	}
	*e.slot = 0;
	changed = vlpi_copy_properties(v, (uint32_t)lpi, 1);
	if (!vits_submit(v, (struct its_cmd){.w = {e.words[0] | ITS_MAPTI,
						   e.words[1] | FIELD_PREP(ITS_W1_INTID, m->lpi_first + lpi),
						   vits_physical_collection(d, collection)}})) {
		return false;
	}
	*e.slot = VITS_EVENT_VALID | (uint32_t)FIELD_PREP(VITS_EVENT_COLLECTION, collection) |
		  (uint32_t)FIELD_PREP(VITS_EVENT_LPI, lpi);
	return !changed || vits_refresh(v, &e);
}

static bool vits_movi(struct vcpu *v, const struct its_cmd *c)
{
	struct domain *d = v->domain;
	uint64_t collection = FIELD_GET(ITS_W2_COLLECTION, c->w[2]);
	struct vits_event e;
	uint32_t to;

	if (!vits_get_event(d, c, &e) || !vits_find_collection(d, collection, &to) ||
	    !vits_submit(v, (struct its_cmd){.w = {e.words[0] | ITS_MOVI, e.words[1],
						   vits_physical_collection(d, collection)}})) {
		return false;
	}
	*e.slot = (*e.slot & ~VITS_EVENT_COLLECTION) | (uint32_t)FIELD_PREP(VITS_EVENT_COLLECTION, collection);
	/* What had come to the old CPU before, and is not taken yet. */
	if (to != e.vcpu) {
		vlpi_transfer(v, e.lpi, e.vcpu, to);
	}
	return true;
}

/* DISCARD and CLEAR: the LPI is not pending any more. */
static bool vits_forget(struct vcpu *v, const struct its_cmd *c, enum its_command command)
{
	struct vits_event e;

	if (!vits_get_event(v->domain, c, &e) || !vits_on_event(v, &e, command)) {
		return false;
	}
	vlpi_transfer(v, e.lpi, e.vcpu, VITS_NOBODY);
	if (command == ITS_DISCARD) {
		*e.slot = 0;
	}
	return true;
}

static bool vits_int(struct vcpu *v, const struct its_cmd *c)
{
	struct vits_event e;

	return vits_get_event(v->domain, c, &e) && vits_on_event(v, &e, ITS_INT);
}

static bool vits_inv(struct vcpu *v, const struct its_cmd *c)
{
	struct vits_event e;

	if (!vits_get_event(v->domain, c, &e)) {
		return false;
	}
	return !vlpi_copy_properties(v, e.lpi, 1) || vits_refresh(v, &e);
}

static bool vits_invall(struct vcpu *v, const struct its_cmd *c, uint32_t *cost)
{
	struct domain *d = v->domain;
	uint64_t collection = FIELD_GET(ITS_W2_COLLECTION, c->w[2]);
	uint32_t vcpu;

	if (!vits_find_collection(d, collection, &vcpu)) {
		return false;
	}
	*cost += d->desc->msi->lpi_count / LPIS_PER_COST;
	vlpi_copy_properties(v, 0, d->desc->msi->lpi_count);
	if (!vits_submit(v, (struct its_cmd){.w = {ITS_INVALL, 0, vits_physical_collection(d, collection)}})) {
		return false;
	}
	vgic_at(v, domain_vcpu(d, vcpu), VGIC_OP_RESYNC, 0, 0);
	return true;
}

static bool vits_movall(struct vcpu *v, const struct its_cmd *c, uint32_t *cost)
{
	struct domain *d = v->domain;
	uint64_t from = FIELD_GET(ITS_W2_TARGET, c->w[2]);
	uint64_t to = FIELD_GET(ITS_W3_TARGET, c->w[3]);
	uint32_t its = d->desc->msi->its;
	uint64_t source, target;

	if (from >= d->desc->cpu_count || to >= d->desc->cpu_count || !vlpi_is_enabled(d, (uint32_t)from) ||
	    !vlpi_is_enabled(d, (uint32_t)to) || !its_target(its, d->desc->cpus[from], &source) ||
	    !its_target(its, d->desc->cpus[to], &target)) {
		return false;
	}
	*cost += d->desc->msi->lpi_count / LPIS_PER_COST;
	if (from != to) {
		if (!vits_submit(v, (struct its_cmd){.w = {ITS_MOVALL, 0, source, target}})) {
			return false;
		}
		vlpi_transfer(v, VLPI_ALL, (uint32_t)from, (uint32_t)to);
	}
	return true;
}

/* Every command is waited for, so there is nothing to do but for the CPU that is meant. */
static bool vits_sync(struct vcpu *v, const struct its_cmd *c)
{
	struct domain *d = v->domain;
	uint64_t vcpu = FIELD_GET(ITS_W2_TARGET, c->w[2]);
	uint64_t target;

	return vcpu < d->desc->cpu_count &&
	       its_target(d->desc->msi->its, d->desc->cpus[vcpu], &target) &&
	       vits_submit(v, (struct its_cmd){.w = {ITS_SYNC, 0, target}});
}

bool vits_command(struct vcpu *v, const struct its_cmd *c, uint32_t *cost)
{
	uint64_t command = FIELD_GET(ITS_W0_COMMAND, c->w[0]);

	switch (command) {
	case ITS_MAPD:
		return vits_mapd(v, c, cost);
	case ITS_MAPC:
		return vits_mapc(v, c);
	case ITS_MAPTI:
		return vits_mapti(v, c, FIELD_GET(ITS_W1_INTID, c->w[1]));
	case ITS_MAPI:
		return vits_mapti(v, c, FIELD_GET(ITS_W1_EVENT, c->w[1]));
	case ITS_MOVI:
		return vits_movi(v, c);
	case ITS_DISCARD:
	case ITS_CLEAR:
		return vits_forget(v, c, (enum its_command)command);
	case ITS_INT:
		return vits_int(v, c);
	case ITS_INV:
		return vits_inv(v, c);
	case ITS_INVALL:
		return vits_invall(v, c, cost);
	case ITS_MOVALL:
		return vits_movall(v, c, cost);
	case ITS_SYNC:
		return vits_sync(v, c);
	default:
		return false;
	}
}
