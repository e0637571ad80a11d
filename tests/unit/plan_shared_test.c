// SPDX-License-Identifier: Apache-2.0
// sources: gen/plan/*.c gen/util/*.c gen/diag/*.c hv/mm/stage2.c
/* What domains have together: places of shared memory, what stage 2 makes of it for each
 * user, which end of a doorbell is whose; and payloads that are one file. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "unit/plan_board.h"

static struct board_test t;
static struct m_region regions[3];
static struct m_share shares[2][3];
static struct m_string bells[2];
static struct m_bell ends[2][2];

static struct plan *plan_good(void)
{
	struct plan *p = plan_build(t.d, &t.m);

	if (p == NULL) {
		diag_print(t.d, stdout, DIAG_TEXT);
	}
	assert_non_null(p);
	return p;
}

static const struct plan_map *map_at(const struct plan_domain *dom, uint64_t ipa)
{
	for (size_t i = 0; i < dom->map_count; i++) {
		if (dom->maps[i].ipa == ipa) {
			return &dom->maps[i];
		}
	}
	return NULL;
}

/* Three regions, each of both domains: the first writes the first, the second the second. */
static void share(struct m_domain *one, struct m_domain *two)
{
	struct m_domain *const users[] = {one, two};

	regions[0] = (struct m_region){.name = NAME("fixed"), .size = 0x3000, .has_base = true, .base = 0x50001000,
				       .attr = ATTR_NORMAL_WB};
	regions[1] = (struct m_region){.name = NAME("large"), .size = MIB(4), .attr = ATTR_NORMAL_NC};
	regions[2] = (struct m_region){.name = NAME("small"), .size = 0x3000, .attr = ATTR_NORMAL_NC};
	t.m.regions = regions;
	t.m.region_count = 3;
	for (size_t u = 0; u < 2; u++) {
		for (size_t r = 0; r < 3; r++) {
			shares[u][r] = (struct m_share){.region = r, .has_ipa = true, .write = r != u,
							.ipa = 0x20000000 + r * MIB(16) + u * MIB(256)};
		}
		users[u]->shares = shares[u];
		users[u]->share_count = 3;
	}
}

static void regions_are_placed(void **state)
{
	(void)state;
	board_init(&t);
	struct m_domain *guest = board_domain(&t, "guest");
	board_domain_ram(guest, (struct m_ram){.has_ipa = true, .ipa = 0x40000000, .size = MIB(16)});
	board_domain_ram(guest, (struct m_ram){.has_base = true, .base = 0x7fe00000, .ipa = 0x7fe00000,
					       .size = 0x1000});
	share(guest, board_dom0(&t));
	struct plan *p = plan_good();

	/* What has a place first; then from the top down, blocks where there can be any. */
	assert_int_equal(p->regions[0].pa, 0x50001000);
	assert_int_equal(p->regions[1].pa, 0x7fa00000);
	assert_int_equal(p->regions[2].pa, 0x7fffd000);
	assert_int_equal(p->domains[0].ram[0].pa, 0x7ea00000);
	for (size_t i = 0; i < 2; i++) {
		const struct plan_domain *dom = &p->domains[i];

		for (size_t r = 0; r < 3; r++) {
			const struct plan_map *m = map_at(dom, shares[i][r].ipa);

			assert_non_null(m);
			assert_int_equal(m->pa, p->regions[r].pa);
			assert_int_equal(m->size, regions[r].size);
			assert_int_equal(m->attr.type, r == 0 ? STAGE2_NORMAL_WB : STAGE2_NORMAL_NC);
			assert_int_equal(m->attr.write, i != r);
			assert_false(m->attr.exec);
			/* And no domain's RAM. */
			for (size_t n = 0; n < dom->ram_count; n++) {
				assert_true(dom->ram[n].pa >= m->pa + m->size || m->pa >= dom->ram[n].pa + dom->ram[n].size);
			}
		}
	}
	plan_free(p);
	board_free(&t);
}

static void bell_end(size_t user, size_t n, size_t bell)
{
	ends[user][n] = (struct m_bell){
		.bell = bell,
		.reg = {.base = 0xb000000 + n * PAGE_SIZE, .size = PAGE_SIZE},
		.irq = {.type = IRQ_SPI, .number = (uint32_t)(50 + 10 * user + n),
			.intid = (uint32_t)(82 + 10 * user + n)},
	};
	t.domains[user].bells = ends[user];
	t.domains[user].bell_count = n + 1;
}

static void doorbells_have_ends(void **state)
{
	(void)state;
	board_init(&t);
	board_domain_ram(board_domain(&t, "guest"),
			 (struct m_ram){.has_ipa = true, .ipa = 0x40000000, .size = MIB(16)});
	board_dom0(&t);
	bells[0] = NAME("bell");
	bells[1] = NAME("gong");
	t.m.bells = bells;
	t.m.bell_count = 2;
	bell_end(0, 0, 1);
	bell_end(0, 1, 0);
	bell_end(1, 0, 0);
	bell_end(1, 1, 1);
	struct plan *p = plan_good();

	for (size_t bell = 0; bell < 2; bell++) {
		for (size_t end = 0; end < 2; end++) {
			const struct doorbell_end *e = &p->doorbells[bell].end[end];
			const struct plan_domain *dom = &p->domains[end];
			const struct trap_window *found = NULL;

			assert_int_equal(e->domain, end);
			for (size_t w = 0; w < dom->window_count; w++) {
				found = dom->windows[w].ipa == e->ipa ? &dom->windows[w] : found;
			}
			assert_non_null(found);
			assert_int_equal(found->kind, WINDOW_PL061);
			assert_int_equal(found->size, PAGE_SIZE);
			assert_int_equal(found->intid, e->intid);
			assert_int_equal(found->index, 2 * bell + end);
			assert_true((dom->virq_mask[e->intid / 32] >> e->intid % 32 & 1) != 0);
			assert_true((dom->irq_edge[e->intid / 32] >> e->intid % 32 & 1) == 0);
		}
	}
	assert_int_equal(p->doorbells[0].end[0].intid, 83);
	assert_int_equal(p->doorbells[0].end[1].intid, 92);
	plan_free(p);
	board_free(&t);
}

static void one_file_is_carried_once(void **state)
{
	(void)state;
	char kernel[64], other[64];

	kernel_make(kernel, 0x2801, 0, 0x200000);
	kernel_make(other, 0x1000, 0, 0x200000);
	board_init(&t);
	for (size_t i = 0; i < 3; i++) {
		struct m_domain *dom = i == 2 ? board_dom0(&t) : board_domain(&t, i == 0 ? "a" : "b");

		dom->kernel = (struct m_string){.s = kernel};
		dom->initrd = (struct m_string){.s = other};
		if (i < 2) {
			board_domain_ram(dom, (struct m_ram){.has_ipa = true, .ipa = 0x40000000, .size = MIB(16)});
		}
	}
	struct plan *p = plan_good();

	assert_int_equal(p->store.size, 0x4000);
	for (size_t i = 0; i < 2; i++) {
		assert_int_equal(p->domains[i].kernel.from, 0x40300000);
		assert_int_equal(p->domains[i].initrd.from, 0x40303000);
	}
	/* At home it is what runs, and no copy for others. */
	assert_int_equal(p->domains[2].kernel.from, p->domains[2].kernel.pa);
	assert_int_equal(p->domains[2].initrd.from, p->domains[2].initrd.pa);
	plan_free(p);
	board_free(&t);
	unlink(kernel);
	unlink(other);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(regions_are_placed),
		cmocka_unit_test(doorbells_have_ends),
		cmocka_unit_test(one_file_is_carried_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
