// SPDX-License-Identifier: Apache-2.0
/* Machines of which one thing is otherwise. */
#include "machine.h"

void machine_no_psci(struct build_machine_state *s)
{
	s->m.psci = false;
}

void machine_hvc(struct build_machine_state *s)
{
	s->m.psci_hvc = true;
}

void machine_other_boot_cpu(struct build_machine_state *s)
{
	s->b.boot_mpidr = 1;
}

void machine_two_maintenances(struct build_machine_state *s)
{
	s->m.cpu_count = 2;
	s->m.cpus[1] = (struct acpi_cpu){.mpidr = 1, .uid = 1, .maintenance = 24};
}

void machine_gicv2(struct build_machine_state *s)
{
	s->m.gic_version = 2;
}

void machine_gicr_apart(struct build_machine_state *s)
{
	s->m.gicr_count = 2;
	s->m.gicr[1] = (struct mem_range){0x0a000000, 0x20000};
}

void machine_gicr_short(struct build_machine_state *s)
{
	s->m.gicr[0].size = 0x10000;
}

void machine_no_uart(struct build_machine_state *s)
{
	s->m.uart.kind = 0;
}

void machine_uart_silent(struct build_machine_state *s)
{
	s->m.uart.intid = 0;
}

void machine_maintenance_is_timer(struct build_machine_state *s)
{
	s->m.timer_virtual = s->m.cpus[0].maintenance;
}

void machine_counters_are_maintenance(struct build_machine_state *s)
{
	s->m.cpus[0].performance = s->m.cpus[0].maintenance;
}

/* Which nobody says, but it is the usual one. */
void machine_timer_is_usual_maintenance(struct build_machine_state *s)
{
	s->m.cpus[0].maintenance = 0;
	s->m.timer_hyp = 25;
}

void machine_uart_is_smmu(struct build_machine_state *s)
{
	s->m.smmus[0].gerror = s->m.uart.intid;
}

void machine_overlap(struct build_machine_state *s)
{
	s->m.its[0].base = s->m.gicr[0].base + 0x10000;
}

void machine_ram_over_smmu(struct build_machine_state *s)
{
	s->m.smmus[0].base = 0x40000000;
}

void machine_ram_over_hidden(struct build_machine_state *s)
{
	s->m.hidden[0].base = 0x40000000;
}

void machine_beyond(struct build_machine_state *s)
{
	machine_map_add(s, EFI_CONVENTIONAL, BIT64(40), 0x1000);
}

void machine_no_ram(struct build_machine_state *s)
{
	for (uint32_t i = 0; i < s->b.map_size / MAP_STEP; i++) {
		machine_map_at(s, i)->type = EFI_RESERVED;
	}
}

void machine_in_page(struct build_machine_state *s)
{
	machine_map_at(s, 3)->base += 0x800;
}

void machine_past_smmu(struct build_machine_state *s)
{
	s->m.maps[0].smmu = ACPI_ITS;
}

void machine_named_past_smmu(struct build_machine_state *s)
{
	s->m.maps[s->m.map_count++] = (struct acpi_map){ACPI_NAMED, 500, 0, 0, 1, ACPI_ITS, 48, 0};
}

void machine_wide_ids(struct build_machine_state *s)
{
	s->m.maps[0].out = BIT32(30);
}

/* 2^32 of them, which is none in 32 bits: in one mapping, and in two that follow each other. */
void machine_all_ids(struct build_machine_state *s)
{
	s->m.maps[s->m.map_count++] = (struct acpi_map){ACPI_NAMED, 500, 0, UINT32_MAX, 0, 0, 0, 0};
}

void machine_all_ids_in_two(struct build_machine_state *s)
{
	s->m.maps[s->m.map_count++] = (struct acpi_map){ACPI_NAMED, 500, 0, BIT32(31) - 1, 0, 0, 0, 0};
	s->m.maps[s->m.map_count++] = (struct acpi_map){ACPI_NAMED, 500, BIT32(31), UINT32_MAX, BIT32(31), 0, 0, 0};
}

void machine_many_smmus(struct build_machine_state *s)
{
	for (s->m.smmu_count = 0; s->m.smmu_count <= SMMUS_MAX; s->m.smmu_count++) {
		s->m.smmus[s->m.smmu_count] = (struct acpi_smmu){.base = 0x20000000 + s->m.smmu_count * 0x20000};
	}
}

void machine_messages(struct build_machine_state *s)
{
	s->b.msi = &s->msi;
}

void machine_two_itses(struct build_machine_state *s)
{
	s->m.its_count = 2;
	s->m.its[1] = (struct acpi_its){0x20000000, 1};
}

void machine_no_its(struct build_machine_state *s)
{
	s->m.its_count = 0;
}

void machine_no_lpis(struct build_machine_state *s)
{
	(void)s;
	probed.typer = 0x01780007;
}

void machine_few_lpis(struct build_machine_state *s)
{
	(void)s;
	probed.typer = 0x01620007;
}

void machine_wide_devices(struct build_machine_state *s)
{
	s->m.maps[2].out = BIT32(18) - 0xffff;
}

void machine_its_not_there(struct build_machine_state *s)
{
	probed.nothing = s->m.its[0].base;
}

void machine_gicd_unmapped(struct build_machine_state *s)
{
	probed.unmapped = s->m.gicd;
}

void machine_gicd_not_there(struct build_machine_state *s)
{
	probed.nothing = s->m.gicd;
}

void machine_gicd_is_v2(struct build_machine_state *s)
{
	(void)s;
	probed.id = 0x2b;
}

void machine_gicr_not_there(struct build_machine_state *s)
{
	probed.nothing = s->m.gicr[0].base;
}

void machine_smmu_not_there(struct build_machine_state *s)
{
	probed.nothing = s->m.smmus[0].base;
}

void machine_uart_not_there(struct build_machine_state *s)
{
	probed.nothing = s->m.uart.base;
}

void machine_little_memory(struct build_machine_state *s)
{
	s->b.size = MIB(1) + 0x20000;
	machine_resize(s);
}
