// SPDX-License-Identifier: Apache-2.0
// sources: hv/guest/vsmmuv3/[!n]*.c hv/iommu/smmuv3*.c hv/domain/[ds]*.c hv/firmware/bootargs.c
// sources: hv/mm/stage2.c tests/models/model.c tests/models/smmuv3*.c
// sources: tests/unit/vsmmu/*.c tests/unit/smmu/maps.c
/* The virtual SMMUv3's registers, one by one (IHI 0070, 6.3). */
#include <string.h>

#include "unit/vsmmu/guest.h"

#define GBPA_ABORT BIT32(20)
#define GBPA_UPDATE BIT32(31)

static uint64_t field(uint64_t value, uint32_t hi, uint32_t lo)
{
	return value >> lo & (~UINT64_C(0) >> (63 - (hi - lo)));
}

static void boot(bool qemu)
{
	machine_prepare(qemu, true, false);
	machine_boot();
}

static void test_ids(void **state)
{
	(void)state;
	for (int coherent = 0; coherent < 2; coherent++) {
		uint32_t idr0;

		machine_prepare(false, coherent != 0, false);
		machine_boot();
		idr0 = get(A, IDR0);
		assert_int_equal(field(idr0, 1, 0), 2);   /* S1P, no S2P */
		assert_int_equal(field(idr0, 3, 2), 2);   /* TTF: AArch64 */
		assert_int_equal(field(idr0, 4, 4), coherent);
		assert_int_equal(field(idr0, 7, 5), 0);   /* BTM, HTTU */
		assert_int_equal(field(idr0, 10, 9), 0);  /* HYP, ATS */
		assert_int_equal(field(idr0, 12, 12), 1); /* ASID16 */
		assert_int_equal(field(idr0, 14, 13), 0); /* MSI, SEV */
		assert_int_equal(field(idr0, 18, 15), 0); /* ATOS, PRI, VMW, VMID16 */
		assert_int_equal(field(idr0, 19, 19), 1); /* CD2L */
		assert_int_equal(field(idr0, 20, 20), 0); /* VATOS */
		assert_int_equal(field(idr0, 22, 21), 2); /* TTENDIAN: little */
		assert_int_equal(field(idr0, 25, 24), 1); /* STALL_MODEL: none */
		assert_int_equal(field(idr0, 28, 27), 1); /* ST_LEVEL: two */
		assert_int_equal(field(get(A, IDR1), 5, 0), SID_BITS);
		assert_int_equal(field(get(A, IDR1), 10, 6), 0);   /* SSIDSIZE, as the hardware's */
		assert_int_equal(field(get(A, IDR1), 15, 11), 0);  /* PRIQS */
		assert_int_equal(field(get(A, IDR1), 20, 16), 19); /* EVTQS */
		assert_int_equal(field(get(A, IDR1), 25, 21), 19); /* CMDQS */
		assert_int_equal(field(get(A, IDR1), 31, 28), 0);  /* nothing preset, no ECMDQ */
		assert_int_equal(get(A, IDR2), 0);
		assert_int_equal(get(A, IDR4), 0);
		assert_int_equal(field(get(A, IDR3), 10, 10), 1);  /* RIL */
		assert_int_equal(field(get(A, IDR3), 9, 3), 0);    /* no PBHA, XNX, PPS, FWB, STT */
		assert_int_equal(field(get(A, IDR5), 2, 0), 5);    /* OAS */
		assert_int_equal(field(get(A, IDR5), 6, 4), 1);    /* GRAN4K alone */
		assert_int_equal(field(get(A, IDR5), 31, 10), 0);  /* no VAX, no stalls */
	}
}

/* What one of two SMMUs does not have, the guest of both does not. */
static void test_ids_of_both(void **state)
{
	(void)state;
	machine_prepare(false, true, false);
	machine_config[1].idr0 &= ~(BIT32(12) | BIT32(19));
	machine_config[1].idr3 &= ~BIT32(10);
	machine_config[0].idr1 |= 20 << 6;
	machine_config[1].idr1 |= 8 << 6;
	machine_config[0].idr5 = machine_config[1].idr5 = 0x76; /* 52 bits, which need 64 KiB granules */
	machine_boot();
	assert_int_equal(field(get(A, IDR5), 2, 0), 5);
	assert_int_equal(field(get(A, IDR0), 12, 12), 0);
	assert_int_equal(field(get(A, IDR0), 19, 19), 0);
	assert_int_equal(field(get(A, IDR3), 10, 10), 0);
	assert_int_equal(field(get(A, IDR1), 10, 6), 8);
}

