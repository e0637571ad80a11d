/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Domains' lives: started, stopped, restarted, destroyed, and what follows a fault
 * (docs/domains.md). A vCPU is a pCPU: all that there is to do for a domain is done by its
 * own CPUs, at EL2. Who asks for it only turns them on, or tells them by HV_SGI_STOP.
 * Where there is but one domain, with which the machine goes off, lifecycle_one.c is
 * linked in place of lifecycle.c.
 */
#ifndef HV_GUEST_LIFECYCLE_H
#define HV_GUEST_LIFECYCLE_H

#include "domain/domain.h"

enum lifecycle_result {
	LIFECYCLE_OK = 0, /* under way: domain_get_state() tells when it is done */
	LIFECYCLE_BUSY,   /* it is starting or stopping */
	LIFECYCLE_STATE,  /* not possible in the state that it is in */
	LIFECYCLE_DENIED, /* not possible at all: the hardware domain lies where it runs */
	LIFECYCLE_FAILED, /* firmware does not turn on its CPU; the console has why */
};

/*
 * To be called on any CPU, by any number of them at once. `why` goes to the console, as
 * "<domain>: <why>". A CPU of the domain's own goes on and is stopped by the SGI, or goes
 * to power_vcpu_off() by itself. With the last domain the machine goes off.
 *
 * stop: from starting or running to off. restart: the same, and on to running, with RAM
 * zeroed and the payload as it was at first. start: from off. destroy: from starting,
 * running or off; its RAM is zeroed, and it cannot be started before create.
 */
enum lifecycle_result lifecycle_stop(struct domain *d, const char *why);
enum lifecycle_result lifecycle_restart(struct domain *d, const char *why);
enum lifecycle_result lifecycle_start(struct domain *d);
enum lifecycle_result lifecycle_destroy(struct domain *d);
enum lifecycle_result lifecycle_create(struct domain *d);

/* The domain has failed: `why`. Tells it, counts it and does what on_fault says: stops it,
 * restarts it, or turns the machine off. Nothing, if it is stopping or off. */
void lifecycle_fault(struct domain *d, const char *why);

/*
 * For guest/power.c and core/.
 */

/* The domain is DOMAIN_STARTING: turns its boot CPU on. True: that is the calling one, and
 * its vCPU is claimed. */
bool lifecycle_boot(struct domain *d);

/* CPUs that firmware has turned on and that do not come: nobody waits for them any longer
 * than a second. */
void lifecycle_settle(struct domain *d);

/* On a CPU of the domain that has come on. If the domain is DOMAIN_STARTING, it is its boot
 * CPU and makes its memory and its virtual devices as they are to be at its first
 * instruction. False: the CPU is to go off. */
bool lifecycle_prepare(struct domain *d);

/* What there is to do for that where it is not the domain's first start: before anything is
 * in its memory, and when all is done. False: its DMA stays aborted. */
void lifecycle_wipe(struct domain *d, uint32_t cpu);
bool lifecycle_release(struct domain *d, uint32_t cpu);

/* On a CPU of the domain's before it enters the guest, which makes the domain
 * DOMAIN_RUNNING; in its registers is nothing of whatever ran there before, unless it
 * `resumes`. False: the CPU is to go off. */
bool lifecycle_may_run(struct domain *d, bool resumes);

/* The calling CPU goes off. Its alarm, if it is set, goes to the CPUs of the domains that wait
 * for it, and to nobody else's: all of them, as some may be on their way off. If all are, so
 * is what their domain waits for. */
void lifecycle_give_alarm(struct vcpu *vcpu);

/* The calling CPU was the domain's last one. It aborts the domain's DMA and resets what it
 * had. `why`: of a fault that was the reason; NULL: there is none. True: the calling CPU
 * is to start over, with its vCPU claimed. */
bool lifecycle_gone(struct domain *d, const char *why);

#endif
