// SPDX-License-Identifier: Apache-2.0
// Whose each stream ID is, for links by chance that overlap as they like: ID by ID, the first
// device that has an owner and claims it, else the first of all.
// sources: gen/plan/*.c gen/diag/*.c gen/util/*.c hv/mm/stage2.c
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "unit/plan_board.h"

#define IDS 96u
#define ROUNDS 1000u

static uint32_t seed = 1;

static uint32_t chance(uint32_t below)
{
	seed = seed * 1664525u + 1013904223u;
	return (seed >> 8) % below;
}

/* The claim that ID `id` goes to, by asking each device in turn. */
static const struct m_device *claimant(const struct board_test *t, uint32_t id)
{
	for (int owned = 1; owned >= 0; owned--) {
		for (size_t i = 1; i < t->m.board.device_count; i++) {
			const struct m_device *dev = &t->devices[i];

			for (size_t l = 0; l < dev->link_count && (t->owner[i] != MODEL_NONE) == (owned != 0); l++) {
				if (id >= dev->links[l].first && id - dev->links[l].first < dev->links[l].count) {
					return dev;
				}
			}
		}
	}
	return NULL;
}

static void streams_check(const struct board_test *t, const struct plan *p)
{
	const struct plan_smmu *s = &p->smmus[0];
	size_t at = 0;

	for (size_t i = 0; i < s->stream_count; i++) {
		assert_true(s->streams[i].first <= s->streams[i].last);
		assert_true(i == 0 || s->streams[i - 1].last < s->streams[i].first);
	}
	for (uint32_t id = 0; id < IDS; id++) {
		const struct m_device *want = claimant(t, id);

		while (at < s->stream_count && s->streams[at].last < id) {
			at++;
		}
		if (at == s->stream_count || s->streams[at].first > id) {
			assert_null(want);
			continue;
		}
		assert_ptr_equal(s->streams[at].device, want);
		assert_int_equal(s->streams[at].owner, t->owner[want - t->devices]);
	}
}

static void test_by_chance(void **state)
{
	static struct board_test t;
	struct m_iommu mmu = {.name = NAME("smmu"), .type = IOMMU_SMMUV3,
			      .reg = {.base = 0x09050000, .size = 0x20000}, .root = MODEL_NONE,
			      .id_count = IDS, .cmdq_entries = 8, .evtq_entries = 8, .two_level = true};
	struct m_iommu_link links[BOARD_DEVICES][2];

	(void)state;
	for (unsigned int round = 0; round < ROUNDS; round++) {
		board_init(&t);
		board_dom0(&t);
		t.m.board.iommus = &mmu;
		t.m.board.iommu_count = 1;
		for (uint32_t i = 1 + chance(10); i > 0; i--) {
			struct m_device *dev = board_device(&t, 0x0a000000 + i * 0x1000, 0x1000,
							    chance(3) == 0 ? MODEL_NONE : 0);
			struct m_iommu_link *l = links[dev - t.devices];

			dev->links = l;
			dev->link_count = 1 + chance(2);
			for (size_t n = 0; n < dev->link_count; n++) {
				l[n] = (struct m_iommu_link){.first = chance(IDS - 1)};
				l[n].count = 1 + chance(chance(2) == 0 ? 4 : IDS - l[n].first);
				l[n].count = l[n].first + l[n].count > IDS ? IDS - l[n].first : l[n].count;
			}
		}
		struct plan *p = plan_build(t.d, &t.m);
		assert_non_null(p);
		streams_check(&t, p);
		plan_free(p);
		board_free(&t);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_by_chance)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
