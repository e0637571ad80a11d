// SPDX-License-Identifier: Apache-2.0
/* CPUs, the firmware that starts them, and their timers. */
#include <string.h>

#include "import/import.h"
#include "tables.h"

#define MPIDR_AFFINITY UINT64_C(0xff00ffffff)
#define MPIDR_ALL UINT64_C(0xffffffffff)

/* Cores without AArch64 (the arm,cpus binding). */
static const char *const cores32[] = {
	"arm,cortex-a5", "arm,cortex-a7", "arm,cortex-a8", "arm,cortex-a9", "arm,cortex-a12", "arm,cortex-a15",
	"arm,cortex-a17", "arm,cortex-a32", "arm,arm11mpcore", "arm,arm1136jf-s", "arm,arm1156t2-s",
	"arm,arm1176jz-s", "arm,arm926ej-s", "marvell,pj4b", "qcom,krait", "qcom,scorpion",
};

static bool psci_check(struct import *im)
{
	static const char *const known[] = {"arm,psci-1.0", "arm,psci-0.2"};
	struct t_node *n = NULL;
	struct diag_msg *m;

	for (size_t i = 0; i < im->t.count && n == NULL; i++) {
		struct t_node *x = &im->t.nodes[i];

		n = (tree_is(x, known[0]) || tree_is(x, known[1]) || tree_is(x, "arm,psci")) && tree_enabled(x)
			    ? x : NULL;
	}
	if (n == NULL) {
		const struct t_node *cpus = tree_child(&im->t.nodes[0], "cpus");
		const struct t_node *cpu = cpus == NULL ? NULL : tree_child(cpus, "cpu");
		const char *method = cpu == NULL ? NULL : tree_text(tree_prop(cpu, "enable-method"), 0);

		m = import_refuse(im, 703, cpus, "no firmware with PSCI (arm,psci-1.0 or arm,psci-0.2)");
		if (method != NULL) {
			diag_label(m, "'%s' is what starts %s", method, cpu->name);
		}
	} else if (!tree_is(n, known[0]) && !tree_is(n, known[1])) {
		m = import_refuse(im, 703, n, "PSCI 0.1, whose function numbers are each firmware's own");
	} else if (tree_text_find(tree_prop(n, "method"), "smc") != 0) {
		m = import_refuse(im, 703, n, "PSCI is not called by SMC: this is a tree for a guest of a hypervisor");
		diag_help(m, "import the tree of the machine itself");
		return false;
	} else {
		return true;
	}
	diag_note(m, pos_none, "the hypervisor and its domains turn CPUs on and off by PSCI 0.2 or later");
	return false;
}

static bool cpu_check(struct import *im, const struct t_node *n)
{
	const char *method = tree_text(tree_prop(n, "enable-method"), 0);

	for (size_t i = 0; i < ARRAY_SIZE(cores32); i++) {
		if (tree_is(n, cores32[i])) {
			import_refuse(im, 703, n, "'%s' has no AArch64", cores32[i]);
			return false;
		}
	}
	if (method != NULL && strcmp(method, "psci") != 0) {
		struct diag_msg *m = import_refuse(im, 703, n, "the CPU is started by '%s'", method);

		diag_note(m, pos_none, "the hypervisor and its domains turn CPUs on and off by PSCI");
		return false;
	}
	return true;
}

/* CPUs of one MPIDR are one, and the others stay off. */
static bool cpu_known(const struct import *im, uint64_t mpidr)
{
	for (size_t i = 0; i < im->cpu_count; i++) {
		if (im->cpus[i].mpidr == mpidr) {
			return true;
		}
	}
	return false;
}

