// SPDX-License-Identifier: Apache-2.0
/* Renesas' IPMMUs: whether the hypervisor drives the board's, and what is known of the
 * chips that have them. */
#include <string.h>

#include "model/build.h"
#include "types.h"

#define ALWAYS_ON 32u /* the power domain that is */

/* Linux' names for the chips, and what their product register shows. */
static const struct m_ipmmu_chip chips[] = {
	{"r8a7795", "R-Car H3", 0x4f00, 3, 0},
	{"r8a7796", "R-Car M3-W", 0x5200, 3, 0},
	{"r8a77961", "R-Car M3-W+", 0x5200, 3, 0},
	{"r8a77965", "R-Car M3-N", 0x5500, 1, 0},
};

/* Power domains in which these chips have IPMMUs, and their registers in SYSC. */
static const struct {
	uint64_t number;
	uint32_t offset;
} powers[] = {
	{9, 0x340},  /* A3VP */
	{14, 0x380}, /* A3VC */
	{24, 0x180}, /* A3IR */
};

static void chip_find(struct model *m)
{
	const char *soc = m->board.soc.s;

	for (size_t i = 0; i < ARRAY_SIZE(chips) && soc != NULL; i++) {
		if (strcmp(soc, chips[i].soc) == 0) {
			m->ipmmu_chip = &chips[i];
		}
	}
}

static void power_find(struct m_iommu *unit)
{
	unit->power_known = !unit->power_domain.given || unit->power_domain.v == ALWAYS_ON;
	for (size_t i = 0; i < ARRAY_SIZE(powers) && !unit->power_known; i++) {
		if (powers[i].number == unit->power_domain.v) {
			unit->power_known = true;
			unit->power = IPMMU_SYSC + powers[i].offset;
		}
	}
}

/* The first device that needs an IPMMU, and the root of its IPMMU. */
static void user_find(struct model *m)
{
	m->ipmmu_user = MODEL_NONE;
	m->ipmmu_root = MODEL_NONE;
	for (size_t i = 0; i < m->board.device_count && m->ipmmu_user == MODEL_NONE; i++) {
		const struct m_device *dev = &m->board.devices[i];
		size_t owner = dev->enabled ? m->device_owner[i] : MODEL_NONE;
		if (owner >= m->domain_count || m->domains[owner].iommu == IOMMU_OFF) {
			continue;
		}
		for (size_t l = 0; l < dev->link_count && m->ipmmu_user == MODEL_NONE; l++) {
			const struct m_iommu *unit = &m->board.iommus[dev->links[l].iommu];
			if (unit->type == IOMMU_IPMMU) {
				m->ipmmu_user = i;
				m->ipmmu_root = unit->root == MODEL_NONE ? dev->links[l].iommu : unit->root;
			}
		}
	}
}

void build_ipmmus(struct build *b)
{
	struct model *m = b->m;

	user_find(m);
	chip_find(m);
	for (size_t i = 0; i < m->board.iommu_count && m->ipmmu_user != MODEL_NONE; i++) {
		if (m->board.iommus[i].type == IOMMU_IPMMU) {
			power_find(&m->board.iommus[i]);
			m->ipmmu_has_power = m->ipmmu_has_power || m->board.iommus[i].power != 0;
		}
	}
}
