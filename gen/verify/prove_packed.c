// SPDX-License-Identifier: Apache-2.0
/* hv.img: what the boot loader puts into memory is what the ELF says. */
#include <inttypes.h>
#include <string.h>

#include "subject.h"

static void packed_fail(struct subject *s, uint64_t at, const char *why)
{
	report_fail(s->report, PROPERTY_PACKED, NULL, at, at + 8, NULL, NULL, "%s", why);
}

/* Sections with bytes below the packed tables lie in the file as they are. */
static void packed_check_flat(struct subject *s, const uint8_t *file, uint64_t size, uint64_t end)
{
	uint64_t base = s->image.board.image.base;

	for (size_t i = 0; i < s->elf->section_count; i++) {
		const struct elf_section *section = &s->elf->sections[i];
		uint64_t offset = section->addr - base;

		if (section->bytes == NULL || section->addr < base || section->addr + section->size > end) {
			continue;
		}
		report_count(s->report, PROPERTY_PACKED, section->size / 8);
		if (offset > size || section->size > size - offset) {
			packed_fail(s, section->addr, "the file ends before this section does");
			continue;
		}
		for (uint64_t j = 0; j < section->size; j++) {
			if (file[offset + j] != section->bytes[j]) {
				packed_fail(s, section->addr + j, "the file differs from the ELF");
				break;
			}
		}
	}
}

/* Unpacks as hv/include/tables.h says: struct packed_run. */
static bool packed_unpack(struct subject *s, const uint8_t *packed, uint64_t room, uint64_t *words,
			  uint64_t count)
{
	uint64_t next = 0;

	for (uint64_t offset = 0; room - offset >= sizeof(struct packed_run);
	     offset += sizeof(struct packed_run)) {
		struct packed_run run;
		bool copy;

		memcpy(&run, packed + offset, sizeof(run));
		if (run.count == 0) {
			return true;
		}
		copy = (run.count & PACKED_COPY) != 0;
		run.count &= ~PACKED_COPY;
		if (run.skip > count - next || run.count > count - next - run.skip) {
			packed_fail(s, s->pages.base + next * 8, "a packed run goes beyond the tables");
			return false;
		}
		next += run.skip;
		if (copy && (run.first < 4 || run.first > next)) {
			packed_fail(s, s->pages.base + next * 8, "a packed run copies from before the tables, or from too near");
			return false;
		}
		for (uint64_t i = 0; i < run.count; i++, next++) {
			words[next] = copy ? words[next - run.first] : run.first + i * run.step;
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
	if (!elf_symbol(s->elf, "__packed_start", &start) || !elf_symbol(s->elf, "__packed_end", &end) ||
	    start < base || end < start || start - base > size) {
		packed_fail(s, base, "there is no place for packed tables, or the file ends before it");
		return;
	}
	packed_check_flat(s, file, size, start);
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
