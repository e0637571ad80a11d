/* SPDX-License-Identifier: Apache-2.0 */
/* State of a domain's virtual PL011 (guest/vpl011.c). Zeroed: as at reset. */
#ifndef HV_DOMAIN_VUART_STATE_H
#define HV_DOMAIN_VUART_STATE_H

#include "lib/spinlock.h"
#include "types.h"

/* Powers of two: indices run freely and are masked. */
#define VUART_TX_SIZE 256
#define VUART_RX_SIZE 32

struct vuart {
	struct spinlock lock;
	uint32_t poked;  /* POKE_*, by any CPU, with atomics */
	bool tx_waiting; /* the physical transmit interrupt is on, for this ring */
	/* From here on: as at reset when the domain starts, while others may poke. */
	bool tx_above;   /* something was queued since the level last fell to the trigger */
	bool tx_begun;   /* an unfinished line is in the ring; it is to go at tx_late */
	bool tx_full;    /* the physical UART had no room when the ring was last looked at */
	bool rx_paused;  /* the guest has no room: its input waits until it reads */
	bool line;       /* level last given to the virtual GIC */
	uint64_t tx_late;
	uint32_t tx_head, tx_tail;
	uint32_t tx_line; /* behind the last end of line in the ring */
	uint32_t rx_head, rx_tail;
	uint32_t ilpr, ibrd, fbrd, lcrh, cr, ifls, imsc, ris, dmacr;
	uint8_t tx[VUART_TX_SIZE];
	uint8_t rx[VUART_RX_SIZE];
};

#endif
