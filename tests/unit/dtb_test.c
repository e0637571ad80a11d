// SPDX-License-Identifier: Apache-2.0
// sources: gen/emit/dtb*.c gen/plan/*.c gen/util/*.c gen/diag/*.c hv/mm/stage2.c
/* Domains' device trees, read back with libfdt. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <libfdt.h>

#include "emit/emit.h"
#include "unit/plan_board.h"

static struct emit_dtb tree_make(struct board_test *t, size_t domain, struct plan **plan)
{
	struct emit_dtb dtb;

	*plan = plan_build(t->d, &t->m);
	assert_non_null(*plan);
	assert_true(emit_dtb(*plan, &(*plan)->domains[domain], t->d, &dtb));
	assert_non_null(dtb.bytes);
	assert_int_equal(fdt_check_full(dtb.bytes, dtb.size), 0);
	assert_true(dtb.size <= (*plan)->domains[domain].dtb_room);
	return dtb;
}

/* Property `name` of `path` holds exactly these cells. */
static void cells_are(const void *fdt, const char *path, const char *name, const uint32_t *want, size_t count)
{
	int len, node = fdt_path_offset(fdt, path);

	assert_true(node >= 0);
	const fdt32_t *got = fdt_getprop(fdt, node, name, &len);
	assert_non_null(got);
	assert_int_equal(len, count * 4);
	for (size_t i = 0; i < count; i++) {
		assert_int_equal(fdt32_to_cpu(got[i]), want[i]);
	}
}

#define CELLS(fdt, path, name, ...)                                               \
	cells_are(fdt, path, name, (const uint32_t[]){__VA_ARGS__},               \
		  ARRAY_SIZE(((const uint32_t[]){__VA_ARGS__})))

static void string_is(const void *fdt, const char *path, const char *name, const char *want)
{
	int len, node = fdt_path_offset(fdt, path);

	assert_true(node >= 0);
	const char *got = fdt_getprop(fdt, node, name, &len);
	assert_non_null(got);
	assert_string_equal(got, want);
}

static bool has(const void *fdt, const char *path, const char *name)
{
	int node = fdt_path_offset(fdt, path);

	return node >= 0 && (name == NULL || fdt_getprop(fdt, node, name, NULL) != NULL);
}

static void hardware_domain(void **state)
{
	(void)state;
	struct board_test t;
	struct plan *p;
	char kernel[64], initrd[64];

	kernel_make(kernel, 4096, 0, 0x200000);
	file_make(initrd, "x", 1, 0x1234);
	board_init(&t);
	struct m_domain *m = board_dom0(&t);
	m->cpu_count = 4;
	for (size_t i = 0; i < 4; i++) {
		m->cpus[i] = i;
	}
	m->kernel = (struct m_string){.s = kernel};
	m->initrd = (struct m_string){.s = initrd};
	struct emit_dtb dtb = tree_make(&t, 0, &p);

	string_is(dtb.bytes, "/chosen", "bootargs", "console=ttyAMA0");
	string_is(dtb.bytes, "/chosen", "stdout-path", "serial0");
	string_is(dtb.bytes, "/aliases", "serial0", "/serial@9000000");
	CELLS(dtb.bytes, "/chosen", "linux,initrd-start", 0, 0x40600000);
	CELLS(dtb.bytes, "/chosen", "linux,initrd-end", 0, 0x40601234);
	CELLS(dtb.bytes, "/memory@40000000", "reg", 0, 0x40000000, 0, 0x200000, 0, 0x40300000, 0, 0x3fd00000);
	CELLS(dtb.bytes, "/cpus/cpu@3", "reg", 3);
	string_is(dtb.bytes, "/cpus/cpu@3", "enable-method", "psci");
	string_is(dtb.bytes, "/psci", "compatible", "arm,psci-1.0");
	string_is(dtb.bytes, "/psci", "method", "hvc");
	/* All CPUs: the machine's own redistributor region. */
	CELLS(dtb.bytes, "/intc@8000000", "reg", 0, 0x08000000, 0, 0x10000, 0, 0x080a0000, 0, 0xf60000);
	CELLS(dtb.bytes, "/serial@9000000", "reg", 0, 0x09000000, 0, 0x1000);
	CELLS(dtb.bytes, "/serial@9000000", "interrupts", 0, 1, 4);
	free(dtb.bytes);
	plan_free(p);
	board_free(&t);
	unlink(kernel);
	unlink(initrd);
}

