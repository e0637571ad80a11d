// SPDX-License-Identifier: Apache-2.0
// sources: tools/ctl/registers.c tools/ctl/commands.c
/* bulkhead-ctl on files that stand for a device tree and for the registers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ctl/commands.h"

#define BASE 0x3000u /* in the file of the registers */
#define SIZE 0x1000u

static char folder[] = "/tmp/ctl_test.XXXXXX";
static char tree[64], memory[64], node[96], said[96];
static uint64_t image[SIZE / 8];

static void file_write(const char *path, const void *bytes, size_t size)
{
	FILE *f = fopen(path, "wb");

	assert_non_null(f);
	assert_int_equal(fwrite(bytes, 1, size, f), size);
	assert_int_equal(fclose(f), 0);
}

static void node_write(const char *name, const char *compatible, size_t length, uint64_t base)
{
	uint8_t reg[16] = {0};
	char path[160];

	for (size_t i = 0; i < 8; i++) {
		reg[7 - i] = (uint8_t)(base >> (8 * i));
		reg[15 - i] = (uint8_t)((uint64_t)SIZE >> (8 * i));
	}
	snprintf(node, sizeof(node), "%s/%s", tree, name);
	mkdir(node, 0700);
	snprintf(path, sizeof(path), "%s/compatible", node);
	file_write(path, compatible, length);
	snprintf(path, sizeof(path), "%s/reg", node);
	file_write(path, reg, sizeof(reg));
}

static void node_remove(void)
{
	char path[160];

	snprintf(path, sizeof(path), "%s/compatible", node);
	unlink(path);
	snprintf(path, sizeof(path), "%s/reg", node);
	unlink(path);
	rmdir(node);
}

static uint64_t *reg_of(uint64_t domain, uint64_t reg)
{
	return &image[((domain + 1) * CONTROL_BLOCK + reg) / 8];
}

static void registers_write(void)
{
	FILE *f = fopen(memory, "wb");

	assert_non_null(f);
	assert_int_equal(fseek(f, BASE, SEEK_SET), 0);
	assert_int_equal(fwrite(image, 1, sizeof(image), f), sizeof(image));
	assert_int_equal(fclose(f), 0);
}

static int start(void **state)
{
	(void)state;
	memset(image, 0, sizeof(image));
	image[CONTROL_MAGIC / 8] = CONTROL_MAGIC_VALUE;
	image[CONTROL_VERSION / 8] = CONTROL_VERSION_VALUE;
	image[CONTROL_DOMAINS / 8] = 2;
	memcpy(reg_of(0, CONTROL_NAME), "dom0", 4);
	*reg_of(0, CONTROL_STATE) = CONTROL_RUNNING;
	*reg_of(0, CONTROL_FLAGS) = CONTROL_FLAG_HARDWARE | CONTROL_FLAG_CONTROL;
	*reg_of(0, CONTROL_CPUS) = 4;
	*reg_of(0, CONTROL_CPUS_ON) = 3;
	*reg_of(0, CONTROL_RAM) = 0x40000000;
	*reg_of(0, CONTROL_STARTS) = 1;
	memset(reg_of(1, CONTROL_NAME), 'x', CONTROL_NAME_SIZE);
	*reg_of(1, CONTROL_STATE) = CONTROL_OFF;
	*reg_of(1, CONTROL_CPUS) = 1;
	*reg_of(1, CONTROL_FAULTS) = 12;
	registers_write();
	node_write("control@3000", "bulkhead,control", sizeof("bulkhead,control"), BASE);
	return 0;
}

static int end(void **state)
{
	(void)state;
	node_remove();
	return 0;
}

/* What is said on a stream while `open_listening` lasts. */
static int kept;

static void listen_to(FILE *stream)
{
	fflush(stream);
	kept = dup(fileno(stream));
	assert_non_null(freopen(said, "w", stream));
}

static const char *heard(FILE *stream)
{
	static char text[2048];
	FILE *f;
	size_t n;

	fflush(stream);
	dup2(kept, fileno(stream));
	close(kept);
	f = fopen(said, "r");
	assert_non_null(f);
	n = fread(text, 1, sizeof(text) - 1, f);
	text[n] = '\0';
	fclose(f);
	return text;
}

static struct registers opened(void)
{
	struct registers r;

	assert_true(registers_open(&r, tree, memory));
	return r;
}

static void listed(void **state)
{
	struct registers r = opened();
	char want[512];

	(void)state;
	listen_to(stdout);
	command_list(&r);
	snprintf(want, sizeof(want), "%s%s%s%s",
		 "DOMAIN           STATE       CPUS    RAM/KiB  STARTS  FAULTS\n"
		 "dom0             running     3/4     1048576       1       0  hardware,control,self\n",
		 "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
		 " off       ",
		 "  0/1           0       0      12", "\n");
	assert_string_equal(heard(stdout), want);
	registers_close(&r);
}

/* What the file says became of a command: it does not change, so a command is what is
 * found there. */
