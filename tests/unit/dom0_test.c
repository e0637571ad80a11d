// SPDX-License-Identifier: Apache-2.0
// sources: hv/firmware/acpi/*.c hv/firmware/dom0/*.c tests/unit/acpi/*.c tests/unit/dom0/*.c
/* What the hardware domain is handed with ACPI, read as a kernel reads it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <libfdt.h>

#include "dom0/machine.h"

static struct dom0_machine m;
static struct acpi_machine seen;

static const uint8_t *at(uint64_t pa)
{
	assert_true(pa >= m.out.pa && pa - m.out.pa < m.out.size);
	return m.out.bytes + (pa - m.out.pa);
}

static uint64_t number(const uint8_t *bytes, uint32_t offset, uint32_t size)
{
	uint64_t v = 0;

	memcpy(&v, bytes + offset, size);
	return v;
}

static void made(void)
{
	if (!dom0_make_all(&m)) {
		fail_msg("%s+%u %s", m.trouble.table, m.trouble.offset, m.trouble.what);
	}
}

/* As the domain reads them: by the reader that is tested for itself, acpi_test.c. */
static void tables_are_read(void)
{
	struct acpi_trouble trouble;

	fw_also(m.out.pa, m.out.bytes, m.out.size);
	if (!acpi_read(&seen, m.out.rsdp, &trouble)) {
		fail_msg("%s+%u %s", trouble.table, trouble.offset, trouble.what);
	}
}

/* Where the domain finds a table; NULL: nowhere. */
static const uint8_t *table(const char *signature)
{
	for (uint32_t i = 0; i < seen.table_count; i++) {
		if (memcmp(seen.tables[i], signature, 4) == 0) {
			return acpi_memory(seen.table_pa[i], 36);
		}
	}
	return NULL;
}

static void the_whole_machine(void **state)
{
	(void)state;
	dom0_machine(&m);
	made();
	tables_are_read();
	assert_true(IS_ALIGNED(m.out.size, PAGE_SIZE));
	assert_int_equal(seen.table_count, m.found.table_count);
	assert_string_equal(seen.oem_id, "BOCHS ");
	assert_true(seen.psci && seen.psci_hvc);
	assert_int_equal(seen.cpu_count, 4);
	for (uint32_t i = 0; i < seen.cpu_count; i++) {
		assert_int_equal(seen.cpus[i].mpidr, i);
		assert_int_equal(seen.cpus[i].uid, i);
		assert_int_equal(seen.cpus[i].maintenance, 0);
	}
	assert_int_equal(seen.gicd, 0x08000000);
	assert_int_equal(seen.gic_version, 3);
	assert_int_equal(seen.gicr_count, 1);
	assert_int_equal(seen.gicr[0].base, 0x080a0000);
	assert_int_equal(seen.gicr[0].size, 0x80000);
	assert_int_equal(seen.its_count, 1);
	assert_int_equal(seen.its[0].base, 0x08080000);
	/* Firmware's own, where they are */
	for (uint32_t i = 0; i < seen.table_count; i++) {
		bool new = memcmp(seen.tables[i], "FACP", 4) == 0 || memcmp(seen.tables[i], "APIC", 4) == 0;

		assert_int_equal(seen.table_pa[i] == m.found.table_pa[i], !new);
	}
	assert_int_equal(seen.smmus[0].base, 0x09050000);
	assert_int_equal(seen.map_count, 3);
	assert_null(table("STAO"));
	dom0_forget(&m);
}

/* Two of four CPUs, in another order; a GICv4 with redistributors of its CPUs' own. */
static void some_cpus(void **state)
{
	(void)state;
	dom0_machine(&m);
	m.in.cpu_count = 2;
	m.cpus[0] = 3;
	m.cpus[1] = 1;
	m.windows[2].size = 2 * 0x20000;
	fw_put("APIC", 44 + 20, 4, 1);
	for (uint32_t cpu = 0; cpu < 4; cpu++) {
		uint32_t entry = 68 + 80 * cpu;

		fw_put("APIC", entry + 4, 40 + cpu, 4);
		fw_put("APIC", entry + 8, 100 + cpu, 4);
		fw_put("APIC", entry + 12, 7, 4);
		fw_put("APIC", entry + 16, 1, 4);
		fw_put("APIC", entry + 20, 23, 4);
		fw_put("APIC", entry + 24, 0x40001000, 8);
		fw_put("APIC", entry + 32, 0x2c000000, 8);
		fw_put("APIC", entry + 40, 0x2c020000, 8);
		fw_put("APIC", entry + 48, 0x2c010000, 8);
		fw_put("APIC", entry + 60, 0x080a0000 + 0x20000 * cpu, 8);
		fw_put("APIC", entry + 76, cpu, 1);
		fw_put("APIC", entry + 78, 21, 2);
	}
	fw_sum();
	made();
	tables_are_read();
	assert_int_equal(seen.cpu_count, 2);
	assert_int_equal(seen.cpus[0].mpidr, 3);
	assert_int_equal(seen.cpus[0].uid, 103);
	assert_int_equal(seen.cpus[1].mpidr, 1);
	assert_int_equal(seen.gic_version, 3);
	assert_int_equal(seen.gicr_count, 1);
	assert_int_equal(seen.gicr[0].size, 0x40000);
	const uint8_t *gicc = table("APIC") + 68;
	assert_int_equal(number(gicc, 4, 4), 43);
	assert_int_equal(number(gicc, 12, 4), 3);
	assert_int_equal(number(gicc, 16, 4), 0);
	assert_int_equal(number(gicc, 20, 4), 23);
	for (uint32_t offset = 24; offset < 56; offset += 8) {
		assert_int_equal(number(gicc, offset, 8), 0);
	}
	assert_int_equal(number(gicc, 56, 4), 0);
	assert_int_equal(number(gicc, 60, 8), 0);
	assert_int_equal(number(gicc, 76, 1), 3);
	/* INTID 21 is not the domain's. */
	assert_int_equal(number(gicc, 78, 2), 0);
	dom0_forget(&m);
}

