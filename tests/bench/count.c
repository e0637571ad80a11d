// SPDX-License-Identifier: Apache-2.0
/*
 * A QEMU plugin that counts the instructions executed in an address range:
 *
 *   -plugin count.so,from=ADDR,to=ADDR[,after=ADDR][,until=ADDR]
 *
 * from <= virtual address < to; with `after` and `until`, only after and before the
 * first instruction at that address. The count goes to the log (-D FILE) as "COUNT n". A callback an
 * instruction, because inline counters crash with more than one vCPU under icount
 * and blocks can end early.
 */
#include "plugin.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The oldest interface that has all that is used; QEMU takes any from there on. */
EXPORT int qemu_plugin_version = 2;

static uint64_t from;
static uint64_t to = UINT64_MAX;
static uint64_t after = UINT64_MAX;
static uint64_t until = UINT64_MAX;
static uint64_t count;
static bool counting = true;

static void on_insn(unsigned int cpu, void *data)
{
	(void)cpu;
	uint64_t addr = (uintptr_t)data;

	if (addr == after || addr == until) {
		counting = addr == after;
	}
	count += counting && addr >= from && addr < to;
}

static void on_translate(uint64_t id, struct qemu_plugin_tb *tb)
{
	(void)id;
	for (size_t i = 0; i < qemu_plugin_tb_n_insns(tb); i++) {
		struct qemu_plugin_insn *insn = qemu_plugin_tb_get_insn(tb, i);
		uint64_t addr = qemu_plugin_insn_vaddr(insn);

		if ((addr >= from && addr < to) || addr == after || addr == until) {
			qemu_plugin_register_vcpu_insn_exec_cb(insn, on_insn, CB_NO_REGS,
							       (void *)(uintptr_t)addr);
		}
	}
}

static void on_end(uint64_t id, void *data)
{
	char text[40];

	(void)id;
	(void)data;
	snprintf(text, sizeof(text), "COUNT %" PRIu64 "\n", count);
	qemu_plugin_outs(text);
}

int qemu_plugin_install(uint64_t id, const struct qemu_info *info, int argc, char **argv)
{
	(void)info;
	for (int i = 0; i < argc; i++) {
		const char *value = strchr(argv[i], '=');

		if (value == NULL) {
			return -1;
		}
		uint64_t number = strtoull(value + 1, NULL, 0);

		if (strncmp(argv[i], "from=", 5) == 0) {
			from = number;
		} else if (strncmp(argv[i], "to=", 3) == 0) {
			to = number;
		} else if (strncmp(argv[i], "after=", 6) == 0) {
			after = number;
			counting = false;
		} else if (strncmp(argv[i], "until=", 6) == 0) {
			until = number;
		} else {
			return -1;
		}
	}
	qemu_plugin_register_vcpu_tb_trans_cb(id, on_translate);
	qemu_plugin_register_atexit_cb(id, on_end, NULL);
	return 0;
}
