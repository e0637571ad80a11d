// SPDX-License-Identifier: Apache-2.0
/*
 * What real trees have and a board must not: registers in RAM or on a page that the hypervisor
 * keeps, memory types that differ within a page, addresses beyond the machine's. Each is put
 * right in the one way that gives nothing away, with a comment.
 */
#include "import/settle.h"
#include "types.h"

#define RESERVE_MAX MIB(64) /* more RAM than this is not set aside for a device by itself */

typedef unsigned long long ull;

static struct s_spans kept_list(struct import *im)
{
	struct s_spans s = {0};

	spans_put(im, &s, &im->gicd, IMPORT_NONE, 0);
	spans_put(im, &s, &im->gicr, IMPORT_NONE, 0);
	spans_put(im, &s, &im->gicc, IMPORT_NONE, 0);
	spans_put(im, &s, &im->gich, IMPORT_NONE, 0);
	spans_put(im, &s, &im->gicv, IMPORT_NONE, 0);
	for (size_t i = 0; i < im->its_count; i++) {
		spans_put(im, &s, &im->itses[i].reg, IMPORT_NONE, 0);
	}
	for (size_t i = 0; i < im->iommu_count; i++) {
		spans_put(im, &s, &im->iommus[i].reg, IMPORT_NONE, 0);
	}
	for (size_t i = 0; i < im->device_count; i++) {
		for (size_t r = 0; im->devices[i].kept && r < im->devices[i].reg_count; r++) {
			spans_put(im, &s, &im->devices[i].reg[r], i, r);
		}
	}
	spans_order(&s);
	return s;
}

/* The first page of both. */
static uint64_t page_of(const struct i_range *x, const struct i_range *y)
{
	return ALIGN_DOWN(x->base > y->base ? x->base : y->base, PAGE_SIZE);
}

/* The domain that has it would reach what is kept. */
static void kept_apart(struct import *im, struct i_device *dev, const struct s_spans *kept)
{
	size_t out = 0;

	for (size_t r = 0; r < dev->reg_count && dev->enabled; r++) {
		size_t hit = spans_hit(kept, &dev->reg[r], 0);
		if (hit != IMPORT_NONE) {
			size_t other = kept->list[hit].device;
			const char *whose = other == IMPORT_NONE ? "the interrupt controller or an IOMMU"
								 : im->devices[other].name;
			import_decide(im, &dev->notes, "disabled: it shares the page 0x%llx with %s, which the hypervisor "
				      "keeps", (ull)page_of(&dev->reg[r], &kept->list[hit].r), whose);
			dev->enabled = false;
		}
	}
	for (size_t w = 0; w < dev->window_count; w++) {
		if (spans_hit(kept, &dev->windows[w], 0) == IMPORT_NONE) {
			dev->windows[out++] = dev->windows[w];
		} else {
			import_decide(im, &dev->notes, "the window [0x%llx, 0x%llx] covers what the hypervisor keeps; left out",
				      (ull)dev->windows[w].base, (ull)dev->windows[w].size);
		}
	}
	dev->window_count = out;
}

static bool is_reserved(const struct import *im, uint64_t first, uint64_t last)
{
	for (size_t i = 0; i < im->reserved_count; i++) {
		if (first >= im->reserved[i].range.base && last <= i_last(&im->reserved[i].range)) {
			return true;
		}
	}
	return false;
}

/* Bytes of RAM in the pages of a range, as far as they are not reserved as a whole. */
static uint64_t ram_in(const struct import *im, const struct i_range *r)
{
	uint64_t first = ALIGN_DOWN(r->base, PAGE_SIZE), last = i_last(r) | (PAGE_SIZE - 1), sum = 0;

	if (is_reserved(im, first, last)) {
		return 0;
	}
	for (size_t i = 0; i < im->ram_count; i++) {
		uint64_t from = im->ram[i].base > first ? im->ram[i].base : first;
		uint64_t to = i_last(&im->ram[i]) < last ? i_last(&im->ram[i]) : last;

		sum += from <= to ? to - from + 1 : 0;
	}
	return sum;
}

