// SPDX-License-Identifier: Apache-2.0
/* R-Car H3 board model: where its devices are (boards/soc/r8a7795.yaml). */
#include "models/rcar/device.h"

#define IPMMU(name, base, unit) {name, base, 0x1000, RCAR_IPMMU, unit}

const struct rcar_device rcar_devices[] = {
	/* The most used first. */
	{"gicc", 0xf1020000, 0x20000, RCAR_GICC, 0},
	{"gicv", 0xf1060000, 0x20000, RCAR_GICV, 0},
	{"gich", 0xf1040000, 0x20000, RCAR_GICH, 0},
	{"gicd", 0xf1010000, 0x1000, RCAR_GICD, 0},
	{"scif2", 0xe6e88000, 0x40, RCAR_SCIF, 0},
	{"dmac0", 0xe6700000, 0x10000, RCAR_DMAC, 0},
	{"dmac1", 0xe7300000, 0x10000, RCAR_DMAC, 1},
	{"dmac2", 0xe7310000, 0x10000, RCAR_DMAC, 2},
	{"prr", 0xfff00044, 0x4, RCAR_PRR, 0},
	{"sysc", 0xe6180000, 0x400, RCAR_SYSC, 0},
	IPMMU("ipmmu_mm", 0xe67b0000, RCAR_MM),
	IPMMU("ipmmu_ds0", 0xe6740000, RCAR_DS0),
	IPMMU("ipmmu_ds1", 0xe7740000, RCAR_DS1),
	IPMMU("ipmmu_hc", 0xe6570000, RCAR_HC),
	IPMMU("ipmmu_ir", 0xff8b0000, RCAR_IR),
	IPMMU("ipmmu_mp0", 0xec670000, RCAR_MP0),
	IPMMU("ipmmu_pv0", 0xfd800000, RCAR_PV0),
	IPMMU("ipmmu_pv1", 0xfd950000, RCAR_PV1),
	IPMMU("ipmmu_pv2", 0xfd960000, RCAR_PV2),
	IPMMU("ipmmu_pv3", 0xfd970000, RCAR_PV3),
	IPMMU("ipmmu_rt", 0xffc80000, RCAR_RT),
	IPMMU("ipmmu_vc0", 0xfe6b0000, RCAR_VC0),
	IPMMU("ipmmu_vc1", 0xfe6f0000, RCAR_VC1),
	IPMMU("ipmmu_vi0", 0xfebd0000, RCAR_VI0),
	IPMMU("ipmmu_vi1", 0xfebe0000, RCAR_VI1),
	IPMMU("ipmmu_vp0", 0xfe990000, RCAR_VP0),
	IPMMU("ipmmu_vp1", 0xfe980000, RCAR_VP1),
};

const uint32_t rcar_device_count = ARRAY_SIZE(rcar_devices);

const struct rcar_device *rcar_device_at(uint64_t pa)
{
	for (uint32_t i = 0; i < rcar_device_count; i++) {
		const struct rcar_device *d = &rcar_devices[i];

		if (pa - d->base < d->size) {
			return d;
		}
	}
	return NULL;
}
