// SPDX-License-Identifier: Apache-2.0
#include "guest/vpl011.h"

#include "drivers/console.h"
#include "drivers/pl011_regs.h"
#include "guest/console/input.h"
#include "guest/console/lines.h"
#include "guest/vgic.h"
#include "guest/vpl011_priv.h"
#include "lib/string.h"

/* PeriphID0..3 and PCellID0..3 of r1p5. */
static const uint8_t vpl011_id[] = {0x11, 0x10, 0x34, 0x00, 0x0d, 0xf0, 0x05, 0xb1};

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

uint32_t vpl011_tx_trigger(const struct vuart *u)
{
	return vpl011_trigger(VUART_TX_SIZE, FIELD_GET(PL011_IFLS_TX, u->ifls));
}

void vpl011_update_line(struct domain *d)
{
	struct vuart *u = &d->console;
	bool line = (u->ris & u->imsc) != 0;

	if (line != u->line) {
		u->line = line;
		vgic_set_level(d, d->desc->console_intid, line);
	}
}

static bool vpl011_enabled(const struct vuart *u, uint32_t direction)
{
	return (u->cr & PL011_CR_UARTEN) != 0 && (u->cr & direction) != 0;
}

bool vpl011_rx_room(const struct vuart *u)
{
	return vpl011_enabled(u, PL011_CR_RXE) && vpl011_rx_level(u) < vpl011_rx_size(u);
}

void vpl011_rx_put(struct vuart *u, uint8_t c)
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

	/* Others come by, to see whether there is something for it. */
	spin_lock(&u->lock);
	memset(&u->tx_above, 0, sizeof(*u) - offsetof(struct vuart, tx_above));
	u->cr = PL011_CR_TXE | PL011_CR_RXE;
	/* A driver that was told of it by ACPI relies on firmware to have set it up (SBSA, B). */
	if (board.firmware == FIRMWARE_ACPI) {
		u->cr |= PL011_CR_UARTEN;
	}
	u->ifls = PL011_IFLS_RESET;
	spin_unlock(&u->lock);
	input_start(d);
}

bool vpl011_access(struct mmio_access *a)
{
	struct domain *d = a->vcpu->domain;
	struct vuart *u = &d->console;
	uint64_t reg = ALIGN_DOWN(a->offset, 4);
	uint32_t shift = (uint32_t)(a->offset - reg) * 8;
	bool waits;

	if (a->size > 4 || !IS_ALIGNED(a->offset, a->size)) {
		return false;
	}
	spin_lock(&u->lock);
	/* Nobody else may come and send what is left, but the guest waits for it. */
	if (vpl011_tx_waits(u)) {
		vpl011_drain(d);
	}
	if (!a->write) {
		a->value = vpl011_read(u, reg) >> shift;
	} else if (shift == 0) {
		vpl011_write(d, reg, (uint32_t)a->value);
	}
	if (u->rx_paused) {
		vpl011_receive(d);
	}
	waits = vpl011_tx_level(u) != 0;
	vpl011_update_line(d);
	spin_unlock(&u->lock);
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	vpl011_see(d);
	if (a->write && reg == PL011_DR && (uint8_t)a->value == '\n') {
		vpl011_poke(d, 0);
	} else if (waits) {
		lines_yield(d);
	}
	return true;
}
