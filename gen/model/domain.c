/* SPDX-License-Identifier: Apache-2.0 */
/* The domains of system.yaml. */
#include <string.h>

#include "model/build.h"

#define HV_SIZE_DEFAULT 0x100000
#define MSI_LPIS_DEFAULT 512
#define MSI_DEVICES_DEFAULT 16

static bool is_word(const struct node *n, const char *word)
{
	return n != NULL && n->kind == NODE_SCALAR && strcmp(n->text, word) == 0;
}

/* CPUs listed by name. Those that --cpus took away are left out. */
static void domain_cpu_list(struct build *b, struct m_domain *dom, const struct node *n)
{
	size_t named = 0;

	for (size_t i = 0; i < n->count; i++) {
		size_t cpu = get_given(n->items[i]) ? build_find(b, &b->cpus, n->items[i], "CPU") : MODEL_NONE;

		named += cpu != MODEL_NONE ? 1 : 0;
		if (cpu != MODEL_NONE && cpu < b->m->board.cpu_count) {
			dom->cpus[dom->cpu_count] = cpu;
			dom->cpu_pos[dom->cpu_count++] = n->items[i]->pos;
		}
	}
	if (named > 0 && dom->cpu_count == 0) {
		struct diag_msg *m = diag_error(b->d, 124, n->pos, "with --cpus %u '%s' has no CPU left", b->cpu_limit,
						dom->name.s);

		diag_help(m, "give its CPUs from the first %u of the board, or take another system file", b->cpu_limit);
	}
}

static void domain_cpus(struct build *b, struct m_domain *dom, const struct node *n)
{
	size_t board = b->m->board.cpu_count;
	size_t room = get_given(n) && n->kind == NODE_SEQUENCE && n->count > board ? n->count : board;

	dom->cpus = arena_array(b->a, room, sizeof(*dom->cpus));
	dom->cpu_pos = arena_array(b->a, room, sizeof(*dom->cpu_pos));
	if (!get_given(n)) {
		return;
	}
	if (n->kind == NODE_SEQUENCE) {
		domain_cpu_list(b, dom, n);
		return;
	}
	for (size_t i = 0; is_word(n, "all") && i < board; i++) {
		dom->cpus[dom->cpu_count] = i;
		dom->cpu_pos[dom->cpu_count++] = n->pos;
	}
}

static void domain_memory(struct build *b, struct m_domain *dom, const struct node *n)
{
	size_t room = get_given(n) && n->kind == NODE_SEQUENCE ? n->count : 0;

	dom->memory_pos = get_given(n) ? n->pos : dom->pos;
	dom->all_other_ram = is_word(n, "all-others");
	dom->ram = arena_array(b->a, room, sizeof(*dom->ram));
	for (size_t i = 0; i < room; i++) {
		const struct node *item = n->items[i];
		struct m_number base = get_number(node_get(item, "base"));
		struct m_number ipa = get_number(node_get(item, "ipa"));
		struct m_number size = get_number(node_get(item, "size"));

		if (size.given) {
			dom->ram[dom->ram_count++] = (struct m_ram){
				.has_base = base.given,
				.has_ipa = ipa.given,
				.base = base.v,
				.ipa = ipa.given ? ipa.v : base.v,
				.size = size.v,
				.pos = item->pos,
			};
		}
	}
}

static void domain_devices(struct build *b, struct m_domain *dom, const struct node *n)
{
	size_t room = get_given(n) && n->kind == NODE_SEQUENCE ? n->count : 0;

	dom->devices_pos = get_given(n) ? n->pos : dom->pos;
	dom->all_other_devices = is_word(n, "all-others");
	dom->devices = arena_array(b->a, room, sizeof(*dom->devices));
	dom->device_pos = arena_array(b->a, room, sizeof(*dom->device_pos));
	for (size_t i = 0; i < room; i++) {
		size_t dev = get_given(n->items[i]) ? build_find(b, &b->devices, n->items[i], "device") : MODEL_NONE;

		if (dev != MODEL_NONE) {
			dom->devices[dom->device_count] = dev;
			dom->device_pos[dom->device_count++] = n->items[i]->pos;
		}
	}
}

