// SPDX-License-Identifier: Apache-2.0
// sources: hv/guest/psci.c hv/guest/smccc.c hv/guest/power.c hv/guest/lifecycle.c hv/guest/prepare.c
// sources: hv/guest/inject.c hv/guest/*none.c hv/guest/*/none.c hv/firmware/psci.c hv/domain/[ds]*.c
// sources: hv/mm/stage2.c tests/models/model.c tests/unit/psci/*.c
/*
 * Calls by chance, HVC and SMC, from a domain with two CPUs that goes off, resets itself and is
 * started again as it likes. Whatever it does: the two other domains run on, the machine stays
 * on, nothing reaches firmware that may not, and no register changes but for results.
 */
#include "unit/psci/machine.h"

#include <stdio.h>
#include <string.h>

#include "guest/lifecycle.h"
#include "guest/power.h"
#include "guest/smccc.h"
#include "unit/hostile/random.h"

#define BAD 2 /* the domain: CPUs 5 (its boot CPU) and 4 */
#define FEW 200000
#define FAST BIT32(31)
#define HINT BIT32(16)

static bool runs[CPUS]; /* in its guest */
static uint64_t rounds, starts;

static uint64_t some_argument(void)
{
	static const uint64_t edges[] = {
		0, 0x200, 0x201, 0x100, 0x1, 0x300000101, RAM, RAM + 4, RAM + RAM_SIZE, RAM + RAM_SIZE - 4,
		RAM + 2 * RAM_SIZE,
		0x09000000, 0x80000000, 0x100000000, PSCI_CPU_SUSPEND, PSCI_SYSTEM_RESET2, PSCI_64, UINT32_MAX,
		0xff00ffffff, 0x10000, 0x40000000,
	};

	return hostile_argument(edges, ARRAY_SIZE(edges));
}

static uint64_t some_function(void)
{
	static const uint32_t families[] = {
		0x84000000, 0xc4000000, 0x80000000, 0x8000ff00, 0x86000000, 0x8600ff00, 0xc6000000, 0x85000000,
		0xc5000020, 0x82000000, 0xc2000000, 0xb2000000, 0xbf00ff00, 0x84000050, 0x02000000, 0x80007fe0,
	};
	uint64_t r = hostile_random();
	uint64_t f = (r >> 32 & 7) == 0 ? some_argument() : families[r & 15] + (r >> 8 & 0x3f);

	f |= (r >> 16 & 7) == 0 ? HINT : 0;
	return (r >> 20 & 7) == 0 ? f | hostile_random() << 32 : f;
}

/* More than x0 comes back: a UID, a revision, what firmware answers. */
static bool has_results(uint32_t f)
{
	f &= (f & FAST) != 0 ? ~HINT : UINT32_MAX;
	return f == 0x8600ff01 || f == 0x8600ff03 || f == SMCCC_ARCH_WORKAROUND_1 || f == SMCCC_ARCH_WORKAROUND_2 ||
	       f == SMCCC_ARCH_WORKAROUND_3 || f == SMCCC_ARCH_SOC_ID;
}

/* What it asked of firmware since the last look was its own affair. */
static void check_firmware(void)
{
	uint32_t f = (uint32_t)fw.call[0];

	if (fw.calls == 0) {
		return;
	}
	fw.calls = 0;
	if (f == (PSCI_CPU_ON | PSCI_64)) {
		assert_true(fw.call[1] == 0x200 || fw.call[1] == 0x201);
		return;
	}
	assert_true(f == PSCI_CPU_OFF || f == (PSCI_CPU_SUSPEND | PSCI_64) || has_results(f));
}

/* As at the start, for the two others. */
static void check_others(void)
{
	static const struct did nothing;

	for (uint32_t i = 0; i < BAD; i++) {
		assert_int_equal(domain_get_state(&domains[i]), DOMAIN_RUNNING);
		assert_int_equal(domains[i].cpus_on, 1);
		assert_memory_equal(&did[i], &nothing, sizeof(nothing));
	}
	for (uint32_t i = 0; i < 4; i++) {
		assert_int_equal(fw.on[i], i == 0 || i == 2);
		assert_int_equal(vcpu_get_state(&cpus[i].vcpu), i == 0 || i == 2 ? VCPU_ON : VCPU_OFF);
		assert_int_equal(entered[i], 0);
	}
}

static void check_registers(const struct guest_regs *before, uint32_t f)
{
	for (uint32_t i = 1; i < ARRAY_SIZE(regs.x); i++) {
		assert_true(regs.x[i] == before->x[i] || (has_results(f) && i < 18));
	}
}

/* On CPU `cpu`, until its guest runs or it is off. */
static void run(uint32_t cpu)
{
	model_cpu = cpu;
	runs[cpu] = false;
	switch (setjmp(gone)) {
	case 0:
	case 3:
		power_cpu_run(&cpus[cpu]);
	case 2:
		runs[cpu] = true;
		starts++;
		break;
	default:
		break;
	}
}

/* HV_SGI_STOP came to a CPU. */
static void stop(uint32_t cpu)
{
	model_cpu = cpu;
	switch (setjmp(gone)) {
	case 0:
		power_handle_stop(&cpus[cpu].vcpu);
		break;
	case 3:
		run(cpu);
		break;
	default:
		runs[cpu] = false;
		break;
	}
}

