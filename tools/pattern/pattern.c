// SPDX-License-Identifier: Apache-2.0
#include "pattern.h"

#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#define MIB 1048576u
#define WORDS (MIB / sizeof(uint64_t))
/* An odd number: what it multiplies differently stays different. */
#define SPREAD UINT64_C(0x9e3779b97f4a7c15)

static uint64_t words[WORDS];

/* Whether the MiB in memory is what mib_fill() makes. */
static bool mib_is_pattern(uint64_t first)
{
	uint64_t differ = 0;

	for (size_t i = 0; i < WORDS; i++) {
		differ |= words[i] ^ (first + i) * SPREAD;
	}
	return differ == 0;
}

static void mib_fill(uint64_t first)
{
	for (size_t i = 0; i < WORDS; i++) {
		words[i] = (first + i) * SPREAD;
	}
}

static bool mib_write(int fd)
{
	for (size_t done = 0; done < MIB;) {
		ssize_t now = write(fd, (const char *)words + done, MIB - done);

		if (now <= 0) {
			return false;
		}
		done += (size_t)now;
	}
	return true;
}

static bool mib_read(int fd)
{
	for (size_t done = 0; done < MIB;) {
		ssize_t now = read(fd, (char *)words + done, MIB - done);

		if (now <= 0) {
			return false;
		}
		done += (size_t)now;
	}
	return true;
}

bool pattern_write(int fd, uint64_t mibs, uint64_t seed)
{
	for (uint64_t mib = 0; mib < mibs; mib++) {
		mib_fill(seed + mib * WORDS);
		if (!mib_write(fd)) {
			perror("disk-pattern: write");
			return false;
		}
	}
	if (fsync(fd) != 0) {
		perror("disk-pattern: fsync");
		return false;
	}
	return true;
}

bool pattern_check(int fd, uint64_t mibs, uint64_t seed)
{
	for (uint64_t mib = 0; mib < mibs; mib++) {
		if (!mib_read(fd)) {
			perror("disk-pattern: read");
			return false;
		}
		if (!mib_is_pattern(seed + mib * WORDS)) {
			fprintf(stderr, "disk-pattern: not what was written, in MiB %" PRIu64 "\n", mib);
			return false;
		}
	}
	return true;
}
