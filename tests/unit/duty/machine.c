// SPDX-License-Identifier: Apache-2.0
#include "unit/duty/machine.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <string.h>

#include <cmocka.h>

#include "guest/duty.h"
#include "irq/gic.h"
#include "lib/time.h"

struct cpu cpus[CPUS_MAX];
struct domain domains[DOMAINS_MAX];

static const uint32_t owner_of[CPUS] = {DOMAIN_A, DOMAIN_A, DOMAIN_B, DOMAIN_B};
bool on[CPUS], woken[CPUS];
uint32_t wakes[CPUS], interrupts[CPUS], told[CPUS];
uint32_t route[IOMMU_IRQS];

static uint32_t irq_number(uint32_t intid)
{
	uint32_t other;
	bool edge;

	for (uint32_t n = 0; (other = iommu_irq(n, &edge)) != 0; n++) {
		if (other == intid) {
			return n;
		}
	}
	model_fail("interrupt %u", intid);
}

void gic_send_sgi(uint32_t cpu, uint32_t sgi)
{
	assert_int_equal(sgi, HV_SGI_DUTY);
	assert_true(on[cpu]);
	woken[cpu] = true;
	wakes[cpu]++;
}

void gic_spi_claim(uint32_t intid, uint32_t cpu, bool edge)
{
	assert_true(edge);
	assert_true(on[cpu]);
	route[irq_number(intid)] = cpu;
}

void gic_spi_enable(uint32_t intid, bool enable)
{
	assert_false(enable);
	route[irq_number(intid)] = NOWHERE;
}

void gic_spi_route(uint32_t intid, const uint8_t *to, uint32_t count)
{
	assert_int_equal(count, 1);
	assert_true(on[to[0]]);
	route[irq_number(intid)] = to[0];
}

static void begin(uint32_t cpu)
{
	model_cpu = cpu;
	sysreg_write_tpidr_el2((uint64_t)(uintptr_t)&cpus[cpu]);
}

/* What trap_irq() does at the end. Lines are told there alone, by the right domain. */
static void end(uint32_t cpu)
{
	uint32_t before = machine_lines;

	if (iommu_has_work(cpus[cpu].duties)) {
		duty_catch_up(&cpus[cpu].vcpu);
	}
	told[cpu] += machine_lines - before;
}

void interrupt(uint32_t intid)
{
	uint32_t cpu = route[irq_number(intid)];
	uint32_t lines = machine_lines;

	assert_int_not_equal(cpu, NOWHERE);
	begin(cpu);
	interrupts[cpu]++;
	machine_reads = 0;
	assert_true(duty_handle_irq(&cpus[cpu].vcpu, intid));
	/* A step of fixed length, whoever is interrupted. */
	assert_true(machine_reads <= 1);
	assert_int_equal(machine_lines, lines);
	end(cpu);
}

bool quiet(void)
{
	bool any = false;

	for (uint32_t cpu = 0; cpu < CPUS; cpu++) {
		if (on[cpu] && woken[cpu]) {
			any = true;
			woken[cpu] = false;
			begin(cpu);
			end(cpu);
		}
	}
	return !any;
}

void settle(void)
{
	for (uint32_t round = 0; round < 1000; round++) {
		bool any = false;

		for (uint32_t n = 0; n < SMMUM_MAX; n++) {
			if (machine_take(n, SMMUM_IRQ_EVTQ)) {
				any = true;
				interrupt(EVTQ_INTID(n));
			}
			if (machine_take(n, SMMUM_IRQ_GERROR)) {
				any = true;
				interrupt(GERROR_INTID(n));
			}
		}
		if (quiet() && !any) {
			return;
		}
	}
	model_fail("it does not end");
}

void alarms(uint64_t us)
{
	machine_pass_us(us);
	for (uint32_t cpu = 0; cpu < CPUS; cpu++) {
		begin(cpu);
		if (on[cpu] && time_has_alarm()) {
			time_clear_alarm();
			end(cpu);
		}
	}
	settle();
}

void turn_on(uint32_t cpu)
{
	begin(cpu);
	on[cpu] = true;
	duty_cpu_on(&cpus[cpu]);
	duty_catch_up(&cpus[cpu].vcpu);
}

void turn_off(uint32_t cpu)
{
	begin(cpu);
	on[cpu] = false;
	/* What was on its way to it is lost. */
	woken[cpu] = false;
	duty_cpu_off(&cpus[cpu]);
	time_clear_alarm();
}

void count_from_here(void)
{
	memset(wakes, 0, sizeof(wakes));
	memset(interrupts, 0, sizeof(interrupts));
	memset(told, 0, sizeof(told));
	machine_lines = 0;
	machine_told = 0;
}

void boot(bool qemu)
{
	for (uint32_t cpu = 0; cpu < CPUS; cpu++) {
		if (on[cpu]) {
			turn_off(cpu);
		}
		cpus[cpu] = (struct cpu){.index = cpu, .has_vcpu = true};
		cpus[cpu].vcpu.domain = &domains[owner_of[cpu]];
	}
	machine_prepare(true, qemu);
	machine_start();
	begin(0);
	assert_null(iommu_init());
	for (uint32_t cpu = 0; cpu < CPUS; cpu++) {
		turn_on(cpu);
	}
	settle();
	alarms(SECOND);
	alarms(SECOND);
	assert_int_equal(iommu_work, 0);
	count_from_here();
}
