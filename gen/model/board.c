/* SPDX-License-Identifier: Apache-2.0 */
/* board.yaml but its devices. */
#include <string.h>

#include "model/build.h"
#include "types.h"

#define PA_BITS_DEFAULT 40
#define IPMMU_IDS_DEFAULT 48
#define SMMUV3_IDS_DEFAULT 65536
#define TWO_LEVEL_IDS 128 /* from here on a stream table has two levels unless told */
#define CMDQ_DEFAULT 256
#define EVTQ_DEFAULT 128

/* Timers and maintenance interrupts are private to a CPU. */
static struct m_irq board_ppi(struct build *b, const struct node *parent, const char *key)
{
	const struct node *n = node_get(parent, key);
	struct m_irq irq = get_irq(n);

	if (get_given(node_get(n, "spi")) && node_get(n, "ppi") == NULL) {
		struct diag_msg *m = diag_error(b->d, 123, irq.pos, "'%s' is a PPI, not an SPI", key);

		diag_help(m, "write {ppi: N}: PPI N is INTID N + 16");
	}
	return irq;
}

/* What a GIC of this version must have. */
static void board_gic_parts(struct build *b, const struct node *n, uint32_t version)
{
	static const char *const v2[] = {"gicc", "gich", "gicv", NULL};
	static const char *const v3[] = {"gicr", NULL};
	static const char *const v3_alone[] = {"gicr", "its", NULL};
	const char *const *needed = version == 2 ? v2 : v3;
	const char *const *foreign = version == 2 ? v3_alone : v2;
	const char *lacks = "";
	struct diag_msg *m;

	for (; *needed != NULL; needed++) {
		if (node_get(n, *needed) == NULL) {
			lacks = arena_format(b->a, "%s%s'%s'", lacks, *lacks == '\0' ? "" : ", ", *needed);
		}
	}
	if (*lacks != '\0') {
		m = diag_error(b->d, 116, node_get(n, "version")->pos, "a GIC of version %u needs %s", version, lacks);
		diag_help(m, "each is [base, size]");
	}
	for (; *foreign != NULL; foreign++) {
		if (node_get(n, *foreign) != NULL) {
			m = diag_error(b->d, 120, node_key(n, *foreign)->pos, "a GIC of version %u has no '%s'",
				       version, *foreign);
			diag_help(m, "delete the line, or set 'version: %u'", version == 2 ? 3 : 2);
		}
	}
}

static void board_itses(struct build *b, const struct node *n)
{
	struct m_gic *gic = &b->m->board.gic;

	gic->its_count = get_given(n) ? n->count : 0;
	gic->its = arena_array(b->a, gic->its_count, sizeof(*gic->its));
	for (size_t i = 0; i < gic->its_count; i++) {
		names_add(b, &b->itses, n->keys[i]->text, i);
		gic->its[i] = (struct m_its){.name = get_string(n->keys[i]),
					     .reg = get_range(node_get(n->items[i], "reg")),
					     .cpu_id = get_number(node_get(n->items[i], "cpu-id")),
					     .pos = n->keys[i]->pos};
	}
}

static void board_gic(struct build *b, const struct node *n)
{
	struct m_gic *gic = &b->m->board.gic;

	gic->pos = pos_none;
	gic->attr = ATTR_DEVICE_NGNRNE;
	if (!get_given(n)) {
		return;
	}
	gic->pos = n->pos;
	gic->version = (uint32_t)get_number(node_get(n, "version")).v;
	gic->version_pos = get_number(node_get(n, "version")).pos;
	gic->gicd = get_range(node_get(n, "gicd"));
	gic->gicr = get_range(node_get(n, "gicr"));
	gic->gicc = get_range(node_get(n, "gicc"));
	gic->gich = get_range(node_get(n, "gich"));
	gic->gicv = get_range(node_get(n, "gicv"));
	board_itses(b, node_get(n, "its"));
	gic->maintenance = board_ppi(b, n, "maintenance");
	gic->spi_count = (uint32_t)get_number(node_get(n, "spis")).v;
	gic->has_attr = get_attr(node_get(n, "attribute"), &gic->attr);
	gic->attr_pos = get_string(node_get(n, "attribute")).pos;
	if (gic->version != 0 && !model_is_open(&b->m->board)) {
		board_gic_parts(b, n, gic->version);
	}
}

static void board_timer(struct build *b, const struct node *n)
{
	struct m_timer *t = &b->m->board.timer;

	t->pos = get_given(n) ? n->pos : pos_none;
	t->secure = board_ppi(b, n, "secure");
	t->physical = board_ppi(b, n, "physical");
	t->virt = board_ppi(b, n, "virtual");
	t->hyp = board_ppi(b, n, "hypervisor");
}

