/* SPDX-License-Identifier: Apache-2.0 */
#include "gic.h"

#include "console.h"

#define GICD_CTLR_ENABLE 0x1   /* GICv2 */
#define GICD_CTLR_ARE_G1A 0x12 /* GICv3: ARE_NS, EnableGrp1A */
#define GICR_TYPER_LAST BIT(4)
#define GICR_WAKER_SLEEP 0x2
#define GICR_WAKER_ASLEEP 0x4
#define WAKE_POLLS_MAX 1000000u

volatile uint32_t gic_count[MACHINE_CPUS_MAX][GIC_COUNTED];
volatile uint32_t gic_log[GIC_LOG_MAX];
volatile uint32_t gic_log_count;

uint64_t gic_redistributor(void)
{
	uint64_t mpidr = arch_mpidr();
	uint32_t affinity = (uint32_t)((mpidr & 0xffffff) | (mpidr >> 32 << 24));

	for (uint64_t at = 0; at < machine.gicr.size; at += MACHINE_GICR_STRIDE) {
		uint64_t typer = mmio_read64(machine.gicr.base + at + GICR_TYPER);

		if (typer >> 32 == affinity) {
			return machine.gicr.base + at;
		}
		if ((typer & GICR_TYPER_LAST) != 0) {
			break;
		}
	}
	return 0;
}

uint64_t gic_frame(uint32_t intid)
{
	if (machine.gic_version == 3 && intid < 32) {
		return gic_redistributor() + GICR_SGI;
	}
	return machine.gicd.base;
}

static void wake_redistributor(uint64_t base)
{
	mmio_write32(base + GICR_WAKER, mmio_read32(base + GICR_WAKER) & ~(uint32_t)GICR_WAKER_SLEEP);
	for (uint32_t polls = 0; polls < WAKE_POLLS_MAX; polls++) {
		if ((mmio_read32(base + GICR_WAKER) & GICR_WAKER_ASLEEP) == 0) {
			return;
		}
	}
	console_printf("GICR_WAKER: the redistributor stays asleep\n");
}

void gic_init_cpu(void)
{
	if (machine.gic_version == 2) {
		mmio_write32(machine.gicc.base + GICC_PMR, 0xff);
		mmio_write32(machine.gicc.base + GICC_BPR, 0);
		mmio_write32(machine.gicc.base + GICC_CTLR, 1);
	} else if (machine.gic_version == 3) {
		uint64_t base = gic_redistributor();

		if (base == 0) {
			console_printf("no redistributor for this CPU\n");
			return;
		}
		SYSREG_WRITE_(ICC_SRE_EL1, 7);
		arch_isb();
		wake_redistributor(base);
		mmio_write32(base + GICR_SGI + GICD_IGROUPR, 0xffffffff);
		SYSREG_WRITE_(ICC_PMR_EL1, 0xff);
		SYSREG_WRITE_(ICC_BPR1_EL1, 0);
		SYSREG_WRITE_(ICC_CTLR_EL1, 0);
		SYSREG_WRITE_(ICC_IGRPEN1_EL1, 1);
		arch_isb();
	}
}

void gic_init(void)
{
	if (machine.gic_version == 2) {
		mmio_write32(machine.gicd.base + GICD_CTLR, GICD_CTLR_ENABLE);
	} else if (machine.gic_version == 3) {
		uint32_t words = 1 + (mmio_read32(machine.gicd.base + GICD_TYPER) & 0x1f);

		mmio_write32(machine.gicd.base + GICD_CTLR, GICD_CTLR_ARE_G1A);
		for (uint32_t i = 1; i < words; i++) {
			mmio_write32(machine.gicd.base + GICD_IGROUPR + 4 * i, 0xffffffff);
		}
	}
	gic_init_cpu();
}

void gic_enable(uint32_t intid)
{
	mmio_write32(gic_frame(intid) + GICD_ISENABLER + 4 * (intid / 32), 1u << (intid % 32));
}

void gic_disable(uint32_t intid)
{
	mmio_write32(gic_frame(intid) + GICD_ICENABLER + 4 * (intid / 32), 1u << (intid % 32));
}

void gic_set_priority(uint32_t intid, uint8_t priority)
{
	mmio_write8(gic_frame(intid) + GICD_IPRIORITYR + intid, priority);
}

