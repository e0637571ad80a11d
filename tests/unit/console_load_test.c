// SPDX-License-Identifier: Apache-2.0
// sources: hv/drivers/console.c hv/drivers/console_named.c hv/guest/console/mux.c hv/guest/console/own.c
// sources: hv/guest/console/lines.c hv/guest/console/monitor_none.c hv/guest/vpl011.c hv/guest/vpl011_line.c
// sources: hv/guest/xen/none.c
// sources: tests/models/model.c tests/unit/vpl011/machine.c
/*
 * Four domains that write as fast as they can to one UART of 115,200 baud: nothing is lost,
 * all get the same, and one that floods it without ever ending a line gets no more.
 */
#include "unit/vpl011/machine.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "drivers/console.h"
#include "guest/console/input.h"
#include "guest/vpl011.h"
#include "lib/time.h"

#define DOMAINS 4
#define THIRD 2
#define FLOODER 3
#define FIFO 32u
#define CHARACTER_NS 86806 /* start, 8 bits, stop */

static const struct domain_desc four[DOMAINS] = {
	{.name = "guest", .console_intid = 40},
	{.name = "dom0", .console_intid = 33, .flags = DOMAIN_HARDWARE},
	{.name = "third", .console_intid = 41},
	{.name = "fourth", .console_intid = 42},
};

const struct board_tables board = {
	.domain_count = DOMAINS,
	.uart = {.kind = UART_PL011, .intid = 33, .reg = {0x9000000, 0x1000}},
	.domains = four,
};

/* What a domain has to say: numbered lines, or one that has no end. */
struct talker {
	bool floods;
	uint32_t lines; /* begun */
	char line[80];
	uint32_t at;
	uint64_t since; /* when the last line was begun */
	uint64_t longest; /* that it took until the ring had a whole line, in ns */
};

static struct talker talkers[DOMAINS];
static bool enough; /* no more lines are begun */

static void talker_next(struct talker *t, uint32_t domain)
{
	uint64_t took = ticks - t->since;

	if (t->lines != 0 && took > t->longest) {
		t->longest = took;
	}
	t->since = ticks;
	snprintf(t->line, sizeof(t->line), "%u: line %u of many, as fast as it goes %u\r\n", domain, t->lines,
		 t->lines * 7919);
	t->lines++;
	t->at = 0;
}

/* As many characters as there is room for, and a few at the most in so short a time. */
static void talk(uint32_t domain)
{
	struct talker *t = &talkers[domain];

	for (uint32_t i = 0; i < 16 && (rd(domain, PL011_FR) & PL011_FR_TXFF) == 0; i++) {
		if (t->floods && !enough) {
			wr(domain, PL011_DR, 'x');
			continue;
		}
		if (t->line[t->at] == '\0' && enough) {
			return;
		}
		if (t->line[t->at] == '\0') {
			talker_next(t, domain);
		}
		wr(domain, PL011_DR, (uint8_t)t->line[t->at++]);
	}
}

static void run(uint32_t seconds)
{
	uint64_t end = ticks + seconds * UINT64_C(1000000000);
	uint64_t due = ticks;

	room = FIFO;
	while (ticks < end) {
		while (due <= ticks) {
			due += CHARACTER_NS;
			room += room < FIFO;
		}
		if (tx_irq && room >= FIFO / 2) {
			vpl011_host_irq();
		}
		if (time_has_alarm() && sysreg_read_cnthp_cval_el2() <= ticks) {
			vpl011_alarm_irq();
		}
		for (uint32_t i = 0; i < DOMAINS; i++) {
			talk(i);
		}
		ticks += 20000;
	}
}

static void start(bool flood)
{
	machine_start();
	memset(talkers, 0, sizeof(talkers));
	for (uint32_t i = 0; i < DOMAINS; i++) {
		enable(i);
	}
	talkers[FLOODER].floods = flood;
}

/* The lines of a domain at the other end: complete, in order, all of them. Those that were
 * broken off are joined. Returns how many characters of it came through. */