/* Two CPUs with high affinities, moved RAM, no console, a GICv2. */
static void guest(void **state)
{
	(void)state;
	struct board_test t;
	struct plan *p;

	board_init(&t);
	board_dom0(&t);
	struct m_domain *m = board_domain(&t, "guest");
	t.m.board.gic.version = GIC_V2;
	t.m.board.gic.gicc = (struct m_range){.base = 0x08010000, .size = 0x20000};
	t.m.board.gic.gich = (struct m_range){.base = 0x08030000, .size = 0x10000};
	t.m.board.gic.gicv = (struct m_range){.base = 0x08040000, .size = 0x10000};
	t.cpus[2].mpidr.v = UINT64_C(0x100000001);
	m->cpus[0] = 2;
	m->cpus[1] = 3;
	m->cpu_count = 2;
	m->cmdline.s = NULL;
	board_domain_ram(m, (struct m_ram){.size = MIB(16), .has_ipa = true, .ipa = 0x100000000});
	struct emit_dtb dtb = tree_make(&t, 1, &p);

	assert_false(has(dtb.bytes, "/chosen", "bootargs"));
	assert_false(has(dtb.bytes, "/chosen", "stdout-path"));
	assert_false(has(dtb.bytes, "/aliases", NULL));
	assert_false(has(dtb.bytes, "/serial@9000000", NULL));
	CELLS(dtb.bytes, "/memory@100000000", "reg", 1, 0, 0, 0x1000000);
	CELLS(dtb.bytes, "/cpus", "#address-cells", 2);
	CELLS(dtb.bytes, "/cpus/cpu@100000001", "reg", 1, 1);
	CELLS(dtb.bytes, "/cpus/cpu@3", "reg", 0, 3);
	/* GICC as large as the virtual interface behind it; PPIs for both CPUs. */
	CELLS(dtb.bytes, "/intc@8000000", "reg", 0, 0x08000000, 0, 0x10000, 0, 0x08010000, 0, 0x10000);
	CELLS(dtb.bytes, "/timer", "interrupts", 1, 13, 0x304, 1, 14, 0x304, 1, 11, 0x304, 1, 10, 0x304);
	free(dtb.bytes);
	plan_free(p);
	board_free(&t);
}

/* GICv3, some of the CPUs: a frame for each. */
static void redistributors(void **state)
{
	(void)state;
	struct board_test t;
	struct plan *p;

	board_init(&t);
	board_dom0(&t)->cpu_count = 1;
	struct emit_dtb dtb = tree_make(&t, 0, &p);

	CELLS(dtb.bytes, "/intc@8000000", "reg", 0, 0x08000000, 0, 0x10000, 0, 0x080a0000, 0, 0x20000);
	free(dtb.bytes);
	plan_free(p);
	board_free(&t);
}

/* dev1 (registers, a window behind them) is the guest's and refers to clk, which
 * nobody needs to own, to the GIC, and to dom0's dev2, which the guest has not. */