/* The domain is switched off by PSCI, and by no register. */
static void power_is_pscis(void **state)
{
	(void)state;
	dom0_machine(&m);
	fw_put("FACP", 8, 6, 1);
	fw_put("FACP", 112, BIT32(20) | BIT32(10) | BIT32(4), 4);
	fw_put("FACP", 120, 0x09080000, 8);
	fw_put("FACP", 129, 0x1, 2);
	fw_put("FACP", 248, 0x09080004, 8);
	fw_put("FACP", 260, 0x09080008, 8);
	fw_sum();
	made();
	tables_are_read();
	const uint8_t *fadt = table("FACP");
	assert_int_equal(number(fadt, 8, 1), 6);
	assert_int_equal(number(fadt, 112, 4), BIT32(20) | BIT32(4));
	assert_int_equal(number(fadt, 120, 8), 0);
	assert_int_equal(number(fadt, 129, 2), 3);
	assert_int_equal(number(fadt, 140, 8), m.found.dsdt);
	assert_int_equal(number(fadt, 248, 8), 0);
	assert_int_equal(number(fadt, 260, 8), 0);
	assert_memory_equal(fadt + 268, "Bulkhead", 8);
	dom0_forget(&m);
}

/* Without the virtual PL011 in its place, the UART that SPCR names is to be left alone. */
static void the_uart_is_left_alone(void **state)
{
	(void)state;
	dom0_machine(&m);
	dom0_without(&m, WINDOW_VPL011);
	made();
	tables_are_read();
	assert_int_equal(seen.table_count, m.found.table_count + 1);
	assert_non_null(table("STAO"));
	assert_int_equal(number(table("STAO"), 4, 4), 37);
	assert_int_equal(table("STAO")[36], 1);
	/* One of firmware's own, which was for somebody else */
	dom0_forget(&m);
	fw_put("MCFG", 0, 0x4f415453, 4);
	fw_sum();
	made();
	tables_are_read();
	assert_int_equal(seen.table_count, m.found.table_count);
	assert_int_equal(number(table("STAO"), 4, 4), 37);
	/* The UART is the domain's. */
	m.in.uart = 0;
	made();
	tables_are_read();
	assert_null(table("STAO"));
	dom0_forget(&m);
}

static void what_cannot_be_told(void **state)
{
	(void)state;
	dom0_machine(&m);
	m.board_cpus[2].mpidr = 0x100;
	assert_false(dom0_make_all(&m));
	assert_string_equal(m.trouble.table, "APIC");
	dom0_machine(&m);
	fw_put("APIC", 68 + 2 * 80 + 12, 0, 4);
	fw_sum();
	assert_false(dom0_make_all(&m));
	assert_string_equal(m.trouble.table, "APIC");
	dom0_machine(&m);
	m.windows[0].ipa += 0x10000;
	assert_false(dom0_make_all(&m));
	assert_int_equal(m.trouble.offset, 52);
	dom0_machine(&m);
	m.windows[1].kind = 0;
	made();
	tables_are_read();
	assert_int_equal(seen.its_count, 0);
	dom0_forget(&m);
}

static uint64_t cells(const char *name, int size)
{
	const void *fdt = at(m.out.dtb);
	int got;
	const uint8_t *p = fdt_getprop(fdt, fdt_path_offset(fdt, "/chosen"), name, &got);
	uint64_t v = 0;

	assert_non_null(p);
	assert_int_equal(got, size);
	for (int i = 0; i < size; i++) {
		v = v << 8 | p[i];
	}
	return v;
}

