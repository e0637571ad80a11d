// SPDX-License-Identifier: Apache-2.0
// sources: hv/guest/psci.c hv/guest/smccc.c hv/guest/power.c hv/guest/lifecycle.c hv/guest/prepare.c
// sources: hv/guest/duty.c hv/guest/inject.c hv/guest/xen/none.c hv/guest/vsmmuv3/none.c hv/firmware/psci.c
// sources: hv/domain/[ds]*.c hv/mm/stage2.c tests/models/model.c tests/unit/psci/*.c hv/guest/[!d]*_none.c
/*
 * A guest's PSCI and SMCCC calls. Two domains, so that one can be seen not to touch
 * the other's CPUs.
 */
#include "unit/psci/machine.h"

#include "guest/power.h"
#include "guest/psci.h"
#include "guest/smccc.h"
#include "lib/time.h"

static void versions(void **state)
{
	(void)state;
	machine_start();
	assert_int_equal(call(PSCI_VERSION, 0, 0, 0), 0x10001);
	assert_int_equal(sysreg_read_elr_el2(), PC);
	assert_int_equal(call_with(0, PSCI_VERSION, 0, 0, 0, true), 0x10001);
	assert_int_equal(sysreg_read_elr_el2(), PC + 4); /* an SMC is trapped before it is executed */
	assert_int_equal(call(PSCI_VERSION | BIT32(16), 0, 0, 0), 0x10001); /* the SVE hint */
	assert_int_equal(call(UINT64_C(0xdead00000000) | PSCI_VERSION, 0, 0, 0), 0x10001);
	assert_int_equal(call(SMCCC_VERSION, 0, 0, 0), 0x10002);
	assert_int_equal(call(PSCI_MIGRATE_INFO_TYPE, 0, 0, 0), 2);
	assert_int_equal(call(0x8600ff01, 0, 0, 0), 0xb6360c4f);
	assert_int_equal(regs.x[3], 0x521c6b6d);
	assert_int_equal(regs.x[4], 0x5504);
	assert_int_equal(fw.calls, 0);
}

/* Everything else: no register but x0 changes, nothing reaches firmware. */
static void unknown_calls(void **state)
{
	static const uint32_t owners[] = {0x80000000, 0x81000000, 0x82000000, 0x83000000, 0x84000000,
					  0x85000000, 0x86000000, 0xb0000000, 0xb2000000, 0xbf000000,
					  0xc0000000, 0xc4000000, 0x00000000, 0x02000000};

	(void)state;
	machine_start();
	for (size_t i = 0; i < ARRAY_SIZE(owners); i++) {
		for (uint32_t n = 0x20; n < 0x4000; n += 7) {
			assert_int_equal(call_with(0, owners[i] + n, 1, 2, 3, (n & 1) != 0), NOT_SUPPORTED);
			assert_int_equal(regs.x[1], 1);
			assert_int_equal(regs.x[30], 0x551e);
		}
	}
	assert_int_equal(call(PSCI_ID + 0x1f, 0, 0, 0), NOT_SUPPORTED);
	assert_int_equal(call(PSCI_CPU_OFF | PSCI_64, 0, 0, 0), NOT_SUPPORTED);
	assert_int_equal(fw.calls, 0);
	/* Other immediates are undefined instructions. */
	sysreg_write_vbar_el1(0x1000);
	sysreg_write_spsr_el2(0x3c5);
	smccc_hvc(&cpus[0].vcpu, &regs, UINT64_C(0x5a000001));
	assert_int_equal(sysreg_read_elr_el1(), PC - 4);
	assert_int_equal(sysreg_read_elr_el2(), 0x1200);
	assert_int_equal(sysreg_read_esr_el1(), 0x02000000);
}

