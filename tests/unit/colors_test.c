// SPDX-License-Identifier: Apache-2.0
// sources: gen/plan/*.c gen/util/*.c gen/diag/*.c gen/emit/pack.c hv/mm/stage2.c hv/mm/unpack.c
/*
 * Coloured RAM on random boards: every page of each domain by the page tables' own walk,
 * its colour, that it is free RAM and nobody else's, and the list that the hypervisor
 * gets; and the tables through the packer and back.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "emit/pack.h"
#include "mm/unpack.h"
#include "unit/plan_board.h"

#define BOARDS 60u
#define RAM_BASE UINT64_C(0x40000000)
#define RAM_PAGES (GIB(1) / PAGE_SIZE)

static uint8_t owners[RAM_PAGES]; /* domain + 1 */
static uint64_t random_state = 23;

static uint64_t random_next(uint64_t below)
{
	uint64_t z = (random_state += UINT64_C(0x9e3779b97f4a7c15));

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return (z ^ (z >> 31)) % below;
}

/* Domain i gets colours [i/3..(i+1)/3) of what there are, or less. */
static void board_colored(struct board_test *t, uint32_t colors, size_t domains)
{
	static const char *const names[] = {"a", "b", "c"};
	uint32_t own = colors >= 16 ? (uint32_t)random_next(2) * 2 : 0;
	uint32_t share = (colors - own) / (uint32_t)domains;

	board_init(t);
	t->m.hv_colors = (struct m_colors){.first = colors - own, .count = own};
	t->m.board.colors = colors;
	t->m.hv_size = MIB(4);
	for (uint64_t n = random_next(3); n > 0; n--) {
		t->reserved[t->m.board.reserved_count++] = (struct m_range){
			.base = 0x48000000 + n * 0x1000000 + random_next(0x3000), .size = 1 + random_next(MIB(3))};
	}
	for (size_t i = 0; i < domains; i++) {
		struct m_domain *dom = board_domain(t, names[i]);
		uint32_t spare = (uint32_t)random_next(share);
		dom->colors.first = (uint32_t)i * share + (uint32_t)random_next(spare + 1);
		dom->colors.count = share - spare;
		dom->hardware = i == 0;
		uint64_t most = MIB(600) / colors * dom->colors.count;
		for (uint64_t n = 1 + random_next(3), left = most; n > 0; n--) {
			uint64_t size = n == 1 ? left : PAGE_SIZE * (1 + random_next(left / PAGE_SIZE / 2));
			board_domain_ram(dom, (struct m_ram){.has_ipa = true, .size = ALIGN_DOWN(size, PAGE_SIZE),
							     .ipa = 0x80000000 + n * 0x40000000});
			left -= ALIGN_DOWN(size, PAGE_SIZE);
		}
	}
}

static bool page_is_free(const struct board_test *t, const struct plan *p, uint64_t pa)
{
	bool is_free = pa >= RAM_BASE && pa < RAM_BASE + GIB(1) && pa - p->image.base >= p->image.size &&
		       (p->store.size == 0 || pa - p->store.base >= p->store.size);

	for (size_t i = 0; i < t->m.board.reserved_count; i++) {
		is_free = is_free && (pa + PAGE_SIZE <= t->reserved[i].base ||
				      pa >= t->reserved[i].base + t->reserved[i].size);
	}
	return is_free;
}

static void domain_check(const struct board_test *t, const struct plan *p, size_t domain)
{
	const struct plan_domain *dom = &p->domains[domain];
	const struct m_domain *m = dom->m;
	size_t pages = 0, listed = 0;

	for (size_t r = 0; r < m->ram_count; r++) {
		for (uint64_t ipa = m->ram[r].ipa; ipa < m->ram[r].ipa + m->ram[r].size; ipa += PAGE_SIZE) {
			uint64_t size, leaf = stage2_lookup(&dom->s2, IPA(ipa), &size);
			/* All colours of the board are whole blocks again. */
			uint64_t pa = ALIGN_DOWN(leaf & GENMASK64(47, 12), size) + (ipa & (size - 1));
			uint64_t color = pa / PAGE_SIZE % t->m.board.colors;
			assert_int_equal(leaf & 0xfff, size == PAGE_SIZE ? 0x7ff : 0x7fd);
			assert_true(color >= m->colors.first && color < m->colors.first + m->colors.count);
			assert_true(page_is_free(t, p, pa));
			assert_int_equal(owners[(pa - RAM_BASE) / PAGE_SIZE], 0);
			owners[(pa - RAM_BASE) / PAGE_SIZE] = (uint8_t)(domain + 1);
			pages++;
			if (random_next(64) == 0) {
				assert_int_equal(plan_ram_pa(dom, ipa), pa);
			}
		}
	}
	for (size_t i = 0; i < dom->span_count; i++) {
		const struct mem_range *s = &dom->spans[i];
		for (uint64_t pa = s->base; pa < s->base + s->size; pa += PAGE_SIZE) {
			bool own = owners[(pa - RAM_BASE) / PAGE_SIZE] == domain + 1;
			assert_int_equal(own, color_has(&dom->colors, pa));
			listed += own;
		}
	}
	assert_int_equal(listed, pages);
}

