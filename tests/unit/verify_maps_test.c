// SPDX-License-Identifier: Apache-2.0
// sources: tests/unit/verify/good*.c gen/verify/[a-ln-z]*.c gen/verify/mem.c
/*
 * The verifier on a whole image: nothing to say about a right one, and for each
 * deliberate break the property that it breaks.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "unit/verify/good.h"
#include "verify/subject.h"

#define DIR "tests/unit/verify"

static struct mem board_mem;
static struct board board_yaml;

struct outcome {
	struct mem mem;
	struct report report;
	struct subject subject;
	struct elf elf;
};

/* Verifies and leaves the report in `o`; false: it could not be read. */
static bool verify(struct outcome *o, struct good *g, const struct board *b)
{
	char error[ELF_ERROR_MAX];

	memset(o, 0, sizeof(*o));
	report_init(&o->report, &o->mem);
	return elf_open(&o->elf, g->file, g->size, error) &&
	       subject_verify(&o->subject, &o->mem, &o->elf, b, &o->report, error);
}

static void test_holds(void **state)
{
	struct outcome o;
	struct good g;

	(void)state;
	good_build(&g);
	assert_true(verify(&o, &g, &board_yaml));
	prove_packed(&o.subject, g.image, g.image_size);
	if (!report_holds(&o.report)) {
		report_print_text(&o.report, stderr, "good");
	}
	assert_true(report_holds(&o.report));
	assert_int_equal(o.report.domains, 2);
	assert_true(o.report.results[PROPERTY_HYPERVISOR].checked > 10);
	assert_true(o.report.results[PROPERTY_ATTRIBUTES].checked > 10);
	mem_free(&o.mem);
	good_free(&g);
}

/* What a break changes: (old & ~clear) | set, in `bytes` bytes. */
enum where {
	DOM0,   /* the descriptor of an IPA */
	GUEST1,
	EL2,    /* the descriptor of a VA */
	TABLE,  /* a word of section .tables, by its number */
	STE,	/* word at % 8 of the first SMMU's entry for stream ID at / 8 */
	STRUCT, /* an offset in struct good_rodata */
};

#define ALL UINT64_MAX
#define XN BIT64(54)
#define FIELD(f) offsetof(struct good_rodata, f)
#define PAGE_S2(pa) ((pa) | ATTR_S2_RAM | 2)
#define PAGE_MMIO(pa) ((pa) | ATTR_S2_MMIO | 2)
#define PAGE_EL2(pa) ((pa) | UINT64_C(0x00400000000007c7))

