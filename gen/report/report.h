/* SPDX-License-Identifier: Apache-2.0 */
/*
 * report.html: what a board and its domains come to, for people. One file that needs
 * nothing else: no script, no picture, no font from anywhere.
 */
#ifndef GEN_REPORT_REPORT_H
#define GEN_REPORT_REPORT_H

#include "plan/plan.h"
#include "report/html.h"
#include "report/verdict.h"

/*
 * `bulkhead report`: plans, and writes the page to out_path. `verify_path` is what
 * bulkhead-verify wrote of the image; NULL: verify.json beside out_path, if there is one.
 * 0, or 1 with the reasons in `d`.
 */
int cmd_report(struct diag *d, const struct model *m, const char *system, const char *verify_path,
	       const char *out_path);

/* What the page is made of. */
struct page {
	FILE *out;
	const struct plan *p;
	const char *system;   /* name of the system file, without .yaml */
	struct verdict *verdict;
	const char *messages; /* warnings, as text; "": none */
	struct masters *masters;
};

/* The whole page. */
void report_print(struct page *g);

/* Its sections, in their order. */
void report_style(FILE *out);
void report_summary(const struct page *g);
void report_verdict(const struct page *g);
void report_domains(const struct page *g);
void report_memory(const struct page *g);
void report_dma(const struct page *g);
void report_topology(const struct page *g);
void report_devices(const struct page *g);
void report_reach(const struct page *g);
void report_interrupts(const struct page *g);

/* Who has something: a domain's index, or one of these. */
#define OWNER_NOBODY MODEL_NONE
#define OWNER_HV (MODEL_NONE - 1)
#define OWNER_CPUS (MODEL_NONE - 2)   /* every domain with CPUs, each its own */
#define OWNER_FREE (MODEL_NONE - 3)   /* RAM that is left */
#define OWNER_SHARED (MODEL_NONE - 4) /* memory that domains share */

/* Owner of a device's registers and interrupts. */
size_t report_owner(const struct plan *p, size_t device);
/* Its name, as a link to the domain where it is one; its colour's class. */
void report_put_owner(const struct page *g, size_t owner);
const char *report_color(size_t owner);

#endif
