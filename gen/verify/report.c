// SPDX-License-Identifier: Apache-2.0
#include "report.h"

#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

static const struct {
	const char *id;
	const char *title;
	const char *unit; /* what `checked` counts */
} properties[PROPERTY_COUNT] = {
	[PROPERTY_HYPERVISOR] = {"1", "no domain reaches the hypervisor", "runs"},
	[PROPERTY_OWNERS] = {"2", "every byte has one owner; maps equal the YAML", "runs"},
	[PROPERTY_DMA] = {"3", "DMA reaches what the CPUs reach, or less", "contexts"},
	[PROPERTY_ATTRIBUTES] = {"4", "attributes and permissions equal the YAML", "runs"},
	[PROPERTY_STREAMS] = {"5", "unassigned streams abort", "streams"},
	[PROPERTY_INTERRUPTS] = {"6", "interrupts, CPUs and trap windows have one owner", "items"},
	[PROPERTY_COVERAGE] = {"7", "feature bits equal the coverage", "bits"},
	[PROPERTY_FORM] = {"8", "descriptors are well formed", "descriptors"},
	[PROPERTY_EL2] = {"el2", "the hypervisor's own map: W^X, nothing foreign", "runs"},
	[PROPERTY_PACKED] = {"image", "hv.img carries the same tables", "words"},
};

void report_init(struct report *r, struct mem *m)
{
	memset(r, 0, sizeof(*r));
	r->mem = m;
	for (int p = 0; p < PROPERTY_COUNT; p++) {
		r->results[p].applies = true;
	}
}

void report_count(struct report *r, enum property p, uint64_t checked)
{
	r->results[p].checked += checked;
}

void report_fail(struct report *r, enum property p, const char *domain, uint64_t lo, uint64_t hi,
		 const struct place *a, const struct place *b, const char *fmt, ...)
{
	struct result *result = &r->results[p];
	struct finding *f;
	char text[512];
	va_list ap;

	if (result->failed++ >= FINDINGS_MAX) {
		return;
	}
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	f = &result->findings[result->failed - 1];
	*f = (struct finding){.domain = domain, .lo = lo, .hi = hi, .text = mem_print(r->mem, "%s", text)};
	if (a != NULL) {
		f->at[0] = *a;
	}
	if (b != NULL) {
		f->at[1] = *b;
	}
}

bool report_holds(const struct report *r)
{
	for (int p = 0; p < PROPERTY_COUNT; p++) {
		const struct result *x = &r->results[p];

		if (x->applies && (x->failed > 0 || (x->checked == 0 && !x->later))) {
			return false;
		}
	}
	return true;
}

static const char *report_verdict(const struct result *result)
{
	if (!result->applies) {
		return "absent";
	}
	if (result->failed > 0) {
		return "FAILS";
	}
	if (result->later) {
		return "at boot";
	}
	return result->checked > 0 ? "holds" : "EMPTY";
}

static void report_print_place(const struct place *at, FILE *out)
{
	if (at->file == NULL) {
		return;
	}
	fprintf(out, "    %s", at->file);
	if (at->line > 0) {
		fprintf(out, ":%" PRIu32 ":%" PRIu32, at->line, at->col);
	}
	fputc('\n', out);
}