static void reserve(struct import *im, const char *name, const struct i_range *r)
{
	uint64_t first = ALIGN_DOWN(r->base, PAGE_SIZE), last = i_last(r) | (PAGE_SIZE - 1);
	struct i_reserved *more;

	im->reserved = import_grow(im, im->reserved, im->reserved_count, sizeof(im->reserved[0]));
	more = &im->reserved[im->reserved_count];
	*more = (struct i_reserved){.name = arena_format(im->a, "%.40s_ram%zu", name, im->reserved_count),
				    .range = {first, last - first + 1}};
	im->reserved_count++;
	import_decide(im, &more->notes, "'%s' has its registers in what %s calls RAM", name, im->ram_source);
}

static void ram_apart(struct import *im, struct i_device *dev)
{
	size_t out = 0;

	for (size_t r = 0; r < dev->reg_count; r++) {
		uint64_t sum = ram_in(im, &dev->reg[r]);
		if (sum >= RESERVE_MAX) {
			import_decide(im, &dev->notes, "reg [0x%llx, 0x%llx] is mostly RAM; left out", (ull)dev->reg[r].base,
				      (ull)dev->reg[r].size);
			dev->reg_whole = false;
			continue;
		}
		if (sum > 0) {
			reserve(im, dev->name, &dev->reg[r]);
		}
		dev->reg[out++] = dev->reg[r];
	}
	dev->reg_count = out;
	out = 0;
	for (size_t w = 0; w < dev->window_count; w++) {
		if (ram_in(im, &dev->windows[w]) == 0) {
			dev->windows[out++] = dev->windows[w];
		} else {
			import_decide(im, &dev->notes, "the window [0x%llx, 0x%llx] covers RAM; left out",
				      (ull)dev->windows[w].base, (ull)dev->windows[w].size);
		}
	}
	dev->window_count = out;
}

static void beyond(struct import *im, struct i_device *dev, struct i_range *list, size_t *count)
{
	size_t out = 0;

	for (size_t r = 0; r < *count; r++) {
		if (i_last(&list[r]) < BIT64(im->pa_bits)) {
			list[out++] = list[r];
		} else {
			import_note(im, &dev->notes, "[0x%llx, 0x%llx] ends beyond 48 address bits; left out",
				    (ull)list[r].base, (ull)list[r].size);
			dev->reg_whole = false;
		}
	}
	*count = out;
}

/* A page has one memory type: an SRAM beside registers is taken for registers. */
static void types_alike(struct import *im)
{
	struct s_spans s = {0};

	for (size_t i = 0; i < im->device_count; i++) {
		const struct i_device *dev = &im->devices[i];
		for (size_t r = 0; dev->enabled && !dev->kept && r < dev->reg_count + dev->window_count; r++) {
			spans_put(im, &s, r < dev->reg_count ? &dev->reg[r] : &dev->windows[r - dev->reg_count], i, r);
		}
	}
	spans_order(&s);
	for (size_t i = 0; i < im->device_count; i++) {
		struct i_device *dev = &im->devices[i];
		bool alone = true;
		for (size_t r = 0; dev->class != CLASS_MMIO && r < dev->reg_count; r++) {
			for (size_t h = spans_hit(&s, &dev->reg[r], 0); h != IMPORT_NONE && alone;
			     h = spans_hit(&s, &dev->reg[r], h + 1)) {
				alone = s.list[h].device == i;
			}
		}
		if (!alone && dev->enabled && dev->class == CLASS_MSI_FRAME) {
			import_decide(im, &dev->notes, "disabled: another device has registers on its page");
			dev->enabled = false;
		} else if (!alone) {
			import_note(im, &dev->notes, "class mmio: another device has registers on its pages");
			dev->class = CLASS_MMIO;
		}
	}
}

