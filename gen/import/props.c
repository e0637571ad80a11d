// SPDX-License-Identifier: Apache-2.0
/*
 * Properties of a device. A blob has no types: what prints is text, other multiples of four
 * bytes are cells. Which cells are phandles, the bindings say; where the name does not tell, a
 * property that may have one is left out rather than be wrong.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "import/import.h"
#include "types.h"

#define CELLS_MAX 512u
#define TEXTS_MAX 128u
#define TEXT_MAX 400u
#define NAME_MAX_LEN 63u
#define LEFT_MAX 40u

/* The generator writes these, or they speak of what a flat tree does not have. */
static const char *const passed_over[] = {
	"#address-cells", "#size-cells", "arm,msi-base-spi", "arm,msi-num-spis", "compatible", "dma-ranges",
	"interrupt-parent", "interrupts", "interrupts-extended", "iommu-map", "iommu-map-mask", "iommus",
	"linux,phandle", "msi-controller", "msi-map", "msi-map-mask", "msi-parent", "name", "phandle", "ranges",
	"reg", "status", "interrupt-map", "interrupt-map-mask", "pinctrl-names",
};

/* Lists of a phandle and as many cells as the node there says. */
static const struct {
	const char *name;
	const char *cells; /* NULL: none */
} lists[] = {
	{"assigned-clock-parents", "#clock-cells"}, {"assigned-clocks", "#clock-cells"}, {"clocks", "#clock-cells"},
	{"dmas", "#dma-cells"}, {"hwlocks", "#hwlock-cells"}, {"interconnects", "#interconnect-cells"},
	{"io-channels", "#io-channel-cells"}, {"mboxes", "#mbox-cells"}, {"memory-region", NULL},
	{"mux-controls", "#mux-control-cells"}, {"nvmem-cells", "#nvmem-cell-cells"},
	{"operating-points-v2", NULL}, {"phys", "#phy-cells"}, {"phy-handle", NULL}, {"power-domains",
	"#power-domain-cells"}, {"pwms", "#pwm-cells"}, {"resets", "#reset-cells"}, {"sound-dai",
	"#sound-dai-cells"}, {"thermal-sensors", "#thermal-sensor-cells"}, {"interrupt-affinity", NULL},
	{"mmc-pwrseq", NULL}, {"backlight", NULL}, {"ddc-i2c-bus", NULL}, {"gpio-ranges", "#gpio-cells"},
	{"cooling-device", "#cooling-cells"}, {"ports", NULL}, {"port", NULL}, {"memory", NULL},
};

static bool ends_in(const char *name, const char *end)
{
	size_t n = strlen(name), e = strlen(end);

	return n >= e && strcmp(name + n - e, end) == 0;
}

/* Whether it is such a list; *cells: the property that counts, NULL: none. */
static bool list_find(const char *name, const char **cells)
{
	for (size_t i = 0; i < ARRAY_SIZE(lists); i++) {
		if (strcmp(name, lists[i].name) == 0) {
			*cells = lists[i].cells;
			return true;
		}
	}
	bool gpios = ends_in(name, "-gpios") || ends_in(name, "-gpio") || strcmp(name, "gpios") == 0;
	*cells = gpios ? "#gpio-cells" : NULL;
	return *cells != NULL || ends_in(name, "-supply") || strncmp(name, "pinctrl-", 8) == 0;
}

static bool is_passed_over(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(passed_over); i++) {
		if (strcmp(name, passed_over[i]) == 0) {
			return true;
		}
	}
	return strncmp(name, "pinctrl-", 8) == 0;
}

static bool name_good(const char *name)
{
	size_t len = strlen(name);

	return len > 0 && len <= NAME_MAX_LEN &&
	       strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789,._+?#*-") == len;
}

static bool is_texts(const struct t_prop *p)
{
	bool begun = false;

	if (p->len == 0 || p->data[p->len - 1] != 0 || tree_texts(p) > TEXTS_MAX || p->len > 16 * TEXT_MAX) {
		return false;
	}
	for (size_t i = 0; i < p->len; i++) {
		if (p->data[i] == 0 && !begun) {
			return false; /* an empty text */
		}
		if (p->data[i] != 0 && (p->data[i] < 0x20 || p->data[i] > 0x7e || (!begun && p->data[i] == '&'))) {
			return false;
		}
		begun = p->data[i] != 0;
	}
	return true;
}

