// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "unit/efi/uefi.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "models/model.h"
#include "unit/acpi/firmware.h"

#define PIECES_MAX 512u

struct uefi uefi;
void *const uefi_image = &uefi;

/* The map: ascending, without gaps; the first begins where RAM does. */
static struct {
	uint64_t base;
	uint32_t type;
	bool given; /* to the image */
} pieces[PIECES_MAX + 1];
static uint32_t piece_count;
static uint64_t map_key;

static uint64_t piece_end(uint32_t i)
{
	return i + 1 < piece_count ? pieces[i + 1].base : UEFI_RAM + UEFI_RAM_SIZE;
}

/* Makes an edge at `pa`; the piece that begins there. */
static uint32_t piece_cut(uint64_t pa)
{
	uint32_t i = 0;

	while (i < piece_count && pieces[i].base < pa) {
		i++;
	}
	if (pa == UEFI_RAM + UEFI_RAM_SIZE || (i < piece_count && pieces[i].base == pa)) {
		return i;
	}
	if (piece_count == PIECES_MAX) {
		model_fail("the test's memory map is full");
	}
	memmove(&pieces[i + 1], &pieces[i], (piece_count - i) * sizeof(pieces[0]));
	piece_count++;
	pieces[i] = pieces[i - 1];
	pieces[i].base = pa;
	return i;
}

static void piece_set(uint64_t base, uint64_t size, uint32_t type, bool given)
{
	uint32_t first = piece_cut(base);
	uint32_t end = piece_cut(base + size);

	for (uint32_t i = first; i < end; i++) {
		pieces[i].type = type;
		pieces[i].given = given;
	}
	map_key++;
}

void uefi_set(uint32_t type, uint64_t base, uint64_t size)
{
	piece_set(base, size, type, false);
}

uint32_t uefi_type(uint64_t pa)
{
	uint32_t type = EFI_RESERVED;

	for (uint32_t i = 0; i < piece_count && pieces[i].base <= pa; i++) {
		type = pa < piece_end(i) ? pieces[i].type : EFI_RESERVED;
	}
	return type;
}

static bool piece_free(uint64_t base, uint64_t size)
{
	uint64_t free = 0;

	if (base < UEFI_RAM || size > UEFI_RAM_SIZE || base - UEFI_RAM > UEFI_RAM_SIZE - size) {
		return false;
	}
	for (uint32_t i = 0; i < piece_count; i++) {
		uint64_t from = pieces[i].base > base ? pieces[i].base : base;
		uint64_t to = piece_end(i) < base + size ? piece_end(i) : base + size;

		free += from < to && pieces[i].type == EFI_CONVENTIONAL ? to - from : 0;
	}
	return free == size;
}

static void must_run(const char *what)
{
	if (uefi.exited) {
		model_fail("%s after boot services have ended", what);
	}
}

static uint64_t allocate(uint32_t which, uint32_t type, uint64_t pages, uint64_t *at)
{
	uint64_t size = pages * PAGE_SIZE;
	uint64_t base = *at;

	must_run("memory is asked for");
	if (pages == 0 || pages > BIT64(40) || (uefi.fail_after != 0 && uefi.allocations >= uefi.fail_after)) {
		return EFI_ERROR | 9;
	}
	if (which == EFI_ALLOCATE_BELOW) {
		base = base < UEFI_RAM + UEFI_RAM_SIZE ? base : UEFI_RAM + UEFI_RAM_SIZE - 1;
		base = ALIGN_DOWN(base + 1, PAGE_SIZE) - (size < base ? size : base);
		while (base >= UEFI_RAM && !piece_free(base, size)) { /* the highest that does */
			base -= PAGE_SIZE;
		}
	}
	if (!piece_free(base, size)) {
		return EFI_ERROR | 14;
	}
	piece_set(base, size, type, true);
	uefi.allocations++;
	uefi.taken += size;
	*at = base;
	return EFI_SUCCESS;
}

static uint64_t release(uint64_t at, uint64_t pages)
{
	uint32_t first, end;

	if (uefi.forgets) {
		return EFI_SUCCESS;
	}
	first = piece_cut(at);
	end = piece_cut(at + pages * PAGE_SIZE);
	must_run("memory is given back");
	for (uint32_t i = first; i < end; i++) {
		if (!pieces[i].given) {
			model_fail("memory is given back that was not given");
		}
	}
	piece_set(at, pages * PAGE_SIZE, EFI_CONVENTIONAL, false);
	uefi.taken -= pages * PAGE_SIZE;
	return EFI_SUCCESS;
}

