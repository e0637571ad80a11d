// SPDX-License-Identifier: Apache-2.0
/* Roles, what is claimed twice, guest ABI, SMCs. */
#include <stdlib.h>

#include "check/parts.h"
#include "util/arena.h"

/* SMC Calling Convention (DEN0028): bit 31 fast call, 30 64-bit, 29:24 service
 * owner, 23:16 zero in fast calls. */
#define SMC_FAST BIT32(31)
#define SMC_OWNER GENMASK64(29, 24)
#define SMC_ZERO GENMASK64(23, 16)
#define SMC_OWNER_ARM 0u
#define SMC_OWNER_STANDARD 4u
#define SMC_PSCI_LAST 0x1fu            /* standard service: functions 0..0x1f are PSCI */
#define SMC_YIELDING_FIRST 0x02000000u /* below it: interfaces older than the convention */

static void role_check(struct diag *d, const struct model *m)
{
	const struct m_domain *first = NULL;

	for (size_t i = 0; i < m->domain_count; i++) {
		const struct m_domain *dom = &m->domains[i];
		if (!dom->hardware) {
			continue;
		}
		if (first == NULL) {
			first = dom;
			continue;
		}
		struct diag_msg *msg = diag_error(d, 520, dom->role_pos,
						  "'%s' and '%s' are both the hardware domain", first->name.s,
						  dom->name.s);
		diag_note(msg, first->role_pos, "first said");
		diag_help(msg, "leave 'role' out in one: only one domain's reset can reset the machine");
	}
}

/* "The rest" can only go to one. */
static void rest_check(struct diag *d, const struct model *m)
{
	const struct m_domain *ram = NULL, *devices = NULL;

	for (size_t i = 0; i < m->domain_count; i++) {
		const struct m_domain *dom = &m->domains[i];
		if (dom->all_other_ram && ram != NULL) {
			struct diag_msg *msg = diag_error(d, 522, dom->memory_pos,
							  "'%s' and '%s' both get all other "
							  "memory",
							  ram->name.s, dom->name.s);
			diag_note(msg, ram->memory_pos, "first said");
			diag_help(msg, "give one a size: memory: [{size: 0x10000000}]");
		}
		if (dom->all_other_devices && devices != NULL) {
			struct diag_msg *msg = diag_error(d, 522, dom->devices_pos,
							  "'%s' and '%s' both get all other "
							  "devices",
							  devices->name.s, dom->name.s);
			diag_note(msg, devices->devices_pos, "first said");
			diag_help(msg, "list the devices of one by name");
		}
		ram = dom->all_other_ram && ram == NULL ? dom : ram;
		devices = dom->all_other_devices && devices == NULL ? dom : devices;
	}
}

/* Who has a device, and where that is said. */
struct claim {
	size_t domain;
	struct pos pos;
};

static void device_claim(struct diag *d, const struct model *m, struct claim *claims, size_t device,
			 struct claim by)
{
	const struct m_device *dev = &m->board.devices[device];
	struct claim *claim = &claims[device];

	if (claim->domain == MODEL_NONE) {
		*claim = by;
		return;
	}
	struct diag_msg *msg;
	if (claim->domain == by.domain) {
		msg = diag_warning(d, 523, by.pos, "device '%s' is given to '%s' twice", dev->name.s,
				   m->domains[by.domain].name.s);
	} else {
		msg = diag_error(d, 523, by.pos, "device '%s' is given to '%s' and to '%s'", dev->name.s,
				 m->domains[claim->domain].name.s, m->domains[by.domain].name.s);
	}
	diag_note(msg, claim->pos, "first given");
	diag_help(msg, "a device has one owner: name it once%s",
		  device == m->board.console_device ? "; 'console: vpl011' gives each domain a console" : "");
}

static bool device_listed(const struct m_domain *dom, size_t device)
{
	for (size_t n = 0; n < dom->device_count; n++) {
		if (dom->devices[n] == device) {
			return true;
		}
	}
	return false;
}

/* Devices are owned by one domain, and are there. */
static void devices_check(struct diag *d, const struct model *m)
{
	const struct m_board *b = &m->board;
	struct claim *claims = memory_resize(NULL, b->device_count + 1, sizeof(claims[0]));

	for (size_t i = 0; i < b->device_count; i++) {
		claims[i].domain = MODEL_NONE;
	}
	for (size_t i = 0; i < m->domain_count; i++) {
		const struct m_domain *dom = &m->domains[i];
		for (size_t n = 0; n < dom->device_count; n++) {
			const struct m_device *dev = &b->devices[dom->devices[n]];
			if (!dev->enabled) {
				struct diag_msg *msg = diag_error(d, 524, dom->device_pos[n],
								  "device '%s' is disabled", dev->name.s);
				diag_note(msg, dev->pos, "'%s' is declared", dev->name.s);
				diag_help(msg, "say '%s: {status: okay}' in board.yaml if the board has it",
					  dev->name.s);
				continue;
			}
			device_claim(d, m, claims, dom->devices[n], (struct claim){i, dom->device_pos[n]});
		}
		if (dom->console == CONSOLE_DEVICE && b->devices[dom->console_device].enabled &&
		    !device_listed(dom, dom->console_device)) {
			device_claim(d, m, claims, dom->console_device, (struct claim){i, dom->console_pos});
		}
	}
	free(claims);
}

/* What is let through must be a call that ends, to a service that is not ours. */
static void smc_check(struct diag *d, const struct m_domain *dom, const struct m_number *id)
{
	uint32_t v = (uint32_t)id->v;
	uint32_t owner = (uint32_t)FIELD_GET(SMC_OWNER, v);
	uint32_t function = v & 0xffff;
	const char *why = NULL;

	if ((v & SMC_FAST) == 0 && v < SMC_YIELDING_FIRST) {
		why = "yielding calls start at 0x02000000";
	} else if ((v & SMC_FAST) != 0 && FIELD_GET(SMC_ZERO, v) != 0) {
		why = "bits 23..16 of a fast call are 0";
	} else if ((v & SMC_FAST) != 0 && owner == SMC_OWNER_STANDARD && function <= SMC_PSCI_LAST) {
		why = "this is PSCI, which the hypervisor answers itself";
	} else if ((v & SMC_FAST) != 0 && owner == SMC_OWNER_ARM && function <= 1) {
		why = "this is SMCCC_VERSION or SMCCC_ARCH_FEATURES, which the hypervisor answers itself";
	}
	if (why != NULL) {
		struct diag_msg *msg = diag_error(d, 526, id->pos, "'%s' cannot be allowed SMC 0x%08x",
						  dom->name.s, v);
		diag_label(msg, "%s", why);
		diag_help(msg, "remove it; a fast call to the SiP is for example 0x82000001, to a trusted OS "
			       "0xb2000001");
	}
}

void check_domains(struct diag *d, const struct model *m)
{
	role_check(d, m);
	rest_check(d, m);
	devices_check(d, m);
	for (size_t i = 0; i < m->domain_count; i++) {
		const struct m_domain *dom = &m->domains[i];
		for (size_t n = 0; n < dom->smc_count; n++) {
			smc_check(d, dom, &dom->smc_allow[n]);
		}
		if (dom->on_fault == FAULT_RESTART && dom->hardware) {
			struct diag_msg *msg = diag_error(d, 533, dom->fault_pos,
							  "'%s' is the hardware domain, which cannot be restarted",
							  dom->name.s);
			diag_help(msg, "on-fault: stop; or panic, if the machine is no use without it");
		}
	}
}
