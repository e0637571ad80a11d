// SPDX-License-Identifier: Apache-2.0
// sources: hv/guest/xen/console.c hv/guest/xen/copy.c hv/guest/xen/event.c hv/guest/xen/hypercall.c
// sources: hv/guest/ondemand.c hv/domain/leaf.c
// sources: hv/guest/xen/memory.c hv/guest/xen/port.c hv/guest/xen/sched.c hv/guest/xen/shared.c
// sources: hv/guest/xen/options.c hv/guest/xen/vcpu.c hv/guest/xen/version.c
// sources: hv/firmware/bootargs.c hv/firmware/fdt.c
// sources: hv/domain/[ds]*.c hv/mm/stage2.c
// sources: hv/drivers/console.c hv/drivers/console_plain.c hv/guest/console/one.c
// sources: tests/models/model.c tests/unit/xen/*.c
/* The Xen guest ABI: memory that a guest registers, or asks for. */
#include "unit/xen/machine.h"

#include <string.h>

#define HIGH (UINT64_C(0xdeadbeef) << 32) /* what a caller leaves above 32 bits of an argument */

static int setup(void **state)
{
	(void)state;
	machine_start();
	return 0;
}

static void shared_info_is_ram_of_its_own(void **state)
{
	struct xen_add_to_physmap a = {.domid = XEN_DOMID_SELF, .space = XENMAPSPACE_SHARED_INFO};
	const uint64_t bad[] = {0, RAM_PA(DOMU) >> PAGE_SHIFT, RAM_PA(PLAIN) >> PAGE_SHIFT, DEVICE >> PAGE_SHIFT,
				UINT64_MAX, UINT64_MAX >> PAGE_SHIFT, (UINT64_MAX >> PAGE_SHIFT) + 1,
				UINT64_C(1) << 28, (RAM_PA(0) >> PAGE_SHIFT) | UINT64_C(1) << 52};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		a.gpfn = bad[i];
		put(DOM0, 0, &a, sizeof(a));
		assert_int_equal(step(0, XEN_MEMORY_OP, XENMEM_ADD_TO_PHYSMAP, VA_RAM(0), 0), -XEN_EINVAL);
	}
	a.gpfn = RAM_PA(DOM0) >> PAGE_SHIFT;
	a.idx = 1;
	put(DOM0, 0, &a, sizeof(a));
	assert_int_equal(step(0, XEN_MEMORY_OP, XENMEM_ADD_TO_PHYSMAP, VA_RAM(0), 0), -XEN_EINVAL);
	a.idx = 0;
	a.domid = 0;
	put(DOM0, 0, &a, sizeof(a));
	assert_int_equal(step(0, XEN_MEMORY_OP, XENMEM_ADD_TO_PHYSMAP, VA_RAM(0), 0), -XEN_ESRCH);
	a.domid = XEN_DOMID_SELF;
	for (a.space = 1; a.space < 8; a.space++) {
		put(DOM0, 0, &a, sizeof(a));
		assert_int_equal(step(0, XEN_MEMORY_OP, XENMEM_ADD_TO_PHYSMAP, VA_RAM(0), 0),
				 a.space == XENMAPSPACE_DEV_MMIO ? -XEN_EPERM : -XEN_ENOSYS);
	}
	share(DOM0);
	share(DOMU);
}

/* A page of a device is mapped already, or is not the domain's. */
static void device_pages(void **state)
{
	const uint64_t page = DEVICE >> PAGE_SHIFT;
	const struct {
		uint64_t idx, gpfn;
		int64_t result;
	} cases[] = {
		{page, page, 0}, {page + 1, page + 1, -XEN_EPERM}, {page, page + 1, -XEN_EPERM},
		{page + 1, page, -XEN_EPERM}, {RAM_PA(0) >> 12, RAM_PA(0) >> 12, -XEN_EPERM},
		{0x4020, 0x4020, -XEN_EPERM}, {UINT64_MAX, UINT64_MAX, -XEN_EPERM},
		{page | UINT64_C(1) << 52, page | UINT64_C(1) << 52, -XEN_EPERM},
		{page | UINT64_C(1) << 28, page | UINT64_C(1) << 28, -XEN_EPERM},
	};
	struct xen_add_to_physmap a = {.domid = XEN_DOMID_SELF, .space = XENMAPSPACE_DEV_MMIO};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		a.idx = cases[i].idx;
		a.gpfn = cases[i].gpfn;
		put(DOM0, 0, &a, sizeof(a));
		assert_int_equal(step(0, XEN_MEMORY_OP, XENMEM_ADD_TO_PHYSMAP, VA_RAM(0), 0), cases[i].result);
	}
	a.idx = a.gpfn = page;
	put(DOMU, 0, &a, sizeof(a));
	assert_int_equal(step(2, XEN_MEMORY_OP, XENMEM_ADD_TO_PHYSMAP, VA_RAM(0), 0), -XEN_EPERM);
}

