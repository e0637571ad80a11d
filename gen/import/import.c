// SPDX-License-Identifier: Apache-2.0
#include "import/import.h"

#include <stdarg.h>
#include <string.h>

#include "types.h"

void *import_grow(struct import *im, void *list, size_t count, size_t size)
{
	void *more;

	if (count != 0 && (count & (count - 1)) != 0) {
		return list;
	}
	more = arena_array(im->a, count == 0 ? 1 : count * 2, size);
	if (count > 0) {
		memcpy(more, list, count * size);
	}
	return more;
}

static void note_add(struct import *im, struct i_notes *n, const char *text)
{
	n->list = import_grow(im, n->list, n->count, sizeof(text));
	n->list[n->count++] = text;
}

void import_note(struct import *im, struct i_notes *n, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	note_add(im, n, arena_vformat(im->a, fmt, ap));
	va_end(ap);
}

void import_decide(struct import *im, struct i_notes *n, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	note_add(im, n, arena_format(im->a, "DECIDE: %s", arena_vformat(im->a, fmt, ap)));
	va_end(ap);
}

struct diag_msg *import_refuse(struct import *im, unsigned int code, const struct t_node *n,
			       const char *fmt, ...)
{
	struct pos at = {.file = im->file};
	const char *where = n == NULL ? "" : arena_format(im->a, "%s: ", tree_path(im->a, n));
	va_list ap;

	va_start(ap, fmt);
	const char *text = arena_vformat(im->a, fmt, ap);
	va_end(ap);
	return diag_error(im->d, code, at, "%s%s", where, text);
}

/* Address bits that everything needs; 40 at the least, as where nothing is said. */
static uint32_t bits_needed(const struct import *im)
{
	static const uint32_t sizes[] = {40, 42, 44, 48};
	uint64_t last = 0;

	for (size_t i = 0; i < im->ram_count; i++) {
		last |= i_last(&im->ram[i]);
	}
	for (size_t i = 0; i < im->device_count; i++) {
		const struct i_device *dev = &im->devices[i];
		for (size_t r = 0; r < dev->reg_count; r++) {
			last |= i_last(&dev->reg[r]);
		}
		for (size_t r = 0; r < dev->window_count; r++) {
			last |= i_last(&dev->windows[r]);
		}
	}
	for (size_t i = 0; i < im->iommu_count; i++) {
		last |= i_last(&im->iommus[i].reg);
	}
	last |= i_last(&im->gicd) | (im->gicr.size != 0 ? i_last(&im->gicr) : 0);
	for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
		if (last < BIT64(sizes[i])) {
			return sizes[i];
		}
	}
	return 48;
}

bool import_like(const struct i_device *dev, const char *part)
{
	for (size_t i = 0; i < dev->compatible_count; i++) {
		if (strstr(dev->compatible[i], part) != NULL) {
			return true;
		}
	}
	return false;
}

bool import_settle(struct import *im)
{
	if (!memory_read(im)) {
		return false;
	}
	im->pa_bits = bits_needed(im);
	im->power = IMPORT_NONE;
	settle(im);
	return image_place(im);
}

bool import_read(struct import *im, struct arena *a, struct diag *d, const char *file, const void *blob,
		 size_t len)
{
	const char *why;

	im->a = a;
	im->d = d;
	im->file = file;
	im->source = "the tree";
	why = tree_read(&im->t, a, blob, len);
	if (why != NULL) {
		import_refuse(im, 701, NULL, "not a device tree blob: %s", why);
		return false;
	}
	title_read(im);
	if (!gic_read(im)) {
		return false;
	}
	iommus_read(im);
	devices_read(im);
	names_give(im);
	links_read(im);
	messages_read(im);
	masters_read(im);
	console_read(im);
	reserved_read(im);
	return import_settle(im);
}
