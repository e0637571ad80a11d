// SPDX-License-Identifier: Apache-2.0
#include "report/report.h"

#include <stdlib.h>
#include <string.h>

#include "report/masters.h"

size_t report_owner(const struct plan *p, size_t device)
{
	size_t owner = plan_owner(p, device);
	bool console = device == p->m->board.console_device && p->m->board.devices[device].enabled;

	return owner == MODEL_NONE && console ? OWNER_HV : owner;
}

const char *report_color(size_t owner)
{
	static const char *const domains[] = {"d0", "d1", "d2", "d3", "d4", "d5", "d6", "d7"};

	switch (owner) {
	case OWNER_HV:
		return "hv";
	case OWNER_FREE:
	case OWNER_NOBODY:
		return "no";
	case OWNER_CPUS:
	case OWNER_SHARED:
		return "sh";
	default:
		return domains[owner % ARRAY_SIZE(domains)];
	}
}

void report_put_owner(const struct page *g, size_t owner)
{
	fprintf(g->out, "<span class=\"own %s\">", report_color(owner));
	switch (owner) {
	case OWNER_HV:
		fputs("the hypervisor", g->out);
		break;
	case OWNER_NOBODY:
		fputs("nobody", g->out);
		break;
	case OWNER_FREE:
		fputs("free", g->out);
		break;
	case OWNER_CPUS:
		fputs("each domain, of its own CPUs", g->out);
		break;
	case OWNER_SHARED:
		fputs("shared", g->out);
		break;
	default:
		fprintf(g->out, "<a href=\"#domain-%zu\">", owner);
		html_text(g->out, g->p->domains[owner].m->name.s);
		fputs("</a>", g->out);
	}
	fputs("</span>", g->out);
}

static void messages_put(const struct page *g)
{
	if (g->messages[0] != '\0') {
		fputs("<section id=\"warnings\"><h2>Warnings</h2>\n<pre>", g->out);
		html_text(g->out, g->messages);
		fputs("</pre></section>\n", g->out);
	}
}

static void contents_put(const struct page *g)
{
	static const char *const links[][2] = {
		{"proof", "Proof"}, {"domains", "Domains"}, {"memory", "Memory"}, {"dma", "DMA protection"},
		{"iommus", "IOMMUs"}, {"devices", "Devices"}, {"reach", "What domains reach"},
		{"interrupts", "Interrupts"},
	};

	fputs("<nav aria-label=\"Sections\"><ul>", g->out);
	if (g->messages[0] != '\0') {
		fputs("<li><a href=\"#warnings\">Warnings</a></li>", g->out);
	}
	for (size_t i = 0; i < ARRAY_SIZE(links); i++) {
		fprintf(g->out, "<li><a href=\"#%s\">%s</a></li>", links[i][0], links[i][1]);
	}
	fputs("</ul></nav>\n", g->out);
}

void report_print(struct page *g)
{
	g->masters = arena_alloc(g->p->arena, sizeof(*g->masters));
	masters_list(g->masters, g->p);
	fputs("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
	      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
	      "<meta name=\"color-scheme\" content=\"light dark\">\n"
	      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
	"'unsafe-inline'\">\n"
	      "<title>", g->out);
	html_text(g->out, g->p->m->board.name.s);
	fputs(": board report</title>\n", g->out);
	report_style(g->out);
	fputs("</head>\n<body>\n", g->out);
	report_summary(g);
	contents_put(g);
	messages_put(g);
	report_verdict(g);
	report_domains(g);
	report_memory(g);
	report_dma(g);
	report_topology(g);
	report_devices(g);
	report_reach(g);
	report_interrupts(g);
	fputs("</body>\n</html>\n", g->out);
}

/* The warnings so far, as `check` prints them; malloc. */
static char *messages_of(const struct diag *d)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	if (out == NULL) {
		return NULL;
	}
	diag_print(d, out, DIAG_TEXT);
	if (fclose(out) != 0) {
		free(text);
		return NULL;
	}
	return text;
}

static const char *verify_beside(struct plan *p, const char *out_path)
{
	const char *slash = strrchr(out_path, '/');
	int dir = slash == NULL ? 0 : (int)(slash - out_path) + 1;

	return arena_format(p->arena, "%.*sverify.json", dir, out_path);
}

static bool page_write(struct diag *d, struct page *g, const char *path)
{
	g->out = fopen(path, "wb");
	if (g->out != NULL) {
		report_print(g);
	}
	return diag_close(d, g->out, path);
}

int cmd_report(struct diag *d, const struct model *m, const char *system, const char *verify_path,
	       const char *out_path)
{
	struct plan *p = plan_build(d, m);
	struct verdict v;
	char *messages;
	int failed;

	if (p == NULL) {
		return 1;
	}
	messages = messages_of(d);
	verdict_read(&v, verify_path != NULL ? verify_path : verify_beside(p, out_path));
	struct page g = {.p = p, .system = system, .verdict = &v, .messages = messages != NULL ? messages : ""};
	failed = page_write(d, &g, out_path) ? 0 : 1;
	verdict_free(&v);
	free(messages);
	plan_free(p);
	return failed;
}
