// SPDX-License-Identifier: Apache-2.0
// sources: hv/guest/xen/console.c hv/guest/xen/copy.c hv/guest/xen/event.c hv/guest/xen/hypercall.c
// sources: hv/guest/ondemand.c hv/domain/leaf.c
// sources: hv/guest/xen/memory.c hv/guest/xen/port.c hv/guest/xen/sched.c hv/guest/xen/shared.c
// sources: hv/guest/xen/options.c hv/guest/xen/vcpu.c hv/guest/xen/version.c
// sources: hv/firmware/bootargs.c hv/firmware/fdt.c
// sources: hv/domain/[ds]*.c hv/mm/stage2.c
// sources: hv/drivers/console.c hv/drivers/console_plain.c hv/guest/console/one.c
// sources: tests/models/model.c tests/unit/xen/*.c
/* The Xen guest ABI: each call as Linux makes it, and with arguments that it never would. */
#include "unit/xen/machine.h"

#include <string.h>

#define HIGH (UINT64_C(0xdeadbeef) << 32) /* what a caller leaves above 32 bits of an argument */

static int setup(void **state)
{
	(void)state;
	machine_start();
	return 0;
}

static void no_xen_no_hypercalls(void **state)
{
	(void)state;
	/* step() expects a refusal there; smccc.c makes an undefined instruction of it. */
	assert_int_equal(step(3, XEN_VERSION, XENVER_VERSION, 0, 0), XENVER_VERSION);
	assert_true(ram_same(PLAIN));
}

static void unknown_numbers_are_enosys(void **state)
{
	static const uint64_t known[] = {XEN_MEMORY_OP, XEN_VERSION, XEN_CONSOLE_IO, XEN_VM_ASSIST, XEN_VCPU_OP,
					 XEN_SCHED_OP, XEN_EVENT_CHANNEL_OP, XEN_HVM_OP};

	(void)state;
	for (uint64_t n = 0; n < 80; n++) {
		bool is_known = false;

		for (size_t i = 0; i < ARRAY_SIZE(known); i++) {
			is_known = is_known || known[i] == n;
		}
		if (!is_known) {
			assert_int_equal(step(0, n, 0, VA_RAM(0), VA_RAM(1)), -XEN_ENOSYS);
			assert_true(ram_same(DOM0));
		}
	}
	assert_int_equal(step(0, UINT64_MAX, 0, 0, 0), -XEN_ENOSYS);
	assert_int_equal(step(0, XEN_VERSION | HIGH, 0, 0, 0), -XEN_ENOSYS);
}

static void unknown_commands_are_enosys(void **state)
{
	static const struct {
		uint64_t number;
		uint64_t first; /* behind the last one that there is */
	} calls[] = {{XEN_MEMORY_OP, 24}, {XEN_VERSION, 10}, {XEN_CONSOLE_IO, 2}, {XEN_VM_ASSIST, 2},
		     {XEN_VCPU_OP, 15}, {XEN_SCHED_OP, 4}, {XEN_EVENT_CHANNEL_OP, 11}, {XEN_HVM_OP, 2}};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(calls); i++) {
		for (uint64_t cmd = calls[i].first; cmd < 64; cmd++) {
			assert_int_equal(step(0, calls[i].number, cmd, 0, VA_RAM(0)), -XEN_ENOSYS);
			assert_true(ram_same(DOM0));
		}
		/* All 32 bits of it: but memory_op, which has its own use for the upper ones. */
		assert_int_equal(step(0, calls[i].number, UINT32_MAX, 0, VA_RAM(0)), -XEN_ENOSYS);
	}
}

