// SPDX-License-Identifier: Apache-2.0
// sources: hv/irq/gicd.c hv/irq/gicv3.c hv/irq/gicv3_vif.c
// sources: hv/guest/vgic.c hv/guest/vgic_call.c hv/guest/vgic_file.c hv/guest/vgic_lr.c hv/guest/vgic_op.c
// sources: hv/guest/vgic_prop.c hv/guest/vgic_virq.c hv/guest/vgic_v3.c hv/guest/xen/none.c
// sources: hv/guest/its/none.c hv/irq/its_none.c
// sources: tests/models/model.c tests/models/gic_*.c tests/unit/vgic/*.c
/* The virtual GICv3 on the GICv3 model: what is GICv3's own, and the common cases. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "guest/vgic.h"
#include "irq/gic.h"
#include "unit/vgic/cases.h"
#include "unit/vgic/machine.h"

static const uint64_t mpidrs[MACHINE_CPUS] = {0x0, 0x1, 0x112, 0x100000001};

struct gicm_config machine_gic = {
	.version = 3,
	.cpus = MACHINE_CPUS,
	.mpidr = mpidrs,
	.gicd = GICD_BASE,
	.gicr = GICR_BASE,
	.gicr_stride = 0x20000,
};

const struct cpu_desc machine_cpus[MACHINE_CPUS] = {
	{.mpidr = 0x0, .domain = 0, .vcpu = 0},
	{.mpidr = 0x1, .domain = 1, .vcpu = 0},
	{.mpidr = 0x112, .domain = 0, .vcpu = 1},
	{.mpidr = 0x100000001, .domain = 0, .vcpu = 2},
};

const struct board_tables board = {
	.magic = TABLES_MAGIC,
	.cpu_count = MACHINE_CPUS,
	.domain_count = MACHINE_DOMAINS,
	.gic = {.version = GIC_V3,
		.maintenance = GICM_MAINTENANCE,
		.gicd = {GICD_BASE, 0x10000},
		.gicr = {GICR_BASE, 0x100000}},
	.cpus = machine_cpus,
	.domains = machine_domains,
};

static struct vcpu *a(uint32_t index)
{
	return domain_vcpu(&domains[0], index);
}

static void typer_and_ids(void **state)
{
	uint64_t value = 0;

	(void)state;
	machine_start(4);
	/* 128 INTIDs of 10 bits, Aff3, no 1-of-N; no LPIs, no extended SPIs, one security state. */
	assert_int_equal(machine_read(a(0), GICD_TYPER), 3u | 9u << 19 | 1u << 24 | 1u << 25);
	assert_int_equal(machine_read(a(0), GICD_CTLR), GICD_CTLR_ARE | GICD_CTLR_DS);
	assert_int_equal(machine_read(a(0), 0xffe8), 0x3b);
	assert_int_equal(machine_read(a(0), 0xfff0), 0x0d);
	assert_int_equal(machine_read(a(0), 0xfffc), 0xb1);
	for (uint32_t i = 0; i < 3; i++) {
		uint64_t mpidr = vcpu_mpidr(&domains[0], i);

		assert_true(machine_gicr(a(0), false, i * GICR_SIZE + GICR_TYPER, 8, &value));
		assert_int_equal(value >> 32, (mpidr >> 32 << 24) | (mpidr & 0xffffff));
		assert_int_equal((uint32_t)value, i << 8 | (i == 2 ? 0x10 : 0));
		assert_true(machine_gicr(a(0), false, i * GICR_SIZE + GICR_TYPER + 4, 4, &value));
		assert_int_equal(value, (mpidr >> 32 << 24) | (mpidr & 0xffffff));
		assert_true(machine_gicr(a(0), false, i * GICR_SIZE + 0xffe8, 4, &value));
		assert_int_equal(value, 0x3b);
	}
	/* A domain of one CPU sees one frame, the last. */
	assert_true(machine_gicr(domain_vcpu(&domains[1], 0), false, GICR_TYPER, 8, &value));
	assert_int_equal(value, UINT64_C(1) << 32 | 0x10);
	assert_false(machine_gicr(a(0), false, 3 * GICR_SIZE + GICR_TYPER, 8, &value));
}

