// SPDX-License-Identifier: Apache-2.0
/* MADT (ACPI 6.5, 5.2.12): CPUs, distributor, redistributors, ITSs. */
#include "firmware/acpi/madt.h"
#include "firmware/acpi/table.h"

#define MPIDR_AFFINITY (GENMASK64(39, 32) | GENMASK64(23, 0))
#define FRAME UINT64_C(0x10000)
#define GICC_PAGES (2 * PAGE_SIZE)
#define GICR_FRAMES (2 * FRAME) /* of one CPU, without GICv4's */

static bool madt_add_gicr(struct acpi_machine *m, const struct acpi_table *t, uint32_t at, uint64_t base,
			  uint64_t size)
{
	if (!table_registers(t, at, base, size, FRAME)) {
		return false;
	}
	if (size % GICR_FRAMES != 0) {
		return table_bad(t, at, "has no whole number of redistributors");
	}
	if (m->gicr_count == ACPI_REGIONS_MAX) {
		return table_bad(t, at, "is one run of redistributors too many");
	}
	m->gicr[m->gicr_count++] = (struct mem_range){base, size};
	return true;
}

/* What is of a GIC before version 3, and the redistributor of a CPU that is not enabled. */
static bool madt_hide(struct acpi_machine *m, const struct acpi_table *t, uint32_t at, bool enabled)
{
	static const uint8_t old[] = {GICC_BASE, GICC_GICV, GICC_GICH};
	bool good = true;

	for (uint32_t i = 0; good && i < ARRAY_SIZE(old); i++) {
		good = table_hide(m, t, at + old[i], table_64(t, at + old[i]), GICC_PAGES);
	}
	return good && (enabled || table_hide(m, t, at + GICC_GICR, table_64(t, at + GICC_GICR), GICR_FRAMES));
}

static bool madt_gicc(struct acpi_machine *m, const struct acpi_table *t, uint32_t at)
{
	uint64_t mpidr = table_64(t, at + GICC_MPIDR);
	uint64_t gicr = table_64(t, at + GICC_GICR);
	uint32_t flags = table_32(t, at + GICC_FLAGS);
	struct acpi_cpu cpu = {
		.mpidr = mpidr,
		.uid = table_32(t, at + GICC_UID),
		.maintenance = table_32(t, at + GICC_MAINTENANCE),
		.performance = table_32(t, at + GICC_PERFORMANCE),
		.maintenance_edge = (flags & GICC_MAINTENANCE_EDGE) != 0,
		.performance_edge = (flags & GICC_PERFORMANCE_EDGE) != 0,
	};

	if (!madt_hide(m, t, at, (flags & GICC_ENABLED) != 0)) {
		return false;
	}
	/* One that can be brought on line later is for a firmware that asks to. */
	if ((flags & GICC_ENABLED) == 0) {
		return true;
	}
	if ((mpidr & ~MPIDR_AFFINITY) != 0) {
		return table_bad(t, at + GICC_MPIDR, "is more than an MPIDR's affinity");
	}
	for (uint32_t i = 0; i < m->cpu_count; i++) {
		if (m->cpus[i].mpidr == mpidr || m->cpus[i].uid == cpu.uid) {
			return table_bad(t, at, "is a CPU that was named before");
		}
	}
	if (cpu.maintenance != 0 && !table_ppi(t, at + GICC_MAINTENANCE, cpu.maintenance)) {
		return false;
	}
	if (m->cpu_count == CPUS_MAX) {
		return table_bad(t, at, "is one CPU too many for this version (64)");
	}
	m->cpus[m->cpu_count++] = cpu;
	return gicr == 0 || madt_add_gicr(m, t, at + GICC_GICR, gicr, GICR_FRAMES);
}

static bool madt_gicd(struct acpi_machine *m, const struct acpi_table *t, uint32_t at)
{
	uint64_t base = table_64(t, at + GICD_BASE);

	if (m->gicd != 0) {
		return table_bad(t, at, "is a second distributor");
	}
	if (!table_registers(t, at + GICD_BASE, base, FRAME, PAGE_SIZE)) {
		return false;
	}
	m->gicd = base;
	m->gic_version = t->bytes[at + GICD_VERSION];
	return true;
}

static bool madt_its(struct acpi_machine *m, const struct acpi_table *t, uint32_t at)
{
	uint64_t base = table_64(t, at + ITS_BASE);
	uint32_t id = table_32(t, at + ITS_ID);

	if (!table_registers(t, at + ITS_BASE, base, 2 * FRAME, FRAME)) {
		return false;
	}
	for (uint32_t i = 0; i < m->its_count; i++) {
		if (m->its[i].id == id || m->its[i].base == base) {
			return table_bad(t, at, "is an ITS that was named before");
		}
	}
	if (m->its_count == ACPI_ITS_MAX) {
		return table_bad(t, at, "is one ITS too many for this version (16)");
	}
	m->its[m->its_count++] = (struct acpi_its){base, id};
	return true;
}

static bool madt_entry(struct acpi_machine *m, const struct acpi_table *t, uint32_t at, uint32_t size)
{
	static const struct {
		uint8_t type;
		uint8_t size;
	} least[] = {
		{MADT_GICC, GICC_SIZE}, {MADT_GICD, GICD_ENTRY_SIZE}, {MADT_GICR, GICR_ENTRY_SIZE},
		{MADT_ITS, ITS_ENTRY_SIZE},
	};
	uint8_t type = t->bytes[at];

	for (uint32_t i = 0; i < ARRAY_SIZE(least); i++) {
		if (type == least[i].type && size < least[i].size) {
			return table_bad(t, at + 1, "is too short for an entry of its type");
		}
	}
	switch (type) {
	case MADT_GICC:
		return madt_gicc(m, t, at);
	case MADT_GICD:
		return madt_gicd(m, t, at);
	case MADT_GICR:
		return madt_add_gicr(m, t, at + GICR_BASE, table_64(t, at + GICR_BASE),
				     table_32(t, at + GICR_LENGTH));
	case MADT_ITS:
		return madt_its(m, t, at);
	default:
		return true;
	}
}

bool madt_read(struct acpi_machine *m, const struct acpi_table *t)
{
	uint32_t at = MADT_ENTRIES;

	if (!table_has(t, 0, MADT_ENTRIES)) {
		return false;
	}
	while (at < t->size) {
		uint32_t size;

		if (!table_has(t, at, 2)) {
			return false;
		}
		size = t->bytes[at + 1];
		if (size < 2) {
			return table_bad(t, at + 1, "is no length of an entry");
		}
		if (!table_has(t, at, size) || !madt_entry(m, t, at, size)) {
			return false;
		}
		at += size;
	}
	if (m->cpu_count == 0) {
		return table_bad(t, MADT_ENTRIES, "begins a list without a CPU that is enabled");
	}
	if (m->gicd == 0) {
		return table_bad(t, MADT_ENTRIES, "begins a list without a distributor");
	}
	return true;
}
