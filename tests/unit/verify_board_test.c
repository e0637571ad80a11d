// SPDX-License-Identifier: Apache-2.0
// sources: tests/unit/verify/good*.c gen/verify/[a-ln-z]*.c gen/verify/mem.c
/*
 * The verifier's reading of the YAML: the same image against other files must fail
 * where they differ, and files that two readers could take differently are refused.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "unit/verify/good.h"
#include "verify/subject.h"

#define DIR "tests/unit/verify"
#define HOLDS PROPERTY_COUNT

static char folder[] = "/tmp/verify_board_XXXXXX";

static char *read_file(const char *path)
{
	FILE *in = fopen(path, "r");
	char *text = calloc(1, 65536);

	assert_non_null(in);
	assert_true(fread(text, 1, 65535, in) > 0);
	fclose(in);
	return text;
}

static void write_file(const char *name, const char *text)
{
	char path[256];
	FILE *out;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	out = fopen(path, "w");
	assert_non_null(out);
	fputs(text, out);
	fclose(out);
}

/* Copies a file with the first `from` replaced; `from` must be there. */
static void write_changed(const char *name, const char *from, const char *to)
{
	char path[256];
	char *text;
	char *at;
	char *changed = calloc(1, 131072);

	snprintf(path, sizeof(path), DIR "/%s", name);
	text = read_file(path);
	at = strstr(text, from);
	assert_non_null(at);
	snprintf(changed, 131072, "%.*s%s%s", (int)(at - text), text, to, at + strlen(from));
	write_file(name, changed);
	free(changed);
	free(text);
}

