// SPDX-License-Identifier: Apache-2.0
/* What dom0 finds on demand. */
#include "unit/xen/machine.h"

#include "arch/cpu.h"

static const struct ondemand_range later = {LATER, PAGE_SIZE, "later"};
const struct ondemand_list domain_ondemand[] = {
	[DOM0] = {&later, 1}, [DOMU] = {NULL, 0}, [PLAIN] = {NULL, 0},
};

/* A descriptor of a page table: the only thing that is cleaned. */
void arch_dcache_clean(const void *p, uint64_t size)
{
	if (size != 8 || *(const uint64_t *)p >> 12 != (UINT64_C(0x40) << 36 | LATER >> 12)) {
		model_fail("%s", "something else is cleaned than the leaf on demand");
	}
}
