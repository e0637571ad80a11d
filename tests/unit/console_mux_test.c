// SPDX-License-Identifier: Apache-2.0
// sources: hv/drivers/console.c hv/drivers/console_named.c hv/guest/console/mux.c hv/guest/console/own.c
// sources: hv/guest/console/lines.c hv/guest/console/monitor_none.c hv/guest/vpl011.c hv/guest/vpl011_line.c
// sources: hv/guest/xen/none.c
// sources: tests/models/model.c tests/unit/vpl011/machine.c
/* One UART for several domains' consoles: whose line is whose, and whose the input is. */
#include "unit/vpl011/machine.h"

#include <string.h>

#include "drivers/console.h"
#include "guest/console/input.h"
#include "guest/vpl011.h"

#define KEY "\x01"
#define THIRD 2
#define TO(name) "bulkhead: input goes to " name " (Ctrl-A three times: to the next)\r\n"

static const struct domain_desc three[] = {
	{.name = "guest", .console_intid = 40},
	{.name = "dom0", .console_intid = 33, .flags = DOMAIN_HARDWARE},
	{.name = "third", .console_intid = 41},
	{.name = "mute"},
};

const struct board_tables board = {
	.domain_count = 4,
	.uart = {.kind = UART_PL011, .intid = 33, .reg = {0x9000000, 0x1000}},
	.domains = three,
};

static void start(void)
{
	machine_start();
	enable(GUEST);
	enable(DOM0);
	enable(THIRD);
}

static void forget(void)
{
	memset(out, 0, sent);
	sent = 0;
}

/* What a domain reads until there is nothing. */
static const char *hear(uint32_t domain)
{
	static char text[4096];
	size_t n = 0;

	while ((rd(domain, PL011_FR) & PL011_FR_RXFE) == 0) {
		text[n++] = (char)rd(domain, PL011_DR);
	}
	text[n] = '\0';
	return text;
}

static void greets(void **state)
{
	(void)state;
	start();
	input_init();
	vpl011_init(&domains[GUEST]);
	assert_string_equal(out, TO("dom0"));
}

static void lines_stay_whole(void **state)
{
	(void)state;
	start();
	/* The guest's line waits until it is complete, and until dom0's is. */
	say(GUEST, "gu");
	assert_int_equal(sent, 0);
	say(DOM0, "do");
	say(GUEST, "est\n");
	say(DOM0, "m0\n");
	assert_string_equal(out, "dom0\n(guest) guest\r\n");
	/* The hypervisor's messages wait as well, but not for ever. */
	say(DOM0, "prompt> ");
	log_print("message %u", 1u);
	assert_string_equal(out, "dom0\n(guest) guest\r\nprompt> \\\r\nbulkhead: message 1\r\n");
	/* A prompt does not hold up the guest for longer than 20 ms. */
	say(DOM0, "$ ");
	forget();
	ticks += 25000000;
	say(GUEST, "late\n");
	assert_string_equal(out, "\\\r\n(guest) late\r\n");
	/* A line that fills the ring goes out unfinished; so does one that stops. */
	forget();
	for (uint32_t i = 0; i < 300; i++) {
		say(GUEST, "x");
	}
	assert_in_range(sent, VUART_TX_SIZE / 2, 8 + 300);
	vpl011_stop(&domains[GUEST]);
	assert_int_equal(sent, 8 + 300);
	/* Nothing of it is left to be sent by others, and nothing goes on. */
	say(DOM0, "\n");
	vpl011_init(&domains[GUEST]);
	enable(GUEST);
	say(GUEST, "y\n");
	assert_string_equal(out + 8 + 300, "\r\n\n(guest) y\r\n");
}

/* A line that is broken off says so, and so does what is left of it. */
static void broken_off(void **state)
{
	(void)state;
	start();
	say(GUEST, "value=12");
	pass(CONSOLE_LINE_US + 5000);
	assert_string_equal(out, "(guest) value=12");
	say(THIRD, "third\n");
	pass(CONSOLE_LINE_US + 5000);
	assert_string_equal(out, "(guest) value=12\\\r\n(third) third\r\n");
	say(GUEST, "345\nnext\n");
	assert_string_equal(out, "(guest) value=12\\\r\n(third) third\r\n(guest)\\345\r\n(guest) next\r\n");
	/* One that was all there but for its LF is no part of another. */
	forget();
	say(GUEST, "whole\r");
	pass(CONSOLE_LINE_US + 5000);
	log_print("message");
	say(GUEST, "\nnext\n");
	assert_string_equal(out, "(guest) whole\r\nbulkhead: message\r\n(guest) next\r\n");
}

