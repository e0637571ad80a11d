// SPDX-License-Identifier: Apache-2.0
// sources: hv/guest/xen/console.c hv/guest/xen/copy.c hv/guest/xen/event.c hv/guest/xen/hypercall.c
// sources: hv/guest/ondemand.c hv/domain/leaf.c
// sources: hv/guest/xen/memory.c hv/guest/xen/port.c hv/guest/xen/sched.c hv/guest/xen/shared.c
// sources: hv/guest/xen/options.c hv/guest/xen/vcpu.c hv/guest/xen/version.c
// sources: hv/firmware/bootargs.c hv/firmware/fdt.c
// sources: hv/domain/[ds]*.c hv/mm/stage2.c
// sources: hv/drivers/console.c hv/drivers/console_plain.c hv/guest/console/one.c
// sources: tests/models/model.c tests/unit/xen/*.c
/* The Xen guest ABI: the console. */
#include "unit/xen/machine.h"

#include <string.h>

static uint32_t bind_console(void)
{
	struct xen_bind_virq a = {.virq = XEN_VIRQ_CONSOLE};

	put(DOM0, 0, &a, sizeof(a));
	assert_int_equal(step(0, XEN_EVENT_CHANNEL_OP, XEN_EVENT_BIND_VIRQ, VA_RAM(0), 0), 0);
	get(DOM0, 0, &a, sizeof(a));
	return a.port;
}

static int setup(void **state)
{
	(void)state;
	machine_start();
	return 0;
}

static void console_writes(void **state)
{
	static const char text[] = "hello\n";

	(void)state;
	put(DOM0, 2, text, sizeof(text) - 1);
	assert_int_equal(call(0, XEN_CONSOLE_IO, XEN_CONSOLE_WRITE, 6, VA_RAM(2)), 0);
	assert_string_equal(out, text);
	assert_int_equal(call(0, XEN_CONSOLE_IO, XEN_CONSOLE_WRITE, 0, VA_NOTHING), 0);
	assert_int_equal(call(0, XEN_CONSOLE_IO, XEN_CONSOLE_WRITE, 1, VA_NOTHING), -XEN_EFAULT);
	assert_int_equal(call(0, XEN_CONSOLE_IO, XEN_CONSOLE_WRITE, UINT32_MAX, VA_RAM(2)), -XEN_EINVAL);
	/* Long ones go on until they come to an end, or to what cannot be read. */
	memset(ram(DOM0, 0), 'x', RAM_SIZE);
	sent = 0;
	assert_int_equal(call(0, XEN_CONSOLE_IO, XEN_CONSOLE_WRITE | (UINT64_C(5) << 32), 5000, VA_RAM(3) + 77), 0);
	assert_int_equal(sent, 5000);
	sent = 0;
	room = sizeof(out);
	assert_int_equal(call(0, XEN_CONSOLE_IO, XEN_CONSOLE_WRITE, INT32_MAX, VA_LAST), -XEN_EFAULT);
	assert_int_equal(sent, 4096);
	assert_int_equal(call(2, XEN_CONSOLE_IO, XEN_CONSOLE_WRITE, 6, VA_RAM(2)), -XEN_EPERM);
	assert_int_equal(call(2, XEN_CONSOLE_IO, XEN_CONSOLE_READ, 6, VA_RAM(2)), -XEN_EPERM);
}

/* A UART without room costs each call a bounded time, and in the end the text. */
static void a_deaf_uart(void **state)
{
	uint32_t steps = 0;
	uint64_t start;

	(void)state;
	memset(ram(DOM0, 0), 'x', PAGE_SIZE);
	room = 10;
	step(0, XEN_CONSOLE_IO, XEN_CONSOLE_WRITE, 20, VA_RAM(0));
	assert_true(goes_on());
	assert_int_equal(regs.x[1], 10);
	assert_int_equal(regs.x[2], VA_RAM(0) + 10);
	while (goes_on()) {
		start = waited;
		step(0, XEN_CONSOLE_IO, XEN_CONSOLE_WRITE, regs.x[1], regs.x[2]);
		assert_in_range(waited - start, 0, 2000);
		assert_in_range(++steps, 1, 200);
	}
	assert_int_equal(regs.x[0], 0);
	assert_int_equal(sent, 10);
	room = 100;
	sent = 0;
	assert_int_equal(call(0, XEN_CONSOLE_IO, XEN_CONSOLE_WRITE, 30, VA_RAM(0)), 0);
	assert_int_equal(sent, 32); /* the line that was given up is ended first */
	assert_memory_equal(out, "\r\nxxx", 5);
}

static void console_reads(void **state)
{
	uint32_t port;

	(void)state;
	share(DOM0);
	feed("abc");
	assert_int_equal(xen_console_input(BIT64(DOM0)), 0); /* nobody listens, yet or ever */
	assert_false(rx_irq);
	port = bind_console();
	model_cpu = 2; /* whichever CPU takes the UART's interrupt */
	assert_true(xen_console_input(BIT64(DOM0)) != 0);
	assert_false(rx_irq);
	assert_true((shared(DOM0)->pending[port / 64] >> port % 64 & 1) != 0);
	assert_int_equal(told[0], 1);
	/* What cannot be written is not taken. */
	assert_int_equal(step(0, XEN_CONSOLE_IO, XEN_CONSOLE_READ, 16, VA_READ_ONLY), -XEN_EFAULT);
	assert_int_equal(step(0, XEN_CONSOLE_IO, XEN_CONSOLE_READ, 16, VA_LAST + PAGE_SIZE - 15), -XEN_EFAULT);
	assert_int_equal(step(0, XEN_CONSOLE_IO, XEN_CONSOLE_READ, UINT32_MAX, VA_RAM(1)), -XEN_EINVAL);
	assert_int_equal(step(0, XEN_CONSOLE_IO, XEN_CONSOLE_READ, 2, VA_RAM(2) - 1), 2);
	assert_false(rx_irq); /* there is more */
	assert_memory_equal(ram(DOM0, 2 * PAGE_SIZE - 1), "ab", 2);
	assert_int_equal(step(0, XEN_CONSOLE_IO, XEN_CONSOLE_READ, 16, VA_RAM(1)), 1);
	assert_memory_equal(ram(DOM0, PAGE_SIZE), "c", 1);
	assert_true(rx_irq);
	assert_int_equal(step(0, XEN_CONSOLE_IO, XEN_CONSOLE_READ, 0, VA_NOTHING), 0);
}

/* Input is not kept for a domain that is no more. */
static void console_of_a_dead_domain(void **state)
{
	(void)state;
	share(DOM0);
	(void)bind_console();
	domains[DOM0].state = DOMAIN_OFF;
	assert_int_equal(xen_console_input(BIT64(DOM0)), 0);
	assert_true(rx_irq);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(console_writes, setup),
		cmocka_unit_test_setup(a_deaf_uart, setup),
		cmocka_unit_test_setup(console_reads, setup),
		cmocka_unit_test_setup(console_of_a_dead_domain, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