/* One that is found on demand is as if the guest had found it. */
static void later_pages(void **state)
{
	struct xen_add_to_physmap a = {
		.domid = XEN_DOMID_SELF, .space = XENMAPSPACE_DEV_MMIO,
		.idx = LATER >> PAGE_SHIFT, .gpfn = LATER >> PAGE_SHIFT};
	uint64_t left;
	pa_t pa;

	(void)state;
	put(DOMU, 0, &a, sizeof(a));
	assert_int_equal(step(2, XEN_MEMORY_OP, XENMEM_ADD_TO_PHYSMAP, VA_RAM(0), 0), -XEN_EPERM);
	assert_int_equal(domain_find_memory(&domains[DOM0], IPA(LATER), &pa, &left), DOMAIN_NOTHING);
	put(DOM0, 0, &a, sizeof(a));
	assert_int_equal(step(0, XEN_MEMORY_OP, XENMEM_ADD_TO_PHYSMAP, VA_RAM(0), 0), 0);
	assert_int_equal(domain_find_memory(&domains[DOM0], IPA(LATER), &pa, &left), DOMAIN_DEVICE);
	assert_int_equal(pa.pa, LATER);
	assert_int_equal(step(0, XEN_MEMORY_OP, XENMEM_ADD_TO_PHYSMAP, VA_RAM(0), 0), 0);
}

static void batches(void **state)
{
	struct xen_add_to_physmap_batch a = {.domid = XEN_DOMID_SELF, .space = XENMAPSPACE_DEV_MMIO, .size = 100,
					     .idxs = VA_RAM(1), .gpfns = VA_RAM(2), .errs = VA_RAM(3)};
	uint64_t *idxs = (uint64_t *)(void *)ram(DOM0, PAGE_SIZE);
	uint64_t *gpfns = (uint64_t *)(void *)ram(DOM0, 2 * PAGE_SIZE);
	const int32_t *errs = (const int32_t *)(const void *)ram(DOM0, 3 * PAGE_SIZE);
	uint32_t steps = 1;

	(void)state;
	for (uint32_t i = 0; i < 100; i++) {
		idxs[i] = gpfns[i] = (DEVICE >> PAGE_SHIFT) + i % 2;
	}
	put(DOM0, 0, &a, sizeof(a));
	step(0, XEN_MEMORY_OP, XENMEM_ADD_TO_PHYSMAP_BATCH | HIGH, VA_RAM(0), 0);
	for (; goes_on(); steps++) {
		step(0, XEN_MEMORY_OP, regs.x[0], VA_RAM(0), 0);
	}
	assert_int_equal(regs.x[0], 0);
	assert_in_range(steps, 2, 100);
	for (uint32_t i = 0; i < 100; i++) {
		assert_int_equal(errs[i], i % 2 == 0 ? 0 : -XEN_EPERM);
	}
	assert_int_equal(errs[100], 0);
	/* Behind its end, lists that leave what is there, others than devices. */
	assert_int_equal(call(0, XEN_MEMORY_OP, XENMEM_ADD_TO_PHYSMAP_BATCH | 101 << 6, VA_RAM(0), 0), 0);
	a.idxs = VA_LAST + PAGE_SIZE - 8;
	put(DOM0, 0, &a, sizeof(a));
	assert_int_equal(call(0, XEN_MEMORY_OP, XENMEM_ADD_TO_PHYSMAP_BATCH, VA_RAM(0), 0), -XEN_EFAULT);
	a.idxs = VA_RAM(1);
	a.errs = VA_READ_ONLY;
	put(DOM0, 0, &a, sizeof(a));
	assert_int_equal(call(0, XEN_MEMORY_OP, XENMEM_ADD_TO_PHYSMAP_BATCH, VA_RAM(0), 0), -XEN_EFAULT);
	a.space = XENMAPSPACE_SHARED_INFO;
	put(DOM0, 0, &a, sizeof(a));
	assert_int_equal(call(0, XEN_MEMORY_OP, XENMEM_ADD_TO_PHYSMAP_BATCH, VA_RAM(0), 0), -XEN_ENOSYS);
	a.domid = 1;
	put(DOM0, 0, &a, sizeof(a));
	assert_int_equal(call(0, XEN_MEMORY_OP, XENMEM_ADD_TO_PHYSMAP_BATCH, VA_RAM(0), 0), -XEN_ESRCH);
}