static void access_sizes(void **state)
{
	uint64_t value = 0;

	(void)state;
	machine_start(4);
	assert_false(machine_gicd(a(0), false, GICD_CTLR, 1, &value));
	assert_false(machine_gicd(a(0), false, GICD_CTLR, 2, &value));
	assert_false(machine_gicd(a(0), false, GICD_CTLR, 8, &value));
	assert_false(machine_gicd(a(0), false, GICD_CTLR + 2, 4, &value));
	assert_false(machine_gicd(a(0), false, GICD_ISENABLER + 4, 1, &value));
	assert_false(machine_gicd(a(0), false, GICD_ISENABLER + 4, 8, &value));
	assert_false(machine_gicd(a(0), false, GICD_IPRIORITYR + 40, 2, &value));
	assert_false(machine_gicd(a(0), true, GICD_IROUTER + 8 * 40, 2, &value));
	assert_false(machine_gicd(a(0), false, 0x10000, 4, &value));
	assert_false(machine_gicd(a(0), false, UINT64_C(0x100000000), 4, &value));
	assert_false(machine_gicr(a(0), false, GICR_TYPER + 4, 8, &value));
	assert_false(machine_gicr(a(0), false, GICR_WAKER, 1, &value));
	assert_false(machine_gicr(a(0), false, GICR_SGI_FRAME + GICD_ISENABLER, 8, &value));
	assert_false(machine_gicr(a(0), false, UINT64_C(0xffffffff00000000), 4, &value));
	assert_true(machine_gicr(a(0), false, GICR_SGI_FRAME + GICD_IPRIORITYR + 3, 1, &value));
	/* INTID 0..31 in the distributor: reserved with affinity routing. */
	value = UINT32_MAX;
	assert_true(machine_gicd(a(0), true, GICD_ISENABLER, 4, &value));
	assert_int_equal(machine_read(a(0), GICD_ISENABLER), 0);
}

static void router(void **state)
{
	uint64_t value;

	(void)state;
	machine_start(4);
	for (uint32_t i = 0; i < 3; i++) {
		value = vcpu_mpidr(&domains[0], i) | BIT64(31); /* no 1-of-N: IRM is reserved */
		assert_true(machine_gicd(a(0), true, GICD_IROUTER + 8 * 40, 8, &value));
		assert_true(machine_gicd(a(0), false, GICD_IROUTER + 8 * 40, 8, &value));
		assert_int_equal(value, vcpu_mpidr(&domains[0], i));
		assert_int_equal(gicm_view(0, 40).route, vcpu_mpidr(&domains[0], i));
	}
	/* Another domain's CPU, and one that is not there, change nothing. */
	value = 1;
	assert_true(machine_gicd(a(0), true, GICD_IROUTER + 8 * 40, 8, &value));
	value = 0x777;
	assert_true(machine_gicd(a(0), true, GICD_IROUTER + 8 * 40, 8, &value));
	assert_int_equal(gicm_view(0, 40).route, 0x100000001);
	/* By halves, low first. */
	value = 0x112;
	assert_true(machine_gicd(a(0), true, GICD_IROUTER + 8 * 40, 4, &value));
	value = 0;
	assert_true(machine_gicd(a(0), true, GICD_IROUTER + 8 * 40 + 4, 4, &value));
	assert_int_equal(gicm_view(0, 40).route, 0x112);
	assert_true(machine_gicd(a(0), false, GICD_IROUTER + 8 * 40, 4, &value));
	assert_int_equal(value, 0x112);
	/* Not ours: reads as zero, and stays where it is. */
	value = 0;
	assert_true(machine_gicd(a(0), true, GICD_IROUTER + 8 * 60, 8, &value));
	assert_int_equal(gicm_view(0, 60).route, 1);
	assert_true(machine_gicd(a(0), false, GICD_IROUTER + 8 * 60, 8, &value));
	assert_int_equal(value, 0);
}

