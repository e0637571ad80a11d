// SPDX-License-Identifier: Apache-2.0
/* The domains, and who owns what when the words `all-others` are resolved. */
#include <stdlib.h>
#include <string.h>

#include "board.h"
#include "tables.h"

#define FAULT_RETRIES 3 /* of a domain that does not say */
#define HYPERVISOR_SIZE 0x100000

static void system_take_cpu(struct board *b, size_t index, const struct yaml_item *at, size_t cpu)
{
	if (b->cpus[cpu].owner != OWNER_NOBODY) {
		board_refuse(b, at, "CPU '%s' has two owners", b->cpus[cpu].name);
		return;
	}
	b->cpus[cpu].owner = (int)index;
	b->cpus[cpu].vcpu = (uint32_t)b->domains[index].cpu_count++;
}

static void system_name_cpus(struct board *b, size_t index, const struct yaml_item *cpus)
{
	for (size_t i = 0; i < cpus->count; i++) {
		size_t cpu = 0;

		while (cpu < b->cpu_total && !yaml_is(cpus->values[i], b->cpus[cpu].name)) {
			cpu++;
		}
		if (cpu == b->cpu_total) {
			board_refuse(b, cpus->values[i], "no such CPU");
		} else if (cpu < b->cpu_count) {
			system_take_cpu(b, index, cpus->values[i], cpu);
		}
	}
}

/* CPUs that are named go first, then whoever takes the rest. */
static void system_read_cpus(struct board *b, const struct yaml_item *domains)
{
	for (size_t i = 0; i < domains->count; i++) {
		const struct yaml_item *cpus = yaml_get(domains->values[i], "cpus");

		if (cpus != NULL && cpus->kind == YAML_LIST) {
			system_name_cpus(b, i, cpus);
		}
	}
	for (size_t i = 0; i < domains->count; i++) {
		const struct yaml_item *cpus = yaml_get(domains->values[i], "cpus");
		bool all = yaml_is(cpus, "all");

		if (!all && !yaml_is(cpus, "all-others")) {
			continue;
		}
		for (size_t cpu = 0; cpu < b->cpu_count; cpu++) {
			if (all || b->cpus[cpu].owner == OWNER_NOBODY) {
				system_take_cpu(b, i, cpus, cpu);
			}
		}
	}
}

static void system_read_ram(struct board *b, struct domain *d, const struct yaml_item *memory)
{
	if (memory == NULL) {
		return;
	}
	d->memory_at = memory->at;
	d->all_ram = yaml_is(memory, "all-others");
	d->ram = mem_alloc(b->mem, memory->count, sizeof(*d->ram));
	for (size_t i = 0; i < memory->count; i++) {
		const struct yaml_item *item = memory->values[i];
		struct ram *r = &d->ram[d->ram_count++];

		r->at = item->at;
		r->has_base = yaml_get(item, "base") != NULL;
		r->has_ipa = yaml_get(item, "ipa") != NULL;
		r->base = board_number(b, item, "base", 0);
		r->ipa = board_number(b, item, "ipa", r->base);
		r->size = board_number(b, item, "size", 0);
		if (r->size == 0 || r->base + r->size < r->base || r->ipa + r->size < r->ipa) {
			board_refuse(b, item, "not a RAM range");
		}
	}
}

static void system_take_device(struct board *b, size_t index, const struct yaml_item *at, struct device *d)
{
	if (!d->enabled) {
		board_refuse(b, at, "device '%s' is disabled", d->name);
	} else if (d->owner != OWNER_NOBODY && d->owner != (int)index) {
		board_refuse(b, at, "device '%s' has an owner already", d->name);
	}
	d->owner = (int)index;
}

static void system_read_devices(struct board *b, const struct yaml_item *domains)
{
	for (size_t i = 0; i < domains->count; i++) {
		const struct yaml_item *list = yaml_get(domains->values[i], "devices");

		b->domains[i].all_devices = yaml_is(list, "all-others");
		for (size_t j = 0; list != NULL && list->kind == YAML_LIST && j < list->count; j++) {
			const struct yaml_item *name = list->values[j];
			struct device *d = name->kind == YAML_SCALAR ? board_device(b, name->text) : NULL;

			if (d == NULL) {
				board_refuse(b, name, "no such device");
			} else {
				system_take_device(b, i, name, d);
			}
		}
	}
	for (size_t i = 0; i < b->domain_count; i++) {
		for (size_t j = 0; b->domains[i].all_devices && j < b->device_count; j++) {
			if (b->devices[j].enabled && b->devices[j].owner == OWNER_NOBODY) {
				b->devices[j].owner = (int)i;
			}
		}
	}
}