static uint64_t get_map(uint64_t *size, struct efi_memory *map, uint64_t *key, uint64_t *step,
			uint32_t *version)
{
	uint32_t first = uefi.registers != 0;
	uint64_t need = (first + piece_count) * uefi.step;

	must_run("the memory map is asked for");
	*step = uefi.step;
	*version = 1;
	if (need > *size || (uefi.map_limit != 0 && need > uefi.map_limit)) {
		*size = need;
		return EFI_ERROR | 5;
	}
	if (first != 0) {
		struct efi_memory m = {
			.type = EFI_MAPPED_IO, .base = uefi.registers, .pages = UEFI_REGISTERS / PAGE_SIZE,
			.attributes = EFI_RUNTIME | 1,
		};

		memcpy(map, &m, sizeof(m));
	}
	for (uint32_t i = 0; i < piece_count; i++) {
		bool runtime = pieces[i].type == EFI_RUNTIME_CODE || pieces[i].type == EFI_RUNTIME_DATA;
		struct efi_memory m = {
			.type = pieces[i].type,
			.base = pieces[i].base,
			.pages = (piece_end(i) - pieces[i].base) / PAGE_SIZE,
			.attributes = (runtime ? EFI_RUNTIME : 0) | 0xf,
		};

		memcpy((uint8_t *)map + (first + i) * uefi.step, &m, sizeof(m));
	}
	*size = need;
	*key = map_key;
	return EFI_SUCCESS;
}

static uint64_t leave(void *image, uint64_t key)
{
	must_run("boot services are ended");
	if (image != uefi_image) {
		model_fail("another image ends boot services");
	}
	if (uefi.late_page != 0) {
		uefi_set(uefi.late_type, uefi.late_page, PAGE_SIZE);
		uefi.late_page = 0;
	}
	if (uefi.stale > 0) {
		uefi.stale--;
		map_key++;
	}
	if (uefi.stays || key != map_key) {
		return EFI_INVALID_PARAMETER;
	}
	uefi.exited = true;
	return EFI_SUCCESS;
}

static uint64_t say(struct efi_text_output *self, const uint16_t *text)
{
	size_t n = strlen(uefi.said);

	(void)self;
	must_run("a line is written");
	for (; *text != 0 && n + 1 < sizeof(uefi.said); text++) {
		uefi.said[n++] = (char)*text;
	}
	uefi.said[n] = '\0';
	return EFI_SUCCESS;
}

static struct uefi_file *file_of(struct efi_file *self)
{
	return (struct uefi_file *)(void *)self;
}

static uint64_t file_close(struct efi_file *self)
{
	if (file_of(self)->opened == 0) {
		model_fail("a file is closed twice");
	}
	file_of(self)->opened--;
	return EFI_SUCCESS;
}

static uint64_t file_read(struct efi_file *self, uint64_t *size, void *to)
{
	struct uefi_file *f = file_of(self);
	uint64_t there = f->size - f->missing;
	uint64_t left = f->position < there ? there - f->position : 0;

	if (f->torn) {
		return EFI_ERROR | 7;
	}
	*size = *size < left ? *size : left;
	memcpy(to, f->bytes + f->position, *size);
	f->position += *size;
	return EFI_SUCCESS;
}

static uint64_t file_get_position(struct efi_file *self, uint64_t *position)
{
	*position = file_of(self)->position;
	return EFI_SUCCESS;
}

static uint64_t file_set_position(struct efi_file *self, uint64_t position)
{
	struct uefi_file *f = file_of(self);

	if (f->directory && position != 0) {
		return EFI_UNSUPPORTED;
	}
	f->position = position == EFI_END_OF_FILE ? f->size : position;
	return EFI_SUCCESS;
}

static uint64_t file_open(struct efi_file *self, struct efi_file **file, const uint16_t *name, uint64_t mode,
			  uint64_t attributes)
{
	(void)self;
	for (uint32_t i = 0; i < UEFI_FILES; i++) {
		struct uefi_file *f = &uefi.files[i];
		size_t n = 0;

		while (f->name != NULL && f->name[n] != '\0' && (uint16_t)f->name[n] == name[n]) {
			n++;
		}
		if (f->name != NULL && f->name[n] == '\0' && name[n] == 0 && mode == EFI_READ && attributes == 0) {
			f->opened++;
			f->position = 0;
			*file = &f->protocol;
			return EFI_SUCCESS;
		}
	}
	return EFI_NOT_FOUND;
}

