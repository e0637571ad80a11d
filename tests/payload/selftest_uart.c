/* SPDX-License-Identifier: Apache-2.0 */
/* The (virtual) PL011: identification, read-back, transmit and receive interrupts. */
#include "selftest.h"

static uint32_t uart_read(uint32_t offset)
{
	return mmio_read32(machine.uart.base + offset);
}

static void uart_write(uint32_t offset, uint32_t value)
{
	mmio_write32(machine.uart.base + offset, value);
}

static void test_identification(void)
{
	uint32_t cell = 0;
	uint32_t peripheral = 0;

	for (uint32_t i = 0; i < 4; i++) {
		cell |= (uart_read(PL011_PCELL_ID0 + 4 * i) & 0xff) << (8 * i);
		peripheral |= (uart_read(PL011_PERIPH_ID0 + 4 * i) & 0xff) << (8 * i);
	}
	check_that(cell == 0xb105f00d, "uart-pcellid", "%x", cell);
	check_that((peripheral & 0xfffff) == 0x41011, "uart-periphid", "%x", peripheral);
}

static void test_read_back(void)
{
	static const struct {
		uint32_t offset;
		uint32_t value;
	} regs[] = {{PL011_IBRD, 13}, {PL011_FBRD, 2}, {PL011_IFLS, 0x12}, {PL011_IMSC, 0}};
	uint32_t wrong = 0;

	for (size_t i = 0; i < sizeof(regs) / sizeof(regs[0]); i++) {
		uart_write(regs[i].offset, regs[i].value);
		if (uart_read(regs[i].offset) != regs[i].value) {
			wrong = regs[i].offset + 1;
		}
	}
	uart_write(PL011_LCR_H, 0x70);
	check_that(wrong == 0 && uart_read(PL011_LCR_H) == 0x70, "uart-read-back", "offset %x, LCR_H %x",
		   wrong - 1, uart_read(PL011_LCR_H));
	check_that((uart_read(PL011_FR) & PL011_FR_RXFE) != 0, "uart-rx-empty", "FR %x", uart_read(PL011_FR));
}

/* Raises the transmit interrupt by sending, as drivers do, and takes it. */
static void test_transmit(void)
{
	uint32_t before = gic_count[0][machine.uart_intid];

	uart_write(PL011_ICR, 0x7ff);
	check_that((uart_read(PL011_RIS) & PL011_INT_TX) == 0, "uart-tx-clear", "RIS %x",
		   uart_read(PL011_RIS));
	gic_set_priority(machine.uart_intid, 0xa0);
	if (machine.gic_version == 2) {
		mmio_write8(machine.gicd.base + GICD_ITARGETSR + machine.uart_intid, 1);
	} else {
		mmio_write64(machine.gicd.base + GICD_IROUTER + 8 * (uint64_t)machine.uart_intid,
			     machine.cpus[0]);
	}
	gic_enable(machine.uart_intid);
	uart_write(PL011_IMSC, PL011_INT_TX);
	for (uint32_t i = 0; i < 20; i++) {
		console_putc('.');
	}
	console_putc('\n');
	check_that(gic_wait(0, machine.uart_intid, before, selftest_patience()), "uart-tx-interrupt",
		   "RIS %x IMSC %x", uart_read(PL011_RIS), uart_read(PL011_IMSC));
	check_that((uart_read(PL011_MIS) & PL011_INT_TX) == 0, "uart-tx-masked", "MIS %x",
		   uart_read(PL011_MIS));
	uart_write(PL011_ICR, 0x7ff);
}

static void test_receive(void)
{
	uint32_t before = gic_count[0][machine.uart_intid];

	uart_write(PL011_IMSC, PL011_INT_RX | PL011_INT_RT);
	console_printf("READY for input\n");
	bool came = gic_wait(0, machine.uart_intid, before, 3 * selftest_patience());
	uint32_t ready = (uart_read(PL011_FR) & PL011_FR_RXFE) == 0;
	uint32_t data = uart_read(PL011_DR);

	check_that(came && ready == 1 && data == 'x', "uart-rx-interrupt", "interrupt %d, data %x", came,
		   data);
	uart_write(PL011_ICR, 0x7ff);
}

void selftest_uart(void)
{
	if (machine.uart.base == 0) {
		check_skip("uart", "none in the device tree");
		return;
	}
	test_identification();
	test_read_back();
	test_transmit();
	if (machine_option("rx")) {
		test_receive();
	}
	gic_disable(machine.uart_intid);
}
