/* SPDX-License-Identifier: Apache-2.0 */
/* A walk through what is behind a PCI host: one function of it at a time appears in the CPU's
 * window. Only for hv/domain/reset*.c. */
#ifndef HV_DOMAIN_PCI_H
#define HV_DOMAIN_PCI_H

#include "domain/domain.h"
#include "domain/pci_regs.h"

#define PCI_LEVELS_MAX 16u
#define PCI_FUNCTIONS 256u /* of a bus */

/* A bus on the way from the host's first to where the walk is. */
struct pci_level {
	uint32_t next;    /* function that is looked at next; PCI_FUNCTIONS: none is left */
	uint32_t bridge;  /* function of the level above that leads here */
	uint32_t lame;    /* function here that only the bridge can reset */
	uint32_t lame_id; /* its PCI_ID; 0: there is none */
	bool ari;         /* one device has all the functions */
};

struct pci {
	const struct domain *d;
	const struct reset_step *host;
	uint32_t cpu;
	bool tell;       /* name functions that have no reset */
	uint64_t config; /* where the function that is looked at appears; 0: nowhere */
	uint32_t present; /* functions that were found */
	uint32_t depth;  /* the walk's level; its bus is so many above the host's first */
	struct pci_level levels[PCI_LEVELS_MAX];
};

/* Looks at a function of level `depth`. Its PCI_ID; 0: it is not there. */
uint32_t pci_map(struct pci *p, uint32_t depth, uint32_t function);
void pci_unmap(struct pci *p);

/* Words of the function that is looked at; `reg` is a multiple of 4. */
uint32_t pci_read(const struct pci *p, uint32_t reg);
void pci_write(const struct pci *p, uint32_t reg, uint32_t value);

/* Offset of one of its capabilities; 0: none. A list that bites its tail is followed once
 * round. */
uint32_t pci_capability(const struct pci *p, uint32_t id);

/* Into a power state (PCI_PM_*, 0: D0), by the capability `pm`. */
void pci_power(const struct pci *p, uint32_t pm, uint32_t state);

/* Whether it reads as `id` within the time that a device may take after a reset. */
bool pci_is_ready(const struct pci *p, uint32_t id);

/* One line about a function of level `depth`: domain, host, first bus, and the way to it. */
void pci_tell(const struct pci *p, uint32_t depth, uint32_t function, const char *what);

/* The function's own reset, if it has one: FLR by its PCIe or AF capability, else the way
 * through D3hot where that resets. Its bus mastering is off. */
enum pci_reset {
	PCI_RESET_NONE,
	PCI_RESET_DONE,
	PCI_RESET_FAILED,
};
enum pci_reset pci_reset_own(const struct pci *p, uint32_t id);

/* The secondary bus of the bridge that is looked at. */
void pci_reset_bus(const struct pci *p);

#endif