static void features(void **state)
{
	static const uint32_t there[] = {0x84000000, 0x84000002, 0x84000003, 0xc4000003, 0x84000004, 0xc4000004,
					 0x84000006, 0x84000008, 0x84000009, 0x8400000a, 0x80000000, 0x84000012,
					 0xc4000012, 0x84000001, 0xc4000001};

	(void)state;
	machine_start();
	for (size_t i = 0; i < ARRAY_SIZE(there); i++) {
		assert_int_equal(call(PSCI_FEATURES, there[i], 0, 0), 0);
	}
	assert_int_equal(call(PSCI_FEATURES, 0x84000005, 0, 0), NOT_SUPPORTED);
	assert_int_equal(call(PSCI_FEATURES, 0xc4000002, 0, 0), NOT_SUPPORTED);
	assert_int_equal(call(PSCI_FEATURES, 0x84000007, 0, 0), NOT_SUPPORTED);
	/* As firmware has it, but OS-initiated mode. */
	fw.suspend_features = 3;
	fw.reset2 = false;
	psci_init();
	assert_int_equal(call(PSCI_FEATURES, PSCI_CPU_SUSPEND, 0, 0), 2);
	assert_int_equal(call(PSCI_FEATURES, PSCI_SYSTEM_RESET2, 0, 0), NOT_SUPPORTED);
	assert_int_equal(call(PSCI_SYSTEM_RESET2, 0, 0, 0), NOT_SUPPORTED);
	/* PSCI 0.2 cannot be asked. */
	fw.version = 2;
	assert_null(firmware_init());
	psci_init();
	assert_int_equal(call(PSCI_FEATURES, PSCI_CPU_SUSPEND, 0, 0), NOT_SUPPORTED);
	assert_int_equal(call(PSCI_CPU_SUSPEND, 0, 0, 0), NOT_SUPPORTED);
	assert_int_equal(call(SMCCC_ARCH_FEATURES, SMCCC_ARCH_WORKAROUND_1, 0, 0), NOT_SUPPORTED);
	fw.version = NOT_SUPPORTED;
	assert_non_null(firmware_init());
}

static void cpu_on(void **state)
{
	struct vcpu *second;

	(void)state;
	machine_start();
	second = domain_vcpu(&domains[0], 1);
	assert_int_equal(call(PSCI_CPU_ON | PSCI_64, 1, RAM + 0x80000, 0x1234567890), 0);
	assert_int_equal(fw.calls, 1);
	assert_int_equal(fw.call[1], 1);
	assert_int_equal(second->entry.ipa, RAM + 0x80000);
	assert_int_equal(second->context, 0x1234567890);
	assert_false(second->suspended);
	/* On its way, then on. */
	assert_int_equal(call(PSCI_AFFINITY_INFO, 1, 0, 0), 2);
	assert_int_equal(call(PSCI_CPU_ON | PSCI_64, 1, RAM, 0), ON_PENDING);
	come_up(1);
	assert_int_equal(sysreg_read_vttbr_el2(), board.domains[0].vttbr);
	assert_int_equal(call(PSCI_AFFINITY_INFO, 1, 0, 0), 0);
	assert_int_equal(call(PSCI_CPU_ON | PSCI_64, 1, RAM, 0), ALREADY_ON);
	assert_int_equal(call(PSCI_CPU_ON, 0, RAM, 0), ALREADY_ON);
	assert_int_equal(fw.calls, 1);
	/* Off, and on again although firmware is slow to let go. */
	assert_int_equal(call_with(1, PSCI_CPU_OFF, 0, 0, 0, false), GONE);
	assert_true(off_vgic[1] && off_gic);
	assert_false(fw.on[1]);
	assert_int_equal(call(PSCI_AFFINITY_INFO | PSCI_64, 1, 0, 0), 1);
	fw.busy = 20;
	assert_int_equal(call(PSCI_CPU_ON | PSCI_64, 0x300000101, RAM, 7), 0);
	assert_true(fw.on[3]);
	/* Never lets go: a failure after a bounded time, and the vCPU can be tried again. */
	fw.busy = UINT32_MAX;
	assert_int_equal(call(PSCI_CPU_ON | PSCI_64, 1, RAM, 0), INTERNAL_FAILURE);
	assert_int_equal(vcpu_get_state(second), VCPU_OFF);
	fw.busy = 0;
	assert_int_equal(call(PSCI_CPU_ON | PSCI_64, 1, RAM, 0), 0);
	assert_int_equal(domains[0].cpus_on, 3);
}

