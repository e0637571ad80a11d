/* SPDX-License-Identifier: Apache-2.0 */
#include "diag/diag.h"

struct code {
	unsigned int code;
	const char *title;
	const char *text;
};

#define CODE(number, title, text) {number, title, text},
static const struct code codes[] = {
#include "diag/codes.def"
};
#undef CODE

#define CODE_COUNT (sizeof(codes) / sizeof(codes[0]))

static const struct code *code_find(unsigned int code)
{
	for (size_t i = 0; i < CODE_COUNT; i++) {
		if (codes[i].code == code) {
			return &codes[i];
		}
	}
	return NULL;
}

const char *diag_explain(unsigned int code)
{
	const struct code *c = code_find(code);

	return c == NULL ? NULL : c->text;
}

const char *diag_title(unsigned int code)
{
	const struct code *c = code_find(code);

	return c == NULL ? NULL : c->title;
}

unsigned int diag_code_at(size_t index)
{
	return index < CODE_COUNT ? codes[index].code : 0;
}
