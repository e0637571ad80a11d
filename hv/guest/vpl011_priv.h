/* SPDX-License-Identifier: Apache-2.0 */
/* Between the two halves of the virtual PL011: vpl011.c is what the guest sees, vpl011_line.c
 * where its characters go. The ring's lock is held unless it says otherwise. */
#ifndef HV_GUEST_VPL011_PRIV_H
#define HV_GUEST_VPL011_PRIV_H

#include "domain/domain.h"

static inline uint32_t vpl011_tx_level(const struct vuart *u)
{
	return u->tx_head - u->tx_tail;
}

static inline uint32_t vpl011_rx_level(const struct vuart *u)
{
	return u->rx_head - u->rx_tail;
}

/* The domain as a writer of the machine's console. */
static inline uint32_t vpl011_writer(const struct domain *d)
{
	return (uint32_t)(d - domains) + 1;
}

/* Whether there is something to send. */
static inline bool vpl011_tx_waits(const struct vuart *u)
{
	return vpl011_tx_level(u) != 0 || u->tx_full;
}

/* vpl011.c */

/* The ring is larger than a PL011's FIFO. A driver that sees TXRIS writes half a FIFO
 * without looking: at 7/8 of the ring there is still room for that. */
uint32_t vpl011_tx_trigger(const struct vuart *u);

/* Whether the guest can receive a character, and gives it one. */
bool vpl011_rx_room(const struct vuart *u);
void vpl011_rx_put(struct vuart *u, uint8_t c);

/* Gives the virtual GIC the level of the interrupt. */
void vpl011_update_line(struct domain *d);

/* vpl011_line.c */

/* Moves what fits from the ring to the machine's UART. What stays is looked at again
 * when the UART interrupts because there is room, or by the alarm. */
void vpl011_drain(struct domain *d);

/* Takes what the domain's input has while the guest has room for it; the rest waits
 * there until the guest reads or turns its receiver on. */
void vpl011_receive(struct domain *d);

/* Unlocked, or any ring's or the own lines' lock held: whether *waits, somebody who sends,
 * waits for the machine's transmit interrupt; the alarm is set, if none is yet. */
void vpl011_wait_room(bool *waits, bool waiting);
void vpl011_set_alarm(void);

/* Unlocked: sees to what the ring was poked for, unless somebody has it locked, who does
 * so behind the unlocking. No CPU waits here for another domain's. */
void vpl011_see(struct domain *d);

/* Unlocked: sends what the ring has, if nobody has it locked. */
void vpl011_poke_one(struct domain *d);

/* Unlocked: all consoles but `than`; what they wait for may have come. Bit i of `readers`:
 * something to read for domains[i]. */
void vpl011_poke(const struct domain *than, uint64_t readers);

#endif
