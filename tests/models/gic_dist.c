// SPDX-License-Identifier: Apache-2.0
/* Model of the distributor and the physical CPU interface. */
#include "models/gic_priv.h"

#include <string.h>

struct gicm gicm;

void gicm_init(const struct gicm_config *config)
{
	memset(&gicm, 0, sizeof(gicm));
	gicm.changes = 1;
	gicm.cfg = *config;
	for (uint32_t c = 0; c < config->cpus; c++) {
		gicm_cpu_reset(c);
		for (uint32_t n = 0; n < 16; n++) {
			gicm.cpu[c].banked[n].edge = true;
			/* Software may not rely on the state after reset: leave some. */
			gicm.cpu[c].banked[n + 16].enabled = true;
			gicm.cpu[c].banked[n + 16].active = n % 3 == 0;
		}
		gicm.cpu[c].asleep = config->version == 3;
	}
	for (uint32_t n = 32; n < GICM_INTIDS; n++) {
		gicm.spi[n].enabled = n % 2 == 0;
		gicm.spi[n].latch = n % 5 == 0;
		gicm.spi[n].active = n % 7 == 0;
		gicm.spi[n].prio = (uint8_t)(n & 0xf8);
	}
	if (config->version == 2) {
		gicm_v2_add();
	} else {
		gicm_v3_add();
	}
}

void gicm_cpu_reset(uint32_t cpu)
{
	struct gicm_cpu *c = &gicm.cpu[cpu];
	struct gicm_irq banked[32];

	gicm.changes++;
	memcpy(banked, c->banked, sizeof(banked));
	memset(c, 0, sizeof(*c));
	memcpy(c->banked, banked, sizeof(banked));
}

struct gicm_irq *gicm_find(uint32_t cpu, uint32_t intid)
{
	if (intid >= GICM_INTIDS || cpu >= gicm.cfg.cpus) {
		model_fail("GIC: no interrupt %u of CPU %u", intid, cpu);
	}
	return intid < 32 ? &gicm.cpu[cpu].banked[intid] : &gicm.spi[intid];
}

bool gicm_pending(uint32_t cpu, uint32_t intid)
{
	const struct gicm_irq *q = gicm_find(cpu, intid);

	if (intid == GICM_MAINTENANCE) {
		return q->latch || gicm_misr(cpu) != 0;
	}
	return q->latch || q->sources != 0 || (q->line && !q->edge);
}

void gicm_set_line(uint32_t cpu, uint32_t intid, bool level)
{
	struct gicm_irq *q = gicm_find(cpu, intid);

	gicm.changes++;
	q->latch = q->latch || (q->edge && level && !q->line);
	q->line = level;
}

bool gicm_line(uint32_t cpu, uint32_t intid)
{
	return gicm_find(cpu, intid)->line;
}

struct gicm_view gicm_view(uint32_t cpu, uint32_t intid)
{
	const struct gicm_irq *q = gicm_find(cpu, intid);

	return (struct gicm_view){
		.enabled = q->enabled,
		.pending = gicm_pending(cpu, intid),
		.active = q->active,
		.group1 = q->group1,
		.edge = q->edge,
		.prio = q->prio,
		.route = gicm.cfg.version == 2 ? q->targets : q->router,
	};
}

/* One bit of a register file of one bit per INTID. */
static bool gicm_bit_read(uint32_t cpu, uint32_t file, uint32_t intid)
{
	const struct gicm_irq *q = gicm_find(cpu, intid);

	switch (file) {
	case 0x080:
		return q->group1;
	case 0x100:
	case 0x180:
		return q->enabled || (intid < 16 && gicm.cfg.version == 2);
	case 0x200:
	case 0x280:
		return gicm_pending(cpu, intid);
	default:
		return q->active;
	}
}

