// SPDX-License-Identifier: Apache-2.0
#include "yaml.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#define DEPTH_MAX 32
#define BYTES_MAX (16L << 20)

struct reader {
	yaml_parser_t parser;
	struct mem *mem;
	const char *path;
	struct yaml_error *error;
};

static void yaml_refuse(struct reader *r, yaml_mark_t mark, const char *text)
{
	if (r->error->text == NULL) {
		r->error->at = (struct place){r->path, (uint32_t)mark.line + 1, (uint32_t)mark.column + 1};
		r->error->text = text;
	}
}

static bool yaml_next(struct reader *r, yaml_event_t *event)
{
	if (yaml_parser_parse(&r->parser, event) == 0) {
		yaml_refuse(r, r->parser.problem_mark,
			    mem_print(r->mem, "not YAML: %s",
				      r->parser.problem != NULL ? r->parser.problem : "unreadable"));
		return false;
	}
	return true;
}

static struct yaml_item *yaml_new(struct reader *r, enum yaml_kind kind, yaml_mark_t mark)
{
	struct yaml_item *item = mem_alloc(r->mem, 1, sizeof(*item));

	item->kind = kind;
	item->at = (struct place){r->path, (uint32_t)mark.line + 1, (uint32_t)mark.column + 1};
	return item;
}

static struct yaml_item *yaml_scalar(struct reader *r, const yaml_event_t *event)
{
	struct yaml_item *item = yaml_new(r, YAML_SCALAR, event->start_mark);

	if (event->data.scalar.anchor != NULL || event->data.scalar.tag != NULL) {
		yaml_refuse(r, event->start_mark, "anchors and tags are not taken");
		return NULL;
	}
	if (strlen((const char *)event->data.scalar.value) != event->data.scalar.length) {
		yaml_refuse(r, event->start_mark, "a zero byte inside a text");
		return NULL;
	}
	item->text = mem_print(r->mem, "%s", (const char *)event->data.scalar.value);
	item->quoted = event->data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
	return item;
}

static struct yaml_item *yaml_value(struct reader *r, const yaml_event_t *event, int depth);

static int yaml_compare(const void *a, const void *b)
{
	const struct yaml_entry *x = a;
	const struct yaml_entry *y = b;

	return strcmp(x->key->text, y->key->text);
}

static void yaml_sort(struct mem *m, struct yaml_item *map)
{
	map->sorted = mem_alloc(m, map->count, sizeof(*map->sorted));
	for (size_t i = 0; i < map->count; i++) {
		map->sorted[i] = (struct yaml_entry){map->keys[i], map->values[i]};
	}
	qsort(map->sorted, map->count, sizeof(*map->sorted), yaml_compare);
}

static bool yaml_index(struct reader *r, struct yaml_item *map)
{
	yaml_sort(r->mem, map);
	for (size_t i = 1; i < map->count; i++) {
		if (yaml_compare(&map->sorted[i - 1], &map->sorted[i]) == 0) {
			struct place at = map->sorted[i].key->at;
			yaml_mark_t mark = {0, at.line - 1, at.col - 1};

			yaml_refuse(
				r, mark,
				mem_print(r->mem, "key '%s' stands here twice", map->sorted[i].key->text));
			return false;
		}
	}
	return true;
}

/* `key` is NULL in a list. */
static void yaml_append(struct mem *m, struct yaml_item *map, struct yaml_item *key, struct yaml_item *value)
{
	map->keys = mem_grow(m, map->keys, map->count, &map->key_cap, sizeof(*map->keys));
	map->values = mem_grow(m, map->values, map->count, &map->cap, sizeof(*map->values));
	map->keys[map->count] = key;
	map->values[map->count++] = value;
}

/* Items up to the event `end`. */
static bool yaml_fill(struct reader *r, struct yaml_item *into, yaml_event_type_t end, int depth)
{
	struct yaml_item *key = NULL;

	for (;;) {
		yaml_event_t event;
		struct yaml_item *item;

		if (!yaml_next(r, &event)) {
			return false;
		}
		if (event.type == end) {
			yaml_event_delete(&event);
			return into->kind != YAML_MAP || yaml_index(r, into);
		}
		item = yaml_value(r, &event, depth);
		if (item != NULL && into->kind == YAML_MAP && key == NULL && item->kind != YAML_SCALAR) {
			yaml_refuse(r, event.start_mark, "this key is not a scalar");
			item = NULL;
		}
		yaml_event_delete(&event);
		if (item == NULL) {
			return false;
		}
		if (into->kind == YAML_MAP && key == NULL) {
			key = item;
			continue;
		}
		yaml_append(r->mem, into, key, item);
		key = NULL;
	}
}

static struct yaml_item *yaml_value(struct reader *r, const yaml_event_t *event, int depth)
{
	struct yaml_item *item;
	const void *anchor;
	const void *tag;
	bool map = event->type == YAML_MAPPING_START_EVENT;

