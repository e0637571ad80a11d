// SPDX-License-Identifier: Apache-2.0
/* For systems in which no domain has Xen. */
#include "guest/xen/xen.h"

void xen_options(uint32_t cpu, pa_t fdt)
{
	(void)cpu;
	(void)fdt;
}

bool xen_hypercall(struct vcpu *v, struct guest_regs *regs)
{
	(void)v;
	(void)regs;
	return false;
}

void xen_domain_init(struct domain *d)
{
	(void)d;
}

void xen_vcpu_events(struct vcpu *v)
{
	(void)v;
}

uint64_t xen_console_input(uint64_t readers)
{
	(void)readers;
	return 0;
}
