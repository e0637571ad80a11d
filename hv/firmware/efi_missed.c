// SPDX-License-Identifier: Apache-2.0
/* The image of a board with ACPI, started as any arm64 kernel: by a boot loader, without UEFI. */
#include "arch/cpu.h"
#include "drivers/uart.h"
#include "firmware/efi_priv.h"

static void missed_say(const char *text)
{
	for (; *text != '\0'; text++) {
		uart_put(board.uart.reg.base, *text);
	}
}

_Noreturn void efi_missed(void)
{
	if (board.uart.kind != UART_NONE) {
		uart_init(board.uart.reg.base);
		missed_say("bulkhead: fatal: ");
		missed_say(efi_here(board.name));
		missed_say(": started without UEFI, whose ACPI tables the hardware domain needs\r\n");
	}
	arch_halt();
}
