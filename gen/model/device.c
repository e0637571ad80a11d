/* SPDX-License-Identifier: Apache-2.0 */
/* The devices of board.yaml. */
#include <string.h>

#include "model/build.h"
#include "schema/scalar.h"
#include "types.h"

#define SPI_FIRST 32u
#define SPIS_MAX 988u /* INTID 32..1019 */

/* facts of each class: schema/board.def says them to the user. */
static const enum m_attr class_attr[] = {
	[CLASS_MMIO] = ATTR_DEVICE_GRE,
	[CLASS_GIC] = ATTR_DEVICE_NGNRNE,
	[CLASS_SRAM] = ATTR_NORMAL_NC,
	[CLASS_FRAMEBUFFER] = ATTR_NORMAL_NC,
	[CLASS_FIRMWARE_WINDOW] = ATTR_NORMAL_WB,
	[CLASS_MSI_FRAME] = ATTR_DEVICE_NGNRE,
};

/* Lists of device names. */
static size_t *device_list(struct build *b, const struct node *n, size_t *count)
{
	size_t room = get_given(n) && n->kind == NODE_SEQUENCE ? n->count : 1;
	size_t *list = arena_array(b->a, room, sizeof(*list));

	*count = 0;
	for (size_t i = 0; get_given(n) && i < room; i++) {
		const struct node *item = n->kind == NODE_SEQUENCE ? n->items[i] : n;
		size_t index = get_given(item) ? build_find(b, &b->devices, item, "device") : MODEL_NONE;

		if (index != MODEL_NONE) {
			list[(*count)++] = index;
		}
	}
	return list;
}

/* The entries of `iommus` or, with `mapped`, of `iommu-map`. */
static void links_add(struct build *b, struct m_device *dev, const struct node *n, bool mapped)
{
	for (size_t i = 0; get_given(n) && i < n->count; i++) {
		const struct node *iommu = node_get(n->items[i], "iommu");
		const struct node *id = node_get(n->items[i], "id");
		size_t index = get_given(iommu) ? build_find(b, &b->iommus, iommu, "IOMMU") : MODEL_NONE;

		if (index != MODEL_NONE && get_given(id)) {
			dev->links[dev->link_count++] = (struct m_iommu_link){
				.iommu = index,
				.first = (uint32_t)get_number(id).v,
				.count = (uint32_t)get_number_or(node_get(n->items[i], "count"), 1),
				.mapped = mapped,
				.rid = (uint32_t)get_number(node_get(n->items[i], "rid")).v,
				.pos = n->items[i]->pos,
				.iommu_pos = iommu->pos,
				.id_pos = id->pos,
			};
		}
	}
}

static void device_links(struct build *b, struct m_device *dev, const struct node *n)
{
	const struct node *links = node_get(n, "iommus"), *map = node_get(n, "iommu-map");
	size_t room = (get_given(links) ? links->count : 0) + (get_given(map) ? map->count : 0);

	dev->links = arena_array(b->a, room, sizeof(*dev->links));
	links_add(b, dev, links, false);
	links_add(b, dev, map, true);
}

/* The entry of `msi-parent`, or an entry of `msi-map`. */
static void msi_add(struct build *b, struct m_device *dev, const struct node *n, bool mapped)
{
	const struct node *its = node_get(n, "its"), *id = node_get(n, "id");
	size_t index = get_given(its) ? build_find(b, &b->itses, its, "ITS") : MODEL_NONE;

	if (index != MODEL_NONE && get_given(id)) {
		dev->msis[dev->msi_count++] = (struct m_msi_link){
			.its = index,
			.first = (uint32_t)get_number(id).v,
			.count = (uint32_t)get_number_or(node_get(n, "count"), 1),
			.mapped = mapped,
			.rid = (uint32_t)get_number(node_get(n, "rid")).v,
			.pos = n->pos,
			.id_pos = id->pos,
		};
	}
}

/* A DeviceID goes with an ITS, and not with an MSI frame. */
static void msi_parent_check(struct build *b, const struct node *parent)
{
	const struct node *its = node_get(parent, "its"), *id = node_get(parent, "id");
	struct diag_msg *m;

	if (get_given(its) && id == NULL) {
		m = diag_error(b->d, 116, parent->pos, "a message parent lacks 'id'");
		diag_help(m, "id: the DeviceID of the device's messages");
	} else if (!get_given(its) && get_given(id)) {
		m = diag_error(b->d, 120, id->pos, "messages to an MSI frame have no 'id'");
		diag_help(m, "remove it: an ITS alone tells devices apart");
	}
}

static void device_msis(struct build *b, struct m_device *dev, const struct node *n)
{
	const struct node *parent = node_get(n, "msi-parent"), *map = node_get(n, "msi-map");
	const struct node *frame = node_get(parent, "frame");

	dev->msi_parent = get_given(frame) ? build_find(b, &b->devices, frame, "device") : MODEL_NONE;
	dev->msi_parent_pos = get_given(frame) ? frame->pos : pos_none;
	dev->msis = arena_array(b->a, 1 + (get_given(map) ? map->count : 0), sizeof(*dev->msis));
	if (get_given(parent)) {
		msi_parent_check(b, parent);
		msi_add(b, dev, parent, false);
	}
	for (size_t i = 0; get_given(map) && i < map->count; i++) {
		msi_add(b, dev, map->items[i], true);
	}
}

