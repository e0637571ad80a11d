// SPDX-License-Identifier: Apache-2.0
#include "guest/mmio.h"

#include "guest/esr.h"
#include "guest/inject.h"
#include "guest/report.h"
#include "guest/vgic.h"
#include "guest/vpl011.h"

#define HPFAR_FIPA GENMASK64(43, 4) /* IPA 51:12 */
#define REG_ZERO 31u

static const struct trap_window *mmio_find(const struct domain_desc *desc, uint64_t ipa)
{
	for (uint32_t i = 0; i < desc->window_count; i++) {
		const struct trap_window *w = &desc->windows[i];

		if (ipa - w->ipa < w->size) {
			return w;
		}
	}
	return NULL;
}

static bool mmio_handle(struct mmio_access *a)
{
	switch (a->window->kind) {
	case WINDOW_GICD:
		return vgic_gicd_access(a);
	case WINDOW_GICR:
		return vgic_gicr_access(a);
	case WINDOW_VPL011:
		return vpl011_access(a);
	default:
		return false;
	}
}

/* What a load of `size` bytes leaves in the register. */
static uint64_t mmio_extend(uint64_t value, uint32_t size, uint64_t esr)
{
	uint32_t unused = 64 - 8 * size;

	if ((esr & ESR_SSE) == 0) {
		return value << unused >> unused;
	}
	value = (uint64_t)((int64_t)(value << unused) >> unused);
	return (esr & ESR_SF) != 0 ? value : (uint32_t)value;
}

/* There is nothing for the guest here. On the bare machine, cache maintenance by
 * address is no access; all else is answered by an external abort. */
static void mmio_refuse(struct vcpu *vcpu, uint64_t ipa, uint64_t esr)
{
	if ((esr & (ESR_CM | ESR_S1PTW)) == ESR_CM && FIELD_GET(ESR_FSC_TYPE, esr) == FSC_TYPE_TRANSLATION) {
		inject_skip(esr);
		return;
	}
	report_access(vcpu, IPA(ipa), esr);
	inject_abort(esr);
}

/* IPA of the fault; only meaningful for faults that HPFAR_EL2 is defined for. */
static uint64_t mmio_fault_ipa(void)
{
	return (FIELD_GET(HPFAR_FIPA, sysreg_read_hpfar_el2()) << PAGE_SHIFT) |
	       (sysreg_read_far_el2() & (PAGE_SIZE - 1));
}

void mmio_instruction_abort(struct vcpu *vcpu, uint64_t esr)
{
	report_access(vcpu, IPA(mmio_fault_ipa()), esr);
	inject_abort(esr);
}

void mmio_data_abort(struct vcpu *vcpu, struct guest_regs *regs, uint64_t esr)
{
	uint64_t ipa = mmio_fault_ipa();
	uint64_t reg = FIELD_GET(ESR_SRT, esr);
	struct mmio_access a = {.vcpu = vcpu};

	if ((esr & (ESR_ISV | ESR_S1PTW)) == ESR_ISV &&
	    FIELD_GET(ESR_FSC_TYPE, esr) == FSC_TYPE_TRANSLATION) {
		a.window = mmio_find(vcpu->domain->desc, ipa);
	}
	if (a.window == NULL) {
		mmio_refuse(vcpu, ipa, esr);
		return;
	}
	a.offset = ipa - a.window->ipa;
	a.size = 1u << FIELD_GET(ESR_SAS, esr);
	a.write = (esr & ESR_WNR) != 0;
	if (a.write && reg != REG_ZERO) {
		a.value = mmio_extend(regs->x[reg], a.size, 0);
	}
	if (a.size > a.window->size - a.offset || !mmio_handle(&a)) {
		mmio_refuse(vcpu, ipa, esr);
		return;
	}
	if (!a.write && reg != REG_ZERO) {
		regs->x[reg] = mmio_extend(a.value, a.size, esr);
	}
	inject_skip(esr);
}
