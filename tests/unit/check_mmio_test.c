// SPDX-License-Identifier: Apache-2.0
// The checks of MMIO and RAM against a pair-by-pair search that knows no sweep:
// random boards, the same verdict for each.
// sources: gen/check/*.c gen/model/words.c gen/diag/*.c gen/util/*.c
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "check/parts.h"

#define ROUNDS 10000
#define DEVICES 12
#define DOMAINS 3
#define PAGES 24

static uint64_t seed = 88172645463325252u;

/* xorshift64: the same sequence on every machine. */
static uint32_t random_below(uint32_t n)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (uint32_t)(seed >> 33) % n;
}

struct world {
	struct model m;
	struct m_domain domains[DOMAINS];
	struct m_device devices[DEVICES];
	struct m_range reg[DEVICES][2];
	size_t shares[DEVICES];
	size_t owner[DEVICES];
	struct m_ram ram[DOMAINS][2];
	struct m_range bank;
};

static const struct pos here = {"random.yaml", 1, 1, 1};

static void world_make(struct world *w)
{
	static const char *const names[] = {"d0", "d1", "d2"};

	memset(w, 0, sizeof(*w));
	w->m.domains = w->domains;
	w->m.domain_count = DOMAINS;
	w->m.board.devices = w->devices;
	w->m.board.device_count = DEVICES;
	w->m.board.console_device = MODEL_NONE;
	w->m.device_owner = w->owner;
	w->bank = (struct m_range){.base = 0x100000, .size = 0x100000, .pos = here};
	w->m.board.ram = &w->bank;
	w->m.board.ram_count = 1;
	for (size_t i = 0; i < DOMAINS; i++) {
		w->domains[i].name.s = names[i];
		w->domains[i].ram = w->ram[i];
		w->domains[i].ram_count = 1 + random_below(2);
		for (size_t r = 0; r < w->domains[i].ram_count; r++) {
			w->ram[i][r] = (struct m_ram){
				.has_base = true,
				.base = 0x100000 + PAGE_SIZE * random_below(64),
				.size = PAGE_SIZE * (1 + random_below(6)),
				.pos = here,
			};
		}
	}
	for (size_t i = 0; i < DEVICES; i++) {
		struct m_device *dev = &w->devices[i];
		dev->name.s = "dev";
		dev->enabled = random_below(8) != 0;
		dev->pos = here;
		dev->reg = w->reg[i];
		dev->reg_count = 1 + random_below(2);
		for (size_t r = 0; r < dev->reg_count; r++) {
			w->reg[i][r] = (struct m_range){.base = 0x400 * random_below(4 * PAGES),
							.size = 0x400 * (1 + random_below(8)),
							.pos = here};
		}
		w->shares[i] = random_below(DEVICES);
		dev->shares = &w->shares[i];
		dev->share_count = random_below(2);
		w->owner[i] = random_below(DOMAINS + 1);
		w->owner[i] = w->owner[i] == DOMAINS ? MODEL_NONE : w->owner[i];
	}
}

static bool consent(const struct world *w, size_t i, size_t j)
{
	return w->devices[i].share_count > 0 && w->shares[i] == j && w->devices[j].share_count > 0 &&
	       w->shares[j] == i;
}

static bool pages_meet(const struct m_range *a, const struct m_range *b)
{
	return a->base / PAGE_SIZE <= (b->base + b->size - 1) / PAGE_SIZE &&
	       b->base / PAGE_SIZE <= (a->base + a->size - 1) / PAGE_SIZE;
}

static bool devices_meet(const struct world *w, size_t i, size_t j)
{
	bool meet = false;

	for (size_t r = 0; r < w->devices[i].reg_count; r++) {
		for (size_t s = 0; s < w->devices[j].reg_count; s++) {
			meet = meet || pages_meet(&w->reg[i][r], &w->reg[j][s]);
		}
	}
	return meet;
}

static bool mmio_is_wrong(const struct world *w)
{
	for (size_t i = 0; i < DEVICES; i++) {
		for (size_t j = i + 1; j < DEVICES; j++) {
			bool owned = w->devices[i].enabled && w->devices[j].enabled &&
				     w->owner[i] != MODEL_NONE && w->owner[j] != MODEL_NONE &&
				     w->owner[i] != w->owner[j];
			if (owned && devices_meet(w, i, j) && !consent(w, i, j)) {
				return true;
			}
		}
	}
	return false;
}

static bool ram_is_wrong(const struct world *w)
{
	const struct m_ram *all[DOMAINS * 2];
	size_t count = 0;

	for (size_t i = 0; i < DOMAINS; i++) {
		for (size_t r = 0; r < w->domains[i].ram_count; r++) {
			const struct m_ram *x = &w->ram[i][r];
			for (size_t n = 0; n < count; n++) {
				if (x->base < all[n]->base + all[n]->size &&
				    all[n]->base < x->base + x->size) {
					return true;
				}
			}
			all[count++] = x;
		}
	}
	return false;
}

static void test_mmio(void **state)
{
	struct world *w = malloc(sizeof(*w));
	unsigned int wrong = 0;

	(void)state;
	for (int round = 0; round < ROUNDS; round++) {
		struct diag *d = diag_new();
		world_make(w);
		check_mmio(d, &w->m);
		assert_int_equal(diag_errors(d) > 0, mmio_is_wrong(w));
		wrong += diag_errors(d) > 0;
		diag_free(d);
	}
	/* Both verdicts occur often, or the test tests nothing. */
	assert_in_range(wrong, ROUNDS / 20, ROUNDS - ROUNDS / 20);
	free(w);
}

static void test_ram(void **state)
{
	struct world *w = malloc(sizeof(*w));
	unsigned int wrong = 0;

	(void)state;
	for (int round = 0; round < ROUNDS; round++) {
		struct diag *d = diag_new();
		world_make(w);
		check_domain_memory(d, &w->m);
		assert_int_equal(diag_errors(d) > 0, ram_is_wrong(w));
		wrong += diag_errors(d) > 0;
		diag_free(d);
	}
	assert_in_range(wrong, ROUNDS / 20, ROUNDS - ROUNDS / 20);
	free(w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_mmio), cmocka_unit_test(test_ram)};

	return cmocka_run_group_tests_name("check_mmio", tests, NULL, NULL);
}
