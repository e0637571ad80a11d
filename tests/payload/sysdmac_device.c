/* SPDX-License-Identifier: Apache-2.0 */
/* The SYS-DMAC's registers. */
#include "rt/console.h"
#include "rt/fdt.h"
#include "rt/gic.h"
#include "sysdmac.h"

#define DMAOR 0x60u
#define DMAOR_DME 1u
#define DMACHCLR 0x80u
#define CHANNEL(n) (dmac + 0x8000u + 0x80u * (uint64_t)(n))
#define DMASAR 0x00u
#define DMADAR 0x04u
#define DMATCR 0x08u
#define DMACHCR 0x0cu
#define DMAFIXSAR 0x10u
#define DMAFIXDAR 0x14u
#define DMACHCRB 0x1cu
#define CHCRB_DRST BIT(15)
#define DMADPBASE 0x50u
#define DPBASE_SEL 1u
#define DMADPCR 0x54u
#define DMAFIXDPBASE 0x60u

#define CHCR_CAIE BIT(30)
#define CHCR_RPT_ALL (7u << 25)
#define CHCR_DPB BIT(22)
#define CHCR_COPY (1u << 20 | 1u << 14 | 1u << 12 | 4u << 8 | 1u << 3) /* 64 bytes, both up, by itself */
#define CHCR_IE BIT(2)
#define CHCR_DE BIT(0)

#define WAIT_S 10u

uint64_t dmac;
uint32_t dmac_intids[CHANNELS + 1];
volatile uint32_t dmac_ended[CHANNELS];
volatile uint32_t dmac_failed;

static void write16(uint64_t addr, uint16_t value)
{
	__asm__ volatile("strh %w0, [%1]" : : "r"((uint32_t)value), "r"(addr) : "memory");
}

static bool dmac_find(void)
{
	struct fdt_node node;

	if (!fdt_find(machine.dtb, "renesas,rcar-dmac", &node, &dmac)) {
		return false;
	}
	for (uint32_t i = 0; i <= CHANNELS; i++) {
		dmac_intids[i] = 32 + fdt_cell(&node.interrupts, 3 * i + 1);
	}
	return true;
}

bool dmac_open(void)
{
	if (!dmac_find()) {
		return false;
	}
	mmio_write32(dmac + DMACHCLR, 0xffff);
	write16(dmac + DMAOR, DMAOR_DME);
	for (uint32_t i = 1; i <= CHANNELS; i++) {
		dmac_ended[i - 1] = 0;
		gic_enable(dmac_intids[i]);
	}
	dmac_failed = 0;
	return true;
}

/* As Linux's driver: an end is acknowledged by its bit, an error by clearing the channel. */
void payload_interrupt(uint32_t intid)
{
	for (uint32_t i = 0; i < CHANNELS; i++) {
		uint32_t chcr;

		if (dmac_intids[i + 1] != intid) {
			continue;
		}
		chcr = mmio_read32(CHANNEL(i) + DMACHCR);
		if ((chcr & CHCR_CAE) != 0) {
			dmac_failed = dmac_failed + 1;
			mmio_write32(dmac + DMACHCLR, 1u << i);
		} else if ((chcr & CHCR_TE) != 0) {
			mmio_write32(CHANNEL(i) + DMACHCR, (uint32_t)(chcr & ~(CHCR_TE | CHCR_DE)));
			dmac_ended[i] = dmac_ended[i] + 1;
		}
	}
}

void dmac_start(uint32_t channel, uint64_t from, uint64_t to, uint64_t bytes, bool irq)
{
	uint64_t c = CHANNEL(channel);

	arch_dsb();
	mmio_write32(c + DMAFIXSAR, (uint32_t)(from >> 32));
	mmio_write32(c + DMAFIXDAR, (uint32_t)(to >> 32));
	mmio_write32(c + DMASAR, (uint32_t)from);
	mmio_write32(c + DMADAR, (uint32_t)to);
	mmio_write32(c + DMATCR, (uint32_t)(bytes / UNIT));
	mmio_write32(c + DMACHCR, (uint32_t)(CHCR_COPY | CHCR_DE | (irq ? CHCR_IE | CHCR_CAIE : 0)));
}

void dmac_start_list(uint32_t channel, const struct dmac_descriptor *list, uint32_t count, uint32_t mode)
{
	uint64_t c = CHANNEL(channel);
	uint64_t base = (uint64_t)(uintptr_t)list;

	arch_dsb();
	mmio_write32(c + DMAFIXSAR, (uint32_t)(base >> 32));
	mmio_write32(c + DMAFIXDAR, (uint32_t)(base >> 32));
	mmio_write32(c + DMAFIXDPBASE, (uint32_t)(base >> 32));
	mmio_write32(c + DMADPBASE, (uint32_t)base | DPBASE_SEL);
	mmio_write32(c + DMACHCRB, (uint32_t)((count - 1) << 24 | CHCRB_DRST));
	mmio_write32(c + DMADAR, list[0].to);
	mmio_write32(c + DMACHCR, (uint32_t)(CHCR_COPY | CHCR_RPT_ALL | CHCR_DPB | mode | CHCR_DE));
}

bool dmac_wait(uint32_t channel)
{
	uint64_t end = arch_counter() + WAIT_S * SYSREG_READ(cntfrq_el0);
	uint64_t c = CHANNEL(channel);

	while (arch_counter() < end) {
		uint32_t chcr = mmio_read32(c + DMACHCR);

		if ((chcr & CHCR_TE) != 0 && mmio_read32(c + DMATCR) == 0) {
			mmio_write32(c + DMACHCR, 0);
			return true;
		}
		if ((chcr & CHCR_CAE) != 0) {
			mmio_write32(dmac + DMACHCLR, 1u << channel);
			return false;
		}
	}
	console_printf("FAIL sysdmac: channel %u does not come to an end\n", channel);
	mmio_write32(dmac + DMACHCLR, 1u << channel);
	return false;
}

bool dmac_copy(uint32_t channel, uint64_t from, uint64_t to, uint64_t bytes)
{
	dmac_start(channel, from, to, bytes, false);
	return dmac_wait(channel);
}
