/* SPDX-License-Identifier: Apache-2.0 */
/* PCI configuration space as words of 32 bits (PCI Express Base Specification 5.0, chapter 7; AF:
 * PCI ECN "Advanced Capabilities"). Fields are of the word whose offset stands before them. */
#ifndef HV_DOMAIN_PCI_REGS_H
#define HV_DOMAIN_PCI_REGS_H

#include "types.h"

#define PCI_ID 0x00
#define PCI_ID_VENDOR GENMASK64(15, 0)

#define PCI_COMMAND 0x04 /* its upper half is Status: ones clear, zeros do nothing */
#define PCI_COMMAND_INTX_OFF BIT32(10)
#define PCI_STATUS_CAPABILITIES BIT32(20)

#define PCI_CLASS 0x08
#define PCI_CLASS_CODE GENMASK64(31, 16)
#define PCI_CLASS_HOST 0x0600u

#define PCI_HEADER 0x0c
#define PCI_HEADER_TYPE GENMASK64(22, 16)
#define PCI_HEADER_BRIDGE 1u
#define PCI_HEADER_MULTI BIT32(23)

#define PCI_BUSES 0x18 /* of a bridge */
#define PCI_BUSES_PRIMARY GENMASK64(7, 0)
#define PCI_BUSES_SECONDARY GENMASK64(15, 8)
#define PCI_BUSES_SUBORDINATE GENMASK64(23, 16)
#define PCI_BUSES_LATENCY GENMASK64(31, 24)

#define PCI_CAPABILITIES 0x34
#define PCI_CAP_FIRST 0x40u
#define PCI_CAP_END 0x100u
#define PCI_CAP_ID GENMASK64(7, 0)
#define PCI_CAP_NEXT GENMASK64(15, 8)

#define PCI_BRIDGE 0x3c /* its lower half is the interrupt's line and pin */
#define PCI_BRIDGE_CONTROL GENMASK64(31, 16)
#define PCI_BRIDGE_BUS_RESET BIT32(22)

#define PCI_CAP_PM 0x01u
#define PCI_PM_STATUS 4u /* offset in the capability */
#define PCI_PM_STATE GENMASK64(1, 0)
#define PCI_PM_NO_SOFT_RESET BIT32(3)
#define PCI_PM_D3HOT 3u

#define PCI_CAP_PCIE 0x10u
#define PCI_PCIE_VERSION GENMASK64(19, 16)
#define PCI_PCIE_TYPE GENMASK64(23, 20)
#define PCI_PCIE_ROOT_PORT 4u
#define PCI_PCIE_DOWNSTREAM 6u
#define PCI_PCIE_CAP 4u
#define PCI_PCIE_CAP_FLR BIT32(28)
#define PCI_PCIE_CONTROL 8u
#define PCI_PCIE_CONTROL_FIELDS GENMASK64(15, 0) /* Device Status above: ones clear */
#define PCI_PCIE_CONTROL_FLR BIT32(15)
#define PCI_PCIE_STATUS_PENDING BIT32(21)
#define PCI_PCIE_CONTROL2 0x28u
#define PCI_PCIE_CONTROL2_ARI BIT32(5)

#define PCI_CAP_AF 0x13u
#define PCI_AF_CAP_FLR BIT32(25)
#define PCI_AF_CONTROL 4u
#define PCI_AF_CONTROL_FLR BIT32(0)
#define PCI_AF_STATUS_PENDING BIT32(8)

#endif