/* What has not the input cannot act on the terminal, nor be taken for somebody else. */
static void plain_text(void **state)
{
	(void)state;
	start();
	say(GUEST, "a\tb\r(dom0) c\x1b[2J\x07\x7f\r\r\n\r\n\n\r");
	assert_string_equal(out, "(guest) a\tb\r\n(guest) (dom0) c^[[2J^G^?\r\n(guest) \r\n(guest) \r\n");
	forget();
	say(GUEST, "\xc3\xa4 \xe2\x82\xac \xc2\x9b" "2J\x9b" "2J\n");
	assert_string_equal(out, "(guest) \xc3\xa4 \xe2\x82\xac \xc2?2J?2J\r\n");
	wr(GUEST, PL011_DR, 0);
	say(GUEST, "\n");
	assert_non_null(strstr(out, "(guest) ^@\r\n"));
}

/* All that an editor, a shell or a progress bar sends reaches the terminal from the domain
 * that has the input, at once. */
static void terminal(void **state)
{
	static const char *const pieces[] = {"\x1b[?1049h\x1b[2J\x1b[1;1H~\r\n~\n\r", "\x1b[24;1H:wq", "\r 10%",
					     "\r100%\r\n", "/ # ", "\x1b[6n", "l", "\x08 \x08", "\x9b\xc2\x9b"};
	char want[256] = "";

	(void)state;
	start();
	for (size_t i = 0; i < ARRAY_SIZE(pieces); i++) {
		say(DOM0, pieces[i]);
		strcat(want, pieces[i]);
		assert_string_equal(out, want);
	}
}

static void switching(void **state)
{
	(void)state;
	start();
	feed("d" KEY KEY KEY "t");
	assert_string_equal(out, TO("third"));
	assert_string_equal(hear(DOM0), "d");
	assert_string_equal(hear(THIRD), "t");
	assert_string_equal(hear(GUEST), "");
	forget();
	say(THIRD, "\x1b[1m$ ");
	assert_string_equal(out, "\x1b[1m$ ");
	say(DOM0, "dom0\n");
	feed(KEY KEY);
	feed(KEY "g");
	/* The prompt ends before what others had to say. */
	assert_string_equal(out, "\x1b[1m$ \\\r\n" TO("guest") "(dom0) dom0\r\n");
	assert_string_equal(hear(GUEST), "g");
	say(THIRD, "rest\n");
	assert_non_null(strstr(out, "\n(third)\\rest\r\n"));
	feed(KEY KEY KEY "d");
	assert_string_equal(hear(DOM0), "d");
	assert_string_equal(hear(GUEST), "");
	/* Whoever wants to say something first: not before it is told that he has no name now. */
	forget();
	say(DOM0, "# ");
	say(GUEST, "one\ntwo\n");
	feed(KEY KEY KEY KEY KEY KEY);
	assert_string_equal(out, "# \\\r\n" TO("third") TO("guest") "one\ntwo\n");
	feed(KEY KEY KEY);
	/* Lines that are unfinished when the input goes away and comes back. */
	forget();
	say(DOM0, "un");
	feed(KEY KEY KEY KEY KEY KEY KEY KEY KEY);
	say(DOM0, "finished\n");
	assert_string_equal(out, "un\\\r\n" TO("third") TO("guest") TO("dom0") "finished\n");
}

/* Ctrl-A once and twice is what the domain gets: with what follows, or soon. */
static void keys_pass(void **state)
{
	(void)state;
	start();
	feed(KEY "a" KEY KEY "b" KEY);
	assert_string_equal(hear(DOM0), KEY "a" KEY KEY "b");
	pass(200000);
	assert_string_equal(hear(DOM0), "");
	pass(200000);
	assert_string_equal(hear(DOM0), KEY);
	assert_int_equal(sent, 0);
	/* One that was let through counts no more. */
	feed(KEY KEY);
	pass(1000000);
	assert_string_equal(hear(DOM0), KEY KEY);
	assert_int_equal(sent, 0);
	assert_in_range(alarms, 1, 500);
}

