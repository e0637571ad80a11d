/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Memory that is no RAM, under each stage-2 type. Stage 1 maps it all Normal
 * write-back and executable, so what differs is stage 2 alone. On the command line:
 *   normal=A      64 KiB declared normal
 *   exec=A        64 KiB declared normal and executable
 *   read-only=A   64 KiB declared normal and read-only, of zeros
 *   device=A      64 KiB declared device
 *   xen           asks Xen for the first and the last before it uses them
 *   bare          no hypervisor: only what a CPU does by itself
 */
#include "memtypes.h"

#include "rt/check.h"
#include "rt/machine.h"
#include "rt/mmu.h"
#include "rt/trap.h"

#define AWAY 3u /* off all alignment */
#define BYTES 189u /* two whole lines of DC ZVA; less than 16 faults */

static uint8_t source[BYTES + 16];

static bool option(const char *name, uint64_t *at)
{
	return machine_option_number(name, 0, at);
}

static uint32_t differs(const uint8_t *a, const uint8_t *b, uint32_t size)
{
	uint32_t wrong = 0;

	for (uint32_t i = 0; i < size; i++) {
		wrong += a[i] != b[i];
	}
	return wrong;
}

static uint32_t not_value(const uint8_t *a, uint8_t value, uint32_t size)
{
	uint32_t wrong = 0;

	for (uint32_t i = 0; i < size; i++) {
		wrong += a[i] != value;
	}
	return wrong;
}

/* What plain code does to memory: memcpy and memset as a library has them. */
static void test_normal(uint64_t base)
{
	uint8_t *at = (uint8_t *)(uintptr_t)base;
	struct trap_record trap;

	for (uint32_t i = 0; i < sizeof(source); i++) {
		source[i] = (uint8_t)(i * 7 + 1);
	}
	trap_arm();
	plain_copy(at + AWAY, source + 1, BYTES);
	trap = trap_disarm();
	check_that(!trap.taken && differs(at + AWAY, source + 1, BYTES) == 0, "normal-memcpy",
		   "%u bytes differ, %u exceptions, ESR %lx", differs(at + AWAY, source + 1, BYTES), trap.count,
		   trap.esr);
	trap_arm();
	plain_set(at + AWAY, 0x5a, BYTES);
	trap = trap_disarm();
	check_that(!trap.taken && not_value(at + AWAY, 0x5a, BYTES) == 0 && at[AWAY + BYTES] != 0x5a,
		   "normal-memset", "%u bytes differ, %u exceptions, ESR %lx", not_value(at + AWAY, 0x5a, BYTES),
		   trap.count, trap.esr);
	trap_arm();
	word_write(base + 0x1001, UINT64_C(0x1122334455667788));
	uint64_t word = word_read(base + 0x1001);
	trap = trap_disarm();
	check_that(!trap.taken && word == UINT64_C(0x1122334455667788), "normal-unaligned", "%lx, ESR %lx", word,
		   trap.esr);
	at[0x2000 - 1] = 0x11;
	at[0x2000 + line_size()] = 0x22;
	at[0x2000] = 0x33;
	trap_arm();
	line_zero(base + 0x2000);
	trap = trap_disarm();
	check_that(!trap.taken && not_value(at + 0x2000, 0, (uint32_t)line_size()) == 0 && at[0x1fff] == 0x11 &&
			   at[0x2000 + line_size()] == 0x22,
		   "normal-dc-zva", "ESR %lx", trap.esr);
}

/* Fetches an instruction that returns. */
static struct trap_record fetch(uint64_t base)
{
	struct trap_record trap;

	*(volatile uint32_t *)(uintptr_t)base = 0xd65f03c0; /* ret */
	__asm__ volatile("dc cvau, %0; dsb ish; ic ivau, %0; dsb ish; isb" ::"r"(base) : "memory");
	TRAP_PROBE(trap, "blr %0" ::"r"(base) : "x30", "memory");
	return trap;
}

static bool is_fetch_abort(const struct trap_record *trap, uint64_t at)
{
	return trap->taken && ESR_EC(trap->esr) == EC_IABT_CUR && trap->far == at && trap->count == 1;
}

