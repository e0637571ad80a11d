// SPDX-License-Identifier: Apache-2.0
/* What firmware's ACPI tables must say, and what UEFI starts: struct acpi_expect and efi_payload. */
#include <inttypes.h>

#include "emit/emit.h"
#include "emit/pages.h"

static void texts_emit(FILE *out, const char *key, const struct m_string *texts, size_t count)
{
	if (count == 0) {
		return;
	}
	fprintf(out, "\t.%s = {", key);
	for (size_t i = 0; i < count; i++) {
		fprintf(out, "%s", i == 0 ? "" : ", ");
		emit_string(out, texts[i].s);
	}
	fprintf(out, "},\n");
}

static void ram_emit(FILE *out, const struct m_board *b)
{
	fprintf(out, "\nstatic const struct mem_range expect_ram[] = {\n");
	for (size_t i = 0; i < b->ram_count; i++) {
		fprintf(out, "\t{.base = 0x%" PRIx64 ", .size = 0x%" PRIx64 "},\n", b->ram[i].base, b->ram[i].size);
	}
	fprintf(out, "};\n");
}

static void itses_emit(FILE *out, const struct m_gic *g)
{
	if (g->its_count == 0) {
		return;
	}
	fprintf(out, "\nstatic const uint64_t expect_its[] = {");
	for (size_t i = 0; i < g->its_count; i++) {
		fprintf(out, "%s0x%" PRIx64, i == 0 ? "" : ", ", g->its[i].reg.base);
	}
	fprintf(out, "};\n");
}

/* One line for all of them may be named in IORT for each. */
static uint32_t smmu_intid(const struct m_iommu *x, enum m_iommu_irq name)
{
	for (size_t i = 0; i < x->irq_count && i < x->irq_name_count; i++) {
		if (x->irq_names[i] == name || x->irq_names[i] == IOMMU_IRQ_COMBINED) {
			return x->irqs[i].intid;
		}
	}
	return 0;
}

static void smmu_emit(FILE *out, const struct m_iommu *x)
{
	fprintf(out, "\t{.base = 0x%" PRIx64 ", .evtq = %u, .priq = %u, .gerror = %u, .sync = %u},\n", x->reg.base,
		smmu_intid(x, IOMMU_IRQ_EVENTQ), smmu_intid(x, IOMMU_IRQ_PRIQ), smmu_intid(x, IOMMU_IRQ_GERROR),
		smmu_intid(x, IOMMU_IRQ_SYNC));
}

/* How many the board has. */
static size_t smmus_emit(FILE *out, const struct m_board *b)
{
	size_t count = 0;

	for (size_t i = 0; i < b->iommu_count; i++) {
		if (b->iommus[i].type == IOMMU_SMMUV3) {
			fprintf(out, "%s", count++ == 0 ? "\nstatic const struct acpi_expect_smmu expect_smmus[] = {\n" : "");
			smmu_emit(out, &b->iommus[i]);
		}
	}
	fprintf(out, "%s", count > 0 ? "};\n" : "");
	return count;
}

void emit_expect(FILE *out, const struct m_board *b)
{
	bool open = model_is_open(b);
	struct expect_ids ids = {0, 0, 0};
	size_t smmus = 0;

	if (b->firmware != FW_ACPI) {
		return;
	}
	if (!open) {
		ram_emit(out, b);
		itses_emit(out, &b->gic);
		smmus = smmus_emit(out, b);
		ids = emit_expect_ids(out, b);
	}
	fprintf(out, "\nstatic const struct acpi_expect acpi_expect = {\n");
	if (b->expect_oem_id.s != NULL) {
		fprintf(out, "\t.oem_id = ");
		emit_string(out, b->expect_oem_id.s);
		fprintf(out, ",\n");
	}
	texts_emit(out, "oem_tables", b->expect_oem_tables, b->expect_oem_table_count);
	texts_emit(out, "tables", b->expect_tables, b->expect_table_count);
	if (!open) {
		fprintf(out, "\t.timer_secure = %u, .timer_physical = %u, .timer_virtual = %u, .timer_hyp = %u,\n",
			b->timer.secure.intid, b->timer.physical.intid, b->timer.virt.intid, b->timer.hyp.intid);
		fprintf(out, "\t.ram = expect_ram, .ram_count = %zu,\n", b->ram_count);
	}
	if (!open && b->gic.its_count > 0) {
		fprintf(out, "\t.its = expect_its, .its_count = %zu,\n", b->gic.its_count);
	}
	if (smmus > 0) {
		fprintf(out, "\t.smmus = expect_smmus, .smmu_count = %zu,\n", smmus);
	}
	if (ids.hosts > 0) {
		fprintf(out, "\t.hosts = expect_hosts, .host_count = %zu,\n", ids.hosts);
	}
	if (ids.streams > 0) {
		fprintf(out, "\t.streams = expect_streams, .stream_count = %zu,\n", ids.streams);
	}
	if (ids.messages > 0) {
		fprintf(out, "\t.messages = expect_messages, .message_count = %zu,\n", ids.messages);
	}
	fprintf(out, "};\n");
}

/* UEFI has `\\` between folders. */
static void files_emit(FILE *out, const struct plan *p, const struct m_domain *dom)
{
	static const char *const kinds[EFI_FILES] = {
		[EFI_FILE_KERNEL] = "EFI_FILE_KERNEL", [EFI_FILE_INITRD] = "EFI_FILE_INITRD",
		[EFI_FILE_CMDLINE] = "EFI_FILE_CMDLINE",
	};

	for (size_t i = 0; i < EFI_FILES; i++) {
		if (dom->esp[i].s == NULL) {
			continue;
		}
		char *name = arena_format(p->arena, "%s", dom->esp[i].s);

		for (char *c = name; *c != '\0'; c++) {
			*c = *c == '/' ? '\\' : *c;
		}
		fprintf(out, "\t.files[%s] = ", kinds[i]);
		emit_string(out, name);
		fprintf(out, ",\n");
	}
}

void emit_efi(FILE *out, const struct plan *p)
{
	if (p->m->board.firmware != FW_ACPI) {
		return;
	}
	fprintf(out, "\nstatic const struct efi_payload efi_payload = {\n");
	for (size_t i = 0; i < p->domain_count; i++) {
		const struct plan_domain *dom = &p->domains[i];

		if (dom->m->hardware && dom->m->cmdline.s != NULL) {
			fprintf(out, "\t.cmdline = ");
			emit_string(out, dom->m->cmdline.s);
			fprintf(out, ",\n");
		}
		if (dom->m->hardware && dom->kernel.path != NULL) {
			fprintf(out, "\t.kernel_size = 0x%" PRIx64 ",\n", dom->kernel.file_size);
		}
		if (dom->m->hardware && dom->initrd.path != NULL) {
			fprintf(out, "\t.initrd = 0x%" PRIx64 ", .initrd_size = 0x%" PRIx64 ",\n", dom->initrd.ipa,
				dom->initrd.file_size);
		}
		if (dom->m->hardware) {
			files_emit(out, p, dom->m);
		}
	}
	fprintf(out, "};\n");
}
