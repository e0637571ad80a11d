// SPDX-License-Identifier: Apache-2.0
#include "qtest.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/* With more commands than these, QEMU is busy with each for so long. */
#define MANY 64u
#define EACH_US 8

static FILE *in, *out;
static uint32_t due; /* answers */
static bool sent;    /* a command since the last of them was taken */

void die(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	fputs("dma: ", stdout);
	vprintf(fmt, args);
	va_end(args);
	putchar('\n');
	exit(1);
}

void qtest_open(const char *path)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	if (strlen(path) >= sizeof(address.sun_path)) {
		die("the socket's name is too long");
	}
	strcpy(address.sun_path, path);
	if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof(address)) != 0) {
		die("%s: %s", path, strerror(errno));
	}
	in = fdopen(fd, "r");
	out = fdopen(dup(fd), "w");
	if (in == NULL || out == NULL) {
		die("%s: %s", path, strerror(errno));
	}
}

void qtest_send(const char *fmt, ...)
{
	va_list args;

	if (due == QTEST_AHEAD) {
		die("%u answers are due", due);
	}
	va_start(args, fmt);
	vfprintf(out, fmt, args);
	va_end(args);
	fputc('\n', out);
	due++;
	sent = true;
}

uint64_t qtest_take(void)
{
	char line[256];

	if (sent) {
		fflush(out);
		/* To be woken once, when most are there, costs less than for each. */
		if (due > MANY) {
			usleep(due * EACH_US);
		}
		sent = false;
	}
	do {
		if (fgets(line, sizeof(line), in) == NULL) {
			die("QEMU is gone");
		}
	} while (strncmp(line, "IRQ", 3) == 0);
	if (strncmp(line, "OK", 2) != 0) {
		die("qtest says %s", line);
	}
	due--;
	return strtoull(line + 2, NULL, 0);
}

void qtest_settle(void)
{
	while (due > 0) {
		qtest_take();
	}
}

uint64_t qtest_read32(uint64_t pa)
{
	qtest_settle();
	qtest_send("readl 0x%" PRIx64, pa);
	return qtest_take();
}

uint64_t qtest_read64(uint64_t pa)
{
	qtest_settle();
	qtest_send("readq 0x%" PRIx64, pa);
	return qtest_take();
}

void qtest_write16(uint64_t pa, uint64_t value)
{
	qtest_send("writew 0x%" PRIx64 " 0x%" PRIx64, pa, value);
	qtest_settle();
}

void qtest_write32(uint64_t pa, uint64_t value)
{
	qtest_send("writel 0x%" PRIx64 " 0x%" PRIx64, pa, value);
	qtest_settle();
}

void qtest_write64(uint64_t pa, uint64_t value)
{
	qtest_send("writeq 0x%" PRIx64 " 0x%" PRIx64, pa, value);
	qtest_settle();
}
