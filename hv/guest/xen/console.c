// SPDX-License-Identifier: Apache-2.0
/* console_io: the hardware domain's hvc0 on the machine's UART. */
#include "arch/cpu.h"
#include "drivers/console.h"
#include "drivers/pl011_regs.h"
#include "guest/console/input.h"
#include "guest/xen/priv.h"
#include "lib/time.h"

#define PIECE 64u
#define WAIT_US 1000   /* for room, before the guest's interrupts are looked at */
#define WAITS_MAX 100u /* in a row: a UART that takes nothing takes nothing of this any more */

/* How many characters went out. Another's unfinished line, or a full UART, is waited for. */
static uint32_t console_send(struct domain *d, const uint8_t *text, uint32_t count)
{
	uint32_t writer = (uint32_t)(d - domains) + 1;
	uint32_t *waits = &xen_domain_of(d)->console_waits;
	uint64_t end = time_after_us(WAIT_US);
	uint32_t sent;
	bool full;

	do {
		sent = console_write(writer, text, count, &full);
		if (sent != 0) {
			__atomic_store_n(waits, 0, __ATOMIC_RELAXED);
			return sent;
		}
		arch_relax();
	} while (!time_over(end));
	if (__atomic_fetch_add(waits, 1, __ATOMIC_RELAXED) < WAITS_MAX) {
		return 0;
	}
	console_leave(writer);
	return count;
}

static int64_t console_write_call(struct vcpu *v, struct guest_regs *regs)
{
	uint32_t count = xen_arg32(regs, 1);
	uint32_t piece = count < PIECE ? count : PIECE;
	uint8_t text[PIECE];

	if (count > INT32_MAX) {
		return -XEN_EINVAL;
	}
	if (!xen_copy_from(v, text, regs->x[2], piece)) {
		return -XEN_EFAULT;
	}
	if (piece != 0) {
		piece = console_send(v->domain, text, piece);
	}
	if (piece == count) {
		return 0;
	}
	regs->x[1] = count - piece;
	regs->x[2] += piece;
	return xen_continue(regs);
}

static int64_t console_read_call(struct vcpu *v, const struct guest_regs *regs)
{
	uint32_t room = xen_arg32(regs, 1) < PIECE ? xen_arg32(regs, 1) : PIECE;
	uint8_t text[PIECE];
	uint32_t count = 0;

	if (xen_arg32(regs, 1) > INT32_MAX) {
		return -XEN_EINVAL;
	}
	if (!xen_copy_check(v, regs->x[2], room)) {
		return -XEN_EFAULT; /* before characters are taken that cannot be given */
	}
	for (int c = 0; count < room && c >= 0;) {
		c = input_get(v->domain);
		if (c >= 0) {
			text[count++] = (uint8_t)c;
		}
	}
	if (count < room) {
		input_pause(false); /* all is read: the next one shall tell */
	}
	return xen_copy_to(v, regs->x[2], text, count) ? (int64_t)count : -XEN_EFAULT;
}

int64_t xen_console_io(struct vcpu *v, struct guest_regs *regs)
{
	if ((v->domain->desc->flags & DOMAIN_HARDWARE) == 0) {
		return -XEN_EPERM;
	}
	switch (xen_arg32(regs, 0)) {
	case XEN_CONSOLE_WRITE:
		return console_write_call(v, regs);
	case XEN_CONSOLE_READ:
		return console_read_call(v, regs);
	default:
		return -XEN_ENOSYS;
	}
}

/* The domain's virtual PL011 goes first, while its driver waits for characters. */
static bool console_wanted(const struct domain *d)
{
	return (d->desc->flags & DOMAIN_HARDWARE) != 0 && d->desc->guest_abi == GUEST_ABI_XEN &&
	       domain_is_running(d) &&
	       (d->desc->console_intid == 0 || (d->console.imsc & (PL011_INT_RX | PL011_INT_RT)) == 0);
}

static bool console_tell(struct domain *d)
{
	struct xen_domain *x = xen_domain_of(d);
	uint32_t port = 0;

	spin_lock(&x->lock);
	for (uint32_t i = 1; i < XEN_PORTS && port == 0; i++) {
		bool console = x->ports[i].status == XEN_STATUS_VIRQ && x->ports[i].info == XEN_VIRQ_CONSOLE;

		port = console ? i : 0;
	}
	/* Characters that nobody reads must not raise this again either. */
	if (port != 0 || d->desc->console_intid == 0) {
		input_pause(true);
	}
	if (port != 0) {
		xen_event_raise(d, port);
	}
	spin_unlock(&x->lock);
	return port != 0;
}

uint64_t xen_console_input(uint64_t readers)
{
	for (uint32_t i = 0; i < board.domain_count; i++) {
		if ((readers >> i & 1) != 0 && console_wanted(&domains[i])) {
			return console_tell(&domains[i]) ? BIT64(i) : 0;
		}
	}
	return 0;
}
