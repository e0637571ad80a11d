// SPDX-License-Identifier: Apache-2.0
// sources: hv/guest/vsmmuv3/[!n]*.c hv/iommu/smmuv3*.c hv/domain/[ds]*.c hv/firmware/bootargs.c
// sources: hv/mm/stage2.c tests/models/model.c tests/models/smmuv3*.c
// sources: tests/unit/vsmmu/*.c tests/unit/smmu/maps.c
/* The virtual SMMUv3 over time: starts and ends, long work, SMMUs that fail. */
#include <string.h>

#include "iommu/iommu.h"
#include "unit/vsmmu/guest.h"

#define CFGI_STE(virt) (0x03 | (uint64_t)(virt) << 32), 1
#define CFGI_ALL 0x04, 31
#define S1_SHARED (RAM_IPA + MIB(1)) /* second level that many groups share */

static void boot(bool qemu, bool coherent)
{
	machine_prepare(qemu, coherent, false);
	machine_eager = !qemu;
	machine_boot();
	guest_start(A);
}

static uint64_t level1(uint32_t group)
{
	return ((const uint64_t *)(uintptr_t)(machine_smmus[0].strtab_base & GENMASK64(51, 6)))[group];
}

/* A restarted domain finds its SMMU as out of reset, and nothing of its stage 1 is left. */
static void test_restart(void **state)
{
	static const uint32_t streams[] = {A_FEW, A_GROUP + 1, A_OTHER, A_MANY};

	(void)state;
	for (int coherent = 0; coherent < 2; coherent++) {
		boot(false, coherent != 0);
		guest_start(B);
		guest_attach(B, B_FEW);
		for (uint32_t i = 0; i < ARRAY_SIZE(streams); i++) {
			guest_attach(A, streams[i]);
			assert_int_equal(guest_reads(A, streams[i], VA_DATA), 1);
		}
		assert_int_equal(guest_reads(A, A_FEW, VA_DATA + 0x9000), 0);
		machine_settle();
		assert_false(guest_command(A, 0xff, 0));
		model_cpu = 0;
		vsmmuv3_reset(&domains[A], 0);
		machine_check();
		assert_int_equal(get(A, CR0), 0);
		assert_int_equal(get(A, CR0ACK), 0);
		assert_int_equal(get(A, GBPA), BIT32(20));
		assert_int_equal(get(A, GERROR) | get(A, GERRORN) | get(A, CMDQ_PROD) | get(A, CMDQ_CONS), 0);
		assert_int_equal(get(A, EVTQ_PROD) | get(A, EVTQ_CONS) | get(A, IRQ_CTRL), 0);
		for (uint32_t i = 0; i < ARRAY_SIZE(streams); i++) {
			assert_int_equal(guest_reads(A, streams[i], VA_DATA), 0);
			assert_int_equal(guest_reads(A, streams[i], G_DATA), 0);
		}
		/* The pages for its groups are back, and B's is still there. */
		assert_int_equal(level1(0x40 / 64), level1(0x4000 / 64));
		assert_int_equal(guest_reads(B, B_FEW, VA_DATA), 1);
		guest_start(A);
		guest_attach(A, A_FEW);
		assert_int_equal(guest_reads(A, A_FEW, VA_DATA), 1);
	}
}

/* What happened before, and was on its way, is not told to the domain that starts anew. */
static void test_restart_forgets_events(void **state)
{
	uint64_t wake;
	bool hold;

	(void)state;
	boot(false, true);
	guest_attach(A, A_FEW);
	assert_int_equal(guest_reads(A, A_FEW, VA_DATA + 0x9000), 0);
	model_cpu = 0;
	assert_true(iommu_handle_irq(machine_smmus[0].evtq_intid, &wake, &hold) && wake == BIT64(A));
	vsmmuv3_reset(&domains[A], 0);
	guest_start(A);
	machine_settle();
	assert_int_equal(get(A, EVTQ_PROD), 0);
}

