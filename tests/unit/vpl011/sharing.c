// SPDX-License-Identifier: Apache-2.0
/* Two domains, and the hypervisor's messages, on one UART: none keeps it from the others. */
#include "unit/vpl011/sharing.h"

#include <string.h>

#include "drivers/console.h"
#include "guest/vpl011.h"
#include "lib/time.h"

static void start(void)
{
	machine_start();
	enable(GUEST);
	enable(DOM0);
}

/* A domain that never ends its line has it broken off: after a while, however much it
 * sends meanwhile, or when it is long. */
void endless_line(void **state)
{
	(void)state;
	start();
	say(DOM0, "$ ");
	say(GUEST, "waits\n");
	for (uint32_t ms = 0; ms < CONSOLE_LINE_US / 1000 + 5; ms++) {
		assert_true(strstr(out, "waits") == NULL || ms > 18);
		say(DOM0, ".");
		pass(1000);
	}
	assert_non_null(strstr(out, "....\\\r\n(guest) waits\r\n."));
	start();
	say(DOM0, "x");
	say(GUEST, "waits\n");
	for (uint32_t i = 0; i < 2 * CONSOLE_LINE_MAX; i++) {
		say(DOM0, "x");
		if (i % 16 == 0) {
			(void)rd(GUEST, PL011_FR);
		}
	}
	assert_in_range(strstr(out, "xx\\\r\n(guest) waits\r\nxx") - out, CONSOLE_LINE_MAX - 3,
			CONSOLE_LINE_MAX + 20);
}

/* The same on a UART that takes a character a time and is always full. */
void endless_lines(void **state)
{
	const char *end;

	(void)state;
	start();
	room = 0;
	say(DOM0, "line\nline\nli");
	say(GUEST, "one\ntwo\n");
	for (uint32_t i = 0; i < 80; i++) {
		say(DOM0, "ne\nli");
		room = 3;
		if (tx_irq) {
			vpl011_host_irq();
		}
	}
	end = strstr(out, "line\n(guest) one\r\nline\n(guest) two\r\nline\n");
	assert_non_null(end);
	assert_in_range(end - out, 0, 12);
}

/* A message comes through as well; and while it is sent, nobody waits for that. */
static bool guest_said;

static void more_room(void)
{
	room = 3;
	if (sent > 20 && !guest_said) {
		guest_said = true;
		assert_int_equal(rd(GUEST, PL011_FR) & PL011_FR_TXFF, 0);
		say(GUEST, "guest\n");
	}
}

void message(void **state)
{
	(void)state;
	start();
	say(DOM0, "# ");
	room = 0;
	guest_said = false;
	later = more_room;
	log_print("a message of the hypervisor");
	later = NULL;
	room = 100;
	pass(CONSOLE_RETRY_US + 1000);
	assert_string_equal(out, "# \\\r\nbulkhead: a message of the hypervisor\r\n(guest) guest\r\n");
	/* A UART that takes nothing does not keep it for ever, nor guests from it. */
	start();
	room = 12;
	later = NULL;
	uint64_t before = ticks;
	log_print("a message that is too much for it");
	assert_in_range(ticks - before, 10000000, 12000000);
	room = 100;
	say(DOM0, "dom0\n");
	assert_string_equal(out, "bulkhead: a \\\r\ndom0\n");
}

/* What was refused because of another's line goes out when that one is too old, whatever
 * the guest does: looks at the flags, at the interrupt, or waits for it. */