static const struct {
	const char *name;
	enum where where;
	uint64_t at;
	unsigned int bytes;
	uint64_t clear;
	uint64_t set;
	enum property property;
} breaks[] = {
	/* 1 */
	{"the hypervisor's RAM", DOM0, GOOD_STORE + 0x2000, 8, ALL, PAGE_S2(GOOD_BASE), PROPERTY_HYPERVISOR},
	{"the payload store", DOM0, GOOD_STORE + 0x2000, 8, ALL, PAGE_S2(GOOD_STORE), PROPERTY_HYPERVISOR},
	{"the distributor", GUEST1, 0x0a002000, 8, ALL, PAGE_MMIO(0x08000000), PROPERTY_HYPERVISOR},
	{"the console", DOM0, 0x09010000, 8, ALL, PAGE_MMIO(0x09000000), PROPERTY_HYPERVISOR},
	{"another load address", STRUCT, FIELD(board.image.size), 8, ALL, GOOD_SIZE / 2, PROPERTY_HYPERVISOR},
	{"a store in no RAM", STRUCT, FIELD(board.store.base), 8, ALL, 0x43ff0000, PROPERTY_HYPERVISOR},
	{"a device as distributor", STRUCT, FIELD(board.gic.gicd.base), 8, ALL, 0x0a000000,
	 PROPERTY_HYPERVISOR},
	/* 2 */
	{"guest1's RAM in dom0", DOM0, 0x40800000, 8, ALL, GOOD_GUEST_RAM | ATTR_S2_RAM, PROPERTY_OWNERS},
	{"a page nobody gave", GUEST1, 0x0a005000, 8, ALL, PAGE_MMIO(0x0a005000), PROPERTY_OWNERS},
	{"reserved memory", DOM0, 0x43f00000, 8, ALL, PAGE_S2(0x43f00000), PROPERTY_OWNERS},
	{"a disabled device", DOM0, 0x09011000, 8, ALL, PAGE_MMIO(0x0d000000), PROPERTY_OWNERS},
	{"RAM mapped twice", GUEST1, 0x40200000, 8, ALL, GOOD_GUEST_RAM | ATTR_S2_RAM, PROPERTY_OWNERS},
	{"RAM that is none", GUEST1, 0x40200000, 8, ALL, GIB(2) | ATTR_S2_RAM, PROPERTY_OWNERS},
	{"a register page missing", DOM0, 0x09010000, 8, ALL, 0, PROPERTY_OWNERS},
	{"RAM missing", GUEST1, 0x40200000, 8, ALL, 0, PROPERTY_OWNERS},
	{"a payload beyond its RAM", STRUCT, FIELD(pieces[0].to), 8, ALL, 0x407ff000, PROPERTY_OWNERS},
	{"a payload beyond the store", STRUCT, FIELD(pieces[0].size), 8, ALL, 0x2001, PROPERTY_OWNERS},
	{"another's RAM listed", STRUCT, FIELD(ram[1][0].size), 8, 0, 0x1000, PROPERTY_OWNERS},
	{"RAM left out of the list", STRUCT, FIELD(domains[0].ram_count), 4, 1, 0, PROPERTY_OWNERS},
	{"a device tree elsewhere", STRUCT, FIELD(domains[1].dtb_ipa), 8, ALL, 0x407fff80, PROPERTY_OWNERS},
	{"an entry in a device", STRUCT, FIELD(domains[1].entry), 8, ALL, 0x0a000000, PROPERTY_OWNERS},
	{"an SMC more", STRUCT, FIELD(smc[1]), 4, ALL, 0x84000008, PROPERTY_OWNERS},
	{"a second hardware domain", STRUCT, FIELD(domains[1].flags), 4, 0, 1, PROPERTY_OWNERS},
	{"a restart more", STRUCT, FIELD(domains[1].retries), 2, ALL, 6, PROPERTY_OWNERS},
	{"another policy on faults", STRUCT, FIELD(domains[1].on_fault), 2, ALL, 2, PROPERTY_OWNERS},
	/* 3, where a domain has a virtual SMMUv3 */
	{"a virtual stream of dom0's", STRUCT, FIELD(vstreams[0].first), 4, ALL, 0x41, PROPERTY_DMA},
	{"a virtual stream too many", STRUCT, FIELD(vstreams[1].count), 4, 0, 1, PROPERTY_DMA},
	{"a virtual stream too few", STRUCT, FIELD(vstreams[1].count), 4, ALL, 31, PROPERTY_DMA},
	{"a virtual stream of another SMMU", STRUCT, FIELD(vstreams[0].smmu), 4, 0, 1, PROPERTY_DMA},
	{"a virtual stream of no SMMU", STRUCT, FIELD(vstreams[0].smmu), 4, 0, BIT32(31), PROPERTY_DMA},
	{"no virtual streams", STRUCT, FIELD(vsmmu.stream_count), 4, ALL, 0, PROPERTY_DMA},
	{"virtual stream IDs of fewer bits", STRUCT, FIELD(vsmmu.sid_bits), 4, ALL, 5, PROPERTY_DMA},
	{"invalidation of less than the guest meant", STRUCT, FIELD(vsmmu.pieces), 4, ALL, 1, PROPERTY_DMA},
	{"a share of pages that is another's too", STRUCT, FIELD(vsmmu.nested_groups), 4, ALL, 3, PROPERTY_DMA},
	{"a status somewhere in the device tree", STRUCT, FIELD(vsmmu.dtb_status), 4, ALL, 0x41, PROPERTY_DMA},
	{"a virtual SMMUv3 missing", STRUCT, FIELD(domains[1].vsmmu), 8, ALL, 0, PROPERTY_DMA},
	{"pages for entries that are a stack", STRUCT, FIELD(smmus[0].nested), 8, ALL, GOOD_BASE + 0xc000,
	 PROPERTY_DMA},
	{"pages for entries that are others' too", STRUCT, FIELD(smmus[0].nested_pages), 8, ALL, 3, PROPERTY_DMA},
	{"held back to another's root", STE, 0x10 * 8 + 3, 8, 0, PAGE_SIZE, PROPERTY_DMA},
	{"held back to dom0", STE, 0x10 * 8 + 2, 8, 3, 1, PROPERTY_DMA},
	/* 5 */
	{"let through before the guest says so", STE, 0x11 * 8, 8, 0xe, 0xc, PROPERTY_STREAMS},
	{"past stage 2 before the guest says so", STE, 0x11 * 8, 8, 0xe, 8, PROPERTY_STREAMS},
	{"stage 1 before the guest says so", STE, 0x11 * 8, 8, 0xe, 0xe, PROPERTY_STREAMS},
	{"held back with nobody to let it through", STE, 0x41 * 8, 8, 0xe, 0, PROPERTY_STREAMS},
	/* 4 */
	{"registers cached", DOM0, 0x09010000, 8, 0, 0x33c, PROPERTY_ATTRIBUTES},
	{"RAM not inner shareable", GUEST1, 0x40200000, 8, 0x100, 0, PROPERTY_ATTRIBUTES},
	{"registers executable", DOM0, 0x09010000, 8, XN, 0, PROPERTY_ATTRIBUTES},
	{"ROM writable", DOM0, 0x0c001000, 8, 0, 0x80, PROPERTY_ATTRIBUTES},
	{"RAM read-only", DOM0, 0x40000000, 8, 0x80, 0, PROPERTY_ATTRIBUTES},
	{"memory left in the caches", STRUCT, FIELD(domains[0].handover_count), 4, ALL, 1, PROPERTY_ATTRIBUTES},
	{"other memory cleaned", STRUCT, FIELD(handover[1].base), 8, 0, 0x1000, PROPERTY_ATTRIBUTES},
	/* 8 */
	{"access flag clear", DOM0, 0x40000000, 8, 0x400, 0, PROPERTY_FORM},
	{"reserved bit set", DOM0, 0x40000000, 8, 0, BIT64(50), PROPERTY_FORM},
	{"execute-never of FEAT_XNX", DOM0, 0x40000000, 8, 0, BIT64(53), PROPERTY_FORM},
	{"reserved memory type", DOM0, 0x09010000, 8, 0, 0x20, PROPERTY_FORM},
	{"misaligned block", DOM0, 0x40000000, 8, 0, 0x1000, PROPERTY_FORM},
	{"block at level 3", DOM0, 0x09010000, 8, 2, 0, PROPERTY_FORM},
	{"invalid but not zero", DOM0, 0x09011000, 8, ALL, 0x09011000, PROPERTY_FORM},
	{"a loop", DOM0, 0x0b000000, 8, ALL, GOOD_TABLES | 3, PROPERTY_FORM},
	{"one table for two domains", TABLE, 2 * 512, 8, ALL, (GOOD_TABLES + 5 * PAGE_SIZE) | 3,
	 PROPERTY_FORM},
	{"a table in a guest's RAM", DOM0, 0x0b000000, 8, ALL, 0x40000000 | 3, PROPERTY_FORM},
	{"output beyond the machine", DOM0, 0x0b000000, 8, 0, BIT64(44), PROPERTY_FORM},
	{"descriptors in an unused page", TABLE, GOOD_TABLE_PAGES * 512 - 1, 8, 0, 1, PROPERTY_FORM},
	{"VMID 0", STRUCT, FIELD(domains[0].vttbr), 8, GENMASK64(63, 48), 0, PROPERTY_FORM},
	{"one VMID for two", STRUCT, FIELD(domains[1].vttbr), 8, BIT64(49), BIT64(48), PROPERTY_FORM},
	{"a wide VMID without VS", STRUCT, FIELD(domains[1].vttbr), 8, 0, BIT64(60), PROPERTY_FORM},
	{"a misaligned root", STRUCT, FIELD(domains[1].vttbr), 8, 0, PAGE_SIZE, PROPERTY_FORM},
	{"a start level that does not fit", STRUCT, FIELD(domains[0].vtcr), 8, 0x40, 0, PROPERTY_FORM},
	{"another granule", STRUCT, FIELD(domains[0].vtcr), 8, 0, 0x4000, PROPERTY_FORM},
	{"more output than there is", STRUCT, FIELD(domains[0].vtcr), 8, 0, 0x10000, PROPERTY_FORM},
	{"RES1 clear in TCR_EL2", STRUCT, FIELD(board.el2_tcr), 8, BIT64(23), 0, PROPERTY_FORM},
	/* 6 */
	{"another's interrupt", STRUCT, FIELD(domains[0].irq_mask[1]), 4, 0, BIT32(7), PROPERTY_INTERRUPTS},
	{"an interrupt missing", STRUCT, FIELD(domains[1].irq_mask[1]), 4, BIT32(8), 0, PROPERTY_INTERRUPTS},
	{"the console's interrupt", STRUCT, FIELD(domains[1].irq_mask[1]), 4, 0, BIT32(1),
	 PROPERTY_INTERRUPTS},
	{"the maintenance interrupt", STRUCT, FIELD(domains[1].irq_mask[0]), 4, 0, BIT32(25),
	 PROPERTY_INTERRUPTS},
	{"the EL2 timer", STRUCT, FIELD(domains[0].irq_mask[0]), 4, 0, BIT32(26), PROPERTY_INTERRUPTS},
	{"a disabled one's interrupt", STRUCT, FIELD(domains[0].irq_mask[1]), 4, 0, BIT32(9),
	 PROPERTY_INTERRUPTS},
	{"the wrong trigger", STRUCT, FIELD(domains[1].irq_edge[1]), 4, 0, BIT32(8), PROPERTY_INTERRUPTS},
	{"a virtual interrupt more", STRUCT, FIELD(domains[1].virq_mask[1]), 4, 0, BIT32(24),
	 PROPERTY_INTERRUPTS},
	{"the virtual SMMUv3's interrupt missing", STRUCT, FIELD(domains[1].virq_mask[1]), 4, BIT32(21), 0,
	 PROPERTY_INTERRUPTS},
	{"the virtual SMMUv3's interrupt by level", STRUCT, FIELD(domains[1].irq_edge[1]), 4, BIT32(21), 0,
	 PROPERTY_INTERRUPTS},
	{"the virtual SMMUv3's interrupt the console's", STRUCT, FIELD(vsmmu.gerror_intid), 4, ALL, 52,
	 PROPERTY_INTERRUPTS},
	{"the virtual SMMUv3 elsewhere", STRUCT, FIELD(vsmmu.ipa), 8, ALL, 0x0f020000, PROPERTY_INTERRUPTS},
	{"the wrong console interrupt", STRUCT, FIELD(domains[1].console_intid), 4, 0, 1,
	 PROPERTY_INTERRUPTS},
	{"an SPI routed elsewhere", STRUCT, FIELD(spi_owner[7]), 1, ALL, 0, PROPERTY_INTERRUPTS},
	{"an SPI of no domain", STRUCT, FIELD(spi_owner[30]), 1, ALL, 5, PROPERTY_INTERRUPTS},
	{"the console's SPI routed", STRUCT, FIELD(spi_owner[1]), 1, ALL, 0, PROPERTY_INTERRUPTS},
	{"a CPU of another", STRUCT, FIELD(cpus[1].domain), 1, ALL, 0, PROPERTY_INTERRUPTS},
	{"a vCPU on another's CPU", STRUCT, FIELD(vcpus[1][0]), 1, ALL, 0, PROPERTY_INTERRUPTS},
	{"another MPIDR", STRUCT, FIELD(cpus[1].mpidr), 8, ALL, 1, PROPERTY_INTERRUPTS},
	{"a page in a trap window", DOM0, 0x09000000, 8, ALL, PAGE_MMIO(0x0a100000), PROPERTY_INTERRUPTS},
	{"a window over a device", STRUCT, FIELD(windows[1][2].ipa), 8, ALL, 0x0a000000, PROPERTY_INTERRUPTS},
	{"a window missing", STRUCT, FIELD(domains[0].window_count), 4, ALL, 3, PROPERTY_INTERRUPTS},
	{"a window of another kind", STRUCT, FIELD(windows[0][0].kind), 4, ALL, 2, PROPERTY_INTERRUPTS},
	{"more SPIs than there are", STRUCT, FIELD(board.spi_count), 4, ALL, 65, PROPERTY_INTERRUPTS},
	/* EL2 */
	{"text writable", EL2, GOOD_BASE, 8, 0x80, 0, PROPERTY_EL2},
	{"data executable", EL2, GOOD_BASE + 0x4000, 8, XN, 0, PROPERTY_EL2},
	{"tables writable", EL2, GOOD_TABLES, 8, 0x80, 0, PROPERTY_EL2},
	{"the gap mapped", EL2, GOOD_BASE + 0x20000, 8, ALL, PAGE_EL2(GOOD_BASE + 0x20000), PROPERTY_EL2},
	{"packed tables mapped", EL2, GOOD_BASE + 0x5000, 8, ALL, PAGE_EL2(GOOD_BASE + 0x5000), PROPERTY_EL2},
	{"memory of others", EL2, GOOD_STORE, 8, ALL, PAGE_EL2(GOOD_STORE), PROPERTY_EL2},
	{"VA that is not PA", EL2, GOOD_BASE + 0x9000, 8, 0x1000, 0x2000, PROPERTY_EL2},
	{"registers cached at EL2", EL2, 0x09000000, 8, 0, 0x304, PROPERTY_EL2},
	{"MAIR that makes devices memory", STRUCT, FIELD(board.el2_mair), 8, 0, 0xff, PROPERTY_EL2},
	{"a window in use", EL2, GOOD_WINDOW_VA + MIB(2), 8, ALL, 0x43000000 | XN | 0x745, PROPERTY_EL2},
	{"a window elsewhere", STRUCT, FIELD(board.window.va), 8, ALL, GIB(3), PROPERTY_EL2},
};

