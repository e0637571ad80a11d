// SPDX-License-Identifier: Apache-2.0
/*
 * drive: runs a command, talks to it over its standard input and output, and
 * judges how it ends.
 *
 *   drive -t SECONDS -o LOG [STEP]... -- COMMAND...
 *
 * STEPs are taken in order: -e TEXT waits until TEXT has come (after what the
 * step before matched; where several domains write, a line that was broken off counts where
 * its end came, docs/console.md), -s TEXT types it (\n is a newline), -p TEXT pastes it, -x COMMAND
 * runs another command, by the shell, which must succeed, -q ends the command with SIGTERM.
 * After the last one the command must end by itself. The output
 * is written to LOG whole. Without -s and -p the command's input is /dev/null.
 *
 * Status: 0 when every step was made and the command ended with 0 (or by -q);
 * 1 after saying what did not happen.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define LOG_MAX (16u << 20)
#define NAME_SIZE 64
#define WRITERS_MAX 16

/* What a domain has written of a line that was broken off. */
struct begun {
	char name[NAME_SIZE];
	char text[1024];
	size_t len;
	size_t seen; /* so much of it has matched */
};

struct drive {
	pid_t pid;
	int to;   /* the command's standard input, -1: none */
	int from; /* its standard output and error */
	int log;
	long long deadline; /* ms, CLOCK_MONOTONIC */
	char *text;         /* all that came so far, lines that were broken off put together */
	size_t len;
	size_t line; /* where the last line begins */
	size_t seen; /* end of the last match */
	char reader[NAME_SIZE]; /* the domain that writes without its name; "": only one writes */
	struct begun begun[WRITERS_MAX];
	bool closed; /* the output has ended */
};

/* The command and what it started: it leads a process group of its own. */
static volatile pid_t group;

/* What is waited for, should the time run out. */
static const char *volatile waiting = "";

static long long now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000LL + t.tv_nsec / 1000000;
}

static void drive_kill(int sig)
{
	if (group > 0) {
		kill(-group, sig);
	}
}

__attribute__((noreturn, format(printf, 1, 2))) static void die(const char *fmt, ...)
{
	va_list args;

	drive_kill(SIGKILL);
	va_start(args, fmt);
	fputs("drive: ", stdout);
	vprintf(fmt, args);
	va_end(args);
	putchar('\n');
	exit(1);
}

/* Nothing of it stays when a test takes too long, and is ended with the driver. */
static void drive_ended(int sig)
{
	static const char what[] = "drive: ended, without: ";

	drive_kill(SIGKILL);
	if (write(1, what, sizeof(what) - 1) > 0 && write(1, waiting, strlen(waiting)) >= 0) {
		(void)!write(1, "\n", 1);
	}
	_exit(128 + sig);
}

static void drive_start(struct drive *d, char **argv, bool input)
{
	int in[2], out[2];

	if (pipe2(in, O_CLOEXEC) != 0 || pipe2(out, O_CLOEXEC) != 0) {
		die("pipe: %s", strerror(errno));
	}
	d->pid = fork();
	if (d->pid < 0) {
		die("fork: %s", strerror(errno));
	}
	if (d->pid == 0) {
		setpgid(0, 0);
		dup2(input ? in[0] : open("/dev/null", O_RDONLY), 0);
		dup2(out[1], 1);
		dup2(out[1], 2);
		execvp(argv[0], argv);
		fprintf(stderr, "%s: %s\n", argv[0], strerror(errno));
		_exit(127);
	}
	setpgid(d->pid, d->pid);
	group = d->pid;
	close(in[0]);
	close(out[1]);
	d->to = in[1];
	d->from = out[0];
}

static struct begun *drive_begun(struct drive *d, const char *name, size_t len)
{
	for (struct begun *b = d->begun; b < d->begun + WRITERS_MAX; b++) {
		if (b->name[0] == '\0') {
			memcpy(b->name, name, len);
		}
		if (strlen(b->name) == len && memcmp(b->name, name, len) == 0) {
			return b;
		}
	}
	die("more than %d domains write", WRITERS_MAX);
}

/* Whose a line is, and in *head how much of it is the name and what stands around it.
 * NULL: the hypervisor's, or only one writes. */
static struct begun *drive_writer(struct drive *d, const char *line, size_t len, size_t *head)
{
	static const char input[] = "bulkhead: input goes to ";
	const char *name = line + sizeof(input) - 1;
	const char *end;

	*head = 0;
	if (len >= sizeof(input) && memcmp(line, input, sizeof(input) - 1) == 0) {
		snprintf(d->reader, sizeof(d->reader), "%.*s", (int)strcspn(name, " \r\n"), name);
	}
	if (d->reader[0] == '\0' || (len >= 10 && memcmp(line, "bulkhead: ", 10) == 0)) {
		return NULL;
	}
	end = line[0] == '(' ? memchr(line, ')', len < NAME_SIZE ? len : NAME_SIZE) : NULL;
	if (end == NULL || (end[1] != ' ' && end[1] != '\\')) {
		return drive_begun(d, d->reader, strlen(d->reader));
	}
	*head = (size_t)(end - line) + 2;
	return drive_begun(d, line + 1, *head - 3);
}

