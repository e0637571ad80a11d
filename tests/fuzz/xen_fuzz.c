// SPDX-License-Identifier: Apache-2.0
// sources: hv/guest/xen/console.c hv/guest/xen/copy.c hv/guest/xen/event.c hv/guest/xen/hypercall.c
// sources: hv/guest/ondemand.c hv/domain/leaf.c
// sources: hv/guest/xen/memory.c hv/guest/xen/port.c hv/guest/xen/sched.c hv/guest/xen/shared.c
// sources: hv/guest/xen/options.c hv/guest/xen/vcpu.c hv/guest/xen/version.c
// sources: hv/firmware/bootargs.c hv/firmware/fdt.c hv/domain/[ds]*.c hv/mm/stage2.c
// sources: hv/drivers/console.c hv/drivers/console_plain.c hv/guest/console/one.c
// sources: tests/models/model.c tests/unit/xen/*.c
/*
 * The input is what guests do: hypercalls on any CPU, with numbers, commands and pointers
 * near those that mean something, on RAM that they filled. No call takes longer than its
 * bound, leaves a window open, or touches what is not the caller's (unit/xen/machine.c).
 */
#include <stdlib.h>
#include <string.h>

#include "fuzz/input.h"
#include "unit/xen/machine.h"

#define STEP_US 2500
#define AGAIN_MAX 8 /* times that a call which goes on is made again */

/* An argument: small, a pointer, a machine address, or anything. */
static uint64_t argument(void)
{
	static const uint64_t bases[] = {0, VA_RAM(0), VA_RAM(0), VA_LAST, VA_READ_ONLY, VA_DEVICE, VA_FOREIGN,
					 RAM_PA(0), RAM_PA(1), DEVICE, RAM_PA(0) >> PAGE_SHIFT,
					 DEVICE >> PAGE_SHIFT, XEN_DOMID_SELF, 0xfffffffffffff000, UINT32_MAX, 0};
	uint64_t how = input_take(1);

	return (how & 0xf) == 0xf ? input_take(8) : bases[how & 0xf] + input_take(how >> 4 & 2);
}

/* 8 bytes of its RAM become an argument. */
static void fill(uint32_t cpu)
{
	uint32_t domain = cpu == 2 ? DOMU : DOM0;
	uint64_t offset = input_take(2) % (RAM_SIZE - 8);
	uint64_t value = argument();

	memcpy(ram(domain, offset), &value, sizeof(value));
}

/* A page starts with arguments of 2 to 8 bytes, as the structures of calls do. */
static void fill_page(uint32_t cpu)
{
	uint8_t *at = ram(cpu == 2 ? DOMU : DOM0, 0);
	uint64_t sizes = input_take(1);

	for (uint32_t i = 0; i < 4; i++, sizes >>= 2) {
		uint64_t value = argument();
		size_t size = (size_t)2 << (sizes & 3) > 8 ? 8 : (size_t)2 << (sizes & 3);

		memcpy(at, &value, size);
		at += size;
	}
}

static void hypercall(uint32_t cpu)
{
	static const uint8_t numbers[] = {XEN_MEMORY_OP, XEN_VERSION, XEN_CONSOLE_IO, XEN_VM_ASSIST, XEN_VCPU_OP,
					  XEN_SCHED_OP, XEN_EVENT_CHANNEL_OP, XEN_HVM_OP};
	uint64_t n = input_take(1);
	uint64_t number = n < 0xf0 ? numbers[n % ARRAY_SIZE(numbers)] : argument();
	uint64_t x0 = input_take(1), x1 = argument(), x2 = argument();

	x0 = x0 < 0xf0 ? x0 % 32 : argument();
	for (uint32_t i = 0; i < AGAIN_MAX; i++) {
		uint64_t start = waited;

		step(cpu, number, x0, x1, x2);
		if (waited - start > STEP_US) {
			abort();
		}
		if (!goes_on()) {
			break;
		}
		x0 = regs.x[0];
		x1 = regs.x[1];
		x2 = regs.x[2];
	}
}

static void life(uint32_t cpu)
{
	struct vcpu *v = &cpus[cpu].vcpu;

	if (vcpu_get_state(v) == VCPU_ON) {
		vcpu_set_off(v);
	} else {
		vcpu_claim(v);
		vcpu_set_on(v);
		model_cpu = cpu;
		xen_vcpu_events(v);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	input = data;
	input_left = size;
	machine_start();
	while (input_left > 0) {
		uint64_t what = input_take(1);
		uint32_t cpu = what >> 6 < 3 ? (uint32_t)(what >> 6) : 0;

		sent = 0;
		switch (what & 7) {
		case 0:
			fill(cpu);
			break;
		case 1:
		case 2:
			fill_page(cpu);
			break;
		case 3:
			feed("input");
			model_cpu = cpu;
			xen_console_input(BIT64(DOM0));
			break;
		case 4:
			room = (uint32_t)input_take(1);
			life(1);
			break;
		default:
			hypercall(cpu);
			break;
		}
	}
	return 0;
}
