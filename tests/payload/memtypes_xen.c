/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Xen's XENMAPSPACE_dev_mmio for the regions: the call succeeds where they are, one by
 * one and in a batch, and nowhere else. What memory types they have afterwards, the other
 * checks see.
 */
#include "memtypes.h"

#include "rt/check.h"

#define HVC_XEN "hvc #0xea1"
#define MEMORY_OP 12
#define ADD_TO_PHYSMAP 7
#define ADD_TO_PHYSMAP_BATCH 23
#define DEV_MMIO 5
#define SELF 0x7ff0
#define EPERM (-1)

#define PAGE_SHIFT 12
#define PAGES 16 /* of a region: 64 KiB */

struct add_to_physmap {
	uint16_t domain;
	uint16_t size;
	uint32_t space;
	uint64_t index;
	uint64_t frame;
};

struct add_to_physmap_batch {
	uint16_t domain;
	uint16_t space;
	uint16_t size;
	uint16_t extra;
	const uint64_t *indices;
	const uint64_t *frames;
	int32_t *errors;
};

static int32_t memory_op(uint64_t command, const void *argument)
{
	register uint64_t x0 __asm__("x0") = command;
	register uint64_t x1 __asm__("x1") = (uint64_t)(uintptr_t)argument;
	register uint64_t x16 __asm__("x16") = MEMORY_OP;

	__asm__ volatile(HVC_XEN : "+r"(x0) : "r"(x1), "r"(x16) : "memory");
	return (int32_t)x0;
}

static int32_t map_one(uint64_t machine, uint64_t guest)
{
	struct add_to_physmap a = {.domain = SELF, .space = DEV_MMIO, .index = machine >> PAGE_SHIFT,
				   .frame = guest >> PAGE_SHIFT};

	return memory_op(ADD_TO_PHYSMAP, &a);
}

/* The region's pages, and behind them one of the domain's RAM. */
static void test_batch(uint64_t base, const char *name)
{
	uint64_t frames[PAGES + 1];
	int32_t errors[PAGES + 1];
	struct add_to_physmap_batch a = {.domain = SELF, .space = DEV_MMIO, .size = PAGES + 1,
					 .indices = frames, .frames = frames, .errors = errors};
	int32_t wrong = 0;

	for (uint32_t i = 0; i < PAGES; i++) {
		frames[i] = (base >> PAGE_SHIFT) + i;
		errors[i] = 1;
	}
	frames[PAGES] = (uint64_t)(uintptr_t)frames >> PAGE_SHIFT;
	errors[PAGES] = 1;
	int32_t result = memory_op(ADD_TO_PHYSMAP_BATCH, &a);
	for (uint32_t i = 0; i < PAGES; i++) {
		wrong += errors[i] != 0;
	}
	check_that(result == 0 && wrong == 0 && errors[PAGES] == EPERM, name, "%d, %d pages refused, RAM: %d",
		   result, wrong, errors[PAGES]);
}

void test_dev_mmio(uint64_t base, const char *one, const char *batch)
{
	int32_t mapped = map_one(base, base);
	int32_t elsewhere = map_one(base, base + 0x100000);
	int32_t other = map_one(base - 0x100000, base);

	check_that(mapped == 0 && elsewhere == EPERM && other == EPERM, one, "%d; elsewhere %d, another %d", mapped,
		   elsewhere, other);
	test_batch(base, batch);
}
