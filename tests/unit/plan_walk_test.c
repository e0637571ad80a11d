// SPDX-License-Identifier: Apache-2.0
// sources: gen/plan/*.c gen/util/*.c gen/diag/*.c hv/mm/stage2.c
/*
 * The plan's page tables against what the board and the domains say, by the walk
 * of stage2_walk.h: random boards, every edge, no page reached from two domains,
 * none of the hypervisor's from any.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "unit/plan_board.h"
#include "unit/stage2_walk.h"

#define BOARDS 1500u

static uint64_t random_state = 11;

static uint64_t random_next(uint64_t below)
{
	uint64_t z = (random_state += UINT64_C(0x9e3779b97f4a7c15));

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return (z ^ (z >> 31)) % below;
}

/* Devices get pages of their own, in steps that sometimes touch. */
static void devices_random(struct board_test *t, size_t domains)
{
	uint64_t next = 0x10000000;

	for (uint64_t n = random_next(BOARD_DEVICES - 1); n > 0; n--) {
		uint64_t size = random_next(8) == 0 ? MIB(2) + 0x1000 * random_next(3) : 1 + random_next(0x3000);
		struct m_device *dev = board_device(t, next + random_next(0x1000), size, random_next(domains));
		dev->attr = (enum m_attr)random_next(ATTR_NORMAL_WB + 1);
		dev->read_only = random_next(4) == 0;
		dev->exec = random_next(6) == 0;
		dev->enabled = random_next(8) != 0;
		next = ALIGN_UP(dev->reg[0].base + size, 0x1000) + (random_next(3) << (12 + 9 * random_next(2)));
	}
}

static void board_random(struct board_test *t)
{
	static const char *const names[] = {"a", "b", "c", "d"};

	board_init(t);
	t->m.board.pa_bits.v = 36 + 2 * random_next(7);
	t->m.hv_size = MIB(1) + random_next(2) * (MIB(1) + 0x5000);
	if (random_next(2) == 0) {
		t->ram[1] = (struct m_range){.base = UINT64_C(0x500000000), .size = GIB(1) + random_next(3) * MIB(512)};
		t->m.board.ram_count = 2;
	}
	for (uint64_t n = random_next(3); n > 0; n--) {
		t->reserved[t->m.board.reserved_count++] = (struct m_range){
			.base = 0x48000000 + n * 0x1000000 + random_next(0x3000), .size = 1 + random_next(MIB(3))};
	}
	size_t domains = 1 + random_next(BOARD_DOMAINS);
	for (size_t i = 0; i < domains; i++) {
		struct m_domain *dom = i == 0 ? board_dom0(t) : board_domain(t, names[i]);
		for (uint64_t n = random_next(3) + 1; i > 0 && n > 0; n--) {
			uint64_t size = random_next(2) == 0 ? MIB(2 * (1 + random_next(20)))
							    : MIB(2) + 0x1000 * random_next(700);
			board_domain_ram(dom, (struct m_ram){.has_ipa = random_next(2) == 0, .size = size,
							     .ipa = 0x80000000 + n * 0x10000000 +
								    0x1000 * random_next(2)});
		}
		dom->console = random_next(2) == 0 ? CONSOLE_VPL011 : CONSOLE_NONE;
		/* What can be placed only at a 2 MiB boundary must have one. */
		board_domain_ram(dom, (struct m_ram){.size = MIB(8)});
	}
	devices_random(t, domains);
}

struct expect {
	bool mapped;
	uint64_t pa;
	enum m_attr attr;
	bool write;
	bool exec;
};

/* What system.yaml and board.yaml say of one address, from the lists themselves. */
static struct expect expect_at(const struct board_test *t, const struct plan *p, size_t domain, uint64_t ipa)
{
	const struct plan_domain *dom = &p->domains[domain];

	for (size_t i = 0; i < dom->ram_count; i++) {
		if (ipa >= dom->ram[i].ipa && ipa < dom->ram[i].ipa + dom->ram[i].size) {
			return (struct expect){true, dom->ram[i].pa + (ipa - dom->ram[i].ipa), ATTR_NORMAL_WB, true, true};
		}
	}
	for (size_t i = 1; i < t->m.board.device_count; i++) {
		const struct m_device *dev = &t->devices[i];
		uint64_t first = dev->reg[0].base / 4096, last = (dev->reg[0].base + dev->reg[0].size - 1) / 4096;
		if (dev->enabled && t->owner[i] == domain && ipa / 4096 >= first && ipa / 4096 <= last) {
			return (struct expect){true, ipa, dev->attr, !dev->read_only, dev->exec};
		}
	}
	return (struct expect){0};
}

