/* SPDX-License-Identifier: Apache-2.0 */
/*
 * PCI functions and bridges behind an ECAM host, as far as their configuration space goes: what
 * is found where by its bus numbers, resets and the time they take, and DMA that goes on until
 * it is reset. What software may not do (a function touched while it is in reset, two bridges
 * for one bus number, an access that is not of 32 bits) fails the test.
 */
#ifndef TESTS_MODELS_PCI_H
#define TESTS_MODELS_PCI_H

#include "models/model.h"

#define PCI_NODES_MAX 1600
#define PCI_ROOT (-1)
#define PCI_WORDS 64

/* How a function can be reset, and how it is broken. */
#define PCI_FLR BIT32(0)
#define PCI_AF BIT32(1)
#define PCI_PM BIT32(2)        /* through D3hot, without No_Soft_Reset */
#define PCI_PM_SOFT BIT32(3)   /* has a PM capability, which resets nothing */
#define PCI_MULTI BIT32(4)
#define PCI_BRIDGE_NODE BIT32(5)
#define PCI_PORT BIT32(6)      /* bridge that is a PCIe root or downstream port */
#define PCI_NO_RETURN BIT32(7) /* is not back after a reset */
#define PCI_LATE BIT32(8)      /* is back 700 ms after a reset */
#define PCI_PENDING BIT32(9)   /* its transactions never end */
#define PCI_LOOP BIT32(10)     /* its capability list ends in a loop */
#define PCI_STUCK BIT32(11)    /* bridge: takes no bus numbers */
#define PCI_HOST BIT32(12)     /* a host bridge among the functions */
#define PCI_GARBAGE BIT32(13)  /* its capability list is all ones */

struct pci_node {
	int parent; /* bridge; PCI_ROOT */
	uint32_t devfn;
	uint32_t flags;
	uint32_t words[PCI_WORDS];
	bool dma;         /* the former run told it to */
	uint64_t away;    /* in reset until then, microseconds; UINT64_MAX: for ever */
	uint64_t held;    /* bridge: its bus is in reset since then; 0: it is not */
	uint64_t settles; /* not to be touched until then */
	uint32_t resets;
};

extern struct pci_node pci_nodes[PCI_NODES_MAX];
extern uint32_t pci_node_count;
extern uint64_t pci_now; /* microseconds; waiting is time */

/* An empty host with buses first..last at `base`; model_reset() has been called. */
void pci_model_start(uint64_t base, uint32_t first, uint32_t last);

/* A function that masters the bus and does DMA; bridges pass it on. Its index. */
int pci_model_add(int parent, uint32_t device, uint32_t function, uint32_t flags);

/* The bridge gets numbers as a guest gives them. */
void pci_model_number(int bridge, uint32_t primary, uint32_t secondary, uint32_t subordinate);

/* Whether DMA of the function gets as far as the host. */
bool pci_model_does_dma(int node);

/* As the next run's driver does: masters the bus, as do the bridges above. */
void pci_model_enable(int node);

#endif
