// SPDX-License-Identifier: Apache-2.0
/* A hardware domain that finds firmware's ACPI tables: it sees memory where those say. */
#include "check/parts.h"

void check_firmware(struct diag *d, const struct model *m)
{
	for (size_t i = 0; i < m->domain_count; i++) {
		const struct m_domain *dom = &m->domains[i];
		const struct m_ram *moved = domain_moved(dom);
		struct diag_msg *msg;

		if (!model_has_acpi(&m->board, dom)) {
			continue;
		}
		if (moved != NULL) {
			msg = diag_error(d, 608, moved->pos, "'%s' would see memory elsewhere than where it is", dom->name.s);
			diag_label(msg, "firmware's tables and memory map, which it finds, say where it is");
			diag_help(msg, "leave out 'ipa', or say 'memory: all-others'");
		}
		if (dom->colors.count != 0) {
			msg = diag_error(d, 608, dom->colors.pos, "'%s' would see memory elsewhere than where it is",
					 dom->name.s);
			diag_label(msg, "pages of some cache colours do not follow each other");
			diag_help(msg, "leave out 'colors': firmware's memory map, which it finds, says where pages are");
		}
	}
}
