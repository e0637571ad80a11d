// SPDX-License-Identifier: Apache-2.0
/* For systems in which no domain has a virtual SMMU. */
#include "guest/vsmmuv3/vsmmuv3.h"

void vsmmuv3_options(uint32_t cpu, pa_t fdt)
{
	(void)cpu;
	(void)fdt;
}

void vsmmuv3_reset(struct domain *d, uint32_t cpu)
{
	(void)d;
	(void)cpu;
}

bool vsmmuv3_access(struct mmio_access *a)
{
	(void)a;
	return false;
}

void vsmmuv3_catch_up(struct domain *d)
{
	(void)d;
}

void vsmmuv3_alarm(struct vcpu *vcpu)
{
	(void)vcpu;
}
