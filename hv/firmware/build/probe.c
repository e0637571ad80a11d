// SPDX-License-Identifier: Apache-2.0
/*
 * Whether there is something where firmware's tables have registers, while there still is a
 * firmware to return to: what does not answer later is the hypervisor's end. Where UEFI's own
 * translation does not lead, nobody can ask, and the tables are believed.
 */
#include "arch/cpu.h"
#include "firmware/build/build.h"

#define ESR_DFSC GENMASK64(5, 0)
#define DFSC_TRANSLATED 0x10u /* below: faults of the translation (DDI 0487, ESR_ELx) */
#define GICD_TYPER 0x4u
#define PIDR2 0xffe8u	      /* of each frame of a GICv3 (IHI 0069, 12.9 to 12.11 and 12.19) */
#define PIDR2_ARCH ((uint32_t)GENMASK64(7, 4))
#define ARCH_V3 3u
#define ARCH_V4 4u
#define SMMU_IDR0 0x0u
#define UART_FR 0x18u

enum probe {
	PROBE_ANSWERS,
	PROBE_NOTHING,
	PROBE_UNKNOWN,
};

static enum probe probe_read(uint64_t pa, uint32_t *value)
{
	uint64_t esr = arch_probe32(pa, value);

	if (esr == 0) {
		return PROBE_ANSWERS;
	}
	return FIELD_GET(ESR_DFSC, esr) < DFSC_TRANSLATED ? PROBE_UNKNOWN : PROBE_NOTHING;
}

static bool probe_is_there(uint64_t pa)
{
	uint32_t value;

	return probe_read(pa, &value) != PROBE_NOTHING;
}

bool build_probe_gic(uint64_t base)
{
	uint64_t arch;
	uint32_t id;

	switch (probe_read(base + PIDR2, &id)) {
	case PROBE_ANSWERS:
		arch = FIELD_GET(PIDR2_ARCH, id);
		return arch == ARCH_V3 || arch == ARCH_V4;
	case PROBE_NOTHING:
		return false;
	default:
		return true;
	}
}

bool build_probe(struct build *b)
{
	const struct acpi_machine *m = b->machine;

	if (!build_probe_gic(m->gicd)) {
		return build_refuse(b, "has no GICv3's distributor where its MADT says, at", m->gicd);
	}
	if (probe_read(m->gicd + GICD_TYPER, &b->gicd_typer) != PROBE_ANSWERS) {
		b->gicd_typer = 0;
	}
	/* Runs may be longer than there are CPUs. */
	for (uint32_t i = 0; i < m->gicr_count; i++) {
		if (!build_probe_gic(m->gicr[i].base)) {
			return build_refuse(b, "has no redistributor where its MADT says, at", m->gicr[i].base);
		}
	}
	for (uint32_t i = 0; i < m->smmu_count; i++) {
		if (!probe_is_there(m->smmus[i].base + SMMU_IDR0)) {
			return build_refuse(b, "has no SMMUv3 where its IORT says, at", m->smmus[i].base);
		}
	}
	/* At 0 none is named, which machine.c tells. */
	return m->uart.base == 0 || probe_is_there(m->uart.base + UART_FR) ||
	       build_refuse(b, "has no UART where its SPCR says, at", m->uart.base);
}
