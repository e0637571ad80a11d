// SPDX-License-Identifier: Apache-2.0
/* RAM, what is reserved of it, and where the image goes. */
#include <libfdt.h>
#include <stdlib.h>
#include <string.h>

#include "import/import.h"
#include "types.h"

#define BANKS_MAX 256u
#define RESERVED_MAX 1024u
#define PLACEHOLDER_SIZE MIB(256)
#define PLACEHOLDER_MOST BIT64(32)
#define PLACEHOLDER_LIMIT BIT64(36)
#define IMAGE_ROOM MIB(64) /* the hypervisor and a kernel */

static int range_compare(const void *a, const void *b)
{
	const struct i_range *x = a, *y = b;

	return x->base < y->base ? -1 : x->base > y->base;
}

/* Whole pages of a bank. */
static void bank_add(struct import *im, struct i_range r)
{
	uint64_t base = ALIGN_UP(r.base, PAGE_SIZE), end = ALIGN_DOWN(i_last(&r), PAGE_SIZE);

	end = i_last(&r) % PAGE_SIZE == PAGE_SIZE - 1 ? end + PAGE_SIZE : end;
	if (base < r.base || end <= base || im->ram_count == BANKS_MAX) {
		import_note(im, &im->ram_notes, "RAM at 0x%llx is no whole page; left out", (unsigned long long)r.base);
		return;
	}
	im->ram = import_grow(im, im->ram, im->ram_count, sizeof(r));
	im->ram[im->ram_count++] = (struct i_range){base, end - base};
}

/* Ascending, and in one piece what touches. */
static void banks_join(struct import *im)
{
	size_t out = 0;

	if (im->ram_count == 0) {
		return;
	}
	qsort(im->ram, im->ram_count, sizeof(im->ram[0]), range_compare);
	for (size_t i = 0; i < im->ram_count; i++) {
		struct i_range *last = out > 0 ? &im->ram[out - 1] : NULL;
		const struct i_range *r = &im->ram[i];

		if (last == NULL || r->base > i_last(last) + 1) {
			im->ram[out++] = *r;
		} else if (i_last(r) > i_last(last)) {
			last->size = i_last(r) - last->base + 1;
		}
	}
	im->ram_count = out;
}

void ram_cut(struct import *im, const struct i_range *r)
{
	uint64_t first = ALIGN_DOWN(r->base, PAGE_SIZE), last = i_last(r) | (PAGE_SIZE - 1);
	struct i_range *old = im->ram;
	size_t count = im->ram_count;

	im->ram = NULL;
	im->ram_count = 0;
	for (size_t i = 0; i < count; i++) {
		if (old[i].base > last || i_last(&old[i]) < first) {
			bank_add(im, old[i]);
			continue;
		}
		if (old[i].base < first) {
			bank_add(im, (struct i_range){old[i].base, first - old[i].base});
		}
		if (i_last(&old[i]) > last) {
			bank_add(im, (struct i_range){last + 1, i_last(&old[i]) - last});
		}
	}
}

/* Ranges of 4 GiB and more are buses that call all of memory theirs. */
static void end_raise(const struct i_range *r, const struct i_range *probe, uint64_t *end)
{
	if (r->size != 0 && r->size < BIT64(32) && i_meet(r, probe) && i_last(r) > *end) {
		*end = i_last(r);
	}
}

/* Whether some registers are in a range; *end: the last byte of all of those. */
static bool devices_meet(const struct import *im, uint64_t base, uint64_t size, uint64_t *end)
{
	const struct i_range probe = {base, size};
	const struct i_range *parts[] = {&im->gicd, &im->gicr, &im->gicc, &im->gich, &im->gicv};

	*end = 0;
	for (size_t i = 0; i < ARRAY_SIZE(parts); i++) {
		end_raise(parts[i], &probe, end);
	}
	for (size_t i = 0; i < im->iommu_count; i++) {
		end_raise(&im->iommus[i].reg, &probe, end);
	}
	for (size_t i = 0; i < im->device_count; i++) {
		const struct i_device *dev = &im->devices[i];
		for (size_t r = 0; r < dev->reg_count; r++) {
			end_raise(&dev->reg[r], &probe, end);
		}
		for (size_t w = 0; w < dev->window_count; w++) {
			end_raise(&dev->windows[w], &probe, end);
		}
	}
	return *end != 0;
}

