// SPDX-License-Identifier: Apache-2.0
/* Steps of a reset: registers appear in the CPU's window while they are used. */
#include "domain/reset.h"

#include "arch/cpu.h"
#include "arch/mmio.h"
#include "drivers/console.h"
#include "lib/time.h"
#include "mm/window.h"

#define SLOT 0

_Static_assert(DOMAINS_MAX <= 64, "a bit for each domain");

void reset_wait_us(uint32_t us)
{
	uint64_t end = time_after_us(us);

	while (!time_over(end)) {
		arch_relax();
	}
}

/* What the register was read as last is in *seen. */
static bool reset_poll(uint64_t reg, const struct reset_step *step, uint32_t *seen)
{
	uint64_t end = time_after_us(step->us);
	bool late;

	do {
		late = time_over(end); /* before the read, which is the last one then */
		*seen = mmio_read32(reg);
		if ((*seen & step->mask) == step->value) {
			return true;
		}
		arch_relax();
	} while (!late);
	return false;
}

static bool reset_register(const struct domain *d, uint32_t cpu, const struct reset_step *step)
{
	uint64_t reg = (uint64_t)(uintptr_t)window_map_device(cpu, SLOT, PA(step->pa));
	uint32_t seen = 0;
	bool good = true;

	if (step->op == RESET_WRITE) {
		mmio_write32(reg, step->value);
		dsb_sy();
	} else {
		good = reset_poll(reg, step, &seen);
	}
	window_unmap(cpu, SLOT);
	if (!good) {
		log_error("%s: '%s' is not reset: register 0x%lx reads 0x%x after %u us", d->desc->name,
			  step->device, step->pa, seen, step->us);
	}
	return good;
}

bool domain_reset_devices(const struct domain *d, uint32_t cpu)
{
	static uint64_t told; /* domains whose functions without a reset were named */
	const struct reset_list *list = &domain_resets[d - domains];
	uint64_t bit = BIT64((uint64_t)(d - domains));
	bool tell = (__atomic_fetch_or(&told, bit, __ATOMIC_RELAXED) & bit) == 0;
	bool good = true;

	for (uint64_t i = 0; good && i < list->count; i++) {
		const struct reset_step *step = &list->steps[i];

		if (step->op == RESET_PCI) {
			good = reset_pci(d, cpu, step, tell);
		} else if (step->op == RESET_WAIT) {
			reset_wait_us(step->us);
		} else {
			good = reset_register(d, cpu, step);
		}
	}
	return good;
}
