// SPDX-License-Identifier: Apache-2.0
/* Between the rings of virtual UARTs and the machine's UART, which they share. */
#include "guest/vpl011.h"

#include "drivers/console.h"
#include "drivers/pl011_regs.h"
#include "guest/console/input.h"
#include "guest/console/lines.h"
#include "guest/vpl011_priv.h"
#include "guest/xen/xen.h"
#include "lib/time.h"

#define FLUSH_US 200000

/* How many wait for the machine's transmit interrupt. */
static struct spinlock vpl011_waiting_lock;
static uint32_t vpl011_waiting;

/* Whether some CPU's alarm is set, for the rings that wait for time to pass. */
static uint32_t vpl011_alarm;

/* What a ring that somebody else has locked is to be looked at for. */
#define POKE_TX BIT32(0)
#define POKE_RX BIT32(1)
#define POKE_ROUNDS 2

void vpl011_wait_room(bool *waits, bool waiting)
{
	if (*waits == waiting) {
		return;
	}
	*waits = waiting;
	spin_lock(&vpl011_waiting_lock);
	vpl011_waiting = waiting ? vpl011_waiting + 1 : vpl011_waiting - 1;
	console_tx_irq(vpl011_waiting != 0);
	spin_unlock(&vpl011_waiting_lock);
}

void vpl011_set_alarm(void)
{
	if (__atomic_exchange_n(&vpl011_alarm, 1, __ATOMIC_SEQ_CST) == 0) {
		time_set_alarm(time_after_us(CONSOLE_RETRY_US));
	}
}

/* Nothing is locked: what changes meanwhile finds that there is no alarm, and sets one. */
uint64_t vpl011_leave_alarm(void)
{
	uint64_t waiting;

	(void)__atomic_exchange_n(&vpl011_alarm, 0, __ATOMIC_SEQ_CST);
	waiting = input_waits() ? UINT64_MAX : 0;
	for (uint32_t i = 0; i < board.domain_count; i++) {
		const struct vuart *u = &domains[i].console;

		if ((vpl011_tx_waits(u) && !u->tx_waiting) || __atomic_load_n(&u->poked, __ATOMIC_SEQ_CST) != 0) {
			waiting |= BIT64(i);
		}
	}
	return waiting;
}

void vpl011_drain(struct domain *d)
{
	struct vuart *u = &d->console;
	uint32_t sent = 1;
	bool full = false;
	uint32_t ready = lines_ready(d, &full);

	while (ready != 0 && sent != 0) {
		uint32_t at = u->tx_tail % VUART_TX_SIZE;
		uint32_t run = VUART_TX_SIZE - at < ready ? VUART_TX_SIZE - at : ready;

		sent = console_write(vpl011_writer(d), &u->tx[at], run, &full);
		u->tx_tail += sent;
		ready -= sent;
	}
	if ((int32_t)(u->tx_line - u->tx_tail) < 0) {
		u->tx_line = u->tx_tail;
	}
	u->tx_full = full;
	vpl011_wait_room(&u->tx_waiting, full && board.uart.intid != 0);
	if (!u->tx_waiting && vpl011_tx_waits(u)) {
		vpl011_set_alarm();
	}
	if (u->tx_above && vpl011_tx_level(u) <= vpl011_tx_trigger(u)) {
		u->tx_above = false;
		u->ris |= PL011_INT_TX;
	}
}

void vpl011_receive(struct domain *d)
{
	struct vuart *u = &d->console;

	while (vpl011_rx_room(u)) {
		int c = input_get(d);

		if (c < 0) {
			break;
		}
		vpl011_rx_put(u, (uint8_t)c);
	}
	if (u->rx_paused == vpl011_rx_room(u)) {
		u->rx_paused = !u->rx_paused;
		input_pause(u->rx_paused);
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
		if (vpl011_tx_waits(u)) {
			vpl011_drain(d);
		}
		if ((why & POKE_RX) != 0) {
			vpl011_receive(d);
		}
		vpl011_update_line(d);
		spin_unlock(&u->lock);
		__atomic_thread_fence(__ATOMIC_SEQ_CST);
	}
}

void vpl011_poke(const struct domain *than, uint64_t readers)
{
	for (uint32_t i = 0; i < board.domain_count; i++) {
		struct domain *d = &domains[i];
		uint32_t why = POKE_TX | ((readers >> i & 1) != 0 ? POKE_RX : 0);

		if (d != than && d->desc->console_intid != 0) {
			__atomic_fetch_or(&d->console.poked, why, __ATOMIC_SEQ_CST);
			vpl011_see(d);
		}
	}
}

void vpl011_poke_one(struct domain *d)
{
	__atomic_fetch_or(&d->console.poked, POKE_TX, __ATOMIC_SEQ_CST);
	vpl011_see(d);
}

static void vpl011_look(bool interrupt)
{
	uint64_t readers = input_collect(interrupt);

	vpl011_poke(NULL, readers & ~xen_console_input(readers));
}

void vpl011_host_irq(void)
{
	vpl011_look(true);
}

void vpl011_alarm_irq(void)
{
	__atomic_store_n(&vpl011_alarm, 0, __ATOMIC_SEQ_CST);
	vpl011_look(false);
}

void vpl011_flush(struct domain *d)
{
	struct vuart *u = &d->console;
	uint64_t end = time_after_us(FLUSH_US);
	bool left;

	do {
		spin_lock(&u->lock);
		u->tx_line = u->tx_head; /* an unfinished line is better than none */
		vpl011_drain(d);
		left = vpl011_tx_waits(u);
		spin_unlock(&u->lock);
	} while (left && !time_over(end));
}

void vpl011_stop(struct domain *d)
{
	struct vuart *u = &d->console;

	vpl011_flush(d);
	spin_lock(&u->lock);
	u->tx_tail = u->tx_head;
	u->tx_line = u->tx_head;
	u->tx_full = false;
	u->cr = 0; /* what is typed now is for the next run */
	vpl011_wait_room(&u->tx_waiting, false);
	console_leave(vpl011_writer(d));
	spin_unlock(&u->lock);
	input_stop(d);
}
