// SPDX-License-Identifier: Apache-2.0
/* Interrupts as a GIC has them: one trigger and one owner each. */
#include "import/settle.h"
#include "types.h"

#define SPIS 988u
#define PPIS 16u
#define SPI_STEP 32u /* GICD_TYPER counts in these */

enum spi_user { SPI_FREE, SPI_IOMMU, SPI_DEVICE };

struct spis {
	enum spi_user user[SPIS];
	enum m_trigger trigger[SPIS];
	bool ppi[PPIS]; /* the timers' and the GIC's */
	uint32_t end;   /* highest in use + 1 */
};

/* What a GIC cannot have stands for what is behind an inverter. */
static enum m_trigger trigger_true(enum m_trigger t)
{
	return t == TRIGGER_LEVEL_LOW ? TRIGGER_LEVEL_HIGH : t == TRIGGER_EDGE_FALLING ? TRIGGER_EDGE_RISING : t;
}

static void number_seen(struct spis *s, uint32_t number)
{
	s->end = number + 1 > s->end ? number + 1 : s->end;
}

static void iommu_irqs(struct import *im, struct spis *s)
{
	for (size_t i = 0; i < im->iommu_count; i++) {
		for (size_t n = 0; n < im->iommus[i].irq_count; n++) {
			struct i_irq *irq = &im->iommus[i].irqs[n];

			irq->trigger = trigger_true(irq->trigger);
			number_seen(s, irq->number);
			if (s->user[irq->number] != SPI_FREE) {
				irq->trigger = s->trigger[irq->number];
			}
			s->user[irq->number] = SPI_IOMMU;
			s->trigger[irq->number] = irq->trigger;
		}
	}
}

/* False: the device cannot have it. */
static bool device_irq(struct import *im, struct spis *s, struct i_device *dev, struct i_irq *irq)
{
	enum m_trigger is = irq->trigger, must = irq->ppi ? is : trigger_true(is);

	if (irq->ppi) {
		if (s->ppi[irq->number]) {
			import_note(im, &dev->notes, "PPI %u is a timer's or the GIC's own: left out", irq->number);
		}
		return !s->ppi[irq->number];
	}
	number_seen(s, irq->number);
	if (dev->enabled && s->user[irq->number] == SPI_IOMMU) {
		import_note(im, &dev->notes, "SPI %u is an IOMMU's: left out", irq->number);
		return false;
	}
	if (must != is) {
		import_note(im, &dev->notes, "SPI %u is active low in %s, which a GIC does not have", irq->number,
			    im->source);
	}
	if (dev->enabled && s->user[irq->number] == SPI_DEVICE && s->trigger[irq->number] != must) {
		import_decide(im, &dev->notes, "SPI %u has another trigger here than elsewhere in %s; taken from there",
			      irq->number, im->source);
		must = s->trigger[irq->number];
	} else if (dev->enabled) {
		s->user[irq->number] = SPI_DEVICE;
		s->trigger[irq->number] = must;
	}
	irq->trigger = must;
	return true;
}

static void device_irqs(struct import *im, struct spis *s, struct i_device *dev)
{
	size_t out = 0;

	for (size_t n = 0; n < dev->irq_count; n++) {
		if (device_irq(im, s, dev, &dev->irqs[n])) {
			dev->irqs[out++] = dev->irqs[n];
		}
	}
	dev->irqs_whole = dev->irqs_whole && out == dev->irq_count;
	dev->irq_count = out;
}

/* A frame's SPIs are messages alone. */
static void frame_irqs(struct import *im, struct spis *s, struct i_device *dev)
{
	uint64_t end = dev->msi_spis.base + dev->msi_spis.size;

	for (uint64_t n = dev->msi_spis.base; n < end && dev->enabled; n++) {
		if (s->user[n] != SPI_FREE) {
			import_decide(im, &dev->notes, "disabled: SPI %u, which it can raise, is also a line of something else",
				      (uint32_t)n);
			dev->enabled = false;
		}
	}
	for (uint64_t n = dev->msi_spis.base; n < end; n++) {
		s->user[n] = dev->enabled ? SPI_IOMMU : s->user[n];
	}
	number_seen(s, (uint32_t)end - 1);
}

void settle_irqs(struct import *im)
{
	struct spis s = {0};

	for (size_t i = 0; i < ARRAY_SIZE(im->timer); i++) {
		s.ppi[im->timer[i].number] = true;
	}
	if (s.ppi[im->maintenance.number]) {
		import_decide(im, &im->gic_notes, "maintenance: PPI %u is a timer's", im->maintenance.number);
	}
	s.ppi[im->maintenance.number] = true;
	iommu_irqs(im, &s);
	for (size_t i = 0; i < im->device_count; i++) {
		if (im->devices[i].class != CLASS_MSI_FRAME) {
			device_irqs(im, &s, &im->devices[i]);
		}
	}
	for (size_t i = 0; i < im->device_count; i++) {
		if (im->devices[i].class == CLASS_MSI_FRAME) {
			frame_irqs(im, &s, &im->devices[i]);
		}
	}
	im->spis = (uint32_t)ALIGN_UP(s.end == 0 ? 1 : s.end, SPI_STEP);
	im->spis = im->spis > SPIS ? SPIS : im->spis;
}
