// SPDX-License-Identifier: Apache-2.0
/* For systems in which all MMIO is mapped from the start. */
#include "guest/ondemand.h"

bool ondemand_map(const struct domain *d, ipa_t ipa)
{
	(void)d;
	(void)ipa;
	return false;
}

bool ondemand_next(struct ondemand_cursor *c, struct ondemand_run *run)
{
	(void)c;
	(void)run;
	return false;
}

void ondemand_tell(void)
{
}