static void test_reset_values(void **state)
{
	static const uint32_t zero[] = {CR0, CR0ACK, CR1, CR2, IRQ_CTRL, IRQ_CTRLACK, GERROR, GERRORN,
					STRTAB_BASE_CFG, CMDQ_PROD, CMDQ_CONS, EVTQ_PROD, EVTQ_CONS};

	(void)state;
	boot(false);
	for (uint32_t d = A; d < C; d++) {
		for (uint32_t i = 0; i < ARRAY_SIZE(zero); i++) {
			assert_int_equal(get(d, zero[i]), 0);
		}
		assert_int_equal(get(d, GBPA), GBPA_ABORT);
		assert_int_equal(get64(d, STRTAB_BASE) | get64(d, CMDQ_BASE) | get64(d, EVTQ_BASE), 0);
	}
	/* And nothing gets through. */
	assert_int_equal(guest_reads(A, A_FEW, G_DATA), 0);
	assert_int_equal(guest_reads(A, A_OTHER, G_DATA), 0);
	assert_int_equal(guest_reads(B, B_MANY + 127, G_DATA), 0);
	machine_settle();
	assert_int_equal(machine_lines, 0);
}

static void test_read_only(void **state)
{
	static const uint32_t regs[] = {IDR0, IDR1, IDR2, IDR3, IDR4, IDR5, IIDR, AIDR, CR0ACK, STATUSR,
					IRQ_CTRLACK, GERROR};

	(void)state;
	boot(false);
	for (uint32_t i = 0; i < ARRAY_SIZE(regs); i++) {
		uint32_t before = get(A, regs[i]);

		set(A, regs[i], ~before);
		assert_int_equal(get(A, regs[i]), before);
	}
}

/* Every offset of both pages: what is no register reads as zero, and writes do nothing. */
static void test_unknown_offsets(void **state)
{
	static const uint32_t known[] = {IDR0, IDR1, IDR3, IDR5, IIDR, AIDR, CR1, CR2, GBPA, STRTAB_BASE,
					 STRTAB_BASE + 4, STRTAB_BASE_CFG, CMDQ_BASE, CMDQ_BASE + 4, CMDQ_PROD,
					 CMDQ_CONS, EVTQ_BASE, EVTQ_BASE + 4, EVTQ_PROD, EVTQ_CONS};

	(void)state;
	boot(false);
	for (uint32_t reg = 0; reg < 0x20000; reg += 4) {
		bool is = false;

		for (uint32_t i = 0; i < ARRAY_SIZE(known); i++) {
			is = is || known[i] == reg;
		}
		if (!is && reg != CR0 && reg != IRQ_CTRL && reg != GERRORN) {
			uint64_t value = UINT32_MAX;

			assert_true(machine_access(A, reg, 4, true, &value));
			assert_true(machine_access(A, reg, 4, false, &value));
			assert_int_equal(value, 0);
		}
	}
	machine_settle();
	machine_check();
	/* The event queue's positions are on page 1 alone, all others on page 0. */
	set(A, 0xa8, 3);
	set(A, 0x10020, ALL_ON);
	set(A, 0x10098, 3);
	assert_int_equal(get(A, EVTQ_PROD), 0);
	assert_int_equal(get(A, CR0), 0);
	assert_int_equal(get(A, CMDQ_PROD), 0);
	/* Of the other guest, nothing has changed. */
	assert_int_equal(get(B, GBPA), GBPA_ABORT);
	assert_int_equal(get(B, CMDQ_PROD), 0);
}

/* Of the odd sizes and offsets some may abort, but none has an effect or leaks. */
static void test_sizes(void **state)
{
	static const uint32_t sizes[] = {1, 2, 4, 8};

	(void)state;
	boot(false);
	set64(A, STRTAB_BASE, G_STRTAB);
	for (uint32_t i = 0; i < ARRAY_SIZE(sizes); i++) {
		for (uint32_t offset = 0; offset < 0x120; offset++) {
			uint64_t value = 0;

			machine_access(A, offset, sizes[i], false, &value);
			if (offset % 4 != 0 || sizes[i] < 4) {
				assert_true(!machine_access(A, offset, sizes[i], false, &value) ||
					    (value & (UINT64_MAX >> (64 - 8 * sizes[i]))) == 0 || offset % sizes[i] == 0);
				value = 0x5a5a5a5a5a5a5a5a;
				machine_access(A, offset, sizes[i], true, &value);
			}
		}
	}
	/* At the end, and over it. */
	for (uint32_t offset = 0x1fff0; offset < 0x20000; offset++) {
		for (uint32_t i = 0; i < ARRAY_SIZE(sizes); i++) {
			uint64_t value = 0;

			machine_access(A, offset, sizes[i], false, &value);
			machine_access(A, offset, sizes[i], true, &value);
		}
	}
	machine_check();
	assert_int_equal(get64(A, STRTAB_BASE), G_STRTAB);
	assert_int_equal(get(A, CR0), 0);
	assert_int_equal(get(A, CR1), 0);
	assert_int_equal(get(A, GBPA), GBPA_ABORT);
	assert_int_equal(get(A, IRQ_CTRL), 0);
	assert_int_equal(get64(A, CMDQ_BASE), 0);
	assert_int_equal(get(A, CMDQ_PROD), 0);
}

