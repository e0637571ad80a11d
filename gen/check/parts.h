/* SPDX-License-Identifier: Apache-2.0 */
/* The parts of check_model(), one per kind of thing, and what they share. */
#ifndef GEN_CHECK_PARTS_H
#define GEN_CHECK_PARTS_H

#include "check/check.h"
#include "types.h"
#include "util/groups.h"

/* Who can reach something: a domain's index, or one of these. */
#define OWNER_NOBODY MODEL_NONE
#define OWNER_HYPERVISOR (MODEL_NONE - 1)

typedef unsigned long long ull; /* for printing with %llx */

void check_board_memory(struct diag *d, const struct model *m);  /* banks, reserved, image */
void check_domain_memory(struct diag *d, const struct model *m); /* PA side */
void check_domain_view(struct diag *d, const struct model *m);   /* IPA side */
void check_gic(struct diag *d, const struct model *m);     /* the shape of its registers */
void check_machine(struct diag *d, const struct model *m); /* where its and the IOMMUs' lie */
void check_colors(struct diag *d, const struct model *m);
void check_mmio(struct diag *d, const struct model *m);
void check_ondemand(struct diag *d, const struct model *m);
void check_engines(struct diag *d, const struct model *m);
void check_attributes(struct diag *d, const struct model *m);
void check_smmus(struct diag *d, const struct model *m);
void check_ipmmus(struct diag *d, const struct model *m);
void check_iommu_maps(struct diag *d, const struct model *m);
void check_iommus(struct diag *d, const struct model *m);
void check_iommu_links(struct diag *d, const struct model *m);
void check_viommus(struct diag *d, const struct model *m);
void check_virtuals(struct diag *d, const struct model *m); /* control interfaces, watchdogs */
void check_shared(struct diag *d, const struct model *m);    /* memory that domains share */
void check_doorbells(struct diag *d, const struct model *m);
void check_dma(struct diag *d, const struct model *m);
void check_frames(struct diag *d, const struct model *m);  /* MSI frames */
void check_interrupts(struct diag *d, const struct model *m);
void check_msi(struct diag *d, const struct model *m);
void check_ppis(struct diag *d, const struct model *m);
void check_cpus(struct diag *d, const struct model *m);
void check_domains(struct diag *d, const struct model *m);
void check_consoles(struct diag *d, const struct model *m);
void check_firmware(struct diag *d, const struct model *m);
void check_resets(struct diag *d, const struct model *m);
void check_providers(struct diag *d, const struct model *m); /* clock controllers and the like */
void check_silicon(struct diag *d, const struct model *m);

/* Last byte of a range that does not wrap (the schema sees to that). */
static inline uint64_t range_last(const struct m_range *r)
{
	return r->base + (r->size - 1);
}

/* "4 KiB", "3 bytes": in the largest unit that divides it. */
struct size_text {
	char s[32];
};
struct size_text size_text(uint64_t bytes);

/* "dom0", "the hypervisor", "nobody". */
const char *owner_name(const struct model *m, size_t owner);
/* Owner of an enabled device; OWNER_HYPERVISOR for the console that the
 * hypervisor keeps, OWNER_NOBODY when it is disabled or nobody's. */
size_t device_owner(const struct model *m, size_t device);
/* The first piece of the domain's RAM that it sees elsewhere than where it is; NULL: none. */
const struct m_ram *domain_moved(const struct m_domain *dom);
/* Whether the SPIs of an MSI frame are all in the GIC: else one error says so. */
bool frame_fits(const struct m_board *b, const struct m_device *dev);
#define MSI_FRAME_COMPATIBLE "arm,gic-v2m-frame"
/* What a device would be in the hands of a domain. */
enum engine {
	ENGINE_NONE,
	ENGINE_GIC,    /* part of the interrupt controller: an ITS, an MSI frame */
	ENGINE_IOMMU,  /* of a kind that stands in front of many */
	ENGINE_WALKER, /* an IOMMU of its master's own: reads memory by itself */
};
/* *mark: the `compatible` that says so, NULL when class or properties do. */
enum engine device_engine(const struct m_device *dev, const char **mark);
/* The devices that each domain owns; groups_free(). */
struct groups owned_list(const struct model *m);

/* Its registers are the hypervisor's, whoever is named as its owner. */
bool engine_is_kept(const struct m_device *dev);
/* Both devices name each other under `shares`. */
bool devices_share(const struct m_board *b, size_t x, size_t y);

#define RIDS 0x10000u /* requester IDs of a PCI host */
/* A PCI host with `iommu-map` has all of its requester IDs in it; true of any other
 * device. */
bool rids_covered(const struct m_device *dev);

/* Which of the hypervisor's drivers a device has as its console. */
enum console_driver { CONSOLE_UNKNOWN, CONSOLE_PL011, CONSOLE_SCIF };
enum console_driver console_driver(const struct m_device *dev);
/* Where the domain's virtual PL011 is; size 0: it has none, or no place for one. */
struct m_range vpl011_place(const struct model *m, const struct m_domain *dom);

/* Addresses that the board's machine has: 1 << physical-address-bits. */
uint64_t address_limit(const struct m_board *b);
bool attr_is_device(enum m_attr attr);

/* "vin0-7, usb_dmac0-3, xhci0": the names of the devices, with runs shortened, up
 * to `max` entries and then "..."; with SIZE_MAX each by its name. Freed by the caller. */
char *device_names(const struct m_board *b, const size_t *devices, size_t count, size_t max);

#endif
