/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every page of the domain's RAM, of what is around it and of what it is told (also=BEGIN,END,
 * BEGIN,END...), as source and as destination of one unit, by one channel after the other; the
 * other domain does the same at the same time. What is inside arrives; what is outside is an
 * error. When both are through, each looks at all of its pages.
 */
#include "rt/check.h"
#include "rt/console.h"
#include "rt/machine.h"
#include "sysdmac.h"

#define AROUND UINT64_C(0x100000)       /* so much in front of the domain's RAM, and behind it */
#define FAR_STEP UINT64_C(0x10000000)   /* so often a page in all that can be addressed */
#define FAR_END UINT64_C(0x10000000000) /* which is that */
#define BUFFERS (machine.ram[0].base + FREE_BEGIN)
#define PAGES_BEGIN (machine.ram[0].base + FREE_BEGIN + PAGE)
#define SECONDS 120u

struct counts {
	uint32_t reached, refused, wrong;
};

static uint64_t shared;
static uint64_t own_begin, own_end; /* the domain's RAM and what is around it */

static uint32_t same(uint64_t a, uint64_t b)
{
	uint32_t count = 0;

	for (uint32_t i = 0; i < UNIT; i += 8) {
		count += mmio_read64(a + i) == mmio_read64(b + i) ? 1 : 0;
	}
	return count == UNIT / 8;
}

static void tell(struct counts *c, bool inside, bool arrived, bool right, uint64_t page, const char *what)
{
	c->reached += arrived ? 1 : 0;
	c->refused += arrived ? 0 : 1;
	if (inside != arrived || !right) {
		if (c->wrong++ < 10) {
			console_printf("sysdmac: %s %lx: %s, %s\n", what, page, arrived ? "reached" : "refused",
				       right ? "as expected" : "wrong data");
		}
	}
}

/* From the page to a buffer, which nothing else writes. */
static void try_source(struct counts *c, uint32_t channel, uint64_t page, bool inside)
{
	uint64_t buffer = BUFFERS;
	bool arrived, right;

	fill(buffer, UNIT, page);
	arrived = dmac_copy(channel, page, buffer, UNIT);
	right = arrived ? inside && same(buffer, page) : differ(buffer, UNIT, buffer, page) == 0;
	tell(c, inside, arrived, right, page, "from");
}

/* From a buffer to the page, where nothing else is; or else the page's own to itself. */
static void try_target(struct counts *c, uint32_t channel, uint64_t page, bool inside)
{
	uint64_t buffer = BUFFERS + UNIT;
	bool is_free = inside && page >= PAGES_BEGIN;
	bool arrived;

	if (inside && !is_free) {
		tell(c, true, dmac_copy(channel, page, page, UNIT), true, page, "to");
		return;
	}
	fill(buffer, UNIT, page);
	arrived = dmac_copy(channel, buffer, page, UNIT);
	tell(c, inside, arrived, !arrived || (inside && same(buffer, page)), page, "to");
	if (is_free) {
		fill(page, PAGE, 0);
	}
}

/* The page that both domains have is not written: it is where they meet. */
static void sweep(struct counts *from, struct counts *to, uint64_t begin, uint64_t end, uint64_t step)
{
	uint32_t channel = 0;

	for (uint64_t page = begin; page < end; page += step) {
		bool inside = machine_is_ram(page);

		if (page == shared || (begin != own_begin && page >= own_begin && page < own_end)) {
			continue;
		}
		try_source(from, channel, page, inside);
		try_target(to, channel, page, inside);
		channel = (channel + 1) % CHANNELS;
	}
}

static void report(const char *name, const struct counts *c, uint32_t inside)
{
	console_printf("sysdmac: pages as %s: %u reached, %u refused, %u wrong\n", name, c->reached, c->refused,
		       c->wrong);
	check_that(c->wrong == 0 && c->reached == inside && c->refused != 0, name, "%u inside", inside);
}

void test_sweep(enum meeting self, enum meeting other)
{
	uint32_t inside = (uint32_t)(machine.ram[0].size / PAGE);
	struct counts from = {0}, to = {0};
	uint64_t ram_end = machine.ram[0].base + machine.ram[0].size;
	uint64_t begin, end, start;
	uint32_t wrong;

	own_begin = machine.ram[0].base - AROUND;
	own_end = ram_end + AROUND;
	(void)machine_option_number("meeting", 0, &shared);
	fill(PAGES_BEGIN, ram_end - PAGES_BEGIN, 0);
	meeting_write(self, 1);
	check_that(meeting_wait(other, 1, SECONDS), "sweep-begins", "the other does not come");
	start = arch_counter();
	sweep(&from, &to, own_begin, own_end, PAGE);
	for (uint32_t i = 0; machine_option_number("also", 2 * i, &begin); i++) {
		(void)machine_option_number("also", 2 * i + 1, &end);
		sweep(&from, &to, begin, end, PAGE);
	}
	sweep(&from, &to, 0, FAR_END, FAR_STEP);
	console_printf("sysdmac: swept in %lu ms\n", (arch_counter() - start) / (SYSREG_READ(cntfrq_el0) / 1000));
	report("source", &from, inside);
	report("destination", &to, inside);
	meeting_write(self, 2);
	check_that(meeting_wait(other, 2, SECONDS), "sweep-ends", "the other does not come");
	wrong = differ(PAGES_BEGIN, ram_end - PAGES_BEGIN, PAGES_BEGIN, 0);
	check_that(wrong == 0, "memory-as-before", "%u words are not", wrong);
}
