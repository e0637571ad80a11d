// SPDX-License-Identifier: Apache-2.0
/* Random changes to hv.img: what a boot loader puts into memory, and what boot unpacks of it. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mutate.h"
#include "verify/subject.h"

#define RUN 24u /* bytes of a packed run: skip, count, first, step */

struct loaded {
	uint8_t *file;
	uint64_t size;
	uint64_t packed, packed_end; /* offsets: from the runs to the end of their room */
	uint64_t end;                /* of the hypervisor's memory */
	uint64_t payload_end;        /* of what it copies for domains */
	uint64_t runs;               /* how many, with the last one */
	uint64_t *words, *now;       /* the tables, as they are to be and as they come out */
	uint64_t word_count;
	struct subject subject;
	uint64_t state;
};

static uint64_t image_random(struct loaded *l)
{
	l->state = l->state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return l->state >> 24 ^ l->state >> 48;
}

static uint64_t number(const uint8_t *p, unsigned int bytes)
{
	uint64_t v = 0;

	for (unsigned int i = bytes; i > 0; i--) {
		v = v << 8 | p[i - 1];
	}
	return v;
}

/* What boot makes of the runs, into l->now. false: something goes beyond its place. */
static bool image_unpack(struct loaded *l, uint64_t size)
{
	uint64_t at = 0, end = l->packed_end < size ? l->packed_end : size;

	memset(l->now, 0, l->word_count * sizeof(l->now[0]));
	for (l->runs = 1; l->packed + l->runs * RUN <= end; l->runs++) {
		const uint8_t *run = l->file + l->packed + (l->runs - 1) * RUN;
		uint64_t count = number(run + 4, 4), length = count & PACKED_LENGTH, first = number(run + 8, 8);
		uint64_t step = number(run + 16, 8), group = 0, jump = 0;

		if (count == 0) {
			return true;
		}
		if ((count & PACKED_GROUPS) != 0) {
			if (l->packed + (l->runs + 1) * RUN > end || (count & PACKED_COPY) != 0) {
				return false;
			}
			group = number(run + RUN, 4);
			jump = number(run + RUN + 8, 8);
			l->runs++;
		}
		at += number(run, 4);
		if (at > l->word_count || length > l->word_count - at || ((count & PACKED_GROUPS) != 0 && group == 0) ||
		    ((count & PACKED_COPY) != 0 && (first == 0 || first > at))) {
			return false;
		}
		for (uint64_t i = 0; i < length; i++, at++) {
			uint64_t whole = group == 0 ? 0 : i / group, part = group == 0 ? i : i % group;

			l->now[at] = (count & PACKED_COPY) != 0 ? l->now[at - first] : first + whole * jump + part * step;
		}
	}
	return false;
}

static int image_verdict(struct loaded *l, uint64_t size)
{
	struct mem mem = {NULL};
	struct mem *outer = l->subject.mem;
	struct report *report = mem_alloc(&mem, 1, sizeof(*report));
	int status;

	report_init(report, &mem);
	l->subject.report = report;
	l->subject.mem = &mem;
	prove_packed(&l->subject, l->file, size);
	status = report->results[PROPERTY_PACKED].failed == 0 ? 0 : 1;
	l->subject.mem = outer;
	mem_free(&mem);
	return status;
}

struct change_bytes {
	uint64_t at[2];
	uint64_t length;
	uint8_t old[2][RUN];
};

static uint64_t image_place(struct loaded *l)
{
	switch (image_random(l) % 8) {
	case 0:
	case 1:
		return image_random(l) % l->packed;
	case 2: /* the rest of the last flat page, of the runs' room, of the hypervisor's memory */
		return l->packed + image_random(l) % ((l->end < l->size ? l->end : l->size) - l->packed);
	case 3: /* a payload */
		return image_random(l) % l->size;
	default:
		return l->packed + image_random(l) % ((l->runs - 1) * RUN + 8);
	}
}

