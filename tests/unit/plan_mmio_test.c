// SPDX-License-Identifier: Apache-2.0
// sources: gen/plan/*.c gen/util/*.c gen/diag/*.c hv/mm/stage2.c
/*
 * MMIO on demand: boards with devices and windows at random, page by page against what
 * docs/ondemand.md says, in the very tables.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "unit/plan_board.h"
#include "unit/stage2_walk.h"

#define BOARDS 300u
#define AREA UINT64_C(0x07000000) /* from before the GIC to behind the console */
#define PAGES 0x3000u
#define DEVICES 16u
#define WINDOWS 6u
#define GICD_PAGE 0x1000u
#define GICR_PAGE 0x10a0u
#define GICR_PAGES 0xf60u
#define UART_PAGE 0x2000u

enum what { NOTHING, KEPT, OTHER, DEVICE, WINDOW };

struct page {
	enum what what;
	const char *name;
	enum m_attr attr;
	bool later;
	uint64_t block;
};

static struct page pages[PAGES];
static struct m_mmio_window windows[WINDOWS];
static char window_names[WINDOWS][8];
static uint64_t random_state = 11;

static uint64_t random_next(uint64_t below)
{
	uint64_t z = (random_state += UINT64_C(0x9e3779b97f4a7c15));

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return (z ^ (z >> 31)) % below;
}

static void pages_set(uint64_t first, uint64_t count, struct page with)
{
	for (uint64_t i = first; i < first + count; i++) {
		pages[i] = with;
	}
}

/* A device in pages of its own: dom0's, domu's, nobody's. */
static void device_add(struct board_test *t)
{
	uint64_t count = random_next(4) == 0 ? 1 + random_next(0x300) : 1 + random_next(3);
	uint64_t first = random_next(PAGES - count), owner = random_next(3);
	uint64_t skip = random_next(2) == 0 ? 0 : 8 * random_next(512);

	for (uint64_t i = first; i < first + count; i++) {
		if (pages[i].what != NOTHING) {
			return;
		}
	}
	struct m_device *dev = board_device(t, AREA + first * PAGE_SIZE + skip,
					    count * PAGE_SIZE - skip - (skip == 0 ? 0 : random_next(4096 - skip + 1) / 2),
					    owner == 2 ? MODEL_NONE : owner);
	dev->enabled = owner != 2 || random_next(2) == 0;
	dev->attr = random_next(2) == 0 ? ATTR_DEVICE_GRE : ATTR_NORMAL_NC;
	/* It ends where it ends: pages behind its last byte are not its own. */
	count = (ALIGN_UP(t->regs[t->m.board.device_count - 1].base + t->regs[t->m.board.device_count - 1].size,
			  PAGE_SIZE) - AREA) / PAGE_SIZE - first;
	pages_set(first, count, (struct page){.what = owner == 0 ? DEVICE : OTHER, .name = dev->name.s,
					      .attr = dev->attr, .later = true, .block = MIB(2)});
}

static void windows_add(struct board_test *t)
{
	static const uint64_t blocks[] = {0, PAGE_SIZE, MIB(2), GIB(1)};
	uint64_t at = 0;

	t->m.board.windows = windows;
	for (size_t i = 0; i < WINDOWS && at < PAGES; i++) {
		uint64_t first = at + random_next(0x200), count = 1 + random_next(0x1000);

		count = first >= PAGES ? 0 : first + count > PAGES ? PAGES - first : count;
		if (count == 0) {
			break;
		}
		snprintf(window_names[i], sizeof(window_names[i]), "win%zu", i);
		windows[i] = (struct m_mmio_window){
			.name = NAME(window_names[i]), .pos = AT(90), .attr = ATTR_DEVICE_NGNRE,
			.reg = {.base = AREA + first * PAGE_SIZE, .size = count * PAGE_SIZE, .pos = AT(90)},
			.block = blocks[random_next(4)], .pre_map = random_next(4) == 0};
		for (uint64_t n = first; n < first + count; n++) {
			struct page *p = &pages[n];

			p->later = p->later && !windows[i].pre_map;
			if (p->what == NOTHING) {
				*p = (struct page){.what = WINDOW, .name = window_names[i], .attr = ATTR_DEVICE_NGNRE,
						   .later = !windows[i].pre_map,
						   .block = windows[i].block == 0 ? MIB(2) : windows[i].block};
			}
		}
		t->m.board.window_count = i + 1;
		at = first + count;
	}
}

/* All of the aligned block of 2 MiB around page n is of one piece. */
static bool block_is_one(uint64_t n)
{
	uint64_t first = ALIGN_DOWN(AREA + n * PAGE_SIZE, MIB(2));

	if (first < AREA || first + MIB(2) > AREA + PAGES * PAGE_SIZE) {
		return false;
	}
	first = (first - AREA) / PAGE_SIZE;
	for (uint64_t i = first; i < first + 512; i++) {
		if (pages[i].what != pages[n].what || pages[i].later != pages[n].later || pages[i].name != pages[n].name) {
			return false;
		}
	}
	return true;
}

