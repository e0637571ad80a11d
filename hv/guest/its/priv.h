/* SPDX-License-Identifier: Apache-2.0 */
/* Shared by the files of the virtual ITS. */
#ifndef HV_GUEST_ITS_PRIV_H
#define HV_GUEST_ITS_PRIV_H

#include "guest/its/its.h"
#include "guest/vgic_priv.h"
#include "irq/its.h"

#define VITS_UNITS_MAX (MSI_EVENTS(MSI_LPIS_MAX) / ITS_ITT_UNIT)
#define VITS_COLLECTIONS_MAX (CPUS_MAX + 1)
#define VITS_NOBODY 0xffu /* in place of a vCPU */

/* A device that the guest has mapped. */
struct vits_device {
	uint32_t id;
	uint16_t unit;  /* where its events begin, in ITS_ITT_UNITs */
	uint8_t bits;   /* of an EventID; 0: the slot is free */
	uint8_t pad;
};

struct vits_cpu {
	uint64_t pendbaser; /* as the guest wrote it: its table is not used */
	uint64_t enabled;   /* GICR_CTLR.EnableLPIs, which stays set */
};

/* At desc->msi->state. What is said to be atomic is any CPU's to change; the rest belongs
 * to the CPU that has `busy`. */
struct vits {
	uint32_t busy;    /* atomic: some CPU is at the commands */
	uint32_t ctlr;    /* atomic: GITS_CTLR.Enabled */
	uint64_t cbaser;  /* atomic, as are the next two */
	uint64_t cwriter; /* offset */
	uint64_t creadr;  /* offset */
	uint64_t propbaser; /* atomic: all redistributors' */
	uint32_t reports;
	uint32_t pages;   /* of level 2 that are given away */
	uint32_t units[VITS_UNITS_MAX / 32]; /* that devices have */
	struct vits_device devices[MSI_DEVICES_MAX];
	struct vits_cpu cpus[CPUS_MAX]; /* atomic */
	uint8_t collections[VITS_COLLECTIONS_MAX]; /* vCPU, or VITS_NOBODY */
};

_Static_assert(sizeof(struct vits) <= MSI_STATE_SIZE, "vits");
_Static_assert(CPUS_MAX < VITS_NOBODY, "vCPU or nobody");

/* What desc->msi->events says of an event; 0: it is not mapped. */
#define VITS_EVENT_VALID BIT32(31)
#define VITS_EVENT_COLLECTION ((uint32_t)GENMASK64(23, 16))
#define VITS_EVENT_LPI ((uint32_t)GENMASK64(15, 0)) /* counted from LPI_FIRST */

static inline struct vits *vits_of(const struct domain *d)
{
	return d->desc->msi->state;
}

/* vits_map.c */

/* The device of that ID, NULL: the guest has none mapped. */
struct vits_device *vits_find_device(struct domain *d, uint32_t id);
/* Its `event`; NULL: it has none of that number. */
uint32_t *vits_find_event(struct domain *d, const struct vits_device *dev, uint32_t event);
/* Maps a device of the domain's to `bits` of EventID; false: it cannot have that. */
bool vits_map_device(struct vcpu *v, uint32_t id, uint32_t bits);
void vits_unmap_device(struct vcpu *v, struct vits_device *dev);
bool vits_owns_device(const struct domain *d, uint32_t id);

/* vits_cmd.c */

/* Has a command done. False: it is wrong, and nothing was changed. *cost: what it took,
 * in units of a usual command. */
bool vits_command(struct vcpu *v, const struct its_cmd *c, uint32_t *cost);
/* Has one physical command done. */
bool vits_submit(struct vcpu *v, struct its_cmd c);

/* vlpi.c */

/* Copies the guest's property of `count` LPIs from LPI `first` on (counted from
 * LPI_FIRST). True: some have changed. */
bool vlpi_copy_properties(struct vcpu *v, uint32_t first, uint32_t count);
/* Moves what of the LPI is pending at vCPU `from` to `to` (or VITS_NOBODY: forgets it). */
#define VLPI_ALL 0xffffu
void vlpi_transfer(struct vcpu *v, uint32_t lpi, uint32_t from, uint32_t to);
bool vlpi_is_enabled(const struct domain *d, uint32_t vcpu);
/* Nothing pending. */
void vlpi_domain_init(struct domain *d);

#endif