/* A console is a device's name or one of two words, and either may be misspelt. */
static void domain_console_device(struct build *b, struct m_domain *dom, const struct node *n)
{
	const char **names;
	const char *near;
	struct diag_msg *m;

	dom->console_device = strmap_get(&b->devices.map, n->text);
	if (dom->console_device != STRMAP_NONE) {
		dom->console = CONSOLE_DEVICE;
		return;
	}
	dom->console_device = MODEL_NONE;
	names = arena_array(b->a, b->devices.count + 2, sizeof(*names));
	names[0] = "vpl011";
	names[1] = "none";
	for (size_t i = 0; i < b->devices.count; i++) {
		names[i + 2] = b->devices.list[i];
	}
	m = diag_error(b->d, 118, n->pos, "the console is none, vpl011 or a device, and no device is named '%s'",
		       n->text);
	near = diag_suggest_among(n->text, names, b->devices.count + 2);
	if (near != NULL) {
		diag_help(m, "did you mean '%s'?", near);
	}
}

static void domain_console(struct build *b, struct m_domain *dom, const struct node *n)
{
	const struct node *irq = node_get(n, "interrupt");

	dom->console = CONSOLE_NONE;
	dom->console_device = MODEL_NONE;
	dom->console_pos = get_given(n) ? n->pos : dom->pos;
	if (!get_given(n) || is_word(n, "none")) {
		return;
	}
	if (n->kind == NODE_MAPPING || is_word(n, "vpl011")) {
		dom->console = CONSOLE_VPL011;
		dom->vpl011 = get_range(node_get(n, "reg"));
		dom->vpl011_irq = get_irq(irq);
		if (get_given(node_get(irq, "ppi"))) {
			struct diag_msg *m = diag_error(b->d, 123, irq->pos, "a console's interrupt is an SPI, not a PPI");

			diag_help(m, "write {spi: N}: SPI N is INTID N + 32");
		}
		return;
	}
	domain_console_device(b, dom, n);
}

static struct m_colors colors_build(const struct node *n, struct pos otherwise)
{
	return (struct m_colors){
		.first = (uint32_t)get_number(node_get(n, "first")).v,
		.count = (uint32_t)get_number(node_get(n, "count")).v,
		.pos = get_given(n) ? n->pos : otherwise,
	};
}

static void domain_msi(struct m_domain *dom, const struct node *n)
{
	dom->msi_pos = get_given(n) ? n->pos : dom->pos;
	if (get_given(n)) {
		dom->msi_lpis = (uint32_t)get_number_or(node_get(n, "interrupts"), MSI_LPIS_DEFAULT);
		dom->msi_devices = (uint32_t)get_number_or(node_get(n, "devices"), MSI_DEVICES_DEFAULT);
	}
}

/* true, or a mapping with what is not to be left to the plan. */
static struct m_virtual virtual_build(const struct node *n, struct pos otherwise)
{
	return (struct m_virtual){
		.given = get_given(n) && (n->kind == NODE_MAPPING || is_word(n, "true")),
		.reg = get_range(node_get(n, "reg")),
		.irq = get_irq(node_get(n, "interrupt")),
		.pos = get_given(n) ? n->pos : otherwise,
	};
}

/* What only firmware can list, or does list, may be found out by who uses it. */
static void domain_mmio(const struct build *b, struct m_domain *dom, const struct node *n)
{
	const struct m_board *board = &b->m->board;
	bool unsaid = dom->hardware && board->firmware == FW_ACPI && board->gic.version != 2;

	dom->mmio_pos = get_given(n) ? n->pos : dom->pos;
	dom->on_demand = get_given(n) ? is_word(n, "on-demand") : unsaid;
}

static void domain_esp(struct m_domain *dom, const struct node *n)
{
	static const char *const keys[EFI_FILES] = {
		[EFI_FILE_KERNEL] = "kernel", [EFI_FILE_INITRD] = "initrd", [EFI_FILE_CMDLINE] = "cmdline",
	};

	dom->esp_pos = get_given(n) ? n->pos : dom->pos;
	for (size_t i = 0; i < EFI_FILES; i++) {
		dom->esp[i] = get_string(node_get(n, keys[i]));
	}
}

#define FAULT_RETRIES 3

