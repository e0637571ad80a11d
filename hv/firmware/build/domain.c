// SPDX-License-Identifier: Apache-2.0
/*
 * The domain's stage 2. RAM is where the machine has it. Where nothing is known to be, AML may
 * tell of devices: all of that is found on demand (decision 019), in blocks as large as fit.
 */
#include "firmware/build/build.h"

#define VMID 1u

static bool domain_result(struct build *b, enum stage2_result r, uint64_t at)
{
	switch (r) {
	case STAGE2_OK:
		return true;
	case STAGE2_NO_PAGES:
		return build_refuse(b, "needs more memory for its page tables ('hypervisor: size' of the system file): at",
				    at);
	default:
		return build_refuse(b, "has memory or devices that no page table can have: at", at);
	}
}

static bool domain_ram(struct build *b)
{
	static const struct stage2_attr attr = {STAGE2_NORMAL_WB, true, true};

	for (uint32_t i = 0; i < b->ram_count; i++) {
		const struct mem_range *r = &b->ram[i];

		if (!domain_result(b, stage2_map(&b->stage2, IPA(r->base), PA(r->base), r->size, attr), r->base)) {
			return false;
		}
	}
	return true;
}

/* What is between the spans; `list` NULL: how many that is. */
static void domain_holes(struct build *b, struct ondemand_range *list, uint64_t *count)
{
	uint64_t at = 0, end;

	*count = 0;
	for (uint32_t i = 0; i <= b->span_count; i++) {
		end = i < b->span_count ? b->spans[i].base : BIT64(b->pa_bits);
		if (at < end) {
			if (list != NULL) {
				list[*count] = (struct ondemand_range){at, end - at, b->names.mmio};
			}
			++*count;
		}
		at = i < b->span_count ? b->spans[i].end : end;
	}
}

/* The page of the pool that a leaf stands in is one that the hypervisor writes to. */
static void domain_mark(struct build *b, const struct ondemand_range *r)
{
	uint64_t size = PAGE_SIZE;

	for (uint64_t at = r->base; at < r->base + r->size; at = ALIGN_DOWN(at, size) + size) {
		const uint64_t *leaf = stage2_leaf(&b->stage2, IPA(at), &size);

		b->written[(uint64_t)((const uint8_t *)leaf - b->bytes) / PAGE_SIZE] = 1;
	}
}

static bool domain_mmio(struct build *b, const struct ondemand_range *list, uint64_t count)
{
	static const struct stage2_attr attr = {STAGE2_DEVICE_NGNRE, true, false};

	for (uint64_t i = 0; i < count; i++) {
		const struct ondemand_range *r = &list[i];

		if (!domain_result(b, stage2_prepare(&b->stage2, IPA(r->base), PA(r->base), r->size, attr), r->base)) {
			return false;
		}
		domain_mark(b, r);
	}
	return true;
}

/* Messages are writes to the ITS's doorbell, which SMMUs translate by these tables too. */
static bool domain_doorbell(struct build *b)
{
	static const struct stage2_attr attr = {STAGE2_DEVICE_NGNRE, true, false};
	uint64_t at;

	if (b->its == NULL) {
		return true;
	}
	at = b->its->base + ITS_FRAME;
	return domain_result(b, stage2_map(&b->stage2, IPA(at), PA(at), PAGE_SIZE, attr), at);
}

/* The rest of the arena is the pool, of which what is left over goes back. */
static bool domain_pool(struct build *b)
{
	uint64_t at = ALIGN_UP(b->home.base + b->used, PAGE_SIZE) - b->home.base;

	b->pool = (struct stage2_pool){
		.pages = (uint64_t (*)[512])(void *)(b->bytes + at),
		.base = VA(b->home.load + at),
		.count = at < b->size ? (uint32_t)((b->size - at) / PAGE_SIZE) : 0,
		.home = b->home,
	};
	return domain_result(b, stage2_init(&b->stage2, &b->pool, b->pa_bits), 0);
}

bool build_domain(struct build *b)
{
	uint64_t count;

	domain_holes(b, NULL, &count);
	b->mmio = build_take(b, count * sizeof(*b->mmio), sizeof(uint64_t));
	if (b->mmio == NULL || !domain_pool(b)) {
		return false;
	}
	domain_holes(b, b->mmio, &count);
	if (!domain_ram(b) || !domain_doorbell(b) || !domain_mmio(b, b->mmio, count)) {
		return false;
	}
	b->used = (uint64_t)((uint8_t *)b->pool.pages - b->bytes) + b->pool.used * PAGE_SIZE;
	b->ondemand->ranges = (const struct ondemand_range *)(uintptr_t)build_va(b, b->mmio);
	b->ondemand->count = count;
	b->domain->vttbr = stage2_vttbr(&b->stage2, VMID);
	b->domain->vtcr = stage2_vtcr(&b->stage2, b->pa_bits);
	return true;
}