/* 64-bit registers can be written in halves. */
static void test_halves(void **state)
{
	static const uint32_t regs[] = {STRTAB_BASE, CMDQ_BASE, EVTQ_BASE};

	(void)state;
	boot(false);
	for (uint32_t i = 0; i < ARRAY_SIZE(regs); i++) {
		set64(A, regs[i], UINT64_C(0x0000123480000000));
		set(A, regs[i] + 4, 0x4567);
		assert_int_equal(get64(A, regs[i]), UINT64_C(0x0000456780000000));
		set(A, regs[i], 0x81000000);
		assert_int_equal(get64(A, regs[i]), UINT64_C(0x0000456781000000));
		assert_int_equal(get(A, regs[i]), 0x81000000);
		assert_int_equal(get(A, regs[i] + 4), 0x4567);
	}
}

static void test_cr0(void **state)
{
	(void)state;
	boot(false);
	/* What is not there is not acknowledged: PRIQEN, ATSCHK, VMW, the reserved. */
	set(A, CR0, UINT32_MAX & ~ALL_ON);
	assert_int_equal(get(A, CR0ACK), 0);
	set(A, CR0, EVTQEN);
	assert_int_equal(get(A, CR0ACK), EVTQEN);
	set(A, CR0, CMDQEN | EVTQEN);
	assert_int_equal(get(A, CR0ACK), CMDQEN | EVTQEN);
	set(A, CR0, 0);
	assert_int_equal(get(A, CR0ACK), 0);
}

/* Registers that may only be changed while what uses them is off. */
static void test_writable_while_enabled(void **state)
{
	(void)state;
	boot(false);
	guest_start(A);
	set64(A, STRTAB_BASE, G(0x80000));
	set(A, STRTAB_BASE_CFG, 5);
	set64(A, CMDQ_BASE, G(0x80000) | 4);
	set(A, CMDQ_CONS, 3);
	set64(A, EVTQ_BASE, G(0x80000) | 4);
	set(A, EVTQ_PROD, 3);
	set(A, CR1, 0x555);
	set(A, CR2, 0);
	assert_int_equal(get64(A, STRTAB_BASE), G_STRTAB);
	assert_int_equal(get(A, STRTAB_BASE_CFG), SID_BITS | SPLIT << 6 | 1 << 16);
	assert_int_equal(get64(A, CMDQ_BASE), G_CMDQ | CMDQ_LOG2);
	assert_int_equal(get(A, CMDQ_CONS), 0);
	assert_int_equal(get64(A, EVTQ_BASE), G_EVTQ | EVTQ_LOG2);
	assert_int_equal(get(A, EVTQ_PROD), 0);
	assert_int_equal(get(A, CR1), 0);
	assert_int_equal(get(A, CR2) & 2, 2);
	/* It still works. */
	guest_attach(A, A_FEW);
	assert_int_equal(guest_reads(A, A_FEW, VA_DATA), 1);
}

static void test_irq_ctrl(void **state)
{
	(void)state;
	boot(false);
	set(A, IRQ_CTRL, UINT32_MAX);
	assert_int_equal(get(A, IRQ_CTRLACK), 5); /* GERROR, EVTQ; no PRI */
	set(A, IRQ_CTRL, 4);
	assert_int_equal(get(A, IRQ_CTRLACK), 4);
	set(A, IRQ_CTRL, 0);
	assert_int_equal(get(A, IRQ_CTRLACK), 0);
}

/* MSIs are not offered: their registers are not there. */
static void test_msi(void **state)
{
	static const uint32_t regs[] = {0x68, 0xb0, 0xd0};

	(void)state;
	boot(false);
	for (uint32_t i = 0; i < ARRAY_SIZE(regs); i++) {
		set64(A, regs[i], UINT64_C(0x0000000008020040));
		assert_int_equal(get64(A, regs[i]), 0);
		set(A, regs[i] + 8, 77);
		assert_int_equal(get(A, regs[i] + 8), 0);
	}
}

