// SPDX-License-Identifier: Apache-2.0
/*
 * The IOMMUs as a picture, for a screen of 390 pixels: masters on the left, each IOMMU
 * beside its own, and whose tables translate on the right. A unit of an IPMMU leads to
 * its root, which has the contexts, by a bus. Masters that none holds back stand below.
 */
#include <inttypes.h>

#include "report/masters.h"
#include "report/report.h"

#define WIDTH 356u
#define ROW 21u
#define GAP 9u
#define MASTER_WIDTH 144u
#define MASTER_LETTERS 20 /* that fit: all are of one width, 6.4 at the most */
#define UNIT_LEFT 164u
#define UNIT_WIDTH 88u
#define BUS 264u
#define END_LEFT 275u
#define END_WIDTH 80u
#define ROOT_HEIGHT 36u
#define BARE_COLUMNS 3u
#define BARE_WIDTH 92u

static size_t wires_of(const struct page *g, size_t iommu)
{
	return g->masters->first[iommu + 1] - g->masters->first[iommu];
}

static bool is_root(const struct page *g, size_t iommu)
{
	return g->p->m->board.iommus[iommu].type == IOMMU_IPMMU && g->p->m->board.iommus[iommu].root == MODEL_NONE;
}

static size_t unit_rows(const struct page *g, size_t iommu)
{
	size_t wires = wires_of(g, iommu);

	return wires < 2 ? 2 : wires;
}

/* A root stands at the top; it is a unit too if masters are behind it. */
static bool is_drawn(const struct page *g, size_t iommu)
{
	return !is_root(g, iommu) || wires_of(g, iommu) != 0;
}

static size_t bare_rows(const struct page *g)
{
	return (g->masters->kinds[MASTER_UNPROTECTED] + BARE_COLUMNS - 1) / BARE_COLUMNS;
}

static void text_put(const struct page *g, size_t x, size_t y, const char *class, const char *s, size_t max)
{
	fprintf(g->out, "<text x=\"%zu\" y=\"%zu\"%s%s%s>", x, y, class == NULL ? "" : " class=\"",
		class == NULL ? "" : class, class == NULL ? "" : "\"");
	html_text_cut(g->out, s, max);
	fputs("</text>", g->out);
}

static void rect_put(const struct page *g, size_t x, size_t y, size_t width, size_t height, const char *class)
{
	fprintf(g->out, "<rect x=\"%zu\" y=\"%zu\" width=\"%zu\" height=\"%zu\" rx=\"4\" "
		"class=\"%s\"/>", x, y, width,
		height, class);
}

static void title_put(const struct page *g, const char *s)
{
	fputs("<title>", g->out);
	html_text(g->out, s);
	fputs("</title>", g->out);
}

/* Where a wire ends: whose tables translate. */
static void end_put(const struct page *g, size_t y, size_t owner, bool bare)
{
	const char *name = bare ? "all memory" : owner == MODEL_NONE ? "aborts" : g->p->domains[owner].m->name.s;
	char class[32];

	snprintf(class, sizeof(class), "end %s", report_color(owner));
	fputs("<g>", g->out);
	title_put(g, name);
	rect_put(g, END_LEFT, y + 2, END_WIDTH, ROW - 4, bare ? "alarm" : class);
	text_put(g, END_LEFT + 6, y + 14, NULL, name, 11);
	fputs("</g>", g->out);
}

static void wire_put(const struct page *g, size_t y, const struct wire *w)
{
	const struct master *m = &g->masters->list[w->master];
	const struct m_device *dev = &g->p->m->board.devices[m->device];
	bool bare = m->kind != MASTER_PROTECTED;
	const char *color = report_color(m->owner);
	char ids[40], last[28];
	int length;

	fprintf(g->out, "\n<g class=\"%s\">", color);
	title_put(g, dev->name.s);
	rect_put(g, 1, y + 2, MASTER_WIDTH - 1, ROW - 4, "end");
	snprintf(last, sizeof(last), "\xe2\x80\x93%" PRIu64, (uint64_t)w->link->first + w->link->count - 1);
	length = snprintf(ids, sizeof(ids), "%" PRIu32 "%s", w->link->first, w->link->count > 1 ? last : "");
	length -= w->link->count > 1 ? 2 : 0; /* the dash is three bytes */
	text_put(g, 6, y + 14, NULL, dev->name.s,
		 (size_t)(length < MASTER_LETTERS - 4 ? MASTER_LETTERS - length : 4));
	fprintf(g->out, "<text x=\"%u\" y=\"%zu\" class=\"id\" text-anchor=\"end\">%s</text>",
		MASTER_WIDTH - 6, y + 14, ids);
	fprintf(g->out, "<path class=\"%s\" d=\"M%u %zuH%uM%u %zuH%u\"/></g>", bare ? "alarm" : "wire", MASTER_WIDTH,
		y + ROW / 2, UNIT_LEFT, UNIT_LEFT + UNIT_WIDTH, y + ROW / 2, END_LEFT);
	end_put(g, y, m->owner, bare);
}

