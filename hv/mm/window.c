// SPDX-License-Identifier: Apache-2.0
#include "mm/window.h"

#include "arch/cpu.h"
#include "lib/string.h"
#include "tables.h"

/* EL2 stage-1 descriptors (DDI 0487, D8.3.1): a table at level 2, pages at level 3. */
#define TABLE UINT64_C(3)
#define PAGE UINT64_C(3)
#define BLOCK UINT64_C(1)
#define PAGE_ATTR_DEVICE FIELD_PREP(GENMASK64(4, 2), 0) /* board.el2_mair, index 0 */
#define PAGE_ATTR_NORMAL FIELD_PREP(GENMASK64(4, 2), 1) /* index 1 */
#define PAGE_AP_RES1 BIT64(6)
#define PAGE_SH_INNER FIELD_PREP(GENMASK64(9, 8), 3)
#define PAGE_AF BIT64(10)
#define PAGE_XN BIT64(54)
#define PAGE_COMMON (PAGE | PAGE_AP_RES1 | PAGE_AF | PAGE_XN)
#define PAGE_WINDOW (PAGE_COMMON | PAGE_ATTR_NORMAL | PAGE_SH_INNER)
#define PAGE_DEVICE (PAGE_COMMON | PAGE_ATTR_DEVICE)

#define PAGES 512
#define BLOCK_SIZE (PAGES * PAGE_SIZE)

_Static_assert(CPUS_MAX * WINDOW_SLOTS <= PAGES, "one level-3 table has to do");
_Static_assert(1 + CPUS_MAX <= PAGES, "and the level-2 table has a block for each CPU");

/* The level-3 table below the first entry of board.window.table. */
static _Alignas(PAGE_SIZE) volatile uint64_t window_pages[PAGES];

static uint32_t window_index(uint32_t cpu, uint32_t slot)
{
	return cpu * WINDOW_SLOTS + slot;
}

static uint64_t window_va(uint32_t cpu, uint32_t slot)
{
	return board.window.va + window_index(cpu, slot) * WINDOW_BLOCK;
}

void window_init(void)
{
	*(volatile uint64_t *)&board.window.table[0] = own_pa((const void *)(uintptr_t)window_pages) | TABLE;
	arch_tlb_flush_el2(VA(board.window.va));
}

static void *window_put(uint32_t cpu, uint32_t slot, pa_t pa, uint64_t bits)
{
	uint64_t va = window_va(cpu, slot);

	/* The slot was empty and its TLB entries gone: nothing to break before. The
	 * flush makes the new descriptor visible to the table walker. */
	window_pages[window_index(cpu, slot)] = ALIGN_DOWN(pa.pa, WINDOW_BLOCK) | bits;
	arch_tlb_flush_el2(VA(va));
	return (void *)(uintptr_t)(va + pa.pa % WINDOW_BLOCK);
}

void *window_map(uint32_t cpu, uint32_t slot, pa_t pa)
{
	return window_put(cpu, slot, pa, PAGE_WINDOW);
}

void *window_map_device(uint32_t cpu, uint32_t slot, pa_t pa)
{
	return window_put(cpu, slot, pa, PAGE_DEVICE);
}

void window_unmap(uint32_t cpu, uint32_t slot)
{
	window_pages[window_index(cpu, slot)] = 0;
	arch_tlb_flush_el2(VA(window_va(cpu, slot)));
}

static uint64_t window_min(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

void window_write(uint32_t cpu, pa_t to, const void *from, uint64_t size)
{
	const uint8_t *src = from;

	while (size > 0) {
		uint64_t n = window_min(size, WINDOW_BLOCK - to.pa % WINDOW_BLOCK);
		void *dst = window_map(cpu, 0, to);

		memcpy(dst, src, n);
		arch_dcache_clean(dst, n);
		window_unmap(cpu, 0);
		to.pa += n;
		src += n;
		size -= n;
	}
}

void window_copy(uint32_t cpu, pa_t to, pa_t from, uint64_t size)
{
	while (size > 0) {
		uint64_t n = window_min(size, WINDOW_BLOCK - from.pa % WINDOW_BLOCK);

		window_write(cpu, to, window_map(cpu, 1, from), n);
		window_unmap(cpu, 1);
		to.pa += n;
		from.pa += n;
		size -= n;
	}
}

/* A block of the CPU's own, beside the pages of all. */
static void window_zero_block(uint32_t cpu, pa_t pa)
{
	uint64_t va = board.window.va + (1 + cpu) * BLOCK_SIZE;
	volatile uint64_t *entry = &board.window.table[1 + cpu];

	*entry = pa.pa | (PAGE_WINDOW & ~PAGE) | BLOCK;
	arch_tlb_flush_el2(VA(va));
	arch_zero((void *)(uintptr_t)va, BLOCK_SIZE);
	*entry = 0;
	arch_tlb_flush_el2(VA(va));
}

void window_zero(uint32_t cpu, pa_t pa, uint64_t size)
{
	uint64_t n;

	for (; size > 0; size -= n, pa.pa += n) {
		if (size >= BLOCK_SIZE && IS_ALIGNED(pa.pa, BLOCK_SIZE)) {
			n = BLOCK_SIZE;
			window_zero_block(cpu, pa);
		} else {
			n = PAGE_SIZE;
			arch_zero(window_map(cpu, 0, pa), n);
			window_unmap(cpu, 0);
		}
	}
}

/* As Device memory: cache maintenance by address to the point of coherency is for all
 * caches whatever the type of the address (DDI 0487, D7.5.9), and speculation then
 * fetches nothing of it again. */
void window_flush(uint32_t cpu, pa_t pa, uint64_t size)
{
	while (size > 0) {
		uint64_t n = window_min(size, WINDOW_BLOCK - pa.pa % WINDOW_BLOCK);

		arch_dcache_flush(window_map_device(cpu, 0, pa), n);
		window_unmap(cpu, 0);
		pa.pa += n;
		size -= n;
	}
}
