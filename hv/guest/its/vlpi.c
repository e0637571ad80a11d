// SPDX-License-Identifier: Apache-2.0
/*
 * Virtual LPIs: pending state, properties, and the redistributors' registers for them.
 * The pending tables are the hypervisor's own: a bit for each LPI and vCPU, set by any
 * CPU of the domain (and told by vgic.lpis), cleared by the vCPU's own.
 */
#include "guest/its/priv.h"

#include "lib/string.h"
#include "mm/window.h"

#define WORD_BITS 64u
#define SLOT 0u

#define MOVE_LPI GENMASK64(15, 0)
#define MOVE_TO GENMASK64(23, 16)

static uint32_t vlpi_words(const struct domain *d)
{
	return (d->desc->msi->lpi_count + WORD_BITS - 1) / WORD_BITS;
}

static uint64_t *vlpi_pending(const struct vcpu *v)
{
	return &v->domain->desc->msi->pending[v->index * vlpi_words(v->domain)];
}

static bool vlpi_clear(struct vcpu *v, uint32_t lpi)
{
	uint64_t bit = BIT64(lpi % WORD_BITS);

	return (__atomic_fetch_and(&vlpi_pending(v)[lpi / WORD_BITS], ~bit, __ATOMIC_ACQ_REL) & bit) != 0;
}

static void vlpi_set(struct vcpu *v, uint32_t lpi)
{
	__atomic_fetch_or(&vlpi_pending(v)[lpi / WORD_BITS], BIT64(lpi % WORD_BITS), __ATOMIC_RELEASE);
	__atomic_store_n(&v->vgic.lpis, 1, __ATOMIC_RELEASE);
}

void vlpi_domain_init(struct domain *d)
{
	memset(d->desc->msi->pending, 0, d->desc->cpu_count * vlpi_words(d) * sizeof(uint64_t));
}

bool vlpi_is_enabled(const struct domain *d, uint32_t vcpu)
{
	return __atomic_load_n(&vits_of(d)->cpus[vcpu].enabled, __ATOMIC_ACQUIRE) != 0;
}

static uint8_t vlpi_property(const struct domain *d, uint32_t lpi)
{
	return its_read_property(d->desc->msi->lpi_first + lpi);
}

/* As many bits as the guest's CPU interface has. */
static uint32_t vlpi_priority(uint8_t property)
{
	return property & LPI_PRIORITY & gich_prio_mask();
}

static uint64_t vlpi_lr(const struct domain *d, uint32_t lpi)
{
	return (LPI_FIRST + lpi) | GICH_LR_PENDING | GICH_LR_GROUP1 |
	       FIELD_PREP(GICH_LR_PRIO, vlpi_priority(vlpi_property(d, lpi)));
}

void vlpi_handle_irq(struct vcpu *v, uint32_t intid)
{
	const struct msi_desc *m = v->domain->desc->msi;
	uint32_t lpi = m == NULL ? 0 : intid - m->lpi_first;

	/* LPIs have no active state: what is not the domain's is gone. */
	if (m == NULL || lpi >= m->lpi_count || !vlpi_is_enabled(v->domain, v->index)) {
		return;
	}
	/* Nearly always: nothing else is there. */
	if ((vlpi_property(v->domain, lpi) & LPI_ENABLE) != 0 && v->vgic.waiting == 0 &&
	    (v->vgic.groups & 2) != 0 && v->vgic.lpis == 0 && vgic_lr_used(v) == 0) {
		gich_write_lr(0, vlpi_lr(v->domain, lpi));
		return;
	}
	vlpi_set(v, lpi);
	vgic_refill(v);
}

void vlpi_wait(struct vcpu *v, uint32_t intid)
{
	vlpi_set(v, intid - LPI_FIRST);
}

uint64_t vlpi_take(struct vcpu *v, uint32_t intid)
{
	vlpi_clear(v, intid - LPI_FIRST);
	return vlpi_lr(v->domain, intid - LPI_FIRST);
}

/* An LPI that is in a list register cannot have a second one. Where the hardware keeps it
 * active there until its end, it becomes pending beside that. */
