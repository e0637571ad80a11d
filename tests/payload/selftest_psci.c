/* SPDX-License-Identifier: Apache-2.0 */
#include "selftest.h"

static void test_version(void)
{
	int32_t version = psci_call(PSCI_VERSION, 0, 0, 0);
	static const uint32_t supported[] = {PSCI_VERSION,       PSCI_CPU_OFF,    PSCI_CPU_ON,
					     PSCI_AFFINITY_INFO, PSCI_SYSTEM_OFF, PSCI_SYSTEM_RESET,
					     PSCI_FEATURES};
	uint32_t missing = 0;

	check_that(version >> 16 == 1, "psci-version", "%x", (uint32_t)version);
	for (size_t i = 0; i < sizeof(supported) / sizeof(supported[0]); i++) {
		if (psci_call(PSCI_FEATURES, supported[i], 0, 0) < 0) {
			missing = supported[i];
		}
	}
	check_that(missing == 0, "psci-features", "%x is not supported", missing);
	int32_t unknown = psci_call(PSCI_FEATURES, 0x8400fe00, 0, 0);

	check_that(unknown == PSCI_NOT_SUPPORTED, "psci-features-unknown", "%d", unknown);
}

static void test_affinity_info(void)
{
	int32_t self = psci_call(PSCI_AFFINITY_INFO, machine.cpus[0], 0, 0);
	int32_t nobody = psci_call(PSCI_AFFINITY_INFO, 0x00770066, 0, 0);

	check_that(self == 0, "affinity-info-self", "%d", self);
	check_that(nobody == PSCI_INVALID_PARAMETERS, "affinity-info-nobody", "%d", nobody);
	for (uint32_t i = 1; i < machine.cpu_count; i++) {
		int32_t state = psci_call(PSCI_AFFINITY_INFO, machine.cpus[i], 0, 0);

		check_that(state == 1, "affinity-info-off", "CPU %u: %d", i, state);
	}
	if (selftest_strict()) {
		int32_t level = psci_call(PSCI_AFFINITY_INFO, machine.cpus[0], 4, 0);

		check_that(level == PSCI_INVALID_PARAMETERS, "affinity-info-level-4", "%d", level);
	}
}

static int32_t turn_on(uint64_t mpidr, uint64_t entry)
{
	return psci_call(PSCI_CPU_ON, mpidr, entry, 0);
}

static void test_refused(void)
{
	uint64_t good = (uint64_t)(uintptr_t)secondary_start;
	int32_t result = turn_on(machine.cpus[0], good);
	uint64_t mpidr;

	check_that(result == PSCI_ALREADY_ON, "cpu-on-self", "%d", result);
	result = turn_on(0x00770066, good);
	check_that(result == PSCI_INVALID_PARAMETERS, "cpu-on-nobody", "%d", result);
	result = turn_on(machine.cpus[0] | BIT(24), good);
	check_that(!selftest_strict() || result == PSCI_INVALID_PARAMETERS, "cpu-on-reserved-bits", "%d",
		   result);
	for (uint32_t i = 0; machine_option_number("foreign-cpu", i, &mpidr); i++) {
		result = turn_on(mpidr, good);
		check_that(result == PSCI_INVALID_PARAMETERS, "cpu-on-foreign", "%lx: %d", mpidr, result);
		result = psci_call(PSCI_AFFINITY_INFO, mpidr, 0, 0);
		check_that(result == PSCI_INVALID_PARAMETERS, "affinity-info-foreign", "%lx: %d", mpidr,
			   result);
	}
}

/* Entry points outside our RAM: INVALID_ADDRESS, and the CPU stays off. */
static void test_bad_entries(void)
{
	uint64_t end = machine.ram[machine.ram_count - 1].base + machine.ram[machine.ram_count - 1].size;
	uint64_t entries[8] = {0, machine.uart.base, machine.gicd.base, end, BIT(47), ~UINT64_C(3)};
	uint32_t count = 6;
	uint32_t wrong = 0;

	for (uint32_t i = 0; count < 8 && machine_option_number("hole", i, &entries[count]); i++) {
		count++;
	}
	for (uint32_t i = 0; i < count; i++) {
		int32_t result = machine_is_ram(entries[i]) ? PSCI_INVALID_ADDRESS
							    : turn_on(machine.cpus[1], entries[i]);

		if (result != PSCI_INVALID_ADDRESS) {
			console_printf("CPU_ON at %lx: %d\n", entries[i], result);
			wrong++;
		}
	}
	check_that(wrong == 0, "cpu-on-bad-entry", "%u entry points accepted", wrong);
	int32_t state = psci_call(PSCI_AFFINITY_INFO, machine.cpus[1], 0, 0);

	check_that(state == 1, "cpu-on-bad-entry-stays-off", "%d", state);
}

