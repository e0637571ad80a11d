// SPDX-License-Identifier: Apache-2.0
// sources: hv/guest/vpl011.c hv/guest/vpl011_line.c hv/guest/console/one.c hv/guest/xen/none.c
// sources: hv/drivers/console.c hv/drivers/console_plain.c
// sources: tests/models/model.c tests/unit/vpl011/machine.c
/* The virtual PL011 of a domain that has the machine's UART to itself. */
#include "unit/vpl011/machine.h"

#include <string.h>

#include "drivers/console.h"
#include "guest/vpl011.h"

const struct board_tables board = {
	.domain_count = 1,
	.uart = {.kind = UART_PL011, .intid = 33, .reg = {0x9000000, 0x1000}},
	.domains = &descs[DOM0],
};

#define ONLY 0

static void identity_and_reset(void **state)
{
	static const uint32_t id[] = {0x11, 0x10, 0x34, 0x00, 0x0d, 0xf0, 0x05, 0xb1};

	(void)state;
	machine_start();
	for (uint32_t i = 0; i < 8; i++) {
		assert_int_equal(rd(ONLY, 0xfe0 + 4 * i), id[i]);
	}
	assert_int_equal(rd(ONLY, 0xfdc), 0);
	assert_int_equal(rd(ONLY, PL011_FR), 0x90);
	assert_int_equal(rd(ONLY, PL011_CR), 0x300);
	assert_int_equal(rd(ONLY, PL011_IFLS), 0x12);
	assert_int_equal(rd(ONLY, PL011_RIS), 0);
	assert_int_equal(rd(ONLY, PL011_DR), 0);
	/* What each register keeps. */
	static const struct {
		uint32_t reg, kept;
	} regs[] = {{PL011_ILPR, 0xff}, {PL011_IBRD, 0xffff}, {PL011_FBRD, 0x3f}, {PL011_LCRH, 0xff},
		    {PL011_CR, 0xff87}, {PL011_IFLS, 0x3f}, {PL011_IMSC, 0x7ff}, {PL011_DMACR, 7},
		    {PL011_FR, 0x90}, {PL011_RIS, 0}, {PL011_RSR, 0}, {PL011_ICR, 0}, {0xfe0, 0x11}, {0x100, 0}};
	for (size_t i = 0; i < ARRAY_SIZE(regs); i++) {
		wr(ONLY, regs[i].reg, UINT32_MAX);
		assert_int_equal(rd(ONLY, regs[i].reg), regs[i].kept);
	}
}

static void sizes(void **state)
{
	struct mmio_access a = {.vcpu = &cpus[ONLY].vcpu, .window = &window, .offset = PL011_IFLS, .size = 1};

	(void)state;
	machine_start();
	wr(ONLY, PL011_IBRD, 0x1234);
	assert_true(vpl011_access(&a));
	assert_int_equal(a.value, 0x12);
	a.offset = PL011_IBRD + 1;
	assert_true(vpl011_access(&a));
	assert_int_equal(a.value, 0x12);
	a.offset = PL011_IBRD;
	a.size = 2;
	assert_true(vpl011_access(&a));
	assert_int_equal(a.value, 0x1234);
	a.offset = PL011_IBRD + 1;
	assert_false(vpl011_access(&a));
	a.offset = PL011_IBRD;
	a.size = 8;
	assert_false(vpl011_access(&a));
}

static void output(void **state)
{
	(void)state;
	machine_start();
	say(ONLY, "off");
	assert_int_equal(sent, 0);
	enable(ONLY);
	say(ONLY, "hello\r\n");
	assert_memory_equal(out, "hello\r\n", 7);
	assert_int_equal(rd(ONLY, PL011_FR), 0x90);
	/* The level fell through the trigger: TXRIS, and the line only when unmasked. */
	assert_int_equal(rd(ONLY, PL011_RIS), 0x20);
	assert_int_equal(rd(ONLY, PL011_MIS), 0);
	assert_false(level[ONLY]);
	wr(ONLY, PL011_IMSC, 0x20);
	assert_true(level[ONLY]);
	assert_int_equal(rd(ONLY, PL011_MIS), 0x20);
	wr(ONLY, PL011_ICR, 0x20);
	assert_false(level[ONLY]);
	say(ONLY, "x");
	assert_true(level[ONLY]);
}

static void full_uart(void **state)
{
	(void)state;
	machine_start();
	enable(ONLY);
	wr(ONLY, PL011_IMSC, 0x20);
	say(ONLY, "\n");
	wr(ONLY, PL011_ICR, 0x20);
	room = 0;
	sent = 0;
	for (uint32_t i = 0; i < VUART_TX_SIZE; i++) {
		assert_int_equal(rd(ONLY, PL011_FR) & PL011_FR_TXFF, 0);
		wr(ONLY, PL011_DR, 'a' + i % 26);
		assert_true(tx_irq);
	}
	assert_int_equal(rd(ONLY, PL011_FR), PL011_FR_TXFF | PL011_FR_RXFE | PL011_FR_BUSY);
	assert_false(level[ONLY]);
	wr(ONLY, PL011_DR, '!'); /* lost, as on the real one */
	/* Room for a few at a time: in order, and no TXRIS above half full. */
	for (uint32_t i = 0; i < VUART_TX_SIZE; i += 8) {
		assert_int_equal(level[ONLY], VUART_TX_SIZE - i <= VUART_TX_SIZE / 2);
		room = 8;
		vpl011_host_irq();
	}
	assert_int_equal(sent, VUART_TX_SIZE);
	for (uint32_t i = 0; i < VUART_TX_SIZE; i++) {
		assert_int_equal(out[i], 'a' + i % 26);
	}
	room = 8;
	vpl011_host_irq();
	assert_false(tx_irq);
	assert_int_equal(sent, VUART_TX_SIZE);
}

