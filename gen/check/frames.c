// SPDX-License-Identifier: Apache-2.0
/*
 * MSI frames (GICv2m): a page of which a write raises one of some SPIs, whoever writes.
 * The page has one owner, who can raise each of them, so they are all its own, and no
 * other device's.
 */
#include "check/parts.h"

#define SPIS_MAX 988u

bool frame_fits(const struct m_board *b, const struct m_device *dev)
{
	uint64_t spis = b->gic.spi_count != 0 ? b->gic.spi_count : SPIS_MAX;

	return dev->msi_spis.size == 0 ||
	       (dev->msi_spis.base < spis && dev->msi_spis.size <= spis - dev->msi_spis.base);
}

/* What only a frame has, elsewhere. */
static void other_check(struct diag *d, const struct m_device *dev)
{
	if (dev->msi_spis.size != 0) {
		struct diag_msg *msg = diag_error(d, 511, dev->msi_spis.pos, "'%s' has 'msi-spis', but is no MSI frame",
						  dev->name.s);
		diag_help(msg, "class: msi-frame, or remove 'msi-spis'");
	}
}

static void shape_check(struct diag *d, const struct m_board *b, const struct m_device *dev)
{
	struct diag_msg *msg;

	if (b->gic.version != 2) {
		msg = diag_error(d, 511, dev->class_pos, "'%s' is an MSI frame of a GICv2, but the board has a GICv%u",
				 dev->name.s, b->gic.version);
		diag_help(msg, "say 'status: disabled'");
	}
	if (dev->reg_count != 1 || dev->window_count != 0 || dev->reg[0].size != PAGE_SIZE ||
	    !IS_ALIGNED(dev->reg[0].base, PAGE_SIZE)) {
		msg = diag_error(d, 511, dev->reg_count != 0 ? dev->reg[0].pos : dev->pos,
				 "'%s' cannot be an MSI frame with these registers", dev->name.s);
		diag_label(msg, "it has one page of 4 KiB");
		diag_help(msg, "reg: [<base>, 0x1000]");
	}
	if (dev->irq_count > dev->msi_irqs) {
		msg = diag_error(d, 511, dev->irqs[0].pos, "an MSI frame such as '%s' has no interrupts of its own",
				 dev->name.s);
		diag_help(msg, "say which it raises: 'msi-spis: [first, count]'");
	}
	for (size_t i = 0; i < dev->share_count; i++) {
		const struct m_device *other = &b->devices[dev->shares[i]];
		msg = diag_error(d, 511, dev->pos, "the MSI frame '%s' cannot share its page with '%s'", dev->name.s,
				 other->name.s);
		diag_note(msg, other->pos, "'%s' is declared", other->name.s);
		diag_help(msg, "remove 'shares': who has the page raises all of its interrupts");
	}
}

static void spis_check(struct diag *d, const struct m_board *b, const struct m_device *dev)
{
	struct diag_msg *msg;

	if (dev->msi_spis.size == 0) {
		msg = diag_error(d, 511, dev->pos, "the MSI frame '%s' does not say which SPIs it raises", dev->name.s);
		diag_help(msg, "msi-spis: [first, count], from its MSI_TYPER: INTID 25:16 less 32, and 9:0");
	} else if (!frame_fits(b, dev)) {
		msg = diag_error(d, 511, dev->msi_spis.pos, "SPIs %llu..%llu of '%s' do not all exist (valid: 0..%u)",
				 (ull)dev->msi_spis.base, (ull)range_last(&dev->msi_spis), dev->name.s,
				 (b->gic.spi_count != 0 ? b->gic.spi_count : SPIS_MAX) - 1);
		diag_note(msg, b->gic.pos, "the interrupt controller's 'spis: %u' is declared", b->gic.spi_count);
		diag_help(msg, "correct it; it is the SPI's number, not the INTID");
	}
}

/* A device of the same domain whose line is one of the frame's SPIs: a message could not be
 * told from it. Another domain's, or the hypervisor's, is check_interrupts()'s affair. */
static void alone_check(struct diag *d, const struct model *m, size_t frame)
{
	const struct m_board *b = &m->board;
	const struct m_device *dev = &b->devices[frame];

	for (size_t i = 0; i < b->device_count; i++) {
		const struct m_device *other = &b->devices[i];
		if (other->class == CLASS_MSI_FRAME && i > frame) {
			continue; /* told for the other */
		}
		for (size_t n = 0; n < other->irq_count; n++) {
			const struct m_irq *irq = &other->irqs[n];
			if (i == frame || device_owner(m, i) != device_owner(m, frame) || irq->type != IRQ_SPI ||
			    irq->number - dev->msi_spis.base >= dev->msi_spis.size) {
				continue;
			}
			struct diag_msg *msg = diag_error(d, 511, dev->msi_spis.pos,
							  "SPI %u of the MSI frame '%s' is also that of '%s'",
							  irq->number, dev->name.s, other->name.s);
			diag_note(msg, irq->pos, "the device's is declared");
			diag_help(msg, "correct one of the two: a frame's interrupts are messages alone");
			break;
		}
	}
}

static void parent_check(struct diag *d, const struct m_board *b, const struct m_device *dev)
{
	const struct m_device *frame = dev->msi_parent != MODEL_NONE ? &b->devices[dev->msi_parent] : NULL;
	struct diag_msg *msg;

	if (frame == NULL || frame->class == CLASS_MSI_FRAME) {
		return;
	}
	msg = diag_error(d, 511, dev->msi_parent_pos, "'%s', where messages of '%s' go, is no MSI frame",
			 frame->name.s, dev->name.s);
	diag_note(msg, frame->pos, "'%s' is declared", frame->name.s);
	diag_help(msg, "name a device of 'class: msi-frame'");
}

void check_frames(struct diag *d, const struct model *m)
{
	for (size_t i = 0; i < m->board.device_count; i++) {
		const struct m_device *dev = &m->board.devices[i];
		parent_check(d, &m->board, dev);
		if (dev->class != CLASS_MSI_FRAME) {
			other_check(d, dev);
		} else if (dev->enabled) {
			shape_check(d, &m->board, dev);
			spis_check(d, &m->board, dev);
			if (device_owner(m, i) < m->domain_count) {
				alone_check(d, m, i);
			}
		}
	}
}
