/* SPDX-License-Identifier: Apache-2.0 */
/* Windows that a hypervisor answers: every size at every register, and what has no syndrome. */
#include "badguest.h"

#define WINDOWS_MAX 4

struct window {
	const char *name;
	struct machine_range range;
	uint64_t probe; /* offset of a register that may be read at any time, 32 bits wide */
	bool trapped;   /* by the hypervisor: the GICv2 CPU interface is not */
};

static struct window windows[WINDOWS_MAX];
static uint32_t window_count;

static void add_window(const char *name, struct machine_range range, uint64_t probe, bool trapped)
{
	windows[window_count++] = (struct window){name, range, probe, trapped};
}

static void find_windows(void)
{
	add_window("gicd", machine.gicd, GICD_TYPER, true);
	if (machine.gic_version == 3) {
		struct machine_range frames = {machine.gicr.base, machine.cpu_count * MACHINE_GICR_STRIDE};

		add_window("gicr", frames, GICR_TYPER, true);
	} else {
		struct machine_range gicc = {machine.gicc.base, 0x2000};

		add_window("gicc", gicc, GICC_PMR, false);
	}
	if (machine.uart.base != 0) {
		add_window("uart", machine.uart, PL011_PERIPH_ID0, true);
	}
}

/* Done, or an external abort that is as it should be; unaligned: an alignment fault too. */
static bool is_answer(enum op op, uint64_t addr, const struct trap_record *trap)
{
	bool is_alignment = trap->count == 1 && ESR_EC(trap->esr) == EC_DABT_CUR &&
			    ESR_FSC(trap->esr) == FSC_ALIGNMENT && trap->far == addr;

	return !trap->taken || is_alignment || badguest_is_external_abort(op, addr, trap);
}

/* Loads and stores with a syndrome, of each size, at each offset. */
static void test_sizes(const struct window *window)
{
	uint32_t wrong = 0;
	uint64_t result;

	for (uint64_t offset = 0; offset < window->range.size; offset += 2) {
		uint64_t addr = window->range.base + offset;

		for (enum op op = 0; op < OP_COMPLEX_LOAD_FIRST && wrong < 10; op++) {
			bool is_store = op >= OP_STORE_FIRST;

			/* The UART keeps its settings: the results are printed there. */
			if ((offset & 2) != 0 && op != OP_LOAD_FIRST + 1 && op != OP_STORE_FIRST + 1) {
				continue;
			}
			if (is_store && machine.uart.base == window->range.base) {
				continue;
			}
			/* Across the end, FAR may name either part. */
			if (offset + 8 > window->range.size && (offset & 7) != 0) {
				continue;
			}
			struct trap_record trap =
				badguest_run(op, addr, offset & 4 ? 0 : ~UINT64_C(0), &result);

			if (!is_answer(op, addr, &trap)) {
				console_printf("%s+%lx op %u: ESR %lx FAR %lx, %u exceptions\n", window->name,
					       offset, op, trap.esr, trap.far, trap.count);
				wrong++;
			}
		}
	}
	check_that(wrong == 0, "window-sizes", "%s: %u wrong answers", window->name, wrong);
}

/* Pairs, vectors, write-back, atomics: the CPU does not say what they are. */
static void test_no_syndrome(const struct window *window)
{
	uint64_t addr = (window->range.base + window->probe) & ~UINT64_C(15);
	uint32_t wrong = 0;
	uint64_t result;

	for (enum op op = OP_COMPLEX_LOAD_FIRST; op < OP_MAINTENANCE_FIRST; op++) {
		if (!badguest_has(op)) {
			continue;
		}
		struct trap_record trap = badguest_run(op, addr, 0, &result);
		bool ok = badguest_strict() && window->trapped ? badguest_is_external_abort(op, addr, &trap)
							       : trap.count <= 1;

		if (!ok) {
			console_printf("%s+%lx op %u: ESR %lx FAR %lx, %u exceptions\n", window->name,
				       addr - window->range.base, op, trap.esr, trap.far, trap.count);
			wrong++;
		}
	}
	for (enum op op = OP_MAINTENANCE_FIRST; op < OP_COUNT; op++) {
		wrong += badguest_run(op, addr, 0, &result).count > 1;
	}
	check_that(wrong == 0, "window-no-syndrome", "%s: %u wrong answers", window->name, wrong);
}