/* Whether the image has room in the RAM that is supposed. */
static bool place_find(struct import *im);

/* RAM that nobody told of: from `base` on or above, where none of the devices is, and as much as
 * leaves room beside what is reserved. */
static bool placeholder(struct import *im, uint64_t base)
{
	for (uint64_t size = PLACEHOLDER_SIZE; size <= PLACEHOLDER_MOST; size *= 2) {
		uint64_t from = ALIGN_UP(base, MIB(2)), end;
		for (int tries = 0; tries < 1000 && from < PLACEHOLDER_LIMIT; tries++) {
			im->ram_count = 0;
			if (!devices_meet(im, from, size, &end)) {
				bank_add(im, (struct i_range){from, size});
				if (place_find(im)) {
					return true;
				}
				end = from + MIB(2) - 1;
			}
			from = end >= PLACEHOLDER_LIMIT ? PLACEHOLDER_LIMIT : ALIGN_UP(end + 1, MIB(2));
			if (base != 0) {
				break; /* the tree says where, and only not how much */
			}
		}
	}
	im->ram_count = 0;
	return base != 0 && placeholder(im, 0);
}

static void placeholder_note(struct import *im, const struct t_node *empty)
{
	unsigned long long mib = im->ram[0].size / MIB(1);

	if (empty != NULL) {
		import_decide(im, &im->ram_notes, "%s has no size: the boot loader fills it in. These %llu MiB are a "
			      "placeholder", empty->name, mib);
	} else if (im->acpi) {
		import_decide(im, &im->ram_notes, "no table says what RAM there is, UEFI's memory map does (its shell's "
			      "'memmap', Linux's 'efi=debug'): give it to the import by --memory BASE:SIZE. These %llu MiB "
			      "are a placeholder, where no device is", mib);
	} else {
		import_decide(im, &im->ram_notes, "the tree has no RAM: the boot loader adds it. These %llu MiB are a "
			      "placeholder, where no device is", mib);
	}
}

/* The first node that says where RAM is and not how much; NULL: none. */
static const struct t_node *banks_read(struct import *im, uint64_t *empty_base)
{
	const struct t_node *empty = NULL;

	for (size_t i = 1; i < im->t.count; i++) {
		struct t_node *n = &im->t.nodes[i];
		const char *type = tree_text(tree_prop(n, "device_type"), 0);
		struct i_range r;

		if (type == NULL || strcmp(type, "memory") != 0 || !tree_enabled(n)) {
			continue;
		}
		for (size_t k = 0; k < address_count(n) && k < BANKS_MAX; k++) {
			enum address_why why = address_reg(n, k, &r);
			if (why == ADDRESS_OK) {
				bank_add(im, r);
			} else if (why == ADDRESS_EMPTY && empty == NULL) {
				empty = n;
				*empty_base = r.base;
			}
		}
	}
	return empty;
}

bool memory_read(struct import *im)
{
	const struct t_node *empty = NULL;
	uint64_t empty_base = 0;
	bool told = im->memory_count > 0;

	im->ram_source = told ? "--memory" : im->source;
	for (size_t i = 0; i < im->memory_count; i++) {
		bank_add(im, im->memory[i]);
	}
	if (!told) {
		empty = banks_read(im, &empty_base);
	}
	banks_join(im);
	if (im->ram_count > 0) {
		import_decide(im, &im->ram_notes, im->acpi ? "all RAM that UEFI's memory map has, as --memory said it"
							   : "all RAM that the boot loader finds, and none that it keeps");
		return true;
	}
	if (told) {
		import_refuse(im, 705, NULL, "no whole page of RAM is in what --memory says");
		return false;
	}
	if (!placeholder(im, empty_base)) {
		import_refuse(im, 705, empty, "no RAM is named, and there is no room to suppose some");
		return false;
	}
	im->ram_supposed = true;
	placeholder_note(im, empty);
	return true;
}