static void slow_reader(void **state)
{
	static char text[4001];
	size_t n = 0;

	(void)state;
	start();
	for (size_t i = 0; i < sizeof(text) - 1; i++) {
		text[i] = (char)('!' + i % 90);
	}
	feed(text);
	assert_false(rx_irq);
	for (uint32_t i = 0; n < sizeof(text) - 1 && i < 100000; i++) {
		ticks += 100000;
		if (rx_irq || i % 20 == 0) {
			vpl011_host_irq();
		}
		if ((rd(DOM0, PL011_FR) & PL011_FR_RXFE) == 0) {
			assert_int_equal(rd(DOM0, PL011_DR), text[n++]);
		}
	}
	assert_int_equal(n, sizeof(text) - 1);
	assert_int_equal(sent, 0);
}

/* Who reads nothing cannot keep the input, nor an interrupt that is always there. */
static void dead_reader(void **state)
{
	static char text[2001];

	(void)state;
	start();
	memset(text, 'x', sizeof(text) - 1);
	memcpy(text + 1500, KEY KEY KEY "third", 8);
	feed(text);
	assert_false(rx_irq);
	assert_in_range(fed_at, 256, 512);
	pass(400000);
	assert_int_equal(sent, 0);
	pass(200000);
	assert_string_equal(out, "bulkhead: dom0 does not read its input: the rest is dropped\r\n");
	assert_true(rx_irq);
	for (uint32_t i = 0; i < 100 && fed_at < sizeof(text) - 1; i++) {
		vpl011_host_irq();
	}
	assert_non_null(strstr(out, TO("third")));
	assert_memory_equal(hear(THIRD), "thirdx", 6);
	/* dom0 has what came first, and may go on. */
	assert_in_range(strlen(hear(DOM0)), 256 - 3, 256 + VUART_RX_SIZE);
	forget();
	feed(KEY KEY KEY KEY KEY KEY "on");
	assert_string_equal(hear(DOM0), "on");
}

/* The input goes on to the next while a domain is off, and comes back with it. */
static void going_off(void **state)
{
	(void)state;
	start();
	feed(KEY KEY KEY);
	feed("unread");
	forget();
	ended[THIRD] = true;
	vpl011_stop(&domains[THIRD]);
	assert_string_equal(out, TO("guest"));
	feed("g");
	assert_string_equal(hear(GUEST), "g");
	ended[THIRD] = false;
	vpl011_init(&domains[THIRD]);
	enable(THIRD);
	feed("t");
	assert_string_equal(out, TO("guest") TO("third"));
	assert_string_equal(hear(THIRD), "t");
	forget();
	ended[THIRD] = true;
	ended[GUEST] = true;
	feed(KEY KEY KEY);
	feed("d");
	assert_string_equal(hear(DOM0), "d");
	assert_non_null(strstr(out, "bulkhead: input goes to dom0\r\n"));
	/* Nobody is left: nothing is kept, nothing said. */
	ended[DOM0] = true;
	forget();
	feed("n" KEY KEY KEY "n");
	assert_int_equal(fed_at, 5);
	assert_int_equal(sent, 0);
	ended[GUEST] = false;
	vpl011_init(&domains[GUEST]);
	enable(GUEST);
	feed("again");
	assert_string_equal(hear(GUEST), "again");
}

/* While a domain restarts, the input stays its own: what is typed then is for its next run,
 * but not what came before. */
static void restarting(void **state)
{
	(void)state;
	start();
	feed("before");
	domains[DOM0].state = DOMAIN_STOPPING;
	domains[DOM0].after = DOMAIN_AFTER_RESTART;
	vpl011_stop(&domains[DOM0]);
	vpl011_host_irq();
	domains[DOM0].state = DOMAIN_STARTING;
	feed("between");
	vpl011_init(&domains[DOM0]);
	domains[DOM0].state = DOMAIN_RUNNING;
	enable(DOM0);
	feed("after");
	assert_string_equal(hear(DOM0), "betweenafter");
	assert_int_equal(sent, 0);
	/* One that only stops has lost it at once. */
	domains[DOM0].state = DOMAIN_STOPPING;
	domains[DOM0].after = DOMAIN_AFTER_OFF;
	feed("t");
	assert_string_equal(out, TO("third"));
	assert_string_equal(hear(THIRD), "t");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(greets),
		cmocka_unit_test(lines_stay_whole),
		cmocka_unit_test(broken_off),
		cmocka_unit_test(plain_text),
		cmocka_unit_test(terminal),
		cmocka_unit_test(switching),
		cmocka_unit_test(keys_pass),
		cmocka_unit_test(slow_reader),
		cmocka_unit_test(dead_reader),
		cmocka_unit_test(going_off),
		cmocka_unit_test(restarting),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
