/* SPDX-License-Identifier: Apache-2.0 */
/* The drivers that are built in are those of the board. */
#ifndef GEN_CHECK_CONFIG_H
#define GEN_CHECK_CONFIG_H

#include "diag/diag.h"
#include "model/model.h"

struct config {
	const char *path;      /* Kconfig's .config; NULL: not to be compared */
	const char *defconfig; /* what it was made from, to name in messages; may be NULL */
};

/* Reports HV0606 for each driver that the board needs and the configuration lacks. */
void check_config(struct diag *d, const struct model *m, const struct config *c);

#endif
