// SPDX-License-Identifier: Apache-2.0
#include "unit/vpl011/machine.h"

#include <string.h>

#include "drivers/console.h"
#include "drivers/uart.h"
#include "guest/vgic.h"
#include "guest/vpl011.h"

struct cpu cpus[CPUS_MAX];
struct domain domains[DOMAINS_MAX];

static const struct domain_desc descs[] = {
	{.name = "guest", .console_intid = 40},
	{.name = "dom0", .console_intid = 33, .flags = DOMAIN_HARDWARE},
};
const struct trap_window window = {0x9000000, 0x1000, WINDOW_VPL011, 33};
const struct board_tables board = {
	.domain_count = 2,
	.uart = {.kind = UART_PL011, .intid = 33, .reg = {0x9000000, 0x1000}},
	.domains = descs,
};

char out[4096];
uint32_t sent, room, fed_at;
bool rx_irq, tx_irq, level[2], ended[2];
uint64_t ticks;

static const char *fed;
static uint32_t fed_count;

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

	assert_int_equal(intid, descs[i].console_intid);
	assert_true(level[i] != on);
	level[i] = on;
}

bool domain_has_ended(const struct domain *d)
{
	return ended[d - domains];
}

static bool clock_hook(enum model_sysreg reg, bool write, uint64_t *value)
{
	if (reg != MODEL_SYSREG_cntpct_el0 || write) {
		return false;
	}
	ticks += 1000; /* 1 us */
	*value = ticks;
	return true;
}

void machine_start(void)
{
	model_reset();
	model_set_sysreg_hook(clock_hook);
	model_sysreg_write(MODEL_SYSREG_cntfrq_el0, 1000000000);
	memset(domains, 0, sizeof(domains));
	for (uint32_t i = 0; i < 2; i++) {
		domains[i].desc = &descs[i];
		cpus[i].vcpu.domain = &domains[i];
		vpl011_init(&domains[i]);
		level[i] = false;
		ended[i] = false;
	}
	memset(out, 0, sizeof(out));
	sent = 0;
	room = sizeof(out) / 2;
	fed_at = 0;
	fed_count = 0;
	console_rx_irq(true);
	/* Whatever line an earlier test left unfinished is stale. */
	ticks += UINT64_C(1000000000);
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

void feed(const char *s)
{
	fed = s;
	fed_at = 0;
	fed_count = (uint32_t)strlen(s);
	if (rx_irq) {
		vpl011_host_irq();
	}
}
