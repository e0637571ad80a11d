// SPDX-License-Identifier: Apache-2.0
/*
 * Tables from files where the reader looks for them: firmware's memory is an RSDP and an XSDT
 * made here, and each file at an address of its own.
 */
#include "import/tables.h"

#include <stdlib.h>
#include <string.h>

#include "types.h"

#define ROOT_AT MIB(1)
#define XSDT_AT (ROOT_AT + 64)
#define FILES_AT BIT64(32)
#define FILE_STEP BIT64(32) /* more than a file that is read can have */
#define RSDP_LEN 36u

static const char signatures[TABLES_READ][5] = {"FACP", "APIC", "GTDT", "SPCR", "IORT", "MCFG"};

/* acpi_memory() has nothing but an address to go by. */
static struct {
	const struct i_tables *t;
	unsigned char bytes[64 + TABLE_HEADER + 8 * TABLES_READ];
} memory;

const uint8_t *acpi_memory(uint64_t pa, uint64_t size)
{
	uint64_t file = (pa - FILES_AT) / FILE_STEP, at = (pa - FILES_AT) % FILE_STEP;

	if (pa >= ROOT_AT && pa - ROOT_AT <= sizeof(memory.bytes)) {
		return size <= sizeof(memory.bytes) - (pa - ROOT_AT) ? memory.bytes + (pa - ROOT_AT) : NULL;
	}
	if (pa < FILES_AT || file >= memory.t->count) {
		return NULL;
	}
	const struct i_table *f = &memory.t->list[file];
	return at <= f->size && size <= f->size - at ? f->bytes + at : NULL;
}

static void put(unsigned char *to, uint64_t value, size_t size)
{
	memcpy(to, &value, size);
}

static unsigned char checksum(const unsigned char *bytes, size_t size)
{
	unsigned char sum = 0;

	for (size_t i = 0; i < size; i++) {
		sum = (unsigned char)(sum + bytes[i]);
	}
	return (unsigned char)-sum;
}

static void root_make(const struct i_tables *t)
{
	unsigned char *rsdp = memory.bytes, *xsdt = memory.bytes + (XSDT_AT - ROOT_AT);
	size_t size = TABLE_HEADER + 8 * t->count;

	memset(memory.bytes, 0, sizeof(memory.bytes));
	memory.t = t;
	memcpy(rsdp, "RSD PTR ", 8);
	rsdp[15] = 2;
	put(rsdp + 20, RSDP_LEN, 4);
	put(rsdp + 24, XSDT_AT, 8);
	rsdp[8] = checksum(rsdp, 20);
	rsdp[32] = checksum(rsdp, RSDP_LEN);
	memcpy(xsdt, "XSDT", 4);
	put(xsdt + TABLE_LENGTH, size, 4);
	for (size_t i = 0; i < t->count; i++) {
		put(xsdt + TABLE_HEADER + 8 * i, FILES_AT + FILE_STEP * i, 8);
	}
	xsdt[9] = checksum(xsdt, size);
}

bool tables_want(const char *signature)
{
	for (size_t i = 0; i < TABLES_READ; i++) {
		if (memcmp(signatures[i], signature, 4) == 0) {
			return true;
		}
	}
	return false;
}

static struct diag_msg *file_bad(const struct i_tables *t, const struct i_table *f, const char *what)
{
	const struct pos at = {.file = f->path};
	int name = (int)(f->size < 4 ? f->size : 4);

	return diag_error(t->im->d, 707, at, "table %.*s: %s", name, (const char *)f->bytes, what);
}

/* What no reader of firmware's memory would meet: files cut short, and two of one kind. */
static bool files_good(const struct i_tables *t)
{
	struct diag_msg *msg;

	for (size_t i = 0; i < t->count; i++) {
		const struct i_table *f = &t->list[i];
		uint32_t length;

		if (f->size < TABLE_HEADER) {
			file_bad(t, f, "the file is shorter than a table's header");
			return false;
		}
		memcpy(&length, f->bytes + TABLE_LENGTH, sizeof(length));
		if (length > f->size) {
			msg = file_bad(t, f, "the file is shorter than the table");
			diag_label(msg, "the table says that it has %u bytes, the file has %zu", length, f->size);
			return false;
		}
		for (size_t k = 0; k < i; k++) {
			if (memcmp(f->bytes, t->list[k].bytes, 4) == 0) {
				msg = file_bad(t, f, "there is one of these in a machine");
				diag_label(msg, "%s has one as well", t->list[k].path);
				return false;
			}
		}
	}
	return true;
}

static bool trouble_say(const struct i_tables *t, const struct acpi_trouble *trouble)
{
	for (size_t i = 0; i < t->count; i++) {
		const struct pos at = {.file = t->list[i].path};

		if (memcmp(t->list[i].bytes, trouble->table, 4) == 0) {
			diag_error(t->im->d, 707, at, "table %s: what is at offset 0x%x %s", trouble->table,
				   trouble->offset, trouble->what);
			return false;
		}
	}
	struct diag_msg *msg = import_refuse(t->im, 707, NULL, "table %s %s", trouble->table, trouble->what);
	diag_help(msg, "FACP, APIC (the MADT) and GTDT are what a machine has at least");
	return false;
}

