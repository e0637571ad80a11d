/* SPDX-License-Identifier: Apache-2.0 */
/* Devices of a domain that the hypervisor plays. */
#ifndef GEN_MODEL_VIRTUAL_H
#define GEN_MODEL_VIRTUAL_H

#include "model/value.h"

struct m_iommu_link;

/* `streams` of a virtual IOMMU: the streams of a device, from virtual ID `id` on. */
struct m_vdevice {
	size_t device;
	uint32_t id;
	struct pos pos;
	struct pos device_pos;
};

/* Virtual stream IDs virt..virt+count-1 of a domain are the IDs of a device's link. */
struct m_vstream {
	uint64_t virt;
	uint64_t count;
	size_t device;
	const struct m_iommu_link *link;
	struct pos pos; /* of the virtual ID: where it is given, else of the link */
};

#define VSMMU_SIZE UINT64_C(0x20000) /* register pages 0 and 1: IHI 0070, 6.1 */

/* A domain's virtual SMMUv3. Registers and interrupts are those of the first SMMUv3 that
 * its devices are behind, unless the domain has others; size and intid 0: none. */
struct m_vsmmu {
	bool given;
	struct pos pos;
	struct m_range reg;
	bool own_reg;
	bool own_irqs;
	struct m_irq evtq, gerror, sync;
	struct m_vdevice *devices;
	size_t device_count;
	uint32_t nested_groups;
	/* After ownership is resolved: all streams that the domain has, by device and link,
	 * and the first of the board's SMMUv3s that they are behind (MODEL_NONE: no stream). */
	struct m_vstream *streams;
	size_t stream_count;
	size_t front;
};

/* A device that the hypervisor plays, at a place and with an interrupt that the domain has
 * chosen (size and intid 0: the plan does). */
struct m_virtual {
	bool given;
	struct m_range reg;
	struct m_irq irq;
	struct pos pos;
};

#define WATCHDOG_SIZE UINT64_C(0x20000) /* control frame, and refresh frame at 64 KiB */

#endif
