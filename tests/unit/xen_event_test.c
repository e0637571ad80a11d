// SPDX-License-Identifier: Apache-2.0
// sources: hv/guest/xen/console.c hv/guest/xen/copy.c hv/guest/xen/event.c hv/guest/xen/hypercall.c
// sources: hv/guest/ondemand.c hv/domain/leaf.c
// sources: hv/guest/xen/memory.c hv/guest/xen/port.c hv/guest/xen/sched.c hv/guest/xen/shared.c
// sources: hv/guest/xen/options.c hv/guest/xen/vcpu.c hv/guest/xen/version.c
// sources: hv/firmware/bootargs.c hv/firmware/fdt.c
// sources: hv/domain/[ds]*.c hv/mm/stage2.c
// sources: hv/drivers/console.c hv/drivers/console_plain.c hv/guest/console/one.c
// sources: tests/models/model.c tests/unit/xen/*.c
/* The Xen guest ABI: event channels. */
#include "unit/xen/machine.h"

#include <string.h>

#define PORTS 128

static int setup(void **state)
{
	(void)state;
	machine_start();
	return 0;
}

static int64_t event_op(uint32_t cpu, uint64_t cmd, const void *args, uint32_t size)
{
	put(cpu == 2 ? DOMU : DOM0, 0, args, size);
	return step(cpu, XEN_EVENT_CHANNEL_OP, cmd, VA_RAM(0), 0);
}

static int64_t port_op(uint32_t cpu, uint64_t cmd, uint32_t port)
{
	return event_op(cpu, cmd, &port, sizeof(port));
}

static uint32_t bind_ipi(uint32_t vcpu)
{
	struct xen_bind_ipi a = {.vcpu = vcpu};

	assert_int_equal(event_op(0, XEN_EVENT_BIND_IPI, &a, sizeof(a)), 0);
	get(DOM0, 0, &a, sizeof(a));
	assert_in_range(a.port, 1, PORTS - 1);
	return a.port;
}

static int64_t bind_virq(uint32_t cpu, uint32_t virq, uint32_t vcpu, uint32_t *port)
{
	struct xen_bind_virq a = {.virq = virq, .vcpu = vcpu};
	int64_t result = event_op(cpu, XEN_EVENT_BIND_VIRQ, &a, sizeof(a));

	get(cpu == 2 ? DOMU : DOM0, 0, &a, sizeof(a));
	*port = a.port;
	return result;
}

static bool pending(uint32_t port)
{
	return (shared(DOM0)->pending[port / 64] >> port % 64 & 1) != 0;
}

/* Interrupts since the last question. */
static uint32_t interrupts(uint32_t cpu)
{
	uint32_t n = raised[cpu];

	raised[cpu] = 0;
	return n;
}

static void an_event_tells_once(void **state)
{
	uint32_t port;

	(void)state;
	share(DOM0);
	inform(0);
	assert_int_equal(interrupts(0), 1); /* to look at what it may have missed */
	info(0)->upcall = 0;
	info(0)->pending_sel = 0;
	port = bind_ipi(0);
	assert_int_equal(port_op(0, XEN_EVENT_SEND, port), 0);
	assert_true(pending(port));
	assert_int_equal(info(0)->pending_sel, 1);
	assert_int_equal(info(0)->upcall, 1);
	assert_int_equal(interrupts(0), 1);
	/* It has been told and has not looked yet. */
	assert_int_equal(port_op(0, XEN_EVENT_SEND, port), 0);
	assert_int_equal(interrupts(0), 0);
	info(0)->upcall = 0;
	info(0)->pending_sel = 0;
	assert_int_equal(port_op(0, XEN_EVENT_SEND, port), 0);
	assert_int_equal(interrupts(0), 0);
	shared(DOM0)->pending[0] = 0;
	assert_int_equal(port_op(0, XEN_EVENT_SEND, port), 0);
	assert_int_equal(interrupts(0), 1);
}

