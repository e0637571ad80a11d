// SPDX-License-Identifier: Apache-2.0
// sources: tests/unit/verify/*.c gen/verify/[a-ln-z]*.c gen/verify/mem.c
/*
 * 10,000 random changes that break a property, by an independent judgement: the
 * verifier must see every one, and have nothing to say about the image itself.
 * VERIFY_IMAGES="ELF:BOARD_DIR:SYSTEM:COUNT ..." adds finished images to the one that
 * is made here, with so many changes to each, and IMAGE_CHANGES to the hv.img beside it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "unit/verify/good.h"
#include "unit/verify/mutate.h"

#define WANTED 10000
#define IMAGE_CHANGES 1000
#define DIR "tests/unit/verify"

static void check(uint8_t *file, uint64_t size, const struct board *b, const char *name, uint64_t wanted)
{
	struct mutate_counts counts;

	assert_int_equal(mutate_verdict(file, size, b), 0);
	counts = mutate_run(file, size, b, wanted, 0x9e3779b97f4a7c15);
	printf("# %s: %" PRIu64 " of %" PRIu64 " breaking changes caught; of %" PRIu64
	       " harmless ones %" PRIu64 " refused\n",
	       name, counts.breaking - counts.missed, counts.breaking, counts.harmless, counts.refused);
	assert_int_equal(counts.breaking, wanted);
	assert_int_equal(counts.missed, 0);
	assert_int_equal(mutate_verdict(file, size, b), 0);
}

static void test_made_here(void **state)
{
	static struct board b;
	struct mem m = {NULL};
	struct good g;

	(void)state;
	assert_true(board_read(&b, &m, DIR, "system", 0));
	good_build(&g);
	check(g.file, g.size, &b, "made here", WANTED);
	good_free(&g);
	mem_free(&m);
}

static uint8_t *read_whole(const char *path, uint64_t *size)
{
	FILE *in = fopen(path, "rb");
	uint8_t *file;

	assert_non_null(in);
	fseek(in, 0, SEEK_END);
	*size = (uint64_t)ftell(in);
	rewind(in);
	file = malloc(*size);
	assert_int_equal(fread(file, 1, *size, in), *size);
	fclose(in);
	return file;
}

/* hv.img beside the ELF. */
static void check_image(const char *elf_path, const uint8_t *elf, uint64_t elf_size, const struct board *b)
{
	char path[256];
	struct mutate_counts counts;
	uint64_t size;
	uint8_t *file;

	snprintf(path, sizeof(path), "%.*simg", (int)strlen(elf_path) - 3, elf_path);
	file = read_whole(path, &size);
	counts = mutate_image(elf, elf_size, b, file, size, IMAGE_CHANGES, 0x9e3779b97f4a7c15);
	printf("# %s: %" PRIu64 " of %" PRIu64 " breaking changes caught; of %" PRIu64
	       " harmless ones %" PRIu64 " refused\n",
	       path, counts.breaking - counts.missed, counts.breaking, counts.harmless, counts.refused);
	assert_int_equal(counts.breaking, IMAGE_CHANGES);
	assert_int_equal(counts.missed, 0);
	free(file);
}

static void test_finished(void **state)
{
	static struct board b;
	const char *list = getenv("VERIFY_IMAGES");
	char elf[256];
	char dir[256];
	char system[64];
	uint64_t wanted;
	int length = 0;

	(void)state;
	for (; list != NULL && sscanf(list, " %255[^:]:%255[^:]:%63[^:]:%" SCNu64 "%n", elf, dir, system, &wanted,
				      &length) == 4; list += length) {
		struct mem m = {NULL};
		uint64_t size;
		uint8_t *file = read_whole(elf, &size);

		assert_true(board_read(&b, &m, dir, system, 0));
		check(file, size, &b, elf, wanted);
		check_image(elf, file, size, &b);
		free(file);
		mem_free(&m);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_made_here),
		cmocka_unit_test(test_finished),
	};

	return cmocka_run_group_tests_name("verify_mutation", tests, NULL, NULL);
}
