/* SPDX-License-Identifier: Apache-2.0 */
/* Tells what a guest did that its machine has no answer to: the first
 * REPORTS_MAX times of each domain, so that a guest cannot flood the console. */
#ifndef HV_GUEST_REPORT_H
#define HV_GUEST_REPORT_H

#include "domain/domain.h"

#define REPORTS_MAX 8

/* An access to `ipa`, described by ESR_EL2, that is about to be answered by an abort. */
void report_access(struct vcpu *vcpu, ipa_t ipa, uint64_t esr);

/* A system register access (EC 0x18), or any other exception class, that is about
 * to be answered by an undefined instruction. */
void report_undefined(struct vcpu *vcpu, uint64_t esr);

/* An SError taken from the guest, which it will get. */
void report_serror(struct vcpu *vcpu, uint64_t esr);

#endif
