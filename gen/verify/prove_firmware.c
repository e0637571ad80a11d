// SPDX-License-Identifier: Apache-2.0
/*
 * What the image demands of firmware's tables, before it starts anything, is what the YAML
 * says of the machine: all else is proved of that machine alone.
 */
#include <inttypes.h>
#include <string.h>

#include "prove_firmware.h"

#define LIST_MAX 256

void firmware_fail(struct subject *s, const struct place *at, const char *what)
{
	report_fail(s->report, PROPERTY_OWNERS, NULL, 0, 0, at, NULL, "the image expects another %s of firmware",
		    what);
}

const void *firmware_list(struct subject *s, const char *what, const void *p, uint64_t found, uint64_t wanted,
			  uint64_t size)
{
	const uint8_t *bytes = NULL;

	report_count(s->report, PROPERTY_OWNERS, 1);
	if (found == wanted && found > 0 && found <= LIST_MAX) {
		bytes = elf_bytes(s->elf, (uint64_t)(uintptr_t)p, found * size);
	}
	if (bytes == NULL && (found | wanted) != 0) {
		firmware_fail(s, NULL, what);
	}
	return bytes;
}

void firmware_number(struct subject *s, const struct place *at, const char *what, uint64_t found,
		     uint64_t wanted)
{
	report_count(s->report, PROPERTY_OWNERS, 1);
	if (found != wanted) {
		firmware_fail(s, at, what);
	}
}

/* A text of the tables' width, filled up with NULs. */
static void firmware_text(struct subject *s, const char *what, const char *found, size_t width,
			  const struct yaml_item *item)
{
	const char *wanted = item != NULL && item->kind == YAML_SCALAR ? item->text : "";
	size_t length = strlen(wanted);
	bool same = length <= width;

	for (size_t i = 0; same && i < width; i++) {
		same = found[i] == (i < length ? wanted[i] : '\0');
	}
	report_count(s->report, PROPERTY_OWNERS, 1);
	if (!same) {
		firmware_fail(s, item != NULL ? &item->at : NULL, what);
	}
}

static void firmware_texts(struct subject *s, const struct acpi_expect *e)
{
	const struct yaml_item *ids = yaml_get(s->board->expect, "oem-table-ids");
	const struct yaml_item *tables = yaml_get(s->board->expect, "tables");

	firmware_text(s, "OEM ID", e->oem_id, sizeof(e->oem_id), yaml_get(s->board->expect, "oem-id"));
	for (size_t i = 0; i < ACPI_EXPECT_MAX; i++) {
		firmware_text(s, "OEM table ID", e->oem_tables[i], sizeof(e->oem_tables[i]),
			      ids != NULL && i < ids->count ? ids->values[i] : NULL);
		firmware_text(s, "table", e->tables[i], sizeof(e->tables[i]),
			      tables != NULL && i < tables->count ? tables->values[i] : NULL);
	}
}

static void firmware_smmus(struct subject *s, const struct acpi_expect *e)
{
	const struct acpi_expect_smmu *list = firmware_list(s, "number of SMMUv3s", e->smmus, e->smmu_count,
							    s->board->smmu_count, sizeof(*list));

	for (size_t i = 0; list != NULL && i < s->board->smmu_count; i++) {
		const struct smmu *y = &s->board->smmus[i];
		struct acpi_expect_smmu x;

		memcpy(&x, &list[i], sizeof(x));
		firmware_number(s, &y->at, "SMMUv3", x.base, y->reg.base);
		firmware_number(s, &y->at, "event interrupt", x.evtq, y->event.intid);
		firmware_number(s, &y->at, "global error interrupt", x.gerror, y->error.intid);
		firmware_number(s, &y->at, "PRI interrupt", x.priq, y->combined ? y->event.intid : y->pri.intid);
		firmware_number(s, &y->at, "sync interrupt", x.sync,
				y->combined ? y->event.intid : y->sync.intid);
	}
}

