/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A device tree being written (libfdt, sequential). The first error sticks; the
 * calls behind it do nothing.
 */
#ifndef GEN_EMIT_DTB_H
#define GEN_EMIT_DTB_H

#include "emit/emit.h"

#define PHANDLE_GIC 1u
#define PHANDLE_CLOCK 2u	/* of the virtual PL011 and of doorbells */
#define PHANDLE_DEVICES 3u	/* board.devices[0], ... */
#define PHANDLE_ITS 0x10000000u /* of the domain's virtual ITS */
#define DTB_PATH_MAX 128u

struct dtb {
	const struct plan *p;
	const struct plan_domain *dom;
	struct diag *d;
	void *fdt;
	int error;    /* libfdt's, 0: none so far */
	bool *shown;    /* which of board.devices are in this tree */
	size_t *list;   /* those, ascending once they are chosen */
	size_t count;
	bool *referred; /* which of them some node refers to */
	bool *missed;   /* which others: told already */
};

void dtb_node(struct dtb *t, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void dtb_end(struct dtb *t);
void dtb_empty(struct dtb *t, const char *name);
void dtb_cells(struct dtb *t, const char *name, const uint32_t *cells, size_t count);
void dtb_u32(struct dtb *t, const char *name, uint32_t value);
void dtb_u64(struct dtb *t, const char *name, uint64_t value);
/* A list of strings, each with its NUL. */
void dtb_strings(struct dtb *t, const char *name, const char *const *strings, size_t count);
void dtb_string(struct dtb *t, const char *name, const char *value);
/* "reg" with two cells for each address and size. */
void dtb_reg(struct dtb *t, const struct m_range *list, size_t count);
void dtb_interrupts(struct dtb *t, const struct m_irq *list, size_t count);

/* Decides which of the board's devices the tree shows. */
void dtb_devices_choose(struct dtb *t);
/* Their nodes. */
void dtb_devices(struct dtb *t);
/* The node of the Xen guest ABI, if the domain has that. */
void dtb_xen(struct dtb *t);
/* The virtual SMMUv3, if the domain has one, and what a device of its says about its
 * streams there. */
void dtb_vsmmu(struct dtb *t);
void dtb_streams(struct dtb *t, size_t device);
/* The control interface and the watchdog, if the domain has them. */
void dtb_virtual(struct dtb *t);
/* What the domain shares with others: memory and doorbells. */
void dtb_shared(struct dtb *t);
/* Where in the finished tree the virtual SMMUv3's `status` is; 0: there is none. */
uint32_t dtb_vsmmu_status(const struct plan_domain *dom, const struct emit_dtb *dtb);
/* Path of the node of board.devices[i]. */
void dtb_device_path(const struct dtb *t, size_t i, char path[DTB_PATH_MAX]);

#endif