/* Every call that takes a pointer, and how much of it is read, and then written. */
static const struct {
	uint64_t number, cmd;
	uint8_t at;       /* the pointer is x1 or x2 */
	bool writes;
	uint32_t size;
} pointers[] = {
	{XEN_VERSION, XENVER_EXTRAVERSION, 1, true, 12},
	{XEN_VERSION, XENVER_COMPILE_INFO, 1, true, sizeof(struct xen_compile_info)},
	{XEN_VERSION, XENVER_CAPABILITIES, 1, true, 17},
	{XEN_VERSION, XENVER_CHANGESET, 1, true, 1},
	{XEN_VERSION, XENVER_PLATFORM_PARAMETERS, 1, true, 8},
	{XEN_VERSION, XENVER_GET_FEATURES, 1, true, sizeof(struct xen_feature_info)},
	{XEN_VERSION, XENVER_GUEST_HANDLE, 1, true, 16},
	{XEN_VERSION, XENVER_COMMANDLINE, 1, true, 1},
	{XEN_MEMORY_OP, XENMEM_ADD_TO_PHYSMAP, 1, false, sizeof(struct xen_add_to_physmap)},
	{XEN_MEMORY_OP, XENMEM_ADD_TO_PHYSMAP_BATCH, 1, false, sizeof(struct xen_add_to_physmap_batch)},
	{XEN_VCPU_OP, XEN_VCPU_GET_RUNSTATE, 2, true, sizeof(struct xen_runstate)},
	{XEN_VCPU_OP, XEN_VCPU_REGISTER_RUNSTATE, 2, false, 8},
	{XEN_VCPU_OP, XEN_VCPU_REGISTER_RUNSTATE_PHYS, 2, false, 8},
	{XEN_VCPU_OP, XEN_VCPU_REGISTER_INFO, 2, false, sizeof(struct xen_register_vcpu_info)},
	{XEN_SCHED_OP, XEN_SCHED_SHUTDOWN, 1, false, 4},
	{XEN_SCHED_OP, XEN_SCHED_POLL, 1, false, sizeof(struct xen_sched_poll)},
	{XEN_EVENT_CHANNEL_OP, XEN_EVENT_BIND_VIRQ, 1, false, sizeof(struct xen_bind_virq)},
	{XEN_EVENT_CHANNEL_OP, XEN_EVENT_CLOSE, 1, false, sizeof(struct xen_event_port)},
	{XEN_EVENT_CHANNEL_OP, XEN_EVENT_SEND, 1, false, sizeof(struct xen_event_port)},
	{XEN_EVENT_CHANNEL_OP, XEN_EVENT_STATUS, 1, false, sizeof(struct xen_event_status_args)},
	{XEN_EVENT_CHANNEL_OP, XEN_EVENT_ALLOC_UNBOUND, 1, false, sizeof(struct xen_alloc_unbound)},
	{XEN_EVENT_CHANNEL_OP, XEN_EVENT_BIND_IPI, 1, false, sizeof(struct xen_bind_ipi)},
	{XEN_EVENT_CHANNEL_OP, XEN_EVENT_BIND_VCPU, 1, false, sizeof(struct xen_bind_vcpu)},
	{XEN_EVENT_CHANNEL_OP, XEN_EVENT_UNMASK, 1, false, sizeof(struct xen_event_port)},
	{XEN_EVENT_CHANNEL_OP, XEN_EVENT_RESET, 1, false, 2},
	{XEN_HVM_OP, XEN_HVM_GET_PARAM, 1, false, sizeof(struct xen_hvm_param)},
};

static int64_t point(size_t i, uint64_t va)
{
	uint64_t x1 = pointers[i].at == 1 ? va : 0;

	return step(0, pointers[i].number, pointers[i].cmd, x1, va);
}

static void bad_pointers_are_efault(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(pointers); i++) {
		const uint64_t bad[] = {0, 1, VA_NOTHING, VA_DEVICE, VA_FOREIGN, UINT64_MAX, UINT64_MAX - 3,
					VA_LAST + PAGE_SIZE, VA_BASE - 1, VA_FOREIGN + PAGE_SIZE - 1,
					/* Its last byte is in the page that is not there. */
					VA_LAST + PAGE_SIZE - pointers[i].size + 1};

		for (size_t n = 0; n < ARRAY_SIZE(bad); n++) {
			if (pointers[i].size == 1 && n == ARRAY_SIZE(bad) - 1) {
				continue;
			}
			assert_int_equal(point(i, bad[n]), -XEN_EFAULT);
			assert_true(ram_same(DOM0));
			assert_false(goes_on());
		}
		if (pointers[i].writes) {
			assert_int_equal(point(i, VA_READ_ONLY), -XEN_EFAULT);
			assert_true(ram_same(DOM0));
		}
	}
}

