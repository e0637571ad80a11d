// SPDX-License-Identifier: Apache-2.0
/*
 * A QEMU plugin that counts for how many instructions each CPU is in the hypervisor because
 * of an interrupt, and so does not take another one:
 *
 *   -plugin stays.so,from=ADDR,to=ADDR,vectors=ADDR
 *
 * from <= virtual address < to is its text, `vectors` its VBAR_EL2. The log (-D FILE) gets
 * "STAYS cpu times longest" of each CPU. CPUs are told apart by VMPIDR_EL2, which the
 * hypervisor leaves at the CPU's own affinity: under icount QEMU gives callbacks the number
 * of the CPU for which the code was translated, not of the one that executes it.
 */
#include "plugin.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CPUS 8u
#define VECTOR 0x80u
#define VECTORS_SIZE 0x800u
#define VECTOR_IRQ 0x480u /* from a guest in AArch64 */

/* The oldest interface that has all that is used; QEMU takes any from there on. */
EXPORT int qemu_plugin_version = 2;

static uint64_t from, to, vectors;
static struct qemu_plugin_register *affinity;
static struct bytes *value;
static struct stays {
	bool inside;
	uint64_t count, times, longest;
} cpus[CPUS];
static struct stays *now; /* of the CPU that executes */

static void end(struct stays *s)
{
	s->longest = s->inside && s->count > s->longest ? s->count : s->longest;
	s->inside = false;
}

static void on_block(unsigned int cpu, void *data)
{
	uint64_t at = (uintptr_t)data - vectors;

	(void)cpu;
	g_byte_array_set_size(value, 0);
	(void)qemu_plugin_read_register(affinity, value);
	now = &cpus[value->data[0] % CPUS];
	if (at < VECTORS_SIZE && at % VECTOR == 0) {
		end(now);
		if (at == VECTOR_IRQ) {
			*now = (struct stays){true, 0, now->times + 1, now->longest};
		}
	}
}

static void on_insn(unsigned int cpu, void *data)
{
	(void)cpu;
	(void)data;
	now->count++;
}

static void on_translate(uint64_t id, struct qemu_plugin_tb *tb)
{
	uint64_t addr = qemu_plugin_insn_vaddr(qemu_plugin_tb_get_insn(tb, 0));

	(void)id;
	if (addr < from || addr >= to) {
		return;
	}
	qemu_plugin_register_vcpu_tb_exec_cb(tb, on_block, CB_R_REGS, (void *)(uintptr_t)addr);
	for (size_t i = 0; i < qemu_plugin_tb_n_insns(tb); i++) {
		qemu_plugin_register_vcpu_insn_exec_cb(qemu_plugin_tb_get_insn(tb, i), on_insn, CB_NO_REGS, NULL);
	}
}

static void on_cpu(uint64_t id, unsigned int cpu)
{
	struct registers *r;

	(void)id;
	if (cpu != 0) {
		return;
	}
	value = g_byte_array_new();
	r = qemu_plugin_get_registers();
	for (unsigned int i = 0; i < r->len; i++) {
		if (strcmp(r->data[i].name, "VMPIDR_EL2") == 0) {
			affinity = r->data[i].handle;
		}
	}
	if (affinity == NULL) {
		fprintf(stderr, "stays: this CPU has no VMPIDR_EL2\n");
		exit(1);
	}
}

static void on_end(uint64_t id, void *data)
{
	char text[80];

	(void)id;
	(void)data;
	for (uint32_t i = 0; i < CPUS; i++) {
		end(&cpus[i]);
		snprintf(text, sizeof(text), "STAYS %u %" PRIu64 " %" PRIu64 "\n", i, cpus[i].times, cpus[i].longest);
		qemu_plugin_outs(text);
	}
}

int qemu_plugin_install(uint64_t id, const struct qemu_info *info, int argc, char **argv)
{
	(void)info;
	for (int i = 0; i < argc; i++) {
		const char *number = strchr(argv[i], '=');

		if (number == NULL) {
			return -1;
		}
		uint64_t n = strtoull(number + 1, NULL, 0);

		if (strncmp(argv[i], "from=", 5) == 0) {
			from = n;
		} else if (strncmp(argv[i], "to=", 3) == 0) {
			to = n;
		} else if (strncmp(argv[i], "vectors=", 8) == 0) {
			vectors = n;
		} else {
			return -1;
		}
	}
	qemu_plugin_register_vcpu_init_cb(id, on_cpu);
	qemu_plugin_register_vcpu_tb_trans_cb(id, on_translate);
	qemu_plugin_register_atexit_cb(id, on_end, NULL);
	return 0;
}