static void a_masked_event_waits(void **state)
{
	uint32_t port;

	(void)state;
	share(DOM0);
	port = bind_ipi(0);
	shared(DOM0)->mask[port / 64] = BIT64(port % 64);
	assert_int_equal(port_op(0, XEN_EVENT_SEND, port), 0);
	assert_true(pending(port));
	assert_int_equal(interrupts(0), 0);
	assert_int_equal(port_op(0, XEN_EVENT_UNMASK, port), 0);
	assert_int_equal(interrupts(0), 1);
	assert_int_equal(shared(DOM0)->mask[port / 64], 0);
	/* vCPU 0 without a vcpu_info of its own has that in shared_info. */
	assert_int_equal(shared(DOM0)->vcpu_info[0].upcall, 1);
	shared(DOM0)->vcpu_info[0].upcall = 0;
	shared(DOM0)->vcpu_info[0].pending_sel = 0;
	shared(DOM0)->pending[port / 64] = 0;
	assert_int_equal(port_op(0, XEN_EVENT_UNMASK, port), 0);
	assert_int_equal(interrupts(0), 0);
}

static void another_vcpu_is_told_by_its_cpu(void **state)
{
	uint32_t port;

	(void)state;
	share(DOM0);
	inform(1);
	info(1)->upcall = 0;
	info(1)->pending_sel = 0;
	told[1] = 0;
	port = bind_ipi(1);
	assert_int_equal(port_op(0, XEN_EVENT_SEND, port), 0);
	assert_int_equal(told[1], 1);
	assert_int_equal(interrupts(1), 0);
	model_cpu = 1;
	xen_vcpu_events(&cpus[1].vcpu);
	assert_int_equal(interrupts(1), 1);
	/* Having looked meanwhile, it is not bothered. */
	info(1)->upcall = 0;
	xen_vcpu_events(&cpus[1].vcpu);
	assert_int_equal(interrupts(1), 0);
}

/* What happens while it is off is there when it comes on. */
static void a_vcpu_that_is_off_is_told_later(void **state)
{
	uint32_t port;

	(void)state;
	share(DOM0);
	inform(1);
	info(1)->upcall = 0;
	info(1)->pending_sel = 0;
	told[1] = 0;
	port = bind_ipi(1);
	vcpu_set_off(&cpus[1].vcpu);
	assert_int_equal(port_op(0, XEN_EVENT_SEND, port), 0);
	assert_int_equal(told[1], 0);
	vcpu_claim(&cpus[1].vcpu);
	vcpu_set_on(&cpus[1].vcpu);
	model_cpu = 1;
	xen_vcpu_events(&cpus[1].vcpu);
	assert_int_equal(interrupts(1), 1);
	model_cpu = 3;
	xen_vcpu_events(&cpus[3].vcpu); /* a domain without Xen */
	assert_int_equal(interrupts(3), 0);
}

/* Before there is a vcpu_info: registering it tells of everything. */
static void events_before_vcpu_info(void **state)
{
	(void)state;
	share(DOM0);
	assert_int_equal(port_op(0, XEN_EVENT_SEND, bind_ipi(1)), 0);
	assert_int_equal(told[1], 0);
	inform(1);
	assert_int_equal(told[1], 1);
	assert_int_equal(info(1)->pending_sel, UINT64_MAX);
}

/* Without shared_info there is nowhere to leave an event: nothing happens, nowhere. */
static void no_shared_info(void **state)
{
	uint32_t port = bind_ipi(0);

	(void)state;
	assert_int_equal(port_op(0, XEN_EVENT_SEND, port), 0);
	assert_int_equal(port_op(0, XEN_EVENT_UNMASK, port), 0);
	assert_int_equal(port_op(0, XEN_EVENT_CLOSE, port), 0);
	assert_int_equal(interrupts(0), 0);
}

/* A page full of ones, and one that the guest writes its code to: only bits change. */
static void shared_info_of_nonsense(void **state)
{
	uint32_t port;

	(void)state;
	share(DOM0);
	memset(shared(DOM0), 0xff, PAGE_SIZE);
	port = bind_ipi(0);
	assert_false(pending(port));
	assert_int_equal(port_op(0, XEN_EVENT_SEND, port), 0);
	assert_int_equal(interrupts(0), 0);
	assert_int_equal(port_op(0, XEN_EVENT_UNMASK, port), 0);
	assert_int_equal(interrupts(0), 0); /* its selector says that it was told */
	for (uint32_t i = 0; i < PAGE_SIZE; i++) {
		uint32_t mask = 560 + port / 8;

		assert_int_equal(*ram(DOM0, SHARED_PAGE * PAGE_SIZE + i),
				 i == mask ? 0xff & ~BIT32(port % 8) : 0xff);
	}
}

