// SPDX-License-Identifier: Apache-2.0
/* system.yaml and defconfig: Linux as the hardware domain with all that the machine has. */
#include "import/import.h"
#include "types.h"

#define HV_BASE MIB(1)
#define TABLE_REACH MIB(2) /* what one level-3 table maps */
#define SIZE_STEP MIB(1)

static bool has_iommu(const struct import *im, enum m_iommu_type type)
{
	for (size_t i = 0; i < im->iommu_count; i++) {
		if (im->iommus[i].type == type) {
			return true;
		}
	}
	return false;
}

/* Page tables: devices that are no whole blocks cost one of 4 KiB for each 2 MiB they are in. */
static uint64_t hypervisor_size(const struct import *im)
{
	uint64_t tables = 0;

	for (size_t i = 0; i < im->device_count; i++) {
		const struct i_device *dev = &im->devices[i];
		tables += dev->enabled ? dev->reg_count + dev->window_count : 0;
	}
	tables += im->ram_count + im->reserved_count;
	return HV_BASE + ALIGN_UP(tables / 2 * PAGE_SIZE, SIZE_STEP) +
	       ALIGN_UP(im->iommu_count * KIB(64), SIZE_STEP);
}

void system_write(struct import *im, FILE *out)
{
	struct i_notes head = {0}, console = {0}, iommu = {0};

	import_note(im, &head, "Written by 'bulkhead import': one domain, Linux as the hardware domain, with all "
		    "that the board has.");
	notes_write(im, out, &head, "");
	fprintf(out, "\nhypervisor: {size: 0x%llx}\n", (unsigned long long)hypervisor_size(im));
	fputs("\ndomains:\n  dom0:\n    role: hardware\n    cpus: all\n    memory: all-others\n"
	      "    devices: all-others\n", out);
	if (im->console == IMPORT_NONE) {
		fputs("    console: none\n", out);
	} else {
		import_decide(im, &console, "'vpl011' when another domain is to speak there too");
		notes_write(im, out, &console, "    ");
		fprintf(out, "    console: %s\n", im->devices[im->console].name);
	}
	if (has_iommu(im, IOMMU_IPMMU)) {
		const char *power = im->power == IMPORT_NONE ? "" : arena_format(im->a, "and 'status: disabled' of '%s' ",
										 im->devices[im->power].name);

		import_decide(im, &iommu, "remove this line, and say soc-revision %sin board.yaml, if the chip's IPMMU "
			      "walks stage-2 tables ('bulkhead explain HV0601'); until then the IPMMUs confine nothing", power);
		notes_write(im, out, &iommu, "    ");
		fputs("    iommu: \"off\"\n", out);
	}
}

void defconfig_write(const struct import *im, FILE *out)
{
	bool scif = im->console != IMPORT_NONE && import_like(&im->devices[im->console], "scif");

	fprintf(out, "CONFIG_GIC_V%u=y\nCONFIG_UART_%s=y\n", im->gic_version, scif ? "SCIF" : "PL011");
	if (has_iommu(im, IOMMU_SMMUV3)) {
		fputs("CONFIG_SMMUV3=y\n", out);
	}
	if (has_iommu(im, IOMMU_IPMMU)) {
		fputs("CONFIG_IPMMU=y\n", out);
	}
}
