// SPDX-License-Identifier: Apache-2.0
/*
 * Where there is but one domain: all work is its own. The CPU that takes the interrupts
 * does it, or whichever has one next.
 */
#include "guest/duty.h"
#include "guest/vsmmuv3/vsmmuv3.h"
#include "iommu/iommu.h"
#include "irq/gic.h"
#include "lib/time.h"

static struct spinlock duty_lock;
static const struct cpu *duty_taker; /* NULL: nobody */

bool duty_handle_irq(struct vcpu *vcpu, uint32_t intid)
{
	uint64_t wake;
	bool hold;
	bool found = iommu_handle_irq(intid, &wake, &hold);

	(void)vcpu;
	/* Off before another CPU can have done the work, and turn it on again. */
	if (found && hold) {
		gic_spi_enable(intid, false);
		__atomic_fetch_or(&iommu_work, wake, __ATOMIC_SEQ_CST);
	}
	return found;
}

/* The lock is held. */
static void duty_claim(const struct cpu *cpu)
{
	uint32_t intid;
	bool edge;

	duty_taker = cpu;
	for (uint32_t n = 0; (intid = iommu_irq(n, &edge)) != 0; n++) {
		if (cpu != NULL) {
			gic_spi_claim(intid, cpu->index, edge);
		} else {
			gic_spi_enable(intid, false);
		}
	}
}

void duty_catch_up(struct vcpu *vcpu)
{
	struct iommu_turn turn = iommu_serve(0, true);
	uint32_t intid;
	bool edge;

	if (turn.later) {
		time_set_alarm(time_after_us(IOMMU_LATER_US));
	}
	vsmmuv3_catch_up(vcpu->domain);
	for (uint32_t n = 0; (intid = iommu_irq(n, &edge)) != 0; n++) {
		if (!edge) {
			gic_spi_enable(intid, true);
		}
	}
}

void duty_cpu_on(struct cpu *cpu)
{
	spin_lock(&duty_lock);
	cpu->duties = 1;
	if (duty_taker == NULL) {
		duty_claim(cpu);
	}
	spin_unlock(&duty_lock);
}

void duty_cpu_off(struct cpu *cpu)
{
	const struct cpu *next = NULL;

	spin_lock(&duty_lock);
	cpu->duties = 0;
	for (uint32_t i = 0; i < board.cpu_count; i++) {
		next = cpus[i].duties != 0 ? &cpus[i] : next;
	}
	if (duty_taker == cpu) {
		duty_claim(next);
	}
	spin_unlock(&duty_lock);
}
