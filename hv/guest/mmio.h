/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A guest's load or store to a trap window, decoded from the syndrome.
 */
#ifndef HV_GUEST_MMIO_H
#define HV_GUEST_MMIO_H

#include "domain/domain.h"

struct mmio_access {
	struct vcpu *vcpu;
	const struct trap_window *window;
	uint64_t offset; /* from the window's start */
	uint64_t value;  /* write: zero-extended data; read: the handler's answer, low `size` bytes */
	uint32_t size;   /* bytes: 1, 2, 4, 8; offset is not necessarily a multiple of it */
	bool write;
};

/* Handles a data abort taken from the guest (ESR_EL2.EC 0x24) at a stage-2
 * translation fault. Whatever cannot be emulated gets the external abort that
 * the bare machine would give. */
void mmio_data_abort(struct vcpu *vcpu, struct guest_regs *regs, uint64_t esr);

#endif
