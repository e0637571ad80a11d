// SPDX-License-Identifier: Apache-2.0
/* board.yaml but its devices. */
#include <inttypes.h>
#include <string.h>

#include "import/import.h"
#include "types.h"

#define IDS_LEAST 65536u

static void texts_write(FILE *out, const char *const *texts, size_t count)
{
	fputc('[', out);
	for (size_t i = 0; i < count; i++) {
		fputs(i == 0 ? "" : ", ", out);
		text_write(out, texts[i]);
	}
	fputs("]\n", out);
}

/* What the image asks of the tables that it finds. */
static void expect_write(struct import *im, FILE *out)
{
	fputs("firmware: acpi\n\nexpect:\n", out);
	if (im->oem_id != NULL) {
		fputs("  oem-id: ", out);
		text_write(out, im->oem_id);
		fputc('\n', out);
	}
	if (im->oem_table != NULL) {
		fputs("  oem-table-ids: ", out);
		texts_write(out, &im->oem_table, 1);
	}
	fputs("  tables: ", out);
	texts_write(out, im->tables, im->table_count);
}

static void machine_write(struct import *im, FILE *out)
{
	static const char *const nothing[] = {"linux,dummy-virt"};
	bool any = im->compatible_count > 0;

	fprintf(out, "board: \"%s\"\n", im->board);
	if (im->description != NULL) {
		fputs("description: ", out);
		text_write(out, im->description);
		fputc('\n', out);
	}
	if (im->soc != NULL) {
		fputs("soc: ", out);
		text_write(out, im->soc);
		fputc('\n', out);
	}
	fputs("compatible: ", out);
	texts_write(out, any ? im->compatible : nothing, any ? im->compatible_count : ARRAY_SIZE(nothing));
	fprintf(out, "physical-address-bits: %u\n", im->pa_bits);
	if (im->acpi) {
		expect_write(im, out);
	}
}

static void memory_write(struct import *im, FILE *out)
{
	struct i_notes load = {0};

	import_decide(im, &load, im->acpi ? "where hv.img is to run: RAM that UEFI leaves free"
					  : "where the boot loader puts hv.img");
	fputc('\n', out);
	notes_write(im, out, &load, "");
	fprintf(out, "image:\n  load: 0x%" PRIx64 "\n\n", im->load);
	notes_write(im, out, &im->ram_notes, "");
	fputs("memory:\n", out);
	for (size_t i = 0; i < im->ram_count; i++) {
		fputs("  - reg: ", out);
		range_write(out, &im->ram[i]);
		fputc('\n', out);
	}
	if (im->reserved_count + im->reserved_notes.count > 0) {
		fputc('\n', out);
		notes_write(im, out, &im->reserved_notes, "");
		fputs(im->reserved_count > 0 ? "reserved-memory:\n" : "", out);
	}
	for (size_t i = 0; i < im->reserved_count; i++) {
		notes_write(im, out, &im->reserved[i].notes, "  ");
		fprintf(out, "  \"%s\": {reg: ", im->reserved[i].name);
		range_write(out, &im->reserved[i].range);
		fputs("}\n", out);
	}
}

static void cpus_write(struct import *im, FILE *out)
{
	fputc('\n', out);
	notes_write(im, out, &im->cpu_notes, "");
	fputs("cpus:\n", out);
	for (size_t i = 0; i < im->cpu_count; i++) {
		const char *core = im->cpus[i].compatible;

		fprintf(out, "  - {name: %s, mpidr: 0x%" PRIx64, im->cpus[i].name, im->cpus[i].mpidr);
		if (core != NULL && core[0] != '\0') {
			fputs(", compatible: ", out);
			text_write(out, core);
		}
		fputs("}\n", out);
	}
	fputs("\ntimer:\n", out);
	for (size_t i = 0; i < ARRAY_SIZE(im->timer); i++) {
		static const char *const names[] = {"secure", "physical", "virtual", "hypervisor"};
		fprintf(out, "  %s: ", names[i]);
		irq_write(out, &im->timer[i]);
		fputc('\n', out);
	}
}

static void part_write(FILE *out, const char *name, const struct i_range *r)
{
	if (r->size != 0) {
		fprintf(out, "  %s: ", name);
		range_write(out, r);
		fputc('\n', out);
	}
}

