/* SPDX-License-Identifier: Apache-2.0 */
/* The devices of a domain between two of its runs. */
#ifndef HV_DOMAIN_RESET_H
#define HV_DOMAIN_RESET_H

#include "domain/domain.h"

/* Resets the devices of a domain that has no CPU on, as the board file says for each, on CPU
 * `cpu`, the caller. Their DMA is to be blocked before; on return nothing of theirs is on its
 * way. A PCI host takes a tenth of a second and more. False: a device did not take its reset,
 * which is told by name, and the domain must not run again. */
bool domain_reset_devices(const struct domain *d, uint32_t cpu);

/* All that is behind a PCI host (step->op is RESET_PCI). With `tell`, functions that have no
 * reset are named. */
bool reset_pci(const struct domain *d, uint32_t cpu, const struct reset_step *step, bool tell);

/* Waits. */
void reset_wait_us(uint32_t us);

#endif
