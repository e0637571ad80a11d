// SPDX-License-Identifier: Apache-2.0
/* Model of GICv3's own registers: affinity routing, redistributors, ICC_*, ICH_*. */
#include "models/gic_priv.h"

#define CTLR_ARE BIT32(4)
#define CTLR_DS BIT32(6)
#define WAKER_SLEEP 2u

static uint64_t gicm_gicd_read(uint64_t offset, uint32_t size)
{
	uint32_t reg = (uint32_t)offset;

	if (reg >= 0x6000 && reg < 0x8000) {
		uint32_t intid = (reg - 0x6000) / 8;

		if (size != 8 || intid < 32 || intid >= GICM_INTIDS) {
			model_fail("GICD: %u-byte read at 0x%x", size, reg);
		}
		return gicm.spi[intid].router;
	}
	if (reg >= 0x80 && reg < 0xd00) {
		return gicm_file_read(model_cpu, reg, size);
	}
	switch (reg) {
	case 0x0:
		return (gicm.cfg.no_are ? gicm.ctlr & ~CTLR_ARE : gicm.ctlr) | CTLR_DS |
		       (gicm.cfg.stuck_rwp ? BIT32(31) : 0);
	case 0x4:
		return (GICM_INTIDS / 32 - 1) | (gicm.cfg.its != 0 ? 13u << 19 | BIT32(17) : 9u << 19) | BIT32(24);
	case 0x8:
		return 0x43b;
	default:
		model_fail("GICD: read at 0x%x", reg);
	}
}

static void gicm_gicd_write(uint64_t offset, uint32_t size, uint64_t value)
{
	uint32_t reg = (uint32_t)offset;

	gicm.changes++;
	if (reg >= 0x6000 && reg < 0x8000) {
		uint32_t intid = (reg - 0x6000) / 8;

		if (size != 8 || intid < 32 || intid >= GICM_INTIDS || (value & BIT64(31)) != 0) {
			model_fail("GICD: %u-byte write at 0x%x: 0x%lx", size, reg, value);
		}
		gicm.spi[intid].router = value;
	} else if (reg >= 0x80 && reg < 0xd00) {
		if (reg < 0x400 && (reg & 0x7f) == 0) {
			model_fail("GICD: 0x%x is the redistributors' with affinity routing", reg);
		}
		gicm_file_write(model_cpu, reg, size, value);
	} else if (reg == 0) {
		if ((gicm.ctlr & ~(uint32_t)value & CTLR_ARE) != 0) {
			model_fail("GICD_CTLR.ARE: set to clear is UNPREDICTABLE");
		}
		if (((gicm.ctlr ^ (uint32_t)value) & CTLR_ARE) != 0 && (gicm.ctlr & 7) != 0) {
			model_fail("GICD_CTLR.ARE changes while groups are enabled");
		}
		gicm.ctlr = (uint32_t)value & (7 | CTLR_ARE);
	} else {
		model_fail("GICD: write at 0x%x", reg);
	}
}

static uint64_t gicm_affinity(uint32_t cpu)
{
	uint64_t mpidr = gicm.cfg.mpidr[cpu];

	return (mpidr >> 32 << 24) | (mpidr & 0xffffff);
}

static uint64_t gicm_gicr_read(uint64_t offset, uint32_t size)
{
	uint32_t cpu = (uint32_t)(offset / gicm.cfg.gicr_stride);
	uint32_t reg = (uint32_t)(offset % gicm.cfg.gicr_stride);
	bool v4 = gicm.cfg.gicr_stride > 0x20000;
	uint64_t value;

	if (gicm.cfg.its != 0 && itsm_gicr_read(cpu, reg, &value)) {
		return value;
	}
	if (reg >= 0x10080 && reg < 0x10d00) {
		return gicm_file_read(cpu, reg - 0x10000, size);
	}
	switch (reg) {
	case 0x0:
		return 0;
	case 0x8:
		if (size != 8) {
			model_fail("GICR_TYPER: %u-byte read", size);
		}
		return gicm_affinity(cpu) << 32 | cpu << 8 | (cpu + 1 == gicm.cfg.cpus ? 0x10 : 0) | (v4 ? 2 : 0) |
		       (gicm.cfg.its != 0 ? 1 : 0);
	case 0x14:
		return gicm.cpu[cpu].asleep ? 6 : gicm.cfg.stuck_asleep ? 4 : 0;
	default:
		model_fail("GICR: read at 0x%x", reg);
	}
}

static void gicm_gicr_write(uint64_t offset, uint32_t size, uint64_t value)
{
	uint32_t cpu = (uint32_t)(offset / gicm.cfg.gicr_stride);
	uint32_t reg = (uint32_t)(offset % gicm.cfg.gicr_stride);

	if (gicm.cfg.its != 0 && itsm_gicr_write(cpu, reg, value)) {
		return;
	}
	if (reg >= 0x10080 && reg < 0x10d00) {
		gicm_file_write(cpu, reg - 0x10000, size, value);
	} else if (reg == 0x14) {
		gicm.changes++;
		gicm.cpu[cpu].asleep = (value & WAKER_SLEEP) != 0;
	} else {
		model_fail("GICR: write at 0x%x", reg);
	}
}

