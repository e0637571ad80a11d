// SPDX-License-Identifier: Apache-2.0
/* Judges what the hardware domain is handed, from the domain's side. */
#include <libfdt.h>
#include <string.h>

#include "machine.h"

static const char *check_machine(const struct dom0_machine *m, const struct acpi_machine *seen)
{
	if (!seen->psci || !seen->psci_hvc) {
		return "FADT: not PSCI by HVC";
	}
	if (seen->cpu_count != m->in.cpu_count) {
		return "MADT: other CPUs";
	}
	for (uint32_t i = 0; i < seen->cpu_count; i++) {
		if (seen->cpus[i].mpidr != m->board_cpus[m->cpus[i]].mpidr || seen->cpus[i].maintenance != 0) {
			return "MADT: another CPU";
		}
	}
	if (seen->gicd != m->windows[0].ipa || seen->gicr_count != 1 || seen->gicr[0].base != m->windows[2].ipa ||
	    seen->gic_version != 3) {
		return "MADT: another GIC";
	}
	for (uint32_t i = 0; i < seen->its_count; i++) {
		if (seen->its[i].base != m->windows[1].ipa) {
			return "MADT: another ITS";
		}
	}
	for (uint32_t i = 0; i < seen->smmu_count; i++) {
		if (m->windows[4].kind != WINDOW_VSMMUV3 || seen->smmus[i].base != m->windows[4].ipa) {
			return "IORT: another SMMU";
		}
	}
	return NULL;
}

/* Where an ID comes out in the end: of which ITS group, as what; false: nowhere. */
static bool follow(const struct acpi_machine *a, uint32_t source, uint32_t from, uint32_t id,
		   struct acpi_map *end)
{
	for (uint32_t i = 0; i < a->map_count; i++) {
		const struct acpi_map *p = &a->maps[i];

		if (p->source != source || p->from != from || id < p->first || id > p->last) {
			continue;
		}
		end->out = p->out + (id - p->first);
		end->group = p->group;
		return p->smmu == ACPI_ITS || follow(a, ACPI_SMMU, p->smmu, end->out, end);
	}
	return false;
}

static const uint8_t *table_of(const struct acpi_machine *a, const char *signature)
{
	for (uint32_t i = 0; i < a->table_count; i++) {
		if (memcmp(a->tables[i], signature, 4) == 0) {
			return acpi_memory(a->table_pa[i], 36);
		}
	}
	return NULL;
}

/* Two nodes with the same ITSs; the domain's has no mappings. */
static bool same_group(const uint8_t *was, const uint8_t *is)
{
	uint16_t had, has;

	memcpy(&had, was + 1, sizeof(had));
	memcpy(&has, is + 1, sizeof(has));
	return has <= ALIGN_UP(had, 4) && memcmp(was + 16, is + 16, (has < had ? has : had) - 16U) == 0;
}

/* Each requester ID comes out as the same DeviceID of the same ITSs, by fewer steps or not. */
static const char *check_ids(const struct acpi_machine *found, const struct acpi_machine *seen)
{
	const uint8_t *was = table_of(found, "IORT"), *is = table_of(seen, "IORT");

	for (uint32_t i = 0; i < found->map_count; i++) {
		const struct acpi_map *p = &found->maps[i];
		const uint32_t ids[] = {p->first, p->last, p->first + (p->last - p->first) / 2, p->last + 1};

		for (uint32_t k = 0; k < ARRAY_SIZE(ids) && p->source == ACPI_SEGMENT; k++) {
			struct acpi_map a = {0}, b = {0};
			bool leads = follow(found, p->source, p->from, ids[k], &a);

			if (leads != follow(seen, p->source, p->from, ids[k], &b)) {
				return "IORT: an ID leads elsewhere";
			}
			if (leads && (a.out != b.out || !same_group(was + a.group, is + b.group))) {
				return "IORT: an ID is another";
			}
		}
	}
	return NULL;
}

