// SPDX-License-Identifier: Apache-2.0
/* How devices are reset, in tables.c. */
#include <inttypes.h>

#include "emit/emit.h"
#include "emit/pages.h"

static void steps_emit(FILE *out, size_t domain, const struct plan_domain *dom)
{
	static const char *const ops[] = {
		[RESET_PCI] = "RESET_PCI", [RESET_WRITE] = "RESET_WRITE", [RESET_POLL] = "RESET_POLL",
		[RESET_WAIT] = "RESET_WAIT",
	};

	fprintf(out, "\nstatic const struct reset_step domain%zu_resets[] = {\n", domain);
	for (size_t i = 0; i < dom->reset_count; i++) {
		const struct reset_step *s = &dom->resets[i];

		fprintf(out, "\t{.device = ");
		emit_string(out, s->device);
		fprintf(out, ", .pa = 0x%" PRIx64 ", .op = %s, .us = %" PRIu32, s->pa, ops[s->op], s->us);
		fprintf(out, ", .value = 0x%" PRIx32 ", .mask = 0x%" PRIx32 "},\n", s->value, s->mask);
	}
	fprintf(out, "};\n");
}

void emit_resets(FILE *out, const struct plan *p)
{
	size_t all = 0;

	for (size_t i = 0; i < p->domain_count; i++) {
		all += p->domains[i].reset_count;
		if (p->domains[i].reset_count > 0) {
			steps_emit(out, i, &p->domains[i]);
		}
	}
	if (all == 0) {
		return;
	}
	fprintf(out, "\nconst struct reset_list domain_resets[%zu] = {\n", p->domain_count);
	for (size_t i = 0; i < p->domain_count; i++) {
		if (p->domains[i].reset_count > 0) {
			fprintf(out, "\t[%zu] = {domain%zu_resets, %zu},\n", i, i, p->domains[i].reset_count);
		}
	}
	fprintf(out, "};\n");
}
