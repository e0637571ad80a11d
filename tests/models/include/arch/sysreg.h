/* SPDX-License-Identifier: Apache-2.0 */
/* Host twin of hv/arch/include/arch/sysreg.h: accesses reach the models. */
#ifndef ARCH_SYSREG_H
#define ARCH_SYSREG_H

#include "models/model.h"

#define SYSREG(name, encoding) \
	static inline uint64_t sysreg_read_##name(void) \
	{ \
		return model_sysreg_read(MODEL_SYSREG_##name); \
	} \
	static inline void sysreg_write_##name(uint64_t v) \
	{ \
		model_sysreg_write(MODEL_SYSREG_##name, v); \
	}
#include "arch/include/arch/sysreg_list.h"
#undef SYSREG

#endif