const char *dom0_check(const struct dom0_machine *m)
{
	static struct acpi_machine seen;
	struct acpi_trouble trouble;
	const char *wrong;
	bool read;

	fw_also(m->out.pa, m->out.bytes, m->out.size);
	read = acpi_read(&seen, m->out.rsdp, &trouble) && acpi_read_dsdt(&seen, &trouble);
	wrong = !read ? trouble.what : check_machine(m, &seen);
	wrong = wrong == NULL ? check_ids(&m->found, &seen) : wrong;
	fw_also(0, NULL, 0);
	if (wrong == NULL && fdt_check_full(m->out.bytes + (m->out.dtb - m->out.pa),
					    m->out.size - (m->out.dtb - m->out.pa)) != 0) {
		wrong = "no device tree";
	}
	return wrong;
}

/* Most significant bit first, on reversed bytes: another way to the same sum. */
uint32_t dom0_crc32(const uint8_t *bytes, size_t size)
{
	uint32_t crc = UINT32_MAX, out = 0;

	for (size_t i = 0; i < 8 * size; i++) {
		uint32_t bit = (uint32_t)(bytes[i / 8] >> (i % 8)) & 1;

		crc = (crc << 1) ^ ((crc >> 31) != bit ? 0x04c11db7 : 0);
	}
	for (int i = 0; i < 32; i++) {
		out |= ((crc >> i) & 1) << (31 - i);
	}
	return ~out;
}

static struct efi_memory firmware_at(const struct dom0_map *map, uint64_t i)
{
	struct efi_memory e;

	memcpy(&e, map->bytes + i * DOM0_STEP, sizeof(e));
	return e;
}

static bool is_ram(const struct dom0_machine *m, uint64_t page)
{
	bool inside = false;

	for (uint32_t i = 0; i < m->in.ram_count; i++) {
		inside = inside || page - m->in.ram[i].base < m->in.ram[i].size;
	}
	return inside;
}

static bool is_registers(const struct dom0_machine *m, uint64_t page)
{
	bool inside = false;

	for (uint64_t i = 0; i < m->in.mmio_count; i++) {
		inside = inside || page - m->in.mmio[i].base < m->in.mmio[i].size;
	}
	return inside;
}

/* Whether runtime services are to be offered: page by page all that is theirs is the domain's. */
static bool is_offered(const struct dom0_machine *m, const struct dom0_map *map)
{
	bool table = false;

	for (uint64_t i = 0; i < map->size / DOM0_STEP; i++) {
		struct efi_memory e = firmware_at(map, i);
		bool device = e.type == 11 || e.type == 12;
		bool memory = e.type == 0 || e.type == 5 || e.type == 6 || e.type == 10;

		if ((e.attributes & BIT64(63)) == 0) {
			continue;
		}
		for (uint64_t page = 0; page < e.pages; page++) {
			uint64_t pa = e.base + page * PAGE_SIZE;

			if (!(device && is_registers(m, pa)) && !(memory && is_ram(m, pa))) {
				return false;
			}
		}
		table = table || (e.type == 6 && m->in.runtime.table >= e.base &&
				  m->in.runtime.table + 136 <= e.base + e.pages * PAGE_SIZE);
	}
	return m->in.runtime.table != 0 && table;
}

/* The domain's side of what firmware says of a page. */
static struct efi_memory expected(const struct dom0_machine *m, const struct dom0_map *map, uint64_t page)
{
	struct efi_memory e = {.type = UINT32_MAX};
	bool inside = is_ram(m, page);

