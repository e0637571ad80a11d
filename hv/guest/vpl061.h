/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Doorbells: eight lines between two domains, at either end a PL061 (DDI 0190). Line n of
 * one is line (n + 4) modulo 8 of the other: what one drives as an output, the other has as
 * an input; a line that nobody drives is low.
 *
 * A ring reaches the other domain as its PL061's interrupt. That stays up until the other
 * domain looks at its PL061, and costs it no more than that once, however often and fast it
 * is rung; who rings waits for no CPU but for another's few instructions under the lock.
 */
#ifndef HV_GUEST_VPL061_H
#define HV_GUEST_VPL061_H

#include "guest/mmio.h"

/* Trapped access. False: 8 bytes wide or not aligned, which a PL061 does not take. */
bool vpl061_access(struct mmio_access *a);

/* The domain's ends as at reset, when it starts and when it has stopped: they drive
 * nothing, which the other ends see. What those drive is seen as before. */
void vpl061_reset(struct domain *d);

#endif