/* On, looked at, a second CPU_ON, off. Twice: a CPU must come back as new. */
static void test_cpu(uint32_t index, const char *name)
{
	selftest_cpus[index].mpidr = 0;
	int32_t result = psci_start_cpu(index);

	if (!check_that(result == PSCI_SUCCESS && selftest_wait_on(index), name, "CPU %u: %d", index,
			result)) {
		return;
	}
	check_that((selftest_cpus[index].mpidr & UINT64_C(0xff00ffffff)) == machine.cpus[index] &&
			   selftest_cpus[index].el == 1 && (selftest_cpus[index].sctlr & 5) == 0 &&
			   (selftest_cpus[index].daif & 0x3c0) == 0x3c0,
		   "cpu-on-state", "CPU %u: MPIDR %lx EL%lu SCTLR %lx DAIF %lx", index,
		   selftest_cpus[index].mpidr, selftest_cpus[index].el, selftest_cpus[index].sctlr,
		   selftest_cpus[index].daif);
	result = psci_call(PSCI_AFFINITY_INFO, machine.cpus[index], 0, 0);
	check_that(result == 0, "affinity-info-on", "CPU %u: %d", index, result);
	result = psci_start_cpu(index);
	check_that(result == PSCI_ALREADY_ON, "cpu-on-twice", "CPU %u: %d", index, result);

	uint32_t before = gic_count[0][SGI_PONG];

	gic_enable(SGI_PONG);
	gic_send_sgi(machine.cpus[index], SGI_PING);
	check_that(gic_wait(0, SGI_PONG, before, selftest_patience()), "sgi-other", "CPU %u does not answer",
		   index);
}

static void test_broadcast(void)
{
	uint32_t before = gic_count[0][SGI_PONG];
	uint32_t self = gic_count[0][SGI_PING];

	gic_enable(SGI_PING);
	gic_send_sgi_others(SGI_PING);
	/* Pongs of the same number may merge, so the secondaries' own counts tell. */
	bool answered = gic_wait(0, SGI_PONG, before, selftest_patience());
	uint64_t start = arch_counter();
	uint32_t reached;

	do {
		reached = 0;
		for (uint32_t i = 1; i < machine.cpu_count; i++) {
			reached += gic_count[i][SGI_PING] >= 2;
		}
	} while (reached < machine.cpu_count - 1 && arch_counter() - start < selftest_patience());
	check_that(answered && reached == machine.cpu_count - 1, "sgi-broadcast", "%u of %u CPUs", reached,
		   machine.cpu_count - 1);
	check_that(gic_count[0][SGI_PING] == self, "sgi-broadcast-not-self", "it came to the sender");
}

void selftest_psci(void)
{
	test_version();
	test_affinity_info();
	test_refused();
	if (machine.cpu_count < 2) {
		check_skip("cpu-on", "one CPU");
		return;
	}
	if (selftest_strict()) {
		test_bad_entries();
	}
	for (uint32_t i = 1; i < machine.cpu_count; i++) {
		test_cpu(i, "cpu-on");
	}
	test_broadcast();
	for (uint32_t i = 1; i < machine.cpu_count; i++) {
		gic_send_sgi(machine.cpus[i], SGI_STOP);
		check_that(selftest_wait_off(i), "cpu-off", "CPU %u stays on", i);
	}
	test_cpu(1, "cpu-on-again");
	gic_send_sgi(machine.cpus[1], SGI_STOP);
	check_that(selftest_wait_off(1), "cpu-off-again", "CPU 1 stays on");
}

/* NOT_SUPPORTED in x0, and x4..x17 as they were (SMCCC 1.1, section 2.6). */
static bool is_refused(void (*call)(struct smccc_regs *), uint64_t function)
{
	struct smccc_regs regs;
	bool kept = true;

	for (uint64_t i = 0; i < 18; i++) {
		regs.x[i] = UINT64_C(0x1111111111111111) * (i & 15);
	}
	regs.x[0] = function;
	call(&regs);
	for (uint64_t i = 4; i < 18; i++) {
		kept &= regs.x[i] == UINT64_C(0x1111111111111111) * (i & 15);
	}
	return kept && ((int32_t)regs.x[0] == PSCI_NOT_SUPPORTED);
}

void selftest_smccc(void)
{
	/* Fast and yielding calls of every owner, PSCI and architecture numbers that nobody defined. */
	static const uint32_t unknown[] = {0x00000000, 0x7fffffff, 0xffffffff, 0x8000fe00,
					   0xc000fe00, 0x8100fe00, 0x8200fe00, 0x8300fe00,
					   0x8400fe00, 0xc400fe00, 0x8500fe00, 0x8600fe00,
					   0xc600fe00, 0xb200fe00, 0xbf00fe00, 0x84000000 | 0x40000000};

	if (!selftest_strict()) {
		check_skip("smccc", "no hypervisor");
		return;
	}
	for (size_t i = 0; i < sizeof(unknown) / sizeof(unknown[0]); i++) {
		check_that(is_refused(smccc_hvc, unknown[i]), "hvc-unknown", "%x", unknown[i]);
		check_that(is_refused(smccc_smc, unknown[i]), "smc-unknown", "%x", unknown[i]);
	}
	int32_t version = psci_call(SMCCC_VERSION, 0, 0, 0);
	int32_t features = psci_call(SMCCC_ARCH_FEATURES, SMCCC_ARCH_FEATURES, 0, 0);
	int32_t advertised = psci_call(PSCI_FEATURES, SMCCC_VERSION, 0, 0);

	check_that(version >= 0x10001, "smccc-version", "%x", (uint32_t)version);
	check_that(features == 0, "smccc-arch-features", "%d", features);
	check_that(advertised == 0, "psci-features-smccc", "%d", advertised);
	features = psci_call(SMCCC_ARCH_FEATURES, 0x80007fff, 0, 0);
	check_that(features == PSCI_NOT_SUPPORTED, "smccc-arch-features-unknown", "%d", features);
}
