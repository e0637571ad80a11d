// SPDX-License-Identifier: Apache-2.0
// sources: hv/guest/xen/console.c hv/guest/xen/copy.c hv/guest/xen/event.c hv/guest/xen/hypercall.c
// sources: hv/guest/ondemand.c hv/domain/leaf.c
// sources: hv/guest/xen/memory.c hv/guest/xen/port.c hv/guest/xen/sched.c hv/guest/xen/shared.c
// sources: hv/guest/xen/options.c hv/guest/xen/vcpu.c hv/guest/xen/version.c
// sources: hv/firmware/bootargs.c hv/firmware/fdt.c hv/domain/[ds]*.c hv/mm/stage2.c
// sources: hv/drivers/console.c hv/drivers/console_plain.c hv/guest/console/one.c
// sources: tests/models/model.c tests/unit/xen/*.c
/*
 * Hypercalls by chance, from three domains, of which one has not Xen's guest ABI: no call reaches
 * another's RAM, leaves a window open or takes longer than its bound (unit/xen/machine.c).
 */
#include <stdio.h>
#include <string.h>

#include "unit/hostile/random.h"
#include "unit/xen/machine.h"

#define FEW 20000
#define STEP_US 2500
#define LIFE 512 /* calls before all begins anew */

static uint64_t some_argument(void)
{
	static const uint64_t edges[] = {VA_RAM(0), VA_RAM(1), VA_LAST, VA_READ_ONLY, VA_DEVICE, VA_FOREIGN,
					 VA_NOTHING, RAM_PA(0), RAM_PA(1), DEVICE, RAM_PA(0) >> PAGE_SHIFT, DEVICE >> PAGE_SHIFT,
					 XEN_DOMID_SELF, 0xfffffffffffff000, UINT32_MAX};

	return hostile_argument(edges, ARRAY_SIZE(edges));
}

/* Structs of calls begin at pages: there, numbers that might be theirs. */
static void fill(uint32_t domain)
{
	uint8_t *at = ram(domain, (hostile_random() % RAM_PAGES) * PAGE_SIZE);

	for (uint32_t i = 0; i < 6; i++) {
		uint64_t value = some_argument(), size = UINT64_C(2) << hostile_random() % 3;

		memcpy(at, &value, size);
		at += size;
	}
}

static void one_call(void)
{
	static const uint8_t numbers[] = {XEN_MEMORY_OP, XEN_VERSION, XEN_CONSOLE_IO, XEN_VM_ASSIST, XEN_VCPU_OP,
					  XEN_SCHED_OP, XEN_EVENT_CHANNEL_OP, XEN_HVM_OP};
	uint64_t r = hostile_random(), start = waited;
	uint32_t cpu = (uint32_t)(r & 3) < 3 ? (uint32_t)(r & 3) : 0;
	uint64_t number = (r >> 8 & 15) != 0 ? numbers[(r >> 16) % ARRAY_SIZE(numbers)] : some_argument();

	if ((r >> 24 & 3) == 0) {
		fill(cpu == 2 ? DOMU : DOM0);
	}
	sent = 0;
	room = (uint32_t)(r >> 32 & 63);
	(void)step(cpu, number, (r >> 40 & 7) != 0 ? r >> 44 & 31 : some_argument(), some_argument(),
		   some_argument());
	assert_true(waited - start <= STEP_US);
	if ((r >> 52 & 63) == 0) {
		feed("input");
		xen_console_input(BIT64(DOM0));
	}
}

static void calls(void **state)
{
	uint64_t count = hostile_start(FEW);

	(void)state;
	for (uint64_t i = 0; i < count; i++) {
		if (i % LIFE == 0 || ended != END_NONE) {
			ended = END_NONE;
			machine_start();
		}
		one_call();
	}
	printf("# made here: %lu hypercalls\n", count);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(calls),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
