/* SPDX-License-Identifier: Apache-2.0 */
/* AArch64 access primitives of the payloads: exactly one instruction each. */
#ifndef PAYLOAD_RT_ARCH_H
#define PAYLOAD_RT_ARCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define BIT(n) (UINT64_C(1) << (n))
#define FIELD(reg, hi, lo) (((reg) >> (lo)) & (~UINT64_C(0) >> (63 - ((hi) - (lo)))))

/* A system register by its assembler name, or S<op0>_<op1>_C<n>_C<m>_<op2>. */
#define SYSREG_READ(name)                                                    \
	({                                                                   \
		uint64_t value_;                                             \
		__asm__ volatile("mrs %0, " #name : "=r"(value_)::"memory"); \
		value_;                                                      \
	})
#define SYSREG_WRITE(name, value)                                                              \
	do {                                                                                   \
		__asm__ volatile("msr " #name ", %x0" : : "rZ"((uint64_t)(value)) : "memory"); \
	} while (0)

#define ICC_SRE_EL1 S3_0_C12_C12_5
#define ICC_PMR_EL1 S3_0_C4_C6_0
#define ICC_BPR1_EL1 S3_0_C12_C12_3
#define ICC_CTLR_EL1 S3_0_C12_C12_4
#define ICC_IGRPEN1_EL1 S3_0_C12_C12_7
#define ICC_IAR1_EL1 S3_0_C12_C12_0
#define ICC_EOIR1_EL1 S3_0_C12_C12_1
#define ICC_SGI1R_EL1 S3_0_C12_C11_5
#define ICC_RPR_EL1 S3_0_C12_C11_3
#define SYSREG_READ_(name) SYSREG_READ(name)
#define SYSREG_WRITE_(name, value) SYSREG_WRITE(name, value)

static inline void arch_isb(void)
{
	__asm__ volatile("isb" ::: "memory");
}

static inline void arch_dsb(void)
{
	__asm__ volatile("dsb sy" ::: "memory");
}

static inline void arch_wfi(void)
{
	__asm__ volatile("dsb sy; wfi" ::: "memory");
}

static inline void arch_unmask_irq(void)
{
	__asm__ volatile("msr daifclr, #2; isb" ::: "memory");
}

static inline void arch_mask_irq(void)
{
	__asm__ volatile("msr daifset, #2; isb" ::: "memory");
}

static inline uint8_t mmio_read8(uint64_t addr)
{
	uint32_t value;

	__asm__ volatile("ldrb %w0, [%1]" : "=r"(value) : "r"(addr) : "memory");
	return (uint8_t)value;
}

static inline uint32_t mmio_read32(uint64_t addr)
{
	uint32_t value;

	__asm__ volatile("ldr %w0, [%1]" : "=r"(value) : "r"(addr) : "memory");
	return value;
}

static inline uint64_t mmio_read64(uint64_t addr)
{
	uint64_t value;

	__asm__ volatile("ldr %0, [%1]" : "=r"(value) : "r"(addr) : "memory");
	return value;
}

static inline void mmio_write8(uint64_t addr, uint8_t value)
{
	__asm__ volatile("strb %w0, [%1]" : : "rZ"((uint32_t)value), "r"(addr) : "memory");
}

static inline void mmio_write32(uint64_t addr, uint32_t value)
{
	__asm__ volatile("str %w0, [%1]" : : "rZ"(value), "r"(addr) : "memory");
}

static inline void mmio_write64(uint64_t addr, uint64_t value)
{
	__asm__ volatile("str %x0, [%1]" : : "rZ"(value), "r"(addr) : "memory");
}

/* Affinity fields of MPIDR_EL1: Aff3 39:32, Aff2..0 23:0. */
static inline uint64_t arch_mpidr(void)
{
	return SYSREG_READ(mpidr_el1) & UINT64_C(0xff00ffffff);
}

static inline uint64_t arch_counter(void)
{
	arch_isb();
	return SYSREG_READ(cntvct_el0);
}

#endif
