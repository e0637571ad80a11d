/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Writes to the console as fast as it takes it, and then listens.
 * Options: name=N (a number printed with each line), lines=N (so many numbered lines),
 * flood=N (before that, for N seconds, a line that has no end), listen=1 (then tells of each
 * line that it reads how long it was and the sum of its characters, until the line "off").
 */
#include "rt/console.h"
#include "rt/machine.h"

static uint64_t name;

void payload_secondary(uint32_t index)
{
	(void)index;
}

static void flood(uint64_t ticks)
{
	uint64_t end = arch_counter() + ticks;

	while (arch_counter() < end) {
		console_putc('.');
	}
	console_printf("\ntalker %lu: the flood is over\n", name);
}

static void write_lines(uint64_t count)
{
	uint64_t start = arch_counter();

	for (uint64_t i = 0; i < count; i++) {
		console_printf("talker %lu: line %lu of %lu, which ends with %lu\n", name, i, count, i * 7919);
	}
	console_printf("talker %lu: done after %lu ms\n", name,
		       (arch_counter() - start) / (SYSREG_READ(cntfrq_el0) / 1000));
}

static char read_char(void)
{
	while ((mmio_read32(machine.uart.base + PL011_FR) & PL011_FR_RXFE) != 0) {
	}
	return (char)mmio_read32(machine.uart.base + PL011_DR);
}

/* False: it was "off". */
static bool listen(void)
{
	uint32_t length = 0;
	uint32_t sum = 0;
	char first[3] = {0};

	for (char c = read_char(); c != '\n' && c != '\r'; c = read_char()) {
		if (length < sizeof(first)) {
			first[length] = c;
		}
		sum += (uint8_t)c;
		length++;
	}
	console_printf("talker %lu: heard %u characters, sum %u\n", name, length, sum);
	return length != 3 || first[0] != 'o' || first[1] != 'f' || first[2] != 'f';
}

void payload_main(void)
{
	uint64_t seconds = 0;
	uint64_t lines = 0;
	uint64_t hears = 0;

	(void)machine_option_number("name", 0, &name);
	(void)machine_option_number("lines", 0, &lines);
	(void)machine_option_number("flood", 0, &seconds);
	(void)machine_option_number("listen", 0, &hears);
	if (seconds != 0) {
		flood(seconds * SYSREG_READ(cntfrq_el0));
	}
	write_lines(lines);
	while (hears != 0 && listen()) {
	}
}
