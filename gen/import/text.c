// SPDX-License-Identifier: Apache-2.0
/* Texts and comments of the files. Nothing of a blob gets into them but what prints. */
#include <inttypes.h>
#include <string.h>

#include "import/import.h"

#define COLUMNS 100u

static bool prints(char c)
{
	return (unsigned char)c >= 0x20 && (unsigned char)c <= 0x7e;
}

void text_write(FILE *out, const char *text)
{
	fputc('"', out);
	for (; *text != '\0'; text++) {
		if (*text == '"' || *text == '\\') {
			fputc('\\', out);
		}
		fputc(prints(*text) ? *text : '?', out);
	}
	fputc('"', out);
}

void range_write(FILE *out, const struct i_range *r)
{
	fprintf(out, "[0x%" PRIx64 ", 0x%" PRIx64 "]", r->base, r->size);
}

const char *trigger_text(enum m_trigger trigger)
{
	static const char *const texts[] = {
		[TRIGGER_LEVEL_HIGH] = "", [TRIGGER_LEVEL_LOW] = ", trigger: level-low",
		[TRIGGER_EDGE_RISING] = ", trigger: edge-rising", [TRIGGER_EDGE_FALLING] = ", trigger: edge-falling"};

	return texts[trigger];
}

void irq_write(FILE *out, const struct i_irq *irq)
{
	fprintf(out, "{%s: %u%s}", irq->ppi ? "ppi" : "spi", irq->number, trigger_text(irq->trigger));
}

static void note_write(FILE *out, const char *text, const char *indent)
{
	size_t column = 0;

	while (*text != '\0') {
		size_t word = strcspn(text, " ");

		if (column == 0 || column + 1 + word > COLUMNS) {
			fprintf(out, "%s%s#", column == 0 ? "" : "\n", indent);
			column = strlen(indent) + 1;
		}
		fputc(' ', out);
		for (size_t i = 0; i < word; i++) {
			fputc(prints(text[i]) ? text[i] : '?', out);
		}
		column += 1 + word;
		text += word;
		text += strspn(text, " ");
	}
	fputc('\n', out);
}

void notes_write(struct import *im, FILE *out, const struct i_notes *n, const char *indent)
{
	for (size_t i = 0; i < n->count; i++) {
		note_write(out, n->list[i], indent);
		im->decisions += strncmp(n->list[i], "DECIDE", 6) == 0;
	}
}
