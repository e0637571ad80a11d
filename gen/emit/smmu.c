// SPDX-License-Identifier: Apache-2.0
/* The SMMUs, their streams and their queues in tables.c. */
#include <inttypes.h>

#include "emit/dtb.h"
#include "emit/pages.h"

#define CMD_SIZE 16u /* bytes of a command and of an event: IHI 0070, 4.1 and 7.3 */
#define EVENT_SIZE 32u

/* Bits of the output addresses that the STEs' S2PS allows: that of VTCR_EL2.PS. */
static uint32_t output_bits(const struct plan *p)
{
	static const uint8_t bits[] = {32, 36, 40, 42, 44, 48};
	uint64_t ps = p->domain_count > 0 ? p->domains[0].vtcr >> 16 & 7 : 0;

	return bits[ps < ARRAY_SIZE(bits) ? ps : ARRAY_SIZE(bits) - 1];
}

void emit_stream(FILE *out, const struct plan_stream *x)
{
	fprintf(out, "\t{.first = 0x%" PRIx64 ", .count = 0x%" PRIx64 ", .domain = ", x->first,
		x->last - x->first + 1);
	if (x->owner == MODEL_NONE) {
		fprintf(out, "OWNER_NONE");
	} else {
		fprintf(out, "%zu", x->owner);
	}
	fprintf(out, ", .line = %u,\n\t .device = ", x->pos.line);
	emit_string(out, x->device->name.s);
	fprintf(out, ", .file = ");
	emit_string(out, x->pos.file);
	fprintf(out, "},\n");
}

static void streams_emit(FILE *out, size_t n, const struct plan_smmu *s)
{
	if (s->stream_count == 0) {
		return;
	}
	fprintf(out, "\nstatic const struct stream_desc smmu%zu_streams[] = {\n", n);
	for (size_t i = 0; i < s->stream_count; i++) {
		emit_stream(out, &s->streams[i]);
	}
	fprintf(out, "};\n");
}

/* Aligned to their size, as the base registers want it. */
static void queue_emit(FILE *out, size_t n, const char *name, uint32_t log2, uint32_t entry)
{
	uint32_t bytes = entry << log2;

	fprintf(out, "\nstatic uint64_t smmu%zu_%s[%u] __attribute__((aligned(%u)));\n", n, name, bytes / 8, bytes);
}

static void smmu_emit(FILE *out, const struct plan *p, size_t n)
{
	const struct plan_smmu *s = &p->smmus[n];

	fprintf(out, "\t[%zu] = {\n\t\t.name = ", n);
	emit_string(out, s->m->name.s);
	fprintf(out, ",\n\t\t.reg = {0x%" PRIx64 ", 0x%" PRIx64 "},\n", s->m->reg.base, s->m->reg.size);
	fprintf(out, "\t\t.evtq_intid = %u, .gerror_intid = %u,\n", s->evtq_intid, s->gerror_intid);
	fprintf(out, "\t\t.cmdq_log2 = %u, .evtq_log2 = %u,\n", s->cmdq_log2, s->evtq_log2);
	fprintf(out, "\t\t.strtab_base = 0x%016" PRIx64 ",\n", s->strtab_base);
	fprintf(out, "\t\t.strtab_cfg = 0x%08" PRIx64 ",\n", s->strtab_cfg);
	fprintf(out, "\t\t.oas_pa_bits = %u,\n", output_bits(p));
	fprintf(out, "\t\t.cmdq = smmu%zu_cmdq, .evtq = smmu%zu_evtq,\n", n, n);
	if (s->stream_count > 0) {
		fprintf(out, "\t\t.streams = smmu%zu_streams, .stream_count = %zu,\n", n, s->stream_count);
	}
	fprintf(out, "\t\t.coherent = %u,\n", s->m->coherent ? 1 : 0);
	if (s->nested_pages > 0) {
		fprintf(out, "\t\t.nested = &smmu%zu_nested[0][0], .nested_pages = %u,\n", n, s->nested_pages);
	}
	fprintf(out, "\t},\n");
}

void emit_vsmmu(FILE *out, size_t n, const struct plan_domain *dom, const struct emit_dtb *dtb)
{
	const struct vsmmu_desc *v = &dom->vsmmu;

	if (!dom->has_vsmmu) {
		return;
	}
	fprintf(out, "\nstatic const struct vstream_desc domain%zu_vstreams[] = {\n", n);
	for (uint32_t i = 0; i < v->stream_count; i++) {
		const struct vstream_desc *s = &v->streams[i];
		fprintf(out, "\t{.virt = 0x%" PRIx32 ", .count = 0x%" PRIx32 ", .smmu = %" PRIu32 ", .first = 0x%" PRIx32
			"},\n", s->virt, s->count, s->smmu, s->first);
	}
	fprintf(out, "};\n\nstatic const struct vsmmu_desc domain%zu_vsmmu = {\n", n);
	fprintf(out, "\t.ipa = 0x%" PRIx64 ",\n", v->ipa);
	fprintf(out, "\t.streams = domain%zu_vstreams, .stream_count = %" PRIu32 ",\n", n, v->stream_count);
	fprintf(out, "\t.sid_bits = %" PRIu32 ", .cmdq_log2 = %" PRIu32 ", .evtq_log2 = %" PRIu32 ",\n", v->sid_bits,
		v->cmdq_log2, v->evtq_log2);
	fprintf(out, "\t.evtq_intid = %" PRIu32 ", .gerror_intid = %" PRIu32 ", .sync_intid = %" PRIu32 ",\n",
		v->evtq_intid, v->gerror_intid, v->sync_intid);
	fprintf(out, "\t.pieces = %" PRIu32 ", .dtb_status = 0x%" PRIx32 ", .nested_groups = %" PRIu32 ",\n};\n",
		v->pieces, dtb_vsmmu_status(dom, dtb), v->nested_groups);
}

void emit_smmus(FILE *out, const struct plan *p)
{
	if (p->smmu_count == 0) {
		return;
	}
	for (size_t i = 0; i < p->smmu_count; i++) {
		streams_emit(out, i, &p->smmus[i]);
		queue_emit(out, i, "cmdq", p->smmus[i].cmdq_log2, CMD_SIZE);
		queue_emit(out, i, "evtq", p->smmus[i].evtq_log2, EVENT_SIZE);
		if (p->smmus[i].nested_pages > 0) {
			fprintf(out, "\nstatic uint64_t smmu%zu_nested[%u][512] __attribute__((aligned(4096)));\n", i,
				p->smmus[i].nested_pages);
		}
	}
	fprintf(out, "\nstatic const struct smmu_desc smmus[%zu] = {\n", p->smmu_count);
	for (size_t i = 0; i < p->smmu_count; i++) {
		smmu_emit(out, p, i);
	}
	fprintf(out, "};\n");
}
