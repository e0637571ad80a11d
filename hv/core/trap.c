// SPDX-License-Identifier: Apache-2.0
/* Where exceptions go. */
#include "core/trap.h"

#include "arch/cpu.h"
#include "drivers/console.h"
#include "firmware/psci.h"
#include "guest/duty.h"
#include "guest/esr.h"
#include "guest/inject.h"
#include "guest/its/its.h"
#include "guest/mmio.h"
#include "guest/power.h"
#include "guest/report.h"
#include "guest/smccc.h"
#include "guest/vgic.h"
#include "guest/vpl011.h"
#include "guest/vsmmuv3/vsmmuv3.h"
#include "guest/watchdog.h"
#include "iommu/iommu.h"
#include "irq/gic.h"
#include "lib/time.h"

#define REG_ZERO 31u
#define SGI_COUNT 16u
#define SPI_FIRST 32u

#define ICC_SGI1R SYS_REG(3, 0, 12, 11, 5)
#define ICC_ASGI1R SYS_REG(3, 0, 12, 11, 6)
#define ICC_SGI0R SYS_REG(3, 0, 12, 11, 7)
#define ICC_DIR SYS_REG(3, 0, 12, 11, 1)

/* MSR of the GIC's registers that the hardware does not virtualize. */
static bool trap_sysreg_write(struct vcpu *vcpu, uint64_t esr, uint64_t value)
{
	switch (esr & ESR_SYS_REG) {
	case ICC_SGI1R:
		return vgic_write_sgi1r(vcpu, value);
	case ICC_ASGI1R:
	case ICC_SGI0R:
		return vgic_write_sgi0r(vcpu, value);
	case ICC_DIR:
		return vgic_write_dir(vcpu, value);
	default:
		return false;
	}
}

static void trap_undefined(struct vcpu *vcpu, uint64_t esr)
{
	report_undefined(vcpu, esr);
	inject_undefined();
}

static void trap_sysreg(struct vcpu *vcpu, const struct guest_regs *regs, uint64_t esr)
{
	uint64_t rt = FIELD_GET(ESR_SYS_RT, esr);

	if ((esr & ESR_SYS_READ) != 0 ||
	    !trap_sysreg_write(vcpu, esr, rt == REG_ZERO ? 0 : regs->x[rt])) {
		trap_undefined(vcpu, esr);
		return;
	}
	inject_skip(esr);
}

/* Out of line, so that the two below need no stack frame. */
static __attribute__((noinline)) void trap_other(struct vcpu *vcpu, struct guest_regs *regs, uint64_t esr)
{
	switch (FIELD_GET(ESR_EC, esr)) {
	case EC_SYSREG:
		trap_sysreg(vcpu, regs, esr);
		break;
	case EC_SMC64:
		smccc_smc(vcpu, regs, esr);
		break;
	case EC_IABT_LOWER:
		mmio_instruction_abort();
		break;
	case EC_WFX:
		inject_skip(esr);
		break;
	default:
		trap_undefined(vcpu, esr);
		break;
	}
}

void trap_sync(struct guest_regs *regs)
{
	struct vcpu *vcpu = &cpu_this()->vcpu;
	uint64_t esr = sysreg_read_esr_el2();
	uint64_t ec = FIELD_GET(ESR_EC, esr);

	/* The two that are counted in instructions first. */
	if (ec == EC_DABT_LOWER) {
		mmio_data_abort(vcpu, regs, esr);
		return;
	}
	if (ec == EC_HVC64) {
		smccc_hvc(vcpu, regs, esr);
		return;
	}
	trap_other(vcpu, regs, esr);
}

/* Out of line: nothing of it is needed for most interrupts. An alarm is everybody's: each
 * looks whether it is his. */
static __attribute__((noinline)) void trap_alarm(struct vcpu *vcpu)
{
	time_clear_alarm();
	vpl011_alarm_irq();
	vsmmuv3_alarm(vcpu);
	watchdog_alarm(vcpu);
}

void trap_irq(struct guest_regs *regs)
{
	struct vcpu *vcpu = &cpu_this()->vcpu;
	uint32_t iar = gic_ack();
	uint32_t intid = gic_intid(iar);

	(void)regs;
	if (intid >= GIC_SPURIOUS && iar < LPI_FIRST) {
		return;
	}
	gic_drop(iar);
	if (__builtin_expect(iar >= LPI_FIRST, 0)) {
		vlpi_handle_irq(vcpu, iar);
	} else if (intid - SGI_COUNT < SPI_FIRST - SGI_COUNT && intid != board.gic.timer) {
		/* A PPI: the guest's timer, which is counted in instructions, or so. */
		vgic_handle_irq(vcpu, iar);
	} else if (intid == HV_SGI_STOP) {
		gic_deactivate(iar);
		power_handle_stop(vcpu);
	} else if (intid == HV_SGI_DUTY) {
		gic_deactivate(iar);
	} else if (intid == HV_SGI_ALARM || (intid >= SGI_COUNT && intid < SPI_FIRST)) {
		trap_alarm(vcpu);
		gic_deactivate(iar);
	} else if (intid == board.uart.intid && intid >= SGI_COUNT) {
		vpl011_host_irq();
		gic_deactivate(iar);
	} else if (intid >= SPI_FIRST && duty_handle_irq(vcpu, intid)) {
		gic_deactivate(iar);
	} else {
		vgic_handle_irq(vcpu, iar);
	}
	if (iommu_has_work(vcpu_cpu(vcpu)->duties)) {
		duty_catch_up(vcpu);
	}
}

void trap_serror(struct guest_regs *regs)
{
	struct vcpu *vcpu = &cpu_this()->vcpu;
	uint64_t esr = sysreg_read_esr_el2();

	(void)regs;
	report_serror(vcpu, esr);
	inject_serror(esr);
}

/* The name of the domain that this CPU belongs to; "-" early in boot or for none. */
static const char *trap_domain_name(const struct cpu *cpu)
{
	if (cpu == NULL || !cpu->has_vcpu) {
		return "-";
	}
	return cpu->vcpu.domain->desc->name;
}

static _Noreturn void trap_fatal(const char *what)
{
	static bool fatal;
	const struct cpu *cpu = cpu_this();

	/* Telling it may fail again, perhaps because of the console itself. */
	if (!fatal) {
		fatal = true;
		log_last_words("fatal: %s on CPU %u, domain %s: ESR 0x%lx ELR 0x%lx FAR 0x%lx", what,
			       cpu == NULL ? 0 : cpu->index, trap_domain_name(cpu), sysreg_read_esr_el2(),
			       sysreg_read_elr_el2(), sysreg_read_far_el2());
	}
	firmware_system_off();
}

/* All interrupts are Group 1: only broken firmware can cause this one. */
void trap_fiq(struct guest_regs *regs)
{
	(void)regs;
	trap_fatal("FIQ");
}

_Noreturn void trap_el2(uint32_t kind)
{
	static const char *const names[] = {
		"exception at EL2",
		"IRQ at EL2",
		"FIQ at EL2",
		"SError at EL2",
	};

	trap_fatal(names[kind % ARRAY_SIZE(names)]);
}
