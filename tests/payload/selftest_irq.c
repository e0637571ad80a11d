/* SPDX-License-Identifier: Apache-2.0 */
/* Interrupts: SGIs to self in number and order, the timers. */
#include "selftest.h"

#define SGIS 16

static void test_sgi_self(void)
{
	uint32_t before = gic_count[0][1];

	gic_enable(1);
	gic_send_sgi(machine.cpus[0], 1);
	check_that(gic_wait(0, 1, before, selftest_patience()), "sgi-self", "it does not come");
	check_that(gic_count[0][1] == before + 1, "sgi-self-once", "%u times", gic_count[0][1] - before);
	gic_disable(1);
	if ((mmio_read32(gic_frame(1) + GICD_ISENABLER) & 2) != 0) {
		check_skip("sgi-disabled", "this GICv2 has its SGIs always on");
		return;
	}
	gic_send_sgi(machine.cpus[0], 1);
	check_that(!gic_wait(0, 1, before + 1, selftest_moment()), "sgi-disabled", "it comes");
	gic_enable(1);
	check_that(gic_wait(0, 1, before + 1, selftest_patience()), "sgi-enabled-later", "it is lost");
}

/* Standby with interrupts masked: what is pending ends it, or does not let it begin. A
 * hypervisor that does not look before it sleeps would sleep for ever. */
static void test_standby(void)
{
	uint32_t before = gic_count[0][2];

	if (psci_call(PSCI_FEATURES, PSCI_CPU_SUSPEND, 0, 0) < 0) {
		check_skip("cpu-suspend-standby", "no CPU_SUSPEND");
		return;
	}
	gic_enable(2);
	gic_send_sgi(machine.cpus[0], 2);
	int32_t result = psci_call(PSCI_CPU_SUSPEND, 0, 0, 0);

	check_that(result == PSCI_SUCCESS && gic_count[0][2] == before, "cpu-suspend-standby", "%d, %u taken",
		   result, gic_count[0][2] - before);
	check_that(gic_wait(0, 2, before, selftest_patience()), "cpu-suspend-sgi", "it is lost");
	gic_disable(2);
}

/* All 16 at once: more than there are list registers, the lowest priority value first. */
static void test_sgi_order(void)
{
	uint32_t wrong = 0;

	for (uint32_t sgi = 0; sgi < SGIS; sgi++) {
		gic_set_priority(sgi, (uint8_t)(0x80 - 8 * sgi));
		gic_enable(sgi);
	}
	gic_log_count = 0;
	for (uint32_t sgi = 0; sgi < SGIS; sgi++) {
		gic_send_sgi(machine.cpus[0], sgi);
	}
	uint64_t start = arch_counter();

	arch_unmask_irq();
	while (gic_log_count < SGIS && arch_counter() - start < selftest_patience()) {
	}
	arch_mask_irq();
	check_that(gic_log_count == SGIS, "sgi-all-at-once", "%u of %u came", gic_log_count, SGIS);
	for (uint32_t i = 0; i < gic_log_count; i++) {
		wrong += gic_log[i] != SGIS - 1 - i;
	}
	for (uint32_t i = 0; wrong != 0 && i < gic_log_count; i++) {
		console_printf("%u ", gic_log[i]);
	}
	check_that(wrong == 0, "sgi-order", "%u not in the order of their priorities", wrong);
	for (uint32_t sgi = 0; sgi < SGIS; sgi++) {
		gic_set_priority(sgi, 0xa0);
		gic_disable(sgi);
	}
}

void selftest_irq(void)
{
	test_standby();
	test_sgi_self();
	test_sgi_order();
	/* A masked priority stays pending. */
	uint32_t before = gic_count[0][1];

	gic_enable(1);
	if (machine.gic_version == 3) {
		SYSREG_WRITE_(ICC_PMR_EL1, 0x80);
	} else {
		mmio_write32(machine.gicc.base + GICC_PMR, 0x80);
	}
	gic_send_sgi(machine.cpus[0], 1);
	check_that(!gic_wait(0, 1, before, selftest_moment()), "pmr-masks", "it comes");
	if (machine.gic_version == 3) {
		SYSREG_WRITE_(ICC_PMR_EL1, 0xff);
	} else {
		mmio_write32(machine.gicc.base + GICC_PMR, 0xff);
	}
	check_that(gic_wait(0, 1, before, selftest_patience()), "pmr-unmasks", "it is lost");
	gic_disable(1);
}

enum timer {
	TIMER_VIRTUAL,
	TIMER_PHYSICAL,
};

static void timer_set(enum timer timer, uint64_t ticks)
{
	if (timer == TIMER_VIRTUAL) {
		SYSREG_WRITE(cntv_cval_el0, SYSREG_READ(cntvct_el0) + ticks);
		SYSREG_WRITE(cntv_ctl_el0, 1);
	} else {
		SYSREG_WRITE(cntp_cval_el0, SYSREG_READ(cntpct_el0) + ticks);
		SYSREG_WRITE(cntp_ctl_el0, 1);
	}
	arch_isb();
}

static void test_timer(enum timer timer, uint32_t intid, const char *name)
{
	uint32_t before = gic_count[0][intid];
	uint64_t patience = selftest_patience();
	uint64_t start = arch_counter();

	gic_enable(intid);
	timer_set(timer, 2 * selftest_moment());
	bool came = gic_wait(0, intid, before, patience);
	uint64_t took = arch_counter() - start;

	check_that(came && took >= 2 * selftest_moment(), name, "%u interrupts after %lu ticks", came, took);
	check_that(gic_count[0][intid] == before + 1, name, "%u times", gic_count[0][intid] - before);
	/* A deadline in the past fires at once, three times in a row: it is deactivated each time. */
	for (uint32_t i = 1; i <= 3; i++) {
		timer_set(timer, 0);
		came &= gic_wait(0, intid, before + i, patience);
	}
	check_that(came, name, "a deadline in the past does not fire");
	/* WFI ends at the deadline, with IRQ masked. */
	start = arch_counter();
	timer_set(timer, 2 * selftest_moment());
	arch_wfi();
	took = arch_counter() - start;
	came = gic_wait(0, intid, before + 4, patience);
	check_that(came && took < patience, name, "WFI took %lu ticks", took);
	gic_disable(intid);
}

void selftest_timer(void)
{
	uint64_t first = arch_counter();
	uint64_t offset = SYSREG_READ(cntpct_el0) - SYSREG_READ(cntvct_el0);
	uint64_t backwards = 0;

	for (uint32_t i = 0; i < 1000; i++) {
		uint64_t now = arch_counter();

		backwards += now < first;
		first = now;
	}
	check_that(backwards == 0, "counter-monotonic", "%lu times", backwards);
	check_that((int64_t)offset >= 0 || offset + selftest_patience() < selftest_patience(),
		   "counter-offset", "CNTPCT - CNTVCT = %lx", offset);
	test_timer(TIMER_VIRTUAL, machine.timer_virtual_intid, "timer-virtual");
	test_timer(TIMER_PHYSICAL, machine.timer_physical_intid, "timer-physical");
}
