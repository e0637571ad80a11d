// SPDX-License-Identifier: Apache-2.0
// sources: hv/guest/duty.c tests/models/model.c
/*
 * Whose CPUs do the IOMMUs' work (hv/guest/duty.c) when two things happen at once: IOMMUs and
 * the GIC are fakes, and what another CPU does comes where this one waits.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "guest/duty.h"
#include "guest/vsmmuv3/vsmmuv3.h"
#include "iommu/iommu.h"
#include "irq/gic.h"
#include "lib/time.h"

#define CPUS 8
#define DOMAINS 4 /* of two CPUs each; the first is the hardware domain */
#define INTID 40

struct cpu cpus[CPUS_MAX];
struct domain domains[DOMAINS_MAX];
static const uint8_t cpus_of[DOMAINS][2] = {{0, 1}, {2, 3}, {4, 5}, {6, 7}};
static struct domain_desc descs[DOMAINS];
const struct board_tables board = {.domain_count = DOMAINS, .domains = descs, .cpu_count = CPUS};
uint64_t iommu_work;

static bool woken[CPUS], on[CPUS], enabled;
static uint64_t served;
/* Once: while this CPU waits for a lock, and while it looks what an interrupt is of. */
static void (*at_lock)(void), (*at_irq)(void);

static void happen(void (**what)(void))
{
	void (*now)(void) = *what;

	*what = NULL;
	if (now != NULL) {
		now();
	}
}

void spin_lock(struct spinlock *l)
{
	happen(&at_lock);
	assert_int_equal(l->next, l->owner);
	l->next++;
}

void gic_send_sgi(uint32_t cpu, uint32_t sgi)
{
	assert_int_equal(sgi, HV_SGI_DUTY);
	woken[cpu] = on[cpu];
}

void gic_spi_claim(uint32_t intid, uint32_t cpu, bool edge)
{
	(void)intid;
	(void)edge;
	assert_true(cpu < CPUS);
	enabled = true;
}

void gic_spi_enable(uint32_t intid, bool enable)
{
	assert_int_equal(intid, INTID);
	enabled = enable;
}

void gic_spi_route(uint32_t intid, const uint8_t *targets, uint32_t count)
{
	assert_int_equal(intid, INTID);
	assert_true(count == 1 && targets[0] < CPUS);
}

uint32_t iommu_irq(uint32_t n, bool *edge)
{
	*edge = false;
	return n == 0 ? INTID : 0;
}

bool iommu_handle_irq(uint32_t intid, uint64_t *wake, bool *hold)
{
	*wake = BIT64(1);
	*hold = true;
	happen(&at_irq);
	return intid == INTID;
}

struct iommu_turn iommu_serve(uint32_t domain, bool own)
{
	(void)own;
	iommu_work &= ~BIT64(domain);
	served |= BIT64(domain);
	return (struct iommu_turn){.irqs = 1};
}

void vsmmuv3_catch_up(struct domain *d)
{
	(void)d;
}

static void turn_off(uint32_t cpu)
{
	duty_cpu_off(&cpus[cpu]);
	on[cpu] = false;
	woken[cpu] = false;
}

static void start(void)
{
	model_reset();
	for (uint32_t i = 0; i < CPUS; i++) {
		if (on[i]) {
			turn_off(i);
		}
	}
	iommu_work = served = 0;
	for (uint32_t i = 0; i < DOMAINS; i++) {
		descs[i] = (struct domain_desc){.cpus = cpus_of[i], .cpu_count = 2, .flags = i == 0 ? DOMAIN_HARDWARE : 0};
		domains[i].desc = &descs[i];
	}
	for (uint32_t i = 0; i < CPUS; i++) {
		cpus[i] = (struct cpu){.index = i};
		cpus[i].vcpu.domain = &domains[i / 2];
		on[i] = true;
		duty_cpu_on(&cpus[i]);
	}
}

/* CPUs that have been sent an SGI, or whose alarm is set, do what is theirs. */
static void settle(void)
{
	for (uint32_t round = 0; round < 2 * DOMAINS; round++) {
		for (uint32_t i = 0; i < CPUS; i++) {
			model_cpu = i;
			if (on[i] && (woken[i] || time_clear_alarm()) && iommu_has_work(cpus[i].duties)) {
				woken[i] = false;
				duty_catch_up(&cpus[i].vcpu);
			}
		}
	}
}

static void last_of_1_goes(void)
{
	turn_off(2);
}

/* The last CPU of a domain and the one that is to stand in for it go off at once. */
static void two_go_off(void **state)
{
	(void)state;
	start();
	turn_off(3);
	iommu_owe(1);
	at_lock = last_of_1_goes;
	turn_off(0);
	settle();
	assert_int_equal(served, BIT64(1));
	assert_int_equal(iommu_work, 0);
}

/* Two domains without a CPU have work, and the SGIs for both are one. */
static void two_absent(void **state)
{
	(void)state;
	start();
	for (uint32_t i = 2; i < 6; i++) {
		turn_off(i);
	}
	iommu_owe(1);
	iommu_owe(2);
	woken[0] = true;
	settle();
	assert_int_equal(served, BIT64(1) | BIT64(2));
	assert_int_equal(iommu_work, 0);
}

static void other_catches_up(void)
{
	if (iommu_has_work(cpus[2].duties)) {
		duty_catch_up(&cpus[2].vcpu);
	}
}

/* An interrupt that stays high is off only while somebody has something to do, whenever a
 * CPU of the domain's happens to look. */
static void level_interrupt(void **state)
{
	(void)state;
	for (uint32_t early = 0; early < 2; early++) {
		start();
		at_irq = early != 0 ? other_catches_up : NULL;
		assert_true(duty_handle_irq(&cpus[0].vcpu, INTID));
		assert_false(enabled);
		assert_true(iommu_has_work(BIT64(1)));
		settle();
		assert_true(enabled);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(two_go_off),
		cmocka_unit_test(two_absent),
		cmocka_unit_test(level_interrupt),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
