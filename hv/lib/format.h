/* SPDX-License-Identifier: Apache-2.0 */
/* A small vsnprintf. */
#ifndef HV_LIB_FORMAT_H
#define HV_LIB_FORMAT_H

#include <stdarg.h>

#include "types.h"

/* Formats into buf[0..size), always terminated; what does not fit is cut off.
 * Knows %s %c %d %u %x and %lu %lx %ld, a width with or without 0 (%08x), and %%.
 * Anything else is copied as it is. Returns the length without the terminator. */
size_t format_text(char *buf, size_t size, const char *fmt, va_list ap);

#endif
