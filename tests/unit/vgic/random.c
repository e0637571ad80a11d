// SPDX-License-Identifier: Apache-2.0
/*
 * Random guests on all CPUs, and the oracle: nothing is lost, nothing comes out of
 * order, nothing foreign comes, and every register shows what it should.
 */
#include "unit/vgic/cases.h"

#include <string.h>

#include "irq/gic.h"
#include "unit/vgic/random.h"

#define STEPS_A_RUN 2500u
#define RUNS 400u /* a million steps in all */

struct oracle oracles[MACHINE_DOMAINS];
struct guest_cpu guests[MACHINE_DOMAINS][ORACLE_VCPUS];
uint32_t random_lrs;
static uint32_t step, run;

void random_wrong(const char *what, uint32_t intid, uint32_t seen, uint32_t expected)
{
	model_fail("run %u, step %u, %u list registers: %s: interrupt %u: 0x%x, expected 0x%x", run, step,
		   random_lrs, what, intid, seen, expected);
}

static void oracle_start(struct oracle *o)
{
	const struct domain_desc *desc = domain_of(o)->desc;

	memset(o, 0, sizeof(*o));
	o->v2 = is_v2();
	o->vcpus = desc->cpu_count;
	for (uint32_t v = 0; v < o->vcpus; v++) {
		o->cpu[v].running = 0x100;
		for (uint32_t n = 0; n < ORACLE_INTIDS; n++) {
			struct oracle_irq *q = oracle_irq(o, v, n);

			q->backed = (desc->irq_mask[n / 32] >> (n % 32) & 1) != 0;
			q->mine = q->backed || n < 16 || (desc->virq_mask[n / 32] >> (n % 32) & 1) != 0;
			q->edge = n < 16 || (desc->irq_edge[n / 32] >> (n % 32) & 1) != 0;
			q->enabled = n < 16 && o->v2;
			q->group1 = !o->v2;
			q->route = o->v2 ? 1 : 0;
		}
	}
}

static bool acknowledge(struct oracle *o, uint32_t v)
{
	struct guest_cpu *g = &guests[o - oracles][v];
	struct vcpu *by = domain_vcpu(domain_of(o), v);
	uint32_t best = oracle_best(o, v);
	/* GICv2 cannot tell whose end a GICV_DIR without list register means. */
	bool full = g->depth + g->ended_count >= (is_v2() && g->eoimode ? 4 : STACK);
	uint32_t iar = full ? GICM_SPURIOUS : machine_ack(by);
	uint32_t n = iar & 0x3ff;
	struct oracle_irq *q;
	bool must;

	if (full) {
		return false;
	}
	if (iar == GICM_SPURIOUS) {
		if (best != 0x100) {
			random_wrong("lost: one of this priority is not signalled", 0, GICM_SPURIOUS, best);
		}
		return false;
	}
	if (n >= ORACLE_INTIDS || !oracle_irq(o, v, n)->mine) {
		random_wrong("foreign", n, iar, 0);
	}
	q = oracle_irq(o, v, n);
	if (!oracle_deliverable(o, v, n, &must)) {
		random_wrong("not to be delivered", n, iar, best);
	}
	if (q->prio > best) {
		random_wrong("out of order: priority", n, q->prio, best);
	}
	if (iar >> 16 != q->group1) {
		random_wrong("group", n, iar >> 16, q->group1);
	}
	if (o->v2 && n < 16) {
		uint8_t sender = (uint8_t)(1u << (iar >> 10 & 7));

		if ((q->senders & sender) == 0) {
			random_wrong("sender", n, iar, q->senders);
		}
		q->senders &= (uint8_t)~sender;
	}
	oracle_ack(q);
	o->cpu[v].running = q->prio;
	g->iar[g->depth++] = iar;
	return true;
}

static void end(struct oracle *o, uint32_t v)
{
	struct guest_cpu *g = &guests[o - oracles][v];
	struct vcpu *by = domain_vcpu(domain_of(o), v);

	if (g->depth != 0 && (g->ended_count == 0 || machine_random(2) == 0)) {
		uint32_t iar = g->iar[--g->depth];

		machine_eoi(by, iar);
		o->cpu[v].running = gicm_guest_running(vcpu_cpu(by)->index);
		if (g->eoimode) {
			g->ended[g->ended_count++] = iar;
		} else {
			oracle_irq(o, v, iar & 0x3ff)->active = false;
		}
	} else if (g->ended_count != 0) {
		uint32_t i = machine_random(g->ended_count);
		uint32_t iar = g->ended[i];

		g->ended[i] = g->ended[--g->ended_count];
		machine_dir(by, iar);
		oracle_irq(o, v, iar & 0x3ff)->active = false;
	}
}

/* What a register of one bit per interrupt shows. */
static void check_bits(struct oracle *o, uint32_t v)
{
	static const uint16_t files[] = {GICD_IGROUPR,	GICD_ISENABLER, GICD_ICENABLER, GICD_ISPENDR,
					 GICD_ICPENDR, GICD_ISACTIVER, GICD_ICACTIVER};
	uint32_t file = files[machine_random(ARRAY_SIZE(files))];
	uint32_t w = machine_random(3);
	uint32_t of = w == 0 && !is_v2() && machine_random(4) == 0 ? machine_random(o->vcpus) : v;
	uint32_t value = random_access(o, v, of, false, file + 4 * w, 0);

	for (uint32_t i = 0; i < 32; i++) {
		const struct oracle_irq *q = oracle_irq(o, of, 32 * w + i);
		bool pend = file == GICD_ISPENDR || file == GICD_ICPENDR;
		bool act = file == GICD_ISACTIVER || file == GICD_ICACTIVER;
		bool expected = q->mine && (pend ? oracle_pending(q) : act ? q->active
						  : file == GICD_IGROUPR   ? q->group1
									   : q->enabled);

		if (pend && q->mine && q->maybe) {
			continue;
		}
		if (((value >> i & 1) != 0) != expected) {
			random_wrong("register shows", 32 * w + i, file << 4 | (value >> i & 1), expected);
		}
	}
}

