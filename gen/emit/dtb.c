// SPDX-License-Identifier: Apache-2.0
/* A domain's device tree: what Linux needs to know of its part of the machine. */
#include <inttypes.h>
#include <libfdt.h>
#include <stdlib.h>

#include "emit/dtb.h"

#define VPL011_CLOCK_HZ 24000000u

static void chosen_write(struct dtb *t)
{
	const struct plan_domain *dom = t->dom;

	dtb_node(t, "chosen");
	if (dom->m->cmdline.s != NULL && dom->m->cmdline.s[0] != '\0') {
		dtb_string(t, "bootargs", dom->m->cmdline.s);
	}
	if (dom->initrd.path != NULL) {
		dtb_u64(t, "linux,initrd-start", dom->initrd.ipa);
		dtb_u64(t, "linux,initrd-end", dom->initrd.ipa + dom->initrd.file_size);
	}
	if (dom->m->console != CONSOLE_NONE) {
		dtb_string(t, "stdout-path", "serial0");
	}
	dtb_end(t);
}

static void aliases_write(struct dtb *t)
{
	char path[DTB_PATH_MAX];

	if (t->dom->vpl011.size != 0) {
		snprintf(path, sizeof(path), "/serial@%" PRIx64, t->dom->vpl011.base);
	} else if (t->dom->m->console == CONSOLE_DEVICE) {
		dtb_device_path(t, t->dom->m->console_device, path);
	} else {
		return;
	}
	dtb_node(t, "aliases");
	dtb_string(t, "serial0", path);
	dtb_end(t);
}

static void memory_write(struct dtb *t)
{
	const struct plan_domain *dom = t->dom;
	struct m_range *list = arena_array(t->p->arena, dom->ram_count, sizeof(list[0]));

	for (size_t i = 0; i < dom->ram_count; i++) {
		list[i] = (struct m_range){.base = dom->ram[i].ipa, .size = dom->ram[i].size};
	}
	if (dom->ram_count > 0) {
		dtb_node(t, "memory@%" PRIx64, list[0].base);
		dtb_string(t, "device_type", "memory");
		dtb_reg(t, list, dom->ram_count);
		dtb_end(t);
	}
}

static void cpus_write(struct dtb *t)
{
	const struct m_board *b = &t->p->m->board;
	uint32_t address_cells = 1;

	for (size_t i = 0; i < t->dom->cpu_count; i++) {
		if (t->p->cpus[t->dom->cpus[i]].mpidr >> 32 != 0) {
			address_cells = 2;
		}
	}
	dtb_node(t, "cpus");
	dtb_u32(t, "#address-cells", address_cells);
	dtb_u32(t, "#size-cells", 0);
	for (size_t i = 0; i < t->dom->cpu_count; i++) {
		size_t cpu = t->dom->cpus[i];
		uint64_t mpidr = t->p->cpus[cpu].mpidr;
		dtb_node(t, "cpu@%" PRIx64, mpidr);
		dtb_string(t, "device_type", "cpu");
		if (b->cpus[cpu].compatible.s != NULL) {
			dtb_string(t, "compatible", b->cpus[cpu].compatible.s);
		}
		if (address_cells == 2) {
			dtb_u64(t, "reg", mpidr);
		} else {
			dtb_u32(t, "reg", (uint32_t)mpidr);
		}
		dtb_string(t, "enable-method", "psci");
		dtb_end(t);
	}
	dtb_end(t);
}

static void psci_write(struct dtb *t)
{
	static const char *const compatible[] = {"arm,psci-1.0", "arm,psci-0.2"};

	dtb_node(t, "psci");
	dtb_strings(t, "compatible", compatible, ARRAY_SIZE(compatible));
	dtb_string(t, "method", "hvc");
	dtb_end(t);
}

/* always-on: the tree names no idle state in which the timer would stop. */
static void timer_write(struct dtb *t)
{
	const struct m_timer *m = &t->p->m->board.timer;
	const struct m_irq list[] = {m->secure, m->physical, m->virt, m->hyp};

	if (m->virt.intid == 0) {
		return;
	}
	dtb_node(t, "timer");
	dtb_string(t, "compatible", "arm,armv8-timer");
	dtb_interrupts(t, list, ARRAY_SIZE(list));
	dtb_empty(t, "always-on");
	dtb_end(t);
}

/* The virtual ITS, where the physical one is. */
static void its_write(struct dtb *t)
{
	if (t->dom->msi == NULL) {
		return;
	}
	const struct m_its *its = t->p->its[t->dom->msi->its].m;
	dtb_node(t, "msi-controller@%" PRIx64, its->reg.base);
	dtb_string(t, "compatible", "arm,gic-v3-its");
	dtb_reg(t, &its->reg, 1);
	dtb_empty(t, "msi-controller");
	dtb_u32(t, "#msi-cells", 1);
	dtb_u32(t, "phandle", PHANDLE_ITS);
	dtb_end(t);
}

/* The GIC where the machine has it. Of the redistributors a domain sees one for
 * each of its CPUs; the region keeps the machine's size if it has all of them. */
