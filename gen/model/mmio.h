/* SPDX-License-Identifier: Apache-2.0 */
/* Where a domain whose MMIO is mapped on demand may find devices that the board file does
 * not name. */
#ifndef GEN_MODEL_MMIO_H
#define GEN_MODEL_MMIO_H

#include "model/value.h"

struct m_mmio_window {
	struct m_string name;
	struct m_range reg;
	enum m_attr attr;
	uint64_t block; /* that an access maps at the most; 0: not given */
	bool pre_map;
	struct pos pos;
};

#endif