static void gicm_bit_write(uint32_t cpu, uint32_t file, uint32_t intid)
{
	struct gicm_irq *q = gicm_find(cpu, intid);
	bool v2sgi = intid < 16 && gicm.cfg.version == 2;

	switch (file) {
	case 0x100:
		q->enabled = true;
		break;
	case 0x180:
		q->enabled = v2sgi;
		break;
	case 0x200:
		q->latch = q->latch || !v2sgi;
		break;
	case 0x280:
		q->latch = q->latch && v2sgi;
		break;
	case 0x300:
		q->active = true;
		break;
	case 0x380:
		q->active = false;
		break;
	default:
		break;
	}
}

uint64_t gicm_file_read(uint32_t cpu, uint32_t reg, uint32_t size)
{
	uint64_t value = 0;

	if (reg >= 0x400 && reg < 0xc00) {
		if (size != 1 && size != 4) {
			model_fail("GIC: %u-byte read at 0x%x", size, reg);
		}
		for (uint32_t i = 0; i < size; i++) {
			uint32_t intid = (reg & 0x3ff) + i;
			uint8_t own = (uint8_t)(gicm.cfg.version == 2 ? 1u << cpu : 0);

			if (intid < GICM_INTIDS) {
				const struct gicm_irq *q = gicm_find(cpu, intid);
				uint8_t byte = reg < 0x800 ? q->prio : intid < 32 ? own : q->targets;

				value |= (uint64_t)byte << (8 * i);
			}
		}
		return value;
	}
	if (size != 4) {
		model_fail("GIC: %u-byte read at 0x%x", size, reg);
	}
	for (uint32_t i = 0; i < 32; i++) {
		uint32_t one = (reg & 0x7f) * 8 + i;
		uint32_t two = (reg & 0xff) * 4 + i / 2;

		if (reg < 0x400 && one < GICM_INTIDS) {
			value |= (uint64_t)gicm_bit_read(cpu, reg & 0x780, one) << i;
		} else if (reg >= 0xc00 && i % 2 == 1 && two < GICM_INTIDS) {
			value |= (uint64_t)gicm_find(cpu, two)->edge << i;
		}
	}
	return value;
}

static void gicm_write_byte(uint32_t cpu, uint32_t reg, uint8_t value)
{
	uint32_t intid = reg & 0x3ff;

	if (intid >= GICM_INTIDS) {
		return;
	}
	if (reg < 0x800) {
		gicm_find(cpu, intid)->prio = value & 0xf8;
	} else if (intid >= 32) {
		gicm_find(cpu, intid)->targets = (uint8_t)(value & ((1u << gicm.cfg.cpus) - 1));
	}
}

void gicm_file_write(uint32_t cpu, uint32_t reg, uint32_t size, uint64_t value)
{
	gicm.changes++;
	if (reg >= 0x400 && reg < 0xc00) {
		if (size != 1 && size != 4) {
			model_fail("GIC: %u-byte write at 0x%x", size, reg);
		}
		for (uint32_t i = 0; i < size; i++) {
			gicm_write_byte(cpu, reg + i, (uint8_t)(value >> (8 * i)));
		}
		return;
	}
	if (size != 4) {
		model_fail("GIC: %u-byte write at 0x%x", size, reg);
	}
	for (uint32_t i = 0; i < 32; i++) {
		uint32_t one = (reg & 0x7f) * 8 + i;
		uint32_t two = (reg & 0xff) * 4 + i / 2;
		bool set = (value >> i & 1) != 0;

		if (reg < 0x100) {
			if (one < GICM_INTIDS) {
				gicm_find(cpu, one)->group1 = set;
			}
		} else if (reg < 0x400 && one < GICM_INTIDS && set) {
			gicm_bit_write(cpu, reg & 0x780, one);
		} else if (reg >= 0xc00 && i % 2 == 1 && two >= 16 && two < GICM_INTIDS) {
			if (gicm_find(cpu, two)->edge != set && gicm_find(cpu, two)->enabled) {
				model_fail("GIC: trigger of %u changes while it is enabled", two);
			}
			gicm_find(cpu, two)->edge = set;
		}
	}
}

