// SPDX-License-Identifier: Apache-2.0
// sources: hv/guest/mmio.c hv/guest/inject.c hv/guest/its/none.c hv/guest/control_none.c
// sources: hv/guest/watchdog_none.c tests/models/model.c
/* Decoding of trapped loads and stores: which handler, what it is given, what the
 * guest's register gets; and what is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "drivers/console.h"
#include "guest/esr.h"
#include "guest/lifecycle.h"
#include "guest/mmio.h"
#include "guest/ondemand.h"
#include "guest/report.h"
#include "guest/vgic.h"
#include "guest/vpl011.h"
#include "guest/vpl061.h"
#include "guest/vsmmuv3/vsmmuv3.h"

#define PC UINT64_C(0x40001000)
#define VBAR UINT64_C(0x40002000)
#define REG 7

struct cpu cpus[CPUS_MAX];
struct domain domains[DOMAINS_MAX];

static const struct trap_window windows[] = {
	{0x08000000, 0x10000, WINDOW_GICD, 0, 0},
	{0x080a0000, 0x40000, WINDOW_GICR, 0, 0},
	{0x09000000, 0x1000, WINDOW_VPL011, 33, 0},
	{0x09050000, 0x20000, WINDOW_VSMMUV3, 0, 0},
	{0x0b000000, 0x1000, WINDOW_PL061, 40, 3},
};
static const struct domain_desc desc = {.name = "d", .windows = windows, .window_count = ARRAY_SIZE(windows)};
static const struct trap_window no_window;

static struct vcpu *const vcpu = &cpus[0].vcpu;
static struct guest_regs regs;

/* What the handlers saw, and what they answer. */
static struct mmio_access seen;
static uint32_t calls, reports;
static uint64_t answer;
static bool accept;

static bool handle(struct mmio_access *a, uint32_t kind)
{
	assert_int_equal(a->window->kind, kind);
	assert_ptr_equal(a->vcpu, vcpu);
	seen = *a;
	calls++;
	if (!a->write) {
		a->value = answer;
	}
	return accept;
}

bool vgic_gicd_access(struct mmio_access *a)
{
	return handle(a, WINDOW_GICD);
}

bool vgic_gicr_access(struct mmio_access *a)
{
	return handle(a, WINDOW_GICR);
}

bool vpl011_access(struct mmio_access *a)
{
	return handle(a, WINDOW_VPL011);
}

bool vsmmuv3_access(struct mmio_access *a)
{
	return handle(a, WINDOW_VSMMUV3);
}

bool vpl061_access(struct mmio_access *a)
{
	assert_int_equal(a->window->index, 3);
	return handle(a, WINDOW_PL061);
}

/* What is found on demand. */
static uint64_t asked;
static uint32_t asks;
static bool found;

bool ondemand_map(const struct domain *d, ipa_t ipa)
{
	assert_ptr_equal(d, vcpu->domain);
	asked = ipa.ipa;
	asks++;
	return found;
}

static uint32_t faults;

void lifecycle_fault(struct domain *d, const char *why)
{
	assert_ptr_equal(d, vcpu->domain);
	assert_string_equal(why, "lockup");
	faults++;
}

enum domain_state domain_get_state(const struct domain *d)
{
	(void)d;
	return faults == 0 ? DOMAIN_RUNNING : DOMAIN_STOPPING;
}

void log_print(const char *fmt, ...)
{
	(void)fmt;
}

void report_access(struct vcpu *v, ipa_t ipa, uint64_t esr)
{
	(void)v;
	(void)ipa;
	(void)esr;
	reports++;
}

static void trap_at(uint64_t ipa, uint64_t esr)
{
	model_reset();
	memset(&regs, 0xee, sizeof(regs));
	regs.x[REG] = UINT64_C(0x1122334455667788);
	domains[0].desc = &desc;
	vcpu->domain = &domains[0];
	calls = 0;
	reports = 0;
	asks = 0;
	sysreg_write_tpidr_el2((uint64_t)(uintptr_t)&cpus[0]);
	sysreg_write_elr_el2(PC);
	sysreg_write_vbar_el1(VBAR);
	sysreg_write_spsr_el2(0x3c5);
	sysreg_write_esr_el2(esr);
	/* The virtual address shares nothing but the offset in the page. */
	sysreg_write_far_el2(UINT64_C(0xffff800000000000) | (ipa & 0xfff));
	sysreg_write_hpfar_el2(ipa >> 12 << 4);
	mmio_data_abort(vcpu, &regs, esr);
}

/* EC 0x24, ISV, translation fault at level 2. */
static uint64_t syndrome(uint64_t sas, uint64_t more)
{
	return UINT64_C(0x93000006) | FIELD_PREP(ESR_SAS, sas) | FIELD_PREP(ESR_SRT, REG) | more;
}