static void devices(void **state)
{
	(void)state;
	struct board_test t;
	struct plan *p;
	static const char *const compatible[] = {"test,dev", "test,any"};
	static struct m_cell clocks[] = {{.ref = "clk"}, {.value = 7}}, parent[] = {{.ref = "gic"}};
	static struct m_cell foreign[] = {{.ref = "dev2"}};
	static const char *const words[] = {"a", "bc"};
	static struct m_prop props[] = {
		{.name = "clocks", .kind = PROP_CELLS, .cells = clocks, .cell_count = 2},
		{.name = "msi-parent", .kind = PROP_CELLS, .cells = parent, .cell_count = 1},
		{.name = "phys", .kind = PROP_CELLS, .cells = foreign, .cell_count = 1},
		{.name = "names", .kind = PROP_STRINGS, .string_count = 2},
		{.name = "dma-coherent", .kind = PROP_EMPTY},
	};
	static struct m_range reg[2] = {{.base = 0x20000000, .size = 0x200}, {.base = 0x30000000, .size = 0x1000}};

	props[3].strings = (const char **)(uintptr_t)words;
	board_init(&t);
	board_dom0(&t);
	board_domain_ram(board_domain(&t, "guest"), (struct m_ram){.size = MIB(16)});
	struct m_device *dev = board_device(&t, 0, 0, 1);
	dev->reg = reg;
	dev->reg_count = 2;
	dev->window_count = 1;
	dev->compatible = (const char **)(uintptr_t)compatible;
	dev->compatible_count = 2;
	dev->props = props;
	dev->prop_count = ARRAY_SIZE(props);
	dev->irqs->trigger = TRIGGER_EDGE_RISING;
	struct m_device *other = board_device(&t, 0x0b000000, 0x1000, 0);
	other->compatible = dev->compatible;
	other->compatible_count = 1;
	struct m_device *clk = board_device(&t, 0, 0, 0);
	clk->name.s = "clk";
	clk->reg_count = 0;
	clk->irq_count = 0;
	clk->compatible = dev->compatible;
	clk->compatible_count = 1;
	struct emit_dtb dtb = tree_make(&t, 1, &p);

	CELLS(dtb.bytes, "/dev1@20000000", "reg", 0, 0x20000000, 0, 0x200);
	CELLS(dtb.bytes, "/dev1@20000000", "interrupts", 0, 2, 1);
	string_is(dtb.bytes, "/dev1@20000000", "compatible", "test,dev");
	string_is(dtb.bytes, "/dev1@20000000", "names", "a");
	assert_true(has(dtb.bytes, "/dev1@20000000", "dma-coherent"));
	uint32_t clk_phandle = fdt_get_phandle(dtb.bytes, fdt_path_offset(dtb.bytes, "/clk"));
	uint32_t gic_phandle = fdt_get_phandle(dtb.bytes, fdt_path_offset(dtb.bytes, "/intc@8000000"));
	assert_true(clk_phandle != 0 && gic_phandle != 0 && clk_phandle != gic_phandle);
	CELLS(dtb.bytes, "/dev1@20000000", "clocks", clk_phandle, 7);
	CELLS(dtb.bytes, "/dev1@20000000", "msi-parent", gic_phandle);
	assert_false(has(dtb.bytes, "/dev1@20000000", "phandle"));
	assert_false(has(dtb.bytes, "/dev1@20000000", "phys"));
	assert_false(has(dtb.bytes, "/dev2@b000000", NULL));

	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	diag_print(t.d, out, DIAG_TEXT);
	fclose(out);
	assert_int_equal(diag_errors(t.d), 0);
	assert_non_null(strstr(text, "warning[HV0555]: 'phys' of 'dev1' refers to 'dev2'"));
	free(text);
	free(dtb.bytes);
	plan_free(p);
	board_free(&t);
}

/* What the hypervisor plays stands where the domain has nothing else, and raises what
 * nothing else raises; or where and what it was told. */
