// SPDX-License-Identifier: Apache-2.0
/* Built without CONFIG_MONITOR. */
#include "guest/console/mux.h"

bool monitor_exists(void)
{
	return false;
}

void monitor_greet(void)
{
}

bool monitor_serve(void)
{
	return false;
}