/* Words on the hypervisor's command line. */
static void test_options(void **state)
{
	static const struct {
		const char *line;
		bool a, b, complains;
	} cases[] = {
		{"", true, true, false},
		{"viommu=off", false, false, false},
		{"viommu=on", true, true, false},
		{"viommu=false", false, false, false},
		{"viommu=0 viommu.a=yes", true, false, false},
		{"viommu=no viommu.b=true viommu.a=1", true, true, false},
		{"quiet viommu.a=off", false, true, false},
		{"viommu=off viommu.b=on x", false, true, false},
		{"viommu.a=off viommu.a=on", true, true, false},
		{"viommu.c=off", true, true, true},
		{"viommu.a=maybe", true, true, true},
		{"viommu=offx", true, true, true},
		{"viommux=off", true, true, false},
		{"viommu.", true, true, true},
		{"viommu.ab=off", true, true, true},
	};

	(void)state;
	for (uint32_t i = 0; i < ARRAY_SIZE(cases); i++) {
		machine_prepare(false, true, false);
		/* What the one before said does not stay. */
		machine_bootargs = "viommu=on";
		machine_boot();
		machine_bootargs = cases[i].line;
		machine_boot();
		assert_int_equal(machine_said("command line"), machine_said("by the command line") || cases[i].complains);
		for (uint32_t d = A; d < C; d++) {
			bool on = d == A ? cases[i].a : cases[i].b;

			assert_int_equal(get(d, IDR0) != 0, on);
			guest_tables(d);
			/* Without, plain stage 2. */
			assert_int_equal(guest_reads(d, d == A ? A_FEW : B_FEW, G_DATA), on ? 0 : 1);
			assert_int_equal(guest_reads(d, d == A ? A_OTHER : B_OTHER, G_DATA), on ? 0 : 1);
			if (!on) {
				for (uint32_t reg = 0; reg < 0x110; reg += 4) {
					set(d, reg, UINT32_MAX);
					assert_int_equal(get(d, reg), 0);
				}
				machine_settle();
				assert_int_equal(guest_reads(d, d == A ? A_FEW : B_FEW, G_DATA), 1);
			}
		}
	}
	/* For the tests that follow. */
	machine_bootargs = "viommu=on";
	machine_boot();
}

/* All 16,384 streams of a bus are nested, by a second level that all its groups share. */
static void shared_tables(uint64_t w0)
{
	for (uint32_t group = A_MANY / 64; group < A_MANY / 64 + 256; group++) {
		*guest_word(A, G_STRTAB + 8 * group) = S1_SHARED | 7;
	}
	for (uint32_t i = 0; i < 64; i++) {
		guest_word(A, S1_SHARED + 64 * i)[0] = w0;
		guest_word(A, S1_SHARED + 64 * i)[1] = 0xd4;
	}
}

/* CFGI_ALL over all of a large table goes on across accesses, each of bounded work, and
 * CMDQ_CONS moves when it is done. */
static void test_long_walk(void **state)
{
	uint32_t rounds = 0;

	(void)state;
	boot(false, true);
	shared_tables(1 | 4 << 1);
	guest_put(A, CFGI_ALL);
	guest_ring(A);
	while (get(A, CMDQ_CONS) != guests[A].prod) {
		assert_true(++rounds < 10000);
		assert_true(machine_maps < 6000 && machine_mmio < 20000);
	}
	assert_true(rounds > 2);
	/* By the alarm alone. */
	guest_put(A, CFGI_ALL);
	guest_ring(A);
	machine_settle();
	assert_int_equal(get(A, CMDQ_CONS), guests[A].prod);
}

static uint64_t commands(void)
{
	uint64_t sum = 0;

	for (uint32_t i = 0; i < ARRAY_SIZE(smmum_counts.commands); i++) {
		sum += smmum_counts.commands[i];
	}
	return sum;
}

/* CFGI_ALL that changes, or has read again, all that is nested: so much of it at a time, for
 * each entry takes the SMMU's time. */
