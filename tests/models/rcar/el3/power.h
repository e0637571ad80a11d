/* SPDX-License-Identifier: Apache-2.0 */
/* QEMU's secure PL061, whose first two pins turn the machine off and reset it. */
#ifndef TESTS_MODELS_RCAR_EL3_POWER_H
#define TESTS_MODELS_RCAR_EL3_POWER_H

enum power_pin { POWER_OFF, POWER_RESET };

_Noreturn void power_pin(enum power_pin pin);

#endif