static void cpu_on_refused(void **state)
{
	static const uint64_t foreign[] = {0x100, 2, 0x101, 0x80000001, 0x40000000000, UINT64_MAX, 0x1000001};
	static const uint64_t bad[] = {RAM - 4, RAM + RAM_SIZE, 0x09000000, 0, UINT64_MAX - 3, BIT64(40), RAM + 2,
				       RAM_IPA};

	(void)state;
	machine_start();
	for (size_t i = 0; i < ARRAY_SIZE(foreign); i++) {
		assert_int_equal(call(PSCI_CPU_ON | PSCI_64, foreign[i], RAM, 0), INVALID_PARAMETERS);
		assert_int_equal(call(PSCI_AFFINITY_INFO | PSCI_64, foreign[i], 0, 0), INVALID_PARAMETERS);
	}
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		assert_int_equal(call(PSCI_CPU_ON | PSCI_64, 1, bad[i], 0), INVALID_ADDRESS);
		assert_int_equal(vcpu_get_state(domain_vcpu(&domains[0], 1)), VCPU_OFF);
	}
	/* The edges of its RAM are good; an SMC32 call has no upper halves. */
	assert_int_equal(call(PSCI_CPU_ON | PSCI_64, 1, RAM + RAM_SIZE - 4, 0), 0);
	assert_int_equal(call(PSCI_CPU_ON, UINT64_C(0xff00000000) + 1, BIT64(40) | RAM, 0), ON_PENDING);
	assert_int_equal(fw.calls, 1);
	/* The other domain's RAM is elsewhere; dom0's CPUs are foreign to it. */
	assert_int_equal(call_with(2, PSCI_CPU_ON | PSCI_64, 1, RAM_IPA, 0, false), INVALID_PARAMETERS);
	assert_true(domain_has_ram(&domains[1], IPA(RAM_IPA)));
	assert_true(domain_has_ram(&domains[1], IPA(RAM_IPA + RAM_SIZE - 1)));
	assert_false(domain_has_ram(&domains[1], IPA(RAM)));
	assert_false(domain_has_ram(&domains[1], IPA(RAM_IPA + RAM_SIZE)));
}

static void affinity_levels(void **state)
{
	(void)state;
	machine_start();
	assert_int_equal(call(PSCI_AFFINITY_INFO | PSCI_64, 0x300000101, 0, 0), 1);
	/* Level 1: CPU 0 is on, so its cluster is; the other cluster is off. */
	assert_int_equal(call(PSCI_AFFINITY_INFO | PSCI_64, 0x77, 1, 0), 0);
	assert_int_equal(call(PSCI_AFFINITY_INFO | PSCI_64, 0x300000177, 1, 0), 1);
	assert_int_equal(call(PSCI_AFFINITY_INFO | PSCI_64, 0x100, 1, 0), INVALID_PARAMETERS);
	assert_int_equal(call(PSCI_AFFINITY_INFO | PSCI_64, 0x100, 2, 0), 0);
	assert_int_equal(call(PSCI_AFFINITY_INFO | PSCI_64, 0, 3, 0), 0);
	assert_int_equal(call(PSCI_AFFINITY_INFO | PSCI_64, 0, 4, 0), INVALID_PARAMETERS);
	/* Our books say off, firmware still says on. */
	fw.on[1] = true;
	assert_int_equal(call(PSCI_AFFINITY_INFO | PSCI_64, 1, 0, 0), 0);
}