/* Sign extension, and every destination register. */
static void test_registers(const struct window *window)
{
	uint64_t addr = window->range.base + window->probe;
	uint32_t value = mmio_read32(addr);
	uint64_t result;
	struct trap_record trap = badguest_run(OP_LOAD_SIGNED_32, addr, 0, &result);

	check_that(!trap.taken && result == (uint64_t)(int64_t)(int32_t)value, "window-sign",
		   "%s: %lx for %x", window->name, result, value);

	uint64_t seen[8];

	/* The upper halves hold rubbish before; a 32-bit load clears them. */
	__asm__ volatile("mov x9, #-1\nmov x14, #-1\nmov x19, #-1\nmov x25, #-1\nmov x28, #-1\nmov x30, #-1\n"
			 "ldr w9, [%0]\nldr w14, [%0]\nldr w19, [%0]\nldr w25, [%0]\nldr w28, [%0]\n"
			 "ldr w30, [%0]\nldr wzr, [%0]\n"
			 "stp x9, x14, [%1]\nstp x19, x25, [%1, #16]\nstp x28, x30, [%1, #32]\n"
			 "stp xzr, xzr, [%1, #48]"
			 :
			 : "r"(addr), "r"(seen)
			 : "x9", "x14", "x19", "x25", "x28", "x30", "memory");
	uint32_t wrong = 0;

	for (uint32_t i = 0; i < 6; i++) {
		wrong += seen[i] != value;
	}
	check_that(wrong == 0 && seen[6] == 0, "window-registers", "%s: %u of 6 wrong, %lx for %x",
		   window->name, wrong, seen[0], value);
}

/* After writes everywhere: back to a GIC that is off, then on. */
static void reset_gic(void)
{
	uint64_t gicd = machine.gicd.base;
	uint32_t words = 1 + (mmio_read32(gicd + GICD_TYPER) & 0x1f);

	for (uint32_t i = 0; i < words; i++) {
		uint64_t frame = gic_frame(32 * i);

		mmio_write32(frame + GICD_ICENABLER + 4 * i, 0xffffffff);
		mmio_write32(frame + GICD_ICPENDR + 4 * i, 0xffffffff);
		mmio_write32(frame + GICD_ICACTIVER + 4 * i, 0xffffffff);
	}
	if (machine.gic_version == 2) {
		for (uint64_t i = 0; i < 16; i += 4) {
			mmio_write32(gicd + 0xf10 + i, 0xffffffff);    /* GICD_CPENDSGIR */
			mmio_write32(machine.gicc.base + 0xd0 + i, 0); /* GICC_APR */
			mmio_write32(machine.gicc.base + 0xe0 + i, 0); /* GICC_NSAPR */
		}
		mmio_write32(gicd + GICD_IGROUPR, 0);
	}
	for (uint32_t i = 0; i < 32; i++) {
		gic_set_priority(i, 0xa0);
	}
	gic_init();
	/* What was pending at the CPU interface all the same. */
	for (uint32_t i = 0; i < 64; i++) {
		uint32_t iar = gic_ack();

		if ((iar & 0x3ff) >= GIC_SPURIOUS) {
			break;
		}
		gic_eoi(iar);
	}
}

void badguest_window(void)
{
	find_windows();
	for (uint32_t i = 0; i < window_count; i++) {
		test_registers(&windows[i]);
		test_no_syndrome(&windows[i]);
		test_sizes(&windows[i]);
		if (windows[i].range.base != machine.uart.base) {
			reset_gic();
		}
	}
}
