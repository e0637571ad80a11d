/* SPDX-License-Identifier: Apache-2.0 */
/* State of the virtual GIC inside struct vcpu and struct domain. */
#ifndef HV_DOMAIN_VGIC_STATE_H
#define HV_DOMAIN_VGIC_STATE_H

#include "lib/spinlock.h"
#include "types.h"

struct vgic_cpu {
	struct spinlock lock;
};

struct vgic_domain {
	struct spinlock lock;
};

#endif
