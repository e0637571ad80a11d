/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The checks: what a schema-valid board and system must not say together. They
 * look at the model alone and change nothing; whatever passes them can be planned.
 *
 * An error is something that would let two domains touch each other, or that
 * cannot work. Oddities inside one domain are at most a warning: real boards are
 * full of them. A place is reported once, for its first cause.
 */
#ifndef GEN_CHECK_CHECK_H
#define GEN_CHECK_CHECK_H

#include "diag/diag.h"
#include "model/model.h"

/* Reports everything that is wrong, as HV02xx..HV06xx. */
void check_model(struct diag *d, const struct model *m);
/* Of a model without errors: domains that would have nothing to run, as HV0534. */
void check_payloads(struct diag *d, const struct model *m);

/* Of the same: DMA masters that go on when their domain is restarted, as HV0562. */
void check_restarts(struct diag *d, const struct model *m);

#endif
