/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Of a virtual ITS and LPIs (ARM IHI 0069H, chapters 5 and 12): tables, queue and all devices and
 * interrupts that there may be. One LPI is taken, one is pending, and one is active.
 */
#include "rt/fdt.h"
#include "rt/gic.h"
#include "spender.h"

#define CTLR 0x0000
#define TYPER 0x0008
#define CBASER 0x0080
#define CWRITER 0x0088
#define CREADR 0x0090
#define BASER 0x0100
#define BASERS 8u
#define BASER_TYPE(baser) FIELD(baser, 58, 56)
#define VALID (UINT64_C(1) << 63)

#define GICR_CTLR 0x0000
#define GICR_CTLR_LPIS 1u
#define GICR_TYPER_NUMBER(typer) FIELD(typer, 23, 8)
#define GICR_PROPBASER 0x0070
#define GICR_PENDBASER 0x0078
#define ID_BITS 14u
#define LPI 8192u
#define LPI_ON 0xa3u /* priority, group, enable */

#define INT 0x03u
#define SYNC 0x05u
#define MAPD 0x08u
#define MAPC 0x09u
#define MAPTI 0x0au
#define INV 0x0cu

#define FIRST_DEVICE UINT64_C(0x1000) /* as the board has them: tests/system/viommu */
#define DEVICES 4u                    /* as the system has them: tests/system/pools */
#define EVENTS 16u
#define EVENT_BITS 4u
#define QUEUE 128u /* commands: one page */
#define POLLS 1000000u

static uint64_t its;
static uint64_t queue[QUEUE][4] __attribute__((aligned(4096)));
static uint8_t pending[0x10000] __attribute__((aligned(0x10000)));
static uint8_t settings[0x2000] __attribute__((aligned(4096)));
static uint8_t tables[BASERS][4096] __attribute__((aligned(4096)));
static uint64_t translations[DEVICES][256] __attribute__((aligned(256)));
static uint32_t next;

static void command(uint64_t what, uint64_t first, uint64_t second)
{
	queue[next][0] = what;
	queue[next][1] = first;
	queue[next][2] = second;
	queue[next][3] = 0;
	next = (next + 1) % QUEUE;
	arch_dsb();
	mmio_write64(its + CWRITER, next * sizeof(queue[0]));
	for (uint32_t i = 0; i < POLLS && mmio_read64(its + CREADR) != next * sizeof(queue[0]); i++) {
		arch_isb();
	}
}

static void turn_on(uint64_t gicr)
{
	for (uint32_t i = 0; i < sizeof(settings); i++) {
		settings[i] = LPI_ON;
	}
	arch_dsb();
	mmio_write64(gicr + GICR_PROPBASER, (uintptr_t)settings | (ID_BITS - 1));
	mmio_write64(gicr + GICR_PENDBASER, (uintptr_t)pending | UINT64_C(1) << 62);
	mmio_write32(gicr + GICR_CTLR, GICR_CTLR_LPIS);
	for (uint32_t i = 0; i < BASERS; i++) {
		uint64_t at = its + BASER + 8 * (uint64_t)i;

		if (BASER_TYPE(mmio_read64(at)) != 0) {
			mmio_write64(at, VALID | (uintptr_t)tables[i]);
		}
	}
	mmio_write64(its + CBASER, VALID | (uintptr_t)queue);
	mmio_write64(its + CWRITER, 0);
	mmio_write32(its + CTLR, 1);
}

/* Its LPI comes, and is ended or stays active. */
static bool raise(uint64_t device, uint32_t event, bool end)
{
	uint32_t intid = GIC_SPURIOUS;

	command(INT | device << 32, event, 0);
	for (uint32_t i = 0; i < POLLS && (intid < LPI || intid - LPI >= DEVICES * EVENTS); i++) {
		intid = gic_ack();
	}
	if (end) {
		gic_eoi(intid);
	}
	return intid == LPI + (device - FIRST_DEVICE) * EVENTS + event;
}

bool spend_on_its(void)
{
	uint64_t gicr = gic_redistributor(), to;
	struct fdt_node node;

	if (!fdt_find(machine.dtb, "arm,gic-v3-its", &node, &its) || gicr == 0) {
		return false;
	}
	turn_on(gicr);
	to = GICR_TYPER_NUMBER(mmio_read64(gicr + GICR_TYPER)) << 16;
	command(MAPC, 0, VALID | to);
	for (uint64_t d = 0; d < DEVICES; d++) {
		command(MAPD | (FIRST_DEVICE + d) << 32, EVENT_BITS - 1, VALID | (uintptr_t)translations[d]);
		for (uint64_t e = 0; e < EVENTS; e++) {
			command(MAPTI | (FIRST_DEVICE + d) << 32, (LPI + d * EVENTS + e) << 32 | e, 0);
			command(INV | (FIRST_DEVICE + d) << 32, e, 0);
		}
	}
	command(SYNC, 0, to);
	return raise(FIRST_DEVICE, 1, true) && raise(FIRST_DEVICE + DEVICES - 1, EVENTS - 1, false);
}

void leave_lpi_pending(void)
{
	command(INT | FIRST_DEVICE << 32, 2, 0);
}
