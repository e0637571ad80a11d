// SPDX-License-Identifier: Apache-2.0
#include "unit/reset/machine.h"

#include <stdio.h>
#include <string.h>

#include "drivers/console.h"
#include "lib/format.h"
#include "mm/window.h"

#define CPU 3

struct domain domains[DOMAINS_MAX];

struct reset_step steps[STEPS];
const struct reset_list domain_resets[DOMAINS_MAX] = {[0 ... DOMAINS_MAX - 1] = {steps, STEPS}};

static const struct domain_desc desc = {.name = "guest1"};
char said[4096];
static bool open_window;

/* The window has one page of the registers of this test at a time. */
void *window_map_device(uint32_t cpu, uint32_t slot, pa_t pa)
{
	assert_int_equal(cpu, CPU);
	assert_int_equal(slot, 0);
	assert_false(open_window);
	open_window = true;
	return (void *)(uintptr_t)pa.pa;
}

void window_unmap(uint32_t cpu, uint32_t slot)
{
	assert_int_equal(cpu, CPU);
	assert_int_equal(slot, 0);
	assert_true(open_window);
	open_window = false;
}

void log_print(const char *fmt, ...)
{
	size_t used = strlen(said);
	va_list ap;

	va_start(ap, fmt);
	used += format_text(said + used, sizeof(said) - used, fmt, ap);
	va_end(ap);
	snprintf(said + used, sizeof(said) - used, "\n");
}

void start(void)
{
	model_reset();
	pci_model_start(ECAM, FIRST, LAST);
	for (uint32_t i = 0; i < STEPS; i++) {
		steps[i] = (struct reset_step){.op = RESET_WAIT};
	}
	steps[0] = (struct reset_step){.device = "pcie1", .op = RESET_PCI, .pa = ECAM, .value = FIRST, .mask = LAST};
	said[0] = '\0';
}

bool reset_as(uint32_t domain)
{
	bool good;

	domains[domain].desc = &desc;
	good = domain_reset_devices(&domains[domain], CPU);
	assert_false(open_window);
	return good;
}

bool reset_all(void)
{
	static uint32_t domain;

	return reset_as(domain++ % DOMAINS_MAX);
}
