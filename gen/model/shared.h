/* SPDX-License-Identifier: Apache-2.0 */
/* What domains have together. */
#ifndef GEN_MODEL_SHARED_H
#define GEN_MODEL_SHARED_H

#include "model/value.h"

/* Memory that some domains share: top level of system.yaml. */
struct m_region {
	struct m_string name;
	uint64_t size;
	bool has_base; /* PA given; else the plan finds a place */
	uint64_t base;
	enum m_attr attr;
	struct pos attr_pos;
	struct pos base_pos;
	struct pos pos;
};

/* A domain's use of one. */
struct m_share {
	size_t region;
	bool has_ipa; /* else it sees it at its base */
	uint64_t ipa;
	bool write;
	struct pos pos;
	struct pos ipa_pos;
	struct pos name_pos;
};

#define BELL_SIZE UINT64_C(0x1000) /* registers of a PL061: DDI 0190, 3.2 */

/* A domain's end of a doorbell. */
struct m_bell {
	size_t bell; /* index into model.bells */
	struct m_range reg;
	struct m_irq irq;
	struct pos pos;
	struct pos name_pos;
};

#endif
