/* SPDX-License-Identifier: Apache-2.0 */
/* Three domains with two doorbells between them, and virtual GICs that keep count. */
#ifndef TESTS_UNIT_VPL061_MACHINE_H
#define TESTS_UNIT_VPL061_MACHINE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "guest/vpl061.h"

#define DIR 0x400
#define IS 0x404
#define IBE 0x408
#define IEV 0x40c
#define IE 0x410
#define RIS 0x414
#define MIS 0x418
#define IC 0x41c
#define AFSEL 0x420
#define DATA(mask) ((uint64_t)(mask) << 2)

/* Ends 0 and 1 are doorbell 0, between domains 0 and 2; 2 and 3 doorbell 1, between 2 and 1. */
#define ENDS 4

/* What the virtual GICs were told: the level now, and how often it rose. */
extern bool level[ENDS];
extern uint32_t rises[ENDS];

const struct doorbell_end *end_of(uint32_t end);

/* As at reset. */
void machine_start(void);

/* An access of an end's domain; what the handler says. */
bool access_end(uint32_t end, uint64_t offset, uint32_t size, bool write, uint64_t *value);
/* 32 bits wide. */
uint32_t rd(uint32_t end, uint64_t reg);
void wr(uint32_t end, uint64_t reg, uint32_t value);

#endif