static void page_check(const struct plan *p, uint64_t n)
{
	const struct page *want = &pages[n];
	const struct plan_domain *dom = &p->domains[0];
	uint64_t ipa = AREA + n * PAGE_SIZE, size;
	struct translation t = arch_walk(dom->vttbr, dom->vtcr, ipa + 8);
	const uint64_t *leaf = stage2_leaf(&dom->s2, IPA(ipa), &size);
	bool mapped = want->what == DEVICE || want->what == WINDOW;

	if (mapped != (t.desc != 0) || (mapped && t.valid == want->later)) {
		fail_msg("page 0x%llx: %d '%s' later %d, found 0x%llx", (unsigned long long)ipa, want->what,
			 want->name == NULL ? "" : want->name, want->later, (unsigned long long)t.desc);
	}
	if (!mapped) {
		CHECK(leaf == NULL);
		return;
	}
	CHECK((t.desc & UINT64_C(0xfffffffff000)) == ALIGN_DOWN(ipa, t.extent));
	CHECK((t.desc >> 54 & 1) == 1 && (t.desc >> 6 & 3) == 3);
	CHECK((t.desc >> 2 & 15) == (want->attr == ATTR_NORMAL_NC ? 5 : want->attr == ATTR_DEVICE_GRE ? 3 : 1));
	CHECK(*leaf == t.desc);
	CHECK(!want->later || p->written[(size_t)(leaf - p->pool.pages[0]) / 512]);
	/* Not more at a time than is to be, and not less than may be. */
	CHECK(!want->later || t.extent <= want->block);
	CHECK(!want->later || want->block < MIB(2) || t.extent == (block_is_one(n) ? MIB(2) : PAGE_SIZE));
}

/* No page is writable for the hypervisor without need. */
static void written_check(const struct plan *p)
{
	for (uint32_t i = 0; i < p->pool.used; i++) {
		bool some = false;

		for (uint32_t n = 0; n < 512; n++) {
			some = some || (p->pool.pages[i][n] != 0 && (p->pool.pages[i][n] & 1) == 0);
		}
		CHECK(some == p->written[i]);
	}
}

static void at_random(void **state)
{
	uint64_t later = 0, now = 0;

	(void)state;
	for (uint32_t round = 0; round < BOARDS; round++) {
		struct board_test t;

		board_init(&t);
		memset(pages, 0, sizeof(pages));
		pages_set(GICD_PAGE, 0x10, (struct page){.what = KEPT});
		pages_set(GICR_PAGE, GICR_PAGES, (struct page){.what = KEPT});
		pages_set(UART_PAGE, 1, (struct page){.what = KEPT});
		board_dom0(&t)->on_demand = true;
		board_domain_ram(board_domain(&t, "domu"), (struct m_ram){.size = MIB(16), .has_ipa = true});
		for (uint32_t i = 0; i < DEVICES; i++) {
			device_add(&t);
		}
		windows_add(&t);
		t.m.hv_size = MIB(2);
		struct plan *p = plan_build(t.d, &t.m);
		assert_non_null(p);
		walk_memory.pages = p->pool.pages;
		walk_memory.base = p->pool.base.va;
		walk_memory.count = p->pool.used;
		walk_memory.prepared = true;
		for (uint64_t n = 0; n < PAGES; n++) {
			page_check(p, n);
			later += (pages[n].what == DEVICE || pages[n].what == WINDOW) && pages[n].later;
			now += (pages[n].what == DEVICE || pages[n].what == WINDOW) && !pages[n].later;
		}
		written_check(p);
		plan_free(p);
		board_free(&t);
	}
	assert_true(later > 100 * BOARDS && now > 100 * BOARDS);
}

/* Without `mmio: on-demand` windows are nothing to anybody, and devices are mapped. */
static void mapped(void **state)
{
	struct board_test t;
	struct translation w;

	(void)state;
	board_init(&t);
	(void)board_dom0(&t);
	board_device(&t, 0x0a000000, 0x1000, 0);
	t.m.board.windows = windows;
	t.m.board.window_count = 1;
	windows[0] = (struct m_mmio_window){
		.name = NAME("low"), .pos = AT(90), .reg = {.base = 0x0b000000, .size = 0x1000, .pos = AT(90)}};
	struct plan *p = plan_build(t.d, &t.m);
	assert_non_null(p);
	walk_memory.pages = p->pool.pages;
	walk_memory.base = p->pool.base.va;
	walk_memory.count = p->pool.used;
	walk_memory.prepared = false;
	w = arch_walk(p->domains[0].vttbr, p->domains[0].vtcr, 0x0a000000);
	assert_true(w.valid);
	w = arch_walk(p->domains[0].vttbr, p->domains[0].vtcr, 0x0b000000);
	assert_false(w.valid);
	written_check(p);
	plan_free(p);
	board_free(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(at_random),
		cmocka_unit_test(mapped),
	};

	return cmocka_run_group_tests_name("plan_mmio", tests, NULL, NULL);
}
