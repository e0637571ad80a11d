// SPDX-License-Identifier: Apache-2.0
// sources: hv/drivers/console.c hv/drivers/console_named.c hv/guest/console/mux.c hv/guest/console/own.c
// sources: hv/guest/console/lines.c hv/guest/console/monitor.c hv/guest/console/monitor_tell.c
// sources: hv/guest/console/monitor_control.c hv/guest/vpl011.c hv/guest/vpl011_line.c hv/guest/xen/none.c
// sources: hv/iommu/none_state.c tests/models/model.c tests/unit/vpl011/machine.c
/* The monitor on the console. */
#include "unit/vpl011/machine.h"

#include <stdlib.h>
#include <string.h>

#include "drivers/console.h"
#include "guest/lifecycle.h"
#include "guest/ondemand.h"
#include "guest/vpl011.h"

#define KEY "\x01"
#define TO(name) "bulkhead: input goes to " name " (Ctrl-A three times: to the next)\r\n"

static const uint8_t cpus_of[2][1] = {{0}, {1}};
static const struct mem_range ram[] = {{0x80000000, 0x1000000}, {0x90000000, 0x2000000}};
static const struct stream_desc streams[] = {{.first = 8, .count = 2, .domain = 1, .device = "disk"},
					     {.first = 16, .count = 1, .domain = OWNER_NONE, .device = "net"}};
static const struct smmu_desc smmu = {.name = "smmu0", .streams = streams, .stream_count = 2};
static const struct domain_desc two[] = {
	{.name = "guest", .console_intid = 40, .cpus = cpus_of[0], .cpu_count = 1, .ram = ram, .ram_count = 2,
	 .on_fault = ON_FAULT_RESTART},
	{.name = "dom0", .console_intid = 33, .flags = DOMAIN_HARDWARE, .cpus = cpus_of[1], .cpu_count = 1},
};

const struct board_tables board = {
	.domain_count = 2,
	.cpu_count = 2,
	.image = {0x40200000, 0x100000},
	.store = {0x40300000, 0x10000},
	.uart = {.kind = UART_PL011, .intid = 33, .reg = {0x9000000, 0x1000}},
	.domains = two,
	.smmus = &smmu,
	.smmu_count = 1,
};

static const char *asked; /* of lifecycle.c */
static const struct domain *asked_of;
static enum lifecycle_result outcome; /* for domains that are not the hardware domain */

static enum lifecycle_result ask(const struct domain *d, const char *what)
{
	asked = what;
	asked_of = d;
	return (d->desc->flags & DOMAIN_HARDWARE) != 0 ? LIFECYCLE_DENIED : outcome;
}

enum lifecycle_result lifecycle_stop(struct domain *d, const char *why)
{
	(void)why;
	return ask(d, "stop") == LIFECYCLE_DENIED ? LIFECYCLE_OK : outcome;
}

enum lifecycle_result lifecycle_start(struct domain *d)
{
	return ask(d, "start");
}

enum lifecycle_result lifecycle_restart(struct domain *d, const char *why)
{
	(void)why;
	return ask(d, "restart");
}

enum vcpu_state vcpu_get_state(const struct vcpu *v)
{
	(void)v;
	return VCPU_ON;
}

static bool mapped; /* something is, on demand */

/* Two runs, and a piece of the search between them without any. */
bool ondemand_next(struct ondemand_cursor *c, struct ondemand_run *run)
{
	static const struct ondemand_run runs[] = {{&domains[DOM0], "rtc", 0x9010000, 0x1000},
						   {NULL, NULL, 0, 0},
						   {&domains[DOM0], "pcie", 0x4010000000, 0x200000}};

	if (!mapped || c->at == ARRAY_SIZE(runs)) {
		return false;
	}
	*run = runs[c->at++];
	return true;
}

static void forget(void)
{
	memset(out, 0, sent);
	sent = 0;
}

/* Types, and waits until there is a prompt again. */
static const char *type(const char *text)
{
	forget();
	feed(text);
	for (uint32_t i = 0; i < 200; i++) {
		if (rx_irq) {
			vpl011_host_irq();
		}
		pass(2500);
	}
	return out;
}

