/* SPDX-License-Identifier: Apache-2.0 */
/* What the builder's parts share; only gen/model includes this. */
#ifndef GEN_MODEL_BUILD_H
#define GEN_MODEL_BUILD_H

#include "model/model.h"
#include "util/arena.h"
#include "util/strmap.h"

/* Names of one sort of thing, to look up and to suggest from. */
struct names {
	struct strmap map;
	const char **list;
	size_t count;
};

struct build {
	struct diag *d;
	struct arena *a;
	struct model *m;
	struct names cpus;
	struct names devices;
	struct names iommus;
	struct names itses;
	struct names regions;
	struct names bells;
	uint32_t cpu_limit; /* --cpus; 0: none */
	size_t cpu_known;   /* CPUs of the board before --cpus took some away */
};

/* Readers of schema-valid values. A node that is NULL or NODE_REFUSED is "not
 * given": the schema has spoken about it. */
bool get_given(const struct node *n);
struct m_string get_string(const struct node *n);
struct m_number get_number(const struct node *n);
/* The number, or `standard` when not given. */
uint64_t get_number_or(const struct node *n, uint64_t standard);
bool get_bool(const struct node *n, bool standard);
struct m_range get_range(const struct node *n);
/* Index into words (NULL at the end), or `standard`. */
unsigned int get_enum(const struct node *n, const char *const *words, unsigned int standard);
struct m_irq get_irq(const struct node *n);
/* A text or a list of texts. */
const char **get_texts(struct build *b, const struct node *n, size_t *count);
struct m_string *get_strings(struct build *b, const struct node *n, size_t *count);
/* A pair or a list of pairs, put behind what `ranges` has. */
void get_ranges(struct build *b, const struct node *n, struct m_range **ranges, size_t *count);
struct m_irq *get_irqs(struct build *b, const struct node *n, size_t *count);
/* Whether the memory type is given, and which. */
bool get_attr(const struct node *n, enum m_attr *attr);

void names_add(struct build *b, struct names *names, const char *name, size_t index);

/* The index of a name, or MODEL_NONE after reporting; "no <noun> is named 'x'". */
size_t build_find(struct build *b, const struct names *names, const struct node *n, const char *noun);

void build_board(struct build *b, const struct node *tree);
void build_devices(struct build *b, const struct node *tree);
void build_properties(struct build *b, struct m_device *dev, const struct node *n);
/* Behind its registers and properties. */
void build_pci(struct m_device *dev);
void build_reset(struct build *b, struct m_device *dev, const struct node *n);
void build_system(struct build *b, const struct node *tree);
/* Whether the IPMMUs are driven; behind build_owners(). */
void build_ipmmus(struct build *b);
/* `viommu` of a domain; and, behind build_owners(), the streams of all that have one. */
void build_vsmmu(struct build *b, struct m_domain *dom, const struct node *n);
void build_vstreams(struct build *b);
/* `shared-memory` and `doorbells`: of the system, then of each domain. */
void build_shared(struct build *b, const struct node *tree);
void build_uses(struct build *b, struct m_domain *dom, const struct node *n);
/* Who gets what is left. */
void build_owners(struct build *b);
void build_overrides(struct build *b, const struct model_override *o);

#endif
