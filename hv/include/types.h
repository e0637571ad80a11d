/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Address types and small helpers shared by the hypervisor and the generator.
 *
 * pa_t, ipa_t and va_t are structs so that the compiler refuses to mix a
 * physical address, a guest's intermediate physical address and a hypervisor
 * virtual address.
 */
#ifndef HV_INCLUDE_TYPES_H
#define HV_INCLUDE_TYPES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct {
	uint64_t pa;
} pa_t;

typedef struct {
	uint64_t ipa;
} ipa_t;

typedef struct {
	uint64_t va;
} va_t;

#define PA(x) ((pa_t){(x)})
#define IPA(x) ((ipa_t){(x)})
#define VA(x) ((va_t){(x)})

#define PAGE_SHIFT 12
#define PAGE_SIZE UINT64_C(4096)

#define KIB(n) (UINT64_C(1024) * (n))
#define MIB(n) (KIB(1024) * (n))
#define GIB(n) (MIB(1024) * (n))

#define BIT64(n) (UINT64_C(1) << (n))
#define BIT32(n) (UINT32_C(1) << (n))

/* Mask of bits hi..lo, both included, 0 <= lo <= hi <= 63. */
#define GENMASK64(hi, lo) ((~UINT64_C(0) >> (63 - (hi))) & (~UINT64_C(0) << (lo)))

/* One mask per register field; the shift is derived from the mask. */
#define FIELD_SHIFT(mask) ((unsigned int)__builtin_ctzll(mask))
#define FIELD_PREP(mask, val) (((uint64_t)(val) << FIELD_SHIFT(mask)) & (uint64_t)(mask))
#define FIELD_GET(mask, reg) (((uint64_t)(reg) & (uint64_t)(mask)) >> FIELD_SHIFT(mask))

/* `align` is a power of two. */
#define ALIGN_DOWN(x, align) ((uint64_t)(x) & ~((uint64_t)(align) - 1))
#define ALIGN_UP(x, align) ALIGN_DOWN((uint64_t)(x) + (uint64_t)(align) - 1, align)
#define IS_ALIGNED(x, align) (((uint64_t)(x) & ((uint64_t)(align) - 1)) == 0)

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

#endif
