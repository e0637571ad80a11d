// SPDX-License-Identifier: Apache-2.0
// sources: hv/guest/psci.c hv/guest/smccc.c hv/guest/power.c hv/guest/lifecycle.c hv/guest/prepare.c
// sources: hv/guest/inject.c hv/guest/xen/none.c hv/guest/vsmmuv3/none.c hv/firmware/psci.c hv/domain/[ds]*.c
// sources: hv/mm/stage2.c tests/models/model.c tests/unit/psci/*.c hv/guest/*_none.c
/* Domains' lives, and what may happen in the middle of them. */
#include "unit/psci/machine.h"

#include "guest/lifecycle.h"
#include "guest/power.h"
#include "lib/time.h"

#define C (&domains[2])
#define BOOT 5u /* its boot CPU */
#define OTHER 4u

/* HV_SGI_STOP arrives. */
static void told(uint32_t cpu)
{
	model_cpu = cpu;
	if (setjmp(gone) == 0) {
		power_handle_stop(&cpus[cpu].vcpu);
	}
}

/* What a CPU of another domain asks for; GONE: the machine went off. */
static int ask(enum lifecycle_result (*what)(struct domain *d), struct domain *d)
{
	model_cpu = 0;
	return setjmp(gone) == 0 ? (int)what(d) : GONE;
}

static enum lifecycle_result restart(struct domain *d)
{
	return lifecycle_restart(d, "restarted by a test");
}

static enum lifecycle_result stop(struct domain *d)
{
	return lifecycle_stop(d, "stopped by a test");
}

static enum lifecycle_result fail_it(struct domain *d)
{
	lifecycle_fault(d, "a test's fault");
	return LIFECYCLE_OK;
}

static void pass_seconds(uint32_t seconds)
{
	uint64_t end = time_after_us(seconds * UINT64_C(1000000));

	while (!time_over(end)) {
	}
}

static void expect_state(enum domain_state state)
{
	assert_int_equal(domain_get_state(C), state);
}

/* C runs, on both of its CPUs. */
static void run(void)
{
	machine_start();
	assert_int_equal(ask(lifecycle_start, C), LIFECYCLE_OK);
	come_up(BOOT);
	assert_int_equal(call_with(BOOT, PSCI_CPU_ON | PSCI_64, 0x200, RAM, 0, false), 0);
	come_up(OTHER);
	assert_int_equal(entered[BOOT], 1);
	assert_int_equal(entered[OTHER], 1);
	expect_state(DOMAIN_RUNNING);
	stop_count = 0;
}

static void starts(void **state)
{
	(void)state;
	machine_start();
	assert_int_equal(ask(stop, C), LIFECYCLE_STATE);
	assert_int_equal(ask(restart, C), LIFECYCLE_STATE);
	assert_int_equal(ask(lifecycle_create, C), LIFECYCLE_STATE);
	assert_int_equal(ask(lifecycle_start, C), LIFECYCLE_OK);
	expect_state(DOMAIN_STARTING);
	assert_true(fw.on[BOOT] && !fw.on[OTHER]);
	assert_int_equal(ask(lifecycle_start, C), LIFECYCLE_BUSY);
	come_up(BOOT);
	expect_state(DOMAIN_RUNNING);
	assert_int_equal(cpus[BOOT].vcpu.entry.ipa, board.domains[2].entry);
	assert_int_equal(forgot[BOOT], 1);
	assert_int_equal(did[2].copies, 1);
	assert_int_equal(did[2].scrubs, 0); /* nobody was there before */
	assert_int_equal(did[2].unblocks, 0);
	assert_int_equal(ask(lifecycle_start, C), LIFECYCLE_STATE);
	/* The hardware domain has nothing to start again from. */
	assert_int_equal(ask(lifecycle_start, &domains[0]), LIFECYCLE_DENIED);
	assert_int_equal(ask(restart, &domains[0]), LIFECYCLE_DENIED);
	assert_int_equal(ask(lifecycle_destroy, &domains[0]), LIFECYCLE_DENIED);
	assert_true(domain_is_running(&domains[0]));
}

static void two_ask_at_once(void **state)
{
	(void)state;
	run();
	assert_int_equal(call_with(BOOT, PSCI_SYSTEM_RESET, 0, 0, 0, false), GONE);
	expect_state(DOMAIN_STOPPING);
	assert_int_equal(stop_count, 2);
	assert_int_equal(did[2].blocks, 0);
	assert_int_equal(call_with(OTHER, PSCI_SYSTEM_RESET, 0, 0, 0, false), GONE);
	/* The last one has tidied up, and turned the boot CPU on. */
	assert_int_equal(stop_count, 2);
	assert_int_equal(did[2].blocks, 1);
	assert_int_equal(did[2].resets, 1);
	expect_state(DOMAIN_STARTING);
	assert_true(fw.on[BOOT] && !fw.on[OTHER]);
	come_up(BOOT);
	expect_state(DOMAIN_RUNNING);
	assert_int_equal(did[2].scrubs, 1);
	assert_int_equal(did[2].copies, 2);
	assert_int_equal(did[2].unblocks, 1);
	assert_int_equal(C->starts, 2);
	assert_int_equal(C->faults, 0);
	assert_int_equal(entered[BOOT], 2);
	assert_int_equal(forgot[BOOT], 2);
	/* The boot CPU last: it starts over by itself. */
	assert_int_equal(ask(restart, C), LIFECYCLE_OK);
	assert_int_equal(ask(restart, C), LIFECYCLE_BUSY);
	fw.calls = 0;
	told(BOOT);
	assert_int_equal(fw.calls, 0);
	assert_int_equal(did[2].again, 1);
	come_up(BOOT);
	assert_int_equal(entered[BOOT], 3);
	/* A stop that comes late, from the run before, is none. */
	told(BOOT);
	expect_state(DOMAIN_RUNNING);
}

