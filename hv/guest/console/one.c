// SPDX-License-Identifier: Apache-2.0
/* One domain has a console, or none: the input is its own, as it comes, and what it
 * writes goes out at once. */
#include "guest/console/input.h"

#include "drivers/console.h"
#include "guest/console/lines.h"
#include "guest/vpl011_priv.h"

void input_init(void)
{
	console_rx_irq(true);
}

void input_start(const struct domain *d)
{
	(void)d;
	console_rx_irq(true);
}

void input_stop(const struct domain *d)
{
	(void)d;
}

uint64_t input_collect(bool interrupt)
{
	uint64_t readers = 0;

	for (uint32_t i = 0; i < board.domain_count; i++) {
		if (domain_has_console(&domains[i]) && !domain_has_ended(&domains[i])) {
			readers = BIT64(i);
		}
	}
	if (readers == 0) {
		/* Characters that nobody will ever read must not raise this again. */
		console_rx_irq(false);
	}
	return interrupt ? readers : 0;
}

bool input_waits(void)
{
	return false;
}

int input_get(const struct domain *d)
{
	(void)d;
	return console_get();
}

uint32_t lines_ready(struct domain *d, bool *full)
{
	(void)full;
	return vpl011_tx_level(&d->console);
}

void lines_yield(const struct domain *d)
{
	(void)d;
}

void input_pause(bool paused)
{
	console_rx_irq(!paused);
}