static void check_bytes(struct oracle *o, uint32_t v)
{
	uint32_t n = machine_random(ORACLE_INTIDS / 4) * 4;
	uint32_t value = random_access(o, v, v, false, GICD_IPRIORITYR + n, 0);

	for (uint32_t i = 0; i < 4; i++) {
		const struct oracle_irq *q = oracle_irq(o, v, n + i);
		uint32_t expected = q->mine ? q->prio : 0;

		if ((value >> (8 * i) & 0xff) != expected) {
			random_wrong("priority", n + i, value, expected);
		}
	}
}

static void act(struct oracle *o, uint32_t v)
{
	switch (machine_random(24)) {
	case 0:
		check_bytes(o, v);
		break;
	case 1:
	case 2:
		check_bits(o, v);
		break;
	case 3:
	case 4:
	case 5:
	case 6:
		acknowledge(o, v);
		break;
	case 7:
	case 8:
	case 9:
	case 10:
		end(o, v);
		break;
	default:
		random_act(o, v);
		break;
	}
}

/* Everything is opened, every line goes low: all that was pending must come, and end. */
static void drain(struct oracle *o)
{
	for (uint32_t v = 0; v < o->vcpus; v++) {
		struct vcpu *by = domain_vcpu(domain_of(o), v);

		for (uint32_t n = 16; n < ORACLE_INTIDS; n++) {
			struct oracle_irq *q = oracle_irq(o, v, n);

			if (q->mine && q->line) {
				oracle_line(q, false);
				if (q->backed) {
					machine_line(by, n, false);
				} else {
					machine_set_virq(0, domain_of(o), n, false);
				}
			}
		}
		while (guests[o - oracles][v].depth + guests[o - oracles][v].ended_count != 0) {
			end(o, v);
		}
	}
	for (uint32_t v = 0; v < o->vcpus; v++) {
		struct vcpu *by = domain_vcpu(domain_of(o), v);

		o->cpu[v].pmr = 0xf8;
		o->cpu[v].groups = 3;
		model_cpu = vcpu_cpu(by)->index;
		gicm_guest_setup(model_cpu, 0xff, 3, guests[o - oracles][v].eoimode);
		for (uint32_t w = 0; w < 3; w++) {
			machine_write(by, GICD_ISENABLER + 4 * w, UINT32_MAX);
			machine_write(by, GICD_ICACTIVER + 4 * w, UINT32_MAX);
			for (uint32_t i = 0; i < 32; i++) {
				random_bit_written(o, v, GICD_ISENABLER, 32 * w + i, true);
				random_bit_written(o, v, GICD_ICACTIVER, 32 * w + i, true);
			}
		}
		machine_write(by, GICD_CTLR, 3);
		o->ctlr = 3;
		if (o->cpu[v].asleep) {
			uint64_t awake = 0;

			machine_gicr(by, true, v * GICR_SIZE + GICR_WAKER, 4, &awake);
			o->cpu[v].asleep = false;
		}
	}
	for (uint32_t v = 0; v < o->vcpus; v++) {
		for (uint32_t i = 0; acknowledge(o, v); i++) {
			if (i == 1000) {
				random_wrong("comes for ever", guests[o - oracles][v].iar[0] & 0x3ff, i, 0);
			}
			while (guests[o - oracles][v].depth + guests[o - oracles][v].ended_count != 0) {
				end(o, v);
			}
		}
	}
	for (uint32_t v = 0; v < o->vcpus; v++) {
		for (uint32_t n = 0; n < ORACLE_INTIDS; n++) {
			const struct oracle_irq *q = oracle_irq(o, v, n);

			if (q->mine && q->prio < 0xf8 && (n < 32 || !o->v2 || q->route != 0) && oracle_pending(q)) {
				random_wrong("never came", n, q->route, 0);
			}
		}
	}
}

void case_random(void **state)
{
	(void)state;
	for (run = 0; run < RUNS; run++) {
		static const uint8_t counts[] = {1, 2, 3, 4, 4, 4, 16};

		machine_seed(run + 1);
		random_lrs = counts[machine_random(ARRAY_SIZE(counts))];
		machine_start(random_lrs);
		memset(guests, 0, sizeof(guests));
		for (uint32_t d = 0; d < MACHINE_DOMAINS; d++) {
			oracle_start(&oracles[d]);
		}
		for (uint32_t c = 0; c < MACHINE_CPUS; c++) {
			struct oracle *o = &oracles[cpus[c].vcpu.domain - domains];

			o->ctlr = 3;
			machine_write(&cpus[c].vcpu, GICD_CTLR, 3);
			o->cpu[cpus[c].vcpu.index].pmr = 0xf8;
			o->cpu[cpus[c].vcpu.index].groups = 3;
			machine_open(&cpus[c].vcpu, false);
		}
		for (step = 0; step < STEPS_A_RUN; step++) {
			struct oracle *o = &oracles[machine_random(4) == 0];

			act(o, machine_random(o->vcpus));
		}
		for (uint32_t d = 0; d < MACHINE_DOMAINS; d++) {
			drain(&oracles[d]);
		}
	}
}