static const struct {
	const char *name;
	const char *file;
	const char *from;
	const char *to;
	enum property property;
} changes[] = {
	{"nothing", "board.yaml", "rtc:", "rtc:", HOLDS},
	{"a quoted name", "system.yaml", "cpus: [cpu1]", "cpus: [\"cpu1\"]", HOLDS},
	{"hexadecimal and decimal", "board.yaml", "0x09010000, 0x1000", "151060480, 4096", HOLDS},
	{"the default said aloud", "board.yaml",
	 "  rtc:\n", "  rtc:\n    attribute: device-GRE\n    class: mmio\n",
	 HOLDS},
	{"reserved memory named otherwise", "board.yaml", "firmware: {reg: [0x43f00000, 0x100000]}",
	 "a: {reg: [[0x43f00000, 0x80000], [0x43f80000, 0x80000]]}", HOLDS},
	{"one part of the load address", "board.yaml", "load: 0x40200000", "load: 0x40400000",
	 PROPERTY_HYPERVISOR},
	{"a larger hypervisor", "system.yaml", "domains:", "hypervisor: {size: 0x200000}\ndomains:",
	 PROPERTY_HYPERVISOR},
	{"an IOMMU where a device is", "board.yaml", "reg: [0x0e000000,", "reg: [0x0a000000,",
	 PROPERTY_HYPERVISOR},
	{"an SMMU elsewhere", "board.yaml", "reg: [0x0e000000,", "reg: [0x0f000000,", PROPERTY_STREAMS},
	{"another kind of IOMMU", "board.yaml", "type: smmuv3", "type: ipmmu", PROPERTY_STREAMS},
	{"another stream ID", "board.yaml", "id: 0x41}", "id: 0x42}", PROPERTY_DMA},
	{"a stream ID more", "board.yaml", "count: 4}", "count: 5}", PROPERTY_DMA},
	{"a stream ID less", "board.yaml", "count: 4}", "count: 3}", PROPERTY_STREAMS},
	{"a stream ID beyond the table", "board.yaml", "id: 32, count: 32", "id: 32, count: 33", PROPERTY_DMA},
	{"a device with streams for another", "system.yaml", "devices: [eth,", "devices: [eth, rtc,",
	 PROPERTY_DMA},
	{"a device with streams disabled", "board.yaml", "  rtc:\n", "  rtc:\n    status: disabled\n",
	 PROPERTY_STREAMS},
	{"another command queue", "board.yaml", "command-queue: 16", "command-queue: 32", PROPERTY_STREAMS},
	{"another event queue", "board.yaml", "event-queue: 16", "event-queue: 32", PROPERTY_STREAMS},
	{"not coherent", "board.yaml", "coherent: true", "coherent: false", PROPERTY_STREAMS},
	{"DMA behind an IOMMU without tables", "board.yaml", "  gpio_a:\n",
	 "  gpio_a:\n    iommus: [{iommu: nobody, id: 1}]\n", PROPERTY_DMA},
	{"an IOMMU that aborts nothing", "board.yaml", "  gpio_a:\n",
	 "  gpio_a:\n    iommus: [{iommu: nobody, id: 1}]\n", PROPERTY_STREAMS},
	{"an IOMMU without tables and no master behind it", "board.yaml", "  gpio_a:\n",
	 "  gpio_a:\n    iommus: [{iommu: nobody, id: 1}]\n    dma-master: false\n", HOLDS},
	{"another micro-TLB", "board.yaml", "{iommu: vp, id: 40}", "{iommu: vp, id: 41}", PROPERTY_DMA},
	{"a micro-TLB more", "board.yaml", "id: 3, count: 2}", "id: 3, count: 3}", PROPERTY_DMA},
	{"a micro-TLB less", "board.yaml", "id: 3, count: 2}", "id: 3, count: 1}", PROPERTY_STREAMS},
	{"a micro-TLB of two", "board.yaml", "{iommu: vp, id: 40}", "{iommu: vp, id: 4}", PROPERTY_DMA},
	{"a device with micro-TLBs for another", "system.yaml", "devices: [eth,", "devices: [eth, rom,",
	 PROPERTY_DMA},
	{"an IPMMU elsewhere", "board.yaml", "reg: [0x0e101000,", "reg: [0x0e102000,", PROPERTY_STREAMS},
	{"an IPMMU of another name", "board.yaml", "  mm: {", "  nn: {", PROPERTY_STREAMS},
	{"an IPMMU's interrupt", "board.yaml", "interrupts: [{spi: 40}]", "interrupts: [{spi: 41}]",
	 PROPERTY_INTERRUPTS},
	{"another power domain", "board.yaml", "power-domain: 9", "power-domain: 14", PROPERTY_STREAMS},
	{"a root that is a cache", "board.yaml", "root: mm, root-bit: 1", "ids: 48", PROPERTY_STREAMS},
	{"another chip", "board.yaml", "soc: r8a7795", "soc: r8a77965", PROPERTY_DMA},
	{"interrupts exchanged", "board.yaml", "[eventq, gerror]", "[gerror, eventq]", PROPERTY_INTERRUPTS},
	{"another distributor", "board.yaml", "gicd: [0x08000000", "gicd: [0x08010000", PROPERTY_HYPERVISOR},
	{"less RAM", "board.yaml", "[0x40000000, 0x4000000]", "[0x40000000, 0x3c00000]", PROPERTY_OWNERS},
	{"more reserved", "board.yaml", "0x43f00000, 0x100000", "0x43e00000, 0x200000", PROPERTY_OWNERS},
	{"a device disabled", "board.yaml", "  rtc:\n", "  rtc:\n    status: disabled\n", PROPERTY_OWNERS},
	{"a device enabled", "board.yaml", "status: disabled", "status: okay", PROPERTY_OWNERS},
	{"a device for another", "system.yaml", "devices: [eth, gpio_b]", "devices: [eth, gpio_b, rtc]",
	 PROPERTY_OWNERS},
	{"a range more", "board.yaml", "[0x0a002000, 0x1800]]", "[0x0a002000, 0x2001]]", PROPERTY_OWNERS},
	{"a window of a device", "board.yaml", "  rtc:\n", "  rtc:\n    windows: [0x30000000, 0x1000]\n",
	 PROPERTY_OWNERS},
	{"consent of one side only", "board.yaml", "    shares: [gpio_b]\n", "", PROPERTY_OWNERS},
	{"consent of the other side only", "board.yaml", "    shares: [gpio_a]\n", "", PROPERTY_OWNERS},
	{"consent to somebody else", "board.yaml", "shares: [gpio_b]", "shares: [rtc]", PROPERTY_OWNERS},
	{"more memory", "system.yaml", "size: 0x800000", "size: 0xa00000", PROPERTY_OWNERS},
	{"memory at an address", "system.yaml",
	 "{ipa: 0x40000000, size", "{ipa: 0x40000000, base: 0x42000000, size", PROPERTY_OWNERS},
	{"memory 1:1", "system.yaml", "{ipa: 0x40000000, size", "{size", PROPERTY_OWNERS},
	{"another role", "system.yaml", "role: hardware", "on-fault: stop", PROPERTY_OWNERS},
	{"another policy", "system.yaml", "policy: restart", "policy: panic", PROPERTY_OWNERS},
	{"other retries", "system.yaml", "retries: 5", "retries: 4", PROPERTY_OWNERS},
	{"another SMC", "system.yaml", "0x82000001", "0x82000002", PROPERTY_OWNERS},
	{"another board", "board.yaml", "board: unit", "board: other", PROPERTY_OWNERS},
	{"a domain of another name", "system.yaml", "guest1:", "guest2:", PROPERTY_OWNERS},
	{"a stricter type", "board.yaml",
	 "  rtc:\n", "  rtc:\n    attribute: device-nGnRE\n", PROPERTY_ATTRIBUTES},
	{"another class", "board.yaml", "class: framebuffer", "class: sram\n    read-only: true",
	 PROPERTY_ATTRIBUTES},
	{"not read-only", "board.yaml", "read-only: true", "read-only: false", PROPERTY_ATTRIBUTES},
	{"not executable", "board.yaml", "exec: true", "exec: false", PROPERTY_ATTRIBUTES},
	{"a GIC too relaxed", "board.yaml", "  rtc:\n", "  rtc:\n    class: gic\n    attribute: device-GRE\n",
	 PROPERTY_ATTRIBUTES},
	{"an ITS by its class", "board.yaml", "  rtc:\n", "  rtc:\n    class: gic\n    attribute: device-GRE\n",
	 PROPERTY_HYPERVISOR},
	{"an ITS", "board.yaml", "  rtc:\n", "  rtc:\n    compatible: [\"test,its\", \"arm,gic-v3-its\"]\n",
	 PROPERTY_HYPERVISOR},
	{"an old GIC", "board.yaml", "  rtc:\n", "  rtc:\n    compatible: \"arm,cortex-a15-gic\"\n",
	 PROPERTY_HYPERVISOR},
	{"an SMMU", "board.yaml", "  rtc:\n", "  rtc:\n    compatible: [\"qcom,smmu-v2\"]\n", PROPERTY_HYPERVISOR},
	{"an MMU-500", "board.yaml", "  rtc:\n", "  rtc:\n    compatible: \"arm,mmu-500\"\n",
	 PROPERTY_HYPERVISOR},
	{"an IPMMU", "board.yaml", "  rtc:\n", "  rtc:\n    compatible: [\"renesas,ipmmu-r8a7795\"]\n",
	 PROPERTY_HYPERVISOR},
	{"an IOMMU of its master's own", "board.yaml", "  rtc:\n",
	 "  rtc:\n    compatible: [\"samsung,exynos-sysmmu\"]\n", HOLDS},
	{"an ITS under a device", "board.yaml", "  off:\n    reg: [0x0d000000, 0x1000]",
	 "  off:\n    compatible: \"arm,gic-v3-its\"\n    reg: [0x09010800, 0x100]", PROPERTY_HYPERVISOR},
	{"a master in moved memory", "board.yaml", "  gpio_b:\n", "  gpio_b:\n    dma-master: true\n",
	 PROPERTY_DMA},
	{"a master in a page of moved memory's", "board.yaml", "  gpio_a:\n",
	 "  gpio_a:\n    dma-master: true\n    unprotected: a reason\n", PROPERTY_DMA},
	{"a master of nobody there", "board.yaml", "  off:\n    reg: [0x0d000000, 0x1000]",
	 "  off2: {dma-master: true, reg: [0x0a000800, 0x10], status: disabled}\n  off:\n"
	 "    reg: [0x0d000000, 0x1000]", PROPERTY_DMA},
	{"a master without an IOMMU elsewhere", "board.yaml", "  rom:\n", "  rom:\n    dma-master: true\n", HOLDS},
	{"a master without its IOMMU", "system.yaml", "    on-fault: {",
	 "    iommu: \"off\"\n    on-fault: {", PROPERTY_DMA},
	{"requester IDs mapped in part", "board.yaml", "iommus: [{iommu: smmu0, id: 0x10, count: 4}, {",
	 "iommu-map: [{rid: 0, iommu: smmu0, id: 0x10, count: 4}, {rid: 4, ", PROPERTY_DMA},
	{"another trigger", "board.yaml", "7, trigger: edge-rising", "7, trigger: level-low", PROPERTY_INTERRUPTS},
	{"another interrupt", "board.yaml", "{spi: 8}", "{spi: 10}", PROPERTY_INTERRUPTS},
	{"one interrupt for two domains", "board.yaml", "interrupts: [{spi: 2}]", "interrupts: [{spi: 8}]",
	 PROPERTY_INTERRUPTS},
	{"an interrupt of the console", "board.yaml", "interrupts: [{spi: 2}]", "interrupts: [{spi: 1}]",
	 PROPERTY_INTERRUPTS},
	{"another maintenance interrupt", "board.yaml", "maintenance: {ppi: 9}", "maintenance: {ppi: 8}",
	 PROPERTY_INTERRUPTS},
	{"another virtual timer", "board.yaml",
	 "virtual: {ppi: 11}", "virtual: {ppi: 12}", PROPERTY_INTERRUPTS},
	{"fewer SPIs", "board.yaml", "spis: 64", "spis: 32", PROPERTY_INTERRUPTS},
	{"no virtual SMMU", "system.yaml", "    viommu:\n", "    viommu: none\n    ignored:\n", PROPERTY_DMA},
	{"no virtual SMMU, and streams held back", "system.yaml", "    viommu:\n",
	 "    viommu: none\n    ignored:\n", PROPERTY_STREAMS},
	{"a virtual SMMU more", "system.yaml", "console: vpl011\n", "console: vpl011\n    viommu: smmuv3\n",
	 PROPERTY_DMA},
	{"a virtual SMMU more, its streams let through", "system.yaml", "console: vpl011\n",
	 "console: vpl011\n    viommu: smmuv3\n", PROPERTY_STREAMS},
	{"a control interface anywhere", "system.yaml", "control: {reg: [0x0f100000, 0x1000]}", "control: true",
	 HOLDS},
	{"a control interface elsewhere", "system.yaml", "control: {reg: [0x0f100000", "control: {reg: [0x0f101000",
	 PROPERTY_INTERRUPTS},
	{"no control interface", "system.yaml", "control: {reg: [0x0f100000, 0x1000]}", "control: false",
	 PROPERTY_OWNERS},
	{"its window all the same", "system.yaml", "control: {reg: [0x0f100000, 0x1000]}", "control: false",
	 PROPERTY_INTERRUPTS},
	{"another that controls", "system.yaml", "role: hardware", "role: hardware\n    control: true",
	 PROPERTY_OWNERS},
	{"a watchdog anywhere", "system.yaml", "{reg: [0x0f120000, 0x20000], interrupt: {spi: 23}}", "true",
	 HOLDS},
	{"its interrupt given", "system.yaml", "reg: [0x0f120000, 0x20000], interrupt", "interrupt", HOLDS},
	{"a watchdog elsewhere", "system.yaml", "[0x0f120000", "[0x0f140000", PROPERTY_INTERRUPTS},
	{"a watchdog's other interrupt", "system.yaml", "{spi: 23}", "{spi: 24}", PROPERTY_INTERRUPTS},
	{"no watchdog", "system.yaml", "watchdog:", "ignored:", PROPERTY_INTERRUPTS},
	{"a virtual SMMU elsewhere", "system.yaml", "[0x0f000000, ", "[0x0f100000, ", PROPERTY_INTERRUPTS},
	{"another interrupt of it", "system.yaml", "eventq: {spi: 21}", "eventq: {spi: 23}", PROPERTY_INTERRUPTS},
	{"an interrupt of it more", "system.yaml", "{spi: 22}}", "{spi: 22}, cmdq-sync: {spi: 23}}",
	 PROPERTY_INTERRUPTS},
	{"an interrupt of it less", "system.yaml", ", gerror: {spi: 22}}", "}", PROPERTY_INTERRUPTS},
	{"another virtual stream ID", "system.yaml", "{device: eth, id: 8}", "{device: eth, id: 9}", PROPERTY_DMA},
	{"stream IDs not renumbered", "system.yaml", "{device: eth, id: 8}", "{device: rtc, id: 8}", PROPERTY_DMA},
	{"more pages for entries", "system.yaml", "nested-groups: 2", "nested-groups: 3", PROPERTY_DMA},
	{"shared memory on one side only", "system.yaml",
	 "    shared-memory: [{name: ring, ipa: 0x10100000, access: ro}]\n", "", PROPERTY_OWNERS},
	{"shared memory elsewhere", "system.yaml", "ipa: 0x10000000}", "ipa: 0x10200000}", PROPERTY_OWNERS},
	{"shared memory with its base said", "system.yaml", "ring: {", "ring: {base: 0x43efe000, ", HOLDS},
	{"shared memory with another base", "system.yaml", "ring: {", "ring: {base: 0x43efc000, ", PROPERTY_OWNERS},
	{"less shared memory", "system.yaml", "{size: 0x2000}", "{size: 0x1000}", PROPERTY_OWNERS},
	{"shared memory that both may write", "system.yaml", "access: ro", "access: rw", PROPERTY_ATTRIBUTES},
	{"shared memory that is cached", "system.yaml", "{size: 0x2000}", "{size: 0x2000, attribute: normal-wb}",
	 PROPERTY_ATTRIBUTES},
	{"a doorbell on one side only", "system.yaml",
	 "    doorbells: [{name: bell, reg: [0x0f181000, 0x1000], interrupt: {spi: 41}}]\n", "",
	 PROPERTY_INTERRUPTS},
	{"a doorbell elsewhere", "system.yaml", "[0x0f181000, ", "[0x0f182000, ", PROPERTY_INTERRUPTS},
	{"a doorbell's other interrupt", "system.yaml", "{spi: 41}", "{spi: 42}", PROPERTY_INTERRUPTS},
	{"another CPU", "system.yaml", "cpus: [cpu1]", "cpus: [cpu0]", PROPERTY_INTERRUPTS},
	{"another MPIDR", "board.yaml", "mpidr: 0x100", "mpidr: 0x1", PROPERTY_INTERRUPTS},
	{"another virtual console", "system.yaml", "[0x09000000, 0x1000]", "[0x09001000, 0x1000]",
	 PROPERTY_INTERRUPTS},
	{"no virtual console", "system.yaml", "console: vpl011", "console: none", PROPERTY_INTERRUPTS},
	{"fewer address bits", "board.yaml", "physical-address-bits: 40", "physical-address-bits: 36",
	 PROPERTY_FORM},
};