	if (event->type == YAML_SCALAR_EVENT) {
		return yaml_scalar(r, event);
	}
	if (event->type != YAML_SEQUENCE_START_EVENT && !map) {
		yaml_refuse(r, event->start_mark, "aliases are not taken");
		return NULL;
	}
	anchor = map ? event->data.mapping_start.anchor : event->data.sequence_start.anchor;
	tag = map ? event->data.mapping_start.tag : event->data.sequence_start.tag;
	if (anchor != NULL || tag != NULL) {
		yaml_refuse(r, event->start_mark, "anchors and tags are not taken");
		return NULL;
	}
	if (depth == DEPTH_MAX) {
		yaml_refuse(r, event->start_mark, "nested too deeply");
		return NULL;
	}
	item = yaml_new(r, map ? YAML_MAP : YAML_LIST, event->start_mark);
	if (!yaml_fill(r, item, map ? YAML_MAPPING_END_EVENT : YAML_SEQUENCE_END_EVENT, depth + 1)) {
		return NULL;
	}
	return item;
}

/* An empty document is an empty map. */
static struct yaml_item *yaml_document(struct reader *r)
{
	yaml_mark_t start = {0, 0, 0};
	struct yaml_item *root = NULL;
	int documents = 0;
	bool more = true;

	while (more) {
		yaml_event_t event;

		if (!yaml_next(r, &event)) {
			return NULL;
		}
		more = event.type != YAML_STREAM_END_EVENT;
		if (event.type == YAML_DOCUMENT_START_EVENT && ++documents > 1) {
			yaml_refuse(r, event.start_mark, "more than one document");
		} else if (event.type == YAML_MAPPING_START_EVENT) {
			root = yaml_value(r, &event, 0);
		} else if (event.type == YAML_SCALAR_EVENT || event.type == YAML_SEQUENCE_START_EVENT ||
			   event.type == YAML_ALIAS_EVENT) {
			yaml_refuse(r, event.start_mark, "not a mapping");
		}
		yaml_event_delete(&event);
		if (r->error->text != NULL) {
			return NULL;
		}
	}
	return root != NULL ? root : yaml_new(r, YAML_MAP, start);
}

struct yaml_item *yaml_load(struct mem *m, const char *path, struct yaml_error *error)
{
	struct reader r = {.mem = m, .path = path, .error = error};
	struct yaml_item *root = NULL;
	FILE *file = fopen(path, "rb");
	yaml_mark_t start = {0, 0, 0};

	if (file == NULL) {
		yaml_refuse(&r, start, mem_print(m, "cannot be opened: %s", strerror(errno)));
		return NULL;
	}
	if (fseek(file, 0, SEEK_END) != 0 || ftell(file) < 0 || ftell(file) > BYTES_MAX ||
	    fseek(file, 0, SEEK_SET) != 0) {
		yaml_refuse(&r, start, "not a file of at most 16 MiB");
	} else if (yaml_parser_initialize(&r.parser) == 0) {
		yaml_refuse(&r, start, "no memory to read it");
	} else {
		yaml_parser_set_input_file(&r.parser, file);
		root = yaml_document(&r);
		yaml_parser_delete(&r.parser);
	}
	fclose(file);
	return root;
}

static struct yaml_item *yaml_find(const struct yaml_item *map, const char *key)
{
	struct yaml_item wanted = {.text = key};
	struct yaml_entry entry = {&wanted, NULL};
	const struct yaml_entry *found;

	if (map == NULL || map->kind != YAML_MAP || map->count == 0) {
		return NULL;
	}
	found = bsearch(&entry, map->sorted, map->count, sizeof(entry), yaml_compare);
	return found != NULL ? found->value : NULL;
}

bool yaml_number(const struct yaml_item *item, uint64_t *value)
{
	const char *s;
	uint64_t base = 10;
	uint64_t v = 0;

	if (item == NULL || item->kind != YAML_SCALAR || item->quoted) {
		return false;
	}
	s = item->text;
	if (s[0] == '0' && s[1] == 'x') {
		base = 16;
		s += 2;
	} else if (s[0] == '0' && s[1] != 0) {
		return false;
	}
	if (*s == 0) {
		return false;
	}
	for (; *s != 0; s++) {
		static const char digits[] = "0123456789abcdef";
		const char *digit = strchr(digits, *s >= 'A' && *s <= 'F' ? *s - 'A' + 'a' : *s);

		if (digit == NULL || (uint64_t)(digit - digits) >= base ||
		    v > (UINT64_MAX - (uint64_t)(digit - digits)) / base) {
			return false;
		}
		v = v * base + (uint64_t)(digit - digits);
	}
	*value = v;
	return true;
}

bool yaml_is(const struct yaml_item *item, const char *text)
{
	return item != NULL && item->kind == YAML_SCALAR && strcmp(item->text, text) == 0;
}

const struct yaml_item *yaml_get(const struct yaml_item *map, const char *key)
{
	return yaml_find(map, key);
}

void yaml_merge(struct mem *m, struct yaml_item *into, const struct yaml_item *from)
{
	size_t added = 0;
	struct yaml_entry *more = mem_alloc(m, from->count, sizeof(*more));

	for (size_t i = 0; i < from->count; i++) {
		struct yaml_item *mine = yaml_find(into, from->keys[i]->text);

		if (mine == NULL) {
			more[added++] = (struct yaml_entry){from->keys[i], from->values[i]};
		} else if (mine->kind == YAML_MAP && from->values[i]->kind == YAML_MAP) {
			yaml_merge(m, mine, from->values[i]);
		}
	}
	for (size_t i = 0; i < added; i++) {
		yaml_append(m, into, more[i].key, more[i].value);
	}
	yaml_sort(m, into);
}
