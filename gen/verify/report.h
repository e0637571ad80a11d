/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What was proven and what was not: counts and findings per property, for
 * people and for programs.
 */
#ifndef VERIFY_REPORT_H
#define VERIFY_REPORT_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "mem.h"
#include "place.h"

/* In the order of the design's list; the numbers of the first eight are its. */
enum property {
	PROPERTY_HYPERVISOR, /* 1 */
	PROPERTY_OWNERS,     /* 2 */
	PROPERTY_DMA,        /* 3 */
	PROPERTY_ATTRIBUTES, /* 4 */
	PROPERTY_STREAMS,    /* 5 */
	PROPERTY_INTERRUPTS, /* 6 */
	PROPERTY_COVERAGE,   /* 7 */
	PROPERTY_FORM,       /* 8 */
	PROPERTY_EL2,
	PROPERTY_PACKED,
	PROPERTY_COUNT,
};

/* Findings kept for each property; more are only counted. */
#define FINDINGS_MAX 50

struct finding {
	const char *domain; /* NULL: none in particular */
	uint64_t lo;        /* addresses [lo, hi); hi 0: none */
	uint64_t hi;
	const char *text;
	struct place at[2]; /* the parties in the YAML */
};

struct result {
	bool applies; /* the image has what the property speaks of */
	bool later;   /* it will have when it boots, and is to check it then */
	uint64_t checked;
	uint64_t failed;
	struct finding findings[FINDINGS_MAX];
};

struct report {
	struct mem *mem;
	struct result results[PROPERTY_COUNT];
	uint64_t leaves;  /* descriptors that map something, all tables */
	uint64_t tables;  /* table pages walked */
	uint64_t domains;
};

void report_init(struct report *r, struct mem *m);
void report_count(struct report *r, enum property p, uint64_t checked);
/* A property that does not hold. `a` and `b` may be NULL. */
void report_fail(struct report *r, enum property p, const char *domain, uint64_t lo, uint64_t hi,
		 const struct place *a, const struct place *b, const char *fmt, ...)
	__attribute__((format(printf, 8, 9)));
/* All properties hold, and each that applies had something to check. */
bool report_holds(const struct report *r);
void report_print_text(const struct report *r, FILE *out, const char *what);
void report_print_json(const struct report *r, FILE *out, const char *what);

#endif
