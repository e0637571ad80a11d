// SPDX-License-Identifier: Apache-2.0
#include "unit/its/machine.h"

#include <string.h>

#include "arch/cpu.h"
#include "drivers/console.h"
#include "guest/its/priv.h"
#include "guest/vgic.h"
#include "mm/window.h"

#define MEMORY 0x60000

static _Alignas(65536) uint8_t lpi_memory[MEMORY];
static _Alignas(4096) uint8_t ram[MACHINE_DOMAINS][RAM_BYTES];
static const uint64_t mpidrs[MACHINE_CPUS] = {0x0, 0x1, 0x112, 0x100000001};
static bool window_open;
uint32_t its_warnings;

#define AT(offset) (&lpi_memory[offset])

struct gicm_config its_hardware;
struct gicm_config machine_gic;

const struct cpu_desc machine_cpus[MACHINE_CPUS] = {
	{.mpidr = 0x0, .domain = 0, .vcpu = 0},
	{.mpidr = 0x1, .domain = 1, .vcpu = 0},
	{.mpidr = 0x112, .domain = 0, .vcpu = 1},
	{.mpidr = 0x100000001, .domain = 0, .vcpu = 2},
};

/* 64 KiB after 64 KiB begins with a CPU's pending table; here each piece has pages. */
static const struct its_desc itses[] = {{
	.name = "its0",
	.base = ITS_BASE,
	.queue = (uint64_t *)(void *)AT(0x1000),
	.devices = (uint64_t *)(void *)AT(0x2000),
	.collections = (uint64_t *)(void *)AT(0x3000),
	.device_bits = 16,
}};

static const struct msi_ids ids_of_0[] = {{0x10, 0x10}, {0x400, 1}, {0x800, 1}};
static const struct msi_ids ids_of_1[] = {{0x20, 2}};
static const struct msi_desc msi[MACHINE_DOMAINS] = {
	{.lpi_first = 8192, .lpi_count = ITSM_LPIS, .collection = 0, .device_count = ITSM_DEVICES, .page_count = 1,
	 .ids = ids_of_0, .id_count = 3, .state = AT(0x11000), .pages = (uint64_t *)(void *)AT(0x12000),
	 .itts = AT(0x13000), .events = (uint32_t *)(void *)AT(0x14000),
	 .pending = (uint64_t *)(void *)AT(0x15000)},
	{.lpi_first = 8192 + ITSM_LPIS, .lpi_count = ITSM_LPIS, .collection = 4, .device_count = ITSM_DEVICES,
	 .page_count = 1, .ids = ids_of_1, .id_count = 1, .state = AT(0x21000),
	 .pages = (uint64_t *)(void *)AT(0x22000), .itts = AT(0x23000), .events = (uint32_t *)(void *)AT(0x24000),
	 .pending = (uint64_t *)(void *)AT(0x25000)},
};

static struct domain_desc descs[MACHINE_DOMAINS];

const struct board_tables board = {
	.magic = TABLES_MAGIC,
	.cpu_count = MACHINE_CPUS,
	.domain_count = MACHINE_DOMAINS,
	.gic = {.version = GIC_V3,
		.maintenance = GICM_MAINTENANCE,
		.gicd = {GICD_BASE, 0x10000},
		.gicr = {GICR_BASE, 0x100000}},
	.cpus = machine_cpus,
	.domains = descs,
	.its = itses,
	.its_count = 1,
	.lpi = {(uintptr_t)lpi_memory, MEMORY},
	.lpi_properties = AT(0x4000),
};

void log_print(const char *fmt, ...)
{
	(void)fmt;
	its_warnings++;
}

void arch_dcache_clean(const void *p, uint64_t size)
{
	(void)p;
	(void)size;
}

void arch_dcache_flush(const void *p, uint64_t size)
{
	(void)p;
	(void)size;
}

enum domain_memory domain_find_memory(const struct domain *d, ipa_t ipa, pa_t *pa, uint64_t *left)
{
	uint64_t offset = ipa.ipa - RAM_IPA;

	if (offset >= RAM_BYTES) {
		return ipa.ipa - ITS_BASE < 0x20000 ? DOMAIN_DEVICE : DOMAIN_NOTHING;
	}
	*pa = PA((uintptr_t)&ram[d - domains][offset]);
	*left = PAGE_SIZE - offset % PAGE_SIZE;
	return DOMAIN_RAM;
}

