// SPDX-License-Identifier: Apache-2.0
/* Who puts something to run into a domain's memory. */
#include "check/parts.h"

/* A boot loader can load a kernel behind the image, where the hardware domain sees its
 * memory at the machine's own addresses. Into any other domain's memory nobody can. */
static bool loader_can(const struct m_domain *dom)
{
	return dom->hardware && domain_moved(dom) == NULL;
}

void check_payloads(struct diag *d, const struct model *m)
{
	for (size_t i = 0; i < m->domain_count; i++) {
		const struct m_domain *dom = &m->domains[i];

		if (dom->kernel.s != NULL || loader_can(dom)) {
			continue;
		}
		const struct m_ram *moved = domain_moved(dom);
		struct diag_msg *msg = diag_error(d, 534, dom->pos, "'%s' has no kernel, and nobody else can put "
						  "one into its memory", dom->name.s);
		if (moved != NULL) {
			diag_note(msg, moved->pos, "memory of '%s' is moved", dom->name.s);
		} else {
			diag_note(msg, pos_none, "a boot loader can load the hardware domain's only");
		}
		diag_help(msg, "say 'payload: {kernel: FILE}' in '%s', or give --set %s.kernel=FILE; Bulkhead's own "
			  "boards have one from make run", dom->name.s, dom->name.s);
	}
}
