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

/* A run of what was mapped: of a domain, in one range. size 0: none. */
struct ondemand_run {
	const struct domain *domain;
	const char *name; /* of the range */
	uint64_t base;
	uint64_t size;
};

/* Where the search for runs is; all 0: at the beginning. */
struct ondemand_cursor {
	uint64_t domain;
	uint64_t range;
	uint64_t at;
};

/* The next run in all domains' ranges, or none (size 0) if that is further away than is
 * looked at a time; a long one may come in pieces. False: there are no more. */
bool ondemand_next(struct ondemand_cursor *c, struct ondemand_run *run);

/* Tells all runs, as many as are told. */
void ondemand_tell(void);

#endif
