/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PAYLOAD_SPENDER_H
#define PAYLOAD_SPENDER_H

#include "rt/machine.h"

/* All that there may be of a virtual ITS; false: something of it is not there. */
bool spend_on_its(void);
/* One more, which nobody takes. */
void leave_lpi_pending(void);

#endif
