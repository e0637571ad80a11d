/* SPDX-License-Identifier: Apache-2.0 */
/* `reset` of a device, part of the model. */
#ifndef GEN_MODEL_RESET_H
#define GEN_MODEL_RESET_H

#include "model/value.h"

enum m_reset_kind { RESETS_NOT_SAID, RESETS_NOTHING, RESETS_PCI, RESETS_STEPS };
enum m_reset_action { ACTION_WRITE, ACTION_POLL, ACTION_WAIT };

struct m_reset_step {
	enum m_reset_action action;
	uint32_t offset; /* in the first of the device's registers */
	uint32_t mask;
	uint32_t value;
	uint32_t us; /* ACTION_POLL: at the most; ACTION_WAIT */
	struct pos pos;
};

struct m_reset {
	enum m_reset_kind kind;
	struct m_reset_step *steps;
	size_t step_count;
	struct pos pos;
};

#endif
