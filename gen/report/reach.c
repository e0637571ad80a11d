// SPDX-License-Identifier: Apache-2.0
/* What each domain's CPUs reach, address by address; and what traps. */
#include <inttypes.h>

#include "report/report.h"
#include "util/places.h"

/* Registers by address, to name what a mapping was joined of. */
static struct places places_of(const struct m_board *b)
{
	struct places s = {0};

	for (size_t i = 0; i < b->device_count; i++) {
		for (size_t r = 0; r < b->devices[i].reg_count; r++) {
			places_add(&s, b->devices[i].reg[r].base, b->devices[i].reg[r].size, i);
		}
	}
	places_sort(&s);
	return s;
}

/* The domain's devices in a mapping; what asked for it, where it is none of those. */
static void names_put(const struct page *g, const struct places *s, size_t domain, const struct plan_map *map)
{
	size_t last = MODEL_NONE;

	for (size_t i = places_from(s, map->pa); i < s->count && s->list[i].base < map->pa + map->size; i++) {
		size_t device = s->list[i].of;

		if (plan_owner(g->p, device) == domain && device != last) {
			fputs(last == MODEL_NONE ? "" : ", ", g->out);
			html_text(g->out, g->p->m->board.devices[device].name.s);
			last = device;
		}
	}
	if (last == MODEL_NONE) {
		html_text(g->out, map->name);
	}
	if (map->shared) {
		fputs(" (shared)", g->out);
	}
}

static void map_put(const struct page *g, struct table *t, const struct places *s, size_t domain,
		    const struct plan_map *map)
{
	static const char *const types[] = {
		[STAGE2_DEVICE_NGNRNE] = "device-nGnRnE", [STAGE2_DEVICE_NGNRE] = "device-nGnRE",
		[STAGE2_DEVICE_NGRE] = "device-nGRE",	  [STAGE2_DEVICE_GRE] = "device-GRE",
		[STAGE2_NORMAL_NC] = "normal-nc",	  [STAGE2_NORMAL_WT] = "normal-wt",
		[STAGE2_NORMAL_WB] = "normal-wb",
	};

	table_row(t);
	table_cell(t);
	html_range(g->out, map->ipa, map->size);
	table_cell(t);
	if (map->pa != map->ipa) {
		fprintf(g->out, "<code>0x%" PRIx64 "</code>", map->pa);
	} else {
		fputs("the same", g->out);
	}
	table_cell(t);
	html_size(g->out, map->size);
	table_cell(t);
	fputs(types[map->attr.type], g->out);
	table_cell(t);
	fprintf(g->out, "read%s%s%s", map->attr.write ? ", write" : "", map->attr.exec ? ", execute" : "",
		map->later ? "; mapped on demand" : "");
	table_cell(t);
	names_put(g, s, domain, map);
}

static void window_put(const struct page *g, struct table *t, const struct trap_window *w)
{
	static const char *const names[] = {
		[WINDOW_GICD] = "interrupt controller (GICD)", [WINDOW_GICR] = "interrupt controller (GICR)",
		[WINDOW_VPL011] = "virtual PL011", [WINDOW_VSMMUV3] = "virtual SMMUv3",
		[WINDOW_GITS] = "interrupt translation (GITS)", [WINDOW_CONTROL] = "control interface",
		[WINDOW_WATCHDOG] = "watchdog", [WINDOW_PL061] = "doorbell",
	};

	table_row(t);
	table_cell(t);
	html_range(g->out, w->ipa, w->size);
	table_cell(t);
	fputs("none: it traps", g->out);
	table_cell(t);
	html_size(g->out, w->size);
	table_cell(t);
	fputs("emulated", g->out);
	table_cell(t);
	fputs("checked by the hypervisor", g->out);
	table_cell(t);
	fputs(names[w->kind], g->out);
}

/* A coloured domain's RAM is thousands of runs of pages: `ram` says it in one. */
static void colored_put(const struct page *g, struct table *t, const struct plan_domain *dom)
{
	for (size_t i = 0; dom->colors.of != 0 && i < dom->ram_count; i++) {
		table_row(t);
		table_cell(t);
		html_range(g->out, dom->ram[i].ipa, dom->ram[i].size);
		table_cell(t);
		fprintf(g->out, "pages of colours %u\xe2\x80\x93%u of %u", dom->colors.first,
			dom->colors.first + dom->colors.count - 1u, dom->colors.of);
		table_cell(t);
		html_size(g->out, dom->ram[i].size);
		table_cell(t);
		fputs("normal-wb", g->out);
		table_cell(t);
		fputs("read, write, execute", g->out);
		table_cell(t);
		fputs("memory", g->out);
	}
}

static bool is_colored_ram(const struct plan_domain *dom, const struct plan_map *map)
{
	for (size_t i = 0; dom->colors.of != 0 && i < dom->ram_count; i++) {
		if (map->ipa >= dom->ram[i].ipa && map->ipa - dom->ram[i].ipa < dom->ram[i].size) {
			return true;
		}
	}
	return false;
}

static void domain_put(const struct page *g, const struct places *s, size_t domain)
{
	static const char *const heads[] = {"Addresses", "In the machine", "Size", "Attribute", "Access", "What"};
	const struct plan_domain *dom = &g->p->domains[domain];
	size_t window = 0;
	struct table t;

	fprintf(g->out, "<h3 id=\"reach-%zu\"><span class=\"own %s\">", domain, report_color(domain));
	html_text(g->out, dom->m->name.s);
	fputs("</span></h3>\n", g->out);
	table_begin(&t, g->out, "What the domain reaches", heads, ARRAY_SIZE(heads));
	colored_put(g, &t, dom);
	for (size_t i = 0; i < dom->map_count; i++) {
		for (; window < dom->window_count && dom->windows[window].ipa < dom->maps[i].ipa; window++) {
			window_put(g, &t, &dom->windows[window]);
		}
		if (!is_colored_ram(dom, &dom->maps[i])) {
			map_put(g, &t, s, domain, &dom->maps[i]);
		}
	}
	for (; window < dom->window_count; window++) {
		window_put(g, &t, &dom->windows[window]);
	}
	table_end(&t);
}

void report_reach(const struct page *g)
{
	struct places s = places_of(&g->p->m->board);

	fputs("<section id=\"reach\"><h2>What domains reach</h2>\n<p>The addresses as each domain sees them. "
		"Whatever is "
	      "not here is a fault.</p>\n", g->out);
	if (model_is_open(&g->p->m->board)) {
		fputs("<p>What firmware\xe2\x80\x99s tables name comes to this at boot.</p>\n", g->out);
	}
	for (size_t i = 0; i < g->p->domain_count; i++) {
		domain_put(g, &s, i);
	}
	places_free(&s);
	fputs("</section>\n", g->out);
}