static void gic_write(struct dtb *t)
{
	static const char *const gicv2[] = {"arm,gic-400", "arm,cortex-a15-gic"};
	const struct m_gic *g = &t->p->m->board.gic;
	struct m_range reg[2] = {g->gicd, g->version == GIC_V3 ? g->gicr : g->gicc};

	if (g->version == GIC_NONE) {
		return;
	}
	if (g->version == GIC_V3 && t->dom->cpu_count != t->p->cpu_count) {
		reg[1].size = t->dom->cpu_count * GICR_FRAME_SIZE;
	} else if (g->version == GIC_V2 && g->gicv.size < g->gicc.size) {
		reg[1].size = g->gicv.size;
	}
	dtb_node(t, "intc@%" PRIx64, g->gicd.base);
	if (g->version == GIC_V3) {
		dtb_string(t, "compatible", "arm,gic-v3");
	} else {
		dtb_strings(t, "compatible", gicv2, ARRAY_SIZE(gicv2));
	}
	dtb_reg(t, reg, ARRAY_SIZE(reg));
	dtb_empty(t, "interrupt-controller");
	dtb_u32(t, "#interrupt-cells", 3);
	dtb_u32(t, "#address-cells", 2);
	dtb_u32(t, "#size-cells", 2);
	dtb_empty(t, "ranges");
	dtb_u32(t, "phandle", PHANDLE_GIC);
	its_write(t);
	dtb_end(t);
}

/* Linux's drivers of PrimeCells want one. */
static void clock_write(struct dtb *t)
{
	if (t->dom->vpl011.size == 0 && t->dom->m->bell_count == 0) {
		return;
	}
	dtb_node(t, "serial-clock");
	dtb_string(t, "compatible", "fixed-clock");
	dtb_u32(t, "#clock-cells", 0);
	dtb_u32(t, "clock-frequency", VPL011_CLOCK_HZ);
	dtb_u32(t, "phandle", PHANDLE_CLOCK);
	dtb_end(t);
}

static void console_write(struct dtb *t)
{
	static const char *const compatible[] = {"arm,pl011", "arm,primecell"};
	static const char *const clock_names[] = {"uartclk", "apb_pclk"};
	static const uint32_t clocks[] = {PHANDLE_CLOCK, PHANDLE_CLOCK};
	const struct m_irq irq = {
		.type = IRQ_SPI, .number = t->dom->vpl011_intid - 32, .trigger = TRIGGER_LEVEL_HIGH,
	};

	if (t->dom->vpl011.size == 0) {
		return;
	}
	dtb_node(t, "serial@%" PRIx64, t->dom->vpl011.base);
	dtb_strings(t, "compatible", compatible, ARRAY_SIZE(compatible));
	dtb_reg(t, &t->dom->vpl011, 1);
	if (t->dom->vpl011_intid >= 32) {
		dtb_interrupts(t, &irq, 1);
	}
	dtb_cells(t, "clocks", clocks, ARRAY_SIZE(clocks));
	dtb_strings(t, "clock-names", clock_names, ARRAY_SIZE(clock_names));
	dtb_end(t);
}

static void root_write(struct dtb *t)
{
	static const char *const guest = "linux,dummy-virt";
	const struct m_board *b = &t->p->m->board;

	dtb_node(t, "%s", "");
	dtb_u32(t, "#address-cells", 2);
	dtb_u32(t, "#size-cells", 2);
	/* Only the hardware domain is this machine; the others run on parts of it. */
	if (t->dom->m->hardware && b->compatible_count > 0) {
		dtb_strings(t, "compatible", b->compatible, b->compatible_count);
	} else {
		dtb_string(t, "compatible", guest);
	}
	dtb_string(t, "model", b->description.s != NULL ? b->description.s : b->name.s);
	if (b->gic.version != GIC_NONE) {
		dtb_u32(t, "interrupt-parent", PHANDLE_GIC);
	}
	chosen_write(t);
	aliases_write(t);
	memory_write(t);
	cpus_write(t);
	psci_write(t);
	timer_write(t);
	gic_write(t);
	clock_write(t);
	console_write(t);
	dtb_shared(t);
	dtb_xen(t);
	dtb_vsmmu(t);
	dtb_virtual(t);
	dtb_devices(t);
	dtb_end(t);
}

bool emit_dtb(const struct plan *p, const struct plan_domain *dom, struct diag *d, struct emit_dtb *dtb)
{
	struct dtb t = {.p = p, .dom = dom, .d = d};

	*dtb = (struct emit_dtb){0};
	if (model_has_acpi(&p->m->board, dom->m)) {
		return true;
	}
	t.shown = arena_array(p->arena, p->m->board.device_count, sizeof(t.shown[0]));
	t.list = arena_array(p->arena, p->m->board.device_count, sizeof(t.list[0]));
	t.referred = arena_array(p->arena, p->m->board.device_count, sizeof(t.referred[0]));
	t.missed = arena_array(p->arena, p->m->board.device_count, sizeof(t.missed[0]));
	t.fdt = memory_resize(NULL, dom->dtb_room, 1);
	t.error = fdt_create(t.fdt, (int)dom->dtb_room);
	if (t.error == 0) {
		t.error = fdt_finish_reservemap(t.fdt);
	}
	dtb_devices_choose(&t);
	root_write(&t);
	if (t.error == 0) {
		t.error = fdt_finish(t.fdt);
	}
	if (t.error != 0 || fdt_totalsize(t.fdt) > DTB_SIZE_MAX) {
		struct diag_msg *m = diag_error(d, 556, dom->m->pos, "the device tree of domain '%s' cannot be made",
						dom->m->name.s);
		diag_label(m, "%s", t.error != 0 ? fdt_strerror(t.error) : "larger than 2 MiB");
		free(t.fdt);
		return false;
	}
	*dtb = (struct emit_dtb){t.fdt, fdt_totalsize(t.fdt)};
	return true;
}
