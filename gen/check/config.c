// SPDX-License-Identifier: Apache-2.0
/*
 * Kconfig chooses one driver for the interrupt controller, the console and the IOMMU;
 * the board says which ones the machine has. An image with another would stop at boot,
 * or write to addresses where its device is not.
 */
#include "check/config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "check/parts.h"

#define SYMBOL_MAX 64

/* One thing that both files speak of. */
struct driver {
	struct pos at;      /* in the board */
	const char *want;   /* symbols */
	const char *other;
	const char *fix;    /* what else to do, behind "or " */
};

/* The line of `path` that is CONFIG_<symbol>=y, 0: there is none. */
static uint32_t config_line(const char *path, const char *symbol)
{
	char want[SYMBOL_MAX];
	char *text = NULL;
	size_t room = 0;
	uint32_t line = 0, found = 0;
	FILE *in = path == NULL ? NULL : fopen(path, "r");

	snprintf(want, sizeof(want), "CONFIG_%s=y", symbol);
	while (in != NULL && found == 0 && getline(&text, &room, in) >= 0) {
		line++;
		text[strcspn(text, "\r\n")] = '\0';
		found = strcmp(text, want) == 0 ? line : 0;
	}
	free(text);
	if (in != NULL) {
		fclose(in);
	}
	return found;
}

/* Where the symbol is set: where somebody wrote it, else where Kconfig did. */
static struct pos config_place(const struct config *c, const char *symbol)
{
	uint32_t line = config_line(c->defconfig, symbol);

	if (line != 0) {
		return (struct pos){c->defconfig, line, 1, 1};
	}
	line = config_line(c->path, symbol);
	return line != 0 ? (struct pos){c->path, line, 1, 1} : pos_none;
}

static void driver_notes(struct diag_msg *msg, const struct config *c, const struct driver *drv)
{
	struct pos place = config_place(c, drv->other);
	const char *file = c->defconfig != NULL ? c->defconfig : c->path;

	if (place.file != NULL) {
		diag_note(msg, place, "'CONFIG_%s=y' is said", drv->other);
	}
	diag_help(msg, "write 'CONFIG_%s=y' in %s, or %s", drv->want, file, drv->fix);
}

static void gic_compare(struct diag *d, const struct m_board *b, const struct config *c)
{
	bool v2 = b->gic.version == 2;
	struct driver drv = {b->gic.version_pos, v2 ? "GIC_V2" : "GIC_V3", v2 ? "GIC_V3" : "GIC_V2",
			     "correct 'version'"};

	if (b->gic.version == 0 || config_line(c->path, drv.want) != 0) {
		return;
	}
	driver_notes(diag_error(d, 606, drv.at, "the board has a GICv%d, but the hypervisor is built for a GICv%d",
				v2 ? 2 : 3, v2 ? 3 : 2),
		     c, &drv);
}

static void uart_compare(struct diag *d, const struct m_board *b, const struct config *c)
{
	enum console_driver uart;

	if (b->console_device >= b->device_count) {
		return;
	}
	const struct m_device *dev = &b->devices[b->console_device];
	uart = console_driver(dev);
	struct driver drv = {b->console.pos, uart == CONSOLE_PL011 ? "UART_PL011" : "UART_SCIF",
			     uart == CONSOLE_PL011 ? "UART_SCIF" : "UART_PL011", "name another 'console'"};
	if (uart == CONSOLE_UNKNOWN || config_line(c->path, drv.want) != 0) {
		return;
	}
	driver_notes(diag_error(d, 606, drv.at, "the console '%s' is %s, but the hypervisor is built for %s",
				dev->name.s, uart == CONSOLE_PL011 ? "a PL011" : "an SCIF",
				uart == CONSOLE_PL011 ? "an SCIF" : "a PL011"),
		     c, &drv);
}

/* What is chosen in place of an IOMMU's driver. */
static const char *iommu_chosen(const struct config *c, const char *want)
{
	static const char *const all[] = {"SMMUV3", "IPMMU"};

	for (size_t i = 0; i < ARRAY_SIZE(all); i++) {
		if (strcmp(all[i], want) != 0 && config_line(c->path, all[i]) != 0) {
			return all[i];
		}
	}
	return "IOMMU_NONE";
}

static void iommu_compare(struct diag *d, const struct model *m, const struct config *c)
{
	const struct m_board *b = &m->board;

	for (size_t i = 0; i < b->iommu_count; i++) {
		bool smmu = b->iommus[i].type == IOMMU_SMMUV3;
		const char *want = smmu ? "SMMUV3" : "IPMMU";
		struct driver drv = {b->iommus[i].pos, want, iommu_chosen(c, want), "remove it from the board"};
		if ((smmu || m->ipmmu_user != MODEL_NONE) && config_line(c->path, want) == 0) {
			driver_notes(diag_error(d, 606, drv.at,
						"'%s' is an %s, but the hypervisor is built without its driver",
						b->iommus[i].name.s, smmu ? "SMMUv3" : "IPMMU"),
				     c, &drv);
			return; /* the others lack the same one */
		}
	}
}

void check_config(struct diag *d, const struct model *m, const struct config *c)
{
	FILE *in = c->path == NULL ? NULL : fopen(c->path, "r");

	if (c->path != NULL && in == NULL) {
		diag_error(d, 100, (struct pos){.file = c->path}, "cannot be read: %s", strerror(errno));
	}
	if (in != NULL) {
		fclose(in);
		gic_compare(d, &m->board, c);
		uart_compare(d, &m->board, c);
		iommu_compare(d, m, c);
	}
}