static void waker(void **state)
{
	uint64_t value = GICR_WAKER_SLEEP;

	(void)state;
	machine_start(4);
	machine_write(a(0), GICD_CTLR, 3);
	machine_open(a(0), false);
	machine_write(a(0), GICD_ISENABLER, UINT32_MAX);
	assert_true(machine_gicr(a(0), true, GICR_WAKER, 4, &value));
	assert_true(machine_gicr(a(0), false, GICR_WAKER, 4, &value));
	assert_int_equal(value, GICR_WAKER_SLEEP | GICR_WAKER_ASLEEP);
	machine_line(a(0), 27, true);
	assert_int_equal(machine_ack(a(0)), GICM_SPURIOUS);
	value = 0;
	assert_true(machine_gicr(a(0), true, GICR_SIZE + GICR_WAKER, 4, &value)); /* another vCPU's */
	assert_int_equal(machine_ack(a(0)), GICM_SPURIOUS);
	assert_true(machine_gicr(a(0), true, GICR_WAKER, 4, &value));
	assert_true(machine_gicr(a(0), false, GICR_WAKER, 4, &value));
	assert_int_equal(value, 0);
	assert_int_equal(machine_ack(a(0)) & 0x3ff, 27);
}

/* Every SGI register value's targets: none outside of the domain. */
static void sgi_targets(void **state)
{
	(void)state;
	machine_start(4);
	for (uint32_t c = 0; c < MACHINE_CPUS; c++) {
		machine_write(&cpus[c].vcpu, GICD_CTLR, 3);
		machine_write(&cpus[c].vcpu, GICD_ISENABLER, 0xffff);
		machine_open(&cpus[c].vcpu, false);
	}
	for (uint32_t i = 0; i < 200000; i++) {
		uint64_t value = (uint64_t)machine_random(2) << 48 | (uint64_t)machine_random(3) << 44 |
				 (uint64_t)(machine_random(8) == 0) << 40 | (uint64_t)machine_random(2) << 32 |
				 (uint64_t)machine_random(16) << 24 | (uint64_t)machine_random(3) << 16 |
				 machine_random(65536);
		struct vcpu *from = &cpus[machine_random(MACHINE_CPUS)].vcpu;

		model_cpu = vcpu_cpu(from)->index;
		vgic_write_sgi1r(from, value);
		machine_settle();
		for (uint32_t c = 0; c < MACHINE_CPUS; c++) {
			struct vcpu *to = &cpus[c].vcpu;
			uint64_t m = mpidrs[c];
			bool listed = m >> 32 == value >> 48 && (m >> 16 & 0xff) == (value >> 32 & 0xff) &&
				      (m >> 8 & 0xff) == (value >> 16 & 0xff) &&
				      (m >> 4 & 0xf) == (value >> 44 & 0xf) && (value >> (m & 0xf) & 1) != 0;
			bool expected = to->domain == from->domain &&
					((value & ICC_SGIR_IRM) != 0 ? to != from : listed);
			uint32_t iar = machine_ack(to);

			assert_int_equal(iar != GICM_SPURIOUS, expected);
			if (expected) {
				assert_int_equal(iar & 0x3ff, value >> 24 & 0xf);
				machine_eoi(to, iar);
			}
			assert_int_equal(machine_ack(to), GICM_SPURIOUS);
		}
	}
}

static void sgi_groups(void **state)
{
	(void)state;
	machine_start(4);
	machine_write(a(0), GICD_CTLR, 3);
	machine_write(a(0), GICD_ISENABLER, 0xffff);
	machine_write(a(0), GICD_IGROUPR, UINT32_C(0xfffffff7));
	machine_open(a(0), false);
	model_cpu = 0;
	assert_true(vgic_write_sgi0r(a(0), UINT64_C(2) << 24 | 1)); /* SGI 2 is in Group 1 */
	assert_int_equal(machine_ack(a(0)), GICM_SPURIOUS);
	assert_true(vgic_write_sgi0r(a(0), UINT64_C(3) << 24 | 1));
	assert_int_equal(machine_ack(a(0)), 3); /* in Group 0 */
}

