// SPDX-License-Identifier: Apache-2.0
#include "unit/psci/machine.h"

#include <string.h>

#include "arch/cpu.h"
#include "guest/power.h"
#include "guest/psci.h"
#include "guest/smccc.h"
#include "mm/stage2.h"

#define TABLE_PAGES 48

extern uint64_t __tables_start[][512];
_Alignas(65536) uint64_t __tables_start[TABLE_PAGES][512];
uint8_t cpu_stacks[1][CPU_STACK_SIZE];

static const struct cpu_desc cpu_descs[] = {
	{.mpidr = 0x0, .domain = 0, .vcpu = 0},
	{.mpidr = 0x1, .domain = 0, .vcpu = 1},
	{.mpidr = 0x100, .domain = 1, .vcpu = 0},
	{.mpidr = 0x300000101, .domain = 0, .vcpu = 2},
	{.mpidr = 0x200, .domain = 2, .vcpu = 1},
	{.mpidr = 0x201, .domain = 2, .vcpu = 0},
};
static const uint8_t cpus_a[] = {0, 1, 3};
static const uint8_t cpus_b[] = {2};
static const uint8_t cpus_c[] = {5, 4};
static const struct mem_range ram_a[] = {{RAM, RAM_SIZE}};
static const struct mem_range ram_b[] = {{RAM + RAM_SIZE, RAM_SIZE}};
static const struct mem_range ram_c[] = {{RAM + 2 * RAM_SIZE, RAM_SIZE}};
static const struct payload_piece pieces[] = {{0x7000000, RAM, PAGE_SIZE}};
const uint32_t allow_a[3] = {0x02000003, 0x82000001, 0xc3000010};
struct domain_desc descs[] = {
	{.name = "a", .console_intid = 33, .flags = DOMAIN_HARDWARE, .cpus = cpus_a, .cpu_count = 3,
	 .ram = ram_a, .ram_count = 1, .smc_allow = allow_a, .smc_count = 3},
	{.name = "b", .console_intid = 40, .cpus = cpus_b, .cpu_count = 1, .ram = ram_b, .ram_count = 1,
	 .pieces = pieces, .piece_count = 1},
	{.name = "c", .cpus = cpus_c, .cpu_count = 2, .ram = ram_c, .ram_count = 1, .pieces = pieces,
	 .piece_count = 1, .entry = RAM + 0x80000, .dtb_ipa = RAM + 0x1000},
};

const struct board_tables board = {
	.cpu_count = CPUS,
	.domain_count = DOMAINS,
	.cpus = cpu_descs,
	.domains = descs,
	.uart = {.kind = UART_PL011, .intid = UART_INTID},
};

struct firmware fw;
jmp_buf gone;
bool off_vgic[CPUS], off_gic, domain_off_vgic;
struct did did[DOMAINS];
const char *no_gic;
bool bad_payload, stubborn, unstoppable;
uint32_t entered[CPUS], forgot[CPUS];
uint32_t spi_at[2];
bool pending;
uint32_t alarms, alarmed, flushed, dropped;
uint64_t rings_wait;
bool slow_console;
void (*meanwhile)(void);
uint32_t stopped[8], stop_count;
struct guest_regs regs;

static uint64_t ticks;

static void firmware_cpu(uint64_t x[18])
{
	struct cpu *cpu = cpu_find(x[1]);

	if (fw.refuses) {
		x[0] = INTERNAL_FAILURE;
		return;
	}
	if (fw.busy > 0) {
		fw.busy--;
		x[0] = ALREADY_ON;
		return;
	}
	assert_non_null(cpu);
	assert_int_equal(x[2], ENTRY_PA);
	assert_ptr_equal((void *)(uintptr_t)x[3], cpu);
	x[0] = fw.on[cpu->index] ? ALREADY_ON : 0;
	fw.on[cpu->index] = true;
}

void arch_smc(uint64_t x[18])
{
	switch ((uint32_t)x[0]) {
	case PSCI_VERSION:
		x[0] = fw.version;
		return;
	case PSCI_FEATURES:
		x[0] = NOT_SUPPORTED;
		if (x[1] == (PSCI_CPU_SUSPEND | PSCI_64)) {
			x[0] = (uint64_t)fw.suspend_features;
		} else if ((x[1] == (PSCI_SYSTEM_RESET2 | PSCI_64) && fw.reset2) ||
			   (x[1] == SMCCC_VERSION && fw.smccc)) {
			x[0] = 0;
		}
		return;
	case SMCCC_ARCH_FEATURES:
		x[0] = x[1] == SMCCC_ARCH_WORKAROUND_1 ? 0 : NOT_SUPPORTED;
		return;
	case SMCCC_ARCH_WORKAROUND_2:
		x[0] = NOT_SUPPORTED;
		return;
	case PSCI_AFFINITY_INFO | PSCI_64:
		x[0] = fw.on[cpu_find(x[1])->index] ? 0 : 1;
		return;
	default:
		break;
	}
	memcpy(fw.call, x, sizeof(fw.call));
	fw.calls++;
	switch ((uint32_t)x[0]) {
	case PSCI_CPU_ON | PSCI_64:
		firmware_cpu(x);
		break;
	case PSCI_CPU_OFF:
		fw.on[model_cpu] = false;
		longjmp(gone, 1);
	case PSCI_SYSTEM_OFF:
	case PSCI_SYSTEM_RESET:
		longjmp(gone, 1);
	default:
		for (uint32_t i = 0; i < 18; i++) {
			x[i] = 0x1000 + i;
		}
		break;
	}
}

