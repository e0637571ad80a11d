// SPDX-License-Identifier: Apache-2.0
/* CPUs, interrupt controller and timers of the tables. */
#include <stdlib.h>

#include "import/tables.h"
#include "types.h"

#define GICD_SIZE KIB(64)
#define GICR_FRAME KIB(128)
#define MAINTENANCE_INTID 25u /* Server Base System Architecture */
#define SECURE_INTID 29u

static bool psci_check(struct i_tables *t)
{
	struct diag_msg *m;

	if (!t->m.psci) {
		m = import_refuse(t->im, 703, NULL, "table FACP: no firmware with PSCI");
		diag_note(m, pos_none, "the hypervisor and its domains turn CPUs on and off by PSCI 0.2 or later");
		return false;
	}
	if (t->m.psci_hvc) {
		m = import_refuse(t->im, 703, NULL, "table FACP: PSCI is not called by SMC: these are a hypervisor's "
				  "tables for its guest");
		diag_help(m, "import the tables of the machine itself");
		return false;
	}
	return true;
}

static void cpus_read(struct i_tables *t)
{
	struct import *im = t->im;

	im->cpus = arena_array(im->a, t->m.cpu_count, sizeof(im->cpus[0]));
	for (uint32_t i = 0; i < t->m.cpu_count; i++) {
		im->cpus[im->cpu_count++] =
			(struct i_cpu){.name = arena_format(im->a, "cpu%u", i), .mpidr = t->m.cpus[i].mpidr};
	}
	import_decide(im, &im->cpu_notes, "the first one must be the one that boots");
}

static bool version_read(struct i_tables *t)
{
	uint32_t version = t->m.gic_version;
	struct diag_msg *m;

	/* GICv4 is GICv3 with more; 0 is for who asks the GIC itself, where redistributors tell. */
	if (version == 3 || version == 4 || (version == 0 && t->m.gicr_count > 0)) {
		t->im->gic_version = 3;
		return true;
	}
	m = import_refuse(t->im, 702, NULL, "table APIC: a GICv%u", version);
	diag_note(m, pos_none, "the tables of a machine with a GICv3 can be imported");
	return false;
}

static int run_compare(const void *a, const void *b)
{
	const struct mem_range *x = a, *y = b;

	return x->base < y->base ? -1 : x->base > y->base;
}

static bool gicr_read(struct i_tables *t)
{
	struct import *im = t->im;
	struct diag_msg *m;

	if (t->m.gicr_count == 0) {
		import_refuse(im, 702, NULL, "table APIC: there are no redistributors");
		return false;
	}
	qsort(t->m.gicr, t->m.gicr_count, sizeof(t->m.gicr[0]), run_compare);
	for (uint32_t i = 0; i < t->m.gicr_count; i++) {
		const struct mem_range *r = &t->m.gicr[i];
		if (i > 0 && r->base != i_last(&im->gicr) + 1) {
			m = import_refuse(im, 702, NULL, "table APIC: the redistributors at 0x%llx do not follow those before",
					  (unsigned long long)r->base);
			diag_note(m, pos_none, "the hypervisor drives one run of them");
			return false;
		}
		im->gicr = (struct i_range){i == 0 ? r->base : im->gicr.base, im->gicr.size + r->size};
	}
	if (im->gicr.size / GICR_FRAME < im->cpu_count) {
		import_refuse(im, 702, NULL, "table APIC: redistributors for %llu CPUs, but there are %zu",
			      (unsigned long long)(im->gicr.size / GICR_FRAME), im->cpu_count);
		return false;
	}
	return true;
}

static void maintenance_read(struct i_tables *t)
{
	struct import *im = t->im;
	const struct acpi_cpu *first = &t->m.cpus[0];
	bool same = first->maintenance != 0;

	for (uint32_t i = 1; i < t->m.cpu_count; i++) {
		same = same && t->m.cpus[i].maintenance == first->maintenance;
	}
	if (!same) {
		import_decide(im, &im->gic_notes, "maintenance: the CPUs' entries do not all say the same one; PPI 9 is "
			      "usual");
	}
	im->maintenance = tables_irq(same ? first->maintenance : MAINTENANCE_INTID,
				     first->maintenance_edge ? TRIGGER_EDGE_RISING : TRIGGER_LEVEL_HIGH);
}

static bool timers_read(struct i_tables *t)
{
	static const char *const names[] = {"secure", "physical", "virtual", "hypervisor"};
	const uint32_t intids[] = {t->m.timer_secure, t->m.timer_physical, t->m.timer_virtual, t->m.timer_hyp};
	struct import *im = t->im;

	for (size_t i = 0; i < ARRAY_SIZE(im->timer); i++) {
		bool edge = (t->m.timer_flags[i] & ACPI_TIMER_EDGE) != 0, low = (t->m.timer_flags[i] & ACPI_TIMER_LOW) != 0;
		bool there = intids[i] >= 16 && intids[i] < 32;

		/* The reader has seen to the others. */
		if (!there) {
			import_note(im, &im->cpu_notes, "timer: GTDT has no interrupt of the secure one; PPI 13 is usual");
		}
		im->timer[i] = tables_irq(there ? intids[i] : SECURE_INTID,
					  edge ? (low ? TRIGGER_EDGE_FALLING : TRIGGER_EDGE_RISING)
					       : (low ? TRIGGER_LEVEL_LOW : TRIGGER_LEVEL_HIGH));
		for (size_t k = 0; k < i; k++) {
			if (im->timer[k].number == im->timer[i].number) {
				import_refuse(im, 704, NULL, "table GTDT: the %s and the %s timer have the same PPI %u", names[k],
					      names[i], im->timer[i].number);
				return false;
			}
		}
	}
	return true;
}

bool tables_machine(struct i_tables *t)
{
	struct import *im = t->im;

	if (!psci_check(t) || !version_read(t)) {
		return false;
	}
	cpus_read(t);
	im->gicd = (struct i_range){t->m.gicd, GICD_SIZE};
	if (!gicr_read(t)) {
		return false;
	}
	maintenance_read(t);
	im->itses = arena_array(im->a, t->m.its_count, sizeof(im->itses[0]));
	for (uint32_t i = 0; i < t->m.its_count; i++) {
		im->itses[im->its_count++] = (struct i_its){
			.name = arena_format(im->a, "its%u", i), .reg = {t->m.its[i].base, ITS_SIZE}};
	}
	return timers_read(t);
}
