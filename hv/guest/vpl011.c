// SPDX-License-Identifier: Apache-2.0
#include "guest/vpl011.h"

#include "drivers/console.h"
#include "drivers/pl011_regs.h"
#include "guest/vgic.h"
#include "lib/string.h"
#include "lib/time.h"

#define FLUSH_US 200000

/* PeriphID0..3 and PCellID0..3 of r1p5. */
static const uint8_t vpl011_id[] = {0x11, 0x10, 0x34, 0x00, 0x0d, 0xf0, 0x05, 0xb1};

/* How many rings wait for the machine's transmit interrupt. */
static struct spinlock vpl011_waiting_lock;
static uint32_t vpl011_waiting;

/* Whether some CPU's alarm is set, for the rings that wait for time to pass. */
static uint32_t vpl011_alarm;

/* What a ring that somebody else has locked is to be looked at for. */
#define POKE_TX BIT32(0)
#define POKE_RX BIT32(1)
#define POKE_ROUNDS 2

static uint32_t vpl011_tx_level(const struct vuart *u)
{
	return u->tx_head - u->tx_tail;
}

static uint32_t vpl011_rx_level(const struct vuart *u)
{
	return u->rx_head - u->rx_tail;
}

/* With FIFOs off, each is one character deep. */
static uint32_t vpl011_rx_size(const struct vuart *u)
{
	return (u->lcrh & PL011_LCRH_FEN) != 0 ? VUART_RX_SIZE : 1;
}

/* Trigger levels: 1/8, 1/4, 1/2, 3/4, 7/8 of the FIFO; reserved values count as 7/8. */
static uint32_t vpl011_trigger(uint32_t size, uint64_t ifls)
{
	static const uint8_t eighths[] = {1, 2, 4, 6, 7, 7, 7, 7};

	return size == 1 ? 1 : size * eighths[ifls] / 8;
}

static uint32_t vpl011_rx_trigger(const struct vuart *u)
{
	return vpl011_trigger(vpl011_rx_size(u), FIELD_GET(PL011_IFLS_RX, u->ifls));
}

/* The ring is larger than a PL011's FIFO. A driver that sees TXRIS writes half a
 * FIFO without looking: at 7/8 of the ring there is still room for that. */
static uint32_t vpl011_tx_trigger(const struct vuart *u)
{
	return vpl011_trigger(VUART_TX_SIZE, FIELD_GET(PL011_IFLS_TX, u->ifls));
}

static void vpl011_update_line(struct domain *d)
{
	struct vuart *u = &d->console;
	bool line = (u->ris & u->imsc) != 0;

	if (line != u->line) {
		u->line = line;
		vgic_set_level(d, d->desc->console_intid, line);
	}
}

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

/* Moves what fits from the ring to the machine's UART. What stays is looked at again
 * when the UART interrupts because there is room, or by the alarm. */
static void vpl011_drain(struct domain *d)
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

static bool vpl011_enabled(const struct vuart *u, uint32_t direction)
{
	return (u->cr & PL011_CR_UARTEN) != 0 && (u->cr & direction) != 0;
}

static bool vpl011_rx_room(const struct vuart *u)
{
	return vpl011_enabled(u, PL011_CR_RXE) && vpl011_rx_level(u) < vpl011_rx_size(u);
}

static void vpl011_rx_put(struct vuart *u, uint8_t c)
{
	u->rx[u->rx_head++ % VUART_RX_SIZE] = c;
	u->ris |= PL011_INT_RT; /* no more may come: let the time-out be over at once */
	if (vpl011_rx_level(u) >= vpl011_rx_trigger(u)) {
		u->ris |= PL011_INT_RX;
	}
}

static void vpl011_send(struct domain *d, uint8_t c)
{
	struct vuart *u = &d->console;

	if (!vpl011_enabled(u, PL011_CR_TXE)) {
		return;
	}
	if ((u->cr & PL011_CR_LBE) != 0) {
		if (vpl011_rx_room(u)) {
			vpl011_rx_put(u, c);
		}
		u->ris |= PL011_INT_TX;
		return;
	}
	if (vpl011_tx_level(u) < VUART_TX_SIZE) {
		u->tx[u->tx_head++ % VUART_TX_SIZE] = c;
		u->tx_line = c == '\n' ? u->tx_head : u->tx_line;
	}
	/* The line is infinitely fast as seen by the guest: the character passes the
	 * trigger level on its way in and, unless the ring is that full, out. */
	u->tx_above = true;
	if (vpl011_tx_level(u) > vpl011_tx_trigger(u)) {
		u->ris &= ~PL011_INT_TX;
	}
	vpl011_drain(d);
}

/* Takes what the machine's UART has while the guest has room for it; the rest
 * waits there, its interrupt off, until the guest reads or turns its receiver on. */
static void vpl011_receive(struct vuart *u)
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

static uint32_t vpl011_read_data(struct vuart *u)
{
	uint32_t c;

	if (vpl011_rx_level(u) == 0) {
		return 0;
	}
	c = u->rx[u->rx_tail++ % VUART_RX_SIZE];
	if (vpl011_rx_level(u) < vpl011_rx_trigger(u)) {
		u->ris &= ~PL011_INT_RX;
	}
	if (vpl011_rx_level(u) == 0) {
		u->ris &= ~PL011_INT_RT;
	}
	return c;
}

