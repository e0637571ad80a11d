/* SPDX-License-Identifier: Apache-2.0 */
/* Writes the plan down: tables.c, linker scripts, device trees, build.json, hv.img. */
#ifndef GEN_EMIT_EMIT_H
#define GEN_EMIT_EMIT_H

#include <stdio.h>

#include "plan/plan.h"

/* A finished device tree. */
struct emit_dtb {
	uint8_t *bytes; /* NULL: the domain gets none */
	uint64_t size;
};

/*
 * `bulkhead gen`: plans and writes out_dir/tables.c, layout.ld, pages.ld, guest-abi, viommu,
 * msi, build.json and <domain>.dtb. `bulkhead image`: plans once more and makes hv.img of hv.elf
 * and the payload files. Both return 0, or 1 with the reasons in `d`; then files may be
 * missing or old. The same input gives the same bytes.
 */
int cmd_gen(struct diag *d, const struct model *m, const char *out_dir);
int cmd_image(struct diag *d, const struct model *m, const char *elf_path, const char *out_path);
/* `bulkhead check`: all that gen would report, and nothing written. */
void cmd_try(struct diag *d, const struct model *m);

void emit_tables(FILE *out, const struct plan *p, const struct emit_dtb *dtbs);
void emit_layout(FILE *out, const struct plan *p);
void emit_pages(FILE *out, const struct plan *p);
void emit_json(FILE *out, const struct plan *p, const struct emit_dtb *dtbs);

/* The domain's device tree; bytes (malloc) NULL after reporting. ACPI boards have
 * none: bytes NULL, nothing reported, true. */
bool emit_dtb(const struct plan *p, const struct plan_domain *dom, struct diag *d, struct emit_dtb *dtb);

#endif