/* CPUs that firmware has turned on come up; those that were told go off. */
static void settle(void)
{
	for (uint32_t again = 1; again != 0;) {
		again = 0;
		for (uint32_t i = 4; i < CPUS; i++) {
			model_cpu = i;
			runs[i] = runs[i] && fw.on[i];
			if (fw.on[i] && !runs[i]) {
				run(i);
				again = 1;
			}
		}
		for (uint32_t i = 0; i < stop_count; i++) {
			assert_in_range(stopped[i], 4, 5);
			if (runs[stopped[i]]) {
				stop(stopped[i]);
				again = 1;
			}
		}
		stop_count = 0;
	}
}

/* The call in regs, by one of its CPUs. */
static void make_call(uint32_t cpu, bool smc, uint64_t imm)
{
	static struct guest_regs before;
	struct vcpu *v = &cpus[cpu].vcpu;

	model_cpu = cpu;
	sysreg_write_elr_el2(PC);
	before = regs;
	switch (setjmp(gone)) {
	case 0:
		break;
	case 3:
		run(cpu);
		return;
	default:
		runs[cpu] = false;
		return;
	}
	if (smc) {
		smccc_smc(v, &regs, UINT64_C(0x5e000000) | imm);
	} else {
		smccc_hvc(v, &regs, UINT64_C(0x5a000000) | imm);
	}
	check_registers(&before, imm != 0 ? 0 : (uint32_t)before.x[0]);
	if (imm != 0) {
		assert_int_equal(regs.x[0], before.x[0]);
		assert_int_equal(sysreg_read_elr_el1(), smc ? PC : PC - 4);
	} else {
		assert_int_equal(sysreg_read_elr_el2(), smc ? PC + 4 : PC);
	}
}

static void act(uint32_t cpu)
{
	uint64_t r = hostile_random();

	for (uint32_t i = 0; i < ARRAY_SIZE(regs.x); i++) {
		regs.x[i] = some_argument();
	}
	regs.x[0] = some_function();
	make_call(cpu, (r >> 5 & 1) != 0, (r & 31) == 0 ? r >> 8 & 0xffff : 0);
}

static void check_all(void)
{
	check_firmware();
	settle();
	check_firmware();
	check_others();
}

/* A monitor on CPU 0 has its say, too. */
static void manage(void)
{
	struct domain *d = &domains[BAD];

	model_cpu = 0;
	switch (hostile_random() % 8) {
	case 0:
		(void)lifecycle_stop(d, "stopped");
		break;
	case 1:
		(void)lifecycle_restart(d, "restarted");
		break;
	case 2:
		(void)lifecycle_destroy(d);
		break;
	case 3:
		lifecycle_fault(d, "a fault");
		break;
	default:
		(void)lifecycle_create(d);
		(void)lifecycle_start(d);
		break;
	}
}

static void calls(void **state)
{
	uint64_t count = hostile_start(FEW), made = 0;

	(void)state;
	machine_start();
	memset(runs, 0, sizeof(runs));
	while (made < count) {
		uint64_t r = hostile_random();
		uint32_t cpu = 4 + (r & 1);

		rounds++;
		fw.suspend_features = (r >> 8 & 3) == 0 ? -1 : (int64_t)(r >> 10 & 2);
		pending = (r >> 12 & 1) != 0;
		fw.busy = (r >> 13 & 15) == 0 ? 1 : 0;
		descs[BAD].on_fault = (r >> 17 & 1) != 0 ? ON_FAULT_STOP : ON_FAULT_RESTART;
		if (runs[cpu]) {
			act(cpu);
			made++;
		} else if (!runs[9 - cpu] || (r >> 20 & 63) == 0) {
			manage();
		}
		check_all();
	}
	assert_true(starts > count / 1000);
	printf("# made here: %lu calls, %lu starts of a CPU\n", made, starts);
}

/* Every number of the services that a guest might call, with few arguments that matter. */
static void every_number(void **state)
{
	static const uint32_t services[] = {0x80000000, 0x84000000, 0xc4000000, 0x86000000, 0xc6000000,
					    0xbf000000, 0};
	static const uint64_t arguments[][3] = {{0, 0, 0}, {0x200, RAM, UINT64_MAX},
						{UINT64_MAX, UINT64_MAX, UINT64_MAX}};

	(void)state;
	machine_start();
	memset(runs, 0, sizeof(runs));
	for (uint32_t s = 0; s < ARRAY_SIZE(services); s++) {
		for (uint32_t n = 0; n < 0x10000 * ARRAY_SIZE(arguments); n++) {
			const uint64_t *x = arguments[n % ARRAY_SIZE(arguments)];

			while (!runs[5]) {
				manage();
				check_all();
			}
			for (uint32_t i = 0; i < ARRAY_SIZE(regs.x); i++) {
				regs.x[i] = i < 4 ? x[i == 0 ? 0 : i - 1] : i;
			}
			regs.x[0] = services[s] + n / ARRAY_SIZE(arguments);
			make_call(5, (n & 1) != 0, 0);
			check_all();
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(calls), cmocka_unit_test(every_number),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
