// SPDX-License-Identifier: Apache-2.0
/* What JSON bulkhead-verify writes is YAML, too. */
#include "report/verdict.h"

#include <string.h>
#include <unistd.h>

#include "report/report.h"

static bool is_text(const struct node *n)
{
	return n != NULL && n->kind == NODE_SCALAR;
}

static bool property_good(const struct node *n)
{
	static const char *const keys[] = {"id", "title", "verdict", "checked", "unit", "failed"};
	const struct node *findings = node_get(n, "findings");
	bool good = findings != NULL && findings->kind == NODE_SEQUENCE;

	for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
		good = good && is_text(node_get(n, keys[i]));
	}
	for (size_t i = 0; good && i < findings->count; i++) {
		const struct node *places = node_get(findings->items[i], "places");

		good = is_text(node_get(findings->items[i], "text")) && places != NULL &&
		       places->kind == NODE_SEQUENCE;
		for (size_t p = 0; good && p < places->count; p++) {
			good = is_text(node_get(places->items[p], "file"));
		}
	}
	return good;
}

static bool verdict_good(const struct node *top)
{
	const struct node *list = node_get(top, "properties");
	bool good = is_text(node_get(top, "holds")) && is_text(node_get(top, "verified")) && list != NULL &&
		    list->kind == NODE_SEQUENCE && list->count != 0;

	for (size_t i = 0; good && i < list->count; i++) {
		good = property_good(list->items[i]);
	}
	return good;
}

void verdict_read(struct verdict *v, const char *path)
{
	*v = (struct verdict){.path = path};
	if (access(path, F_OK) != 0) {
		return;
	}
	v->d = diag_new();
	v->y = yaml_open();
	v->top = yaml_read(v->y, v->d, path);
	v->broken = v->top == NULL || diag_errors(v->d) != 0 || !verdict_good(v->top);
	v->top = v->broken ? NULL : v->top;
	v->holds = v->top != NULL && strcmp(node_get(v->top, "holds")->text, "true") == 0;
}

void verdict_free(struct verdict *v)
{
	if (v->y != NULL) {
		yaml_close(v->y);
		diag_free(v->d);
	}
}

static void finding_put(FILE *out, const struct node *f)
{
	const struct node *domain = node_get(f, "domain");
	const struct node *start = node_get(f, "start"), *end = node_get(f, "end");
	const struct node *places = node_get(f, "places");

	fputs("<li>", out);
	if (is_text(domain)) {
		fputs("domain <b>", out);
		html_text(out, domain->text);
		fputs("</b>: ", out);
	}
	if (is_text(start) && is_text(end)) {
		fputs("<code>[", out);
		html_text(out, start->text);
		fputs("..<wbr>", out);
		html_text(out, end->text);
		fputs(")</code>: ", out);
	}
	html_text(out, node_get(f, "text")->text);
	for (size_t i = 0; i < places->count; i++) {
		const struct node *line = node_get(places->items[i], "line");

		fputs("<br><code>", out);
		html_text(out, node_get(places->items[i], "file")->text);
		if (is_text(line) && strcmp(line->text, "0") != 0) {
			fputc(':', out);
			html_text(out, line->text);
		}
		fputs("</code>", out);
	}
	fputs("</li>\n", out);
}

static const char *word_class(const char *word)
{
	bool other = strcmp(word, "absent") == 0 || strcmp(word, "at boot") == 0;

	return strcmp(word, "holds") == 0 ? "good" : other ? "dim" : "bad";
}

static void property_put(struct table *t, const struct node *n)
{
	const char *word = node_get(n, "verdict")->text;

	table_row(t);
	table_cell(t);
	html_text(t->out, node_get(n, "title")->text);
	table_cell(t);
	fprintf(t->out, "<span class=\"%s\">", word_class(word));
	html_text(t->out, word);
	fputs("</span>", t->out);
	table_cell(t);
	if (strcmp(word, "absent") == 0) {
		fputs("nothing of the kind", t->out);
	} else {
		html_text(t->out, node_get(n, "checked")->text);
		fputc(' ', t->out);
		html_text(t->out, node_get(n, "unit")->text);
	}
}

void report_verdict(const struct page *g)
{
	static const char *const heads[] = {"Property", "Verdict", "Looked at"};
	const struct verdict *v = g->verdict;
	const struct node *list;
	struct table t;

	fputs("<section id=\"proof\"><h2>Proof</h2>\n", g->out);
	if (v->top == NULL) {
		fprintf(g->out, "<p>%s <code>", v->broken ? "This is not what bulkhead-verify writes:" :
							    "No image was verified: there is no");
		html_text(g->out, v->path);
		fputs("</code>. <code>make report</code> builds the image and verifies it first.</p></section>\n", g->out);
		return;
	}
	list = node_get(v->top, "properties");
	fputs("<p>What <code>bulkhead-verify</code> found in the finished image, <code>", g->out);
	html_text(g->out, node_get(v->top, "verified")->text);
	fputs("</code>, from the tables that the hardware will walk.</p>\n", g->out);
	table_begin(&t, g->out, "What was proved of the image", heads, ARRAY_SIZE(heads));
	for (size_t i = 0; i < list->count; i++) {
		property_put(&t, list->items[i]);
	}
	table_end(&t);
	for (size_t i = 0; i < list->count; i++) {
		const struct node *findings = node_get(list->items[i], "findings");

		if (findings->count != 0) {
			fputs("<h3 class=\"bad\">Fails: ", g->out);
			html_text(g->out, node_get(list->items[i], "title")->text);
			fputs("</h3>\n<ul>", g->out);
			for (size_t n = 0; n < findings->count; n++) {
				finding_put(g->out, findings->items[n]);
			}
			fputs("</ul>\n", g->out);
		}
	}
	fputs("</section>\n", g->out);
}
