// SPDX-License-Identifier: Apache-2.0
/* SMMUv3s of a system in which no domain has a virtual one. */
#include "iommu/smmuv3.h"

void smmuv3_nested_init(const struct smmuv3 *s)
{
	(void)s;
}

uint64_t smmuv3_nested_under(const struct smmuv3 *s, uint64_t pa)
{
	(void)s;
	(void)pa;
	return 0;
}

bool smmuv3_nested_clear(struct smmuv3 *s, uint32_t domain, uint32_t cpu)
{
	(void)s;
	(void)domain;
	(void)cpu;
	return true;
}

uint64_t smmuv3_guest_lost(void)
{
	return 0;
}

bool smmuv3_guest_event(const struct smmuv3 *s, const struct smmuv3_event *e)
{
	(void)s;
	(void)e;
	return false;
}
