// SPDX-License-Identifier: Apache-2.0
/* The few devices that tables say: counters, console (SPCR), PCI hosts (MCFG), watchdogs (GTDT). */
#include "import/tables.h"
#include "types.h"

#define BUS_SIZE MIB(1)
#define SPIS_MAX 988u

/* One PPI for all CPUs, or an SPI for each. */
static void counters_read(struct i_tables *t)
{
	struct i_device *dev = NULL;

	for (uint32_t i = 0; i < t->m.cpu_count; i++) {
		const struct acpi_cpu *cpu = &t->m.cpus[i];
		bool before = cpu->performance < 16 || cpu->performance >= 32 + SPIS_MAX;

		for (uint32_t k = 0; k < i; k++) {
			before = before || t->m.cpus[k].performance == cpu->performance;
		}
		if (before) {
			continue;
		}
		if (dev == NULL) {
			dev = tables_device(t, "pmu", "APIC: the counters of the CPUs");
			tables_compatible(t, dev, "arm,armv8-pmuv3");
		}
		tables_line(t, dev, tables_irq(cpu->performance,
					       cpu->performance_edge ? TRIGGER_EDGE_RISING : TRIGGER_LEVEL_HIGH));
	}
}

static void uart_read(struct i_tables *t)
{
	const struct acpi_uart *u = &t->m.uart;
	struct import *im = t->im;
	struct i_device *dev;

	if (u->base == 0) {
		import_decide(im, &im->console_notes, "no SPCR says where the machine's messages go; name a PL011 for the "
			      "hypervisor's");
		return;
	}
	dev = tables_device(t, "uart0", "SPCR");
	tables_range(t, dev, u->base, PAGE_SIZE);
	if (u->intid != 0) {
		tables_line(t, dev, tables_irq(u->intid, TRIGGER_LEVEL_HIGH));
	}
	if (u->kind == ACPI_UART_PL011) {
		tables_compatible(t, dev, "arm,pl011");
		tables_compatible(t, dev, "arm,primecell");
		im->console = im->device_count - 1;
	} else if (acpi_uart_is_pl011(u)) {
		tables_compatible(t, dev, "arm,sbsa-uart");
		import_decide(im, &im->console_notes, "SPCR says that 'uart0' is an SBSA UART, of which the hypervisor "
			      "drives those that are a whole PL011: then say compatible [\"arm,pl011\", \"arm,primecell\"] and "
			      "name it here");
	} else {
		import_decide(im, &dev->notes, "compatible: it is of kind 0x%02x in SPCR", u->kind);
		import_decide(im, &im->console_notes, "'uart0' is where the machine's messages go, for which the "
			      "hypervisor has no driver: a PL011 it can use");
	}
}

static void fact_add(struct i_tables *t, struct i_device *dev, const char *fact)
{
	dev->facts = import_grow(t->im, dev->facts, dev->fact_count, sizeof(fact));
	dev->facts[dev->fact_count++] = fact;
}

static void segment_read(struct i_tables *t, const struct acpi_segment *s, const char *name)
{
	struct arena *a = t->im->a;
	const char *path = arena_format(a, "MCFG: PCI segment %u, buses %u to %u", s->segment, s->first_bus,
					s->last_bus);
	uint64_t buses = (uint64_t)s->last_bus - s->first_bus + 1;
	struct i_device *dev = tables_device(t, name, path);

	dev->pci = true;
	tables_compatible(t, dev, "pci-host-ecam-generic");
	tables_range(t, dev, s->ecam + s->first_bus * BUS_SIZE, buses * BUS_SIZE);
	tables_segment(t, dev, s->segment);
	import_decide(t->im, &dev->notes, "windows and interrupts: _CRS and _PRT of the host in the DSDT (PNP0A08, "
		      "_SEG %u)", s->segment);
	fact_add(t, dev, "device_type: pci");
	fact_add(t, dev, "\"#address-cells\": [3]");
	fact_add(t, dev, "\"#size-cells\": [2]");
	fact_add(t, dev, arena_format(a, "bus-range: [%u, %u]", s->first_bus, s->last_bus));
	fact_add(t, dev, arena_format(a, "\"linux,pci-domain\": [%u]", s->segment));
}

static void watchdog_read(struct i_tables *t, uint32_t i)
{
	const struct acpi_watchdog *w = &t->m.watchdogs[i];
	struct i_device *dev = tables_device(t, arena_format(t->im->a, "watchdog%u", i), "GTDT");

	tables_compatible(t, dev, "arm,sbsa-gwdt");
	tables_range(t, dev, w->control, PAGE_SIZE);
	tables_range(t, dev, w->refresh, PAGE_SIZE);
	if (w->intid >= 32 && w->intid < 32 + SPIS_MAX) {
		tables_line(t, dev, tables_irq(w->intid, TRIGGER_LEVEL_HIGH));
	}
	import_note(t->im, &dev->notes, "if GTDT's flags say that it is a secure one, only firmware can use it");
}

void tables_devices(struct i_tables *t)
{
	struct import *im = t->im;

	import_decide(im, &im->top, "no device is here that only AML describes: 'iasl -d dsdt.dat' (and ssdt*.dat) "
		      "makes a text of it. Each that a domain is to use needs an entry below 'devices', with the "
		      "registers and interrupts of its _CRS.");
	counters_read(t);
	uart_read(t);
	for (uint32_t i = 0; i < t->m.segment_count; i++) {
		segment_read(t, &t->m.segments[i], arena_format(im->a, "pcie%u", i));
	}
	for (uint32_t i = 0; i < t->m.watchdog_count; i++) {
		watchdog_read(t, i);
	}
	tables_named(t);
}