static void stopped_halfway(void **state)
{
	(void)state;
	/* Its other CPU is on its way up. */
	machine_start();
	assert_int_equal(ask(lifecycle_start, C), LIFECYCLE_OK);
	come_up(BOOT);
	assert_int_equal(call_with(BOOT, PSCI_CPU_ON | PSCI_64, 0x200, RAM, 0, false), 0);
	assert_int_equal(ask(stop, C), LIFECYCLE_OK);
	told(BOOT);
	expect_state(DOMAIN_STOPPING);
	come_up(OTHER);
	expect_state(DOMAIN_OFF);
	assert_int_equal(entered[OTHER], 0);
	assert_int_equal(did[2].blocks, 1);
	assert_false(fw.on[BOOT] || fw.on[OTHER]);
	/* It sleeps in firmware, and comes back by our entry. */
	run();
	cpus[OTHER].vcpu.suspended = true;
	assert_int_equal(ask(restart, C), LIFECYCLE_OK);
	told(BOOT);
	come_up(OTHER);
	assert_int_equal(entered[OTHER], 1);
	expect_state(DOMAIN_STARTING);
	come_up(BOOT);
	assert_int_equal(entered[BOOT], 2);
	/* Its boot CPU has not come yet: nothing is made ready. */
	told(BOOT);
	assert_int_equal(ask(restart, C), LIFECYCLE_OK);
	told(BOOT);
	expect_state(DOMAIN_STARTING);
	assert_int_equal(ask(stop, C), LIFECYCLE_OK);
	come_up(BOOT);
	expect_state(DOMAIN_OFF);
	assert_int_equal(entered[BOOT], 2);
	assert_int_equal(C->starts, 2);
}

static void off_while_restarting(void **state)
{
	(void)state;
	run();
	assert_int_equal(ask(restart, C), LIFECYCLE_OK);
	assert_int_equal(call_with(OTHER, PSCI_SYSTEM_OFF, 0, 0, 0, false), GONE);
	assert_int_equal((uint32_t)fw.call[0], PSCI_CPU_OFF);
	told(BOOT);
	expect_state(DOMAIN_STARTING); /* who came first */
	/* The others go: the machine stays for the one that is about to run. */
	assert_int_equal(call_with(0, PSCI_SYSTEM_OFF, 0, 0, 0, false), GONE);
	assert_int_equal(call_with(2, PSCI_SYSTEM_OFF, 0, 0, 0, false), GONE);
	assert_int_equal((uint32_t)fw.call[0], PSCI_CPU_OFF);
	come_up(BOOT);
	assert_int_equal(entered[BOOT], 2);
	/* It cannot start again: the machine goes off. */
	stubborn = true;
	assert_int_equal(call_with(BOOT, PSCI_SYSTEM_RESET, 0, 0, 0, false), GONE);
	assert_int_equal((uint32_t)fw.call[0], PSCI_SYSTEM_OFF);
	assert_int_equal(did[2].scrubs, 1);
}

static void faults(void **state)
{
	(void)state;
	run();
	descs[2].on_fault = ON_FAULT_RESTART;
	descs[2].retries = 2;
	bad_payload = true;
	assert_int_equal(ask(restart, C), LIFECYCLE_OK);
	told(OTHER);
	told(BOOT);
	for (uint32_t i = 0; i < 3; i++) {
		assert_int_equal(did[2].again, 1 + i);
		come_up(BOOT);
	}
	expect_state(DOMAIN_OFF);
	assert_int_equal(C->faults, 3);
	assert_int_equal(did[2].again, 3);
	assert_int_equal(entered[BOOT], 1);
	/* Started by hand, it has all its tries again; and after a good minute. */
	bad_payload = false;
	assert_int_equal(ask(lifecycle_start, C), LIFECYCLE_OK);
	come_up(BOOT);
	descs[2].retries = 1;
	for (uint32_t i = 0; i < 4; i++) {
		pass_seconds(61);
		assert_int_equal(ask(fail_it, C), LIFECYCLE_OK);
		assert_int_equal(ask(fail_it, C), LIFECYCLE_OK); /* one is enough */
		told(BOOT);
		come_up(BOOT);
		expect_state(DOMAIN_RUNNING);
	}
	assert_int_equal(C->faults, 7);
	assert_int_equal(ask(fail_it, C), LIFECYCLE_OK);
	told(BOOT);
	expect_state(DOMAIN_OFF);
	/* No GIC on its CPU. */
	descs[2].on_fault = ON_FAULT_STOP;
	no_gic = "a test's";
	assert_int_equal(ask(lifecycle_start, C), LIFECYCLE_OK);
	come_up(BOOT);
	expect_state(DOMAIN_OFF);
	assert_int_equal(C->faults, 9);
	no_gic = NULL;
	descs[2].on_fault = ON_FAULT_PANIC;
	assert_int_equal(ask(lifecycle_start, C), LIFECYCLE_OK);
	come_up(BOOT);
	assert_int_equal(ask(fail_it, C), GONE);
	assert_int_equal((uint32_t)fw.call[0], PSCI_SYSTEM_OFF);
}