static void gicm_sgi1r(uint64_t value)
{
	uint64_t cluster = (value >> 48 & 0xff) << 32 | (value >> 32 & 0xff) << 16 |
			   (value >> 16 & 0xff) << 8 | (value >> 44 & 0xf) << 4;

	for (uint32_t c = 0; c < gicm.cfg.cpus; c++) {
		uint64_t mpidr = gicm.cfg.mpidr[c];

		if ((value & BIT64(40)) != 0 ? c != model_cpu
					     : (mpidr & ~UINT64_C(0xf)) == cluster && (value >> (mpidr & 0xf) & 1) != 0) {
			gicm_sgi(c, value >> 24 & 0xf, model_cpu);
		}
	}
}

static bool gicm_icc(enum model_sysreg reg, bool write, uint64_t *value)
{
	struct gicm_cpu *c = &gicm.cpu[model_cpu];

	switch (reg) {
	case MODEL_SYSREG_icc_sre_el2:
		c->sre = write ? (*value & 1) != 0 : c->sre;
		*value = c->sre && !gicm.cfg.no_sre;
		return true;
	case MODEL_SYSREG_icc_pmr_el1:
		c->pmr = write ? (uint8_t)*value & 0xf8 : c->pmr;
		return true;
	case MODEL_SYSREG_icc_ctlr_el1:
		c->eoimode = write ? (*value & 2) != 0 : c->eoimode;
		return true;
	case MODEL_SYSREG_icc_igrpen1_el1:
		c->on = write ? (*value & 1) != 0 : c->on;
		return true;
	case MODEL_SYSREG_icc_iar1_el1:
		*value = gicm_ack(model_cpu);
		return true;
	case MODEL_SYSREG_icc_eoir1_el1:
		gicm_drop(model_cpu, (uint32_t)*value);
		return true;
	case MODEL_SYSREG_icc_dir_el1:
		gicm_deactivate(model_cpu, (uint32_t)*value);
		return true;
	case MODEL_SYSREG_icc_sgi1r_el1:
		gicm_sgi1r(*value);
		return true;
	default:
		return false;
	}
}

static bool gicm_ich(enum model_sysreg reg, bool write, uint64_t *value)
{
	struct gicm_cpu *c = &gicm.cpu[model_cpu];

	if (reg >= MODEL_SYSREG_ich_lr0_el2 && reg <= MODEL_SYSREG_ich_lr15_el2) {
		uint32_t n = reg - MODEL_SYSREG_ich_lr0_el2;

		if (write) {
			gicm_write_lr(model_cpu, n, *value);
		} else if (n >= gicm.cfg.lrs) {
			model_fail("list register %u does not exist", n);
		} else {
			*value = c->lr[n];
		}
		return true;
	}
	switch (reg) {
	case MODEL_SYSREG_ich_hcr_el2:
		c->hcr = write ? (uint32_t)*value : c->hcr;
		*value = c->hcr;
		return true;
	case MODEL_SYSREG_ich_vtr_el2: /* 5 priority and preemption bits, TDS */
		*value = (gicm.cfg.lrs - 1) | BIT64(19) | UINT64_C(4) << 26 | UINT64_C(4) << 29;
		return true;
	case MODEL_SYSREG_ich_vmcr_el2:
		if (write) {
			gicm_guest_setup(model_cpu, (uint8_t)(*value >> 24), *value & 3, (*value & 0x200) != 0);
		}
		*value = (uint64_t)c->vpmr << 24 | c->vgroups | (c->veoimode ? 0x200 : 0);
		return true;
	case MODEL_SYSREG_ich_elrsr_el2:
		*value = gicm_elrsr(model_cpu);
		return true;
	case MODEL_SYSREG_ich_eisr_el2:
		*value = gicm_eisr(model_cpu);
		return true;
	case MODEL_SYSREG_ich_misr_el2:
		*value = gicm_misr(model_cpu);
		return true;
	case MODEL_SYSREG_ich_ap0r0_el2:
	case MODEL_SYSREG_ich_ap1r0_el2:
		if (write) {
			c->apr[reg == MODEL_SYSREG_ich_ap1r0_el2] = (uint32_t)*value;
		}
		*value = c->apr[reg == MODEL_SYSREG_ich_ap1r0_el2];
		return true;
	case MODEL_SYSREG_ich_ap0r1_el2:
	case MODEL_SYSREG_ich_ap1r1_el2:
	case MODEL_SYSREG_ich_ap0r2_el2:
	case MODEL_SYSREG_ich_ap1r2_el2:
	case MODEL_SYSREG_ich_ap0r3_el2:
	case MODEL_SYSREG_ich_ap1r3_el2:
		model_fail("ICH_APxR1..3 do not exist with 5 preemption bits");
	default:
		return false;
	}
}

static bool gicm_sysreg(enum model_sysreg reg, bool write, uint64_t *value)
{
	gicm.changes += write;
	return gicm_icc(reg, write, value) || gicm_ich(reg, write, value);
}

void gicm_v3_add(void)
{
	if (gicm.cfg.its != 0) {
		itsm_add();
	}
	model_add(&(struct model_device){
		.name = "GICD",
		.base = gicm.cfg.gicd,
		.size = 0x10000,
		.read = gicm_gicd_read,
		.write = gicm_gicd_write,
	});
	model_add(&(struct model_device){
		.name = "GICR",
		.base = gicm.cfg.gicr,
		.size = gicm.cfg.gicr_stride * gicm.cfg.cpus,
		.read = gicm_gicr_read,
		.write = gicm_gicr_write,
	});
	model_set_sysreg_hook(gicm_sysreg);
}
