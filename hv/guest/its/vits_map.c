// SPDX-License-Identifier: Apache-2.0
/* Devices that a guest has mapped, and their events: out of the domain's fixed pools. */
#include "guest/its/priv.h"

#include "lib/string.h"

#define UNIT_BYTES (ITS_ITT_UNIT * ITS_ITT_ENTRY)

_Static_assert(UNIT_BYTES == 256, "GITS commands name an ITT by its address, 256-byte aligned");

bool vits_owns_device(const struct domain *d, uint32_t id)
{
	const struct msi_desc *m = d->desc->msi;
	bool owns = false;

	for (uint32_t i = 0; i < m->id_count; i++) {
		owns = owns || id - m->ids[i].first < m->ids[i].count;
	}
	return owns;
}

struct vits_device *vits_find_device(struct domain *d, uint32_t id)
{
	struct vits *s = vits_of(d);

	for (uint32_t i = 0; i < d->desc->msi->device_count; i++) {
		if (s->devices[i].bits != 0 && s->devices[i].id == id) {
			return &s->devices[i];
		}
	}
	return NULL;
}

uint32_t *vits_find_event(struct domain *d, const struct vits_device *dev, uint32_t event)
{
	return event < BIT32(dev->bits) ? &d->desc->msi->events[dev->unit * ITS_ITT_UNIT + event] : NULL;
}

static uint32_t vits_units(uint32_t bits)
{
	return BIT32(bits) > ITS_ITT_UNIT ? BIT32(bits) / ITS_ITT_UNIT : 1;
}

/* Whether `count` units from `at` on, no more than 32 of a word or whole words, are free. */
static bool vits_units_free(const struct vits *s, uint32_t at, uint32_t count)
{
	for (uint32_t i = at; i < at + count; i++) {
		if ((s->units[i / 32] >> (i % 32) & 1) != 0) {
			return false;
		}
	}
	return true;
}

static void vits_units_mark(struct vits *s, uint32_t at, uint32_t count, bool used)
{
	for (uint32_t i = at; i < at + count; i++) {
		s->units[i / 32] = (s->units[i / 32] & ~BIT32(i % 32)) | (used ? BIT32(i % 32) : 0);
	}
}

/* `count` free units, a power of two, aligned to that so that they do not break up. */
static uint32_t vits_units_find(const struct domain *d, uint32_t count)
{
	uint32_t all = MSI_EVENTS(d->desc->msi->lpi_count) / ITS_ITT_UNIT;

	for (uint32_t at = 0; at + count <= all; at += count) {
		if (vits_units_free(vits_of(d), at, count)) {
			return at;
		}
	}
	return UINT32_MAX;
}

/* Level 2 of the device table, where that is not there yet: one of the domain's pages. */
static bool vits_find_page(struct domain *d, uint32_t id)
{
	const struct msi_desc *m = d->desc->msi;
	struct vits *s = vits_of(d);

	if (its_has_page(m->its, id)) {
		return true;
	}
	if (s->pages == m->page_count) {
		return false;
	}
	if (its_give_page(m->its, id, m->pages + s->pages * (ITS_PAGE / sizeof(*m->pages)))) {
		s->pages++;
	}
	return true;
}

static struct vits_device *vits_find_slot(struct domain *d)
{
	for (uint32_t i = 0; i < d->desc->msi->device_count; i++) {
		if (vits_of(d)->devices[i].bits == 0) {
			return &vits_of(d)->devices[i];
		}
	}
	return NULL;
}

bool vits_map_device(struct vcpu *v, uint32_t id, uint32_t bits)
{
	struct domain *d = v->domain;
	const struct msi_desc *m = d->desc->msi;
	struct vits_device *dev = vits_find_slot(d);
	uint32_t count = vits_units(bits);
	uint32_t unit = vits_units_find(d, count);
	uint8_t *itt = m->itts + unit * UNIT_BYTES;

	if (dev == NULL || unit == UINT32_MAX || !vits_find_page(d, id)) {
		return false;
	}
	its_zero(itt, count * UNIT_BYTES);
	memset(&m->events[unit * ITS_ITT_UNIT], 0, count * ITS_ITT_UNIT * sizeof(*m->events));
	if (!vits_submit(v, (struct its_cmd){.w = {FIELD_PREP(ITS_W0_DEVICE, id) | ITS_MAPD,
						   FIELD_PREP(ITS_W1_SIZE, bits - 1),
						   ITS_W2_VALID | (own_pa(itt) & ITS_W2_ITT)}})) {
		return false;
	}
	vits_units_mark(vits_of(d), unit, count, true);
	*dev = (struct vits_device){.id = id, .unit = (uint16_t)unit, .bits = (uint8_t)bits};
	return true;
}

void vits_unmap_device(struct vcpu *v, struct vits_device *dev)
{
	/* An ITS that does not do it is given up: it reads the ITT no more either. */
	vits_submit(v, (struct its_cmd){.w = {FIELD_PREP(ITS_W0_DEVICE, dev->id) | ITS_MAPD}});
	vits_units_mark(vits_of(v->domain), dev->unit, vits_units(dev->bits), false);
	dev->bits = 0;
}
