// SPDX-License-Identifier: Apache-2.0
// sources: hv/irq/gicd.c hv/irq/gicv2.c hv/irq/gicv2_vif.c
// sources: hv/guest/vgic.c hv/guest/vgic_call.c hv/guest/vgic_file.c hv/guest/vgic_lr.c hv/guest/vgic_op.c
// sources: hv/guest/vgic_prop.c hv/guest/vgic_virq.c hv/guest/vgic_v2.c hv/guest/xen/none.c
// sources: hv/guest/its/none.c hv/irq/its_none.c
// sources: tests/models/model.c tests/models/gic_*.c tests/unit/vgic/*.c
/* The virtual GICv2 on the GICv2 model (a GIC-400 decoded in 64 KiB steps). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "guest/vgic.h"
#include "irq/gic.h"
#include "unit/vgic/cases.h"
#include "unit/vgic/machine.h"

struct gicm_config machine_gic = {
	.version = 2,
	.cpus = MACHINE_CPUS,
	.gicd = GICD_BASE,
	.gicc = GICC_BASE,
	.gich = GICH_BASE,
	.alias64k = true,
};

const struct cpu_desc machine_cpus[MACHINE_CPUS] = {
	{.mpidr = 0x0, .domain = 0, .vcpu = 0},
	{.mpidr = 0x1, .domain = 1, .vcpu = 0},
	{.mpidr = 0x100, .domain = 0, .vcpu = 1},
	{.mpidr = 0x101, .domain = 0, .vcpu = 2},
};

const struct board_tables board = {
	.magic = TABLES_MAGIC,
	.cpu_count = MACHINE_CPUS,
	.domain_count = MACHINE_DOMAINS,
	.gic = {.version = GIC_V2,
		.maintenance = GICM_MAINTENANCE,
		.gicd = {GICD_BASE, 0x1000},
		.gicc = {GICC_BASE, 0x20000},
		.gich = {GICH_BASE, 0x1000}},
	.cpus = machine_cpus,
	.domains = machine_domains,
};

static struct vcpu *a(uint32_t index)
{
	return domain_vcpu(&domains[0], index);
}

static void open_all(void)
{
	machine_start(4);
	for (uint32_t c = 0; c < MACHINE_CPUS; c++) {
		machine_write(&cpus[c].vcpu, GICD_CTLR, 3);
		machine_open(&cpus[c].vcpu, false);
	}
}

static void typer_and_ids(void **state)
{
	(void)state;
	machine_start(4);
	assert_int_equal(machine_read(a(0), GICD_TYPER), 3u | 2u << 5);
	assert_int_equal(machine_read(domain_vcpu(&domains[1], 0), GICD_TYPER), 3u);
	assert_int_equal(machine_read(a(0), GICD_CTLR), 0);
	assert_int_equal(machine_read(a(0), 0xfe8), 0x2b);
	assert_int_equal(machine_read(a(0), 0xffc), 0xb1);
	assert_int_equal(machine_read(a(0), GICD_ISENABLER), 0xffff); /* SGIs always are */
}

static void access_sizes(void **state)
{
	uint64_t value = 0;

	(void)state;
	machine_start(4);
	assert_false(machine_gicd(a(0), false, GICD_CTLR, 1, &value));
	assert_false(machine_gicd(a(0), false, GICD_CTLR, 8, &value));
	assert_false(machine_gicd(a(0), false, GICD_CTLR + 1, 4, &value));
	assert_false(machine_gicd(a(0), true, GICD_SGIR, 2, &value));
	assert_false(machine_gicd(a(0), false, GICD_ITARGETSR + 40, 2, &value));
	assert_false(machine_gicd(a(0), false, GICD_SPENDSGIR, 2, &value));
	assert_false(machine_gicd(a(0), false, 0x1000, 4, &value));
	assert_false(machine_gicr(a(0), false, 0, 4, &value));
	assert_false(vgic_write_sgi1r(a(0), 1));
	assert_true(machine_gicd(a(0), false, GICD_ITARGETSR + 41, 1, &value));
	assert_true(machine_gicd(a(0), false, GICD_SPENDSGIR + 3, 1, &value));
}

