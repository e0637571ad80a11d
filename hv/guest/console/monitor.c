// SPDX-License-Identifier: Apache-2.0
/*
 * The monitor's prompt: a line is typed, and its answer comes line by line, one each time
 * that it has its turn, so that nobody waits for it at EL2.
 */
#include "guest/console/monitor.h"

#include "guest/console/mux.h"
#include "guest/console/own.h"
#include "lib/string.h"

#define PROMPT "bulkhead> "
#define LINE_MAX 80
#define KEYS_MAX 32 /* that are taken at a time */

#define CTRL_C 0x03
#define CTRL_U 0x15
#define BACKSPACE 0x08
#define DELETE 0x7f
#define ESCAPE 0x1b

/* Where in a key's escape sequence the input is: ESC, then [ or O, then until a letter or ~. */
enum monitor_escape {
	ESCAPE_NONE = 0,
	ESCAPE_BEGUN,
	ESCAPE_WITHIN,
};

static struct spinlock monitor_lock;
static uint32_t monitor_greets; /* a prompt is due */
static struct {
	char line[LINE_MAX];
	uint32_t length;
	enum monitor_escape escape;
	bool cr; /* the line was ended by CR: LF ends none */
	enum monitor_answer answer;
	uint32_t next; /* line of the answer */
} monitor;

bool monitor_exists(void)
{
	return true;
}

void monitor_greet(void)
{
	__atomic_store_n(&monitor_greets, 1, __ATOMIC_SEQ_CST);
}

static void monitor_prompt(void)
{
	monitor.length = 0;
	(void)own_put(PROMPT, sizeof(PROMPT) - 1);
}

/* Cuts the line into words; returns how many there are, at most 3. */
static uint32_t monitor_cut(const char *words[3])
{
	uint32_t count = 0;
	bool within = false;

	monitor.line[monitor.length] = '\0';
	for (uint32_t i = 0; i < monitor.length; i++) {
		if (monitor.line[i] == ' ') {
			monitor.line[i] = '\0';
			within = false;
		} else if (!within && count < 3) {
			words[count++] = &monitor.line[i];
			within = true;
		}
	}
	return count;
}

static enum monitor_answer monitor_find(const char *word)
{
	static const struct {
		const char *word;
		enum monitor_answer answer;
	} commands[] = {
		{"help", MONITOR_HELP},     {"domains", MONITOR_DOMAINS}, {"memory", MONITOR_MEMORY},
		{"iommu", MONITOR_IOMMU},   {"mmio", MONITOR_MMIO},       {"faults", MONITOR_FAULTS},
		{"counters", MONITOR_COUNTERS},
	};

	for (uint32_t i = 0; i < ARRAY_SIZE(commands); i++) {
		if (string_same(word, commands[i].word)) {
			return commands[i].answer;
		}
	}
	return MONITOR_NOTHING;
}

static void monitor_do(const char *verb, const char *name)
{
	const char *result = NULL;
	bool known = false;

	for (uint32_t i = 0; i < board.domain_count; i++) {
		if (string_same(name, domains[i].desc->name)) {
			known = true;
			result = monitor_control(verb, &domains[i]);
		}
	}
	if (!known) {
		own_say("no domain %s", name);
	} else if (result == NULL) {
		own_say("no such command; help tells which there are");
	} else {
		own_say("%s: %s: %s", name, verb, result);
	}
}

static void monitor_execute(void)
{
	const char *words[3];
	uint32_t count = monitor_cut(words);

	if (count == 1) {
		monitor.answer = monitor_find(words[0]);
		monitor.next = 0;
	} else if (count == 2) {
		monitor_do(words[0], words[1]);
	}
	if (count == 1 && monitor_controls(words[0])) {
		own_say("%s NAME: of which domain? domains tells which there are", words[0]);
	} else if (count > 2 || (count == 1 && monitor.answer == MONITOR_NOTHING)) {
		own_say("no such command; help tells which there are");
	}
	if (monitor.answer == MONITOR_NOTHING) {
		monitor_prompt();
	}
}

/* True: the character belongs to a key's escape sequence. */
static bool monitor_skip(uint8_t c)
{
	bool skip = monitor.escape != ESCAPE_NONE || c == ESCAPE;

	if (c == ESCAPE) {
		monitor.escape = ESCAPE_BEGUN;
	} else if (monitor.escape == ESCAPE_BEGUN && (c == '[' || c == 'O')) {
		monitor.escape = ESCAPE_WITHIN;
	} else if (monitor.escape == ESCAPE_BEGUN || c >= '@') {
		monitor.escape = ESCAPE_NONE;
	}
	return skip;
}

static void monitor_key(uint8_t c)
{
	bool lf = c == '\n' && monitor.cr;
	char echo = (char)c;

	monitor.cr = c == '\r';
	if (lf || monitor_skip(c)) {
		return;
	}
	if (c == '\r' || c == '\n') {
		(void)own_put("\r\n", 2);
		monitor_execute();
	} else if (c == CTRL_C || c == CTRL_U) {
		(void)own_put("\r\n", 2);
		monitor_prompt();
	} else if ((c == BACKSPACE || c == DELETE) && monitor.length != 0) {
		monitor.length--;
		(void)own_put("\b \b", 3);
	} else if (c >= ' ' && c < DELETE && monitor.length < LINE_MAX - 1) {
		monitor.line[monitor.length++] = echo;
		(void)own_put(&echo, 1);
	}
}

/* The next line of an answer; what is typed waits until it is at its end. */
static void monitor_go_on(void)
{
	if (!monitor_tell(monitor.answer, monitor.next++)) {
		monitor.answer = MONITOR_NOTHING;
		monitor_prompt();
	}
}

bool monitor_serve(void)
{
	bool again;

	if (!spin_trylock(&monitor_lock)) {
		return true;
	}
	if (__atomic_exchange_n(&monitor_greets, 0, __ATOMIC_SEQ_CST) != 0 && monitor.answer == MONITOR_NOTHING) {
		monitor_prompt();
	}
	for (uint32_t i = 0; i < KEYS_MAX && monitor.answer == MONITOR_NOTHING; i++) {
		int c = own_room() > 2 * OWN_LINE_MAX ? mux_get_own() : -1;

		if (c < 0) {
			break;
		}
		monitor_key((uint8_t)c);
	}
	if (monitor.answer != MONITOR_NOTHING && own_room() > 2 * OWN_LINE_MAX) {
		monitor_go_on();
	}
	again = monitor.answer != MONITOR_NOTHING || mux_has_own();
	spin_unlock(&monitor_lock);
	return again;
}
