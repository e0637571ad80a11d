// SPDX-License-Identifier: Apache-2.0
// sources: hv/guest/control.c tests/models/model.c
/*
 * The control interface: every register of every domain by every width at every offset,
 * as a window and by hypercall, against bytes put together here; every command.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "control_abi.h"
#include "guest/control.h"
#include "guest/lifecycle.h"

#define COUNT 3u
#define WINDOW 0x1000u
#define CONTROLLER 1u

struct cpu cpus[CPUS_MAX];
struct domain domains[DOMAINS_MAX];

static const struct mem_range ram[] = {{0x40000000, 0x200000}, {0x80001000, 0x7000}};
/* As long as a name may be in the registers, and longer. */
static const char long_name[] = "d123456789012345678901234567890123456789012345678901234567890123more";
static const struct domain_desc descs[COUNT] = {
	{.name = "dom0", .flags = DOMAIN_HARDWARE, .cpu_count = 4, .ram = ram, .ram_count = 1},
	{.name = "keeper", .flags = DOMAIN_CONTROL, .cpu_count = 1, .ram = ram, .ram_count = 2},
	{.name = long_name, .cpu_count = 2, .ram = ram, .ram_count = 2, .colors = {.of = 4, .first = 3, .count = 2}},
};
const struct board_tables board = {.domain_count = COUNT, .domains = descs};

/* The last call of lifecycle's, and what it is to answer. */
static enum control_command called;
static const struct domain *called_for;
static uint32_t calls;
static enum lifecycle_result answer;

static enum lifecycle_result note(enum control_command c, const struct domain *d)
{
	called = c;
	called_for = d;
	calls++;
	return answer;
}

enum lifecycle_result lifecycle_stop(struct domain *d, const char *why)
{
	assert_non_null(why);
	return note(CONTROL_STOP, d);
}

enum lifecycle_result lifecycle_start(struct domain *d)
{
	return note(CONTROL_START, d);
}

enum lifecycle_result lifecycle_restart(struct domain *d, const char *why)
{
	assert_non_null(why);
	return note(CONTROL_RESTART, d);
}

enum lifecycle_result lifecycle_destroy(struct domain *d)
{
	return note(CONTROL_DESTROY, d);
}

enum lifecycle_result lifecycle_create(struct domain *d)
{
	return note(CONTROL_CREATE, d);
}

enum domain_state domain_get_state(const struct domain *d)
{
	return (enum domain_state)d->state;
}

/* What the registers should hold, byte by byte. */
static uint8_t image[WINDOW];

static void put(uint64_t block, uint64_t reg, uint64_t value)
{
	for (uint64_t i = 0; i < 8; i++) {
		image[block * 0x100 + reg + i] = (uint8_t)(value >> (8 * i));
	}
}

static void put_domain(uint64_t i, const char *name, uint64_t flags, uint64_t cpu_count, uint64_t size)
{
	domains[i] = (struct domain){.desc = &descs[i], .state = DOMAIN_RUNNING};
	domains[i].starts = 7 + (uint32_t)i;
	domains[i].faults = 0xfffffff0u + (uint32_t)i;
	domains[i].cpus_on = 1;
	put(i + 1, 0x00, 2);
	put(i + 1, 0x08, flags);
	put(i + 1, 0x10, 7 + i);
	put(i + 1, 0x18, 0xfffffff0u + i);
	put(i + 1, 0x20, cpu_count);
	put(i + 1, 0x28, 1);
	put(i + 1, 0x30, size);
	memcpy(&image[(i + 1) * 0x100 + 0x80], name, strlen(name) < 64 ? strlen(name) : 64);
}

static int start(void **state)
{
	(void)state;
	model_reset();
	memset(image, 0, sizeof(image));
	memset(cpus, 0, sizeof(cpus));
	memcpy(image, "BLKCTRL1", 8);
	put(0, 0x08, 1);
	put(0, 0x10, COUNT);
	put(0, 0x18, CONTROLLER);
	put_domain(0, "dom0", 1, 4, 0x200000);
	put_domain(1, "keeper", 2, 1, 0x207000);
	/* Half of the pages of 2 MiB; of pages 1..7 the colours 3 and 0: 3, 4 and 7. */
	put_domain(2, long_name, 0, 2, 0x103000);
	for (uint32_t i = 0; i < COUNT; i++) {
		cpus[i].vcpu.domain = &domains[i];
	}
	calls = 0;
	answer = LIFECYCLE_OK;
	return 0;
}

static bool reach(uint64_t offset, uint32_t size, bool write, uint64_t *value)
{
	static const struct trap_window window = {.ipa = 0xf0000000, .size = WINDOW, .kind = WINDOW_CONTROL};
	struct mmio_access a = {.vcpu = &cpus[CONTROLLER].vcpu, .window = &window, .offset = offset,
				.value = write ? *value : UINT64_C(0xdeaddeaddeaddead), .size = size, .write = write};
	bool good = control_access(&a);

	*value = a.value;
	return good;
}