static void board_cpus(struct build *b, const struct node *n)
{
	struct m_board *board = &b->m->board;
	size_t count = get_given(n) ? n->count : 0;
	struct diag_msg *m;

	board->cpus = arena_array(b->a, count, sizeof(*board->cpus));
	for (size_t i = 0; i < count; i++) {
		struct m_cpu *cpu = &board->cpus[board->cpu_count];
		size_t known;

		*cpu = (struct m_cpu){
			.name = get_string(node_get(n->items[i], "name")),
			.compatible = get_string(node_get(n->items[i], "compatible")),
			.mpidr = get_number(node_get(n->items[i], "mpidr")),
			.pos = n->items[i]->pos,
		};
		if (cpu->name.s == NULL) {
			continue;
		}
		known = strmap_get(&b->cpus.map, cpu->name.s);
		if (known != STRMAP_NONE) {
			m = diag_error(b->d, 122, cpu->name.pos, "two CPUs are named '%s'", cpu->name.s);
			diag_note(m, board->cpus[known].name.pos, "first named");
			continue;
		}
		if (cpu->compatible.s == NULL) {
			cpu->compatible.s = "arm,armv8";
		}
		names_add(b, &b->cpus, cpu->name.s, board->cpu_count++);
	}
	b->cpu_known = board->cpu_count;
	if (b->cpu_limit > board->cpu_count) {
		diag_error(b->d, 124, (struct pos){.file = "--cpus"}, "the board has %zu CPUs, not %u",
			   board->cpu_count, b->cpu_limit);
	} else if (b->cpu_limit != 0) {
		board->cpu_count = b->cpu_limit;
	}
}

static void board_memory(struct build *b, const struct node *ram, const struct node *reserved)
{
	struct m_board *board = &b->m->board;

	for (size_t i = 0; get_given(ram) && i < ram->count; i++) {
		get_ranges(b, node_get(ram->items[i], "reg"), &board->ram, &board->ram_count);
	}
	for (size_t i = 0; get_given(reserved) && i < reserved->count; i++) {
		size_t first = board->reserved_count;
		const char **names;

		get_ranges(b, node_get(reserved->items[i], "reg"), &board->reserved, &board->reserved_count);
		names = arena_array(b->a, board->reserved_count, sizeof(*names));
		for (size_t j = 0; j < board->reserved_count; j++) {
			names[j] = j < first ? board->reserved_names[j] : reserved->keys[i]->text;
		}
		board->reserved_names = names;
	}
}

static void board_windows(struct build *b, const struct node *n)
{
	struct m_board *board = &b->m->board;

	board->window_count = get_given(n) ? n->count : 0;
	board->windows = arena_array(b->a, board->window_count, sizeof(*board->windows));
	for (size_t i = 0; i < board->window_count; i++) {
		const struct node *tree = n->items[i];
		struct m_mmio_window *w = &board->windows[i];

		w->name = get_string(n->keys[i]);
		w->pos = n->keys[i]->pos;
		w->reg = get_range(node_get(tree, "reg"));
		w->attr = ATTR_DEVICE_GRE;
		(void)get_attr(node_get(tree, "attribute"), &w->attr);
		w->block = get_number(node_get(tree, "block")).v;
		w->pre_map = get_bool(node_get(tree, "pre-map"), false);
	}
}

/* Keys of an SMMUv3 alone. */
static void board_smmu(struct build *b, struct m_iommu *iommu, const struct node *tree)
{
	static const char *const keys[] = {"interrupt-names", "stream-table", "command-queue", "event-queue",
					   "coherent", NULL};
	static const char *const names[] = {"eventq", "gerror", "priq", "cmdq-sync", "combined", NULL};
	static const char *const tables[] = {"linear", "two-level", NULL};
	const struct node *list = node_get(tree, "interrupt-names");
	const struct node *form = node_get(tree, "stream-table");

	iommu->smmu_pos = pos_none;
	for (size_t i = 0; keys[i] != NULL && iommu->smmu_pos.file == NULL; i++) {
		iommu->smmu_pos = node_get(tree, keys[i]) != NULL ? node_key(tree, keys[i])->pos : pos_none;
	}
	iommu->irq_name_count = get_given(list) ? list->count : 0;
	iommu->irq_names_pos = get_given(list) ? list->pos : pos_none;
	iommu->irq_names = arena_array(b->a, iommu->irq_name_count, sizeof(*iommu->irq_names));
	for (size_t i = 0; i < iommu->irq_name_count; i++) {
		iommu->irq_names[i] = (enum m_iommu_irq)get_enum(list->items[i], names, IOMMU_IRQ_PRIQ);
	}
	iommu->two_level = get_enum(form, tables, iommu->id_count >= TWO_LEVEL_IDS ? 1 : 0) == 1;
	iommu->stream_table_pos = get_string(form).pos;
	iommu->cmdq_entries = (uint32_t)get_number_or(node_get(tree, "command-queue"), CMDQ_DEFAULT);
	iommu->evtq_entries = (uint32_t)get_number_or(node_get(tree, "event-queue"), EVTQ_DEFAULT);
	iommu->coherent = get_bool(node_get(tree, "coherent"), false);
}