static void reserved_add(struct import *im, const char *name, const struct i_range *r)
{
	if (im->reserved_count == RESERVED_MAX) {
		return;
	}
	for (size_t i = 0; i < im->reserved_count; i++) {
		if (strcmp(im->reserved[i].name, name) == 0) {
			name = arena_format(im->a, "%.40s_%zu", name, im->reserved_count);
		}
	}
	im->reserved = import_grow(im, im->reserved, im->reserved_count, sizeof(im->reserved[0]));
	im->reserved[im->reserved_count++] = (struct i_reserved){.name = name, .range = *r};
}

/* /memreserve/: what the boot loader keeps. */
static void memreserve_read(struct import *im)
{
	int count = fdt_num_mem_rsv(im->t.blob);

	for (int i = 0; i < count && i < (int)RESERVED_MAX; i++) {
		struct i_range r;

		if (fdt_get_mem_rsv(im->t.blob, i, &r.base, &r.size) == 0 && r.size != 0 &&
		    r.base <= UINT64_MAX - (r.size - 1)) {
			reserved_add(im, "memreserve", &r);
		}
	}
}

void reserved_read(struct import *im)
{
	struct t_node *folder = tree_child(&im->t.nodes[0], "reserved-memory");

	memreserve_read(im);
	for (struct t_node *n = folder == NULL ? NULL : folder->child; n != NULL; n = n->next) {
		const char *name = name_clean(im, n->label != NULL ? n->label : n->name,
					      n->label != NULL ? strlen(n->label) : strcspn(n->name, "@"));
		struct i_range r;

		if (!tree_enabled(n)) {
			continue;
		}
		if (address_count(n) == 0) {
			import_note(im, &im->reserved_notes, "%s has no place of its own: a domain's Linux makes such ones "
				    "itself", n->name);
		}
		for (size_t k = 0; k < address_count(n) && k < BANKS_MAX; k++) {
			if (address_reg(n, k, &r) == ADDRESS_OK) {
				reserved_add(im, name, &r);
			}
		}
	}
}

/* The end of what is reserved of [base, base + size), 0: nothing is. */
static uint64_t reserved_end(const struct import *im, uint64_t base, uint64_t size)
{
	const struct i_range probe = {base, size};
	uint64_t end = 0;

	for (size_t i = 0; i < im->reserved_count; i++) {
		if (i_meet(&im->reserved[i].range, &probe)) {
			uint64_t last = i_last(&im->reserved[i].range);
			end = last > end ? last : end;
		}
	}
	return end;
}

static bool place_find(struct import *im)
{
	for (uint64_t room = IMAGE_ROOM; room >= MIB(8); room /= 2) {
		for (size_t i = 0; i < im->ram_count; i++) {
			const struct i_range *r = &im->ram[i];
			uint64_t base = ALIGN_UP(r->base, MIB(2)), end;

			/* Where there is room, not at the very start: boot loaders keep things there. */
			base += r->size > 2 * room ? MIB(2) : 0;
			while (base >= r->base && base <= i_last(r) && i_last(r) - base >= room - 1) {
				end = reserved_end(im, base, room);
				if (end == 0) {
					im->load = base;
					return true;
				}
				if (end > i_last(r)) {
					break;
				}
				base = ALIGN_UP(end + 1, MIB(2));
			}
		}
	}
	return false;
}

bool image_place(struct import *im)
{
	if (place_find(im)) {
		return true;
	}
	import_refuse(im, 705, NULL, "no 8 MiB of RAM in one piece that are not reserved");
	return false;
}
