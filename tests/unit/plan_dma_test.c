// SPDX-License-Identifier: Apache-2.0
// sources: gen/plan/*.c gen/util/*.c gen/diag/*.c hv/mm/stage2.c
/* With a GICv2, the stage-2 tables of a domain's streams: the CPUs', less the GIC's virtual
 * CPU interface. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "unit/plan_board.h"

#define GICC UINT64_C(0x08010000)
#define GICV UINT64_C(0x08040000)
#define GICC_SIZE UINT64_C(0x10000)

static struct m_iommu smmu;
static struct m_iommu_link disk_link;

/* dom0 with a device behind the SMMU, and a domain without one. */
static void machine_make(struct board_test *t, bool gicv2)
{
	board_init(t);
	board_dom0(t);
	struct m_domain *other = board_domain(t, "other");
	board_domain_ram(other, (struct m_ram){.has_ipa = true, .ipa = 0x40000000, .size = MIB(4)});
	smmu = (struct m_iommu){.name = NAME("smmu0"), .type = IOMMU_SMMUV3, .root = MODEL_NONE, .id_count = 256,
				.two_level = true, .cmdq_entries = 256, .evtq_entries = 128,
				.reg = {.base = 0x09050000, .size = 0x20000}};
	t->m.board.iommus = &smmu;
	t->m.board.iommu_count = 1;
	disk_link = (struct m_iommu_link){.first = 3, .count = 1, .pos = AT(60)};
	struct m_device *disk = board_device(t, 0x0a000000, 0x1000, 0);
	disk->links = &disk_link;
	disk->link_count = 1;
	/* In the 2 MiB of the interface. */
	board_device(t, GICC + GICC_SIZE, 0x1000, 0);
	if (gicv2) {
		t->m.board.gic.version = GIC_V2;
		t->m.board.gic.gicd = (struct m_range){.base = 0x08000000, .size = 0x10000};
		t->m.board.gic.gicc = (struct m_range){.base = GICC, .size = GICC_SIZE};
		t->m.board.gic.gich = (struct m_range){.base = 0x08030000, .size = 0x200};
		t->m.board.gic.gicv = (struct m_range){.base = GICV, .size = GICC_SIZE};
		t->m.board.gic.gicr = (struct m_range){0};
	}
}

static struct plan *plan_made(struct board_test *t)
{
	struct plan *p = plan_build(t->d, &t->m);

	if (p == NULL) {
		diag_print(t->d, stdout, DIAG_TEXT);
	}
	assert_non_null(p);
	return p;
}

static void streams_without_interface(void **state)
{
	(void)state;
	struct board_test t;

	machine_make(&t, true);
	struct plan *p = plan_made(&t);
	const struct plan_domain *dom = &p->domains[0];
	uint64_t extent;

	assert_int_not_equal(dom->dma.root, dom->s2.root);
	for (size_t i = 0; i < dom->map_count; i++) {
		uint64_t end = dom->maps[i].ipa + dom->maps[i].size;
		for (uint64_t at = dom->maps[i].ipa; at < end; at += at + MIB(2) < end ? MIB(2) / 2 : PAGE_SIZE) {
			bool cut = at - GICC < GICC_SIZE;
			uint64_t cpu = stage2_lookup(&dom->s2, IPA(at), &extent);

			assert_int_not_equal(cpu, 0);
			assert_int_equal(stage2_lookup(&dom->dma, IPA(at), &extent), cut ? 0 : cpu);
		}
	}
	assert_int_equal(stage2_lookup(&dom->s2, IPA(GICC), &extent) & GENMASK64(47, 12), GICV);
	assert_int_not_equal(stage2_lookup(&dom->dma, IPA(GICC + GICC_SIZE), &extent), 0);
	/* Nobody translates for the other one. */
	assert_int_equal(p->domains[1].dma.root, p->domains[1].s2.root);
	plan_free(p);
	board_free(&t);
}

/* A GICv3 has its CPU interface in system registers. */
static void streams_like_cpus(void **state)
{
	(void)state;
	struct board_test t;

	machine_make(&t, false);
	struct plan *p = plan_made(&t);

	assert_int_equal(p->domains[0].dma.root, p->domains[0].s2.root);
	assert_int_equal(p->domains[1].dma.root, p->domains[1].s2.root);
	plan_free(p);
	board_free(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(streams_without_interface),
		cmocka_unit_test(streams_like_cpus),
	};

	return cmocka_run_group_tests_name("plan_dma", tests, NULL, NULL);
}
