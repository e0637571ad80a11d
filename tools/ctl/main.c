// SPDX-License-Identifier: Apache-2.0
/* bulkhead-ctl: a control domain's Linux sees the machine's domains, stops and starts them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"

#define WAIT_DEFAULT 30u
#define WAIT_MAX 86400ul

static const char help[] =
	"usage: bulkhead-ctl list\n"
	"       bulkhead-ctl [--wait[=SECONDS]] stop|start|restart|destroy|create DOMAIN\n"
	"\n"
	"  list     all domains: state, CPUs that are on, memory, starts and faults since the\n"
	"           machine came on\n"
	"  stop     all its CPUs go off, its DMA is aborted\n"
	"  start    one that is off: memory scrubbed, payload as it was built, then it runs\n"
	"  restart  both; it runs afresh\n"
	"  destroy  stop, and then nothing of it stays in its memory; it cannot be started\n"
	"  create   one that was destroyed is off again, and can be started\n"
	"\n"
	"  --wait   until it is done, for 30 seconds or SECONDS; else it is only under way\n"
	"\n"
	"Ends with 0: done (without --wait: under way), 1: refused, or it had a fault on its\n"
	"way, 2: wrong usage, or no such domain, 3: this domain has no control interface, or\n"
	"the program may not use it (it needs " MEMORY "), 4: --wait is over.\n"
	"\n"
	"The domain needs 'control: true' in the system's YAML; see docs/control.md.\n";

struct words {
	unsigned int wait; /* seconds; 0: not */
	const char *tree;
	const char *memory;
	const char *rest[2];
	int count;
};

static int usage(const char *why, const char *word)
{
	fprintf(stderr, "bulkhead-ctl: %s%s%s\nbulkhead-ctl --help says more\n", why, word != NULL ? " " : "",
		word != NULL ? word : "");
	return STATUS_USAGE;
}

/* --wait=SECONDS, 1 to a day. */
static bool seconds_read(const char *text, unsigned int *seconds)
{
	char *end;
	unsigned long v = strtoul(text, &end, 10);

	if (text[0] < '0' || text[0] > '9' || *end != '\0' || v == 0 || v > WAIT_MAX) {
		return false;
	}
	*seconds = (unsigned int)v;
	return true;
}

/* False: *bad is the word that is none. */
static bool words_read(struct words *w, int argc, char **argv, const char **bad)
{
	for (int i = 1; i < argc; i++) {
		const char *a = argv[i];

		*bad = a;
		if (strcmp(a, "--wait") == 0) {
			w->wait = WAIT_DEFAULT;
		} else if (strncmp(a, "--wait=", 7) == 0) {
			if (!seconds_read(a + 7, &w->wait)) {
				return false;
			}
		} else if (strncmp(a, "--device-tree=", 14) == 0) {
			w->tree = a + 14;
		} else if (strncmp(a, "--memory=", 9) == 0) {
			w->memory = a + 9;
		} else if (a[0] == '-' || w->count == (int)ARRAY_SIZE(w->rest)) {
			return false;
		} else {
			w->rest[w->count++] = a;
		}
	}
	return true;
}

int main(int argc, char **argv)
{
	struct words w = {.tree = DEVICE_TREE, .memory = MEMORY};
	enum control_command command = CONTROL_STOP;
	enum status status = STATUS_DONE;
	struct registers r;
	const char *bad;
	bool list;

	if (argc > 1 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)) {
		return fputs(help, stdout) < 0 || fflush(stdout) != 0;
	}
	if (!words_read(&w, argc, argv, &bad)) {
		return usage("what is", bad);
	}
	if (w.count == 0) {
		return usage("no command", NULL);
	}
	list = strcmp(w.rest[0], "list") == 0;
	if (!list && !command_find(w.rest[0], &command)) {
		return usage("no such command:", w.rest[0]);
	}
	if (list ? w.count != 1 : w.count != 2) {
		return usage(list ? "list takes no domain:" : "which domain is to", list ? w.rest[1] : w.rest[0]);
	}
	if (!registers_open(&r, w.tree, w.memory)) {
		return STATUS_NONE;
	}
	if (list) {
		command_list(&r);
	} else {
		status = command_give(&r, w.rest[1], command, w.wait);
	}
	registers_close(&r);
	return (int)status;
}