static struct uefi_file root;

static uint64_t open_volume(struct efi_file_system *self, struct efi_file **file)
{
	(void)self;
	root.opened++;
	*file = &root.protocol;
	return EFI_SUCCESS;
}

static struct efi_file_system volume = {.open_volume = open_volume};
static struct efi_loaded_image loaded = {.device = &volume};

static uint64_t protocol(void *handle, const struct efi_guid *guid, void **interface)
{
	if (handle == uefi_image && guid->a == 0x5b1b31a1) {
		*interface = &loaded;
		return EFI_SUCCESS;
	}
	if (handle == &volume && guid->a == 0x964e5b22 && !uefi.no_file_system) {
		*interface = &volume;
		return EFI_SUCCESS;
	}
	return EFI_UNSUPPORTED;
}

static struct efi_boot_services services = {
	.allocate_pages = allocate,
	.free_pages = release,
	.get_memory_map = get_map,
	.handle_protocol = protocol,
	.exit_boot_services = leave,
};
static struct efi_text_output out = {.output = say};
static struct efi_config configs[] = {
	{{0xeb9d2d30, 0x2d88, 0x11d3, {0x9a, 0x16}}, NULL},
	{{0x8868e871, 0xe4f1, 0x11d3, {0xbc, 0x22, 0x00, 0x80, 0xc7, 0x3c, 0x88, 0x81}},
	 (void *)(uintptr_t)FW_RSDP},
	{EFI_RT_PROPERTIES_GUID, NULL},
	{EFI_ATTRIBUTES_GUID, NULL},
};
struct efi_system uefi_system = {
	.header = {.signature = EFI_SYSTEM_SIGNATURE},
	.out = &out,
	.boot = &services,
	.config_count = ARRAY_SIZE(configs),
	.config = configs,
};

static const struct efi_file file_protocol = {
	.open = file_open,
	.close = file_close,
	.read = file_read,
	.get_position = file_get_position,
	.set_position = file_set_position,
};

void uefi_make(void)
{
	static bool mapped;

	if (!mapped &&
	    mmap((void *)UEFI_RAM, UEFI_RAM_SIZE, PROT_READ | PROT_WRITE,
		 MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE, -1, 0) == MAP_FAILED) {
		model_fail("no room for RAM at its address");
	}
	mapped = true;
	(void)madvise((void *)UEFI_RAM, UEFI_RAM_SIZE, MADV_DONTNEED);
	memset(&uefi, 0, sizeof(uefi));
	uefi.step = 48;
	root = (struct uefi_file){.protocol = file_protocol};
	piece_count = 1;
	pieces[0].base = UEFI_RAM;
	pieces[0].type = EFI_CONVENTIONAL;
	pieces[0].given = false;
}

struct uefi_file *uefi_add(const char *name, const void *bytes, uint64_t size)
{
	for (uint32_t i = 0; i < UEFI_FILES; i++) {
		if (uefi.files[i].name == NULL) {
			uefi.files[i] = (struct uefi_file){
				.protocol = file_protocol, .name = name, .bytes = bytes, .size = size,
			};
			return &uefi.files[i];
		}
	}
	model_fail("the partition is full");
}

struct uefi_runtime *uefi_put_runtime(uint64_t at)
{
	struct uefi_runtime *r = (void *)at;

	*r = (struct uefi_runtime){
		.table.header = {.signature = EFI_RUNTIME_SIGNATURE, .size = sizeof(r->table)},
		.properties = {EFI_RT_PROPERTIES_VERSION, sizeof(r->properties), EFI_RT_ALL},
		.attributes = {1, ARRAY_SIZE(r->list), sizeof(r->list[0]), 0},
		.list = {
			{EFI_RUNTIME_DATA, 0, at, 0, 1, BIT64(63) | BIT64(14)},
			{EFI_RUNTIME_DATA, 0, at + PAGE_SIZE, 0, 1, BIT64(63) | BIT64(14)},
		},
	};
	uefi_system.runtime = &r->table;
	configs[2].table = &r->properties;
	configs[3].table = &r->attributes;
	return r;
}

void uefi_put_tables(void)
{
	uint32_t size;

	memcpy((void *)FW_BASE, fw_table("RSDP", &size), fw_size());
}
