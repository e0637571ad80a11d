// SPDX-License-Identifier: Apache-2.0
/* For systems in which no domain has a watchdog. */
#include "guest/watchdog.h"

void watchdog_reset(struct domain *d)
{
	(void)d;
}

bool watchdog_access(struct mmio_access *a)
{
	(void)a;
	return false;
}

void watchdog_alarm(struct vcpu *vcpu)
{
	(void)vcpu;
}

void watchdog_cpu_off(struct vcpu *vcpu)
{
	(void)vcpu;
}