void report_print_text(const struct report *r, FILE *out, const char *what)
{
	fprintf(out, "%s: %" PRIu64 " domain%s, %" PRIu64 " table pages, %" PRIu64 " leaves\n", what,
		r->domains, r->domains == 1 ? "" : "s", r->tables, r->leaves);
	for (int p = 0; p < PROPERTY_COUNT; p++) {
		const struct result *result = &r->results[p];

		fprintf(out, "  %-6s %-50s %-7s", properties[p].id, properties[p].title,
			report_verdict(result));
		if (result->applies && result->checked > 0) {
			fprintf(out, "%8" PRIu64 " %s", result->checked, properties[p].unit);
		}
		fputc('\n', out);
	}
	for (int p = 0; p < PROPERTY_COUNT; p++) {
		const struct result *result = &r->results[p];

		for (uint64_t i = 0; i < result->failed && i < FINDINGS_MAX; i++) {
			const struct finding *f = &result->findings[i];

			fprintf(out, "property %s fails: ", properties[p].id);
			if (f->domain != NULL) {
				fprintf(out, "domain '%s': ", f->domain);
			}
			if (f->hi != 0) {
				fprintf(out, "[0x%" PRIx64 "..0x%" PRIx64 "): ", f->lo, f->hi);
			}
			fprintf(out, "%s\n", f->text);
			report_print_place(&f->at[0], out);
			report_print_place(&f->at[1], out);
		}
		if (result->failed > FINDINGS_MAX) {
			fprintf(out, "property %s fails: %" PRIu64 " more\n", properties[p].id,
				result->failed - FINDINGS_MAX);
		}
	}
}

static void report_json_string(const char *s, FILE *out)
{
	fputc('"', out);
	for (; *s != 0; s++) {
		unsigned char c = (unsigned char)*s;

		if (c == '"' || c == '\\') {
			fprintf(out, "\\%c", c);
		} else if (c < 0x20 || c >= 0x7f) {
			fprintf(out, "\\u%04x", c);
		} else {
			fputc(c, out);
		}
	}
	fputc('"', out);
}

static void report_json_finding(const struct finding *f, FILE *out)
{
	const char *comma = "";

	fputs("        {", out);
	if (f->domain != NULL) {
		fputs("\"domain\": ", out);
		report_json_string(f->domain, out);
		fputs(", ", out);
	}
	if (f->hi != 0) {
		fprintf(out, "\"start\": \"0x%" PRIx64 "\", \"end\": \"0x%" PRIx64 "\", ", f->lo, f->hi);
	}
	fputs("\"text\": ", out);
	report_json_string(f->text, out);
	fputs(", \"places\": [", out);
	for (size_t i = 0; i < 2; i++) {
		if (f->at[i].file != NULL) {
			fprintf(out, "%s{\"file\": ", comma);
			report_json_string(f->at[i].file, out);
			fprintf(out, ", \"line\": %" PRIu32 ", \"column\": %" PRIu32 "}", f->at[i].line,
				f->at[i].col);
			comma = ", ";
		}
	}
	fputs("]}", out);
}

void report_print_json(const struct report *r, FILE *out, const char *what)
{
	fputs("{\n  \"verified\": ", out);
	report_json_string(what, out);
	fprintf(out, ",\n  \"holds\": %s,\n", report_holds(r) ? "true" : "false");
	fprintf(out, "  \"domains\": %" PRIu64 ",\n  \"tables\": %" PRIu64 ",\n  \"leaves\": %" PRIu64 ",\n",
		r->domains, r->tables, r->leaves);
	fputs("  \"properties\": [", out);
	for (int p = 0; p < PROPERTY_COUNT; p++) {
		const struct result *result = &r->results[p];

		fprintf(out, "%s\n    {\"id\": \"%s\", \"title\": \"%s\", \"verdict\": \"%s\",\n",
			p > 0 ? "," : "", properties[p].id, properties[p].title,
			!result->applies			     ? "absent"
			: result->failed == 0 && result->later	     ? "at boot"
			: result->failed == 0 && result->checked > 0 ? "holds"
								     : "fails");
		fprintf(out,
			"      \"checked\": %" PRIu64 ", \"unit\": \"%s\", \"failed\": %" PRIu64
			", \"findings\": [",
			result->checked, properties[p].unit, result->failed);
		for (uint64_t i = 0; i < result->failed && i < FINDINGS_MAX; i++) {
			fprintf(out, "%s\n", i > 0 ? "," : "");
			report_json_finding(&result->findings[i], out);
		}
		fputs("]}", out);
	}
	fputs("\n  ]\n}\n", out);
}
