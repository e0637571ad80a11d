// SPDX-License-Identifier: Apache-2.0
/*
 * A word of the hypervisor's command line: xen-dma.<domain>=direct-mapped or
 * =not-direct-mapped forces the DMA feature bit that the domain reads, as `xen-dma` in
 * system.yaml does.
 */
#include "drivers/console.h"
#include "firmware/bootargs.h"
#include "guest/xen/priv.h"
#include "lib/string.h"

#define DMA_BITS (XEN_FEATURE_DIRECT_MAPPED | XEN_FEATURE_NOT_DIRECT_MAPPED)

static uint32_t options_dma[DOMAINS_MAX]; /* 0: what the image says */

static uint32_t options_bit(const char *value)
{
	if (string_same(value, "direct-mapped")) {
		return XEN_FEATURE_DIRECT_MAPPED;
	}
	return string_same(value, "not-direct-mapped") ? XEN_FEATURE_NOT_DIRECT_MAPPED : 0;
}

/* `word` follows "xen-dma.": a domain's name, '=' and a value. */
static void options_force(const char *word)
{
	for (uint32_t i = 0; i < board.domain_count; i++) {
		const char *value = bootargs_behind(word, board.domains[i].name);
		uint32_t bit = value != NULL && *value == '=' ? options_bit(value + 1) : 0;

		if (bit != 0 && board.domains[i].guest_abi == GUEST_ABI_XEN) {
			options_dma[i] = bit;
			log_warn("%s: by the command line it is told that its memory is %sdirect-mapped; the image says "
				 "%sdirect-mapped", board.domains[i].name,
				 bit == XEN_FEATURE_DIRECT_MAPPED ? "" : "not ",
				 (board.domains[i].xen_features & XEN_FEATURE_DIRECT_MAPPED) != 0 ? "" : "not ");
			return;
		}
	}
	log_warn("command line: xen-dma.%s: it is <domain>=direct-mapped or =not-direct-mapped of a domain that "
		 "has Xen's ABI", word);
}

void xen_options(uint32_t cpu, pa_t fdt)
{
	struct bootargs b;
	const char *word;

	if (!bootargs_read(&b, cpu, fdt)) {
		return;
	}
	while ((word = bootargs_next(&b, "xen-dma.")) != NULL) {
		options_force(word);
	}
}

uint32_t xen_features(const struct domain *d)
{
	uint32_t forced = options_dma[d - domains];

	return forced == 0 ? d->desc->xen_features : (d->desc->xen_features & ~DMA_BITS) | forced;
}
