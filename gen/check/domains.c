// SPDX-License-Identifier: Apache-2.0
/* Roles, what is claimed twice, guest ABI, SMCs. */
#include <stdlib.h>

#include "check/parts.h"
#include "tables.h"
#include "util/arena.h"

/* SMC Calling Convention (DEN0028): bit 31 fast call, 30 64-bit, 29:24 service
 * owner, 23:16 zero in fast calls. */
#define SMC_FAST BIT32(31)
#define SMC_OWNER GENMASK64(29, 24)
#define SMC_ZERO GENMASK64(23, 16)
#define SMC_OWNER_ARM 0u
#define SMC_OWNER_STANDARD 4u
#define SMC_PSCI_LAST 0x1fu /* standard service: functions 0..0x1f are PSCI */
#define SMC_TRUSTED_OS_FIRST 50u

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
	if (m->domain_count > DOMAINS_MAX) {
		struct diag_msg *msg = diag_error(d, 521, m->domains[DOMAINS_MAX].pos, "more than %u domains",
						  DOMAINS_MAX);
		diag_help(msg, "there cannot be more domains than CPUs either: each has at least one");
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

/* Devices are owned by one domain, and are there. */
static void devices_check(struct diag *d, const struct model *m)
{
	const struct m_board *b = &m->board;
	size_t *owner = memory_resize(NULL, b->device_count + 1, sizeof(owner[0]));
	struct pos *given = memory_resize(NULL, b->device_count + 1, sizeof(given[0]));

	for (size_t i = 0; i < b->device_count; i++) {
		owner[i] = MODEL_NONE;
	}
	for (size_t i = 0; i < m->domain_count; i++) {
		const struct m_domain *dom = &m->domains[i];
		for (size_t n = 0; n < dom->device_count; n++) {
			size_t dev = dom->devices[n];
			struct diag_msg *msg;
			if (!b->devices[dev].enabled) {
				msg = diag_error(d, 524, dom->device_pos[n], "device '%s' is disabled",
						 b->devices[dev].name.s);
				diag_note(msg, b->devices[dev].pos, "'%s' is declared",
					  b->devices[dev].name.s);
				diag_help(msg, "say '%s: {status: okay}' in board.yaml if the board has it",
					  b->devices[dev].name.s);
			} else if (owner[dev] != MODEL_NONE) {
				msg = diag_error(d, 523, dom->device_pos[n],
						 "device '%s' is given to '%s' and to '%s'",
						 b->devices[dev].name.s, m->domains[owner[dev]].name.s,
						 dom->name.s);
				diag_note(msg, given[dev], "first given");
				diag_help(msg, "a device has one owner: remove it from one of the lists");
			} else {
				owner[dev] = i;
				given[dev] = dom->device_pos[n];
			}
		}
	}
	free(owner);
	free(given);
}

/* What is let through must be a call that ends, to a service that is not ours. */
static void smc_check(struct diag *d, const struct m_domain *dom, const struct m_number *id)
{
	uint32_t v = (uint32_t)id->v;
	uint32_t owner = (uint32_t)FIELD_GET(SMC_OWNER, v);
	uint32_t function = v & 0xffff;
	const char *why = NULL;

	if ((v & SMC_FAST) == 0 && owner < SMC_TRUSTED_OS_FIRST) {
		why = "a yielding call belongs to a trusted OS: owners 50..63";
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
		if (dom->guest_abi == ABI_XEN) {
			struct diag_msg *msg = diag_error(d, 525, dom->abi_pos,
							  "'%s' asks for 'guest-abi: xen', which this "
							  "version does not have",
							  dom->name.s);
			diag_help(msg, "guest-abi: none; Linux then boots as on the bare machine");
		}
	}
}
