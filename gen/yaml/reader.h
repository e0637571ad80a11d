/* SPDX-License-Identifier: Apache-2.0 */
/* What the reader's parts share; only gen/yaml includes this. */
#ifndef GEN_YAML_READER_H
#define GEN_YAML_READER_H

#include <yaml.h>

#include "util/arena.h"
#include "yaml/node.h"

struct yaml {
	struct arena *arena;
	bool gaps;
};

/* Reports what makes the bytes no plain UTF-8 text, and tabs that indent. True
 * when libyaml may read them. */
bool text_check(struct diag *d, const char *name, const char *text, size_t len);

/* Reports why libyaml gave up, in words that say what to do. */
void syntax_report(struct diag *d, const char *name, const yaml_parser_t *parser);

/* Place of a libyaml mark; `len` columns. */
struct pos reader_pos(const char *name, const yaml_mark_t *mark, size_t len);

#endif