static uint32_t heard(uint32_t domain, bool plain, uint32_t *lines, uint32_t *cuts)
{
	char prefix[32], whole[512] = "", want[80];
	uint32_t count = 0;
	size_t length = (size_t)snprintf(prefix, sizeof(prefix), "(%s)", four[domain].name);

	*lines = 0;
	*cuts = 0;
	for (char *line = out, *next; (next = strstr(line, "\r\n")) != NULL; line = next + 2) {
		bool own = strncmp(line, prefix, length) == 0;
		bool other = line[0] == '(' || strncmp(line, "bulkhead: ", 10) == 0;
		const char *text = own ? line + length + 1 : line;

		if (!own && (other || !plain)) {
			continue;
		}
		snprintf(whole + strlen(whole), sizeof(whole) - strlen(whole), "%.*s", (int)(next - text), text);
		count += (uint32_t)(next - text) + 2;
		if (next[-1] == '\\') {
			whole[talkers[domain].floods ? 0 : strlen(whole) - 1] = '\0';
			++*cuts;
			continue;
		}
		if (!talkers[domain].floods) {
			snprintf(want, sizeof(want), "%u: line %u of many, as fast as it goes %u", domain, *lines,
				 *lines * 7919);
			assert_string_equal(whole, want);
		}
		++*lines;
		whole[0] = '\0';
	}
	return count;
}

static void finish(void)
{
	enough = true;
	if (talkers[FLOODER].floods) {
		strcpy(talkers[FLOODER].line, "\r\n");
	}
	run(1);
	enough = false;
}

static void look(const char *what, uint32_t seconds)
{
	uint32_t shares[DOMAINS], total = 0;

	for (uint32_t i = 0; i < DOMAINS; i++) {
		uint32_t lines, cuts;

		shares[i] = heard(i, i == DOM0, &lines, &cuts);
		total += shares[i];
		print_message("# %s: %s: %u lines, %u cut, %u characters a second, a line in at most %u ms\n", what,
			      four[i].name, lines, cuts, shares[i] / seconds,
			      (uint32_t)(talkers[i].longest / 1000000));
		if (!talkers[i].floods) {
			assert_int_equal(lines, talkers[i].lines);
			assert_int_equal(cuts, 0);
		}
	}
	print_message("# %s: %u of 11520 characters a second, %u of them the lines'\n", what, sent / seconds,
		      total / seconds);
	/* The line is busy all the time. */
	assert_in_range(sent, 11520 * seconds * 98 / 100, 11520 * seconds + 4096);
	for (uint32_t i = 0; i < DOMAINS; i++) {
		if (!talkers[i].floods) {
			assert_in_range(shares[i], total / (talkers[FLOODER].floods ? 12 : 5), total / 3);
		}
	}
}

static void all_write_lines(void **state)
{
	(void)state;
	start(false);
	run(10);
	finish();
	look("lines", 10);
}

static void one_floods(void **state)
{
	(void)state;
	start(true);
	run(10);
	finish();
	look("flood", 10);
}

/* Whoever types is heard as well, and whom it goes to is told. */
static void typing(void **state)
{
	uint64_t before;

	(void)state;
	start(true);
	run(1);
	before = ticks;
	feed("\x01\x01\x01t");
	while (strstr(out, "\nbulkhead: input goes to third (") == NULL && ticks < before + 1000000000) {
		room = FIFO / 2;
		vpl011_host_irq();
		for (uint32_t i = 0; i < DOMAINS; i++) {
			talk(i);
		}
		ticks += FIFO / 2 * CHARACTER_NS;
	}
	print_message("# whom the input goes to is told within %u ms\n", (uint32_t)((ticks - before) / 1000000));
	assert_in_range(ticks - before, 0, 100000000);
	assert_int_equal(rd(THIRD, PL011_DR), 't');
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_write_lines),
		cmocka_unit_test(one_floods),
		cmocka_unit_test(typing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