static void suspend(void **state)
{
	struct vcpu *boot;

	(void)state;
	machine_start();
	boot = domain_vcpu(&domains[0], 0);
	/* Standby goes as it is; its entry point does not matter. */
	assert_int_equal(call(PSCI_CPU_SUSPEND | PSCI_64, 0x0000001, 0x7777777, 9), 0x1000);
	assert_int_equal(fw.call[1], 1);
	assert_int_equal(fw.call[2], 0);
	/* A pending interrupt ends either before it begins. */
	fw.calls = 0;
	pending = true;
	assert_int_equal(call(PSCI_CPU_SUSPEND | PSCI_64, 0x0000001, 0, 0), 0);
	assert_int_equal(call(PSCI_CPU_SUSPEND | PSCI_64, 0x0010001, RAM + 0x40, 9), 0);
	assert_int_equal(fw.calls, 0);
	pending = false;
	/* An alarm is the CPU's own timer: no power-down, which would lose it. */
	time_set_alarm(0);
	assert_int_equal(call(PSCI_CPU_SUSPEND | PSCI_64, 0x0010001, RAM + 0x40, 9), 0);
	assert_int_equal(fw.calls, 0);
	assert_int_equal(call(PSCI_CPU_SUSPEND | PSCI_64, 0x0000001, 0, 0), 0x1000);
	time_clear_alarm();
	/* Power-down: back by our entry, then to the guest's. */
	assert_int_equal(call(PSCI_CPU_SUSPEND | PSCI_64, 0x0010001, RAM + 0x40, 9), 0x1000);
	assert_int_equal(fw.call[1], 0x10001);
	assert_int_equal(fw.call[2], ENTRY_PA);
	assert_ptr_equal((void *)(uintptr_t)fw.call[3], &cpus[0]);
	assert_int_equal(boot->entry.ipa, RAM + 0x40);
	assert_int_equal(boot->context, 9);
	assert_false(boot->suspended); /* the firmware model refused to go down */
	assert_int_equal(call(PSCI_CPU_SUSPEND | PSCI_64, 0x0010001, RAM - 4, 9), INVALID_ADDRESS);
	/* Extended format: bit 30. */
	fw.suspend_features = 2;
	psci_init();
	assert_int_equal(call(PSCI_CPU_SUSPEND | PSCI_64, 0x0010001, RAM - 4, 9), 0x1000);
	assert_int_equal(call(PSCI_CPU_SUSPEND | PSCI_64, 0x40000001, RAM - 4, 9), INVALID_ADDRESS);
}

static void system_off_and_reset(void **state)
{
	(void)state;
	/* The hardware domain goes: its other CPU is told, the machine stays for b. */
	machine_start();
	assert_int_equal(call(PSCI_CPU_ON | PSCI_64, 1, RAM, 0), 0);
	assert_int_equal(call(PSCI_SYSTEM_OFF, 0, 0, 0), GONE);
	assert_int_equal((uint32_t)fw.call[0], PSCI_CPU_OFF);
	assert_int_equal(stop_count, 2);
	assert_int_equal(stopped[0], 0);
	assert_int_equal(stopped[1], 1);
	assert_false(domain_off_vgic);
	assert_true(domain_is_running(&domains[1]));
	/* That CPU comes up late: it finds the domain gone, and is the last. */
	come_up(1);
	assert_int_equal((uint32_t)fw.call[0], PSCI_CPU_OFF);
	assert_true(domain_off_vgic);
	/* Then b: the machine goes off. */
	assert_int_equal(call_with(2, PSCI_SYSTEM_OFF, 0, 0, 0, false), GONE);
	assert_int_equal((uint32_t)fw.call[0], PSCI_SYSTEM_OFF);

	/* Turning off the last CPU is going off. */
	machine_start();
	assert_int_equal(call_with(2, PSCI_CPU_OFF, 0, 0, 0, false), GONE);
	assert_false(domain_is_running(&domains[1]));
	assert_int_equal((uint32_t)fw.call[0], PSCI_CPU_OFF);
	assert_int_equal(call(PSCI_CPU_OFF, 0, 0, 0), GONE);
	assert_int_equal((uint32_t)fw.call[0], PSCI_SYSTEM_OFF);

	/* Reset: the machine's for the hardware domain, a new start for the other. */
	machine_start();
	assert_int_equal(call_with(2, PSCI_SYSTEM_RESET, 0, 0, 0, false), GONE);
	assert_int_equal(fw.calls, 0);
	assert_int_equal(did[1].again, 1);
	assert_int_equal(domain_get_state(&domains[1]), DOMAIN_STARTING);
	come_up(2);
	assert_int_equal(entered[2], 1);
	assert_int_equal(call_with(2, PSCI_SYSTEM_RESET2, 0, 0, 0, false), GONE);
	assert_int_equal(did[1].again, 2);
	assert_int_equal(call(PSCI_SYSTEM_RESET, 0, 0, 0), GONE);
	assert_int_equal((uint32_t)fw.call[0], PSCI_SYSTEM_RESET);
	machine_start();
	assert_int_equal(call(PSCI_SYSTEM_RESET2 | PSCI_64, 0x80000000, 0x77, 0), 0x1000);
	assert_int_equal((uint32_t)fw.call[0], PSCI_SYSTEM_RESET2 | PSCI_64);
	assert_int_equal(fw.call[1], 0x80000000);
	assert_int_equal(fw.call[2], 0x77);
	/* That one was refused: the other's output is as it was. */
	assert_int_equal(flushed, BIT32(0));
	assert_int_equal(dropped, 0);
	/* Firmware is not asked for what there is not, nor is anything flushed for it. */
	flushed = 0;
	fw.calls = 0;
	assert_int_equal(call(PSCI_SYSTEM_RESET2, 1, 0x77, 0), INVALID_PARAMETERS);
	assert_int_equal(call(PSCI_SYSTEM_RESET2 | PSCI_64, 0x7fffffff, 0x77, 0), INVALID_PARAMETERS);
	assert_int_equal(call_with(2, PSCI_SYSTEM_RESET2, 1, 0, 0, false), INVALID_PARAMETERS);
	assert_int_equal(fw.calls, 0);
	assert_int_equal(flushed, 0);
	assert_int_equal(call(PSCI_SYSTEM_RESET2 | PSCI_64, 0, 0x78, 0), 0x1000);
	assert_int_equal(fw.call[2], 0x78);
}

