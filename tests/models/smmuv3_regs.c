// SPDX-License-Identifier: Apache-2.0
/* SMMUv3 model: the registers (IHI 0070 6.3). */
#include <string.h>

#include "models/model.h"
#include "models/smmuv3_priv.h"

#define CR0_BITS UINT32_C(0x1df)
#define UPDATE BIT32(31)

/* An update takes effect after so many looks at its acknowledgement. */
static bool regs_comes(const struct smmum *m, uint32_t *wait)
{
	if (m->config.ack_delay == SMMUM_STUCK) {
		return false;
	}
	if (*wait > 0) {
		(*wait)--;
		return false;
	}
	return true;
}

static void regs_settle_cr0(struct smmum *m)
{
	if (m->cr0ack != (m->cr0 & CR0_BITS) && regs_comes(m, &m->cr0_wait)) {
		m->cr0ack = m->cr0 & CR0_BITS;
	}
}

static void regs_settle_irq(struct smmum *m)
{
	if (m->irq_ctrlack != (m->irq_ctrl & 7) && regs_comes(m, &m->irq_wait)) {
		m->irq_ctrlack = m->irq_ctrl & 7;
	}
}

static void regs_settle_gbpa(struct smmum *m)
{
	if ((m->gbpa & UPDATE) != 0 && regs_comes(m, &m->gbpa_wait)) {
		m->gbpa = m->gbpa_new & ~UPDATE;
	}
}

static uint64_t regs_read_cons(struct smmum *m)
{
	if (m->config.cmd_rate != 0 && m->config.cmd_rate != SMMUM_STUCK) {
		smmum_run(m, m->config.cmd_rate);
	}
	return m->cmdq_cons;
}

static uint64_t regs_read(struct smmum *m, uint32_t reg)
{
	switch (reg) {
	case 0x00:
		return m->config.idr0;
	case 0x04:
		return m->config.idr1;
	case 0x0c:
		return m->config.idr3;
	case 0x14:
		return m->config.idr5;
	case 0x20:
		return m->cr0;
	case 0x24:
		regs_settle_cr0(m);
		return m->cr0ack;
	case 0x28:
		return m->cr1;
	case 0x2c:
		return m->cr2;
	case 0x44:
		regs_settle_gbpa(m);
		return m->gbpa;
	case 0x50:
		return m->irq_ctrl;
	case 0x54:
		regs_settle_irq(m);
		return m->irq_ctrlack;
	case 0x60:
		return m->gerror;
	case 0x64:
		return m->gerrorn;
	case 0x80:
		return m->strtab_base;
	case 0x88:
		return m->strtab_cfg;
	case 0x90:
		return m->cmdq_base;
	case 0x98:
		return m->cmdq_prod;
	case 0x9c:
		return regs_read_cons(m);
	case 0xa0:
		return m->evtq_base;
	case 0x100a8:
		return m->evtq_prod;
	case 0x100ac:
		return m->evtq_cons;
	default:
		return 0;
	}
}

/* Complains unless all of `bits` are off in CR0 and in CR0ACK. */
static bool regs_off(struct smmum *m, uint32_t what, const char *complaint)
{
	if (((m->cr0 | m->cr0ack) & what) == 0) {
		return true;
	}
	smmum_complain(m, complaint);
	return m->config.qemu;
}

static void regs_write_cr0(struct smmum *m, uint32_t value)
{
	if (m->cr0ack != (m->cr0 & CR0_BITS)) {
		smmum_complain(m, "CR0 written before CR0ACK followed");
	}
	m->cr0 = value;
	m->cr0_wait = m->config.ack_delay;
	if (m->config.ack_delay == 0) {
		regs_settle_cr0(m);
		smmum_run(m, m->config.cmd_rate == 0 ? UINT32_MAX : 0);
	}
}

static void regs_write_irq(struct smmum *m, uint32_t value)
{
	if (m->irq_ctrlack != (m->irq_ctrl & 7)) {
		smmum_complain(m, "IRQ_CTRL written before IRQ_CTRLACK followed");
	}
	m->irq_ctrl = value;
	m->irq_wait = m->config.ack_delay;
	if (m->config.ack_delay == 0) {
		regs_settle_irq(m);
	}
}

static void regs_write_gbpa(struct smmum *m, uint32_t value)
{
	if ((m->gbpa & UPDATE) != 0) {
		smmum_complain(m, "GBPA written during an update");
	} else if ((value & UPDATE) != 0) {
		m->gbpa |= UPDATE;
		m->gbpa_new = value;
		m->gbpa_wait = m->config.ack_delay;
		if (m->config.ack_delay == 0) {
			regs_settle_gbpa(m);
		}
	}
}

static void regs_write_gerrorn(struct smmum *m, uint32_t value)
{
	if (((m->gerrorn ^ value) & ~(m->gerror ^ m->gerrorn)) != 0) {
		smmum_complain(m, "an error acknowledged that is not active");
	}
	m->gerrorn = value;
	if (m->config.cmd_rate == 0) {
		smmum_run(m, UINT32_MAX);
	}
}