/* The same at the very end of what is there, and across two pages: no fault. What is
 * read is all 0; one of the calls takes that for a pointer. */
static void good_pointers_anywhere(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(pointers); i++) {
		if (pointers[i].number == XEN_VCPU_OP && pointers[i].cmd == XEN_VCPU_REGISTER_RUNSTATE) {
			continue;
		}
		machine_start();
		assert_int_not_equal(point(i, VA_LAST + PAGE_SIZE - pointers[i].size), -XEN_EFAULT);
		machine_start();
		assert_int_not_equal(point(i, VA_RAM(1) - 1), -XEN_EFAULT);
	}
}

static void version(void **state)
{
	struct xen_feature_info info = {.index = 0, .bits = UINT32_MAX};
	char text[32];

	(void)state;
	assert_int_equal(step(0, XEN_VERSION, XENVER_VERSION | HIGH, 0, 0), 4 << 16 | 19);
	assert_int_equal(step(0, XEN_VERSION, XENVER_PAGESIZE, 0, 0), 4096);
	put(DOM0, 1, &info, sizeof(info));
	assert_int_equal(step(0, XEN_VERSION, XENVER_GET_FEATURES, VA_RAM(1), 0), 0);
	get(DOM0, 1, &info, sizeof(info));
	assert_int_equal(info.bits, 0x26805);
	put(DOMU, 1, &(struct xen_feature_info){.index = 0}, sizeof(info));
	assert_int_equal(step(2, XEN_VERSION, XENVER_GET_FEATURES, VA_RAM(1), 0), 0);
	get(DOMU, 1, &info, sizeof(info));
	assert_int_equal(info.bits, 0x16005);
	for (uint32_t i = 1; i != 0; i = i < 4 ? i + 1 : i << 1) {
		put(DOM0, 1, &(struct xen_feature_info){.index = i, .bits = 7}, sizeof(info));
		assert_int_equal(step(0, XEN_VERSION, XENVER_GET_FEATURES, VA_RAM(1), 0), 0);
		get(DOM0, 1, &info, sizeof(info));
		assert_int_equal(info.bits, 0);
	}
	assert_int_equal(step(0, XEN_VERSION, XENVER_EXTRAVERSION, VA_RAM(2) - 3, 0), 0);
	memcpy(text, ram(DOM0, 2 * PAGE_SIZE - 3), sizeof(text));
	assert_string_equal(text, ".0-bulkhead");
}

static void parameters(void **state)
{
	struct xen_hvm_param a = {.domid = XEN_DOMID_SELF};

	(void)state;
	for (a.index = 0; a.index < XEN_HVM_PARAMS; a.index++) {
		a.value = UINT64_MAX;
		put(DOM0, 0, &a, sizeof(a));
		assert_int_equal(step(0, XEN_HVM_OP, XEN_HVM_GET_PARAM | HIGH, VA_RAM(0), 0), 0);
		get(DOM0, 0, &a, sizeof(a));
		assert_int_equal(a.value, a.index == 0 ? UINT64_C(2) << 56 | 1 << 9 | EVENTS : 0);
	}
	put(DOM0, 0, &a, sizeof(a));
	assert_int_equal(step(0, XEN_HVM_OP, XEN_HVM_GET_PARAM, VA_RAM(0), 0), -XEN_EINVAL);
	a.index = UINT32_MAX;
	put(DOM0, 0, &a, sizeof(a));
	assert_int_equal(step(0, XEN_HVM_OP, XEN_HVM_GET_PARAM, VA_RAM(0), 0), -XEN_EINVAL);
	a = (struct xen_hvm_param){.domid = 1};
	put(DOM0, 0, &a, sizeof(a));
	assert_int_equal(step(0, XEN_HVM_OP, XEN_HVM_GET_PARAM, VA_RAM(0), 0), -XEN_ESRCH);
	assert_int_equal(step(0, XEN_HVM_OP, XEN_HVM_SET_PARAM, VA_RAM(0), 0), -XEN_ENOSYS);
	assert_int_equal(step(0, XEN_VM_ASSIST, XEN_ASSIST_ENABLE | HIGH, XEN_ASSIST_RUNSTATE_FLAG | HIGH, 0), 0);
	assert_int_equal(step(0, XEN_VM_ASSIST, XEN_ASSIST_ENABLE, 0, 0), -XEN_EINVAL);
}

