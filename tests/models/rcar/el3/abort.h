/* SPDX-License-Identifier: Apache-2.0 */
/* An access that the bus does not take. */
#ifndef TESTS_MODELS_RCAR_EL3_ABORT_H
#define TESTS_MODELS_RCAR_EL3_ABORT_H

/* Gives the access for which the exception now at hand was taken a synchronous external abort,
 * where it was made. */
void abort_give(void);

#endif
