// SPDX-License-Identifier: Apache-2.0
#include "guest/report.h"

#include "drivers/console.h"
#include "guest/esr.h"

static bool report_wanted(struct vcpu *vcpu)
{
	uint32_t n = __atomic_load_n(&vcpu->domain->reports, __ATOMIC_RELAXED);

	if (n > REPORTS_MAX) {
		return false;
	}
	n = __atomic_add_fetch(&vcpu->domain->reports, 1, __ATOMIC_RELAXED);
	if (n == REPORTS_MAX + 1) {
		log_warn("%s: more of this kind is left out", vcpu->domain->desc->name);
	}
	return n <= REPORTS_MAX;
}

void report_access(struct vcpu *vcpu, ipa_t ipa, uint64_t esr)
{
	const char *what = "execution", *why = "not its own";

	if (!report_wanted(vcpu)) {
		return;
	}
	if (FIELD_GET(ESR_EC, esr) == EC_DABT_LOWER) {
		what = (esr & ESR_WNR) != 0 ? "write" : "read";
	}
	/* HPFAR_EL2 does not tell of these (DDI 0487, D24.2.70): the guest's virtual address. */
	if (FIELD_GET(ESR_FSC_TYPE, esr) == FSC_TYPE_PERMISSION && (esr & ESR_S1PTW) == 0) {
		ipa.ipa = sysreg_read_far_el2();
		why = "virtual, it has no right to that there";
	}
	log_warn("%s: vCPU %u: %s at 0x%lx, pc 0x%lx: %s, abort injected (ESR 0x%lx)", vcpu->domain->desc->name,
		 vcpu->index, what, ipa.ipa, sysreg_read_elr_el2(), why, esr);
}

void report_undefined(struct vcpu *vcpu, uint64_t esr)
{
	const char *name = vcpu->domain->desc->name;

	if (!report_wanted(vcpu)) {
		return;
	}
	if (FIELD_GET(ESR_EC, esr) == EC_SYSREG) {
		log_warn("%s: vCPU %u: S%lu_%lu_C%lu_C%lu_%lu, pc 0x%lx: no such register, "
			 "undefined injected",
			 name, vcpu->index, FIELD_GET(ESR_SYS_OP0, esr), FIELD_GET(ESR_SYS_OP1, esr),
			 FIELD_GET(ESR_SYS_CRN, esr), FIELD_GET(ESR_SYS_CRM, esr),
			 FIELD_GET(ESR_SYS_OP2, esr), sysreg_read_elr_el2());
	} else {
		log_warn("%s: vCPU %u: trap 0x%lx, pc 0x%lx: undefined injected", name,
			 vcpu->index, esr, sysreg_read_elr_el2());
	}
}

void report_serror(struct vcpu *vcpu, uint64_t esr)
{
	if (report_wanted(vcpu)) {
		log_warn("%s: vCPU %u: SError, passed on (ESR 0x%lx)", vcpu->domain->desc->name, vcpu->index,
			 esr);
	}
}
