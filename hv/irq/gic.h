/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The physical interrupt controller and its virtualization interface. GICv2
 * (IHI 0048) and GICv3 (IHI 0069) implement the same names; one is linked in.
 * Nothing here knows of guests. CPUs are indices into board.cpus.
 *
 * Interrupts are taken with EOImode = 1: gic_ack(), then gic_drop() at once (so
 * that the running priority never masks another interrupt), then gic_deactivate()
 * when it has been handled, by us or by the guest through a list register.
 */
#ifndef HV_IRQ_GIC_H
#define HV_IRQ_GIC_H

#include "arch/mmio.h"
#include "irq/gic_regs.h"
#include "tables.h"

/* Where the banked registers (INTID 0..31) of each CPU lie, at the offsets of the
 * distributor's: GICv3 the redistributor's SGI frame, GICv2 the distributor itself
 * (which shows each CPU its own). 0: the CPU has not been on yet. */
extern uint64_t gic_banked_base[CPUS_MAX];

/* Sets up the distributor: every non-secure SPI Group 1, disabled, inactive. Once,
 * on the boot CPU, before gic_cpu_init(). NULL, or what is wrong with the GIC. */
const char *gic_init(void);

/* Sets up the calling CPU `cpu`: wakes its redistributor, disables its PPIs, enables
 * the hypervisor's SGIs, the CPU interface, the maintenance interrupt and that of
 * EL2's timer. At each power-on of the CPU. NULL, or what is wrong. */
const char *gic_cpu_init(uint32_t cpu);

/* Stops interrupts to the calling CPU, before it is turned off. */
void gic_cpu_off(void);

/* Acknowledges the highest pending interrupt. The answer identifies it to gic_drop()
 * and gic_deactivate(); its INTID is gic_intid(). */
uint32_t gic_ack(void);
void gic_drop(uint32_t iar);
void gic_deactivate(uint32_t iar);

/* INTID of an acknowledged interrupt; >= GIC_SPURIOUS: there was none. */
static inline uint32_t gic_intid(uint32_t iar)
{
	return iar & GIC_IAR_INTID;
}

/* Sends SGI `sgi` (0..7) of the hypervisor to `cpu`. Stores made before are
 * visible to its handler. A CPU that has not been on yet gets nothing. */
void gic_send_sgi(uint32_t cpu, uint32_t sgi);

/* Claims SPI `intid` for the hypervisor: routed to the calling CPU `cpu`. */
void gic_spi_claim(uint32_t intid, uint32_t cpu, bool edge);
void gic_spi_enable(uint32_t intid, bool on);

/* Waits until what was disabled in word w (0: of `cpu`) cannot be given to a CPU any
 * more. GICv2 has no way to say so. */
void gic_wait_disabled(uint32_t cpu, uint32_t w);

/* Routes an SPI. GICv3: to `cpus[0]`. GICv2: to any of the `count` CPUs; those that
 * have not been on yet are left out. count 0: nowhere (GICv2 only). */
void gic_spi_route(uint32_t intid, const uint8_t *cpus, uint32_t count);

/* One bit per INTID: register file `reg` (GICD_ISENABLER, ...), word `w` = INTID / 32.
 * Word 0 is that of `cpu`; GICv2: the caller. */
static inline uint64_t gic_word_address(uint32_t cpu, uint32_t reg, uint32_t w)
{
	return (w == 0 ? gic_banked_base[cpu] : board.gic.gicd.base) + reg + 4 * w;
}

static inline uint32_t gic_read_word(uint32_t cpu, uint32_t reg, uint32_t w)
{
	return mmio_read32(gic_word_address(cpu, reg, w));
}

static inline void gic_write_word(uint32_t cpu, uint32_t reg, uint32_t w, uint32_t bits)
{
	mmio_write32(gic_word_address(cpu, reg, w), bits);
}

/* Priority of one interrupt (of `cpu`, below 32). */
static inline void gic_write_priority(uint32_t cpu, uint32_t intid, uint8_t prio)
{
	mmio_write8((intid < 32 ? gic_banked_base[cpu] : board.gic.gicd.base) + GICD_IPRIORITYR + intid,
		    prio);
}

/* Trigger of 16 interrupts: word w = INTID / 16, two bits each. The write changes
 * those in `mask` only. */
uint32_t gic_read_config(uint32_t cpu, uint32_t w);
void gic_write_config(uint32_t cpu, uint32_t w, uint32_t mask, uint32_t value);

/* The distributor's own GICD_TYPER and GICD_IIDR. */
uint32_t gic_typer(void);
uint32_t gic_iidr(void);

/*
 * The virtualization interface of the calling CPU. List registers have the layout
 * of GICv3 (GICH_LR_* in gic_regs.h) whatever the hardware's is.
 */
uint32_t gich_lr_count(void); /* 1..16 */
/* Resets the guest's CPU interface and empties the list registers. */
void gich_reset(void);
uint64_t gich_read_lr(uint32_t n);
/* GICH_LR_HW may become GICH_LR_EOI, where the end of an interrupt must come here. */
void gich_write_lr(uint32_t n, uint64_t lr);
/* Writes `lr` to an empty list register among `mask`. False: there is none. */
bool gich_insert(uint32_t mask, uint64_t lr);
uint32_t gich_read_elrsr(void); /* bit n: list register n is empty */
uint32_t gich_read_eisr(void);  /* bit n: list register n asks for EOI maintenance */
uint32_t gich_read_hcr(void);
void gich_write_hcr(uint32_t hcr); /* GICH_HCR_* */
/* Priority bits that the guest's CPU interface has: a mask, from bit 7 down. */
uint8_t gich_prio_mask(void);
/* Whether GICH_HCR_TDIR works. */
bool gich_traps_dir(void);
/* Groups the guest's CPU interface has enabled: bit 0, bit 1. */
uint32_t gich_read_groups(void);
/* The guest's own CPU interface state, for CPU_SUSPEND. apr[0]: Group 0, apr[1]: Group 1. */
void gich_save(uint64_t *vmcr, uint32_t apr[2][4]);
void gich_restore(uint64_t vmcr, uint32_t apr[2][4]);

#endif
