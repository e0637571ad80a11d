/* SPDX-License-Identifier: Apache-2.0 */
/* Host twin of hv/arch/include/arch/el2.h: declarations only. */
#include "arch/include/arch/el2.h"