static void domain_build(struct build *b, struct m_domain *dom, const struct node *key, const struct node *n)
{
	static const char *const abis[] = {"none", "xen", NULL};
	static const char *const policies[] = {"auto", "required", "off", NULL};
	static const char *const dma[] = {"auto", "direct-mapped", "not-direct-mapped", NULL};
	static const char *const faults[] = {"stop", "restart", "panic", NULL};
	const struct node *role = node_get(n, "role");
	const struct node *payload = node_get(n, "payload");
	const struct node *iommu = node_get(n, "iommu");
	const struct node *smc = node_get(n, "smc-allow");
	const struct node *fault = node_get(n, "on-fault");
	bool long_form = get_given(fault) && fault->kind == NODE_MAPPING;
	const struct node *word = long_form ? node_get(fault, "policy") : fault;

	dom->name = get_string(key);
	dom->pos = key->pos;
	dom->hardware = is_word(role, "hardware");
	dom->role_pos = get_string(role).pos;
	domain_cpus(b, dom, node_get(n, "cpus"));
	domain_memory(b, dom, node_get(n, "memory"));
	dom->colors = colors_build(node_get(n, "colors"), dom->pos);
	domain_devices(b, dom, node_get(n, "devices"));
	domain_mmio(b, dom, node_get(n, "mmio"));
	domain_console(b, dom, node_get(n, "console"));
	dom->kernel = get_string(node_get(payload, "kernel"));
	dom->initrd = get_string(node_get(payload, "initrd"));
	dom->cmdline = get_string(node_get(payload, "cmdline"));
	domain_esp(dom, node_get(payload, "esp"));
	domain_msi(dom, node_get(n, "msi"));
	dom->guest_abi = (enum m_guest_abi)get_enum(node_get(n, "guest-abi"), abis, ABI_NONE);
	dom->abi_pos = get_string(node_get(n, "guest-abi")).pos;
	dom->xen_dma = (enum m_xen_dma)get_enum(node_get(n, "xen-dma"), dma, XEN_DMA_AUTO);
	dom->xen_dma_pos = get_string(node_get(n, "xen-dma")).pos;
	dom->iommu = (enum m_iommu_flag)get_enum(iommu, policies, IOMMU_AUTO);
	dom->iommu_pos = get_given(iommu) ? iommu->pos : dom->pos;
	build_vsmmu(b, dom, node_get(n, "viommu"));
	dom->control = virtual_build(node_get(n, "control"), dom->pos);
	dom->watchdog = virtual_build(node_get(n, "watchdog"), dom->pos);
	build_uses(b, dom, n);
	dom->on_fault = (enum m_on_fault)get_enum(word, faults, FAULT_STOP);
	dom->fault_pos = get_string(word).pos;
	dom->retries = (uint16_t)get_number_or(node_get(fault, "retries"), FAULT_RETRIES);
	dom->smc_allow = arena_array(b->a, get_given(smc) ? smc->count : 0, sizeof(*dom->smc_allow));
	for (size_t i = 0; get_given(smc) && i < smc->count; i++) {
		struct m_number id = get_number(smc->items[i]);

		if (id.given) {
			dom->smc_allow[dom->smc_count++] = id;
		}
	}
}

/* `cpus: all-others`: what no list and no `all` took. */
static void domain_other_cpus(struct build *b, const struct node *tree)
{
	struct model *m = b->m;
	bool *taken = arena_array(b->a, m->board.cpu_count, sizeof(*taken));

	for (size_t i = 0; i < m->domain_count; i++) {
		for (size_t j = 0; j < m->domains[i].cpu_count; j++) {
			taken[m->domains[i].cpus[j]] = true;
		}
	}
	for (size_t i = 0; i < m->domain_count; i++) {
		const struct node *cpus = node_get(tree->items[i], "cpus");
		struct m_domain *dom = &m->domains[i];

		for (size_t cpu = 0; is_word(cpus, "all-others") && cpu < m->board.cpu_count; cpu++) {
			if (!taken[cpu]) {
				taken[cpu] = true;
				dom->cpus[dom->cpu_count] = cpu;
				dom->cpu_pos[dom->cpu_count++] = cpus->pos;
			}
		}
	}
}

void build_system(struct build *b, const struct node *tree)
{
	const struct node *hv = node_get(tree, "hypervisor");
	const struct node *domains = node_get(tree, "domains");
	struct model *m = b->m;

	m->hv_size = get_number_or(node_get(hv, "size"), HV_SIZE_DEFAULT);
	m->hv_pos = get_given(node_get(hv, "size")) ? node_get(hv, "size")->pos : pos_none;
	m->hv_colors = colors_build(node_get(hv, "colors"), pos_none);
	build_shared(b, tree);
	m->domain_count = get_given(domains) ? domains->count : 0;
	m->domains = arena_array(b->a, m->domain_count, sizeof(*m->domains));
	for (size_t i = 0; i < m->domain_count; i++) {
		domain_build(b, &m->domains[i], domains->keys[i], domains->items[i]);
	}
	domain_other_cpus(b, domains);
}
