// SPDX-License-Identifier: Apache-2.0
/* A virtual SMMUv3 in a domain's tree (bindings arm,smmu-v3.yaml, pci-iommu.txt). */
#include <inttypes.h>
#include <libfdt.h>
#include <stdlib.h>

#include "emit/dtb.h"

#define IRQS_MAX 3u

/* Behind those of the devices. */
static uint32_t vsmmu_phandle(const struct dtb *t)
{
	return PHANDLE_DEVICES + (uint32_t)t->p->m->board.device_count;
}

/* The guest's SMMU walks the guest's tables coherently if each physical one does. */
static bool is_coherent(const struct dtb *t)
{
	for (uint32_t i = 0; i < t->dom->vsmmu.stream_count; i++) {
		if (!t->p->smmus[t->dom->vsmmu.streams[i].smmu].m->coherent) {
			return false;
		}
	}
	return true;
}

static void irqs_write(struct dtb *t)
{
	const struct m_vsmmu *v = &t->dom->m->vsmmu;
	const bool combined = v->evtq.intid != 0 && v->evtq.intid == v->gerror.intid;
	const struct {
		const char *name;
		const struct m_irq *irq;
		bool used;
	} all[IRQS_MAX] = {
		{combined ? "combined" : "eventq", &v->evtq, v->evtq.intid != 0},
		{"gerror", &v->gerror, v->gerror.intid != 0 && !combined},
		{"cmdq-sync", &v->sync, v->sync.intid != 0},
	};
	const char *names[IRQS_MAX];
	struct m_irq irqs[IRQS_MAX];
	size_t count = 0;

	for (size_t i = 0; i < IRQS_MAX; i++) {
		if (all[i].used) {
			names[count] = all[i].name;
			irqs[count++] = *all[i].irq;
		}
	}
	if (count > 0) {
		dtb_interrupts(t, irqs, count);
		dtb_strings(t, "interrupt-names", names, count);
	}
}

void dtb_vsmmu(struct dtb *t)
{
	static const char *const status[] = {"okay", "", "", "", ""};

	if (!t->dom->has_vsmmu) {
		return;
	}
	dtb_node(t, "iommu@%" PRIx64, t->dom->vsmmu.ipa);
	dtb_string(t, "compatible", "arm,smmu-v3");
	dtb_reg(t, &t->dom->m->vsmmu.reg, 1);
	irqs_write(t);
	dtb_u32(t, "#iommu-cells", 1);
	if (is_coherent(t)) {
		dtb_empty(t, "dma-coherent");
	}
	dtb_u32(t, "phandle", vsmmu_phandle(t));
	/* As long as "disabled", which the hypervisor may write there (viommu=off). */
	dtb_strings(t, "status", status, ARRAY_SIZE(status));
	dtb_end(t);
}

uint32_t dtb_vsmmu_status(const struct plan_domain *dom, const struct emit_dtb *dtb)
{
	char path[DTB_PATH_MAX];
	const char *status;
	int node;

	snprintf(path, sizeof(path), "/iommu@%" PRIx64, dom->vsmmu.ipa);
	node = dtb->bytes == NULL ? -1 : fdt_path_offset(dtb->bytes, path);
	status = node < 0 ? NULL : fdt_getprop(dtb->bytes, node, "status", NULL);
	return status == NULL ? 0 : (uint32_t)((const uint8_t *)status - dtb->bytes);
}

/* Pairs of cells, one for each stream: there is no shorter form. */
static void iommus_write(struct dtb *t, const struct m_vsmmu *v, size_t device)
{
	uint64_t room = 0;
	size_t count = 0;

	for (size_t i = 0; i < v->stream_count; i++) {
		room += v->streams[i].device == device && !v->streams[i].link->mapped ? v->streams[i].count : 0;
	}
	if (room == 0) {
		return;
	}
	uint32_t *cells = arena_array(t->p->arena, 2 * room, sizeof(cells[0]));
	for (size_t i = 0; i < v->stream_count; i++) {
		const struct m_vstream *s = &v->streams[i];
		for (uint64_t n = 0; s->device == device && !s->link->mapped && n < s->count; n++) {
			cells[count++] = vsmmu_phandle(t);
			cells[count++] = (uint32_t)(s->virt + n);
		}
	}
	dtb_cells(t, "iommus", cells, count);
}

/* Four cells: first requester ID, SMMU, first stream ID, how many. */
static void map_write(struct dtb *t, const struct m_vsmmu *v, size_t device)
{
	uint32_t *cells = arena_array(t->p->arena, 4 * v->stream_count, sizeof(cells[0]));
	size_t count = 0;

	for (size_t i = 0; i < v->stream_count; i++) {
		const struct m_vstream *s = &v->streams[i];
		if (s->device == device && s->link->mapped) {
			cells[count++] = s->link->rid;
			cells[count++] = vsmmu_phandle(t);
			cells[count++] = (uint32_t)s->virt;
			cells[count++] = (uint32_t)s->count;
		}
	}
	if (count > 0) {
		dtb_cells(t, "iommu-map", cells, count);
	}
}

void dtb_streams(struct dtb *t, size_t device)
{
	if (t->dom->has_vsmmu) {
		iommus_write(t, &t->dom->m->vsmmu, device);
		map_write(t, &t->dom->m->vsmmu, device);
	}
}
