// SPDX-License-Identifier: Apache-2.0
/* Consoles: the hypervisor's device, and what each domain speaks on. */
#include <string.h>

#include "check/parts.h"

#define PL011_REGISTERS 0x4cu /* to UARTDMACR: DDI 0183, 3.2 */
#define SCIF_REGISTERS 0x26u  /* to SCLSR */

enum console_driver console_driver(const struct m_device *dev)
{
	for (size_t i = 0; i < dev->compatible_count; i++) {
		if (strcmp(dev->compatible[i], "arm,pl011") == 0) {
			return CONSOLE_PL011;
		}
		if (strstr(dev->compatible[i], "scif") != NULL) {
			return CONSOLE_SCIF;
		}
	}
	return CONSOLE_UNKNOWN;
}

/* Bytes of registers that the hypervisor's driver for the device uses; 0: it has none. */
static uint64_t console_registers(const struct m_device *dev)
{
	static const uint64_t sizes[] = {
		[CONSOLE_UNKNOWN] = 0, [CONSOLE_PL011] = PL011_REGISTERS, [CONSOLE_SCIF] = SCIF_REGISTERS};

	return sizes[console_driver(dev)];
}

static void board_console(struct diag *d, const struct m_board *b)
{
	struct diag_msg *msg;

	if (b->console_device >= b->device_count) {
		return;
	}
	const struct m_device *dev = &b->devices[b->console_device];
	uint64_t registers = console_registers(dev);
	if (!dev->enabled) {
		msg = diag_error(d, 527, b->console.pos, "the console '%s' is disabled", dev->name.s);
		diag_note(msg, dev->pos, "'%s' is declared", dev->name.s);
		diag_help(msg, "say '%s: {status: okay}' under 'devices', or name another device",
			  dev->name.s);
	} else if (registers == 0 || dev->reg_count == dev->window_count) {
		msg = diag_error(d, 528, b->console.pos, "the hypervisor cannot speak on '%s'", dev->name.s);
		diag_label(msg, "%s", registers != 0 ? "it has no registers" : "no driver for it");
		diag_note(msg, dev->pos, "'%s' is declared", dev->name.s);
		diag_help(msg, "name a PL011 ('compatible: [\"arm,pl011\"]') or an SCIF, or 'none'");
	} else if (dev->reg[0].size < registers || !IS_ALIGNED(dev->reg[0].base, 4)) {
		msg = diag_error(d, 528, dev->reg[0].pos, "the hypervisor cannot speak on '%s'", dev->name.s);
		diag_label(msg, "its registers are 0x%llx bytes, from a multiple of 4 on", (ull)registers);
		diag_note(msg, b->console.pos, "'console: %s' is said", dev->name.s);
		diag_help(msg, "reg: [0x%llx, 0x1000]", (ull)ALIGN_DOWN(dev->reg[0].base, PAGE_SIZE));
	}
}

/* Somebody lists the hypervisor's own console as a device. */
static void console_taken(struct diag *d, const struct model *m, const struct m_domain *dom)
{
	const struct m_board *b = &m->board;

	for (size_t i = 0; i < dom->device_count; i++) {
		if (dom->devices[i] != b->console_device ||
		    (dom->console == CONSOLE_DEVICE && dom->console_device == b->console_device)) {
			continue;
		}
		const char *name = b->devices[b->console_device].name.s;
		struct diag_msg *msg = diag_error(d, 529, dom->device_pos[i],
						  "'%s' is the hypervisor's console", name);
		diag_note(msg, b->console.pos, "'console: %s' is said", name);
		diag_help(msg,
			  "give '%s' 'console: %s' to have it alone, or 'console: vpl011' for a "
			  "virtual one",
			  dom->name.s, name);
	}
}

/* Who has the board's UART for itself shares it with the hypervisor's messages and with
 * nobody else. */
static void console_shared(struct diag *d, const struct model *m, const struct m_domain *dom)
{
	for (size_t i = 0; i < m->domain_count && dom->console == CONSOLE_VPL011; i++) {
		const struct m_domain *owner = &m->domains[i];

		if (owner->console == CONSOLE_DEVICE && owner->console_device == m->board.console_device) {
			const char *name = m->board.devices[owner->console_device].name.s;
			struct diag_msg *msg = diag_error(d, 535, dom->console_pos,
							  "what '%s' writes to its virtual PL011 has nowhere to go",
							  dom->name.s);
			diag_label(msg, "'%s', the board's console, belongs to '%s'", name, owner->name.s);
			diag_note(msg, owner->console_pos, "'console: %s' is said", name);
			diag_help(msg, "say 'console: vpl011' in '%s' too, or 'console: none' here", owner->name.s);
		}
	}
}

static void domain_console(struct diag *d, const struct model *m, size_t domain)
{
	const struct m_board *b = &m->board;
	const struct m_domain *dom = &m->domains[domain];
	struct diag_msg *msg;

	if (dom->console == CONSOLE_VPL011 && dom->vpl011.size == 0 && !model_is_open(b) &&
	    vpl011_place(m, dom).size == 0) {
		msg = diag_error(d, 530, dom->console_pos, "no place for the virtual PL011 of '%s'",
				 dom->name.s);
		diag_label(msg, "the board has no console whose place it could take");
		diag_help(msg, "console: {type: vpl011, reg: [<address>, 0x1000], interrupt: {spi: <N>}}");
	}
	if (dom->console != CONSOLE_DEVICE) {
		return;
	}
	const struct m_device *dev = &b->devices[dom->console_device];
	if (!dev->enabled) {
		msg = diag_error(d, 527, dom->console_pos, "the console '%s' is disabled", dev->name.s);
		diag_note(msg, dev->pos, "'%s' is declared", dev->name.s);
		diag_help(msg, "say '%s: {status: okay}' in board.yaml, or name another device", dev->name.s);
	}
}

void check_consoles(struct diag *d, const struct model *m)
{
	board_console(d, &m->board);
	for (size_t i = 0; i < m->domain_count; i++) {
		console_taken(d, m, &m->domains[i]);
		console_shared(d, m, &m->domains[i]);
		domain_console(d, m, i);
	}
}
