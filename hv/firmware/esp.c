// SPDX-License-Identifier: Apache-2.0
/*
 * The hardware domain's kernel, initial RAM disk and command line from files of the partition
 * that UEFI started the image from (UEFI 2.10, 13.4 and 13.5). Firmware's drivers read media
 * that anybody may have written: sizes are checked before anything is done with them.
 */
#include "firmware/efi_priv.h"
#include "lib/string.h"

#define CHUNK MIB(1) /* at a time: some drivers fail with more than a few MiB */
#define SIZE_MAX_FILE GIB(64)
#define CMDLINE_MAX 2047u /* COMMAND_LINE_SIZE of arm64's Linux, less the NUL */

/* Head of an arm64 Image (Documentation/arch/arm64/booting.rst of Linux). */
#define HEAD_SIZE 64u
#define HEAD_TEXT_OFFSET 8u
#define HEAD_IMAGE_SIZE 16u
#define HEAD_FLAGS 24u
#define HEAD_MAGIC 56u
#define FLAG_BIG_ENDIAN BIT64(0)
#define KERNEL_ALIGN MIB(2)
/* Kernels before 3.17 leave image_size 0. */
#define OLD_TEXT_OFFSET UINT64_C(0x80000)
#define OLD_BSS_ROOM MIB(8)

struct esp {
	const char *board;
	struct efi_file *root;
};

struct esp_file {
	const char *name;
	struct efi_file *file; /* NULL: none is named */
	uint64_t size;
};

struct esp_kernel {
	uint64_t offset; /* from a 2 MiB boundary */
	uint64_t size;   /* with what it clears */
};

/* 5b1b31a1-9562-11d2-8e3f-00a0c969723b */
static const struct efi_guid esp_loaded_image = {
	0x5b1b31a1, 0x9562, 0x11d2, {0x8e, 0x3f, 0x00, 0xa0, 0xc9, 0x69, 0x72, 0x3b},
};
/* 964e5b22-6459-11d2-8e39-00a0c969723b */
static const struct efi_guid esp_file_system = {
	0x964e5b22, 0x6459, 0x11d2, {0x8e, 0x39, 0x00, 0xa0, 0xc9, 0x69, 0x72, 0x3b},
};

static char esp_cmdline[CMDLINE_MAX + 1];

static bool esp_open_root(struct esp *e, struct efi_system *efi, void *handle)
{
	struct efi_loaded_image *image = NULL;
	struct efi_file_system *volume = NULL;
	void *found = NULL;

	if (efi->boot->handle_protocol(handle, &esp_loaded_image, &found) == EFI_SUCCESS) {
		image = found;
	}
	if (image != NULL && image->device != NULL &&
	    efi->boot->handle_protocol(image->device, &esp_file_system, &found) == EFI_SUCCESS) {
		volume = found;
	}
	if (volume == NULL || volume->open_volume(volume, &e->root) != EFI_SUCCESS) {
		efi_say("bulkhead: fatal: %s: firmware did not start the image from a file system, where it would "
			"find what payload.esp of the system file names", e->board);
		return false;
	}
	return true;
}

static bool esp_refuse(const struct esp *e, const struct esp_file *f, const char *why)
{
	efi_say("bulkhead: fatal: %s: file '%s' %s (payload.esp of the system file)", e->board, f->name, why);
	return false;
}

/* From the partition's root on, and how large it is: at most `most` bytes. */
static bool esp_open(const struct esp *e, struct esp_file *f, const char *name, uint64_t most)
{
	static uint16_t wide[EFI_NAME_MAX + 1];
	uint32_t n = 0;
	uint64_t status;

	if (name == NULL) {
		return true;
	}
	f->name = efi_here(name);
	for (; n < EFI_NAME_MAX && f->name[n] != '\0'; n++) {
		wide[n] = (uint8_t)f->name[n];
	}
	wide[n] = 0;
	status = e->root->open(e->root, &f->file, wide, EFI_READ, 0);
	if (status != EFI_SUCCESS) {
		f->file = NULL;
		return esp_refuse(e, f, status == EFI_NOT_FOUND ? "is not on the partition that the image was started from"
								: "cannot be opened");
	}
	if (f->file->set_position(f->file, EFI_END_OF_FILE) != EFI_SUCCESS ||
	    f->file->get_position(f->file, &f->size) != EFI_SUCCESS ||
	    f->file->set_position(f->file, 0) != EFI_SUCCESS) {
		return esp_refuse(e, f, "is no file that can be read");
	}
	if (f->size == 0) {
		return esp_refuse(e, f, "has nothing in it");
	}
	return f->size <= most || esp_refuse(e, f, "is too large");
}

/* The next `size` bytes. */
static bool esp_read(const struct esp *e, const struct esp_file *f, void *to, uint64_t size)
{
	for (uint64_t done = 0; done < size;) {
		uint64_t want = size - done < CHUNK ? size - done : CHUNK;
		uint64_t got = want;
		uint64_t status = f->file->read(f->file, &got, (uint8_t *)to + done);

		if (status != EFI_SUCCESS) {
			return esp_refuse(e, f, "cannot be read");
		}
		if (got == 0 || got > want) {
			return esp_refuse(e, f, "has not the bytes that firmware says it has");
		}
		done += got;
	}
	return true;
}

