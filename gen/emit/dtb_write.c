// SPDX-License-Identifier: Apache-2.0
#include <libfdt.h>
#include <stdarg.h>
#include <string.h>

#include "emit/dtb.h"

static void dtb_keep(struct dtb *t, int error)
{
	if (t->error == 0) {
		t->error = error;
	}
}

void dtb_node(struct dtb *t, const char *fmt, ...)
{
	char name[DTB_PATH_MAX];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(name, sizeof(name), fmt, ap);
	va_end(ap);
	if (t->error == 0) {
		dtb_keep(t, fdt_begin_node(t->fdt, name));
	}
}

void dtb_end(struct dtb *t)
{
	if (t->error == 0) {
		dtb_keep(t, fdt_end_node(t->fdt));
	}
}

/* Room for `size` bytes of a property's value, NULL after an error. */
static void *dtb_property(struct dtb *t, const char *name, size_t size)
{
	void *value = NULL;

	if (t->error == 0) {
		dtb_keep(t, fdt_property_placeholder(t->fdt, name, (int)size, &value));
	}
	return t->error == 0 ? value : NULL;
}

void dtb_empty(struct dtb *t, const char *name)
{
	dtb_property(t, name, 0);
}

void dtb_cells(struct dtb *t, const char *name, const uint32_t *cells, size_t count)
{
	fdt32_t *value = dtb_property(t, name, count * sizeof(*value));

	for (size_t i = 0; value != NULL && i < count; i++) {
		value[i] = cpu_to_fdt32(cells[i]);
	}
}

void dtb_u32(struct dtb *t, const char *name, uint32_t value)
{
	dtb_cells(t, name, &value, 1);
}

void dtb_u64(struct dtb *t, const char *name, uint64_t value)
{
	const uint32_t cells[] = {(uint32_t)(value >> 32), (uint32_t)value};

	dtb_cells(t, name, cells, 2);
}

void dtb_strings(struct dtb *t, const char *name, const char *const *strings, size_t count)
{
	size_t size = 0;

	for (size_t i = 0; i < count; i++) {
		size += strlen(strings[i]) + 1;
	}
	char *value = dtb_property(t, name, size);
	for (size_t i = 0; value != NULL && i < count; i++) {
		size_t len = strlen(strings[i]) + 1;
		memcpy(value, strings[i], len);
		value += len;
	}
}

void dtb_string(struct dtb *t, const char *name, const char *value)
{
	dtb_strings(t, name, &value, 1);
}

void dtb_reg(struct dtb *t, const struct m_range *list, size_t count)
{
	fdt32_t *value = dtb_property(t, "reg", count * 4 * sizeof(*value));

	for (size_t i = 0; value != NULL && i < count; i++) {
		*value++ = cpu_to_fdt32((uint32_t)(list[i].base >> 32));
		*value++ = cpu_to_fdt32((uint32_t)list[i].base);
		*value++ = cpu_to_fdt32((uint32_t)(list[i].size >> 32));
		*value++ = cpu_to_fdt32((uint32_t)list[i].size);
	}
}

/* Three cells each: kind, number, flags (arm,gic-v3.yaml and arm,gic.yaml of the
 * device-tree bindings). With a GICv2, bits 15:8 of a PPI's flags are its CPUs. */
void dtb_interrupts(struct dtb *t, const struct m_irq *list, size_t count)
{
	static const uint32_t flags[] = {
		[TRIGGER_EDGE_RISING] = 1,
		[TRIGGER_EDGE_FALLING] = 2,
		[TRIGGER_LEVEL_HIGH] = 4,
		[TRIGGER_LEVEL_LOW] = 8,
	};
	bool masks = t->p->m->board.gic.version == GIC_V2;
	uint32_t mask = t->dom->cpu_count < 8 ? (BIT32(t->dom->cpu_count) - 1) << 8 : 0xff00;
	fdt32_t *value = dtb_property(t, "interrupts", count * 3 * sizeof(*value));

	for (size_t i = 0; value != NULL && i < count; i++) {
		bool ppi = list[i].type == IRQ_PPI;
		*value++ = cpu_to_fdt32(ppi ? 1 : 0);
		*value++ = cpu_to_fdt32(list[i].number);
		*value++ = cpu_to_fdt32(flags[list[i].trigger] | (ppi && masks ? mask : 0));
	}
}