/* The verdict on the good image by the files in `folder`; -1: unreadable. */
static int verdict(uint64_t cpus, enum property property)
{
	static struct elf elf;
	static struct subject subject;
	struct mem m = {NULL};
	struct board *b = mem_alloc(&m, 1, sizeof(*b));
	struct report *r = mem_alloc(&m, 1, sizeof(*r));
	char error[ELF_ERROR_MAX];
	struct good g;
	int result = -1;

	good_build(&g);
	report_init(r, &m);
	assert_true(elf_open(&elf, g.file, g.size, error));
	if (board_read(b, &m, folder, "system", cpus)) {
		assert_true(subject_verify(&subject, &m, &elf, b, r, error));
		result = report_holds(r) ? 0 : 1;
		if (property != HOLDS && r->results[property].failed == 0) {
			result = 2;
		}
	} else {
		assert_non_null(b->error.text);
		assert_non_null(b->error.at.file);
	}
	good_free(&g);
	mem_free(&m);
	return result;
}

static void restore(void)
{
	write_changed("board.yaml", "", "");
	write_changed("system.yaml", "", "");
}

static void test_changes(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(changes); i++) {
		int result;

		restore();
		write_changed(changes[i].file, changes[i].from, changes[i].to);
		result = verdict(0, changes[i].property);
		if (result != (changes[i].property == HOLDS ? 0 : 1)) {
			fail_msg("%s: %d", changes[i].name, result);
		}
	}
	restore();
	assert_int_equal(verdict(2, HOLDS), 0);
	assert_int_equal(verdict(1, PROPERTY_INTERRUPTS), 1);
}