static void gic_write(struct import *im, FILE *out)
{
	struct i_notes spis = {0};

	fputc('\n', out);
	notes_write(im, out, &im->gic_notes, "");
	fprintf(out, "interrupt-controller:\n  version: %u\n", im->gic_version);
	part_write(out, "gicd", &im->gicd);
	part_write(out, "gicr", &im->gicr);
	part_write(out, "gicc", &im->gicc);
	part_write(out, "gich", &im->gich);
	part_write(out, "gicv", &im->gicv);
	if (im->its_count > 0) {
		fputs("  its:\n", out);
	}
	for (size_t i = 0; i < im->its_count; i++) {
		fprintf(out, "    %s: {reg: ", im->itses[i].name);
		range_write(out, &im->itses[i].reg);
		fputs("}\n", out);
	}
	fputs("  maintenance: ", out);
	irq_write(out, &im->maintenance);
	fputc('\n', out);
	import_decide(im, &spis, "what GICD_TYPER says (32 * (ITLinesNumber + 1) - 32); this many are used");
	notes_write(im, out, &spis, "  ");
	fprintf(out, "  spis: %u\n", im->spis);
}

/* A power of two that holds the highest ID in use. */
static uint64_t ids_of(const struct i_iommu *u)
{
	uint64_t ids = IDS_LEAST;

	while (ids < u->ids && ids < BIT64(31)) {
		ids *= 2;
	}
	return ids;
}

static void iommu_irqs(FILE *out, const struct i_iommu *u)
{
	if (u->irq_count == 0) {
		return;
	}
	fputs("    interrupts: [", out);
	for (size_t i = 0; i < u->irq_count; i++) {
		fputs(i == 0 ? "" : ", ", out);
		irq_write(out, &u->irqs[i]);
	}
	fputs("]\n", out);
	if (u->type == IOMMU_SMMUV3) {
		fputs("    interrupt-names: [", out);
		for (size_t i = 0; i < u->irq_count; i++) {
			fprintf(out, "%s%s", i == 0 ? "" : ", ", u->irq_names[i]);
		}
		fputs("]\n", out);
	}
}

static void iommus_write(struct import *im, FILE *out)
{
	if (im->iommu_count > 0) {
		fputs("\niommus:\n", out);
	}
	for (size_t i = 0; i < im->iommu_count; i++) {
		const struct i_iommu *u = &im->iommus[i];
		struct i_notes path = {0};

		import_note(im, &path, "%s", u->path);
		notes_write(im, out, &path, "  ");
		notes_write(im, out, &u->notes, "  ");
		fprintf(out, "  %s:\n    type: %s\n    reg: ", u->name, u->type == IOMMU_SMMUV3 ? "smmuv3" : "ipmmu");
		range_write(out, &u->reg);
		fputc('\n', out);
		iommu_irqs(out, u);
		if (u->type == IOMMU_SMMUV3) {
			fprintf(out, "    ids: %" PRIu64 "\n", ids_of(u));
		}
		if (u->coherent) {
			fputs("    coherent: true\n", out);
		}
		if (u->root != IMPORT_NONE) {
			fprintf(out, "    root: %s\n    root-bit: %u\n", im->iommus[u->root].name, u->root_bit);
		}
		if (u->power_domain != UINT32_MAX) {
			fprintf(out, "    power-domain: %u\n", u->power_domain);
		}
	}
}

void board_write(struct import *im, FILE *out)
{
	const char *file = strrchr(im->file, '/') != NULL ? strrchr(im->file, '/') + 1 : im->file;
	struct i_notes head = {0};

	import_note(im, &head, "Written by 'bulkhead import' from %s%s: a first board file. Lines with DECIDE ask a "
		    "person; docs/import.md says how.", im->acpi ? "the ACPI tables in " : "", file);
	notes_write(im, out, &head, "");
	notes_write(im, out, &im->top, "");
	fputc('\n', out);
	machine_write(im, out);
	memory_write(im, out);
	cpus_write(im, out);
	gic_write(im, out);
	iommus_write(im, out);
	fputc('\n', out);
	notes_write(im, out, &im->console_notes, "");
	fprintf(out, "console: %s\n", im->console == IMPORT_NONE ? "none" : im->devices[im->console].name);
	devices_write(im, out);
}
