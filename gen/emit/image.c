// SPDX-License-Identifier: Apache-2.0
/*
 * `bulkhead image`: hv.elf and the payloads become one flat file that is loaded at
 * image.base. [text rodata data] as linked, the page tables packed behind them, the
 * store and the payload at home at their places. The gaps between are holes.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sendfile.h>
#include <unistd.h>

#include "emit/elf.h"
#include "emit/emit.h"
#include "emit/pack.h"

#define HEADER_SIZE 64u
#define HEADER_TEXT_OFFSET 8u
#define HEADER_IMAGE_SIZE 16u
#define HEADER_MAGIC 56u
#define CHUNK_MAX ((size_t)1 << 30)

struct image {
	const struct plan *p;
	struct diag *d;
	const char *elf_path;
	struct elf elf;
	uint64_t packed_data;
	uint64_t packed_end;
	uint8_t *flat; /* from image.base to packed_end */
	size_t flat_size; /* what of it is in the file */
};

static uint64_t le64(const uint8_t *p)
{
	uint64_t v = 0;

	for (unsigned int i = 8; i > 0; i--) {
		v = v << 8 | p[i - 1];
	}
	return v;
}

static bool elf_refuse(const struct image *img, const char *why)
{
	struct diag_msg *m = diag_error(img->d, 557, (struct pos){.file = img->elf_path},
					"no image can be made of this file: %s", why);

	diag_help(m, "link it with hv/hv.ld and the files of `bulkhead gen` with the same options");
	return false;
}

static bool symbols_check(struct image *img)
{
	const struct plan *p = img->p;
	uint64_t start, size;

	if (!elf_symbol(&img->elf, "__image_start", &start) || !elf_symbol(&img->elf, "__image_size", &size) ||
	    !elf_symbol(&img->elf, "__packed_data", &img->packed_data) ||
	    !elf_symbol(&img->elf, "__packed_end", &img->packed_end)) {
		return elf_refuse(img, "it was not linked with hv/hv.ld");
	}
	if (start != p->image.base || size != p->image_size) {
		return elf_refuse(img, "it was linked for another plan");
	}
	if (img->packed_data < start || img->packed_end < img->packed_data ||
	    img->packed_end > p->pool.base.va || img->packed_data - start < HEADER_SIZE) {
		return elf_refuse(img, "its sections are not where hv/hv.ld puts them");
	}
	return true;
}

/* Everything but the tables that has bytes; zeroes may reach past the packed tables' start. */
static bool segments_copy(struct image *img)
{
	const struct plan *p = img->p;

	img->flat = memory_resize(NULL, img->packed_end - p->image.base, 1);
	memset(img->flat, 0, img->packed_end - p->image.base);
	for (size_t i = 0; i < img->elf.segment_count; i++) {
		const Elf64_Phdr *s = &img->elf.segments[i];
		if (s->p_type != PT_LOAD || s->p_filesz == 0 || s->p_paddr == p->pool.base.va) {
			continue;
		}
		if (s->p_paddr < p->image.base || s->p_filesz > img->packed_end - p->image.base ||
		    s->p_paddr - p->image.base > img->packed_end - p->image.base - s->p_filesz) {
			return elf_refuse(img, "a segment lies outside the image");
		}
		memcpy(img->flat + (s->p_paddr - p->image.base), img->elf.bytes + s->p_offset, s->p_filesz);
	}
	if (memcmp(img->flat + HEADER_MAGIC, "ARM\x64", 4) != 0 || le64(img->flat + HEADER_TEXT_OFFSET) != 0 ||
	    le64(img->flat + HEADER_IMAGE_SIZE) != p->image_size) {
		return elf_refuse(img, "it does not begin with the arm64 Image header of this plan");
	}
	return true;
}

static void le_store(uint8_t *to, uint64_t value, unsigned int bytes)
{
	for (unsigned int i = 0; i < bytes; i++) {
		to[i] = (uint8_t)(value >> (8 * i));
	}
}

