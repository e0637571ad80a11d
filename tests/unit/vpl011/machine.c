// SPDX-License-Identifier: Apache-2.0
#include "unit/vpl011/machine.h"

#include <string.h>

#include "drivers/console.h"
#include "drivers/uart.h"
#include "guest/console/input.h"
#include "guest/vgic.h"
#include "guest/vpl011.h"
#include "lib/time.h"

struct cpu cpus[CPUS_MAX];
struct domain domains[DOMAINS_MAX];

const struct domain_desc descs[] = {
	{.name = "guest", .console_intid = 40},
	{.name = "dom0", .console_intid = 33, .flags = DOMAIN_HARDWARE},
};
const struct trap_window window = {0x9000000, 0x1000, WINDOW_VPL011, 33, 0};

char out[1 << 20];
uint32_t sent, room, fed_at;
bool rx_irq, tx_irq, level[4], ended[4];
uint64_t ticks;
uint32_t alarms;
void (*meanwhile)(void), (*later)(void);

static const char *fed;
static uint32_t fed_count;

/* What happens on other CPUs: once, as soon as it may. */
static void happen(void)
{
	void (*hook)(void) = meanwhile;

	meanwhile = NULL;
	if (hook != NULL) {
		hook();
	}
}

void uart_init(uint64_t base)
{
	(void)base;
}

bool uart_try_put(uint64_t base, char c)
{
	assert_int_equal(base, 0x9000000);
	if (room == 0) {
		return false;
	}
	room--;
	out[sent++] = c;
	return true;
}

bool uart_put(uint64_t base, char c)
{
	(void)base;
	out[sent++] = c;
	return true;
}

void uart_flush(uint64_t base)
{
	(void)base;
}

bool uart_is_idle(uint64_t base)
{
	(void)base;
	return true;
}

int uart_get(uint64_t base)
{
	(void)base;
	return fed_at < fed_count ? (uint8_t)fed[fed_at++] : -1;
}

void uart_rx_irq(uint64_t base, bool on)
{
	(void)base;
	rx_irq = on;
}

void uart_tx_irq(uint64_t base, bool on)
{
	(void)base;
	tx_irq = on;
}

void vgic_set_level(struct domain *d, uint32_t intid, bool on)
{
	uint32_t i = (uint32_t)(d - domains);

	assert_int_equal(intid, board.domains[i].console_intid);
	assert_true(level[i] != on);
	level[i] = on;
	happen();
}

enum domain_state domain_get_state(const struct domain *d)
{
	return ended[d - domains] ? DOMAIN_OFF : d->state == 0 ? DOMAIN_RUNNING : (enum domain_state)d->state;
}

bool domain_has_ended(const struct domain *d)
{
	return ended[d - domains];
}

static uint32_t waits; /* since the time was read last */

static bool clock_hook(enum model_sysreg reg, bool write, uint64_t *value)
{
	if (reg != MODEL_SYSREG_cntpct_el0 || write) {
		return false;
	}
	ticks += 1000; /* 1 us */
	*value = ticks;
	waits = 0;
	if (later != NULL) {
		later();
	}
	return true;
}

/* Locks that are taken stay so here: waits are bounded by the clock, or a mistake. */
static void wait_hook(void)
{
	if (++waits > 3) {
		fail_msg("waits for another CPU");
	}
}

void machine_start(void)
{
	model_reset();
	model_set_sysreg_hook(clock_hook);
	model_set_relax_hook(wait_hook);
	meanwhile = NULL;
	later = NULL;
	fed_at = 0;
	fed_count = 0;
	model_sysreg_write(MODEL_SYSREG_cntfrq_el0, 1000000000);
	room = sizeof(out) / 2;
	sent = 0;
	for (uint32_t i = 0; i < board.domain_count; i++) {
		domains[i].desc = &board.domains[i];
		cpus[i].vcpu.domain = &domains[i];
		ended[i] = false;
	}
	for (uint32_t i = 0; i < board.domain_count; i++) {
		vpl011_stop(&domains[i]);
		input_init();
		memset(&domains[i], 0, sizeof(domains[i]));
		domains[i].desc = &board.domains[i];
		vpl011_init(&domains[i]);
		level[i] = false;
	}
	/* Whatever line an earlier test left unfinished is ended by a message. */
	sent = 0;
	room = sizeof(out) / 2;
	log_print("test");
	time_clear_alarm();
	vpl011_alarm_irq();
	assert_false(time_has_alarm());
	alarms = 0;
	memset(out, 0, sizeof(out));
	sent = 0;
	room = sizeof(out) / 2;
}

uint32_t rd(uint32_t domain, uint64_t reg)
{
	struct mmio_access a = {.vcpu = &cpus[domain].vcpu, .window = &window, .offset = reg, .size = 4};

	assert_true(vpl011_access(&a));
	return (uint32_t)a.value;
}

void wr(uint32_t domain, uint64_t reg, uint32_t v)
{
	struct mmio_access a = {.vcpu = &cpus[domain].vcpu, .window = &window, .offset = reg, .size = 4,
				.write = true, .value = v};

	assert_true(vpl011_access(&a));
}

void enable(uint32_t domain)
{
	wr(domain, PL011_LCRH, 0x70);
	wr(domain, PL011_CR, 0x301);
}

void say(uint32_t domain, const char *s)
{
	for (; *s != '\0'; s++) {
		wr(domain, PL011_DR, (uint8_t)*s);
	}
}

void pass(uint64_t us)
{
	uint64_t end = ticks + us * 1000;

	while (ticks < end) {
		uint64_t alarm = sysreg_read_cnthp_cval_el2();

		if (!time_has_alarm() || alarm >= end) {
			ticks = end;
			break;
		}
		ticks = alarm > ticks ? alarm : ticks;
		alarms++;
		time_clear_alarm();
		vpl011_alarm_irq();
	}
}

void feed(const char *s)
{
	fed = s;
	fed_at = 0;
	fed_count = (uint32_t)strlen(s);
	for (uint32_t i = 0; i < 100 && rx_irq && (i == 0 || fed_at < fed_count); i++) {
		vpl011_host_irq();
	}
}
