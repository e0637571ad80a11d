// SPDX-License-Identifier: Apache-2.0
/* Payload files: found, measured, and kernels known for what they are. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "plan/plan.h"

/* Head of an arm64 Image (Documentation/arch/arm64/booting.rst of Linux). */
#define IMAGE_HEAD 64u
#define IMAGE_TEXT_OFFSET 8u
#define IMAGE_SIZE 16u
#define IMAGE_FLAGS 24u
#define IMAGE_MAGIC 56u
#define IMAGE_FLAG_BE BIT64(0)
/* Kernels before 3.17 leave image_size 0; they start at this offset. */
#define OLD_TEXT_OFFSET UINT64_C(0x80000)
#define OLD_BSS_ROOM MIB(8)

static uint64_t le64(const uint8_t *p)
{
	uint64_t v = 0;

	for (unsigned int i = 8; i > 0; i--) {
		v = v << 8 | p[i - 1];
	}
	return v;
}

/* A path in YAML is relative to its file, one on the command line to here. */
static const char *path_resolve(struct plan *p, const struct m_string *s)
{
	const char *slash = s->pos.file == NULL || s->pos.line == 0 ? NULL : strrchr(s->pos.file, '/');

	if (s->s[0] == '/' || slash == NULL) {
		return s->s;
	}
	return arena_format(p->arena, "%.*s/%s", (int)(slash - s->pos.file), s->pos.file, s->s);
}

/* Opens and measures; -1 after reporting. */
static int file_open(struct plan *p, struct diag *d, const char *what, const struct m_string *s,
		     struct plan_file *f)
{
	struct stat st;

	f->path = path_resolve(p, s);
	f->pos = s->pos;
	/* Looked at before it is opened: that would wait for a FIFO's other end, and some
	 * devices do things when opened. */
	bool there = stat(f->path, &st) == 0;
	bool file = there && S_ISREG(st.st_mode) && st.st_size != 0;
	int fd = file ? open(f->path, O_RDONLY | O_CLOEXEC) : -1;
	if (fd < 0) {
		struct diag_msg *m = diag_error(d, 551, s->pos, "%s '%s' cannot be read", what, f->path);
		diag_label(m, "%s", there && !file ? "not a file with anything in it" : strerror(errno));
		diag_help(m, "paths in a system file are relative to it, those of --set to where it is run");
		return -1;
	}
	f->file_size = (uint64_t)st.st_size;
	f->size = f->file_size;
	return fd;
}

static void kernel_refuse(struct diag *d, const struct plan_file *f, const uint8_t *head, size_t len)
{
	struct diag_msg *m = diag_error(d, 552, f->pos, "'%s' is not an arm64 Image", f->path);

	if (len > 2 && head[0] == 0x1f && head[1] == 0x8b) {
		diag_label(m, "compressed with gzip");
		diag_help(m, "unpack it first: gzip -dc %s > Image", f->path);
	} else if (len >= IMAGE_HEAD && memcmp(head + 4, "zimg", 4) == 0) {
		diag_label(m, "an EFI zboot image: the kernel inside is compressed");
		diag_help(m, "take arch/arm64/boot/Image of the kernel's build");
	} else if (len > 4 && memcmp(head, "\177ELF", 4) == 0) {
		diag_label(m, "an ELF file");
		diag_help(m, "make a flat binary of it that starts with the arm64 Image header: "
			  "objcopy -O binary");
	} else {
		diag_label(m, "no \"ARM\\x64\" at offset 56");
		diag_help(m, "take arch/arm64/boot/Image of the kernel's build, or a binary with the header that "
			  "the arm64 boot protocol has");
	}
}

static bool kernel_read(struct plan *p, struct diag *d, const struct m_string *s, struct plan_file *f)
{
	uint8_t head[IMAGE_HEAD];
	int fd = file_open(p, d, "kernel", s, f);

	if (fd < 0) {
		return false;
	}
	ssize_t len = read(fd, head, sizeof(head));
	close(fd);
	if (len != IMAGE_HEAD || memcmp(head + IMAGE_MAGIC, "ARM\x64", 4) != 0) {
		kernel_refuse(d, f, head, len < 0 ? 0 : (size_t)len);
		return false;
	}
	uint64_t size = le64(head + IMAGE_SIZE);
	f->offset = size == 0 ? OLD_TEXT_OFFSET : le64(head + IMAGE_TEXT_OFFSET);
	f->size = size == 0 ? f->file_size + OLD_BSS_ROOM : size > f->file_size ? size : f->file_size;
	if ((le64(head + IMAGE_FLAGS) & IMAGE_FLAG_BE) != 0 || f->offset >= KERNEL_ALIGN || size > GIB(64)) {
		struct diag_msg *m = diag_error(d, 552, f->pos, "'%s' cannot be started", f->path);
		diag_label(m, "its header says text_offset 0x%llx, image_size 0x%llx, flags 0x%llx",
			   (unsigned long long)le64(head + IMAGE_TEXT_OFFSET), (unsigned long long)size,
			   (unsigned long long)le64(head + IMAGE_FLAGS));
		diag_help(m, "take a little-endian kernel");
		return false;
	}
	return true;
}

static bool initrd_read(struct plan *p, struct diag *d, const struct m_string *s, struct plan_file *f)
{
	int fd = file_open(p, d, "initrd", s, f);

	if (fd < 0) {
		return false;
	}
	close(fd);
	return true;
}

static bool is_given(const struct m_string *s)
{
	return s->s != NULL && s->s[0] != '\0';
}

bool plan_files(struct plan *p, struct diag *d)
{
	bool good = true;

	for (size_t i = 0; i < p->domain_count; i++) {
		struct plan_domain *dom = &p->domains[i];
		if (is_given(&dom->m->kernel)) {
			good = kernel_read(p, d, &dom->m->kernel, &dom->kernel) && good;
		}
		if (is_given(&dom->m->initrd)) {
			good = initrd_read(p, d, &dom->m->initrd, &dom->initrd) && good;
		}
		dom->dtb_room = plan_dtb_room(p, dom);
	}
	return good;
}