static void assert_injected(void)
{
	assert_int_equal(sysreg_read_elr_el2(), VBAR + 0x200);
	assert_int_equal(sysreg_read_elr_el1(), PC);
	assert_int_equal(FIELD_GET(ESR_EC, sysreg_read_esr_el1()), EC_DABT_SAME);
	assert_int_equal(reports, 1);
	assert_int_equal(regs.x[REG], UINT64_C(0x1122334455667788));
}

static void loads(void **state)
{
	static const struct {
		uint64_t sas, more;
		uint64_t answer, result;
	} cases[] = {
		{0, 0, 0xffffffffffffff80, 0x80},
		{1, 0, 0xffffffffffff8000, 0x8000},
		{2, 0, 0xffffffff80000001, 0x80000001},
		{3, ESR_SF, 0x8000000180000001, 0x8000000180000001},
		{0, ESR_SSE, 0x80, 0xffffff80},
		{0, ESR_SSE | ESR_SF, 0x80, 0xffffffffffffff80},
		{0, ESR_SSE | ESR_SF, 0x7f, 0x7f},
		{1, ESR_SSE, 0x8000, 0xffff8000},
		{1, ESR_SSE | ESR_SF, 0x8000, 0xffffffffffff8000},
		{2, ESR_SSE | ESR_SF, 0x80000000, 0xffffffff80000000},
		{2, ESR_SSE | ESR_SF, 0x7fffffff, 0x7fffffff},
	};

	(void)state;
	accept = true;
	vcpu->window = &no_window;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		answer = cases[i].answer;
		trap_at(0x080a0140, syndrome(cases[i].sas, cases[i].more));
		assert_int_equal(calls, 1);
		assert_int_equal(seen.size, 1u << cases[i].sas);
		assert_false(seen.write);
		assert_int_equal(seen.offset, 0x140);
		assert_int_equal(regs.x[REG], cases[i].result);
		assert_int_equal(regs.x[REG - 1], UINT64_C(0xeeeeeeeeeeeeeeee));
		assert_int_equal(regs.x[REG + 1], UINT64_C(0xeeeeeeeeeeeeeeee));
		assert_int_equal(sysreg_read_elr_el2(), PC + 4);
	}
}

static void stores(void **state)
{
	static const uint64_t values[] = {0x88, 0x7788, 0x55667788, 0x1122334455667788};

	(void)state;
	accept = true;
	for (uint64_t sas = 0; sas < 4; sas++) {
		trap_at(0x08000f00, syndrome(sas, ESR_WNR));
		assert_int_equal(calls, 1);
		assert_true(seen.write);
		assert_int_equal(seen.value, values[sas]);
		assert_int_equal(seen.size, 1u << sas);
		assert_int_equal(regs.x[REG], UINT64_C(0x1122334455667788));
		assert_int_equal(sysreg_read_elr_el2(), PC + 4);
	}
}

/* Register 31 is XZR: stores are 0, loads go nowhere (regs.x has no entry 31). */
static void zero_register(void **state)
{
	(void)state;
	accept = true;
	answer = UINT64_MAX;
	trap_at(0x09000000, syndrome(2, ESR_WNR) | FIELD_PREP(ESR_SRT, 31));
	assert_int_equal(seen.value, 0);
	trap_at(0x09000018, syndrome(2, 0) | FIELD_PREP(ESR_SRT, 31));
	assert_int_equal(calls, 1);
	for (size_t i = 0; i < ARRAY_SIZE(regs.x); i++) {
		assert_true(i == REG || regs.x[i] == UINT64_C(0xeeeeeeeeeeeeeeee));
	}
}

/* Every edge of every window, whichever window was used before. */
static void window_edges(void **state)
{
	(void)state;
	accept = true;
	for (size_t last = 0; last < ARRAY_SIZE(windows); last++) {
		for (size_t i = 0; i < ARRAY_SIZE(windows); i++) {
			const struct trap_window *w = &windows[i];

			vcpu->window = &windows[last];
			trap_at(w->ipa, syndrome(2, 0));
			assert_int_equal(seen.offset, 0);
			assert_ptr_equal(seen.window, w);
			assert_ptr_equal(vcpu->window, w);
			trap_at(w->ipa + w->size - 4, syndrome(2, 0));
			assert_int_equal(seen.offset, w->size - 4);

			vcpu->window = &windows[last];
			trap_at(w->ipa - 4, syndrome(2, 0));
			assert_int_equal(calls, 0);
			assert_injected();
			trap_at(w->ipa + w->size, syndrome(2, 0));
			assert_int_equal(calls, 0);
			assert_injected();
			assert_ptr_equal(vcpu->window, &windows[last]);
		}
	}
}

