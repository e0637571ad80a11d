// SPDX-License-Identifier: Apache-2.0
/* What is mapped on demand, in tables.c. */
#include <inttypes.h>

#include "emit/emit.h"
#include "emit/pages.h"

size_t emit_ondemand_count(const struct plan_domain *dom)
{
	size_t count = 0;

	for (size_t i = 0; i < dom->map_count; i++) {
		count += dom->maps[i].later;
	}
	return count;
}

static void ranges_emit(FILE *out, size_t domain, const struct plan_domain *dom)
{
	fprintf(out, "\nstatic const struct ondemand_range domain%zu_ondemand[] = {\n", domain);
	for (size_t i = 0; i < dom->map_count; i++) {
		const struct plan_map *m = &dom->maps[i];

		if (m->later) {
			fprintf(out, "\t{.base = 0x%" PRIx64 ", .size = 0x%" PRIx64 ", .name = ", m->ipa, m->size);
			emit_string(out, m->name);
			fprintf(out, "},\n");
		}
	}
	fprintf(out, "};\n");
}

void emit_ondemand(FILE *out, const struct plan *p)
{
	size_t all = 0;

	for (size_t i = 0; i < p->domain_count; i++) {
		size_t count = emit_ondemand_count(&p->domains[i]);

		all += count;
		if (count > 0) {
			ranges_emit(out, i, &p->domains[i]);
		}
	}
	if (all == 0 && p->m->board.firmware == FW_ACPI) {
		/* UEFI's runtime services are looked for among it. */
		fprintf(out, "\n/* %s. */\nconst struct ondemand_list domain_ondemand[%zu];\n",
			model_is_open(&p->m->board) ? "Filled at boot" : "None", p->domain_count);
	}
	if (all == 0) {
		return;
	}
	fprintf(out, "\nconst struct ondemand_list domain_ondemand[%zu] = {\n", p->domain_count);
	for (size_t i = 0; i < p->domain_count; i++) {
		size_t count = emit_ondemand_count(&p->domains[i]);

		if (count > 0) {
			fprintf(out, "\t[%zu] = {domain%zu_ondemand, %zu},\n", i, i, count);
		}
	}
	fprintf(out, "};\n");
}