static void bad_ports(void **state)
{
	static const uint64_t cmds[] = {XEN_EVENT_CLOSE, XEN_EVENT_SEND, XEN_EVENT_UNMASK};
	static const uint32_t ports[] = {0, 1, PORTS - 1, PORTS, 4095, 4096, UINT32_MAX};
	struct xen_event_status_args s = {.dom = XEN_DOMID_SELF, .port = PORTS};

	(void)state;
	share(DOM0);
	for (size_t i = 0; i < ARRAY_SIZE(cmds); i++) {
		for (size_t n = 0; n < ARRAY_SIZE(ports); n++) {
			assert_int_equal(port_op(0, cmds[i], ports[n]), -XEN_EINVAL);
			assert_int_equal(event_op(0, XEN_EVENT_BIND_VCPU, &(struct xen_bind_vcpu){ports[n], 1}, 8),
					 -XEN_EINVAL);
		}
	}
	assert_int_equal(event_op(0, XEN_EVENT_STATUS, &s, sizeof(s)), -XEN_EINVAL);
	s = (struct xen_event_status_args){.dom = 1};
	assert_int_equal(event_op(0, XEN_EVENT_STATUS, &s, sizeof(s)), -XEN_ESRCH);
	assert_int_equal(event_op(0, XEN_EVENT_BIND_VCPU, &(struct xen_bind_vcpu){1, 2}, 8), -XEN_ENOENT);
	assert_int_equal(event_op(0, XEN_EVENT_BIND_IPI, &(struct xen_bind_ipi){.vcpu = 2}, 8), -XEN_ENOENT);
	assert_int_equal(event_op(0, XEN_EVENT_RESET, &(uint16_t){1}, 2), -XEN_ESRCH);
}

static void ports_run_out(void **state)
{
	struct xen_bind_ipi a = {.vcpu = 1};
	struct xen_alloc_unbound u = {.dom = XEN_DOMID_SELF, .remote = 3};
	uint32_t port;

	(void)state;
	share(DOM0);
	for (uint32_t i = 1; i < PORTS; i++) {
		assert_int_equal(bind_ipi(i % 2), i);
	}
	assert_int_equal(event_op(0, XEN_EVENT_BIND_IPI, &a, sizeof(a)), -XEN_ENOSPC);
	assert_int_equal(event_op(0, XEN_EVENT_ALLOC_UNBOUND, &u, sizeof(u)), -XEN_ENOSPC);
	assert_int_equal(bind_virq(0, XEN_VIRQ_CONSOLE, 0, &port), -XEN_ENOSPC);
	/* The other domain has its own. */
	assert_int_equal(bind_virq(2, XEN_VIRQ_DEBUG, 0, &port), 0);
	assert_int_equal(port, 1);
	assert_int_equal(port_op(0, XEN_EVENT_CLOSE, 77), 0);
	assert_int_equal(bind_ipi(0), 77);
	assert_int_equal(event_op(0, XEN_EVENT_RESET, &(uint16_t){XEN_DOMID_SELF}, 2), 0);
	assert_int_equal(bind_ipi(0), 1);
}

/* A port whose number cannot be told is nobody's again. */
static void an_answer_that_cannot_be_written(void **state)
{
	static const uint64_t cmds[] = {XEN_EVENT_BIND_IPI, XEN_EVENT_ALLOC_UNBOUND, XEN_EVENT_BIND_VIRQ};

	(void)state;
	share(DOM0);
	*(uint16_t *)(void *)ram(DOM0, PAGE_SIZE) = XEN_DOMID_SELF; /* alloc_unbound's dom */
	assert_int_equal(step(0, XEN_EVENT_CHANNEL_OP, XEN_EVENT_ALLOC_UNBOUND, VA_READ_ONLY, 0), -XEN_EFAULT);
	memset(ram(DOM0, PAGE_SIZE), 0, 64);
	for (size_t i = 0; i < ARRAY_SIZE(cmds); i++) {
		assert_true(step(0, XEN_EVENT_CHANNEL_OP, cmds[i], VA_READ_ONLY, 0) < 0);
	}
	assert_int_equal(bind_ipi(0), 1);
}

