// SPDX-License-Identifier: Apache-2.0
/* Memory that is asked of firmware (UEFI 2.10, 7.2.1), and given back if nothing comes of it. */
#include "firmware/efi_priv.h"

#define TAKEN_MAX 256u
#define CLAIMS_MAX 256u

static struct mem_range efi_taken[TAKEN_MAX], efi_claims[CLAIMS_MAX];
static uint32_t efi_taken_count, efi_claim_count;

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
	efi_claim_count = 0;
}

bool efi_take_at(struct efi_system *efi, const struct mem_range *r, uint32_t type)
{
	uint64_t at = r->base;

	return take_pages(efi, EFI_ALLOCATE_ADDRESS, type, r->size, &at);
}

/* What is free of a range is taken, so that firmware puts nothing there that it would keep. */
static void take_free(struct efi_system *efi, const struct mem_range *r)
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

bool efi_claim(struct efi_system *efi, const char *name, const struct mem_range *r, const char *what,
	       const char *whose)
{
	struct efi_kept kept;

	if (efi_map_keeps(r, false, &kept)) {
		efi_say("bulkhead: fatal: %s: firmware keeps memory at 0x%lx (type %u), where %s '%s' has its own "
			"(the system file)", name, kept.at, kept.type, what, whose);
		return false;
	}
	if (efi_claim_count == CLAIMS_MAX) {
		efi_say("bulkhead: fatal: %s: the system file gives away more than %u pieces of memory", name, CLAIMS_MAX);
		return false;
	}
	efi_claims[efi_claim_count++] = *r;
	take_free(efi, r);
	return true;
}

bool efi_has_claims(void)
{
	struct efi_kept kept;

	for (uint32_t i = 0; i < efi_claim_count; i++) {
		if (efi_map_keeps(&efi_claims[i], false, &kept)) {
			return false;
		}
	}
	return true;
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
