/* SPDX-License-Identifier: Apache-2.0 */
/* The words that schema/board.def and schema/system.def are written in: each makes a
 * struct schema_type named type_ID. Included by tables.c alone. */
#ifndef GEN_SCHEMA_MACROS_H
#define GEN_SCHEMA_MACROS_H

#include "schema/schema.h"
#include "types.h"

#define SIMPLE(id_, kind_, what_) \
	static const struct schema_type type_##id_ = {.kind = kind_, .id = #id_, .what = what_};
#define TEXT(id, what) SIMPLE(id, SCHEMA_TEXT, what)
#define NAME(id, what) SIMPLE(id, SCHEMA_NAME, what)
#define PROPERTY_NAME(id, what) SIMPLE(id, SCHEMA_PROPERTY_NAME, what)
#define BOOLEAN(id, what) SIMPLE(id, SCHEMA_BOOLEAN, what)
#define RANGE(id, what) SIMPLE(id, SCHEMA_RANGE, what)

#define INTEGER(id_, min_, max_, align_, what_) \
	static const struct schema_type type_##id_ = { \
		.kind = SCHEMA_INTEGER, .id = #id_, .what = what_, .min = min_, .max = max_, .align = align_};
#define LIST(id_, item_, least_, what_) \
	static const struct schema_type type_##id_ = { \
		.kind = SCHEMA_LIST, .id = #id_, .what = what_, .min = least_, .item = &type_##item_};
#define MAP(id_, key_, item_, least_, what_) \
	static const struct schema_type type_##id_ = {.kind = SCHEMA_MAP, \
						      .id = #id_, \
						      .what = what_, \
						      .min = least_, \
						      .key = &type_##key_, \
						      .item = &type_##item_};

#define ENUM(id) static const struct schema_choice id##_choices[] = {
#define CHOICE(value, doc) {value, doc},
#define END_CHOICES(id_, kind_, what_) \
	} \
	; \
	static const struct schema_type type_##id_ = { \
		.kind = kind_, .id = #id_, .what = what_, .choices = id_##_choices, .count = ARRAY_SIZE(id_##_choices)};
#define END_ENUM(id, what) END_CHOICES(id, SCHEMA_ENUM, what)
#define NUMBERS(id) ENUM(id)
#define END_NUMBERS(id, what) END_CHOICES(id, SCHEMA_INTEGER, what)

#define UNION(id) static const struct schema_type *const id##_alternatives[] = {
#define OR(type) &type_##type,
#define END_UNION(id_, what_) \
	} \
	; \
	static const struct schema_type type_##id_ = {.kind = SCHEMA_UNION, \
						      .id = #id_, \
						      .what = what_, \
						      .alternatives = id_##_alternatives, \
						      .count = ARRAY_SIZE(id_##_alternatives)};

#define OBJECT(id) static const struct schema_key id##_keys[] = {
#define KEY(name, type, need, standard, doc, example) {name, &type_##type, need, standard, doc, example},
#define END_OBJECT(id_, noun_, what_) \
	} \
	; \
	static const struct schema_type type_##id_ = {.kind = SCHEMA_OBJECT, \
						      .id = #id_, \
						      .what = what_, \
						      .noun = noun_, \
						      .keys = id_##_keys, \
						      .count = ARRAY_SIZE(id_##_keys)};

#endif
