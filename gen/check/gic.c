// SPDX-License-Identifier: Apache-2.0
/*
 * The GIC's register ranges: as large and as aligned as the architecture has them
 * (IHI 0069, 12.1: frames of 64 KiB; IHI 0048, 4.1 and 5.3: pages of 4 KiB). What a
 * range left out would be taken for a device's, or for nobody's.
 */
#include "check/parts.h"

#define GICV2_CPUS 8u /* GICv2 knows eight CPU interfaces */
#define GICR_FRAME KIB(128)

struct shape {
	const char *name;
	size_t range; /* offset in struct m_gic */
	uint32_t version;
	uint64_t least;
	uint64_t most; /* 0: any. GICC and GICV have two pages of 4 KiB, or of 64 KiB */
	uint64_t align; /* of the base */
	uint64_t unit;  /* the size is a multiple of it */
};

static const struct shape shapes[] = {
	{"gicd", offsetof(struct m_gic, gicd), 3, KIB(64), 0, KIB(64), PAGE_SIZE},
	{"gicr", offsetof(struct m_gic, gicr), 3, GICR_FRAME, 0, KIB(64), GICR_FRAME},
	{"gicd", offsetof(struct m_gic, gicd), 2, KIB(4), 0, PAGE_SIZE, PAGE_SIZE},
	{"gicc", offsetof(struct m_gic, gicc), 2, KIB(8), KIB(128), PAGE_SIZE, PAGE_SIZE},
	{"gich", offsetof(struct m_gic, gich), 2, 0x200, 0, PAGE_SIZE, 4},
	{"gicv", offsetof(struct m_gic, gicv), 2, KIB(8), KIB(128), PAGE_SIZE, PAGE_SIZE},
};

static const struct m_range *shape_range(const struct m_gic *g, const struct shape *s)
{
	return (const struct m_range *)(const void *)((const char *)g + s->range);
}

static void shape_check(struct diag *d, const struct m_gic *g, const struct shape *s)
{
	const struct m_range *r = shape_range(g, s);
	bool large = s->most != 0 && r->size > s->most;
	struct diag_msg *msg;

	if (g->version != s->version || r->size == 0 ||
	    (r->size >= s->least && !large && IS_ALIGNED(r->base, s->align) && IS_ALIGNED(r->size, s->unit))) {
		return;
	}
	msg = diag_error(d, 605, r->pos, "'%s' of a GICv%u cannot be [0x%llx..0x%llx)", s->name, g->version,
			 (ull)r->base, (ull)(r->base + r->size));
	if (r->size < s->least) {
		diag_label(msg, "it has 0x%llx bytes of registers", (ull)s->least);
	} else if (large) {
		diag_label(msg, "it has at most %s of registers; domains would reach what follows",
			   size_text(s->most).s);
	} else if (!IS_ALIGNED(r->base, s->align)) {
		diag_label(msg, "its base is a multiple of %s", size_text(s->align).s);
	} else {
		diag_label(msg, "its size is a multiple of %s", size_text(s->unit).s);
	}
	diag_help(msg, "%s: [0x%llx, 0x%llx]", s->name, (ull)ALIGN_DOWN(r->base, s->align),
		  (ull)(r->size < s->least ? s->least : large ? s->most : ALIGN_DOWN(r->size, s->unit)));
}

/* True when there are enough interfaces for the CPUs. */
static bool interfaces_check(struct diag *d, const struct m_board *b)
{
	const struct m_gic *g = &b->gic;
	struct diag_msg *msg;

	if (model_is_open(b)) {
		return true;
	}
	if (g->version == 2 && b->cpu_count > GICV2_CPUS) {
		msg = diag_error(d, 604, b->cpus[GICV2_CPUS].pos,
				 "a GICv2 has 8 CPU interfaces, the board %zu CPUs", b->cpu_count);
		diag_note(msg, g->pos, "the interrupt controller is declared");
		diag_help(msg, "list the first 8 CPUs only, or correct 'version'");
	}
	if (g->version == 3 && g->gicr.size / GICR_FRAME < b->cpu_count) {
		msg = diag_error(d, 604, g->gicr.pos, "redistributors for %llu CPUs, but the board has %zu",
				 (ull)(g->gicr.size / GICR_FRAME), b->cpu_count);
		diag_label(msg, "128 KiB each");
		diag_help(msg, "gicr: [0x%llx, 0x%llx]", (ull)g->gicr.base, (ull)(b->cpu_count * GICR_FRAME));
		return false;
	}
	return true;
}

void check_gic(struct diag *d, const struct model *m)
{
	const struct m_gic *g = &m->board.gic;
	bool enough = interfaces_check(d, &m->board);

	for (size_t i = 0; i < ARRAY_SIZE(shapes); i++) {
		if (enough || shape_range(g, &shapes[i]) != &g->gicr) {
			shape_check(d, g, &shapes[i]);
		}
	}
}
