/* SPDX-License-Identifier: Apache-2.0 */
/*
 * State of CPUs, their vCPUs and domains. A vCPU is a pCPU: vCPU i of a domain
 * runs on the CPU desc->cpus[i] and nowhere else, for ever.
 */
#ifndef HV_DOMAIN_DOMAIN_H
#define HV_DOMAIN_DOMAIN_H

#include "arch/sysreg.h"
#include "domain/vgic_state.h"
#include "domain/vuart_state.h"
#include "lib/spinlock.h"
#include "tables.h"

/* The guest's general registers, saved by the vectors on the CPU's stack.
 * ELR_EL2 and SPSR_EL2 stay in the registers: traps do not nest. */
struct guest_regs {
	uint64_t x[31];
};

/* SGIs among the CPUs of the hypervisor. Guests' SGIs are virtual. */
enum hv_sgi {
	HV_SGI_VGIC = 0,  /* look at your virtual GIC's state */
	HV_SGI_STOP = 1,  /* your domain is to stop: turn off */
	HV_SGI_ALARM = 2, /* an alarm of a CPU that is off now is yours */
	HV_SGI_EVENT = 3, /* your vCPU has been told of events (guest/xen) */
	HV_SGI_ITS = 4,   /* go on with the commands of your domain's ITS */
	HV_SGI_DUTY = 5,  /* there is work that IOMMUs want done (guest/duty.h) */
};

/* Of the vCPU, as PSCI AFFINITY_INFO sees it. Changed by compare-and-swap. */
enum vcpu_state {
	VCPU_OFF = 0,
	VCPU_ON_PENDING, /* somebody turns it on: its entry and context are being set */
	VCPU_ON,
};

struct vcpu {
	struct domain *domain;
	uint32_t index; /* in domain->desc->cpus */
	uint32_t state; /* enum vcpu_state */
	ipa_t entry;    /* where it starts, or resumes after CPU_SUSPEND */
	uint64_t context; /* its x0 there */
	uint64_t late;    /* when nobody waits any more for it to come on; 0: nobody does */
	bool suspended;   /* CPU_SUSPEND may have powered it down: resume, not start */
	const struct trap_window *window; /* that it used last; its accesses come in runs */
	struct vgic_cpu vgic;
};

/* One physical CPU; TPIDR_EL2 points to it. */
struct cpu {
	uint64_t stack_top; /* read by arch/: keep first */
	uint32_t index;     /* in board.cpus */
	bool has_vcpu;      /* false: no domain owns this CPU */
	bool takes_spis;    /* is on, and stays so, by the books of guest/power.c */
	uint64_t duties;    /* the domains whose work it does (guest/duty.c): a bit for each */
	struct vcpu vcpu;
};

_Static_assert(offsetof(struct cpu, stack_top) == 0, "arch/boot.S reads stack_top");

struct vsmmu;

/* A domain's life (docs/domains.md). From DOMAIN_STOPPING it gets to what `after` says,
 * once all its CPUs are off. */
enum domain_state {
	DOMAIN_OFF = 0,
	DOMAIN_STARTING, /* its boot CPU is on its way, and makes it ready */
	DOMAIN_RUNNING,
	DOMAIN_STOPPING, /* its CPUs are on their way off; the last one tidies up */
	DOMAIN_DESTROYED, /* nothing of it is left in its memory */
};

enum domain_after {
	DOMAIN_AFTER_OFF = 0,
	DOMAIN_AFTER_RESTART,
	DOMAIN_AFTER_DESTROY,
};

struct domain {
	const struct domain_desc *desc;
	/* Written by hv/domain/state.c alone. */
	uint32_t state;    /* enum domain_state */
	uint32_t after;    /* enum domain_after */
	uint32_t faults;   /* since the machine's start */
	uint32_t tries;    /* restarts by on-fault without DOMAIN_GOOD_US of good running between */
	uint64_t good;     /* when it has run for so long */
	/* Written by the domain's own CPUs. */
	uint32_t starts;   /* since the machine's start */
	bool blocked;      /* its DMA is aborted */
	uint32_t cpus_on;  /* vCPUs not VCPU_OFF */
	uint32_t reports;  /* of bad accesses: the first few are told */
	struct vgic_domain vgic;
	struct vuart console;
	struct vsmmu *vsmmu; /* guest/vsmmuv3's; NULL: none */
};

extern struct cpu cpus[CPUS_MAX];
extern struct domain domains[DOMAINS_MAX];

static inline struct cpu *cpu_this(void)
{
	return (struct cpu *)(uintptr_t)sysreg_read_tpidr_el2();
}

