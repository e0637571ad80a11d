// SPDX-License-Identifier: Apache-2.0
// sources: hv/drivers/pl011.c hv/drivers/pl011_busy.c hv/drivers/uart.c tests/models/model.c
/* The PL011 driver on a small model of the device. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "drivers/pl011_regs.h"
#include "drivers/uart.h"
#include "models/model.h"

#define BASE UINT64_C(0x9000000)

/* The device: a FIFO out that has room for `room` more, a FIFO in. */
static struct {
	uint32_t cr, lcrh, imsc, room, busy_reads, rx[8], rx_count, rx_at, errors_cleared;
	char out[64];
	uint32_t sent, lcrh_writes;
} dev;
static uint64_t ticks;

static uint64_t dev_read(uint64_t reg, uint32_t size)
{
	assert_int_equal(size, 4);
	switch (reg) {
	case PL011_DR:
		assert_true(dev.rx_at < dev.rx_count);
		return dev.rx[dev.rx_at++];
	case PL011_FR:
		if (dev.busy_reads > 0) {
			dev.busy_reads--;
			return PL011_FR_BUSY | PL011_FR_RXFE;
		}
		return (dev.room == 0 ? PL011_FR_TXFF : 0) | (dev.rx_at == dev.rx_count ? PL011_FR_RXFE : 0);
	case PL011_CR:
		return dev.cr;
	case PL011_LCRH:
		return dev.lcrh;
	case PL011_IMSC:
		return dev.imsc;
	default:
		model_fail("PL011: read of 0x%lx", reg);
	}
}

static void dev_write(uint64_t reg, uint32_t size, uint64_t v)
{
	assert_int_equal(size, 4);
	switch (reg) {
	case PL011_DR:
		assert_true(dev.room > 0); /* else it is lost */
		dev.room--;
		dev.out[dev.sent++] = (char)v;
		break;
	case PL011_RSR:
		dev.errors_cleared++;
		break;
	case PL011_CR:
		dev.cr = (uint32_t)v;
		break;
	case PL011_LCRH:
		assert_int_equal(dev.cr & PL011_CR_UARTEN, 0);
		dev.lcrh = (uint32_t)v;
		dev.lcrh_writes++;
		break;
	case PL011_IMSC:
		dev.imsc = (uint32_t)v;
		break;
	default:
		model_fail("PL011: write of 0x%lx", reg);
	}
}

static bool clock_hook(enum model_sysreg reg, bool write, uint64_t *value)
{
	if (reg != MODEL_SYSREG_cntpct_el0 || write) {
		return false;
	}
	ticks += 100000; /* 0.1 ms at 1 GHz */
	*value = ticks;
	return true;
}

static void reset(uint32_t cr)
{
	static const struct model_device device = {"pl011", BASE, 0x1000, dev_read, dev_write};

	model_reset();
	model_set_sysreg_hook(clock_hook);
	model_sysreg_write(MODEL_SYSREG_cntfrq_el0, 1000000000);
	model_add(&device);
	memset(&dev, 0, sizeof(dev));
	dev.cr = cr;
	dev.imsc = 0x7ff;
	dev.room = 64;
	uart_init(BASE);
}

static void init(void **state)
{
	(void)state;
	reset(0x300); /* after reset */
	assert_int_equal(dev.lcrh, 0x70);
	assert_int_equal(dev.cr, 0x301);
	assert_int_equal(dev.imsc, 0);
	reset(0x301); /* a boot loader's */
	assert_int_equal(dev.lcrh_writes, 0);
	assert_int_equal(dev.cr, 0x301);
}

static void output(void **state)
{
	uint64_t start;

	(void)state;
	reset(0x301);
	dev.room = 2;
	assert_true(uart_put(BASE, 'a'));
	assert_true(uart_try_put(BASE, '\xff'));
	assert_false(uart_try_put(BASE, 'c'));
	start = ticks;
	assert_false(uart_put(BASE, 'd')); /* gives up after 10 ms */
	assert_in_range(ticks - start, 10000000, 11000000);
	assert_int_equal(dev.sent, 2);
	assert_memory_equal(dev.out, "a\xff", 2);
	dev.busy_reads = 5;
	uart_flush(BASE);
	assert_int_equal(dev.busy_reads, 0);
	dev.busy_reads = UINT32_MAX;
	start = ticks;
	uart_flush(BASE);
	assert_in_range(ticks - start, 100000000, 101000000);
}

static void input(void **state)
{
	static const uint32_t rx[] = {'x', 0x1ff, 0x461, 0x200, 'y', 0x800 | 'z', 0};

	(void)state;
	reset(0x301);
	assert_int_equal(uart_get(BASE), -1);
	memcpy(dev.rx, rx, sizeof(rx));
	dev.rx_count = ARRAY_SIZE(rx);
	assert_int_equal(uart_get(BASE), 'x');
	assert_int_equal(uart_get(BASE), 'y'); /* framing, break and parity errors are skipped */
	assert_int_equal(dev.errors_cleared, 3);
	assert_int_equal(uart_get(BASE), 'z'); /* behind an overrun, but good */
	assert_int_equal(uart_get(BASE), 0);
	assert_int_equal(uart_get(BASE), -1);
}

static void interrupts(void **state)
{
	(void)state;
	reset(0x301);
	uart_rx_irq(BASE, true);
	assert_int_equal(dev.imsc, 0x50);
	uart_tx_irq(BASE, true);
	assert_int_equal(dev.imsc, 0x70);
	uart_rx_irq(BASE, false);
	assert_int_equal(dev.imsc, 0x20);
	uart_tx_irq(BASE, false);
	assert_int_equal(dev.imsc, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(init),
		cmocka_unit_test(output),
		cmocka_unit_test(input),
		cmocka_unit_test(interrupts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
