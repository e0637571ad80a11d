/* SPDX-License-Identifier: Apache-2.0 */
/* The pieces of what the hardware domain is handed, and the memory that they are written to. */
#ifndef HV_FIRMWARE_DOM0_DOM0_H
#define HV_FIRMWARE_DOM0_DOM0_H

#include "firmware/acpi/table.h"
#include "firmware/dom0.h"
#include "firmware/efi.h"

/* Bytes that are taken from the start on, whether there is memory for them or not: what has
 * none is not written, so that the pieces can be asked for their size by being made. */
struct dom0_writer {
	uint8_t *bytes;
	uint64_t pa;
	uint64_t size;
	uint64_t used;
};

/* Takes `size` bytes, from a multiple of `align`, a power of two, on. Returns where. */
uint64_t writer_take(struct dom0_writer *w, uint64_t size, uint64_t align);

/* Copies bytes to offset `at`, or nothing, where they are not all within. */
void writer_put(const struct dom0_writer *w, uint64_t at, const void *from, uint64_t size);

/* A value of `size` bytes, 1 to 8; little and big endian. */
void writer_le(const struct dom0_writer *w, uint64_t at, uint64_t value, uint32_t size);
void writer_be(const struct dom0_writer *w, uint64_t at, uint64_t value, uint32_t size);

/* Makes the `size` bytes from `at` on add up to 0 by the byte at `sum`, one of them. */
void writer_sum(const struct dom0_writer *w, uint64_t at, uint64_t size, uint64_t sum);

/* A copy of a table of firmware's, to be changed and then closed. Returns where. */
uint64_t writer_table(struct dom0_writer *w, const struct acpi_table *t, uint32_t size);

/* All that is taken since is the table at `at`: its length and checksum. */
void writer_close(const struct dom0_writer *w, uint64_t at);

/* The domain's window of a kind, at `ipa`; NULL: it has none. */
const struct trap_window *dom0_window(const struct dom0_input *in, uint32_t kind, uint64_t ipa);

/* Whether an interrupt is the domain's. */
bool dom0_has_irq(const struct dom0_input *in, uint32_t intid);

/* ACPI's tables; *rsdp is where the root pointer is. */
bool dom0_acpi(const struct dom0_input *in, struct dom0_writer *w, struct acpi_trouble *t, uint64_t *rsdp);

/* MADT, from firmware's one, `t`; *at is where it is. */
bool dom0_madt(const struct dom0_input *in, struct dom0_writer *w, const struct acpi_table *t, uint64_t *at);

/* IORT, from firmware's one, `t`, for a domain that has not all SMMUs. */
bool dom0_iort(const struct dom0_input *in, struct dom0_writer *w, const struct acpi_table *t, uint64_t *at);

/* The EFI system table, which leads to out->rsdp and, so far, to no runtime services. */
void dom0_system(const struct dom0_input *in, struct dom0_writer *w, struct dom0_output *out);

/* The same when the domain's memory map is known: leads to runtime services unless
 * out->refused says why not. */
void dom0_system_offer(const struct dom0_input *in, const struct dom0_output *out,
		       const struct efi_memory *map, uint64_t count);

/* Why the domain cannot call firmware's runtime services, by firmware's memory map; *at is what
 * that is because of. NULL: it can. */
const char *dom0_runtime_refused(const struct dom0_input *in, const uint8_t *map, uint64_t size,
				 uint64_t *at);

/* A copy of firmware's table of attributes. Returns where. */
uint64_t dom0_attributes(const struct dom0_input *in, struct dom0_writer *w);

/* Whether it says something, and nothing but of memory that is for runtime services in a map. */
bool dom0_attributes_fit(const struct efi_attributes *a, const struct efi_memory *map, uint64_t count);

/* The device tree, with what is in *out but its own place and size: it sets those. */
void dom0_fdt(const struct dom0_input *in, struct dom0_writer *w, struct dom0_output *out);

/* Bytes of a descriptor in the memory map that the domain is handed. */
#define DOM0_MAP_STEP 40u

/* Whether the domain has what is at `pa` as RAM; *next: where that ends, at the latest, if it is
 * not beyond what *next is before. */
bool dom0_is_ram(const struct dom0_input *in, uint64_t pa, uint64_t *next);

/* Descriptors that the domain's map may need. */
uint64_t dom0_map_entries(const struct dom0_input *in);

#endif
