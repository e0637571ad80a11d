// SPDX-License-Identifier: Apache-2.0
#include "guest/mmio.h"

#include "drivers/console.h"
#include "guest/control.h"
#include "guest/esr.h"
#include "guest/inject.h"
#include "guest/its/its.h"
#include "guest/lifecycle.h"
#include "guest/ondemand.h"
#include "guest/report.h"
#include "guest/vgic.h"
#include "guest/vpl011.h"
#include "guest/vpl061.h"
#include "guest/vsmmuv3/vsmmuv3.h"
#include "guest/watchdog.h"

#define HPFAR_FIPA GENMASK64(43, 4) /* IPA 51:12 */
#define REG_ZERO 31u

/* Looks for the window around `ipa` and remembers it; NULL: there is none. */
static __attribute__((noinline)) const struct trap_window *mmio_find(struct vcpu *vcpu, uint64_t ipa)
{
	const struct domain_desc *desc = vcpu->domain->desc;

	for (uint32_t i = 0; i < desc->window_count; i++) {
		if (ipa - desc->windows[i].ipa < desc->windows[i].size) {
			vcpu->window = &desc->windows[i];
			return vcpu->window;
		}
	}
	return NULL;
}

static inline bool mmio_handle(struct mmio_access *a)
{
	uint32_t kind = a->window->kind;

	if (kind == WINDOW_GICD) {
		return vgic_gicd_access(a);
	}
	if (kind == WINDOW_GICR) {
		return vgic_gicr_access(a);
	}
	if (kind == WINDOW_VPL011) {
		return vpl011_access(a);
	}
	if (kind == WINDOW_PL061) {
		return vpl061_access(a);
	}
	if (kind == WINDOW_GITS) {
		return vits_access(a);
	}
	if (kind == WINDOW_CONTROL) {
		return control_access(a);
	}
	if (kind == WINDOW_WATCHDOG) {
		return watchdog_access(a);
	}
	return kind == WINDOW_VSMMUV3 && vsmmuv3_access(a);
}

/* The low `size` bytes of value. */
static inline uint64_t mmio_low(uint64_t value, uint32_t size)
{
	return value & (UINT64_MAX >> (64 - 8 * size));
}

/* What a load leaves in the register. */
static __attribute__((noinline)) uint64_t mmio_extend(uint64_t value, uint64_t esr)
{
	uint32_t size = 1u << FIELD_GET(ESR_SAS, esr);
	uint32_t unused = 64 - 8 * size;

	if ((esr & ESR_SSE) == 0) {
		return mmio_low(value, size);
	}
	value = (uint64_t)((int64_t)(value << unused) >> unused);
	return (esr & ESR_SF) != 0 ? value : (uint32_t)value;
}

/* Nearly all are plain 32-bit ones. */
static inline bool mmio_is_word_load(uint64_t esr)
{
	return (esr & (ESR_SSE | ESR_SAS)) == FIELD_PREP(ESR_SAS, 2);
}

/* IPA of the fault; only meaningful for faults that HPFAR_EL2 is defined for. */
static inline uint64_t mmio_fault_ipa(void)
{
	return (FIELD_GET(HPFAR_FIPA, sysreg_read_hpfar_el2()) << PAGE_SHIFT) |
	       (sysreg_read_far_el2() & (PAGE_SIZE - 1));
}

/* There is nothing for the guest here, or not like this, or not yet: what it finds on demand
 * is for its loads and stores, not for instructions or for its own page tables. On the bare machine, cache
 * maintenance by address is no access, and Device memory has its alignment faults;
 * all else is answered by an external abort. */
static __attribute__((noinline)) void mmio_refuse(void)
{
	struct vcpu *vcpu = &cpu_this()->vcpu;
	uint64_t esr = sysreg_read_esr_el2();
	ipa_t ipa = IPA(mmio_fault_ipa());

	if (FIELD_GET(ESR_EC, esr) == EC_DABT_LOWER && (esr & ESR_S1PTW) == 0 &&
	    FIELD_GET(ESR_FSC_TYPE, esr) == FSC_TYPE_TRANSLATION) {
		if ((esr & ESR_CM) != 0) {
			inject_skip(esr);
			return;
		}
		if (ondemand_map(vcpu->domain, ipa)) {
			return;
		}
	}
	/* Stage 2 says Device and the guest does not keep to it: the fault is its own. */
	if (FIELD_GET(ESR_EC, esr) == EC_DABT_LOWER && FIELD_GET(ESR_FSC, esr) == FSC_ALIGNMENT) {
		inject_alignment(esr);
		return;
	}
	report_access(vcpu, ipa, esr);
	inject_abort(esr);
}

/* A guest whose vector cannot be fetched gets one abort after the other and does nothing else
 * any more. The fault's policy has it stopped: this CPU by an interrupt, at once. */
void mmio_instruction_abort(void)
{
	struct vcpu *vcpu = &cpu_this()->vcpu;

	if (!inject_is_stuck()) {
		mmio_refuse();
		return;
	}
	if (domain_is_running(vcpu->domain)) {
		log_error("%s: vCPU %u: no instruction at its exception vector, 0x%lx", vcpu->domain->desc->name,
			  vcpu->index, sysreg_read_elr_el2());
	}
	lifecycle_fault(vcpu->domain, "lockup");
}

/* What follows is counted in instructions. The registers of the trap keep their
 * values, so they are read again rather than kept across the handler. */
void mmio_data_abort(struct vcpu *vcpu, struct guest_regs *regs, uint64_t esr)
{
	const struct trap_window *w = vcpu->window;
	uint64_t ipa = mmio_fault_ipa();
	uint64_t reg;
	struct mmio_access a;

	if (FIELD_GET(ESR_FSC_TYPE, esr) != FSC_TYPE_TRANSLATION || (esr & ESR_S1PTW) != 0) {
		mmio_refuse();
		return;
	}
	if (ipa - w->ipa >= w->size) {
		w = mmio_find(vcpu, ipa);
	}
	if (w == NULL || (esr & ESR_ISV) == 0) {
		mmio_refuse();
		return;
	}
	reg = FIELD_GET(ESR_SRT, esr);
	a.vcpu = vcpu;
	a.window = w;
	a.offset = ipa - w->ipa;
	a.size = 1u << FIELD_GET(ESR_SAS, esr);
	a.write = (esr & ESR_WNR) != 0;
	if (a.write) {
		a.value = reg == REG_ZERO ? 0 : mmio_low(regs->x[reg], a.size);
	}
	if (!mmio_handle(&a)) {
		mmio_refuse();
		return;
	}
	esr = sysreg_read_esr_el2();
	reg = FIELD_GET(ESR_SRT, esr);
	if ((esr & ESR_WNR) == 0 && reg != REG_ZERO) {
		regs->x[reg] = mmio_is_word_load(esr) ? (uint32_t)a.value : mmio_extend(a.value, esr);
	}
	inject_skip(esr);
}
