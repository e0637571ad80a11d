// SPDX-License-Identifier: Apache-2.0
/* DMA protection: master, IOMMU, domain, and what it can reach. */
#include <inttypes.h>

#include "report/masters.h"
#include "report/report.h"

static void links_put(const struct page *g, const struct m_device *dev)
{
	for (size_t i = 0; i < dev->link_count; i++) {
		const struct m_iommu_link *l = &dev->links[i];

		fputs(i == 0 ? "" : "<br>", g->out);
		html_text(g->out, g->p->m->board.iommus[l->iommu].name.s);
		fprintf(g->out, " <code>%" PRIu32, l->first);
		if (l->count > 1) {
			fprintf(g->out, "\xe2\x80\x93%" PRIu64, (uint64_t)l->first + l->count - 1);
		}
		fputs("</code>", g->out);
	}
}

static void reach_put(const struct page *g, const struct master *m)
{
	if (m->kind == MASTER_UNPROTECTED) {
		fputs("<span class=\"warn\">all memory of the machine</span>", g->out);
	} else if (m->owner == MODEL_NONE) {
		fputs("nothing: its DMA is aborted", g->out);
	} else {
		fprintf(g->out, "what <a href=\"#reach-%zu\">", m->owner);
		html_text(g->out, g->p->domains[m->owner].m->name.s);
		fputs("\xe2\x80\x99s CPUs reach</a>", g->out);
		if (g->p->domains[m->owner].dma.root != g->p->domains[m->owner].s2.root) {
			fputs(", less the GIC\xe2\x80\x99s CPU interface", g->out);
		}
	}
}

static void owner_put(const struct page *g, const struct master *m)
{
	report_put_owner(g, m->owner);
	if (!g->p->m->board.devices[m->device].enabled) {
		fputs(" (disabled)", g->out);
	}
}

static void protected_put(const struct page *g)
{
	static const char *const heads[] = {"Master", "IOMMU and IDs", "Domain", "Its DMA reaches"};
	const struct masters *ms = g->masters;
	struct table t;

	fprintf(g->out, "<h3 id=\"protected\">Protected: %zu</h3>\n", ms->kinds[MASTER_PROTECTED]);
	if (ms->kinds[MASTER_PROTECTED] == 0) {
		fputs("<p>No IOMMU translates for any DMA master.</p>\n", g->out);
		return;
	}
	table_begin(&t, g->out, "DMA masters behind an IOMMU", heads, ARRAY_SIZE(heads));
	for (size_t i = 0; i < ms->count; i++) {
		const struct m_device *dev = &g->p->m->board.devices[ms->list[i].device];

		if (ms->list[i].kind == MASTER_PROTECTED) {
			table_row(&t);
			table_cell(&t);
			html_text(g->out, dev->name.s);
			table_cell(&t);
			links_put(g, dev);
			table_cell(&t);
			owner_put(g, &ms->list[i]);
			table_cell(&t);
			reach_put(g, &ms->list[i]);
		}
	}
	table_end(&t);
}

/* Why the IOMMU that it has does not count. */
static void lack_put(const struct page *g, const struct m_device *dev)
{
	if (dev->link_count == 0) {
		fputs("none", g->out);
		return;
	}
	links_put(g, dev);
	if (g->p->m->ipmmu_user == MODEL_NONE &&
	    g->p->m->board.iommus[dev->links[0].iommu].type == IOMMU_IPMMU) {
		fputs(", which is not driven", g->out);
	} else {
		fputs(", not for all that it does", g->out);
	}
}

