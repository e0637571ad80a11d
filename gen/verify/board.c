// SPDX-License-Identifier: Apache-2.0
#include "board.h"

#include <stdlib.h>
#include <string.h>

#include "runs.h"
#include "tables.h"

#define INCLUDE_DEPTH 8
#define CPUS_LIMIT    64

static char *board_beside(struct board *b, const char *path, const char *name)
{
	const char *slash = strrchr(path, '/');

	if (name[0] == '/' || slash == NULL) {
		return mem_print(b->mem, "%s", name);
	}
	return mem_print(b->mem, "%.*s%s", (int)(slash - path) + 1, path, name);
}

/* A later include wins over an earlier one, the file itself over both. */
struct yaml_item *board_load_file(struct board *b, const char *path, int depth)
{
	struct yaml_item *root = yaml_load(b->mem, path, &b->error);
	const struct yaml_item *include = yaml_get(root, "include");
	size_t count;

	if (root == NULL || include == NULL) {
		return root;
	}
	if (depth == INCLUDE_DEPTH) {
		board_refuse(b, include, "included too deeply");
		return NULL;
	}
	count = include->kind == YAML_LIST ? include->count : 1;
	for (size_t i = count; i > 0; i--) {
		const struct yaml_item *name = include->kind == YAML_LIST ? include->values[i - 1] : include;
		struct yaml_item *other;

		if (name->kind != YAML_SCALAR) {
			board_refuse(b, name, "not a file's name");
			return NULL;
		}
		other = board_load_file(b, board_beside(b, path, name->text), depth + 1);
		if (other == NULL) {
			return NULL;
		}
		yaml_merge(b->mem, root, other);
	}
	return root;
}

/* Default memory types of the classes: schema/board.def, `class`. */
static const struct {
	const char *name;
	uint32_t type;
} classes[] = {
	{"mmio", MEMORY_GRE},	    {"gic", MEMORY_NGNRNE},	    {"sram", MEMORY_NC},
	{"framebuffer", MEMORY_NC}, {"firmware-window", MEMORY_WB}, {"msi-frame", MEMORY_NGNRE},
};

static void board_read_attributes(struct board *b, struct device *d, const struct yaml_item *item)
{
	const struct yaml_item *class = yaml_get(item, "class");
	uint32_t type = MEMORY_GRE;
	bool known = class == NULL;

	for (size_t i = 0; class != NULL && i < sizeof(classes) / sizeof(classes[0]); i++) {
		if (yaml_is(class, classes[i].name)) {
			type = classes[i].type;
			known = true;
		}
	}
	if (!known) {
		board_refuse(b, class, "not a class");
	}
	d->gic = yaml_is(class, "gic") || yaml_is(class, "msi-frame");
	d->msi_frame = yaml_is(class, "msi-frame");
	d->engine = board_engine(item);
	d->attr = board_type(b, yaml_get(item, "attribute"), type) | ATTR_READ;
	d->memory = (d->attr & ATTR_TYPE) >= MEMORY_NC && !yaml_is(class, "firmware-window");
	if (!board_flag(b, item, "read-only")) {
		d->attr |= ATTR_WRITE;
	}
	if (board_flag(b, item, "exec")) {
		d->attr |= ATTR_EXEC;
	}
	if ((d->attr & ATTR_TYPE) >= MEMORY_WT) {
		d->attr |= ATTR_INNER;
	}
}

#define SPI_FIRST 32u

/* Its lines, and what an MSI frame raises. */
static void board_read_irqs(struct board *b, struct device *d, const struct yaml_item *item)
{
	const struct yaml_item *irqs = yaml_get(item, "interrupts");
	const struct yaml_item *spis = yaml_get(item, "msi-spis");
	struct range raised = {.size = 0};
	size_t lines = irqs != NULL ? irqs->count : 0;

	if (spis != NULL) {
		raised = board_range(b, spis);
	}
	if (raised.size > INTIDS - SPI_FIRST || raised.base > INTIDS - SPI_FIRST - raised.size) {
		board_refuse(b, spis, "not SPIs");
		return;
	}
	d->irq_count = lines + raised.size;
	d->irqs = mem_alloc(b->mem, d->irq_count, sizeof(*d->irqs));
	for (size_t j = 0; j < lines; j++) {
		d->irqs[j] = board_irq(b, irqs->values[j]);
	}
	for (size_t j = 0; j < raised.size; j++) {
		d->irqs[lines + j] = (struct irq){
			.intid = SPI_FIRST + (uint32_t)(raised.base + j), .edge = true, .at = spis->at};
	}
}

