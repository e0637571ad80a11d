// SPDX-License-Identifier: Apache-2.0
// sources: hv/irq/gicd.c hv/irq/gicv3.c hv/irq/gicv3_vif.c hv/irq/its.c hv/irq/lpi.c
// sources: hv/guest/vgic.c hv/guest/vgic_call.c hv/guest/vgic_file.c hv/guest/vgic_lr.c hv/guest/vgic_op.c
// sources: hv/guest/vgic_prop.c hv/guest/vgic_virq.c hv/guest/vgic_v3.c hv/guest/xen/none.c
// sources: hv/guest/its/vits.c hv/guest/its/vits_cmd.c hv/guest/its/vits_map.c hv/guest/its/vlpi.c
// sources: tests/models/model.c tests/models/gic_*.c tests/unit/vgic/machine.c tests/unit/its/machine.c
/* LPIs that move: to other CPUs, to CPUs that go off and on, away with their domain; and long
 * queues and random traffic. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "guest/vgic.h"
#include "irq/gic.h"
#include "unit/its/machine.h"

static void moves(void **state)
{
	(void)state;
	for (uint32_t lrs = 1; lrs < 5; lrs++) {
		its_machine_start(lrs, true);
		its_map_device();
		for (uint32_t n = 0; n < 3; n++) {
			its_message(DEVICE, n);
		}
		/* Those in list registers, and those that wait, go with them. */
		for (uint32_t n = 0; n < 3; n++) {
			assert_true(its_movi(a(n), DEVICE, n, 1));
		}
		assert_int_equal(its_take(a(0)), GICM_SPURIOUS);
		for (uint32_t n = 0; n < 3; n++) {
			assert_int_equal(its_take(a(1)), LPI(n));
		}
		its_message(DEVICE, 1);
		assert_int_equal(its_take(a(0)), GICM_SPURIOUS);
		assert_int_equal(its_take(a(1)), LPI(1));
		/* All of a CPU's at once. */
		its_message(DEVICE, 0);
		its_message(DEVICE, 2);
		assert_false(its_do(a(0), ITS_MOVALL, 0, UINT64_C(1) << 16, UINT64_C(2) << 16));
		assert_int_equal(its_take(a(1)), GICM_SPURIOUS);
		assert_int_equal(its_take(a(2)), LPI(0));
		assert_int_equal(its_take(a(2)), LPI(2));
	}
}

/* What is pending at a CPU that goes off is there when it comes on, or goes along. */
static void cpu_off(void **state)
{
	(void)state;
	for (uint32_t lrs = 1; lrs < 4; lrs++) {
		its_machine_start(lrs, true);
		its_map_device();
		for (uint32_t n = 0; n < 4; n++) {
			assert_true(its_movi(a(0), DEVICE, n, 2));
			its_message(DEVICE, n);
		}
		machine_cpu_off(a(2));
		assert_true(its_movi(a(0), DEVICE, 0, 1));
		assert_true(its_movi(a(0), DEVICE, 3, 0));
		assert_int_equal(its_take(a(1)), LPI(0));
		assert_int_equal(its_take(a(0)), LPI(3));
		its_message(DEVICE, 1); /* the redistributor keeps it */
		machine_cpu_on(a(2));
		machine_open(a(2), false);
		machine_settle();
		assert_int_equal(its_take(a(2)), LPI(1));
		assert_int_equal(its_take(a(2)), LPI(2));
		its_message(DEVICE, 2);
		assert_int_equal(its_take(a(2)), LPI(2));
		assert_int_equal(its_take(a(2)), GICM_SPURIOUS);
	}
}

static void forgets(void **state)
{
	(void)state;
	its_machine_start(1, true);
	its_map_device();
	assert_true(its_event(a(0), ITS_INT, DEVICE, 5));
	assert_int_equal(its_take(a(0)), LPI(5));
	for (uint32_t n = 0; n < 3; n++) {
		its_message(DEVICE, n);
	}
	assert_true(its_event(a(1), ITS_CLEAR, DEVICE, 0));
	assert_true(its_event(a(1), ITS_DISCARD, DEVICE, 1));
	assert_int_equal(its_take(a(0)), LPI(2));
	assert_int_equal(its_take(a(0)), GICM_SPURIOUS);
	its_message(DEVICE, 0);
	its_message(DEVICE, 1);
	assert_int_equal(its_take(a(0)), LPI(0));
	assert_int_equal(its_take(a(0)), GICM_SPURIOUS);
	assert_true(its_mapti(a(0), DEVICE, 1, LPI(20), 1));
	its_message(DEVICE, 1);
	assert_int_equal(its_take(a(1)), LPI(20));
}

