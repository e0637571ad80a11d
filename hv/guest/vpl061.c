// SPDX-License-Identifier: Apache-2.0
#include "guest/vpl061.h"

#include "guest/vgic.h"

/* Registers: DDI 0190B, 3.2. Of each the low byte is used, one bit a line. Those for
 * integration tests are not there: they read as 0, like all that is reserved. */
#define GPIODATA_END 0x400 /* below: address bits 9:2 are the mask of an access */
#define GPIODIR 0x400
#define GPIOIS 0x404
#define GPIOIBE 0x408
#define GPIOIEV 0x40c
#define GPIOIE 0x410
#define GPIORIS 0x414
#define GPIOMIS 0x418
#define GPIOIC 0x41c
#define GPIOAFSEL 0x420
#define GPIO_ID 0xfe0 /* PeriphID0..3, PCellID0..3 */

#define LINES_CROSSED 4

static const uint8_t vpl061_id[] = {0x61, 0x10, 0x04, 0x00, 0x0d, 0xf0, 0x05, 0xb1};

/* Zeroed: as at reset, with nothing driven by the other end. */
struct vpl061 {
	uint8_t data;  /* of outputs */
	uint8_t dir;   /* 1: output */
	uint8_t is;    /* 1: level, 0: edge */
	uint8_t ibe;   /* 1: both edges */
	uint8_t iev;   /* 1: rising or high */
	uint8_t ie;    /* 1: interrupts */
	uint8_t afsel; /* 1: driven by other hardware, of which there is none */
	uint8_t edges; /* seen since GPIOIC */
	uint8_t in;    /* levels that the other end drives */
	bool line;     /* level last given to the virtual GIC */
};

/* The lock is for both ends and for the order of what the virtual GICs are told. */
struct vpl061_pair {
	struct spinlock lock;
	struct vpl061 end[2];
};

static struct vpl061_pair pairs[DOORBELLS_MAX];

/* Interrupts before the mask. */
static uint8_t vpl061_raw(const struct vpl061 *p)
{
	return (uint8_t)((p->edges & ~p->is) | (~(p->in ^ p->iev) & p->is));
}

static void vpl061_set_line(uint32_t end, bool level)
{
	const struct doorbell_end *desc = &board.doorbells[end / 2].end[end % 2];
	struct vpl061 *p = &pairs[end / 2].end[end % 2];

	if (level != p->line) {
		p->line = level;
		vgic_set_level(&domains[desc->domain], desc->intid, level);
	}
}

/* Shows the other end what this one drives. It can only raise the other's interrupt: in
 * level mode, too, that falls when the other domain looks, or a line that goes up and down
 * would cost that domain's CPU as much as it cost the one that rings. */
static void vpl061_drive(uint32_t end)
{
	const struct vpl061 *from = &pairs[end / 2].end[end % 2];
	struct vpl061 *to = &pairs[end / 2].end[1 - end % 2];
	uint32_t out = from->data & from->dir & ~(uint32_t)from->afsel;
	uint8_t in = (uint8_t)(out << LINES_CROSSED | out >> LINES_CROSSED);
	uint8_t changed = in ^ to->in;

	to->in = in;
	to->edges |= (uint8_t)(changed & ~to->is & (to->ibe | ~(in ^ to->iev)));
	if ((vpl061_raw(to) & to->ie) != 0) {
		vpl061_set_line(end ^ 1, true);
	}
}

static uint32_t vpl061_read(const struct vpl061 *p, uint64_t reg)
{
	if (reg < GPIODATA_END) {
		return ((p->data & p->dir) | (p->in & ~(uint32_t)p->dir)) & (uint32_t)(reg >> 2);
	}
	if (reg >= GPIO_ID && reg < GPIO_ID + 4 * ARRAY_SIZE(vpl061_id)) {
		return vpl061_id[(reg - GPIO_ID) / 4];
	}
	switch (reg) {
	case GPIODIR:
		return p->dir;
	case GPIOIS:
		return p->is;
	case GPIOIBE:
		return p->ibe;
	case GPIOIEV:
		return p->iev;
	case GPIOIE:
		return p->ie;
	case GPIORIS:
		return vpl061_raw(p);
	case GPIOMIS:
		return vpl061_raw(p) & p->ie;
	case GPIOAFSEL:
		return p->afsel;
	default: /* GPIOIC is for writes */
		return 0;
	}
}

/* A line that is an input keeps no value that is written for it (DDI 0190B, 3.3.1). */
static void vpl061_write(struct vpl061 *p, uint64_t reg, uint8_t v)
{
	uint8_t mask = (uint8_t)(reg >> 2) & p->dir;

	if (reg < GPIODATA_END) {
		p->data = (uint8_t)((p->data & ~mask) | (v & mask));
		return;
	}
	switch (reg) {
	case GPIODIR:
		p->dir = v;
		break;
	case GPIOIS:
		p->is = v;
		p->edges &= (uint8_t)~v;
		break;
	case GPIOIBE:
		p->ibe = v;
		break;
	case GPIOIEV:
		p->iev = v;
		break;
	case GPIOIE:
		p->ie = v;
		break;
	case GPIOIC:
		p->edges &= (uint8_t)~v;
		break;
	case GPIOAFSEL:
		p->afsel = v;
		break;
	default: /* read-only, reserved: ignored */
		break;
	}
}

bool vpl061_access(struct mmio_access *a)
{
	uint32_t end = a->window->index;
	struct vpl061_pair *pair = &pairs[end / 2];
	struct vpl061 *p = &pair->end[end % 2];
	uint64_t reg = ALIGN_DOWN(a->offset, 4);
	uint32_t shift = (uint32_t)(a->offset - reg) * 8;

	if (a->size > 4 || !IS_ALIGNED(a->offset, a->size)) {
		return false;
	}
	spin_lock(&pair->lock);
	if (!a->write) {
		a->value = vpl061_read(p, reg) >> shift;
	} else if (shift == 0) {
		vpl061_write(p, reg, (uint8_t)a->value);
		vpl061_drive(end);
	}
	vpl061_set_line(end, (vpl061_raw(p) & p->ie) != 0);
	spin_unlock(&pair->lock);
	return true;
}

void vpl061_reset(struct domain *d)
{
	for (uint32_t i = 0; i < 2 * board.doorbell_count; i++) {
		struct vpl061_pair *pair = &pairs[i / 2];
		struct vpl061 *p = &pair->end[i % 2];

		if (board.doorbells[i / 2].end[i % 2].domain != (uint32_t)(d - domains)) {
			continue;
		}
		spin_lock(&pair->lock);
		vpl061_set_line(i, false);
		*p = (struct vpl061){.in = p->in};
		vpl061_drive(i);
		spin_unlock(&pair->lock);
	}
}