static void apply(struct good *g, size_t i)
{
	uint64_t value = 0;
	void *p = (uint8_t *)g->rodata + breaks[i].at;

	switch (breaks[i].where) {
	case DOM0:
	case GUEST1:
		p = good_leaf(g, breaks[i].where == GUEST1, breaks[i].at);
		break;
	case EL2:
		p = good_el2_leaf(g, breaks[i].at);
		break;
	case TABLE:
		p = &g->tables[0][0] + breaks[i].at;
		break;
	case STE:
		p = good_ste(g, 0, breaks[i].at / 8) + breaks[i].at % 8;
		break;
	case STRUCT:
		break;
	}
	memcpy(&value, p, breaks[i].bytes);
	value = (value & ~breaks[i].clear) | breaks[i].set;
	memcpy(p, &value, breaks[i].bytes);
}

static void test_breaks(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(breaks); i++) {
		struct outcome o;
		struct good g;

		good_build(&g);
		apply(&g, i);
		assert_true(verify(&o, &g, &board_yaml));
		if (o.report.results[breaks[i].property].failed == 0) {
			report_print_text(&o.report, stderr, breaks[i].name);
			fail_msg("not caught: %s", breaks[i].name);
		}
		assert_false(report_holds(&o.report));
		mem_free(&o.mem);
		good_free(&g);
	}
}