static void part_apart(struct import *im, const char *name, const struct i_range *r)
{
	if (r->size != 0 && ram_in(im, r) > 0) {
		import_decide(im, &im->ram_notes, "%s is at 0x%llx, in what %s calls RAM: cut out there", name,
			      (ull)r->base, im->ram_source);
		ram_cut(im, r);
	}
}

/* The machine's own registers lie in no RAM. */
static void machine_apart(struct import *im)
{
	part_apart(im, "gicd", &im->gicd);
	part_apart(im, "gicr", &im->gicr);
	part_apart(im, "gicc", &im->gicc);
	part_apart(im, "gich", &im->gich);
	part_apart(im, "gicv", &im->gicv);
	for (size_t i = 0; i < im->its_count; i++) {
		part_apart(im, im->itses[i].name, &im->itses[i].reg);
	}
	for (size_t i = 0; i < im->iommu_count; i++) {
		part_apart(im, im->iommus[i].name, &im->iommus[i].reg);
	}
}

static void vias_tidy(struct import *im, struct i_device *dev)
{
	size_t out = 0;

	for (size_t i = 0; i < dev->via_count; i++) {
		const struct i_device *via = &im->devices[dev->vias[i]];
		if (via->enabled && !via->kept) {
			dev->vias[out++] = dev->vias[i];
		}
	}
	dev->via_count = out;
}

/* Who turns an IPMMU off and on again has one that lets everything pass: where the hypervisor
 * drives them, it keeps the power controller as well. */
static void power_tell(struct import *im)
{
	const struct i_range sysc = {IPMMU_SYSC, PAGE_SIZE};
	bool power = false;

	for (size_t i = 0; i < im->iommu_count; i++) {
		power = power || (im->iommus[i].type == IOMMU_IPMMU && im->iommus[i].power_domain != UINT32_MAX);
	}
	for (size_t i = 0; i < im->device_count && power; i++) {
		struct i_device *dev = &im->devices[i];
		for (size_t r = 0; r < dev->reg_count && dev->enabled && im->power == IMPORT_NONE; r++) {
			im->power = i_meet(&dev->reg[r], &sysc) ? i : IMPORT_NONE;
		}
	}
	if (im->power != IMPORT_NONE) {
		import_decide(im, &im->devices[im->power].notes, "'status: disabled' here, once system.yaml no longer says "
			      "'iommu: \"off\"': the hypervisor then drives the IPMMUs and keeps their power controller");
	}
}

void settle(struct import *im)
{
	struct s_spans kept;

	for (size_t i = 0; i < im->device_count; i++) {
		struct i_device *dev = &im->devices[i];
		beyond(im, dev, dev->reg, &dev->reg_count);
		beyond(im, dev, dev->windows, &dev->window_count);
		if (dev->kept && dev->enabled) {
			import_decide(im, &dev->notes, "disabled: an IOMMU or a part of the interrupt controller that the "
				      "hypervisor does not drive; no domain may");
			dev->enabled = false;
		}
	}
	kept = kept_list(im);
	machine_apart(im);
	for (size_t i = 0; i < im->device_count; i++) {
		struct i_device *dev = &im->devices[i];
		if (!dev->kept) {
			kept_apart(im, dev, &kept);
		}
		if (dev->enabled) {
			ram_apart(im, dev);
		}
	}
	types_alike(im);
	power_tell(im);
	settle_irqs(im);
	settle_ids(im);
	for (size_t i = 0; i < im->device_count; i++) {
		struct i_device *dev = &im->devices[i];
		vias_tidy(im, dev);
		if (dev->msi_frame != IMPORT_NONE && im->devices[dev->msi_frame].class != CLASS_MSI_FRAME) {
			dev->msi_frame = IMPORT_NONE;
		}
	}
	if (im->console != IMPORT_NONE && !im->devices[im->console].enabled) {
		import_decide(im, &im->console_notes, "'%s' had to be disabled, see there", im->devices[im->console].name);
		im->console = IMPORT_NONE;
	}
}