static bool fits(uint64_t offset, uint32_t size)
{
	return (size == 4 || size == 8) && offset % size == 0;
}

static void window_reads(void **state)
{
	(void)state;
	for (uint32_t size = 1; size <= 8; size *= 2) {
		for (uint64_t offset = 0; offset < WINDOW; offset++) {
			uint64_t want = 0, got = 0;

			assert_int_equal(reach(offset, size, false, &got), fits(offset, size));
			if (!fits(offset, size)) {
				continue;
			}
			memcpy(&want, &image[offset], size);
			got &= UINT64_MAX >> (64 - 8 * size);
			assert_int_equal(got, want);
		}
	}
	assert_int_equal(calls, 0);
}

/* Only a command is ever written, and only whole or by its lower half. */
static void window_writes(void **state)
{
	(void)state;
	for (uint32_t size = 1; size <= 8; size *= 2) {
		for (uint64_t offset = 0; offset < WINDOW; offset++) {
			uint64_t block = offset / 0x100, value = CONTROL_STOP;
			bool command = fits(offset, size) && offset % 0x100 == 0x38 && block >= 1 && block <= COUNT &&
				       block != CONTROLLER + 1;

			calls = 0;
			assert_int_equal(reach(offset, size, true, &value), fits(offset, size));
			assert_int_equal(calls, command ? 1 : 0);
			if (command) {
				assert_ptr_equal(called_for, &domains[block - 1]);
			}
		}
	}
	/* The asking domain's own: its result says so, and all else is as it was. */
	put(CONTROLLER + 1, 0x40, CONTROL_DENIED);
	window_reads(state);
}

static uint64_t hypercall(uint32_t cpu, uint32_t function, uint64_t x1, uint64_t x2, uint64_t x3,
			  uint64_t *value)
{
	struct guest_regs regs = {.x = {function, x1, x2, x3}};
	struct guest_regs before;

	regs.x[17] = 0x1717;
	before = regs;
	assert_true(control_call(&cpus[cpu].vcpu, &regs, function));
	*value = regs.x[1];
	if (regs.x[0] != CONTROL_CALL_OK) {
		assert_int_equal(regs.x[1], x1);
	}
	assert_memory_equal(&regs.x[2], &before.x[2], sizeof(regs) - 2 * sizeof(regs.x[0]));
	return regs.x[0];
}

static void calls_read(void **state)
{
	static const uint64_t absurd[] = {0x100, 0x1000, 0xfff8, UINT64_C(0x100000000), UINT64_MAX, UINT64_MAX - 7,
					  UINT64_C(0x8000000000000000)};
	uint64_t got;

	(void)state;
	for (uint64_t block = 0; block < 0x20; block++) {
		for (uint64_t reg = 0; reg < 0x100; reg++) {
			uint64_t want;
			bool there = block <= COUNT && reg % 8 == 0 &&
				     (block == 0 ? reg <= 0x18 : reg <= 0x40 || (reg >= 0x80 && reg < 0xc0));

			assert_int_equal(hypercall(CONTROLLER, 0xc6000000u, block, reg, 9, &got),
					 there ? 0 : UINT64_MAX - 2);
			memcpy(&want, &image[(block * 0x100 + (reg & ~UINT64_C(7))) % WINDOW], 8);
			if (there) {
				assert_int_equal(got, want);
			}
		}
	}
	for (size_t i = 0; i < ARRAY_SIZE(absurd); i++) {
		for (size_t j = 0; j < ARRAY_SIZE(absurd); j++) {
			assert_int_equal(hypercall(CONTROLLER, 0xc6000000u, absurd[i], absurd[j], 0, &got), UINT64_MAX - 2);
			assert_int_equal(hypercall(CONTROLLER, 0xc6000001u, absurd[i], absurd[j], 1, &got), UINT64_MAX - 2);
		}
		assert_int_equal(hypercall(CONTROLLER, 0xc6000000u, 1, absurd[i], 0, &got), UINT64_MAX - 2);
		assert_int_equal(hypercall(CONTROLLER, 0xc6000000u, absurd[i], 0, 0, &got), UINT64_MAX - 2);
		assert_int_equal(hypercall(CONTROLLER, 0xc6000001u, 1, absurd[i], 1, &got), UINT64_MAX - 2);
		assert_int_equal(hypercall(CONTROLLER, 0xc6000001u, absurd[i], 0x38, 1, &got), UINT64_MAX - 2);
	}
	assert_int_equal(calls, 0);
}

