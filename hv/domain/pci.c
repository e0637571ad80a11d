// SPDX-License-Identifier: Apache-2.0
/* Configuration space (ECAM) of one function at a time. */
#include "domain/pci.h"

#include "arch/cpu.h"
#include "arch/mmio.h"
#include "domain/reset.h"
#include "drivers/console.h"
#include "lib/time.h"
#include "mm/window.h"

#define SLOT 0
#define CONFIG_SIZE KIB(4)   /* of a function */
#define CAPABILITIES_MAX 48u /* that fit between 0x40 and 0x100 */

/* PCI Express Base Specification 5.0, 6.6.1 and 5.9. */
#define READY_US 1000000u
#define POWER_US 10000u

uint32_t pci_read(const struct pci *p, uint32_t reg)
{
	return mmio_read32(p->config + reg);
}

void pci_write(const struct pci *p, uint32_t reg, uint32_t value)
{
	mmio_write32(p->config + reg, value);
	dsb_sy();
}

void pci_unmap(struct pci *p)
{
	if (p->config != 0) {
		window_unmap(p->cpu, SLOT);
		p->config = 0;
	}
}

uint32_t pci_map(struct pci *p, uint32_t depth, uint32_t function)
{
	pa_t pa = PA(p->host->pa + depth * RESET_BUS_SIZE + function * CONFIG_SIZE);
	uint32_t id;

	pci_unmap(p);
	p->config = (uint64_t)(uintptr_t)window_map_device(p->cpu, SLOT, pa);
	id = pci_read(p, PCI_ID);
	return (id & PCI_ID_VENDOR) == PCI_ID_VENDOR ? 0 : id;
}

uint32_t pci_capability(const struct pci *p, uint32_t id)
{
	uint32_t at = 0;

	if ((pci_read(p, PCI_COMMAND) & PCI_STATUS_CAPABILITIES) != 0) {
		at = pci_read(p, PCI_CAPABILITIES) & (PCI_CAP_END - 4);
	}
	for (uint32_t n = 0; n < CAPABILITIES_MAX && at >= PCI_CAP_FIRST; n++) {
		uint32_t word = pci_read(p, at);

		if (FIELD_GET(PCI_CAP_ID, word) == id) {
			return at;
		}
		at = (uint32_t)FIELD_GET(PCI_CAP_NEXT, word) & (PCI_CAP_END - 4);
	}
	return 0;
}

void pci_power(const struct pci *p, uint32_t pm, uint32_t state)
{
	uint32_t keep = pci_read(p, pm + PCI_PM_STATUS) & PCI_PM_NO_SOFT_RESET;

	pci_write(p, pm + PCI_PM_STATUS, keep | state);
	reset_wait_us(POWER_US);
}

bool pci_is_ready(const struct pci *p, uint32_t id)
{
	uint64_t end = time_after_us(READY_US);

	while (pci_read(p, PCI_ID) != id) {
		if (time_over(end)) {
			return false;
		}
		arch_relax();
	}
	return true;
}

void pci_tell(const struct pci *p, uint32_t depth, uint32_t function, const char *what)
{
	static const char digits[] = "0123456789abcdef";
	char way[PCI_LEVELS_MAX * 5];
	uint32_t n = 0;

	for (uint32_t i = 0; i <= depth; i++) {
		uint32_t at = i < depth ? p->levels[i + 1].bridge : function;

		way[n++] = digits[at >> 7];
		way[n++] = digits[at >> 3 & 0xf];
		way[n++] = '.';
		way[n++] = digits[at & 7];
		way[n++] = '/';
	}
	way[n - 1] = '\0';
	log_warn("%s: '%s' %02x:%s: %s", p->d->desc->name, p->host->device, p->host->value, way, what);
}
