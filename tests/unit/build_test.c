// SPDX-License-Identifier: Apache-2.0
// sources: hv/firmware/build/[a-r]*.c hv/firmware/build/streams.c hv/mm/stage2.c tests/unit/build/*.c
/* Tables made at boot, of made-up machines: from one CPU to 48 with seven SMMUs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <string.h>

#include "build_look.h"

/* RAM is there, the same, to be executed. */
static void assert_ram(uint64_t pa)
{
	struct translation t = walk(pa);

	assert_true(t.valid);
	assert_int_equal(t.pa, pa);
	assert_int_equal(t.desc >> 2 & 0xf, 0xf);
	assert_int_equal(t.desc >> 54 & 1, 0);
}

/* A device may be found there: all but the valid bit, a device, not to be executed. */
static void assert_demand(uint64_t pa)
{
	struct translation t = walk(pa);

	assert_false(t.valid);
	assert_int_equal(t.desc & 1, 0);
	assert_int_equal(t.desc & UINT64_C(0xfffffffff000) & ~(t.extent - 1), pa & ~(t.extent - 1));
	assert_int_equal(t.desc >> 2 & 0xf, 1);
	assert_int_equal(t.desc >> 54 & 1, 1);
}

static const struct smmu_desc *smmu_at(uint32_t n)
{
	return &s.b.smmus[n];
}

/* The four words that count of a stream's entry; all 0: none. */
static bool ste_find(uint32_t smmu, uint32_t sid, uint64_t ste[4])
{
	const struct smmu_desc *d = smmu_at(smmu);
	uint64_t base = d->strtab_base & UINT64_C(0xfffffffffffc0);
	uint32_t bits = d->strtab_cfg & 63;

	memset(ste, 0, 4 * sizeof(ste[0]));
	if (sid >> bits != 0) {
		return false;
	}
	if ((d->strtab_cfg >> 16 & 3) == 1) {
		uint64_t l1 = memory_read(base + 8 * (sid >> 6));

		assert_int_equal(d->strtab_cfg >> 6 & 31, 6);
		if ((l1 & 31) == 0) {
			return false;
		}
		assert_int_equal(l1 & 31, 7);
		base = (l1 & UINT64_C(0xfffffffffffc0)) + 64 * (uint64_t)(sid & 63);
	} else {
		base += 64 * (uint64_t)sid;
	}
	for (uint32_t i = 0; i < 4; i++) {
		ste[i] = memory_read(base + 8 * i);
	}
	return ste[0] != 0;
}

static void assert_stream(uint32_t smmu, uint32_t sid)
{
	uint64_t ste[4];

	assert_true(ste_find(smmu, sid, ste));
	assert_int_equal(ste[0], 0xd); /* valid, stage 2 alone */
	assert_int_equal(ste[2] & 0xffff, s.domain.vttbr >> 48);
	assert_int_equal(ste[2] >> 32 & 0x7ffff, s.domain.vtcr & 0x7ffff);
	assert_int_equal(ste[3], s.domain.vttbr & UINT64_C(0xfffffffff000));
}

static void assert_no_stream(uint32_t smmu, uint32_t sid)
{
	uint64_t ste[4];

	assert_false(ste_find(smmu, sid, ste));
}

static bool owns(uint32_t intid)
{
	return (s.domain.irq_mask[intid / 32] >> (intid % 32) & 1) != 0;
}

static void a_small_machine(void **state)
{
	(void)state;
	machine_small(&s);
	made();
	assert_int_equal(s.board.cpu_count, 1);
	assert_int_equal(s.domain.cpu_count, 1);
	assert_int_equal(s.board.gic.maintenance, 25);
	assert_int_equal(s.board.gic.timer, 26);
	assert_int_equal(s.board.uart.intid, 33);
	assert_true(owns(27) && owns(30) && owns(23) && owns(34) && owns(1019));
	assert_false(owns(25) || owns(26) || owns(33) || owns(106) || owns(107) || owns(108) || owns(109));
	assert_int_equal(s.domain.virq_mask[1], 2);
	assert_int_equal(s.domain.window_count, 3);
	assert_int_equal(s.b.windows[0].kind, WINDOW_GICD);
	assert_int_equal(s.b.windows[1].kind, WINDOW_GICR);
	assert_int_equal(s.b.windows[2].kind, WINDOW_VPL011);
	/* Memory, to both sides of the hypervisor. */
	assert_ram(0x40000000);
	assert_ram(SMALL_HOME - 0x1000);
	assert_nothing(SMALL_HOME);
	assert_nothing(SMALL_HOME + s.b.size - 0x1000);
	assert_ram(SMALL_HOME + s.b.size);
	assert_ram(0xbffff000);
	assert_nothing(0xbf000000); /* of a kind that nobody may have */
	/* What nobody has: by itself, and in an SMMU's registers and beyond them. */
	assert_nothing(0x0b000000);
	assert_nothing(0x0b001000);
	assert_demand(0x0b002000);
	assert_nothing(0x09070000);
	/* What only the hypervisor has. */
	for (uint64_t pa = 0x08000000; pa < 0x08010000; pa += 0x1000) {
		assert_nothing(pa);
	}
	assert_nothing(0x08080000); /* the ITS */
	assert_nothing(0x080a0000);
	assert_nothing(0x08fff000); /* the last redistributor */
	assert_nothing(0x09000000);
	assert_nothing(0x09050000);
	assert_nothing(0x0906f000);
	/* What it may find. */
	assert_demand(0);
	assert_demand(0x08010000);
	assert_demand(0x09001000);
	assert_demand(0x09071000);
	assert_demand(0x3ffff000);
	assert_demand(0xc0000000);
	assert_demand(BIT64(40) - 0x1000);
	assert_int_equal(walk(0x4000000000).extent, 0x40000000);
	assert_stream(0, 0);
	assert_stream(0, 0xff);
	assert_no_stream(0, 0x100);
}

