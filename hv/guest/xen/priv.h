/* SPDX-License-Identifier: Apache-2.0 */
/* Shared by guest/xen/ only. Calls return 0 or more, or an error of abi.h negated. */
#ifndef HV_GUEST_XEN_PRIV_H
#define HV_GUEST_XEN_PRIV_H

#include "guest/xen/abi.h"
#include "guest/xen/xen.h"

/*
 * Guest memory (copy.c)
 */

#define XEN_COPY_MAX 1024u

/* Copies between `size` (<= XEN_COPY_MAX) bytes of the hypervisor and the guest's
 * virtual address `va`. False: some byte of it is not RAM that EL1 can read or, for
 * xen_copy_to(), write; nothing was copied. */
bool xen_copy_from(struct vcpu *v, void *to, uint64_t va, uint32_t size);
bool xen_copy_to(struct vcpu *v, uint64_t va, const void *from, uint32_t size);
/* Whether xen_copy_to() could write there, as things are. */
bool xen_copy_check(struct vcpu *v, uint64_t va, uint32_t size);

/* Maps guest RAM at `pa` for the calling CPU in its window slot `slot`. */
void *xen_map(uint32_t slot, uint64_t pa);
void xen_unmap(uint32_t slot);

/*
 * State (event.c)
 */

#define XEN_PORTS 128u /* of one domain; port 0 is nobody's */
#define XEN_NO_PAGE UINT64_MAX

struct xen_port {
	uint8_t status; /* enum xen_event_status */
	uint8_t vcpu;   /* that is notified */
	uint16_t info;  /* virq: its number; unbound: the remote domain */
};

struct xen_domain {
	struct spinlock lock;
	uint32_t console_waits; /* calls in a row that the UART took nothing of */
	uint64_t shared; /* PA of shared_info, in the domain's own RAM, or XEN_NO_PAGE */
	struct xen_port ports[XEN_PORTS];
};

struct xen_domain *xen_domain_of(const struct domain *d);

/* Takes the page of shared_info at PA `pa`; vcpu_info of vCPU v at `pa`. */
void xen_set_shared(struct domain *d, uint64_t pa);
void xen_set_vcpu_info(struct vcpu *v, uint64_t pa);

/* With the domain's lock held. Makes a port pending; notifies its vCPU unless masked. */
void xen_event_raise(struct domain *d, uint32_t port);
/* Unmasks it; notifies if it is pending. */
void xen_event_unmask(struct domain *d, uint32_t port);
/* Forgets what is pending. */
void xen_event_clear(struct domain *d, uint32_t port);

/* Sets, clears bits of a word in the guest's RAM (shared.c). False: its other CPUs did
 * not let us, and nothing changed. */
bool xen_shared_set(uint64_t *word, uint64_t bits, uint64_t *before);
bool xen_shared_clear(uint64_t *word, uint64_t bits);

/*
 * Calls: arguments as in the guest's registers
 */

/* Argument `n` of a call that takes 32 bits of it: the others are anything. */
static inline uint32_t xen_arg32(const struct guest_regs *regs, uint32_t n)
{
	return (uint32_t)regs->x[n];
}

int64_t xen_memory_op(struct vcpu *v, struct guest_regs *regs);
int64_t xen_version(struct vcpu *v, const struct guest_regs *regs);
int64_t xen_console_io(struct vcpu *v, struct guest_regs *regs);
int64_t xen_vcpu_op(struct vcpu *v, const struct guest_regs *regs);
int64_t xen_sched_op(struct vcpu *v, const struct guest_regs *regs);
int64_t xen_event_op(struct vcpu *v, const struct guest_regs *regs);
int64_t xen_hvm_op(struct vcpu *v, const struct guest_regs *regs);
int64_t xen_vm_assist(const struct guest_regs *regs);

/* The feature bits that the domain reads (options.c). */
uint32_t xen_features(const struct domain *d);

/* The guest executes the HVC once more, with the registers as they are now: long calls
 * are done in pieces, and interrupts taken in between. The call's result for now. */
int64_t xen_continue(const struct guest_regs *regs);

#endif