static void test_long_change(void **state)
{
	static const uint32_t groups[] = {A_GROUP, A_MANY, A_MANY + 64};
	uint64_t before;

	(void)state;
	boot(false, true);
	machine_eager = false;
	for (uint32_t round = 0; round < 4; round++) {
		for (uint32_t i = 0; i < 3 * 64; i++) {
			uint32_t stream = groups[i / 64] + i % 64;

			guest_set_nested(A, stream);
			guest_ste(A, stream)[1] ^= round == 1 || round == 2 ? 0xfc : 0;
		}
		if (round == 3) {
			/* No second levels: all of them abort. */
			memset(guest_word(A, G_STRTAB), 0, 0x4000);
		}
		guest_put(A, CFGI_ALL);
		before = commands();
		guest_ring(A);
		do {
			assert_true(commands() - before <= 400);
			before = commands();
		} while (get(A, CMDQ_CONS) != guests[A].prod);
		assert_int_equal(guest_reads(A, A_MANY + 99, VA_DATA), round == 3 ? 0 : 1);
	}
}

/* The guest turns off what is being walked, or moves it, or ends. */
static void test_long_walk_broken_off(void **state)
{
	(void)state;
	for (uint32_t how = 0; how < 5; how++) {
		boot(false, true);
		guest_attach(A, A_FEW);
		shared_tables(1 | 5 << 1 | G_CD);
		guest_put(A, CFGI_ALL);
		guest_ring(A);
		switch (how) {
		case 0:
			set(A, CR0, CMDQEN | EVTQEN);
			break;
		case 1:
			set(A, CR0, SMMUEN);
			break;
		case 2:
			set(A, CR0, 0);
			set(A, CR0, ALL_ON);
			break;
		case 3:
			model_cpu = 0;
			vsmmuv3_reset(&domains[A], 0);
			break;
		default:
			set(A, CMDQ_PROD, get(A, CMDQ_CONS));
			set(A, GBPA, BIT32(31));
			break;
		}
		machine_settle();
		machine_check();
		if (how == 3) {
			assert_int_equal(get(A, CR0ACK), 0);
			guest_start(A);
			guest_attach(A, A_FEW);
		} else {
			set(A, CR0, ALL_ON);
			machine_settle();
			assert_int_equal(get(A, CR0ACK), ALL_ON);
		}
		assert_int_equal(guest_reads(A, A_FEW, VA_DATA), 1);
	}
}

/* A live stream goes from each form to each other. */
static void test_live_changes(void **state)
{
	(void)state;
	for (int kind = 0; kind < 4; kind++) {
		boot((kind & 1) != 0, (kind & 2) != 0);
		for (uint32_t i = 0; i < 4 * 4 * 4; i++) {
			static const uint32_t streams[] = {A_FEW, A_GROUP, A_OTHER, A_MANY};
			uint32_t stream = streams[i & 3];
			uint32_t forms[2] = {i >> 2 & 3, i >> 4};

			for (uint32_t n = 0; n < 2; n++) {
				uint64_t *ste = guest_ste(A, stream);

				switch (forms[n]) {
				case 0:
					ste[0] = 1;
					break;
				case 1:
					guest_set_bypass(A, stream);
					break;
				case 2:
					guest_set_nested(A, stream);
					break;
				default:
					guest_set_nested(A, stream);
					ste[1] ^= 0xfc;
					break;
				}
				assert_true(guest_command(A, CFGI_STE(stream)));
				assert_int_equal(guest_reads(A, stream, VA_DATA), forms[n] >= 2 ? 1 : 0);
				assert_int_equal(guest_reads(A, stream, G_DATA), forms[n] == 1 ? 1 : 0);
			}
		}
	}
}

