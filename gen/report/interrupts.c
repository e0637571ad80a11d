// SPDX-License-Identifier: Apache-2.0
/* Every interrupt of the machine that is in use, and whose it is. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "report/report.h"

#define PPI_FIRST 16u
#define SPI_FIRST 32u
#define TRIGGER_UNKNOWN 4

struct line {
	uint32_t intid;
	int trigger;       /* enum m_trigger, or TRIGGER_UNKNOWN */
	const char *what;
	size_t owner;
	bool virtual;      /* raised by software in this domain */
};

struct lines {
	struct line *list;
	size_t count;
};

static void irq_add(struct lines *ls, const struct m_irq *irq, const char *what, size_t owner)
{
	if (irq->intid != 0) {
		ls->list[ls->count++] = (struct line){irq->intid, (int)irq->trigger, what, owner, false};
	}
}

static void virtual_add(struct lines *ls, uint32_t intid, const char *what, size_t owner)
{
	if (intid != 0) {
		ls->list[ls->count++] = (struct line){intid, TRIGGER_UNKNOWN, what, owner, true};
	}
}

static void machine_add(struct lines *ls, const struct m_board *b)
{
	irq_add(ls, &b->timer.secure, "secure timer", OWNER_NOBODY);
	irq_add(ls, &b->timer.physical, "physical timer", OWNER_CPUS);
	irq_add(ls, &b->timer.virt, "virtual timer", OWNER_CPUS);
	irq_add(ls, &b->timer.hyp, "hypervisor\xe2\x80\x99s timer", OWNER_HV);
	irq_add(ls, &b->gic.maintenance, "interrupt controller\xe2\x80\x99s maintenance", OWNER_HV);
	for (size_t i = 0; i < b->iommu_count; i++) {
		for (size_t n = 0; n < b->iommus[i].irq_count; n++) {
			irq_add(ls, &b->iommus[i].irqs[n], b->iommus[i].name.s, OWNER_HV);
		}
	}
}

static void domain_add(struct lines *ls, const struct plan *p, size_t domain)
{
	static const char *const names[] = {
		[WINDOW_VPL011] = "virtual PL011", [WINDOW_WATCHDOG] = "watchdog", [WINDOW_PL061] = "doorbell",
	};
	const struct plan_domain *dom = &p->domains[domain];

	for (size_t i = 0; i < dom->window_count; i++) {
		const struct trap_window *w = &dom->windows[i];

		if (w->kind < ARRAY_SIZE(names) && names[w->kind] != NULL) {
			virtual_add(ls, w->intid, names[w->kind], domain);
		}
	}
	if (dom->m->vsmmu.given) {
		virtual_add(ls, dom->m->vsmmu.evtq.intid, "virtual SMMUv3: events", domain);
		virtual_add(ls, dom->m->vsmmu.gerror.intid, "virtual SMMUv3: errors", domain);
		virtual_add(ls, dom->m->vsmmu.sync.intid, "virtual SMMUv3: commands", domain);
	}
	virtual_add(ls, dom->xen_events, "Xen\xe2\x80\x99s events", domain);
}

static int line_compare(const void *a, const void *b)
{
	const struct line *x = a, *y = b;

	if (x->intid != y->intid) {
		return x->intid < y->intid ? -1 : 1;
	}
	if (x->virtual != y->virtual) {
		return x->virtual ? 1 : -1;
	}
	return x->owner != y->owner ? (x->owner < y->owner ? -1 : 1) : strcmp(x->what, y->what);
}

static struct lines lines_of(const struct plan *p)
{
	const struct m_board *b = &p->m->board;
	struct lines ls = {0};
	size_t room = 8;

