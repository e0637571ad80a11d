// SPDX-License-Identifier: Apache-2.0
/*
 * Where several domains have consoles: whose line is whose.
 *
 * What the domain that has the input writes goes out as it is, and so do messages and
 * the hypervisor's own lines. The others' lines begin with "(name) ", end with CR LF
 * whatever the domain ends them with, and come as text: of control characters only the
 * tabulator acts, the others are seen as ^X. A line that is broken off ends with "\";
 * what is left of it begins with "(name)\".
 */
#include "drivers/console_priv.h"

#include "drivers/uart.h"
#include "lib/string.h"

#define NAME_MAX 63 /* of a domain: schema/ */
/* At the most: CR LF of a line that ended with CR, what stands before the next one, a
 * character of two, and the end of that line broken off. */
#define OWED_MAX (2 + NAME_MAX + 3 + 2 + 3)

static struct {
	uint32_t at, count;
	char text[OWED_MAX];
} owed;

static uint32_t plain;     /* the writer without a name, 0: none but the hypervisor's */
static uint64_t broken;    /* bit i: writer i + 1 is to go on with a line that was broken off */
static uint64_t ended_cr;  /* bit i: writer i + 1 has ended its line with CR, LF may follow */
static uint8_t before;     /* the last character of the unfinished line */

static bool console_is_plain(void)
{
	return console.writer == plain || console.writer >= CONSOLE_OWN;
}

bool console_settle(void)
{
	while (owed.at < owed.count && uart_try_put(board.uart.reg.base, owed.text[owed.at])) {
		owed.at++;
	}
	if (owed.at < owed.count) {
		return false;
	}
	owed.at = 0;
	owed.count = 0;
	return true;
}

static void console_owe(char c)
{
	if (owed.count < OWED_MAX) {
		owed.text[owed.count++] = c;
	}
}

static void console_owe_end(void)
{
	console_owe('\r');
	console_owe('\n');
}

static void console_owe_name(uint64_t bit)
{
	const char *name = board.domains[console.writer - 1].name;

	console_owe('(');
	for (uint32_t i = 0; name[i] != '\0' && i < NAME_MAX; i++) {
		console_owe(name[i]);
	}
	console_owe(')');
	console_owe((broken & bit) != 0 ? '\\' : ' ');
	broken &= ~bit;
}

/* Terminals take 0x80 to 0x9f for controls, alone and behind 0xc2, and not within other
 * characters of UTF-8. */
static void console_owe_text(uint8_t c)
{
	bool control = c >= 0x80 && c < 0xa0 && (before < 0x80 || before == 0xc2);

	if (control) {
		console_owe('?');
	} else if (c == 0x7f || (c < ' ' && c != '\t')) {
		console_owe('^');
		console_owe((char)(c ^ 0x40));
	} else {
		console_owe((char)c);
	}
	before = c;
}

/* Takes a character of a domain with a name. */
static void console_take(uint8_t c)
{
	uint64_t bit = BIT64(console.writer - 1);
	bool cr = (ended_cr & bit) != 0;

	if (c == '\r') {
		ended_cr |= console.length != 0 ? bit : 0; /* where a line begins it does nothing */
		return;
	}
	ended_cr &= ~bit;
	if (c == '\n' && cr && console.length == 0) {
		return; /* the line was ended when another's turn came */
	}
	if (c != '\n' && cr && console.length != 0) {
		console_owe_end();
		console.length = 0;
	}
	if (console.length == 0) {
		console_owe_name(bit);
		before = 0;
	}
	if (c == '\n') {
		console_owe_end();
		console.length = 0;
	} else {
		console_owe_text(c);
		console.length++;
	}
}

static uint32_t console_send_named(const char *text, uint32_t n)
{
	uint32_t i = 0;

	while (i < n && console_settle()) {
		char c = text[i++];

		console_take((uint8_t)c);
		if (c == '\n') {
			break;
		}
	}
	return i;
}

static uint32_t console_send_plain(const char *text, uint32_t n, bool *full)
{
	uint32_t i = 0;

	while (i < n && !*full) {
		if (!uart_try_put(board.uart.reg.base, text[i])) {
			*full = true;
		} else if (text[i++] == '\n') {
			console.length = 0;
			break;
		} else if (console.length != 0 || text[i - 1] != '\r') {
			console.length++;
		}
	}
	return i;
}

uint32_t console_send(const char *text, uint32_t n, bool *full)
{
	uint32_t i = 0;

	*full = !console_settle();
	if (console_is_plain()) {
		return console_send_plain(text, n, full);
	}
	if (!*full) {
		i = console_send_named(text, n);
		*full = !console_settle();
	}
	return i;
}

void console_end_line(enum console_end why)
{
	uint64_t bit = console.writer - 1 < 64 ? BIT64(console.writer - 1) : 0;

	if (console.length != 0) {
		if (why == CONSOLE_BROKEN_OFF && (ended_cr & bit) == 0) {
			console_owe('\\');
			broken |= console_is_plain() ? 0 : bit;
		}
		console_owe_end();
		console.length = 0;
	}
}

void console_forget(uint32_t who)
{
	broken &= ~BIT64(who - 1);
	ended_cr &= ~BIT64(who - 1);
}

void console_set_plain(uint32_t who, bool told)
{
	spin_lock(&console_lock);
	if (console.writer != WRITER_LOG) {
		bool was_plain = console.writer == plain && console.length != 0;

		console_end_line(CONSOLE_BROKEN_OFF);
		broken |= was_plain ? BIT64(plain - 1) : 0;
		console.writer = 0;
	}
	plain = who;
	broken &= who == 0 ? UINT64_MAX : ~BIT64(who - 1);
	if (told) {
		console.waiting |= BIT64(CONSOLE_OWN - 1);
		console.last = CONSOLE_OWN - 1;
		console.keep = true;
	}
	spin_unlock(&console_lock);
}

bool console_has_line(uint32_t who)
{
	return __atomic_load_n(&console.writer, __ATOMIC_RELAXED) == who &&
	       __atomic_load_n(&console.length, __ATOMIC_RELAXED) != 0;
}

bool console_others_wait(uint32_t who)
{
	return (__atomic_load_n(&console.waiting, __ATOMIC_RELAXED) & ~BIT64(who - 1)) != 0;
}

bool console_must_wait(uint32_t who)
{
	uint32_t writer = __atomic_load_n(&console.writer, __ATOMIC_RELAXED);
	uint64_t waiting = __atomic_load_n(&console.waiting, __ATOMIC_RELAXED);

	return writer != 0 && writer != who && (waiting & BIT64(who - 1)) != 0 && !console_is_over();
}

uint32_t console_turn_of(void)
{
	return __atomic_load_n(&console.writer, __ATOMIC_RELAXED);
}

bool console_pass(uint32_t who)
{
	bool full;

	spin_lock(&console_lock);
	full = !console_settle();
	console.waiting &= ~BIT64(who - 1);
	console.keep = console.keep && who != CONSOLE_OWN;
	if (console.writer == who && console.length == 0) {
		console.writer = 0;
	}
	spin_unlock(&console_lock);
	return full;
}
