// SPDX-License-Identifier: Apache-2.0
/* What domains have together, in tables.c. */
#include <inttypes.h>

#include "emit/pages.h"

void emit_shared(FILE *out, const struct plan *p)
{
	if (p->m->region_count > 0) {
		fprintf(out, "\nstatic const struct mem_range shared[] = {\n");
		for (size_t i = 0; i < p->m->region_count; i++) {
			fprintf(out, "\t{.base = 0x%" PRIx64 ", .size = 0x%" PRIx64 "},\n", p->regions[i].pa,
				p->m->regions[i].size);
		}
		fprintf(out, "};\n");
	}
	if (p->m->bell_count > 0) {
		fprintf(out, "\nstatic const struct doorbell_desc doorbells[] = {\n");
		for (size_t i = 0; i < p->m->bell_count; i++) {
			const struct doorbell_end *e = p->doorbells[i].end;
			fprintf(out, "\t{{{0x%" PRIx64 ", %u, %u}, {0x%" PRIx64 ", %u, %u}}},\n", e[0].ipa, e[0].domain,
				e[0].intid, e[1].ipa, e[1].domain, e[1].intid);
		}
		fprintf(out, "};\n");
	}
}

void emit_shared_fields(FILE *out, const struct plan *p)
{
	if (p->m->region_count > 0) {
		fprintf(out, "\t.shared = shared,\n\t.shared_count = %zu,\n", p->m->region_count);
	}
	if (p->m->bell_count > 0) {
		fprintf(out, "\t.doorbells = doorbells,\n\t.doorbell_count = %zu,\n", p->m->bell_count);
	}
}
