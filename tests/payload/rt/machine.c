/* SPDX-License-Identifier: Apache-2.0 */
#include "machine.h"

#include "console.h"
#include "fdt.h"
#include "gic.h"
#include "psci.h"

struct machine machine;

static void take_range(const struct fdt_node *node, uint32_t index, struct machine_range *range)
{
	(void)fdt_reg(node, index, &range->base, &range->size);
}

/* INTID of entry `index` of a three-cell interrupts property (arm,gic binding). */
static uint32_t take_intid(const struct fdt_node *node, uint32_t index)
{
	uint32_t number = fdt_cell(&node->interrupts, 3 * index + 1);

	return fdt_cell(&node->interrupts, 3 * index) == 1 ? 16 + number : 32 + number;
}

static void take_memory(const struct fdt_node *node)
{
	uint64_t base;
	uint64_t size;

	for (uint32_t i = 0; machine.ram_count < MACHINE_RAM_MAX && fdt_reg(node, i, &base, &size); i++) {
		if (size != 0) {
			machine.ram[machine.ram_count++] = (struct machine_range){base, size};
		}
	}
}

static void take_gic(const struct fdt_node *node)
{
	if (fdt_has(&node->compatible, "arm,gic-v3")) {
		machine.gic_version = 3;
		take_range(node, 1, &machine.gicr);
	} else if (fdt_has(&node->compatible, "arm,cortex-a15-gic") ||
		   fdt_has(&node->compatible, "arm,gic-400")) {
		machine.gic_version = 2;
		take_range(node, 1, &machine.gicc);
	} else {
		return;
	}
	take_range(node, 0, &machine.gicd);
}

static void take_node(const struct fdt_node *node)
{
	if (fdt_has(&node->status, "disabled")) {
		return;
	}
	if (fdt_has(&node->device_type, "memory")) {
		take_memory(node);
	}
	if (fdt_has(&node->device_type, "cpu") && machine.cpu_count < MACHINE_CPUS_MAX) {
		uint64_t high = node->address_cells == 2 ? fdt_cell(&node->reg, 0) : 0;

		machine.cpus[machine.cpu_count++] =
			high << 32 | fdt_cell(&node->reg, node->address_cells - 1);
	}
	if (node->bootargs.data != NULL) {
		machine.bootargs = (const char *)node->bootargs.data;
	}
	if (fdt_has(&node->compatible, "arm,pl011") && machine.uart.base == 0) {
		take_range(node, 0, &machine.uart);
		machine.uart_intid = take_intid(node, 0);
	}
	if (fdt_has(&node->compatible, "arm,armv8-timer")) {
		machine.timer_physical_intid = take_intid(node, 1);
		machine.timer_virtual_intid = take_intid(node, 2);
	}
	if (node->method.data != NULL) {
		machine.psci_smc = fdt_has(&node->method, "smc");
	}
	machine.xen |= fdt_has(&node->compatible, "xen,xen");
	take_gic(node);
}

void machine_main(const void *dtb, uint64_t counter, uint64_t regs, uint64_t el)
{
	struct fdt_cursor cursor;
	struct fdt_node node;

	machine.entry_counter = counter;
	machine.entry_regs = regs;
	machine.entry_el = el;
	machine.dtb = dtb;
	machine.bootargs = "";
	if (fdt_open(&cursor, dtb)) {
		while (fdt_next(&cursor, &node)) {
			take_node(&node);
		}
	}
	/* Where ACPI has what the tree does not say. */
	if (machine.uart.base == 0) {
		(void)machine_option_number("uart", 0, &machine.uart.base);
	}
	console_init();
	gic_init();
	payload_main();
	psci_system_off();
}

void machine_main_secondary(uint64_t index)
{
	gic_init_cpu();
	payload_secondary((uint32_t)index);
	(void)psci_call(PSCI_CPU_OFF, 0, 0, 0);
}

/* A word ends at a blank or a plus: make cannot pass on a blank in SET=. */
static bool is_end(char c)
{
	return c == ' ' || c == '+' || c == '\0';
}

/* The text behind `name` where it starts a word of the command line, else NULL. */
static const char *find_word(const char *name)
{
	bool at_start = true;

	for (const char *at = machine.bootargs; *at != '\0'; at++) {
		const char *a = at;
		const char *b = name;

		while (*b != '\0' && *a == *b) {
			a++;
			b++;
		}
		if (at_start && *b == '\0') {
			return a;
		}
		at_start = is_end(*at);
	}
	return NULL;
}

bool machine_option(const char *text)
{
	const char *end = find_word(text);

	return end != NULL && is_end(*end);
}

static int digit(char c)
{
	if (c >= '0' && c <= '9') {
		return c - '0';
	}
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : 99;
}

bool machine_option_number(const char *name, uint32_t index, uint64_t *value)
{
	const char *at = find_word(name);

	if (at == NULL || *at != '=') {
		return false;
	}
	for (at++; index > 0; index--, at++) {
		while (*at != ',' && !is_end(*at)) {
			at++;
		}
		if (*at != ',') {
			return false;
		}
	}
	int base = at[0] == '0' && at[1] == 'x' ? 16 : 10;
	bool any = false;

	at += base == 16 ? 2 : 0;
	*value = 0;
	for (; digit(*at) < base; at++) {
		*value = *value * (uint64_t)base + (uint64_t)digit(*at);
		any = true;
	}
	return any;
}

bool machine_is_ram(uint64_t addr)
{
	for (uint32_t i = 0; i < machine.ram_count; i++) {
		if (addr - machine.ram[i].base < machine.ram[i].size) {
			return true;
		}
	}
	return false;
}
