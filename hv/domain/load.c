// SPDX-License-Identifier: Apache-2.0
/* Into a domain's RAM, which may lie in pieces: a leaf of its stage 2 at a time. And all
 * of it, as the tables have it. */
#include "domain/domain.h"
#include "mm/window.h"

static uint64_t domain_min(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

bool domain_write(const struct domain *d, uint32_t cpu, ipa_t to, const void *from, uint64_t size)
{
	const uint8_t *src = from;
	uint64_t left;
	pa_t pa;

	for (; size > 0; size -= left, src += left, to.ipa += left) {
		if (domain_find_memory(d, to, &pa, &left) != DOMAIN_RAM) {
			return false;
		}
		left = domain_min(left, size);
		window_write(cpu, pa, src, left);
	}
	return true;
}

bool domain_copy(const struct domain *d, uint32_t cpu, ipa_t to, pa_t from, uint64_t size)
{
	uint64_t left;
	pa_t pa;

	for (; size > 0; size -= left, from.pa += left, to.ipa += left) {
		if (domain_find_memory(d, to, &pa, &left) != DOMAIN_RAM) {
			return false;
		}
		left = domain_min(left, size);
		window_copy(cpu, pa, from, left);
	}
	return true;
}

/* One page of its colours at a time, or all. */
static void domain_scrub_range(const struct domain *d, uint32_t cpu, const struct mem_range *ram)
{
	if (d->desc->colors.of == 0) {
		window_zero(cpu, PA(ram->base), ram->size);
		return;
	}
	for (uint64_t at = 0; at < ram->size; at += PAGE_SIZE) {
		if (color_has(&d->desc->colors, ram->base + at)) {
			window_zero(cpu, PA(ram->base + at), PAGE_SIZE);
		}
	}
}

void domain_scrub(const struct domain *d, uint32_t cpu)
{
	for (uint32_t i = 0; i < d->desc->ram_count; i++) {
		domain_scrub_range(d, cpu, &d->desc->ram[i]);
	}
}
