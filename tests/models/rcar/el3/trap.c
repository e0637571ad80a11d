// SPDX-License-Identifier: Apache-2.0
#include "models/rcar/el3/trap.h"

#include "models/rcar/el3/access.h"
#include "models/rcar/el3/bus.h"
#include "models/rcar/el3/gic.h"
#include "models/rcar/el3/machine.h"
#include "models/rcar/el3/power.h"
#include "models/rcar/el3/psci.h"
#include "models/rcar/el3/uart.h"

#define ESR_EC GENMASK64(31, 26)
#define EC_SMC64 0x17u
#define EC_GRANULE 0x1eu

_Noreturn void trap_fatal(uint64_t vector)
{
	uart_say("an exception that should not be, by vector", vector);
	uart_say("the machine is turned off; ESR_EL3 is", CPU_READ(esr_el3));
	uart_say("ELR_EL3 is", CPU_READ(elr_el3));
	power_pin(POWER_OFF);
}

void trap_sync(struct regs *regs)
{
	uint64_t ec = FIELD_GET(ESR_EC, CPU_READ(esr_el3));

	if (ec == EC_SMC64) {
		psci_call(regs);
		return;
	}
	if (ec != EC_GRANULE) {
		trap_fatal(8);
	}
	access_do(regs);
}

void trap_fiq(struct regs *regs)
{
	uint32_t iar = gic_ack();

	(void)regs;
	if ((iar & 0x3ff) == INTID_UART) {
		bus_serial();
	} else if ((iar & 0x3ff) == INTID_TIMER) {
		bus_step();
	}
	if ((iar & 0x3ff) < 1020) {
		gic_end(iar);
	}
}