/* The hypervisor stops a domain's DMA, whatever its guest does. */
static void test_blocked(void **state)
{
	(void)state;
	boot(false, true);
	guest_attach(A, A_FEW);
	guest_attach(A, A_MANY + 1);
	guest_start(B);
	guest_attach(B, B_FEW);
	model_cpu = 0;
	assert_true(iommu_domain_block(A, 0));
	machine_check();
	assert_int_equal(guest_reads(A, A_FEW, VA_DATA), 0);
	assert_int_equal(guest_reads(A, A_MANY + 1, VA_DATA), 0);
	assert_int_equal(guest_reads(B, B_FEW, VA_DATA), 1);
}

/* An SMMU that does not do what it is told: the guest sees service failure, not a hang. */
static void test_smmu_fails(void **state)
{
	(void)state;
	for (uint32_t n = 0; n < SMMUM_MAX; n++) {
		uint32_t other = n == 0 ? A_OTHER : A_FEW;

		boot(false, true);
		guest_attach(A, other);
		smmum_set_cmd_rate(n, SMMUM_STUCK);
		guest_set_nested(A, n == 0 ? A_FEW : A_OTHER);
		guest_put(A, CFGI_STE(n == 0 ? A_FEW : A_OTHER));
		guest_put(A, 0x10, 0);
		guest_ring(A);
		machine_settle();
		assert_int_equal((get(A, GERROR) ^ get(A, GERRORN)) & BIT32(8), BIT32(8)); /* SFM_ERR */
		assert_int_equal(machine_raised[GERROR_SPI(A)], 1);
		assert_int_equal(guest_reads(A, n == 0 ? A_FEW : A_OTHER, VA_DATA), 0);
		/* Whatever it does then ends. */
		set(A, CR0, 0);
		set(A, CR0, ALL_ON);
		set(A, GBPA, BIT32(31));
		set(A, CMDQ_PROD, guests[A].prod);
		machine_settle();
		/* Started anew, it has none, and says so. */
		model_cpu = 0;
		vsmmuv3_reset(&domains[A], 0);
		assert_int_equal(get(A, IDR0), 0);
		assert_true(machine_said("virtual SMMU"));
	}
}

/* An SMMU without stage 1 cannot nest. */
static void test_no_stage1(void **state)
{
	(void)state;
	machine_prepare(false, true, false);
	machine_config[1].idr0 &= ~BIT32(1);
	machine_boot();
	assert_int_equal(get(A, IDR0), 0);
	assert_true(machine_said("a: its virtual SMMU is not there"));
	guest_tables(A);
	assert_int_equal(guest_reads(A, A_FEW, G_DATA), 1);
}

/* Accesses by both of its CPUs, and by one of a domain that has none. */
static void test_cpus(void **state)
{
	struct mmio_access a = {.offset = GBPA, .size = 4};
	static const struct trap_window window = {0, 0x20000, WINDOW_VSMMUV3, 0, 0};

	(void)state;
	boot(false, true);
	a.window = &window;
	model_cpu = 3;
	a.vcpu = &cpus[3].vcpu;
	assert_true(vsmmuv3_access(&a));
	assert_int_equal(a.value, BIT32(20));
	model_cpu = 2;
	a.vcpu = &cpus[2].vcpu;
	assert_false(vsmmuv3_access(&a));
	vsmmuv3_alarm(&cpus[2].vcpu);
	vsmmuv3_reset(&domains[C], 2);
	model_cpu = 0;
	machine_check();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_restart),
		cmocka_unit_test(test_restart_forgets_events),
		cmocka_unit_test(test_options),
		cmocka_unit_test(test_long_walk),
		cmocka_unit_test(test_long_change),
		cmocka_unit_test(test_long_walk_broken_off),
		cmocka_unit_test(test_live_changes),
		cmocka_unit_test(test_blocked),
		cmocka_unit_test(test_smmu_fails),
		cmocka_unit_test(test_no_stage1),
		cmocka_unit_test(test_cpus),
	};

	return cmocka_run_group_tests_name("vsmmuv3_life", tests, NULL, NULL);
}
