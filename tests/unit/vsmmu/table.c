// SPDX-License-Identifier: Apache-2.0
/* A guest's stream table as IHI 0070 has it (5.1, 5.2.2, 6.3.24, 6.3.25, 7.3.3 to 7.3.5): what
 * an SMMU of stage 1 alone, without stalls, would record. Nothing of it is the hypervisor's. */
#include "models/model.h"
#include "unit/vsmmu/board.h"
#include "unit/vsmmu/guest.h"

static uint64_t bits(uint64_t w, uint32_t hi, uint32_t lo)
{
	return w >> lo & (~UINT64_C(0) >> (63 - (hi - lo)));
}

static uint64_t align(uint64_t address, uint64_t log2)
{
	return log2 < 64 ? address >> log2 << log2 : 0;
}

static bool is_legal(uint32_t domain, const uint64_t ste[2])
{
	static const uint8_t oas[] = {32, 36, 40, 42, 44, 48};
	uint64_t config = bits(ste[0], 3, 1), format = bits(ste[0], 5, 4), substreams = bits(ste[0], 63, 59);
	uint64_t most = bits(get(domain, IDR1), 10, 6);

	if (config < 4) {
		return true;
	}
	if ((config & 2) != 0) {
		return false;
	}
	if (config == 4) {
		return true;
	}
	if ((ste[1] & BIT64(27)) != 0 || bits(ste[0], 51, 6) >> (oas[get(domain, IDR5) & 7] - 6) != 0) {
		return false;
	}
	return most == 0 || substreams == 0 ||
	       (substreams <= most &&
		(format == 0 || format == 3 || (get(domain, IDR0) & BIT32(19)) != 0));
}

uint32_t table_event(uint32_t domain, uint32_t virt, uint64_t *fetch)
{
	uint32_t cfg = get(domain, STRTAB_BASE_CFG);
	uint32_t log2 = cfg & 63, split = cfg >> 6 & 31, ids = log2 < SID_BITS ? log2 : SID_BITS;
	uint32_t invalid = (get(domain, CR2) & 2) != 0 ? 0x02 : 0;
	const uint64_t *at;

	*fetch = get64(domain, STRTAB_BASE) & GENMASK64(51, 6);
	if ((get(domain, CR0) & SMMUEN) == 0) {
		return 0;
	}
	if (virt >> ids != 0) {
		return invalid;
	}
	if ((cfg >> 16 & 3) != 1) {
		*fetch = align(*fetch, log2 + 6) + UINT64_C(64) * virt;
	} else {
		uint64_t span;

		split = split == 8 || split == 10 ? split : 6;
		*fetch = align(*fetch, log2 > split ? log2 - split + 3 : 6) + UINT64_C(8) * (virt >> split);
		at = machine_ram(domain, *fetch);
		if (at == NULL) {
			return 0x03;
		}
		span = *at & 31;
		if (span == 0 || span > split + 1 || (virt & (BIT32(split) - 1)) >> (span - 1) != 0) {
			return invalid;
		}
		*fetch = align(*at & GENMASK64(51, 6), 6 + span - 1) + UINT64_C(64) * (virt & (BIT32(split) - 1));
	}
	at = machine_ram(domain, *fetch);
	if (at == NULL) {
		return 0x03;
	}
	*fetch = 0;
	return (at[0] & 1) == 0 || !is_legal(domain, at) ? 0x04 : 0;
}

/* All that has been recorded is told, however much that was. */
static void drain(void)
{
	for (uint32_t i = 0; i < 3; i++) {
		machine_settle();
		machine_pass_us(200000);
	}
	machine_settle();
}

void table_check(uint32_t domain, uint32_t virt)
{
	uint32_t smmu, sid, log2, mask, prod, value, id;
	uint64_t base, fetch;
	const uint64_t *e;

	if (!machine_stream(domain, virt, &smmu, &sid)) {
		return;
	}
	drain();
	base = get64(domain, EVTQ_BASE);
	log2 = (uint32_t)(base & 31) < 19 ? (uint32_t)(base & 31) : 19;
	mask = BIT32(log2 + 1) - 1;
	prod = get(domain, EVTQ_PROD);
	e = machine_ram(domain, align(base & GENMASK64(51, 5), log2 + 5) + UINT64_C(32) * (prod & mask >> 1));
	/* Told only if the guest can be, and if there is no entry. */
	if (machine_ste(smmu, sid)[0] != 0 || (get(domain, CR0ACK) & EVTQEN) == 0 || e == NULL ||
	    ((prod - get(domain, EVTQ_CONS)) & mask) > mask >> 1) {
		return;
	}
	id = table_event(domain, virt, &fetch);
	must(!dma(domain, virt, VA_DATA, false, &value));
	drain();
	must((get(domain, EVTQ_PROD) & mask) == ((prod + (id != 0)) & mask));
	must(id == 0 || (e[0] == ((uint64_t)virt << 32 | id) && (e[1] | e[2]) == 0 &&
			 e[3] == (id == 0x03 ? fetch & GENMASK64(51, 3) : 0)));
}
