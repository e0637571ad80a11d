/* SPDX-License-Identifier: Apache-2.0 */
#include "badguest.h"

extern const char badguest_ops[];
extern const char badguest_ops_end[];

#define OP_BYTES 8
#define SGI 5
#define ESR_IL BIT(25)
#define ESR_ISV BIT(24)
#define ESR_FNV BIT(10)
#define ESR_S1PTW BIT(7)
#define ESR_WNR BIT(6)
#define FSC_UNSUPPORTED_EXCLUSIVE 0x35

void payload_secondary(uint32_t index)
{
	(void)index;
}

bool badguest_has(enum op op)
{
	bool is_lse = op >= OP_LSE_FIRST && op < OP_MAINTENANCE_FIRST;

	return !is_lse || FIELD(SYSREG_READ(id_aa64isar0_el1), 23, 20) != 0;
}

struct trap_record badguest_run(enum op op, uint64_t addr, uint64_t value, uint64_t *result)
{
	uintptr_t at = (uintptr_t)badguest_ops + OP_BYTES * (uintptr_t)op;

	trap_arm();
	register uint64_t x0 __asm__("x0") = addr;
	register uint64_t x1 __asm__("x1") = value;

	__asm__ volatile("blr %2" : "+r"(x0) : "r"(x1), "r"(at) : "x2", "x3", "x30", "memory");
	*result = x0;
	return trap_disarm();
}

static bool is_store(enum op op)
{
	return (op >= OP_STORE_FIRST && op < OP_COMPLEX_LOAD_FIRST) ||
	       (op >= OP_COMPLEX_STORE_FIRST && op < OP_ATOMIC_FIRST) || op == OP_UNPRIVILEGED_FIRST + 1;
}

bool badguest_is_external_abort(enum op op, uint64_t addr, const struct trap_record *trap)
{
	bool is_atomic = op >= OP_ATOMIC_FIRST && op < OP_MAINTENANCE_FIRST;
	uint64_t fsc = ESR_FSC(trap->esr);
	bool fsc_ok = fsc == FSC_EXTERNAL || (is_atomic && fsc == FSC_UNSUPPORTED_EXCLUSIVE);

	return trap->taken && trap->count == 1 && trap->vector == 4 && ESR_EC(trap->esr) == EC_DABT_CUR &&
	       (trap->esr & (ESR_IL | ESR_ISV | ESR_FNV | ESR_S1PTW)) == ESR_IL && fsc_ok &&
	       (is_atomic || ((trap->esr & ESR_WNR) != 0) == is_store(op)) && trap->far == addr &&
	       trap->elr == (uintptr_t)badguest_ops + OP_BYTES * (uintptr_t)op;
}

void badguest_prove_alive(const char *name)
{
	uint32_t timer = machine.timer_virtual_intid;
	uint32_t sgis = gic_count[0][SGI];
	uint32_t ticks = gic_count[0][timer];
	uint64_t patience = 10 * SYSREG_READ(cntfrq_el0);

	gic_enable(SGI);
	gic_enable(timer);
	gic_send_sgi(machine.cpus[0], SGI);
	bool sgi_came = gic_wait(0, SGI, sgis, patience);

	SYSREG_WRITE(cntv_tval_el0, 1000);
	SYSREG_WRITE(cntv_ctl_el0, 1);
	bool tick_came = gic_wait(0, timer, ticks, patience);

	check_that(sgi_came && tick_came, name, "SGI %d, timer %d", sgi_came, tick_came);
}

void payload_main(void)
{
	console_printf("badguest: GICv%u, \"%s\"\n", machine.gic_version, machine.bootargs);
	SYSREG_WRITE(cpacr_el1, UINT64_C(3) << 20);
	arch_isb();
	check_that(badguest_ops_end - badguest_ops == OP_BYTES * OP_COUNT, "op-table", "%lu bytes",
		   (uint64_t)(badguest_ops_end - badguest_ops));
	badguest_mem();
	badguest_prove_alive("alive-after-holes");
	badguest_window();
	badguest_prove_alive("alive-after-windows");
	badguest_regs();
	badguest_prove_alive("alive-after-registers");
	check_report();
}