/* Where a wire crosses the bus to the root. */
static void bus_mark(const struct page *g, const struct m_iommu *mmu, size_t y)
{
	if (mmu->type == IOMMU_IPMMU) {
		fprintf(g->out, "<circle class=\"mark\" cx=\"%u\" cy=\"%zu\" r=\"3\"/>", BUS, y);
	}
}

static void unit_put(const struct page *g, size_t y, size_t iommu)
{
	const struct m_iommu *mmu = &g->p->m->board.iommus[iommu];
	const struct masters *ms = g->masters;
	size_t rows = unit_rows(g, iommu), middle = y + rows * ROW / 2;
	size_t top = y + (rows - wires_of(g, iommu)) * ROW / 2;
	char note[48];

	for (size_t i = 0; i < wires_of(g, iommu); i++) {
		wire_put(g, top + i * ROW, &ms->wires[ms->first[iommu] + i]);
		bus_mark(g, mmu, top + i * ROW + ROW / 2);
	}
	if (wires_of(g, iommu) == 0) {
		text_put(g, 6, middle + 4, "soft", "no master is behind it", 30);
		end_put(g, middle - ROW / 2, MODEL_NONE, false);
		fprintf(g->out, "<path class=\"wire no\" d=\"M%u %zuH%u\"/>", UNIT_LEFT + UNIT_WIDTH, middle, END_LEFT);
		bus_mark(g, mmu, middle);
	}
	fputs("\n<g class=\"unit\">", g->out);
	title_put(g, mmu->name.s);
	rect_put(g, UNIT_LEFT, y + 2, UNIT_WIDTH, rows * ROW - 4, "box");
	text_put(g, UNIT_LEFT + 6, middle - 2, NULL, mmu->name.s, 12);
	if (mmu->type == IOMMU_IPMMU) {
		snprintf(note, sizeof(note), "%" PRIu32 " micro-TLBs", mmu->id_count);
	} else {
		snprintf(note, sizeof(note), "SMMUv3");
	}
	text_put(g, UNIT_LEFT + 6, middle + 11, "soft", note, 16);
	fputs("</g>", g->out);
}

/* The root and the bus that leads to it: from the root to the last of its units. */
static void root_put(const struct page *g, size_t iommu, size_t last)
{
	const struct m_iommu *mmu = &g->p->m->board.iommus[iommu];
	const struct plan_ipmmu *x = &g->p->ipmmu;
	char note[64];

	fprintf(g->out, "\n<path class=\"bus\" d=\"M%u %uV%zu\"/>", BUS, ROOT_HEIGHT, last);
	fputs("<g class=\"unit\">", g->out);
	title_put(g, mmu->name.s);
	rect_put(g, UNIT_LEFT, 1, WIDTH - UNIT_LEFT - 1, ROOT_HEIGHT - 2, "box");
	text_put(g, UNIT_LEFT + 6, 15, NULL, mmu->name.s, 26);
	if (x->unit_count == 0) {
		snprintf(note, sizeof(note), "root; not driven");
	} else {
		snprintf(note, sizeof(note), "root; contexts in use: %zu of %u", x->context_count, IPMMU_CONTEXTS_MAX);
	}
	text_put(g, UNIT_LEFT + 6, 28, "soft", note, 40);
	fputs("</g>", g->out);
}

