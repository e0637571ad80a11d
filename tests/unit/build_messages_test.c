// SPDX-License-Identifier: Apache-2.0
// sources: hv/firmware/build/[a-r]*.c hv/firmware/build/streams.c hv/mm/stage2.c tests/unit/build/*.c
/* Tables made at boot: what the ITS and LPIs need, machines without, and what the check of it finds. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <string.h>

#include "build_look.h"

#define ADDRESS UINT64_C(0xfffffffff000) /* of a descriptor */

/* Something that boot made, by the address that it will have. */
static void *at(const void *va)
{
	return s.b.bytes + ((uint64_t)(uintptr_t)va - s.b.home.load);
}

/* Whole pages from `va` on that the hypervisor writes to. */
static void assert_data(const void *va, uint64_t size)
{
	for (uint64_t i = 0; i < size; i += 0x1000) {
		uint64_t page = (uint64_t)(uintptr_t)va + i;

		assert_int_equal(page % 0x1000, 0);
		assert_own(page, page - s.b.home.load + s.b.home.base, true, false);
	}
}

static void assert_messages(uint64_t its_base, uint32_t bits, uint32_t pages)
{
	const struct its_desc *its = at(s.board.its);
	const struct msi_desc *msi = at(s.domain.msi);
	const struct msi_ids *ids = at(msi->ids);

	assert_int_equal(s.board.its_count, 1);
	assert_int_equal(its->base, its_base);
	assert_int_equal(its->device_bits, bits);
	assert_data(its->queue, 0x1000);
	assert_data(its->devices, 0x1000);
	assert_data(its->collections, 0x1000);
	assert_int_equal(msi->lpi_first, 8192);
	assert_int_equal(msi->lpi_count, 2048);
	assert_int_equal(msi->device_count, 32);
	assert_int_equal(msi->page_count, pages);
	assert_int_equal(msi->id_count, 1);
	assert_int_equal(ids->first, 0);
	assert_int_equal(ids->count, BIT64(bits));
	assert_data(s.board.lpi_properties, 8192);
	assert_data(msi->state, 0x1000);
	assert_data(msi->pages, pages * 0x1000);
	/* 16 bytes for each event, whatever the ITS says that it needs: QDF2400 erratum 0065. */
	assert_data(msi->itts, 2 * 2048 * 16);
	assert_data(msi->events, 2 * 2048 * 4);
	assert_data(msi->pending, 2048 / 8 * s.board.cpu_count);
	for (uint64_t cpu = 0; cpu < s.board.cpu_count; cpu++) {
		uint64_t lpi = s.board.lpi.base + cpu * 0x10000;

		assert_data((const void *)(uintptr_t)lpi, 0x1000);
		assert_int_equal((lpi - s.b.home.load + s.b.home.base) % 0x10000, 0);
	}
	/* The doorbell's page for whoever writes to it, and nothing around. */
	assert_true(walk(its_base + 0x10000).valid);
	assert_int_equal(walk(its_base + 0x10000).desc & UINT64_C(0xfffffffff0fc), (its_base + 0x10000) | 0xc4);
	assert_nothing(its_base);
	assert_nothing(its_base + 0xf000);
	assert_nothing(its_base + 0x11000);
	assert_nothing(its_base + 0x1f000);
	assert_own(its_base, its_base, true, false);
	assert_own(its_base + 0xf000, its_base + 0xf000, true, false);
	assert_int_equal(el2_leaf(its_base + 0x10000), 0);
}

static void a_virtual_its(void **state)
{
	(void)state;
	machine_small(&s);
	machine_messages(&s);
	s.m.cpu_count = 3;
	s.m.cpus[1] = (struct acpi_cpu){.mpidr = 1, .uid = 1, .maintenance = 25};
	s.m.cpus[2] = (struct acpi_cpu){.mpidr = 2, .uid = 2, .maintenance = 25};
	made();
	assert_messages(0x08080000, 16, 32);
	assert_int_equal(s.domain.window_count, 4);
	assert_int_equal(s.b.windows[1].kind, WINDOW_GITS);
	assert_int_equal(s.b.windows[1].ipa, 0x08080000);
	assert_int_equal(s.b.windows[1].size, 0x10000);
}

/* Pending tables of 48 CPUs take most of the memory for tables, and there is enough. */
static void a_large_virtual_its(void **state)
{
	(void)state;
	machine_large(&s);
	machine_messages(&s);
	s.m.its_count = 1;
	for (uint32_t i = 0; i < 6; i++) {
		s.m.maps[s.m.map_count++] = (struct acpi_map){ACPI_SMMU, i, 0, 0xffff, i << 15, ACPI_ITS, 48, 0};
	}
	made();
	assert_messages(0x0f100000, 18, 32);
	assert_true(s.b.used < MIB(1) + MIB(4));
}

static const struct {
	void (*change)(struct build_machine_state *s);
	const char *why;
	uint64_t value;
} lacks[] = {
	{machine_no_its, "has no ITS in its MADT", 0},
	{machine_two_itses, "has more ITSs in its MADT than the one", 2},
	{machine_its_not_there, "has no ITS where its MADT says, at", 0x08080000},
	{machine_gicd_unmapped, "has a GIC without LPIs, or with too few", 0},
	{machine_no_lpis, "has a GIC without LPIs", 0x01780007},
	{machine_few_lpis, "has a GIC without LPIs, or with too few", 0x01620007},
	{machine_wide_devices, "has DeviceIDs in its IORT that are too large", 19},
};

