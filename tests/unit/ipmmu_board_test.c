// SPDX-License-Identifier: Apache-2.0
// sources: gen/check/*.c gen/model/*.c gen/schema/*.c gen/yaml/*.c gen/diag/*.c gen/util/*.c gen/plan/*.c
// sources: hv/iommu/ipmmu*.c hv/mm/stage2.c tests/models/model.c tests/models/ipmmu*.c
/*
 * From a board's YAML to its DMA: what the generator plans for H3, M3-W+ and M3-N, under the
 * driver, on the model of the chip. Each micro-TLB that there is reaches what the stage-2
 * tables of its domain have for it, by the YAML's links, and nothing else.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "check/check.h"
#include "drivers/console.h"
#include "iommu/iommu.h"
#include "iommu/ipmmu.h"
#include "models/ipmmu.h"
#include "models/model.h"
#include "plan/plan.h"

#define DIR "tests/unit/ipmmu/"
#define PRR UINT64_C(0xfff00044)
#define SYSC UINT64_C(0xe6180000)
#define MASTERS 16
#define MOVED UINT64_C(0x40000000) /* of copier's RAM */
#define MOVED_SIZE UINT64_C(0x1000000)

static struct ipmmum machine;
static struct plan *plan;
static struct ipmmu_unit_desc units[IPMMU_UNITS_MAX];
static struct ipmmum_unit_config unit_configs[IPMMU_UNITS_MAX];
static struct stream_desc masters[IPMMU_UNITS_MAX][MASTERS];
static struct ipmmu_context_desc contexts[IPMMU_CONTEXTS_MAX];
static struct ipmmu_desc desc;
static struct domain_desc domain_descs[2] = {{.name = "dom0"}, {.name = "copier"}};
static uint64_t now;

const struct board_tables board = {.domains = domain_descs, .domain_count = 2, .ipmmu = &desc};

void log_print(const char *fmt, ...)
{
	print_message("%s\n", fmt);
}

static bool on_fetch(void *context, uint64_t pa, uint64_t *value)
{
	uint64_t offset = pa - plan->pool.base.va;

	(void)context;
	if (offset >= plan->pool.used * PAGE_SIZE) {
		return false;
	}
	*value = plan->pool.pages[offset / PAGE_SIZE][offset % PAGE_SIZE / 8];
	return true;
}

static uint32_t unit_at(uint64_t address)
{
	for (uint32_t i = 0; i < desc.unit_count; i++) {
		if (address - units[i].reg < PAGE_SIZE) {
			return i;
		}
	}
	model_fail("nothing at 0x%lx", address);
}

static uint64_t on_read(uint64_t offset, uint32_t size)
{
	if (offset == PRR) {
		return ipmmum_prr_read(&machine);
	}
	if (offset - SYSC < PAGE_SIZE) {
		return ipmmum_sysc_read(&machine, (uint32_t)(offset - SYSC), size);
	}
	return ipmmum_read(&machine, unit_at(offset), (uint32_t)(offset % PAGE_SIZE), size);
}

static void on_write(uint64_t offset, uint32_t size, uint64_t value)
{
	if (offset - SYSC < PAGE_SIZE) {
		ipmmum_sysc_write(&machine, (uint32_t)(offset - SYSC), size, (uint32_t)value);
		return;
	}
	ipmmum_write(&machine, unit_at(offset), (uint32_t)(offset % PAGE_SIZE), size, (uint32_t)value);
}

static bool on_sysreg(enum model_sysreg reg, bool write, uint64_t *value)
{
	(void)write;
	now += 100;
	*value = reg == MODEL_SYSREG_cntpct_el0 ? now : 10000000;
	return reg == MODEL_SYSREG_cntpct_el0 || reg == MODEL_SYSREG_cntfrq_el0;
}

/* The structs that the plan becomes. */
static void describe(const struct plan *p)
{
	static const uint32_t powers[] = {0x340, 0x380, 0x180};
	const struct m_ipmmu_chip *chip = p->m->ipmmu_chip;

	assert_in_range(p->ipmmu.unit_count, 1, IPMMU_UNITS_MAX);
	for (size_t i = 0; i < p->ipmmu.unit_count; i++) {
		const struct plan_unit *u = &p->ipmmu.units[i];

		units[i] = (struct ipmmu_unit_desc){.name = u->m->name.s, .reg = u->m->reg.base, .masters = masters[i],
						    .master_count = (uint32_t)u->master_count,
						    .utlbs = u->m->id_count, .power = u->m->power};
		unit_configs[i] = (struct ipmmum_unit_config){u->m->id_count, IPMMUM_ALWAYS_ON};
		for (uint32_t n = 0; n < ARRAY_SIZE(powers); n++) {
			if (u->m->power == SYSC + powers[n]) {
				unit_configs[i].power = n;
			}
		}
		assert_in_range(u->master_count, 0, MASTERS);
		for (size_t n = 0; n < u->master_count; n++) {
			const struct plan_stream *s = &u->masters[n];
			uint32_t owner = s->owner == MODEL_NONE ? OWNER_NONE : (uint32_t)s->owner;

			masters[i][n] = (struct stream_desc){(uint32_t)s->first, (uint32_t)(s->last - s->first + 1), owner,
							     0, s->device->name.s, ""};
		}
	}
	contexts[0] = (struct ipmmu_context_desc){stage2_vttbr(&p->ipmmu.nothing, 0), OWNER_NONE, 0};
	for (size_t i = 1; i < p->ipmmu.context_count; i++) {
		contexts[i].domain = (uint32_t)p->ipmmu.domains[i];
		contexts[i].table = stage2_vttbr(&p->domains[p->ipmmu.domains[i]].dma, 0);
	}
	desc = (struct ipmmu_desc){.units = units, .unit_count = (uint32_t)p->ipmmu.unit_count, .contexts = contexts,
				   .context_count = (uint32_t)p->ipmmu.context_count, .ttbcr = 0xc0000058, .intid = 228,
				   .prr = PRR, .product = chip->product,
				   .cut_min = (chip->major - 1) << 4 | chip->minor};
	ipmmum_init(&machine, &(struct ipmmum_config){
		.units = unit_configs, .unit_count = desc.unit_count, .powers = powers,
		.power_count = ARRAY_SIZE(powers), .prr = chip->product | desc.cut_min, .flush_reads = 1,
		.power_reads = 1, .fetch = on_fetch});
}

