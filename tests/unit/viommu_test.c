// SPDX-License-Identifier: Apache-2.0
// sources: gen/emit/dtb*.c gen/plan/*.c gen/model/*.c gen/schema/*.c gen/yaml/*.c gen/diag/*.c gen/util/*.c
// sources: hv/mm/stage2.c
/* Virtual SMMUv3s, from YAML (tests/unit/viommu) to the plan and the device trees. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <libfdt.h>
#include <stdlib.h>
#include <string.h>

#include "emit/emit.h"
#include "model/model.h"
#include "plan/plan.h"

enum { DOM0, NET, DISK };

struct made {
	struct diag *d;
	struct yaml *y;
	struct model *m;
	struct plan *p;
};

static int made_open(void **state)
{
	static struct made t;

	t.d = diag_new();
	t.y = yaml_open();
	t.m = model_load(t.y, t.d, "tests/unit/viommu", NULL, NULL);
	t.p = t.m == NULL ? NULL : plan_build(t.d, t.m);
	diag_print(t.d, stderr, DIAG_TEXT);
	*state = &t;
	return t.p == NULL;
}

static int made_close(void **state)
{
	struct made *t = *state;

	plan_free(t->p);
	model_free(t->m);
	yaml_close(t->y);
	diag_free(t->d);
	return 0;
}

static const struct plan_domain *domain_of(void **state, size_t domain)
{
	return &((struct made *)*state)->p->domains[domain];
}

static void stream_is(const struct plan_domain *dom, uint32_t at, uint32_t virt, uint32_t count,
		      uint32_t smmu, uint32_t first)
{
	const struct vstream_desc *s = &dom->vsmmu.streams[at];

	assert_true(at < dom->vsmmu.stream_count);
	assert_int_equal(s->virt, virt);
	assert_int_equal(s->count, count);
	assert_int_equal(s->smmu, smmu);
	assert_int_equal(s->first, first);
}

/* Ascending, shared IDs once, and two links in one piece only if they go on. */
static void streams(void **state)
{
	const struct plan_domain *dom0 = domain_of(state, DOM0), *net = domain_of(state, NET);
	const struct plan_domain *disk = domain_of(state, DISK);

	assert_int_equal(dom0->vsmmu.stream_count, 1);
	stream_is(dom0, 0, 0, 0x10000, 0, 0);
	assert_int_equal(dom0->vsmmu.sid_bits, 16);
	assert_int_equal(net->vsmmu.stream_count, 1);
	stream_is(net, 0, 2, 3, 1, 2);
	assert_int_equal(net->vsmmu.sid_bits, 3);
	assert_int_equal(disk->vsmmu.stream_count, 1);
	stream_is(disk, 0, 0xffffffff, 1, 1, 0x20);
	assert_int_equal(disk->vsmmu.sid_bits, 32);
}

static bool has_bit(const uint32_t *mask, uint32_t intid)
{
	return (mask[intid / 32] >> intid % 32 & 1) != 0;
}

/* As the physical one, or as system.yaml has it; raised by software, on an edge. */
static void place(void **state)
{
	const struct plan_domain *dom0 = domain_of(state, DOM0), *net = domain_of(state, NET);
	const struct plan_domain *disk = domain_of(state, DISK);

	assert_int_equal(dom0->vsmmu.ipa, 0x0b000000);
	assert_int_equal(dom0->vsmmu.evtq_intid, 32 + 92);
	assert_int_equal(dom0->vsmmu.gerror_intid, 32 + 90);
	assert_int_equal(dom0->vsmmu.sync_intid, 32 + 91);
	assert_int_equal(net->vsmmu.ipa, 0x0b100000);
	assert_int_equal(net->vsmmu.evtq_intid, 32 + 93);
	assert_int_equal(net->vsmmu.gerror_intid, 32 + 93);
	assert_int_equal(net->vsmmu.sync_intid, 0);
	assert_int_equal(disk->vsmmu.ipa, 0x20000000);
	assert_int_equal(disk->vsmmu.evtq_intid, 0);
	assert_int_equal(disk->vsmmu.gerror_intid, 32 + 40);
	for (size_t i = DOM0; i <= DISK; i++) {
		const struct plan_domain *dom = domain_of(state, i);
		size_t windows = 0;

		assert_true(has_bit(dom->virq_mask, dom->vsmmu.gerror_intid));
		assert_true(has_bit(dom->irq_edge, dom->vsmmu.gerror_intid));
		assert_false(has_bit(dom->irq_mask, dom->vsmmu.gerror_intid));
		for (size_t w = 0; w < dom->window_count; w++) {
			windows += dom->windows[w].kind == WINDOW_VSMMUV3 && dom->windows[w].ipa == dom->vsmmu.ipa &&
				   dom->windows[w].size == 0x20000 && dom->windows[w].intid == 0;
		}
		assert_int_equal(windows, 1);
	}
}

/* Pages for groups only where a group has a page: not with a linear table. */
static void pages(void **state)
{
	const struct plan *p = ((struct made *)*state)->p;

	assert_int_equal(p->smmus[0].nested_pages, 8);
	assert_int_equal(p->smmus[1].nested_pages, 0);
}

/* dom0: whole blocks. net: 4 MiB at 1 MiB past a block's end, so pages. disk: the first MiB
 * is less than any block that a guest could have, and the rest is blocks. */
