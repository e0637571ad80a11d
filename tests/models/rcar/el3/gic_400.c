// SPDX-License-Identifier: Apache-2.0
/* The GIC-400 of the board: where its pages lie, who it says it is, and its INTIDs. */
#include "models/rcar/el3/cpu.h"
#include "models/rcar/el3/gic.h"
#include "models/rcar/el3/gic_priv.h"
#include "models/rcar/el3/machine.h"
#include "models/rcar/gicmap.h"

#define INTID 0x3ffu
#define PAGE_STEP 0x10000u /* each 4 KiB page shows 16 times */

#define TYPER_OWN 0xffu /* interrupts and CPUs: the board's are 512 and 8 */
#define TYPER_BOARD (7u << 5 | 15)
#define IIDR_GICC 0x0202143bu
#define IIDR_GICD 0x0200143bu

#define LR_HW BIT32(31)
#define LR_PHYSICAL 10u

/* Registers of INTIDs that QEMU's has not: they keep what is written, and nothing ever comes. */
static uint8_t unbacked[GICD_ICFGR_END];

static uint64_t access_read(uint64_t at, uint32_t size)
{
	switch (size) {
	case 1:
		return *(const volatile uint8_t *)at;
	case 2:
		return *(const volatile uint16_t *)at;
	case 4:
		return reg_read(at);
	default:
		return *(const volatile uint64_t *)at;
	}
}

static void access_write(uint64_t at, uint32_t size, uint64_t value)
{
	switch (size) {
	case 1:
		*(volatile uint8_t *)at = (uint8_t)value;
		break;
	case 2:
		*(volatile uint16_t *)at = (uint16_t)value;
		break;
	case 4:
		reg_write(at, (uint32_t)value);
		break;
	default:
		*(volatile uint64_t *)at = value;
	}
}

/* Pairs of registers that set and clear the same bits: those that clear are at 0x80 on. */
static uint32_t unbacked_at(uint32_t offset)
{
	return offset < GICD_IPRIORITYR ? offset & ~UINT32_C(0x80) : offset;
}

static uint64_t unbacked_read(uint32_t offset, uint32_t size)
{
	/* IGROUPR is the secure world's. */
	return offset < GICD_ISENABLER ? 0 : access_read((uint64_t)&unbacked[unbacked_at(offset)], size);
}

static void unbacked_write(uint32_t offset, uint32_t size, uint64_t value)
{
	uint64_t at = (uint64_t)&unbacked[unbacked_at(offset)];

	if (offset < GICD_ISENABLER) {
		return;
	}
	if (offset < GICD_IPRIORITYR) {
		uint64_t old = access_read(at, size);

		value = (offset & 0x80) != 0 ? old & ~value : old | value;
	}
	access_write(at, size, value);
}

static uint64_t gicd_read(uint32_t offset, uint32_t size)
{
	uint64_t base = NONSECURE + QEMU_GICD;
	uint32_t at;

	if (offset == GICD_TYPER) {
		return (access_read(base + offset, size) & ~(uint64_t)TYPER_OWN) | TYPER_BOARD;
	}
	if (offset == GICD_IIDR) {
		return IIDR_GICD;
	}
	if (offset < GICD_IGROUPR || offset >= GICD_SPISR_END) {
		return access_read(base + offset, size);
	}
	if (offset >= GICD_ICFGR_END) {
		return 0;
	}
	return gicmap_gicd(offset, &at) ? access_read(base + at, size) : unbacked_read(offset, size);
}

static void gicd_write(uint32_t offset, uint32_t size, uint64_t value)
{
	uint64_t base = NONSECURE + QEMU_GICD;
	uint32_t at;

	if (offset < GICD_IGROUPR || offset >= GICD_SPISR_END) {
		access_write(base + offset, size, value);
	} else if (offset < GICD_ICFGR_END && gicmap_gicd(offset, &at)) {
		access_write(base + at, size, value);
	} else if (offset < GICD_ICFGR_END) {
		unbacked_write(offset, size, value);
	}
	gic_lines_update();
}

/* Of GICC and GICV: pages 0 and 1, 64 KiB apart. */
static uint32_t page_offset(uint32_t offset)
{
	return offset / PAGE_STEP * 0x1000 + offset % 0x1000;
}

static uint32_t intid_swap(uint32_t value, uint32_t to)
{
	return (value & ~INTID) | to;
}

static uint64_t gicc_read(uint32_t offset, uint32_t size)
{
	uint64_t value = access_read(NONSECURE + QEMU_GICC + offset, size);

	switch (offset) {
	case GICC_IIDR:
		return IIDR_GICC;
	case GICC_IAR:
	case GICC_HPPIR:
	case GICC_AIAR:
	case GICC_AHPPIR:
		if ((value & INTID) >= 1020) {
			return value;
		}
		return intid_swap((uint32_t)value, gicmap_from_qemu((uint32_t)value & INTID));
	default:
		return value;
	}
}

static void gicc_write(uint32_t offset, uint32_t size, uint64_t value)
{
	bool ends = offset == GICC_EOIR || offset == GICC_AEOIR || offset == GICC_DIR;

	if (ends) {
		value = intid_swap((uint32_t)value, gicmap_to_qemu((uint32_t)value & INTID));
	}
	access_write(NONSECURE + QEMU_GICC + offset, size, value);
	if (ends) {
		gic_lines_update();
	}
}

/* List registers name hardware's interrupts. */
static bool is_hardware_lr(uint32_t offset, uint64_t value)
{
	return offset >= GICH_LR0 && offset < GICH_LR_END && (value & LR_HW) != 0;
}

static uint64_t lr_swap(uint64_t value, uint32_t physical)
{
	return (value & ~((uint64_t)INTID << LR_PHYSICAL)) | physical << LR_PHYSICAL;
}

static uint64_t gich_read(uint32_t offset, uint32_t size)
{
	uint64_t value = access_read(NONSECURE + QEMU_GICH + offset, size);

	return !is_hardware_lr(offset, value) ?
		       value : lr_swap(value, gicmap_from_qemu(value >> LR_PHYSICAL & INTID));
}

static void gich_write(uint32_t offset, uint32_t size, uint64_t value)
{
	if (is_hardware_lr(offset, value)) {
		value = lr_swap(value, gicmap_to_qemu(value >> LR_PHYSICAL & INTID));
	}
	access_write(NONSECURE + QEMU_GICH + offset, size, value);
}

uint64_t gic_read(enum rcar_kind kind, uint32_t offset, uint32_t size)
{
	switch (kind) {
	case RCAR_GICD:
		return gicd_read(offset, size);
	case RCAR_GICC:
		return gicc_read(page_offset(offset), size);
	case RCAR_GICH:
		return gich_read(offset % 0x1000, size);
	default:
		offset = page_offset(offset);
		return offset == GICC_IIDR ? IIDR_GICC : access_read(NONSECURE + QEMU_GICV + offset, size);
	}
}

void gic_write(enum rcar_kind kind, uint32_t offset, uint32_t size, uint64_t value)
{
	switch (kind) {
	case RCAR_GICD:
		gicd_write(offset, size, value);
		break;
	case RCAR_GICC:
		gicc_write(page_offset(offset), size, value);
		break;
	case RCAR_GICH:
		gich_write(offset % 0x1000, size, value);
		break;
	default:
		offset = page_offset(offset);
		access_write(NONSECURE + QEMU_GICV + offset, size, value);
		/* With GICV_CTLR.EOImode 0 that is a deactivation. */
		if (offset == GICC_EOIR || offset == GICC_AEOIR || offset == GICC_DIR) {
			gic_lines_update();
		}
	}
}