static void cpu_add(struct import *im, struct t_node *n)
{
	const struct t_prop *reg = tree_prop(n, "reg");
	uint32_t cells = address_cells(n);
	uint64_t mpidr = cells == 0 || cells > 2 || tree_cells(reg) < cells
				 ? UINT64_MAX : tree_number(reg, 0, cells);
	const char *core = tree_text(tree_prop(n, "compatible"), 0);

	if ((mpidr & ~MPIDR_AFFINITY) != 0 || cpu_known(im, mpidr)) {
		import_note(im, &im->cpu_notes, "%s: its reg is no MPIDR of its own; left out", n->name);
		return;
	}
	if (im->cpu_count == CPUS_MAX || (im->gic_version == 2 && im->cpu_count == 8)) {
		import_decide(im, &im->cpu_notes, "%s is one CPU more than the %s; it stays off", n->name,
			      im->gic_version == 2 ? "8 of a GICv2" : "64 of the hypervisor");
		return;
	}
	im->cpus = import_grow(im, im->cpus, im->cpu_count, sizeof(im->cpus[0]));
	im->cpus[im->cpu_count] = (struct i_cpu){
		.name = arena_format(im->a, "cpu%zu", im->cpu_count), .compatible = core, .mpidr = mpidr};
	im->cpu_count++;
}

static bool cpus_read(struct import *im)
{
	struct t_node *cpus = tree_child(&im->t.nodes[0], "cpus");
	size_t off = 0;

	for (struct t_node *n = cpus == NULL ? NULL : cpus->child; n != NULL; n = n->next) {
		const char *type = tree_text(tree_prop(n, "device_type"), 0);

		if (!tree_named(n, "cpu") && (type == NULL || strcmp(type, "cpu") != 0)) {
			continue;
		}
		if (!tree_enabled(n)) {
			off++;
		} else if (!cpu_check(im, n)) {
			return false;
		} else {
			cpu_add(im, n);
		}
	}
	if (im->cpu_count == 0) {
		import_refuse(im, 703, cpus, "there is no CPU to use");
		return false;
	}
	if (off > 0) {
		import_note(im, &im->cpu_notes, "%zu CPU%s with a status other than okay: left out, off", off,
			    off == 1 ? "" : "s");
	}
	import_decide(im, &im->cpu_notes, "the first one must be the one that boots");
	return true;
}

static bool timer_irq(struct import *im, const struct t_node *n, size_t which)
{
	static const char *const words[] = {"sec-phys", "phys", "virt", "hyp-phys"};
	static const char *const names[] = {"secure", "physical", "virtual", "hypervisor"};
	const struct t_prop *list = tree_prop(n, "interrupt-names");
	size_t i = list == NULL ? which : tree_text_find(list, words[which]);
	enum irq_why why = i == SIZE_MAX ? IRQ_BAD : interrupt_at(im, n, i, &im->timer[which]);

	if (why != IRQ_OK || !im->timer[which].ppi) {
		import_refuse(im, 704, n, "no PPI for the %s timer", names[which]);
		return false;
	}
	for (size_t k = 0; k < which; k++) {
		if (im->timer[k].number == im->timer[which].number) {
			import_refuse(im, 704, n, "the %s and the %s timer have the same PPI %u", names[k],
				      names[which], im->timer[k].number);
			return false;
		}
	}
	return true;
}

static bool timer_read(struct import *im)
{
	struct t_node *n = NULL;

	for (size_t i = 0; i < im->t.count && n == NULL; i++) {
		struct t_node *x = &im->t.nodes[i];

		n = (tree_is(x, "arm,armv8-timer") || tree_is(x, "arm,armv7-timer")) && tree_enabled(x) ? x : NULL;
	}
	if (n == NULL) {
		import_refuse(im, 704, NULL, "no architected timer (arm,armv8-timer)");
		return false;
	}
	n->kind = KIND_MACHINE;
	for (size_t i = 0; i < ARRAY_SIZE(im->timer); i++) {
		if (!timer_irq(im, n, i)) {
			return false;
		}
	}
	return true;
}

bool machine_read(struct import *im)
{
	return psci_check(im) && cpus_read(im) && timer_read(im);
}