/* Packs .tables, and unpacks it again to be sure. */
static bool tables_pack(struct image *img)
{
	uint64_t addr, size;
	const uint8_t *bytes = elf_section(&img->elf, ".tables", &addr, &size);
	size_t planned = (size_t)img->p->pool.used * 512;
	size_t words = planned + (size_t)img->p->el2.own_pages * 512;

	if (bytes == NULL || addr != img->p->pool.base.va || size != words * 8) {
		return elf_refuse(img, "its page tables are not where they were planned");
	}
	uint64_t *tables = memory_resize(NULL, words, sizeof(tables[0]));
	uint64_t *again = memory_resize(NULL, words, sizeof(again[0]));
	for (size_t i = 0; i < words; i++) {
		tables[i] = le64(bytes + i * 8);
	}
	size_t count;
	struct packed_run *runs = pack_words(tables, words, &count);
	size_t offset = img->packed_data - img->p->image.base;
	const char *why = NULL;
	if (memcmp(tables, img->p->pool.pages, planned * 8) != 0) {
		why = "its page tables are not those of the plan";
	} else if (count * sizeof(runs[0]) > img->packed_end - img->packed_data) {
		why = "its page tables do not fit .packed";
	} else if (!pack_unpack(runs, count, again, words) || memcmp(tables, again, words * 8) != 0) {
		why = "its page tables do not survive packing";
	}
	for (size_t i = 0; why == NULL && i < count; i++) {
		uint8_t *to = img->flat + offset + i * sizeof(runs[0]);
		le_store(to, runs[i].skip, 4);
		le_store(to + 4, runs[i].count, 4);
		le_store(to + 8, runs[i].first, 8);
		le_store(to + 16, runs[i].step, 8);
	}
	img->flat_size = offset + count * sizeof(runs[0]);
	free(tables);
	free(again);
	free(runs);
	return why == NULL || elf_refuse(img, why);
}

/* A PE header (hv/arch/pe.S) says that the file goes on to the end of what is packed. */
static void pe_finish(struct image *img)
{
	uint64_t header;

	if (elf_symbol(&img->elf, "pe_header", &header) && header != 0) {
		img->flat_size = img->packed_end - img->p->image.base;
	}
}

static bool write_all(int out, const uint8_t *bytes, size_t size)
{
	while (size > 0) {
		ssize_t n = write(out, bytes, size);
		if (n < 0 && errno == EINTR) {
			continue;
		}
		if (n <= 0) {
			return false;
		}
		bytes += n;
		size -= (size_t)n;
	}
	return true;
}

/* A payload file to its place; the kernel moves the bytes. */
static bool file_copy(const struct image *img, int out, const struct plan_file *f)
{
	uint64_t left = f->file_size;

	if (f->path == NULL) {
		return true;
	}
	int in = open(f->path, O_RDONLY | O_CLOEXEC);
	bool good = in >= 0 && lseek(out, (off_t)(f->from - img->p->image.base), SEEK_SET) >= 0;
	while (good && left > 0) {
		ssize_t n = sendfile(out, in, NULL, left < CHUNK_MAX ? left : CHUNK_MAX);
		if (n < 0 && errno == EINTR) {
			continue;
		}
		good = n > 0;
		left -= good ? (uint64_t)n : 0;
	}
	if (!good) {
		struct diag_msg *m = diag_error(img->d, 551, f->pos, "'%s' cannot be copied into the image", f->path);
		diag_label(m, "%s", in >= 0 && left > 0 && errno == 0 ? "it became shorter" : strerror(errno));
	}
	if (in >= 0) {
		close(in);
	}
	return good;
}

static bool image_write(const struct image *img, const char *path)
{
	int out = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	bool written = out >= 0 && write_all(out, img->flat, img->flat_size);
	bool good = written;

	for (size_t i = 0; good && i < img->p->domain_count; i++) {
		errno = 0;
		good = file_copy(img, out, &img->p->domains[i].kernel) &&
		       file_copy(img, out, &img->p->domains[i].initrd);
	}
	written = (out < 0 || close(out) == 0) && written;
	if (!written) {
		(void)diag_unwritten(img->d, path);
	}
	return good && written;
}

int cmd_image(struct diag *d, const struct model *m, const char *elf_path, const char *out_path)
{
	struct image img = {.d = d, .elf_path = elf_path};
	struct plan *p = plan_build(d, m);
	bool good = p != NULL;

	if (good) {
		img.p = p;
		const char *why = elf_read(&img.elf, elf_path);
		good = (why == NULL || elf_refuse(&img, why)) && symbols_check(&img) && segments_copy(&img) &&
		       tables_pack(&img);
		if (good) {
			pe_finish(&img);
			good = image_write(&img, out_path);
		}
	}
	free(img.flat);
	elf_close(&img.elf);
	plan_free(p);
	return good ? 0 : 1;
}