void *window_map(uint32_t cpu, uint32_t slot, pa_t pa)
{
	if (cpu != model_cpu || slot >= WINDOW_SLOTS || window_open) {
		model_fail("window %u of CPU %u", slot, cpu);
	}
	window_open = true;
	return (void *)(uintptr_t)pa.pa;
}

void window_unmap(uint32_t cpu, uint32_t slot)
{
	if (cpu != model_cpu || slot >= WINDOW_SLOTS || !window_open) {
		model_fail("window %u of CPU %u is not open", slot, cpu);
	}
	window_open = false;
}

uint8_t *its_ram(uint32_t domain)
{
	return ram[domain];
}

void its_set_property(uint32_t domain, uint32_t lpi, uint8_t value)
{
	ram[domain][PROPERTIES + lpi] = value;
}

static void enter(const struct vcpu *v)
{
	model_cpu = (uint32_t)(((const char *)v - (const char *)cpus) / (long)sizeof(struct cpu));
}

bool its_access(struct vcpu *v, bool write, uint64_t offset, uint32_t size, uint64_t *value)
{
	struct mmio_access a = {.vcpu = v, .offset = offset, .size = size, .write = write, .value = *value};
	bool ok;

	enter(v);
	ok = vits_access(&a);
	*value = a.value;
	machine_settle();
	if (window_open) {
		model_fail("a window is left open");
	}
	return ok;
}

uint64_t its_reg(struct vcpu *v, uint64_t offset)
{
	uint64_t value = 0;

	if (!its_access(v, false, offset, offset == GITS_CTLR || offset == GITS_IIDR ? 4 : 8, &value)) {
		model_fail("ITS register 0x%lx aborts", offset);
	}
	return value;
}

void its_set_reg(struct vcpu *v, uint64_t offset, uint64_t value)
{
	if (!its_access(v, true, offset, offset == GITS_CTLR ? 4 : 8, &value)) {
		model_fail("ITS register 0x%lx aborts", offset);
	}
}

bool its_do(struct vcpu *v, uint64_t w0, uint64_t w1, uint64_t w2, uint64_t w3)
{
	uint64_t words[] = {w0, w1, w2, w3};
	uint64_t at = its_reg(v, GITS_CWRITER);
	uint32_t before = its_warnings;

	vits_of(v->domain)->reports = 0; /* each is told */
	memcpy(its_ram((uint32_t)(v->domain - domains)) + QUEUE + at, words, sizeof(words));
	at = (at + ITS_CMD_SIZE) % 0x2000;
	its_set_reg(v, GITS_CWRITER, at);
	if (its_reg(v, GITS_CREADR) != at) {
		model_fail("the command at 0x%lx is not done", at);
	}
	return its_warnings != before;
}

bool its_mapd(struct vcpu *v, uint32_t device, uint32_t bits, bool valid)
{
	return !its_do(v, (uint64_t)device << 32 | ITS_MAPD, bits - 1,
		       (valid ? ITS_W2_VALID : 0) | 0x12345600, 0);
}

bool its_mapc(struct vcpu *v, uint32_t collection, uint32_t vcpu, bool valid)
{
	return !its_do(v, ITS_MAPC, 0, (valid ? ITS_W2_VALID : 0) | (uint64_t)vcpu << 16 | collection, 0);
}

bool its_mapti(struct vcpu *v, uint32_t device, uint32_t event, uint32_t lpi, uint32_t collection)
{
	return !its_do(v, (uint64_t)device << 32 | ITS_MAPTI, (uint64_t)lpi << 32 | event, collection, 0);
}

bool its_event(struct vcpu *v, enum its_command command, uint32_t device, uint32_t event)
{
	return !its_do(v, (uint64_t)device << 32 | command, event, 0, 0);
}

bool its_movi(struct vcpu *v, uint32_t device, uint32_t event, uint32_t collection)
{
	return !its_do(v, (uint64_t)device << 32 | ITS_MOVI, event, collection, 0);
}

void its_message(uint32_t device, uint32_t event)
{
	gicm_message(device, event);
	machine_settle();
}

