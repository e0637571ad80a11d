// SPDX-License-Identifier: Apache-2.0
// sources: hv/drivers/scif.c hv/drivers/uart.c tests/models/model.c
/* The SCIF driver on a small model of the device: status bits that are cleared by
 * writing 0 after they were read as 1, and a receiver that stops at errors. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "drivers/scif_regs.h"
#include "drivers/uart.h"
#include "models/model.h"

#define BASE UINT64_C(0xe6e88000)

static struct {
	uint16_t scr, status, seen, lsr;
	uint32_t tx, rx_count, rx_at;
	uint16_t rx[8]; /* data, and the status that comes with it << 8 */
	char out[64];
	uint32_t sent;
} dev;
static uint64_t ticks;

/* Status as hardware shows it now. */
static uint16_t dev_status(void)
{
	uint16_t s = dev.status;

	if (dev.rx_at < dev.rx_count) {
		s = (uint16_t)(s | SCIF_SCFSR_RDF | (dev.rx[dev.rx_at] >> 8));
	}
	return (uint16_t)(s | (dev.tx < SCIF_FIFO ? SCIF_SCFSR_TDFE : 0) | (dev.tx == 0 ? SCIF_SCFSR_TEND : 0));
}

static uint64_t dev_read(uint64_t reg, uint32_t size)
{
	assert_int_equal(size, reg == SCIF_SCFRDR ? 1 : 2);
	switch (reg) {
	case SCIF_SCSCR:
		return dev.scr;
	case SCIF_SCFSR:
		dev.seen = dev_status();
		return dev.seen;
	case SCIF_SCFDR:
		/* While an error or an overrun is not cleared, nothing is received. */
		return (dev.status & SCIF_SCFSR_ERRORS) != 0 || dev.lsr != 0 ?
			       dev.tx << 8 : dev.tx << 8 | (dev.rx_count - dev.rx_at);
	case SCIF_SCFRDR:
		assert_true(dev.rx_at < dev.rx_count);
		dev.status = (uint16_t)(dev.status | ((dev.rx[dev.rx_at] >> 8) & SCIF_SCFSR_ERRORS));
		return dev.rx[dev.rx_at++] & 0xff;
	case SCIF_SCLSR:
		return dev.lsr;
	default:
		model_fail("SCIF: read of 0x%lx", reg);
	}
}

static void dev_write(uint64_t reg, uint32_t size, uint64_t v)
{
	assert_int_equal(size, reg == SCIF_SCFTDR ? 1 : 2);
	switch (reg) {
	case SCIF_SCSCR:
		dev.scr = (uint16_t)v;
		break;
	case SCIF_SCFTDR:
		assert_true(dev.tx < SCIF_FIFO);
		dev.tx++;
		dev.out[dev.sent++] = (char)v;
		break;
	case SCIF_SCFSR:
		/* Only bits that were read as 1 can be cleared; 1s change nothing. */
		dev.status = (uint16_t)(dev.status & ~(dev.seen & (uint16_t)~v));
		break;
	case SCIF_SCLSR:
		dev.lsr &= (uint16_t)v;
		break;
	default:
		model_fail("SCIF: write of 0x%lx", reg);
	}
}

static bool clock_hook(enum model_sysreg reg, bool write, uint64_t *value)
{
	if (reg != MODEL_SYSREG_cntpct_el0 || write) {
		return false;
	}
	ticks += 833; /* 0.1 ms at 8.33 MHz */
	*value = ticks;
	return true;
}

static void reset(void)
{
	static const struct model_device device = {"scif", BASE, 0x40, dev_read, dev_write};

	model_reset();
	model_set_sysreg_hook(clock_hook);
	model_sysreg_write(MODEL_SYSREG_cntfrq_el0, 8333333);
	model_add(&device);
	memset(&dev, 0, sizeof(dev));
	dev.scr = 0xfa; /* interrupts on, clock source 2 */
	uart_init(BASE);
}

static void init(void **state)
{
	(void)state;
	reset();
	assert_int_equal(dev.scr, SCIF_SCSCR_TE | SCIF_SCSCR_RE | 2);
}

static void output(void **state)
{
	uint64_t start;

	(void)state;
	reset();
	for (uint32_t i = 0; i < SCIF_FIFO; i++) {
		assert_true(uart_try_put(BASE, (char)('a' + i)));
	}
	assert_false(uart_try_put(BASE, 'x'));
	start = ticks;
	assert_false(uart_put(BASE, 'x')); /* gives up after 10 ms */
	assert_in_range(ticks - start, 83000, 95000);
	uart_flush(BASE); /* and so does this, after 100 ms */
	assert_in_range(ticks - start, 913000, 1010000);
	dev.tx = 0;
	assert_true(uart_put(BASE, 'y'));
	assert_memory_equal(dev.out, "abcdefghijklmnopy", 17);
}

static void input(void **state)
{
	static const uint16_t rx[] = {
		'a',
		(SCIF_SCFSR_FER | SCIF_SCFSR_ER) << 8 | 'b',
		'c',
		SCIF_SCFSR_BRK << 8,
		'd',
		(SCIF_SCFSR_PER | SCIF_SCFSR_ER) << 8 | 'e',
		0xff,
	};

	(void)state;
	reset();
	assert_int_equal(uart_get(BASE), -1);
	memcpy(dev.rx, rx, sizeof(rx));
	dev.rx_count = ARRAY_SIZE(rx);
	assert_int_equal(uart_get(BASE), 'a');
	assert_int_equal(uart_get(BASE), 'c');
	assert_int_equal(uart_get(BASE), 'd');
	assert_int_equal(uart_get(BASE), 0xff);
	assert_int_equal(uart_get(BASE), -1);
	assert_int_equal(dev.status & SCIF_SCFSR_ERRORS, 0);
	/* An overrun stops reception until ORER is cleared. */
	dev.rx_at = 0;
	dev.lsr = SCIF_SCLSR_ORER;
	assert_int_equal(uart_get(BASE), -1);
	assert_int_equal(dev.lsr, 0);
	assert_int_equal(uart_get(BASE), 'a');
}

static void interrupts(void **state)
{
	(void)state;
	reset();
	uart_rx_irq(BASE, true);
	assert_int_equal(dev.scr, 0x32 | SCIF_SCSCR_RIE | SCIF_SCSCR_REIE);
	uart_tx_irq(BASE, true);
	uart_rx_irq(BASE, false);
	assert_int_equal(dev.scr, 0x32 | SCIF_SCSCR_TIE);
	uart_tx_irq(BASE, false);
	assert_int_equal(dev.scr, 0x32);
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