static void board_iommus(struct build *b, const struct node *n)
{
	static const char *const types[] = {"smmuv3", "ipmmu", NULL};
	struct m_board *board = &b->m->board;

	board->iommu_count = get_given(n) ? n->count : 0;
	board->iommus = arena_array(b->a, board->iommu_count, sizeof(*board->iommus));
	for (size_t i = 0; i < board->iommu_count; i++) {
		names_add(b, &b->iommus, n->keys[i]->text, i);
	}
	for (size_t i = 0; i < board->iommu_count; i++) {
		struct m_iommu *iommu = &board->iommus[i];
		const struct node *tree = n->items[i];
		const struct node *root = node_get(tree, "root");
		uint32_t ids;

		iommu->name = get_string(n->keys[i]);
		iommu->pos = n->keys[i]->pos;
		iommu->type = (enum m_iommu_type)get_enum(node_get(tree, "type"), types, IOMMU_SMMUV3);
		iommu->reg = get_range(node_get(tree, "reg"));
		iommu->irqs = get_irqs(b, node_get(tree, "interrupts"), &iommu->irq_count);
		iommu->root = get_given(root) ? build_find(b, &b->iommus, root, "IOMMU") : MODEL_NONE;
		iommu->root_pos = root != NULL ? root->pos : pos_none;
		iommu->root_bit = get_number(node_get(tree, "root-bit"));
		ids = iommu->type == IOMMU_IPMMU ? IPMMU_IDS_DEFAULT : SMMUV3_IDS_DEFAULT;
		iommu->id_count = (uint32_t)get_number_or(node_get(tree, "ids"), ids);
		iommu->ids_pos = get_given(node_get(tree, "ids")) ? node_get(tree, "ids")->pos : iommu->pos;
		iommu->power_domain = get_number(node_get(tree, "power-domain"));
		board_smmu(b, iommu, tree);
	}
}

static void board_expect(struct build *b, const struct node *n)
{
	struct m_board *board = &b->m->board;

	board->expect_oem_id = get_string(node_get(n, "oem-id"));
	board->expect_oem_tables = get_strings(b, node_get(n, "oem-table-ids"), &board->expect_oem_table_count);
	board->expect_tables = get_strings(b, node_get(n, "tables"), &board->expect_table_count);
}

void build_board(struct build *b, const struct node *tree)
{
	static const char *const firmware[] = {"devicetree", "acpi", NULL};
	struct m_board *board = &b->m->board;
	const struct node *console = node_get(tree, "console");

	board->pos = (struct pos){.file = tree->pos.file};
	board->name = get_string(node_get(tree, "board"));
	board->description = get_string(node_get(tree, "description"));
	board->soc = get_string(node_get(tree, "soc"));
	board->soc_revision = get_string(node_get(tree, "soc-revision"));
	board->compatible = get_texts(b, node_get(tree, "compatible"), &board->compatible_count);
	board->firmware = (enum m_firmware)get_enum(node_get(tree, "firmware"), firmware, FW_DEVICETREE);
	board->load = get_number(node_get(node_get(tree, "image"), "load"));
	board->pa_bits = get_number(node_get(tree, "physical-address-bits"));
	if (!board->pa_bits.given) {
		board->pa_bits.v = PA_BITS_DEFAULT;
	}
	board_expect(b, node_get(tree, "expect"));
	board->errata = get_strings(b, node_get(tree, "errata"), &board->errata_count);
	board_memory(b, node_get(tree, "memory"), node_get(tree, "reserved-memory"));
	board_gic(b, node_get(tree, "interrupt-controller"));
	board_timer(b, node_get(tree, "timer"));
	board_cpus(b, node_get(tree, "cpus"));
	board->colors = (uint32_t)get_number(node_get(node_get(tree, "cache"), "colors")).v;
	board_iommus(b, node_get(tree, "iommus"));
	build_devices(b, node_get(tree, "devices"));
	board_windows(b, node_get(tree, "mmio-windows"));

	board->console = get_string(console);
	board->console_device = MODEL_NONE;
	if (board->console.s != NULL && strcmp(board->console.s, "none") != 0) {
		board->console_device = build_find(b, &b->devices, console, "device");
	}
}