/* Whose a micro-TLB is, by the YAML's links; MODEL_NONE: nobody's. */
static size_t owner_of(const struct model *m, const struct m_iommu *unit, uint32_t utlb)
{
	for (size_t i = 0; i < m->board.device_count; i++) {
		const struct m_device *dev = &m->board.devices[i];

		for (size_t l = 0; l < dev->link_count && dev->enabled; l++) {
			if (&m->board.iommus[dev->links[l].iommu] == unit && utlb - dev->links[l].first < dev->links[l].count) {
				return m->device_owner[i];
			}
		}
	}
	return MODEL_NONE;
}

static void check_access(uint32_t unit, uint32_t utlb, size_t owner, uint64_t address)
{
	uint64_t extent, leaf = 0, pa;
	enum ipmmum_result result = ipmmum_translate(&machine, unit, utlb, address, true, &pa);

	if (owner != MODEL_NONE) {
		leaf = stage2_lookup(&plan->domains[owner].dma, IPA(address), &extent);
	}
	if ((leaf & BIT64(7)) == 0) {
		assert_int_equal(result, IPMMUM_REFUSED);
	} else {
		assert_int_equal(result, IPMMUM_TRANSLATED);
		assert_int_equal(pa, (leaf & GENMASK64(47, 12) & ~(extent - 1)) | (address & (extent - 1)));
	}
}

/* Everybody's RAM and its neighbours, registers, the GIC, the hypervisor's own. */
static void check_board(const struct model *m)
{
	static const uint64_t places[] = {
		0, MOVED - PAGE_SIZE, MOVED, MOVED + MOVED_SIZE - 8, MOVED + MOVED_SIZE, 0x48000000, 0x48200000, 0x482fff00,
		0x50000000, 0x7fffff00, 0x80000000, 0xe67b0000, 0xe6180000, 0xe6700000, 0xe7300000, 0xf1010000, 0xf1020000,
		0xf1060000, UINT64_C(0x500000000), UINT64_C(0x73ffff000), UINT64_C(0x740000000), BIT64(39), BIT64(40),
	};
	uint64_t reached = 0;

	for (uint32_t unit = 0; unit < desc.unit_count; unit++) {
		for (uint32_t utlb = 0; utlb < units[unit].utlbs; utlb++) {
			size_t owner = owner_of(m, plan->ipmmu.units[unit].m, utlb);

			for (size_t i = 0; i < ARRAY_SIZE(places); i++) {
				check_access(unit, utlb, owner, places[i]);
			}
			/* Each page, where the RAM is moved. */
			for (uint64_t at = MOVED; at < MOVED + MOVED_SIZE && owner == 1; at += PAGE_SIZE) {
				check_access(unit, utlb, owner, at);
				reached++;
			}
		}
	}
	assert_int_equal(reached, 17 * MOVED_SIZE / PAGE_SIZE);
	assert_int_equal(machine.violations, 0);
}

static void check_file(const char *path, uint32_t unit_count)
{
	static const struct model_device io = {"registers", 0, UINT64_C(1) << 32, on_read, on_write};
	struct diag *d = diag_new();
	struct yaml *y = yaml_open();
	struct model *m = model_load_files(y, d, path, DIR "two.yaml", NULL);

	assert_non_null(m);
	check_model(d, m);
	plan = diag_errors(d) == 0 ? plan_build(d, m) : NULL;
	if (plan == NULL) {
		diag_print(d, stderr, DIAG_TEXT);
	}
	assert_non_null(plan);
	assert_int_equal(plan->ipmmu.unit_count, unit_count);
	assert_int_equal(plan->ipmmu.context_count, 3);
	describe(plan);
	model_reset();
	model_add(&io);
	model_set_sysreg_hook(on_sysreg);
	assert_null(iommu_init());
	check_board(m);
	assert_true(iommu_domain_block(1, 0));
	assert_true(iommu_domain_unblock(1, 0));
	check_board(m);
	plan_free(plan);
	model_free(m);
	yaml_close(y);
	diag_free(d);
}

static void test_h3(void **state)
{
	(void)state;
	check_file(DIR "h3.yaml", 17);
}

static void test_m3w(void **state)
{
	(void)state;
	check_file(DIR "m3w.yaml", 11);
}

static void test_m3n(void **state)
{
	(void)state;
	check_file(DIR "m3n.yaml", 10);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_h3),
		cmocka_unit_test(test_m3w),
		cmocka_unit_test(test_m3n),
	};

	return cmocka_run_group_tests_name("ipmmu_board", tests, NULL, NULL);
}