static void the_hypervisor_itself(void **state)
{
	uint64_t load, base, queue, cpus, root;

	(void)state;
	machine_small(&s);
	made();
	load = s.b.home.load;
	base = s.b.home.base;
	assert_own(load, base, false, true);
	assert_own(load + 0x20000, base + 0x20000, false, false);
	assert_own(load + 0x30000, base + 0x30000, true, false);
	assert_own(load + 0x40000, base + 0x40000, true, false);
	assert_int_equal(el2_leaf(load + 0x50000), 0);
	/* The window's table and the command queue it writes; the board's arrays it does not. */
	assert_own(load + MIB(1), base + MIB(1), true, false);
	queue = (uint64_t)(uintptr_t)s.b.smmus[0].cmdq;
	cpus = (uint64_t)(uintptr_t)s.board.cpus & ~UINT64_C(0xfff);
	assert_own(queue, base + (queue - load), true, false);
	assert_own(cpus, base + (cpus - load), false, false);
	/* Leaves on demand stand in the stage-2 root, of level 1. */
	root = s.domain.vttbr & UINT64_C(0xfffffffff000);
	assert_own(load + (root - base), root, true, false);
	/* Where the MMU goes on. */
	assert_own(base, base, false, true);
	assert_own(0x08000000, 0x08000000, true, false);
	assert_own(0x08fff000, 0x08fff000, true, false);
	assert_own(0x09000000, 0x09000000, true, false);
	assert_own(0x0906f000, 0x0906f000, true, false);
	assert_int_equal(el2_leaf(0x08080000), 0);
	assert_int_equal(el2_leaf(0x40000000), 0);
	assert_int_equal(el2_leaf(load + s.b.used), 0);
}

static void a_large_machine(void **state)
{
	bool seen[LARGE_CPUS] = {false};
	uint64_t name;

	(void)state;
	machine_large(&s);
	made();
	assert_int_equal(s.board.cpu_count, LARGE_CPUS);
	assert_int_equal(s.b.cpus[0].mpidr, s.b.boot_mpidr);
	for (uint32_t i = 0; i < LARGE_CPUS; i++) {
		uint32_t n = (uint32_t)(s.b.cpus[i].mpidr >> 8);

		assert_true(n < LARGE_CPUS && !seen[n]);
		seen[n] = true;
		assert_int_equal(s.b.cpus[i].vcpu, i);
		assert_int_equal(s.b.domain_cpus[i], i);
	}
	assert_int_equal(s.board.gic.gicr.base, 0x10000000);
	assert_int_equal(s.board.gic.gicr.size, LARGE_CPUS * 0x20000);
	assert_int_equal(s.board.smmu_count, 7);
	name = (uint64_t)(uintptr_t)smmu_at(6)->name - s.b.home.load;
	assert_string_equal((const char *)s.b.bytes + name, "smmu6");
	/* A root complex of its own before each of six, and two named components before the last. */
	for (uint32_t i = 0; i < 6; i++) {
		assert_stream(i, 0);
		assert_stream(i, 0xffff);
		assert_no_stream(i, 0x10000);
		assert_int_equal(smmu_at(i)->stream_count, 1);
	}
	assert_stream(6, 0x1234);
	assert_stream(6, 0x3);
	assert_no_stream(6, 0x1233);
	assert_no_stream(6, 0x1235);
	assert_no_stream(6, 0x2);
	assert_int_equal(smmu_at(6)->stream_count, 2);
	assert_ram(0x200000);
	assert_ram(0x802000000);
	assert_ram(0x83ffffff000);
	assert_nothing(0x10000000);
	assert_demand(0xff78ed0000);
	assert_demand(BIT64(44) - 0x1000);
	for (uint32_t i = 0; i < s.b.ram_count; i++) {
		assert_ram(s.b.ram[i].base);
		assert_ram(s.b.ram[i].base + s.b.ram[i].size - 0x1000);
	}
	/* 12 GiB in blocks of 1 GiB. */
	assert_true(walk(0x840000000).extent == 0x40000000);
}

/* Every page of the first GiB has one owner: found on demand, kept, or what a walk must not see. */
static void every_page_below_ram(void **state)
{
	uint64_t kept = 0, demand = 0;

	(void)state;
	machine_small(&s);
	made();
	for (uint64_t pa = 0; pa < 0x40000000; pa += 0x1000) {
		uint64_t desc = walk(pa).desc;

		kept += desc == 0;
		demand += (desc & 1) == 0 && desc != 0;
	}
	assert_int_equal(kept + demand, 0x40000);
	assert_int_equal(kept, 0x10 + 0x20 + 0xf60 + 1 + 0x20 + 1 + 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_small_machine),
		cmocka_unit_test(the_hypervisor_itself),
		cmocka_unit_test(a_large_machine),
		cmocka_unit_test(every_page_below_ram),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
