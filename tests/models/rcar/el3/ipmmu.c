// SPDX-License-Identifier: Apache-2.0
#include "models/rcar/el3/ipmmu.h"

#include "models/ipmmu.h"
#include "models/rcar/el3/machine.h"
#include "models/rcar/el3/options.h"
#include "models/rcar/el3/uart.h"
#include "models/rcar/ram.h"

#define PRR_H3_ES3 0x4f20u
#define FLUSH_READS 1u /* more would have a busy host use up the time that the driver waits */
#define POWER_READS 2u

/* Power domains by where SYSC has them; firmware leaves them off. */
enum { A3VP, A3VC, A3IR, POWERS };
static const uint32_t powers[POWERS] = {0x340, 0x380, 0x180};

#define ON {IPMMUM_UTLBS, IPMMUM_ALWAYS_ON}
static const struct ipmmum_unit_config units[RCAR_IPMMUS] = {
	[RCAR_MM] = ON,  [RCAR_DS0] = ON, [RCAR_DS1] = ON, [RCAR_HC] = ON,
	[RCAR_MP0] = ON, [RCAR_PV0] = ON, [RCAR_PV1] = ON, [RCAR_PV2] = ON,
	[RCAR_PV3] = ON, [RCAR_RT] = ON,  [RCAR_VI0] = ON, [RCAR_VI1] = ON,
	[RCAR_IR] = {IPMMUM_UTLBS, A3IR},
	[RCAR_VC0] = {IPMMUM_UTLBS, A3VC}, [RCAR_VC1] = {IPMMUM_UTLBS, A3VC},
	[RCAR_VP0] = {IPMMUM_UTLBS, A3VP}, [RCAR_VP1] = {IPMMUM_UTLBS, A3VP},
};

static struct ipmmum ipmmu;
static uint32_t violations; /* that were told */

void *rcar_ram(uint64_t pa, uint64_t size)
{
	return ram_has(pa, size) ? (void *)(NONSECURE + pa) : NULL;
}

static bool ipmmu_fetch(void *context, uint64_t pa, uint64_t *desc)
{
	const uint64_t *at = rcar_ram(pa, sizeof(*at));

	(void)context;
	if (at == NULL) {
		return false;
	}
	*desc = __atomic_load_n(at, __ATOMIC_RELAXED);
	return true;
}

static void ipmmu_irq(void *context, bool high)
{
	(void)context;
	rcar_irq(RCAR_IPMMU_INTID, high);
}

void ipmmu_init(void)
{
	struct ipmmum_config config = {
		.units = units,
		.unit_count = RCAR_IPMMUS,
		.powers = powers,
		.power_count = POWERS,
		.prr = option(OPTION_PRR, PRR_H3_ES3),
		.answers = option(OPTION_ANSWERS, 0),
		.flush_reads = option(OPTION_FLUSH_READS, FLUSH_READS),
		.power_reads = POWER_READS,
		.fetch = ipmmu_fetch,
		.irq = ipmmu_irq,
	};

	ipmmum_init(&ipmmu, &config);
}

/* A driver that does what none may is told of, once a time. */
static void ipmmu_judge(const struct rcar_device *d, uint32_t offset)
{
	if (ipmmu.violations != violations) {
		violations = ipmmu.violations;
		uart_say(ipmmu.violation, d->base + offset);
	}
}

uint64_t ipmmu_read(const struct rcar_device *d, uint32_t offset, uint32_t size)
{
	uint64_t value;

	if (d->kind == RCAR_PRR) {
		return ipmmum_prr_read(&ipmmu);
	}
	value = d->kind == RCAR_SYSC ? ipmmum_sysc_read(&ipmmu, offset, size) :
				       ipmmum_read(&ipmmu, d->index, offset, size);
	ipmmu_judge(d, offset);
	return value;
}

void ipmmu_write(const struct rcar_device *d, uint32_t offset, uint32_t size, uint64_t value)
{
	if (d->kind == RCAR_SYSC) {
		ipmmum_sysc_write(&ipmmu, offset, size, (uint32_t)value);
	} else if (d->kind == RCAR_IPMMU) {
		ipmmum_write(&ipmmu, d->index, offset, size, (uint32_t)value);
	}
	ipmmu_judge(d, offset);
}

bool rcar_dma(uint32_t unit, uint32_t utlb, uint64_t address, bool write, uint64_t *pa)
{
	return ipmmum_translate(&ipmmu, unit, utlb, address, write, pa) != IPMMUM_REFUSED;
}
