/* SPDX-License-Identifier: Apache-2.0 */
/* What disk-pattern writes and finds: no two words of 8 bytes are alike. */
#ifndef TOOLS_PATTERN_PATTERN_H
#define TOOLS_PATTERN_PATTERN_H

#include <stdbool.h>
#include <stdint.h>

/* From where fd stands. False: an error, and stderr says which. */
bool pattern_write(int fd, uint64_t mibs, uint64_t seed);
/* False: it is not what pattern_write() writes of this seed, or an error; stderr says. */
bool pattern_check(int fd, uint64_t mibs, uint64_t seed);

#endif