/* Which of the hypervisor's drivers fits. */
static uint32_t board_uart(const struct yaml_item *compatible)
{
	size_t count = compatible == NULL ? 0 : compatible->kind == YAML_LIST ? compatible->count : 1;

	for (size_t i = 0; i < count; i++) {
		const struct yaml_item *one =
			compatible->kind == YAML_LIST ? compatible->values[i] : compatible;

		if (yaml_is(one, "arm,pl011")) {
			return UART_PL011;
		}
		if (one->kind == YAML_SCALAR && strstr(one->text, "scif") != NULL) {
			return UART_SCIF;
		}
	}
	return UART_NONE;
}

static int board_compare_devices(const void *a, const void *b)
{
	return strcmp((*(struct device *const *)a)->name, (*(struct device *const *)b)->name);
}

void board_read_devices(struct board *b, const struct yaml_item *devices)
{
	if (devices == NULL || devices->kind != YAML_MAP) {
		return;
	}
	b->devices = mem_alloc(b->mem, devices->count, sizeof(*b->devices));
	b->by_name = mem_alloc(b->mem, devices->count, sizeof(*b->by_name));
	for (size_t i = 0; i < devices->count; i++) {
		const struct yaml_item *item = devices->values[i];
		const struct yaml_item *status = yaml_get(item, "status");
		struct device *d = &b->devices[i];
		size_t cap = 0;

		d->name = devices->keys[i]->text;
		d->at = devices->keys[i]->at;
		d->owner = OWNER_NOBODY;
		d->enabled = status == NULL || yaml_is(status, "okay");
		d->shares = yaml_get(item, "shares");
		board_ranges(b, yaml_get(item, "reg"), &d->reg, &d->reg_count, &cap);
		d->window_count = d->reg_count;
		board_ranges(b, yaml_get(item, "windows"), &d->reg, &d->reg_count, &cap);
		d->window_count = d->reg_count - d->window_count;
		board_read_pci(d, item);
		board_read_reset(b, d, item);
		board_read_irqs(b, d, item);
		board_read_attributes(b, d, item);
		d->uart = board_uart(yaml_get(item, "compatible"));
		b->by_name[i] = d;
	}
	b->device_count = devices->count;
	qsort(b->by_name, b->device_count, sizeof(*b->by_name), board_compare_devices);
}

struct device *board_device(const struct board *b, const char *name)
{
	struct device wanted = {.name = name};
	struct device *key = &wanted;
	struct device **found;

	if (b->device_count == 0) {
		return NULL;
	}
	found = bsearch(&key, b->by_name, b->device_count, sizeof(key), board_compare_devices);
	return found != NULL ? *found : NULL;
}

static bool board_names(const struct device *a, const char *name)
{
	for (size_t i = 0; a->shares != NULL && i < a->shares->count; i++) {
		if (yaml_is(a->shares->values[i], name)) {
			return true;
		}
	}
	return false;
}

bool board_share(const struct device *a, const struct device *b)
{
	return board_names(a, b->name) && board_names(b, a->name);
}

static void board_read_gic(struct board *b, const struct yaml_item *item)
{
	struct gic *g = &b->gic;

	if (item == NULL) {
		return;
	}
	g->at = item->at;
	g->version = board_number(b, item, "version", 0);
	g->gicd = board_range(b, yaml_get(item, "gicd"));
	g->gicr = board_range(b, yaml_get(item, "gicr"));
	g->gicc = board_range(b, yaml_get(item, "gicc"));
	g->gich = board_range(b, yaml_get(item, "gich"));
	g->gicv = board_range(b, yaml_get(item, "gicv"));
	g->maintenance = board_irq(b, yaml_get(item, "maintenance"));
	g->spis = board_number(b, item, "spis", 0);
	g->attr = board_type(b, yaml_get(item, "attribute"), MEMORY_NGNRNE);
	/* A version without addresses only says what to expect of firmware. */
	if (b->acpi && g->gicd.size == 0) {
		g->version = GIC_NONE;
	}
}

static void board_read_cpus(struct board *b, const struct yaml_item *list, uint64_t limit)
{
	size_t count = list != NULL ? list->count : 0;

	if (count > CPUS_LIMIT) {
		board_refuse(b, list, "more than %d CPUs", CPUS_LIMIT);
		return;
	}
	b->cpus = mem_alloc(b->mem, count, sizeof(*b->cpus));
	b->cpu_total = count;
	b->cpu_count = limit > 0 && limit < count ? (size_t)limit : count;
	for (size_t i = 0; i < count; i++) {
		const struct yaml_item *name = yaml_get(list->values[i], "name");

		b->cpus[i] = (struct cpu){.name = name != NULL && name->kind == YAML_SCALAR ? name->text : "",
					  .mpidr = board_number(b, list->values[i], "mpidr", UINT64_MAX),
					  .at = list->values[i]->at,
					  .owner = OWNER_NOBODY};
	}
}

