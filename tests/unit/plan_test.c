// SPDX-License-Identifier: Apache-2.0
// sources: gen/plan/*.c gen/util/*.c gen/diag/*.c hv/mm/stage2.c
/* Where the plan puts things. Its refusals are in plan_errors_test.c, its page
 * tables against an independent walk in plan_walk_test.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "unit/plan_board.h"

static struct plan *plan_good(struct board_test *t)
{
	struct plan *p = plan_build(t->d, &t->m);

	if (p == NULL) {
		diag_print(t->d, stdout, DIAG_TEXT);
	}
	assert_non_null(p);
	assert_int_equal(diag_errors(t->d), 0);
	return p;
}

static void ram_is(const struct plan_domain *dom, size_t i, uint64_t ipa, uint64_t pa, uint64_t size)
{
	assert_true(i < dom->ram_count);
	assert_int_equal(dom->ram[i].ipa, ipa);
	assert_int_equal(dom->ram[i].pa, pa);
	assert_int_equal(dom->ram[i].size, size);
}

static bool mask_has(const uint32_t *mask, uint32_t intid)
{
	return (mask[intid / 32] & BIT32(intid % 32)) != 0;
}

/* Without payload: the places are kept all the same. */
static void one_domain(void **state)
{
	(void)state;
	struct board_test t;

	board_init(&t);
	struct m_domain *m = board_dom0(&t);
	m->cpu_count = 4;
	for (size_t i = 0; i < 4; i++) {
		m->cpus[i] = i;
	}
	t.m.board.reserved_count = 1;
	t.reserved[0] = (struct m_range){.base = 0x50000800, .size = 0x1000};
	struct plan *p = plan_good(&t);
	const struct plan_domain *dom = &p->domains[0];

	assert_int_equal(p->image.base, 0x40200000);
	assert_int_equal(p->image.size, MIB(1));
	assert_int_equal(p->store.size, 0);
	assert_int_equal(p->image_size, MIB(1));
	assert_int_equal(dom->ram_count, 3);
	ram_is(dom, 0, 0x40000000, 0x40000000, 0x200000);
	ram_is(dom, 1, 0x40300000, 0x40300000, 0x50000000 - 0x40300000);
	ram_is(dom, 2, 0x50002000, 0x50002000, 0x80000000 - 0x50002000);
	assert_int_equal(dom->kernel.ipa, 0x40400000);
	assert_true(dom->dtb_ipa >= 0x40400000 + MIB(64));
	assert_int_equal(dom->dtb_ipa % 8, 0);
	assert_true(dom->dtb_ipa + dom->dtb_room <= 0x50000000);
	assert_int_equal(dom->cpu_count, 4);
	assert_int_equal(p->cpus[3].vcpu, 3);

	/* GIC: GICD, a frame for each CPU, the PL011 where the board's console is. */
	assert_int_equal(dom->window_count, 3);
	assert_int_equal(dom->windows[0].kind, WINDOW_GICD);
	assert_int_equal(dom->windows[1].size, 4 * 0x20000);
	assert_int_equal(dom->windows[2].kind, WINDOW_VPL011);
	assert_int_equal(dom->windows[2].ipa, 0x09000000);
	assert_int_equal(dom->windows[2].intid, 33);
	assert_int_equal(p->gic.gicr.size, 4 * 0x20000);
	assert_int_equal(p->uart.kind, UART_PL011);
	assert_int_equal(p->uart.intid, 33);
	plan_free(p);
	board_free(&t);
}

/* The hardware domain's payload lies at home, right behind the hypervisor. */
static void payload_at_home(void **state)
{
	(void)state;
	struct board_test t;
	char kernel[64], initrd[64];

	kernel_make(kernel, 0x123456, 0x80000, 0x200000);
	file_make(initrd, "x", 1, 0x5001);
	board_init(&t);
	struct m_domain *m = board_dom0(&t);
	m->kernel = (struct m_string){.s = kernel};
	m->initrd = (struct m_string){.s = initrd};
	struct plan *p = plan_good(&t);
	const struct plan_domain *dom = &p->domains[0];

	assert_int_equal(dom->kernel.ipa, 0x40480000);
	assert_int_equal(dom->kernel.from, 0x40480000);
	assert_int_equal(dom->kernel.file_size, 0x123456);
	/* Behind what the kernel clears, not behind its file. */
	assert_int_equal(dom->initrd.ipa, 0x40680000);
	assert_int_equal(dom->initrd.from, dom->initrd.pa);
	assert_int_equal(p->store.size, 0);
	assert_int_equal(p->file_end, 0x40685001);
	assert_int_equal(p->image_size, 0x40686000 - 0x40200000);
	assert_true(dom->dtb_ipa >= 0x40686000);
	plan_free(p);
	board_free(&t);
	unlink(kernel);
	unlink(initrd);
}

