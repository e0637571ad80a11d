// SPDX-License-Identifier: Apache-2.0
// sources: hv/guest/xen/console.c hv/guest/xen/copy.c hv/guest/xen/event.c hv/guest/xen/hypercall.c
// sources: hv/guest/ondemand.c hv/domain/leaf.c
// sources: hv/guest/xen/memory.c hv/guest/xen/port.c hv/guest/xen/sched.c hv/guest/xen/shared.c
// sources: hv/guest/xen/options.c hv/guest/xen/vcpu.c hv/guest/xen/version.c hv/firmware/bootargs.c
// sources: hv/firmware/fdt.c
// sources: hv/domain/[ds]*.c hv/mm/stage2.c
// sources: hv/drivers/console.c hv/drivers/console_plain.c hv/guest/console/one.c
// sources: tests/models/model.c tests/unit/xen/*.c
/* What the hypervisor's command line says of feature bits. */
#include "unit/xen/machine.h"

#include <libfdt.h>
#include <string.h>

#define BIT_16 (UINT32_C(1) << 16)
#define BIT_17 (UINT32_C(1) << 17)

static void boot_with(const char *line)
{
	void *f = ram(DOM0, PAGE_SIZE);

	machine_start();
	assert_int_equal(fdt_create(f, 0x2000), 0);
	assert_int_equal(fdt_finish_reservemap(f), 0);
	assert_int_equal(fdt_begin_node(f, ""), 0);
	assert_int_equal(fdt_begin_node(f, "chosen"), 0);
	assert_int_equal(fdt_property(f, "bootargs", line, (int)strlen(line) + 1), 0);
	assert_int_equal(fdt_end_node(f), 0);
	assert_int_equal(fdt_end_node(f), 0);
	assert_int_equal(fdt_finish(f), 0);
	xen_options(0, PA(RAM_PA(DOM0) + PAGE_SIZE));
}

/* The feature bits that CPU `cpu` reads. */
static uint32_t features(uint32_t cpu)
{
	struct xen_feature_info info = {.index = 0};

	put(cpu == 2 ? DOMU : DOM0, 0, &info, sizeof(info));
	assert_int_equal(step(cpu, XEN_VERSION, XENVER_GET_FEATURES, VA_RAM(0), 0), 0);
	get(cpu == 2 ? DOMU : DOM0, 0, &info, sizeof(info));
	return info.bits;
}

static void what_means_nothing(void **state)
{
	static const char *const lines[] = {
		"", " ", "console=ttyAMA0", "xen-dma", "xen-dma.", "xen-dma.dom0", "xen-dma.dom0=", "xen-dma.dom0=auto",
		"xen-dma.dom0=direct-mappe", "xen-dma.dom0=direct-mapped,", "xen-dma.dom=not-direct-mapped",
		"xen-dma.dom01=not-direct-mapped", "xen-dma.plain=direct-mapped", "yxen-dma.dom0=not-direct-mapped",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(lines); i++) {
		bool ours = strncmp(lines[i], "xen-dma.", 8) == 0;

		boot_with(lines[i]);
		assert_int_equal(features(0) & (BIT_16 | BIT_17), BIT_17);
		assert_int_equal(features(2) & (BIT_16 | BIT_17), BIT_16);
		assert_int_equal(strstr(out, "command line: ") != NULL, ours);
		assert_int_equal(ours && strstr(out, lines[i]) != NULL, ours);
	}
	boot_with("  xen-dma.x  xen-dma.dom0=not-direct-mapped quiet");
	assert_int_equal(features(0) & (BIT_16 | BIT_17), BIT_16);
	assert_non_null(strstr(out, "command line: xen-dma.x: it is"));
	boot_with("xen-dma.dom0=direct-mapped");
	xen_options(0, PA(0));
	assert_int_equal(features(0), 0x26805);
}

/* A command line that cannot be read is not passed over in silence. */
static void tree_elsewhere(void **state)
{
	(void)state;
	boot_with("xen-dma.dom0=not-direct-mapped");
	machine_start();
	xen_options(0, PA(0));
	assert_null(strstr(out, "command line"));
	xen_options(0, PA(0x08000000));
	assert_non_null(strstr(out, "the command line is not read: firmware's device tree at 0x8000000 is not in a "
				    "domain's RAM"));
	machine_start();
	xen_options(0, PA(RAM_PA(DOM0) + 8 * PAGE_SIZE));
	assert_non_null(strstr(out, " is none"));
}

static void bits_by_force(void **state)
{
	(void)state;
	boot_with("quiet xen-dma.dom0=not-direct-mapped  x xen-dma.domu=direct-mapped");
	assert_non_null(strstr(out, "dom0: by the command line it is told that its memory is not direct-mapped"));
	assert_non_null(strstr(out, "domu: by the command line it is told that its memory is direct-mapped"));
	assert_int_equal(features(0), (0x26805 & ~BIT_17) | BIT_16);
	assert_int_equal(features(2), (0x16005 & ~BIT_16) | BIT_17);
	assert_int_equal(features(1), features(0));
}

int main(void)
{
	/* What is forced stays so: last. */
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_means_nothing),
		cmocka_unit_test(tree_elsewhere),
		cmocka_unit_test(bits_by_force),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
