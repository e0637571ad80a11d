/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Between the CPUs of a domain. List registers belong to their CPU: what one vCPU's
 * access does to interrupts that another has is a request to that one's CPU, and is
 * waited for. A CPU that waits answers requests itself, so that two cannot block each
 * other; the wait is bounded, and withdrawn when the bound is reached.
 */
#include "guest/vgic_priv.h"

#include "arch/cpu.h"

/* Polls of a CPU that is to answer: EL2 never takes more than a few thousand
 * instructions, but the CPU may have to come out of a low-power state first. */
#define VGIC_CALL_POLLS 4000000U

static bool vgic_running(struct vcpu *v)
{
	return __atomic_load_n(&v->vgic.running, __ATOMIC_ACQUIRE) != 0;
}

void vgic_kick(struct vcpu *target)
{
	gic_send_sgi(vcpu_cpu(target)->index, HV_SGI_VGIC);
}

void vgic_answer(struct vcpu *v)
{
	uint64_t calls = __atomic_load_n(&v->vgic.calls, __ATOMIC_ACQUIRE);

	for (; calls != 0; calls &= calls - 1) {
		uint32_t i = (uint32_t)__builtin_ctzll(calls);
		struct vgic_request *r = &domain_vcpu(v->domain, i)->vgic.request;
		uint32_t answer = vgic_op_local(v, r->op, r->word % IRQ_WORDS, r->bits);

		__atomic_fetch_or(&r->result, answer, __ATOMIC_RELAXED);
		__atomic_fetch_and(&v->vgic.calls, ~BIT64(i), __ATOMIC_RELEASE);
	}
	if (__atomic_exchange_n(&v->vgic.resync, 0, __ATOMIC_ACQUIRE) != 0) {
		vgic_op_local(v, VGIC_OP_RESYNC, 0, 0);
	}
	vgic_take_inbox(v);
	vgic_refill(v);
}

static void vgic_post(struct vcpu *v, struct vcpu *target)
{
	__atomic_fetch_or(&target->vgic.calls, BIT64(v->index), __ATOMIC_SEQ_CST);
	vgic_kick(target);
}

static void vgic_await(struct vcpu *v, struct vcpu *target)
{
	uint64_t mine = BIT64(v->index);

	for (uint32_t i = 0; i < VGIC_CALL_POLLS; i++) {
		if ((__atomic_load_n(&target->vgic.calls, __ATOMIC_ACQUIRE) & mine) == 0) {
			return;
		}
		if (!vgic_running(target)) {
			break; /* went off: it gave back all it had */
		}
		if (__atomic_load_n(&v->vgic.calls, __ATOMIC_ACQUIRE) != 0) {
			vgic_answer(v);
		}
		arch_relax();
	}
	__atomic_fetch_and(&target->vgic.calls, ~mine, __ATOMIC_SEQ_CST);
}

static void vgic_request(struct vcpu *v, uint32_t op, uint32_t w, uint32_t bits)
{
	v->vgic.request = (struct vgic_request){.op = op, .word = w, .bits = bits};
}

uint32_t vgic_everywhere(struct vcpu *v, uint32_t op, uint32_t w, uint32_t bits)
{
	const struct domain *d = v->domain;
	uint32_t here = vgic_op_local(v, VGIC_OP_QUERY_ANY, w, bits);
	uint32_t answer = vgic_op_local(v, op, w, bits);
	uint64_t asked = 0;

	if (op != VGIC_OP_RESYNC && (bits & ~here) == 0) {
		return answer;
	}
	vgic_request(v, op, w, bits & ~here);
	for (uint32_t i = 0; i < d->desc->cpu_count; i++) {
		if (i != v->index && vgic_running(domain_vcpu(d, i))) {
			asked |= BIT64(i);
			vgic_post(v, domain_vcpu(d, i));
		}
	}
	for (; asked != 0; asked &= asked - 1) {
		vgic_await(v, domain_vcpu(d, (uint32_t)__builtin_ctzll(asked)));
	}
	return answer | __atomic_load_n(&v->vgic.request.result, __ATOMIC_ACQUIRE);
}

uint32_t vgic_at(struct vcpu *v, struct vcpu *target, uint32_t op, uint32_t w, uint32_t bits)
{
	if (target == v) {
		return vgic_op_local(v, op, w, bits);
	}
	if (!vgic_running(target)) {
		return 0;
	}
	vgic_request(v, op, w, bits);
	vgic_post(v, target);
	vgic_await(v, target);
	return __atomic_load_n(&v->vgic.request.result, __ATOMIC_ACQUIRE);
}

void vgic_send_sgi(struct vcpu *v, struct vcpu *target, uint32_t sgi)
{
	struct vgic_cpu *c = &target->vgic;

	if (target == v) {
		vgic_inject_sgi(v, sgi, v->index);
		return;
	}
	if (!vgic_running(target)) {
		return;
	}
	if (vgic_sgi_has_source()) {
		__atomic_fetch_or(&c->sgi_from[sgi], (uint8_t)BIT32(v->index), __ATOMIC_RELAXED);
	}
	/* Whoever finds nothing there sends the physical SGI; it has not been served yet. */
	if (__atomic_fetch_or(&c->sgi_in, BIT32(sgi), __ATOMIC_RELEASE) == 0) {
		vgic_kick(target);
	}
}