	for (size_t i = 0; i < b->device_count; i++) {
		room += b->devices[i].irq_count;
	}
	for (size_t i = 0; i < b->iommu_count; i++) {
		room += b->iommus[i].irq_count;
	}
	for (size_t i = 0; i < p->domain_count; i++) {
		room += p->domains[i].window_count + 4;
	}
	ls.list = arena_array(p->arena, room, sizeof(ls.list[0]));
	machine_add(&ls, b);
	for (size_t i = 0; i < b->device_count; i++) {
		for (size_t n = 0; b->devices[i].enabled && n < b->devices[i].irq_count; n++) {
			irq_add(&ls, &b->devices[i].irqs[n], b->devices[i].name.s, report_owner(p, i));
		}
	}
	for (size_t i = 0; i < p->domain_count; i++) {
		domain_add(&ls, p, i);
	}
	qsort(ls.list, ls.count, sizeof(ls.list[0]), line_compare);
	return ls;
}

/* How many lines from i on are a run of one device's. */
static size_t run_of(const struct lines *ls, size_t i)
{
	const struct line *x = &ls->list[i];
	size_t run = 1;

	while (i + run < ls->count) {
		const struct line *y = &ls->list[i + run];

		if (y->intid != x->intid + run || y->what != x->what || y->owner != x->owner ||
		    y->trigger != x->trigger || y->virtual != x->virtual || y->intid == SPI_FIRST) {
			break;
		}
		run++;
	}
	return run;
}

static void line_put(const struct page *g, struct table *t, const struct line *x, size_t run)
{
	static const char *const triggers[] = {
		[TRIGGER_LEVEL_HIGH] = "level, high", [TRIGGER_LEVEL_LOW] = "level, low",
		[TRIGGER_EDGE_RISING] = "edge, rising", [TRIGGER_EDGE_FALLING] = "edge, falling",
		[TRIGGER_UNKNOWN] = "software",
	};
	uint32_t number = x->intid < SPI_FIRST ? x->intid - PPI_FIRST : x->intid - SPI_FIRST;

	table_row(t);
	table_cell(t);
	fprintf(g->out, "%s\xc2\xa0%" PRIu32, x->intid < SPI_FIRST ? "PPI" : "SPI", number);
	if (run > 1) {
		fprintf(g->out, "\xe2\x80\x93%" PRIu64, (uint64_t)number + run - 1);
	}
	table_cell(t);
	fprintf(g->out, "%" PRIu32, x->intid);
	if (run > 1) {
		fprintf(g->out, "\xe2\x80\x93%" PRIu64, (uint64_t)x->intid + run - 1);
	}
	table_cell(t);
	fputs(triggers[x->trigger], g->out);
	table_cell(t);
	html_text(g->out, x->what);
	table_cell(t);
	report_put_owner(g, x->owner);
}

static void lpis_put(const struct page *g)
{
	bool open = model_is_open(&g->p->m->board);

	for (size_t i = 0; i < g->p->domain_count; i++) {
		const struct plan_msi *msi = g->p->domains[i].msi;

		if (msi != NULL) {
			fprintf(g->out, "<p>LPIs %" PRIu32 "\xe2\x80\x93%" PRIu32 " (messages, through ", msi->lpi_first,
				msi->lpi_first + msi->lpi_count - 1);
			html_text(g->out, open ? "the ITS that firmware's tables name" : g->p->its[msi->its].m->name.s);
			fputs("): ", g->out);
			report_put_owner(g, i);
			fputs("</p>\n", g->out);
		}
	}
}

void report_interrupts(const struct page *g)
{
	static const char *const heads[] = {"Interrupt", "INTID", "Trigger", "Raised by", "Owner"};
	struct lines ls = lines_of(g->p);
	struct table t;

	fputs("<section id=\"interrupts\"><h2>Interrupts</h2>\n", g->out);
	table_begin(&t, g->out, "Interrupts and their owners", heads, ARRAY_SIZE(heads));
	for (size_t i = 0; i < ls.count;) {
		size_t run = run_of(&ls, i);

		line_put(g, &t, &ls.list[i], run);
		i += run;
	}
	table_end(&t);
	lpis_put(g);
	fputs("</section>\n", g->out);
}
