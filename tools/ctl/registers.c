// SPDX-License-Identifier: Apache-2.0
#include "registers.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <unistd.h>

#define COMPATIBLE "bulkhead,control"
#define NODE "control@"
#define CELLS 4 /* of `reg`: two for the address, two for the size */

/* The hypervisor understands plain loads and stores only, with no register written back. */
#ifdef __aarch64__
static uint64_t load(const void *p)
{
	uint64_t v;

	__asm__ volatile("ldr %0, [%1]" : "=r"(v) : "r"(p) : "memory");
	return v;
}

static void store(void *p, uint64_t v)
{
	__asm__ volatile("str %0, [%1]" : : "r"(v), "r"(p) : "memory");
}
#else
static uint64_t load(const void *p)
{
	return *(const volatile uint64_t *)p;
}

static void store(void *p, uint64_t v)
{
	*(volatile uint64_t *)p = v;
}
#endif

static void complain(const char *what, const char *why)
{
	fprintf(stderr, "bulkhead-ctl: %s: %s\n", what, why);
}

/* Reads up to `size` bytes of a node's property; how many, or -1. */
static ssize_t property(const char *tree, const char *node, const char *name, void *to, size_t size)
{
	char path[512];
	ssize_t got;
	int fd;

	if (snprintf(path, sizeof(path), "%s/%s/%s", tree, node, name) >= (int)sizeof(path)) {
		return -1;
	}
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0) {
		return -1;
	}
	got = read(fd, to, size);
	close(fd);
	return got;
}

static uint64_t cells(const uint8_t *p)
{
	uint64_t v = 0;

	for (size_t i = 0; i < 8; i++) {
		v = v << 8 | p[i];
	}
	return v;
}

/* A child of the root says that it is the interface, and where it is. */
static bool find(const char *tree, uint64_t *base, uint64_t *size)
{
	DIR *dir = opendir(tree);
	struct dirent *e;
	bool found = false;

	while (dir != NULL && !found && (e = readdir(dir)) != NULL) {
		char compatible[sizeof(COMPATIBLE)] = "";
		uint8_t reg[4 * CELLS];

		if (strncmp(e->d_name, NODE, strlen(NODE)) == 0 &&
		    property(tree, e->d_name, "compatible", compatible, sizeof(compatible)) == sizeof(COMPATIBLE) &&
		    memcmp(compatible, COMPATIBLE, sizeof(COMPATIBLE)) == 0 &&
		    property(tree, e->d_name, "reg", reg, sizeof(reg)) == sizeof(reg)) {
			*base = cells(reg);
			*size = cells(reg + 8);
			found = true;
		}
	}
	if (dir != NULL) {
		closedir(dir);
	}
	return found;
}

static bool is_ours(const struct registers *r)
{
	return r->size >= CONTROL_BLOCK && registers_read_machine(r, CONTROL_MAGIC) == CONTROL_MAGIC_VALUE &&
	       registers_read_machine(r, CONTROL_VERSION) == CONTROL_VERSION_VALUE &&
	       registers_read_machine(r, CONTROL_DOMAINS) < r->size / CONTROL_BLOCK;
}

bool registers_open(struct registers *r, const char *tree, const char *memory)
{
	uint64_t base = 0;

	if (!find(tree, &base, &r->size)) {
		complain(tree, "no node " NODE "... of '" COMPATIBLE "': this domain has no 'control: true'");
		return false;
	}
	r->fd = open(memory, O_RDWR | O_SYNC | O_CLOEXEC);
	if (r->fd < 0) {
		complain(memory, strerror(errno));
		return false;
	}
	/* A command and its result are two accesses: one program at a time. */
	if (flock(r->fd, LOCK_EX) != 0) {
		complain(memory, strerror(errno));
		close(r->fd);
		return false;
	}
	r->base = mmap(NULL, r->size, PROT_READ | PROT_WRITE, MAP_SHARED, r->fd, (off_t)base);
	if (r->base == MAP_FAILED) {
		complain(memory, strerror(errno));
		close(r->fd);
		return false;
	}
	if (!is_ours(r)) {
		complain(memory, "what is there is no control interface that this program knows");
		registers_close(r);
		return false;
	}
	return true;
}

void registers_close(struct registers *r)
{
	munmap(r->base, r->size);
	close(r->fd);
}

uint64_t registers_read_machine(const struct registers *r, uint64_t reg)
{
	return load((const uint8_t *)r->base + reg);
}

uint64_t registers_read(const struct registers *r, uint64_t domain, uint64_t reg)
{
	return registers_read_machine(r, (domain + 1) * CONTROL_BLOCK + reg);
}

enum control_result registers_command(const struct registers *r, uint64_t domain,
				      enum control_command command)
{
	store((uint8_t *)r->base + (domain + 1) * CONTROL_BLOCK + CONTROL_COMMAND, command);
	return (enum control_result)registers_read(r, domain, CONTROL_RESULT);
}

void registers_name(const struct registers *r, uint64_t domain, char name[CONTROL_NAME_SIZE + 1])
{
	for (uint64_t i = 0; i < CONTROL_NAME_SIZE; i++) {
		name[i] = (char)(registers_read(r, domain, CONTROL_NAME + (i & ~UINT64_C(7))) >> (8 * (i & 7)));
	}
	name[CONTROL_NAME_SIZE] = '\0';
}
