/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Random instructions, each executed by itself, with registers that point to memory of this
 * guest's, to nothing, to the GIC, or are any number. Some are any of 2^32, some are of those
 * kinds that a hypervisor gets to see. What is executed is far from all that is needed here;
 * branches that would come here are left out, and so are indices that are scaled: eight times an
 * address in the GIC is one in RAM.
 */
#include "hostile.h"

#define BRK 0xd4200000u
#define SLOTS 512u  /* made at once: an instruction and BRK */
#define FRESH 4u    /* registers that change from one to the next */
#define PATIENCE_US 2000u
#define SP 31u

enum outcome { OUT_THROUGH, OUT_UNDEFINED, OUT_ABORT, OUT_INTERRUPT, OUT_OTHER, OUTCOMES };

extern const char __image_start[], __image_end[];
#define IMAGE_SIZE ((uint64_t)(__image_end - __image_start))

uint64_t hostile_execute(const uint32_t *code, const uint64_t regs[32]);

static uint64_t regs[32];

static uint64_t quarter(uint32_t n)
{
	return machine.ram[0].base + machine.ram[0].size / 4 * n;
}

static uint64_t some_register(void)
{
	uint64_t r = hostile_random();

	switch (r & 15) {
	case 0:
		return machine.gicd.base + (r >> 16 & 0xffff);
	case 1:
		return machine.gicr.base + (r >> 16 & 0x1ffff);
	case 2:
	case 3:
		return HOLE + (r >> 16 & 0xffff);
	case 4:
	case 5:
		return r >> 16 & 0xff;
	case 6:
		return hostile_random();
	default:
		return quarter(3) + 0x10000 + (r >> 16 & 0xfff8);
	}
}

/* System instructions that take away what comes back from here needs. */
static bool is_own_end(uint32_t word)
{
	uint32_t reg = word & 0x1fffe0u;

	return (word & 0xffe00000u) == 0xd5000000u && (hostile_is_fatal(reg) || reg == HOSTILE_VBAR);
}

/* B and BL reach all of RAM. */
static bool is_branch_home(uint32_t word, uint64_t at)
{
	int32_t offset = (int32_t)(word << 6) >> 4;
	uint64_t to = at + (uint64_t)(int64_t)offset;

	return (word & 0x7c000000u) == 0x14000000u && to - (uintptr_t)__image_start < IMAGE_SIZE;
}

/* Loads and stores by a register and an index, with a shift. */
static bool is_scaled(uint32_t word)
{
	return (word & 0x3b201c00u) == 0x38201800u;
}

static uint32_t some_word(void)
{
	uint64_t r = hostile_random();
	uint32_t word = (uint32_t)(r >> 32);

	switch (r & 15) {
	case 0:
		return ((r & 16) != 0 ? 0xd4000002u : 0xd4000003u) | (word & 0x1fffe0u);
	case 1:
	case 2:
		return 0xd5000000u | (word & 0x3fffffu);
	case 3:
	case 4:
	case 5: /* loads and stores */
		return (word | 1u << 27) & ~(1u << 25);
	default:
		return word;
	}
}

static void make(uint32_t *code)
{
	for (uint32_t i = 0; i < SLOTS; i++) {
		uint32_t *at = &code[2 * i];

		do {
			*at = some_word();
		} while (is_own_end(*at) || is_scaled(*at) || is_branch_home(*at, (uintptr_t)at));
		code[2 * i + 1] = BRK;
	}
	for (uint32_t i = 0; i < 2 * SLOTS; i += 8) {
		__asm__ volatile("dc cvau, %0" : : "r"(&code[i]) : "memory");
	}
	__asm__ volatile("dsb ish; ic iallu; dsb ish; isb" ::: "memory");
}

static enum outcome execute(const uint32_t *code)
{
	uint64_t vector, esr, elr;

	for (uint32_t i = 0; i < FRESH; i++) {
		regs[hostile_random() % SP] = some_register();
	}
	regs[SP] = quarter(3) + 0x20000;
	SYSREG_WRITE(cntv_cval_el0, arch_counter() + SYSREG_READ(cntfrq_el0) / 1000000 * PATIENCE_US);
	SYSREG_WRITE(cntv_ctl_el0, 1);
	vector = hostile_execute(code, regs);
	esr = SYSREG_READ(esr_el1);
	elr = SYSREG_READ(elr_el1);
	switch (vector & 3) {
	case 0:
		break;
	case 1:
		gic_handle();
		return OUT_INTERRUPT;
	default:
		return OUT_OTHER;
	}
	switch (ESR_EC(esr)) {
	case 0x3c:
		return elr == (uintptr_t)(code + 1) ? OUT_THROUGH : OUT_OTHER;
	case EC_UNKNOWN:
		return OUT_UNDEFINED;
	case EC_IABT_CUR:
	case EC_DABT_CUR:
	case EC_PC_ALIGN:
		return OUT_ABORT;
	default:
		return OUT_OTHER;
	}
}

static void restore(void)
{
	SYSREG_WRITE(cntv_ctl_el0, 0);
	SYSREG_WRITE(cntp_ctl_el0, 0);
	SYSREG_WRITE(cpacr_el1, UINT64_C(3) << 20);
	SYSREG_WRITE(mdscr_el1, 0);
	arch_isb();
	gic_init();
	gic_enable(machine.timer_virtual_intid);
}

void hostile_instructions(uint64_t count)
{
	uint32_t *code = (uint32_t *)(uintptr_t)quarter(2);
	uint64_t outcomes[OUTCOMES] = {0}, done = 0;

	for (uint32_t i = 0; i < SP; i++) {
		regs[i] = some_register();
	}
	while (done < count) {
		make(code);
		restore();
		for (uint32_t i = 0; i < SLOTS && done < count; i++, done++) {
			outcomes[execute(code + 2 * i)]++;
		}
	}
	restore();
	console_printf("hostile: %lu instructions: %lu came through, %lu undefined, %lu aborts, "
		       "%lu interrupted, %lu others\n",
		       done, outcomes[OUT_THROUGH], outcomes[OUT_UNDEFINED], outcomes[OUT_ABORT],
		       outcomes[OUT_INTERRUPT], outcomes[OUT_OTHER]);
	check_that(outcomes[OUT_THROUGH] >= count / 8 && outcomes[OUT_UNDEFINED] >= count / 8 &&
			   outcomes[OUT_ABORT] >= count / 32,
		   "instructions", "not so many as there should be");
}
