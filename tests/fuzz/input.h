/* SPDX-License-Identifier: Apache-2.0 */
/* The input of a fuzzer, taken byte by byte. */
#ifndef TESTS_FUZZ_INPUT_H
#define TESTS_FUZZ_INPUT_H

#include <stddef.h>
#include <stdint.h>

static const uint8_t *input;
static size_t input_left;

/* The next `bytes` (at most 8), the first highest; those behind the end are not there. */
static uint64_t input_take(uint32_t bytes)
{
	uint64_t value = 0;

	for (; bytes > 0 && input_left > 0; bytes--) {
		value = value << 8 | *input++;
		input_left--;
	}
	return value;
}

#endif
