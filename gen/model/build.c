/* SPDX-License-Identifier: Apache-2.0 */
/* Trees to model: the order of the steps, ownership, and what the command line
 * changes. */
#include <string.h>

#include "model/build.h"

/* The model and the memory it lives in. */
struct built {
	struct model model;
	struct arena *arena;
};

/* The board's console stays with the hypervisor, but where a domain speaks on it
 * as well. */
static void build_console_owner(struct model *m)
{
	size_t console = m->board.console_device;

	if (console == MODEL_NONE) {
		return;
	}
	m->device_owner[console] = MODEL_NONE;
	for (size_t i = m->domain_count; i > 0; i--) {
		if (m->domains[i - 1].console == CONSOLE_DEVICE && m->domains[i - 1].console_device == console) {
			m->device_owner[console] = i - 1;
		}
	}
}

/* Listed devices and consoles first, then `all-others`. Devices that two domains
 * name stay with the first: gen/check reports them. */
void build_owners(struct build *b)
{
	struct model *m = b->m;
	size_t rest = MODEL_NONE;

	m->device_owner = arena_array(b->a, m->board.device_count, sizeof(*m->device_owner));
	for (size_t i = 0; i < m->board.device_count; i++) {
		m->device_owner[i] = MODEL_NONE;
	}
	for (size_t i = 0; i < m->domain_count; i++) {
		const struct m_domain *dom = &m->domains[i];

		for (size_t j = 0; j < dom->device_count; j++) {
			size_t *owner = &m->device_owner[dom->devices[j]];

			*owner = *owner == MODEL_NONE ? i : *owner;
		}
		if (dom->console_device != MODEL_NONE && m->device_owner[dom->console_device] == MODEL_NONE) {
			m->device_owner[dom->console_device] = i;
		}
		rest = dom->all_other_devices && rest == MODEL_NONE ? i : rest;
	}
	for (size_t i = 0; i < m->board.device_count; i++) {
		if (m->device_owner[i] == MODEL_NONE && m->board.devices[i].enabled) {
			m->device_owner[i] = rest;
		}
	}
	build_console_owner(m);
}

/* The domain that --set means, or NULL after reporting. */
static struct m_domain *override_domain(struct build *b, const struct model_set *set, const char *option)
{
	struct model *m = b->m;
	struct diag_msg *msg;
	const char **names = arena_array(b->a, m->domain_count, sizeof(*names));
	const char *near;

	for (size_t i = 0; i < m->domain_count; i++) {
		names[i] = m->domains[i].name.s;
		if (set->domain[0] == '\0' ? m->domains[i].hardware : strcmp(names[i], set->domain) == 0) {
			return &m->domains[i];
		}
	}
	if (set->domain[0] == '\0') {
		msg = diag_error(b->d, 124, (struct pos){.file = option}, "no domain has 'role: hardware'");
		diag_help(msg, "name the domain: --set DOMAIN.%s=...", set->key);
		return NULL;
	}
	msg = diag_error(b->d, 124, (struct pos){.file = option}, "no domain is named '%s'", set->domain);
	near = diag_suggest_among(set->domain, names, m->domain_count);
	if (near != NULL) {
		diag_help(msg, "did you mean '%s'?", near);
	}
	return NULL;
}

void build_overrides(struct build *b, const struct model_override *o)
{
	for (size_t i = 0; o != NULL && i < o->set_count; i++) {
		const struct model_set *set = &o->sets[i];
		const char *option = arena_format(b->a, "--set %s.%s", set->domain, set->key);
		struct m_domain *dom = override_domain(b, set, option);
		struct m_string value = {.s = set->value[0] == '\0' ? NULL : set->value, .pos = {.file = option}};

		if (dom == NULL) {
			continue;
		}
		if (strcmp(set->key, "kernel") == 0) {
			dom->kernel = value;
		} else if (strcmp(set->key, "initrd") == 0) {
			dom->initrd = value;
		} else {
			dom->cmdline = value;
		}
	}
}

struct model *model_build(struct diag *d, const struct node *board, const struct node *system,
			  const struct model_override *o)
{
	struct arena *a = arena_new();
	struct built *built = arena_alloc(a, sizeof(*built));
	struct build b = {.d = d, .a = a, .m = &built->model, .cpu_limit = o == NULL ? 0 : o->cpus};
	size_t errors = diag_errors(d);

	built->arena = a;
	build_board(&b, board);
	if (system != NULL) {
		build_system(&b, system);
		build_overrides(&b, o);
	}
	build_owners(&b);
	build_ipmmus(&b);
	build_vstreams(&b);
	strmap_free(&b.cpus.map);
	strmap_free(&b.devices.map);
	strmap_free(&b.iommus.map);
	strmap_free(&b.itses.map);
	strmap_free(&b.regions.map);
	strmap_free(&b.bells.map);
	if (diag_errors(d) != errors) {
		arena_free(a);
		return NULL;
	}
	return &built->model;
}

void model_free(struct model *m)
{
	if (m != NULL) {
		arena_free(((struct built *)m)->arena);
	}
}
