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
	uint32_t size;   /* bytes: 1, 2, 4, 8; offset need not be a multiple of it, and the access
			  * may then end outside the window: handlers refuse what is not aligned */
	bool write;
};

/* Handle aborts taken from the guest (ESR_EL2.EC 0x24, 0x20). Loads and stores to
 * trap windows are emulated; whatever else there is gets the external abort that
 * the bare machine would give. */
void mmio_data_abort(struct vcpu *vcpu, struct guest_regs *regs, uint64_t esr);
void mmio_instruction_abort(void);

#endif
