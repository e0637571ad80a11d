// SPDX-License-Identifier: Apache-2.0
/* IPMMU model: registers. */
#include <string.h>

#include "models/ipmmu_priv.h"

enum { /* of a context, 0x40 bytes each */
	REG_CTR = 0x00,
	REG_TTBCR = 0x08,
	REG_BUSCR = 0x0c,
	REG_TTBLR = 0x10,
	REG_TTBUR = 0x14,
	REG_MAIR0 = 0x18,
	REG_MAIR1 = 0x1c,
	REG_STR = 0x20,
	REG_ELAR = 0x30,
	REG_EUAR = 0x34,
	/* of the unit */
	REG_SCTLR = 0x500,
	REG_SAUXCTLR = 0x504,
};

void ipmmum_complain(struct ipmmum *m, const char *what)
{
	m->violations++;
	m->violation = what;
}

void ipmmum_init(struct ipmmum *m, const struct ipmmum_config *config)
{
	memset(m, 0, sizeof(*m));
	m->config = *config;
	for (uint32_t i = 0; i < config->power_count; i++) {
		m->powers[i].on = (config->powers_on >> i & 1) != 0;
		m->powers[i].wanted = m->powers[i].on;
	}
}

void ipmmum_update_line(struct ipmmum *m)
{
	bool high = false;

	for (uint32_t i = 0; i < IPMMUM_CONTEXTS; i++) {
		high |= m->contexts[i].str != 0 && (m->units[0].ctr[i] & CTR_INTEN) != 0;
	}
	if (high != m->line) {
		m->line = high;
		if (m->config.irq != NULL) {
			m->config.irq(m->config.context, high);
		}
	}
}

void ipmmum_fault(struct ipmmum *m, uint32_t context, uint32_t bits, uint64_t address)
{
	struct ipmmum_context *c = &m->contexts[context];

	m->counts.faults++;
	if (c->str == 0 || (m->config.answers & IPMMUM_LAST_FAULT) != 0) {
		c->str = bits;
		c->fault = address;
	}
	ipmmum_update_line(m);
}

/* A register of a micro-TLB that the unit does not have. */
static bool utlb_is_absent(const struct ipmmum *m, uint32_t unit, uint32_t offset)
{
	uint32_t index = offset >= 0x600 ? (offset - 0x600) / 16 + 32 : (offset - 0x300) / 16;

	return ((offset >= 0x300 && offset < 0x500) || offset >= 0x600) && (offset & 7) == 0 &&
	       index >= m->config.units[unit].utlbs && index < IPMMUM_UTLBS;
}

/* The micro-TLB whose register it is; NULL: none. *asid: its IMUASID. */
static struct ipmmum_utlb *utlb_at(struct ipmmum *m, uint32_t unit, uint32_t offset, bool *asid)
{
	uint32_t index = offset >= 0x600 ? (offset - 0x600) / 16 + 32 : (offset - 0x300) / 16;

	if (offset < 0x300 || (offset >= 0x500 && offset < 0x600) || index >= m->config.units[unit].utlbs ||
	    (offset & 7) != 0) {
		return NULL;
	}
	*asid = (offset & 8) != 0;
	return &m->units[unit].utlbs[index];
}

/* Whether the access can be one at all. */
static bool access_check(struct ipmmum *m, uint32_t unit, uint32_t offset, uint32_t size)
{
	if (unit >= m->config.unit_count || offset >= IPMMUM_REGISTERS || size != 4 || (offset & 3) != 0) {
		ipmmum_complain(m, "an access that is none of a 32-bit register");
		return false;
	}
	if (!ipmmum_is_on(m, unit)) {
		ipmmum_complain(m, "an access to a unit without power");
		return false;
	}
	return true;
}

/* What of a context only the root has. */
static uint32_t *context_at(struct ipmmum *m, uint32_t context, uint32_t reg)
{
	struct ipmmum_context *c = &m->contexts[context];

	switch (reg) {
	case REG_TTBCR:
		return &c->ttbcr;
	case REG_BUSCR:
		return &c->buscr;
	case REG_TTBLR:
		return &c->ttblr;
	case REG_TTBUR:
		return &c->ttbur;
	case REG_MAIR0:
		return &c->mair[0];
	case REG_MAIR1:
		return &c->mair[1];
	default:
		return NULL;
	}
}

static uint32_t context_read(struct ipmmum *m, uint32_t unit, uint32_t context, uint32_t reg)
{
	struct ipmmum_context *c = &m->contexts[context];
	uint32_t *word = context_at(m, context, reg);

	if (reg == REG_CTR) {
		if (unit == 0) {
			ipmmum_flush_look(m, context);
		}
		return m->units[unit].ctr[context];
	}
	if (unit != 0) {
		ipmmum_complain(m, "a cache has of a context IMCTR alone");
		return 0;
	}
	switch (reg) {
	case REG_STR:
		return c->str;
	case REG_ELAR:
		return c->str != 0 ? (uint32_t)c->fault : 0;
	case REG_EUAR:
		return c->str != 0 ? (uint32_t)(c->fault >> 32) : 0;
	default:
		if (word == NULL) {
			ipmmum_complain(m, "a read of no register");
			return 0;
		}
		return *word;
	}
}

