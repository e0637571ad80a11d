// SPDX-License-Identifier: Apache-2.0
#include "ram.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "qtest.h"

static volatile uint64_t *ram;
static uint64_t ram_base;

void ram_open(const char *path, uint64_t base, uint64_t size)
{
	int fd = open(path, O_RDWR);
	void *p = fd < 0 ? MAP_FAILED : mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

	if (p == MAP_FAILED) {
		die("%s: %s", path, strerror(errno));
	}
	close(fd);
	ram = p;
	ram_base = base;
}

uint64_t ram_read64(uint64_t pa)
{
	return ram[(pa - ram_base) / 8];
}

void ram_write64(uint64_t pa, uint64_t value)
{
	ram[(pa - ram_base) / 8] = value;
}
