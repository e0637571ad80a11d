// SPDX-License-Identifier: Apache-2.0
/* Where several domains write to one UART: by lines, and nobody waits for one who is away. */
#include "guest/console/lines.h"

#include "drivers/console.h"
#include "guest/console/input.h"
#include "guest/vpl011_priv.h"
#include "lib/time.h"

/* Whether lines are to be sent when they are complete: by all while others wait as well, and
 * by whom nobody is typing at. A line that is begun is to come to its end soon. */
static bool lines_only(const struct domain *d)
{
	uint32_t who = vpl011_writer(d);

	return !console_has_line(who) && (input_reader() != d || console_others_wait(who));
}

/* How many characters may go now. If that is by line, what is unfinished waits until it is
 * alone, and then for its end for a while, or until there is much of it. */
static uint32_t lines_complete(struct vuart *u, bool by_line)
{
	uint32_t level = vpl011_tx_level(u);
	uint32_t lines = u->tx_line - u->tx_tail;

	if (!by_line || lines == level || (lines == 0 && level >= VUART_TX_SIZE * 3 / 4)) {
		u->tx_begun = false;
		return level;
	}
	if (lines == 0 && !u->tx_begun) {
		u->tx_begun = true;
		u->tx_late = time_after_us(CONSOLE_LINE_US);
	}
	return lines == 0 && time_over(u->tx_late) ? level : lines;
}

uint32_t lines_ready(struct domain *d, bool *full)
{
	uint32_t ready = lines_complete(&d->console, lines_only(d));

	if (ready == 0) {
		*full = console_pass(vpl011_writer(d));
	}
	return ready != 0 && console_must_wait(vpl011_writer(d)) ? 0 : ready;
}

/* The one whose turn it is has said before that he has something; his CPU may be asleep. */
void lines_yield(const struct domain *d)
{
	uint32_t who = console_turn_of();

	if (who != 0 && who <= board.domain_count && who != vpl011_writer(d)) {
		vpl011_poke_one(&domains[who - 1]);
	}
}
