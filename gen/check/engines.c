// SPDX-License-Identifier: Apache-2.0
/*
 * Hardware that decides what everybody reaches: interrupt controllers, whose ITS
 * writes its tables wherever it is told to, and IOMMUs. It is the hypervisor's,
 * under `interrupt-controller` and `iommus`, and no domain's device.
 */
#include <string.h>

#include "check/parts.h"

/* What the devicetree bindings call them; the first that fits. */
static const struct {
	const char *text;
	bool at_start;
	enum engine engine;
} marks[] = {
	/* In front of its own master only, whom its owner has as well. */
	{"sysmmu", false, ENGINE_WALKER},
	{"iommu", false, ENGINE_WALKER},
	{"-dart", false, ENGINE_WALKER},
	{"-m4u", false, ENGINE_WALKER},
	/* arm,gic-400, arm,gic-v2m-frame, arm,gic-v3-its, arm,cortex-a15-gic, ... */
	{"arm,gic", true, ENGINE_GIC},
	{"-gic", false, ENGINE_GIC},
	{"arm,pl390", true, ENGINE_GIC},
	/* arm,smmu-v3, arm,smmu-v3-pmcg, arm,mmu-500, qcom,smmu-v2, renesas,ipmmu-..., ... */
	{"smmu", false, ENGINE_IOMMU},
	{"arm,mmu-", true, ENGINE_IOMMU},
	{"ipmmu", false, ENGINE_IOMMU},
};

static enum engine engine_named(const char *compatible)
{
	for (size_t i = 0; i < ARRAY_SIZE(marks); i++) {
		const char *at = strstr(compatible, marks[i].text);
		if (at != NULL && (at == compatible || !marks[i].at_start)) {
			return marks[i].engine;
		}
	}
	return ENGINE_NONE;
}

enum engine device_engine(const struct m_device *dev, const char **mark)
{
	enum engine engine = dev->class == CLASS_GIC ? ENGINE_GIC : ENGINE_NONE;
	bool frame = dev->class == CLASS_MSI_FRAME; /* check_frames() sees to those */

	*mark = NULL;
	for (size_t i = 0; engine == ENGINE_NONE && i < dev->compatible_count; i++) {
		if (frame && strcmp(dev->compatible[i], MSI_FRAME_COMPATIBLE) == 0) {
			continue;
		}
		engine = engine_named(dev->compatible[i]);
		*mark = dev->compatible[i];
	}
	for (size_t i = 0; engine == ENGINE_NONE && i < dev->prop_count; i++) {
		engine = strcmp(dev->props[i].name, "#iommu-cells") == 0 ? ENGINE_WALKER : ENGINE_NONE;
	}
	return engine;
}

bool engine_is_kept(const struct m_device *dev)
{
	const char *mark;
	enum engine engine = device_engine(dev, &mark);

	return engine == ENGINE_GIC || engine == ENGINE_IOMMU;
}

static void engine_check(struct diag *d, const struct model *m, const struct m_device *dev, size_t owner)
{
	const char *mark;
	enum engine engine = device_engine(dev, &mark);
	struct diag_msg *msg;

	if (engine != ENGINE_GIC && engine != ENGINE_IOMMU) {
		return;
	}
	msg = diag_error(d, 215, mark == NULL ? dev->class_pos : dev->pos,
			 "'%s' of '%s' is %s: no domain can have it", dev->name.s, owner_name(m, owner),
			 engine == ENGINE_GIC ? "part of the interrupt controller" : "an IOMMU");
	if (mark == NULL) {
		diag_label(msg, "by its class");
	} else {
		diag_label(msg, "'compatible' says %s", mark);
	}
	diag_note(msg, pos_none, engine == ENGINE_GIC
		  ? "who programs it has it write tables anywhere in memory, or interrupts any domain"
		  : "who programs it decides what the DMA of others reaches, the hypervisor's memory included");
	if (m->board.gic.version == 2 && mark != NULL && strcmp(mark, MSI_FRAME_COMPATIBLE) == 0) {
		diag_help(msg, "say 'class: msi-frame', and which SPIs are its own: 'msi-spis: [first, count]'");
		return;
	}
	diag_help(msg, engine == ENGINE_GIC
		  ? "say 'status: disabled': nobody gets it then, and no other device may lie over it"
		  : "declare it under 'iommus', where the hypervisor drives it, or say 'status: disabled'");
}

void check_engines(struct diag *d, const struct model *m)
{
	for (size_t i = 0; i < m->board.device_count; i++) {
		size_t owner = device_owner(m, i);
		if (owner < m->domain_count) {
			engine_check(d, m, &m->board.devices[i], owner);
		}
	}
}
