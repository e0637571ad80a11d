// SPDX-License-Identifier: Apache-2.0
/* The memory map: RAM of the machine, bank by bank, and whose it is. */
#include <inttypes.h>
#include <stdlib.h>

#include "report/report.h"

#define BAR_WIDTH 1000.0
#define BAR_HEIGHT 100.0
#define PIECE_MIN 3.0 /* of BAR_WIDTH, so that all can be seen */

struct piece {
	uint64_t base;
	uint64_t size;
	size_t owner;
	const char *what;
	struct color_set colors; /* of its pages; of 0: all of them */
};

struct pieces {
	struct piece *list;
	size_t count;
};

static void piece_add(struct pieces *ps, struct piece piece)
{
	if (piece.size != 0) {
		ps->list[ps->count++] = piece;
	}
}

static void domain_add(struct pieces *ps, const struct plan *p, size_t domain)
{
	const struct plan_domain *dom = &p->domains[domain];

	for (size_t i = 0; dom->colors.of == 0 && i < dom->ram_count; i++) {
		piece_add(ps, (struct piece){dom->ram[i].pa, dom->ram[i].size, domain, "memory of the domain", {0}});
	}
	for (size_t i = 0; dom->colors.of != 0 && i < dom->span_count; i++) {
		piece_add(ps, (struct piece){dom->spans[i].base, dom->spans[i].size, domain,
					     "memory of the domain", dom->colors});
	}
}

static int piece_compare(const void *a, const void *b)
{
	const struct piece *x = a, *y = b;

	if (x->base != y->base) {
		return x->base < y->base ? -1 : 1;
	}
	return x->size < y->size ? 1 : x->size > y->size ? -1 : (x->owner > y->owner) - (x->owner < y->owner);
}

/* RAM that is in no piece. */
static void gaps_add(struct pieces *ps, const struct m_board *b)
{
	size_t count = ps->count;

	qsort(ps->list, count, sizeof(ps->list[0]), piece_compare);
	for (size_t bank = 0; bank < b->ram_count; bank++) {
		uint64_t at = b->ram[bank].base, end = at + b->ram[bank].size;

		for (size_t i = 0; i <= count && at < end; i++) {
			uint64_t base = i < count && ps->list[i].base < end ? ps->list[i].base : end;

			if (base > at) {
				piece_add(ps, (struct piece){at, base - at, OWNER_FREE, "nobody\xe2\x80\x99s", {0}});
				at = base;
			}
			if (i < count && ps->list[i].base + ps->list[i].size > at) {
				at = ps->list[i].base + ps->list[i].size;
			}
		}
	}
}

static struct pieces pieces_of(const struct plan *p)
{
	const struct m_board *b = &p->m->board;
	const struct home *home = &p->home;
	size_t room = b->reserved_count + p->m->region_count + 4;
	struct pieces ps = {0};

	for (size_t i = 0; i < p->domain_count; i++) {
		room += p->domains[i].ram_count + p->domains[i].span_count;
	}
	/* Before and behind each piece, and in each bank, there may be a gap. */
	ps.list = arena_array(p->arena, 2 * room + b->ram_count + 1, sizeof(ps.list[0]));
	piece_add(&ps, (struct piece){p->image.base, p->image.size, OWNER_HV, p->home.colors.of == 0 ?
				      "the hypervisor" : "the hypervisor, until it runs", {0}});
	if (home->colors.of != 0) {
		uint64_t last = home_pa(home, p->image.base + p->image.size - PAGE_SIZE);
		piece_add(&ps, (struct piece){home->base, last + PAGE_SIZE - home->base, OWNER_HV, "the hypervisor",
					      home->colors});
	}
	piece_add(&ps, (struct piece){p->store.base, p->store.size, OWNER_HV, "payloads on their way", {0}});
	piece_add(&ps, (struct piece){p->lpi.base, p->lpi.size, OWNER_HV, "tables of the interrupt "
		"controller", {0}});
	for (size_t i = 0; i < b->reserved_count; i++) {
		piece_add(&ps, (struct piece){b->reserved[i].base, b->reserved[i].size, OWNER_NOBODY,
					      b->reserved_names[i], {0}});
	}
	for (size_t i = 0; i < p->m->region_count; i++) {
		piece_add(&ps, (struct piece){p->regions[i].pa, p->regions[i].m->size, OWNER_SHARED,
					      p->regions[i].m->name.s, {0}});
	}
	for (size_t i = 0; i < p->domain_count; i++) {
		domain_add(&ps, p, i);
	}
	gaps_add(&ps, b);
	qsort(ps.list, ps.count, sizeof(ps.list[0]), piece_compare);
	return ps;
}