/* The hypervisor's pages, once all domains' are known. */
static void home_check(const struct board_test *t, const struct plan *p)
{
	const struct m_colors *c = &t->m.hv_colors;

	for (uint64_t va = p->image.base; va < p->image.base + p->image.size; va += PAGE_SIZE) {
		uint64_t pa = home_pa(&p->home, va), color = pa / PAGE_SIZE % t->m.board.colors;
		assert_int_equal(home_va(&p->home, pa), va);
		assert_int_equal(home_pa(&p->home, va + 0x123), pa + 0x123);
		if (c->count == 0) {
			assert_int_equal(pa, va);
			continue;
		}
		assert_true(color >= c->first && color < c->first + c->count);
		assert_true(page_is_free(t, p, pa));
		assert_int_equal(owners[(pa - RAM_BASE) / PAGE_SIZE], 0);
		owners[(pa - RAM_BASE) / PAGE_SIZE] = UINT8_MAX;
		/* The page so many behind it is of another colour. */
		assert_int_equal(home_va(&p->home, pa + PAGE_SIZE * c->count), UINT64_MAX);
	}
}

static void tables_check(const struct plan *p)
{
	size_t words = (size_t)p->pool.used * 512, count;
	struct packed_run *runs = pack_words(&p->pool.pages[0][0], words, &count);
	uint64_t *again = malloc(words * 8);

	assert_true(pack_unpack(runs, count, again, words));
	assert_memory_equal(again, p->pool.pages, words * 8);
	memset(again, 0xa5, words * 8);
	assert_true(unpack_runs(runs, count, again, words));
	assert_memory_equal(again, p->pool.pages, words * 8);
	/* Pages of a few colours take a few entries, not one for each run of them. */
	assert_true(count < 200);
	free(again);
	free(runs);
}

static void random_boards(void **state)
{
	static const uint32_t colors[] = {2, 4, 16, 64};

	(void)state;
	for (unsigned int n = 0; n < BOARDS; n++) {
		struct board_test t;
		uint32_t of = colors[random_next(4)];
		board_colored(&t, of, of == 2 ? 1 + random_next(2) : 1 + random_next(3));
		struct plan *p = plan_build(t.d, &t.m);
		if (p == NULL) {
			diag_print(t.d, stderr, DIAG_TEXT);
		}
		assert_non_null(p);
		memset(owners, 0, sizeof(owners));
		for (size_t i = 0; i < t.m.domain_count; i++) {
			domain_check(&t, p, i);
		}
		home_check(&t, p);
		tables_check(p);
		plan_free(p);
		board_free(&t);
	}
}

static void not_enough(void **state)
{
	struct board_test t;
	char *got = NULL;
	size_t size;

	(void)state;
	board_init(&t);
	t.m.board.colors = 16;
	t.m.hv_size = MIB(4);
	struct m_domain *dom = board_domain(&t, "a");
	dom->colors.count = 1;
	/* 1/16 of 1 GiB, less 4 MiB / 16. */
	board_domain_ram(dom, (struct m_ram){.has_ipa = true, .ipa = 0x80000000, .size = MIB(64)});
	assert_null(plan_build(t.d, &t.m));
	FILE *out = open_memstream(&got, &size);
	diag_print(t.d, out, DIAG_TEXT);
	fclose(out);
	assert_non_null(strstr(got, "error[HV0258]"));
	assert_non_null(strstr(got, "size: 0x3fc0000, or more colours"));
	free(got);
	board_free(&t);
}

/* Roots of 2 pages do not fit runs of one, nor runs that begin at an odd colour. */
static void odd_home(void **state)
{
	static const struct m_colors bad[] = {{.first = 8, .count = 1}, {.first = 7, .count = 2}};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		struct board_test t;
		board_colored(&t, 2, 1);
		t.m.board.colors = 16;
		t.m.hv_colors = bad[i];
		t.domains[0].colors = (struct m_colors){.first = 0, .count = 7};
		assert_null(plan_build(t.d, &t.m));
		assert_int_equal(diag_errors(t.d), 1);
		board_free(&t);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(random_boards),
		cmocka_unit_test(not_enough),
		cmocka_unit_test(odd_home),
	};

	return cmocka_run_group_tests_name("colors", tests, NULL, NULL);
}
