/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Clock, reset, power and pin controllers: who of two domains programs one has the other's
 * devices in hand. Board files say it by device-tree properties, the machine's own tree by the same.
 */
#ifndef GEN_CHECK_PROVIDERS_H
#define GEN_CHECK_PROVIDERS_H

#include "check/parts.h"

#define PROVIDER_CLOCK 0x1u
#define PROVIDER_RESET 0x2u
#define PROVIDER_POWER 0x4u
#define PROVIDER_PINS  0x8u

/* What a property of this name refers to: one of the above, or 0. *cells, unless NULL: the
 * property of the provider that says how many cells follow its phandle; NULL: none do. */
unsigned int provider_kind(const char *property, const char **cells);
/* Compatible of what cannot be programmed. */
bool provider_is_fixed(const char *compatible);

/* A device of a domain that has something of a provider. */
struct provider_use {
	size_t provider; /* any number that tells one from another */
	size_t device;
	unsigned int kind;
	bool said; /* by board.yaml */
};

/* The uses of one provider by devices of two domains or more. */
struct provider_group {
	const struct provider_use *uses;
	size_t count;
	size_t domains;      /* how many */
	size_t said_domains; /* how many of them board.yaml says it of */
	char kinds[40];      /* "clock and reset" */
};

/* Sorts the uses. */
void providers_sort(const struct model *m, struct provider_use *uses, size_t count);
/* The next group from *at on, of uses that are sorted; false: there is none. */
bool providers_next(const struct model *m, const struct provider_use *uses, size_t count, size_t *at,
		    struct provider_group *g);
/* A note for each domain, and what to do. */
void providers_explain(struct diag_msg *msg, const struct model *m, const struct provider_group *g);

#endif
