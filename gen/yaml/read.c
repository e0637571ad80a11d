/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "yaml/reader.h"

#define PIPE_WAIT_MS 10000 /* for the writer of a pipe */

struct yaml *yaml_open(void)
{
	struct arena *a = arena_new();
	struct yaml *y = arena_alloc(a, sizeof(*y));

	y->arena = a;
	return y;
}

void yaml_close(struct yaml *y)
{
	if (y != NULL) {
		arena_free(y->arena);
	}
}

bool yaml_has_gaps(const struct yaml *y)
{
	return y->gaps;
}

static void read_report_size(struct diag *d, const char *path)
{
	struct diag_msg *m = diag_error(d, 110, (struct pos){.file = path}, "the file is larger than %u MiB",
					YAML_BYTES_MAX >> 20);

	diag_help(m, "a board takes some kilobytes; is this a board or system file?");
}

/* Says why a path is nothing to read; true when it may be read. */
static bool read_check(struct diag *d, const char *path, const struct stat *st)
{
	struct pos at = {.file = path};
	struct diag_msg *m;

	if (S_ISDIR(st->st_mode)) {
		m = diag_error(d, 100, at, "this is a directory, not a file");
		diag_help(m, "name the file, or the board's directory itself");
		return false;
	}
	if (!S_ISREG(st->st_mode) && !S_ISFIFO(st->st_mode)) {
		diag_error(d, 100, at, "this is a device or socket, not a file");
		return false;
	}
	if (S_ISREG(st->st_mode) && st->st_size > (off_t)YAML_BYTES_MAX) {
		read_report_size(d, path);
		return false;
	}
	return true;
}

/* Until a pipe has something to read, or a writer that was there is gone. One that nobody
 * ever opens is empty. */
static void read_await(int fd)
{
	struct pollfd writer = {.fd = fd, .events = POLLIN};

	while (poll(&writer, 1, PIPE_WAIT_MS) < 0 && errno == EINTR) {
	}
}

/* The bytes of an open file; NULL after reporting. A pipe is read too, as far as
 * the largest file. */
static char *read_bytes(struct yaml *y, struct diag *d, const char *path, int fd, size_t *len)
{
	size_t room = 0;
	char *text = NULL;
	char *copy;
	ssize_t n = 1;

	*len = 0;
	while (n > 0 && *len <= YAML_BYTES_MAX) {
		if (*len == room) {
			room = room == 0 ? 64u << 10 : room * 2;
			text = memory_resize(text, room, 1);
		}
		n = read(fd, text + *len, room - *len);
		if (n > 0) {
			*len += (size_t)n;
		} else if (n < 0 && errno == EINTR) {
			n = 1;
		}
	}
	if (n < 0) {
		diag_error(d, 100, (struct pos){.file = path}, "cannot be read: %s", strerror(errno));
	} else if (*len > YAML_BYTES_MAX) {
		read_report_size(d, path);
	}
	copy = n == 0 && *len <= YAML_BYTES_MAX ? arena_copy(y->arena, text, *len) : NULL;
	free(text);
	return copy;
}

struct node *yaml_read(struct yaml *y, struct diag *d, const char *path)
{
	const char *name = arena_copy(y->arena, path, strlen(path));
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	struct node *root = NULL;
	struct stat st;
	size_t len;
	char *text;

	if (fd < 0 || fstat(fd, &st) != 0) {
		diag_error(d, 100, (struct pos){.file = name}, "cannot be read: %s", strerror(errno));
	} else if (read_check(d, name, &st)) {
		/* Non-blocking was for opening it: a pipe's writer may be slow. */
		(void)fcntl(fd, F_SETFL, 0);
		if (S_ISFIFO(st.st_mode)) {
			read_await(fd);
		}
		text = read_bytes(y, d, name, fd, &len);
		if (text != NULL) {
			root = yaml_parse(y, d, name, text, len);
		}
	}
	if (fd >= 0) {
		close(fd);
	}
	return root;
}