static void shutdowns(void **state)
{
	const struct {
		uint32_t reason;
		enum end end;
	} cases[] = {{0, END_OFF}, {1, END_RESET}, {2, END_NONE}, {3, END_CRASH}, {4, END_CRASH}, {5, END_NONE},
		     {UINT32_MAX, END_NONE}};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		put(DOMU, 0, &cases[i].reason, 4);
		step(2, XEN_SCHED_OP, XEN_SCHED_SHUTDOWN | HIGH, VA_RAM(0), 0);
		assert_int_equal(ended, cases[i].end);
		if (cases[i].end == END_NONE) {
			assert_int_equal(regs.x[0], -XEN_EINVAL);
		}
	}
}

/* Whatever a call waits for in Xen, here it comes back. */
static void waits_end(void **state)
{
	struct xen_sched_poll a = {.ports = VA_RAM(1), .count = 1};

	(void)state;
	assert_int_equal(step(0, XEN_SCHED_OP, XEN_SCHED_YIELD, 0, 0), 0);
	assert_int_equal(step(0, XEN_SCHED_OP, XEN_SCHED_BLOCK, 0, 0), 0);
	put(DOM0, 0, &a, sizeof(a));
	assert_int_equal(step(0, XEN_SCHED_OP, XEN_SCHED_POLL, VA_RAM(0), 0), 0);
	a.count = 129;
	put(DOM0, 0, &a, sizeof(a));
	assert_int_equal(step(0, XEN_SCHED_OP, XEN_SCHED_POLL, VA_RAM(0), 0), -XEN_EINVAL);
	a.count = UINT32_MAX;
	put(DOM0, 0, &a, sizeof(a));
	assert_int_equal(step(0, XEN_SCHED_OP, XEN_SCHED_POLL, VA_RAM(0), 0), -XEN_EINVAL);
	a.count = 2;
	a.ports = VA_LAST + PAGE_SIZE - 4;
	put(DOM0, 0, &a, sizeof(a));
	assert_int_equal(step(0, XEN_SCHED_OP, XEN_SCHED_POLL, VA_RAM(0), 0), -XEN_EFAULT);
	a.ports = VA_RAM(1);
	put(DOM0, 0, &a, sizeof(a));
	*(uint32_t *)(void *)ram(DOM0, PAGE_SIZE + 4) = 128;
	assert_int_equal(step(0, XEN_SCHED_OP, XEN_SCHED_POLL, VA_RAM(0), 0), -XEN_EINVAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(no_xen_no_hypercalls, setup),
		cmocka_unit_test_setup(unknown_numbers_are_enosys, setup),
		cmocka_unit_test_setup(unknown_commands_are_enosys, setup),
		cmocka_unit_test_setup(bad_pointers_are_efault, setup),
		cmocka_unit_test_setup(good_pointers_anywhere, setup),
		cmocka_unit_test_setup(version, setup),
		cmocka_unit_test_setup(parameters, setup),
		cmocka_unit_test_setup(shutdowns, setup),
		cmocka_unit_test_setup(waits_end, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