static void unprotected_put(const struct page *g)
{
	static const char *const heads[] = {"Master", "IOMMU", "Domain", "Its DMA reaches", "Accepted because"};
	const struct masters *ms = g->masters;
	struct table t;

	fprintf(g->out, "<h3 id=\"unprotected\">Unprotected: %zu</h3>\n", ms->kinds[MASTER_UNPROTECTED]);
	if (ms->kinds[MASTER_UNPROTECTED] == 0) {
		fputs("<p>Each DMA master that a domain can start is behind an IOMMU.</p>\n", g->out);
		return;
	}
	fputs("<p>No hardware holds these back: who drives one can have it read and write all "
		"memory.</p>\n", g->out);
	table_begin(&t, g->out, "DMA masters without an IOMMU", heads, ARRAY_SIZE(heads));
	for (size_t i = 0; i < ms->count; i++) {
		const struct m_device *dev = &g->p->m->board.devices[ms->list[i].device];

		if (ms->list[i].kind == MASTER_UNPROTECTED) {
			table_row(&t);
			table_cell(&t);
			html_text(g->out, dev->name.s);
			table_cell(&t);
			lack_put(g, dev);
			table_cell(&t);
			owner_put(g, &ms->list[i]);
			table_cell(&t);
			reach_put(g, &ms->list[i]);
			table_cell(&t);
			html_text(g->out, dev->unprotected.s != NULL ? dev->unprotected.s :
					  g->p->domain_count == 1    ? "its domain is alone" :
								       "no reason is given");
		}
	}
	table_end(&t);
}

/* A paragraph of the masters of one kind, if there are any. */
static void list_put(const struct page *g, enum master_kind kind, const char *id, const char *what)
{
	const struct masters *ms = g->masters;
	const char *comma = "";

	if (ms->kinds[kind] == 0) {
		return;
	}
	fprintf(g->out, "<p id=\"%s\">%s (%zu): ", id, what, ms->kinds[kind]);
	for (size_t i = 0; i < ms->count; i++) {
		if (ms->list[i].kind == kind) {
			fputs(comma, g->out);
			html_text(g->out, g->p->m->board.devices[ms->list[i].device].name.s);
			comma = ", ";
		}
		if (ms->list[i].kind == kind && ms->list[i].reacher != MODEL_NONE) {
			fputs(" (", g->out);
			report_put_owner(g, ms->list[i].reacher);
			fputc(')', g->out);
		}
	}
	fputs(".</p>\n", g->out);
}

/* Devices whose DMA another does. */
static void vias_put(const struct page *g)
{
	static const char *const heads[] = {"Device", "Its DMA is done by", "Domain"};
	const struct m_board *b = &g->p->m->board;
	bool some = false;
	struct table t;

	for (size_t i = 0; i < b->device_count; i++) {
		const struct m_device *dev = &b->devices[i];
		size_t owner = plan_owner(g->p, i);

		if (dev->via_count == 0 || owner == MODEL_NONE) {
			continue;
		}
		if (!some) {
			fputs("<h3>Through another device</h3>\n", g->out);
			table_begin(&t, g->out, "Devices whose DMA another does", heads, ARRAY_SIZE(heads));
			some = true;
		}
		table_row(&t);
		table_cell(&t);
		html_text(g->out, dev->name.s);
		table_cell(&t);
		for (size_t v = 0; v < dev->via_count; v++) {
			fputs(v == 0 ? "" : ", ", g->out);
			html_text(g->out, b->devices[dev->vias[v]].name.s);
		}
		table_cell(&t);
		report_put_owner(g, owner);
	}
	if (some) {
		table_end(&t);
	}
}

void report_dma(const struct page *g)
{
	fputs("<section id=\"dma\"><h2>DMA protection</h2>\n", g->out);
	if (g->masters->count == 0) {
		fputs("<p>The board file names no DMA master.</p>\n", g->out);
	} else {
		protected_put(g);
		unprotected_put(g);
		list_put(g, MASTER_NEAR, "near", "<span class=\"warn\">Nobody\xe2\x80\x99s and without an IOMMU, but "
			 "with registers in pages that a domain reaches</span>");
		list_put(g, MASTER_IDLE, "idle", "Nobody\xe2\x80\x99s and without an IOMMU");
		vias_put(g);
	}
	fputs("</section>\n", g->out);
}
