// SPDX-License-Identifier: Apache-2.0
/* Virtual SMMUv3: its queues and tables in the guest's RAM, which is all that it may reach. */
#include "arch/cpu.h"
#include "guest/vsmmuv3/priv.h"
#include "lib/string.h"
#include "mm/window.h"

#define SLOT 0

/* Maps guest RAM; NULL: it is none, or not all of it. Where a page is never changes while
 * the domain runs, and the next command is mostly in the page of the last one. */
static void *queue_map(struct vsmmu *v, uint64_t ipa, uint32_t size)
{
	uint64_t left;
	pa_t pa;

	if (PAGE_SIZE - ipa % PAGE_SIZE < size) {
		return NULL;
	}
	if (!v->page_known || ALIGN_DOWN(ipa, PAGE_SIZE) != v->page_ipa) {
		if (domain_find_memory(v->domain, IPA(ALIGN_DOWN(ipa, PAGE_SIZE)), &pa, &left) != DOMAIN_RAM) {
			return NULL;
		}
		v->page_ipa = ALIGN_DOWN(ipa, PAGE_SIZE);
		v->page_pa = pa.pa;
		v->page_known = true;
	}
	return window_map(cpu_this()->index, SLOT, PA(v->page_pa | ipa % PAGE_SIZE));
}

bool vsmmu_read_items(struct vsmmu *v, uint64_t ipa, void *to, uint32_t size, uint32_t stride,
		      uint32_t count)
{
	const uint8_t *at = queue_map(v, ipa, count * stride);
	uint8_t *item = to;

	if (at == NULL) {
		return false;
	}
	/* The guest wrote past the caches; what they have may be older. */
	if (!v->coherent) {
		arch_dcache_flush(at, (uint64_t)count * stride);
	}
	for (uint32_t i = 0; i < count; i++) {
		memcpy(item + i * size, at + i * stride, size);
	}
	window_unmap(cpu_this()->index, SLOT);
	return true;
}

bool vsmmu_read_memory(struct vsmmu *v, uint64_t ipa, void *to, uint32_t size)
{
	return vsmmu_read_items(v, ipa, to, size, size, 1);
}

bool vsmmu_write_memory(struct vsmmu *v, uint64_t ipa, const void *from, uint32_t size)
{
	void *at = queue_map(v, ipa, size);

	if (at == NULL) {
		return false;
	}
	if (!v->coherent) {
		arch_dcache_flush(at, size);
	}
	memcpy(at, from, size);
	if (!v->coherent) {
		arch_dcache_flush(at, size);
	}
	window_unmap(cpu_this()->index, SLOT);
	return true;
}

uint32_t vsmmu_queue_mask(uint64_t base, uint32_t most)
{
	uint32_t log2 = (uint32_t)FIELD_GET(QUEUE_LOG2SIZE, base);

	return BIT32((log2 < most ? log2 : most) + 1) - 1;
}

uint64_t vsmmu_queue_at(uint64_t base, uint32_t mask, uint32_t position, uint32_t shift)
{
	uint64_t index = mask >> 1;

	/* Address bits below the queue's size, and below 32 bytes, count as 0 (6.3.26). */
	return (base & QUEUE_ADDR & ~(((index + 1) << shift) - 1)) + ((position & index) << shift);
}
