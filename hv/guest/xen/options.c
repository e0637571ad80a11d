// SPDX-License-Identifier: Apache-2.0
/*
 * The hypervisor's command line, `bootargs` of /chosen in firmware's device tree. One word
 * means something: xen-dma.<domain>=direct-mapped or =not-direct-mapped, which forces the
 * DMA feature bit that the domain reads, as `xen-dma` in system.yaml does.
 */
#include "drivers/console.h"
#include "firmware/fdt.h"
#include "guest/xen/priv.h"
#include "lib/string.h"

#define LINE_MAX 512u
#define DMA_BITS (XEN_FEATURE_DIRECT_MAPPED | XEN_FEATURE_NOT_DIRECT_MAPPED)

static uint32_t options_dma[DOMAINS_MAX]; /* 0: what the image says */

/* What is behind `with` at the start of `text`, or NULL. */
static const char *options_behind(const char *text, const char *with)
{
	for (; *with != '\0'; text++, with++) {
		if (*text != *with) {
			return NULL;
		}
	}
	return text;
}

static bool options_is_end(char c)
{
	return c == '\0' || c == ' ';
}

static uint32_t options_bit(const char *value)
{
	const char *direct = options_behind(value, "direct-mapped");
	const char *not_direct = options_behind(value, "not-direct-mapped");

	if (direct != NULL && options_is_end(*direct)) {
		return XEN_FEATURE_DIRECT_MAPPED;
	}
	return not_direct != NULL && options_is_end(*not_direct) ? XEN_FEATURE_NOT_DIRECT_MAPPED : 0;
}

/* `word` follows "xen-dma.": a domain's name, '=' and a value. */
static void options_force(const char *word)
{
	for (uint32_t i = 0; i < board.domain_count; i++) {
		const char *value = options_behind(word, board.domains[i].name);
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
	log_warn("command line: xen-dma. is followed by <domain>=direct-mapped or =not-direct-mapped");
}

void xen_options(uint32_t cpu, pa_t fdt)
{
	char line[LINE_MAX];
	const char *at = line;

	if (!fdt_bootargs(cpu, fdt, line, sizeof(line))) {
		return;
	}
	while (*at != '\0') {
		const char *word = options_behind(at, "xen-dma.");

		if (word != NULL) {
			options_force(word);
		}
		while (!options_is_end(*at)) {
			at++;
		}
		while (*at == ' ') {
			at++;
		}
	}
}

uint32_t xen_features(const struct domain *d)
{
	uint32_t forced = options_dma[d - domains];

	return forced == 0 ? d->desc->xen_features : (d->desc->xen_features & ~DMA_BITS) | forced;
}
