// SPDX-License-Identifier: Apache-2.0
/* hv.img: what the boot loader puts into memory is what the ELF says. */
#include <inttypes.h>
#include <string.h>

#include "subject.h"

static void packed_fail(struct subject *s, uint64_t at, const char *why)
{
	report_fail(s->report, PROPERTY_PACKED, NULL, at, at + 8, NULL, NULL, "%s", why);
}

/* The first byte of [from, to) that is not 0; `to`: none. What the file does not have is 0. */
static uint64_t packed_odd(const uint8_t *file, uint64_t size, uint64_t from, uint64_t to)
{
	uint64_t end = to < size ? to : size;

	if (from >= end || (file[from] == 0 && memcmp(file + from, file + from + 1, end - from - 1) == 0)) {
		return to;
	}
	while (file[from] == 0) {
		from++;
	}
	return from;
}

/* Nothing stands where the hypervisor, or the boot loader, takes memory to be empty. */
static void packed_check_hole(struct subject *s, const uint8_t *file, uint64_t size, uint64_t from,
			      uint64_t to)
{
	uint64_t odd = packed_odd(file, size, from, to);

	if (odd < to) {
		packed_fail(s, s->image.board.image.base + odd, "the file has something where nothing of the ELF is");
	}
}

/* Sections with bytes lie in the file as they are, and zeros between them, up to the packed tables,
 * which may begin in the last page of one. */
static void packed_check_flat(struct subject *s, const uint8_t *file, uint64_t size, uint64_t end)
{
	uint64_t base = s->image.board.image.base;
	uint64_t done = 0; /* offset behind the last of them */

	for (size_t i = 0; i < s->elf->section_count; i++) {
		const struct elf_section *section = &s->elf->sections[i];
		uint64_t offset = section->addr - base;
		uint64_t length = section->size;

		if (section->bytes == NULL || section->addr < base || section->addr >= end) {
			continue;
		}
		length = length < end - section->addr ? length : end - section->addr;
		packed_check_hole(s, file, size, done, offset);
		done = offset + length;
		report_count(s->report, PROPERTY_PACKED, length / 8);
		if (offset > size || length > size - offset) {
			packed_fail(s, section->addr, "the file ends before this section does");
			continue;
		}
		for (uint64_t j = 0; j < length; j += PAGE_SIZE) {
			uint64_t part = length - j < PAGE_SIZE ? length - j : PAGE_SIZE;

			if (memcmp(file + offset + j, section->bytes + j, part) != 0) {
				packed_fail(s, section->addr + j, "the file differs from the ELF");
				break;
			}
		}
	}
	packed_check_hole(s, file, size, done, end - base);
}

/* Behind the packed tables: nothing up to the end of the hypervisor's memory, then the payloads that it
 * will copy, whole. What is in them is the domains' affair. */
static void packed_check_payloads(struct subject *s, const uint8_t *file, uint64_t size, uint64_t end)
{
	const struct mem_range *image = &s->image.board.image;

	packed_check_hole(s, file, size, end - image->base, image->size);
	for (size_t i = 0; i < s->guest_count; i++) {
		const struct guest *g = &s->guests[i];

		for (uint32_t n = 0; n < g->image->desc.piece_count; n++) {
			const struct payload_piece *p = &g->image->pieces[n];

			report_count(s->report, PROPERTY_PACKED, 1);
			if (p->from < image->base || p->from - image->base > size ||
			    p->size > size - (p->from - image->base)) {
				packed_fail(s, p->from, "the file ends before this payload does");
			}
		}
	}
}

/* Why a run cannot be unpacked at words[next], `left` words before the tables' end; NULL:
 * it can. `group` is the entry behind it, {0}: there is none. */
static const char *packed_refuse(const struct packed_run *run, const struct packed_run *group, uint64_t next,
				 uint64_t left)
{
	uint64_t length = run->count & PACKED_LENGTH;

	if (run->skip > left || length > left - run->skip) {
		return "a packed run goes beyond the tables";
	}
	if ((run->count & PACKED_COPY) != 0 && (run->first < 4 || run->first > next + run->skip)) {
		return "a packed run copies from before the tables, or from too near";
	}
	if ((run->count & PACKED_GROUPS) != 0 && ((run->count & PACKED_COPY) != 0 || group->skip == 0)) {
		return "a packed run in groups of nothing";
	}
	return NULL;
}

/* Unpacks as hv/include/tables.h says: struct packed_run. */
static bool packed_unpack(struct subject *s, const uint8_t *packed, uint64_t room, uint64_t *words,
			  uint64_t count)
{
	uint64_t next = 0, entries = room / sizeof(struct packed_run);

	for (uint64_t e = 0; e < entries; e++) {
		struct packed_run run, group = {0};
		const char *why;

		memcpy(&run, packed + e * sizeof(run), sizeof(run));
		if (run.count == 0) {
			return true;
		}
		if ((run.count & PACKED_GROUPS) != 0 && ++e < entries) {
			memcpy(&group, packed + e * sizeof(run), sizeof(group));
		}
		why = packed_refuse(&run, &group, next, count - next);
		if (why != NULL) {
			packed_fail(s, s->pages.base + next * 8, why);
			return false;
		}
		next += run.skip;
		for (uint64_t i = 0; i < (run.count & PACKED_LENGTH); i++, next++) {
			uint64_t within = (run.count & PACKED_GROUPS) != 0 ? i % group.skip : i;
			uint64_t before = (run.count & PACKED_GROUPS) != 0 ? i / group.skip : 0;

			words[next] = (run.count & PACKED_COPY) != 0
					      ? words[next - run.first]
					      : run.first + before * group.first + within * run.step;
		}
	}
	packed_fail(s, s->pages.base + next * 8, "the packed runs have no end");
	return false;
}

void prove_packed(struct subject *s, const uint8_t *file, uint64_t size)
{
	uint64_t base = s->image.board.image.base;
	uint64_t count = s->pages.size / 8;
	uint64_t *words = mem_alloc(s->mem, count, sizeof(*words));
	uint64_t start;
	uint64_t end;

	s->report->results[PROPERTY_PACKED].applies = true;
	if (!elf_symbol(s->elf, "__packed_data", &start) || !elf_symbol(s->elf, "__packed_end", &end) ||
	    start < base || end < start || start - base > size) {
		packed_fail(s, base, "there is no place for packed tables, or the file ends before it");
		return;
	}
	packed_check_flat(s, file, size, start);
	packed_check_payloads(s, file, size, end);
	if (end - base < size) {
		size = end - base;
	}
	if (!packed_unpack(s, file + (start - base), size - (start - base), words, count)) {
		return;
	}
	report_count(s->report, PROPERTY_PACKED, count);
	for (uint64_t i = 0; i < count; i++) {
		if (memcmp(&words[i], s->pages.bytes + i * 8, 8) != 0) {
			packed_fail(s, s->pages.base + i * 8, "the unpacked table differs from the ELF's");
		}
	}
}