static void input(void **state)
{
	char line[41];

	(void)state;
	machine_start();
	/* Not enabled: it waits in the machine's UART, its interrupt off. */
	feed("early");
	assert_int_equal(fed_at, 0);
	assert_false(rx_irq);
	enable(ONLY);
	assert_int_equal(fed_at, 5);
	assert_true(rx_irq);
	assert_int_equal(rd(ONLY, PL011_RIS), 0x40); /* time-out, not the level */
	wr(ONLY, PL011_IMSC, 0x50);
	assert_true(level[ONLY]);
	for (uint32_t i = 0; i < 5; i++) {
		assert_int_equal(rd(ONLY, PL011_FR) & PL011_FR_RXFE, 0);
		assert_int_equal(rd(ONLY, PL011_DR), (uint8_t)"early"[i]);
	}
	assert_int_equal(rd(ONLY, PL011_FR) & PL011_FR_RXFE, PL011_FR_RXFE);
	assert_false(level[ONLY]);
	/* More than fits: nothing is lost. */
	for (uint32_t i = 0; i < 40; i++) {
		line[i] = (char)('A' + i);
	}
	line[40] = '\0';
	feed(line);
	assert_int_equal(fed_at, VUART_RX_SIZE);
	assert_false(rx_irq);
	assert_int_equal(rd(ONLY, PL011_RIS), 0x50);
	assert_int_equal(rd(ONLY, PL011_FR) & PL011_FR_RXFF, PL011_FR_RXFF);
	for (uint32_t i = 0; i < 40; i++) {
		assert_int_equal(rd(ONLY, PL011_DR), 'A' + i);
	}
	assert_int_equal(rd(ONLY, PL011_RIS), 0);
	assert_true(rx_irq);
	/* FIFOs off: one character. */
	wr(ONLY, PL011_LCRH, 0x60);
	feed("pq");
	assert_int_equal(fed_at, 1);
	assert_int_equal(rd(ONLY, PL011_RIS), 0x50);
	assert_int_equal(rd(ONLY, PL011_DR), 'p');
	assert_int_equal(rd(ONLY, PL011_DR), 'q');
	assert_int_equal(rd(ONLY, PL011_DR), 0);
	/* Loopback stays inside. */
	enable(ONLY);
	wr(ONLY, PL011_CR, 0x381);
	sent = 0;
	say(ONLY, "l");
	assert_int_equal(sent, 0);
	assert_int_equal(rd(ONLY, PL011_DR), 'l');
}

/* Where the domain is no more the interrupt goes off, until it starts again. */
static void nobody_reads(void **state)
{
	(void)state;
	machine_start();
	enable(ONLY);
	feed("d");
	assert_int_equal(rd(ONLY, PL011_DR), 'd');
	ended[ONLY] = true;
	feed("n");
	assert_int_equal(fed_at, 0);
	assert_false(rx_irq);
	ended[ONLY] = false;
	vpl011_init(&domains[ONLY]);
	assert_true(rx_irq);
}

/* A domain that stops while its ring is full of input starts with all as at reset, and hears
 * what is typed from then on. Others may look at the ring meanwhile: its lock stays. */
static void restart(void **state)
{
	(void)state;
	machine_start();
	enable(ONLY);
	feed("123456789012345678901234567890123456789");
	assert_false(rx_irq);
	say(ONLY, "unfinished");
	vpl011_stop(&domains[ONLY]);
	domains[ONLY].console.lock = (struct spinlock){.next = 7, .owner = 7};
	vpl011_init(&domains[ONLY]);
	assert_int_equal(domains[ONLY].console.lock.owner, 8);
	assert_int_equal(rd(ONLY, PL011_FR), 0x90);
	assert_int_equal(rd(ONLY, PL011_CR), 0x300);
	assert_true(rx_irq);
	enable(ONLY);
	feed("\x01\x01\x01z"); /* nothing of it is special */
	for (uint32_t i = 0; i < 3; i++) {
		assert_int_equal(rd(ONLY, PL011_DR), 1);
	}
	assert_int_equal(rd(ONLY, PL011_DR), 'z');
}

/* Its lines go out as they are, whatever is in them; a message ends an unfinished one. */
static void message_breaks_off(void **state)
{
	(void)state;
	machine_start();
	enable(ONLY);
	say(ONLY, "\x1b[1m#\r\n\n\r$ ");
	log_print("message %u", 1u);
	say(ONLY, "ls\n");
	assert_string_equal(out, "\x1b[1m#\r\n\n\r$ \r\nbulkhead: message 1\r\nls\n");
}

static void stop_is_bounded(void **state)
{
	uint64_t before;

	(void)state;
	machine_start();
	enable(ONLY);
	room = 0;
	say(ONLY, "stuck");
	assert_true(tx_irq);
	before = ticks;
	vpl011_stop(&domains[ONLY]);
	assert_in_range(ticks - before, 200000000, 210000000);
	assert_false(tx_irq);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(identity_and_reset),
		cmocka_unit_test(sizes),
		cmocka_unit_test(output),
		cmocka_unit_test(full_uart),
		cmocka_unit_test(input),
		cmocka_unit_test(nobody_reads),
		cmocka_unit_test(restart),
		cmocka_unit_test(message_breaks_off),
		cmocka_unit_test(stop_is_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
