// SPDX-License-Identifier: Apache-2.0
/* A domain as it is to be at its first instruction. */
#include "arch/cpu.h"
#include "drivers/console.h"
#include "guest/lifecycle.h"
#include "guest/vgic.h"
#include "guest/vpl011.h"
#include "guest/vpl061.h"
#include "guest/vsmmuv3/vsmmuv3.h"
#include "guest/watchdog.h"
#include "guest/xen/xen.h"
#include "mm/window.h"

/* Puts the payload and the device tree where the domain expects them, and takes out of
 * the caches what is left of whoever had its other memory. False: there is no such
 * place. */
static bool lifecycle_load(const struct domain *d, uint32_t cpu)
{
	const struct domain_desc *desc = d->desc;
	bool good = true;

	for (uint32_t i = 0; i < desc->piece_count; i++) {
		const struct payload_piece *p = &desc->pieces[i];

		good &= domain_copy(d, cpu, IPA(p->to), PA(p->from), p->size);
	}
	for (uint32_t i = 0; i < desc->handover_count; i++) {
		window_flush(cpu, PA(desc->handover[i].base), desc->handover[i].size);
	}
	if (desc->dtb != NULL) {
		good &= domain_write(d, cpu, IPA(desc->dtb_ipa), desc->dtb, desc->dtb_size);
	}
	arch_icache_invalidate();
	return good;
}

bool lifecycle_prepare(struct domain *d)
{
	uint32_t cpu = cpu_this()->index;

	if (domain_get_state(d) != DOMAIN_STARTING) {
		return domain_is_running(d);
	}
	d->starts++;
	lifecycle_wipe(d, cpu);
	if (!lifecycle_load(d, cpu)) {
		lifecycle_fault(d, "its payload lies outside its memory");
		return false;
	}
	/* These first: others may still set the levels of their interrupts. */
	if (d->desc->console_intid != 0) {
		vpl011_init(d);
	}
	vpl061_reset(d);
	vgic_domain_init(d);
	xen_domain_init(d);
	vsmmuv3_reset(d, cpu);
	watchdog_reset(d);
	if (!lifecycle_release(d, cpu)) {
		lifecycle_fault(d, "its DMA stays aborted");
		return false;
	}
	log_info("%s: %u of the CPUs, starts on CPU %u at 0x%lx", d->desc->name, d->desc->cpu_count, cpu,
		 d->desc->entry);
	return true;
}