static enum status give(const char *name, enum control_command command, unsigned int seconds,
			const char **text)
{
	struct registers r = opened();
	enum status status;

	listen_to(stderr);
	status = command_give(&r, name, command, seconds);
	*text = heard(stderr);
	registers_close(&r);
	return status;
}

static void given(void **state)
{
	const char *text;
	FILE *f;
	uint64_t value;

	(void)state;
	assert_int_equal(give("dom0", CONTROL_RESTART, 0, &text), STATUS_DONE);
	assert_string_equal(text, "");
	f = fopen(memory, "rb");
	assert_non_null(f);
	assert_int_equal(fseek(f, BASE + 0x100 + 0x38, SEEK_SET), 0);
	assert_int_equal(fread(&value, 8, 1, f), 1);
	fclose(f);
	assert_int_equal(value, 3);
	assert_int_equal(give("dom1", CONTROL_STOP, 0, &text), STATUS_USAGE);
	assert_non_null(strstr(text, "no domain is named 'dom1'; there are: dom0 xxx"));
}

static void refused(void **state)
{
	static const struct {
		uint64_t result;
		const char *text;
	} all[] = {
		{CONTROL_BUSY, "dom0: cannot stop: busy"},
		{CONTROL_WRONG, "dom0: cannot stop: not while it is running"},
		{CONTROL_DENIED, "dom0: cannot stop: denied: it is the domain that asks"},
		{CONTROL_FAILED, "dom0: cannot stop: failed"},
		{CONTROL_UNKNOWN, "does not know how (result 5)"},
		{77, "(result 77)"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(all); i++) {
		const char *text;

		*reg_of(0, CONTROL_RESULT) = all[i].result;
		registers_write();
		assert_int_equal(give("dom0", CONTROL_STOP, 1, &text), STATUS_REFUSED);
		assert_non_null(strstr(text, all[i].text));
	}
}

/* Done at once; not in time; and something that is no restart yet. */
static void waited(void **state)
{
	const char *text;

	(void)state;
	*reg_of(0, CONTROL_STATE) = CONTROL_OFF;
	registers_write();
	assert_int_equal(give("dom0", CONTROL_STOP, 5, &text), STATUS_DONE);
	*reg_of(0, CONTROL_STATE) = CONTROL_STOPPING;
	registers_write();
	assert_int_equal(give("dom0", CONTROL_STOP, 1, &text), STATUS_LATE);
	assert_non_null(strstr(text, "after 1 s it is stopping"));
	*reg_of(0, CONTROL_STATE) = CONTROL_RUNNING;
	registers_write();
	assert_int_equal(give("dom0", CONTROL_RESTART, 1, &text), STATUS_LATE);
}

static void commands(void **state)
{
	static const char *const words[] = {"stop", "start", "restart", "destroy", "create"};
	enum control_command c = CONTROL_CREATE;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		assert_true(command_find(words[i], &c));
		assert_int_equal(c, i + 1);
	}
	assert_false(command_find("", &c));
	assert_false(command_find("list", &c));
	assert_false(command_find("stopp", &c));
}

static const char *not_opened(void)
{
	struct registers r;
	const char *text;
	bool good;

	listen_to(stderr);
	good = registers_open(&r, tree, memory);
	text = heard(stderr);
	assert_false(good);
	return text;
}

/* No node, one that only looks like it, no memory, and something else there. */
static void none(void **state)
{
	static const uint64_t odd[] = {CONTROL_MAGIC, CONTROL_VERSION, CONTROL_DOMAINS};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(odd); i++) {
		start(state);
		image[odd[i] / 8] = 0x10;
		registers_write();
		assert_non_null(strstr(not_opened(), "no control interface that this program knows"));
	}
	unlink(memory);
	assert_non_null(strstr(not_opened(), "No such file"));
	start(state);
	node_write("control@3000", "bulkhead,controls", sizeof("bulkhead,controls"), BASE);
	assert_non_null(strstr(not_opened(), "this domain has no 'control: true'"));
	node_remove();
	assert_non_null(strstr(not_opened(), "this domain has no 'control: true'"));
	node_write("other@3000", "bulkhead,control", sizeof("bulkhead,control"), BASE);
	assert_non_null(strstr(not_opened(), "this domain has no 'control: true'"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(listed, start, end),
		cmocka_unit_test_setup_teardown(given, start, end),
		cmocka_unit_test_setup_teardown(refused, start, end),
		cmocka_unit_test_setup_teardown(waited, start, end),
		cmocka_unit_test_setup_teardown(commands, start, end),
		cmocka_unit_test_setup_teardown(none, start, end),
	};
	int failed;

	if (mkdtemp(folder) == NULL) {
		return 1;
	}
	snprintf(tree, sizeof(tree), "%s/tree", folder);
	snprintf(memory, sizeof(memory), "%s/memory", folder);
	snprintf(said, sizeof(said), "%s/said", folder);
	mkdir(tree, 0700);
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	unlink(memory);
	unlink(said);
	rmdir(tree);
	rmdir(folder);
	return failed;
}