/* The board's console changes hands only when it is a domain's console. */
static void system_take_console(struct board *b, size_t index, const struct yaml_item *at,
				struct device *device)
{
	if (device->owner == OWNER_HYPERVISOR) {
		device->owner = OWNER_NOBODY;
	}
	system_take_device(b, index, at, device);
}

/* A domain's console: a device of its own (on which the hypervisor then only
 * writes), or a PL011 that the hypervisor plays, where the board's console is
 * unless the domain says otherwise. */
static void system_read_console(struct board *b, size_t index, const struct yaml_item *console)
{
	struct domain *d = &b->domains[index];
	const struct yaml_item *interrupt = yaml_get(console, "interrupt");
	const struct yaml_item *reg = yaml_get(console, "reg");
	struct device *device;

	if (console == NULL || yaml_is(console, "none")) {
		return;
	}
	if (console->kind == YAML_SCALAR && !yaml_is(console, "vpl011")) {
		device = board_device(b, console->text);
		if (device == NULL) {
			board_refuse(b, console, "the console is no device");
		} else {
			system_take_console(b, index, console, device);
		}
		return;
	}
	d->vpl011 = board_range(b, reg);
	if (reg == NULL && b->console != NULL && b->console->reg_count > 0) {
		d->vpl011 = b->console->reg[0];
		d->vpl011.size = PAGE_SIZE;
	}
	d->vpl011_irq = board_irq(b, interrupt);
	if (interrupt == NULL && b->console != NULL && b->console->irq_count > 0) {
		d->vpl011_irq = b->console->irqs[0];
	}
	/* Where firmware names the console, its place is not known yet. */
	if (d->vpl011.size == 0 && !b->acpi) {
		board_refuse(b, console, "the virtual PL011 has no address");
	}
}