static void allow_list(void **state)
{
	(void)state;
	machine_start();
	for (size_t i = 0; i < 3; i++) {
		/* Only by SMC, only for the domain whose list it is on. */
		assert_int_equal(call(allow_a[i], 1, 2, 3), NOT_SUPPORTED);
		assert_int_equal(call_with(2, allow_a[i], 1, 2, 3, true), NOT_SUPPORTED);
		assert_int_equal(fw.calls, i);
		assert_int_equal(call_with(0, allow_a[i], 1, 2, 3, true), 0x1000);
		assert_int_equal(fw.calls, i + 1);
		assert_int_equal((uint32_t)fw.call[0], allow_a[i]);
		assert_int_equal(fw.call[17], 0x5511);
		assert_int_equal(regs.x[17], 0x1011);
		assert_int_equal(regs.x[18], 0x5512);
		assert_int_equal(sysreg_read_elr_el2(), PC + 4);
	}
	/* Firmware gets the number that is on the list, without the hint and whatever is in
	 * the register's upper half. In a yielding call the bit is no hint. */
	assert_int_equal(call_with(0, UINT64_C(0x500000000) | BIT32(16) | allow_a[2], 1, 2, 3, true), 0x1000);
	assert_int_equal(fw.call[0], allow_a[2]);
	assert_int_equal(call_with(0, BIT32(16) | allow_a[0], 1, 2, 3, true), NOT_SUPPORTED);
	/* What firmware says it implements of the Arm Architecture range. */
	assert_int_equal(call(SMCCC_ARCH_FEATURES, SMCCC_ARCH_WORKAROUND_1, 0, 0), 0);
	assert_int_equal(call(SMCCC_ARCH_FEATURES, SMCCC_ARCH_WORKAROUND_2, 0, 0), NOT_SUPPORTED);
	assert_int_equal(call(SMCCC_ARCH_FEATURES, SMCCC_ARCH_FEATURES, 0, 0), 0);
	assert_int_equal(call(SMCCC_ARCH_WORKAROUND_1, 0, 0, 0), 0x1000);
	assert_int_equal(call(SMCCC_ARCH_WORKAROUND_2, 0, 0, 0), NOT_SUPPORTED);
	/* Older firmware might do anything. */
	fw.smccc = false;
	assert_null(firmware_init());
	assert_int_equal(call(SMCCC_ARCH_WORKAROUND_1, 0, 0, 0), NOT_SUPPORTED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(versions),
		cmocka_unit_test(unknown_calls),
		cmocka_unit_test(features),
		cmocka_unit_test(cpu_on),
		cmocka_unit_test(cpu_on_refused),
		cmocka_unit_test(affinity_levels),
		cmocka_unit_test(suspend),
		cmocka_unit_test(system_off_and_reset),
		cmocka_unit_test(allow_list),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