static void test_includes(void **state)
{
	char *text = read_file(DIR "/board.yaml");

	(void)state;
	restore();
	write_file("soc.yaml", text);
	write_file("older.yaml", "console: none\nboard: older\ndevices: {rtc: {attribute: normal-nc}}\n");
	write_file("board.yaml", "include: [older.yaml, soc.yaml]\nboard: unit\n");
	/* soc.yaml wins where both speak, but says nothing of rtc's attribute. */
	assert_int_equal(verdict(0, PROPERTY_ATTRIBUTES), 1);
	write_file("board.yaml", "include: [older.yaml, soc.yaml]\nboard: unit\n"
				 "devices: {rtc: {attribute: device-GRE}}\n");
	assert_int_equal(verdict(0, HOLDS), 0);
	write_file("board.yaml", "include: board.yaml\n");
	assert_int_equal(verdict(0, HOLDS), -1);
	write_file("board.yaml", "include: nowhere.yaml\n");
	assert_int_equal(verdict(0, HOLDS), -1);
	free(text);
}

static void test_refused(void **state)
{
	static const char *const bad[][2] = {
		{"rtc:\n", "rtc: &a\n"},
		{"rtc:\n", "rtc: !!map\n"},
		{"  rtc:\n", "  uart0: {}\n  rtc:\n"},
		{"0x09010000", "0x0901_0000"},
		{"0x09010000", "09010000"},
		{"0x09010000", "\"0x09010000\""},
		{"0x09010000", "0x10000000000000000"},
		{"0x09010000", "-1"},
		{"[0x09010000, 0x1000]", "[0x09010000]"},
		{"[0x09010000, 0x1000]", "[0xffffffffffffffff, 0x1000]"},
		{"[0x09010000, 0x1000]", "[0x09010000, 0]"},
		{"{spi: 2}", "{spi: 988}"},
		{"{spi: 2}", "{spi: 2, ppi: 2}"},
		{"read-only: true", "read-only: yes"},
		{"class: framebuffer", "class: frame"},
		{"attribute: normal-wb", "attribute: wb"},
		{"console: uart0", "console: uart9"},
		{"board: unit", "---\nboard: unit\n---\n"},
		{"board: unit", "- board"},
		{"board: unit", "board: [unit"},
		{"board: unit", "? [a]\n: b\nboard: unit"},
	};
	char deep[1024] = "devices: ";

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		restore();
		write_changed("board.yaml", bad[i][0], bad[i][1]);
		if (verdict(0, HOLDS) != -1) {
			fail_msg("not refused: %s", bad[i][1]);
		}
	}
	restore();
	memset(deep + 9, '[', 500);
	write_file("board.yaml", deep);
	assert_int_equal(verdict(0, HOLDS), -1);
	restore();
	write_changed("system.yaml", "cpus: [cpu1]", "cpus: [cpu7]");
	assert_int_equal(verdict(0, HOLDS), -1);
	write_changed("system.yaml", "cpus: all-others", "cpus: all");
	assert_int_equal(verdict(0, HOLDS), -1);
	write_changed("system.yaml", "[eth, gpio_b]", "[eth, none]");
	assert_int_equal(verdict(0, HOLDS), -1);
	write_changed("system.yaml", "[eth, gpio_b]", "[eth, off]");
	assert_int_equal(verdict(0, HOLDS), -1);
	write_changed("system.yaml", "[eth, gpio_b]", "[uart0]");
	assert_int_equal(verdict(0, HOLDS), -1);
	write_file("system.yaml", "");
	assert_int_equal(verdict(0, HOLDS), -1);
}

static int setup(void **state)
{
	(void)state;
	return mkdtemp(folder) != NULL ? 0 : 1;
}

static int teardown(void **state)
{
	static const char *const names[] = {"board.yaml", "system.yaml", "soc.yaml", "older.yaml"};
	char path[256];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		snprintf(path, sizeof(path), "%s/%s", folder, names[i]);
		unlink(path);
	}
	return rmdir(folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_changes),
		cmocka_unit_test(test_includes),
		cmocka_unit_test(test_refused),
	};

	return cmocka_run_group_tests_name("verify_board", tests, setup, teardown);
}
