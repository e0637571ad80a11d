// SPDX-License-Identifier: Apache-2.0
/* For boards without an IOMMU. */
#include "guest/duty.h"

bool duty_handle_irq(struct vcpu *vcpu, uint32_t intid)
{
	(void)vcpu;
	(void)intid;
	return false;
}

void duty_catch_up(struct vcpu *vcpu)
{
	(void)vcpu;
}

void duty_cpu_on(struct cpu *cpu)
{
	(void)cpu;
}

void duty_cpu_off(struct cpu *cpu)
{
	(void)cpu;
}
