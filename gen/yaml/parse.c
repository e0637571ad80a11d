/* SPDX-License-Identifier: Apache-2.0 */
/* libyaml's events to a tree of nodes. Open collections are kept in an array, so
 * that hostile depth costs no stack. */
#include <stdlib.h>
#include <string.h>

#include "util/strmap.h"
#include "yaml/reader.h"

#define STACK_ROOM 256u /* to begin with */
#define HASH_FROM 8u /* mappings with more keys are checked for duplicates by hash */

/* A collection whose end has not come yet. Its nodes are on the stack from
 * `first`; in a mapping keys and values take turns. */
struct frame {
	struct node *node;
	size_t first;
	struct node *key;   /* mapping: its value comes next; NULL: a key comes next */
	size_t key_start;   /* character offsets, to see a comma without a blank */
	size_t last_end;
	struct node *last;  /* node before this one, when it was a plain scalar */
	bool flow;
	bool comma_reported;
	struct strmap keys; /* filled from HASH_FROM keys on */
};

struct parse {
	struct yaml *y;
	struct diag *d;
	const char *name;
	struct frame frames[YAML_DEPTH_MAX];
	size_t depth;
	struct node **stack;
	size_t stack_count;
	size_t stack_room;
	size_t node_count;
	size_t documents;
	struct node *root;
	bool stop; /* nothing more can be read */
};

static struct node *parse_node(struct parse *p, enum node_kind kind, const yaml_event_t *e)
{
	struct node *n = arena_alloc(p->y->arena, sizeof(*n));
	size_t len = 1;

	if (e->start_mark.line == e->end_mark.line) {
		len = e->end_mark.column - e->start_mark.column;
	}
	n->kind = kind;
	n->pos = reader_pos(p->name, &e->start_mark, len);
	p->node_count++;
	if (p->node_count > YAML_NODES_MAX) {
		diag_error(p->d, 110, n->pos, "the file holds more than %u values", YAML_NODES_MAX);
		p->stop = true;
	}
	return n;
}

static void parse_push(struct parse *p, struct node *n)
{
	if (p->stack_count == p->stack_room) {
		p->stack_room *= 2;
		p->stack = memory_resize(p->stack, p->stack_room, sizeof(struct node *));
	}
	p->stack[p->stack_count++] = n;
}

/* The mapping's earlier key with this text, or NULL. */
static struct node *parse_known_key(struct parse *p, struct frame *f, const struct node *key)
{
	size_t count = (p->stack_count - f->first) / 2;
	size_t known;

	if (count <= HASH_FROM) {
		for (size_t i = 0; i < count; i++) {
			if (strcmp(p->stack[f->first + 2 * i]->text, key->text) == 0) {
				return p->stack[f->first + 2 * i];
			}
		}
		return NULL;
	}
	for (size_t i = f->keys.count; i < count; i++) {
		strmap_add(&f->keys, p->stack[f->first + 2 * i]->text, i);
	}
	known = strmap_get(&f->keys, key->text);
	return known == STRMAP_NONE ? NULL : p->stack[f->first + 2 * known];
}

static void parse_key(struct parse *p, struct frame *f, struct node *key)
{
	const struct node *known;
	struct diag_msg *m;

	f->key = key;
	if (key->kind == NODE_REFUSED) {
		return;
	}
	if (key->kind != NODE_SCALAR || key->text_len == 0) {
		m = diag_error(p->d, 108, key->pos, "a key must be a plain text");
		diag_help(m, "write 'name: value'");
		key->kind = NODE_REFUSED;
	} else if (!key->quoted && strcmp(key->text, "<<") == 0) {
		m = diag_error(p->d, 105, key->pos, "merge keys ('<<') are not taken");
		diag_help(m, "write the keys out; what files share goes into a file that `include:` names");
		key->kind = NODE_REFUSED;
	} else if ((known = parse_known_key(p, f, key)) != NULL) {
		m = diag_error(p->d, 107, key->pos, "key '%s' is given twice", key->text);
		diag_note(m, known->pos, "first given");
		diag_help(m, "delete one of the two, or give it another name");
		key->kind = NODE_REFUSED;
	}
}

/* [arm,pl011] is two values and {compatible: arm,armv8} two keys: hardly ever meant. */
static void parse_comma(struct parse *p, struct frame *f, const struct node *before, const struct node *now)
{
	struct diag_msg *m;
	struct pos at = before->pos;

	if (f->comma_reported) {
		return;
	}
	f->comma_reported = true;
	at.len = now->pos.line == at.line ? now->pos.col + now->pos.len - at.col : at.len;
	m = diag_error(p->d, 111, at, "'%s,%s' is two values, because ',' separates them here", before->text,
		       now->text);
	diag_help(m, "write \"%s,%s\" in quotes if it is one, or a blank behind the comma if it is two",
		  before->text, now->text);
}

static bool starts_with_digit(const struct node *n)
{
	return n->text[0] >= '0' && n->text[0] <= '9';
}

