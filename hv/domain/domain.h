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
	HV_SGI_STOP = 1,  /* your domain has stopped: turn off */
	HV_SGI_ALARM = 2, /* an alarm of a CPU that is off now is yours */
	HV_SGI_EVENT = 3, /* your vCPU has been told of events (guest/xen) */
	HV_SGI_ITS = 4,   /* go on with the commands of your domain's ITS */
};

/* Of the vCPU, as PSCI AFFINITY_INFO sees it. */
enum vcpu_state {
	VCPU_OFF = 0,
	VCPU_ON_PENDING, /* somebody turns it on: its entry and context are being set */
	VCPU_ON,
};

struct vcpu {
	struct domain *domain;
	uint32_t index; /* in domain->desc->cpus */
	uint32_t state; /* enum vcpu_state; changed by compare-and-swap */
	ipa_t entry;    /* where it starts, or resumes after CPU_SUSPEND */
	uint64_t context; /* its x0 there */
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
	struct vcpu vcpu;
};

_Static_assert(offsetof(struct cpu, stack_top) == 0, "arch/boot.S reads stack_top");

struct vsmmu;

enum domain_state {
	DOMAIN_OFF = 0,
	DOMAIN_RUNNING,
};

struct domain {
	const struct domain_desc *desc;
	uint32_t state;    /* enum domain_state; changed by compare-and-swap */
	uint32_t ended;    /* it was running once, and is no more */
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

/* Whether PA `pa` is RAM of the domain. */
bool domain_owns_ram(const struct domain *d, pa_t pa);

/* Whether `ipa` lies in RAM of the domain. */
bool domain_has_ram(const struct domain *d, ipa_t ipa);

/* Copy into RAM of the domain, from the hypervisor's memory and from any RAM, through
 * the window of the calling CPU `cpu`. False: some of the place is no RAM of the
 * domain's; what lies before it was written. */
bool domain_write(const struct domain *d, uint32_t cpu, ipa_t to, const void *from, uint64_t size);
bool domain_copy(const struct domain *d, uint32_t cpu, ipa_t to, pa_t from, uint64_t size);

/* From VCPU_OFF to VCPU_ON_PENDING, for the caller alone. Returns the state that
 * it was in before: not VCPU_OFF means that nothing changed. */
enum vcpu_state vcpu_claim(struct vcpu *vcpu);
void vcpu_set_on(struct vcpu *vcpu);
/* Back to VCPU_OFF. True: it was the last of its domain that was not. */
bool vcpu_set_off(struct vcpu *vcpu);
enum vcpu_state vcpu_get_state(const struct vcpu *vcpu);

/* Starts or ends the domain's life, for the caller alone: false, somebody else did.
 * domain_set_off() says how many domains are still running. */
bool domain_set_running(struct domain *d);
bool domain_set_off(struct domain *d, uint32_t *left);
bool domain_is_running(const struct domain *d);
bool domain_has_ended(const struct domain *d);

#endif