/* Every other domain's is carried in the store, and its RAM may be anywhere. */
static void payload_carried(void **state)
{
	(void)state;
	struct board_test t;
	char kernel[64], other[64];

	kernel_make(kernel, 0x1000, 0, 0x200000);
	kernel_make(other, 0x2801, 0, 0);
	board_init(&t);
	struct m_domain *guest = board_domain(&t, "guest");
	struct m_domain *m = board_dom0(&t);
	guest->kernel = (struct m_string){.s = other};
	board_domain_ram(guest, (struct m_ram){.has_ipa = true, .ipa = 0x80000000, .size = MIB(32)});
	board_domain_ram(guest, (struct m_ram){.has_base = true, .base = 0x60001000, .size = 0x1000});
	m->kernel = (struct m_string){.s = kernel};
	struct plan *p = plan_good(&t);
	const struct plan_domain *dom = &p->domains[0];

	assert_int_equal(p->store.base, 0x40300000);
	assert_int_equal(p->store.size, 0x3000);
	ram_is(dom, 0, 0x80000000, 0x80000000 - MIB(32), MIB(32));
	ram_is(dom, 1, 0x60001000, 0x60001000, 0x1000);
	/* image_size 0: an old kernel, at 512 KiB. */
	assert_int_equal(dom->kernel.ipa, 0x80080000);
	assert_int_equal(dom->kernel.pa, 0x80000000 - MIB(32) + 0x80000);
	assert_int_equal(dom->kernel.from, 0x40300000);
	const struct plan_domain *dom0 = &p->domains[1];
	ram_is(dom0, 1, 0x40303000, 0x40303000, 0x60001000 - 0x40303000);
	ram_is(dom0, 2, 0x60002000, 0x60002000, 0x7e000000 - 0x60002000);
	assert_int_equal(dom0->kernel.from, 0x40400000);
	assert_int_equal(p->file_end, 0x40401000);
	assert_int_equal(p->image_size, 0x40600000 - 0x40200000);
	plan_free(p);
	board_free(&t);
	unlink(kernel);
	unlink(other);
}

/* The hardware domain has RAM of its own far away: nothing lies at home. */
static void payload_nowhere_near(void **state)
{
	(void)state;
	struct board_test t;
	char kernel[64];

	kernel_make(kernel, 0x1001, 0, 0x200000);
	board_init(&t);
	struct m_domain *m = board_dom0(&t);
	m->all_other_ram = false;
	m->kernel = (struct m_string){.s = kernel};
	board_domain_ram(m, (struct m_ram){.has_base = true, .base = 0x60000000, .size = MIB(64)});
	struct plan *p = plan_good(&t);

	assert_int_equal(p->store.size, 0x2000);
	assert_int_equal(p->domains[0].kernel.pa, 0x60000000);
	assert_int_equal(p->domains[0].kernel.from, 0x40300000);
	assert_int_equal(p->image_size, 0x102000);
	plan_free(p);
	board_free(&t);
	unlink(kernel);
}

/* Moved RAM close behind the hypervisor is not home: its addresses differ. A header
 * that asks for less than the file has, and odd sizes, get whole pages. */
static void payload_moved_near(void **state)
{
	(void)state;
	struct board_test t;
	char kernel[64], initrd[64];

	kernel_make(kernel, 0x3801, 0, 0x1000);
	file_make(initrd, "x", 1, 1);
	board_init(&t);
	struct m_domain *m = board_dom0(&t);
	m->all_other_ram = false;
	m->kernel = (struct m_string){.s = kernel};
	m->initrd = (struct m_string){.s = initrd};
	board_domain_ram(m, (struct m_ram){.has_base = true, .base = 0x40500000, .has_ipa = true,
					   .ipa = 0x40400000, .size = MIB(64)});
	struct plan *p = plan_good(&t);
	const struct plan_domain *dom = &p->domains[0];

	assert_int_equal(dom->kernel.pa, 0x40500000);
	assert_int_equal(dom->kernel.from, 0x40300000);
	assert_int_equal(dom->kernel.size, 0x3801);
	assert_int_equal(dom->initrd.ipa, 0x40404000);
	assert_int_equal(dom->initrd.from, 0x40304000);
	assert_int_equal(dom->dtb_ipa, 0x40405000);
	plan_free(p);
	board_free(&t);
	unlink(kernel);
	unlink(initrd);
}