static void firmware_machine(struct subject *s, const struct acpi_expect *e)
{
	const struct board *b = s->board;
	const struct mem_range *ram = firmware_list(s, "number of RAM banks", e->ram, e->ram_count, b->ram_count,
						    sizeof(*ram));
	const uint64_t *its = firmware_list(s, "number of ITSs", e->its, e->its_count, b->its_count, sizeof(*its));

	for (size_t i = 0; ram != NULL && i < b->ram_count; i++) {
		struct mem_range x;

		memcpy(&x, &ram[i], sizeof(x));
		firmware_number(s, &b->ram[i].at, "RAM", x.base, b->ram[i].base);
		firmware_number(s, &b->ram[i].at, "RAM", x.size, b->ram[i].size);
	}
	for (size_t i = 0; its != NULL && i < b->its_count; i++) {
		uint64_t x;

		memcpy(&x, &its[i], sizeof(x));
		firmware_number(s, &b->itses[i].at, "ITS", x, b->itses[i].reg.base);
	}
	firmware_smmus(s, e);
	firmware_ids(s, e);
	firmware_number(s, NULL, "secure timer", e->timer_secure, b->timer_secure.intid);
	firmware_number(s, NULL, "physical timer", e->timer_physical, b->timer_physical.intid);
	firmware_number(s, NULL, "virtual timer", e->timer_virtual, b->timer_virtual.intid);
	firmware_number(s, NULL, "EL2 timer", e->timer_hyp, b->timer_hypervisor.intid);
}

/* A name as UEFI has it: `\\` between folders. */
static bool firmware_is_name(const char *found, const char *wanted)
{
	size_t i = 0;

	if (found == NULL || wanted == NULL) {
		return found == wanted;
	}
	while (found[i] != '\0' && found[i] == (wanted[i] == '/' ? '\\' : wanted[i])) {
		i++;
	}
	return found[i] == wanted[i];
}

/* The files that the hardware domain is started with, if they are not in the image. */
static void firmware_files(struct subject *s)
{
	const uint8_t *bytes =
		elf_bytes(s->elf, (uint64_t)(uintptr_t)s->image.board.efi, sizeof(struct efi_payload));
	const char *wanted[EFI_FILES] = {NULL};
	struct efi_payload p;

	if (bytes == NULL) {
		firmware_fail(s, NULL, "payload");
		return;
	}
	memcpy(&p, bytes, sizeof(p));
	for (size_t i = 0; i < s->board->domain_count; i++) {
		const struct domain *d = &s->board->domains[i];

		if (d->hardware) {
			wanted[EFI_FILE_KERNEL] = d->kernel_file;
			wanted[EFI_FILE_INITRD] = d->initrd_file;
			wanted[EFI_FILE_CMDLINE] = d->cmdline_file;
		}
	}
	for (size_t i = 0; i < EFI_FILES; i++) {
		const char *name =
			p.files[i] == NULL ? NULL : elf_string(s->elf, (uint64_t)(uintptr_t)p.files[i], EFI_NAME_MAX + 1);

		report_count(s->report, PROPERTY_OWNERS, 1);
		if ((p.files[i] != NULL && name == NULL) || !firmware_is_name(name, wanted[i])) {
			firmware_fail(s, NULL, "file beside the image");
		}
	}
}

void prove_firmware(struct subject *s)
{
	const void *at = s->image.board.acpi;
	const uint8_t *bytes = elf_bytes(s->elf, (uint64_t)(uintptr_t)at, sizeof(struct acpi_expect));
	struct acpi_expect e;

	if (!s->board->acpi) {
		firmware_number(s, NULL, "description", at != NULL, 0);
		return;
	}
	if (at == NULL || bytes == NULL) {
		firmware_fail(s, NULL, "description");
		return;
	}
	memcpy(&e, bytes, sizeof(e));
	firmware_texts(s, &e);
	firmware_files(s);
	/* Without RAM in the file there is nothing that firmware must say. */
	if (s->board->ram_count > 0) {
		firmware_machine(s, &e);
	}
}
