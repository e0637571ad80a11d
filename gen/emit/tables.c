// SPDX-License-Identifier: Apache-2.0
/* tables.c: initialisers of the types in hv/include/tables.h, for people to read. */
#include <inttypes.h>
#include <string.h>

#include "emit/emit.h"
#include "emit/pages.h"

#define BYTES_PER_LINE 20u
#define OWNERS_PER_LINE 16u

void emit_string(FILE *out, const char *s)
{
	fputc('"', out);
	for (; *s != '\0'; s++) {
		unsigned char c = (unsigned char)*s;
		if (c == '"' || c == '\\') {
			fprintf(out, "\\%c", c);
		} else if (c < 0x20 || c >= 0x7f || c == '?') {
			fprintf(out, "\\%03o", c); /* '?': no trigraphs */
		} else {
			fputc(c, out);
		}
	}
	fputc('"', out);
}

static void range_emit(FILE *out, const char *name, struct mem_range r)
{
	if (r.size != 0) {
		fprintf(out, "\t.%s = {0x%" PRIx64 ", 0x%" PRIx64 "},\n", name, r.base, r.size);
	}
}

static void bytes_emit(FILE *out, size_t domain, const struct emit_dtb *dtb)
{
	static const char hex[] = "0123456789abcdef";
	char line[BYTES_PER_LINE * 5 + 3];

	fprintf(out, "\nstatic const uint8_t domain%zu_dtb[%" PRIu64 "] __attribute__((aligned(8))) = {\n", domain,
		dtb->size);
	for (uint64_t i = 0; i < dtb->size; i += BYTES_PER_LINE) {
		size_t len = 0;
		line[len++] = '\t';
		for (uint64_t b = i; b < dtb->size && b < i + BYTES_PER_LINE; b++) {
			memcpy(line + len, "0x", 2);
			line[len + 2] = hex[dtb->bytes[b] >> 4];
			line[len + 3] = hex[dtb->bytes[b] & 15];
			line[len + 4] = ',';
			len += 5;
		}
		line[len++] = '\n';
		fwrite(line, 1, len, out);
	}
	fprintf(out, "};\n");
}

static void pieces_emit(FILE *out, size_t domain, const struct plan_domain *dom, size_t *count)
{
	const struct plan_file *files[] = {&dom->kernel, &dom->initrd};

	*count = 0;
	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		const struct plan_file *f = files[i];
		if (f->path == NULL || f->from == f->pa) {
			continue;
		}
		if ((*count)++ == 0) {
			fprintf(out, "\nstatic const struct payload_piece domain%zu_pieces[] = {\n", domain);
		}
		fprintf(out, "\t{.from = 0x%" PRIx64 ", .to = 0x%" PRIx64 ", .size = 0x%" PRIx64 "},\n", f->from,
			f->ipa, f->file_size);
	}
	if (*count > 0) {
		fprintf(out, "};\n");
	}
}

static void windows_emit(FILE *out, size_t domain, const struct plan_domain *dom)
{
	static const char *const kinds[] = {
		[WINDOW_GICD] = "WINDOW_GICD", [WINDOW_GICR] = "WINDOW_GICR", [WINDOW_VPL011] = "WINDOW_VPL011",
		[WINDOW_VSMMUV3] = "WINDOW_VSMMUV3", [WINDOW_GITS] = "WINDOW_GITS",
		[WINDOW_CONTROL] = "WINDOW_CONTROL", [WINDOW_WATCHDOG] = "WINDOW_WATCHDOG",
		[WINDOW_PL061] = "WINDOW_PL061",
	};

	if (dom->window_count == 0) {
		return;
	}
	fprintf(out, "\nstatic const struct trap_window domain%zu_windows[] = {\n", domain);
	for (size_t i = 0; i < dom->window_count; i++) {
		const struct trap_window *w = &dom->windows[i];
		fprintf(out, "\t{.ipa = 0x%" PRIx64 ", .size = 0x%" PRIx64 ", .kind = %s, .intid = %u", w->ipa,
			w->size, kinds[w->kind], w->intid);
		if (w->kind == WINDOW_PL061) {
			fprintf(out, ", .index = %u", w->index);
		}
		fprintf(out, "},\n");
	}
	fprintf(out, "};\n");
}