/* A device that is in every tree where this one is. */
static const char *reference(const struct import *im, const struct i_device *dev, const struct t_node *to)
{
	const struct i_device *other;

	if (to == im->gic) {
		return "gic";
	}
	if (to->kind != KIND_DEVICE) {
		return NULL;
	}
	other = &im->devices[to->thing];
	return other == dev || (other->enabled && !other->kept) ? other->name : NULL;
}

/* One pass to see whether it can be said, one to write it. */
static bool list_walk(const struct import *im, FILE *out, const struct i_device *dev, const struct t_prop *p,
		      const char *cells)
{
	size_t count = tree_cells(p);

	for (size_t at = 0; at < count;) {
		const struct t_node *to = tree_by_phandle(&im->t, tree_cell(p, at));
		const char *name = to == NULL ? NULL : reference(im, dev, to);
		size_t more = to == NULL || cells == NULL ? 0 : tree_u32(to, cells, 0);

		/* gpio-ranges has three whatever the controller says. */
		more = strcmp(p->name, "gpio-ranges") == 0 ? 3 : more;
		if (name == NULL || more > count - at - 1) {
			return false;
		}
		if (out != NULL) {
			fprintf(out, "%s\"&%s\"", at == 0 ? "" : ", ", name);
			for (size_t i = 0; i < more; i++) {
				fprintf(out, ", %u", tree_cell(p, at + 1 + i));
			}
		}
		at += 1 + more;
	}
	return count > 0 && p->len % 4 == 0;
}

/* A vendor's property whose first cell is some node's phandle may well mean that node. */
static bool may_refer(const struct import *im, const struct t_prop *p)
{
	static const char *const ends[] = {"-syscon", "-gpr", "-grf", "-handle", "-phy", "-regmap"};
	bool named = strchr(p->name, ',') != NULL || strcmp(p->name, "syscon") == 0 ||
		     strcmp(p->name, "regmap") == 0;

	for (size_t i = 0; i < ARRAY_SIZE(ends); i++) {
		named = named || ends_in(p->name, ends[i]);
	}
	named = named && strncmp(p->name, "linux,", 6) != 0;
	return named && tree_cells(p) > 0 && tree_by_phandle(&im->t, tree_cell(p, 0)) != NULL;
}

static void cells_write(FILE *out, const struct t_prop *p)
{
	for (size_t i = 0; i < tree_cells(p); i++) {
		uint32_t v = tree_cell(p, i);

		fprintf(out, v < 0x10000 ? "%s%u" : "%s0x%x", i == 0 ? "" : ", ", v);
	}
}

/* The property's line; false: the format cannot say it. */
static bool prop_write(const struct import *im, FILE *out, const struct i_device *dev, const struct t_prop *p,
		       const char *indent)
{
	bool quote = strpbrk(p->name, ",#") != NULL || !isalpha((unsigned char)p->name[0]);
	const char *cells, *q = quote ? "\"" : "";

	if (!name_good(p->name) || strcmp(p->name, "y") == 0 || strcmp(p->name, "n") == 0) {
		return false;
	}
	if (p->len == 0) {
		fprintf(out, "%s  %s%s%s: true\n", indent, q, p->name, q);
		return true;
	}
	bool list = list_find(p->name, &cells);
	bool texts = !list && is_texts(p);
	if (list ? !list_walk(im, NULL, dev, p, cells) || tree_cells(p) > CELLS_MAX
		 : !texts && (p->len % 4 != 0 || tree_cells(p) > CELLS_MAX || may_refer(im, p))) {
		return false;
	}
	fprintf(out, "%s  %s%s%s: [", indent, q, p->name, q);
	if (list) {
		(void)list_walk(im, out, dev, p, cells);
	} else if (texts) {
		for (size_t i = 0; i < tree_texts(p); i++) {
			fputs(i == 0 ? "" : ", ", out);
			text_write(out, tree_text(p, i));
		}
	} else {
		cells_write(out, p);
	}
	fputs("]\n", out);
	return true;
}

/* Some say more than there is when a part was left out. */
static bool is_broken(const struct i_device *dev, const char *name)
{
	return (strcmp(name, "reg-names") == 0 && !dev->reg_whole) ||
	       (strcmp(name, "interrupt-names") == 0 && !dev->irqs_whole) ||
	       (strcmp(name, "no-memory-wc") == 0 && dev->class != CLASS_MMIO);
}

