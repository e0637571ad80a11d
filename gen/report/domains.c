// SPDX-License-Identifier: Apache-2.0
/* The domains: who they are and what runs in them. */
#include <inttypes.h>

#include "report/report.h"

static void cpus_put(const struct page *g, const struct plan_domain *dom)
{
	for (size_t i = 0; i < dom->cpu_count; i++) {
		fputs(i == 0 ? "" : ", ", g->out);
		html_text(g->out, g->p->m->board.cpus[dom->cpus[i]].name.s);
	}
}

static void ram_put(const struct page *g, const struct plan_domain *dom)
{
	uint64_t bytes = 0;

	for (size_t i = 0; i < dom->ram_count; i++) {
		bytes += dom->ram[i].size;
	}
	if (dom->ram_count == 0 && model_is_open(&g->p->m->board)) {
		fputs("firmware tells", g->out);
		return;
	}
	html_size(g->out, bytes);
	if (dom->colors.of != 0) {
		fprintf(g->out, ", cache colours %u\xe2\x80\x93%u of %u", dom->colors.first,
			dom->colors.first + dom->colors.count - 1u, dom->colors.of);
	}
}

static void console_put(const struct page *g, const struct plan_domain *dom)
{
	switch (dom->m->console) {
	case CONSOLE_NONE:
		fputs("none", g->out);
		break;
	case CONSOLE_VPL011:
		if (dom->vpl011.size == 0) {
			fputs("virtual PL011 where firmware says that the console is", g->out);
			break;
		}
		fprintf(g->out, "virtual PL011 at <code>0x%" PRIx64 "</code>", dom->vpl011.base);
		break;
	case CONSOLE_DEVICE:
		html_text(g->out, g->p->m->board.devices[dom->m->console_device].name.s);
		break;
	}
}

static void file_put(const struct page *g, const char *what, const struct plan_file *f)
{
	if (f->path != NULL) {
		fprintf(g->out, "%s <code>", what);
		html_text(g->out, f->path);
		fprintf(g->out, "</code> at <code>0x%" PRIx64 "</code><br>", f->ipa);
	}
}

static void payload_put(const struct page *g, const struct plan_domain *dom)
{
	file_put(g, "kernel", &dom->kernel);
	file_put(g, "initrd", &dom->initrd);
	if (dom->m->esp[EFI_FILE_KERNEL].s != NULL) {
		fputs("kernel <code>", g->out);
		html_text(g->out, dom->m->esp[EFI_FILE_KERNEL].s);
		fputs("</code> of the partition that UEFI starts the image from", g->out);
	} else if (dom->kernel.path == NULL) {
		fputs("no kernel in the image", g->out);
	}
}

static void extras_put(const struct page *g, const struct plan_domain *dom)
{
	static const char *const faults[] = {
		[FAULT_STOP] = "a fault stops it", [FAULT_RESTART] = "a fault restarts it",
		[FAULT_PANIC] = "a fault stops the machine",
	};

	fputs(faults[dom->m->on_fault], g->out);
	if (dom->m->hardware) {
		fputs("; hardware domain", g->out);
	}
	if (dom->m->guest_abi == ABI_XEN) {
		fputs("; Xen\xe2\x80\x99s guest ABI", g->out);
	}
	if (dom->m->iommu == IOMMU_REQUIRED) {
		fputs("; IOMMU required", g->out);
	} else if (dom->m->iommu == IOMMU_OFF) {
		fputs("; <span class=\"warn\">no IOMMU counts as one</span>", g->out);
	}
	if (dom->has_vsmmu) {
		fputs("; virtual SMMUv3", g->out);
	}
	if (dom->msi != NULL) {
		fprintf(g->out, "; %" PRIu32 " message-signalled interrupts", dom->msi->lpi_count);
	}
	if (dom->m->control.given) {
		fputs("; controls the others", g->out);
	}
	if (dom->m->watchdog.given) {
		fputs("; watchdog", g->out);
	}
}

static void shares_put(const struct page *g, const struct plan_domain *dom)
{
	const struct model *m = g->p->m;
	const char *comma = "";

	for (size_t i = 0; i < dom->m->share_count; i++) {
		const struct m_share *s = &dom->m->shares[i];

		fputs(comma, g->out);
		html_text(g->out, m->regions[s->region].name.s);
		fputs(s->write ? " (reads and writes)" : " (reads)", g->out);
		comma = ", ";
	}
	for (size_t i = 0; i < dom->m->bell_count; i++) {
		fprintf(g->out, "%sdoorbell ", comma);
		html_text(g->out, m->bells[dom->m->bells[i].bell].s);
		comma = ", ";
	}
}

void report_domains(const struct page *g)
{
	static const char *const heads[] = {"Domain", "CPUs", "Memory", "Console", "Payload", "Shares", "Rules"};
	struct table t;

	fputs("<section id=\"domains\"><h2>Domains</h2>\n", g->out);
	table_begin(&t, g->out, "Domains", heads, ARRAY_SIZE(heads));
	for (size_t i = 0; i < g->p->domain_count; i++) {
		const struct plan_domain *dom = &g->p->domains[i];

		table_row(&t);
		table_cell(&t);
		fprintf(g->out, "<span class=\"own %s\" id=\"domain-%zu\">", report_color(i), i);
		html_text(g->out, dom->m->name.s);
		fputs("</span>", g->out);
		table_cell(&t);
		cpus_put(g, dom);
		table_cell(&t);
		ram_put(g, dom);
		table_cell(&t);
		console_put(g, dom);
		table_cell(&t);
		payload_put(g, dom);
		table_cell(&t);
		shares_put(g, dom);
		table_cell(&t);
		extras_put(g, dom);
	}
	table_end(&t);
	fputs("</section>\n", g->out);
}
