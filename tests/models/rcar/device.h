/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The R-Car H3 board model: what its devices are, and what they may use.
 *
 * A device is a struct of its own and two functions; `offset` is from the device's base,
 * `size` is 1, 2, 4 or 8, and the access lies within the device:
 *
 *     uint64_t NAME_read(struct NAME *, uint32_t offset, uint32_t size);
 *     void NAME_write(struct NAME *, uint32_t offset, uint32_t size, uint64_t value);
 *
 * One that works by itself, such as a DMA controller, has a third. It is called after each
 * access to such a device and about once a millisecond, until it says that nothing is left:
 *
 *     bool NAME_step(struct NAME *);  moves at most RCAR_STEP bytes; true: there is more
 *
 * Devices know of each other and of the processor what stands here, and no more: they are
 * compiled for the host and tested there too. The board's lock is held in each call.
 */
#ifndef TESTS_MODELS_RCAR_DEVICE_H
#define TESTS_MODELS_RCAR_DEVICE_H

#include "types.h"

/* IPMMUs by the number that rcar_dma() takes; 0 is the root. */
enum rcar_ipmmu {
	RCAR_MM,
	RCAR_DS0,
	RCAR_DS1,
	RCAR_HC,
	RCAR_IR,
	RCAR_MP0,
	RCAR_PV0,
	RCAR_PV1,
	RCAR_PV2,
	RCAR_PV3,
	RCAR_RT,
	RCAR_VC0,
	RCAR_VC1,
	RCAR_VI0,
	RCAR_VI1,
	RCAR_VP0,
	RCAR_VP1,
	RCAR_IPMMUS,
};

enum rcar_kind {
	RCAR_GICD,
	RCAR_GICC,
	RCAR_GICH,
	RCAR_GICV,
	RCAR_SCIF,
	RCAR_PRR,
	RCAR_SYSC,
	RCAR_IPMMU,
	RCAR_DMAC,
};

struct rcar_device {
	const char *name; /* as in boards/soc/r8a7795.yaml */
	uint64_t base;
	uint64_t size;
	enum rcar_kind kind;
	uint32_t index;   /* of several of a kind */
};

/* All devices that are modelled, of a board that has many more. */
extern const struct rcar_device rcar_devices[];
extern const uint32_t rcar_device_count;

/* The one at an address; NULL: none. */
const struct rcar_device *rcar_device_at(uint64_t pa);

#define RCAR_STEP KIB(64)

#define RCAR_SCIF2_INTID 196u
#define RCAR_IPMMU_INTID 228u

/*
 * What a bus master has.
 */

/* An access of a master behind micro-TLB `utlb` of IPMMU `unit` (enum rcar_ipmmu) to
 * `address`: where it goes. It holds to the end of the 4 KiB page. False: refused. */
bool rcar_dma(uint32_t unit, uint32_t utlb, uint64_t address, bool write, uint64_t *pa);

/* The board's RAM at [pa, pa + size), to be read and written as the bus does. NULL: it is
 * not all RAM; a master gets a bus error. */
void *rcar_ram(uint64_t pa, uint64_t size);

/* The level of a shared peripheral interrupt, which is INTID - 32 in the YAML. */
void rcar_irq(uint32_t intid, bool level);

#endif
