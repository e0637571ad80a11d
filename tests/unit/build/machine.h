/* SPDX-License-Identifier: Apache-2.0 */
/* Machines that nobody has, as their ACPI tables and UEFI's memory map tell of them. */
#ifndef TESTS_UNIT_BUILD_MACHINE_H
#define TESTS_UNIT_BUILD_MACHINE_H

#include "firmware/build/build.h"
#include "firmware/efi.h"

#define SMALL_HOME UINT64_C(0x60000000)
#define LARGE_CPUS 48u
#define MAP_MAX 512u
#define MAP_STEP 48u

struct build_machine_state {
	struct build b;
	struct acpi_machine m;
	struct board_tables board;
	struct domain_desc domain;
	struct ondemand_list ondemand;
	struct msi_desc msi;
	_Alignas(8) uint8_t map[MAP_MAX * MAP_STEP];
};

/* What arch_probe32() meets: registers that say they are a GICv3's, everywhere but in two frames
 * of 64 KiB. */
struct probed {
	uint64_t nothing;  /* the frame where nothing is; 1: none */
	uint64_t unmapped; /* the frame that UEFI has not mapped; 1: none */
	uint32_t id;       /* GICD_PIDR2 and the like */
	uint32_t typer;    /* GICD_TYPER */
};
extern struct probed probed;

/* Like QEMU's virt: one CPU, one SMMU, one ITS, 2 GiB. */
void machine_small(struct build_machine_state *s);
/* 48 CPUs in two runs of redistributors, seven SMMUs, memory in pieces far apart. */
void machine_large(struct build_machine_state *s);
/* The hypervisor's RAM anew: s->b.size bytes. */
void machine_resize(struct build_machine_state *s);

/* A descriptor more, and one of those that there are, of UEFI's memory map. */
void machine_map_add(struct build_machine_state *s, uint32_t type, uint64_t base, uint64_t size);
struct efi_memory *machine_map_at(struct build_machine_state *s, uint32_t i);

/* changes.c: one thing is otherwise. */
void machine_no_psci(struct build_machine_state *s);
void machine_hvc(struct build_machine_state *s);
void machine_other_boot_cpu(struct build_machine_state *s);
void machine_two_maintenances(struct build_machine_state *s);
void machine_gicv2(struct build_machine_state *s);
void machine_gicr_apart(struct build_machine_state *s);
void machine_gicr_short(struct build_machine_state *s);
void machine_no_uart(struct build_machine_state *s);
void machine_uart_silent(struct build_machine_state *s);
void machine_maintenance_is_timer(struct build_machine_state *s);
void machine_counters_are_maintenance(struct build_machine_state *s);
void machine_timer_is_usual_maintenance(struct build_machine_state *s);
void machine_uart_is_smmu(struct build_machine_state *s);
void machine_overlap(struct build_machine_state *s);
void machine_ram_over_smmu(struct build_machine_state *s);
void machine_ram_over_hidden(struct build_machine_state *s);
void machine_beyond(struct build_machine_state *s);
void machine_no_ram(struct build_machine_state *s);
void machine_in_page(struct build_machine_state *s);
void machine_past_smmu(struct build_machine_state *s);
void machine_named_past_smmu(struct build_machine_state *s);
void machine_wide_ids(struct build_machine_state *s);
void machine_all_ids(struct build_machine_state *s);
void machine_all_ids_in_two(struct build_machine_state *s);
void machine_many_smmus(struct build_machine_state *s);
void machine_gicd_not_there(struct build_machine_state *s);
void machine_gicd_is_v2(struct build_machine_state *s);
void machine_gicr_not_there(struct build_machine_state *s);
void machine_smmu_not_there(struct build_machine_state *s);
void machine_uart_not_there(struct build_machine_state *s);
void machine_little_memory(struct build_machine_state *s);

/* The domain is to have messages. */
void machine_messages(struct build_machine_state *s);
/* It cannot, but all the rest. */
void machine_no_its(struct build_machine_state *s);
void machine_its_not_there(struct build_machine_state *s);
void machine_gicd_unmapped(struct build_machine_state *s);
void machine_two_itses(struct build_machine_state *s);
void machine_no_lpis(struct build_machine_state *s);
void machine_few_lpis(struct build_machine_state *s);
void machine_wide_devices(struct build_machine_state *s);

/* Some things are otherwise. */
void machine_random(struct build_machine_state *s, uint64_t *seed);

#endif
