// SPDX-License-Identifier: Apache-2.0
/* All that the hardware domain starts with is in the image. */
#include "firmware/efi_priv.h"

bool esp_load(struct efi_system *efi, void *handle, const char *name, const struct efi_payload *payload,
	      const struct mem_range *ram, uint32_t count, struct efi_loaded *to)
{
	(void)efi;
	(void)handle;
	(void)name;
	(void)payload;
	(void)ram;
	(void)count;
	*to = (struct efi_loaded){.cmdline = NULL};
	return true;
}