static void virtuals(void **state)
{
	(void)state;
	struct board_test t;
	struct plan *p;

	board_init(&t);
	board_device(&t, 0xffff0000, 0x10000, 0);
	t.irqs[1] = (struct m_irq){.type = IRQ_SPI, .number = 95, .intid = 127};
	struct m_domain *dom = board_dom0(&t);
	dom->control.given = true;
	dom->watchdog.given = true;
	struct emit_dtb dtb = tree_make(&t, 0, &p);
	/* Downwards from 4 GiB, below the device there. */
	string_is(dtb.bytes, "/control@fffe0000", "compatible", "bulkhead,control");
	CELLS(dtb.bytes, "/control@fffe0000", "reg", 0, 0xfffe0000, 0, 0x1000);
	string_is(dtb.bytes, "/watchdog@fffc0000", "compatible", "arm,sbsa-gwdt");
	CELLS(dtb.bytes, "/watchdog@fffc0000", "reg", 0, 0xfffc0000, 0, 0x1000, 0, 0xfffd0000, 0, 0x1000);
	CELLS(dtb.bytes, "/watchdog@fffc0000", "interrupts", 0, 94, 4);
	assert_int_equal(p->domains[0].virq_mask[126 / 32] & BIT32(126 % 32), BIT32(126 % 32));
	free(dtb.bytes);
	plan_free(p);

	/* One that is given does not have the other put on it. */
	dom->watchdog.reg = (struct m_range){.base = 0xfffd0000, .size = WATCHDOG_SIZE, .pos = AT(7)};
	dom->watchdog.irq = (struct m_irq){.type = IRQ_SPI, .number = 40, .intid = 72, .pos = AT(7)};
	dtb = tree_make(&t, 0, &p);
	assert_true(has(dtb.bytes, "/control@fffc0000", NULL));
	CELLS(dtb.bytes, "/watchdog@fffd0000", "interrupts", 0, 40, 4);
	free(dtb.bytes);
	plan_free(p);

	/* Where there is not even that much room below 4 GiB. */
	board_device(&t, 0x10000000, 0x30000000, 0);
	board_device(&t, 0x80000000, 0x7fff0000, 0);
	board_device(&t, 0x09010000, 0x06ff0000, 0);
	board_device(&t, 0x08010000, 0x00090000, 0);
	board_device(&t, 0x080c0000, 0x00f40000, 0);
	board_device(&t, 0x00010000, 0x07ff0000, 0);
	board_device(&t, 0x40200000, 0x00100000, 0);
	dom->watchdog.given = false;
	dom->watchdog.reg.size = 0;
	dtb = tree_make(&t, 0, &p);
	const struct trap_window *w = plan_window(&p->domains[0], WINDOW_CONTROL);
	assert_non_null(w);
	assert_true(w->ipa >= UINT64_C(0x100000000));
	assert_null(plan_window(&p->domains[0], WINDOW_WATCHDOG));
	free(dtb.bytes);
	plan_free(p);
	board_free(&t);
}

/* A driver that numbers what has no alias by the first number that is free finds the console first. */
static void console_first(void **state)
{
	(void)state;
	static const char *compatible[] = {"renesas,scif"};
	struct board_test t;
	struct plan *p;

	board_init(&t);
	struct m_domain *dom = board_dom0(&t);
	for (uint64_t base = 0x0a000000; base < 0x0a003000; base += 0x1000) {
		struct m_device *dev = board_device(&t, base, 0x1000, 0);
		dev->compatible = compatible;
		dev->compatible_count = 1;
	}
	dom->console = CONSOLE_DEVICE;
	dom->console_device = t.m.board.device_count - 1;
	struct emit_dtb dtb = tree_make(&t, 0, &p);
	int console = fdt_path_offset(dtb.bytes, fdt_get_alias(dtb.bytes, "serial0"));
	int first = fdt_node_offset_by_compatible(dtb.bytes, -1, compatible[0]);
	assert_true(first >= 0);
	assert_int_equal(console, first);
	int second = fdt_node_offset_by_compatible(dtb.bytes, first, compatible[0]);
	assert_string_not_equal(fdt_get_name(dtb.bytes, first, NULL), fdt_get_name(dtb.bytes, second, NULL));
	free(dtb.bytes);
	plan_free(p);
	board_free(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hardware_domain), cmocka_unit_test(guest),
		cmocka_unit_test(redistributors),  cmocka_unit_test(devices),
		cmocka_unit_test(virtuals),	   cmocka_unit_test(console_first),
	};

	return cmocka_run_group_tests_name("dtb", tests, NULL, NULL);
}
