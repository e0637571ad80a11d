// SPDX-License-Identifier: Apache-2.0
/* Model of GICv2's own registers: GICD_SGIR, GICC, GICH. */
#include "models/gic_priv.h"

#define CTLR_GROUP1 BIT32(1)
#define CTLR_ACKCTL BIT32(2)
#define CTLR_EOIMODE BIT32(9)

static uint64_t gicm_gicd_read(uint64_t offset, uint32_t size)
{
	uint32_t reg = (uint32_t)offset;

	if (reg >= 0x80 && reg < 0xd00) {
		return gicm_file_read(model_cpu, reg, size);
	}
	switch (reg) {
	case 0x0:
		return gicm.ctlr;
	case 0x4:
		return (GICM_INTIDS / 32 - 1) | (gicm.cfg.cpus - 1) << 5;
	case 0x8:
		return gicm.cfg.deaf_end ? 0x43b : 0x0200043b;
	default:
		model_fail("GICD: read at 0x%x", reg);
	}
}

static void gicm_gicd_write(uint64_t offset, uint32_t size, uint64_t value)
{
	uint32_t reg = (uint32_t)offset;

	gicm.changes++;
	if (reg >= 0x80 && reg < 0xd00) {
		gicm_file_write(model_cpu, reg, size, value);
	} else if (reg == 0) {
		gicm.ctlr = (uint32_t)value & 3;
	} else if (reg == 0xf00) {
		if ((value & ~UINT64_C(0xff000f)) != 0) {
			model_fail("GICD_SGIR: 0x%lx", value);
		}
		for (uint32_t c = 0; c < gicm.cfg.cpus; c++) {
			if ((value >> (16 + c) & 1) != 0) {
				gicm_sgi(c, value & 0xf, model_cpu);
			}
		}
	} else {
		model_fail("GICD: write at 0x%x", reg);
	}
}

/* The page and register of a GICC offset, 64 KiB aliasing undone. */
static uint32_t gicm_gicc_reg(uint64_t offset, uint32_t size)
{
	uint64_t page = offset >> (gicm.cfg.alias64k ? 16 : 12);

	if (size != 4 || page > 1) {
		model_fail("GICC: %u-byte access at 0x%lx", size, offset);
	}
	return (uint32_t)(page << 12 | (offset & 0xfff));
}

static uint64_t gicm_gicc_read(uint64_t offset, uint32_t size)
{
	struct gicm_cpu *c = &gicm.cpu[model_cpu];
	uint32_t reg = gicm_gicc_reg(offset, size);

	switch (reg) {
	case 0x4:
		return c->pmr;
	case 0xc:
		return gicm_ack(model_cpu);
	case 0xfc:
		return 0x0202143b;
	default:
		if (reg < 0x1000) {
			return 0;
		}
		model_fail("GICC: read at 0x%x", reg);
	}
}

static void gicm_gicc_write(uint64_t offset, uint32_t size, uint64_t value)
{
	struct gicm_cpu *c = &gicm.cpu[model_cpu];
	uint32_t reg = gicm_gicc_reg(offset, size);

	gicm.changes++;
	switch (reg) {
	case 0x0:
		c->on = (value & CTLR_GROUP1) != 0 && (value & CTLR_ACKCTL) != 0;
		c->eoimode = (value & CTLR_EOIMODE) != 0;
		break;
	case 0x4:
		c->pmr = (uint8_t)value & 0xf8;
		break;
	case 0x10:
		gicm_drop(model_cpu, (uint32_t)value);
		break;
	case 0x1000:
		gicm_deactivate(model_cpu, (uint32_t)value);
		break;
	default:
		if (reg != 0x8 && (reg < 0xd0 || reg >= 0xf0)) {
			model_fail("GICC: write at 0x%x", reg);
		}
		break;
	}
}

