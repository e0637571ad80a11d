// SPDX-License-Identifier: Apache-2.0
/* `bulkhead gen`: every file of the plan. */
#include <stdlib.h>
#include <string.h>

#include "emit/emit.h"
#include "emit/pages.h"

enum output {
	OUTPUT_TABLES,
	OUTPUT_LAYOUT,
	OUTPUT_PAGES,
	OUTPUT_LINKS,
	OUTPUT_JSON,
};

/* Whether some domain of the plan has it; of consoles, whether more than one has. */
enum feature {
	FEATURE_XEN,
	FEATURE_VSMMU,
	FEATURE_MSI,
	FEATURE_RESET,
	FEATURE_CONTROL,
	FEATURE_WATCHDOG,
	FEATURE_LIVES,
	FEATURE_SHARED,
	FEATURE_DOORBELL,
	FEATURE_CONSOLES,
	FEATURE_ONDEMAND,
	FEATURE_ESP,
};

/* Those that share the machine's UART: virtual PL011s, and what Xen's ABI gives the hardware domain. */
static bool plan_has_consoles(const struct plan *p)
{
	size_t count = 0;

	for (size_t i = 0; i < p->domain_count; i++) {
		const struct plan_domain *dom = &p->domains[i];
		bool xen = dom->m->guest_abi == ABI_XEN && dom->m->hardware;

		count += dom->vpl011.size != 0 || xen;
	}
	return count > 1;
}

static bool plan_has(const struct plan *p, enum feature f)
{
	bool has = f == FEATURE_CONSOLES && plan_has_consoles(p);

	for (size_t i = 0; i < p->domain_count; i++) {
		const struct plan_domain *dom = &p->domains[i];

		has = has || (f == FEATURE_XEN && dom->m->guest_abi == ABI_XEN) ||
		      (f == FEATURE_VSMMU && dom->has_vsmmu) || (f == FEATURE_MSI && dom->msi != NULL) ||
		      (f == FEATURE_RESET && dom->reset_count != 0) ||
		      (f == FEATURE_CONTROL && dom->m->control.given) ||
		      (f == FEATURE_WATCHDOG && dom->m->watchdog.given) ||
		      (f == FEATURE_LIVES && model_restarts(p->m, dom->m)) ||
		      (f == FEATURE_SHARED && dom->m->share_count != 0) ||
		      (f == FEATURE_DOORBELL && dom->m->bell_count != 0) ||
		      (f == FEATURE_ESP && dom->m->esp[EFI_FILE_KERNEL].s != NULL) ||
		      (f == FEATURE_ONDEMAND && (emit_ondemand_count(dom) != 0 || model_is_open(&p->m->board)));
	}
	return has;
}

static bool board_has_erratum(const struct m_board *b, const char *name)
{
	bool has = false;

	for (size_t i = 0; i < b->errata_count; i++) {
		has = has || strcmp(b->errata[i].s, name) == 0;
	}
	return has;
}

/* The lists of hv/objects.mk that the build is to link: what no domain has, and what the
 * board needs no way around, costs nothing. */
static void links_write(FILE *out, const struct plan *p)
{
	static const struct {
		enum feature feature;
		const char *with;
		const char *without;
	} lists[] = {
		{FEATURE_XEN, "abi-xen", "abi-none"},
		{FEATURE_VSMMU, "viommu-smmuv3", "viommu-none"},
		{FEATURE_MSI, "msi-its", "msi-none"},
		{FEATURE_RESET, "reset-devices", "reset-none"},
		{FEATURE_CONTROL, "control-yes", "control-none"},
		{FEATURE_WATCHDOG, "watchdog-yes", "watchdog-none"},
		{FEATURE_LIVES, "lives-many", "lives-one"},
		{FEATURE_SHARED, "shared-memory", "shared-none"},
		{FEATURE_DOORBELL, "doorbell-pl061", "doorbell-none"},
		{FEATURE_CONSOLES, "console-many", "console-one"},
		{FEATURE_ONDEMAND, "mmio-ondemand", "mmio-mapped"},
	};

	static const struct {
		const char *erratum;
		const char *with;
		const char *without;
	} errata[] = {
		{"qcom-falkor-e1009", "tlbi-twice", "tlbi-once"},
		{"qcom-qdf2400-e44", "idle-txfe", "idle-busy"},
	};

	if (p->m->board.firmware == FW_ACPI) {
		fprintf(out, "firmware-%s\n%s\n", model_is_open(&p->m->board) ? "built" : "acpi",
			plan_has(p, FEATURE_ESP) ? "esp-files" : "esp-none");
	} else {
		fprintf(out, "firmware-static\n");
	}
	for (size_t i = 0; i < ARRAY_SIZE(lists); i++) {
		fprintf(out, "%s\n", plan_has(p, lists[i].feature) ? lists[i].with : lists[i].without);
	}
	for (size_t i = 0; i < ARRAY_SIZE(errata); i++) {
		bool has = board_has_erratum(&p->m->board, errata[i].erratum);

		fprintf(out, "%s\n", has ? errata[i].with : errata[i].without);
	}
}