static void vcpu_info_is_ram_of_its_own(void **state)
{
	const uint64_t own = RAM_PA(DOM0) >> PAGE_SHIFT;
	const struct {
		uint64_t frame;
		uint32_t offset;
		int64_t result;
	} cases[] = {
		{own, 0, 0}, {own, 4096 - 48, 0}, {own, 4096 - 40, -XEN_EINVAL}, {own, 4095, -XEN_EINVAL},
		{own, 4096, -XEN_EINVAL}, {own, UINT32_MAX, -XEN_EINVAL}, {own, UINT32_MAX - 7, -XEN_EINVAL},
		{own, 4, -XEN_EINVAL}, {own, 1, -XEN_EINVAL}, {DEVICE >> 12, 0, -XEN_EINVAL},
		{RAM_PA(DOMU) >> 12, 0, -XEN_EINVAL}, {own | UINT64_C(1) << 52, 0, -XEN_EINVAL},
		{UINT64_MAX, 0, -XEN_EINVAL}, {0, 0, -XEN_EINVAL},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct xen_register_vcpu_info a = {.frame = cases[i].frame, .offset = cases[i].offset};

		put(DOM0, 3, &a, sizeof(a));
		assert_int_equal(step(0, XEN_VCPU_OP, XEN_VCPU_REGISTER_INFO | HIGH, 1 | HIGH, VA_RAM(3)),
				 cases[i].result);
	}
	assert_int_equal(step(0, XEN_VCPU_OP, XEN_VCPU_REGISTER_INFO, 2, VA_RAM(3)), -XEN_ENOENT);
	assert_int_equal(step(0, XEN_VCPU_OP, XEN_VCPU_REGISTER_INFO, UINT32_MAX, VA_RAM(3)), -XEN_ENOENT);
}

static void runstates(void **state)
{
	const uint64_t bad[] = {RAM_PA(DOMU), DEVICE, RAM_PA(0) + 4096 - 40, UINT64_MAX, UINT64_C(1) << 48};
	uint64_t area = VA_RAM(5);
	struct xen_runstate r;

	(void)state;
	assert_int_equal(step(0, XEN_VCPU_OP, XEN_VCPU_IS_UP, 1, 0), 1);
	assert_int_equal(step(0, XEN_VCPU_OP, XEN_VCPU_GET_RUNSTATE, 1, VA_RAM(4)), 0);
	get(DOM0, 4, &r, sizeof(r));
	assert_int_equal(r.state, XEN_RUNSTATE_RUNNING);
	assert_int_not_equal(r.time[XEN_RUNSTATE_RUNNING], 0);
	put(DOM0, 0, &area, sizeof(area));
	assert_int_equal(step(0, XEN_VCPU_OP, XEN_VCPU_REGISTER_RUNSTATE, 0, VA_RAM(0)), 0);
	assert_int_not_equal(((struct xen_runstate *)(void *)ram(DOM0, 5 * PAGE_SIZE))->time[0], 0);
	area = RAM_PA(DOM0) + 6 * PAGE_SIZE;
	put(DOM0, 0, &area, sizeof(area));
	assert_int_equal(step(0, XEN_VCPU_OP, XEN_VCPU_REGISTER_RUNSTATE_PHYS, 0, VA_RAM(0)), 0);
	assert_int_not_equal(((struct xen_runstate *)(void *)ram(DOM0, 6 * PAGE_SIZE))->time[0], 0);
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		put(DOM0, 0, &bad[i], sizeof(bad[i]));
		assert_int_equal(step(0, XEN_VCPU_OP, XEN_VCPU_REGISTER_RUNSTATE_PHYS, 0, VA_RAM(0)), -XEN_EINVAL);
		assert_int_equal(step(0, XEN_VCPU_OP, XEN_VCPU_REGISTER_RUNSTATE, 0, VA_RAM(0)), -XEN_EFAULT);
		assert_true(ram_same(DOM0));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(shared_info_is_ram_of_its_own, setup),
		cmocka_unit_test_setup(device_pages, setup),
		cmocka_unit_test_setup(later_pages, setup),
		cmocka_unit_test_setup(batches, setup),
		cmocka_unit_test_setup(vcpu_info_is_ram_of_its_own, setup),
		cmocka_unit_test_setup(runstates, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
