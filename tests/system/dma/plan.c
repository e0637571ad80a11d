// SPDX-License-Identifier: Apache-2.0
#include "plan.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "qtest.h"

/* Part of a page is mapped whole; what goes on behind the last map extends it. */
static void owner_add(struct owner *o, struct map m)
{
	struct map *last = o->map_count > 0 ? &o->maps[o->map_count - 1] : NULL;

	m.size = (m.ipa % PAGE + m.size + PAGE - 1) / PAGE * PAGE;
	m.ipa -= m.ipa % PAGE;
	m.pa -= m.pa % PAGE;
	if (last != NULL && m.read_only == last->read_only && m.ipa - last->ipa == m.pa - last->pa &&
	    m.ipa >= last->ipa && m.ipa <= last->ipa + last->size) {
		if (m.ipa + m.size > last->ipa + last->size) {
			last->size = m.ipa + m.size - last->ipa;
		}
	} else {
		o->maps[o->map_count++] = m;
	}
}

static void plan_line(struct plan *p, const char *line)
{
	struct owner *o = p->owner_count > 0 ? &p->owners[p->owner_count - 1] : NULL;
	struct map m = {0};
	uint32_t first, last;
	uint64_t ipa;
	char mode[4] = "";

	if (sscanf(line, "ram %" SCNi64 " %" SCNi64, &p->ram_base, &p->ram_size) == 2) {
		return;
	}
	if (p->owner_count < OWNERS_MAX - 1 &&
	    sscanf(line, "owner %31s", p->owners[p->owner_count].name) == 1) {
		p->owner_count++;
		return;
	}
	if (p->edge_count < EDGES_MAX && sscanf(line, "edge %" SCNi64, &ipa) == 1) {
		p->edges[p->edge_count++] = ipa;
		return;
	}
	if (o != NULL && p->run_count < RUNS_MAX &&
	    sscanf(line, "streams %" SCNi32 " %" SCNi32, &first, &last) == 2) {
		p->runs[p->run_count++] = (struct run){first, last, o};
		return;
	}
	if (o != NULL && o->map_count < MAPS_MAX &&
	    sscanf(line, "map %" SCNi64 " %" SCNi64 " %" SCNi64 " %3s", &m.ipa, &m.pa, &m.size, mode) >= 3) {
		m.read_only = strcmp(mode, "ro") == 0;
		owner_add(o, m);
		return;
	}
	die("not understood, or too much: %s", line);
}

void plan_read(struct plan *p, const char *path)
{
	FILE *f = fopen(path, "r");
	char line[256];

	if (f == NULL) {
		die("%s: %s", path, strerror(errno));
	}
	while (fgets(line, sizeof(line), f) != NULL) {
		plan_line(p, line);
	}
	fclose(f);
	strcpy(p->owners[p->owner_count++].name, "nobody");
}

const struct owner *plan_owner(const struct plan *p, uint32_t sid)
{
	for (uint32_t i = 0; i < p->run_count; i++) {
		if (sid >= p->runs[i].first && sid <= p->runs[i].last) {
			return p->runs[i].owner;
		}
	}
	return &p->owners[p->owner_count - 1];
}

const struct map *owner_map(const struct owner *o, uint64_t ipa)
{
	for (uint32_t i = 0; i < o->map_count; i++) {
		if (ipa >= o->maps[i].ipa && ipa - o->maps[i].ipa < o->maps[i].size) {
			return &o->maps[i];
		}
	}
	return NULL;
}

bool plan_is_ram(const struct plan *p, uint64_t pa)
{
	return pa >= p->ram_base && pa - p->ram_base < p->ram_size;
}

static void plan_add_edge(struct plan *p, uint64_t ipa)
{
	for (uint32_t i = 0; i < p->edge_count; i++) {
		if (p->edges[i] == ipa) {
			return;
		}
	}
	if (p->edge_count == EDGES_MAX) {
		die("too many edges");
	}
	p->edges[p->edge_count++] = ipa;
}

void plan_add_edges(struct plan *p)
{
	for (uint32_t o = 0; o < p->owner_count; o++) {
		for (uint32_t i = 0; i < p->owners[o].map_count; i++) {
			const struct map *m = &p->owners[o].maps[i];

			plan_add_edge(p, m->ipa);
			if (plan_is_ram(p, m->pa)) {
				plan_add_edge(p, m->ipa - PAGE);
				plan_add_edge(p, m->ipa + m->size - PAGE);
				plan_add_edge(p, m->ipa + m->size);
			}
		}
	}
}
