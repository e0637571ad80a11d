// SPDX-License-Identifier: Apache-2.0
/*
 * Devices through which a domain would reach everything: parts of the interrupt
 * controller (an ITS writes tables in memory) and IOMMUs. Told by the class and by
 * `compatible`, as the devicetree bindings of the GIC, the SMMU and the IPMMU have it.
 */
#include <string.h>

#include "board.h"

static bool engine_starts(const char *text, const char *with)
{
	return strncmp(text, with, strlen(with)) == 0;
}

/* "-gic" as a word of the name: msm8996-gic-v3, cortex-a15-gic. */
static bool engine_is_gic(const char *text)
{
	return engine_starts(text, "arm,gic") || engine_starts(text, "arm,pl390") || strstr(text, "-gic") != NULL;
}

/* exynos-sysmmu is one master's own, as are those that are only called iommu. */
static bool engine_is_iommu(const char *text)
{
	if (strstr(text, "sysmmu") != NULL) {
		return false;
	}
	return strstr(text, "smmu") != NULL || strstr(text, "ipmmu") != NULL || engine_starts(text, "arm,mmu-");
}

const char *board_engine(const struct yaml_item *item)
{
	const struct yaml_item *compatible = yaml_get(item, "compatible");
	size_t count = compatible == NULL ? 0 : compatible->kind == YAML_LIST ? compatible->count : 1;

	if (yaml_is(yaml_get(item, "class"), "gic")) {
		return "part of the interrupt controller";
	}
	for (size_t i = 0; i < count; i++) {
		const struct yaml_item *one = compatible->kind == YAML_LIST ? compatible->values[i] : compatible;

		/* Of the class of its own, with the interrupts it raises said. */
		if (yaml_is(yaml_get(item, "class"), "msi-frame") && yaml_is(one, "arm,gic-v2m-frame")) {
			continue;
		}
		if (one->kind == YAML_SCALAR && engine_is_gic(one->text)) {
			return "part of the interrupt controller";
		}
		if (one->kind == YAML_SCALAR && engine_is_iommu(one->text)) {
			return "an IOMMU";
		}
	}
	return NULL;
}
