// SPDX-License-Identifier: Apache-2.0
/* Message-signalled interrupts in tables.c. */
#include <inttypes.h>

#include "emit/emit.h"
#include "emit/pages.h"

static uint64_t address(const struct plan *p, uint64_t offset)
{
	return p->lpi.base + offset;
}

void emit_msi(FILE *out, const struct plan *p, size_t domain)
{
	const struct plan_msi *x = p->domains[domain].msi;

	if (x == NULL) {
		return;
	}
	if (model_is_open(&p->m->board)) {
		fprintf(out, "\n/* The rest is made at boot. */\nstatic const struct msi_desc domain%zu_msi = {\n", domain);
		fprintf(out, "\t.lpi_first = %" PRIu32 ", .lpi_count = %" PRIu32 ", .device_count = %" PRIu32 ",\n};\n",
			x->lpi_first, x->lpi_count, x->devices);
		return;
	}
	fprintf(out, "\nstatic const struct msi_ids domain%zu_msi_ids[] = {\n", domain);
	for (size_t i = 0; i < x->id_count; i++) {
		fprintf(out, "\t{.first = 0x%" PRIx32 ", .count = 0x%" PRIx32 "},\n", x->ids[i].first,
			x->ids[i].count);
	}
	fprintf(out, "};\n\nstatic const struct msi_desc domain%zu_msi = {\n", domain);
	fprintf(out, "\t.its = %zu, .lpi_first = %" PRIu32 ", .lpi_count = %" PRIu32 ",\n", x->its, x->lpi_first,
		x->lpi_count);
	fprintf(out, "\t.collection = %" PRIu32 ",\n", x->collection);
	fprintf(out, "\t.device_count = %" PRIu32 ", .page_count = %" PRIu32 ",\n", x->devices, x->page_count);
	fprintf(out, "\t.ids = domain%zu_msi_ids, .id_count = %zu,\n", domain, x->id_count);
	fprintf(out, "\t.state = (void *)0x%" PRIx64 ",\n", address(p, x->state));
	fprintf(out, "\t.pages = (uint64_t *)0x%" PRIx64 ",\n", address(p, x->pages));
	fprintf(out, "\t.itts = (uint8_t *)0x%" PRIx64 ",\n", address(p, x->itts));
	fprintf(out, "\t.events = (uint32_t *)0x%" PRIx64 ",\n", address(p, x->events));
	fprintf(out, "\t.pending = (uint64_t *)0x%" PRIx64 ",\n};\n", address(p, x->pending));
}

void emit_itses(FILE *out, const struct plan *p)
{
	if (p->its_count == 0) {
		return;
	}
	fprintf(out, "\nstatic const struct its_desc itses[%zu] = {\n", p->its_count);
	for (size_t i = 0; i < p->its_count; i++) {
		const struct plan_its *its = &p->its[i];
		fprintf(out, "\t[%zu] = {\n\t\t.name = ", i);
		emit_string(out, its->m->name.s);
		fprintf(out, ",\n\t\t.base = 0x%" PRIx64 ", .device_bits = %" PRIu32 ",\n", its->m->reg.base, its->bits);
		fprintf(out, "\t\t.queue = (uint64_t *)0x%" PRIx64 ",\n", address(p, its->queue));
		fprintf(out, "\t\t.devices = (uint64_t *)0x%" PRIx64 ",\n", address(p, its->devices));
		fprintf(out, "\t\t.collections = (uint64_t *)0x%" PRIx64 ",\n\t},\n", address(p, its->collections));
	}
	fprintf(out, "};\n");
}

void emit_lpi(FILE *out, const struct plan *p)
{
	if (p->its_count == 0) {
		return;
	}
	fprintf(out, "\t.its = itses,\n\t.its_count = %zu,\n", p->its_count);
	fprintf(out, "\t.lpi = {0x%" PRIx64 ", 0x%" PRIx64 "},\n", p->lpi.base, p->lpi.size);
	fprintf(out, "\t.lpi_properties = (uint8_t *)0x%" PRIx64 ",\n", address(p, p->lpi_properties));
}
