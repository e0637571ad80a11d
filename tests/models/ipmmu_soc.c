// SPDX-License-Identifier: Apache-2.0
/* IPMMU model: of the chip around it, power domains (SYSC) and the product register. */
#include <string.h>

#include "models/ipmmu_priv.h"

enum { /* of a power domain */
	REG_PWRSR = 0x00,
	REG_PWROFFCR = 0x04,
	REG_PWRONCR = 0x0c,
	REG_PWRER = 0x14,
	POWER_SIZE = 0x18,
};

#define SYSC_SYSCSR 0u
#define SYSCSR_READY 3u /* for requests to turn on and off */

bool ipmmum_is_on(const struct ipmmum *m, uint32_t unit)
{
	uint32_t power = m->config.units[unit].power;

	return power == IPMMUM_ALWAYS_ON || m->powers[power].on;
}

uint32_t ipmmum_prr_read(const struct ipmmum *m)
{
	return m->config.prr;
}

static void power_change(struct ipmmum *m, uint32_t power)
{
	m->powers[power].on = m->powers[power].wanted;
	for (uint32_t i = 0; i < m->config.unit_count; i++) {
		if (m->config.units[i].power == power) {
			memset(&m->units[i], 0, sizeof(m->units[i]));
		}
	}
}

static void power_want(struct ipmmum *m, uint32_t power, bool on)
{
	struct ipmmum_power *p = &m->powers[power];

	p->wanted = on;
	p->left = m->config.power_reads;
	if (p->on != on && p->left == 0) {
		power_change(m, power);
	}
}

/* The power domain whose register it is; power_count: none. */
static uint32_t power_at(const struct ipmmum *m, uint32_t offset)
{
	for (uint32_t i = 0; i < m->config.power_count; i++) {
		if (offset - m->config.powers[i] < POWER_SIZE) {
			return i;
		}
	}
	return m->config.power_count;
}

uint32_t ipmmum_sysc_read(struct ipmmum *m, uint32_t offset, uint32_t size)
{
	uint32_t power = power_at(m, offset);
	struct ipmmum_power *p;

	if (size != 4 || (offset & 3) != 0 || (power == m->config.power_count && offset != SYSC_SYSCSR)) {
		ipmmum_complain(m, "a read of no register of SYSC that is known");
		return 0;
	}
	if (power == m->config.power_count) {
		return SYSCSR_READY;
	}
	p = &m->powers[power];
	if (offset - m->config.powers[power] == REG_PWRSR) {
		if (p->on != p->wanted && p->left != IPMMUM_STUCK && --p->left == 0) {
			power_change(m, power);
		}
		return p->on ? 0x10 : 1;
	}
	return 0;
}

void ipmmum_sysc_write(struct ipmmum *m, uint32_t offset, uint32_t size, uint32_t value)
{
	uint32_t power = power_at(m, offset);
	uint32_t reg = power < m->config.power_count ? offset - m->config.powers[power] : 0;

	if (size != 4 || (reg != REG_PWRONCR && reg != REG_PWROFFCR) || value != 1) {
		ipmmum_complain(m, "a write to no register of SYSC that is known");
		return;
	}
	power_want(m, power, reg == REG_PWRONCR);
}
