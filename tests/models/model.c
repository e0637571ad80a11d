// SPDX-License-Identifier: Apache-2.0
#include "models/model.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DEVICES_MAX 16

uint32_t model_cpu;

static struct model_device devices[DEVICES_MAX];
static size_t device_count;
static uint64_t sysregs[MODEL_CPUS][MODEL_SYSREG_COUNT];
static model_sysreg_hook sysreg_hook;
static void (*relax_hook)(void);

void model_fail(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	fprintf(stderr, "model, CPU %u: ", model_cpu);
	vfprintf(stderr, fmt, ap);
	fputc('\n', stderr);
	va_end(ap);
	abort();
}

void model_reset(void)
{
	model_cpu = 0;
	device_count = 0;
	sysreg_hook = NULL;
	relax_hook = NULL;
	memset(sysregs, 0, sizeof(sysregs));
}

void model_add(const struct model_device *dev)
{
	if (device_count == DEVICES_MAX) {
		model_fail("too many devices");
	}
	devices[device_count++] = *dev;
}

static const struct model_device *model_find(uint64_t addr, uint32_t size)
{
	for (size_t i = 0; i < device_count; i++) {
		if (addr - devices[i].base < devices[i].size) {
			if (addr % size != 0) {
				model_fail("%s: unaligned access to 0x%lx", devices[i].name, addr);
			}
			return &devices[i];
		}
	}
	model_fail("external abort: nothing at 0x%lx", addr);
}

uint64_t model_mmio_read(uint64_t addr, uint32_t size)
{
	const struct model_device *dev = model_find(addr, size);

	return dev->read(addr - dev->base, size);
}

void model_mmio_write(uint64_t addr, uint32_t size, uint64_t value)
{
	const struct model_device *dev = model_find(addr, size);

	dev->write(addr - dev->base, size, value);
}

void model_set_sysreg_hook(model_sysreg_hook hook)
{
	sysreg_hook = hook;
}

uint64_t model_sysreg_read(enum model_sysreg reg)
{
	uint64_t value = 0;

	if (sysreg_hook != NULL && sysreg_hook(reg, false, &value)) {
		return value;
	}
	return sysregs[model_cpu][reg];
}

void model_sysreg_write(enum model_sysreg reg, uint64_t value)
{
	if (sysreg_hook == NULL || !sysreg_hook(reg, true, &value)) {
		sysregs[model_cpu][reg] = value;
	}
}

void model_set_relax_hook(void (*hook)(void))
{
	relax_hook = hook;
}

void model_relax(void)
{
	if (relax_hook != NULL) {
		relax_hook();
	}
}