static void firmware_is_bad(void **state)
{
	(void)state;
	machine_start();
	descs[2].on_fault = ON_FAULT_RESTART;
	fw.refuses = true;
	assert_int_equal(ask(lifecycle_start, C), LIFECYCLE_FAILED);
	assert_int_equal(fw.calls, 4);
	expect_state(DOMAIN_OFF);
	assert_int_equal(C->cpus_on, 0);
	/* Slow to turn off; then it does not come for a while, and then it does. */
	descs[2].on_fault = ON_FAULT_STOP;
	fw.refuses = false;
	fw.busy = 20;
	assert_int_equal(ask(lifecycle_start, C), LIFECYCLE_OK);
	pass_seconds(2);
	assert_int_equal(ask(lifecycle_start, C), LIFECYCLE_FAILED);
	expect_state(DOMAIN_OFF);
	fw.calls = 0;
	come_up(BOOT);
	assert_int_equal((uint32_t)fw.call[0], PSCI_CPU_OFF);
	assert_int_equal(entered[BOOT], 0);
	assert_int_equal(ask(lifecycle_start, C), LIFECYCLE_OK);
	come_up(BOOT);
	assert_int_equal(entered[BOOT], 1);
	/* Its other CPU never comes: it is given up when somebody looks. */
	assert_int_equal(call_with(BOOT, PSCI_CPU_ON | PSCI_64, 0x200, RAM, 0, false), 0);
	assert_int_equal(ask(stop, C), LIFECYCLE_OK);
	told(BOOT);
	expect_state(DOMAIN_STOPPING);
	assert_int_equal(ask(lifecycle_start, C), LIFECYCLE_BUSY);
	pass_seconds(2);
	fw.on[OTHER] = false;
	assert_int_equal(ask(lifecycle_start, C), LIFECYCLE_OK);
	come_up(BOOT);
	assert_int_equal(entered[BOOT], 2);
	assert_int_equal(did[2].scrubs, 1);
}

static void destroyed(void **state)
{
	(void)state;
	run();
	assert_int_equal(ask(lifecycle_destroy, C), LIFECYCLE_OK);
	told(BOOT);
	told(OTHER);
	expect_state(DOMAIN_DESTROYED);
	assert_int_equal(did[2].scrubs, 1);
	assert_int_equal(ask(lifecycle_start, C), LIFECYCLE_STATE);
	assert_int_equal(ask(lifecycle_destroy, C), LIFECYCLE_STATE);
	assert_int_equal(ask(lifecycle_create, C), LIFECYCLE_OK);
	assert_int_equal(ask(lifecycle_start, C), LIFECYCLE_OK);
	come_up(BOOT);
	assert_int_equal(ask(stop, C), LIFECYCLE_OK);
	told(BOOT);
	expect_state(DOMAIN_OFF);
	assert_int_equal(did[2].scrubs, 2);
	/* What is off comes on for it, but not into the guest. */
	assert_int_equal(ask(lifecycle_destroy, C), LIFECYCLE_OK);
	expect_state(DOMAIN_STOPPING);
	come_up(BOOT);
	expect_state(DOMAIN_DESTROYED);
	assert_int_equal(did[2].scrubs, 3);
	assert_int_equal(entered[BOOT], 2);
	/* Whose DMA does not stop is not zeroed, and not started. */
	assert_int_equal(ask(lifecycle_create, C), LIFECYCLE_OK);
	assert_int_equal(ask(lifecycle_start, C), LIFECYCLE_OK);
	come_up(BOOT);
	unstoppable = true;
	assert_int_equal(ask(restart, C), LIFECYCLE_OK);
	told(BOOT);
	expect_state(DOMAIN_OFF);
	fw.refuses = true;
	assert_int_equal(ask(lifecycle_destroy, C), LIFECYCLE_FAILED);
	expect_state(DOMAIN_OFF);
	assert_int_equal(did[2].scrubs, 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(starts),
		cmocka_unit_test(two_ask_at_once),
		cmocka_unit_test(stopped_halfway),
		cmocka_unit_test(off_while_restarting),
		cmocka_unit_test(faults),
		cmocka_unit_test(firmware_is_bad),
		cmocka_unit_test(destroyed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