/* A machine without an ITS that a domain can have has all the rest. */
static void without_messages(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < ARRAY_SIZE(lacks); i++) {
		machine_small(&s);
		machine_messages(&s);
		lacks[i].change(&s);
		assert_true(build_all(&s.b));
		assert_int_equal(strncmp(s.b.without, lacks[i].why, strlen(lacks[i].why)), 0);
		assert_int_equal(s.b.without_value, lacks[i].value);
		assert_null(s.domain.msi);
		assert_int_equal(s.board.its_count, 0);
		assert_int_equal(s.domain.window_count, 3);
	}
	/* Nor does one that is to have none. */
	machine_small(&s);
	assert_true(build_all(&s.b));
	assert_null(s.b.without);
	assert_null(s.domain.msi);
	assert_int_equal(s.domain.window_count, 3);
}

/* What the check is for, of what an ITS and redistributors use. */
static void damage_of_messages_is_found(void **state)
{
	enum { DAMAGES = 29 };

	(void)state;
	for (uint32_t i = 0; i < DAMAGES; i++) {
		struct its_desc *its;
		struct msi_desc *msi;
		struct msi_ids *ids;
		uint64_t va;

		machine_small(&s);
		machine_messages(&s);
		assert_true(build_all(&s.b));
		assert_true(build_check(&s.b));
		its = at(s.board.its);
		msi = at(s.domain.msi);
		ids = at(msi->ids);
		switch (i) {
		case 0: /* all of the doorbell's frame */
			*stage2_slot(0x08091000, 3) = *stage2_slot(0x08090000, 3) + 0x1000;
			break;
		case 1: /* the ITS's registers */
			*stage2_slot(0x08080000, 3) = *stage2_slot(0x08090000, 3) - 0x10000;
			break;
		case 2: /* the registers where the doorbell is */
			*stage2_slot(0x08090000, 3) -= 0x10000;
			break;
		case 3: /* no doorbell */
			*stage2_slot(0x08090000, 3) = 0;
			break;
		case 4: /* one that is not there yet */
			*stage2_slot(0x08090000, 3) &= ~UINT64_C(1);
			break;
		case 5: /* one that cannot be written to */
			*stage2_slot(0x08090000, 3) &= ~BIT64(7);
			break;
		case 6: /* one that can be executed */
			*stage2_slot(0x08090000, 3) &= ~BIT64(54);
			break;
		case 7: /* as memory */
			*stage2_slot(0x08090000, 3) |= 0x3c;
			break;
		case 8: /* another ITS */
			its->base = 0x08020000;
			*stage2_slot(0x08030000, 3) |= 1;
			break;
		case 9: /* the queue in the image */
			its->queue = (uint64_t *)(uintptr_t)s.b.home.load;
			break;
		case 10: /* the device table behind all that is mapped */
			its->devices = (uint64_t *)(uintptr_t)(s.b.home.load + s.b.size - 0x1000);
			break;
		case 11: /* beyond the hypervisor's RAM */
			its->devices = (uint64_t *)(uintptr_t)(s.b.home.load + s.b.size);
			break;
		case 12: /* the collection table is the device table */
			its->collections = its->devices;
			break;
		case 13: /* the translation tables reach into the events */
			msi->itts += 0x1000;
			break;
		case 14: /* the device table's pages, into the translation tables */
			msi->page_count = 32;
			msi->pages += 31 * 512;
			break;
		case 15: /* a pending table is where the GIC cannot have it */
			msi->page_count = 1;
			s.board.lpi.base = (uint64_t)(uintptr_t)msi->pages + 0x1000;
			break;
		case 16: /* pending tables in pages that are only read */
			s.board.lpi.base -= 0x100000;
			break;
		case 17: /* more LPIs than there are tables for */
			msi->lpi_count *= 2;
			break;
		case 18: /* LPIs that are none */
			msi->lpi_first -= 32;
			break;
		case 19: /* DeviceIDs behind the end of the device table */
			its->device_bits = 19;
			break;
		case 20:
			ids->count++;
			break;
		case 21: /* the properties in the stage-2 tables */
			va = s.domain.vttbr % BIT64(48) - s.b.home.base + s.b.home.load;
			s.board.lpi_properties = (uint8_t *)(uintptr_t)va;
			break;
		case 22: /* an SMMU's queue among them */
			s.b.smmus[0].cmdq = its->queue;
			break;
		case 23: /* a stage-2 table among them */
			va = (uint64_t)(uintptr_t)msi->pages - s.b.home.load + s.b.home.base;
			memcpy(build_at(&s.b, va), build_at(&s.b, *stage2_slot(0x08090000, 2) & ADDRESS), 0x1000);
			*stage2_slot(0x08090000, 2) = va | 3;
			break;
		case 24: /* a stream table among them, of two levels or one */
		case 25:
			s.b.smmus[0].strtab_base = (uint64_t)(uintptr_t)msi->itts - s.b.home.load + s.b.home.base;
			s.b.smmus[0].strtab_cfg = i == 24 ? s.b.smmus[0].strtab_cfg : 6;
			break;
		case 27: /* the queue in .bss */
			its->queue = (uint64_t *)(uintptr_t)(s.b.home.load + 0x40000);
			break;
		case 26: /* a second level of it */
			va = s.b.smmus[0].strtab_base & UINT64_C(0xfffffffffffc0);
			*build_at(&s.b, va) = ((uint64_t)(uintptr_t)msi->itts - s.b.home.load + s.b.home.base) | 7;
			break;
		default: /* a table of an ITS in a page that the hypervisor only reads */
			va = (uint64_t)(uintptr_t)its->devices;
			*slot(s.board.el2_ttbr, 0, va, 3) |= BIT64(7);
			break;
		}
		if (build_check(&s.b)) {
			fail_msg("damage %u", i);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_virtual_its),
		cmocka_unit_test(a_large_virtual_its),
		cmocka_unit_test(without_messages),
		cmocka_unit_test(damage_of_messages_is_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