static bool clock_hook(enum model_sysreg reg, bool write, uint64_t *value)
{
	if (reg != MODEL_SYSREG_cntpct_el0 || write) {
		return false;
	}
	*value = ticks += 1000000; /* 1 ms at 1 GHz */
	return true;
}

static void map(uint32_t domain, struct stage2_pool *pool, uint64_t ipa, uint64_t pa)
{
	struct stage2 s2;

	assert_int_equal(stage2_init(&s2, pool, 40), STAGE2_OK);
	assert_int_equal(stage2_map(&s2, IPA(ipa), PA(pa), RAM_SIZE,
				    (struct stage2_attr){STAGE2_NORMAL_WB, true, true}), STAGE2_OK);
	/* A device: mapped, but no RAM. */
	assert_int_equal(stage2_map(&s2, IPA(0x09000000), PA(0x09000000), PAGE_SIZE,
				    (struct stage2_attr){STAGE2_DEVICE_NGNRE, true, false}), STAGE2_OK);
	descs[domain].vttbr = stage2_vttbr(&s2, domain + 1);
	descs[domain].vtcr = stage2_vtcr(&s2, 40);
}

static void go_off(uint32_t cpu)
{
	cpus[cpu].vcpu.domain->cpus_on = CPUS; /* it is not the last one */
	model_cpu = cpu;
	if (setjmp(gone) == 0) {
		power_vcpu_off(&cpus[cpu].vcpu);
	}
}

/* Whatever an earlier test left on: nobody has the hypervisor's interrupts then. */
static void retire(void)
{
	for (uint32_t i = 0; i < board.cpu_count; i++) {
		if (cpus[i].vcpu.domain != NULL) {
			go_off(i);
		}
	}
}

void machine_start(void)
{
	struct stage2_pool pool = {
		.pages = __tables_start, .base = VA((uint64_t)(uintptr_t)__tables_start), .count = TABLE_PAGES};

	retire();
	model_reset();
	model_set_sysreg_hook(clock_hook);
	memset(cpus, 0, sizeof(cpus));
	memset(domains, 0, sizeof(domains));
	memset(&fw, 0, sizeof(fw));
	memset(off_vgic, 0, sizeof(off_vgic));
	memset(did, 0, sizeof(did));
	memset(entered, 0, sizeof(entered));
	memset(forgot, 0, sizeof(forgot));
	no_gic = NULL;
	bad_payload = stubborn = unstoppable = false;
	for (uint32_t i = 0; i < DOMAINS; i++) {
		descs[i].on_fault = ON_FAULT_STOP;
		descs[i].retries = 3;
	}
	off_gic = false;
	domain_off_vgic = false;
	meanwhile = NULL;
	pending = false;
	alarms = 0;
	alarmed = 0;
	rings_wait = 0;
	flushed = 0;
	dropped = 0;
	slow_console = false;
	stop_count = 0;
	map(0, &pool, RAM, RAM);
	map(1, &pool, RAM_IPA, RAM + RAM_SIZE);
	map(2, &pool, RAM, RAM + 2 * RAM_SIZE);
	cpu_init_all();
	for (uint32_t i = 0; i < CPUS; i++) {
		model_cpu = i;
		sysreg_write_tpidr_el2((uint64_t)(uintptr_t)&cpus[i]);
		sysreg_write_cntfrq_el0(1000000000);
	}
	model_cpu = 0;
	fw.version = 0x10001;
	fw.suspend_features = 0;
	fw.reset2 = true;
	fw.smccc = true;
	assert_null(firmware_init());
	psci_init();
	/* Two domains run, each on its boot CPU. */
	for (uint32_t i = 0; i < 2; i++) {
		struct vcpu *boot = domain_vcpu(&domains[i], 0);

		domains[i].state = DOMAIN_RUNNING;
		domains[i].starts = 1;
		assert_int_equal(vcpu_claim(boot), VCPU_OFF);
		assert_true(vcpu_set_on(boot));
		fw.on[vcpu_cpu(boot)->index] = true;
	}
}

uint64_t call_with(uint32_t cpu, uint64_t x0, uint64_t x1, uint64_t x2, uint64_t x3, bool smc)
{
	model_cpu = cpu;
	sysreg_write_elr_el2(PC);
	memset(&regs, 0, sizeof(regs));
	regs.x[0] = x0;
	regs.x[1] = x1;
	regs.x[2] = x2;
	regs.x[3] = x3;
	for (uint32_t i = 4; i < ARRAY_SIZE(regs.x); i++) {
		regs.x[i] = 0x5500 + i;
	}
	if (setjmp(gone) != 0) {
		return GONE;
	}
	if (smc) {
		smccc_smc(&cpus[cpu].vcpu, &regs, UINT64_C(0x5e000000));
	} else {
		smccc_hvc(&cpus[cpu].vcpu, &regs, UINT64_C(0x5a000000));
	}
	return regs.x[0];
}

void come_up(uint32_t cpu)
{
	model_cpu = cpu;
	if (setjmp(gone) == 0) {
		power_cpu_run(&cpus[cpu]);
	}
}

uint64_t call(uint64_t x0, uint64_t x1, uint64_t x2, uint64_t x3)
{
	return call_with(0, x0, x1, x2, x3, false);
}
