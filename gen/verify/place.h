/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VERIFY_PLACE_H
#define VERIFY_PLACE_H

#include <stdint.h>

/* Where something was written; line and col count from 1. file NULL: nowhere. */
struct place {
	const char *file;
	uint32_t line;
	uint32_t col;
};

#endif
