// SPDX-License-Identifier: Apache-2.0
// sources: tests/unit/verify/good*.c gen/verify/[a-ln-z]*.c gen/verify/mem.c
/*
 * Hostile ELF files and images: whatever the bytes, an answer and no crash (the
 * tests run under ASan and UBSan).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <elf.h>
#include <stdlib.h>
#include <string.h>

#include "unit/verify/good.h"
#include "verify/subject.h"

#define DIR "tests/unit/verify"

static struct mem board_mem;
static struct board board_yaml;

static uint64_t random_state = 1;

static uint64_t random_next(void)
{
	random_state = random_state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return random_state >> 11;
}

/* 0: all holds; 1: something fails; 2: unreadable. From a copy of exactly `size`
 * bytes, so that ASan sees the first byte beyond. */
static int verdict(const uint8_t *file, uint64_t size)
{
	static struct elf elf;
	static struct subject subject;
	struct mem m = {NULL};
	struct report *report = mem_alloc(&m, 1, sizeof(*report));
	uint8_t *copy = malloc(size);
	char error[ELF_ERROR_MAX] = "";
	int status = 2;

	memcpy(copy, file, size);
	report_init(report, &m);
	if (elf_open(&elf, copy, size, error) &&
	    subject_verify(&subject, &m, &elf, &board_yaml, report, error)) {
		status = report_holds(report) ? 0 : 1;
		assert_string_equal(error, "");
	} else {
		assert_true(error[0] != 0);
	}
	mem_free(&m);
	free(copy);
	return status;
}

static void test_truncated(void **state)
{
	struct good g;

	(void)state;
	good_build(&g);
	assert_int_equal(verdict(g.file, g.size), 0);
	for (uint64_t size = 0; size < g.size; size += size < 0x1000 ? 1 : 997) {
		assert_int_equal(verdict(g.file, size), 2);
	}
	good_free(&g);
}

/* Headers, section headers, symbols and names: everything before the contents. */
static void test_corrupt_headers(void **state)
{
	static const uint64_t wild[] = {0, 1, 0x7f, 0xff, 0xffff, 0x7fffffff, 0xffffffff, UINT64_MAX,
					UINT64_MAX - 0xfff, BIT64(63), GOOD_BASE};
	struct good g;
	int counts[3] = {0};

	(void)state;
	good_build(&g);
	for (uint64_t offset = 0; offset < 0xc00; offset += 4) {
		for (size_t i = 0; i < ARRAY_SIZE(wild); i++) {
			uint64_t width = UINT64_C(2) << (i % 3);
			uint64_t old;

			memcpy(&old, g.file + offset, sizeof(old));
			memcpy(g.file + offset, &wild[i], width);
			counts[verdict(g.file, g.size)]++;
			memcpy(g.file + offset, &old, sizeof(old));
		}
	}
	assert_int_equal(verdict(g.file, g.size), 0);
	assert_true(counts[2] > 500);
	good_free(&g);
}

/* The structs: wild counts and pointers. */
static void test_corrupt_structs(void **state)
{
	struct good g;

	(void)state;
	good_build(&g);
	for (int i = 0; i < 3000; i++) {
		uint64_t at = random_next() % (sizeof(*g.rodata) / 4) * 4;
		uint8_t *p = (uint8_t *)g.rodata + at;
		uint32_t old;
		uint32_t wild = (uint32_t)(random_next() >> (random_next() % 32));

		memcpy(&old, p, sizeof(old));
		memcpy(p, &wild, sizeof(wild));
		verdict(g.file, g.size);
		memcpy(p, &old, sizeof(old));
	}
	assert_int_equal(verdict(g.file, g.size), 0);
	good_free(&g);
}

static void test_random_bytes(void **state)
{
	struct good g;

	(void)state;
	good_build(&g);
	for (int i = 0; i < 500; i++) {
		for (int j = 0; j < 20; j++) {
			g.file[random_next() % 0x4000] = (uint8_t)random_next();
		}
		verdict(g.file, g.size);
		if (i % 10 == 9) {
			good_free(&g);
			good_build(&g);
		}
	}
	good_free(&g);
}

