// SPDX-License-Identifier: Apache-2.0
// boards/rcar-h3 against figures counted independently in Linux 6.12's
// r8a77951-salvator-xs: what the YAML says must not drift from the chip.
// sources: gen/check/*.c gen/model/*.c gen/schema/*.c gen/yaml/*.c gen/diag/*.c gen/util/*.c
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "check/check.h"
#include "model/model.h"
#include "types.h"

struct board {
	struct diag *d;
	struct yaml *y;
	struct model *m;
};

static int board_open(void **state)
{
	static struct board b;

	b.d = diag_new();
	b.y = yaml_open();
	b.m = model_load(b.y, b.d, "boards/rcar-h3", NULL, NULL);
	diag_print(b.d, stderr, DIAG_TEXT);
	*state = &b;
	return b.m == NULL;
}

static int board_close(void **state)
{
	struct board *b = *state;

	model_free(b->m);
	yaml_close(b->y);
	diag_free(b->d);
	return 0;
}

static const struct m_board *board_of(void **state)
{
	return &((struct board *)*state)->m->board;
}

static const struct m_device *device_named(const struct m_board *b, const char *name)
{
	for (size_t i = 0; i < b->device_count; i++) {
		if (strcmp(b->devices[i].name.s, name) == 0) {
			return &b->devices[i];
		}
	}
	fail_msg("no device '%s'", name);
	return NULL;
}

static void test_nothing_wrong(void **state)
{
	struct board *b = *state;

	check_model(b->d, b->m);
	assert_int_equal(diag_errors(b->d), 0);
	assert_int_equal(diag_warnings(b->d), 0);
}

static void test_dma_counts(void **state)
{
	const struct m_board *b = board_of(state);
	size_t linked = 0, links = 0, loose = 0;

	for (size_t i = 0; i < b->device_count; i++) {
		const struct m_device *dev = &b->devices[i];
		linked += dev->link_count > 0;
		for (size_t l = 0; l < dev->link_count; l++) {
			links += dev->links[l].count;
		}
		loose += dev->enabled && dev->dma_master && dev->link_count == 0;
	}
	assert_int_equal(linked, 20);
	assert_int_equal(links, 95);
	assert_int_equal(loose, 30);
}

/* Unit, address, number at the root, power domain of SYSC. */
static const struct {
	const char *name;
	uint64_t base;
	uint64_t bit;
	uint64_t power;
} ipmmus[] = {
	{"ipmmu_ds0", 0xe6740000, 0, 32},  {"ipmmu_ds1", 0xe7740000, 1, 32},
	{"ipmmu_hc", 0xe6570000, 2, 32},   {"ipmmu_ir", 0xff8b0000, 3, 24},
	{"ipmmu_mp0", 0xec670000, 4, 32},  {"ipmmu_pv0", 0xfd800000, 6, 32},
	{"ipmmu_pv1", 0xfd950000, 7, 32},  {"ipmmu_pv2", 0xfd960000, 8, 32},
	{"ipmmu_pv3", 0xfd970000, 9, 32},  {"ipmmu_rt", 0xffc80000, 10, 32},
	{"ipmmu_vc0", 0xfe6b0000, 12, 14}, {"ipmmu_vc1", 0xfe6f0000, 13, 14},
	{"ipmmu_vi0", 0xfebd0000, 14, 32}, {"ipmmu_vi1", 0xfebe0000, 15, 32},
	{"ipmmu_vp0", 0xfe990000, 16, 9},  {"ipmmu_vp1", 0xfe980000, 17, 9},
};

static void test_ipmmus(void **state)
{
	const struct m_board *b = board_of(state);

	assert_int_equal(b->iommu_count, 17);
	for (size_t i = 0; i < b->iommu_count; i++) {
		const struct m_iommu *mmu = &b->iommus[i];
		size_t known = 0;
		assert_int_equal(mmu->type, IOMMU_IPMMU);
		assert_int_equal(mmu->reg.size, 0x1000);
		assert_int_equal(mmu->id_count, 48);
		if (mmu->root == MODEL_NONE) {
			assert_string_equal(mmu->name.s, "ipmmu_mm");
			assert_int_equal(mmu->reg.base, 0xe67b0000);
			assert_int_equal(mmu->irq_count, 2);
			assert_int_equal(mmu->irqs[0].number, 196);
			assert_int_equal(mmu->irqs[1].number, 197);
			continue;
		}
		while (known < ARRAY_SIZE(ipmmus) && strcmp(ipmmus[known].name, mmu->name.s) != 0) {
			known++;
		}
		assert_true(known < ARRAY_SIZE(ipmmus));
		assert_string_equal(b->iommus[mmu->root].name.s, "ipmmu_mm");
		assert_int_equal(mmu->reg.base, ipmmus[known].base);
		assert_int_equal(mmu->root_bit.v, ipmmus[known].bit);
		assert_int_equal(mmu->power_domain.v, ipmmus[known].power);
	}
}