	for (uint64_t i = 0; i < map->size / DOM0_STEP; i++) {
		struct efi_memory from = firmware_at(map, i);

		if (page / PAGE_SIZE - from.base / PAGE_SIZE < from.pages) {
			e = from;
		}
	}
	if (e.type == UINT32_MAX || (m->out.refused == NULL && (e.attributes & BIT64(63)) != 0)) {
		return e;
	}
	e.attributes &= ~BIT64(63);
	if (e.type == 11 || e.type == 12) {
		return e;
	}
	if (!inside) {
		e.attributes = 0;
	}
	if (!inside || e.type == 0 || e.type == 5 || e.type == 6 || e.type == 13 || e.type > 14) {
		e.type = 0;
	} else if (e.type <= 4) {
		e.type = 7;
	}
	return e;
}

static const char *check_page(const struct dom0_machine *m, const struct dom0_map *map, uint64_t page)
{
	struct efi_memory want = expected(m, map, page);
	const struct efi_memory *e;
	uint32_t found = 0;

	for (uint64_t i = 0; (e = dom0_map_entry(m, i)) != NULL; i++) {
		if (page / PAGE_SIZE - e->base / PAGE_SIZE >= e->pages) {
			continue;
		}
		if (e->type != want.type || e->attributes != want.attributes ||
		    e->virt != ((e->attributes & BIT64(63)) != 0 ? e->base : 0) || e->pad != 0) {
			return "a page is another";
		}
		found++;
	}
	return found == (want.type != UINT32_MAX ? 1 : 0) ? NULL : "a page is missing, or there twice";
}

/* The system table leads to runtime services, or tells of none. */
static const char *check_system(const struct dom0_machine *m, bool offered)
{
	const uint8_t *p = m->out.bytes + (m->out.properties - m->out.pa);
	struct efi_rt_properties properties;
	struct efi_system system;
	uint32_t crc;

	memcpy(&system, m->out.bytes + (m->out.system - m->out.pa), sizeof(system));
	memcpy(&properties, p, sizeof(properties));
	crc = system.header.crc32;
	system.header.crc32 = 0;
	if (dom0_crc32((const uint8_t *)&system, sizeof(system)) != crc) {
		return "the system table has another sum";
	}
	if ((uint64_t)(uintptr_t)system.runtime != (offered ? m->in.runtime.table : 0)) {
		return "other runtime services";
	}
	/* All but ResetSystem() and the capsules. */
	return properties.supported == (offered ? m->in.runtime.services & 0x23ff : 0) ? NULL :
											   "other services are there";
}

/* Both maps change at edges only: the pages on either side of one stand for all. */
static const char *check_edges(const struct dom0_machine *m, const struct dom0_map *map, uint64_t base,
			       uint64_t size)
{
	const uint64_t pages[] = {base - PAGE_SIZE, base, base + size - PAGE_SIZE, base + size};

	for (uint32_t i = 0; i < ARRAY_SIZE(pages); i++) {
		const char *wrong = check_page(m, map, pages[i]);

		if (wrong != NULL) {
			return wrong;
		}
	}
	return NULL;
}

const char *dom0_check_map(const struct dom0_machine *m, const struct dom0_map *map)
{
	const struct efi_memory *e;
	bool offered = is_offered(m, map);
	const char *wrong = offered == (m->out.refused == NULL) ? check_system(m, offered) :
								   "runtime services are offered wrongly, or not";

	for (uint64_t i = 0; i < map->size && wrong == NULL; i += DOM0_STEP) {
		struct efi_memory from;

		memcpy(&from, map->bytes + i, sizeof(from));
		wrong = check_edges(m, map, from.base, from.pages * PAGE_SIZE);
	}
	for (uint32_t i = 0; i < m->in.ram_count && wrong == NULL; i++) {
		wrong = check_edges(m, map, m->in.ram[i].base, m->in.ram[i].size);
	}
	for (uint64_t i = 0; (e = dom0_map_entry(m, i)) != NULL && wrong == NULL; i++) {
		wrong = e->pages == 0 || e->base % PAGE_SIZE != 0 ? "an empty descriptor, or not of pages" :
								     check_edges(m, map, e->base, e->pages * PAGE_SIZE);
	}
	return wrong;
}