/* hv.img of any bytes, up to the end of the packed tables at the most. */
static void test_hostile_image(void **state)
{
	static struct elf elf;
	static struct subject subject;
	struct good g;
	char error[ELF_ERROR_MAX];

	(void)state;
	good_build(&g);
	for (int i = 0; i < 300; i++) {
		struct mem m = {NULL};
		struct report *report = mem_alloc(&m, 1, sizeof(*report));
		uint64_t size = i < 100 ? g.runs_end : random_next() % g.runs_end;
		uint8_t *copy = malloc(size + 1);

		memcpy(copy, g.image, size);
		for (int j = 0; j < 8; j++) {
			copy[size - (size > 0 ? random_next() % (size < 0x200 ? size : 0x200) + 1 : 0)] =
				(uint8_t)random_next();
		}
		report_init(report, &m);
		assert_true(elf_open(&elf, g.file, g.size, error));
		assert_true(subject_verify(&subject, &m, &elf, &board_yaml, report, error));
		prove_packed(&subject, copy, size);
		assert_true(i < 100 || report->results[PROPERTY_PACKED].failed > 0);
		free(copy);
		mem_free(&m);
	}
	good_free(&g);
}

static void test_refusals(void **state)
{
	struct good g;
	Elf64_Ehdr *e;
	Elf64_Shdr *s;
	Elf64_Phdr *p;

	(void)state;
	good_build(&g);
	e = (Elf64_Ehdr *)(void *)g.file;
	p = (Elf64_Phdr *)(void *)(g.file + e->e_phoff);
	s = (Elf64_Shdr *)(void *)(g.file + e->e_shoff);
	e->e_machine = EM_X86_64;
	assert_int_equal(verdict(g.file, g.size), 2);
	e->e_machine = EM_AARCH64;
	e->e_type = ET_REL;
	assert_int_equal(verdict(g.file, g.size), 2);
	e->e_type = ET_EXEC;
	p->p_paddr += 0x1000;
	assert_int_equal(verdict(g.file, g.size), 2);
	p->p_paddr -= 0x1000;
	s[2].sh_addr -= 0x800; /* .rodata over .text */
	assert_int_equal(verdict(g.file, g.size), 2);
	s[2].sh_addr += 0x800;
	s[3].sh_type = SHT_RELA;
	assert_int_equal(verdict(g.file, g.size), 2);
	s[3].sh_type = SHT_PROGBITS;
	s[7].sh_type = SHT_NOBITS; /* tables without bytes */
	assert_int_equal(verdict(g.file, g.size), 2);
	s[7].sh_type = SHT_PROGBITS;
	g.rodata->board.magic++;
	assert_int_equal(verdict(g.file, g.size), 2);
	g.rodata->board.magic--;
	s[1].sh_flags |= SHF_WRITE; /* code that may be written */
	assert_int_equal(verdict(g.file, g.size), 1);
	s[1].sh_flags &= ~(uint64_t)SHF_WRITE;
	s[2].sh_flags |= SHF_EXECINSTR; /* code that is not text */
	assert_int_equal(verdict(g.file, g.size), 1);
	s[2].sh_flags &= ~(uint64_t)SHF_EXECINSTR;
	assert_int_equal(verdict(g.file, g.size), 0);
	good_free(&g);
}

static int setup(void **state)
{
	(void)state;
	return board_read(&board_yaml, &board_mem, DIR, "system", 0) ? 0 : 1;
}

static int teardown(void **state)
{
	(void)state;
	mem_free(&board_mem);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_truncated),	cmocka_unit_test(test_corrupt_headers),
		cmocka_unit_test(test_corrupt_structs), cmocka_unit_test(test_random_bytes),
		cmocka_unit_test(test_hostile_image),	cmocka_unit_test(test_refusals),
	};

	return cmocka_run_group_tests_name("verify_elf", tests, setup, teardown);
}