/* hv.img that differs anywhere, or whose packed runs do not unpack. */
static void test_image(void **state)
{
	static const struct {
		uint64_t offset;
		uint8_t flip;
	} changes[] = {{0, 1}, {0x1008, 1}, {0x4000, 0x80}, {0x5000, 1}, {0x5004, 1}, {0x5008, 4},
		       {0x9000, 1}, {0xfffff, 1}};
	struct outcome o;
	struct good g;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(changes) + 3; i++) {
		good_build(&g);
		const uint64_t sizes[] = {0x3010, g.runs_end - 24, GOOD_STORE + 0x17ff - GOOD_BASE};
		assert_true(verify(&o, &g, &board_yaml));
		if (i < ARRAY_SIZE(changes)) {
			g.image[changes[i].offset] ^= changes[i].flip;
		} else {
			g.image_size = sizes[i - ARRAY_SIZE(changes)];
		}
		prove_packed(&o.subject, g.image, g.image_size);
		assert_true(o.report.results[PROPERTY_PACKED].failed > 0);
		mem_free(&o.mem);
		good_free(&g);
	}
}

/* A finding names domain, addresses and the YAML's lines. */
static void test_finding(void **state)
{
	struct outcome o;
	struct good g;
	const struct finding *f;

	(void)state;
	good_build(&g);
	*good_leaf(&g, 0, 0x40800000) = GOOD_GUEST_RAM | ATTR_S2_RAM;
	assert_true(verify(&o, &g, &board_yaml));
	assert_int_equal(o.report.results[PROPERTY_OWNERS].failed, 2);
	f = &o.report.results[PROPERTY_OWNERS].findings[0];
	assert_string_equal(f->domain, "dom0");
	assert_int_equal(f->lo, 0x40800000);
	assert_int_equal(f->hi, 0x40a00000);
	assert_string_equal(f->text, "'memory' is mapped to 0x43000000 (memory of domain 'guest1') "
				     "in place of 0x40800000");
	assert_string_equal(f->at[1].file, DIR "/system.yaml");
	f++;
	assert_string_equal(f->domain, "dom0");
	assert_int_equal(f->lo, GOOD_GUEST_RAM);
	assert_int_equal(f->hi, GOOD_GUEST_RAM + MIB(2));
	assert_string_equal(f->text, "memory of domain 'guest1' is reachable from domain 'guest1' too");
	assert_int_equal(f->at[0].line, 13);
	assert_string_equal(f->at[1].file, DIR "/system.yaml");
	assert_int_equal(f->at[1].line, 11);
	mem_free(&o.mem);
	good_free(&g);
}

