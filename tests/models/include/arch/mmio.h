/* SPDX-License-Identifier: Apache-2.0 */
/* Host twin of hv/arch/include/arch/mmio.h: accesses reach the models. */
#ifndef ARCH_MMIO_H
#define ARCH_MMIO_H

#include "models/model.h"

static inline uint8_t mmio_read8(uint64_t addr)
{
	return (uint8_t)model_mmio_read(addr, 1);
}

static inline uint16_t mmio_read16(uint64_t addr)
{
	return (uint16_t)model_mmio_read(addr, 2);
}

static inline uint32_t mmio_read32(uint64_t addr)
{
	return (uint32_t)model_mmio_read(addr, 4);
}

static inline uint64_t mmio_read64(uint64_t addr)
{
	return model_mmio_read(addr, 8);
}

static inline void mmio_write8(uint64_t addr, uint8_t v)
{
	model_mmio_write(addr, 1, v);
}

static inline void mmio_write16(uint64_t addr, uint16_t v)
{
	model_mmio_write(addr, 2, v);
}

static inline void mmio_write32(uint64_t addr, uint32_t v)
{
	model_mmio_write(addr, 4, v);
}

static inline void mmio_write64(uint64_t addr, uint64_t v)
{
	model_mmio_write(addr, 8, v);
}

#endif
