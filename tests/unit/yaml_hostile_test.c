// SPDX-License-Identifier: Apache-2.0
// sources: gen/yaml/*.c gen/schema/*.c gen/model/*.c gen/check/*.c gen/diag/*.c gen/util/*.c
// sources: gen/plan/*.c gen/emit/*.c hv/mm/stage2.c
/* Input that means harm: truncated, mutated, deep, huge. Whatever comes in, the
 * generator ends with a model or with a message, under ASan and UBSan. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "check/check.h"
#include "emit/emit.h"
#include "model/model.h"
#include "schema/schema.h"

#define TEXT_MAX (1u << 20)
#define MUTATIONS 1500u

static const char *const boards[] = {
	"boards/soc/qemu-virt.yaml",
	"boards/soc/r8a7795.yaml",
	"boards/qdf2400-acpi/board.yaml",
	"tests/golden/base/board.yaml",
};
static const char system_text[] = "domains:\n"
				  "  dom0: {role: hardware, cpus: all-others, memory: all-others, devices: all-others}\n"
				  "  a: {cpus: [cpu1], memory: [{size: 0x1000000}], devices: [uart1], console: vpl011}\n";

static char *file_text(const char *path, size_t *len)
{
	FILE *f = fopen(path, "rb");
	char *text = malloc(TEXT_MAX);

	assert_non_null(f);
	assert_non_null(text);
	*len = fread(text, 1, TEXT_MAX, f);
	assert_true(*len > 0 && *len < TEXT_MAX);
	fclose(f);
	return text;
}

/* All that the generator does with a board and a system, messages included. Returns
 * whether they were taken; if not, there was an error. */
static bool digest(const char *text, size_t len, const char *system, size_t system_len)
{
	struct diag *d = diag_new();
	struct yaml *y = yaml_open();
	struct node *board_tree = yaml_parse(y, d, "board.yaml", text, len);
	struct node *system_tree = yaml_parse(y, d, "system.yaml", system, system_len);
	FILE *out = fopen("/dev/null", "w");
	bool good;

	if (board_tree != NULL) {
		schema_validate(d, schema_board, board_tree, true);
	}
	if (system_tree != NULL) {
		schema_validate(d, schema_system, system_tree, true);
	}
	if (board_tree != NULL && system_tree != NULL && board_tree->kind == NODE_MAPPING &&
	    system_tree->kind == NODE_MAPPING) {
		struct model *m = model_build(d, board_tree, system_tree, NULL);

		if (m != NULL && diag_errors(d) == 0) {
			check_model(d, m);
		}
		if (m != NULL && m->domain_count > 0 && diag_errors(d) == 0) {
			cmd_try(d, m);
		}
		model_free(m);
	}
	good = diag_errors(d) == 0;
	assert_true(good == false || (board_tree != NULL && system_tree != NULL));
	diag_print(d, out, DIAG_TEXT);
	diag_print(d, out, DIAG_JSON);
	fclose(out);
	yaml_close(y);
	diag_free(d);
	return good;
}

static void truncated(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(boards) / sizeof(boards[0]); i++) {
		size_t len;
		char *text = file_text(boards[i], &len);
		size_t step = len / 400 + 1;

		for (size_t n = 0; n < len; n += step) {
			/* A copy of just this size: reading beyond it is seen. */
			char *part = malloc(n == 0 ? 1 : n);

			memcpy(part, text, n);
			digest(part, n, system_text, sizeof(system_text) - 1);
			free(part);
		}
		free(text);
	}
	for (size_t n = 0; n < sizeof(system_text) - 1; n++) {
		assert_false(digest("board: x\n", 9, system_text, n));
	}
}

static uint64_t seed = UINT64_C(0x9e3779b97f4a7c15);

static uint64_t next_random(void)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return seed;
}

/* Overwrites, removes, doubles or inserts a few bytes. */
static size_t mutate(char *text, size_t len)
{
	static const char *const bits[] = {
		"[",  "]",  "{",      "}",  ": ", "- ",  "&a ",   "*a", "!",   "\"", "'",    "\n",
		"\t", "0x", "\n\n  ", "-",  "...", "<<: ", "? ",    "|\n", "#",   "\\", "\xff", "18446744073709551616",
	};

	for (uint64_t edits = 1 + next_random() % 4; edits > 0; edits--) {
		size_t at = (size_t)(next_random() % len);
		size_t run = 1 + (size_t)(next_random() % 40);
		const char *bit = bits[next_random() % (sizeof(bits) / sizeof(bits[0]))];

		run = run > len - at ? len - at : run;
		switch (next_random() % 4) {
		case 0:
			text[at] = (char)next_random();
			break;
		case 1:
			memmove(text + at, text + at + run, len - at - run);
			len -= run == len ? 0 : run;
			break;
		case 2:
			memmove(text + at + run, text + at, len - at);
			len += run;
			break;
		default:
			memmove(text + at + strlen(bit), text + at, len - at);
			memcpy(text + at, bit, strlen(bit));
			len += strlen(bit);
			break;
		}
	}
	return len;
}

