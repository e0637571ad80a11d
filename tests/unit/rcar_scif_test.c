// SPDX-License-Identifier: Apache-2.0
// sources: tests/models/rcar/scif.c hv/drivers/scif.c hv/drivers/uart.c tests/models/model.c
/* The board model's SCIF: register by register, and driven by the hypervisor's driver. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "drivers/scif_regs.h"
#include "drivers/uart.h"
#include "models/model.h"
#include "models/rcar/scif.h"

#define BASE UINT64_C(0xe6e88000)
#define RTRG(n) ((uint64_t)(n) << 6)

static struct scif dev;
static char sent[64];
static size_t sent_count;

void scif_sent(struct scif *s, uint8_t c)
{
	assert_ptr_equal(s, &dev);
	assert_true(sent_count < sizeof(sent) - 1);
	sent[sent_count++] = (char)c;
}

static uint64_t bus_read(uint64_t offset, uint32_t size)
{
	return scif_read(&dev, (uint32_t)offset, size);
}

static void bus_write(uint64_t offset, uint32_t size, uint64_t value)
{
	scif_write(&dev, (uint32_t)offset, size, value);
}

static const struct model_device bus = {"scif2", BASE, 0x40, bus_read, bus_write};

static int setup(void **state)
{
	(void)state;
	memset(sent, 0, sizeof(sent));
	sent_count = 0;
	scif_init(&dev);
	return 0;
}

static uint64_t get(uint32_t reg)
{
	return scif_read(&dev, reg, 2);
}

static void put(uint32_t reg, uint64_t value)
{
	scif_write(&dev, reg, 2, value);
}

static void receive(uint32_t count)
{
	while (count-- > 0) {
		scif_receive(&dev, (uint8_t)('a' + dev.count));
	}
}

static void transmits(void **state)
{
	(void)state;
	assert_int_equal(get(SCIF_SCFSR), SCIF_SCFSR_TDFE | SCIF_SCFSR_TEND);
	put(SCIF_SCFTDR, 'x');
	assert_int_equal(sent_count, 0);
	assert_false(scif_irq(&dev));
	put(SCIF_SCSCR, SCIF_SCSCR_TE);
	assert_false(scif_irq(&dev));
	put(SCIF_SCFTDR, 'y');
	assert_string_equal(sent, "y");
	put(SCIF_SCSCR, SCIF_SCSCR_TE | SCIF_SCSCR_TIE);
	assert_true(scif_irq(&dev));
	/* There is always room: the flag comes back. */
	put(SCIF_SCFSR, 0);
	assert_int_equal(get(SCIF_SCFSR), SCIF_SCFSR_TDFE | SCIF_SCFSR_TEND);
	put(SCIF_SCSCR, SCIF_SCSCR_TE);
	assert_false(scif_irq(&dev));
}

static void receives(void **state)
{
	(void)state;
	assert_false(scif_has_room(&dev));
	put(SCIF_SCSCR, SCIF_SCSCR_RE | SCIF_SCSCR_RIE);
	put(SCIF_SCFCR, RTRG(1));
	assert_true(scif_has_room(&dev));
	assert_false(scif_irq(&dev));
	receive(3);
	assert_true(scif_irq(&dev));
	assert_int_equal(get(SCIF_SCFSR) & (SCIF_SCFSR_RDF | SCIF_SCFSR_DR), SCIF_SCFSR_DR);
	/* Data is still there: so is the flag. */
	put(SCIF_SCFSR, 0);
	assert_int_equal(get(SCIF_SCFSR) & SCIF_SCFSR_DR, SCIF_SCFSR_DR);
	receive(1);
	assert_int_equal(get(SCIF_SCFSR) & SCIF_SCFSR_RDF, SCIF_SCFSR_RDF);
	assert_int_equal(get(SCIF_SCFDR), 4);
	for (uint32_t i = 0; i < 4; i++) {
		assert_int_equal(scif_read(&dev, SCIF_SCFRDR, 1), 'a' + i);
	}
	/* Not before software says so. */
	assert_true(scif_irq(&dev));
	put(SCIF_SCFSR, 0);
	assert_false(scif_irq(&dev));
	assert_int_equal(get(SCIF_SCFDR), 0);
}

