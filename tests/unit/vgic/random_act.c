// SPDX-License-Identifier: Apache-2.0
/* What a random guest does to its GIC, and what the oracle is told of it. */
#include "unit/vgic/random.h"

#include "irq/gic.h"

uint32_t random_access(struct oracle *o, uint32_t v, uint32_t of, bool write, uint32_t reg, uint32_t value)
{
	struct vcpu *by = domain_vcpu(domain_of(o), v);
	uint64_t wide = value;

	if (of == v || is_v2()) {
		if (write) {
			machine_write(by, reg, value);
			return 0;
		}
		return machine_read(by, reg);
	}
	if (!machine_gicr(by, write, of * GICR_SIZE + GICR_SGI_FRAME + reg, 4, &wide)) {
		random_wrong("abort", reg, 0, 0);
	}
	return (uint32_t)wide;
}

static bool in_progress(const struct oracle *o, uint32_t v, uint32_t intid)
{
	for (uint32_t i = 0; i < o->vcpus; i++) {
		const struct guest_cpu *g = &guests[o - oracles][i];

		if (intid < 32 && i != v) {
			continue;
		}
		for (uint32_t k = 0; k < g->depth; k++) {
			if ((g->iar[k] & 0x3ff) == intid) {
				return true;
			}
		}
		for (uint32_t k = 0; k < g->ended_count; k++) {
			if ((g->ended[k] & 0x3ff) == intid) {
				return true;
			}
		}
	}
	return false;
}

void random_bit_written(struct oracle *o, uint32_t of, uint32_t file, uint32_t n, bool set)
{
	struct oracle_irq *q = oracle_irq(o, of, n);
	bool fixed = n < 16 && o->v2;

	if (!q->mine) {
		return;
	}
	switch (file) {
	case GICD_IGROUPR:
		q->group1 = set;
		return;
	case GICD_ISENABLER:
		q->enabled = q->enabled || set;
		return;
	case GICD_ICENABLER:
		q->enabled = q->enabled && (!set || fixed);
		return;
	case GICD_ISPENDR:
		if (set && !fixed) {
			oracle_set_pending(q);
		}
		return;
	case GICD_ICPENDR:
		if (set && !fixed) {
			oracle_clear_pending(q);
		}
		return;
	case GICD_ISACTIVER:
		q->maybe = q->maybe || (set && !q->active && q->backed && !q->edge && oracle_pending(q));
		q->active = q->active || set;
		return;
	default:
		q->active = q->active && !set;
		return;
	}
}

/* A write to a random register of one bit per interrupt. */
static void act_bits(struct oracle *o, uint32_t v)
{
	static const uint16_t files[] = {
		GICD_ISENABLER, GICD_ISENABLER, GICD_ISENABLER, GICD_ICENABLER, GICD_ISPENDR, GICD_ISPENDR,
		GICD_ICPENDR,	GICD_ISACTIVER, GICD_ICACTIVER, GICD_ICACTIVER, GICD_IGROUPR,
	};
	uint32_t file = files[machine_random(ARRAY_SIZE(files))];
	uint32_t w = machine_random(3);
	uint32_t of = w == 0 && !is_v2() && machine_random(4) == 0 ? machine_random(o->vcpus) : v;
	uint32_t value = machine_random(UINT32_MAX) & machine_random(UINT32_MAX) & machine_random(UINT32_MAX);

	value = file == GICD_IGROUPR || file == GICD_ISENABLER ? value | machine_random(UINT32_MAX) : value;
	for (uint32_t i = 0; i < 32; i++) {
		/* Ending what the guest is still going to end, and starting what it would end
		 * without having acknowledged it, is no sane software's. */
		if ((file == GICD_ICACTIVER && in_progress(o, of, 32 * w + i)) ||
		    (file == GICD_ISACTIVER && machine_random(4) != 0)) {
			value &= ~BIT32(i);
		}
	}
	random_access(o, v, of, true, file + 4 * w, value);
	for (uint32_t i = 0; i < 32; i++) {
		random_bit_written(o, of, file, 32 * w + i, (value >> i & 1) != 0);
	}
}

