// SPDX-License-Identifier: Apache-2.0
/* The device that /chosen names for standard output, if the hypervisor has a driver for it. */
#include "import/import.h"

#define PL011_REGISTERS 0x4cu
#define SCIF_REGISTERS 0x26u

void console_read(struct import *im)
{
	const struct t_node *chosen = tree_child(&im->t.nodes[0], "chosen");
	const char *path = chosen == NULL ? NULL : tree_text(tree_prop(chosen, "stdout-path"), 0);
	const struct t_node *n = path == NULL ? NULL : tree_by_path(&im->t, path);
	const struct i_device *dev;

	im->console = IMPORT_NONE;
	if (path == NULL) {
		import_decide(im, &im->console_notes, "/chosen has no stdout-path; name a PL011 or an SCIF for the "
			      "hypervisor's messages");
		return;
	}
	if (n == NULL || n->kind != KIND_DEVICE) {
		import_decide(im, &im->console_notes, "stdout-path is %s, which is no device here", path);
		return;
	}
	dev = &im->devices[n->thing];
	bool pl011 = tree_is(n, "arm,pl011"), scif = tree_is_like(n, "scif");
	if (!dev->enabled || (!pl011 && !scif)) {
		import_decide(im, &im->console_notes, "'%s' is where the machine's messages go, %s", dev->name,
			      dev->enabled ? "for which the hypervisor has no driver: a PL011 or an SCIF it can use"
					   : "but it is disabled");
		return;
	}
	if (dev->reg_count == 0 || dev->reg[0].size < (pl011 ? PL011_REGISTERS : SCIF_REGISTERS) ||
	    dev->reg[0].base % 4 != 0) {
		import_decide(im, &im->console_notes, "'%s' has not all registers of %s", dev->name,
			      pl011 ? "a PL011" : "an SCIF");
		return;
	}
	im->console = n->thing;
}
