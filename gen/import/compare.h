/* SPDX-License-Identifier: Apache-2.0 */
/* One truth: a board file against the machine's own device tree. */
#ifndef GEN_IMPORT_COMPARE_H
#define GEN_IMPORT_COMPARE_H

#include "import/import.h"

/* Reports what the board says otherwise than the tree: addresses, interrupts, IOMMU links, CPUs,
 * RAM, the GIC and the timer. What the tree does not say, the board may. */
void compare_board(struct import *im, struct diag *d, const struct model *m);

/* compare_device.c */
void compare_devices(struct import *im, struct diag *d, const struct model *m);
/* compare_providers.c: clock controllers and the like of two domains, of which the board does not say it.
 * nodes: of each device of the board, its node or NULL. */
void compare_providers(struct import *im, struct diag *d, const struct model *m, struct t_node *const *nodes);
/* compare_iommu.c */
void compare_iommus(struct import *im, struct diag *d, const struct model *m);
void compare_links(struct import *im, struct diag *d, const struct model *m, const struct m_device *dev,
		   const struct i_device *node);
/* The interrupts of both sides are the same ones, in any order. */
void compare_irqs(struct import *im, struct diag *d, const char *name, struct pos at,
		  const struct m_irq *irqs, size_t count, const struct t_node *node,
		  const struct i_irq *theirs, size_t their_count);

#endif
