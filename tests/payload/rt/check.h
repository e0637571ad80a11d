/* SPDX-License-Identifier: Apache-2.0 */
/* PASS and FAIL lines and their count. */
#ifndef PAYLOAD_RT_CHECK_H
#define PAYLOAD_RT_CHECK_H

#include "arch.h"

/* One test is over: prints "PASS name", or "FAIL name: " and the reason. */
bool check_that(bool ok, const char *name, const char *why, ...) __attribute__((format(printf, 3, 4)));

/* "SKIP name: why": counted as neither. */
void check_skip(const char *name, const char *why);

/* "N passed, N failed". */
void check_report(void);

#endif