/* A flag that was not yet read as 1 is not cleared. */
static void clears_what_was_seen(void **state)
{
	(void)state;
	put(SCIF_SCSCR, SCIF_SCSCR_RE | SCIF_SCSCR_RIE);
	receive(1);
	assert_int_equal(scif_read(&dev, SCIF_SCFRDR, 1), 'a');
	put(SCIF_SCFSR, 0);
	assert_true(scif_irq(&dev));
	assert_int_not_equal(get(SCIF_SCFSR) & SCIF_SCFSR_RDF, 0);
	put(SCIF_SCFSR, 0);
	assert_int_equal(get(SCIF_SCFSR) & SCIF_SCFSR_RDF, 0);
}

static void overruns(void **state)
{
	(void)state;
	put(SCIF_SCSCR, SCIF_SCSCR_RE | SCIF_SCSCR_REIE);
	receive(16);
	assert_false(scif_has_room(&dev));
	assert_false(scif_irq(&dev));
	receive(1);
	assert_int_equal(get(SCIF_SCLSR), SCIF_SCLSR_ORER);
	assert_true(scif_irq(&dev));
	/* Nothing more comes until it is cleared, whatever room there is. */
	assert_int_equal(scif_read(&dev, SCIF_SCFRDR, 1), 'a');
	assert_false(scif_has_room(&dev));
	put(SCIF_SCLSR, 0);
	assert_true(scif_has_room(&dev));
	put(SCIF_SCFCR, 2);
	assert_int_equal(get(SCIF_SCFDR), 0);
	assert_false(scif_has_room(&dev));
}

static void keeps_the_rest(void **state)
{
	static const uint32_t regs[] = {SCIF_SCSMR, SCIF_SCBRR, 0x20, 0x30, 0x34};

	(void)state;
	for (size_t i = 0; i < sizeof(regs) / sizeof(regs[0]); i++) {
		put(regs[i], 0x1230 + i);
	}
	for (size_t i = 0; i < sizeof(regs) / sizeof(regs[0]); i++) {
		assert_int_equal(get(regs[i]), 0x1230 + i);
	}
}

static void driven(void **state)
{
	(void)state;
	model_reset();
	model_add(&bus);
	uart_init(BASE);
	uart_rx_irq(BASE, true);
	for (const char *c = "bulkhead"; *c != '\0'; c++) {
		assert_true(uart_try_put(BASE, *c));
	}
	assert_true(uart_is_idle(BASE));
	assert_string_equal(sent, "bulkhead");
	assert_int_equal(uart_get(BASE), -1);
	assert_false(scif_irq(&dev));
	receive(16);
	for (uint32_t i = 0; i < 16; i++) {
		assert_true(scif_irq(&dev));
		assert_int_equal(uart_get(BASE), 'a' + i);
	}
	assert_int_equal(uart_get(BASE), -1);
	assert_false(scif_irq(&dev));
	uart_tx_irq(BASE, true);
	assert_true(scif_irq(&dev));
	uart_tx_irq(BASE, false);
	assert_false(scif_irq(&dev));
	/* An overrun does not stop it for good. */
	receive(17);
	assert_true(scif_irq(&dev));
	while (uart_get(BASE) >= 0) {
	}
	assert_false(scif_irq(&dev));
	assert_true(scif_has_room(&dev));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(transmits, setup),
		cmocka_unit_test_setup(receives, setup),
		cmocka_unit_test_setup(clears_what_was_seen, setup),
		cmocka_unit_test_setup(overruns, setup),
		cmocka_unit_test_setup(keeps_the_rest, setup),
		cmocka_unit_test_setup(driven, setup),
	};

	return cmocka_run_group_tests_name("rcar_scif", tests, NULL, NULL);
}