/* Every link: device, unit, first micro-TLB, how many. */
static const struct {
	const char *device;
	const char *ipmmu;
	uint32_t first;
	uint32_t count;
} links[] = {
	{"dmac0", "ipmmu_ds0", 0, 16},  {"avb", "ipmmu_ds0", 16, 1},     {"dmac1", "ipmmu_ds1", 0, 16},
	{"dmac2", "ipmmu_ds1", 16, 16}, {"sdhi0", "ipmmu_ds1", 32, 1},   {"sdhi1", "ipmmu_ds1", 33, 1},
	{"sdhi2", "ipmmu_ds1", 34, 1},  {"sdhi3", "ipmmu_ds1", 35, 1},   {"sata", "ipmmu_hc", 2, 1},
	{"audma0", "ipmmu_mp0", 0, 16}, {"audma1", "ipmmu_mp0", 16, 16}, {"fcpvd0", "ipmmu_vi0", 8, 1},
	{"fcpvd1", "ipmmu_vi0", 9, 1},  {"fcpvd2", "ipmmu_vi1", 10, 1},  {"fcpf0", "ipmmu_vp0", 0, 1},
	{"fcpvb0", "ipmmu_vp0", 5, 1},  {"fcpvi0", "ipmmu_vp0", 8, 1},   {"fcpf1", "ipmmu_vp1", 1, 1},
	{"fcpvb1", "ipmmu_vp1", 7, 1},  {"fcpvi1", "ipmmu_vp1", 9, 1},
};

static void test_links(void **state)
{
	const struct m_board *b = board_of(state);

	for (size_t i = 0; i < ARRAY_SIZE(links); i++) {
		const struct m_device *dev = device_named(b, links[i].device);
		assert_int_equal(dev->link_count, 1);
		assert_string_equal(b->iommus[dev->links[0].iommu].name.s, links[i].ipmmu);
		assert_int_equal(dev->links[0].first, links[i].first);
		assert_int_equal(dev->links[0].count, links[i].count);
	}
}

static void test_machine(void **state)
{
	const struct m_board *b = board_of(state);
	const struct m_device *console = &b->devices[b->console_device];
	static const uint64_t mpidrs[] = {0, 1, 2, 3, 0x100, 0x101, 0x102, 0x103};
	uint64_t ram = 0;

	assert_int_equal(b->cpu_count, ARRAY_SIZE(mpidrs));
	for (size_t i = 0; i < b->cpu_count; i++) {
		assert_int_equal(b->cpus[i].mpidr.v, mpidrs[i]);
	}
	for (size_t i = 0; i < b->ram_count; i++) {
		ram += b->ram[i].size;
	}
	assert_int_equal(ram, 0x38000000 + 3 * GIB(1));
	assert_int_equal(b->ram[0].base, 0x48000000);
	assert_int_equal(b->load.v, 0x48200000);
	assert_int_equal(b->gic.version, 2);
	assert_int_equal(b->gic.gicd.base, 0xf1010000);
	assert_int_equal(b->gic.gicv.base, 0xf1060000);
	assert_int_equal(b->gic.maintenance.intid, 25);
	assert_int_equal(b->timer.virt.intid, 27);
	assert_string_equal(console->name.s, "scif2");
	assert_int_equal(console->reg[0].base, 0xe6e88000);
	assert_int_equal(console->irqs[0].intid, 196);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nothing_wrong), cmocka_unit_test(test_dma_counts),
		cmocka_unit_test(test_ipmmus),        cmocka_unit_test(test_links),
		cmocka_unit_test(test_machine),
	};

	return cmocka_run_group_tests_name("rcar_h3", tests, board_open, board_close);
}
