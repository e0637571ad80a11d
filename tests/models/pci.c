// SPDX-License-Identifier: Apache-2.0
#include "models/pci.h"

#include <string.h>

#include "domain/pci_regs.h"

#define STEP_US 10          /* that a wait takes at least */
#define RESET_US 100000     /* no access to a function for so long after its reset */
#define LATE_US 700000
#define POWER_US 10000
#define HOLD_US 1000        /* a bus is in reset for at least so long */
#define MASTER BIT32(2)
#define CAP_PM_AT 0x40u
#define CAP_AF_AT 0x50u
#define CAP_PCIE_AT 0x80u
#define CAP_LOOP_AT 0xe0u

struct pci_node pci_nodes[PCI_NODES_MAX];
uint32_t pci_node_count;
uint64_t pci_now;

static uint32_t pci_first; /* bus */

static uint32_t *word(struct pci_node *n, uint32_t reg)
{
	return &n->words[reg / 4];
}

static bool is_bridge(const struct pci_node *n)
{
	return (n->flags & (PCI_BRIDGE_NODE | PCI_PORT)) != 0;
}

/* A capability at the head of the list. */
static void add_capability(struct pci_node *n, uint32_t at, uint32_t id, uint32_t upper)
{
	*word(n, at) = id | (*word(n, PCI_CAPABILITIES) & 0xff) << 8 | upper;
	*word(n, PCI_CAPABILITIES) = at;
	*word(n, PCI_COMMAND) |= PCI_STATUS_CAPABILITIES;
}

/* As after power-on. */
static void node_reset(struct pci_node *n)
{
	uint32_t index = (uint32_t)(n - pci_nodes);

	memset(n->words, 0, sizeof(n->words));
	n->dma = false;
	*word(n, PCI_ID) = 0x1b360000u + 0x10000u * index + 0x1b36u;
	*word(n, PCI_CLASS) = (n->flags & PCI_HOST) != 0 ? 0x06000000u : 0x01080200u;
	*word(n, PCI_HEADER) = (is_bridge(n) ? 0x10000u : 0) | ((n->flags & PCI_MULTI) != 0 ? PCI_HEADER_MULTI : 0);
	if ((n->flags & PCI_LOOP) != 0) {
		add_capability(n, CAP_LOOP_AT, 0x09, 0);
		*word(n, CAP_LOOP_AT) |= CAP_LOOP_AT << 8;
	}
	if ((n->flags & (PCI_PM | PCI_PM_SOFT)) != 0) {
		add_capability(n, CAP_PM_AT, PCI_CAP_PM, 0x00030000);
		*word(n, CAP_PM_AT + PCI_PM_STATUS) = (n->flags & PCI_PM_SOFT) != 0 ? PCI_PM_NO_SOFT_RESET : 0;
	}
	if ((n->flags & PCI_AF) != 0) {
		add_capability(n, CAP_AF_AT, PCI_CAP_AF, 0x03060000);
	}
	if ((n->flags & (PCI_FLR | PCI_PORT)) != 0) {
		add_capability(n, CAP_PCIE_AT, PCI_CAP_PCIE, (n->flags & PCI_PORT) != 0 ? 0x00420000 : 0x00020000);
		*word(n, CAP_PCIE_AT + PCI_PCIE_CAP) = (n->flags & PCI_FLR) != 0 ? PCI_PCIE_CAP_FLR : 0;
	}
	if ((n->flags & PCI_GARBAGE) != 0) {
		*word(n, PCI_CAPABILITIES) = 0xfc;
		*word(n, 0xfc) = UINT32_MAX;
		*word(n, PCI_COMMAND) |= PCI_STATUS_CAPABILITIES;
	}
}

int pci_model_add(int parent, uint32_t device, uint32_t function, uint32_t flags)
{
	struct pci_node *n = &pci_nodes[pci_node_count];

	if (pci_node_count == PCI_NODES_MAX) {
		model_fail("too many functions");
	}
	*n = (struct pci_node){.parent = parent, .devfn = device << 3 | function, .flags = flags};
	node_reset(n);
	*word(n, PCI_COMMAND) |= MASTER;
	n->dma = !is_bridge(n) && (flags & PCI_HOST) == 0;
	if ((flags & PCI_PENDING) != 0) {
		*word(n, CAP_PCIE_AT + PCI_PCIE_CONTROL) |= PCI_PCIE_STATUS_PENDING;
		*word(n, CAP_AF_AT + PCI_AF_CONTROL) |= (flags & PCI_AF) != 0 ? PCI_AF_STATUS_PENDING : 0;
	}
	return (int)pci_node_count++;
}

