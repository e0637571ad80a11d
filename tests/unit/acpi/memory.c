// SPDX-License-Identifier: Apache-2.0
/* The reader of tables reads firmware's memory. */
#include "firmware.h"

const uint8_t *acpi_memory(uint64_t pa, uint64_t size)
{
	return fw_memory(pa, size);
}
