// SPDX-License-Identifier: Apache-2.0
/* Whether firmware's tables say what the board file says, where that gives addresses. */
#include "firmware/acpi/match.h"

/* Piece by piece: the image is not where a constant with addresses was linked for. */
bool match_differs(const struct match *x, enum acpi_how how, const char *table, const char *what, uint64_t of,
		   uint64_t found, uint64_t wanted)
{
	*x->d = (struct acpi_difference){how, table, what, found, wanted, of};
	return false;
}

bool match_value(const struct match *x, const char *table, const char *what, uint64_t found, uint64_t wanted)
{
	return found == wanted || match_differs(x, ACPI_OTHER_VALUE, table, what, 0, found, wanted);
}

bool match_absent(const struct match *x, const char *table, const char *what, uint64_t wanted)
{
	return match_differs(x, ACPI_ABSENT, table, what, 0, 0, wanted);
}

/* CPUs that the board file leaves out stay off: nobody can turn them on. */
static bool match_cpus(const struct match *x)
{
	for (uint32_t i = 0; i < x->b->cpu_count; i++) {
		const struct acpi_cpu *cpu = NULL;

		for (uint32_t n = 0; n < x->m->cpu_count; n++) {
			if (x->m->cpus[n].mpidr == x->b->cpus[i].mpidr) {
				cpu = &x->m->cpus[n];
			}
		}
		if (cpu == NULL) {
			return match_absent(x, "APIC", "CPU with MPIDR", x->b->cpus[i].mpidr);
		}
		/* Some firmware leaves it out, as it does the secure timer's. */
		if (cpu->maintenance != 0 && !match_value(x, "APIC", "the GIC's maintenance interrupt",
							  cpu->maintenance, x->b->gic.maintenance)) {
			return false;
		}
	}
	return true;
}

/* The redistributors may be named in several runs that follow each other. */
static bool match_redistributors(const struct match *x)
{
	uint64_t at = x->b->gic.gicr.base;
	uint64_t end = at + x->b->gic.gicr.size;
	bool found = true;

	while (at < end && found) {
		found = false;
		for (uint32_t i = 0; i < x->m->gicr_count && !found; i++) {
			const struct mem_range *r = &x->m->gicr[i];

			found = at - r->base < r->size;
			at = found ? r->base + r->size : at;
		}
	}
	return found || match_absent(x, "APIC", "redistributor at", at);
}

/* A GICv4 is a GICv3 that can do more; 0 leaves it to who asks the GIC itself. */
static bool match_version(const struct match *x)
{
	uint32_t version = x->m->gic_version;

	return version == 0 || match_value(x, "APIC", "the GIC's version", version == 4 ? 3 : version,
					   x->b->gic.version);
}

static bool match_gic(const struct match *x)
{
	return match_version(x) &&
	       match_value(x, "APIC", "the GIC's distributor", x->m->gicd, x->b->gic.gicd.base) &&
	       match_redistributors(x);
}

static bool match_itses(const struct match *x)
{
	for (uint32_t i = 0; i < x->e->its_count; i++) {
		bool found = false;

		for (uint32_t n = 0; n < x->m->its_count; n++) {
			found = found || x->m->its[n].base == x->e->its[i];
		}
		if (!found) {
			return match_absent(x, "APIC", "ITS at", x->e->its[i]);
		}
	}
	return match_value(x, "APIC", "the number of ITSs", x->m->its_count, x->e->its_count);
}

static bool match_smmu(const struct match *x, const struct acpi_expect_smmu *e)
{
	const struct acpi_smmu *s = NULL;

	for (uint32_t n = 0; n < x->m->smmu_count; n++) {
		if (x->m->smmus[n].base == e->base) {
			s = &x->m->smmus[n];
		}
	}
	if (s == NULL) {
		return match_absent(x, "IORT", "SMMUv3 at", e->base);
	}
	return match_value(x, "IORT", "an SMMUv3's event interrupt", s->evtq, e->evtq) &&
	       match_value(x, "IORT", "an SMMUv3's PRI interrupt", s->priq, e->priq) &&
	       match_value(x, "IORT", "an SMMUv3's global error interrupt", s->gerror, e->gerror) &&
	       match_value(x, "IORT", "an SMMUv3's sync interrupt", s->sync, e->sync);
}

/* One that the board file does not name would let everything pass. */
static bool match_smmus(const struct match *x)
{
	for (uint32_t i = 0; i < x->e->smmu_count; i++) {
		if (!match_smmu(x, &x->e->smmus[i])) {
			return false;
		}
	}
	return match_value(x, "IORT", "the number of SMMUv3s", x->m->smmu_count, x->e->smmu_count);
}

static bool match_timers(const struct match *x)
{
	return (x->m->timer_secure == 0 || match_value(x, "GTDT", "the secure timer's interrupt",
						       x->m->timer_secure, x->e->timer_secure)) &&
	       match_value(x, "GTDT", "the physical timer's interrupt", x->m->timer_physical,
			   x->e->timer_physical) &&
	       match_value(x, "GTDT", "the virtual timer's interrupt", x->m->timer_virtual, x->e->timer_virtual) &&
	       match_value(x, "GTDT", "the EL2 timer's interrupt", x->m->timer_hyp, x->e->timer_hyp);
}

/* Which interrupt it raises only matters where the hypervisor has it. */
static bool match_uart(const struct match *x)
{
	const struct uart_desc *u = &x->b->uart;

	return u->kind == UART_NONE ||
	       (match_value(x, "SPCR", "the UART", x->m->uart.base, u->reg.base) &&
		(u->kind != UART_PL011 || acpi_uart_is_pl011(&x->m->uart) ||
		 match_value(x, "SPCR", "the kind of the UART", x->m->uart.kind, ACPI_UART_PL011)) &&
		(u->intid == 0 || match_value(x, "SPCR", "the UART's interrupt", x->m->uart.intid, u->intid)));
}

/* The hypervisor turns CPUs on by SMC. */
static bool match_psci(const struct match *x)
{
	return match_value(x, "FACP", "PSCI", x->m->psci, 1) &&
	       match_value(x, "FACP", "PSCI by HVC", x->m->psci_hvc, 0);
}

bool acpi_match(const struct acpi_machine *m, const struct board_tables *b, const struct acpi_expect *e,
		struct acpi_difference *d)
{
	const struct match x = {m, b, e, d};

	return match_psci(&x) && match_cpus(&x) && match_gic(&x) && match_itses(&x) && match_smmus(&x) &&
	       match_timers(&x) && match_uart(&x) && match_hosts(&x) && match_ids(&x);
}