void refused_line(void **state)
{
	static const uint32_t regs[] = {PL011_FR, PL011_RIS, PL011_MIS, PL011_IMSC};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(regs); i++) {
		start();
		say(DOM0, "prompt> ");
		say(GUEST, "hello\n");
		assert_string_equal(out, "prompt> ");
		assert_int_equal(rd(GUEST, PL011_FR) & PL011_FR_BUSY, PL011_FR_BUSY);
		ticks += 1000 * (CONSOLE_LINE_US + 1000);
		(void)rd(GUEST, regs[i]);
		assert_string_equal(out, "prompt> \\\r\n(guest) hello\r\n");
		assert_int_equal(rd(GUEST, PL011_FR) & PL011_FR_BUSY, 0);
	}
	start();
	say(DOM0, "prompt> ");
	wr(GUEST, PL011_ICR, PL011_INT_ALL);
	for (uint32_t i = 0; i < VUART_TX_SIZE / 8; i++) {
		say(GUEST, "1234567\n");
	}
	assert_int_equal(rd(GUEST, PL011_FR) & PL011_FR_TXFF, PL011_FR_TXFF);
	wr(GUEST, PL011_IMSC, PL011_INT_TX);
	assert_false(level[GUEST]);
	pass(CONSOLE_LINE_US + 5000);
	assert_true(level[GUEST]);
	assert_int_equal(sent, 8 + 3 + VUART_TX_SIZE / 8 * (8 + 8 + 1));
	assert_in_range(alarms, 1, 15);
	assert_false(time_has_alarm());
}

/* The start of a line that the guest does not end, but waits to see sent. */
void unfinished_line(void **state)
{
	(void)state;
	start();
	say(GUEST, "login: ");
	assert_int_equal(sent, 0);
	pass(CONSOLE_LINE_US + 5000);
	assert_string_equal(out, "(guest) login: ");
	assert_int_equal(rd(GUEST, PL011_FR) & PL011_FR_BUSY, 0);
	assert_false(time_has_alarm());
	/* A line that it ends in time stays whole. */
	start();
	say(GUEST, "a");
	pass(CONSOLE_LINE_US / 2);
	say(GUEST, "b\nc");
	assert_string_equal(out, "(guest) ab\r\n");
	pass(CONSOLE_LINE_US - 3000);
	assert_string_equal(out, "(guest) ab\r\n");
	pass(5000);
	assert_string_equal(out, "(guest) ab\r\n(guest) c");
}

/* No CPU waits for a ring that another domain's CPU has locked; that one sees to what
 * the others would have done. */
static void host_interrupt(void)
{
	feed("k");
}

void locked_ring(void **state)
{
	(void)state;
	start();
	spin_lock(&domains[GUEST].console.lock);
	say(DOM0, "line\n");
	vpl011_host_irq();
	time_clear_alarm();
	vpl011_alarm_irq();
	spin_unlock(&domains[GUEST].console.lock);
	say(GUEST, "guest\n");
	assert_string_equal(out, "line\n(guest) guest\r\n");
	assert_int_equal(domains[GUEST].console.poked, 0);
	if (board.uart.intid != 0) {
		wr(DOM0, PL011_ICR, PL011_INT_ALL);
		wr(DOM0, PL011_IMSC, PL011_INT_TX);
		meanwhile = host_interrupt;
		say(DOM0, "l");
		assert_null(meanwhile);
		assert_int_equal(rd(DOM0, PL011_DR), 'k');
	}
}

/* A domain that stops does not keep its ring's lock while it waits for the UART. */
static uint32_t free_seen;

static void look_at_lock(void)
{
	const struct spinlock *l = &domains[DOM0].console.lock;

	free_seen += l->next == l->owner;
}

void stop_lets_go(void **state)
{
	(void)state;
	start();
	room = 0;
	say(DOM0, "stuck");
	free_seen = 0;
	later = look_at_lock;
	vpl011_stop(&domains[DOM0]);
	later = NULL;
	assert_true(free_seen > 1000);
	/* Nobody waits for the turn of one who has gone. */
	room = 100;
	say(GUEST, "guest\n");
	assert_string_equal(out, "(guest) guest\r\n");
}

/* A UART without an interrupt of its own for the hypervisor is looked at by the clock. */
void full_uart_again(void **state)
{
	(void)state;
	start();
	room = 4;
	say(DOM0, "12345678\n");
	assert_int_equal(sent, 4);
	if (board.uart.intid == 0) {
		assert_false(tx_irq);
		room = 3;
		pass(CONSOLE_RETRY_US + 1000);
		assert_int_equal(sent, 7);
		room = 100;
		pass(CONSOLE_RETRY_US + 1000);
	} else {
		assert_true(tx_irq);
		assert_false(time_has_alarm());
		room = 100;
		vpl011_host_irq();
	}
	assert_string_equal(out, "12345678\n");
	assert_false(time_has_alarm() || tx_irq);
}
