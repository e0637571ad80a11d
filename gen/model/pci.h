/* SPDX-License-Identifier: Apache-2.0 */
/* What a PCI host's configuration space is of, part of the model. */
#ifndef GEN_MODEL_PCI_H
#define GEN_MODEL_PCI_H

#include <stdbool.h>
#include <stdint.h>

struct m_pci {
	bool host; /* it is a pci-host-ecam-generic: nothing else is known of other devices */
	/* Those that its registers have room for; has_buses false: there is no room for one, or what
	 * says which they are is no range of buses. */
	bool has_buses;
	uint32_t bus_first;
	uint32_t bus_last;
	bool has_segment; /* false: what says which it is is no number of one */
	uint32_t segment;
};

#endif