static void regs_write_prod(struct smmum *m, uint32_t value)
{
	uint32_t log2 = m->cmdq_base & 31;

	if (((value - m->cmdq_cons) & (BIT32(log2 + 1) - 1)) > BIT32(log2)) {
		smmum_complain(m, "CMDQ_PROD is further ahead than the queue is long");
	}
	m->cmdq_prod = value;
	if (m->config.cmd_rate == 0) {
		smmum_run(m, UINT32_MAX);
	}
}

static void regs_write(struct smmum *m, uint32_t reg, uint64_t value)
{
	uint32_t low = (uint32_t)value;

	switch (reg) {
	case 0x20:
		regs_write_cr0(m, low);
		break;
	case 0x28:
		m->cr1 = regs_off(m, 13, "CR1 written while in use") ? low : m->cr1;
		break;
	case 0x2c:
		m->cr2 = regs_off(m, 1, "CR2 written while SMMUEN") ? low : m->cr2;
		break;
	case 0x44:
		regs_write_gbpa(m, low);
		break;
	case 0x50:
		regs_write_irq(m, low);
		break;
	case 0x64:
		regs_write_gerrorn(m, low);
		break;
	case 0x80:
		m->strtab_base = regs_off(m, 1, "STRTAB_BASE written while SMMUEN") ? value : m->strtab_base;
		break;
	case 0x88:
		m->strtab_cfg = regs_off(m, 1, "STRTAB_BASE_CFG written while SMMUEN") ? low : m->strtab_cfg;
		break;
	case 0x90:
		m->cmdq_base = regs_off(m, 8, "CMDQ_BASE written while CMDQEN") ? value : m->cmdq_base;
		break;
	case 0x98:
		regs_write_prod(m, low);
		break;
	case 0x9c:
		m->cmdq_cons = regs_off(m, 8, "CMDQ_CONS written while CMDQEN") ? low : m->cmdq_cons;
		break;
	case 0xa0:
		m->evtq_base = regs_off(m, 4, "EVTQ_BASE written while EVTQEN") ? value : m->evtq_base;
		break;
	case 0x100a8:
		m->evtq_prod = regs_off(m, 4, "EVTQ_PROD written while EVTQEN") ? low : m->evtq_prod;
		break;
	case 0x100ac:
		m->evtq_cons = low;
		break;
	case 0x68:
	case 0xb0:
		if (m->irq_ctrlack != 0) {
			smmum_complain(m, "an interrupt configured while it is enabled");
		}
		break;
	default:
		smmum_complain(m, "a register written that is not there or read-only");
		break;
	}
}

/* Registers are 32 bits wide but for five. */
static bool regs_width_is(uint32_t reg, uint32_t size)
{
	return size == (reg == 0x68 || reg == 0x80 || reg == 0x90 || reg == 0xa0 || reg == 0xb0 ? 8 : 4);
}

static uint64_t smmum_read(uint32_t n, uint64_t reg, uint32_t size)
{
	struct smmum *m = &smmum_all[n];
	uint64_t value;

	if (!regs_width_is((uint32_t)reg, size)) {
		smmum_complain(m, "a register read with another width than it has");
		return 0;
	}
	value = regs_read(m, (uint32_t)reg);
	return m->config.twist != NULL ? m->config.twist(n, (uint32_t)reg, value) : value;
}

static void smmum_write(uint32_t n, uint64_t reg, uint32_t size, uint64_t value)
{
	struct smmum *m = &smmum_all[n];

	if (!regs_width_is((uint32_t)reg, size)) {
		smmum_complain(m, "a register written with another width than it has");
		return;
	}
	regs_write(m, (uint32_t)reg, value);
}

static uint64_t smmum_read0(uint64_t reg, uint32_t size)
{
	return smmum_read(0, reg, size);
}

static uint64_t smmum_read1(uint64_t reg, uint32_t size)
{
	return smmum_read(1, reg, size);
}

static void smmum_write0(uint64_t reg, uint32_t size, uint64_t value)
{
	smmum_write(0, reg, size, value);
}

static void smmum_write1(uint64_t reg, uint32_t size, uint64_t value)
{
	smmum_write(1, reg, size, value);
}

void smmum_init(uint32_t n, const struct smmum_config *config)
{
	const struct model_device dev = {
		.name = n == 0 ? "smmu0" : "smmu1",
		.base = config->base,
		.size = 0x20000,
		.read = n == 0 ? smmum_read0 : smmum_read1,
		.write = n == 0 ? smmum_write0 : smmum_write1,
	};
	struct smmum *m = &smmum_all[n];

	memset(m, 0, sizeof(*m));
	m->config = *config;
	m->gbpa = config->gbpa;
	m->cr0 = config->cr0;
	m->cr0ack = config->cr0 & CR0_BITS;
	model_add(&dev);
}