static void the_device_tree(void **state)
{
	static const char *const texts[] = {"", "a", "abc", "abcd", "abcde", "console=ttyAMA0 root=/dev/nvme0n1p1"};
	int length;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		dom0_machine(&m);
		m.in.bootargs = texts[i];
		m.in.initrd.size = i == 0 ? 0 : 12345;
		made();
		const void *fdt = at(m.out.dtb);
		assert_true(IS_ALIGNED(m.out.dtb, 8));
		assert_int_equal(fdt_check_full(fdt, (size_t)(m.out.size - (m.out.dtb - m.out.pa))), 0);
		/* One node, or a kernel takes the tree for the machine's */
		int chosen = fdt_first_subnode(fdt, 0);
		assert_string_equal(fdt_get_name(fdt, chosen, NULL), "chosen");
		assert_int_equal(fdt_next_subnode(fdt, chosen), -FDT_ERR_NOTFOUND);
		assert_int_equal(fdt_first_subnode(fdt, chosen), -FDT_ERR_NOTFOUND);
		const char *args = fdt_getprop(fdt, chosen, "bootargs", &length);
		if (i == 0) {
			assert_null(args);
			assert_null(fdt_getprop(fdt, chosen, "linux,initrd-start", NULL));
			assert_null(fdt_getprop(fdt, chosen, "linux,initrd-end", NULL));
		} else {
			assert_string_equal(args, texts[i]);
			assert_int_equal(length, strlen(texts[i]) + 1);
			assert_int_equal(cells("linux,initrd-start", 8), 0x48000000);
			assert_int_equal(cells("linux,initrd-end", 8), 0x48000000 + 12345);
		}
		assert_int_equal(cells("linux,uefi-system-table", 8), m.out.system);
		assert_int_equal(cells("linux,uefi-mmap-start", 8), m.out.map);
		assert_int_equal(cells("linux,uefi-mmap-size", 4), 0);
		assert_int_equal(cells("linux,uefi-mmap-desc-size", 4), 40);
		assert_int_equal(cells("linux,uefi-mmap-desc-ver", 4), 1);
		assert_int_equal(cells("linux,uefi-secure-boot", 4), 2);
		assert_int_equal(fdt_address_cells(fdt, 0), 2);
		assert_int_equal(fdt_size_cells(fdt, 0), 2);
		dom0_forget(&m);
	}
}

static void the_system_table(void **state)
{
	static const uint16_t vendor[] = {'B', 'u', 'l', 'k', 'h', 'e', 'a', 'd', 0};
	static const uint8_t acpi[16] = {0x71, 0xe8, 0x68, 0x88, 0xf1, 0xe4, 0xd3, 0x11,
					 0xbc, 0x22, 0x00, 0x80, 0xc7, 0x3c, 0x88, 0x81};
	static const uint8_t properties[16] = {0x8a, 0x91, 0x66, 0xeb, 0xef, 0x7e, 0x2a, 0x40,
					       0x84, 0x2e, 0x93, 0x1d, 0x21, 0xc3, 0x8a, 0xe9};
	static const uint8_t reserve[16] = {0xc6, 0xb0, 0x8e, 0x88, 0xde, 0x8e, 0xf5, 0x4f,
					    0xa8, 0xf0, 0x9a, 0xee, 0x5c, 0xb9, 0x77, 0xc2};
	uint8_t table_copy[120];

	(void)state;
	dom0_machine(&m);
	made();
	const uint8_t *t = at(m.out.system);
	assert_memory_equal(t, "IBI SYST", 8);
	assert_int_equal(number(t, 8, 4), 0x00020064);
	assert_int_equal(number(t, 12, 4), sizeof(table_copy));
	memcpy(table_copy, t, sizeof(table_copy));
	memset(table_copy + 16, 0, 4);
	assert_int_equal(number(t, 16, 4), dom0_crc32(table_copy, sizeof(table_copy)));
	assert_memory_equal(at(number(t, 24, 8)), vendor, sizeof(vendor));
	for (uint32_t offset = 40; offset < 104; offset += 8) {
		assert_int_equal(number(t, offset, 8), 0);
	}
	assert_int_equal(number(t, 104, 8), 3);
	const uint8_t *config = at(number(t, 112, 8));
	assert_memory_equal(config, acpi, 16);
	assert_int_equal(number(config, 16, 8), m.out.rsdp);
	assert_memory_equal(config + 24, properties, 16);
	const uint8_t *none = at(number(config, 24 + 16, 8));
	assert_int_equal(number(none, 0, 2), 1);
	assert_int_equal(number(none, 2, 2), 8);
	assert_int_equal(number(none, 4, 4), 0);
	assert_memory_equal(config + 48, reserve, 16);
	const uint8_t *empty = at(number(config, 48 + 16, 8));
	assert_int_equal(number(empty, 0, 8), 0);
	assert_int_equal(number(empty, 8, 8), 0);
	dom0_forget(&m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_whole_machine),
		cmocka_unit_test(some_cpus),
		cmocka_unit_test(power_is_pscis),
		cmocka_unit_test(the_uart_is_left_alone),
		cmocka_unit_test(what_cannot_be_told),
		cmocka_unit_test(the_device_tree),
		cmocka_unit_test(the_system_table),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
