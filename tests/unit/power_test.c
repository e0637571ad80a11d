// SPDX-License-Identifier: Apache-2.0
// sources: hv/guest/psci.c hv/guest/smccc.c hv/guest/power.c hv/guest/lifecycle.c hv/guest/prepare.c
// sources: hv/guest/duty.c hv/guest/inject.c hv/guest/xen/none.c hv/guest/vsmmuv3/none.c hv/firmware/psci.c
// sources: hv/domain/[ds]*.c hv/mm/stage2.c tests/models/model.c tests/unit/psci/*.c hv/guest/[!d]*_none.c
/* CPUs that go off: who gets the hypervisor's own interrupts, and their alarms. */
#include "unit/psci/machine.h"

#include "guest/power.h"
#include "lib/time.h"

static void stop_sgi(void **state)
{
	(void)state;
	machine_start();
	power_handle_stop(&cpus[0].vcpu); /* runs on */
	assert_int_equal(fw.calls, 0);
	assert_int_equal(call(PSCI_CPU_ON | PSCI_64, 1, RAM, 0), 0);
	vcpu_set_on(&cpus[1].vcpu);
	assert_int_equal(call(PSCI_SYSTEM_OFF, 0, 0, 0), GONE);
	model_cpu = 1;
	if (setjmp(gone) == 0) {
		power_handle_stop(&cpus[1].vcpu);
		fail();
	}
	assert_true(off_vgic[1] && domain_off_vgic);
}

static void expect_spis(uint32_t cpu)
{
	assert_int_equal(spi_at[0], cpu);
	assert_int_equal(spi_at[1], cpu);
}

static void boot_cpu_goes(void)
{
	assert_int_equal(call(PSCI_CPU_OFF, 0, 0, 0), GONE);
}

/* An alarm that a CPU has set outlives it. */
static void alarm_goes_on(void **state)
{
	(void)state;
	machine_start();
	assert_int_equal(call(PSCI_CPU_ON | PSCI_64, 1, RAM, 0), 0);
	come_up(1);
	assert_int_equal(call_with(1, PSCI_CPU_OFF, 0, 0, 0, false), GONE);
	assert_int_equal(alarms, 0);
	model_cpu = 0;
	rings_wait = BIT64(1);
	time_set_alarm(0);
	assert_int_equal(call(PSCI_CPU_OFF, 0, 0, 0), GONE);
	assert_int_equal(alarms, 1);
	assert_int_equal(alarmed, BIT32(2));
}

/* All CPUs of its own domain, and of those that wait: nobody else is disturbed. */
static void alarm_is_whose_it_is(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < 8; i++) {
		machine_start();
		assert_int_equal(call(PSCI_CPU_ON | PSCI_64, 1, RAM, 0), 0);
		come_up(1);
		assert_int_equal(call(PSCI_CPU_ON | PSCI_64, 0x300000101, RAM, 0), 0);
		come_up(3);
		rings_wait = i;
		model_cpu = 1;
		time_set_alarm(0);
		assert_int_equal(call_with(1, PSCI_CPU_OFF, 0, 0, 0, false), GONE);
		assert_int_equal(alarmed, BIT32(0) | BIT32(3) | ((i & 2) != 0 ? BIT32(2) : 0));
		assert_false(time_has_alarm());
	}
}

/* Nor does it wait until the domain is rid of what it had, nor does the one that is set
 * for what is still in its console. */
static void alarm_goes_on_at_once(void **state)
{
	(void)state;
	machine_start();
	slow_console = true;
	rings_wait = BIT64(1);
	time_set_alarm(0);
	assert_int_equal(call(PSCI_CPU_OFF, 0, 0, 0), GONE);
	assert_int_equal(did[0].resets, 1);
	assert_int_equal(alarms, 2);
	assert_false(time_has_alarm());
}

/* As the boot CPU of a domain: from its first instruction at EL2 on. */
static void begin(uint32_t cpu)
{
	cpus[cpu].vcpu.state = VCPU_ON_PENDING;
	come_up(cpu);
}

/* The UART's and the IOMMUs' interrupts go to a CPU that is on, and stays on. */
static void own_interrupts(void **state)
{
	(void)state;
	machine_start();
	begin(0);
	begin(2);
	expect_spis(0);
	assert_int_equal(call(PSCI_CPU_ON | PSCI_64, 1, RAM, 0), 0);
	come_up(1);
	expect_spis(0);
	/* CPU 0 goes while CPU 1 is on its way off, but not yet in anybody's books. */
	meanwhile = boot_cpu_goes;
	assert_int_equal(call_with(1, PSCI_CPU_OFF, 0, 0, 0, false), GONE);
	expect_spis(2);
	/* With the last one that is on they go nowhere; the next one takes them. */
	machine_start();
	begin(0);
	expect_spis(0);
	assert_int_equal(call(PSCI_CPU_ON | PSCI_64, 1, RAM, 0), 0);
	assert_int_equal(call(PSCI_CPU_OFF, 0, 0, 0), GONE);
	expect_spis(NOWHERE);
	come_up(1);
	expect_spis(1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(stop_sgi),
		cmocka_unit_test(own_interrupts),
		cmocka_unit_test(alarm_goes_on),
		cmocka_unit_test(alarm_is_whose_it_is),
		cmocka_unit_test(alarm_goes_on_at_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
