// SPDX-License-Identifier: Apache-2.0
#include "check/check.h"

#include "check/parts.h"

void check_model(struct diag *d, const struct model *m)
{
	check_silicon(d, m);
	check_gic(d, m);
	check_cpus(d, m);
	check_board_memory(d, m);
	check_domain_memory(d, m);
	check_domain_view(d, m);
	check_colors(d, m);
	check_shared(d, m);
	check_doorbells(d, m);
	check_machine(d, m);
	check_engines(d, m);
	check_mmio(d, m);
	check_ondemand(d, m);
	check_attributes(d, m);
	check_iommus(d, m);
	check_smmus(d, m);
	check_ipmmus(d, m);
	check_iommu_maps(d, m);
	check_iommu_links(d, m);
	check_viommus(d, m);
	check_virtuals(d, m);
	check_dma(d, m);
	check_msi(d, m);
	check_ppis(d, m);
	check_frames(d, m);
	check_interrupts(d, m);
	check_domains(d, m);
	check_resets(d, m);
	check_providers(d, m);
	check_consoles(d, m);
	check_firmware(d, m);
}
