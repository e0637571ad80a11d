// SPDX-License-Identifier: Apache-2.0
/* Clock, reset, power and pin controllers of which the tree knows that two domains' devices need them. */
#include <string.h>

#include "check/providers.h"
#include "import/compare.h"

/* The controller that a phandle stands for: of pins, the node above their settings. */
static const struct t_node *provider_node(const struct import *im, uint32_t phandle, unsigned int kind)
{
	const struct t_node *n = tree_by_phandle(&im->t, phandle);

	while (kind == PROVIDER_PINS && n != NULL && tree_prop(n, "compatible") == NULL) {
		n = n->parent;
	}
	if (n == NULL || n->parent == NULL) {
		return NULL;
	}
	for (size_t i = 0; i < tree_texts(tree_prop(n, "compatible")); i++) {
		if (provider_is_fixed(tree_text(tree_prop(n, "compatible"), i))) {
			return NULL;
		}
	}
	return n;
}

/* Whether board.yaml itself says what the device has of such controllers. */
static bool board_says(const struct m_device *dev, unsigned int kind)
{
	for (size_t i = 0; i < dev->prop_count; i++) {
		for (size_t k = 0; provider_kind(dev->props[i].name, NULL) == kind && k < dev->props[i].cell_count; k++) {
			if (dev->props[i].cells[k].ref != NULL) {
				return true;
			}
		}
	}
	return false;
}

static size_t uses_find(struct import *im, const struct model *m, size_t device, const struct t_node *node,
			struct provider_use **uses, size_t count)
{
	for (size_t i = 0; i < node->prop_count; i++) {
		const struct t_prop *p = &node->props[i];
		const char *cells;
		unsigned int kind = provider_kind(p->name, &cells);
		size_t at = 0;

		while (kind != 0 && at < tree_cells(p)) {
			const struct t_node *to = tree_by_phandle(&im->t, tree_cell(p, at));
			const struct t_node *provider = provider_node(im, tree_cell(p, at), kind);

			if (provider != NULL) {
				*uses = import_grow(im, *uses, count, sizeof((*uses)[0]));
				(*uses)[count++] = (struct provider_use){(size_t)(provider - im->t.nodes), device, kind,
									 board_says(&m->board.devices[device], kind)};
			}
			at += 1 + (to == NULL || cells == NULL ? 0 : (size_t)tree_u32(to, cells, 0));
		}
	}
	return count;
}

void compare_providers(struct import *im, struct diag *d, const struct model *m, struct t_node *const *nodes)
{
	struct provider_use *uses = NULL;
	struct provider_group g;
	size_t count = 0, at = 0;

	for (size_t i = 0; i < m->board.device_count; i++) {
		if (nodes[i] != NULL && device_owner(m, i) < m->domain_count) {
			count = uses_find(im, m, i, nodes[i], &uses, count);
		}
	}
	providers_sort(m, uses, count);
	while (providers_next(m, uses, count, &at, &g)) {
		const char *path = tree_path(im->a, &im->t.nodes[g.uses->provider]);
		struct diag_msg *msg;

		/* Of two that say it themselves the board has been judged already. */
		if (g.said_domains > 1) {
			continue;
		}
		msg = diag_warning(d, 716, m->board.devices[g.uses->device].pos,
				   "%s of the device tree is the %s controller of devices of %zu domains", path, g.kinds,
				   g.domains);
		providers_explain(msg, m, &g);
	}
}