static void start(void)
{
	machine_start();
	enable(GUEST);
	enable(DOM0);
	asked = NULL;
	outcome = LIFECYCLE_OK;
	mapped = true;
	(void)type(KEY KEY KEY);
	assert_string_equal(out, TO("the monitor") "bulkhead> ");
}

static void looks(void **state)
{
	(void)state;
	start();
	domains[GUEST].faults = 3;
	domains[GUEST].reports = 9;
	domains[GUEST].starts = 4;
	assert_string_equal(type("domains\r"), "domains\r\n"
			    "bulkhead: guest: running, 1 of 1 CPUs on, the first is CPU 0\r\n"
			    "bulkhead: dom0: running, hardware, 1 of 1 CPUs on, the first is CPU 1\r\nbulkhead> ");
	assert_string_equal(type("memory\r\n"), "memory\r\n"
			    "bulkhead: 0x40200000..0x402fffff 1024 KiB: the hypervisor\r\n"
			    "bulkhead: 0x80000000..0x80ffffff 16384 KiB: guest\r\n"
			    "bulkhead: 0x90000000..0x91ffffff 32768 KiB: guest\r\n"
			    "bulkhead: 0x40300000..0x4030ffff 64 KiB: payloads, nobody's\r\nbulkhead> ");
	assert_string_equal(type("iommu\n"), "iommu\r\n"
			    "bulkhead: there is none that the hypervisor drives\r\nbulkhead> ");
	for (uint32_t i = 0; i < 2; i++) {
		assert_string_equal(type("mmio\r"), "mmio\r\n"
				    "bulkhead: 0x9010000..0x9010fff 4 KiB: dom0: rtc\r\n"
				    "bulkhead: 0x4010000000..0x40101fffff 2048 KiB: dom0: pcie\r\nbulkhead> ");
	}
	assert_non_null(strstr(type("faults\r"), "\nbulkhead: guest: 3 faults, on-fault: restart, "
			       "0 restarts in a row; more than 8 accesses that were refused\r\n"));
	assert_non_null(strstr(type("counters\r"), "\nbulkhead: guest: 4 starts, 3 faults; "));
	assert_non_null(strstr(type("help\r"), "\nbulkhead: stop, start, restart NAME: of a domain\r\n"));
	assert_null(asked);
}

static void controls(void **state)
{
	(void)state;
	start();
	assert_string_equal(type("restart guest\r"),
			    "restart guest\r\nbulkhead: guest: restart: under way\r\nbulkhead> ");
	assert_string_equal(asked, "restart");
	assert_ptr_equal(asked_of, &domains[GUEST]);
	(void)type("  stop   guest  \r");
	assert_string_equal(asked, "stop");
	assert_non_null(strstr(type("start dom0\r"),
			       "bulkhead: dom0: start: cannot be: it has no copy of its payload\r\n"));
	asked = NULL;
	assert_non_null(strstr(type("stop nobody\r"), "bulkhead: no domain nobody\r\n"));
	assert_non_null(strstr(type("destroy guest\r"), "bulkhead: no such command"));
	assert_non_null(strstr(type("stop guest now\r"), "bulkhead: no such command"));
	assert_non_null(strstr(type("guest stop\r"), "bulkhead: no domain stop"));
	assert_null(asked);
}

/* A refusal says in which state the domain is; a command without a domain, what is missing. */
static void refuses(void **state)
{
	(void)state;
	start();
	outcome = LIFECYCLE_STATE;
	ended[GUEST] = true;
	assert_non_null(strstr(type("restart guest\r"),
			       "\nbulkhead: guest: restart: cannot be: it is off, so start it\r\nbulkhead> "));
	assert_non_null(strstr(type("stop guest\r"),
			       "\nbulkhead: guest: stop: not needed: it is off\r\nbulkhead> "));
	ended[GUEST] = false;
	assert_non_null(strstr(type("start guest\r"),
			       "\nbulkhead: guest: start: not needed: it is running\r\nbulkhead> "));
	domains[GUEST].state = DOMAIN_DESTROYED;
	assert_non_null(strstr(type("start guest\r"),
			       "\nbulkhead: guest: start: cannot be: it is destroyed\r\nbulkhead> "));
	domains[GUEST].state = DOMAIN_STOPPING;
	assert_non_null(strstr(type("start guest\r"), ": start: not now: it is starting or stopping\r\n"));
	assert_non_null(strstr(type("stop dom0\r"), "\nbulkhead: dom0: stop: under way; it has no copy of its "
			       "payload, and cannot be started again\r\nbulkhead> "));
	asked = NULL;
	assert_string_equal(type("stop\r"), "stop\r\n"
			    "bulkhead: stop NAME: of which domain? domains tells which there are\r\nbulkhead> ");
	assert_non_null(strstr(type("restart\r"), "\nbulkhead: restart NAME: of which domain?"));
	mapped = false;
	for (uint32_t i = 0; i < 2; i++) {
		assert_string_equal(type("mmio\r"),
				    "mmio\r\nbulkhead: nothing was mapped on demand\r\nbulkhead> ");
	}
	assert_null(asked);
}