static int system_compare_numbers(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a;
	uint64_t y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

static void system_read_smc(struct board *b, struct domain *d, const struct yaml_item *list)
{
	size_t count = list != NULL ? list->count : 0;

	d->smc = mem_alloc(b->mem, count, sizeof(*d->smc));
	for (size_t i = 0; i < count; i++) {
		if (!yaml_number(list->values[i], &d->smc[i])) {
			board_refuse(b, list->values[i], "not a function ID");
		}
	}
	if (count > 1) {
		qsort(d->smc, count, sizeof(*d->smc), system_compare_numbers);
	}
	for (size_t i = 0; i < count; i++) {
		if (d->smc_count == 0 || d->smc[d->smc_count - 1] != d->smc[i]) {
			d->smc[d->smc_count++] = d->smc[i];
		}
	}
}

static void system_read_xen(struct board *b, struct domain *d, const struct yaml_item *item)
{
	const struct yaml_item *dma = yaml_get(item, "xen-dma");

	d->xen = yaml_is(yaml_get(item, "guest-abi"), "xen");
	if (yaml_is(dma, "direct-mapped")) {
		d->xen_forced = XEN_FEATURE_DIRECT_MAPPED;
	} else if (yaml_is(dma, "not-direct-mapped")) {
		d->xen_forced = XEN_FEATURE_NOT_DIRECT_MAPPED;
	} else if (dma != NULL && !yaml_is(dma, "auto")) {
		board_refuse(b, dma, "not a DMA feature");
	}
}

/* true, or a mapping of what is not left open. */
static struct virtual system_read_virtual(struct board *b, const struct yaml_item *item)
{
	struct virtual v = {.given = false};

	if (item != NULL && !yaml_is(item, "false")) {
		v.given = true;
		v.reg = board_range(b, yaml_get(item, "reg"));
		v.irq = board_irq(b, yaml_get(item, "interrupt"));
		if (item->kind != YAML_MAP && !yaml_is(item, "true")) {
			board_refuse(b, item, "neither true nor false");
		}
	}
	return v;
}

static struct colors system_read_colors(struct board *b, const struct yaml_item *item)
{
	struct colors c = {.count = 0};

	if (item != NULL) {
		c.first = board_number(b, item, "first", 0);
		c.count = board_number(b, item, "count", 0);
		c.at = item->at;
	}
	return c;
}

/* A word, or {policy: word, retries: N}. */
static void system_read_fault(struct board *b, struct domain *d, const struct yaml_item *item)
{
	bool map = item != NULL && item->kind == YAML_MAP;
	const struct yaml_item *word = map ? yaml_get(item, "policy") : item;

	d->on_fault = ON_FAULT_STOP;
	d->retries = map ? board_number(b, item, "retries", FAULT_RETRIES) : FAULT_RETRIES;
	if (yaml_is(word, "restart")) {
		d->on_fault = ON_FAULT_RESTART;
	} else if (yaml_is(word, "panic")) {
		d->on_fault = ON_FAULT_PANIC;
	} else if (word != NULL && !yaml_is(word, "stop")) {
		board_refuse(b, word, "not a policy");
	}
}

/* Names beside the image; what is no text there, or no mapping, is none. */
static void system_read_files(struct domain *d, const struct yaml_item *esp)
{
	const struct yaml_item *kernel = yaml_get(esp, "kernel"), *initrd = yaml_get(esp, "initrd");
	const struct yaml_item *cmdline = yaml_get(esp, "cmdline");

	d->kernel_file = kernel != NULL ? kernel->text : NULL;
	d->initrd_file = initrd != NULL ? initrd->text : NULL;
	d->cmdline_file = cmdline != NULL ? cmdline->text : NULL;
}

static void system_read_domain(struct board *b, size_t index, const struct yaml_item *name,
			       const struct yaml_item *item)
{
	struct domain *d = &b->domains[index];

	d->name = name->text;
	d->at = name->at;
	d->iommu_off = yaml_is(yaml_get(item, "iommu"), "off");
	d->iommu_required = yaml_is(yaml_get(item, "iommu"), "required");
	d->hardware = yaml_is(yaml_get(item, "role"), "hardware");
	board_read_mmio(b, d, yaml_get(item, "mmio"));
	system_read_fault(b, d, yaml_get(item, "on-fault"));
	system_read_ram(b, d, yaml_get(item, "memory"));
	d->colors = system_read_colors(b, yaml_get(item, "colors"));
	system_read_smc(b, d, yaml_get(item, "smc-allow"));
	system_read_xen(b, d, item);
	board_read_msi(b, d, yaml_get(item, "msi"));
	d->control = system_read_virtual(b, yaml_get(item, "control"));
	d->watchdog = system_read_virtual(b, yaml_get(item, "watchdog"));
	system_read_files(d, yaml_get(yaml_get(item, "payload"), "esp"));
}

void board_read_system(struct board *b, const struct yaml_item *root)
{
	const struct yaml_item *domains = yaml_get(root, "domains");
	const struct yaml_item *hypervisor = yaml_get(root, "hypervisor");

	b->hypervisor_size = board_number(b, hypervisor, "size", HYPERVISOR_SIZE);
	b->hypervisor_colors = system_read_colors(b, yaml_get(hypervisor, "colors"));
	b->hypervisor_at = hypervisor != NULL ? hypervisor->at : b->load_at;
	if (domains == NULL || domains->kind != YAML_MAP || domains->count == 0 ||
	    domains->count > DOMAINS_MAX) {
		board_refuse(b, root, "no domains, or more than %d", DOMAINS_MAX);
		return;
	}
	b->domains = mem_alloc(b->mem, domains->count, sizeof(*b->domains));
	b->domain_count = domains->count;
	if (b->console != NULL) {
		b->console->owner = OWNER_HYPERVISOR;
	}
	for (size_t i = 0; i < domains->count; i++) {
		system_read_domain(b, i, domains->keys[i], domains->values[i]);
		system_read_console(b, i, yaml_get(domains->values[i], "console"));
	}
	system_read_cpus(b, domains);
	system_read_devices(b, domains);
	board_read_viommus(b, domains);
	board_read_shared(b, root);
}
