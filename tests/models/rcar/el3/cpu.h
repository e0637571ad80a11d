/* SPDX-License-Identifier: Apache-2.0 */
/* The processor: system registers by name or encoding, memory-mapped registers, a lock. */
#ifndef TESTS_MODELS_RCAR_EL3_CPU_H
#define TESTS_MODELS_RCAR_EL3_CPU_H

#include "types.h"

#define CPU_READ(reg) \
	({ \
		uint64_t cpu_value; \
		__asm__ volatile("mrs %0, " #reg : "=r"(cpu_value) : : "memory"); \
		cpu_value; \
	})
#define CPU_WRITE(reg, value) __asm__ volatile("msr " #reg ", %0" : : "r"((uint64_t)(value)) : "memory")
#define CPU_DO(what) __asm__ volatile(what : : : "memory")

/* What software below EL3 had in its registers. */
struct regs {
	uint64_t x[31];
	uint64_t unused;
};

static inline uint32_t reg_read(uint64_t address)
{
	return *(const volatile uint32_t *)address;
}

static inline void reg_write(uint64_t address, uint32_t value)
{
	*(volatile uint32_t *)address = value;
}

static inline uint32_t cpu_self(void)
{
	return (uint32_t)CPU_READ(mpidr_el1) & 0xff;
}

static inline void lock_take(uint32_t *lock)
{
	while (__atomic_exchange_n(lock, 1, __ATOMIC_ACQUIRE) != 0) {
		CPU_DO("yield");
	}
}

static inline void lock_give(uint32_t *lock)
{
	__atomic_store_n(lock, 0, __ATOMIC_RELEASE);
}

#endif
