// SPDX-License-Identifier: Apache-2.0
#include "core/init.h"

#include "core/start.h"
#include "drivers/console.h"
#include "firmware/psci.h"
#include "guest/console/input.h"
#include "guest/power.h"
#include "guest/psci.h"
#include "guest/vsmmuv3/vsmmuv3.h"
#include "guest/xen/xen.h"
#include "iommu/iommu.h"
#include "irq/gic.h"
#include "irq/its.h"
#include "mm/shared.h"
#include "mm/window.h"

/* `problem`: what a part of the machine says is wrong with it, or NULL. */
static void init_check(const char *problem)
{
	if (problem != NULL) {
		log_last_words("fatal: %s: %s", board.name, problem);
		firmware_system_off();
	}
}

static void init_greet(void)
{
	log_info("%s: %u CPU%s, %u domain%s", board.name, board.cpu_count, board.cpu_count == 1 ? "" : "s",
		 board.domain_count, board.domain_count == 1 ? "" : "s");
}

_Noreturn void core_init(uint64_t fdt)
{
	struct cpu *cpu = cpu_this();

	console_init();
	init_greet();
	window_init();
	init_check(firmware_init());
	psci_init();
	init_check(gic_init());
	init_check(its_init());
	init_check(iommu_init());
	xen_options(cpu->index, PA(fdt));
	vsmmuv3_options(cpu->index, PA(fdt));
	shared_init(cpu->index);
	input_init();
	start_domains(cpu);
}

_Noreturn void core_cpu_init(struct cpu *cpu)
{
	power_cpu_run(cpu);
}
