/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A guest with a watchdog: it starts it and refreshes it for a while, and then no more. It
 * tells of the interrupt, and then has only as long as before. The CPU that starts it goes
 * off, if there is another. It also asks for what is not its to have: the control
 * interface. Options: rounds=N refreshes, period=N ms.
 */
#include "rt/check.h"
#include "rt/console.h"
#include "rt/fdt.h"
#include "rt/gic.h"
#include "rt/psci.h"

#define WCS 0x0u
#define WOR 0x8u
#define WRR 0x0u
#define WCS_ENABLE 1u
#define WCS_WS0 2u
#define CONTROL_READ 0xc6000000u

struct dog {
	uint64_t control;
	uint64_t refresh;
	uint32_t intid;
	uint32_t offset;
};

static struct dog dog;

static bool dog_find(void)
{
	struct fdt_node node;
	uint64_t size;

	if (!fdt_find(machine.dtb, "arm,sbsa-gwdt", &node, &dog.control)) {
		return false;
	}
	dog.intid = fdt_cell(&node.interrupts, 1) + 32;
	return fdt_reg(&node, 1, &dog.refresh, &size);
}

static uint32_t dog_read(uint64_t address)
{
	return *(volatile uint32_t *)address;
}

static void dog_write(uint64_t address, uint32_t value)
{
	*(volatile uint32_t *)address = value;
}

static void dog_sleep(uint64_t ticks)
{
	uint64_t end = arch_counter() + ticks;

	while (arch_counter() < end) {
	}
}

/* Its level stays: it is taken by hand, and off. */
static bool dog_barks(void)
{
	uint32_t iar = gic_ack();

	if (iar >= GIC_SPURIOUS) {
		return false;
	}
	gic_disable(iar);
	gic_eoi(iar);
	return iar == dog.intid;
}

static void dog_has_no_control(void)
{
	struct smccc_regs regs = {.x = {CONTROL_READ, 0, 0}};

	smccc_hvc(&regs);
	console_printf("dog: control: %ld\n", (int64_t)regs.x[0]);
}

static void dog_start(void)
{
	dog_write(dog.control + WOR, dog.offset);
	dog_write(dog.control + WCS, WCS_ENABLE);
}

void payload_secondary(uint32_t index)
{
	(void)index;
	dog_start();
	(void)psci_call(PSCI_CPU_OFF, 0, 0, 0);
}

static void dog_start_elsewhere(void)
{
	if (machine.cpu_count == 1 || psci_start_cpu(1) != PSCI_SUCCESS) {
		dog_start();
		return;
	}
	while (dog_read(dog.control + WCS) == 0 || psci_call(PSCI_AFFINITY_INFO, machine.cpus[1], 0, 0) != 1) {
	}
	console_printf("dog: started by a CPU that is off\n");
}

void payload_main(void)
{
	uint64_t rounds = 5, period = 100;
	uint64_t ticks;

	(void)machine_option_number("rounds", 0, &rounds);
	(void)machine_option_number("period", 0, &period);
	ticks = SYSREG_READ(cntfrq_el0) / 1000 * period;
	if (!dog_find()) {
		console_printf("dog: there is none\n");
		return;
	}
	console_printf("dog: up, status %u\n", dog_read(dog.control + WCS));
	dog_has_no_control();
	gic_enable(dog.intid);
	dog.offset = (uint32_t)ticks;
	dog_start_elsewhere();
	for (uint64_t i = 0; i < rounds; i++) {
		dog_sleep(ticks / 4);
		dog_write(dog.refresh + WRR, 0);
	}
	console_printf("dog: refreshed %lu times, status %u%s\n", rounds, dog_read(dog.control + WCS),
		       dog_barks() ? ", and barks" : "");
	while (!dog_barks()) {
	}
	console_printf("dog: late, status %u\n", dog_read(dog.control + WCS) & (WCS_ENABLE | WCS_WS0));
	while (true) {
		arch_wfi();
	}
}
