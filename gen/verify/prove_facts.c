// SPDX-License-Identifier: Apache-2.0
/* The structs that the hypervisor acts on say what the YAML says. */
#include <inttypes.h>
#include <string.h>

#include "subject.h"

#define GICR_FRAME UINT64_C(0x20000)

static void prove_number(struct subject *s, enum property p, const char *domain, const struct place *at,
			 const char *what, uint64_t found, uint64_t wanted)
{
	report_count(s->report, p, 1);
	if (found != wanted) {
		report_fail(s->report, p, domain, 0, 0, at, NULL,
			    "%s is 0x%" PRIx64 " in the image, but 0x%" PRIx64 " by the YAML", what, found,
			    wanted);
	}
}

static void prove_range(struct subject *s, const char *what, const struct mem_range *found,
			const struct range *wanted)
{
	report_count(s->report, PROPERTY_HYPERVISOR, 1);
	if (found->size != wanted->size || (wanted->size != 0 && found->base != wanted->base)) {
		report_fail(s->report, PROPERTY_HYPERVISOR, NULL, found->base, found->base + found->size,
			    &wanted->at, NULL, "the hypervisor takes this for %s", what);
	}
}

static void prove_gic(struct subject *s)
{
	const struct gic_desc *d = &s->image.board.gic;
	const struct gic *g = &s->board->gic;
	const struct range none = {.size = 0, .at = g->at};
	bool v2 = g->version == GIC_V2;
	bool v3 = g->version == GIC_V3;
	uint64_t frames = s->board->cpu_count * GICR_FRAME;

	prove_number(s, PROPERTY_INTERRUPTS, NULL, &g->at, "the GIC's version", d->version, g->version);
	prove_number(s, PROPERTY_INTERRUPTS, NULL, &g->at, "the GIC's maintenance interrupt", d->maintenance,
		     g->maintenance.intid);
	prove_number(s, PROPERTY_INTERRUPTS, NULL, &g->at, "the hypervisor's timer interrupt", d->timer,
		     s->board->timer_hypervisor.intid);
	prove_number(s, PROPERTY_INTERRUPTS, NULL, &g->at, "the number of SPIs", s->image.board.spi_count,
		     g->spis);
	prove_range(s, "the GIC's distributor", &d->gicd, &g->gicd);
	prove_range(s, "the GIC's CPU interface", &d->gicc, v2 ? &g->gicc : &none);
	prove_range(s, "the GIC's hypervisor interface", &d->gich, v2 ? &g->gich : &none);
	prove_range(s, "the GIC's virtual CPU interface", &d->gicv, v2 ? &g->gicv : &none);
	/* The frames of CPUs that there are may be all that is used of GICR. */
	report_count(s->report, PROPERTY_HYPERVISOR, 1);
	if (v3 ? d->gicr.base != g->gicr.base || d->gicr.size > g->gicr.size || d->gicr.size < frames
	       : d->gicr.size != 0) {
		report_fail(s->report, PROPERTY_HYPERVISOR, NULL, d->gicr.base, d->gicr.base + d->gicr.size,
			    &g->at, NULL, "the hypervisor takes this for the GIC's redistributors");
	}
}

static void prove_console(struct subject *s)
{
	const struct uart_desc *d = &s->image.board.uart;
	const struct device *c = s->board->console;
	const struct range none = {.size = 0};
	/* A domain whose console it is shares it by consent, and has its interrupts. */
	bool driven = c != NULL && c->reg_count > 0 && c->uart != UART_NONE;
	bool own = driven && c->owner == OWNER_HYPERVISOR && c->irq_count > 0;

	prove_number(s, PROPERTY_HYPERVISOR, NULL, c != NULL ? &c->at : NULL,
		     "the kind of the hypervisor's console", d->kind, driven ? c->uart : UART_NONE);
	prove_range(s, "its console", &d->reg, driven ? &c->reg[0] : &none);
	prove_number(s, PROPERTY_INTERRUPTS, NULL, c != NULL ? &c->at : NULL, "the console's interrupt",
		     d->intid, own ? c->irqs[0].intid : 0);
}