/* GICv2 names targets by CPU interface number: what ITARGETSR0 shows each CPU
 * of itself. On the machines of these tests it is the CPU's index. */
static uint32_t target_bit(uint64_t mpidr)
{
	for (uint32_t i = 0; i < machine.cpu_count; i++) {
		if (machine.cpus[i] == mpidr) {
			return 1u << i;
		}
	}
	return 0;
}

void gic_send_sgi(uint64_t mpidr, uint32_t sgi)
{
	arch_dsb();
	if (machine.gic_version == 2) {
		mmio_write32(machine.gicd.base + GICD_SGIR, target_bit(mpidr) << 16 | sgi);
		return;
	}
	uint64_t value = FIELD(mpidr, 39, 32) << 48 | FIELD(mpidr, 23, 16) << 32 | FIELD(mpidr, 15, 8) << 16 |
			 FIELD(mpidr, 7, 4) << 44 | (uint64_t)sgi << 24 | BIT(FIELD(mpidr, 3, 0));

	SYSREG_WRITE_(ICC_SGI1R_EL1, value);
	arch_isb();
}

void gic_send_sgi_others(uint32_t sgi)
{
	arch_dsb();
	if (machine.gic_version == 2) {
		mmio_write32(machine.gicd.base + GICD_SGIR, 1u << 24 | sgi);
		return;
	}
	SYSREG_WRITE_(ICC_SGI1R_EL1, BIT(40) | (uint64_t)sgi << 24);
	arch_isb();
}

uint32_t gic_ack(void)
{
	if (machine.gic_version == 2) {
		return mmio_read32(machine.gicc.base + GICC_IAR);
	}
	uint32_t intid = (uint32_t)SYSREG_READ_(ICC_IAR1_EL1);

	arch_dsb();
	return intid;
}

void gic_eoi(uint32_t intid)
{
	if (machine.gic_version == 2) {
		mmio_write32(machine.gicc.base + GICC_EOIR, intid);
		return;
	}
	SYSREG_WRITE_(ICC_EOIR1_EL1, intid);
	arch_isb();
}

static uint32_t cpu_index(void)
{
	uint64_t mpidr = arch_mpidr();

	for (uint32_t i = 0; i < machine.cpu_count; i++) {
		if (machine.cpus[i] == mpidr) {
			return i;
		}
	}
	return 0;
}

__attribute__((weak)) void payload_interrupt(uint32_t intid)
{
	(void)intid;
}

void gic_handle(void)
{
	uint32_t iar = gic_ack();
	uint32_t intid = machine.gic_version == 2 ? iar & 0x3ff : iar;

	if (intid >= GIC_SPURIOUS) {
		return;
	}
	if (intid == machine.timer_virtual_intid) {
		SYSREG_WRITE(cntv_ctl_el0, 2);
	} else if (intid == machine.timer_physical_intid) {
		SYSREG_WRITE(cntp_ctl_el0, 2);
	} else if (machine.uart.base != 0 && intid == machine.uart_intid) {
		mmio_write32(machine.uart.base + PL011_IMSC, 0);
	} else {
		payload_interrupt(intid);
	}
	if (intid < GIC_COUNTED) {
		uint32_t cpu = cpu_index();

		gic_count[cpu][intid] = gic_count[cpu][intid] + 1;
		if (cpu == 0 && gic_log_count < GIC_LOG_MAX) {
			gic_log[gic_log_count] = intid;
			gic_log_count = gic_log_count + 1;
		}
	}
	arch_isb();
	gic_eoi(iar);
}

bool gic_wait(uint32_t cpu, uint32_t intid, uint32_t above, uint64_t ticks)
{
	uint64_t start = arch_counter();
	bool done;

	arch_unmask_irq();
	do {
		done = gic_count[cpu][intid] > above;
	} while (!done && arch_counter() - start < ticks);
	arch_mask_irq();
	return done;
}

void nap_ms(uint32_t ms)
{
	uint32_t intid = machine.timer_virtual_intid;
	uint32_t before = gic_count[0][intid];

	gic_enable(intid);
	SYSREG_WRITE(cntv_tval_el0, SYSREG_READ(cntfrq_el0) / 1000 * ms);
	SYSREG_WRITE(cntv_ctl_el0, 1);
	arch_isb();
	while (gic_count[0][intid] == before) {
		arch_wfi();
		arch_unmask_irq();
		arch_mask_irq();
	}
}