/* A page that two domains share: as each one's device declares it, but in two types. */
static void test_shared_types(void **state)
{
	struct device *d = board_yaml.devices;
	struct outcome o;
	struct good g;
	uint32_t attr;

	(void)state;
	while (strcmp(d->name, "gpio_b") != 0) {
		d++;
	}
	attr = d->attr;
	d->attr = (attr & ~ATTR_TYPE) | MEMORY_WB | ATTR_INNER;
	good_build(&g);
	*good_leaf(&g, 1, 0x0a100000) |= GENMASK64(5, 2) | GENMASK64(9, 8);
	assert_true(verify(&o, &g, &board_yaml));
	assert_int_equal(o.report.results[PROPERTY_OWNERS].failed, 0);
	assert_int_equal(o.report.results[PROPERTY_ATTRIBUTES].failed, 1);
	assert_string_equal(o.report.results[PROPERTY_ATTRIBUTES].findings[0].text,
			    "device 'gpio_a' has another memory type in domain 'guest1'");
	d->attr = attr;
	mem_free(&o.mem);
	good_free(&g);
}

/* An MSI frame's page is not shared, whoever consents. */
static void test_shared_frame(void **state)
{
	struct device *d = board_yaml.devices;
	struct outcome o;
	struct good g;

	(void)state;
	while (strcmp(d->name, "gpio_b") != 0) {
		d++;
	}
	d->msi_frame = true;
	good_build(&g);
	assert_true(verify(&o, &g, &board_yaml));
	assert_int_equal(o.report.results[PROPERTY_OWNERS].failed, 1);
	assert_string_equal(o.report.results[PROPERTY_OWNERS].findings[0].text,
			    "device 'gpio_a' is reachable from domain 'guest1' too");
	d->msi_frame = false;
	mem_free(&o.mem);
	good_free(&g);
}

static int setup(void **state)
{
	(void)state;
	if (!board_read(&board_yaml, &board_mem, DIR, "system", 0)) {
		fprintf(stderr, "%s:%u: %s\n", board_yaml.error.at.file, board_yaml.error.at.line,
			board_yaml.error.text);
		return 1;
	}
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	mem_free(&board_mem);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_holds),
		cmocka_unit_test(test_breaks),
		cmocka_unit_test(test_image),
		cmocka_unit_test(test_finding),
		cmocka_unit_test(test_shared_types),
		cmocka_unit_test(test_shared_frame),
	};

	return cmocka_run_group_tests_name("verify_maps", tests, setup, teardown);
}
