// SPDX-License-Identifier: Apache-2.0
/*
 * The hypervisor's own map: its sections as they are meant, the registers that it
 * drives, an empty window, and nothing else; VA = PA but for its own pages if they have
 * cache colours, nothing both writable and executable.
 */
#include <inttypes.h>

#include "subject.h"

#define NORMAL	    (MEMORY_WB | ATTR_READ | ATTR_INNER)
#define DEVICE	    (MEMORY_NGNRE | ATTR_READ | ATTR_WRITE)
#define WINDOW_SIZE GIB(1)

static const struct part {
	const char *name;
	const char *start;
	const char *end;
	uint32_t attr; /* 0: not mapped */
} parts[] = {
	{"text", "__text_start", "__text_end", NORMAL | ATTR_EXEC},
	{"rodata", "__rodata_start", "__rodata_end", NORMAL},
	{"data", "__data_start", "__data_end", NORMAL | ATTR_WRITE},
	{"packed tables", "__packed_start", "__packed_end", 0},
	{"bss", "__bss_start", "__bss_end", NORMAL | ATTR_WRITE},
	{"noinit", "__noinit_start", "__noinit_end", NORMAL | ATTR_WRITE},
	{"memory for LPIs", "__lpi_start", "__lpi_end", NORMAL | ATTR_WRITE},
	{"tables", "__tables_start", "__tables_end", NORMAL}, /* last */
};

static void el2_expect(struct subject *s, struct expects *e, const char *name, uint64_t lo, uint64_t hi,
		       uint32_t attr, const struct place *at)
{
	expects_add(
		s->mem, e,
		(struct expect){.in = lo, .out = lo, .size = hi - lo, .attr = attr, .name = name, .at = *at});
}

/* The hypervisor's own: where its pages are. */
static void el2_expect_own(struct subject *s, struct expects *e, const char *name, uint64_t lo, uint64_t hi,
			   uint32_t attr, const struct place *at)
{
	if (s->pages.home.colors.of == 0) {
		el2_expect(s, e, name, lo, hi, attr, at);
		return;
	}
	for (; lo < hi; lo += PAGE_SIZE) {
		expects_add(s->mem, e,
			    (struct expect){.in = lo,
					    .out = home_pa(&s->pages.home, lo),
					    .size = PAGE_SIZE,
					    .attr = attr,
					    .name = name,
					    .at = *at});
	}
}

/* The tables: read-only but for the window's, and those in which leaves are made valid. */
static void el2_expect_tables(struct subject *s, struct expects *e, uint64_t lo, uint64_t hi,
			      const struct place *at)
{
	const struct walk_pages *p = &s->pages;

	for (; lo < hi; lo += PAGE_SIZE) {
		bool written = lo - p->base < p->size && p->written[(lo - p->base) / PAGE_SIZE] != 0;
		bool window = lo == s->image.window_table;

		el2_expect_own(s, e, window ? "the window's table" : written ? "a table with leaves on demand" : "tables",
			       lo, lo + PAGE_SIZE, window || written ? NORMAL | ATTR_WRITE : NORMAL, at);
	}
}

/* The sections in their order. */
static bool el2_expect_parts(struct subject *s, struct expects *e)
{
	const struct mem_range *image = &s->image.board.image;
	const struct place *at = &s->board->load_at;
	uint64_t before = image->base;

	for (size_t i = 0; i < ARRAY_SIZE(parts); i++) {
		const struct part *p = &parts[i];
		uint64_t lo;
		uint64_t hi;

		if (!elf_symbol(s->elf, p->start, &lo) || !elf_symbol(s->elf, p->end, &hi) || lo < before ||
		    hi < lo || hi > image->base + image->size || !IS_ALIGNED(lo | hi, PAGE_SIZE)) {
			report_fail(s->report, PROPERTY_EL2, NULL, 0, 0, at, NULL,
				    "%s..%s are missing, not in order or not whole pages", p->start, p->end);
			return false;
		}
		before = hi;
		if (i == ARRAY_SIZE(parts) - 1) {
			el2_expect_tables(s, e, lo, hi, at);
		} else if (p->attr != 0) {
			el2_expect_own(s, e, p->name, lo, hi, p->attr, at);
		}
	}
	return true;
}

static void el2_expect_device(struct subject *s, struct expects *e, const char *name,
			      const struct mem_range *r, const struct place *at)
{
	if (r->size != 0) {
		el2_expect(s, e, name, ALIGN_DOWN(r->base, PAGE_SIZE), ALIGN_UP(r->base + r->size, PAGE_SIZE),
			   DEVICE, at);
	}
}

