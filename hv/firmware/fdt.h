/* SPDX-License-Identifier: Apache-2.0 */
/* The device tree that firmware hands over: of it, the hypervisor reads its command line. */
#ifndef HV_FIRMWARE_FDT_H
#define HV_FIRMWARE_FDT_H

#include "types.h"

/*
 * Copies `bootargs` of /chosen from the flattened device tree at PA `fdt` (Devicetree
 * Specification 0.4, 5) to `text`, with a NUL behind it, cut off at `size` (> 0), through
 * the window of the calling CPU `cpu`. False: there is none, or `fdt` is not what it should
 * be. Only RAM of domains is looked at: before any of them runs.
 */
bool fdt_bootargs(uint32_t cpu, pa_t fdt, char *text, uint32_t size);

/* NULL if there is a device tree at `fdt` that can be read; else why not, as the end of a
 * sentence about it. */
const char *fdt_trouble(uint32_t cpu, pa_t fdt);

#endif
