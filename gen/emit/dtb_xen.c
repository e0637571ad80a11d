// SPDX-License-Identifier: Apache-2.0
/* /hypervisor: what a domain with `guest-abi: xen` finds Xen by. */
#include "emit/dtb.h"

/* Paths of the domain's DMA masters that an IOMMU translates for, or of the others. */
static void masters_write(struct dtb *t, const char *name, bool protected)
{
	size_t count = t->p->m->board.device_count;
	const char **paths = arena_array(t->p->arena, count, sizeof(paths[0]));
	size_t n = 0;

	for (size_t i = 0; i < count; i++) {
		char path[DTB_PATH_MAX];

		if (t->shown[i] && t->p->m->board.devices[i].dma_master &&
		    plan_is_protected(t->p, i) == protected) {
			dtb_device_path(t, i, path);
			paths[n++] = arena_format(t->p->arena, "%s", path);
		}
	}
	if (n > 0) {
		dtb_strings(t, name, paths, n);
	}
}

void dtb_xen(struct dtb *t)
{
	static const char *const compatible[] = {"xen,xen-4.19", "xen,xen"};
	const struct m_range grants = {.base = t->dom->xen_grants.base, .size = t->dom->xen_grants.size};
	const struct m_irq events = {
		.type = IRQ_PPI, .number = t->dom->xen_events - 16, .trigger = TRIGGER_LEVEL_LOW,
	};

	if (t->dom->m->guest_abi != ABI_XEN) {
		return;
	}
	dtb_node(t, "hypervisor");
	dtb_strings(t, "compatible", compatible, ARRAY_SIZE(compatible));
	if (grants.size != 0) {
		dtb_reg(t, &grants, 1);
	}
	if (t->dom->xen_events != 0) {
		dtb_interrupts(t, &events, 1);
	}
	masters_write(t, "bulkhead,protected-masters", true);
	masters_write(t, "bulkhead,unprotected-masters", false);
	dtb_end(t);
}
