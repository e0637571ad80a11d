/* SPDX-License-Identifier: Apache-2.0 */
#include "console.h"

#include "machine.h"

/* A UART that stays busy for longer costs the character, not the program. */
#define TX_POLLS_MAX 1000000u

/* HYPERVISOR_console_io(CONSOLEIO_write, count, buffer), public/xen.h. */
#define XEN_CONSOLE_IO 18

void console_init(void)
{
	if (machine.uart.base != 0) {
		mmio_write32(machine.uart.base + PL011_IMSC, 0);
		mmio_write32(machine.uart.base + PL011_LCR_H, 0x70);
		mmio_write32(machine.uart.base + PL011_CR, PL011_CR_UARTEN | PL011_CR_TXE | PL011_CR_RXE);
	}
}

static void put_xen(char c)
{
	char buffer[16] __attribute__((aligned(16))) = {c};
	register uint64_t x0 __asm__("x0") = 0;
	register uint64_t x1 __asm__("x1") = 1;
	register uint64_t x2 __asm__("x2") = (uint64_t)(uintptr_t)buffer;
	register uint64_t x16 __asm__("x16") = XEN_CONSOLE_IO;

	__asm__ volatile("hvc #0xea1" : "+r"(x0), "+r"(x1), "+r"(x2), "+r"(x16) : : "x3", "x4", "memory");
}

void console_putc(char c)
{
	if (c == '\n') {
		console_putc('\r');
	}
	if (machine.uart.base == 0) {
		if (machine.xen) {
			put_xen(c);
		}
		return;
	}
	for (uint32_t polls = 0; polls < TX_POLLS_MAX; polls++) {
		if ((mmio_read32(machine.uart.base + PL011_FR) & PL011_FR_TXFF) == 0) {
			mmio_write32(machine.uart.base + PL011_DR, (uint8_t)c);
			return;
		}
	}
}

static void put_string(const char *text)
{
	while (*text != '\0') {
		console_putc(*text++);
	}
}

static void put_number(uint64_t value, unsigned int base, unsigned int width, char pad)
{
	char digits[24];
	unsigned int count = 0;

	do {
		digits[count++] = "0123456789abcdef"[value % base];
		value /= base;
	} while (value != 0);
	for (unsigned int i = count; i < width; i++) {
		console_putc(pad);
	}
	while (count > 0) {
		console_putc(digits[--count]);
	}
}

void console_vprintf(const char *format, va_list args)
{
	for (; *format != '\0'; format++) {
		unsigned int width = 0;
		bool is_long = false;
		char pad = ' ';

		if (*format != '%') {
			console_putc(*format);
			continue;
		}
		format++;
		if (*format == '0') {
			pad = '0';
		}
		for (; *format >= '0' && *format <= '9'; format++) {
			width = width * 10 + (unsigned int)(*format - '0');
		}
		if (*format == 'l') {
			is_long = true;
			format++;
		}
		switch (*format) {
		case 's':
			put_string(va_arg(args, const char *));
			break;
		case 'c':
			console_putc((char)va_arg(args, int));
			break;
		case 'd': {
			int value = va_arg(args, int);

			if (value < 0) {
				console_putc('-');
			}
			put_number(value < 0 ? (uint64_t)(-(int64_t)value) : (uint64_t)value, 10, width, pad);
			break;
		}
		case 'u':
		case 'x': {
			uint64_t value = is_long ? va_arg(args, uint64_t) : va_arg(args, uint32_t);

			put_number(value, *format == 'x' ? 16 : 10, width, pad);
			break;
		}
		case '\0':
			return;
		default:
			console_putc(*format);
			break;
		}
	}
}

void console_printf(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	console_vprintf(format, args);
	va_end(args);
}
