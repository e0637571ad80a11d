// SPDX-License-Identifier: Apache-2.0
#include "models/rcar/el3/access.h"

#include "models/rcar/device.h"
#include "models/rcar/el3/abort.h"
#include "models/rcar/el3/bus.h"
#include "models/rcar/insn.h"

#define SPSR_SP BIT64(0) /* the level's own stack pointer, not SP_EL0 */
#define SPSR_EL GENMASK64(3, 2)
#define SPSR_AARCH32 BIT64(4)
#define ISS_S2PTW BIT64(21)
#define ISS_IND BIT64(20) /* an instruction was fetched */
#define ISS_S1PTW BIT64(7)
#define PAR_F BIT64(0)
#define PAR_PA GENMASK64(51, 12)

/* The instruction, by way of the translation that it was fetched through. */
static bool access_fetch(uint64_t elr, uint64_t level, uint32_t *word)
{
	uint64_t kept = CPU_READ(par_el1);
	const uint32_t *at;
	uint64_t par;

	switch (level) {
	case 2:
		__asm__ volatile("at s1e2r, %0\n\tisb" : : "r"(elr) : "memory");
		break;
	case 1:
		__asm__ volatile("at s12e1r, %0\n\tisb" : : "r"(elr) : "memory");
		break;
	default:
		__asm__ volatile("at s12e0r, %0\n\tisb" : : "r"(elr) : "memory");
	}
	par = CPU_READ(par_el1);
	CPU_WRITE(par_el1, kept);
	at = rcar_ram((par & PAR_PA) | (elr & ~PAR_PA & (PAGE_SIZE - 1)), sizeof(*at));
	if ((par & PAR_F) != 0 || at == NULL) {
		return false;
	}
	*word = *at;
	return true;
}

static uint64_t access_sp(uint64_t spsr)
{
	switch (spsr & (SPSR_EL | SPSR_SP)) {
	case 9:
		return CPU_READ(sp_el2);
	case 5:
		return CPU_READ(sp_el1);
	default:
		return CPU_READ(sp_el0);
	}
}

static void access_sp_write(uint64_t spsr, uint64_t value)
{
	switch (spsr & (SPSR_EL | SPSR_SP)) {
	case 9:
		CPU_WRITE(sp_el2, value);
		break;
	case 5:
		CPU_WRITE(sp_el1, value);
		break;
	default:
		CPU_WRITE(sp_el0, value);
	}
}

static void access_one(struct regs *regs, const struct insn *insn, uint64_t pa, uint32_t reg)
{
	if (insn->write) {
		bus_write(pa, insn->size, reg == INSN_ZERO ? 0 : regs->x[reg]);
	} else {
		uint64_t value = insn_extend(insn, bus_read(pa, insn->size));

		if (reg != INSN_ZERO) {
			regs->x[reg] = value;
		}
	}
}

void access_do(struct regs *regs)
{
	uint64_t pa = (CPU_READ(s3_6_c6_c0_5) & PAR_PA) | (CPU_READ(far_el3) & (PAGE_SIZE - 1)); /* MFAR_EL3 */
	uint64_t elr = CPU_READ(elr_el3);
	uint64_t spsr = CPU_READ(spsr_el3);
	uint64_t esr = CPU_READ(esr_el3);
	struct insn insn;
	uint32_t word;

	/* Code and page tables are in RAM, and what accesses devices is readable. */
	if ((esr & (ISS_S2PTW | ISS_IND | ISS_S1PTW)) != 0 || (spsr & SPSR_AARCH32) != 0 ||
	    !access_fetch(elr, FIELD_GET(SPSR_EL, spsr), &word) || !insn_decode(word, &insn)) {
		abort_give();
		return;
	}
	/* FAR has the first address of a pair: all of the page is no RAM. */
	access_one(regs, &insn, pa, insn.rt);
	if (insn.pair) {
		access_one(regs, &insn, pa + insn.size, insn.rt2);
	}
	if (insn.writeback && insn.rn == INSN_ZERO) {
		access_sp_write(spsr, access_sp(spsr) + (uint64_t)insn.step);
	} else if (insn.writeback) {
		regs->x[insn.rn] += (uint64_t)insn.step;
	}
	CPU_WRITE(elr_el3, elr + 4);
}
