// SPDX-License-Identifier: Apache-2.0
/* The small things that board.yaml and system.yaml are made of. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "board.h"
#include "runs.h"

void board_refuse(struct board *b, const struct yaml_item *item, const char *fmt, ...)
{
	char text[256];
	va_list ap;

	if (b->error.text != NULL) {
		return;
	}
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	b->error.text = mem_print(b->mem, "%s", text);
	if (item != NULL) {
		b->error.at = item->at;
	}
}

uint64_t board_number(struct board *b, const struct yaml_item *map, const char *key, uint64_t otherwise)
{
	const struct yaml_item *item = yaml_get(map, key);
	uint64_t value = otherwise;

	if (item != NULL && !yaml_number(item, &value)) {
		board_refuse(b, item, "'%s' is not a number", key);
	}
	return value;
}

bool board_flag(struct board *b, const struct yaml_item *map, const char *key)
{
	const struct yaml_item *item = yaml_get(map, key);

	if (item != NULL && (item->quoted || (!yaml_is(item, "true") && !yaml_is(item, "false")))) {
		board_refuse(b, item, "'%s' is neither true nor false", key);
	}
	return yaml_is(item, "true");
}

struct range board_range(struct board *b, const struct yaml_item *pair)
{
	struct range r = {.size = 0};

	if (pair == NULL) {
		return r;
	}
	r.at = pair->at;
	if (pair->kind != YAML_LIST || pair->count != 2 || !yaml_number(pair->values[0], &r.base) ||
	    !yaml_number(pair->values[1], &r.size) || r.size == 0 || r.base + r.size < r.base) {
		board_refuse(b, pair, "not [base, size] inside the address space");
		r.size = 0;
	}
	return r;
}

void board_ranges(struct board *b, const struct yaml_item *item, struct range **v, size_t *count, size_t *cap)
{
	bool many;

	if (item == NULL) {
		return;
	}
	many = item->kind == YAML_LIST && item->count > 0 && item->values[0]->kind == YAML_LIST;
	for (size_t i = 0; i < (many ? item->count : 1); i++) {
		*v = mem_grow(b->mem, *v, *count, cap, sizeof(**v));
		(*v)[(*count)++] = board_range(b, many ? item->values[i] : item);
	}
}

struct irq board_irq(struct board *b, const struct yaml_item *item)
{
	struct irq irq = {.intid = 0};
	const struct yaml_item *spi = yaml_get(item, "spi");
	const struct yaml_item *ppi = yaml_get(item, "ppi");
	const struct yaml_item *trigger = yaml_get(item, "trigger");
	uint64_t number = 0;

	if (item == NULL) {
		return irq;
	}
	irq.at = item->at;
	if ((spi != NULL) == (ppi != NULL) || !yaml_number(spi != NULL ? spi : ppi, &number) ||
	    number > (spi != NULL ? 987 : 15)) {
		board_refuse(b, item, "not an interrupt");
		return irq;
	}
	irq.intid = (uint32_t)number + (spi != NULL ? 32 : 16);
	irq.edge = yaml_is(trigger, "edge-rising") || yaml_is(trigger, "edge-falling");
	if (trigger != NULL && !irq.edge && !yaml_is(trigger, "level-high") &&
	    !yaml_is(trigger, "level-low")) {
		board_refuse(b, trigger, "not a trigger");
	}
	return irq;
}

uint32_t board_type(struct board *b, const struct yaml_item *item, uint32_t otherwise)
{
	static const char *const names[] = {
		[MEMORY_NGNRNE] = "device-nGnRnE", [MEMORY_NGNRE] = "device-nGnRE",
		[MEMORY_NGRE] = "device-nGRE",	   [MEMORY_GRE] = "device-GRE",
		[MEMORY_NC] = "normal-nc",	   [MEMORY_WT] = "normal-wt",
		[MEMORY_WB] = "normal-wb",
	};

	if (item == NULL) {
		return otherwise;
	}
	for (uint32_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (yaml_is(item, names[i])) {
			return i;
		}
	}
	board_refuse(b, item, "not a memory type");
	return otherwise;
}
