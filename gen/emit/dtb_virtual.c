// SPDX-License-Identifier: Apache-2.0
/* The control interface, and the watchdog (binding arm,sbsa-gwdt.yaml), in a domain's tree. */
#include <inttypes.h>

#include "emit/dtb.h"

#define WATCHDOG_FRAME UINT64_C(0x1000) /* what is used of each */
#define WATCHDOG_REFRESH UINT64_C(0x10000)

static void control_write(struct dtb *t)
{
	const struct trap_window *w = plan_window(t->dom, WINDOW_CONTROL);

	if (w == NULL) {
		return;
	}
	const struct m_range reg = {.base = w->ipa, .size = w->size};
	dtb_node(t, "control@%" PRIx64, w->ipa);
	dtb_string(t, "compatible", "bulkhead,control");
	dtb_reg(t, &reg, 1);
	dtb_end(t);
}

static void watchdog_write(struct dtb *t)
{
	const struct trap_window *w = plan_window(t->dom, WINDOW_WATCHDOG);

	if (w == NULL) {
		return;
	}
	const struct m_range reg[] = {
		{.base = w->ipa, .size = WATCHDOG_FRAME},
		{.base = w->ipa + WATCHDOG_REFRESH, .size = WATCHDOG_FRAME},
	};
	const struct m_irq irq = {.type = IRQ_SPI, .number = w->intid - 32, .trigger = TRIGGER_LEVEL_HIGH};
	dtb_node(t, "watchdog@%" PRIx64, w->ipa);
	dtb_string(t, "compatible", "arm,sbsa-gwdt");
	dtb_reg(t, reg, ARRAY_SIZE(reg));
	dtb_interrupts(t, &irq, 1);
	dtb_end(t);
}

void dtb_virtual(struct dtb *t)
{
	control_write(t);
	watchdog_write(t);
}