static void test_gbpa(void **state)
{
	(void)state;
	for (int qemu = 0; qemu < 2; qemu++) {
		boot(qemu != 0);
		guest_tables(A);
		set(A, GBPA, 0); /* without UPDATE */
		assert_int_equal(get(A, GBPA), GBPA_ABORT);
		assert_int_equal(guest_reads(A, A_FEW, G_DATA), 0);
		set(A, GBPA, GBPA_UPDATE);
		machine_settle();
		assert_int_equal(get(A, GBPA), 0);
		/* All streams now go through stage 2, and through nothing else. */
		assert_int_equal(guest_reads(A, A_FEW, G_DATA), 1);
		assert_int_equal(guest_reads(A, A_OTHER + 7, G_DATA + 0x1000), 2);
		assert_int_equal(guest_reads(A, A_GROUP + 63, G_DATA), 1);
		assert_int_equal(guest_reads(A, A_MANY + 0x3fff, G_DATA), 1);
		assert_int_equal(guest_reads(A, A_FEW, A_PA), 0);
		assert_int_equal(guest_reads(A, A_FEW, C_PA), 0);
		/* B's do not. */
		assert_int_equal(guest_reads(B, B_FEW, G_DATA), 0);
		machine_check();
		set(A, GBPA, GBPA_UPDATE | GBPA_ABORT);
		machine_settle();
		assert_int_equal(get(A, GBPA), GBPA_ABORT);
		assert_int_equal(guest_reads(A, A_FEW, G_DATA), 0);
		assert_int_equal(guest_reads(A, A_MANY, G_DATA), 0);
	}
}

/* Once SMMUEN is set the table counts, and GBPA does not; and back. */
static void test_gbpa_and_smmuen(void **state)
{
	(void)state;
	for (int qemu = 0; qemu < 2; qemu++) {
		boot(qemu != 0);
		set(A, GBPA, GBPA_UPDATE);
		machine_settle();
		guest_start(A);
		assert_int_equal(guest_reads(A, A_FEW, G_DATA), 0);
		assert_int_equal(guest_reads(A, A_MANY + 5, G_DATA), 0);
		assert_int_equal(guest_reads(A, A_OTHER, G_DATA), 0);
		guest_attach(A, A_FEW);
		assert_int_equal(guest_reads(A, A_FEW, VA_DATA), 1);
		set(A, GBPA, GBPA_UPDATE | GBPA_ABORT);
		machine_settle();
		assert_int_equal(guest_reads(A, A_FEW, VA_DATA), 1);
		set(A, GBPA, GBPA_UPDATE);
		set(A, CR0, CMDQEN | EVTQEN);
		machine_settle();
		assert_int_equal(get(A, CR0ACK), CMDQEN | EVTQEN);
		assert_int_equal(guest_reads(A, A_FEW, G_DATA), 1);
		assert_int_equal(guest_reads(A, A_MANY + 5, G_DATA), 1);
		assert_int_equal(guest_reads(A, A_OTHER, G_DATA), 1);
		set(A, CR0, ALL_ON);
		machine_settle();
		assert_int_equal(get(A, CR0ACK), ALL_ON);
		/* The table's stage 1 again. */
		assert_int_equal(guest_reads(A, A_FEW, VA_DATA), 1);
		assert_int_equal(guest_reads(A, A_OTHER, G_DATA), 0);
	}
}

/* GERRORN: only what is active can be acknowledged, and nothing else breaks. */
static void test_gerrorn(void **state)
{
	(void)state;
	boot(false);
	guest_start(A);
	set(A, GERRORN, UINT32_MAX);
	assert_int_equal(get(A, GERROR) & ~UINT32_C(0x1ff), 0);
	assert_true(guest_command(A, 0x10, 0) || guest_error(A) == 0);
	boot(false);
	guest_start(A);
	assert_false(guest_command(A, 0xff, 0));
	assert_int_equal(guest_error(A), 1);
	assert_int_equal(machine_raised[GERROR_SPI(A)], 1);
	guest_recover(A);
	assert_int_equal(get(A, GERROR), get(A, GERRORN));
	assert_true(guest_command(A, 0x10, 0));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ids),
		cmocka_unit_test(test_ids_of_both),
		cmocka_unit_test(test_reset_values),
		cmocka_unit_test(test_read_only),
		cmocka_unit_test(test_unknown_offsets),
		cmocka_unit_test(test_sizes),
		cmocka_unit_test(test_halves),
		cmocka_unit_test(test_cr0),
		cmocka_unit_test(test_writable_while_enabled),
		cmocka_unit_test(test_irq_ctrl),
		cmocka_unit_test(test_msi),
		cmocka_unit_test(test_gbpa),
		cmocka_unit_test(test_gbpa_and_smmuen),
		cmocka_unit_test(test_gerrorn),
	};

	return cmocka_run_group_tests_name("vsmmuv3_regs", tests, NULL, NULL);
}