static bool output_write(struct diag *d, const struct plan *p, const struct emit_dtb *dtbs, const char *dir,
			 enum output what)
{
	static const char *const names[] = {
		[OUTPUT_TABLES] = "tables.c", [OUTPUT_LAYOUT] = "layout.ld",
		[OUTPUT_PAGES] = "pages.ld",  [OUTPUT_LINKS] = "links",
		[OUTPUT_JSON] = "build.json",
	};
	const char *path = arena_format(p->arena, "%s/%s", dir, names[what]);
	FILE *out = fopen(path, "wb");

	if (out == NULL) {
		return diag_unwritten(d, path);
	}
	switch (what) {
	case OUTPUT_TABLES:
		emit_tables(out, p, dtbs);
		break;
	case OUTPUT_LAYOUT:
		emit_layout(out, p);
		break;
	case OUTPUT_PAGES:
		emit_pages(out, p);
		break;
	case OUTPUT_LINKS:
		links_write(out, p);
		break;
	case OUTPUT_JSON:
		emit_json(out, p, dtbs);
		break;
	}
	return diag_close(d, out, path);
}

static bool dtb_write(struct diag *d, const struct plan *p, const struct plan_domain *dom,
		      const struct emit_dtb *dtb, const char *dir)
{
	const char *path = arena_format(p->arena, "%s/%s.dtb", dir, dom->m->name.s);

	if (dtb->bytes == NULL) {
		return true;
	}
	FILE *out = fopen(path, "wb");
	if (out == NULL) {
		return diag_unwritten(d, path);
	}
	(void)fwrite(dtb->bytes, 1, dtb->size, out);
	return diag_close(d, out, path);
}

/* The domains' device trees; false when one cannot be made. */
static bool dtbs_make(struct diag *d, const struct plan *p, struct emit_dtb *dtbs)
{
	bool good = true;

	for (size_t i = 0; i < p->domain_count; i++) {
		good = emit_dtb(p, &p->domains[i], d, &dtbs[i]) && good;
	}
	return good;
}

static void dtbs_free(const struct plan *p, struct emit_dtb *dtbs)
{
	for (size_t i = 0; i < p->domain_count; i++) {
		free(dtbs[i].bytes);
	}
}

int cmd_gen(struct diag *d, const struct model *m, const char *out_dir)
{
	struct plan *p = plan_build(d, m);

	if (p == NULL) {
		return 1;
	}
	struct emit_dtb *dtbs = arena_array(p->arena, p->domain_count, sizeof(dtbs[0]));
	bool good = dtbs_make(d, p, dtbs);
	for (size_t i = 0; good && i < p->domain_count; i++) {
		good = dtb_write(d, p, &p->domains[i], &dtbs[i], out_dir);
	}
	for (enum output o = OUTPUT_TABLES; good && o <= OUTPUT_JSON; o++) {
		good = output_write(d, p, dtbs, out_dir, o);
	}
	dtbs_free(p, dtbs);
	plan_free(p);
	return good ? 0 : 1;
}

void cmd_try(struct diag *d, const struct model *m)
{
	struct plan *p = plan_build(d, m);

	if (p != NULL) {
		struct emit_dtb *dtbs = arena_array(p->arena, p->domain_count, sizeof(dtbs[0]));
		dtbs_make(d, p, dtbs);
		dtbs_free(p, dtbs);
		plan_free(p);
	}
}
