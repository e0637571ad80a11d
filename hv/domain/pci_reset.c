// SPDX-License-Identifier: Apache-2.0
/* One function, or one bus, by the means that it offers (PCI Express Base Specification 5.0, 6.6). */
#include "arch/cpu.h"
#include "domain/pci.h"
#include "domain/reset.h"
#include "lib/time.h"

/* 6.6.1 and 6.6.2: what is in flight ends, and the function is back, within so much; a bus is in
 * reset for at least 1 ms. */
#define PENDING_US 100000u
#define RESET_US 100000u
#define BUS_RESET_US 2000u

/* Its bus mastering is off, so this ends; it need not, as no DMA of it arrives any more. */
static void pci_wait_pending(const struct pci *p, uint32_t reg, uint32_t bit)
{
	uint64_t end = time_after_us(PENDING_US);

	while ((pci_read(p, reg) & bit) != 0 && !time_over(end)) {
		arch_relax();
	}
}

enum pci_reset pci_reset_own(const struct pci *p, uint32_t id)
{
	uint32_t pcie = pci_capability(p, PCI_CAP_PCIE);
	uint32_t af = pci_capability(p, PCI_CAP_AF);
	uint32_t pm = pci_capability(p, PCI_CAP_PM);

	if (pcie != 0 && (pci_read(p, pcie + PCI_PCIE_CAP) & PCI_PCIE_CAP_FLR) != 0) {
		uint32_t control = pci_read(p, pcie + PCI_PCIE_CONTROL) & (uint32_t)PCI_PCIE_CONTROL_FIELDS;

		pci_wait_pending(p, pcie + PCI_PCIE_CONTROL, PCI_PCIE_STATUS_PENDING);
		pci_write(p, pcie + PCI_PCIE_CONTROL, control | PCI_PCIE_CONTROL_FLR);
		reset_wait_us(RESET_US);
	} else if (af != 0 && (pci_read(p, af) & PCI_AF_CAP_FLR) != 0) {
		pci_wait_pending(p, af + PCI_AF_CONTROL, PCI_AF_STATUS_PENDING);
		pci_write(p, af + PCI_AF_CONTROL, PCI_AF_CONTROL_FLR);
		reset_wait_us(RESET_US);
	} else if (pm != 0 && (pci_read(p, pm + PCI_PM_STATUS) & PCI_PM_NO_SOFT_RESET) == 0) {
		pci_power(p, pm, PCI_PM_D3HOT);
		pci_power(p, pm, 0);
	} else {
		return PCI_RESET_NONE;
	}
	return pci_is_ready(p, id) ? PCI_RESET_DONE : PCI_RESET_FAILED;
}

void pci_reset_bus(const struct pci *p)
{
	uint32_t control = pci_read(p, PCI_BRIDGE) & ~PCI_BRIDGE_BUS_RESET;

	pci_write(p, PCI_BRIDGE, control | PCI_BRIDGE_BUS_RESET);
	reset_wait_us(BUS_RESET_US);
	pci_write(p, PCI_BRIDGE, control);
	reset_wait_us(RESET_US);
}