static void prove_image_place(struct subject *s)
{
	const struct board_tables *t = &s->image.board;
	const struct board *b = s->board;
	uint64_t end = t->image.base + t->image.size;
	uint64_t store_end = t->store.base + t->store.size;
	struct spans ram = {.count = 0};

	if (b->load_at.file != NULL) {
		prove_number(s, PROPERTY_HYPERVISOR, NULL, &b->load_at, "the load address", t->image.base,
			     b->load);
	}
	prove_number(s, PROPERTY_HYPERVISOR, NULL, &b->hypervisor_at, "the hypervisor's size", t->image.size,
		     b->hypervisor_size);
	for (size_t i = 0; i < b->ram_count; i++) {
		spans_add(s->mem, &ram, b->ram[i].base, b->ram[i].base + b->ram[i].size);
	}
	for (size_t i = 0; i < b->reserved_count; i++) {
		spans_remove(s->mem, &ram, b->reserved[i].base, b->reserved[i].base + b->reserved[i].size);
	}
	if (b->ram_count > 0 && !spans_hold(&ram, t->image.base, end)) {
		report_fail(s->report, PROPERTY_HYPERVISOR, NULL, t->image.base, end, &b->load_at, NULL,
			    "the hypervisor's memory is not all free RAM of the board");
	}
	if (t->store.size > 0 && (store_end < t->store.base || !IS_ALIGNED(t->store.base, PAGE_SIZE) ||
				  !spans_hold(&ram, t->store.base, store_end) ||
				  (t->store.base < end && t->image.base < store_end))) {
		report_fail(s->report, PROPERTY_HYPERVISOR, NULL, t->store.base, store_end, &b->load_at, NULL,
			    "the payload store is not free RAM of the board");
	}
	for (size_t i = 0; i < s->elf->section_count; i++) {
		const struct elf_section *section = &s->elf->sections[i];

		report_count(s->report, PROPERTY_HYPERVISOR, 1);
		if (section->addr < t->image.base || section->addr + section->size > end) {
			report_fail(s->report, PROPERTY_HYPERVISOR, NULL, section->addr,
				    section->addr + section->size, &b->load_at, NULL,
				    "section %s lies outside the hypervisor's memory", section->name);
		}
	}
}

static void prove_domain_facts(struct subject *s, const struct guest *g)
{
	const struct domain_desc *d = &g->image->desc;
	const struct domain *y = g->yaml;
	bool same = d->smc_count == y->smc_count;

	prove_number(s, PROPERTY_OWNERS, y->name, &y->at, "the set of flags", d->flags,
		     (y->hardware ? DOMAIN_HARDWARE : 0) | (y->control.given ? DOMAIN_CONTROL : 0));
	prove_number(s, PROPERTY_OWNERS, y->name, &y->at, "the policy on faults", d->on_fault, y->on_fault);
	prove_number(s, PROPERTY_OWNERS, y->name, &y->at, "the restarts after faults", d->retries, y->retries);
	for (size_t i = 0; same && i < y->smc_count; i++) {
		same = g->image->smc[i] == y->smc[i];
	}
	if (!same) {
		report_fail(s->report, PROPERTY_OWNERS, y->name, 0, 0, &y->at, NULL,
			    "its list of allowed SMCs is not the YAML's");
	}
}

/* VMIDs keep the domains' TLB entries apart; 0 is nobody's. */
static void prove_vmids(struct subject *s)
{
	for (size_t i = 0; i < s->guest_count; i++) {
		uint64_t vmid = s->guests[i].image->desc.vttbr >> 48;
		bool distinct = vmid != 0;

		for (size_t j = 0; j < i; j++) {
			distinct = distinct && s->guests[j].image->desc.vttbr >> 48 != vmid;
		}
		report_count(s->report, PROPERTY_FORM, 1);
		if (!distinct) {
			report_fail(s->report, PROPERTY_FORM, s->guests[i].yaml->name, 0, 0,
				    &s->guests[i].yaml->at, NULL,
				    "its VMID %" PRIu64 " is zero or another domain's", vmid);
		}
	}
}

void prove_facts(struct subject *s)
{
	const struct board_tables *t = &s->image.board;

	if (strcmp(s->image.name, s->board->name) != 0) {
		report_fail(s->report, PROPERTY_OWNERS, NULL, 0, 0, NULL, NULL,
			    "the image is one of board '%s', the YAML of '%s'", s->image.name,
			    s->board->name);
	}
	prove_number(s, PROPERTY_OWNERS, NULL, NULL, "the kind of firmware", t->firmware,
		     s->board->acpi ? FIRMWARE_ACPI : FIRMWARE_STATIC);
	prove_image_place(s);
	prove_gic(s);
	prove_console(s);
	for (size_t i = 0; i < s->guest_count; i++) {
		prove_domain_facts(s, &s->guests[i]);
	}
	if (!board_is_open(s->board)) {
		prove_vmids(s);
	}
}
