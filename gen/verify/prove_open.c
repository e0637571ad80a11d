// SPDX-License-Identifier: Apache-2.0
/*
 * A board whose addresses firmware says: the image makes its tables when it boots, and checks
 * them itself (hv/firmware/build/check.c). Proved here is what does not depend on the machine,
 * and that the image carries nothing that could be taken for such tables.
 */
#include <inttypes.h>

#include "subject.h"

static void open_zero(struct subject *s, enum property p, const char *domain, const char *what,
		      uint64_t value)
{
	report_count(s->report, p, 1);
	if (value != 0) {
		report_fail(s->report, p, domain, 0, 0, NULL, NULL,
			    "%s is 0x%" PRIx64 " in the image, but is made at boot", what, value);
	}
}

/* How many LPIs and devices; at which ITS is the machine's to say. */
static void open_prove_msi(struct subject *s, struct guest *g)
{
	const struct msi_desc *m = &g->image->msi;
	bool wanted = g->yaml->lpis != 0;

	report_count(s->report, PROPERTY_INTERRUPTS, 1);
	if (g->image->has_msi != wanted ||
	    (wanted && (m->lpi_first != LPI_FIRST || m->lpi_count != g->yaml->lpis ||
			m->device_count != g->yaml->msi_devices))) {
		report_fail(s->report, PROPERTY_INTERRUPTS, g->yaml->name, 0, 0, &g->yaml->msi_at, NULL,
			    "it has other LPIs, or LPIs of another number of devices, than the YAML gives it");
	}
	open_zero(s, PROPERTY_INTERRUPTS, g->yaml->name, "the number of its DeviceIDs", m->id_count);
	open_zero(s, PROPERTY_INTERRUPTS, g->yaml->name, "the number of ITSs", s->image.board.its_count);
	open_zero(s, PROPERTY_HYPERVISOR, g->yaml->name, "the memory for LPIs", s->image.board.lpi.base);
}

static void open_prove_domain(struct subject *s, struct guest *g)
{
	const struct domain_desc *d = &g->image->desc;

	open_zero(s, PROPERTY_HYPERVISOR, g->yaml->name, "VTTBR_EL2", d->vttbr);
	open_zero(s, PROPERTY_HYPERVISOR, g->yaml->name, "VTCR_EL2", d->vtcr);
	open_zero(s, PROPERTY_OWNERS, g->yaml->name, "the number of its RAM ranges", d->ram_count);
	open_zero(s, PROPERTY_OWNERS, g->yaml->name, "the number of its pieces of memory", d->piece_count);
	open_zero(s, PROPERTY_OWNERS, g->yaml->name, "the number of ranges on demand", g->image->demand_count);
	open_zero(s, PROPERTY_INTERRUPTS, g->yaml->name, "the number of its CPUs", d->cpu_count);
	open_prove_msi(s, g);
	open_zero(s, PROPERTY_INTERRUPTS, g->yaml->name, "the number of its trap windows", d->window_count);
	for (size_t i = 0; i < IRQ_WORDS; i++) {
		open_zero(s, PROPERTY_INTERRUPTS, g->yaml->name, "a word of its interrupts",
			  d->irq_mask[i] | d->virq_mask[i] | d->irq_edge[i]);
	}
}

/* One page, empty: of the window onto the domain's memory. */
static void open_prove_pages(struct subject *s)
{
	const uint64_t *words = (const void *)s->pages.bytes;

	if (s->pages.size != PAGE_SIZE || s->image.window_table != s->pages.base) {
		report_fail(s->report, PROPERTY_FORM, NULL, s->pages.base, s->pages.base + s->pages.size, NULL, NULL,
			    "there is more in .tables than the window's table");
		return;
	}
	for (size_t i = 0; i < PAGE_SIZE / 8; i++) {
		open_zero(s, PROPERTY_FORM, NULL, "a word of the window's table", words[i]);
	}
}

void prove_open(struct subject *s)
{
	static const enum property later[] = {
		PROPERTY_HYPERVISOR, PROPERTY_DMA,  PROPERTY_ATTRIBUTES, PROPERTY_STREAMS,
		PROPERTY_INTERRUPTS, PROPERTY_FORM, PROPERTY_EL2,
	};
	const struct board_tables *t = &s->image.board;

	for (size_t i = 0; i < ARRAY_SIZE(later); i++) {
		s->report->results[later[i]].later = true;
	}
	s->report->results[PROPERTY_PACKED].applies = false;
	if (s->guest_count != 1 || !s->guests[0].yaml->hardware) {
		report_fail(s->report, PROPERTY_OWNERS, NULL, 0, 0, NULL, NULL,
			    "tables are made at boot for the hardware domain alone");
		return;
	}
	s->report->domains = 1;
	open_prove_domain(s, &s->guests[0]);
	open_zero(s, PROPERTY_EL2, NULL, "TTBR0_EL2", t->el2_ttbr);
	open_zero(s, PROPERTY_STREAMS, NULL, "the number of SMMUs", t->smmu_count);
	open_zero(s, PROPERTY_INTERRUPTS, NULL, "the number of CPUs", t->cpu_count);
	open_zero(s, PROPERTY_INTERRUPTS, NULL, "the number of SPIs", t->spi_count);
	open_prove_pages(s);
	prove_facts(s);
	prove_firmware(s);
	prove_xen(s);
	prove_el2_sections(s);
}