/* GICv4's redistributors have four frames; the driver finds its way. */
static void stride_of_gicv4(void **state)
{
	struct gicm_config config = machine_gic;

	(void)state;
	config.gicr_stride = 0x40000;
	config.lrs = 4;
	model_reset();
	gicm_init(&config);
	assert_null(gic_init());
	model_cpu = 3;
	assert_null(gic_cpu_init(3));
	assert_int_equal(gic_banked_base[3], GICR_BASE + 3 * 0x40000 + 0x10000);
}

static const char *init_with(struct gicm_config config, uint32_t cpu)
{
	const char *wrong;

	config.lrs = 4;
	model_reset();
	gicm_init(&config);
	wrong = gic_init();
	model_cpu = cpu;
	return wrong != NULL ? wrong : gic_cpu_init(cpu);
}

/* Broken hardware is named, and waited for no longer than the bound. */
static void hardware_faults(void **state)
{
	static const uint64_t elsewhere[MACHINE_CPUS] = {0x10, 0x11, 0x12, 0x13};
	struct gicm_config config = machine_gic;

	(void)state;
	assert_null(init_with(config, 2));
	config.stuck_rwp = true;
	assert_string_equal(init_with(config, 0), "GICD_CTLR.RWP stays set");
	config = machine_gic;
	config.no_are = true;
	assert_non_null(strstr(init_with(config, 0), "ARE_NS"));
	config = machine_gic;
	config.stuck_asleep = true;
	assert_string_equal(init_with(config, 0), "the redistributor does not wake");
	config = machine_gic;
	config.mpidr = elsewhere;
	assert_string_equal(init_with(config, 0), "no redistributor has this CPU's affinity");
	config = machine_gic;
	config.no_sre = true;
	assert_string_equal(init_with(config, 0), "ICC_SRE_EL2.SRE cannot be set");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(typer_and_ids),
		cmocka_unit_test(access_sizes),
		cmocka_unit_test(router),
		cmocka_unit_test(waker),
		cmocka_unit_test(sgi_targets),
		cmocka_unit_test(sgi_groups),
		cmocka_unit_test(stride_of_gicv4),
		cmocka_unit_test(hardware_faults),
		cmocka_unit_test(case_reset_state),
		cmocka_unit_test(case_level_ppi),
		cmocka_unit_test(case_edge_spi),
		cmocka_unit_test(case_overflow_keeps_order),
		cmocka_unit_test(case_nested_more_than_lrs),
		cmocka_unit_test(case_disable_takes_back),
		cmocka_unit_test(case_disable_takes_back_from_other_cpu),
		cmocka_unit_test(case_unpend_and_deactivate),
		cmocka_unit_test(case_virq_resamples),
		cmocka_unit_test(case_virq_line_drops),
		cmocka_unit_test(case_route_moves_pending),
		cmocka_unit_test(case_sgi_all_pairs),
		cmocka_unit_test(case_sgi_wakes_when_enabled),
		cmocka_unit_test(case_group_enables),
		cmocka_unit_test(case_cpu_off_and_on),
		cmocka_unit_test(case_cpu_off_race),
		cmocka_unit_test(case_suspend),
		cmocka_unit_test(case_domain_off),
		cmocka_unit_test(case_stray),
		cmocka_unit_test(case_config),
		cmocka_unit_test(case_physical_state),
		cmocka_unit_test(case_restart),
		cmocka_unit_test(case_deaf_cpu),
		cmocka_unit_test(case_isolation_sweep),
		cmocka_unit_test(case_random),
	};

	machine_seed(1);
	return cmocka_run_group_tests_name("vgic_v3", tests, NULL, NULL);
}
