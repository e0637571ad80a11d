// SPDX-License-Identifier: Apache-2.0
#include "unit/vsmmu/machine.h"

#include <string.h>

#include "drivers/console.h"
#include "firmware/fdt.h"
#include "guest/vgic.h"
#include "iommu/iommu.h"
#include "lib/format.h"
#include "lib/time.h"
#include "models/model.h"
#include "unit/vsmmu/board.h"

struct smmum_config machine_config[SMMUM_MAX];
uint32_t machine_raised[256];
char machine_text[LINES_KEPT][160];
uint32_t machine_lines;
const char *machine_bootargs;
uint32_t machine_mmio;
uint32_t machine_acting = DOMAINS;

static bool lines[256]; /* levels of SPIs */
static uint32_t pending[SMMUM_MAX];
static uint64_t now;

/*
 * Around the virtual SMMU
 */

void vgic_set_level(struct domain *d, uint32_t intid, bool level)
{
	uint32_t domain = (uint32_t)(d - domains);

	must(domain < C && intid >= EVTQ_SPI(domain) && intid <= SYNC_SPI(domain));
	machine_raised[intid] += level && !lines[intid];
	lines[intid] = level;
}

bool fdt_bootargs(uint32_t cpu, pa_t fdt, char *line, uint32_t size)
{
	must(cpu == model_cpu);
	if (fdt.pa == 0 || machine_bootargs == NULL || strlen(machine_bootargs) >= size) {
		return false;
	}
	strcpy(line, machine_bootargs);
	return true;
}

const char *fdt_trouble(uint32_t cpu, pa_t fdt)
{
	must(cpu == model_cpu && fdt.pa != 0);
	return NULL;
}

void log_print(const char *fmt, ...)
{
	char *line = machine_text[machine_lines++ % LINES_KEPT];
	va_list ap;

	va_start(ap, fmt);
	must(format_text(line, sizeof(machine_text[0]), fmt, ap) != 0);
	va_end(ap);
}

bool machine_said(const char *text)
{
	for (uint32_t i = 0; i < LINES_KEPT && i < machine_lines; i++) {
		if (strstr(machine_text[i], text) != NULL) {
			return true;
		}
	}
	return false;
}

/*
 * SMMUs and time
 */

static uint64_t on_register(uint32_t n, uint32_t reg, uint64_t value)
{
	(void)n;
	(void)reg;
	machine_mmio++;
	return value;
}

static void on_irq(uint32_t n, enum smmum_irq line)
{
	pending[n] |= line;
}

/* The counter: 2 MHz; each look at it takes 1 us. */
static bool on_sysreg(enum model_sysreg reg, bool write, uint64_t *value)
{
	if (reg == MODEL_SYSREG_cntpct_el0 && !write) {
		now += 2;
		*value = now;
		return true;
	}
	if (reg == MODEL_SYSREG_cntfrq_el0) {
		*value = 2000000;
		return true;
	}
	return false;
}

void machine_pass_us(uint64_t us)
{
	now += 2 * us;
}

bool machine_round(void)
{
	bool any = false;
	uint64_t wake;
	bool hold;

	model_cpu = 0;
	for (uint32_t n = 0; n < SMMUM_MAX; n++) {
		uint32_t irqs = pending[n];

		pending[n] = 0;
		any |= irqs != 0;
		must((irqs & SMMUM_IRQ_EVTQ) == 0 || iommu_handle_irq(board.smmus[n].evtq_intid, &wake, &hold));
		must((irqs & SMMUM_IRQ_GERROR) == 0 || iommu_handle_irq(board.smmus[n].gerror_intid, &wake, &hold));
	}
	for (uint32_t d = 0; d < DOMAINS; d++) {
		if ((iommu_work & BIT64(d)) != 0) {
			any |= iommu_serve(d, true).wake != 0;
			vsmmuv3_catch_up(&domains[d]);
		}
	}
	for (model_cpu = 0; model_cpu < board.cpu_count; model_cpu++) {
		if (time_has_alarm()) {
			any = true;
			time_clear_alarm();
			machine_acting = (uint32_t)(cpus[model_cpu].vcpu.domain - domains);
			vsmmuv3_alarm(&cpus[model_cpu].vcpu);
			machine_acting = DOMAINS;
		}
	}
	model_cpu = 0;
	memory_check();
	return any;
}

