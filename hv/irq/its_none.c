// SPDX-License-Identifier: Apache-2.0
/* No domain has message-signalled interrupts: the ITSs are left alone. */
#include "irq/its.h"

const char *its_init(void)
{
	return NULL;
}

const char *its_cpu_init(uint32_t cpu)
{
	(void)cpu;
	return NULL;
}