/* A long queue is done in pieces, and goes around. */
static void long_queue(void **state)
{
	(void)state;
	its_machine_start(4, true);
	its_map_device();
	for (uint32_t round = 0; round < 3; round++) {
		uint64_t at = its_reg(a(0), GITS_CWRITER);

		for (uint32_t i = 0; i < 250; i++) {
			uint64_t words[] = {(uint64_t)DEVICE << 32 | ITS_INT, i % 8, 0, 0};

			memcpy(its_ram(0) + QUEUE + at, words, sizeof(words));
			at = (at + ITS_CMD_SIZE) % 0x2000;
		}
		its_set_reg(a(0), GITS_CWRITER, at);
		assert_int_equal(its_reg(a(1), GITS_CREADR), at);
		assert_int_equal(its_warnings, 0);
		for (uint32_t n = 0; n < 8; n++) {
			assert_int_equal(its_take(a(0)), LPI(n));
		}
	}
}

/* The domain's end: its devices' messages are nothing any more. */
static void domain_off(void **state)
{
	(void)state;
	its_machine_start(4, true);
	its_map_device();
	machine_cpu_off(a(2));
	machine_cpu_off(a(1));
	machine_cpu_off(a(0));
	vgic_domain_off(&domains[0]);
	for (uint32_t n = 0; n < 8; n++) {
		its_message(DEVICE, n);
	}
	its_check_neighbour();
}

/* Messages and ends at random: whatever was sent is taken, at its CPU. */
static void random_traffic(void **state)
{
	uint32_t at[8] = {0}, depth[3] = {0}, iars[3][8], taken = 0;
	bool owed[8] = {false};

	(void)state;
	its_hardware = (struct gicm_config){.lpi_stays = true};
	its_machine_start(2, true);
	its_map_device();
	machine_seed(7);
	for (uint32_t i = 0; i < 20000; i++) {
		uint32_t n = machine_random(8), cpu = machine_random(3);

		if (i % 4 == 0) {
			its_message(DEVICE, n);
			owed[n] = true;
		} else if (i % 16 == 1) {
			at[n] = machine_random(3);
			assert_true(its_movi(a(cpu), DEVICE, n, at[n]));
		} else if (i % 16 == 2) {
			its_change_property(n, (uint8_t)(machine_random(16) << 4 | 1));
		} else if (machine_random(2) == 0 && depth[cpu] < 7) {
			uint32_t iar = machine_ack(a(cpu)), lpi = (iar & 0xffff) - 8192;

			if (iar != GICM_SPURIOUS) {
				assert_true(lpi < 8 && owed[lpi]);
				assert_int_equal(at[lpi], cpu);
				owed[lpi] = false;
				iars[cpu][depth[cpu]++] = iar;
				taken++;
			}
		} else if (depth[cpu] != 0) {
			machine_eoi(a(cpu), iars[cpu][--depth[cpu]]);
		}
	}
	for (uint32_t cpu = 0; cpu < 3; cpu++) {
		while (depth[cpu] != 0) {
			machine_eoi(a(cpu), iars[cpu][--depth[cpu]]);
		}
	}
	for (uint32_t i = 0; i < 3 * 8; i++) {
		uint32_t intid = its_take(a(i % 3));

		if (intid != GICM_SPURIOUS) {
			assert_true(owed[intid - 8192]);
			owed[intid - 8192] = false;
		}
	}
	for (uint32_t n = 0; n < 8; n++) {
		assert_false(owed[n]);
	}
	assert_true(taken > 1000);
	its_hardware = (struct gicm_config){0};
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(moves),
		cmocka_unit_test(cpu_off),
		cmocka_unit_test(forgets),
		cmocka_unit_test(long_queue),
		cmocka_unit_test(domain_off),
		cmocka_unit_test(random_traffic),
	};

	return cmocka_run_group_tests_name("vits_move", tests, NULL, NULL);
}
