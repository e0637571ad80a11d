/* SPDX-License-Identifier: Apache-2.0 */
/* verify.json, read again. */
#ifndef GEN_REPORT_VERDICT_H
#define GEN_REPORT_VERDICT_H

#include "yaml/node.h"

struct verdict {
	struct yaml *y;         /* owns the rest */
	struct diag *d;
	const char *path;       /* of verify.json */
	const struct node *top; /* NULL: there is none */
	bool broken;            /* there is one, but it is not what bulkhead-verify writes */
	bool holds;
};

/* Reads it; a file that is not there is no error. */
void verdict_read(struct verdict *v, const char *path);
void verdict_free(struct verdict *v);

#endif
