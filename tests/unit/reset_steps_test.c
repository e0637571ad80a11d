// SPDX-License-Identifier: Apache-2.0
// sources: hv/domain/reset.c hv/domain/reset_pci.c hv/domain/pci.c hv/domain/pci_reset.c
// sources: tests/models/model.c tests/models/pci.c tests/unit/reset/machine.c
/* Resets by a sequence of register accesses. */
#include "unit/reset/machine.h"

#include <stdio.h>
#include <string.h>

#define REGS UINT64_C(0x0a000000)

static uint32_t regs[4];
static char trace[256];

static uint64_t regs_read(uint64_t offset, uint32_t size)
{
	assert_int_equal(size, 4);
	snprintf(trace + strlen(trace), sizeof(trace) - strlen(trace), "r%lx ", offset);
	if (offset == 8 && pci_now > 500) {
		regs[2] = 0x80000001;
	}
	return regs[offset / 4];
}

static void regs_write(uint64_t offset, uint32_t size, uint64_t value)
{
	assert_int_equal(size, 4);
	snprintf(trace + strlen(trace), sizeof(trace) - strlen(trace), "w%lx=%lx@%lu ", offset, value, pci_now);
	regs[offset / 4] = (uint32_t)value;
}

static void sequence(void **state)
{
	static const struct model_device device = {"device", REGS, sizeof(regs), regs_read, regs_write};

	(void)state;
	start();
	model_add(&device);
	memset(regs, 0, sizeof(regs));
	trace[0] = '\0';
	steps[0] = (struct reset_step){.device = "dev", .op = RESET_WRITE, .pa = REGS + 4, .value = 7};
	steps[1] = (struct reset_step){.device = "dev", .op = RESET_WAIT, .us = 400};
	steps[2] = (struct reset_step){.device = "dev", .op = RESET_WRITE, .pa = REGS + 12, .value = 9};
	steps[3] = (struct reset_step){
		.device = "dev", .op = RESET_POLL, .pa = REGS + 8, .mask = 0x80000000, .value = 0x80000000, .us = 200};
	steps[4] = (struct reset_step){.device = "dev", .op = RESET_WRITE, .pa = REGS, .value = 1};
	assert_true(reset_all());
	assert_non_null(strstr(trace, "w4=7@1 wc=9@401 r8 r8 "));
assert_non_null(strstr(trace, " r8 w0=1@501 "));
	/* In time for the last look. */
	regs[2] = 0;
	pci_now = 1;
	steps[3].us = 105;
	assert_true(reset_all());
	/* And not: the steps behind it are not taken. */
	regs[0] = 0;
	regs[2] = 0;
	pci_now = 1;
	steps[3].us = 50;
	assert_false(reset_all());
	assert_int_equal(regs[0], 0);
	assert_string_equal(said, "guest1: 'dev' is not reset: register 0xa000008 reads 0x0 after 50 us\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sequence),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
