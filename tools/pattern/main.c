// SPDX-License-Identifier: Apache-2.0
/*
 * disk-pattern: a pattern to a disk, and whether it is there.
 *
 *   disk-pattern write|check FILE MIB SEED
 *
 * No two words of 8 bytes of a pattern are alike, and those of another SEED are others. `write`
 * returns when the disk has it. Ends with 0: done, or all is there, 1: not, 2: wrong usage.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pattern.h"

int main(int argc, char **argv)
{
	bool writes = argc == 5 && strcmp(argv[1], "write") == 0;
	uint64_t mibs, seed;
	int fd;

	if (!writes && (argc != 5 || strcmp(argv[1], "check") != 0)) {
		fprintf(stderr, "usage: disk-pattern write|check FILE MIB SEED\n");
		return 2;
	}
	mibs = strtoull(argv[3], NULL, 0);
	seed = strtoull(argv[4], NULL, 0);
	fd = open(argv[2], writes ? O_WRONLY : O_RDONLY);
	if (fd < 0) {
		perror("disk-pattern: open");
		return 1;
	}
	return writes ? !pattern_write(fd, mibs, seed) : !pattern_check(fd, mibs, seed);
}