static void calls_write(void **state)
{
	uint64_t got;

	(void)state;
	for (uint64_t block = 0; block < 0x20; block++) {
		for (uint64_t reg = 0; reg < 0x100; reg++) {
			bool there = block >= 1 && block <= COUNT && reg == 0x38;

			calls = 0;
			assert_int_equal(hypercall(CONTROLLER, 0xc6000001u, block, reg, CONTROL_DESTROY, &got),
					 there ? 0 : UINT64_MAX - 2);
			assert_int_equal(calls, there && block != CONTROLLER + 1 ? 1 : 0);
			if (there) {
				assert_int_equal(got, block == CONTROLLER + 1 ? 3 : 0);
			}
		}
	}
}

/* Every command with every outcome, for every domain; the result can be read. */
static void commands(void **state)
{
	static const struct {
		enum lifecycle_result from;
		uint64_t to;
	} results[] = {
		{LIFECYCLE_OK, 0}, {LIFECYCLE_BUSY, 1}, {LIFECYCLE_STATE, 2}, {LIFECYCLE_DENIED, 3}, {LIFECYCLE_FAILED, 4},
	};
	static const uint64_t values[] = {0, 1, 2, 3, 4, 5, 6, 0x101, UINT32_MAX, UINT64_C(0x100000001), UINT64_MAX};

	(void)state;
	for (size_t r = 0; r < ARRAY_SIZE(results); r++) {
		for (size_t v = 0; v < ARRAY_SIZE(values); v++) {
			for (uint64_t i = 0; i < COUNT; i++) {
				bool known = values[v] >= 1 && values[v] <= 5;
				uint64_t want = !known ? 5 : i == CONTROLLER ? 3 : results[r].to;
				uint64_t got, value = values[v];

				answer = results[r].from;
				calls = 0;
				assert_int_equal(hypercall(CONTROLLER, 0xc6000001u, i + 1, 0x38, values[v], &got), 0);
				assert_int_equal(got, want);
				assert_true(reach((i + 1) * 0x100 + 0x38, 8, true, &value));
				assert_int_equal(calls, known && i != CONTROLLER ? 2 : 0);
				if (calls != 0) {
					assert_int_equal(called, values[v]);
					assert_ptr_equal(called_for, &domains[i]);
				}
				assert_true(reach((i + 1) * 0x100 + 0x40, 8, false, &got));
				assert_int_equal(got, want);
			}
		}
	}
}

static void states(void **state)
{
	static const struct {
		enum domain_state from;
		uint64_t to;
	} all[] = {
		{DOMAIN_OFF, 0}, {DOMAIN_STARTING, 1}, {DOMAIN_RUNNING, 2}, {DOMAIN_STOPPING, 3}, {DOMAIN_DESTROYED, 4},
	};
	uint64_t got;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(all); i++) {
		domains[2].state = all[i].from;
		assert_true(reach(0x300, 8, false, &got));
		assert_int_equal(got, all[i].to);
	}
}

/* A domain without `control` has none of it, whatever it asks. */
static void others(void **state)
{
	(void)state;
	for (uint32_t cpu = 0; cpu < COUNT; cpu++) {
		assert_int_equal(control_calls(&domains[cpu]), cpu == CONTROLLER ? 2 : 0);
		for (uint64_t function = 0xc5fffff0u; function < 0xc6000010u; function++) {
			for (uint64_t block = 0; block <= COUNT + 1; block++) {
				struct guest_regs regs = {.x = {function, block, block == 0 ? 0 : 0x38, CONTROL_STOP}};
				struct guest_regs before = regs;
				bool mine = cpu == CONTROLLER && (function == 0xc6000000u || function == 0xc6000001u);

				calls = 0;
				assert_int_equal(control_call(&cpus[cpu].vcpu, &regs, (uint32_t)function), mine);
				if (!mine) {
					assert_memory_equal(&regs, &before, sizeof(regs));
					assert_int_equal(calls, 0);
				}
			}
		}
	}
}

/* Pages of a set's colours, counted one by one. */
static void colours(void **state)
{
	(void)state;
	for (uint16_t of = 1; of <= 16; of = (uint16_t)(of * 2)) {
		for (uint16_t first = 0; first < of; first++) {
			for (uint16_t count = 1; first + count <= of; count++) {
				struct color_set c = {.of = of, .first = first, .count = count};

				for (uint64_t page = 0; page < 20; page++) {
					uint64_t sum = 0;

					for (uint64_t n = 0; n < 40; n++) {
						assert_int_equal(color_bytes(&c, page << 12, n << 12), sum);
						sum += color_has(&c, (page + n) << 12) ? 4096 : 0;
					}
				}
			}
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		/* Results of commands stay: these two come before any. */
		cmocka_unit_test_setup(window_reads, start), cmocka_unit_test_setup(calls_read, start),
		cmocka_unit_test_setup(window_writes, start), cmocka_unit_test_setup(calls_write, start),
		cmocka_unit_test_setup(commands, start),     cmocka_unit_test_setup(states, start),
		cmocka_unit_test_setup(others, start),	     cmocka_unit_test_setup(colours, start),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
