// SPDX-License-Identifier: Apache-2.0
/* No domain has message-signalled interrupts. */
#include "guest/its/its.h"

void vits_domain_init(struct domain *d)
{
	(void)d;
}

void vits_domain_off(struct domain *d)
{
	(void)d;
}

bool vits_access(struct mmio_access *a)
{
	(void)a;
	return false;
}

void vits_continue(struct vcpu *v)
{
	(void)v;
}

bool vlpi_rd_access(struct mmio_access *a, struct vcpu *of, uint32_t reg)
{
	(void)a;
	(void)of;
	(void)reg;
	return false;
}

void vlpi_handle_irq(struct vcpu *v, uint32_t intid)
{
	(void)v;
	(void)intid;
}

uint32_t vlpi_best(struct vcpu *v, uint32_t *prio)
{
	(void)v;
	(void)prio;
	return VLPI_NONE;
}

uint64_t vlpi_take(struct vcpu *v, uint32_t intid)
{
	(void)v;
	(void)intid;
	return 0;
}

void vlpi_wait(struct vcpu *v, uint32_t intid)
{
	(void)v;
	(void)intid;
}

void vlpi_retract(struct vcpu *v)
{
	(void)v;
}

void vlpi_move(struct vcpu *v, uint32_t what)
{
	(void)v;
	(void)what;
}
