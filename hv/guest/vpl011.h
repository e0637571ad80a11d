/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A domain's console: a PL011 r1p5 (DDI 0183G) whose line is the machine's UART.
 * What the guest sends waits in a ring for room there; what arrives there goes to
 * the hardware domain's console, or to the first domain that has one.
 */
#ifndef HV_GUEST_VPL011_H
#define HV_GUEST_VPL011_H

#include "guest/mmio.h"

/* State after reset, when the domain starts; again only after vpl011_stop(). */
void vpl011_init(struct domain *d);

/* Trapped access. False: 8 bytes wide or not aligned, which a PL011 does not take. */
bool vpl011_access(struct mmio_access *a);

/* The machine's UART has something to read or room to send. */
void vpl011_host_irq(void);

/* An alarm has gone off, this CPU's or that of one that is off now. */
void vpl011_alarm_irq(void);

/* The calling CPU does not take its alarm: the domains that wait for it, bit i for domains[i];
 * all, if the hypervisor itself does. */
uint64_t vpl011_leave_alarm(void);

/* Sends what is left in the ring, for as long as 200 ms. */
void vpl011_flush(struct domain *d);

/* The same when the domain stops: what has not gone by then is dropped. */
void vpl011_stop(struct domain *d);

#endif