static void vlpi_merge(struct vcpu *v)
{
	uint32_t used = (v->vgic.groups & 2) != 0 ? vgic_lr_used(v) : 0;

	for (; used != 0; used &= used - 1) {
		uint32_t n = (uint32_t)__builtin_ctz(used);
		uint64_t lr = gich_read_lr(n);
		uint64_t intid = FIELD_GET(GICH_LR_INTID, lr);

		if (vlpi_is((uint32_t)intid) && (lr & (GICH_LR_PENDING | GICH_LR_ACTIVE)) != 0 &&
		    (vlpi_property(v->domain, (uint32_t)intid - LPI_FIRST) & LPI_ENABLE) != 0 &&
		    vlpi_clear(v, (uint32_t)intid - LPI_FIRST)) {
			gich_write_lr(n, lr | GICH_LR_PENDING);
		}
	}
}

/* Whether an LPI is active in a list register, so that it has to wait for its end. */
static bool vlpi_is_active(struct vcpu *v, uint32_t lpi)
{
	for (uint32_t used = vgic_lr_used(v); used != 0; used &= used - 1) {
		uint64_t lr = gich_read_lr((uint32_t)__builtin_ctz(used));

		if (FIELD_GET(GICH_LR_INTID, lr) == LPI_FIRST + lpi) {
			return true;
		}
	}
	return false;
}

uint32_t vlpi_best(struct vcpu *v, uint32_t *prio)
{
	uint32_t best = VLPI_NONE;

	/* Before looking: who sets a bit from now on sets this again. */
	__atomic_store_n(&v->vgic.lpis, 0, __ATOMIC_SEQ_CST);
	vlpi_merge(v);
	*prio = UINT32_MAX;
	for (uint32_t w = 0; w < vlpi_words(v->domain); w++) {
		uint64_t bits = __atomic_load_n(&vlpi_pending(v)[w], __ATOMIC_ACQUIRE);

		for (; bits != 0; bits &= bits - 1) {
			uint32_t lpi = w * WORD_BITS + (uint32_t)__builtin_ctzll(bits);
			uint8_t property = vlpi_property(v->domain, lpi);

			if ((property & LPI_ENABLE) != 0 && vlpi_priority(property) < *prio &&
			    !vlpi_is_active(v, lpi)) {
				best = LPI_FIRST + lpi;
				*prio = vlpi_priority(property);
			}
		}
	}
	if (best != VLPI_NONE) {
		__atomic_store_n(&v->vgic.lpis, 1, __ATOMIC_RELAXED);
	}
	return best;
}

/* Takes the pending LPI `lpi`, or all, out of the list registers, into the table. */
static void vlpi_unload(struct vcpu *v, uint32_t lpi)
{
	for (uint32_t used = vgic_lr_used(v); used != 0; used &= used - 1) {
		uint32_t n = (uint32_t)__builtin_ctz(used);
		uint64_t lr = gich_read_lr(n);
		uint32_t intid = (uint32_t)FIELD_GET(GICH_LR_INTID, lr);

		if (vlpi_is(intid) && (lr & GICH_LR_PENDING) != 0 && (lpi == VLPI_ALL || intid - LPI_FIRST == lpi)) {
			gich_write_lr(n, (lr & GICH_LR_ACTIVE) != 0 ? lr & ~GICH_LR_PENDING : 0);
			vlpi_set(v, intid - LPI_FIRST);
		}
	}
}

void vlpi_retract(struct vcpu *v)
{
	if (v->domain->desc->msi != NULL) {
		vlpi_unload(v, VLPI_ALL);
	}
}

/* From the table of one vCPU to that of another. */
static void vlpi_hand_over(struct vcpu *from, uint32_t lpi, uint32_t to)
{
	struct domain *d = from->domain;
	uint32_t first = lpi == VLPI_ALL ? 0 : lpi;
	uint32_t end = lpi == VLPI_ALL ? d->desc->msi->lpi_count : lpi + 1;
	struct vcpu *target = to == VITS_NOBODY ? NULL : domain_vcpu(d, to);
	bool any = false;

	for (uint32_t i = first; i < end; i++) {
		if (vlpi_clear(from, i) && target != NULL) {
			vlpi_set(target, i);
			any = true;
		}
	}
	if (any && __atomic_load_n(&target->vgic.running, __ATOMIC_ACQUIRE) != 0) {
		vgic_kick(target);
	}
}

void vlpi_move(struct vcpu *v, uint32_t what)
{
	uint32_t lpi = (uint32_t)FIELD_GET(MOVE_LPI, what);

	vlpi_unload(v, lpi);
	vlpi_hand_over(v, lpi, (uint32_t)FIELD_GET(MOVE_TO, what));
}

