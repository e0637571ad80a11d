// SPDX-License-Identifier: Apache-2.0
/* Between the rings of virtual UARTs and the machine's UART, which they share. */
#include "guest/vpl011.h"

#include "drivers/console.h"
#include "drivers/pl011_regs.h"
#include "guest/vpl011_priv.h"
#include "guest/xen/xen.h"
#include "lib/time.h"

#define FLUSH_US 200000

/* How many rings wait for the machine's transmit interrupt. */
static struct spinlock vpl011_waiting_lock;
static uint32_t vpl011_waiting;

/* Whether some CPU's alarm is set, for the rings that wait for time to pass. */
static uint32_t vpl011_alarm;

/* What a ring that somebody else has locked is to be looked at for. */
#define POKE_TX BIT32(0)
#define POKE_RX BIT32(1)
#define POKE_ROUNDS 2

static void vpl011_set_waiting(struct vuart *u, bool waiting)
{
	if (u->tx_waiting == waiting) {
		return;
	}
	u->tx_waiting = waiting;
	spin_lock(&vpl011_waiting_lock);
	vpl011_waiting = waiting ? vpl011_waiting + 1 : vpl011_waiting - 1;
	console_tx_irq(vpl011_waiting != 0);
	spin_unlock(&vpl011_waiting_lock);
}

/* Whose console the machine's input belongs to; NULL: nobody's. */
static struct domain *vpl011_reader(void)
{
	struct domain *reader = NULL;

	for (uint32_t i = 0; i < board.domain_count; i++) {
		struct domain *d = &domains[i];

		if (d->desc->console_intid == 0 || domain_has_ended(d)) {
			continue;
		}
		if (reader == NULL || (d->desc->flags & DOMAIN_HARDWARE) != 0) {
			reader = d;
		}
	}
	return reader;
}

static void vpl011_set_alarm(void)
{
	if (__atomic_load_n(&vpl011_alarm, __ATOMIC_SEQ_CST) == 0 &&
	    __atomic_exchange_n(&vpl011_alarm, 1, __ATOMIC_SEQ_CST) == 0) {
		time_set_alarm(time_after_us(CONSOLE_RETRY_US));
	}
}

static uint32_t vpl011_writer(const struct domain *d)
{
	return (uint32_t)(d - domains) + 1;
}

/* How many characters may go now. Of several consoles, only the one that somebody
 * may be typing at sends lines before they are complete, or old, or long. */
static uint32_t vpl011_ready(struct vuart *u, bool by_line)
{
	uint32_t level = vpl011_tx_level(u);
	uint32_t lines = u->tx_line - u->tx_tail;

	if (lines == level) {
		u->tx_begun = false;
	}
	if (!by_line || lines == level || level >= VUART_TX_SIZE * 3 / 4) {
		return level;
	}
	if (!u->tx_begun) {
		u->tx_begun = true;
		u->tx_late = time_after_us(CONSOLE_LINE_US);
	}
	return time_over(u->tx_late) ? level : lines;
}

void vpl011_drain(struct domain *d)
{
	struct vuart *u = &d->console;
	bool by_line = board.domain_count > 1 && vpl011_reader() != d;
	uint32_t ready = vpl011_ready(u, by_line);
	uint32_t sent = 1;
	bool full = false;

	while (ready != 0 && sent != 0) {
		uint32_t at = u->tx_tail % VUART_TX_SIZE;
		uint32_t run = VUART_TX_SIZE - at < ready ? VUART_TX_SIZE - at : ready;

		sent = console_write(vpl011_writer(d), &u->tx[at], run, &full);
		u->tx_tail += sent;
		ready -= sent;
	}
	if ((int32_t)(u->tx_line - u->tx_tail) < 0) {
		u->tx_line = u->tx_tail;
		u->tx_begun = false;
	}
	full = full && board.uart.intid != 0;
	vpl011_set_waiting(u, full);
	if (!full && vpl011_tx_level(u) != 0) {
		vpl011_set_alarm();
	}
	if (u->tx_above && vpl011_tx_level(u) <= vpl011_tx_trigger(u)) {
		u->tx_above = false;
		u->ris |= PL011_INT_TX;
	}
}

void vpl011_receive(struct vuart *u)
{
	while (vpl011_rx_room(u)) {
		int c = console_get();

		if (c < 0) {
			break;
		}
		vpl011_rx_put(u, (uint8_t)c);
	}
	if (u->rx_paused == vpl011_rx_room(u)) {
		u->rx_paused = !u->rx_paused;
		console_rx_irq(!u->rx_paused);
	}
}

void vpl011_see(struct domain *d)
{
	struct vuart *u = &d->console;

	for (uint32_t i = 0; __atomic_load_n(&u->poked, __ATOMIC_SEQ_CST) != 0; i++) {
		uint32_t why;

		if (i == POKE_ROUNDS) {
			vpl011_set_alarm();
			return;
		}
		if (!spin_trylock(&u->lock)) {
			return;
		}
		why = __atomic_exchange_n(&u->poked, 0, __ATOMIC_SEQ_CST);
		if (vpl011_tx_level(u) != 0) {
			vpl011_drain(d);
		}
		if ((why & POKE_RX) != 0) {
			vpl011_receive(u);
		}
		vpl011_update_line(d);
		spin_unlock(&u->lock);
		__atomic_thread_fence(__ATOMIC_SEQ_CST);
	}
}

void vpl011_poke(const struct domain *than, const struct domain *reader)
{
	for (uint32_t i = 0; i < board.domain_count; i++) {
		struct domain *d = &domains[i];

		if (d != than && d->desc->console_intid != 0) {
			__atomic_fetch_or(&d->console.poked, d == reader ? POKE_RX : POKE_TX,
					  __ATOMIC_SEQ_CST);
			vpl011_see(d);
		}
	}
}

void vpl011_host_irq(void)
{
	bool taken = xen_console_input();
	struct domain *reader = taken ? NULL : vpl011_reader();

	vpl011_poke(NULL, reader);
	if (reader == NULL && !taken) {
		/* Characters that nobody will ever read must not raise this again. */
		console_rx_irq(false);
	}
}

void vpl011_alarm_irq(void)
{
	__atomic_store_n(&vpl011_alarm, 0, __ATOMIC_SEQ_CST);
	vpl011_poke(NULL, NULL);
}

void vpl011_flush(struct domain *d)
{
	struct vuart *u = &d->console;
	uint64_t end = time_after_us(FLUSH_US);
	uint32_t left;

	do {
		spin_lock(&u->lock);
		u->tx_line = u->tx_head; /* an unfinished line is better than none */
		vpl011_drain(d);
		left = vpl011_tx_level(u);
		spin_unlock(&u->lock);
	} while (left != 0 && !time_over(end));
}

void vpl011_stop(struct domain *d)
{
	struct vuart *u = &d->console;

	vpl011_flush(d);
	spin_lock(&u->lock);
	u->tx_tail = u->tx_head;
	u->tx_line = u->tx_head;
	vpl011_set_waiting(u, false);
	console_leave(vpl011_writer(d));
	spin_unlock(&u->lock);
}
