/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sysreg_read_NAME() and sysreg_write_NAME(value) for each line of
 * sysreg_list.h. Nothing is implied about ordering: a write that later
 * instructions depend on needs isb().
 */
#ifndef ARCH_SYSREG_H
#define ARCH_SYSREG_H

#include "types.h"

#define SYSREG(name, encoding) \
	static inline uint64_t sysreg_read_##name(void) \
	{ \
		uint64_t v; \
\
		__asm__ volatile("mrs %0, " #encoding : "=r"(v)); \
		return v; \
	} \
	static inline void sysreg_write_##name(uint64_t v) \
	{ \
		__asm__ volatile("msr " #encoding ", %x0" : : "rZ"(v) : "memory"); \
	}
#include "arch/sysreg_list.h"
#undef SYSREG

#endif