void vlpi_transfer(struct vcpu *v, uint32_t lpi, uint32_t from, uint32_t to)
{
	struct vcpu *holder = domain_vcpu(v->domain, from);

	vgic_at(v, holder, VGIC_OP_LPI_MOVE, 0,
		(uint32_t)(FIELD_PREP(MOVE_LPI, lpi) | FIELD_PREP(MOVE_TO, to)));
	/* One that is off, or went off meanwhile, has left everything in its table. */
	vlpi_hand_over(holder, lpi, to);
}

/* `count` bytes of the guest's table, all in one page; false: that is no RAM. */
static bool vlpi_copy_page(struct vcpu *v, uint32_t first, uint32_t count, uint64_t ipa, bool *changed)
{
	uint32_t base = v->domain->desc->msi->lpi_first;
	uint32_t cpu = vcpu_cpu(v)->index;
	uint64_t left;
	pa_t pa;

	if (domain_find_memory(v->domain, IPA(ipa), &pa, &left) != DOMAIN_RAM || left < count) {
		return false;
	}
	const volatile uint8_t *guest = window_map(cpu, SLOT, pa);

	for (uint32_t i = 0; i < count; i++) {
		uint8_t value = guest[i] & (LPI_PRIORITY | LPI_ENABLE);

		if (value != its_read_property(base + first + i)) {
			its_write_property(base + first + i, value);
			*changed = true;
		}
	}
	window_unmap(cpu, SLOT);
	return true;
}

bool vlpi_copy_properties(struct vcpu *v, uint32_t first, uint32_t count)
{
	uint64_t propbaser = __atomic_load_n(&vits_of(v->domain)->propbaser, __ATOMIC_RELAXED);
	uint64_t table = propbaser & GICR_PROPBASER_ADDRESS;
	uint64_t there = BIT64(FIELD_GET(GICR_PROPBASER_IDBITS, propbaser) + 1);
	bool changed = false;

	while (count != 0) {
		uint32_t room = (uint32_t)(PAGE_SIZE - first % PAGE_SIZE);
		uint32_t n = count < room ? count : room;

		/* LPIs that the table does not have, or a table that is not there: disabled. */
		if (LPI_FIRST + first + n > there || !vlpi_copy_page(v, first, n, table + first, &changed)) {
			for (uint32_t i = first; i < first + n; i++) {
				changed = changed || vlpi_property(v->domain, i) != 0;
				its_write_property(v->domain->desc->msi->lpi_first + i, 0);
			}
		}
		first += n;
		count -= n;
	}
	return changed;
}

/* Reads or writes all or half of a 64-bit register. */
static void vlpi_access64(struct mmio_access *a, uint32_t offset, uint64_t *reg)
{
	uint32_t shift = 8 * (offset % 8);
	uint64_t lane = a->size == 8 ? UINT64_MAX : UINT64_C(0xffffffff) << shift;
	uint64_t value = __atomic_load_n(reg, __ATOMIC_RELAXED);

	if (a->write) {
		__atomic_store_n(reg, (value & ~lane) | ((a->value << shift) & lane), __ATOMIC_RELAXED);
	} else {
		a->value = (value & lane) >> shift;
	}
}

bool vlpi_rd_access(struct mmio_access *a, struct vcpu *of, uint32_t reg)
{
	struct vits_cpu *c = &vits_of(of->domain)->cpus[of->index];
	bool enabled = vlpi_is_enabled(of->domain, of->index);

	if (reg == GICR_CTLR && a->size == 4) {
		if (a->write && (a->value & GICR_CTLR_ENABLE_LPIS) != 0) {
			__atomic_store_n(&c->enabled, 1, __ATOMIC_RELEASE);
		} else if (!a->write) {
			a->value = enabled ? GICR_CTLR_ENABLE_LPIS : 0;
		}
	} else if (reg / 8 == GICR_PROPBASER / 8) {
		if (!a->write || !enabled) {
			vlpi_access64(a, reg, &vits_of(of->domain)->propbaser);
		}
	} else if (reg / 8 == GICR_PENDBASER / 8) {
		if (!a->write || !enabled) {
			vlpi_access64(a, reg, &c->pendbaser);
		}
		a->value &= a->write || a->size == 4 ? UINT64_MAX : ~GICR_PENDBASER_PTZ;
	} else {
		return false;
	}
	return true;
}