uint32_t its_take(struct vcpu *v)
{
	uint32_t iar = machine_ack(v);

	if (iar == GICM_SPURIOUS) {
		return iar;
	}
	machine_eoi(v, iar);
	return iar & 0xffff;
}

void its_break(bool stuck, bool stall)
{
	gicm_break_its(stuck, stall);
	model_set_relax_hook(its_clock);
}

void its_clock(void)
{
	model_sysreg_write(MODEL_SYSREG_cntpct_el0, model_sysreg_read(MODEL_SYSREG_cntpct_el0) + 1000000);
}

static void guest_start(uint32_t domain)
{
	struct domain *d = &domains[domain];
	struct vcpu *boot = domain_vcpu(d, 0);
	uint64_t value;

	memset(ram[domain] + PROPERTIES, 0xa1, ITSM_LPIS);
	machine_write(boot, GICD_CTLR, GICD_CTLR_GRP0 | GICD_CTLR_GRP1);
	for (uint32_t i = 0; i < d->desc->cpu_count; i++) {
		struct vcpu *v = domain_vcpu(d, i);

		value = (RAM_IPA + PROPERTIES) | (LPI_ID_BITS - 1);
		machine_gicr(v, true, i * GICR_SIZE + GICR_PROPBASER, 8, &value);
		value = GICR_CTLR_ENABLE_LPIS;
		machine_gicr(v, true, i * GICR_SIZE + GICR_CTLR, 4, &value);
		machine_open(v, false);
	}
	its_set_reg(boot, GITS_CBASER, GITS_BASER_VALID | (RAM_IPA + QUEUE) | 1);
	its_set_reg(boot, GITS_CTLR, GITS_CTLR_ENABLED);
	for (uint32_t i = 0; i < d->desc->cpu_count; i++) {
		its_mapc(boot, i, i, true);
	}
}

void its_machine_start(uint32_t lrs, bool guests)
{
	struct vcpu *other;

	its_warnings = 0;
	window_open = false;
	memset(ram, 0, sizeof(ram));
	memset(lpi_memory, 0x5a, sizeof(lpi_memory)); /* as firmware leaves memory */
	its_hardware.version = 3;
	its_hardware.cpus = MACHINE_CPUS;
	its_hardware.mpidr = mpidrs;
	its_hardware.gicd = GICD_BASE;
	its_hardware.gicr = GICR_BASE;
	its_hardware.gicr_stride = 0x20000;
	its_hardware.its = ITS_BASE;
	its_hardware.its_memory = (uintptr_t)lpi_memory;
	its_hardware.its_memory_size = sizeof(lpi_memory);
	machine_gic = its_hardware;
	for (uint32_t i = 0; i < MACHINE_DOMAINS; i++) {
		descs[i] = machine_domains[i];
		descs[i].msi = &msi[i];
	}
	machine_descs = descs;
	machine_start(lrs);
	if (!guests) {
		return;
	}
	guest_start(0);
	guest_start(1);
	other = domain_vcpu(&domains[1], 0);
	its_mapd(other, 0x20, 1, true);
	its_mapti(other, 0x20, 0, 8192, 0);
	its_mapti(other, 0x20, 1, 8193, 0);
	if (its_warnings != 0) {
		model_fail("what guests usually do is passed over");
	}
}

void its_check_neighbour(void)
{
	struct vcpu *other = domain_vcpu(&domains[1], 0);

	for (uint32_t event = 0; event < 2; event++) {
		if (its_take(other) != GICM_SPURIOUS) {
			model_fail("an interrupt that nobody sent");
		}
		its_message(0x20, event);
		if (its_take(other) != 8192 + event) {
			model_fail("the neighbour's message does not come");
		}
	}
}

static void its_expect(bool done)
{
	if (!done) {
		model_fail("a command of the test's is passed over");
	}
}

void its_map_device(void)
{
	its_expect(its_mapd(a(0), DEVICE, 3, true));
	for (uint32_t n = 0; n < 8; n++) {
		its_expect(its_mapti(a(0), DEVICE, n, LPI(n), 0));
	}
}

void its_change_property(uint32_t lpi, uint8_t value)
{
	its_set_property(0, lpi, value);
	its_expect(its_event(a(0), ITS_INV, DEVICE, lpi));
}