bool tables_read(struct i_tables *t)
{
	struct acpi_trouble trouble;

	if (t->count == 0) {
		struct diag_msg *msg = import_refuse(t->im, 707, NULL, "no file here is an ACPI table");

		diag_help(msg, "'acpidump -b' writes such files, and 'acpixtract -a' of what 'acpidump' says; or copy "
			  "/sys/firmware/acpi/tables");
		return false;
	}
	if (!files_good(t)) {
		return false;
	}
	root_make(t);
	if (!acpi_read(&t->m, ROOT_AT, &trouble)) {
		return trouble_say(t, &trouble);
	}
	for (size_t i = 0; i < t->count; i++) {
		if (memcmp(t->list[i].bytes, "IORT", 4) == 0) {
			t->iort.bytes = t->list[i].bytes;
			t->iort.size = table_32(&t->iort, TABLE_LENGTH);
		}
	}
	return true;
}

struct i_irq tables_irq(uint32_t intid, enum m_trigger trigger)
{
	return (struct i_irq){.ppi = intid < 32, .number = intid < 32 ? intid - 16 : intid - 32, .trigger = trigger};
}

struct i_device *tables_device(struct i_tables *t, const char *name, const char *path)
{
	struct import *im = t->im;
	struct i_device *dev;

	im->devices = import_grow(im, im->devices, im->device_count, sizeof(im->devices[0]));
	dev = &im->devices[im->device_count++];
	*dev = (struct i_device){.name = name, .path = path, .enabled = true, .reg_whole = true, .irqs_whole = true,
				 .msi_frame = IMPORT_NONE};
	return dev;
}

void tables_compatible(struct i_tables *t, struct i_device *dev, const char *text)
{
	dev->compatible = import_grow(t->im, dev->compatible, dev->compatible_count, sizeof(text));
	dev->compatible[dev->compatible_count++] = text;
}

void tables_range(struct i_tables *t, struct i_device *dev, uint64_t base, uint64_t size)
{
	dev->reg = import_grow(t->im, dev->reg, dev->reg_count, sizeof(dev->reg[0]));
	dev->reg[dev->reg_count++] = (struct i_range){base, size};
}

void tables_line(struct i_tables *t, struct i_device *dev, struct i_irq irq)
{
	dev->irqs = import_grow(t->im, dev->irqs, dev->irq_count, sizeof(irq));
	dev->irqs[dev->irq_count++] = irq;
}

/* A text of a header as board.yaml has it; NULL: it is none. */
static const char *oem_text(struct import *im, const char *text)
{
	bool any = false;

	for (const char *c = text; *c != '\0'; c++) {
		if ((unsigned char)*c < 0x20 || (unsigned char)*c > 0x7e) {
			return NULL;
		}
		any = any || *c != ' ';
	}
	return any ? arena_copy(im->a, text, strlen(text)) : NULL;
}

/* The board's name is of what it expects: "bochs-bxpc". */
static void title_make(struct import *im)
{
	const char *id = im->oem_id == NULL ? "acpi" : im->oem_id;
	const char *table = im->oem_table == NULL ? "board" : im->oem_table;
	char *name = arena_format(im->a, "%.*s-%.*s", (int)strcspn(id, " "), id, (int)strcspn(table, " "), table);

	for (char *c = name; *c != '\0'; c++) {
		*c = *c >= 'A' && *c <= 'Z' ? (char)(*c - 'A' + 'a') : *c;
	}
	im->board = name_clean(im, name, strlen(name));
}

static void expect_read(struct i_tables *t)
{
	struct import *im = t->im;

	im->oem_id = oem_text(im, t->m.oem_id);
	im->oem_table = oem_text(im, t->m.oem_table);
	for (size_t i = 0; i < TABLES_READ; i++) {
		for (size_t k = 0; k < t->count; k++) {
			if (memcmp(signatures[i], t->list[k].bytes, 4) == 0) {
				im->tables[im->table_count++] = signatures[i];
			}
		}
	}
	title_make(im);
	if (im->oem_id == NULL || im->oem_table == NULL) {
		import_decide(im, &im->top, "expect: the FADT does not say whose machine this is; 'tables' alone tell it "
			      "from others");
	}
}

bool import_tables(struct import *im, struct arena *a, struct diag *d, const char *dir,
		   const struct i_table *list, size_t count)
{
	struct i_tables *t = arena_alloc(a, sizeof(*t));

	im->a = a;
	im->d = d;
	im->file = dir;
	im->source = "the tables";
	im->acpi = true;
	im->console = IMPORT_NONE;
	*t = (struct i_tables){.im = im, .list = list, .count = count};
	if (!tables_read(t)) {
		return false;
	}
	expect_read(t);
	if (!tables_machine(t)) {
		return false;
	}
	tables_smmus(t);
	tables_devices(t);
	return import_settle(im);
}