static void refused(void **state)
{
	static const uint64_t bad[] = {
		0x92000006,             /* no ISV */
		0x93800086,             /* on a stage-1 walk */
		0x9380000e,             /* permission fault */
		0x9380000a,             /* access flag */
		0x93800000, 0x93800030, /* address size; TLB conflict */
	};

	(void)state;
	accept = true;
	vcpu->window = &windows[0];
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		trap_at(0x08000000, bad[i] | FIELD_PREP(ESR_SRT, REG));
		assert_int_equal(calls, 0);
		assert_injected();
	}
	/* The handler itself refuses: a load leaves its register alone. */
	accept = false;
	trap_at(0x08000000, syndrome(3, 0));
	assert_int_equal(calls, 1);
	assert_injected();
}

/* Loads and stores of any kind are for what is found on demand, and are tried again; what
 * is no access, or comes from a walk or from mapped memory, is not. */
static void on_demand(void **state)
{
	static const uint64_t good[] = {0x93800006, 0x93800046, 0x92000005, 0x92000047}; /* with syndrome, without */
	static const uint64_t bad[] = {0x92000146, 0x93800086, 0x920001c6, 0x9380000e, 0x9380000a,
				       0x93800000, 0x93800030, 0x92000061};

	(void)state;
	vcpu->window = &windows[0];
	found = true;
	for (size_t i = 0; i < ARRAY_SIZE(good); i++) {
		trap_at(0x0c000ff8, good[i]);
		assert_int_equal(calls + reports, 0);
		assert_true(asks == 1 && asked == 0x0c000ff8);
		assert_int_equal(sysreg_read_elr_el2(), PC);
	}
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		trap_at(0x0c000ff8, bad[i]);
		assert_true(asks == 0 && sysreg_read_elr_el2() != PC);
	}
	sysreg_write_esr_el2(0x82000006);
	mmio_instruction_abort();
	assert_int_equal(asks, 0);
	found = false;
	trap_at(0x0c000ff8, syndrome(2, 0));
	assert_int_equal(asks, 1);
	assert_injected();
}

/* Unaligned where stage 2 says Device: the guest's own fault, and nothing to report. */
static void alignment_fault(void **state)
{
	(void)state;
	trap_at(0x0c000000, 0x92000061);
	assert_int_equal(calls, 0);
	assert_int_equal(reports, 0);
	assert_int_equal(sysreg_read_elr_el2(), VBAR + 0x200);
	assert_int_equal(sysreg_read_esr_el1(), 0x96000061);
	assert_int_equal(sysreg_read_far_el1(), sysreg_read_far_el2());
}

/* DC by address is no access: stepped over, inside a window or where nothing is. */
static void cache_maintenance(void **state)
{
	(void)state;
	trap_at(0x08000000, 0x92000146);
	assert_int_equal(calls, 0);
	assert_int_equal(reports, 0);
	assert_int_equal(sysreg_read_elr_el2(), PC + 4);
	trap_at(0x0c000000, 0x92000146);
	assert_int_equal(sysreg_read_elr_el2(), PC + 4);
	trap_at(0x0c000000, 0x920001c6); /* on a walk: the walk fails */
	assert_injected();
}

static void instruction_abort(void **state)
{
	(void)state;
	trap_at(0x08000000, syndrome(2, 0));
	sysreg_write_elr_el2(0x08000000);
	sysreg_write_esr_el2(0x82000006);
	reports = 0;
	mmio_instruction_abort();
	assert_int_equal(sysreg_read_elr_el2(), VBAR + 0x200);
	assert_int_equal(sysreg_read_esr_el1(), 0x86000010);
	assert_int_equal(reports, 1);
}

/* At the very vector that it would be sent to, and only there: it is at EL1 with its own
 * stack pointer. */
static void lockup(void **state)
{
	static const struct {
		uint64_t pc, spsr;
		uint32_t faults;
	} cases[] = {
		{VBAR + 0x200, 0x3c5, 1}, {VBAR + 0x204, 0x3c5, 0}, {VBAR, 0x3c4, 0}, {VBAR + 0x200, 0x3c4, 0},
		{VBAR + 0x400, 0x3c0, 0}, {VBAR + 0x200, 0x3c0, 0}, {VBAR + 0x200, 0x1d3, 0},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		trap_at(cases[i].pc, syndrome(2, 0));
		sysreg_write_elr_el2(cases[i].pc);
		sysreg_write_spsr_el2(cases[i].spsr);
		sysreg_write_esr_el2(0x82000006);
		reports = 0;
		faults = 0;
		mmio_instruction_abort();
		assert_int_equal(faults, cases[i].faults);
		assert_int_equal(reports, 1 - cases[i].faults);
		/* Where it was, until it is stopped. */
		assert_true(faults == 0 || sysreg_read_elr_el2() == cases[i].pc);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(loads),	     cmocka_unit_test(stores),
		cmocka_unit_test(zero_register),     cmocka_unit_test(window_edges),
		cmocka_unit_test(refused),	     cmocka_unit_test(cache_maintenance),
		cmocka_unit_test(on_demand),	     cmocka_unit_test(alignment_fault),
		cmocka_unit_test(instruction_abort), cmocka_unit_test(lockup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