static void pieces(void **state)
{
	assert_int_equal(domain_of(state, DOM0)->vsmmu.pieces, 0);
	assert_int_equal(domain_of(state, NET)->vsmmu.pieces, 1);
	assert_int_equal(domain_of(state, DISK)->vsmmu.pieces, 0);
}

/* Valid, aborted, with the stage 2 of the owner; in the linear table of smmu1. */
static void entries(void **state)
{
	const struct plan *p = ((struct made *)*state)->p;
	uint64_t base = p->smmus[1].strtab_base & GENMASK64(47, 6);
	const uint64_t *table = p->pool.pages[stage2_page_at(&p->pool, base)];

	for (uint32_t id = 0; id < 64; id++) {
		const uint64_t *ste = table + id * 8;
		const struct plan_domain *dom = id >= 2 && id <= 4 ? &p->domains[NET] :
						id == 0x20	   ? &p->domains[DISK] :
								     NULL;

		assert_int_equal(ste[0], dom != NULL ? 1 : 0);
		assert_int_equal(ste[2] & 0xffff, dom != NULL ? dom->vttbr >> 48 : 0);
		assert_int_equal(ste[3], dom != NULL ? dom->vttbr & GENMASK64(47, 4) : 0);
	}
}

static void cells_are(const void *fdt, const char *path, const char *name, const uint32_t *want, size_t count)
{
	int len = -1, node = fdt_path_offset(fdt, path);
	const fdt32_t *got = node < 0 ? NULL : fdt_getprop(fdt, node, name, &len);

	assert_non_null(got);
	assert_int_equal(len, count * 4);
	for (size_t i = 0; i < count; i++) {
		assert_int_equal(fdt32_to_cpu(got[i]), want[i]);
	}
}

#define CELLS(fdt, path, name, ...) \
	cells_are(fdt, path, name, (const uint32_t[]){__VA_ARGS__}, ARRAY_SIZE(((const uint32_t[]){__VA_ARGS__})))

static void names_are(const void *fdt, const char *path, const char *want, int size)
{
	int len = -1, node = fdt_path_offset(fdt, path);
	const char *got = node < 0 ? NULL : fdt_getprop(fdt, node, "interrupt-names", &len);

	assert_non_null(got);
	assert_int_equal(len, size);
	assert_memory_equal(got, want, (size_t)size);
}

static void trees(void **state)
{
	struct made *t = *state;
	struct emit_dtb dtb[3];
	uint32_t phandle[3];
	static const char *const nodes[] = {"/iommu@b000000", "/iommu@b100000", "/iommu@20000000"};

	for (size_t i = DOM0; i <= DISK; i++) {
		assert_true(emit_dtb(t->p, &t->p->domains[i], t->d, &dtb[i]));
		assert_int_equal(fdt_check_full(dtb[i].bytes, dtb[i].size), 0);
		phandle[i] = fdt_get_phandle(dtb[i].bytes, fdt_path_offset(dtb[i].bytes, nodes[i]));
		assert_true(phandle[i] != 0);
		CELLS(dtb[i].bytes, nodes[i], "#iommu-cells", 1);
	}
	CELLS(dtb[DOM0].bytes, nodes[DOM0], "reg", 0, 0x0b000000, 0, 0x20000);
	CELLS(dtb[DOM0].bytes, nodes[DOM0], "interrupts", 0, 92, 1, 0, 90, 1, 0, 91, 1);
	names_are(dtb[DOM0].bytes, nodes[DOM0], "eventq\0gerror\0cmdq-sync", 24);
	CELLS(dtb[DOM0].bytes, "/pcie@10000000", "iommu-map", 0, phandle[DOM0], 0x8000, 0x8000, 0x8000,
	      phandle[DOM0], 0, 0x8000);
	assert_non_null(fdt_getprop(dtb[DOM0].bytes, fdt_path_offset(dtb[DOM0].bytes, nodes[DOM0]), "dma-coherent",
				    NULL));
	CELLS(dtb[NET].bytes, nodes[NET], "interrupts", 0, 93, 1);
	names_are(dtb[NET].bytes, nodes[NET], "combined", 9);
	CELLS(dtb[NET].bytes, "/eth@a000000", "iommus", phandle[NET], 4, phandle[NET], 2, phandle[NET], 3);
	CELLS(dtb[NET].bytes, "/usb@a001000", "iommus", phandle[NET], 4);
	assert_null(fdt_getprop(dtb[NET].bytes, fdt_path_offset(dtb[NET].bytes, nodes[NET]), "dma-coherent", NULL));
	CELLS(dtb[DISK].bytes, nodes[DISK], "interrupts", 0, 40, 1);
	names_are(dtb[DISK].bytes, nodes[DISK], "gerror", 7);
	CELLS(dtb[DISK].bytes, "/disk@a002000", "iommus", phandle[DISK], 0xffffffff);
	for (size_t i = DOM0; i <= DISK; i++) {
		free(dtb[i].bytes);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(streams), cmocka_unit_test(place),   cmocka_unit_test(pages),
		cmocka_unit_test(pieces),  cmocka_unit_test(entries), cmocka_unit_test(trees),
	};

	return cmocka_run_group_tests_name("viommu", tests, made_open, made_close);
}
