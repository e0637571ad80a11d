// SPDX-License-Identifier: Apache-2.0
/* What a chip's revision can do, and how a machine with ACPI is known. */
#include <stdio.h>
#include <string.h>

#include "check/parts.h"
#include "tables.h"

static void ipmmu_help(struct diag_msg *msg, const struct model *m, const struct m_device *dev, size_t owner,
		       const char *key)
{
	diag_note(msg, dev->pos, "'%s' of '%s' is the first device that needs it, declared", dev->name.s,
		  m->domains[owner].name.s);
	diag_help(msg,
		  "correct '%s', or give up DMA protection with 'iommu: \"off\"' in every domain that has "
		  "such devices",
		  key);
}

static void ipmmu_check(struct diag *d, const struct model *m)
{
	const struct m_board *b = &m->board;
	const struct m_ipmmu_chip *chip = m->ipmmu_chip;
	unsigned int major, minor;
	char rest;

	if (m->ipmmu_user == MODEL_NONE) {
		return;
	}
	const struct m_device *dev = &b->devices[m->ipmmu_user];
	size_t owner = m->device_owner[m->ipmmu_user];
	if (chip == NULL) {
		struct diag_msg *msg = diag_error(d, 602, b->soc.s != NULL ? b->soc.pos : b->pos,
						  "'%s' asks for IPMMU "
						  "stage 2, which is known for r8a7795, r8a7796, r8a77961 "
						  "and r8a77965 "
						  "only",
						  b->name.s);
		ipmmu_help(msg, m, dev, owner, "soc");
		return;
	}
	if (b->soc_revision.s == NULL) {
		struct diag_msg *msg = diag_error(d, 601, b->soc.pos,
						  "'%s' asks for IPMMU stage 2 but does not say its "
						  "soc-revision (needs ES%u.%u)",
						  b->name.s, chip->major,
						  chip->minor);
		diag_help(msg, "add 'soc-revision: ES%u.%u' if the chip on the board is that or later",
			  chip->major, chip->minor);
		return;
	}
	if (sscanf(b->soc_revision.s, "ES%2u.%2u%c", &major, &minor, &rest) != 2) {
		struct diag_msg *msg = diag_error(d, 603, b->soc_revision.pos, "'%s' is no revision of %s",
						  b->soc_revision.s, chip->name);
		diag_help(msg, "write it as Renesas does: ES3.0");
		return;
	}
	if (major < chip->major ||
	    (major == chip->major && minor < chip->minor)) {
		struct diag_msg *msg = diag_error(d, 601, b->soc_revision.pos,
						  "'%s' asks for IPMMU stage 2 but "
						  "soc-revision %s has none (needs ES%u.%u)",
						  b->name.s, b->soc_revision.s, chip->major,
						  chip->minor);
		diag_label(msg, "%s", chip->name);
		ipmmu_help(msg, m, dev, owner, "soc-revision");
	}
}

static void width_check(struct diag *d, const struct m_string *text, const char *what, size_t least,
			size_t most)
{
	size_t n = text->s == NULL ? least : strlen(text->s);

	if (n < least || n > most) {
		struct diag_msg *msg = diag_error(d, 607, text->pos, "'%s' cannot be %s", text->s, what);
		diag_label(msg, "%zu character%s", n, n == 1 ? "" : "s");
		diag_help(msg, least == most ? "it has exactly %zu" : "it has at the most %zu", most);
	}
}

static void texts_check(struct diag *d, const struct m_string *texts, size_t count, const char *what,
			size_t least, size_t most)
{
	for (size_t i = 0; i < count; i++) {
		width_check(d, &texts[i], what, least, most);
	}
	if (count > ACPI_EXPECT_MAX) {
		struct diag_msg *msg = diag_error(d, 607, texts[ACPI_EXPECT_MAX].pos, "'%s' is one too many",
						  texts[ACPI_EXPECT_MAX].s);
		diag_help(msg, "name %d at the most", ACPI_EXPECT_MAX);
	}
}

static void expect_check(struct diag *d, const struct m_board *b)
{
	width_check(d, &b->expect_oem_id, "an OEM ID", 1, 6);
	texts_check(d, b->expect_oem_tables, b->expect_oem_table_count, "an OEM table ID", 1, 8);
	texts_check(d, b->expect_tables, b->expect_table_count, "the signature of an ACPI table", 4, 4);
}

void check_silicon(struct diag *d, const struct model *m)
{
	ipmmu_check(d, m);
	expect_check(d, &m->board);
}