void machine_settle(void)
{
	for (uint32_t i = 0; i < 100000; i++) {
		if (!machine_round()) {
			return;
		}
		machine_pass_us(100);
	}
	model_fail("it does not end");
}

/*
 * Set-up and accesses
 */

void machine_prepare(bool qemu, bool coherent, bool pieces)
{
	board_prepare(coherent, pieces);
	check_prepare();
	for (uint32_t n = 0; n < SMMUM_MAX; n++) {
		machine_config[n] = (struct smmum_config){
			.base = machine_smmus[n].reg.base,
			.idr0 = 0x0d4c101b, /* QEMU's, and two-level tables of contexts */
			.idr1 = 0x02730010,
			.idr3 = 0x1414,
			.idr5 = 0x75, /* 48 bits */
			.qemu = qemu,
			.irq = on_irq,
			.twist = on_register,
			.seen_command = board_command,
		};
	}
	smmum_reset();
	board_add_ram();
	memory_add_ram();
	machine_bootargs = NULL;
	machine_eager = false;
}

void machine_boot(void)
{

	model_reset();
	model_set_sysreg_hook(on_sysreg);
	memory_clear();
	board_restore();
	for (uint32_t n = 0; n < SMMUM_MAX; n++) {
		smmum_init(n, &machine_config[n]);
		pending[n] = 0;
	}
	memset(cpus, 0, board.cpu_count * sizeof(cpus[0]));
	memset(domains, 0, DOMAINS * sizeof(domains[0]));
	memset(machine_raised, 0, sizeof(machine_raised));
	memset(lines, 0, sizeof(lines));
	iommu_work = 0;
	machine_lines = 0;
	machine_changed = true;
	cpu_init_all();
	for (uint32_t i = 0; i < board.cpu_count; i++) {
		model_cpu = i;
		sysreg_write_tpidr_el2((uint64_t)(uintptr_t)&cpus[i]);
		vcpu_claim(&cpus[i].vcpu);
		vcpu_set_on(&cpus[i].vcpu);
	}
	model_cpu = 0;
	must(iommu_init() == NULL);
	vsmmuv3_options(0, PA(machine_bootargs != NULL ? 0x1000 : 0));
	for (uint32_t i = 0; i < DOMAINS; i++) {
		vsmmuv3_reset(&domains[i], 0);
		domains[i].state = DOMAIN_RUNNING;
	}
	machine_settle();
}

bool machine_access(uint32_t domain, uint64_t offset, uint32_t size, bool write, uint64_t *value)
{
	static const struct trap_window windows[DOMAINS] = {{0x10000000, 0x20000, WINDOW_VSMMUV3, 0, 0},
							    {0x20000000, 0x20000, WINDOW_VSMMUV3, 0, 0}};
	struct mmio_access a = {
		.window = &windows[domain], .offset = offset, .size = size, .write = write, .value = *value};
	bool done;

	must(domain < C);
	model_cpu = domains[domain].desc->cpus[0];
	a.vcpu = &cpus[model_cpu].vcpu;
	machine_maps = 0;
	machine_mmio = 0;
	machine_acting = domain;
	done = vsmmuv3_access(&a);
	machine_acting = DOMAINS;
	memory_check();
	if (!write) {
		*value = a.value;
	}
	return done;
}

static uint64_t access_done(uint32_t domain, uint32_t reg, uint32_t size, bool write, uint64_t value)
{
	must(machine_access(domain, reg, size, write, &value));
	if (!machine_fast) {
		machine_check();
	}
	return value;
}

uint32_t get(uint32_t domain, uint32_t reg)
{
	return (uint32_t)access_done(domain, reg, 4, false, 0);
}

void set(uint32_t domain, uint32_t reg, uint32_t value)
{
	access_done(domain, reg, 4, true, value);
}

uint64_t get64(uint32_t domain, uint32_t reg)
{
	return access_done(domain, reg, 8, false, 0);
}

void set64(uint32_t domain, uint32_t reg, uint64_t value)
{
	access_done(domain, reg, 8, true, value);
}

bool dma_by(uint32_t smmu, uint32_t sid, uint64_t address, bool write, uint32_t *value)
{
	return smmum_dma(smmu, sid, address, value, 4, write);
}

bool dma(uint32_t domain, uint32_t virt, uint64_t address, bool write, uint32_t *value)
{
	uint32_t smmu;
	uint32_t sid;

	must(machine_stream(domain, virt, &smmu, &sid));
	return dma_by(smmu, sid, address, write, value);
}