/* GICH_LR<n> and GICv3's layout. */
static uint64_t gicm_from_v2(uint32_t lr)
{
	uint64_t flags = (uint64_t)(lr >> 30 & 1) << 60 | (uint64_t)(lr >> 31) << 61;

	return (lr & 0x3ff) | (uint64_t)(lr >> 10 & 0x3ff) << 32 | (uint64_t)(lr >> 23 & 0x1f) << 51 | flags |
	       (uint64_t)(lr >> 28 & 3) << 62;
}

static uint32_t gicm_to_v2(uint64_t lr)
{
	return (uint32_t)((lr & 0x3ff) | (lr >> 32 & 0x3ff) << 10 | (lr >> 51 & 0x1f) << 23 |
			  (lr >> 62) << 28 | (lr >> 60 & 1) << 30 | (lr >> 61 & 1) << 31);
}

static uint64_t gicm_gich_read(uint64_t offset, uint32_t size)
{
	struct gicm_cpu *c = &gicm.cpu[model_cpu];

	if (size == 4 && offset >= 0x100 && offset < 0x100 + 4 * gicm.cfg.lrs) {
		return gicm_to_v2(c->lr[(offset - 0x100) / 4]);
	}
	switch (size == 4 ? offset : UINT64_MAX) {
	case 0x0:
		return c->hcr;
	case 0x4:
		return (gicm.cfg.lrs - 1) | UINT32_C(4) << 26 | UINT32_C(4) << 29;
	case 0x8:
		return (uint64_t)c->vpmr << 24 | c->vgroups | (c->veoimode ? 0x200 : 0);
	case 0x10:
		return gicm_misr(model_cpu);
	case 0x20:
		return gicm_eisr(model_cpu);
	case 0x30:
		return gicm_elrsr(model_cpu);
	case 0xf0:
		return c->apr[0] | c->apr[1];
	default:
		model_fail("GICH: %u-byte read at 0x%lx", size, offset);
	}
}

static void gicm_gich_write(uint64_t offset, uint32_t size, uint64_t value)
{
	struct gicm_cpu *c = &gicm.cpu[model_cpu];

	gicm.changes++;
	if (size == 4 && offset >= 0x100 && offset < 0x200) {
		if ((value & GENMASK64(22, 20)) != 0) {
			model_fail("GICH_LR: reserved bits: 0x%lx", value);
		}
		gicm_write_lr(model_cpu, (uint32_t)(offset - 0x100) / 4, gicm_from_v2((uint32_t)value));
		return;
	}
	switch (size == 4 ? offset : UINT64_MAX) {
	case 0x0:
		if ((value & GENMASK64(26, 8)) != 0) {
			model_fail("GICH_HCR: reserved bits: 0x%lx", value);
		}
		c->hcr = (uint32_t)value;
		break;
	case 0x8:
		gicm_guest_setup(model_cpu, (uint8_t)(value >> 24), value & 3, (value & 0x200) != 0);
		break;
	case 0xf0:
		/* The model keeps groups apart: only a reset makes sense here. */
		c->apr[0] = (uint32_t)value;
		c->apr[1] = 0;
		break;
	default:
		model_fail("GICH: %u-byte write at 0x%lx", size, offset);
	}
}

void gicm_v2_add(void)
{
	model_add(&(struct model_device){
		.name = "GICD",
		.base = gicm.cfg.gicd,
		.size = 0x1000,
		.read = gicm_gicd_read,
		.write = gicm_gicd_write,
	});
	model_add(&(struct model_device){
		.name = "GICC",
		.base = gicm.cfg.gicc,
		.size = gicm.cfg.alias64k ? 0x20000 : 0x2000,
		.read = gicm_gicc_read,
		.write = gicm_gicc_write,
	});
	model_add(&(struct model_device){
		.name = "GICH",
		.base = gicm.cfg.gich,
		.size = 0x1000,
		.read = gicm_gich_read,
		.write = gicm_gich_write,
	});
}
