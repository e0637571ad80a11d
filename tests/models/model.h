/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The machine that host tests run hypervisor code on: CPUs with system registers, and
 * device models at physical addresses. One host thread plays all CPUs in turn.
 */
#ifndef TESTS_MODELS_MODEL_H
#define TESTS_MODELS_MODEL_H

#include "types.h"

#define MODEL_CPUS 8

enum model_sysreg {
#define SYSREG(name, encoding) MODEL_SYSREG_##name,
#include "arch/include/arch/sysreg_list.h"
#undef SYSREG
	MODEL_SYSREG_COUNT,
};

/* A device model: answers accesses to [base, base + size). `offset` is from base. */
struct model_device {
	const char *name;
	uint64_t base;
	uint64_t size;
	uint64_t (*read)(uint64_t offset, uint32_t size);
	void (*write)(uint64_t offset, uint32_t size, uint64_t value);
};

/* The CPU that runs now. */
extern uint32_t model_cpu;

/* Says what is wrong and aborts: the code under test did what no hardware allows. */
_Noreturn void model_fail(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* Forgets all devices, hooks and register values; CPU 0 runs. */
void model_reset(void);
void model_add(const struct model_device *dev);

uint64_t model_mmio_read(uint64_t addr, uint32_t size);
void model_mmio_write(uint64_t addr, uint32_t size, uint64_t value);

/* System registers: plain storage per CPU, unless a model takes them. The hooks return
 * whether they know the register. */
typedef bool (*model_sysreg_hook)(enum model_sysreg reg, bool write, uint64_t *value);
void model_set_sysreg_hook(model_sysreg_hook hook);
uint64_t model_sysreg_read(enum model_sysreg reg);
void model_sysreg_write(enum model_sysreg reg, uint64_t value);

/* A CPU waits: the hook lets others run. */
void model_set_relax_hook(void (*hook)(void));
void model_relax(void);

#endif
