/* SPDX-License-Identifier: Apache-2.0 */
/* What the tests of invalid entries share: the guest's SMMU with another table, DMA, and the
 * event that it comes to, or none. */
#ifndef TESTS_UNIT_VSMMU_INVALID_H
#define TESTS_UNIT_VSMMU_INVALID_H

#include "unit/vsmmu/guest.h"

#define V 1u
#define BAD_STREAMID 0x02
#define STE_FETCH 0x03
#define BAD_STE 0x04
#define RECINVSID 2u
#define OFF (CMDQEN | EVTQEN)
#define CFGI_STE(virt) (0x03 | (uint64_t)(virt) << 32), 1
#define CFGI_ALL 0x04, 31

/* One of each kind of place in the SMMUs' tables: in a group that several domains are in, in
 * groups that share a second level, in a linear table. */
static const uint32_t places[] = {A_FEW + 3, A_GROUP + 7, A_MANY + 100, A_OTHER + 2};

static inline void boot(bool qemu)
{
	machine_prepare(qemu, true, false);
	machine_eager = !qemu;
	machine_boot();
	guest_start(A);
}

/* Has the SMMU off and on again with another table. */
static inline void restart(uint64_t base, uint32_t cfg, uint32_t cr2)
{
	set(A, CR0, OFF);
	set64(A, STRTAB_BASE, base);
	set(A, STRTAB_BASE_CFG, cfg);
	set(A, CR2, cr2);
	set(A, CR0, ALL_ON);
	machine_settle();
	assert_int_equal(get(A, CR0ACK), ALL_ON);
}

static inline void expect_by(uint32_t domain, uint32_t virt, uint64_t kind, uint64_t w3)
{
	const uint64_t *e;

	machine_pass_us(2000); /* fewer events than are put off */
	assert_int_equal(guest_reads(domain, virt, VA_DATA), 0);
	e = guest_event(domain);
	assert_non_null(e);
	assert_int_equal(e[0], (uint64_t)virt << 32 | kind);
	assert_int_equal(e[1], 0);
	assert_int_equal(e[2], 0);
	assert_int_equal(e[3], w3);
	assert_null(guest_event(domain));
	assert_int_equal(machine_lines, 0);
}

/* DMA by the stream is aborted, with this event in the guest's queue. */
static inline void expect(uint32_t virt, uint64_t kind, uint64_t w3)
{
	expect_by(A, virt, kind, w3);
}

static inline void expect_none(uint32_t virt)
{
	assert_int_equal(guest_reads(A, virt, VA_DATA), 0);
	assert_null(guest_event(A));
	assert_int_equal(machine_lines, 0);
}

static inline void expect_works(uint32_t virt)
{
	assert_int_equal(guest_reads(A, virt, VA_DATA), 1);
	assert_null(guest_event(A));
}

#endif
