// SPDX-License-Identifier: Apache-2.0
#include "guest/duty.h"

#include "guest/vsmmuv3/vsmmuv3.h"
#include "iommu/iommu.h"
#include "irq/gic.h"
#include "lib/time.h"

_Static_assert(CPUS_MAX <= 64 && DOMAINS_MAX <= 64, "a word has a bit for each");

/*
 * Changed with the lock held. Whoever has something for a domain sets its bit in iommu_work
 * and then looks here for a CPU; a CPU that goes off changes this and then looks there: one
 * of them sees the other.
 */
static struct {
	struct spinlock lock;
	uint64_t on;                 /* CPUs that can be woken */
	uint8_t waker[DOMAINS_MAX];  /* which of a domain's, + 1; 0: it has none */
	uint8_t taker[IOMMU_IRQS];   /* which takes iommu_irq(n), + 1; 0: none */
} duty;

static uint32_t duty_domain(const struct vcpu *vcpu)
{
	return (uint32_t)(vcpu->domain - domains);
}

/* The first of a domain's CPUs that are on, + 1; 0: none. */
static uint8_t duty_first(const struct domain_desc *desc)
{
	for (uint32_t i = 0; i < desc->cpu_count; i++) {
		if ((duty.on & BIT64(desc->cpus[i])) != 0) {
			return (uint8_t)(desc->cpus[i] + 1);
		}
	}
	return 0;
}

/* The same of all CPUs. */
static uint8_t duty_any(void)
{
	return (uint8_t)__builtin_ffsll((long long)__atomic_load_n(&duty.on, __ATOMIC_SEQ_CST));
}

/* Who looks after a domain that has no CPU on, + 1; 0: nobody is on. */
static uint8_t duty_stand_in(void)
{
	for (uint32_t i = 0; i < board.domain_count; i++) {
		uint8_t waker = __atomic_load_n(&duty.waker[i], __ATOMIC_SEQ_CST);

		if ((board.domains[i].flags & DOMAIN_HARDWARE) != 0 && waker != 0) {
			return waker;
		}
	}
	return duty_any();
}

static void duty_wake(uint64_t wake)
{
	for (; wake != 0; wake &= wake - 1) {
		uint8_t waker = __atomic_load_n(&duty.waker[__builtin_ctzll(wake)], __ATOMIC_SEQ_CST);

		if (waker == 0) {
			waker = duty_stand_in();
		}
		if (waker != 0) {
			gic_send_sgi(waker - 1u, HV_SGI_DUTY);
		}
	}
}

bool duty_handle_irq(struct vcpu *vcpu, uint32_t intid)
{
	uint64_t wake;
	bool hold;

	if (!iommu_handle_irq(intid, &wake, &hold)) {
		return false;
	}
	/* Off before anybody can have done the work, and turn it on again. */
	if (hold) {
		gic_spi_enable(intid, false);
		__atomic_fetch_or(&iommu_work, wake, __ATOMIC_SEQ_CST);
	}
	/* What is this CPU's own it does when it has handled the interrupt. */
	duty_wake(wake & ~BIT64(duty_domain(vcpu)));
	return true;
}

/* The interrupts come here from now on. */
static void duty_route_here(uint32_t cpu, uint32_t irqs)
{
	uint8_t target = (uint8_t)cpu;
	bool edge;

	/* Another time, if somebody comes or goes just now. */
	if (!spin_trylock(&duty.lock)) {
		return;
	}
	for (; irqs != 0; irqs &= irqs - 1) {
		uint32_t n = (uint32_t)__builtin_ctz(irqs);

		if (duty.taker[n] != cpu + 1) {
			gic_spi_route(iommu_irq(n, &edge), &target, 1);
			duty.taker[n] = (uint8_t)(cpu + 1);
		}
	}
	spin_unlock(&duty.lock);
}

/* Those that were disabled until the work is done. */
static void duty_enable(uint32_t irqs)
{
	for (; irqs != 0; irqs &= irqs - 1) {
		bool edge;
		uint32_t intid = iommu_irq((uint32_t)__builtin_ctz(irqs), &edge);

		if (!edge) {
			gic_spi_enable(intid, true);
		}
	}
}

