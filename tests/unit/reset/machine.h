/* SPDX-License-Identifier: Apache-2.0 */
/* Domains whose devices are reset, by steps that a test writes; a PCI host with 16 buses. */
#ifndef TESTS_UNIT_RESET_MACHINE_H
#define TESTS_UNIT_RESET_MACHINE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "domain/reset.h"
#include "models/pci.h"

#define ECAM UINT64_C(0x4010000000)
#define FIRST 16
#define LAST 31

/* Of every domain. What a test does not use waits for nothing; the first resets the host. */
#define STEPS 5
extern struct reset_step steps[STEPS];

/* What the console was told. */
extern char said[4096];

void start(void);
/* For a domain: what is told once is told once of each. With reset_all() it is the next one. */
bool reset_as(uint32_t domain);
bool reset_all(void);

#endif
