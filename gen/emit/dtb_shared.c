// SPDX-License-Identifier: Apache-2.0
/*
 * Shared memory and doorbells in a domain's tree, by bindings whose drivers Linux has:
 * sram/sram.yaml, where a child with `export` is a file for user space, and
 * gpio/pl061-gpio.yaml.
 */
#include <inttypes.h>

#include "emit/dtb.h"

#define LINES 8u /* of a PL061 */

static void region_write(struct dtb *t, const struct m_share *s)
{
	const struct m_region *r = &t->p->m->regions[s->region];
	const struct m_range reg = {.base = s->ipa, .size = r->size};
	/* From 0 of the child's one-cell addresses on, at two cells of ours. */
	const uint32_t ranges[] = {0, (uint32_t)(s->ipa >> 32), (uint32_t)s->ipa, (uint32_t)r->size};
	const uint32_t all[] = {0, (uint32_t)r->size};

	dtb_node(t, "sram@%" PRIx64, s->ipa);
	dtb_string(t, "compatible", "mmio-sram");
	dtb_reg(t, &reg, 1);
	dtb_u32(t, "#address-cells", 1);
	dtb_u32(t, "#size-cells", 1);
	dtb_cells(t, "ranges", ranges, ARRAY_SIZE(ranges));
	dtb_node(t, "%s@0", r->name.s);
	dtb_cells(t, "reg", all, ARRAY_SIZE(all));
	dtb_string(t, "label", r->name.s);
	dtb_empty(t, "export");
	dtb_end(t);
	dtb_end(t);
}

/* Lines 0 to 3 are the other side's 4 to 7, and 4 to 7 its 0 to 3. */
static void bell_write(struct dtb *t, const struct m_bell *b)
{
	static const char *const compatible[] = {"arm,pl061", "arm,primecell"};
	const char *name = t->p->m->bells[b->bell].s;
	const char *lines[LINES];

	for (uint32_t i = 0; i < LINES; i++) {
		lines[i] = arena_format(t->p->arena, "%s-%s%u", name, i < LINES / 2 ? "out" : "in", i % (LINES / 2));
	}
	dtb_node(t, "gpio@%" PRIx64, b->reg.base);
	dtb_strings(t, "compatible", compatible, ARRAY_SIZE(compatible));
	dtb_reg(t, &b->reg, 1);
	dtb_interrupts(t, &b->irq, 1);
	dtb_empty(t, "gpio-controller");
	dtb_u32(t, "#gpio-cells", 2);
	dtb_strings(t, "gpio-line-names", lines, LINES);
	dtb_empty(t, "interrupt-controller");
	dtb_u32(t, "#interrupt-cells", 2);
	dtb_u32(t, "clocks", PHANDLE_CLOCK);
	dtb_string(t, "clock-names", "apb_pclk");
	dtb_end(t);
}

void dtb_shared(struct dtb *t)
{
	for (size_t i = 0; i < t->dom->m->share_count; i++) {
		region_write(t, &t->dom->m->shares[i]);
	}
	for (size_t i = 0; i < t->dom->m->bell_count; i++) {
		bell_write(t, &t->dom->m->bells[i]);
	}
}
