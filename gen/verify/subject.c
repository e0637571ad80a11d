// SPDX-License-Identifier: Apache-2.0
#include "subject.h"

#include <stdio.h>
#include <string.h>

/* Every domain of the image must be one of the YAML and the other way round. */
static bool subject_pair(struct subject *s)
{
	const struct board *b = s->board;

	s->guest_count = s->image.board.domain_count;
	s->guests = mem_alloc(s->mem, s->guest_count, sizeof(*s->guests));
	if (s->guest_count != b->domain_count) {
		report_fail(s->report, PROPERTY_OWNERS, NULL, 0, 0, NULL, NULL,
			    "the image has %zu domains, the YAML %zu", s->guest_count, b->domain_count);
		return false;
	}
	for (size_t i = 0; i < s->guest_count; i++) {
		struct guest *g = &s->guests[i];

		g->image = &s->image.domains[i];
		for (size_t j = 0; j < b->domain_count; j++) {
			if (strcmp(b->domains[j].name, g->image->name) == 0) {
				g->yaml = &b->domains[j];
				g->index = (int)j;
			}
		}
		for (size_t j = 0; j < i; j++) {
			if (s->guests[j].yaml == g->yaml) {
				g->yaml = NULL;
				break;
			}
		}
		if (g->yaml == NULL) {
			report_fail(s->report, PROPERTY_OWNERS, g->image->name, 0, 0, NULL, NULL,
				    "the YAML has no such domain, or the image has it twice");
			return false;
		}
	}
	return true;
}

/* Where the hypervisor's pages are, if the image says it as the YAML has it. */
static struct home subject_home(struct subject *s)
{
	const struct home *h = &s->image.board.home;
	const struct colors *c = &s->board->hypervisor_colors;
	uint64_t of = c->count != 0 ? s->board->colors : 0;

	if (h->colors.of != of || h->colors.first != c->first || h->colors.count != c->count ||
	    (of & (of - 1)) != 0 || c->first + c->count > of ||
	    (of == 0 && (h->load | h->base) != 0) ||
	    (of != 0 && (h->load != s->image.board.image.base || h->base % (of * PAGE_SIZE) != 0))) {
		report_fail(s->report, PROPERTY_HYPERVISOR, NULL, h->base, h->base + 1, &c->at, NULL,
			    "its pages are not where the YAML's cache colours have them");
		return (struct home){.base = 0};
	}
	return of != 0 ? *h : (struct home){.base = 0};
}

static bool subject_find_pages(struct subject *s, char *error)
{
	const struct elf_section *tables = elf_section(s->elf, ".tables");

	if (tables == NULL || tables->bytes == NULL || !IS_ALIGNED(tables->addr | tables->size, PAGE_SIZE)) {
		snprintf(error, ELF_ERROR_MAX, "no section .tables of whole pages");
		return false;
	}
	s->pages = (struct walk_pages){.bytes = tables->bytes, .base = tables->addr, .size = tables->size};
	s->pages.home = subject_home(s);
	s->pages.used = mem_alloc(s->mem, tables->size / PAGE_SIZE, 1);
	s->pages.written = mem_alloc(s->mem, tables->size / PAGE_SIZE, 1);
	return true;
}

static struct walk subject_walk(struct subject *s)
{
	return (struct walk){.mem = s->mem,
			     .report = s->report,
			     .pages = &s->pages,
			     .pa_bits = (uint32_t)s->board->pa_bits,
			     .watch = UINT64_MAX};
}

static void subject_walk_all(struct subject *s)
{
	for (size_t i = 0; i < s->guest_count; i++) {
		struct guest *g = &s->guests[i];

		g->walk = subject_walk(s);
		g->walk.domain = g->yaml->name;
		g->walk.owner = (uint32_t)i;
		g->walk.sizes = g->yaml->viommu.given;
		g->walk.on_demand = g->yaml->on_demand;
		for (size_t n = 0; n < g->yaml->share_count; n++) {
			const struct share *x = &g->yaml->shares[n];

			spans_add(s->mem, &g->walk.shared, x->ipa, x->ipa + s->board->regions[x->region].size);
		}
		walk_stage2(&g->walk, g->image->desc.vttbr, g->image->desc.vtcr);
		s->report->domains++;
	}
	s->el2 = subject_walk(s);
	s->el2.watch = s->image.board.window.va;
	walk_el2(&s->el2, s->image.board.el2_ttbr, s->image.board.el2_tcr, s->image.board.el2_mair);
	prove_streams(s);
	prove_ipmmus(s);
	walk_check_unused(s->report, &s->pages);
}

/* On a machine that firmware describes, the file may give no memory at all. */
static void subject_settle_scope(struct subject *s)
{
	static const enum property later[] = {PROPERTY_PACKED};
	struct report *r = s->report;
	bool streams = s->board->smmu_count > 0 || s->image.board.smmu_count > 0 || s->board->ipmmu_driven;

	for (size_t i = 0; i < ARRAY_SIZE(later); i++) {
		r->results[later[i]].applies = false;
	}
	r->results[PROPERTY_DMA].applies = streams || r->results[PROPERTY_DMA].checked > 0;
	r->results[PROPERTY_STREAMS].applies = streams || r->results[PROPERTY_STREAMS].failed > 0;
	if (s->board->acpi && r->results[PROPERTY_ATTRIBUTES].checked == 0) {
		r->results[PROPERTY_ATTRIBUTES].applies = r->results[PROPERTY_ATTRIBUTES].failed > 0;
	}
}

bool subject_verify(struct subject *s, struct mem *m, const struct elf *e, const struct board *b,
		    struct report *r, char error[ELF_ERROR_MAX])
{
	memset(s, 0, sizeof(*s));
	s->mem = m;
	s->elf = e;
	s->board = b;
	s->report = r;
	if (!image_read(&s->image, m, e, error) || !subject_find_pages(s, error)) {
		return false;
	}
	if (!subject_pair(s)) {
		return true;
	}
	if (board_is_open(s->board)) {
		prove_open(s);
		return true;
	}
	own_list_things(s);
	subject_walk_all(s);
	prove_facts(s);
	prove_firmware(s);
	prove_gic_registers(s);
	prove_hypervisor(s);
	shared_find(s);
	prove_maps(s);
	prove_owners(s);
	prove_ram(s);
	prove_shared(s);
	prove_colors(s);
	prove_masters(s);
	prove_interrupts(s);
	prove_windows(s);
	prove_trees(s);
	prove_msi(s);
	prove_resets(s);
	prove_demand(s);
	prove_xen(s);
	prove_viommus(s);
	prove_el2(s);
	subject_settle_scope(s);
	return true;
}