static void bare_put(const struct page *g, size_t y)
{
	const struct masters *ms = g->masters;
	size_t rows = bare_rows(g), n = 0;
	char note[64];

	snprintf(note, sizeof(note), "Not held back by any IOMMU: %zu", ms->kinds[MASTER_UNPROTECTED]);
	text_put(g, 0, y + 14, NULL, note, 60);
	y += ROW;
	for (size_t i = 0; i < ms->count; i++) {
		const struct m_device *dev = &g->p->m->board.devices[ms->list[i].device];

		if (ms->list[i].kind == MASTER_UNPROTECTED) {
			size_t left = 1 + n % BARE_COLUMNS * BARE_WIDTH, top = y + n / BARE_COLUMNS * ROW;

			fprintf(g->out, "\n<g class=\"%s bare\">", report_color(ms->list[i].reacher));
			title_put(g, dev->name.s);
			rect_put(g, left, top + 2, BARE_WIDTH - 4, ROW - 4, "end");
			text_put(g, left + 5, top + 14, NULL, dev->name.s, 12);
			fputs("</g>", g->out);
			n++;
		}
	}
	fprintf(g->out, "<path class=\"alarm\" d=\"M269 %zuV%zu\"/>", y + 2, y + rows * ROW - 2);
	rect_put(g, END_LEFT, y + 2, END_WIDTH, rows * ROW - 4, "alarm");
	text_put(g, END_LEFT + 6, y + rows * ROW / 2 + 4, NULL, "all memory", 12);
}

/* The domains' colours, for who cannot see the right edge. */
static void legend_put(const struct page *g)
{
	fputs("<ul class=\"legend\">", g->out);
	for (size_t i = 0; i < g->p->domain_count; i++) {
		fputs("<li>", g->out);
		report_put_owner(g, i);
		fputs("</li>", g->out);
	}
	fputs("<li><span class=\"own no\">nobody: aborted</span></li></ul>\n", g->out);
}

static void picture_put(const struct page *g)
{
	const struct m_board *b = &g->p->m->board;
	size_t root = MODEL_NONE, y = 0, last = 0, height = 0;

	for (size_t i = 0; i < b->iommu_count; i++) {
		root = is_root(g, i) ? i : root;
		height += is_drawn(g, i) ? unit_rows(g, i) * ROW + GAP : 0;
	}
	y = root != MODEL_NONE ? ROOT_HEIGHT + GAP : 0;
	for (size_t i = 0; i < b->iommu_count; i++) {
		last = is_drawn(g, i) && b->iommus[i].type == IOMMU_IPMMU ? i : last;
	}
	height += y + (bare_rows(g) != 0 ? (bare_rows(g) + 1) * ROW : 0);
	fprintf(g->out, "<svg class=\"topology\" viewBox=\"0 0 %u %zu\" role=\"img\" aria-label=\"Masters, "
		"IOMMUs and "
		"domains; the tables under DMA protection say the same\">", WIDTH, height);
	size_t at = y;
	for (size_t i = 0; root != MODEL_NONE && i < last; i++) {
		at += is_drawn(g, i) ? unit_rows(g, i) * ROW + GAP : 0;
	}
	if (root != MODEL_NONE) {
		root_put(g, root, at + unit_rows(g, last) * ROW - ROW / 2 - 1);
	}
	for (size_t i = 0; i < b->iommu_count; i++) {
		if (is_drawn(g, i)) {
			unit_put(g, y, i);
			y += unit_rows(g, i) * ROW + GAP;
		}
	}
	if (bare_rows(g) != 0) {
		bare_put(g, y);
	}
	fputs("\n</svg>\n", g->out);
}

void report_topology(const struct page *g)
{
	const struct m_board *b = &g->p->m->board;

	fprintf(g->out, "<section id=\"iommus\"><h2>IOMMUs: %zu</h2>\n", b->iommu_count);
	if (b->iommu_count == 0 && model_is_open(b)) {
		fputs("<p>The board file names none; those that firmware names are found at boot.</p>\n", g->out);
	} else if (b->iommu_count == 0) {
		fputs("<p>The board has none.</p>\n", g->out);
	} else {
		fputs("<p>From left to right: the master and its stream IDs or micro-TLBs, the IOMMU, and whose tables "
		      "translate. IDs that are not here abort.</p>\n", g->out);
		legend_put(g);
		picture_put(g);
	}
	fputs("</section>\n", g->out);
}
