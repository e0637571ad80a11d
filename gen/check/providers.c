// SPDX-License-Identifier: Apache-2.0
#include "check/providers.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "util/arena.h"
#include "util/strmap.h"

unsigned int provider_kind(const char *property, const char **cells)
{
	static const struct {
		const char *property;
		const char *cells;
		unsigned int kind;
	} kinds[] = {
		{"clocks", "#clock-cells", PROVIDER_CLOCK},
		{"assigned-clocks", "#clock-cells", PROVIDER_CLOCK},
		{"resets", "#reset-cells", PROVIDER_RESET},
		{"power-domains", "#power-domain-cells", PROVIDER_POWER},
	};
	const char *none = NULL;

	cells = cells == NULL ? &none : cells;
	*cells = NULL;
	if (strncmp(property, "pinctrl-", 8) == 0 && property[8] >= '0' && property[8] <= '9') {
		return PROVIDER_PINS;
	}
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		if (strcmp(property, kinds[i].property) == 0) {
			*cells = kinds[i].cells;
			return kinds[i].kind;
		}
	}
	return 0;
}

bool provider_is_fixed(const char *compatible)
{
	return strcmp(compatible, "fixed-clock") == 0 || strcmp(compatible, "fixed-factor-clock") == 0;
}

/* What a use is sorted by. */
struct keyed {
	struct provider_use use;
	size_t owner;
};

static int keyed_compare(const void *a, const void *b)
{
	const struct keyed *x = a, *y = b;

	if (x->use.provider != y->use.provider) {
		return x->use.provider < y->use.provider ? -1 : 1;
	}
	if (x->owner != y->owner) {
		return x->owner < y->owner ? -1 : 1;
	}
	return x->use.device < y->use.device ? -1 : x->use.device > y->use.device;
}

void providers_sort(const struct model *m, struct provider_use *uses, size_t count)
{
	struct keyed *list = memory_resize(NULL, count + 1, sizeof(list[0]));

	for (size_t i = 0; i < count; i++) {
		list[i] = (struct keyed){uses[i], device_owner(m, uses[i].device)};
	}
	qsort(list, count, sizeof(list[0]), keyed_compare);
	for (size_t i = 0; i < count; i++) {
		uses[i] = list[i].use;
	}
	free(list);
}

static void kinds_write(struct provider_group *g, unsigned int kinds)
{
	static const char *const names[] = {"clock", "reset", "power", "pin"};
	size_t used = 0;

	for (unsigned int i = 0; i < ARRAY_SIZE(names); i++) {
		if ((kinds & (1u << i)) != 0) {
			const char *between = used == 0 ? "" : (kinds >> (i + 1)) == 0 ? " and " : ", ";
			used += (size_t)snprintf(g->kinds + used, sizeof(g->kinds) - used, "%s%s", between, names[i]);
		}
	}
}

bool providers_next(const struct model *m, const struct provider_use *uses, size_t count, size_t *at,
		    struct provider_group *g)
{
	while (*at < count) {
		size_t last = OWNER_NOBODY, said = OWNER_NOBODY;
		unsigned int kinds = 0;

		*g = (struct provider_group){.uses = &uses[*at]};
		for (; *at < count && uses[*at].provider == g->uses->provider; (*at)++, g->count++) {
			size_t owner = device_owner(m, uses[*at].device);

			g->domains += owner != last ? 1 : 0;
			g->said_domains += uses[*at].said && owner != said ? 1 : 0;
			said = uses[*at].said ? owner : said;
			last = owner;
			kinds |= uses[*at].kind;
		}
		if (g->domains > 1) {
			kinds_write(g, kinds);
			return true;
		}
	}
	return false;
}

void providers_explain(struct diag_msg *msg, const struct model *m, const struct provider_group *g)
{
	for (size_t i = 0, end; i < g->count; i = end) {
		size_t owner = device_owner(m, g->uses[i].device);
		const struct m_device *dev = &m->board.devices[g->uses[i].device];
		size_t others = 0;

		for (end = i + 1; end < g->count && device_owner(m, g->uses[end].device) == owner; end++) {
			others += g->uses[end].device != g->uses[end - 1].device ? 1 : 0;
		}
		if (others == 0) {
			diag_note(msg, dev->pos, "'%s' of '%s'", dev->name.s, owner_name(m, owner));
		} else {
			diag_note(msg, dev->pos, "'%s', and %zu more of '%s'", dev->name.s, others, owner_name(m, owner));
		}
	}
	diag_help(msg, "give them to one domain, or see to it that none turns off what another uses");
}

/* The devices that the properties of a device refer to as providers; returns how many uses there
 * are then. Without `uses` it counts all that might be. */
static size_t uses_find(const struct model *m, size_t device, const struct strmap *names,
			struct provider_use *uses, size_t count)
{
	const struct m_device *dev = &m->board.devices[device];

	for (size_t i = 0; i < dev->prop_count; i++) {
		const struct m_prop *prop = &dev->props[i];
		unsigned int kind = provider_kind(prop->name, NULL);

		for (size_t k = 0; kind != 0 && k < prop->cell_count; k++) {
			size_t to = prop->cells[k].ref == NULL ? STRMAP_NONE : strmap_get(names, prop->cells[k].ref);

			if (to != STRMAP_NONE && uses != NULL) {
				uses[count] = (struct provider_use){to, device, kind, true};
			}
			count += to != STRMAP_NONE ? 1 : 0;
		}
	}
	return count;
}

static bool device_is_fixed(const struct m_device *dev)
{
	for (size_t i = 0; i < dev->compatible_count; i++) {
		if (provider_is_fixed(dev->compatible[i])) {
			return true;
		}
	}
	return false;
}

void check_providers(struct diag *d, const struct model *m)
{
	struct strmap names = {0};
	struct provider_use *uses = NULL;
	struct provider_group g;
	size_t count = 0, at = 0;

	for (size_t i = 0; i < m->board.device_count; i++) {
		if (m->board.devices[i].enabled && !device_is_fixed(&m->board.devices[i])) {
			(void)strmap_add(&names, m->board.devices[i].name.s, i);
		}
	}
	for (int pass = 0; pass < 2; pass++) {
		uses = pass == 0 ? NULL : memory_resize(NULL, count + 1, sizeof(uses[0]));
		count = 0;
		for (size_t i = 0; i < m->board.device_count; i++) {
			count = device_owner(m, i) < m->domain_count ? uses_find(m, i, &names, uses, count) : count;
		}
	}
	providers_sort(m, uses, count);
	while (providers_next(m, uses, count, &at, &g)) {
		const struct m_device *dev = &m->board.devices[g.uses->provider];
		struct diag_msg *msg = diag_warning(d, 563, dev->pos, "'%s' is the %s controller of devices of %zu domains",
						    dev->name.s, g.kinds, g.domains);

		providers_explain(msg, m, &g);
	}
	free(uses);
	strmap_free(&names);
}