static void board_read_banks(struct board *b, const struct yaml_item *root)
{
	const struct yaml_item *list = yaml_get(root, "memory");
	const struct yaml_item *reserved = yaml_get(root, "reserved-memory");
	const struct yaml_item *iommus = yaml_get(root, "iommus");
	size_t cap = 0;

	for (size_t i = 0; list != NULL && i < list->count; i++) {
		board_ranges(b, yaml_get(list->values[i], "reg"), &b->ram, &b->ram_count, &cap);
	}
	b->colors = board_number(b, yaml_get(root, "cache"), "colors", 0);
	cap = 0;
	for (size_t i = 0; reserved != NULL && i < reserved->count; i++) {
		board_ranges(b, yaml_get(reserved->values[i], "reg"), &b->reserved, &b->reserved_count, &cap);
	}
	cap = 0;
	for (size_t i = 0; iommus != NULL && i < iommus->count; i++) {
		board_ranges(b, yaml_get(iommus->values[i], "reg"), &b->iommus, &b->iommu_count, &cap);
	}
	cap = 0;
	for (size_t i = 0; iommus != NULL && i < iommus->count; i++) {
		const struct yaml_item *irqs = yaml_get(iommus->values[i], "interrupts");

		for (size_t j = 0; irqs != NULL && j < irqs->count; j++) {
			b->iommu_irqs = mem_grow(b->mem, b->iommu_irqs, b->iommu_irq_count, &cap,
						 sizeof(*b->iommu_irqs));
			b->iommu_irqs[b->iommu_irq_count++] = board_irq(b, irqs->values[j]);
		}
	}
}

void board_read_machine(struct board *b, const struct yaml_item *root, uint64_t cpus)
{
	const struct yaml_item *name = yaml_get(root, "board");
	const struct yaml_item *load = yaml_get(yaml_get(root, "image"), "load");
	const struct yaml_item *console = yaml_get(root, "console");
	const struct yaml_item *timer = yaml_get(root, "timer");

	b->name = name != NULL && name->kind == YAML_SCALAR ? name->text : "";
	b->acpi = yaml_is(yaml_get(root, "firmware"), "acpi");
	b->expect = yaml_get(root, "expect");
	b->pa_bits = board_number(b, root, "physical-address-bits", 40);
	b->load = board_number(b, yaml_get(root, "image"), "load", 0);
	if (load != NULL) {
		b->load_at = load->at;
	}
	b->timer_physical = board_irq(b, yaml_get(timer, "physical"));
	b->timer_virtual = board_irq(b, yaml_get(timer, "virtual"));
	b->timer_hypervisor = board_irq(b, yaml_get(timer, "hypervisor"));
	b->timer_secure = board_irq(b, yaml_get(timer, "secure"));
	board_read_gic(b, yaml_get(root, "interrupt-controller"));
	board_read_banks(b, root);
	board_read_cpus(b, yaml_get(root, "cpus"), cpus);
	board_read_devices(b, yaml_get(root, "devices"));
	board_read_demand_windows(b, yaml_get(root, "mmio-windows"));
	board_read_itses(b, yaml_get(root, "interrupt-controller"), yaml_get(root, "devices"));
	board_read_smmus(b, yaml_get(root, "iommus"), yaml_get(root, "devices"));
	board_read_ipmmus(b, root);
	if (console != NULL && !yaml_is(console, "none")) {
		b->console = console->kind == YAML_SCALAR ? board_device(b, console->text) : NULL;
		if (b->console == NULL) {
			board_refuse(b, console, "the console is no device");
		}
	}
}

bool board_read(struct board *b, struct mem *m, const char *dir, const char *system, uint64_t cpus)
{
	struct yaml_item *root;

	memset(b, 0, sizeof(*b));
	b->mem = m;
	root = board_load_file(b, mem_print(m, "%s/board.yaml", dir), 0);
	if (root == NULL) {
		return false;
	}
	board_read_machine(b, root, cpus);
	root = board_load_file(b, mem_print(m, "%s/%s.yaml", dir, system), 0);
	if (root == NULL) {
		return false;
	}
	board_read_system(b, root);
	board_settle_ipmmus(b);
	return b->error.text == NULL;
}
