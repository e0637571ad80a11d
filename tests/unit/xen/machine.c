// SPDX-License-Identifier: Apache-2.0
#include "unit/xen/machine.h"

#include <sanitizer/asan_interface.h>
#include <string.h>

#include "arch/cpu.h"
#include "drivers/uart.h"
#include "firmware/psci.h"
#include "guest/lifecycle.h"
#include "guest/power.h"
#include "guest/psci.h"
#include "guest/vgic.h"
#include "irq/gic.h"
#include "mm/stage2.h"
#include "mm/window.h"

#define TABLE_PAGES 32
#define DOMAINS 3

extern uint64_t __tables_start[][512];
_Alignas(65536) uint64_t __tables_start[TABLE_PAGES][512];
uint8_t cpu_stacks[1][CPU_STACK_SIZE];

static const struct cpu_desc cpu_descs[] = {
	{.mpidr = 0, .domain = DOM0, .vcpu = 0},
	{.mpidr = 1, .domain = DOM0, .vcpu = 1},
	{.mpidr = 2, .domain = DOMU, .vcpu = 0},
	{.mpidr = 3, .domain = PLAIN, .vcpu = 0},
};
static const uint8_t cpus_of[DOMAINS][2] = {{0, 1}, {2}, {3}};
static const struct mem_range ram_of[DOMAINS] = {
	{RAM_PA(DOM0), RAM_SIZE}, {RAM_PA(DOMU), RAM_SIZE}, {RAM_PA(PLAIN), RAM_SIZE}};
static struct domain_desc descs[DOMAINS] = {
	{.name = "dom0", .flags = DOMAIN_HARDWARE, .cpus = cpus_of[DOM0], .cpu_count = 2, .ram = &ram_of[DOM0],
	 .ram_count = 1, .guest_abi = GUEST_ABI_XEN, .xen_features = 0x26805, .xen_events = EVENTS},
	{.name = "domu", .cpus = cpus_of[DOMU], .cpu_count = 1, .ram = &ram_of[DOMU], .ram_count = 1,
	 .guest_abi = GUEST_ABI_XEN, .xen_features = 0x16005},
	{.name = "plain", .cpus = cpus_of[PLAIN], .cpu_count = 1, .ram = &ram_of[PLAIN], .ram_count = 1},
};

const struct board_tables board = {
	.cpu_count = 4,
	.domain_count = DOMAINS,
	.cpus = cpu_descs,
	.domains = descs,
	.uart = {.kind = UART_PL011, .intid = 33, .reg = {0x0a000000, 0x1000}},
};

struct guest_regs regs;
uint32_t raised[4], told[4], sent, room;
char out[8192];
bool rx_irq;
uint64_t waited;
enum end ended;