static void parse_spacing(struct parse *p, struct frame *f, struct node *n, const yaml_event_t *e)
{
	bool plain = n->kind == NODE_SCALAR && !n->quoted;
	bool is_key = f->node->kind == NODE_MAPPING && f->key == NULL;
	bool is_value = f->node->kind == NODE_MAPPING && f->key != NULL;
	size_t start = is_value ? f->key_start : e->start_mark.index;

	if (f->flow && plain && f->last != NULL && !is_key && start == f->last_end + 1) {
		if (f->node->kind == NODE_SEQUENCE && !(starts_with_digit(f->last) && starts_with_digit(n))) {
			parse_comma(p, f, f->last, n);
		} else if (is_value && n->text_len == 0 && f->key->kind == NODE_SCALAR && !f->key->quoted) {
			parse_comma(p, f, f->last, f->key);
			n->kind = NODE_REFUSED;
			f->key->kind = NODE_REFUSED;
		}
	}
	if (is_key) {
		f->key_start = e->start_mark.index;
	} else {
		f->last = plain && n->kind == NODE_SCALAR && n->text_len > 0 ? n : NULL;
		f->last_end = e->end_mark.index;
	}
}

/* Puts a complete node where it belongs. `e` is the event that began it. */
static void parse_place(struct parse *p, struct node *n, const yaml_event_t *e)
{
	struct frame *f;

	if (p->depth == 0) {
		p->root = p->documents == 1 ? n : p->root;
		return;
	}
	f = &p->frames[p->depth - 1];
	parse_spacing(p, f, n, e);
	if (f->node->kind == NODE_SEQUENCE) {
		parse_push(p, n);
	} else if (f->key == NULL) {
		parse_key(p, f, n);
	} else {
		if (f->key->kind == NODE_SCALAR) {
			parse_push(p, f->key);
			parse_push(p, n);
		} else if (n->kind != NODE_SCALAR) {
			p->y->gaps = true;
		}
		f->key = NULL;
	}
}

static void parse_anchor(struct parse *p, const yaml_event_t *e, const unsigned char *anchor,
			 const unsigned char *tag)
{
	struct diag_msg *m;

	if (anchor != NULL) {
		m = diag_error(p->d, 105, reader_pos(p->name, &e->start_mark, strlen((const char *)anchor) + 1),
			       "anchors ('&%s') are not taken", anchor);
		if (e->type == YAML_SCALAR_EVENT) {
			diag_help(m, "a reference to a device is a text: \"&%s\" in quotes", anchor);
		} else {
			diag_help(m, "delete it; what files share goes into a file that `include:` names");
		}
	} else if (tag != NULL) {
		m = diag_error(p->d, 105, reader_pos(p->name, &e->start_mark, 1), "tags ('!') are not taken");
		diag_help(m, "delete the tag; a text that begins with '!' needs quotes");
	}
}

static void parse_alias(struct parse *p, const yaml_event_t *e)
{
	struct node *n = parse_node(p, NODE_REFUSED, e);
	const struct frame *f = p->depth == 0 ? NULL : &p->frames[p->depth - 1];
	const char *anchor = (const char *)e->data.alias.anchor;
	struct diag_msg *m;

	/* The value of a refused merge key needs no words of its own. */
	if (f == NULL || f->key == NULL || f->key->kind != NODE_REFUSED) {
		m = diag_error(p->d, 105, n->pos, "aliases ('*%s') are not taken", anchor);
		diag_help(m, "write the value out; a text that begins with '*' needs quotes");
	}
	parse_place(p, n, e);
}

static void parse_scalar(struct parse *p, const yaml_event_t *e)
{
	struct node *n = parse_node(p, NODE_SCALAR, e);
	const char *value = (const char *)e->data.scalar.value;

	n->text_len = e->data.scalar.length;
	n->text = arena_copy(p->y->arena, value, n->text_len);
	n->quoted = e->data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
	if (memchr(value, '\0', n->text_len) != NULL) {
		diag_error(p->d, 103, n->pos, "a text cannot hold the character NUL");
		n->kind = NODE_REFUSED;
	} else if (e->data.scalar.anchor != NULL || (e->data.scalar.tag != NULL && !e->data.scalar.plain_implicit &&
						      !e->data.scalar.quoted_implicit)) {
		parse_anchor(p, e, e->data.scalar.anchor, e->data.scalar.tag);
		n->kind = NODE_REFUSED;
	}
	parse_place(p, n, e);
}