static void virqs(void **state)
{
	uint32_t first, port;

	(void)state;
	share(DOM0);
	assert_int_equal(bind_virq(0, XEN_VIRQ_CONSOLE, 0, &first), 0);
	assert_int_equal(bind_virq(0, XEN_VIRQ_CONSOLE, 0, &port), -XEN_EEXIST);
	assert_int_equal(bind_virq(0, XEN_VIRQ_CONSOLE, 1, &port), -XEN_EINVAL); /* global: vCPU 0 */
	assert_int_equal(bind_virq(0, XEN_VIRQ_TIMER, 0, &port), 0);
	assert_int_equal(bind_virq(0, XEN_VIRQ_TIMER, 1, &port), 0);
	assert_int_equal(bind_virq(0, XEN_VIRQ_TIMER, 1, &port), -XEN_EEXIST);
	assert_int_equal(bind_virq(0, XEN_VIRQ_TIMER, 2, &port), -XEN_ENOENT);
	assert_int_equal(bind_virq(0, XEN_VIRQS, 0, &port), -XEN_EINVAL);
	assert_int_equal(bind_virq(0, UINT32_MAX, UINT32_MAX, &port), -XEN_EINVAL);
	/* A virq is not the guest's to send. */
	assert_int_equal(port_op(0, XEN_EVENT_SEND, first), -XEN_EINVAL);
	assert_int_equal(port_op(0, XEN_EVENT_CLOSE, first), 0);
	assert_int_equal(bind_virq(0, XEN_VIRQ_CONSOLE, 0, &port), 0);
}

static void status_of_ports(void **state)
{
	struct xen_event_status_args s = {.dom = XEN_DOMID_SELF};
	struct xen_alloc_unbound u = {.dom = XEN_DOMID_SELF, .remote = 3};
	uint32_t port;

	(void)state;
	share(DOM0);
	assert_int_equal(event_op(0, XEN_EVENT_ALLOC_UNBOUND, &(struct xen_alloc_unbound){.dom = 1}, 8), -XEN_EPERM);
	assert_int_equal(event_op(0, XEN_EVENT_ALLOC_UNBOUND, &u, sizeof(u)), 0);
	get(DOM0, 0, &u, sizeof(u));
	assert_int_equal(port_op(0, XEN_EVENT_SEND, u.port), 0); /* to nobody */
	assert_false(pending(u.port));
	s.port = u.port;
	assert_int_equal(event_op(0, XEN_EVENT_STATUS, &s, sizeof(s)), 0);
	get(DOM0, 0, &s, sizeof(s));
	assert_int_equal(s.status, XEN_STATUS_UNBOUND);
	assert_int_equal(s.info[0], 3);
	assert_int_equal(bind_virq(0, XEN_VIRQ_CONSOLE, 0, &port), 0);
	assert_int_equal(event_op(0, XEN_EVENT_BIND_VCPU, &(struct xen_bind_vcpu){port, 1}, 8), 0);
	s.port = port;
	assert_int_equal(event_op(0, XEN_EVENT_STATUS, &s, sizeof(s)), 0);
	get(DOM0, 0, &s, sizeof(s));
	assert_int_equal(s.status, XEN_STATUS_VIRQ);
	assert_int_equal(s.vcpu, 1);
	assert_int_equal(s.info[0], XEN_VIRQ_CONSOLE);
	/* IPIs stay where they are. */
	assert_int_equal(event_op(0, XEN_EVENT_BIND_VCPU, &(struct xen_bind_vcpu){bind_ipi(0), 1}, 8), -XEN_EINVAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(an_event_tells_once, setup),
		cmocka_unit_test_setup(a_masked_event_waits, setup),
		cmocka_unit_test_setup(another_vcpu_is_told_by_its_cpu, setup),
		cmocka_unit_test_setup(a_vcpu_that_is_off_is_told_later, setup),
		cmocka_unit_test_setup(events_before_vcpu_info, setup),
		cmocka_unit_test_setup(no_shared_info, setup),
		cmocka_unit_test_setup(shared_info_of_nonsense, setup),
		cmocka_unit_test_setup(bad_ports, setup),
		cmocka_unit_test_setup(ports_run_out, setup),
		cmocka_unit_test_setup(an_answer_that_cannot_be_written, setup),
		cmocka_unit_test_setup(virqs, setup),
		cmocka_unit_test_setup(status_of_ports, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