static void lists_emit(FILE *out, size_t domain, const struct plan_domain *dom)
{
	if (dom->span_count > 0) {
		fprintf(out, "\nstatic const struct mem_range domain%zu_ram[] = {\n", domain);
		for (size_t i = 0; i < dom->span_count; i++) {
			fprintf(out, "\t{.base = 0x%" PRIx64 ", .size = 0x%" PRIx64 "},\n", dom->spans[i].base,
				dom->spans[i].size);
		}
		fprintf(out, "};\n");
	}
	if (dom->handover_count > 0) {
		fprintf(out, "\nstatic const struct mem_range domain%zu_handover[] = {\n", domain);
		for (size_t i = 0; i < dom->handover_count; i++) {
			fprintf(out, "\t{.base = 0x%" PRIx64 ", .size = 0x%" PRIx64 "},\n", dom->handover[i].base,
				dom->handover[i].size);
		}
		fprintf(out, "};\n");
	}
	if (dom->smc_count > 0) {
		fprintf(out, "\nstatic const uint32_t domain%zu_smc[] = {\n", domain);
		for (size_t i = 0; i < dom->smc_count; i++) {
			fprintf(out, "\t0x%08" PRIx32 ",\n", dom->smc[i]);
		}
		fprintf(out, "};\n");
	}
	if (dom->cpu_count > 0) {
		fprintf(out, "\nstatic const uint8_t domain%zu_cpus[] = {", domain);
		for (size_t i = 0; i < dom->cpu_count; i++) {
			fprintf(out, "%s%u", i == 0 ? "" : ", ", dom->cpus[i]);
		}
		fprintf(out, "};\n");
	}
}

static void mask_emit(FILE *out, const char *name, const uint32_t *mask)
{
	fprintf(out, "\t\t.%s = {", name);
	const char *between = "";
	for (size_t i = 0; i < IRQ_WORDS; i++) {
		if (mask[i] != 0) {
			fprintf(out, "%s[%zu] = 0x%08" PRIx32, between, i, mask[i]);
			between = ", ";
		}
	}
	fprintf(out, "%s},\n", between[0] == '\0' ? "0" : "");
}

static const char *on_fault_name(enum m_on_fault f)
{
	return f == FAULT_RESTART ? "ON_FAULT_RESTART" : f == FAULT_PANIC ? "ON_FAULT_PANIC" : "ON_FAULT_STOP";
}

/* ".list = domainN_list, .count_name = n," where there is anything to list. */
static void list_emit(FILE *out, const char *list, const char *count_name, size_t domain, size_t count)
{
	if (count > 0) {
		fprintf(out, "\t\t.%s = domain%zu_%s, .%s = %zu,\n", list, domain,
			strcmp(list, "smc_allow") == 0 ? "smc" : list, count_name, count);
	}
}

