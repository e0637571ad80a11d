// SPDX-License-Identifier: Apache-2.0
#include "firmware/dom0/dom0.h"

#include "lib/string.h"

/* All but the memory map, and room for that. */
static bool dom0_make(const struct dom0_input *in, struct dom0_writer *w, struct dom0_output *out,
		      struct acpi_trouble *t)
{
	uint64_t rsdp;

	memset(t, 0, sizeof(*t));
	if (!dom0_acpi(in, w, t, &rsdp)) {
		return false;
	}
	out->rsdp = w->pa + rsdp;
	dom0_system(in, w, out);
	out->map_size = dom0_map_entries(in) * DOM0_MAP_STEP;
	out->map = w->pa + writer_take(w, out->map_size, sizeof(uint64_t));
	dom0_fdt(in, w, out);
	return true;
}

uint64_t dom0_size(const struct dom0_input *in, struct acpi_trouble *t)
{
	struct dom0_writer nowhere = {.bytes = NULL};
	struct dom0_output out;

	return dom0_make(in, &nowhere, &out, t) ? ALIGN_UP(nowhere.used, PAGE_SIZE) : 0;
}

bool dom0_build(const struct dom0_input *in, struct dom0_output *out, struct acpi_trouble *t)
{
	struct dom0_writer w = {.bytes = out->bytes, .pa = out->pa, .size = out->size};
	struct acpi_table none = {.trouble = t};

	memset(out->bytes, 0, out->size);
	return dom0_make(in, &w, out, t) &&
	       (w.used <= w.size || table_bad(&none, 0, "does not fit into the memory for the domain's tables"));
}