static bool esp_measure_kernel(const struct esp *e, const struct esp_file *f, struct esp_kernel *k)
{
	_Alignas(8) uint8_t head[HEAD_SIZE];
	uint64_t flags;

	if (f->size < HEAD_SIZE) {
		return esp_refuse(e, f, "is not an arm64 Image");
	}
	if (!esp_read(e, f, head, sizeof(head))) {
		return false;
	}
	if (memcmp(head + HEAD_MAGIC, "ARM\x64", 4) != 0) {
		return esp_refuse(e, f, (head[0] == 0x1f && head[1] == 0x8b) || memcmp(head + 4, "zimg", 4) == 0
						? "is not an arm64 Image but a compressed one, which is to be unpacked first"
						: "is not an arm64 Image");
	}
	memcpy(&k->offset, head + HEAD_TEXT_OFFSET, sizeof(k->offset));
	memcpy(&k->size, head + HEAD_IMAGE_SIZE, sizeof(k->size));
	memcpy(&flags, head + HEAD_FLAGS, sizeof(flags));
	if ((flags & FLAG_BIG_ENDIAN) != 0 || k->size > SIZE_MAX_FILE ||
	    (k->size != 0 && k->offset >= KERNEL_ALIGN)) {
		return esp_refuse(e, f, "is an arm64 Image that cannot be started: big endian, or of odd size or offset");
	}
	k->offset = k->size == 0 ? OLD_TEXT_OFFSET : k->offset;
	k->size = k->size == 0 ? f->size + OLD_BSS_ROOM : k->size < f->size ? f->size : k->size;
	if (f->file->set_position(f->file, 0) != EFI_SUCCESS) {
		return esp_refuse(e, f, "cannot be read");
	}
	return true;
}

/* In one piece, as the boot protocol has them within 32 GiB of each other. What is left of it
 * before the kernel is free for the domain like the rest. */
static bool esp_place(const struct esp *e, struct efi_system *efi, const struct mem_range *ram,
		      uint32_t count, const struct esp_kernel *k, uint64_t initrd, struct efi_loaded *to)
{
	uint64_t kernel = ALIGN_UP(k->offset + k->size, PAGE_SIZE);
	uint64_t size = KERNEL_ALIGN + kernel + ALIGN_UP(initrd, PAGE_SIZE);
	uint64_t at;

	if (!efi_take(efi, ram, count, EFI_LOADER_DATA, size, &at)) {
		efi_say("bulkhead: fatal: %s: the hardware domain's RAM, as far as firmware does not use it, has no piece "
			"for a kernel of 0x%lx and an initrd of 0x%lx bytes", e->board, k->size, initrd);
		return false;
	}
	at = ALIGN_UP(at, KERNEL_ALIGN);
	to->kernel = (struct mem_range){at + k->offset, k->size};
	to->initrd = (struct mem_range){at + kernel, initrd};
	return true;
}

/* One line of text; what ends it is not part of it. */
static bool esp_read_cmdline(const struct esp *e, const struct esp_file *f, struct efi_loaded *to)
{
	uint64_t end = f->size;

	if (f->file == NULL) {
		return true;
	}
	if (!esp_read(e, f, esp_cmdline, f->size)) {
		return false;
	}
	while (end > 0 && (esp_cmdline[end - 1] == '\n' || esp_cmdline[end - 1] == '\r')) {
		end--;
	}
	esp_cmdline[end] = '\0';
	for (uint64_t i = 0; i < end; i++) {
		if ((uint8_t)esp_cmdline[i] < ' ') {
			return esp_refuse(e, f, "is not one line of text");
		}
	}
	to->cmdline = esp_cmdline;
	return true;
}

static bool esp_load_all(const struct esp *e, struct efi_system *efi, const struct efi_payload *payload,
			 struct esp_file *files, const struct mem_range *ram, uint32_t count,
			 struct efi_loaded *to)
{
	struct esp_file *kernel = &files[EFI_FILE_KERNEL], *initrd = &files[EFI_FILE_INITRD];
	struct esp_kernel k;
	uint8_t *at;

	if (!esp_open(e, kernel, payload->files[EFI_FILE_KERNEL], SIZE_MAX_FILE) ||
	    !esp_open(e, initrd, payload->files[EFI_FILE_INITRD], SIZE_MAX_FILE) ||
	    !esp_open(e, &files[EFI_FILE_CMDLINE], payload->files[EFI_FILE_CMDLINE], CMDLINE_MAX) ||
	    !esp_measure_kernel(e, kernel, &k) || !esp_read_cmdline(e, &files[EFI_FILE_CMDLINE], to) ||
	    !esp_place(e, efi, ram, count, &k, initrd->size, to)) {
		return false;
	}
	at = (uint8_t *)(uintptr_t)to->kernel.base;
	memset(at + kernel->size, 0, k.size - kernel->size);
	return esp_read(e, kernel, at, kernel->size) &&
	       (initrd->file == NULL || esp_read(e, initrd, (void *)(uintptr_t)to->initrd.base, initrd->size));
}

bool esp_load(struct efi_system *efi, void *handle, const char *name, const struct efi_payload *payload,
	      const struct mem_range *ram, uint32_t count, struct efi_loaded *to)
{
	struct esp e = {.board = name};
	struct esp_file files[EFI_FILES] = {{.name = NULL}};
	bool good;

	*to = (struct efi_loaded){.cmdline = NULL};
	if (payload->files[EFI_FILE_KERNEL] == NULL) {
		return true;
	}
	if (!esp_open_root(&e, efi, handle)) {
		return false;
	}
	good = esp_load_all(&e, efi, payload, files, ram, count, to);
	for (uint32_t i = 0; i < EFI_FILES; i++) {
		if (files[i].file != NULL) {
			(void)files[i].file->close(files[i].file);
		}
	}
	(void)e.root->close(e.root);
	return good;
}