static void targets(void **state)
{
	uint64_t value = 0xff;

	(void)state;
	open_all();
	for (uint32_t i = 0; i < 3; i++) {
		/* A CPU finds its own interface number here. */
		assert_int_equal(machine_read(a(i), GICD_ITARGETSR), (1u << i) * 0x01010101u);
	}
	/* vCPUs 0, 1, 2 are CPUs 0, 2, 3; bits of CPUs the domain has not are ignored. */
	assert_true(machine_gicd(a(0), true, GICD_ITARGETSR + 40, 1, &value));
	assert_int_equal(gicm_view(0, 40).route, 0xd);
	assert_int_equal(machine_read(a(0), GICD_ITARGETSR + 40) & 0xff, 0x7);
	value = 2;
	assert_true(machine_gicd(a(0), true, GICD_ITARGETSR + 40, 1, &value));
	assert_int_equal(gicm_view(0, 40).route, 0x4);
	value = 0xff;
	assert_true(machine_gicd(a(0), true, GICD_ITARGETSR + 60, 1, &value));
	assert_int_equal(gicm_view(0, 60).route, 0x2); /* the other domain's */
	assert_int_equal(machine_read(a(0), GICD_ITARGETSR + 60), 0);
}

/* A route to a CPU that has not come on is programmed when it does. */
static void targets_before_cpu_on(void **state)
{
	(void)state;
	open_all();
	machine_cpu_off(a(2));
	machine_write(a(0), GICD_ITARGETSR + 40, 0x04);
	machine_cpu_on(a(2));
	assert_int_equal(gicm_view(0, 40).route, 0x8);
}

/* The same SGI from several CPUs is as many interrupts, each naming its sender. */
static void sgi_senders(void **state)
{
	uint32_t seen = 0;
	uint64_t value;

	(void)state;
	open_all();
	for (uint32_t i = 0; i < 3; i++) {
		machine_sgi(a(i), a(1), 5);
		machine_sgi(a(i), a(1), 5); /* pending already */
	}
	assert_int_equal(machine_read(a(1), GICD_SPENDSGIR + 4), 0x7 << 8);
	value = 1;
	assert_true(machine_gicd(a(1), true, GICD_CPENDSGIR + 5, 1, &value));
	assert_int_equal(machine_read(a(1), GICD_CPENDSGIR + 4), 0x6 << 8);
	for (uint32_t i = 0; i < 2; i++) {
		uint32_t iar = machine_ack(a(1));

		assert_int_equal(iar & 0x3ff, 5);
		seen |= 1u << (iar >> 10 & 7);
		assert_int_equal(machine_ack(a(1)), GICM_SPURIOUS); /* not before this one ends */
		machine_eoi(a(1), iar);
	}
	assert_int_equal(seen, 0x6);
	assert_int_equal(machine_ack(a(1)), GICM_SPURIOUS);
	value = 0x3;
	assert_true(machine_gicd(a(1), true, GICD_SPENDSGIR + 9, 1, &value));
	seen = machine_ack(a(1));
	assert_int_equal(seen & 0x3ff, 9);
	machine_eoi(a(1), seen);
	assert_int_equal(machine_ack(a(1)) & 0x3ff, 9);
}

static void sgi_filters(void **state)
{
	(void)state;
	open_all();
	for (uint32_t filter = 0; filter < 4; filter++) {
		for (uint32_t list = 0; list < 256; list++) {
			struct vcpu *from = a(list % 3);
			uint32_t expect = filter == 0 ? list & 7 : filter == 1 ? 7u & ~(1u << from->index)
						      : filter == 2 ? 1u << from->index : 0;

			machine_write(from, GICD_SGIR, filter << 24 | list << 16 | 0x8000 | (list & 0xf));
			for (uint32_t c = 0; c < MACHINE_CPUS; c++) {
				struct vcpu *to = &cpus[c].vcpu;
				bool hit = to->domain == from->domain && (expect >> to->index & 1) != 0;
				uint32_t iar = machine_ack(to);

				assert_int_equal(iar, hit ? (list & 0xf) | from->index << 10 : GICM_SPURIOUS);
				if (hit) {
					machine_eoi(to, iar);
				}
			}
		}
	}
}

/* QEMU's GICv2 forgets to signal again what a guest's end deactivates. */
static void deaf_end(void **state)
{
	machine_gic.deaf_end = true;
	case_level_ppi(state);
	case_virq_resamples(state);
	case_nested_more_than_lrs(state);
	case_suspend(state);
	case_cpu_off_and_on(state);
	machine_gic.deaf_end = false;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(typer_and_ids),
		cmocka_unit_test(access_sizes),
		cmocka_unit_test(targets),
		cmocka_unit_test(targets_before_cpu_on),
		cmocka_unit_test(sgi_senders),
		cmocka_unit_test(sgi_filters),
		cmocka_unit_test(case_reset_state),
		cmocka_unit_test(case_level_ppi),
		cmocka_unit_test(deaf_end),
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
	return cmocka_run_group_tests_name("vgic_v2", tests, NULL, NULL);
}
