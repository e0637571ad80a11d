/* SPDX-License-Identifier: Apache-2.0 */
/* Shared by the files of the IPMMU model. */
#ifndef TESTS_MODELS_IPMMU_PRIV_H
#define TESTS_MODELS_IPMMU_PRIV_H

#include "models/ipmmu.h"

#define CTR_VA64 0x20000000u
#define CTR_INTEN 4u
#define CTR_FLUSH 2u
#define CTR_MMUEN 1u
#define CTR_ROOT 0x2003003fu /* bits that the root has */
#define CTR_CACHE 7u

#define UCTR_FIXADDEN 0x80000000u
#define UCTR_BITS 0x80ff00f3u

#define SCTLR_USE_SECGRP 0x10000000u
#define SAUXCTLR_S2PTE 8u

void ipmmum_complain(struct ipmmum *m, const char *what);
/* The interrupt line follows the registers. */
void ipmmum_update_line(struct ipmmum *m);

/* Finds the leaf of an address in the root: from its TLB, or by walking the tables. False:
 * there is none; *str has the bits of IMSTR for it. */
bool ipmmum_find(struct ipmmum *m, uint32_t context, uint64_t address, struct ipmmum_leaf *leaf,
		 uint32_t *str);
/* What is wrong with the tables that a context names; NULL: nothing. */
const char *ipmmum_check_tables(const struct ipmmum_context *c);

/* A flush of the context begins, in the root or in a cache; or somebody looks whether it
 * is done. */
void ipmmum_flush(struct ipmmum *m, uint32_t unit, uint32_t context);
void ipmmum_flush_look(struct ipmmum *m, uint32_t context);
void ipmmum_utlb_empty(struct ipmmum_utlb *t);

#endif