static void duty_do(const struct cpu *cpu, uint32_t domain, bool own)
{
	struct iommu_turn turn = iommu_serve(domain, own);

	if (turn.later) {
		time_set_alarm(time_after_us(own ? IOMMU_LATER_US : IOMMU_FOREIGN_US));
	}
	duty_wake(turn.wake);
	if (own && turn.irqs != 0) {
		duty_route_here(cpu->index, turn.irqs);
	}
	duty_enable(turn.irqs);
}

/* Of domains without a CPU, the one behind the last: all get their turn. */
static void duty_do_foreign(const struct cpu *cpu, uint64_t work)
{
	static uint32_t last;
	uint32_t before = __atomic_load_n(&last, __ATOMIC_RELAXED);
	uint64_t behind = work >> before >> 1 << before << 1;
	uint32_t domain = (uint32_t)__builtin_ctzll(behind != 0 ? behind : work);

	__atomic_store_n(&last, domain, __ATOMIC_RELAXED);
	duty_do(cpu, domain, false);
	/* SGIs for several are one. */
	if (work != BIT64(domain)) {
		time_set_alarm(time_after_us(IOMMU_FOREIGN_US));
	}
}

void duty_catch_up(struct vcpu *vcpu)
{
	const struct cpu *cpu = vcpu_cpu(vcpu);
	uint64_t own = BIT64(duty_domain(vcpu));
	uint64_t work = __atomic_load_n(&iommu_work, __ATOMIC_SEQ_CST) &
			__atomic_load_n(&cpu->duties, __ATOMIC_SEQ_CST);

	if ((work & own) != 0) {
		duty_do(cpu, duty_domain(vcpu), true);
		vsmmuv3_catch_up(vcpu->domain);
	}
	if ((work & ~own) != 0) {
		duty_do_foreign(cpu, work & ~own);
	}
}

/* Whose work each CPU does, as domains have CPUs now. The lock is held. */
static void duty_assign(void)
{
	uint64_t absent = 0;

	for (uint32_t i = 0; i < board.domain_count; i++) {
		uint8_t waker = duty_first(&board.domains[i]);

		__atomic_store_n(&duty.waker[i], waker, __ATOMIC_SEQ_CST);
		absent |= waker == 0 ? BIT64(i) : 0;
	}
	for (uint64_t left = duty.on; left != 0; left &= left - 1) {
		struct cpu *cpu = &cpus[__builtin_ctzll(left)];

		__atomic_store_n(&cpu->duties, absent | BIT64(duty_domain(&cpu->vcpu)), __ATOMIC_SEQ_CST);
	}
}

/* Gives the interrupts that `from` takes (0: nobody) to `to` (0: nobody). The lock is held. */
static void duty_pass_irqs(uint8_t from, uint8_t to)
{
	uint32_t intid;
	bool edge;

	for (uint32_t n = 0; (intid = iommu_irq(n, &edge)) != 0; n++) {
		if (duty.taker[n] == from && to != 0) {
			gic_spi_claim(intid, to - 1u, edge);
			duty.taker[n] = to;
		} else if (duty.taker[n] == from && from != 0) {
			gic_spi_enable(intid, false);
			duty.taker[n] = 0;
		}
	}
}

void duty_cpu_on(struct cpu *cpu)
{
	spin_lock(&duty.lock);
	__atomic_fetch_or(&duty.on, BIT64(cpu->index), __ATOMIC_SEQ_CST);
	duty_assign();
	duty_pass_irqs(0, (uint8_t)(cpu->index + 1));
	spin_unlock(&duty.lock);
}

void duty_cpu_off(struct cpu *cpu)
{
	uint64_t duties;
	uint8_t to;

	spin_lock(&duty.lock);
	duties = __atomic_load_n(&cpu->duties, __ATOMIC_SEQ_CST);
	__atomic_fetch_and(&duty.on, ~BIT64(cpu->index), __ATOMIC_SEQ_CST);
	duty_assign();
	to = duty.waker[duty_domain(&cpu->vcpu)];
	duty_pass_irqs((uint8_t)(cpu->index + 1), to != 0 ? to : duty_any());
	spin_unlock(&duty.lock);
	/* What it may have been woken for, or was to look at later. */
	duty_wake(__atomic_load_n(&iommu_work, __ATOMIC_SEQ_CST) & duties);
}
