// SPDX-License-Identifier: Apache-2.0
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check/parts.h"
#include "util/arena.h"

struct size_text size_text(uint64_t bytes)
{
	static const char *const units[] = {"bytes", "KiB", "MiB", "GiB", "TiB"};
	struct size_text t;
	unsigned int unit = 0;

	while (unit + 1 < ARRAY_SIZE(units) && bytes != 0 && bytes % 1024 == 0) {
		bytes /= 1024;
		unit++;
	}
	snprintf(t.s, sizeof(t.s), "%llu %s", (ull)bytes, unit == 0 && bytes == 1 ? "byte" : units[unit]);
	return t;
}

const char *owner_name(const struct model *m, size_t owner)
{
	if (owner == OWNER_HYPERVISOR) {
		return "the hypervisor";
	}
	return owner < m->domain_count ? m->domains[owner].name.s : "nobody";
}

size_t device_owner(const struct model *m, size_t device)
{
	if (!m->board.devices[device].enabled) {
		return OWNER_NOBODY;
	}
	if (m->device_owner[device] == MODEL_NONE && device == m->board.console_device) {
		return OWNER_HYPERVISOR;
	}
	return m->device_owner[device];
}

struct groups owned_list(const struct model *m)
{
	size_t *owners = memory_resize(NULL, m->board.device_count + 1, sizeof(owners[0]));

	for (size_t i = 0; i < m->board.device_count; i++) {
		owners[i] = device_owner(m, i);
	}
	struct groups owned = groups_by(owners, m->board.device_count, m->domain_count);
	free(owners);
	return owned;
}

static bool device_names_other(const struct m_device *dev, size_t other)
{
	for (size_t i = 0; i < dev->share_count; i++) {
		if (dev->shares[i] == other) {
			return true;
		}
	}
	return false;
}

bool devices_share(const struct m_board *b, size_t x, size_t y)
{
	return x < b->device_count && y < b->device_count && device_names_other(&b->devices[x], y) &&
	       device_names_other(&b->devices[y], x);
}

const struct m_ram *domain_moved(const struct m_domain *dom)
{
	for (size_t i = 0; i < dom->ram_count; i++) {
		if (dom->ram[i].has_ipa && (!dom->ram[i].has_base || dom->ram[i].base != dom->ram[i].ipa)) {
			return &dom->ram[i];
		}
	}
	return NULL;
}

struct m_range vpl011_place(const struct model *m, const struct m_domain *dom)
{
	const struct m_board *b = &m->board;

	if (dom->console != CONSOLE_VPL011) {
		return (struct m_range){0};
	}
	if (dom->vpl011.size != 0) {
		return dom->vpl011;
	}
	if (b->console_device >= b->device_count || b->devices[b->console_device].reg_count == 0) {
		return (struct m_range){0};
	}
	struct m_range r = b->devices[b->console_device].reg[0];
	r.pos = dom->console_pos;
	return r;
}

uint64_t address_limit(const struct m_board *b)
{
	uint64_t bits = b->pa_bits.given ? b->pa_bits.v : 40;

	return BIT64(bits < 48 ? bits : 48);
}

bool attr_is_device(enum m_attr attr)
{
	return attr <= ATTR_DEVICE_GRE;
}

/* Length of a name without the number at its end, and that number. */
static size_t name_split(const char *name, unsigned long *number)
{
	size_t len = strlen(name);
	size_t stem = len;

	while (stem > 0 && isdigit((unsigned char)name[stem - 1])) {
		stem--;
	}
	/* "imr01" is no run of "imr1": leading zeros stay with the stem. */
	while (stem < len && len - stem > 1 && name[stem] == '0') {
		stem++;
	}
	*number = stem < len && len - stem < 9 ? strtoul(name + stem, NULL, 10) : 0;
	return stem < len && len - stem < 9 ? stem : len;
}

/* How many devices from `from` on are a run such as vin0, vin1, vin2. */
static size_t name_run(const struct m_board *b, const size_t *devices, size_t count, size_t from)
{
	const char *name = b->devices[devices[from]].name.s;
	unsigned long number, next;
	size_t stem = name_split(name, &number);
	size_t run = 1;

	while (from + run < count && name[stem] != '\0') {
		const char *other = b->devices[devices[from + run]].name.s;
		size_t other_stem = name_split(other, &next);
		if (other_stem != stem || other[stem] == '\0' || strncmp(name, other, stem) != 0 ||
		    next != number + run) {
			break;
		}
		run++;
	}
	return run;
}

char *device_names(const struct m_board *b, const size_t *devices, size_t count, size_t max)
{
	char *text = NULL;
	size_t len = 0, room = 0, entries = 0;

	for (size_t i = 0; i < count;) {
		size_t run = max == SIZE_MAX ? 1 : name_run(b, devices, count, i);
		const char *first = b->devices[devices[i]].name.s;
		const char *last = b->devices[devices[i + run - 1]].name.s;
		unsigned long number;
		size_t need = len + strlen(first) + strlen(last) + 8;
		if (need > room) {
			room = need * 2;
			text = memory_resize(text, room, 1);
		}
		if (entries++ == max) {
			len += (size_t)snprintf(text + len, room - len, ", ...");
			break;
		}
		len += (size_t)snprintf(text + len, room - len, "%s%s", len == 0 ? "" : ", ", first);
		if (run > 1) {
			len += (size_t)snprintf(text + len, room - len, "%s%s", run == 2 ? ", " : "-",
						run == 2 ? last : last + name_split(last, &number));
		}
		i += run;
	}
	return text;
}
