// SPDX-License-Identifier: Apache-2.0
/* The head of the page: which board, what was proved, and the figures. */
#include <inttypes.h>

#include "report/masters.h"
#include "report/report.h"

static void figure_put(FILE *out, const char *what, size_t count)
{
	fprintf(out, "<div><dt>%s</dt><dd>%zu</dd></div>\n", what, count);
}

static void ram_put(const struct page *g)
{
	const struct m_board *b = &g->p->m->board;
	uint64_t bytes = 0;

	for (size_t i = 0; i < b->ram_count; i++) {
		bytes += b->ram[i].size;
	}
	fputs("<div><dt>RAM</dt><dd>", g->out);
	if (model_is_open(b)) {
		fputs("firmware tells", g->out);
	} else {
		html_size(g->out, bytes);
	}
	fputs("</dd></div>\n", g->out);
}

static void figures_put(const struct page *g)
{
	const struct m_board *b = &g->p->m->board;
	size_t used = 0;

	for (size_t i = 0; i < b->device_count; i++) {
		used += b->devices[i].enabled;
	}
	fputs("<dl class=\"figures\">\n", g->out);
	figure_put(g->out, "Domains", g->p->domain_count);
	figure_put(g->out, "CPUs", b->cpu_count);
	ram_put(g);
	figure_put(g->out, "Devices in use", used);
	figure_put(g->out, "IOMMUs", b->iommu_count);
	figure_put(g->out, "Protected DMA masters", g->masters->kinds[MASTER_PROTECTED]);
	figure_put(g->out, "Unprotected DMA masters", g->masters->kinds[MASTER_UNPROTECTED]);
	fputs("</dl>\n", g->out);
}

static void verdict_put(const struct page *g)
{
	const struct verdict *v = g->verdict;

	if (v->top == NULL) {
		fprintf(g->out, "<p class=\"verdict warn\">%s</p>\n",
			v->broken ? "The proof\xe2\x80\x99s result cannot be read" : "Not verified: there is no image");
	} else if (v->holds) {
		fputs("<p class=\"verdict good\">\xe2\x9c\x93 Verified: all properties hold</p>\n", g->out);
	} else {
		fputs("<p class=\"verdict bad\">\xe2\x9c\x97 Verification FAILS: see Proof</p>\n", g->out);
	}
}

void report_summary(const struct page *g)
{
	const struct m_board *b = &g->p->m->board;

	fputs("<header>\n<h1>", g->out);
	html_text(g->out, b->name.s);
	fputs("</h1>\n<p class=\"dim\">", g->out);
	if (b->description.s != NULL) {
		html_text(g->out, b->description.s);
		fputs(". ", g->out);
	}
	fputs("Domains of <code>", g->out);
	html_text(g->out, g->system);
	fputs(".yaml</code>.</p>\n", g->out);
	verdict_put(g);
	figures_put(g);
	fputs("</header>\n", g->out);
}