/* The SPIs of an MSI frame are interrupts of its, behind those that it has anyway. */
static void device_msi_spis(struct build *b, struct m_device *dev, const struct node *n)
{
	struct m_irq *irqs;

	dev->msi_spis = get_range(n);
	if (dev->msi_spis.size == 0 || dev->msi_spis.base >= SPIS_MAX ||
	    dev->msi_spis.size > SPIS_MAX - dev->msi_spis.base) {
		return;
	}
	dev->msi_irqs = (size_t)dev->msi_spis.size;
	irqs = arena_array(b->a, dev->irq_count + dev->msi_irqs, sizeof(*irqs));
	for (size_t i = 0; i < dev->irq_count; i++) {
		irqs[i] = dev->irqs[i];
	}
	for (size_t i = 0; i < dev->msi_irqs; i++) {
		uint32_t spi = (uint32_t)(dev->msi_spis.base + i);

		irqs[dev->irq_count + i] = (struct m_irq){.type = IRQ_SPI, .number = spi, .intid = spi + SPI_FIRST,
							  .trigger = TRIGGER_EDGE_RISING, .pos = dev->msi_spis.pos};
	}
	dev->irqs = irqs;
	dev->irq_count += dev->msi_irqs;
}

/* What the device is by itself; links to others come when all names are known. */
static void device_self(struct build *b, struct m_device *dev, const struct node *n)
{
	static const char *const classes[] = {"mmio", "gic", "sram", "framebuffer", "firmware-window", "msi-frame",
					     NULL};
	static const char *const statuses[] = {"okay", "disabled", NULL};
	const struct node *class = node_get(n, "class");
	const struct node *attr = node_get(n, "attribute");
	const struct node *dma = node_get(n, "dma-master");
	const char *linked = node_get(n, "iommus") != NULL ? "iommus" : "iommu-map";
	size_t registers;

	dev->class = (enum m_class)get_enum(class, classes, CLASS_MMIO);
	dev->class_pos = get_string(class).pos;
	dev->compatible = get_texts(b, node_get(n, "compatible"), &dev->compatible_count);
	get_ranges(b, node_get(n, "reg"), &dev->reg, &dev->reg_count);
	registers = dev->reg_count;
	get_ranges(b, node_get(n, "windows"), &dev->reg, &dev->reg_count);
	dev->window_count = dev->reg_count - registers;
	dev->irqs = get_irqs(b, node_get(n, "interrupts"), &dev->irq_count);
	device_msi_spis(b, dev, node_get(n, "msi-spis"));
	dev->attr = class_attr[dev->class];
	dev->has_attr = get_attr(attr, &dev->attr);
	dev->attr_pos = get_string(attr).pos;
	dev->exec = get_bool(node_get(n, "exec"), false);
	dev->exec_pos = dev->exec ? node_key(n, "exec")->pos : pos_none;
	dev->read_only = get_bool(node_get(n, "read-only"), false);
	dev->dma_master = get_bool(dma, node_get(n, linked) != NULL);
	dev->dma_pos = dma != NULL ? node_key(n, "dma-master")->pos : pos_none;
	if (dma == NULL && node_get(n, linked) != NULL) {
		dev->dma_pos = node_key(n, linked)->pos;
	}
	dev->unprotected = get_string(node_get(n, "unprotected"));
	dev->enabled = get_enum(node_get(n, "status"), statuses, 0) == 0;
}

/* Words that mean something else where a device's name stands, and the nodes that a
 * domain's device tree has anyway. */
static void name_check(struct build *b, const struct node *key)
{
	static const char *const words[] = {"gic", "none", "vpl011"};
	static const char *const nodes[] = {"aliases", "chosen",	  "cpus",	  "hypervisor", "memory",
					    "psci",    "reserved-memory", "serial-clock", "timer"};
	const char *why = NULL;

	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		why = strcmp(key->text, words[i]) == 0 ? "it has a meaning of its own" : why;
	}
	for (size_t i = 0; i < ARRAY_SIZE(nodes); i++) {
		why = strcmp(key->text, nodes[i]) == 0 ? "a domain's device tree has a node of that name" : why;
	}
	if (why != NULL) {
		struct diag_msg *m =
			diag_error(b->d, 122, key->pos, "'%s' cannot be a device's name: %s", key->text, why);
		diag_help(m, "give the device another name");
	}
}

void build_devices(struct build *b, const struct node *tree)
{
	struct m_board *board = &b->m->board;
	struct diag_msg *m;

	board->device_count = get_given(tree) ? tree->count : 0;
	board->devices = arena_array(b->a, board->device_count, sizeof(*board->devices));
	for (size_t i = 0; i < board->device_count; i++) {
		const struct node *key = tree->keys[i];
		size_t iommu = strmap_get(&b->iommus.map, key->text);

		names_add(b, &b->devices, key->text, i);
		board->devices[i].name = get_string(key);
		board->devices[i].pos = key->pos;
		device_self(b, &board->devices[i], tree->items[i]);
		if (iommu != STRMAP_NONE) {
			m = diag_error(b->d, 122, key->pos, "'%s' is an IOMMU's name already", key->text);
			diag_note(m, board->iommus[iommu].pos, "the IOMMU is declared");
			diag_help(m, "give the device another name");
		} else {
			name_check(b, key);
		}
	}
	for (size_t i = 0; i < board->device_count; i++) {
		struct m_device *dev = &board->devices[i];
		const struct node *n = tree->items[i];

		device_links(b, dev, n);
		device_msis(b, dev, n);
		dev->vias = device_list(b, node_get(n, "dma-via"), &dev->via_count);
		dev->shares = device_list(b, node_get(n, "shares"), &dev->share_count);
		build_properties(b, dev, node_get(n, "properties"));
		build_pci(dev);
		build_reset(b, dev, node_get(n, "reset"));
	}
}
