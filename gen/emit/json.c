// SPDX-License-Identifier: Apache-2.0
/* build.json: the decisions of this build for scripts and for people. Addresses are
 * strings, because JSON's numbers lose integers above 2^53. */
#include <inttypes.h>

#include "emit/emit.h"

/* JSON has other escapes than C. */
static void json_string(FILE *out, const char *s)
{
	fputc('"', out);
	for (; *s != '\0'; s++) {
		unsigned char c = (unsigned char)*s;
		if (c == '"' || c == '\\') {
			fprintf(out, "\\%c", c);
		} else if (c < 0x20) {
			fprintf(out, "\\u%04x", c);
		} else {
			fputc(c, out);
		}
	}
	fputc('"', out);
}

static void json_range(FILE *out, const char *name, struct mem_range r)
{
	fprintf(out, "  \"%s\": {\"base\": \"0x%" PRIx64 "\", \"size\": \"0x%" PRIx64 "\"},\n", name, r.base,
		r.size);
}

static void json_file(FILE *out, const char *name, const struct plan_file *f)
{
	fprintf(out, "      \"%s\": {\"path\": ", name);
	if (f->path == NULL) {
		fprintf(out, "null");
	} else {
		json_string(out, f->path);
	}
	fprintf(out, ", \"ipa\": \"0x%" PRIx64 "\", \"pa\": \"0x%" PRIx64 "\", \"carried-at\": \"0x%" PRIx64
		"\", \"bytes\": %" PRIu64 ", \"room\": %" PRIu64 "},\n", f->ipa, f->pa, f->path == NULL ? 0 : f->from,
		f->file_size, f->size);
}

static void json_domain(FILE *out, const struct plan_domain *dom, const struct emit_dtb *dtb)
{
	fprintf(out, "    {\n      \"name\": ");
	json_string(out, dom->m->name.s);
	fprintf(out, ",\n      \"cpus\": [");
	for (size_t i = 0; i < dom->cpu_count; i++) {
		fprintf(out, "%s%u", i == 0 ? "" : ", ", dom->cpus[i]);
	}
	fprintf(out, "],\n      \"memory\": [");
	for (size_t i = 0; i < dom->run_count; i++) {
		fprintf(out, "%s\n        {\"ipa\": \"0x%" PRIx64 "\", \"pa\": \"0x%" PRIx64 "\", \"size\": \"0x%" PRIx64
			"\"}", i == 0 ? "" : ",", dom->runs[i].ipa, dom->runs[i].pa, dom->runs[i].size);
	}
	fprintf(out, "],\n");
	fprintf(out, "      \"entry\": \"0x%" PRIx64 "\",\n", dom->kernel.ipa);
	json_file(out, "kernel", &dom->kernel);
	json_file(out, "initrd", &dom->initrd);
	fprintf(out, "      \"dtb\": {\"ipa\": \"0x%" PRIx64 "\", \"pa\": \"0x%" PRIx64 "\", ", dom->dtb_ipa,
		dom->dtb_pa);
	fprintf(out, "\"bytes\": %" PRIu64 "}\n", dtb->size);
	fprintf(out, "    }");
}

void emit_json(FILE *out, const struct plan *p, const struct emit_dtb *dtbs)
{
	fprintf(out, "{\n  \"board\": ");
	json_string(out, p->m->board.name.s);
	fprintf(out, ",\n  \"load\": \"0x%" PRIx64 "\",\n", p->image.base);
	fprintf(out, "  \"cpus\": %zu,\n", p->cpu_count);
	json_range(out, "hypervisor", p->image);
	json_range(out, "store", p->store);
	fprintf(out, "  \"image-size\": \"0x%" PRIx64 "\",\n", p->image_size);
	fprintf(out, "  \"tables\": {\"base\": \"0x%" PRIx64 "\", \"pages\": %u},\n", p->pool.base.va,
		p->pool.used + p->el2.own_pages);
	fprintf(out, "  \"ipa-bits\": %u,\n", p->ipa_bits);
	for (size_t i = 0; i < p->m->region_count; i++) {
		const struct plan_region *r = &p->regions[i];
		fprintf(out, "%s", i == 0 ? "  \"shared-memory\": [\n    {\"name\": " : ",\n    {\"name\": ");
		json_string(out, r->m->name.s);
		fprintf(out, ", \"pa\": \"0x%" PRIx64 "\", \"size\": \"0x%" PRIx64 "\"}%s", r->pa, r->m->size,
			i + 1 < p->m->region_count ? "" : "\n  ],\n");
	}
	fprintf(out, "  \"domains\": [\n");
	for (size_t i = 0; i < p->domain_count; i++) {
		json_domain(out, &p->domains[i], &dtbs[i]);
		fprintf(out, "%s\n", i + 1 < p->domain_count ? "," : "");
	}
	fprintf(out, "  ]\n}\n");
}
