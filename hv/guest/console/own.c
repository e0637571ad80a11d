// SPDX-License-Identifier: Apache-2.0
#include "guest/console/own.h"

#include <stdarg.h>

#include "drivers/console.h"
#include "guest/vpl011_priv.h"
#include "lib/format.h"
#include "lib/string.h"

#define OWN_SIZE 1024u /* a power of two: indices run freely and are masked */
#define OWN_PREFIX "bulkhead: "

static struct {
	struct spinlock lock;
	uint32_t head, tail;
	bool waits; /* for the machine's transmit interrupt */
	uint8_t text[OWN_SIZE];
} own;

uint32_t own_room(void)
{
	uint32_t room;

	spin_lock(&own.lock);
	room = OWN_SIZE - (own.head - own.tail);
	spin_unlock(&own.lock);
	return room;
}

bool own_put(const char *text, uint32_t n)
{
	bool fits;

	spin_lock(&own.lock);
	fits = n <= OWN_SIZE - (own.head - own.tail);
	for (uint32_t i = 0; fits && i < n; i++) {
		own.text[own.head++ % OWN_SIZE] = (uint8_t)text[i];
	}
	spin_unlock(&own.lock);
	return fits;
}

void own_say(const char *fmt, ...)
{
	char text[OWN_LINE_MAX];
	uint32_t n = sizeof(OWN_PREFIX) - 1;
	va_list ap;

	memcpy(text, OWN_PREFIX, n);
	va_start(ap, fmt);
	n += (uint32_t)format_text(&text[n], sizeof(text) - n - 1, fmt, ap);
	va_end(ap);
	text[n] = '\r';
	text[n + 1] = '\n';
	(void)own_put(text, n + 2);
}

void own_drain(void)
{
	uint32_t sent = 1;
	bool full = false;
	bool some;

	spin_lock(&own.lock);
	some = own.head != own.tail;
	while (own.head != own.tail && sent != 0) {
		uint32_t at = own.tail % OWN_SIZE;
		uint32_t run = own.head - own.tail;

		run = run < OWN_SIZE - at ? run : OWN_SIZE - at;
		sent = console_write(CONSOLE_OWN, &own.text[at], run, &full);
		own.tail += sent;
	}
	if (some && own.head == own.tail) {
		full = console_pass(CONSOLE_OWN);
	}
	full = full && board.uart.intid != 0;
	vpl011_wait_room(&own.waits, full);
	if (!full && own.head != own.tail) {
		vpl011_set_alarm();
	}
	spin_unlock(&own.lock);
}

bool own_waits(void)
{
	return own.head != own.tail && !own.waits;
}
