/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Message-signalled interrupts (GICv3: LPIs by an ITS), part of the contract in tables.h.
 *
 * All LPIs have one number space, of which each domain has a slice; the domain sees its
 * slice as the LPIs from LPI_FIRST on. The memory that the GIC reads and writes, and the
 * state of the virtual ITSs, is one run of the hypervisor's own RAM, board.lpi: no
 * section of the image, and zeroed piece by piece when it is put to use. In it the
 * pending table of CPU i begins at i * LPI_PENDING_STRIDE, as the GIC asks; what lies
 * between holds all the rest.
 */
#ifndef HV_INCLUDE_MSI_H
#define HV_INCLUDE_MSI_H

#include "types.h"

#define LPI_FIRST 8192u
#define LPI_ID_BITS 14u                      /* of an INTID, LPIs included */
#define LPIS (BIT32(LPI_ID_BITS) - LPI_FIRST) /* of the machine, all domains' together */
#define LPI_PENDING_STRIDE KIB(64)
#define LPI_PENDING_SIZE (BIT64(LPI_ID_BITS) / 8)

#define ITS_MAX 4
#define ITS_FRAME KIB(64)            /* registers; the next frame has the doorbell */
#define ITS_SIZE (2 * ITS_FRAME)
#define ITS_PAGE KIB(4)              /* of its tables */
#define ITS_TABLE_ENTRY 8u           /* bytes of a device's or collection's, at the most */
#define ITS_ITT_ENTRY 16u            /* bytes of an event's, at the most */
#define ITS_QUEUE_SIZE KIB(4)
#define ITS_ITT_UNIT 16u             /* events that interrupt translation tables come in */
#define ITS_DEVICE_BITS_MAX 16u      /* level 1 of the device table is one page */

#define MSI_STATE_SIZE KIB(4)
#define MSI_DEVICES_MAX 32u
#define MSI_LPIS_MIN 16u
#define MSI_LPIS_MAX 4096u
#define MSI_EVENTS(lpis) (2 * (lpis)) /* that fit into a domain's translation tables */

/* An ITS, and what it is given. */
struct its_desc {
	const char *name;
	uint64_t base;         /* PA of its registers, ITS_SIZE */
	uint64_t *queue;       /* of commands: ITS_QUEUE_SIZE */
	uint64_t *devices;     /* level 1 of the device table, a page */
	uint64_t *collections; /* the collection table, a page */
	uint32_t device_bits;  /* of a DeviceID */
	uint32_t pad;
};

/* DeviceIDs first..first+count-1. */
struct msi_ids {
	uint32_t first;
	uint32_t count;
};

/* A domain's share of one ITS and of the LPIs. Its virtual ITS stands at the address of
 * the physical one; the doorbell's page is in its stage-2 map. */
struct msi_desc {
	uint32_t its;          /* index into board.its */
	uint32_t lpi_first;    /* INTID of the first of its LPIs */
	uint32_t lpi_count;    /* a power of two, MSI_LPIS_MIN..MSI_LPIS_MAX */
	uint32_t collection;   /* the first of its collections, of which it has one more than CPUs */
	uint32_t device_count; /* that it may have mapped at once */
	uint32_t page_count;   /* pages of level 2 of the device table */
	uint32_t id_count;
	uint32_t pad;
	const struct msi_ids *ids; /* its DeviceIDs, ascending, disjoint */
	void *state;           /* MSI_STATE_SIZE */
	uint64_t *pages;       /* level 2 of the device table */
	uint8_t *itts;         /* interrupt translation tables: MSI_EVENTS * ITS_ITT_ENTRY */
	uint32_t *events;      /* MSI_EVENTS: what the hypervisor knows of each event */
	uint64_t *pending;     /* vCPU after vCPU, a bit for each LPI */
};

_Static_assert(sizeof(struct its_desc) == 48, "its_desc");
_Static_assert(sizeof(struct msi_desc) == 80, "msi_desc");

#endif