/* The physical CPU that runs `vcpu`: it is embedded there. */
static inline struct cpu *vcpu_cpu(struct vcpu *vcpu)
{
	return (struct cpu *)(void *)((uint8_t *)vcpu - offsetof(struct cpu, vcpu));
}

/* vCPU `index` (< desc->cpu_count) of a domain. */
static inline struct vcpu *domain_vcpu(const struct domain *d, uint32_t index)
{
	return &cpus[d->desc->cpus[index]].vcpu;
}

/* Affinity of a vCPU: the physical one, Aff3 39:32, Aff2..0 23:0. */
static inline uint64_t vcpu_mpidr(const struct domain *d, uint32_t index)
{
	return board.cpus[d->desc->cpus[index]].mpidr;
}

/* CPU with this MPIDR_EL1 (other fields than affinity are ignored), or NULL. */
struct cpu *cpu_find(uint64_t mpidr);

/* Fills cpus[] and domains[] from the tables: all off. Once. */
void cpu_init_all(void);

/* vCPU of `d` with the affinity `mpidr`, or NULL: not its, or not only affinity. */
struct vcpu *domain_find_vcpu(const struct domain *d, uint64_t mpidr);

/* What the domain has at `ipa`, and, unless that is nothing, where that is and how many
 * bytes from there on lie together. */
enum domain_memory {
	DOMAIN_NOTHING = 0,
	DOMAIN_RAM,
	DOMAIN_DEVICE,
};
enum domain_memory domain_find_memory(const struct domain *d, ipa_t ipa, pa_t *pa, uint64_t *left);

/* The leaf of the domain's stage-2 map for `ipa`, valid or only prepared (mm/stage2.h), and
 * what it covers; NULL: there is none, and *size is what that is so for, within a page. */
uint64_t *domain_leaf(const struct domain *d, ipa_t ipa, uint64_t *size);

/* Whether PA `pa` is RAM of the domain. */
bool domain_owns_ram(const struct domain *d, pa_t pa);

/* Whether `ipa` lies in RAM of the domain. */
bool domain_has_ram(const struct domain *d, ipa_t ipa);

/* Copy into RAM of the domain, from the hypervisor's memory and from any RAM, through
 * the window of the calling CPU `cpu`. False: some of the place is no RAM of the
 * domain's; what lies before it was written. */
bool domain_write(const struct domain *d, uint32_t cpu, ipa_t to, const void *from, uint64_t size);
bool domain_copy(const struct domain *d, uint32_t cpu, ipa_t to, pa_t from, uint64_t size);

/* Zeroes all RAM of the domain, through the window of the calling CPU `cpu`. */
void domain_scrub(const struct domain *d, uint32_t cpu);

/* From VCPU_OFF to VCPU_ON_PENDING, for the caller alone. Returns the state that
 * it was in before: not VCPU_OFF means that nothing changed. */
enum vcpu_state vcpu_claim(struct vcpu *vcpu);
/* From VCPU_ON_PENDING to VCPU_ON. False: nobody waits for it any more. */
bool vcpu_set_on(struct vcpu *vcpu);
/* Back from VCPU_ON_PENDING to VCPU_OFF. False: it has come on. */
bool vcpu_unclaim(struct vcpu *vcpu, bool *last);
/* Back to VCPU_OFF. True: it was the last of its domain that was not. */
bool vcpu_set_off(struct vcpu *vcpu);
enum vcpu_state vcpu_get_state(const struct vcpu *vcpu);

/* After so long without a fault, those before are forgotten. */
#define DOMAIN_GOOD_US 60000000

/* Takes the domain from any of the states `from` (BIT32 of each) to `to`, and then to what
 * `after` says, for the caller alone. False: it was in none of them. *any: whether any
 * domain is, or is about to be, running. */
bool domain_change(struct domain *d, uint32_t from, enum domain_state to, enum domain_after after, bool *any);

/* A fault: from DOMAIN_STARTING or DOMAIN_RUNNING to DOMAIN_STOPPING, and then to what
 * on_fault says: DOMAIN_AFTER_RESTART (*again), or DOMAIN_AFTER_OFF. */
bool domain_change_by_fault(struct domain *d, bool *again, bool *any);

enum domain_state domain_get_state(const struct domain *d);

static inline bool domain_is_running(const struct domain *d)
{
	return domain_get_state(d) == DOMAIN_RUNNING;
}

/* Not running, and nobody is about to start it. */
bool domain_has_ended(const struct domain *d);

/* Whether it has a console on the machine's UART: a virtual PL011, or Xen's. */
static inline bool domain_has_console(const struct domain *d)
{
	return d->desc->console_intid != 0 ||
	       ((d->desc->flags & DOMAIN_HARDWARE) != 0 && d->desc->guest_abi == GUEST_ABI_XEN);
}

#endif
