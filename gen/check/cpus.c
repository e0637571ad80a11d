// SPDX-License-Identifier: Apache-2.0
/* CPUs: told apart by MPIDR, each in one domain. */
#include <stdlib.h>

#include "check/parts.h"
#include "tables.h"
#include "util/arena.h"

static int cpu_compare(const void *a, const void *b)
{
	const struct m_cpu *x = *(const struct m_cpu *const *)a, *y = *(const struct m_cpu *const *)b;

	if (x->mpidr.v != y->mpidr.v) {
		return x->mpidr.v < y->mpidr.v ? -1 : 1;
	}
	return x < y ? -1 : x > y;
}

static void mpidr_check(struct diag *d, const struct m_board *b)
{
	const struct m_cpu **sorted = memory_resize(NULL, b->cpu_count + 1, sizeof(*sorted));

	for (size_t i = 0; i < b->cpu_count; i++) {
		sorted[i] = &b->cpus[i];
	}
	qsort(sorted, b->cpu_count, sizeof(*sorted), cpu_compare);
	for (size_t i = 1; i < b->cpu_count; i++) {
		if (sorted[i]->mpidr.v == sorted[i - 1]->mpidr.v) {
			struct diag_msg *msg = diag_error(d, 502, sorted[i]->mpidr.pos,
							  "'%s' and '%s' have the same MPIDR "
							  "0x%llx",
							  sorted[i]->name.s, sorted[i - 1]->name.s,
							  (ull)sorted[i]->mpidr.v);
			diag_note(msg, sorted[i - 1]->mpidr.pos, "first use");
			diag_help(msg, "it is the 'reg' of the CPU's node in the machine's device tree");
		}
	}
	free(sorted);
	for (size_t i = 0; i < b->cpu_count; i++) {
		if ((b->cpus[i].mpidr.v & GENMASK64(31, 24)) != 0) {
			struct diag_msg *msg = diag_error(d, 503, b->cpus[i].mpidr.pos,
							  "'%s' has MPIDR bits that are no "
							  "affinity",
							  b->cpus[i].name.s);
			diag_label(msg, "bits 31..24 must be 0");
			diag_help(msg, "mpidr: 0x%llx", (ull)(b->cpus[i].mpidr.v & ~GENMASK64(31, 24)));
		}
	}
}

static void cpu_twice(struct diag *d, const struct model *m, size_t cpu, size_t domain, struct pos at,
		      size_t first, struct pos first_at)
{
	const char *name = m->board.cpus[cpu].name.s;
	struct diag_msg *msg;

	if (domain == first) {
		msg = diag_error(d, 501, at, "'%s' lists CPU '%s' twice", m->domains[domain].name.s, name);
	} else {
		msg = diag_error(d, 501, at, "CPU '%s' is given to '%s' and to '%s'", name,
				 m->domains[first].name.s, m->domains[domain].name.s);
	}
	diag_note(msg, first_at, "first given");
	diag_help(msg, "a CPU has one domain: list the CPUs of each%s",
		  domain == first ? "" : ", or say 'cpus: all-others' for one");
}

void check_cpus(struct diag *d, const struct model *m)
{
	const struct m_board *b = &m->board;
	size_t *owner = memory_resize(NULL, b->cpu_count + 1, sizeof(owner[0]));
	struct pos *given = memory_resize(NULL, b->cpu_count + 1, sizeof(given[0]));

	mpidr_check(d, b);
	if (b->cpu_count > CPUS_MAX) {
		struct diag_msg *msg = diag_error(d, 510, b->cpus[CPUS_MAX].pos, "more than %u CPUs",
						  CPUS_MAX);
		diag_help(msg, "leave out those that are not to be used: they stay off");
	}
	for (size_t i = 0; i < b->cpu_count; i++) {
		owner[i] = MODEL_NONE;
	}
	for (size_t i = 0; i < m->domain_count; i++) {
		const struct m_domain *dom = &m->domains[i];
		size_t reported = MODEL_NONE;
		for (size_t c = 0; c < dom->cpu_count; c++) {
			size_t cpu = dom->cpus[c];
			if (owner[cpu] == MODEL_NONE) {
				owner[cpu] = i;
				given[cpu] = dom->cpu_pos[c];
			} else if (owner[cpu] != reported || owner[cpu] == i) {
				/* `cpus: all` twice is one mistake, not one for each CPU. */
				reported = owner[cpu];
				cpu_twice(d, m, cpu, i, dom->cpu_pos[c], owner[cpu], given[cpu]);
			}
		}
	}
	free(owner);
	free(given);
}
