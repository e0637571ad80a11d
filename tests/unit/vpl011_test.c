// SPDX-License-Identifier: Apache-2.0
// sources: hv/guest/vpl011.c hv/guest/vpl011_line.c hv/drivers/console.c hv/lib/format.c
// sources: hv/guest/xen/none.c tests/models/model.c tests/unit/vpl011/machine.c
/* The virtual PL011 of two domains on one machine's UART. */
#include "unit/vpl011/machine.h"

#include <string.h>

#include "drivers/console.h"
#include "guest/vpl011.h"

const struct board_tables board = {
	.domain_count = 2,
	.uart = {.kind = UART_PL011, .intid = 33, .reg = {0x9000000, 0x1000}},
	.domains = descs,
};

static void identity_and_reset(void **state)
{
	static const uint32_t id[] = {0x11, 0x10, 0x34, 0x00, 0x0d, 0xf0, 0x05, 0xb1};

	(void)state;
	machine_start();
	for (uint32_t i = 0; i < 8; i++) {
		assert_int_equal(rd(DOM0, 0xfe0 + 4 * i), id[i]);
	}
	assert_int_equal(rd(DOM0, 0xfdc), 0);
	assert_int_equal(rd(DOM0, PL011_FR), 0x90);
	assert_int_equal(rd(DOM0, PL011_CR), 0x300);
	assert_int_equal(rd(DOM0, PL011_IFLS), 0x12);
	assert_int_equal(rd(DOM0, PL011_RIS), 0);
	assert_int_equal(rd(DOM0, PL011_DR), 0);
	/* What each register keeps. */
	static const struct {
		uint32_t reg, kept;
	} regs[] = {{PL011_ILPR, 0xff}, {PL011_IBRD, 0xffff}, {PL011_FBRD, 0x3f}, {PL011_LCRH, 0xff},
		    {PL011_CR, 0xff87}, {PL011_IFLS, 0x3f}, {PL011_IMSC, 0x7ff}, {PL011_DMACR, 7},
		    {PL011_FR, 0x90}, {PL011_RIS, 0}, {PL011_RSR, 0}, {PL011_ICR, 0}, {0xfe0, 0x11}, {0x100, 0}};
	for (size_t i = 0; i < ARRAY_SIZE(regs); i++) {
		wr(DOM0, regs[i].reg, UINT32_MAX);
		assert_int_equal(rd(DOM0, regs[i].reg), regs[i].kept);
	}
}

static void sizes(void **state)
{
	struct mmio_access a = {.vcpu = &cpus[DOM0].vcpu, .window = &window, .offset = PL011_IFLS, .size = 1};

	(void)state;
	machine_start();
	wr(DOM0, PL011_IBRD, 0x1234);
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
	say(DOM0, "off");
	assert_int_equal(sent, 0);
	enable(DOM0);
	say(DOM0, "hello\r\n");
	assert_memory_equal(out, "hello\r\n", 7);
	assert_int_equal(rd(DOM0, PL011_FR), 0x90);
	/* The level fell through the trigger: TXRIS, and the line only when unmasked. */
	assert_int_equal(rd(DOM0, PL011_RIS), 0x20);
	assert_int_equal(rd(DOM0, PL011_MIS), 0);
	assert_false(level[DOM0]);
	wr(DOM0, PL011_IMSC, 0x20);
	assert_true(level[DOM0]);
	assert_int_equal(rd(DOM0, PL011_MIS), 0x20);
	wr(DOM0, PL011_ICR, 0x20);
	assert_false(level[DOM0]);
	say(DOM0, "x");
	assert_true(level[DOM0]);
}