static void interrupts(void **state)
{
	(void)state;
	struct board_test t;
	static struct m_number smc[] = {{.v = 0x84000050}, {.v = 0x82000001}, {.v = 0x84000050}};

	board_init(&t);
	struct m_domain *m = board_dom0(&t);
	m->smc_allow = smc;
	m->smc_count = 3;
	struct m_domain *guest = board_domain(&t, "guest");
	board_domain_ram(guest, (struct m_ram){.size = MIB(32)});
	guest->console = CONSOLE_VPL011;
	board_device(&t, 0x0a000000, 0x1000, 0);                                       /* SPI 2 */
	board_device(&t, 0x0b000000, 0x1000, 1)->irqs->trigger = TRIGGER_EDGE_RISING;   /* SPI 3 */
	board_device(&t, 0x0c000000, 0x1000, 1)->enabled = false;                       /* SPI 4 */
	struct plan *p = plan_good(&t);

	for (size_t i = 0; i < 2; i++) {
		const struct plan_domain *dom = &p->domains[i];
		assert_true(mask_has(dom->irq_mask, 27) && mask_has(dom->irq_mask, 30) && mask_has(dom->irq_mask, 23));
		assert_false(mask_has(dom->irq_mask, 25) || mask_has(dom->irq_mask, 26));
		/* The console's interrupt is virtual in both: wire 33 is the hypervisor's. */
		assert_true(mask_has(dom->virq_mask, 33));
		assert_false(mask_has(dom->irq_mask, 33));
		assert_int_equal(mask_has(dom->irq_mask, 34), i == 0);
		assert_int_equal(mask_has(dom->irq_mask, 35), i == 1);
		assert_int_equal(mask_has(dom->irq_edge, 35), i == 1);
		assert_false(mask_has(dom->irq_mask, 36));
	}
	assert_int_equal(p->spi_owner[33], OWNER_NONE);
	assert_int_equal(p->spi_owner[34], 0);
	assert_int_equal(p->spi_owner[35], 1);
	assert_int_equal(p->spi_owner[36], OWNER_NONE);
	assert_int_equal(p->domains[0].smc_count, 2);
	assert_int_equal(p->domains[0].smc[0], 0x82000001);
	assert_int_equal(p->domains[0].smc[1], 0x84000050);
	plan_free(p);
	board_free(&t);
}

/* A domain that takes the board's console has its interrupts; the hypervisor still
 * writes there. */
static void console_given_away(void **state)
{
	(void)state;
	struct board_test t;

	board_init(&t);
	struct m_domain *m = board_dom0(&t);
	m->console = CONSOLE_DEVICE;
	m->console_device = 0;
	struct plan *p = plan_good(&t);
	const struct plan_domain *dom = &p->domains[0];

	assert_int_equal(p->uart.kind, UART_PL011);
	assert_int_equal(p->uart.reg.base, 0x09000000);
	assert_int_equal(p->uart.intid, 0);
	assert_true(mask_has(dom->irq_mask, 33));
	assert_int_equal(p->spi_owner[33], 0);
	assert_int_equal(dom->maps[0].ipa, 0x09000000);
	assert_int_equal(dom->window_count, 2);
	plan_free(p);
	board_free(&t);
}

/* Neighbours with the same attributes make the largest blocks; neighbours in IPA
 * alone stay apart. */
static void neighbours(void **state)
{
	(void)state;
	struct board_test t;
	uint64_t extent;

	board_init(&t);
	struct m_domain *m = board_dom0(&t);
	m->all_other_ram = false;
	board_domain_ram(m, (struct m_ram){.has_base = true, .base = 0x50000000, .size = MIB(4), .has_ipa = true,
					   .ipa = 0x80000000});
	board_domain_ram(m, (struct m_ram){.has_base = true, .base = 0x40400000, .size = MIB(4), .has_ipa = true,
					   .ipa = 0x80400000});
	board_device(&t, 0x10000000, MIB(1), 0);
	board_device(&t, 0x10100000, MIB(1), 0);
	board_device(&t, 0x10200000, MIB(2), 0)->attr = ATTR_NORMAL_NC;
	struct plan *p = plan_good(&t);
	const struct plan_domain *dom = &p->domains[0];

	assert_int_equal(dom->map_count, 4);
	assert_int_equal(stage2_lookup(&dom->s2, IPA(0x10080000), &extent) & GENMASK64(47, 12), 0x10000000);
	assert_int_equal(extent, MIB(2));
	assert_int_equal(stage2_lookup(&dom->s2, IPA(0x80400000), &extent) & GENMASK64(47, 12), 0x40400000);
	plan_free(p);
	board_free(&t);
}

