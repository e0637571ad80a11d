/* SPDX-License-Identifier: Apache-2.0 */
/* Random changes to an image's tables and structs, judged by the oracle. */
#ifndef TESTS_UNIT_VERIFY_MUTATE_H
#define TESTS_UNIT_VERIFY_MUTATE_H

#include "oracle.h"
#include "verify/board.h"
#include "verify/elf.h"

struct mutate_counts {
	uint64_t breaking; /* changes that break a property, by the oracle */
	uint64_t missed;   /* of those: the verifier said that all holds */
	uint64_t harmless; /* other changes */
	uint64_t refused;  /* of those: refused all the same (reserved or ignored bits) */
};

/* Makes changes to the ELF in file[0..size) until `wanted` have broken a property,
 * each undone before the next. Prints each miss. */
struct mutate_counts mutate_run(uint8_t *file, uint64_t size, const struct board *b, uint64_t wanted,
				uint64_t seed);
/* The same of hv.img in file[0..size), made of that ELF: bytes of all of it, and packed runs that change
 * places or stand twice. Breaking is what leaves memory otherwise after boot. */
struct mutate_counts mutate_image(const uint8_t *elf, uint64_t elf_size, const struct board *b, uint8_t *file,
				  uint64_t size, uint64_t wanted, uint64_t seed);
/* 0: all properties hold; 1: one does not; 2: unreadable. */
int mutate_verdict(const uint8_t *file, uint64_t size, const struct board *b);

#endif