/* A PCI host's node, as on the root bus of a domain's tree. */
static void pci_write(FILE *out, const struct i_device *dev, const char *indent)
{
	const struct t_prop *p = tree_prop(dev->node, "ranges");
	uint32_t parent = address_cells(dev->node), sizes = tree_u32(dev->node, "#size-cells", 2);
	const char *comma = "";

	fprintf(out, "%s  \"#address-cells\": [3]\n%s  \"#size-cells\": [2]\n", indent, indent);
	if (parent == 0 || parent > 2 || sizes == 0 || sizes > 2 || dev->window_count == 0) {
		return;
	}
	fprintf(out, "%s  ranges: [", indent);
	for (size_t at = 0; at + 3 + parent + sizes <= tree_cells(p); at += 3 + parent + sizes) {
		uint64_t size = tree_number(p, at + 3 + parent, sizes);
		struct i_range r;
		bool there = false;

		if (!address_up(dev->node, tree_number(p, at + 3, parent), size, &r)) {
			continue;
		}
		for (size_t w = 0; w < dev->window_count; w++) {
			there = there || (dev->windows[w].base == r.base && dev->windows[w].size == r.size);
		}
		if (there) {
			fprintf(out, "%s0x%x, 0x%x, 0x%x, 0x%x, 0x%x, 0x%x, 0x%x", comma, tree_cell(p, at),
				tree_cell(p, at + 1), tree_cell(p, at + 2), (uint32_t)(r.base >> 32), (uint32_t)r.base,
				(uint32_t)(r.size >> 32), (uint32_t)r.size);
			comma = ", ";
		}
	}
	fputs("]\n", out);
}

/* INTx lines, where all of them end at the GIC; its unit address has two cells in our trees. */
static void lines_write(const struct import *im, FILE *out, const struct i_device *dev, const char *indent)
{
	const struct t_prop *map = tree_prop(dev->node, "interrupt-map");
	const struct t_prop *mask = tree_prop(dev->node, "interrupt-map-mask");
	uint32_t units = tree_u32(im->gic, "#address-cells", 0), cells = tree_u32(im->gic, "#interrupt-cells", 3);
	size_t entry = 4 + 1 + (size_t)units + cells, count = tree_cells(map);

	for (size_t at = 0; at + entry <= count; at += entry) {
		if (tree_by_phandle(&im->t, tree_cell(map, at + 4)) != im->gic) {
			return;
		}
	}
	if (count == 0 || count % entry != 0 || count > 4096 || tree_cells(mask) != 4 || cells < 3 || units > 2) {
		return;
	}
	fprintf(out, "%s  interrupt-map-mask: [0x%x, %u, %u, %u]\n%s  interrupt-map: [", indent, tree_cell(mask, 0),
		tree_cell(mask, 1), tree_cell(mask, 2), tree_cell(mask, 3), indent);
	for (size_t at = 0; at < count; at += entry) {
		size_t irq = at + 5 + units;

		fprintf(out, "%s\n%s    0x%x, %u, %u, %u, \"&gic\", 0, 0, %u, %u, %u", at == 0 ? "" : ",", indent,
			tree_cell(map, at), tree_cell(map, at + 1), tree_cell(map, at + 2), tree_cell(map, at + 3),
			tree_cell(map, irq), tree_cell(map, irq + 1), tree_cell(map, irq + 2));
	}
	fputs("]\n", out);
}

void props_write(struct import *im, FILE *out, const struct i_device *dev, const char *indent)
{
	struct i_notes notes = {0};
	const char *left = "";
	char *text = NULL;
	size_t len = 0, count = 0;
	FILE *body = open_memstream(&text, &len);

	for (size_t i = 0; body != NULL && i < dev->node->prop_count; i++) {
		const struct t_prop *p = &dev->node->props[i];

		/* A name that comes twice would be a key that does. */
		if (is_passed_over(p->name) || tree_prop(dev->node, p->name) != p) {
			continue;
		}
		if (is_broken(dev, p->name) || !prop_write(im, body, dev, p, indent)) {
			left = count++ >= LEFT_MAX ? left
						   : arena_format(im->a, "%s%s%.80s", left, count == 1 ? "" : ", ",
								  count == LEFT_MAX ? "..." : p->name);
		}
	}
	if (body != NULL && dev->pci) {
		pci_write(body, dev, indent);
		lines_write(im, body, dev, indent);
	}
	if (body != NULL) {
		fclose(body);
	}
	if (left[0] != '\0') {
		import_note(im, &notes, "not said: %s", left);
		notes_write(im, out, &notes, indent);
	}
	if (len > 0) {
		fprintf(out, "%sproperties:\n", indent);
		fwrite(text, 1, len, out);
	}
	/* open_memstream's text is malloc's */
	free(text);
}