/* Nothing is known of an ACPI machine; there is an image all the same, without tables. */
static void acpi_knows_nothing(void **state)
{
	(void)state;
	struct board_test t;

	board_init(&t);
	board_dom0(&t);
	t.m.board.firmware = FW_ACPI;
	t.m.board.load.given = false;
	t.m.board.ram_count = 0;
	t.m.board.cpu_count = 0;
	t.m.board.device_count = 0;
	t.m.board.console_device = MODEL_NONE;
	t.m.board.gic = (struct m_gic){.version = GIC_V3};
	t.domains[0].cpu_count = 0;
	t.domains[0].on_demand = true;
	t.m.hv_size = MIB(4);
	struct plan *p = plan_good(&t);
	assert_true(p->image.base >= BIT64(47) && p->pool.used == 1 && p->el2.own_pages == 0);
	assert_int_equal(p->el2.ttbr | p->domains[0].vttbr, 0);
	assert_true(p->gic.version == GIC_NONE && p->uart.kind == UART_NONE);
	assert_int_equal(p->domains[0].ram_count, 0);
	assert_int_equal(p->domains[0].map_count, 0);
	plan_free(p);
	board_free(&t);
}

/* What caches may hold of a PCI host is its own memory, not what its windows lead to. */
static void handover_without_windows(void **state)
{
	(void)state;
	struct board_test t;
	struct m_range regs[2] = {{.base = 0x10000000, .size = 0x1000, .pos = AT(50)},
				  {.base = 0x8000000000, .size = GIB(256), .pos = AT(51)}};

	board_init(&t);
	board_dom0(&t);
	struct m_device *pci = board_device(&t, 0, 0, 0);
	*pci = (struct m_device){.name = NAME("pcie"), .reg = regs, .reg_count = 2, .window_count = 1,
				 .attr = ATTR_NORMAL_NC, .enabled = true};
	struct plan *p = plan_good(&t);

	assert_int_equal(p->domains[0].handover_count, 1);
	assert_int_equal(p->domains[0].handover[0].base, 0x10000000);
	assert_int_equal(p->domains[0].handover[0].size, 0x1000);
	plan_free(p);
	board_free(&t);
}

/* A PCI host is translated when all its requester IDs are; other links of its do not
 * stand for some of them. */
static void requester_coverage(void **state)
{
	(void)state;
	struct board_test t;
	struct m_iommu smmu = {.name = NAME("smmu0"), .type = IOMMU_SMMUV3, .root = MODEL_NONE, .id_count = 0x20000,
			       .two_level = true, .cmdq_entries = 256, .evtq_entries = 128,
			       .reg = {.base = 0x09050000, .size = 0x20000}};
	struct m_iommu_link links[2] = {{.count = 0xffff, .mapped = true, .pos = AT(60)},
					{.first = 0x10000, .count = 1, .pos = AT(61)}};

	for (uint32_t more = 0; more < 2; more++) {
		board_init(&t);
		board_dom0(&t)->guest_abi = ABI_XEN;
		t.m.board.iommus = &smmu;
		t.m.board.iommu_count = 1;
		struct m_device *pci = board_device(&t, 0x10000000, 0x1000, 0);
		pci->dma_master = true;
		pci->links = links;
		pci->link_count = 2;
		links[0].count = 0xffff + more;
		struct plan *p = plan_good(&t);

		assert_int_equal(p->domains[0].xen_features & (XEN_FEATURE_DIRECT_MAPPED | XEN_FEATURE_NOT_DIRECT_MAPPED),
				 more != 0 ? XEN_FEATURE_NOT_DIRECT_MAPPED : XEN_FEATURE_DIRECT_MAPPED);
		plan_free(p);
		board_free(&t);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_domain),	      cmocka_unit_test(payload_at_home),
		cmocka_unit_test(payload_carried),    cmocka_unit_test(payload_nowhere_near),
		cmocka_unit_test(interrupts),	      cmocka_unit_test(console_given_away),
		cmocka_unit_test(payload_moved_near), cmocka_unit_test(neighbours),
		cmocka_unit_test(acpi_knows_nothing), cmocka_unit_test(handover_without_windows),
		cmocka_unit_test(requester_coverage),
	};

	return cmocka_run_group_tests_name("plan", tests, NULL, NULL);
}