static _Alignas(4096) uint8_t memory[DOMAINS * RAM_SIZE];
static uint8_t before[DOMAINS * RAM_SIZE];
static uint64_t mapped[WINDOW_SLOTS]; /* offset of the open page + 1; 0: none */
/* For fuzzers too: no test's assertion. */
#define must(condition) \
	do { \
		if (!(condition)) { \
			model_fail("%s:%d: %s", __FILE__, __LINE__, #condition); \
		} \
	} while (0)

static bool locked; /* RAM is for the window only */
static char fed[256];
static uint32_t fed_at, fed_count;
static jmp_buf gone;

/*
 * Memory
 */

/* One page at a time, each slot of the calling CPU's by itself. */
void *window_map(uint32_t cpu, uint32_t slot, pa_t pa)
{
	uint64_t offset = pa.pa - RAM_PA(0);
	uint32_t domain = (uint32_t)(offset / RAM_SIZE);

	must(cpu == model_cpu);
	must(slot < WINDOW_SLOTS && mapped[slot] == 0);
	must(offset < sizeof(memory));
	must(domain != PLAIN);
	mapped[slot] = ALIGN_DOWN(offset, PAGE_SIZE) + 1;
	ASAN_UNPOISON_MEMORY_REGION(memory + mapped[slot] - 1, PAGE_SIZE);
	return memory + offset;
}

void window_unmap(uint32_t cpu, uint32_t slot)
{
	uint64_t page = mapped[slot];

	must(cpu == model_cpu);
	must(page != 0);
	mapped[slot] = 0;
	if (locked && mapped[0] != page && mapped[1] != page) {
		ASAN_POISON_MEMORY_REGION(memory + page - 1, PAGE_SIZE);
	}
}

/* PAR_EL1, by the header's list of pages. */
uint64_t arch_translate_guest(uint64_t va, bool write)
{
	const struct domain *d = cpus[model_cpu].vcpu.domain;
	uint32_t domain = (uint32_t)(d - domains);
	uint64_t page = ALIGN_DOWN(va, PAGE_SIZE);

	if (va - VA_BASE < RAM_SIZE) {
		return RAM_PA(domain) + (page - VA_BASE);
	}
	switch (page) {
	case VA_READ_ONLY:
		return write ? 1 : RAM_PA(domain) + PAGE_SIZE;
	case VA_DEVICE:
		return DEVICE;
	case VA_FOREIGN:
		return RAM_PA((domain + 1) % DOMAINS);
	default:
		return 1;
	}
}

static void ram_lock(bool on)
{
	locked = on;
	if (on) {
		ASAN_POISON_MEMORY_REGION(memory, sizeof(memory));
	} else {
		ASAN_UNPOISON_MEMORY_REGION(memory, sizeof(memory));
	}
}

uint8_t *ram(uint32_t domain, uint64_t offset)
{
	return &memory[domain * RAM_SIZE + offset];
}

void ram_remember(void)
{
	memcpy(before, memory, sizeof(memory));
}

bool ram_same(uint32_t domain)
{
	return memcmp(before + domain * RAM_SIZE, memory + domain * RAM_SIZE, RAM_SIZE) == 0;
}

/*
 * Around guest/xen
 */

void vgic_raise_ppi(struct vcpu *v, uint32_t intid)
{
	must(vcpu_cpu(v)->index == model_cpu);
	must(intid == v->domain->desc->xen_events);
	raised[model_cpu]++;
}

void gic_send_sgi(uint32_t cpu, uint32_t sgi)
{
	must(sgi == HV_SGI_EVENT);
	must(cpu != model_cpu);
	told[cpu]++;
}

int64_t psci_call(struct vcpu *vcpu, uint32_t function, const struct guest_regs *r)
{
	(void)r;
	must(vcpu_cpu(vcpu)->index == model_cpu);
	must(function == PSCI_SYSTEM_OFF || function == PSCI_SYSTEM_RESET);
	ended = function == PSCI_SYSTEM_OFF ? END_OFF : END_RESET;
	longjmp(gone, 1);
}

void lifecycle_fault(struct domain *d, const char *why)
{
	must(d == cpus[model_cpu].vcpu.domain);
	must(why != NULL);
	ended = END_CRASH;
}

_Noreturn void power_vcpu_off(struct vcpu *vcpu)
{
	must(vcpu_cpu(vcpu)->index == model_cpu);
	must(ended == END_CRASH);
	longjmp(gone, 1);
}

void uart_init(uint64_t base)
{
	(void)base;
}

bool uart_try_put(uint64_t base, char c)
{
	(void)base;
	if (room == 0 || sent == sizeof(out)) {
		return false;
	}
	room--;
	out[sent++] = c;
	return true;
}

bool uart_put(uint64_t base, char c)
{
	(void)c;
	(void)base;
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
	(void)on;
}

void feed(const char *text)
{
	fed_count = (uint32_t)strlen(text);
	fed_at = 0;
	memcpy(fed, text, fed_count);
}

static bool clock_hook(enum model_sysreg reg, bool write, uint64_t *value)
{
	if (reg != MODEL_SYSREG_cntpct_el0 || write) {
		return false;
	}
	*value = ++waited * 1000; /* each look takes 1 us */
	return true;
}

/*
 * Set-up and calls
 */

static void map(uint32_t domain, struct stage2_pool *pool)
{
	struct stage2 s2;

	must(stage2_init(&s2, pool, 40) == STAGE2_OK);
	must(stage2_map(&s2, IPA(RAM_IPA(domain)), PA(RAM_PA(domain)), RAM_SIZE,
				    (struct stage2_attr){STAGE2_NORMAL_WB, true, true}) == STAGE2_OK);
	if (domain == DOM0) {
		must(stage2_map(&s2, IPA(DEVICE), PA(DEVICE), PAGE_SIZE,
					    (struct stage2_attr){STAGE2_DEVICE_NGNRE, true, false}) == STAGE2_OK);
		must(stage2_prepare(&s2, IPA(LATER), PA(LATER), PAGE_SIZE,
				    (struct stage2_attr){STAGE2_DEVICE_NGNRE, true, false}) == STAGE2_OK);
	}
	descs[domain].vttbr = stage2_vttbr(&s2, domain + 1);
	descs[domain].vtcr = stage2_vtcr(&s2, 40);
}

void machine_start(void)
{
	struct stage2_pool pool = {
		.pages = __tables_start, .base = VA((uint64_t)(uintptr_t)__tables_start), .count = TABLE_PAGES};

	ram_lock(false);
	model_reset();
	model_set_sysreg_hook(clock_hook);
	memset(cpus, 0, sizeof(cpus));
	memset(domains, 0, sizeof(domains));
	memset(memory, 0, sizeof(memory));
	memset(mapped, 0, sizeof(mapped));
	memset(raised, 0, sizeof(raised));
	memset(told, 0, sizeof(told));
	memset(out, 0, sizeof(out));
	sent = 0;
	fed_at = fed_count = 0;
	room = sizeof(out);
	rx_irq = true;
	ended = END_NONE;
	for (uint32_t i = 0; i < DOMAINS; i++) {
		map(i, &pool);
	}
	cpu_init_all();
	for (uint32_t i = 0; i < board.cpu_count; i++) {
		model_cpu = i;
		model_sysreg_write(MODEL_SYSREG_cntfrq_el0, 1000000000);
		sysreg_write_tpidr_el2((uint64_t)(uintptr_t)&cpus[i]);
		vcpu_claim(&cpus[i].vcpu);
		vcpu_set_on(&cpus[i].vcpu);
	}
	for (uint32_t i = 0; i < DOMAINS; i++) {
		model_cpu = cpus_of[i][0];
		xen_domain_init(&domains[i]);
		domains[i].state = DOMAIN_RUNNING;
	}
	model_cpu = 0;
}

int64_t step(uint32_t cpu, uint64_t number, uint64_t x0, uint64_t x1, uint64_t x2)
{
	uint32_t own = cpu_descs[cpu].domain;

	model_cpu = cpu;
	for (uint32_t i = 0; i < ARRAY_SIZE(regs.x); i++) {
		regs.x[i] = 0x5500 + i;
	}
	regs.x[0] = x0;
	regs.x[1] = x1;
	regs.x[2] = x2;
	regs.x[16] = number;
	sysreg_write_elr_el2(PC + 4);
	ended = END_NONE;
	ram_remember();
	ram_lock(true);
	if (setjmp(gone) == 0) {
		bool mine = xen_hypercall(&cpus[cpu].vcpu, &regs);

		must(mine == (own != PLAIN));
	}
	ram_lock(false);
	must(mapped[0] == 0 && mapped[1] == 0);
	for (uint32_t i = 0; i < DOMAINS; i++) {
		must(i == own || ram_same(i));
	}
	return (int64_t)regs.x[0];
}

bool goes_on(void)
{
	return ended == END_NONE && sysreg_read_elr_el2() == PC;
}

int64_t call(uint32_t cpu, uint64_t number, uint64_t x0, uint64_t x1, uint64_t x2)
{
	int64_t result = step(cpu, number, x0, x1, x2);

	while (goes_on()) {
		must(regs.x[16] == number);
		result = step(cpu, number, regs.x[0], regs.x[1], regs.x[2]);
	}
	return result;
}

void put(uint32_t domain, uint32_t page, const void *what, uint32_t size)
{
	memcpy(ram(domain, page * PAGE_SIZE), what, size);
}

void get(uint32_t domain, uint32_t page, void *what, uint32_t size)
{
	memcpy(what, ram(domain, page * PAGE_SIZE), size);
}

void share(uint32_t domain)
{
	struct xen_add_to_physmap a = {.domid = XEN_DOMID_SELF, .space = XENMAPSPACE_SHARED_INFO,
				       .gpfn = (RAM_IPA(domain) >> PAGE_SHIFT) + SHARED_PAGE};

	put(domain, 0, &a, sizeof(a));
	must(call(cpus_of[domain][0], XEN_MEMORY_OP, XENMEM_ADD_TO_PHYSMAP, VA_RAM(0), 0) == 0);
}

struct xen_shared_info *shared(uint32_t domain)
{
	return (struct xen_shared_info *)(void *)ram(domain, SHARED_PAGE * PAGE_SIZE);
}

void inform(uint32_t vcpu)
{
	struct xen_register_vcpu_info a = {.frame = (RAM_IPA(DOM0) >> PAGE_SHIFT) + INFO_PAGE, .offset = vcpu * 64};

	put(DOM0, 0, &a, sizeof(a));
	must(call(0, XEN_VCPU_OP, XEN_VCPU_REGISTER_INFO, vcpu, VA_RAM(0)) == 0);
}

struct xen_vcpu_info *info(uint32_t vcpu)
{
	return (struct xen_vcpu_info *)(void *)ram(DOM0, INFO_PAGE * PAGE_SIZE + vcpu * 64);
}
