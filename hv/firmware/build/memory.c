// SPDX-License-Identifier: Apache-2.0
/*
 * What is where: the domain's RAM, which is all that UEFI's memory map (UEFI 2.10, 7.2.3)
 * calls memory but for the hypervisor's own, and what the domain must not find where no
 * memory is.
 */
#include "firmware/build/build.h"
#include "firmware/efi.h"
#include "lib/string.h"

#define SMMU_SIZE KIB(128)
#define DEVICES_MAX (4 + ACPI_ITS_MAX + ACPI_SMMUS_MAX + ACPI_HIDDEN_MAX) /* and the hypervisor's RAM */

enum memory_is {
	MEMORY_RAM,
	MEMORY_NOBODYS,
	MEMORY_NONE, /* devices, or memory that firmware keeps without saying why: as where the map has nothing */
};

static enum memory_is memory_kind(uint32_t type)
{
	if (efi_type_ends(type)) {
		return MEMORY_RAM;
	}
	switch (type) {
	case EFI_RUNTIME_CODE:
	case EFI_RUNTIME_DATA:
	case EFI_ACPI_RECLAIM:
	case EFI_ACPI_NVS:
	case EFI_PERSISTENT:
		return MEMORY_RAM;
	case EFI_RESERVED:
	case EFI_MAPPED_IO:
	case EFI_MAPPED_PORTS:
		return MEMORY_NONE;
	default:
		return MEMORY_NOBODYS;
	}
}

static bool memory_add(struct build *b, uint64_t base, uint64_t end, enum build_kind kind)
{
	if (end > BIT64(b->pa_bits) || end < base) {
		return build_refuse(b, "has something beyond the addresses that its CPUs, or this version, have: at",
				    base);
	}
	if (base < end) {
		b->spans[b->span_count++] = (struct build_span){base, end, kind};
	}
	return true;
}

/* Descriptors of the map; RAM is cut where the hypervisor's is. */
static bool memory_read(struct build *b)
{
	uint64_t own = b->home.base, own_end = own + b->size;

	for (uint64_t at = 0; at + sizeof(struct efi_memory) <= b->map_size; at += b->map_step) {
		struct efi_memory e;
		enum memory_is is;
		uint64_t end;

		memcpy(&e, b->map + at, sizeof(e));
		is = memory_kind(e.type);
		end = e.base + e.pages * PAGE_SIZE;
		if (is == MEMORY_NONE) {
			continue;
		}
		if (!IS_ALIGNED(e.base, PAGE_SIZE)) {
			return build_refuse(b, "has memory in UEFI's map that begins within a page:", e.base);
		}
		if (e.base < own_end && own < end) {
			if (!memory_add(b, e.base, e.base < own ? own : e.base, BUILD_RAM) ||
			    !memory_add(b, end > own_end ? own_end : end, end, BUILD_RAM)) {
				return false;
			}
		} else if (!memory_add(b, e.base, end, is == MEMORY_RAM ? BUILD_RAM : BUILD_KEPT)) {
			return false;
		}
	}
	return true;
}

static bool memory_devices(struct build *b)
{
	const struct acpi_machine *m = b->machine;
	const struct board_tables *t = b->board;
	bool good = memory_add(b, b->home.base, b->home.base + b->size, BUILD_KEPT) &&
		    memory_add(b, t->gic.gicd.base, t->gic.gicd.base + t->gic.gicd.size, BUILD_KEPT) &&
		    memory_add(b, t->gic.gicr.base, t->gic.gicr.base + t->gic.gicr.size, BUILD_KEPT) &&
		    memory_add(b, t->uart.reg.base, t->uart.reg.base + t->uart.reg.size, BUILD_KEPT);

	for (uint32_t i = 0; i < m->its_count && good; i++) {
		good = memory_add(b, m->its[i].base, m->its[i].base + ITS_SIZE, BUILD_KEPT);
	}
	for (uint32_t i = 0; i < m->smmu_count && good; i++) {
		good = memory_add(b, m->smmus[i].base, m->smmus[i].base + SMMU_SIZE, BUILD_KEPT);
	}
	for (uint32_t i = 0; i < m->hidden_count && good; i++) {
		uint64_t end = m->hidden[i].base + m->hidden[i].size, most = BIT64(b->pa_bits);

		/* What no CPU can address needs no hiding. */
		good = m->hidden[i].base >= most ||
		       memory_add(b, m->hidden[i].base, end < most ? end : most, BUILD_HIDDEN);
	}
	return good;
}

