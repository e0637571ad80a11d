// SPDX-License-Identifier: Apache-2.0
/* For systems in which no domain has the control interface. */
#include "guest/control.h"

bool control_call(struct vcpu *vcpu, struct guest_regs *regs, uint32_t function)
{
	(void)vcpu;
	(void)regs;
	(void)function;
	return false;
}

bool control_access(struct mmio_access *a)
{
	(void)a;
	return false;
}