static void domain_emit(FILE *out, size_t i, const struct plan_domain *dom, const struct emit_dtb *dtb,
			size_t pieces)
{
	fprintf(out, "\t[%zu] = {\n\t\t.name = ", i);
	emit_string(out, dom->m->name.s);
	fprintf(out, ",\n\t\t.flags = %s%s,\n", dom->m->hardware ? "DOMAIN_HARDWARE" : "0",
		dom->m->control.given ? " | DOMAIN_CONTROL" : "");
	fprintf(out, "\t\t.on_fault = %s,\n", on_fault_name(dom->m->on_fault));
	fprintf(out, "\t\t.retries = %u,\n", dom->m->retries);
	fprintf(out, "\t\t.vttbr = 0x%016" PRIx64 ",\n", dom->vttbr);
	fprintf(out, "\t\t.vtcr = 0x%08" PRIx64 ",\n", dom->vtcr);
	fprintf(out, "\t\t.entry = 0x%" PRIx64 ",\n", dom->kernel.ipa);
	if (dtb->bytes != NULL) {
		fprintf(out, "\t\t.dtb_ipa = 0x%" PRIx64 ",\n", dom->dtb_ipa);
		fprintf(out, "\t\t.dtb = domain%zu_dtb, .dtb_size = sizeof(domain%zu_dtb),\n", i, i);
	}
	list_emit(out, "pieces", "piece_count", i, pieces);
	list_emit(out, "windows", "window_count", i, dom->window_count);
	list_emit(out, "ram", "ram_count", i, dom->span_count);
	if (dom->colors.of != 0) {
		fprintf(out, "\t\t.colors = {.of = %u, .first = %u, .count = %u},\n", dom->colors.of,
			dom->colors.first, dom->colors.count);
	}
	list_emit(out, "handover", "handover_count", i, dom->handover_count);
	list_emit(out, "smc_allow", "smc_count", i, dom->smc_count);
	list_emit(out, "cpus", "cpu_count", i, dom->cpu_count);
	fprintf(out, "\t\t.console_intid = %u,\n", dom->vpl011.size != 0 ? dom->vpl011_intid : 0);
	mask_emit(out, "irq_mask", dom->irq_mask);
	mask_emit(out, "virq_mask", dom->virq_mask);
	mask_emit(out, "irq_edge", dom->irq_edge);
	if (dom->m->guest_abi == ABI_XEN) {
		fprintf(out, "\t\t.guest_abi = GUEST_ABI_XEN,\n");
		fprintf(out, "\t\t.xen_features = 0x%08" PRIx32 ", .xen_events = %" PRIu32 ",\n", dom->xen_features,
			dom->xen_events);
	}
	if (dom->has_vsmmu) {
		fprintf(out, "\t\t.vsmmu = &domain%zu_vsmmu,\n", i);
	}
	if (dom->msi != NULL) {
		fprintf(out, "\t\t.msi = &domain%zu_msi,\n", i);
	}
	fprintf(out, "\t},\n");
}

static void domains_emit(FILE *out, const struct plan *p, const struct emit_dtb *dtbs)
{
	size_t *pieces = arena_array(p->arena, p->domain_count, sizeof(pieces[0]));

	for (size_t i = 0; i < p->domain_count; i++) {
		if (dtbs[i].bytes != NULL) {
			bytes_emit(out, i, &dtbs[i]);
		}
		pieces_emit(out, i, &p->domains[i], &pieces[i]);
		windows_emit(out, i, &p->domains[i]);
		lists_emit(out, i, &p->domains[i]);
		emit_vsmmu(out, i, &p->domains[i], &dtbs[i]);
		emit_msi(out, p, i);
	}
	if (p->domain_count == 0) {
		return;
	}
	fprintf(out, "\nstatic const struct domain_desc domains[%zu] = {\n", p->domain_count);
	for (size_t i = 0; i < p->domain_count; i++) {
		domain_emit(out, i, &p->domains[i], &dtbs[i], pieces[i]);
	}
	fprintf(out, "};\n");
}

static void cpus_emit(FILE *out, const struct plan *p)
{
	if (p->cpu_count == 0) {
		return;
	}
	fprintf(out, "\nstatic const struct cpu_desc cpus[%zu] = {\n", p->cpu_count);
	for (size_t i = 0; i < p->cpu_count; i++) {
		fprintf(out, "\t{.mpidr = 0x%" PRIx64 ", .domain = ", p->cpus[i].mpidr);
		if (p->cpus[i].domain == OWNER_NONE) {
			fprintf(out, "OWNER_NONE},\n");
		} else {
			fprintf(out, "%u, .vcpu = %u},\n", p->cpus[i].domain, p->cpus[i].vcpu);
		}
	}
	fprintf(out, "};\n");
}

static void owners_emit(FILE *out, const struct plan *p)
{
	uint32_t count = p->m->board.gic.spi_count;

	if (count == 0) {
		return;
	}
	fprintf(out, "\nstatic const uint8_t spi_owner[%u] = {", count);
	for (uint32_t i = 0; i < count; i++) {
		uint8_t owner = p->spi_owner[32 + i];
		fprintf(out, "%s", i % OWNERS_PER_LINE == 0 ? "\n\t" : " ");
		if (owner == OWNER_NONE) {
			fprintf(out, "OWNER_NONE,");
		} else {
			fprintf(out, "%u,", owner);
		}
	}
	fprintf(out, "\n};\n");
}