static void memory_sift(struct build_span *s, uint32_t from, uint32_t count)
{
	for (uint32_t child = 2 * from + 1; child < count; from = child, child = 2 * from + 1) {
		struct build_span x = s[from];

		child += child + 1 < count && s[child].base < s[child + 1].base;
		if (x.base >= s[child].base) {
			return;
		}
		s[from] = s[child];
		s[child] = x;
	}
}

/* Heap sort: a map has hundreds of descriptors, in any order. */
static void memory_sort(struct build_span *s, uint32_t count)
{
	for (uint32_t i = count / 2; i-- > 0;) {
		memory_sift(s, i, count);
	}
	for (uint32_t n = count; n > 1; n--) {
		struct build_span x = s[0];

		s[0] = s[n - 1];
		s[n - 1] = x;
		memory_sift(s, 0, n - 1);
	}
}

/* Whether two spans may have the same address. */
static bool memory_may_share(const struct build_span *a, const struct build_span *b)
{
	return a->kind != BUILD_RAM && b->kind != BUILD_RAM && (a->kind == BUILD_HIDDEN || b->kind == BUILD_HIDDEN);
}

/* Joins what follows each other. False: two have the same address. */
static bool memory_join(struct build *b)
{
	uint32_t last = 0;

	for (uint32_t i = 1; i < b->span_count; i++) {
		struct build_span *before = &b->spans[last];
		const struct build_span *s = &b->spans[i];

		if (s->base < before->end && !memory_may_share(before, s)) {
			return build_refuse(b, "has two things at one address, by its tables and UEFI's memory map:",
					    s->base);
		}
		if (s->base <= before->end && (s->kind == before->kind || memory_may_share(before, s))) {
			before->end = s->end > before->end ? s->end : before->end;
			before->kind = s->kind == before->kind ? s->kind : BUILD_KEPT;
		} else {
			b->spans[++last] = *s;
		}
	}
	b->span_count = last + 1;
	return true;
}

static bool memory_ram(struct build *b)
{
	for (uint32_t i = 0; i < b->span_count; i++) {
		b->ram_count += b->spans[i].kind == BUILD_RAM;
	}
	b->ram = build_take(b, b->ram_count * sizeof(b->ram[0]), sizeof(uint64_t));
	if (b->ram == NULL) {
		return false;
	}
	for (uint32_t i = 0, n = 0; i < b->span_count; i++) {
		if (b->spans[i].kind == BUILD_RAM) {
			b->ram[n++] = (struct mem_range){b->spans[i].base, b->spans[i].end - b->spans[i].base};
		}
	}
	b->domain->ram = (const struct mem_range *)(uintptr_t)build_va(b, b->ram);
	b->domain->ram_count = b->ram_count;
	return b->ram_count != 0 || build_refuse(b, "has no memory for a domain:", 0);
}

bool build_memory(struct build *b)
{
	/* The hypervisor's RAM cuts one of them in two. */
	uint64_t most = b->map_size / b->map_step + 1 + DEVICES_MAX;

	b->spans = build_take(b, most * sizeof(b->spans[0]), sizeof(uint64_t));
	if (b->spans == NULL || !memory_read(b) || !memory_devices(b)) {
		return false;
	}
	memory_sort(b->spans, b->span_count);
	return memory_join(b) && memory_ram(b);
}
