// SPDX-License-Identifier: Apache-2.0
#include "unit/vsmmu/guest.h"

#include <string.h>

#include "models/model.h"

#define WAITS 100000

struct guest guests[C];

uint64_t *guest_word(uint32_t domain, uint64_t ipa)
{
	uint64_t *word = machine_ram(domain, ipa);

	if (word == NULL) {
		model_fail("no RAM of the guest's at 0x%lx", ipa);
	}
	return word;
}

uint64_t *guest_ste(uint32_t domain, uint32_t virt)
{
	uint64_t *l1 = guest_word(domain, G_STRTAB + 8 * (virt >> SPLIT));

	if (*l1 == 0) {
		uint64_t *used = guest_word(domain, G_STRTAB + 0x3ff8); /* a word that no group has */

		if (*used == 15) {
			model_fail("no page for another group");
		}
		*l1 = (G_GROUPS + PAGE_SIZE * (*used)++) | (SPLIT + 1);
		memset(guest_word(domain, *l1 & GENMASK64(51, 12)), 0, PAGE_SIZE);
	}
	return guest_word(domain, (*l1 & GENMASK64(51, 6)) + 64 * (virt & 63));
}

void guest_tables(uint32_t domain)
{
	struct guest *g = &guests[domain];
	uint64_t *cd;

	*g = (struct guest){0};
	for (uint64_t page = G_STAGE1; page < G_STAGE1 + 8 * PAGE_SIZE; page += PAGE_SIZE) {
		(void)guest_word(domain, page);
	}
	tables_start(&g->stage1, machine_ram(domain, G_STAGE1), G_STAGE1, 8 * PAGE_SIZE);
	for (uint64_t i = 0; i < 4; i++) {
		tables_map(&g->stage1, VA_DATA + i * PAGE_SIZE, G_DATA + i * PAGE_SIZE, 3,
			   LEAF1 | LEAF1_NOT_GLOBAL);
		*guest_word(domain, G_DATA + i * PAGE_SIZE) = i + 1;
	}
	cd = guest_word(domain, G_CD);
	cd[0] = UINT64_C(0x0000e205c0003519) | (uint64_t)ASID << 48; /* IPS 48 bits */
	cd[1] = g->stage1.root;
	cd[3] = 0xff;
}

void guest_start(uint32_t domain)
{
	guest_tables(domain);
	set64(domain, STRTAB_BASE, G_STRTAB);
	set(domain, STRTAB_BASE_CFG, SID_BITS | SPLIT << 6 | 1 << 16);
	set64(domain, CMDQ_BASE, G_CMDQ | CMDQ_LOG2);
	set(domain, CMDQ_PROD, 0);
	set(domain, CMDQ_CONS, 0);
	set(domain, CR0, CMDQEN);
	set64(domain, EVTQ_BASE, G_EVTQ | EVTQ_LOG2);
	set(domain, EVTQ_PROD, 0);
	set(domain, EVTQ_CONS, 0);
	set(domain, CR2, 2); /* RECINVSID */
	set(domain, IRQ_CTRL, 5);
	set(domain, CR0, CMDQEN | EVTQEN);
	set(domain, CR0, ALL_ON);
	for (uint32_t i = 0; i < WAITS && get(domain, CR0ACK) != ALL_ON; i++) {
		machine_round();
		machine_pass_us(100);
	}
	if (get(domain, CR0ACK) != ALL_ON) {
		model_fail("CR0ACK 0x%x", get(domain, CR0ACK));
	}
}

void guest_set_nested(uint32_t domain, uint32_t virt)
{
	uint64_t *ste = guest_ste(domain, virt);

	ste[0] = 1 | 5 << 1 | G_CD;
	ste[1] = 0xd4 | UINT64_C(1) << 44; /* write-back, inner shareable; SHCFG as it comes */
}

void guest_set_bypass(uint32_t domain, uint32_t virt)
{
	uint64_t *ste = guest_ste(domain, virt);

	ste[0] = 1 | 4 << 1;
	ste[1] = UINT64_C(1) << 44;
}

void guest_attach(uint32_t domain, uint32_t virt)
{
	guest_set_nested(domain, virt);
	if (!guest_command(domain, 0x03 | (uint64_t)virt << 32, 1)) {
		model_fail("CFGI_STE refused");
	}
}

void guest_put(uint32_t domain, uint64_t w0, uint64_t w1)
{
	struct guest *g = &guests[domain];
	uint64_t *at = guest_word(domain, G_CMDQ + 16 * (g->prod & (BIT32(CMDQ_LOG2) - 1)));

	at[0] = w0;
	at[1] = w1;
	g->prod = (g->prod + 1) & (BIT32(CMDQ_LOG2 + 1) - 1);
}

void guest_ring(uint32_t domain)
{
	set(domain, CMDQ_PROD, guests[domain].prod);
}

uint32_t guest_error(uint32_t domain)
{
	return ((get(domain, GERROR) ^ get(domain, GERRORN)) & 1) != 0 ? get(domain, CMDQ_CONS) >> 24 & 0x7f : 0;
}

static bool guest_wait(uint32_t domain)
{
	for (uint32_t i = 0; i < WAITS; i++) {
		uint32_t cons = get(domain, CMDQ_CONS);

		if ((cons & 0xffffff) == guests[domain].prod) {
			return true;
		}
		if (guest_error(domain) != 0) {
			return false;
		}
		machine_round();
		machine_pass_us(100);
	}
	model_fail("CMDQ_CONS does not move");
}

bool guest_sync(uint32_t domain)
{
	guest_put(domain, 0x46, 0);
	guest_ring(domain);
	return guest_wait(domain);
}

bool guest_command(uint32_t domain, uint64_t w0, uint64_t w1)
{
	guest_put(domain, w0, w1);
	return guest_sync(domain);
}

void guest_recover(uint32_t domain)
{
	uint64_t *at = guest_word(domain, G_CMDQ + 16 * (get(domain, CMDQ_CONS) & (BIT32(CMDQ_LOG2) - 1)));

	at[0] = 0x46;
	at[1] = 0;
	set(domain, GERRORN, get(domain, GERRORN) ^ 1);
	if (!guest_wait(domain)) {
		model_fail("the command queue does not go on");
	}
}

const uint64_t *guest_event(uint32_t domain)
{
	static uint64_t event[4];
	struct guest *g = &guests[domain];
	uint32_t prod;

	machine_settle();
	prod = get(domain, EVTQ_PROD);
	if ((prod & (BIT32(EVTQ_LOG2 + 1) - 1)) == g->seen) {
		return NULL;
	}
	memcpy(event, guest_word(domain, G_EVTQ + 32 * (g->seen & (BIT32(EVTQ_LOG2) - 1))), sizeof(event));
	g->seen = (g->seen + 1) & (BIT32(EVTQ_LOG2 + 1) - 1);
	set(domain, EVTQ_CONS, g->seen | (prod & BIT32(31)));
	return event;
}

uint32_t guest_reads(uint32_t domain, uint32_t virt, uint64_t address)
{
	uint32_t value = 0;

	return dma(domain, virt, address, false, &value) ? value : 0;
}