static void full_uart(void **state)
{
	(void)state;
	machine_start();
	enable(DOM0);
	wr(DOM0, PL011_IMSC, 0x20);
	say(DOM0, "\n");
	wr(DOM0, PL011_ICR, 0x20);
	room = 0;
	sent = 0;
	for (uint32_t i = 0; i < VUART_TX_SIZE; i++) {
		assert_int_equal(rd(DOM0, PL011_FR) & PL011_FR_TXFF, 0);
		wr(DOM0, PL011_DR, 'a' + i % 26);
		assert_true(tx_irq);
	}
	assert_int_equal(rd(DOM0, PL011_FR), PL011_FR_TXFF | PL011_FR_RXFE | PL011_FR_BUSY);
	assert_false(level[DOM0]);
	wr(DOM0, PL011_DR, '!'); /* lost, as on the real one */
	/* Room for a few at a time: in order, and no TXRIS above half full. */
	for (uint32_t i = 0; i < VUART_TX_SIZE; i += 8) {
		assert_int_equal(level[DOM0], VUART_TX_SIZE - i <= VUART_TX_SIZE / 2);
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
	enable(DOM0);
	assert_int_equal(fed_at, 5);
	assert_true(rx_irq);
	assert_int_equal(rd(DOM0, PL011_RIS), 0x40); /* time-out, not the level */
	wr(DOM0, PL011_IMSC, 0x50);
	assert_true(level[DOM0]);
	for (uint32_t i = 0; i < 5; i++) {
		assert_int_equal(rd(DOM0, PL011_FR) & PL011_FR_RXFE, 0);
		assert_int_equal(rd(DOM0, PL011_DR), (uint8_t)"early"[i]);
	}
	assert_int_equal(rd(DOM0, PL011_FR) & PL011_FR_RXFE, PL011_FR_RXFE);
	assert_false(level[DOM0]);
	/* More than fits: nothing is lost. */
	for (uint32_t i = 0; i < 40; i++) {
		line[i] = (char)('A' + i);
	}
	line[40] = '\0';
	feed(line);
	assert_int_equal(fed_at, VUART_RX_SIZE);
	assert_false(rx_irq);
	assert_int_equal(rd(DOM0, PL011_RIS), 0x50);
	assert_int_equal(rd(DOM0, PL011_FR) & PL011_FR_RXFF, PL011_FR_RXFF);
	for (uint32_t i = 0; i < 40; i++) {
		assert_int_equal(rd(DOM0, PL011_DR), 'A' + i);
	}
	assert_int_equal(rd(DOM0, PL011_RIS), 0);
	assert_true(rx_irq);
	/* FIFOs off: one character. */
	wr(DOM0, PL011_LCRH, 0x60);
	feed("pq");
	assert_int_equal(fed_at, 1);
	assert_int_equal(rd(DOM0, PL011_RIS), 0x50);
	assert_int_equal(rd(DOM0, PL011_DR), 'p');
	assert_int_equal(rd(DOM0, PL011_DR), 'q');
	assert_int_equal(rd(DOM0, PL011_DR), 0);
	/* Loopback stays inside. */
	enable(DOM0);
	wr(DOM0, PL011_CR, 0x381);
	sent = 0;
	say(DOM0, "l");
	assert_int_equal(sent, 0);
	assert_int_equal(rd(DOM0, PL011_DR), 'l');
}

/* The hardware domain gets the input; the other one when that is gone; else nobody,
 * and the interrupt is off for good. */
static void who_reads(void **state)
{
	(void)state;
	machine_start();
	enable(GUEST);
	enable(DOM0);
	feed("d");
	assert_int_equal(rd(GUEST, PL011_FR) & PL011_FR_RXFE, PL011_FR_RXFE);
	assert_int_equal(rd(DOM0, PL011_DR), 'd');
	ended[DOM0] = true;
	feed("g");
	assert_int_equal(rd(GUEST, PL011_DR), 'g');
	ended[GUEST] = true;
	feed("n");
	assert_int_equal(fed_at, 0);
	assert_false(rx_irq);
}

static void lines_stay_whole(void **state)
{
	(void)state;
	machine_start();
	enable(GUEST);
	enable(DOM0);
	/* The guest's line waits until it is complete, and until dom0's is. */
	say(GUEST, "gu");
	assert_int_equal(sent, 0);
	say(DOM0, "do");
	say(GUEST, "est\n");
	say(DOM0, "m0\n");
	assert_string_equal(out, "dom0\nguest\n");
	/* The hypervisor's messages wait as well, but not for ever. */
	say(DOM0, "prompt> ");
	log_print("message %u", 1u);
	assert_string_equal(out, "dom0\nguest\nprompt> \r\nbulkhead: message 1\r\n");
	/* A prompt does not hold up the guest for longer than 20 ms. */
	say(DOM0, "$ ");
	sent = 0;
	memset(out, 0, sizeof(out));
	ticks += 25000000;
	say(GUEST, "late\n");
	assert_string_equal(out, "\r\nlate\n");
	/* A line that fills the ring goes out unfinished; so does one that stops. */
	sent = 0;
	memset(out, 0, sizeof(out));
	for (uint32_t i = 0; i < 300; i++) {
		say(GUEST, "x");
	}
	assert_true(sent >= VUART_TX_SIZE / 2);
	vpl011_stop(&domains[GUEST]);
	assert_int_equal(sent, 300);
	/* Nothing of it is left to be sent by others. */
	say(DOM0, "\n");
	assert_int_equal(strspn(out, "x"), 300);
	assert_true(sent <= 303);
}

static void stop_is_bounded(void **state)
{
	uint64_t before;

	(void)state;
	machine_start();
	enable(DOM0);
	room = 0;
	say(DOM0, "stuck");
	assert_true(tx_irq);
	before = ticks;
	vpl011_stop(&domains[DOM0]);
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
		cmocka_unit_test(who_reads),
		cmocka_unit_test(lines_stay_whole),
		cmocka_unit_test(stop_is_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
