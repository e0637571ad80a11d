/* SPDX-License-Identifier: Apache-2.0 */
/*
 * MMIO that a domain finds on demand: the leaves are in its stage-2 tables from the start,
 * complete but for their valid bit (include/ondemand.h). Where no domain has any,
 * ondemand_none.c is linked in place of ondemand.c.
 */
#ifndef HV_GUEST_ONDEMAND_H
#define HV_GUEST_ONDEMAND_H

#include "domain/domain.h"

/* A CPU of the domain has met a stage-2 translation fault at `ipa`, by a load or a store.
 * True: something is mapped there now, and the access is to be tried again. By any number
 * of CPUs at once. */
bool ondemand_map(const struct domain *d, ipa_t ipa);

/* Tells what all domains have had mapped, run by run. */
void ondemand_tell(void);

#endif