static void mutated(void **state)
{
	(void)state;
	for (unsigned int i = 0; i < MUTATIONS; i++) {
		size_t len;
		/* The large board now and then, the small ones mostly. */
		char *text = file_text(boards[i % 50 == 0 ? 1 : i % 2 == 0 ? 3 : 0], &len);

		len = mutate(text, len);
		digest(text, len, system_text, sizeof(system_text) - 1);
		free(text);
	}
}

static char *repeated(const char *bit, size_t times, size_t *len)
{
	size_t size = strlen(bit);
	char *text = malloc(size * times);

	for (size_t i = 0; i < times; i++) {
		memcpy(text + i * size, bit, size);
	}
	*len = size * times;
	return text;
}

static void deep(void **state)
{
	static const char *const bits[] = {"[", "{a: ", "- ", "? ", "{[", "[{a: [", "{? "};
	(void)state;

	for (size_t i = 0; i < sizeof(bits) / sizeof(bits[0]); i++) {
		size_t len;
		char *text = repeated(bits[i], 100000, &len);

		assert_false(digest(text, len, system_text, sizeof(system_text) - 1));
		free(text);
	}
}

static void deep_by_indentation(void **state)
{
	char *text = calloc(4000000, 1);
	size_t len = 0;
	(void)state;

	for (int i = 0; i < 2000; i++) {
		len += (size_t)sprintf(text + len, "%*sa:\n", i, "");
	}
	assert_false(digest(text, len, system_text, sizeof(system_text) - 1));
	free(text);
}

/* What a file of the given size says, and how long that takes. */
static void expect_too_large(off_t size)
{
	char path[] = "/tmp/bulkhead-test-XXXXXX";
	int fd = mkstemp(path);
	struct diag *d = diag_new();
	struct yaml *y = yaml_open();
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);

	assert_true(fd >= 0 && ftruncate(fd, size) == 0);
	assert_null(yaml_read(y, d, path));
	diag_print(d, out, DIAG_TEXT);
	fclose(out);
	assert_non_null(strstr(text, "error[HV0110]: the file is larger than 16 MiB"));
	free(text);
	yaml_close(y);
	diag_free(d);
	close(fd);
	unlink(path);
}

static void too_large(void **state)
{
	(void)state;
	expect_too_large((off_t)YAML_BYTES_MAX + 1);
	expect_too_large(100 << 20);
	expect_too_large((off_t)1 << 40);
}

/* 16 MiB of values: bounded memory and time, one message. */
static void many_values(void **state)
{
	size_t len;
	char *text = repeated("1, ", YAML_BYTES_MAX / 3, &len);
	(void)state;

	text[0] = '[';
	assert_false(digest(text, len, system_text, sizeof(system_text) - 1));
	free(text);
}

static double seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* A board with `count` devices; every tenth one refers to a device that is none. */
static double time_devices(unsigned int count, bool faults)
{
	size_t base_len;
	char *base = file_text("tests/golden/base/board.yaml", &base_len);
	char *text = malloc(base_len + (size_t)count * 200);
	size_t len = base_len;
	double start;

	memcpy(text, base, base_len);
	for (unsigned int i = 0; i < count; i++) {
		len += (size_t)sprintf(text + len,
				       "  dev%u: {reg: [0x%x, 0x1000], compatible: [a, b], properties: {clocks: [\"&dev%u\"]}}\n",
				       i, 0x80000000u + i * 0x1000u, faults && i % 10 == 0 ? count + i : count - 1 - i);
	}
	start = seconds();
	assert_true(digest(text, len, "domains: {}\n", 12) == false || !faults);
	start = seconds() - start;
	free(base);
	free(text);
	return start;
}

/* Ten times the devices may take ten times as long, and some; a hundred times
 * as long is a loop in a loop. */
static void linear(void **state)
{
	(void)state;
	for (int faults = 0; faults < 2; faults++) {
		double small = time_devices(2000, faults != 0);
		double large = time_devices(20000, faults != 0);

		print_message("# 2000 devices %.3f s, 20000 devices %.3f s\n", small, large);
		assert_true(large < 40 * small + 0.5);
	}
}

static void good_boards_stay_good(void **state)
{
	struct diag *d = diag_new();
	struct yaml *y = yaml_open();
	struct model *m = model_load(y, d, "boards/qemu-virt", NULL, NULL);
	(void)state;

	assert_non_null(m);
	assert_int_equal(diag_errors(d), 0);
	assert_int_equal(m->board.cpu_count, 4);
	assert_string_equal(m->board.devices[m->board.console_device].name.s, "uart0");
	assert_int_equal(m->board.gic.gicr.base, 0x80a0000);
	assert_int_equal(m->board.timer.virt.intid, 27);
	assert_true(m->domains[0].hardware && m->domains[0].console == CONSOLE_VPL011);
	assert_int_equal(m->device_owner[m->board.console_device], MODEL_NONE);
	model_free(m);
	yaml_close(y);
	diag_free(d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(good_boards_stay_good),
		cmocka_unit_test(truncated),
		cmocka_unit_test(mutated),
		cmocka_unit_test(deep),
		cmocka_unit_test(deep_by_indentation),
		cmocka_unit_test(too_large),
		cmocka_unit_test(many_values),
		cmocka_unit_test(linear),
	};

	return cmocka_run_group_tests_name("yaml_hostile", tests, NULL, NULL);
}
