// SPDX-License-Identifier: Apache-2.0
// sources: hv/firmware/acpi/*.c hv/firmware/dom0/*.c tests/unit/acpi/*.c tests/unit/dom0/*.c
/*
 * The input is what firmware has got wrong: values at places in good ACPI tables, checksums
 * that agree with them or not, a domain that has this or that of the machine, and values in
 * a good memory map. Whatever it is, there is a reason for a refusal, or what the domain is
 * handed is right.
 */
#include <stdlib.h>
#include <string.h>

#include "fuzz/input.h"
#include "unit/dom0/machine.h"

#define CHANGES_MAX 64

static struct dom0_machine m;
static struct dom0_map map;

static void must(bool right)
{
	if (!right) {
		abort();
	}
}

static void change_tables(void)
{
	static const char *const names[] = {"XSDT", "APIC", "GTDT", "FACP", "MCFG", "SPCR", "IORT", "RSDP"};

	for (uint64_t changes = input_take(1) % CHANGES_MAX; changes > 0; changes--) {
		uint64_t where = input_take(1);
		uint32_t size, bytes = 1U << (where >> 3 & 3);
		uint8_t *t = fw_table(names[where & 7], &size);
		uint64_t offset = input_take(2) % (size - 8), value = input_take(bytes);

		memcpy(t + offset, &value, bytes);
	}
}

static void change_map(void)
{
	for (uint64_t changes = input_take(1) % CHANGES_MAX; changes > 0; changes--) {
		uint64_t where = input_take(1);
		uint64_t entry = (where & 31) * DOM0_STEP % map.size;
		uint64_t value = (where & 64) != 0 ? input_take(8) : input_take(3) * PAGE_SIZE;

		switch (where >> 5 & 5) {
		case 0:
			memcpy(map.bytes + entry + offsetof(struct efi_memory, base), &value, sizeof(value));
			break;
		case 1:
			value /= PAGE_SIZE;
			memcpy(map.bytes + entry + offsetof(struct efi_memory, pages), &value, sizeof(value));
			break;
		case 4:
			map.bytes[entry] = (uint8_t)(value / PAGE_SIZE % 20);
			break;
		default:
			memcpy(map.bytes + entry + offsetof(struct efi_memory, attributes), &value, sizeof(value));
			break;
		}
	}
}

static void change_domain(void)
{
	uint64_t how = input_take(1);

	m.in.cpu_count = 1 + (how & 3);
	if ((how & 4) != 0) {
		dom0_without(&m, WINDOW_VPL011);
	}
	if ((how & 8) != 0) {
		dom0_without(&m, WINDOW_GITS);
	}
	if ((how & 16) != 0) {
		dom0_without(&m, WINDOW_VSMMUV3);
	}
	m.ram[0].size = (1 + (how >> 5)) * 0x40000;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	input = data;
	input_left = size;
	dom0_machine_runtime(&m);
	change_domain();
	if ((input_take(1) & 1) != 0) {
		fw_extend((uint32_t)input_take(1));
	}
	change_tables();
	if (input_take(1) != 0xff) {
		fw_sum();
	}
	if (!dom0_make_all(&m)) {
		must(m.trouble.what != NULL && m.trouble.table[0] != '\0');
		dom0_forget(&m);
		return 0;
	}
	must(dom0_check(&m) == NULL);
	dom0_map_usual(&m, &map);
	change_map();
	must(dom0_put_map(&m.in, &m.out, map.bytes, map.size) != NULL || dom0_check_map(&m, &map) == NULL);
	dom0_forget(&m);
	return 0;
}
