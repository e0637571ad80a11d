/* SPDX-License-Identifier: Apache-2.0 */
/* The values that the model is made of, each with its place in the YAML. */
#ifndef GEN_MODEL_VALUE_H
#define GEN_MODEL_VALUE_H

#include "diag/diag.h"

/* Index into one of the model's arrays; MODEL_NONE: not given. */
#define MODEL_NONE SIZE_MAX

struct m_string {
	const char *s; /* NULL: not given */
	struct pos pos;
};

struct m_number {
	uint64_t v;
	bool given;
	struct pos pos;
};

/* An address range as written: reg: [base, size]. */
struct m_range {
	uint64_t base;
	uint64_t size;
	struct pos pos; /* the pair */
	struct pos base_pos;
	struct pos size_pos;
};

enum m_trigger { TRIGGER_LEVEL_HIGH, TRIGGER_LEVEL_LOW, TRIGGER_EDGE_RISING, TRIGGER_EDGE_FALLING };
enum m_irq_type { IRQ_SPI, IRQ_PPI };

struct m_irq {
	enum m_irq_type type;
	uint32_t number; /* SPI or PPI number */
	uint32_t intid;  /* number + 32 or + 16 */
	enum m_trigger trigger;
	struct pos pos;
};

/* Stage-2 memory types (facts of DDI 0487, S2 MemAttr). */
enum m_attr {
	ATTR_DEVICE_NGNRNE,
	ATTR_DEVICE_NGNRE,
	ATTR_DEVICE_NGRE,
	ATTR_DEVICE_GRE,
	ATTR_NORMAL_NC,
	ATTR_NORMAL_WT,
	ATTR_NORMAL_WB,
};

/* Their words in YAML, NULL behind the last. */
extern const char *const attr_names[];
extern const char *const trigger_names[];

#endif
