/* SPDX-License-Identifier: Apache-2.0 */
/*
 * State of the virtual GIC inside struct vcpu and struct domain. Only guest/vgic*
 * reads or writes it; vgic_domain_init() and vgic_cpu_init() give it its values.
 *
 * Enable, pending, active and trigger of a domain's own SPIs and PPIs live in the
 * physical GIC. Here is what the physical GIC cannot hold: SGIs, SPIs that only
 * software raises ("virqs"), and interrupts taken from the physical GIC that
 * found no list register.
 */
#ifndef HV_DOMAIN_VGIC_STATE_H
#define HV_DOMAIN_VGIC_STATE_H

#include "lib/spinlock.h"
#include "tables.h"

#define VGIC_LRS_MAX 16  /* list registers in use at the most */
#define VGIC_VIRQS_MAX 16 /* virqs of one domain */
#define VGIC_SGIS 16

/* A request of one vCPU to others of its domain: enum vgic_op on the interrupts
 * `bits` of 32-bit word `word`. The requester waits, so one slot will do. */
struct vgic_request {
	uint32_t op;
	uint32_t word;
	uint32_t bits;
	uint32_t result; /* the others OR their answers into it */
};

struct vgic_cpu {
	/* Written by any CPU of the domain, with atomics. The first six while the vCPU goes
	 * off, too. */
	uint32_t running;  /* between vgic_cpu_init() and vgic_cpu_off() */
	uint32_t resync;   /* look again at all that is pending */
	uint32_t sgi_in;   /* SGIs that arrived */
	uint32_t virq_in;  /* virqs that arrived, by slot */
	uint32_t lpis;     /* LPIs may be pending (guest/its) */
	uint64_t calls;    /* bit i: vCPU i waits for an answer to its request */
	uint32_t enable;   /* INTID 0..31 */
	uint32_t group;    /* INTID 0..31: 1 = Group 1 */
	uint32_t asleep;   /* GICR_WAKER.ProcessorSleep */
	uint8_t sgi_from[VGIC_SGIS]; /* GICv2: vCPUs that sent what is in sgi_in */
	uint8_t prio[32];

	/* Written by this vCPU's CPU only. */
	struct vgic_request request;
	uint32_t groups;  /* groups forwarded to this vCPU: bit 0, bit 1 */
	uint32_t waiting; /* something deliverable has no list register */
	uint32_t hcr;     /* last value of the hypervisor control register */
	uint32_t lr_mask; /* list registers in use: bit i */
	uint32_t latch;   /* PPIs made pending by ISPENDR */
	uint32_t pend_words; /* bit w: pend[w] != 0 */
	uint32_t act_words;
	uint32_t pend[IRQ_WORDS]; /* pending, without a list register */
	uint32_t act[IRQ_WORDS];  /* active, without a list register */
	uint32_t forced[IRQ_WORDS]; /* those of act that ISACTIVER made active */
	uint8_t sgi_src[VGIC_SGIS];      /* GICv2: senders of the SGIs in pend[0] */
	uint64_t saved_lr[VGIC_LRS_MAX]; /* across a power-down of CPU_SUSPEND */
	uint64_t saved_vmcr;
	uint32_t saved_apr[2][4];
};

/* An SPI that only software raises. Guarded by the domain's lock. */
struct vgic_virq {
	uint16_t intid;
	uint8_t prio;
	uint8_t route;   /* as vgic_routes of a physical SPI */
	uint8_t holder;  /* vCPU index + 1 that has it pending or active; 0: none */
	bool group1;
	bool enable;
	bool edge;
	bool line;       /* level of the device's output */
	bool latch;      /* pending by an edge or ISPENDR */
	bool latch_held; /* the holder's pending state came from `latch` */
};

struct vgic_domain {
	struct spinlock lock;
	uint32_t ctlr;       /* GICD_CTLR.EnableGrp1, EnableGrp0: atomic */
	uint32_t typer;      /* GICD_TYPER, computed once */
	uint32_t virq_count;
	struct vgic_virq virq[VGIC_VIRQS_MAX];
};

#endif
