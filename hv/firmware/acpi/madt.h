/* SPDX-License-Identifier: Apache-2.0 */
/* MADT's layout (ACPI 6.5, 5.2.12), of what is read or written of it. */
#ifndef HV_FIRMWARE_ACPI_MADT_H
#define HV_FIRMWARE_ACPI_MADT_H

#include "types.h"

#define MADT_ENTRIES 44u
#define MADT_TYPE 0u /* of each entry, then its length */
#define MADT_LENGTH 1u
#define MADT_GICC 0x0bu
#define MADT_GICD 0x0cu
#define MADT_GICR 0x0eu
#define MADT_ITS 0x0fu

#define GICC_SIZE 76u /* of ACPI 5.1; later ones are longer */
#define GICC_UID 8u
#define GICC_FLAGS 12u
#define GICC_ENABLED BIT32(0)
#define GICC_PERFORMANCE_EDGE BIT32(1)
#define GICC_MAINTENANCE_EDGE BIT32(2)
#define GICC_PARKING 16u
#define GICC_PERFORMANCE 20u /* GSIV, 4 bytes */
#define GICC_PARKED 24u
#define GICC_BASE 32u
#define GICC_GICV 40u
#define GICC_GICH 48u
#define GICC_MAINTENANCE 56u
#define GICC_GICR 60u
#define GICC_MPIDR 68u
#define GICC_SPE 78u  /* 2 bytes; ACPI 6.3 */
#define GICC_TRBE 80u /* 2 bytes; ACPI 6.5 */

#define GICD_ENTRY_SIZE 24u
#define GICD_BASE 8u
#define GICD_VERSION 20u
#define GICR_ENTRY_SIZE 16u
#define GICR_BASE 4u
#define GICR_LENGTH 12u
#define ITS_ENTRY_SIZE 20u
#define ITS_ID 4u
#define ITS_BASE 8u

#endif
