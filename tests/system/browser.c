// SPDX-License-Identifier: Apache-2.0
/*
 * Pages in a real browser: opens each in Chromium, as a phone and as paper, in light and in
 * dark, runs a script over it, and prints what that returned.
 *
 *   browser CHROMIUM SCRIPT SHOTS PAGE...
 *
 * SCRIPT is the body of a function that returns a text, "" for good, without quotes. SHOTS
 * is a folder for pictures of what was seen. A line for each page and view: "PAGE VIEW:" and
 * the text. Exit status 0 unless the browser fails.
 *
 * The browser is spoken to through two pipes (--remote-debugging-pipe): messages in JSON,
 * each ended by a NUL.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define SECONDS 90u /* for all pages; then something hangs */

struct browser {
	pid_t pid;
	int to;
	FILE *from;
	unsigned int id;
	char session[64];
	char *answer; /* to the last command */
	size_t room;
};

static const struct view {
	const char *name;
	unsigned int width;
	unsigned int height;
	const char *media;
	const char *scheme;
} views[] = {
	{"phone-light", 390, 844, "", "light"},
	{"phone-dark", 390, 844, "", "dark"},
	{"wide-light", 1280, 1000, "", "light"},
	{"wide-dark", 1280, 1000, "", "dark"},
	{"print-dark", 690, 1000, "print", "dark"}, /* A4 without its margins */
};

static pid_t running;

__attribute__((noreturn)) static void fail(const char *what)
{
	fprintf(stderr, "browser: %s: %s\n", what, strerror(errno));
	if (running > 0) {
		kill(running, SIGKILL);
	}
	exit(2);
}

static void on_alarm(int sig)
{
	(void)sig;
	if (running > 0) {
		kill(running, SIGKILL);
	}
	_exit(3);
}

static void browser_start(struct browser *b, const char *program)
{
	int to[2], from[2];

	if (pipe(to) != 0 || pipe(from) != 0) {
		fail("pipe");
	}
	b->pid = fork();
	if (b->pid < 0) {
		fail("fork");
	}
	if (b->pid == 0) {
		/* The numbers that it expects; out of the way first, for the pipes may have them. */
		int in = fcntl(to[0], F_DUPFD, 10), out = fcntl(from[1], F_DUPFD, 10);

		dup2(in, 3);
		dup2(out, 4);
		dup2(open("/dev/null", O_RDWR), STDERR_FILENO);
		for (int fd = 5; fd < 64; fd++) {
			close(fd);
		}
		execlp(program, program, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
		       "--no-first-run", "--hide-scrollbars", "--remote-debugging-pipe", "about:blank", NULL);
		_exit(127);
	}
	running = b->pid;
	close(to[0]);
	close(from[1]);
	b->to = to[1];
	b->from = fdopen(from[0], "r");
}

/* Waits for a message that has both texts in it. */
static void browser_wait(struct browser *b, const char *one, const char *other)
{
	do {
		if (getdelim(&b->answer, &b->room, '\0', b->from) < 0) {
			fail("it ended");
		}
	} while (strstr(b->answer, one) == NULL || strstr(b->answer, other) == NULL);
}

