/* SPDX-License-Identifier: Apache-2.0 */
/* For firmware that has no C library: what the models need of one. */
#ifndef TESTS_MODELS_RCAR_STRING_H
#define TESTS_MODELS_RCAR_STRING_H

#include <stddef.h>

void *memset(void *to, int c, size_t n);
void *memcpy(void *to, const void *from, size_t n);

#endif