static void root_ctr_write(struct ipmmum *m, uint32_t context, uint32_t value)
{
	uint32_t *ctr = &m->units[0].ctr[context];
	const char *wrong = ipmmum_check_tables(&m->contexts[context]);

	if ((value & ~CTR_ROOT) != 0) {
		ipmmum_complain(m, "reserved bits of IMCTR");
	}
	if ((value & CTR_MMUEN) != 0 && (value & CTR_VA64) == 0) {
		ipmmum_complain(m, "a context that is on without VA64");
	}
	if ((value & CTR_MMUEN) != 0 && wrong != NULL) {
		ipmmum_complain(m, wrong);
	}
	*ctr = (value & CTR_ROOT & ~CTR_FLUSH) | (*ctr & CTR_FLUSH);
	if ((value & CTR_FLUSH) != 0) {
		ipmmum_flush(m, 0, context);
	}
}

static void cache_ctr_write(struct ipmmum *m, uint32_t unit, uint32_t context, uint32_t value)
{
	uint32_t *ctr = &m->units[unit].ctr[context];

	if ((value & CTR_MMUEN) != 0 && (m->units[0].ctr[context] & CTR_MMUEN) == 0) {
		ipmmum_complain(m, "a context that is on in a cache before the root");
	}
	*ctr = (value & CTR_CACHE & ~CTR_FLUSH) | (*ctr & CTR_FLUSH);
	if ((value & CTR_FLUSH) != 0) {
		ipmmum_flush(m, unit, context);
	}
}

static void context_write(struct ipmmum *m, uint32_t unit, uint32_t context, uint32_t reg, uint32_t value)
{
	uint32_t *word = context_at(m, context, reg);

	if (reg == REG_CTR && unit != 0) {
		cache_ctr_write(m, unit, context, value);
	} else if (reg == REG_CTR) {
		root_ctr_write(m, context, value);
	} else if (unit != 0) {
		ipmmum_complain(m, "a cache has of a context IMCTR alone");
	} else if (reg == REG_STR) {
		m->contexts[context].str &= value;
	} else if (word == NULL) {
		ipmmum_complain(m, "a write to no register, or to one that is read only");
	} else {
		if ((m->units[0].ctr[context] & CTR_MMUEN) != 0 && *word != value) {
			ipmmum_complain(m, "the tables of a context that is on are changed");
		}
		*word = value;
	}
	ipmmum_update_line(m);
}

static void uctr_write(struct ipmmum *m, uint32_t unit, struct ipmmum_utlb *t, uint32_t value)
{
	uint32_t context = value >> 4 & 15;

	if ((value & ~UCTR_BITS) != 0 || (value & UCTR_FIXADDEN) != 0) {
		ipmmum_complain(m, "reserved bits of IMUCTR, or a fixed address");
	}
	if (context >= IPMMUM_CONTEXTS) {
		ipmmum_complain(m, "a micro-TLB with a context that there is not");
		context = 0;
	} else if ((value & ~m->units[unit].ctr[context] & CTR_MMUEN) != 0 ||
		   (value & ~m->units[0].ctr[context] & CTR_MMUEN) != 0) {
		ipmmum_complain(m, "a micro-TLB that is on with a context that is off");
	}
	if ((value & CTR_FLUSH) != 0) {
		ipmmum_utlb_empty(t);
	}
	t->ctr = value & UCTR_BITS;
	if ((m->config.answers & IPMMUM_FLUSH_STAYS) == 0) {
		t->ctr &= ~CTR_FLUSH;
	}
}

uint32_t ipmmum_read(struct ipmmum *m, uint32_t unit, uint32_t offset, uint32_t size)
{
	struct ipmmum_utlb *t;
	bool asid;

	if (!access_check(m, unit, offset, size)) {
		return 0;
	}
	if (offset < 0x40 * IPMMUM_CONTEXTS) {
		return context_read(m, unit, offset / 0x40, offset % 0x40);
	}
	if (offset == REG_SCTLR) {
		return m->units[unit].sctlr;
	}
	if (offset == REG_SAUXCTLR) {
		return m->units[unit].sauxctlr;
	}
	t = utlb_at(m, unit, offset, &asid);
	if (t == NULL) {
		if (!utlb_is_absent(m, unit, offset)) {
			ipmmum_complain(m, "a read of no register");
		}
		return 0;
	}
	return asid ? t->asid : t->ctr;
}

void ipmmum_write(struct ipmmum *m, uint32_t unit, uint32_t offset, uint32_t size, uint32_t value)
{
	struct ipmmum_utlb *t;
	bool asid;

	if (!access_check(m, unit, offset, size)) {
		return;
	}
	t = utlb_at(m, unit, offset, &asid);
	if (offset < 0x40 * IPMMUM_CONTEXTS) {
		context_write(m, unit, offset / 0x40, offset % 0x40, value);
	} else if (offset == REG_SCTLR) {
		m->units[unit].sctlr = value;
	} else if (offset == REG_SAUXCTLR) {
		m->units[unit].sauxctlr = value;
	} else if (t == NULL) {
		if (!utlb_is_absent(m, unit, offset)) {
			ipmmum_complain(m, "a write to no register");
		}
	} else if (asid) {
		t->asid = value & 0xffff;
	} else {
		uctr_write(m, unit, t, value);
	}
}
