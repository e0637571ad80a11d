// SPDX-License-Identifier: Apache-2.0
/* GTDT (ACPI 6.5, 5.2.25): the interrupts of the CPUs' timers, and watchdogs. */
#include "firmware/acpi/table.h"

#define GTDT_SECURE 48u
#define GTDT_FLAGS 52u /* of the first, and every 8 bytes of the others */
#define GTDT_STEP 8u
#define GTDT_PHYSICAL 56u
#define GTDT_VIRTUAL 64u
#define GTDT_HYP 72u
#define GTDT_TIMERS 88u /* how many platform timers, and where */
#define GTDT_TIMERS_AT 92u
#define GTDT_SIZE 96u

#define TIMER_HEADER 3u
#define TIMER_LENGTH 1u
#define TIMER_WATCHDOG 1u
#define WATCHDOG_SIZE 28u
#define WATCHDOG_REFRESH 4u
#define WATCHDOG_CONTROL 12u
#define WATCHDOG_INTID 20u

static bool gtdt_watchdog(struct acpi_machine *m, const struct acpi_table *t, uint32_t at, uint32_t size)
{
	struct acpi_watchdog w;

	if (size < WATCHDOG_SIZE) {
		return table_bad(t, at + TIMER_LENGTH, "is too short for a watchdog");
	}
	w.refresh = table_64(t, at + WATCHDOG_REFRESH);
	w.control = table_64(t, at + WATCHDOG_CONTROL);
	w.intid = table_32(t, at + WATCHDOG_INTID);
	if (!table_registers(t, at + WATCHDOG_REFRESH, w.refresh, PAGE_SIZE, PAGE_SIZE) ||
	    !table_registers(t, at + WATCHDOG_CONTROL, w.control, PAGE_SIZE, PAGE_SIZE)) {
		return false;
	}
	if (m->watchdog_count == ACPI_WATCHDOGS_MAX) {
		return table_bad(t, at, "is one watchdog too many for this version (4)");
	}
	m->watchdogs[m->watchdog_count++] = w;
	return true;
}

static bool gtdt_timers(struct acpi_machine *m, const struct acpi_table *t)
{
	uint32_t count = table_32(t, GTDT_TIMERS);
	uint32_t at = table_32(t, GTDT_TIMERS_AT);

	if (count != 0 && at < GTDT_SIZE) {
		return table_bad(t, GTDT_TIMERS_AT, "lies before the end of what the table begins with");
	}
	/* Each is some bytes long: the table ends before the count can be absurd. */
	for (uint32_t i = 0; i < count; i++) {
		uint32_t size;

		if (!table_has(t, at, TIMER_HEADER)) {
			return false;
		}
		size = table_16(t, at + TIMER_LENGTH);
		if (size < TIMER_HEADER) {
			return table_bad(t, at + TIMER_LENGTH, "is no length of a platform timer");
		}
		if (!table_has(t, at, size) ||
		    (t->bytes[at] == TIMER_WATCHDOG && !gtdt_watchdog(m, t, at, size))) {
			return false;
		}
		at += size;
	}
	return true;
}

bool gtdt_read(struct acpi_machine *m, const struct acpi_table *t)
{
	if (!table_has(t, 0, GTDT_SIZE)) {
		return false;
	}
	m->timer_secure = table_32(t, GTDT_SECURE);
	m->timer_physical = table_32(t, GTDT_PHYSICAL);
	m->timer_virtual = table_32(t, GTDT_VIRTUAL);
	m->timer_hyp = table_32(t, GTDT_HYP);
	for (uint32_t i = 0; i < ARRAY_SIZE(m->timer_flags); i++) {
		m->timer_flags[i] = t->bytes[GTDT_FLAGS + GTDT_STEP * i] & (ACPI_TIMER_EDGE | ACPI_TIMER_LOW);
	}
	/* The secure one is not ours, and some firmware leaves it out. */
	return table_ppi(t, GTDT_PHYSICAL, m->timer_physical) && table_ppi(t, GTDT_VIRTUAL, m->timer_virtual) &&
	       table_ppi(t, GTDT_HYP, m->timer_hyp) && gtdt_timers(m, t);
}
