// SPDX-License-Identifier: Apache-2.0
/* A name for everything that system.yaml may speak of: the source's label if the blob has it,
 * else the node's name, with its address where several have the same one. */
#include <ctype.h>
#include <string.h>

#include "import/import.h"
#include "types.h"
#include "util/strmap.h"

#define NAME_LEN 40u

/* Words that the format or a domain's device tree has for something else. */
static const char *const taken[] = {"gic",	"none",	  "vpl011", "aliases",	       "chosen",
				    "cpus",	"hypervisor", "memory", "psci", "reserved-memory",
				    "serial-clock", "timer"};

const char *name_clean(struct import *im, const char *text, size_t len)
{
	char *name = arena_format(im->a, "_%.*s", (int)(len > NAME_LEN ? NAME_LEN : len), text);

	for (char *c = name + 1; *c != '\0'; c++) {
		*c = isalnum((unsigned char)*c) || *c == '_' || *c == '-' ? *c : '_';
	}
	return isalpha((unsigned char)name[1]) || name[1] == '_' ? name + 1 : name;
}

static const char *base_name(struct import *im, const struct t_node *n)
{
	return n->label != NULL ? name_clean(im, n->label, strlen(n->label))
				: name_clean(im, n->name, strcspn(n->name, "@"));
}

struct naming {
	struct import *im;
	struct strmap given; /* names that are somebody's */
	struct strmap bases; /* how many times a base is wanted */
};

static void base_count(struct naming *w, const struct t_node *n)
{
	const char *base = base_name(w->im, n);

	/* The second time round it is found with the first one's value: then it is a shared one. */
	if (strmap_get(&w->bases, base) == STRMAP_NONE) {
		strmap_add(&w->bases, base, 0);
	} else {
		strmap_add(&w->bases, arena_format(w->im->a, "%s@", base), 0);
	}
}

static bool name_free(const struct naming *w, const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(taken); i++) {
		if (strcmp(name, taken[i]) == 0) {
			return false;
		}
	}
	return strmap_get(&w->given, name) == STRMAP_NONE;
}

static const char *name_give(struct naming *w, const struct t_node *n)
{
	const char *base = base_name(w->im, n), *name = base;
	bool several = strmap_get(&w->bases, arena_format(w->im->a, "%s@", base)) != STRMAP_NONE;
	const char *unit = strchr(n->name, '@');

	if (several && unit != NULL) {
		unit = name_clean(w->im, unit + 1, strlen(unit + 1));
		name = arena_format(w->im->a, "%s_%s", base, unit[0] == '_' ? unit + 1 : unit);
		name = name_clean(w->im, name, strlen(name));
	}
	base = name;
	for (size_t i = 1; !name_free(w, name); i++) {
		name = arena_format(w->im->a, "%s_%zu", base, i);
	}
	strmap_add(&w->given, name, 0);
	return name;
}

void names_give(struct import *im)
{
	struct naming w = {.im = im};

	for (size_t i = 0; i < im->iommu_count; i++) {
		base_count(&w, im->iommus[i].node);
	}
	for (size_t i = 0; i < im->device_count; i++) {
		base_count(&w, im->devices[i].node);
	}
	for (size_t i = 0; i < im->iommu_count; i++) {
		im->iommus[i].name = name_give(&w, im->iommus[i].node);
	}
	for (size_t i = 0; i < im->its_count; i++) {
		im->itses[i].name = arena_format(im->a, "its%zu", i);
		strmap_add(&w.given, im->itses[i].name, 0);
	}
	for (size_t i = 0; i < im->device_count; i++) {
		im->devices[i].name = name_give(&w, im->devices[i].node);
	}
	strmap_free(&w.given);
	strmap_free(&w.bases);
}