void pci_model_number(int bridge, uint32_t primary, uint32_t secondary, uint32_t subordinate)
{
	*word(&pci_nodes[bridge], PCI_BUSES) = primary | secondary << 8 | subordinate << 16 | 0x40000000;
}

bool pci_model_does_dma(int node)
{
	bool on = pci_nodes[node].dma;

	for (int n = node; n != PCI_ROOT; n = pci_nodes[n].parent) {
		on = on && (*word(&pci_nodes[n], PCI_COMMAND) & MASTER) != 0 && pci_nodes[n].held == 0;
	}
	return on;
}

void pci_model_enable(int node)
{
	for (int n = node; n != PCI_ROOT; n = pci_nodes[n].parent) {
		*word(&pci_nodes[n], PCI_COMMAND) |= MASTER;
	}
}

/* The bridge that leads from bus `parent` to one that is, or has behind it, `bus`. */
static int bridge_to(int parent, uint32_t bus)
{
	int found = PCI_ROOT;

	for (uint32_t i = 0; i < pci_node_count; i++) {
		uint32_t numbers = *word(&pci_nodes[i], PCI_BUSES);

		if (pci_nodes[i].parent != parent || !is_bridge(&pci_nodes[i]) || numbers << 8 == 0 ||
		    bus < FIELD_GET(PCI_BUSES_SECONDARY, numbers) || bus > FIELD_GET(PCI_BUSES_SUBORDINATE, numbers)) {
			continue;
		}
		if (found != PCI_ROOT) {
			model_fail("bridges %d and %u both take what is for bus %u", found, i, bus);
		}
		found = (int)i;
	}
	return found;
}

/* Devices other than 0 are not behind a PCIe port, but for ARI: functions 8 and up. */
static struct pci_node *find(uint64_t offset)
{
	uint32_t bus = pci_first + (uint32_t)(offset >> 20), devfn = (uint32_t)(offset >> 12) & 0xff;
	int parent = PCI_ROOT;

	for (uint32_t at = pci_first; at != bus;) {
		int next = bridge_to(parent, bus);

		if (next == PCI_ROOT || pci_nodes[next].held != 0) {
			return NULL;
		}
		parent = next;
		at = (uint32_t)FIELD_GET(PCI_BUSES_SECONDARY, *word(&pci_nodes[next], PCI_BUSES));
	}
	if (parent != PCI_ROOT && (pci_nodes[parent].flags & PCI_PORT) != 0 && devfn >= 8 &&
	    (*word(&pci_nodes[parent], CAP_PCIE_AT + PCI_PCIE_CONTROL2) & PCI_PCIE_CONTROL2_ARI) == 0) {
		return NULL;
	}
	for (uint32_t i = 0; i < pci_node_count; i++) {
		if (pci_nodes[i].parent == parent && pci_nodes[i].devfn == devfn) {
			return &pci_nodes[i];
		}
	}
	return NULL;
}

/* Not there, in reset, or changing its power state. */
static struct pci_node *reach(uint64_t offset, uint32_t size)
{
	struct pci_node *n = find(offset);

	if (size != 4) {
		model_fail("configuration space accessed by %u bytes", size);
	}
	if (n == NULL) {
		return NULL;
	}
	if (pci_now < n->settles) {
		model_fail("function %u touched too early", (uint32_t)(n - pci_nodes));
	}
	return pci_now < n->away ? NULL : n;
}

static uint64_t pci_model_read(uint64_t offset, uint32_t size)
{
	struct pci_node *n = reach(offset, size);
	uint32_t reg = (uint32_t)offset & 0xfff;

	return n == NULL ? UINT32_MAX : reg < sizeof(n->words) ? *word(n, reg) : 0;
}