/* What is typed during an answer waits for its end, and is done then without more input. */
static void typed_ahead(void **state)
{
	(void)state;
	start();
	forget();
	feed("help\rdomains\rfaults\r");
	pass(200000);
	assert_non_null(strstr(out, "bulkhead> faults\r\nbulkhead: guest: 0 faults"));
	assert_string_equal(out + sent - 10, "bulkhead> ");
}

/* Whatever comes: what is typed is bounded and printable, and there is a prompt in the end. */
static void typing(void **state)
{
	static char text[1001];

	(void)state;
	start();
	assert_string_equal(type("domx\x08" "ains\x7f\x7f\x7f\x7f\x7f\x7f\x7f\x7f\x7f\x7f\r"), "domx\b \bains"
			    "\b \b\b \b\b \b\b \b\b \b\b \b\b \b\r\nbulkhead> ");
	assert_string_equal(type("stop guest\x15\r"), "stop guest\r\nbulkhead> \r\nbulkhead> ");
	assert_string_equal(type("stop guest\x03\x1b[A\x1bOP\x1b[15~\x1b" "7\x02\x7f\t\xff\xc3\xa4\r\n"),
			    "stop guest\r\nbulkhead> \r\nbulkhead> ");
	memset(text, 's', sizeof(text) - 2);
	text[sizeof(text) - 2] = '\r';
	(void)type(text);
	assert_int_equal(strspn(out, "s"), 79);
	assert_non_null(strstr(out, "bulkhead: no such command; help tells which there are\r\nbulkhead> "));
	srand(1);
	for (uint32_t i = 0; i < 300; i++) {
		for (size_t k = 0; k < sizeof(text) - 1; k++) {
			text[k] = (char)(rand() % 255 + 1);
			text[k] = text[k] == 1 ? '\r' : text[k];
		}
		(void)type(text);
	}
	(void)type("\x03\x1b[A\r");
	assert_non_null(strstr(type("counters\r"), "bulkhead: guest: 0 starts"));
	assert_null(asked);
}

/* The domain that had the input has a name now, and gets the input back. */
static void shares(void **state)
{
	(void)state;
	start();
	forget();
	say(DOM0, "line\n");
	say(GUEST, "line\n");
	pass(CONSOLE_LINE_US + 5000);
	assert_string_equal(out, "\\\r\n(dom0) line\r\n(guest) line\r\n");
	(void)type("dom" KEY KEY KEY);
	assert_string_equal(out, "dom\\\r\n" TO("guest"));
	assert_string_equal(type(KEY KEY KEY KEY KEY KEY "\r"),
			    TO("dom0") TO("the monitor") "bulkhead> \r\nbulkhead> ");
	/* A long answer, while everybody writes and the UART is slow. */
	forget();
	feed("help\r");
	for (uint32_t i = 0; i < 3000; i++) {
		room = 4;
		say(GUEST, rd(GUEST, PL011_FR) & PL011_FR_TXFF ? "" : "x");
		vpl011_host_irq();
		pass(300);
	}
	assert_non_null(strstr(out, "\nbulkhead: domains: their states and CPUs\r\n"));
	assert_non_null(strstr(out, "\nbulkhead: Ctrl-A three times: the next console\r\n"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(looks),
		cmocka_unit_test(controls),
		cmocka_unit_test(refuses),
		cmocka_unit_test(typed_ahead),
		cmocka_unit_test(typing),
		cmocka_unit_test(shares),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