static void parse_open(struct parse *p, enum node_kind kind, const yaml_event_t *e)
{
	struct node *n = parse_node(p, kind, e);
	struct frame *f;

	if (p->depth == YAML_DEPTH_MAX) {
		diag_error(p->d, 109, n->pos, "nested deeper than %u levels", YAML_DEPTH_MAX);
		p->stop = true;
		return;
	}
	f = &p->frames[p->depth++];
	*f = (struct frame){.node = n, .first = p->stack_count};
	if (kind == NODE_SEQUENCE) {
		f->flow = e->data.sequence_start.style == YAML_FLOW_SEQUENCE_STYLE;
		parse_anchor(p, e, e->data.sequence_start.anchor, e->data.sequence_start.tag);
	} else {
		f->flow = e->data.mapping_start.style == YAML_FLOW_MAPPING_STYLE;
		parse_anchor(p, e, e->data.mapping_start.anchor, e->data.mapping_start.tag);
	}
}

static void parse_close(struct parse *p, const yaml_event_t *e)
{
	struct frame *f = &p->frames[--p->depth];
	struct node *n = f->node;
	size_t step = n->kind == NODE_MAPPING ? 2 : 1;
	struct node **from = p->stack + f->first;

	n->count = (p->stack_count - f->first) / step;
	n->items = arena_array(p->y->arena, n->count, sizeof(struct node *));
	if (step == 2) {
		n->keys = arena_array(p->y->arena, n->count, sizeof(struct node *));
	}
	for (size_t i = 0; i < n->count; i++) {
		n->items[i] = from[step * i + step - 1];
		if (step == 2) {
			n->keys[i] = from[2 * i];
		}
	}
	if (f->flow && n->pos.line == e->end_mark.line + 1) {
		n->pos.len = (uint32_t)e->end_mark.column + 1 - n->pos.col;
	}
	p->stack_count = f->first;
	strmap_free(&f->keys);
	parse_place(p, n, e);
}

static void parse_document(struct parse *p, const yaml_event_t *e)
{
	struct pos at = reader_pos(p->name, &e->start_mark, 3);
	struct diag_msg *m;

	p->documents++;
	if (p->documents > 1) {
		m = diag_error(p->d, 106, at, "a second document begins here");
		diag_help(m, "one file holds one document; remove the '---'");
		p->stop = true;
		p->y->gaps = true;
	} else if (e->data.document_start.version_directive != NULL ||
		   e->data.document_start.tag_directives.start != e->data.document_start.tag_directives.end) {
		m = diag_error(p->d, 105, at, "directives ('%%') are not taken");
		diag_help(m, "delete the line");
	}
}

static void parse_event(struct parse *p, const yaml_event_t *e)
{
	switch (e->type) {
	case YAML_DOCUMENT_START_EVENT:
		parse_document(p, e);
		break;
	case YAML_ALIAS_EVENT:
		parse_alias(p, e);
		break;
	case YAML_SCALAR_EVENT:
		parse_scalar(p, e);
		break;
	case YAML_SEQUENCE_START_EVENT:
		parse_open(p, NODE_SEQUENCE, e);
		break;
	case YAML_MAPPING_START_EVENT:
		parse_open(p, NODE_MAPPING, e);
		break;
	case YAML_SEQUENCE_END_EVENT:
	case YAML_MAPPING_END_EVENT:
		parse_close(p, e);
		break;
	case YAML_STREAM_END_EVENT:
		p->stop = true;
		break;
	default:
		break;
	}
}

/* Reads events until the end or until nothing more can be read; false: no tree. */
static bool parse_run(struct parse *p, yaml_parser_t *parser)
{
	yaml_event_t e;
	bool complete = false;

	while (!p->stop) {
		if (yaml_parser_parse(parser, &e) == 0) {
			syntax_report(p->d, p->name, parser);
			return false;
		}
		parse_event(p, &e);
		complete = e.type == YAML_STREAM_END_EVENT || p->documents > 1;
		yaml_event_delete(&e);
	}
	return complete;
}

struct node *yaml_parse(struct yaml *y, struct diag *d, const char *name, const char *text, size_t len)
{
	struct parse *p;
	struct node *root = NULL;
	yaml_parser_t parser;

	diag_source(d, name, text, len);
	if (!text_check(d, name, text, len)) {
		return NULL;
	}
	if (yaml_parser_initialize(&parser) == 0) {
		diag_error(d, 102, (struct pos){.file = name}, "the YAML library ran out of memory");
		return NULL;
	}
	p = arena_alloc(y->arena, sizeof(*p));
	p->y = y;
	p->d = d;
	p->name = name;
	p->stack_room = STACK_ROOM;
	p->stack = memory_resize(NULL, p->stack_room, sizeof(struct node *));
	yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&parser, (const unsigned char *)text, len);
	if (parse_run(p, &parser)) {
		root = p->root;
		if (root == NULL || (root->kind == NODE_SCALAR && root->text_len == 0 && !root->quoted)) {
			diag_error(d, 102, (struct pos){.file = name}, "the file is empty%s",
				   len == 0 ? "" : ": it holds no keys");
			root = NULL;
		}
	}
	while (p->depth > 0) {
		strmap_free(&p->frames[--p->depth].keys);
	}
	free(p->stack);
	yaml_parser_delete(&parser);
	return root;
}
