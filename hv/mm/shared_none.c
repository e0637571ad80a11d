// SPDX-License-Identifier: Apache-2.0
/* In place of shared.c where domains share no memory. */
#include "mm/shared.h"

void shared_init(uint32_t cpu)
{
	(void)cpu;
}
