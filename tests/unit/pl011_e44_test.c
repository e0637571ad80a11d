// SPDX-License-Identifier: Apache-2.0
// sources: hv/drivers/pl011.c hv/drivers/pl011_txfe.c hv/drivers/uart.c tests/models/model.c
/* A PL011 with QDF2400's erratum E44: once it has sent, BUSY stays 1. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "drivers/pl011_regs.h"
#include "drivers/uart.h"
#include "models/model.h"

#define BASE UINT64_C(0xff78ed1000)

/* The FIFO out: a character leaves it at every other read of the flags. */
static uint32_t fifo, sent, reads;
static bool stuck;
static uint64_t ticks;

static uint64_t dev_read(uint64_t reg, uint32_t size)
{
	assert_int_equal(size, 4);
	if (reg == PL011_CR) {
		return PL011_CR_UARTEN | PL011_CR_TXE | PL011_CR_RXE;
	}
	assert_int_equal(reg, PL011_FR);
	if (!stuck && fifo > 0 && ++reads % 2 == 0) {
		fifo--;
	}
	return PL011_FR_RXFE | (sent > 0 ? PL011_FR_BUSY : 0) | (fifo == 0 ? PL011_FR_TXFE : 0);
}

static void dev_write(uint64_t reg, uint32_t size, uint64_t v)
{
	(void)v;
	assert_int_equal(size, 4);
	if (reg == PL011_DR) {
		fifo++;
		sent++;
	}
}

static bool clock_hook(enum model_sysreg reg, bool write, uint64_t *value)
{
	if (reg != MODEL_SYSREG_cntpct_el0 || write) {
		return false;
	}
	ticks += 1000; /* 1 us at 1 GHz */
	*value = ticks;
	return true;
}

static void flush_ends_when_all_is_sent(void **state)
{
	static const struct model_device device = {"pl011", BASE, 0x1000, dev_read, dev_write};
	uint64_t start;

	(void)state;
	model_reset();
	model_set_sysreg_hook(clock_hook);
	model_sysreg_write(MODEL_SYSREG_cntfrq_el0, 1000000000);
	model_add(&device);
	uart_init(BASE);
	for (uint32_t i = 0; i < 8; i++) {
		assert_true(uart_put(BASE, 'x'));
	}
	assert_true(fifo > 0);
	assert_false(uart_is_idle(BASE));
	start = ticks;
	uart_flush(BASE);
	assert_int_equal(fifo, 0);
	assert_in_range(ticks - start, 0, 100000); /* 0.1 ms, not 100 */
	assert_true(uart_is_idle(BASE));
	/* One that sends no more: the wait has an end all the same. */
	stuck = true;
	assert_true(uart_put(BASE, 'x'));
	start = ticks;
	uart_flush(BASE);
	assert_in_range(ticks - start, 100000000, 101000000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(flush_ends_when_all_is_sent),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
