// SPDX-License-Identifier: Apache-2.0
/* The part of booting that C can do with the MMU off. */
#include "core/boot.h"

#include "arch/cpu.h"
#include "arch/sysreg.h"
#include "domain/domain.h"
#include "drivers/uart.h"
#include "lib/string.h"
#include "mm/unpack.h"

#define MMFR0_TGRAN4 GENMASK64(31, 28)
#define TGRAN4_NONE 0xfu
#define MMFR4_E2H0 GENMASK64(27, 24)
#define E2H0_FIRST_NONE 0x8u /* negative: HCR_EL2.E2H cannot be 0 */

static void boot_puts(const struct board_tables *b, const char *s)
{
	for (; *s != '\0'; s++) {
		uart_put(b->uart.reg.base, *s);
	}
}

static void boot_put_hex(const struct board_tables *b, uint64_t v)
{
	int shift = 60;

	while (shift > 0 && (v >> shift) == 0) {
		shift -= 4;
	}
	uart_put(b->uart.reg.base, '0');
	uart_put(b->uart.reg.base, 'x');
	for (; shift >= 0; shift -= 4) {
		uint64_t digit = (v >> shift) & 0xf;

		uart_put(b->uart.reg.base, (char)(digit < 10 ? '0' + digit : 'a' - 10 + digit));
	}
}

_Noreturn void boot_refuse(const struct board_tables *b, const char *first, uint64_t linked,
			   const char *between, uint64_t actual)
{
	if (b->uart.kind != UART_NONE) {
		uart_init(b->uart.reg.base);
		boot_puts(b, first);
		boot_put_hex(b, linked);
		boot_puts(b, between);
		boot_put_hex(b, actual);
		uart_put(b->uart.reg.base, '\r');
		uart_put(b->uart.reg.base, '\n');
	}
	arch_halt();
}

void boot_check_cpu(void)
{
	uint64_t mmfr0 = sysreg_read_id_aa64mmfr0_el1();

	if (FIELD_GET(MMFR0_TGRAN4, mmfr0) == TGRAN4_NONE) {
		boot_refuse(&board, "bulkhead: the page tables need 4 KiB pages, TGran4 ", 0,
			    ", but this CPU has ", TGRAN4_NONE);
	}
	if (FIELD_GET(MMFR4_E2H0, sysreg_read_id_aa64mmfr4_el1()) >= E2H0_FIRST_NONE) {
		boot_refuse(&board, "bulkhead: HCR_EL2.E2H must be clear, needs E2H0 ", 0,
			    ", but ID_AA64MMFR4_EL1 is ", sysreg_read_id_aa64mmfr4_el1());
	}
}

void boot_unpack(void)
{
	uint64_t tables = (uint64_t)(__tables_end - __tables_start);
	uint64_t packed = (uint64_t)(__packed_end - __packed_data);

	if (!unpack_runs((const struct packed_run *)(const void *)__packed_data,
			 packed / sizeof(struct packed_run), (uint64_t *)(void *)__tables_start,
			 tables / sizeof(uint64_t))) {
		boot_refuse(&board, "bulkhead: damaged image: page tables packed at ",
			    (uint64_t)(uintptr_t)__packed_data, " do not fill the tables at ",
			    (uint64_t)(uintptr_t)__tables_start);
	}
}

void boot_settle(void)
{
	uint64_t end = board.image.base + board.image.size;

	if (board.home.colors.of == 0) {
		return;
	}
	for (uint64_t va = board.image.base; va < end; va += PAGE_SIZE) {
		void *to = (void *)(uintptr_t)home_pa(&board.home, va);

		/* Before, or what firmware left dirty overwrites it; after, or what was
		 * fetched meanwhile is read. */
		arch_dcache_invalidate(to, PAGE_SIZE);
		memcpy(to, (const void *)(uintptr_t)va, PAGE_SIZE);
		arch_dcache_invalidate(to, PAGE_SIZE);
	}
}

uint64_t boot_stack(void)
{
	struct cpu *cpu = cpu_find(sysreg_read_mpidr_el1());

	if (cpu == NULL) {
		boot_refuse(&board, "bulkhead: the board file has no CPU with MPIDR ",
			    sysreg_read_mpidr_el1(), ", its first one is ", board.cpus[0].mpidr);
	}
	cpu_init_all();
	sysreg_write_tpidr_el2((uint64_t)(uintptr_t)cpu);
	return cpu->stack_top;
}
