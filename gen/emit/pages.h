/* SPDX-License-Identifier: Apache-2.0 */
/* Parts of tables.c. */
#ifndef GEN_EMIT_PAGES_H
#define GEN_EMIT_PAGES_H

#include "emit/emit.h"

/* The pool of page tables as an array in section .tables, each page with a comment
 * that says whose it is and what it covers. */
void emit_page_tables(FILE *out, const struct plan *p);
/* The SMMUs: array smmus[] and all it points to, where there are any. */
void emit_smmus(FILE *out, const struct plan *p);
/* An initialiser of struct stream_desc, a line and a half. */
void emit_stream(FILE *out, const struct plan_stream *x);
/* The IPMMUs: `ipmmu` and all it points to, where they are driven. */
void emit_ipmmu(FILE *out, const struct plan *p);
/* domain<n>_vsmmu, if the domain has a virtual SMMUv3. */
void emit_vsmmu(FILE *out, size_t n, const struct plan_domain *dom, const struct emit_dtb *dtb);
/* A domain's share of an ITS; the ITSs: array itses[], where domains use any; and what
 * struct board_tables says of LPIs. */
void emit_msi(FILE *out, const struct plan *p, size_t domain);
void emit_itses(FILE *out, const struct plan *p);
void emit_lpi(FILE *out, const struct plan *p);
/* How devices are reset: array domain_resets[] and its lists, if there are any. */
void emit_resets(FILE *out, const struct plan *p);
/* What is mapped on demand: array domain_ondemand[] and its lists, if there is any; and how
 * many ranges of it a domain has. */
void emit_ondemand(FILE *out, const struct plan *p);
size_t emit_ondemand_count(const struct plan_domain *dom);
/* Shared memory and doorbells: arrays shared[] and doorbells[], where there are any; and
 * what struct board_tables says of them. */
void emit_shared(FILE *out, const struct plan *p);
void emit_shared_fields(FILE *out, const struct plan *p);
/* A C (and JSON, for printable text) string literal. */
void emit_string(FILE *out, const char *s);
/* The PCI hosts of a board whose addresses firmware does not say, and what IDs become on it: arrays
 * expect_hosts[], expect_streams[] and expect_messages[], where there are any; and how many. */
struct expect_ids {
	size_t hosts, streams, messages;
};
struct expect_ids emit_expect_ids(FILE *out, const struct m_board *b);
/* What firmware of a board with `firmware: acpi` must say. */
void emit_expect(FILE *out, const struct m_board *b);
/* What its UEFI starts the hardware domain with: `efi_payload`. */
void emit_efi(FILE *out, const struct plan *p);

#endif