void gicm_sgi(uint32_t cpu, uint32_t sgi, uint32_t from)
{
	struct gicm_irq *q = gicm_find(cpu, sgi);

	gicm.changes++;
	if (gicm.cfg.version == 2) {
		q->sources |= (uint8_t)(1u << from);
	} else {
		q->latch = true;
	}
}

static bool gicm_routed(uint32_t cpu, uint32_t intid)
{
	const struct gicm_irq *q = gicm_find(cpu, intid);

	if (intid < 32) {
		return true;
	}
	return gicm.cfg.version == 2 ? (q->targets >> cpu & 1) != 0 : q->router == gicm.cfg.mpidr[cpu];
}

static uint32_t gicm_find_highest(uint32_t cpu)
{
	const struct gicm_cpu *c = &gicm.cpu[cpu];
	uint32_t limit = c->active == 0 ? 0x100 : 8 * (uint32_t)__builtin_ctz(c->active);
	uint32_t best = GICM_SPURIOUS;

	if (!c->on || c->asleep || (gicm.ctlr & 2) == 0) {
		return GICM_SPURIOUS;
	}
	limit = c->pmr < limit ? c->pmr : limit;
	for (uint32_t n = 0; n < GICM_INTIDS; n++) {
		const struct gicm_irq *q = gicm_find(cpu, n);

		if (q->enabled && q->group1 && !q->active && q->prio < limit && gicm_pending(cpu, n) &&
		    gicm_routed(cpu, n)) {
			best = n;
			limit = q->prio;
		}
	}
	if (gicm.cfg.its != 0) {
		itsm_highest(cpu, &best, &limit);
	}
	return best;
}

/* The highest priority interrupt that the CPU may take now, or GICM_SPURIOUS. */
static uint32_t gicm_highest(uint32_t cpu)
{
	struct gicm_cpu *c = &gicm.cpu[cpu];

	if (c->seen != gicm.changes) {
		c->highest = gicm_find_highest(cpu);
		c->seen = gicm.changes;
	}
	return c->highest;
}

bool gicm_irq(uint32_t cpu)
{
	return gicm_highest(cpu) != GICM_SPURIOUS;
}

uint32_t gicm_ack(uint32_t cpu)
{
	struct gicm_cpu *c = &gicm.cpu[cpu];
	uint32_t n = gicm_highest(cpu);
	struct gicm_irq *q;
	uint32_t from = 0;

	if (n == GICM_SPURIOUS) {
		return n;
	}
	gicm.changes++;
	if (n >= 8192) {
		uint8_t prio = itsm_ack(cpu, n);

		c->active |= 1u << (prio / 8);
		c->running[prio / 8] = (uint16_t)n;
		return n;
	}
	q = gicm_find(cpu, n);
	if (q->sources != 0) {
		from = (uint32_t)__builtin_ctz(q->sources);
		q->sources &= (uint8_t)(q->sources - 1);
	}
	q->latch = false;
	q->active = true;
	c->active |= 1u << (q->prio / 8);
	c->running[q->prio / 8] = (uint16_t)n;
	return n | from << 10;
}

void gicm_drop(uint32_t cpu, uint32_t iar)
{
	struct gicm_cpu *c = &gicm.cpu[cpu];
	uint32_t intid = iar >= 8192 ? iar : iar & 0x3ff;
	uint32_t level;

	gicm.changes++;
	if (c->active == 0) {
		model_fail("GIC: EOI of %u with nothing running", iar & 0x3ff);
	}
	level = (uint32_t)__builtin_ctz(c->active);
	if (c->running[level] != intid) {
		model_fail("GIC: EOI of %u, but %u runs", intid, c->running[level]);
	}
	c->active &= c->active - 1;
	if (!c->eoimode) {
		model_fail("GIC: EOImode is 0: the guest's interrupts would be deactivated");
	}
}

void gicm_deactivate(uint32_t cpu, uint32_t iar)
{
	struct gicm_irq *q = gicm_find(cpu, iar >= 8192 ? iar : iar & 0x3ff);

	gicm.changes++;
	if (!q->active) {
		model_fail("GIC: deactivation of %u, which is not active", iar & 0x3ff);
	}
	q->active = false;
}
