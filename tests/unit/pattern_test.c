// SPDX-License-Identifier: Apache-2.0
// sources: tools/pattern/pattern.c
/* disk-pattern on a file: it finds what it has written, and any difference. */
#define _GNU_SOURCE /* memfd_create() */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <sys/mman.h>
#include <unistd.h>

#include "pattern/pattern.h"

#define MIBS 3u
#define MIB 1048576
#define SEED UINT64_C(0x123456789abcdef)

static int fd;

static int file_make(void **state)
{
	(void)state;
	fd = memfd_create("disk", 0);
	return fd < 0 || !pattern_write(fd, MIBS, SEED);
}

static int file_close(void **state)
{
	(void)state;
	return close(fd);
}

static bool is_there(uint64_t seed)
{
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	return pattern_check(fd, MIBS, seed);
}

static void test_finds_what_it_wrote(void **state)
{
	(void)state;
	assert_int_equal(lseek(fd, 0, SEEK_END), MIBS * MIB);
	assert_true(is_there(SEED));
	assert_false(is_there(SEED + 1));
}

static void test_finds_one_bit(void **state)
{
	static const off_t places[] = {0, 7, MIB - 1, MIB, MIBS * MIB - 1};

	(void)state;
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		uint8_t was, is;

		assert_int_equal(pread(fd, &was, 1, places[i]), 1);
		is = was ^ 0x10;
		assert_int_equal(pwrite(fd, &is, 1, places[i]), 1);
		assert_false(is_there(SEED));
		assert_int_equal(pwrite(fd, &was, 1, places[i]), 1);
		assert_true(is_there(SEED));
	}
}

/* What came from elsewhere on the same disk, or from another. */
static void test_finds_what_is_elsewhere(void **state)
{
	static uint8_t page[4096];

	(void)state;
	assert_int_equal(pread(fd, page, sizeof(page), 2 * MIB), sizeof(page));
	assert_int_equal(pwrite(fd, page, sizeof(page), 2 * MIB - 4096), sizeof(page));
	assert_false(is_there(SEED));
}

static void test_finds_an_end(void **state)
{
	(void)state;
	assert_int_equal(ftruncate(fd, MIBS * MIB - 8), 0);
	assert_false(is_there(SEED));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_finds_what_it_wrote, file_make, file_close),
		cmocka_unit_test_setup_teardown(test_finds_one_bit, file_make, file_close),
		cmocka_unit_test_setup_teardown(test_finds_what_is_elsewhere, file_make, file_close),
		cmocka_unit_test_setup_teardown(test_finds_an_end, file_make, file_close),
	};

	return cmocka_run_group_tests_name("disk-pattern", tests, NULL, NULL);
}