/* Makes a change; the file has *size bytes then. */
static void image_change(struct loaded *l, struct change_bytes *c, uint64_t *size)
{
	uint64_t r = image_random(l);

	*size = l->size;
	c->length = 1;
	c->at[0] = c->at[1] = image_place(l);
	if (r % 4 == 3 && l->runs > 1) {
		c->length = RUN;
		c->at[0] = l->packed + image_random(l) % (l->runs - 1) * RUN;
		c->at[1] = l->packed + image_random(l) % (l->runs - 1) * RUN;
	}
	memcpy(c->old[0], l->file + c->at[0], c->length);
	memcpy(c->old[1], l->file + c->at[1], c->length);
	if (r % 64 == 0) {
		*size = image_random(l) % l->size;
	} else if (c->length == 1) {
		uint8_t bits = (uint8_t)(r % 8 < 6 ? 1u << (r >> 8 & 7) : (r >> 8 & 0xff));
		l->file[c->at[0]] = (uint8_t)(l->file[c->at[0]] ^ bits);
	} else if (r % 8 == 3) { /* two runs change places */
		memcpy(l->file + c->at[0], c->old[1], RUN);
		memcpy(l->file + c->at[1], c->old[0], RUN);
	} else { /* one is twice there */
		memcpy(l->file + c->at[0], c->old[1], RUN);
	}
}

/* Whether memory is otherwise after boot; what is in a payload is its domain's affair. */
static bool image_matters(struct loaded *l, const struct change_bytes *c, uint64_t size)
{
	uint64_t runs = l->runs;
	bool good;

	for (int i = 0; i < 2; i++) {
		bool same = memcmp(l->file + c->at[i], c->old[i], c->length) == 0;

		if (!same && (c->at[i] < l->packed || (c->at[i] >= l->packed_end && c->at[i] < l->end))) {
			return true;
		}
	}
	good = size >= l->payload_end && image_unpack(l, size) &&
	       memcmp(l->now, l->words, l->word_count * sizeof(l->words[0])) == 0;
	l->runs = runs;
	return !good;
}

static bool image_prepare(struct loaded *l, const struct elf *e)
{
	const struct subject *s = &l->subject;
	const struct elf_section *tables = elf_section(e, ".tables");
	uint64_t base = s->image.board.image.base, start, end;

	if (tables == NULL || !elf_symbol(e, "__packed_data", &start) || !elf_symbol(e, "__packed_end", &end)) {
		return false;
	}
	l->packed = start - base;
	l->packed_end = end - base;
	l->end = s->image.board.image.size;
	l->word_count = tables->size / 8;
	l->words = calloc(l->word_count, sizeof(l->words[0]));
	l->now = calloc(l->word_count, sizeof(l->now[0]));
	for (uint64_t i = 0; i < l->word_count; i++) {
		l->words[i] = number(tables->bytes + i * 8, 8);
	}
	for (size_t i = 0; i < s->guest_count; i++) {
		for (uint32_t n = 0; n < s->guests[i].image->desc.piece_count; n++) {
			const struct payload_piece *p = &s->guests[i].image->pieces[n];
			uint64_t last = p->from + p->size - base;

			l->payload_end = last > l->payload_end ? last : l->payload_end;
		}
	}
	return image_unpack(l, l->size) && memcmp(l->now, l->words, l->word_count * sizeof(l->words[0])) == 0;
}

struct mutate_counts mutate_image(const uint8_t *elf, uint64_t elf_size, const struct board *b, uint8_t *file,
				  uint64_t size, uint64_t wanted, uint64_t seed)
{
	struct loaded *l = calloc(1, sizeof(*l));
	struct mem mem = {NULL};
	struct report *report = mem_alloc(&mem, 1, sizeof(*report));
	struct mutate_counts counts = {0};
	static struct elf e;
	char error[ELF_ERROR_MAX];

	*l = (struct loaded){.file = file, .size = size, .state = seed};
	report_init(report, &mem);
	if (elf_open(&e, elf, elf_size, error) && subject_verify(&l->subject, &mem, &e, b, report, error) &&
	    image_prepare(l, &e) && image_verdict(l, size) == 0) {
		while (counts.breaking < wanted) {
			struct change_bytes c;
			uint64_t now;

			image_change(l, &c, &now);
			bool breaking = image_matters(l, &c, now);
			int verdict = image_verdict(l, now);
			counts.breaking += breaking;
			counts.harmless += !breaking;
			counts.missed += breaking && verdict == 0;
			counts.refused += !breaking && verdict != 0;
			if (breaking && verdict == 0) {
				fprintf(stderr, "missed: hv.img at 0x%" PRIx64 " and 0x%" PRIx64 ", %" PRIu64 " bytes\n", c.at[0],
					c.at[1], c.length);
			}
			memcpy(l->file + c.at[1], c.old[1], c.length);
			memcpy(l->file + c.at[0], c.old[0], c.length);
		}
		counts.missed += image_verdict(l, size) != 0;
	}
	free(l->words);
	free(l->now);
	free(l);
	mem_free(&mem);
	return counts;
}
