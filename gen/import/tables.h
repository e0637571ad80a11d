/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ACPI's static tables, each a file's bytes, as a machine. They are read by the reader that the
 * image has at boot (hv/firmware/acpi), which bounds all that they say.
 */
#ifndef GEN_IMPORT_TABLES_H
#define GEN_IMPORT_TABLES_H

#include "firmware/acpi/table.h"
#include "import/import.h"

#define TABLES_READ 6u
#define TABLES_FILES_MAX 32u /* two of a kind are refused, not counted */

struct i_table {
	const char *path; /* of its file, for messages */
	const unsigned char *bytes;
	size_t size;
};

struct i_tables {
	struct import *im;
	const struct i_table *list;
	size_t count;
	struct acpi_machine m;
	struct acpi_table iort; /* bytes is NULL: there is none */
};

/* Whether a file that begins with these four bytes is a table that is read. */
bool tables_want(const char *signature);

/* Makes a machine of the tables; of one that is not there, or is bad, it tells. */
bool tables_read(struct i_tables *t);

/* The interrupt that an INTID is. */
struct i_irq tables_irq(uint32_t intid, enum m_trigger trigger);
/* A device that a table says, at the end of the list; valid until the next one is added. */
struct i_device *tables_device(struct i_tables *t, const char *name, const char *path);
void tables_compatible(struct i_tables *t, struct i_device *dev, const char *text);
void tables_range(struct i_tables *t, struct i_device *dev, uint64_t base, uint64_t size);
void tables_line(struct i_tables *t, struct i_device *dev, struct i_irq irq);

bool tables_machine(struct i_tables *t); /* CPUs, GIC, ITSs, timers; false after reporting */
void tables_smmus(struct i_tables *t);
void tables_devices(struct i_tables *t);
/* Stream and DeviceIDs of a PCI segment's device, or of all named components. */
void tables_segment(struct i_tables *t, struct i_device *dev, uint32_t segment);
void tables_named(struct i_tables *t);

/*
 * A board of `count` tables of the folder `dir`. Errors as import_read(). The lists' texts must
 * outlive `im`; im->memory may be set before, all else is 0.
 */
bool import_tables(struct import *im, struct arena *a, struct diag *d, const char *dir,
		   const struct i_table *list, size_t count);

#endif