static uint32_t vpl011_flags(const struct vuart *u)
{
	uint32_t tx = vpl011_tx_level(u);
	uint32_t rx = vpl011_rx_level(u);

	return (tx == 0 ? PL011_FR_TXFE : PL011_FR_BUSY) | (tx == VUART_TX_SIZE ? PL011_FR_TXFF : 0) |
	       (rx == 0 ? PL011_FR_RXFE : 0) | (rx == vpl011_rx_size(u) ? PL011_FR_RXFF : 0);
}

static uint32_t vpl011_read(struct vuart *u, uint64_t reg)
{
	if (reg >= PL011_ID && reg < PL011_ID + 4 * ARRAY_SIZE(vpl011_id)) {
		return vpl011_id[(reg - PL011_ID) / 4];
	}
	switch (reg) {
	case PL011_DR:
		return vpl011_read_data(u);
	case PL011_FR:
		return vpl011_flags(u);
	case PL011_ILPR:
		return u->ilpr;
	case PL011_IBRD:
		return u->ibrd;
	case PL011_FBRD:
		return u->fbrd;
	case PL011_LCRH:
		return u->lcrh;
	case PL011_CR:
		return u->cr;
	case PL011_IFLS:
		return u->ifls;
	case PL011_IMSC:
		return u->imsc;
	case PL011_RIS:
		return u->ris;
	case PL011_MIS:
		return u->ris & u->imsc;
	case PL011_DMACR:
		return u->dmacr;
	default: /* PL011_RSR: there are no errors; ICR and reserved read as 0 */
		return 0;
	}
}

static void vpl011_write(struct domain *d, uint64_t reg, uint32_t v)
{
	struct vuart *u = &d->console;

	switch (reg) {
	case PL011_DR:
		vpl011_send(d, (uint8_t)v);
		break;
	case PL011_ILPR:
		u->ilpr = v & 0xff;
		break;
	case PL011_IBRD:
		u->ibrd = v & 0xffff;
		break;
	case PL011_FBRD:
		u->fbrd = v & 0x3f;
		break;
	case PL011_LCRH:
		if (((u->lcrh ^ v) & PL011_LCRH_FEN) != 0) {
			u->rx_tail = u->rx_head; /* changing FEN empties the FIFOs */
		}
		u->lcrh = v & 0xff;
		break;
	case PL011_CR:
		u->cr = v & 0xff87;
		break;
	case PL011_IFLS:
		u->ifls = v & 0x3f;
		break;
	case PL011_IMSC:
		u->imsc = v & PL011_INT_ALL;
		break;
	case PL011_ICR:
		u->ris &= ~v;
		break;
	case PL011_DMACR:
		u->dmacr = v & 0x7; /* nobody is wired to the DMA requests */
		break;
	default: /* read-only, ECR, reserved: ignored */
		break;
	}
}

void vpl011_init(struct domain *d)
{
	struct vuart *u = &d->console;

	memset(u, 0, sizeof(*u));
	u->cr = PL011_CR_TXE | PL011_CR_RXE;
	u->ifls = PL011_IFLS_RESET;
}

/* Sees to what the ring was poked for, unless somebody has it locked, who does so
 * behind the unlocking: no CPU waits here for another domain's. */
static void vpl011_see(struct domain *d)
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

/* All consoles but `than`: what they wait for may have come. */
static void vpl011_poke(const struct domain *than, const struct domain *reader)
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

bool vpl011_access(struct mmio_access *a)
{
	struct domain *d = a->vcpu->domain;
	struct vuart *u = &d->console;
	uint64_t reg = ALIGN_DOWN(a->offset, 4);
	uint32_t shift = (uint32_t)(a->offset - reg) * 8;

	if (a->size > 4 || !IS_ALIGNED(a->offset, a->size)) {
		return false;
	}
	spin_lock(&u->lock);
	/* Nobody else may come and send what is left, but the guest waits for it. */
	if (vpl011_tx_level(u) != 0) {
		vpl011_drain(d);
	}
	if (!a->write) {
		a->value = vpl011_read(u, reg) >> shift;
	} else if (shift == 0) {
		vpl011_write(d, reg, (uint32_t)a->value);
	}
	if (u->rx_paused) {
		vpl011_receive(u);
	}
	vpl011_update_line(d);
	spin_unlock(&u->lock);
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	vpl011_see(d);
	if (a->write && reg == PL011_DR && (uint8_t)a->value == '\n') {
		vpl011_poke(d, NULL);
	}
	return true;
}

void vpl011_host_irq(void)
{
	struct domain *reader = vpl011_reader();

	vpl011_poke(NULL, reader);
	if (reader == NULL) {
		/* Characters that nobody will ever read must not raise this again. */
		console_rx_irq(false);
	}
}

void vpl011_alarm_irq(void)
{
	time_clear_alarm();
	__atomic_store_n(&vpl011_alarm, 0, __ATOMIC_SEQ_CST);
	vpl011_poke(NULL, NULL);
}

bool vpl011_cpu_off(void)
{
	bool alarm = time_has_alarm();

	if (alarm) {
		time_clear_alarm();
	}
	return alarm;
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
