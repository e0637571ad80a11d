// SPDX-License-Identifier: Apache-2.0
/* The memory map (UEFI 2.10, 7.2.3) as the domain has the memory. */
#include "firmware/dom0/dom0.h"
#include "lib/string.h"

#define PAGES_MAX (BIT64(52) / PAGE_SIZE)

_Static_assert(sizeof(struct efi_memory) == DOM0_MAP_STEP, "UEFI 2.10, 7.2.3");

struct map {
	const struct dom0_input *in;
	const uint8_t *from;
	uint64_t size;
	struct efi_memory *to;
	uint64_t count, room;
	bool runtime; /* what is for runtime services stays so */
};

uint64_t dom0_map_entries(const struct dom0_input *in)
{
	/* Each edge of the domain's memory may cut one. */
	return (uint64_t)in->map_entries + 2 * (uint64_t)in->ram_count;
}

static struct efi_memory map_at(const struct map *m, uint64_t at)
{
	struct efi_memory entry;

	memcpy(&entry, m->from + at, sizeof(entry));
	return entry;
}

static uint64_t map_end(const struct efi_memory *e)
{
	return e->base + e->pages * PAGE_SIZE;
}

static bool map_overlaps(const struct efi_memory *a, const struct efi_memory *b)
{
	return a->base < map_end(b) && b->base < map_end(a);
}

static const char *map_check(const struct map *m)
{
	uint32_t step = m->in->map_step;

	if (step < sizeof(struct efi_memory) || m->size % step != 0 || m->size / step > m->in->map_entries) {
		return "has descriptors of another size, or more of them";
	}
	for (uint64_t i = 0; i < m->size; i += step) {
		struct efi_memory a = map_at(m, i);

		if (!IS_ALIGNED(a.base, PAGE_SIZE) || a.pages > PAGES_MAX || a.base / PAGE_SIZE > PAGES_MAX - a.pages) {
			return "has memory where no address is";
		}
		for (uint64_t k = 0; k < i; k += step) {
			struct efi_memory b = map_at(m, k);

			if (map_overlaps(&a, &b)) {
				return "has two descriptors for the same memory";
			}
		}
	}
	return NULL;
}

/* Registers of devices, of which the map tells for runtime services alone. */
static bool map_is_device(uint32_t type)
{
	return type == EFI_MAPPED_IO || type == EFI_MAPPED_PORTS;
}

/* What memory of the domain's is to it. */
static uint32_t map_type(uint32_t type)
{
	if (efi_type_ends(type)) {
		return EFI_CONVENTIONAL;
	}
	switch (type) {
	case EFI_UNUSABLE:
	case EFI_ACPI_RECLAIM:
	case EFI_ACPI_NVS:
	case EFI_MAPPED_IO:
	case EFI_MAPPED_PORTS:
	case EFI_PERSISTENT:
		return type;
	default:
		return EFI_RESERVED;
	}
}

/* Adds memory, to the descriptor before where that goes on as it does. */
static void map_add(struct map *m, const struct efi_memory *e)
{
	struct efi_memory *last = m->count == 0 ? NULL : &m->to[m->count - 1];

	if (last != NULL && map_end(last) == e->base && last->type == e->type && last->attributes == e->attributes) {
		last->pages += e->pages;
	} else if (m->count < m->room) {
		m->to[m->count++] = *e;
	}
}

bool dom0_is_ram(const struct dom0_input *in, uint64_t pa, uint64_t *next)
{
	bool inside = false;

	for (uint32_t i = 0; i < in->ram_count; i++) {
		uint64_t base = in->ram[i].base, end = base + in->ram[i].size;

		inside = inside || (pa >= base && pa < end);
		*next = base > pa && base < *next ? base : *next;
		*next = end > pa && end < *next ? end : *next;
	}
	return inside;
}

/* Firmware's descriptor, in pieces that the domain has and pieces that it has not. No kernel
 * takes for memory what has no attributes. */
static void map_put(struct map *m, const struct efi_memory *e)
{
	bool runtime = m->runtime && (e->attributes & EFI_RUNTIME) != 0;
	uint64_t end = map_end(e), next;

	for (uint64_t at = e->base; at < end; at = next) {
		struct efi_memory piece = {.base = at, .virt = runtime ? at : 0};
		bool inside;

		next = end;
		inside = map_is_device(e->type) || dom0_is_ram(m->in, at, &next);
		next = map_is_device(e->type) ? end : next;
		piece.type = !inside ? EFI_RESERVED : runtime ? e->type : map_type(e->type);
		piece.attributes = !inside ? 0 : runtime ? e->attributes : e->attributes & ~EFI_RUNTIME;
		piece.pages = (next - at) / PAGE_SIZE;
		map_add(m, &piece);
	}
}

/* The type of the memory that all these bytes are in; EFI_CONVENTIONAL if it is none that
 * the domain has and keeps. */
static uint32_t map_kept(const struct map *m, uint64_t pa, uint64_t size)
{
	for (uint64_t i = 0; i < m->count; i++) {
		const struct efi_memory *e = &m->to[i];

		if (pa >= e->base && pa < map_end(e) && size <= map_end(e) - pa && (e->attributes & EFI_WRITE_BACK) != 0) {
			return e->type;
		}
	}
	return EFI_CONVENTIONAL;
}

static bool map_keeps_table(const struct map *m, uint64_t pa)
{
	const uint8_t *header = acpi_memory(pa, TABLE_HEADER);
	uint32_t length = 0;

	if (header != NULL) {
		memcpy(&length, header + TABLE_LENGTH, sizeof(length));
	}
	return map_kept(m, pa, length) != EFI_CONVENTIONAL;
}

/* Whether firmware's own tables stay where they are. */
static bool map_keeps_tables(const struct map *m)
{
	const struct acpi_machine *machine = m->in->machine;
	bool keeps = map_keeps_table(m, machine->dsdt);

	for (uint32_t i = 0; i < machine->table_count; i++) {
		keeps = keeps && map_keeps_table(m, machine->table_pa[i]);
	}
	return keeps;
}

const char *dom0_put_map(const struct dom0_input *in, struct dom0_output *out, const uint8_t *map,
			 uint64_t size)
{
	struct map m = {
		.in = in,
		.from = map,
		.size = size,
		.to = (void *)(out->bytes + (out->map - out->pa)),
		.room = out->map_size / DOM0_MAP_STEP,
	};
	struct dom0_writer w = {.bytes = out->bytes, .pa = out->pa, .size = out->size};
	const char *trouble = map_check(&m);

	if (trouble != NULL) {
		return trouble;
	}
	out->refused = dom0_runtime_refused(in, map, size, &out->refused_at);
	m.runtime = out->refused == NULL;
	for (uint64_t at = 0; at < size; at += in->map_step) {
		struct efi_memory e = map_at(&m, at);

		map_put(&m, &e);
	}
	if (map_kept(&m, out->pa, out->size) != EFI_ACPI_RECLAIM) {
		return "does not keep what the domain is handed";
	}
	if (!map_keeps_tables(&m)) {
		return "gives away memory that has ACPI tables";
	}
	dom0_system_offer(in, out, m.to, m.count);
	writer_be(&w, out->map_size_cell - out->pa, m.count * DOM0_MAP_STEP, 4);
	return NULL;
}