static void address_check(const struct board_test *t, const struct plan *p, size_t domain, uint64_t ipa)
{
	static const unsigned int memattr[] = {0x0, 0x1, 0x2, 0x3, 0x5, 0xa, 0xf};
	struct expect e = expect_at(t, p, domain, ipa);
	struct translation w = arch_walk(p->domains[domain].vttbr, p->domains[domain].vtcr, ipa);

	CHECK(w.valid == e.mapped);
	if (e.mapped) {
		CHECK(w.pa == e.pa);
		CHECK((w.desc >> 2 & 15) == memattr[e.attr]);
		CHECK((w.desc >> 6 & 3) == (e.write ? 3 : 1));
		CHECK((w.desc >> 54 & 1) == (e.exec ? 0 : 1));
	}
}

static void edges_check(const struct board_test *t, const struct plan *p, size_t domain, uint64_t base,
			uint64_t size)
{
	const uint64_t probes[] = {base - 4096, base - 1, base, base + 4095, base + size / 2,
				   base + size - 1, base + size, base + size + 4095};

	for (size_t i = 0; i < ARRAY_SIZE(probes); i++) {
		address_check(t, p, domain, probes[i]);
	}
}

/* Each domain's physical pages, from its tables; none twice, none of EL2. */
static void owners_check(const struct plan *p)
{
	struct ranges seen = {0};

	ranges_add(&seen, p->image.base, p->image.size + p->store.size);
	for (size_t d = 0; d < p->domain_count; d++) {
		for (uint64_t ipa = 0; ipa < UINT64_C(0x600000000);) {
			struct translation w = arch_walk(p->domains[d].vttbr, p->domains[d].vtcr, ipa);
			if (w.valid) {
				struct ranges mine = {0};
				ranges_add(&mine, w.pa, w.extent);
				for (size_t i = 0; i < seen.count; i++) {
					ranges_remove(&mine, seen.list[i].base, seen.list[i].end - seen.list[i].base);
				}
				CHECK(mine.count == 1 && mine.list[0].end - mine.list[0].base == w.extent);
				ranges_add(&seen, w.pa, w.extent);
				ranges_free(&mine);
			}
			ipa += w.extent;
		}
	}
	ranges_free(&seen);
}

static void payload_check(const struct plan_domain *dom)
{
	bool inside = false;

	CHECK(dom->kernel.ipa % MIB(2) == 0 && dom->dtb_ipa % 8 == 0);
	CHECK(dom->kernel.ipa + dom->kernel.size <= dom->initrd.ipa && dom->initrd.ipa <= dom->dtb_ipa);
	for (size_t i = 0; i < dom->ram_count; i++) {
		inside = inside || (dom->kernel.ipa >= dom->ram[i].ipa &&
				    dom->dtb_ipa + dom->dtb_room <= dom->ram[i].ipa + dom->ram[i].size &&
				    dom->kernel.pa - dom->kernel.ipa == dom->ram[i].pa - dom->ram[i].ipa);
	}
	CHECK(inside);
}

static void random_boards(void **state)
{
	(void)state;
	static struct board_test t;
	unsigned int planned = 0;

	for (unsigned int n = 0; n < BOARDS; n++) {
		board_random(&t);
		struct plan *p = plan_build(t.d, &t.m);
		if (p == NULL) {
			/* Random RAM may overlap in IPA space: said, not planned. */
			CHECK(diag_errors(t.d) > 0);
			board_free(&t);
			continue;
		}
		planned++;
		walk_memory.pages = p->pool.pages;
		walk_memory.base = p->pool.base.va;
		walk_memory.count = p->pool.used;
		CHECK(p->el2.own_table == p->pool.base.va + p->pool.used * PAGE_SIZE);
		CHECK(p->el2.own_table + p->el2.own_pages * PAGE_SIZE <= p->image.base + p->image.size);
		for (size_t d = 0; d < p->domain_count; d++) {
			const struct plan_domain *dom = &p->domains[d];
			payload_check(dom);
			CHECK(dom->vttbr >> 48 == d + 1);
			for (size_t i = 0; i < dom->ram_count; i++) {
				edges_check(&t, p, d, dom->ram[i].ipa, dom->ram[i].size);
			}
			for (size_t i = 0; i < t.m.board.device_count; i++) {
				edges_check(&t, p, d, t.regs[i].base, t.regs[i].size);
			}
			edges_check(&t, p, d, p->image.base, p->image.size);
			for (unsigned int i = 0; i < 100; i++) {
				address_check(&t, p, d, random_next(UINT64_C(1) << p->ipa_bits));
				address_check(&t, p, d, random_next(UINT64_C(0xa0000000)));
			}
		}
		owners_check(p);
		plan_free(p);
		board_free(&t);
	}
	/* Most boards must have had a plan, or nothing was tested. */
	assert_true(planned > BOARDS / 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(random_boards)};

	return cmocka_run_group_tests_name("plan_walk", tests, NULL, NULL);
}