static void act_priority(struct oracle *o, uint32_t v)
{
	uint32_t n = machine_random(ORACLE_INTIDS / 4) * 4;
	uint32_t of = n < 32 && !is_v2() && machine_random(4) == 0 ? machine_random(o->vcpus) : v;
	uint32_t value = machine_random(UINT32_MAX);

	for (uint32_t i = 0; i < 4; i++) {
		struct oracle_irq *q = oracle_irq(o, of, n + i);

		if (q->active) {
			/* Has an effect on it only later; leave it as it is. */
			value = (value & ~(0xffu << (8 * i))) | (uint32_t)q->prio << (8 * i);
		} else {
			q->prio = (uint8_t)(value >> (8 * i)) & 0xf8;
		}
	}
	random_access(o, v, of, true, GICD_IPRIORITYR + n, value);
}

static void act_route(struct oracle *o, uint32_t v)
{
	uint32_t n = 32 + machine_random(ORACLE_INTIDS - 32);
	struct vcpu *by = domain_vcpu(domain_of(o), v);
	uint32_t to = machine_random(o->vcpus);
	uint64_t value = vcpu_mpidr(domain_of(o), to);
	struct oracle_irq *q = oracle_irq(o, v, n);

	if (is_v2()) {
		value = machine_random(256);
		q->route = (uint8_t)(value & ((1u << o->vcpus) - 1));
		if (!machine_gicd(by, true, GICD_ITARGETSR + n, 1, &value)) {
			random_wrong("abort", n, 0, 0);
		}
		return;
	}
	if (!machine_gicd(by, true, GICD_IROUTER + 8 * n, 8, &value)) {
		random_wrong("abort", n, 0, 0);
	}
	q->route = (uint8_t)to;
}

static void act_wire(struct oracle *o, uint32_t v)
{
	uint32_t n = machine_random(ORACLE_INTIDS);
	struct oracle_irq *q = oracle_irq(o, v, n);
	bool level = machine_random(2) != 0;

	if (n < 16 || !q->mine) {
		return;
	}
	oracle_line(q, level);
	if (q->backed) {
		machine_line(domain_vcpu(domain_of(o), v), n, level);
	} else {
		machine_set_virq(machine_random(MACHINE_CPUS), domain_of(o), n, level);
	}
}

static void act_sgi(struct oracle *o, uint32_t v)
{
	uint32_t to = machine_random(o->vcpus);
	uint32_t n = machine_random(16);
	struct oracle_irq *q = oracle_irq(o, to, n);

	if (o->v2) {
		q->senders |= (uint8_t)(1u << v);
	} else {
		q->latch = true;
	}
	machine_sgi(domain_vcpu(domain_of(o), v), domain_vcpu(domain_of(o), to), n);
}

static void act_interface(struct oracle *o, uint32_t v)
{
	static const uint8_t pmrs[] = {0xff, 0xff, 0xf8, 0x80, 0x40, 0};
	struct oracle_cpu *c = &o->cpu[v];
	struct guest_cpu *g = &guests[o - oracles][v];

	c->pmr = pmrs[machine_random(ARRAY_SIZE(pmrs))] & 0xf8;
	c->groups = machine_random(4) | machine_random(4);
	if (g->depth == 0 && g->ended_count == 0 && (!is_v2() || random_lrs == 16)) {
		g->eoimode = machine_random(3) == 0;
	}
	model_cpu = vcpu_cpu(domain_vcpu(domain_of(o), v))->index;
	gicm_guest_setup(model_cpu, c->pmr, c->groups, g->eoimode);
	machine_settle();
}

static void act_control(struct oracle *o, uint32_t v)
{
	struct vcpu *by = domain_vcpu(domain_of(o), v);
	uint32_t of = machine_random(o->vcpus);
	uint64_t value;

	if (is_v2() || machine_random(2) == 0) {
		o->ctlr = machine_random(4) | machine_random(4);
		machine_write(by, GICD_CTLR, o->ctlr);
		return;
	}
	o->cpu[of].asleep = machine_random(4) == 0;
	value = o->cpu[of].asleep ? GICR_WAKER_SLEEP : 0;
	if (!machine_gicr(by, true, of * GICR_SIZE + GICR_WAKER, 4, &value)) {
		random_wrong("abort", 0, 0, 0);
	}
}

void random_act(struct oracle *o, uint32_t v)
{
	switch (machine_random(13)) {
	case 0:
	case 1:
	case 2:
		act_bits(o, v);
		break;
	case 3:
		act_priority(o, v);
		break;
	case 4:
		act_route(o, v);
		break;
	case 5:
	case 6:
	case 7:
	case 8:
		act_wire(o, v);
		break;
	case 9:
	case 10:
		act_sgi(o, v);
		break;
	case 11:
		act_interface(o, v);
		break;
	default:
		if (machine_random(4) == 0) {
			act_control(o, v);
		}
		break;
	}
}
