/* SPDX-License-Identifier: Apache-2.0 */
/* What kind of board it is, as QEMU's command line says:
 *     -device loader,addr=0x47ff0000,data=0x4f11,data-len=4
 * A word that is 0 is as the board is. */
#ifndef TESTS_MODELS_RCAR_EL3_OPTIONS_H
#define TESTS_MODELS_RCAR_EL3_OPTIONS_H

#include "models/rcar/el3/cpu.h"
#include "models/rcar/el3/machine.h"

enum option {
	OPTION_PRR,         /* the product register: another chip, another revision */
	OPTION_ANSWERS,     /* of the IPMMU to assumptions (models/ipmmu.h) */
	OPTION_FLUSH_READS, /* until a flush of the IPMMU is done */
};

static inline uint32_t option(enum option which, uint32_t usual)
{
	uint32_t value = reg_read(OPTIONS_BASE + 4 * (uint64_t)which);

	return value != 0 ? value : usual;
}

#endif
