/* SPDX-License-Identifier: Apache-2.0 */
/*
 * LPIs and the ITSs that make them of devices' messages (IHI 0069, 5). Linked only
 * where a domain has message-signalled interrupts; knows nothing of guests.
 */
#ifndef HV_IRQ_ITS_H
#define HV_IRQ_ITS_H

#include "irq/its_regs.h"
#include "tables.h"

/* Sets up the ITSs of board.its: all devices and collections unmapped. Once, after
 * gic_init(). NULL, or what is wrong with one of them. */
const char *its_init(void);

/* Lets the calling CPU `cpu` have LPIs; at each power-on, after gic_cpu_init(). NULL, or
 * what is wrong. */
const char *its_cpu_init(uint32_t cpu);

/* How commands name the redistributor of `cpu`, in ITS_W2_TARGET. False: it has no LPIs
 * yet. */
bool its_target(uint32_t its, uint32_t cpu, uint64_t *target);

/* Bits of an EventID that the ITS has, 1..32. */
uint32_t its_event_bits(uint32_t its);

/* Has the commands done, at most ITS_BATCH, then a SYNC of `cpu`, which must have LPIs.
 * They have taken effect on return. Whoever calls sees to it that the ITS cannot find
 * fault with them. False: it does not do what it is told, and has been given up. */
#define ITS_BATCH 4u
bool its_submit(uint32_t its, uint32_t cpu, const struct its_cmd *cmds, uint32_t count);

/* Whether the device table has room for the DeviceID. */
bool its_has_page(uint32_t its, uint32_t device);
/* Gives it a page of level 2, which is then the ITS's for ever. False: it has got one
 * meanwhile, and this one is still the caller's. */
bool its_give_page(uint32_t its, uint32_t device, uint64_t *page);

/* All zero, and seen so by the ITS. */
void its_zero(void *p, uint64_t size);

/* Priority and enable of an LPI, which the GIC reads anew at an INV of it. */
void its_write_property(uint32_t intid, uint8_t value);
static inline uint8_t its_read_property(uint32_t intid)
{
	return board.lpi_properties[intid - LPI_FIRST];
}

#endif
