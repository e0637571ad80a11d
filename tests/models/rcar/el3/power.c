// SPDX-License-Identifier: Apache-2.0
#include "models/rcar/el3/power.h"

#include "models/rcar/el3/cpu.h"
#include "models/rcar/el3/machine.h"

#define GPIODIR 0x400u

_Noreturn void power_pin(enum power_pin pin)
{
	uint32_t bit = BIT32((uint32_t)pin);

	reg_write(QEMU_PL061 + GPIODIR, bit);
	/* The address says which pins are meant. */
	reg_write(QEMU_PL061 + (bit << 2), bit);
	for (;;) {
		CPU_DO("wfi");
	}
}
