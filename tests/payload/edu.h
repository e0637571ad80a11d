/* SPDX-License-Identifier: Apache-2.0 */
/* QEMU's edu device (docs/specs/edu.rst): a PCI function with a DMA engine. A transfer takes
 * 100 ms. */
#ifndef PAYLOAD_EDU_H
#define PAYLOAD_EDU_H

#include "rt/arch.h"

#define EDU_BUFFER 0x40000u /* the device's own memory, 4 KiB, where an address of it is wanted */
#define EDU_START 1u        /* into the device */
#define EDU_OUT 2u          /* with EDU_START: out of it */

/* The configuration space of the first PCI host in the device tree. */
bool edu_host(uint64_t *ecam);

/* The function's registers are at `bar` from now on. False: it is no edu. */
bool edu_attach(uint64_t function, uint64_t bar);

void edu_start(uint64_t bar, uint64_t source, uint64_t target, uint32_t size, uint32_t command);
bool edu_is_running(uint64_t bar);

/* Starts a transfer and waits, ten seconds at most. True when the device says that it is through. */
bool edu_run(uint64_t bar, uint64_t source, uint64_t target, uint32_t size, uint32_t command);

#endif
