// SPDX-License-Identifier: Apache-2.0
/* The IPMMUs, whose their micro-TLBs are, and their contexts in tables.c. */
#include <inttypes.h>

#include "emit/pages.h"

/* IMTTBCR: long descriptors, stage 1 bypassed, from level 1 on, TSZ0. */
#define TTBCR_STAGE2 UINT32_C(0xc0000040)

static void masters_emit(FILE *out, size_t n, const struct plan_unit *u)
{
	if (u->master_count == 0) {
		return;
	}
	fprintf(out, "\nstatic const struct stream_desc ipmmu%zu_masters[] = {\n", n);
	for (size_t i = 0; i < u->master_count; i++) {
		emit_stream(out, &u->masters[i]);
	}
	fprintf(out, "};\n");
}

static void unit_emit(FILE *out, size_t n, const struct plan_unit *u)
{
	fprintf(out, "\t{.name = ");
	emit_string(out, u->m->name.s);
	fprintf(out, ", .reg = 0x%" PRIx64 ", .utlbs = %" PRIu32, u->m->reg.base, u->m->id_count);
	if (u->m->power != 0) {
		fprintf(out, ", .power = 0x%" PRIx64, u->m->power);
	}
	if (u->master_count > 0) {
		fprintf(out, ",\n\t .masters = ipmmu%zu_masters, .master_count = %zu", n, u->master_count);
	}
	fprintf(out, "},\n");
}

static void contexts_emit(FILE *out, const struct plan *p)
{
	const struct plan_ipmmu *x = &p->ipmmu;

	fprintf(out, "\nstatic const struct ipmmu_context_desc ipmmu_contexts[] = {\n");
	fprintf(out, "\t{.table = 0x%" PRIx64 ", .domain = OWNER_NONE},\n", stage2_vttbr(&x->nothing, 0));
	for (size_t i = 1; i < x->context_count; i++) {
		fprintf(out, "\t{.table = 0x%" PRIx64 ", .domain = %zu},\n",
			stage2_vttbr(&p->domains[x->domains[i]].dma, 0), x->domains[i]);
	}
	fprintf(out, "};\n");
}

void emit_ipmmu(FILE *out, const struct plan *p)
{
	const struct plan_ipmmu *x = &p->ipmmu;
	const struct m_ipmmu_chip *chip = p->m->ipmmu_chip;

	if (x->unit_count == 0) {
		return;
	}
	for (size_t i = 0; i < x->unit_count; i++) {
		masters_emit(out, i, &x->units[i]);
	}
	fprintf(out, "\nstatic const struct ipmmu_unit_desc ipmmu_units[] = {\n");
	for (size_t i = 0; i < x->unit_count; i++) {
		unit_emit(out, i, &x->units[i]);
	}
	fprintf(out, "};\n");
	contexts_emit(out, p);
	fprintf(out, "\nstatic const struct ipmmu_desc ipmmu = {\n");
	fprintf(out, "\t.units = ipmmu_units, .unit_count = %zu,\n", x->unit_count);
	fprintf(out, "\t.contexts = ipmmu_contexts, .context_count = %zu,\n", x->context_count);
	fprintf(out, "\t.ttbcr = 0x%08" PRIx32 ", .intid = %" PRIu32 ",\n", TTBCR_STAGE2 | (64 - p->ipa_bits),
		x->units[0].m->irq_count > 0 ? x->units[0].m->irqs[0].intid : 0);
	fprintf(out, "\t.prr = 0x%" PRIx64 ", .product = 0x%04" PRIx32 ", .cut_min = 0x%02x,\n};\n", IPMMU_PRR,
		chip->product, (chip->major - 1) << 4 | chip->minor);
}
