// SPDX-License-Identifier: Apache-2.0
/*
 * MADT as the domain has its interrupt controller (ACPI 6.5, 5.2.12): one GICC for each of
 * its CPUs and no other, without what only a hypervisor drives; a GICv3, whatever more the
 * machine's GIC can do; its redistributors as one run; its virtual ITS.
 */
#include "firmware/acpi/madt.h"
#include "firmware/dom0/dom0.h"

#define GIC_VERSION_3 3u

/* The next entry of a type from *at on; false: there is none. madt_read() has checked them. */
static bool madt_next(const struct acpi_table *t, uint8_t type, uint32_t *at)
{
	while (t->size - *at >= 2 && t->bytes[*at + MADT_TYPE] != type) {
		*at += t->bytes[*at + MADT_LENGTH];
	}
	return t->size - *at >= 2;
}

/* Copies the entry at `from`. Returns where it is. */
static uint64_t madt_copy(struct dom0_writer *w, const struct acpi_table *t, uint32_t from)
{
	uint32_t size = t->bytes[from + MADT_LENGTH];
	uint64_t at = writer_take(w, size, 1);

	writer_put(w, at, t->bytes + from, size);
	return at;
}

static bool madt_put_gicd(const struct dom0_input *in, struct dom0_writer *w, const struct acpi_table *t)
{
	uint32_t from = MADT_ENTRIES;

	if (!madt_next(t, MADT_GICD, &from) ||
	    dom0_window(in, WINDOW_GICD, table_64(t, from + GICD_BASE)) == NULL) {
		return table_bad(t, from + GICD_BASE, "is not where the domain has its distributor");
	}
	writer_le(w, madt_copy(w, t, from) + GICD_VERSION, GIC_VERSION_3, 1);
	return true;
}

/* An interrupt of the CPU's own that the domain has not got is none. */
static void madt_put_irq(const struct dom0_input *in, const struct dom0_writer *w, uint64_t at,
			 uint32_t intid, uint32_t size)
{
	writer_le(w, at, dom0_has_irq(in, intid) ? intid : 0, size);
}

static bool madt_put_gicc(const struct dom0_input *in, struct dom0_writer *w, const struct acpi_table *t,
			  uint64_t mpidr)
{
	uint32_t from = MADT_ENTRIES, flags, size;
	uint64_t at;

	while (madt_next(t, MADT_GICC, &from) && (table_64(t, from + GICC_MPIDR) != mpidr ||
						   (table_32(t, from + GICC_FLAGS) & GICC_ENABLED) == 0)) {
		from += t->bytes[from + MADT_LENGTH];
	}
	if (from == t->size) {
		return table_bad(t, MADT_ENTRIES, "begins a list without a CPU of the domain");
	}
	flags = table_32(t, from + GICC_FLAGS);
	size = t->bytes[from + MADT_LENGTH];
	at = madt_copy(w, t, from);
	writer_le(w, at + GICC_FLAGS, flags & ~GICC_MAINTENANCE_EDGE, 4);
	writer_le(w, at + GICC_PARKING, 0, 4);
	madt_put_irq(in, w, at + GICC_PERFORMANCE, table_32(t, from + GICC_PERFORMANCE), 4);
	writer_le(w, at + GICC_PARKED, 0, 8);
	writer_le(w, at + GICC_BASE, 0, 8);
	writer_le(w, at + GICC_GICV, 0, 8);
	writer_le(w, at + GICC_GICH, 0, 8);
	writer_le(w, at + GICC_MAINTENANCE, 0, 4);
	writer_le(w, at + GICC_GICR, 0, 8);
	if (size >= GICC_SPE + 2) {
		madt_put_irq(in, w, at + GICC_SPE, table_16(t, from + GICC_SPE), 2);
	}
	if (size >= GICC_TRBE + 2) {
		madt_put_irq(in, w, at + GICC_TRBE, table_16(t, from + GICC_TRBE), 2);
	}
	return true;
}

static void madt_put_gicr(struct dom0_writer *w, const struct trap_window *window)
{
	uint64_t at = writer_take(w, GICR_ENTRY_SIZE, 1);

	writer_le(w, at + MADT_TYPE, MADT_GICR, 1);
	writer_le(w, at + MADT_LENGTH, GICR_ENTRY_SIZE, 1);
	writer_le(w, at + GICR_BASE, window->ipa, 8);
	writer_le(w, at + GICR_LENGTH, window->size, 4);
}

/* ITSs where the domain has one. */
static void madt_put_its(const struct dom0_input *in, struct dom0_writer *w, const struct acpi_table *t)
{
	for (uint32_t from = MADT_ENTRIES; madt_next(t, MADT_ITS, &from); from += t->bytes[from + MADT_LENGTH]) {
		if (dom0_window(in, WINDOW_GITS, table_64(t, from + ITS_BASE)) != NULL) {
			(void)madt_copy(w, t, from);
		}
	}
}

bool dom0_madt(const struct dom0_input *in, struct dom0_writer *w, const struct acpi_table *t, uint64_t *at)
{
	*at = writer_table(w, t, MADT_ENTRIES);
	if (!madt_put_gicd(in, w, t)) {
		return false;
	}
	for (uint32_t i = 0; i < in->cpu_count; i++) {
		if (!madt_put_gicc(in, w, t, in->board_cpus[in->cpus[i]].mpidr)) {
			return false;
		}
	}
	for (uint32_t i = 0; i < in->window_count; i++) {
		if (in->windows[i].kind == WINDOW_GICR) {
			madt_put_gicr(w, &in->windows[i]);
		}
	}
	madt_put_its(in, w, t);
	writer_close(w, *at);
	return true;
}
