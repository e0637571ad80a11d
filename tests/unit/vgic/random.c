// SPDX-License-Identifier: Apache-2.0
#include "unit/vgic/cases.h"

void case_random(void **state)
{
	(void)state;
}