static bool is_data_abort(const struct trap_record *trap, uint64_t at, uint32_t fsc)
{
	return trap->taken && trap->count == 1 && ESR_EC(trap->esr) == EC_DABT_CUR &&
	       ESR_FSC(trap->esr) == fsc && trap->far == at;
}

static void test_exec(uint64_t base, bool allowed)
{
	struct trap_record trap = fetch(base);

	check_that(allowed ? !trap.taken : is_fetch_abort(&trap, base),
		   allowed ? "exec-fetch" : "normal-fetch", "%u exceptions, ESR %lx FAR %lx", trap.count,
		   trap.esr, trap.far);
}

static void test_read_only(uint64_t base)
{
	struct trap_record trap;

	trap_arm();
	word_write(base, 42);
	trap = trap_disarm();
	check_that(is_data_abort(&trap, base, FSC_EXTERNAL) && word_read(base) == 0, "read-only",
		   "%u exceptions, ESR %lx, then %lx", trap.count, trap.esr, word_read(base));
}

/* Aligned words work; anything else is the guest's own alignment fault. */
static void test_device(uint64_t base)
{
	struct trap_record trap;

	trap_arm();
	word_write(base, UINT64_C(0x1234));
	uint64_t word = word_read(base);
	trap = trap_disarm();
	check_that(!trap.taken && word == 0x1234, "device-aligned", "%lx, ESR %lx", word, trap.esr);
	trap_arm();
	(void)word_read(base + 1);
	trap = trap_disarm();
	check_that(is_data_abort(&trap, base + 1, FSC_ALIGNMENT), "device-unaligned-read",
		   "%u exceptions, ESR %lx FAR %lx", trap.count, trap.esr, trap.far);
	trap_arm();
	word_write(base + 3, ~UINT64_C(0));
	trap = trap_disarm();
	check_that(is_data_abort(&trap, base + 3, FSC_ALIGNMENT) && word_read(base) == 0x1234,
		   "device-unaligned-write", "%u exceptions, ESR %lx FAR %lx", trap.count, trap.esr, trap.far);
	/* A page that no TLB has yet: the walk itself finds the fault. */
	trap_arm();
	(void)word_read(base + 0x3005);
	trap = trap_disarm();
	check_that(is_data_abort(&trap, base + 0x3005, FSC_ALIGNMENT), "device-unaligned-first",
		   "%u exceptions, ESR %lx FAR %lx", trap.count, trap.esr, trap.far);
	trap_arm();
	plain_copy((uint8_t *)(uintptr_t)base + AWAY, source + 1, 32);
	trap = trap_disarm();
	check_that(trap.taken && ESR_EC(trap.esr) == EC_DABT_CUR && ESR_FSC(trap.esr) == FSC_ALIGNMENT,
		   "device-memcpy", "%u exceptions, ESR %lx", trap.count, trap.esr);
	/* QEMU 10 zeroes Device memory without the fault that the architecture has. */
	trap_arm();
	line_zero(base + 0x1000);
	trap = trap_disarm();
	check_that(trap.taken ? is_data_abort(&trap, base + 0x1000, FSC_ALIGNMENT) : word_read(base + 0x1000) == 0,
		   "device-dc-zva", "%u exceptions, ESR %lx", trap.count, trap.esr);
}

void payload_secondary(uint32_t index)
{
	(void)index;
}

void payload_main(void)
{
	bool strict = !machine_option("bare");
	uint64_t at;

	mmu_enable();
	if (machine_option("xen") && option("normal", &at)) {
		test_dev_mmio(at, "xen-normal", "xen-normal-batch");
	}
	if (machine_option("xen") && option("device", &at)) {
		test_dev_mmio(at, "xen-device", "xen-device-batch");
	}
	if (option("normal", &at)) {
		test_normal(at);
		if (strict) {
			test_exec(at, false);
		}
	}
	if (option("exec", &at)) {
		test_exec(at, true);
	}
	if (option("read-only", &at)) {
		test_read_only(at);
	}
	if (option("device", &at)) {
		test_device(at);
	}
	mmu_disable();
	check_report();
}