/* The text's last line has ended: it stays, or waits for the rest of it, or is that rest. */
static void drive_end_line(struct drive *d)
{
	char *line = d->text + d->line;
	size_t len = d->len - d->line, head;
	struct begun *b = drive_writer(d, line, len, &head);
	const char *end = line + len - (len >= 2 && line[len - 2] == '\r' ? 2 : 1);
	bool broken = end > line + head && end[-1] == '\\';
	size_t seen = d->seen > d->line + head ? d->seen - d->line - head : 0;

	if (b != NULL && (b->len != 0 || broken)) {
		b->seen = seen != 0 ? b->len + seen : b->seen;
		for (const char *p = line + head; p < end - broken && b->len < sizeof(b->text); p++) {
			b->text[b->len++] = *p;
		}
		d->len = d->line;
		if (!broken) {
			d->len += (size_t)sprintf(line, head != 0 ? "(%s) %.*s\n" : "%.0s%.*s\n", b->name,
						  (int)b->len, b->text);
			d->seen = b->seen != 0 ? d->line + head + b->seen : d->seen;
			b->len = 0;
			b->seen = 0;
		}
		d->seen = d->seen < d->len ? d->seen : d->len;
	}
	d->line = d->len;
}

/* Takes what has come; waits for it until the deadline. */
static void drive_read(struct drive *d)
{
	struct pollfd p = {.fd = d->from, .events = POLLIN};
	long long left = d->deadline - now_ms();

	if (left <= 0 || poll(&p, 1, (int)left) == 0) {
		die("out of time, without: %s", waiting);
	}
	char text[4096];
	ssize_t n = read(d->from, text, sizeof(text));

	if (n < 0 && errno == EINTR) {
		return;
	}
	if (n <= 0) {
		d->closed = true;
		return;
	}
	if (write(d->log, text, (size_t)n) != n) {
		die("log: %s", strerror(errno));
	}
	for (ssize_t i = 0; i < n; i++) {
		if (d->len == LOG_MAX) {
			die("more than %u bytes of output", LOG_MAX);
		}
		d->text[d->len++] = text[i];
		if (text[i] == '\n') {
			drive_end_line(d);
		}
	}
}

static void drive_expect(struct drive *d, const char *text)
{
	waiting = text;
	for (;;) {
		char *at = memmem(d->text + d->seen, d->len - d->seen, text, strlen(text));

		if (at != NULL) {
			d->seen = (size_t)(at - d->text) + strlen(text);
			return;
		}
		if (d->closed) {
			die("the output ended without: %s", text);
		}
		drive_read(d);
	}
}

/* A receiver without flow control loses what comes too fast: one byte at a time,
 * as somebody types who is quick; or all at once, so that no time passes in between,
 * however busy this machine is. */
static void drive_send(struct drive *d, const char *text, bool at_once)
{
	char bytes[PIPE_BUF];
	size_t len = 0;

	for (const char *p = text; *p != '\0'; p++, len++) {
		if (len == sizeof(bytes)) {
			die("this is too long to type: %s", text);
		}
		bytes[len] = *p;
		if (*p == '\\' && p[1] == 'n') {
			bytes[len] = '\n';
			p++;
		}
	}
	for (size_t at = 0, n = at_once ? len : 1; at < len; at += n) {
		if (write(d->to, bytes + at, n) != (ssize_t)n) {
			die("the command does not read: %s", strerror(errno));
		}
		if (!at_once) {
			usleep(2000);
		}
	}
}

static void drive_end(struct drive *d, bool killed)
{
	int status;

	waiting = "the end of the command";
	while (!d->closed) {
		drive_read(d);
	}
	while (waitpid(d->pid, &status, WNOHANG) == 0) {
		if (now_ms() >= d->deadline) {
			die("out of time: the command does not end");
		}
		usleep(10000);
	}
	if (!killed && (!WIFEXITED(status) || WEXITSTATUS(status) != 0)) {
		die("the command ended with %s %d", WIFEXITED(status) ? "status" : "signal",
		    WIFEXITED(status) ? WEXITSTATUS(status) : WTERMSIG(status));
	}
}

int main(int argc, char **argv)
{
	struct drive d = {.to = -1, .log = -1};
	bool input = false, killed = false;
	long seconds = 60;
	int first = 1;

	for (; first + 1 < argc && strcmp(argv[first], "--") != 0; first++) {
		input |= strcmp(argv[first], "-s") == 0 || strcmp(argv[first], "-p") == 0;
		if (strcmp(argv[first], "-t") == 0) {
			seconds = strtol(argv[++first], NULL, 10);
		} else if (strcmp(argv[first], "-o") == 0) {
			d.log = open(argv[++first], O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
		}
	}
	d.text = malloc(LOG_MAX + sizeof(struct begun)); /* a line put together has its name twice */
	if (first + 1 >= argc || d.log < 0 || d.text == NULL || seconds <= 0) {
		die("usage: drive -t SECONDS -o LOG [-e TEXT | -s TEXT | -p TEXT | -x COMMAND | -q]... "
		    "-- COMMAND...");
	}
	signal(SIGPIPE, SIG_IGN);
	signal(SIGTERM, drive_ended);
	signal(SIGINT, drive_ended);
	signal(SIGHUP, drive_ended);
	d.deadline = now_ms() + seconds * 1000LL;
	drive_start(&d, argv + first + 1, input);
	for (int i = 1; i < first; i++) {
		if (strcmp(argv[i], "-t") == 0 || strcmp(argv[i], "-o") == 0) {
			i++;
		} else if (strcmp(argv[i], "-e") == 0) {
			drive_expect(&d, argv[++i]);
		} else if (strcmp(argv[i], "-s") == 0) {
			drive_send(&d, argv[++i], false);
		} else if (strcmp(argv[i], "-p") == 0) {
			drive_send(&d, argv[++i], true);
		} else if (strcmp(argv[i], "-x") == 0) {
			if (system(argv[++i]) != 0) {
				die("this failed: %s", argv[i]);
			}
		} else if (strcmp(argv[i], "-q") == 0) {
			drive_kill(SIGTERM);
			killed = true;
		} else {
			die("no such step: %s", argv[i]);
		}
	}
	drive_end(&d, killed);
	return 0;
}
