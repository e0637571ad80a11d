// SPDX-License-Identifier: Apache-2.0
/* Memory that is asked of firmware (UEFI 2.10, 7.2.1), and given back if nothing comes of it. */
#include "firmware/efi_priv.h"

#define TAKEN_MAX 256u

static struct mem_range efi_taken[TAKEN_MAX];
static uint32_t efi_taken_count;

static bool take_pages(struct efi_system *efi, uint32_t which, uint32_t type, uint64_t size, uint64_t *at)
{
	if (efi_taken_count == TAKEN_MAX ||
	    efi->boot->allocate_pages(which, type, size / PAGE_SIZE, at) != EFI_SUCCESS) {
		return false;
	}
	efi_taken[efi_taken_count++] = (struct mem_range){*at, size};
	return true;
}

static void take_undo(struct efi_system *efi)
{
	const struct mem_range *last = &efi_taken[--efi_taken_count];

	(void)efi->boot->free_pages(last->base, last->size / PAGE_SIZE);
}

void efi_give_back(struct efi_system *efi)
{
	while (efi_taken_count > 0) {
		take_undo(efi);
	}
}

bool efi_take_at(struct efi_system *efi, const struct mem_range *r, uint32_t type)
{
	uint64_t at = r->base;

	return take_pages(efi, EFI_ALLOCATE_ADDRESS, type, r->size, &at);
}

void efi_take_free(struct efi_system *efi, const struct mem_range *r)
{
	const struct efi_memory *m;
	uint64_t size;

	for (uint64_t pa = r->base; pa - r->base < r->size; pa += size) {
		m = efi_map_find(pa);
		if (m == NULL) {
			return;
		}
		size = m->base + m->pages * PAGE_SIZE - pa;
		size = size < r->size - (pa - r->base) ? size : r->size - (pa - r->base);
		if (m->type == EFI_CONVENTIONAL) {
			(void)efi_take_at(efi, &(struct mem_range){pa, size}, EFI_LOADER_DATA);
		}
	}
}

bool efi_take(struct efi_system *efi, const struct mem_range *ram, uint32_t count, uint32_t type,
	      uint64_t size, uint64_t *at)
{
	for (uint32_t i = count; i-- > 0;) {
		*at = ram[i].base + ram[i].size - 1;
		if (!take_pages(efi, EFI_ALLOCATE_BELOW, type, size, at)) {
			continue;
		}
		if (*at >= ram[i].base) {
			return true;
		}
		take_undo(efi);
	}
	return false;
}