/* The units, and of the chip what tells its revision and turns power on. */
static void el2_expect_ipmmus(struct subject *s, struct expects *e)
{
	const struct board *b = s->board;
	const struct mem_range prr = {IPMMU_PRR_PAGE, PAGE_SIZE}, sysc = {IPMMU_SYSC, PAGE_SIZE};

	for (size_t i = 0; i < b->ipmmu_count && b->ipmmu_driven; i++) {
		const struct mem_range page = {b->ipmmus[i].reg.base, PAGE_SIZE};

		el2_expect_device(s, e, "an IPMMU", &page, &b->ipmmus[i].at);
	}
	if (b->ipmmu_driven) {
		el2_expect_device(s, e, "the product register", &prr, &b->ipmmus[0].at);
	}
	if (b->ipmmu_powered) {
		el2_expect_device(s, e, "SYSC", &sysc, &b->ipmmus[0].at);
	}
}

/* prove_facts holds these against the YAML. */
static void el2_expect_devices(struct subject *s, struct expects *e)
{
	const struct gic_desc *gic = &s->image.board.gic;
	const struct place *at = &s->board->gic.at;

	el2_expect_device(s, e, "the GIC's distributor", &gic->gicd, at);
	el2_expect_device(s, e, "the GIC's redistributors", &gic->gicr, at);
	el2_expect_device(s, e, "the GIC's CPU interface", &gic->gicc, at);
	el2_expect_device(s, e, "the GIC's hypervisor interface", &gic->gich, at);
	for (uint64_t i = 0; i < s->image.board.its_count; i++) {
		const struct mem_range frame = {s->image.itses[i].desc.base, ITS_FRAME};

		el2_expect_device(s, e, "an ITS", &frame, at);
	}
	for (uint64_t i = 0; i < s->image.board.smmu_count && i < s->board->smmu_count; i++) {
		el2_expect_device(s, e, "an SMMU", &s->image.smmus[i].desc.reg, &s->board->smmus[i].at);
	}
	el2_expect_ipmmus(s, e);
	if (s->board->console != NULL) {
		el2_expect_device(s, e, "the console", &s->image.board.uart.reg, &s->board->console->at);
	}
}

static void el2_check_window(struct subject *s)
{
	uint64_t va = s->image.board.window.va;
	const struct runs *runs = &s->el2.runs;

	report_count(s->report, PROPERTY_EL2, 1);
	if (!IS_ALIGNED(va, WINDOW_SIZE) || va == 0 || va >= s->el2.in_end ||
	    s->el2.watch_table != home_pa(&s->pages.home, s->image.window_table)) {
		report_fail(s->report, PROPERTY_EL2, NULL, va, va + WINDOW_SIZE, NULL, NULL,
			    "the window's table 0x%" PRIx64 " is not the one that the walk meets",
			    s->image.window_table);
	}
	for (size_t i = 0; i < runs->count; i++) {
		if (runs->v[i].in < va + WINDOW_SIZE && runs->v[i].in + runs->v[i].size > va) {
			report_fail(s->report, PROPERTY_EL2, NULL, runs->v[i].in,
				    runs->v[i].in + runs->v[i].size, NULL, NULL,
				    "the window is not empty at the start");
		}
	}
}

/* What the linker calls executable must lie in what is mapped so, and what it
 * calls writable in what is not. */
void prove_el2_sections(struct subject *s)
{
	uint64_t lo = 0;
	uint64_t hi = 0;

	elf_symbol(s->elf, "__text_start", &lo);
	elf_symbol(s->elf, "__text_end", &hi);
	for (size_t i = 0; i < s->elf->section_count; i++) {
		const struct elf_section *section = &s->elf->sections[i];
		bool inside = section->addr >= lo && section->addr + section->size <= hi;

		report_count(s->report, PROPERTY_EL2, 1);
		if (section->exec && (!inside || section->write)) {
			report_fail(s->report, PROPERTY_EL2, NULL, section->addr,
				    section->addr + section->size, NULL, NULL,
				    "section %s has code, but is writable or outside the text",
				    section->name);
		}
	}
}

void prove_el2(struct subject *s)
{
	struct expects expects = {.count = 0};
	struct comparison c = {
		.s = s,
		.runs = &s->el2.runs,
		.expects = &expects,
		.where = PROPERTY_EL2,
		.how = PROPERTY_EL2,
	};

	for (size_t i = 0; i < s->el2.runs.count; i++) {
		const struct run *run = &s->el2.runs.v[i];

		if ((run->attr & ATTR_WRITE) != 0 && (run->attr & ATTR_EXEC) != 0) {
			report_fail(s->report, PROPERTY_EL2, NULL, run->in, run->in + run->size, NULL, NULL,
				    "both writable and executable");
		}
	}
	if (el2_expect_parts(s, &expects)) {
		el2_expect_devices(s, &expects);
		compare_maps(&c);
	}
	el2_check_window(s);
	prove_el2_sections(s);
}