static void go_away(struct pci_node *n)
{
	bool was_there = pci_now >= n->away;

	node_reset(n);
	n->resets += was_there ? 1 : 0;
	n->settles = pci_now + RESET_US;
	n->away = n->settles + ((n->flags & PCI_LATE) != 0 ? LATE_US : 0);
	if ((n->flags & PCI_NO_RETURN) != 0) {
		n->away = UINT64_MAX;
	}
}

static void reset_below(int bridge)
{
	for (uint32_t i = 0; i < pci_node_count; i++) {
		int up = pci_nodes[i].parent;

		while (up != PCI_ROOT && up != bridge) {
			up = pci_nodes[up].parent;
		}
		if (up == bridge) {
			go_away(&pci_nodes[i]);
		}
	}
}

/* Masters no bus, as the standard asks for before a reset. */
static void check_quiet(struct pci_node *n)
{
	if ((*word(n, PCI_COMMAND) & MASTER) != 0) {
		model_fail("function %u is reset while it masters the bus", (uint32_t)(n - pci_nodes));
	}
}

static void write_bridge(struct pci_node *n, uint32_t value)
{
	bool on = (value & PCI_BRIDGE_BUS_RESET) != 0;

	*word(n, PCI_BRIDGE) = value;
	if (on && n->held == 0) {
		n->held = pci_now + 1;
	} else if (!on && n->held != 0) {
		if (pci_now + 1 - n->held < HOLD_US) {
			model_fail("a bus was in reset for too short a time");
		}
		n->held = 0;
		reset_below((int)(n - pci_nodes));
	}
}

static void write_power(struct pci_node *n, uint32_t value)
{
	uint32_t *status = word(n, CAP_PM_AT + PCI_PM_STATUS);
	uint32_t old = *status & 3, new = value & 3;

	*status = (*status & ~3u) | new;
	n->settles = pci_now + (old == new ? 0 : POWER_US);
	if (old == PCI_PM_D3HOT && new == 0 && (n->flags & PCI_PM) != 0) {
		check_quiet(n);
		node_reset(n);
		n->resets++;
	}
}

static void pci_model_write(uint64_t offset, uint32_t size, uint64_t value)
{
	struct pci_node *n = reach(offset, size);
	uint32_t reg = (uint32_t)offset & 0xfff, v = (uint32_t)value;

	if (n == NULL) {
		return;
	}
	if (reg == PCI_COMMAND) {
		*word(n, reg) = (*word(n, reg) & ~0xffffu) | (v & 0xffff);
	} else if (reg == PCI_BUSES && is_bridge(n)) {
		*word(n, reg) = (n->flags & PCI_STUCK) != 0 ? *word(n, reg) : v;
	} else if (reg == PCI_BRIDGE && is_bridge(n)) {
		write_bridge(n, v);
	} else if (reg == CAP_PM_AT + PCI_PM_STATUS && (n->flags & (PCI_PM | PCI_PM_SOFT)) != 0) {
		write_power(n, v);
	} else if (reg == CAP_AF_AT + PCI_AF_CONTROL && (n->flags & PCI_AF) != 0 && (v & 1) != 0) {
		check_quiet(n);
		go_away(n);
	} else if (reg == CAP_PCIE_AT + PCI_PCIE_CONTROL && (n->flags & PCI_FLR) != 0 &&
		   (v & PCI_PCIE_CONTROL_FLR) != 0) {
		check_quiet(n);
		go_away(n);
	} else if (reg == CAP_PCIE_AT + PCI_PCIE_CONTROL2 && (n->flags & PCI_PORT) != 0) {
		*word(n, reg) = v;
	}
}

static void wait_hook(void)
{
	pci_now += STEP_US;
}

static bool clock_hook(enum model_sysreg reg, bool write, uint64_t *value)
{
	if (reg != MODEL_SYSREG_cntpct_el0 || write) {
		return false;
	}
	*value = pci_now;
	return true;
}

void pci_model_start(uint64_t base, uint32_t first, uint32_t last)
{
	struct model_device ecam = {"ECAM", base, (uint64_t)(last - first + 1) << 20, pci_model_read,
				    pci_model_write};

	pci_first = first;
	pci_node_count = 0;
	pci_now = 1;
	model_add(&ecam);
	model_set_relax_hook(wait_hook);
	model_set_sysreg_hook(clock_hook);
	model_sysreg_write(MODEL_SYSREG_cntfrq_el0, 1);
}
