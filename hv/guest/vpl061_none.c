// SPDX-License-Identifier: Apache-2.0
/* In place of vpl061.c where no domain has a doorbell. */
#include "guest/vpl061.h"

bool vpl061_access(struct mmio_access *a)
{
	(void)a;
	return false;
}

void vpl061_reset(struct domain *d)
{
	(void)d;
}