/* Sends a command and waits for its answer. */
static void command(struct browser *b, const char *method, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
static void command(struct browser *b, const char *method, const char *fmt, ...)
{
	char *params, *text, want[32];
	va_list ap;
	int size;

	va_start(ap, fmt);
	if (vasprintf(&params, fmt, ap) < 0) {
		fail("memory");
	}
	va_end(ap);
	size = asprintf(&text, "{\"id\":%u,\"method\":\"%s\",\"params\":{%s}%s%s%s}", ++b->id, method, params,
			b->session[0] != '\0' ? ",\"sessionId\":\"" : "", b->session, b->session[0] != '\0' ? "\"" : "");
	if (size < 0) {
		fail("memory");
	}
	for (size_t at = 0; at <= (size_t)size;) {
		ssize_t n = write(b->to, text + at, (size_t)size + 1 - at);
		if (n <= 0) {
			fail("write");
		}
		at += (size_t)n;
	}
	snprintf(want, sizeof(want), "\"id\":%u,", b->id);
	browser_wait(b, want, "");
	if (strstr(b->answer, "\"error\":") != NULL) {
		fprintf(stderr, "browser: %s: %.300s\n", method, b->answer);
		fail("refused");
	}
	free(params);
	free(text);
}

/* The text behind "key": in the answer; no quote is in it. */
static char *answer_text(const struct browser *b, const char *key)
{
	char *at = strstr(b->answer, key), *end;

	if (at == NULL || (end = strchr(at + strlen(key), '"')) == NULL) {
		fprintf(stderr, "browser: no %s in %.500s\n", key, b->answer);
		fail("an answer that is none");
	}
	return strndup(at + strlen(key), (size_t)(end - at) - strlen(key));
}

static char *file_read(const char *path)
{
	FILE *in = fopen(path, "r");
	char *text = NULL;
	size_t room = 0;

	if (in == NULL || getdelim(&text, &room, '\0', in) < 0) {
		fail(path);
	}
	fclose(in);
	return text;
}

/* As a string of JSON, without the quotes around it. */
static char *json_escape(const char *s)
{
	char *out = malloc(6 * strlen(s) + 1), *at = out;

	if (out == NULL) {
		fail("memory");
	}
	for (; *s != '\0'; s++) {
		at += sprintf(at, (unsigned char)*s < ' ' || *s == '"' || *s == '\\' ? "\\u%04x" : "%c", (unsigned char)*s);
	}
	*at = '\0';
	return out;
}

static void base64_write(const char *text, const char *path)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	FILE *out = fopen(path, "w");
	uint32_t bits = 0;
	unsigned int count = 0;

	if (out == NULL) {
		fail(path);
	}
	for (; *text != '\0' && *text != '='; text++) {
		bits = bits << 6 | (uint32_t)(strchr(digits, *text) - digits);
		count += 6;
		if (count >= 8) {
			count -= 8;
			fputc((int)(bits >> count & 0xff), out);
		}
	}
	fclose(out);
}

static void page_look(struct browser *b, const struct view *v, const char *page, const char *script,
		      const char *shots)
{
	const char *name = strrchr(page, '/') != NULL ? strrchr(page, '/') + 1 : page;
	char *text, *path;

	command(b, "Emulation.setDeviceMetricsOverride",
		"\"width\":%u,\"height\":%u,\"deviceScaleFactor\":1,\"mobile\":%s", v->width, v->height,
		v->width < 400 ? "true" : "false");
	command(b, "Emulation.setEmulatedMedia",
		"\"media\":\"%s\",\"features\":[{\"name\":\"prefers-color-scheme\","
		"\"value\":\"%s\"}]", v->media, v->scheme);
	command(b, "Runtime.evaluate", "\"returnByValue\":true,\"expression\":\"(function(){%s})()\"", script);
	text = answer_text(b, "\"type\":\"string\",\"value\":\"");
	printf("%s %s:%s%s\n", name, v->name, text[0] != '\0' ? " " : "", text);
	free(text);
	command(b, "Page.captureScreenshot", "\"format\":\"png\"");
	text = answer_text(b, "\"data\":\"");
	if (asprintf(&path, "%s/%s-%s.png", shots, name, v->name) < 0) {
		fail("memory");
	}
	base64_write(text, path);
	free(path);
	free(text);
}

static void page_open(struct browser *b, const char *page)
{
	char *path = realpath(page, NULL);

	if (path == NULL) {
		fail(page);
	}
	command(b, "Page.navigate", "\"url\":\"file://%s\"", path);
	browser_wait(b, "\"Page.loadEventFired\"", b->session);
	free(path);
}

int main(int argc, char **argv)
{
	struct browser b = {0};
	char *raw, *script, *text;

	if (argc < 5) {
		fputs("usage: browser CHROMIUM SCRIPT SHOTS PAGE...\n", stderr);
		return 2;
	}
	signal(SIGALRM, on_alarm);
	signal(SIGPIPE, SIG_IGN);
	alarm(SECONDS);
	raw = file_read(argv[2]);
	script = json_escape(raw);
	browser_start(&b, argv[1]);
	command(&b, "Target.createTarget", "\"url\":\"about:blank\"");
	text = answer_text(&b, "\"targetId\":\"");
	command(&b, "Target.attachToTarget", "\"flatten\":true,\"targetId\":\"%s\"", text);
	free(text);
	text = answer_text(&b, "\"sessionId\":\"");
	snprintf(b.session, sizeof(b.session), "%s", text);
	free(text);
	command(&b, "Page.enable", "%s", "");
	for (int i = 4; i < argc; i++) {
		page_open(&b, argv[i]);
		for (size_t v = 0; v < sizeof(views) / sizeof(views[0]); v++) {
			page_look(&b, &views[v], argv[i], script, argv[3]);
		}
	}
	b.session[0] = '\0';
	command(&b, "Browser.close", "%s", "");
	waitpid(b.pid, NULL, 0);
	free(raw);
	free(script);
	free(b.answer);
	return 0;
}