static void gic_emit(FILE *out, const struct gic_desc *g)
{
	if (g->version == GIC_NONE) {
		return;
	}
	fprintf(out, "\t.gic.version = GIC_V%u,\n", g->version);
	fprintf(out, "\t.gic.maintenance = %u,\n\t.gic.timer = %u,\n", g->maintenance, g->timer);
	range_emit(out, "gic.gicd", g->gicd);
	range_emit(out, "gic.gicr", g->gicr);
	range_emit(out, "gic.gicc", g->gicc);
	range_emit(out, "gic.gich", g->gich);
	range_emit(out, "gic.gicv", g->gicv);
}

static void board_emit(FILE *out, const struct plan *p)
{
	static const char *const uarts[] = {
		[UART_NONE] = "UART_NONE", [UART_PL011] = "UART_PL011", [UART_SCIF] = "UART_SCIF",
	};

	fprintf(out, "\nconst struct board_tables board = {\n\t.magic = TABLES_MAGIC,\n\t.name = ");
	emit_string(out, p->m->board.name.s);
	fprintf(out, ",\n\t.firmware = %s,\n",
		p->m->board.firmware == FW_ACPI ? "FIRMWARE_ACPI" : "FIRMWARE_STATIC");
	fprintf(out, "\t.cpu_count = %zu,\n\t.domain_count = %zu,\n", p->cpu_count, p->domain_count);
	fprintf(out, "\t.spi_count = %u,\n", p->m->board.gic.spi_count);
	range_emit(out, "image", p->image);
	range_emit(out, "store", p->store);
	fprintf(out, "\t.el2_ttbr = 0x%" PRIx64 ",\n", p->el2.ttbr);
	fprintf(out, "\t.el2_tcr = 0x%" PRIx64 ",\n", p->el2.tcr);
	fprintf(out, "\t.el2_mair = 0x%" PRIx64 ",\n", p->el2.mair);
	fprintf(out, "\t.window = {0x%" PRIx64 ", (uint64_t *)0x%" PRIx64 "},\n", p->el2.window_va,
		p->el2.window_table);
	if (p->home.colors.of != 0) {
		fprintf(out, "\t.home = {.load = 0x%" PRIx64 ", .base = 0x%" PRIx64 ",\n", p->home.load, p->home.base);
		fprintf(out, "\t\t .colors = {.of = %u, .first = %u, .count = %u}},\n", p->home.colors.of,
			p->home.colors.first, p->home.colors.count);
	}
	gic_emit(out, &p->gic);
	fprintf(out, "\t.uart.kind = %s,\n\t.uart.intid = %u,\n", uarts[p->uart.kind], p->uart.intid);
	range_emit(out, "uart.reg", p->uart.reg);
	if (p->smmu_count > 0) {
		fprintf(out, "\t.smmus = smmus,\n\t.smmu_count = %zu,\n", p->smmu_count);
	}
	if (p->m->board.firmware == FW_ACPI) {
		fprintf(out, "\t.acpi = &acpi_expect,\n\t.efi = &efi_payload,\n");
	}
	if (p->ipmmu.unit_count > 0) {
		fprintf(out, "\t.ipmmu = &ipmmu,\n");
	}
	emit_lpi(out, p);
	emit_shared_fields(out, p);
	fprintf(out, "%s%s%s};\n", p->cpu_count > 0 ? "\t.cpus = cpus,\n" : "",
		p->domain_count > 0 ? "\t.domains = domains,\n" : "",
		p->m->board.gic.spi_count > 0 ? "\t.spi_owner = spi_owner,\n" : "");
}

void emit_tables(FILE *out, const struct plan *p, const struct emit_dtb *dtbs)
{
	fprintf(out, "// SPDX-License-Identifier: Apache-2.0\n");
	fprintf(out, "/* Board '%s': written by `bulkhead gen`, not by hand. */\n", p->m->board.name.s);
	fprintf(out, "#include \"tables.h\"\n");
	emit_page_tables(out, p);
	domains_emit(out, p, dtbs);
	cpus_emit(out, p);
	owners_emit(out, p);
	emit_smmus(out, p);
	emit_ipmmu(out, p);
	emit_itses(out, p);
	emit_expect(out, &p->m->board);
	emit_efi(out, p);
	emit_resets(out, p);
	emit_ondemand(out, p);
	emit_shared(out, p);
	board_emit(out, p);
}