static void rect_put(const struct page *g, const struct m_range *bank, const struct piece *x)
{
	double scale = BAR_WIDTH / (double)bank->size;
	uint64_t base = x->base > bank->base ? x->base : bank->base;
	uint64_t end = x->base + x->size < bank->base + bank->size ? x->base + x->size : bank->base + bank->size;
	double left = (double)(base - bank->base) * scale, width = (double)(end - base) * scale;
	double top = 0, height = BAR_HEIGHT;

	if (x->colors.of != 0) {
		top = BAR_HEIGHT * x->colors.first / x->colors.of;
		height = BAR_HEIGHT * x->colors.count / x->colors.of;
	}
	width = width < PIECE_MIN ? PIECE_MIN : width;
	left = left + width > BAR_WIDTH ? BAR_WIDTH - width : left;
	fprintf(g->out, "<rect class=\"%s\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"/>",
		report_color(x->owner), left, top, width, height);
}

static bool meets(const struct m_range *bank, const struct piece *x)
{
	return x->base < bank->base + bank->size && bank->base < x->base + x->size;
}

/* Large pieces first, so that none hides a small one's mark. */
static void bar_put(const struct page *g, const struct pieces *ps, const struct m_range *bank)
{
	fprintf(g->out, "<svg class=\"bar\" viewBox=\"0 0 1000 100\" preserveAspectRatio=\"none\" role=\"img\" "
		"aria-label=\"RAM from 0x%" PRIx64 ", to scale\">", bank->base);
	for (int small = 0; small < 2; small++) {
		for (size_t i = 0; i < ps->count; i++) {
			const struct piece *x = &ps->list[i];
			bool is_small = (double)x->size * BAR_WIDTH < (double)bank->size * PIECE_MIN;

			if (meets(bank, x) && is_small == (small != 0)) {
				rect_put(g, bank, x);
			}
		}
	}
	fputs("</svg>\n", g->out);
}

static void piece_put(const struct page *g, struct table *t, const struct piece *x)
{
	table_row(t);
	table_cell(t);
	html_range(g->out, x->base, x->size);
	table_cell(t);
	if (x->colors.of != 0) {
		html_size(g->out, color_bytes(&x->colors, x->base, x->size));
		fputs(" of ", g->out);
	}
	html_size(g->out, x->size);
	table_cell(t);
	report_put_owner(g, x->owner);
	table_cell(t);
	html_text(g->out, x->what);
	if (x->colors.of != 0) {
		fprintf(g->out, ", pages of colours %u\xe2\x80\x93%u of %u", x->colors.first,
			x->colors.first + x->colors.count - 1u, x->colors.of);
	}
}

static void bank_put(const struct page *g, const struct pieces *ps, const struct m_range *bank)
{
	static const char *const heads[] = {"Addresses", "Size", "Owner", "What"};
	struct table t;

	fputs("<h3>", g->out);
	html_size(g->out, bank->size);
	fprintf(g->out, " from <code>0x%" PRIx64 "</code></h3>\n", bank->base);
	bar_put(g, ps, bank);
	table_begin(&t, g->out, "What is where in this bank", heads, ARRAY_SIZE(heads));
	for (size_t i = 0; i < ps->count; i++) {
		if (meets(bank, &ps->list[i])) {
			piece_put(g, &t, &ps->list[i]);
		}
	}
	table_end(&t);
}

void report_memory(const struct page *g)
{
	const struct m_board *b = &g->p->m->board;
	struct pieces ps = pieces_of(g->p);

	fputs("<section id=\"memory\"><h2>Memory</h2>\n", g->out);
	if (b->ram_count == 0) {
		fputs("<p>Which RAM there is only firmware knows; at boot the hypervisor takes its own and gives the "
		      "domains theirs by the rules of the system file.</p>\n", g->out);
	} else {
		fputs("<p>The RAM of the machine, to scale; registers are under <a href=\"#devices\">Devices</a>.</p>\n",
		      g->out);
	}
	for (size_t i = 0; i < b->ram_count; i++) {
		bank_put(g, &ps, &b->ram[i]);
	}
	fputs("</section>\n", g->out);
}
