// SPDX-License-Identifier: Apache-2.0
#include "good_priv.h"

#include <stdlib.h>
#include <string.h>

_Static_assert(sizeof(struct good_rodata) <= DATA - RODATA, "good_rodata");

#define S2_NC	   UINT64_C(0x00400000000004d5) /* Normal NC, read, write, XN */
#define S2_NC_RO   UINT64_C(0x0040000000000455) /* the same without write */
#define S2_ROM	   UINT64_C(0x000000000000077d) /* WB, read only, inner shareable, executable */
#define EL2_TEXT   UINT64_C(0x7c5)
#define EL2_RODATA UINT64_C(0x00400000000007c5)
#define EL2_DATA   UINT64_C(0x0040000000000745)
#define EL2_DEVICE UINT64_C(0x0040000000000441)
#define VTCR	   UINT64_C(0x80023558) /* 40 bits from level 1, 40-bit output */
#define TCR	   UINT64_C(0x80823519) /* 39 bits from level 1, 40-bit output */

struct builder {
	struct good *g;
	uint64_t used;
};

static uint64_t table_new(struct builder *b, uint64_t pages)
{
	uint64_t pa = GOOD_TABLES + b->used * PAGE_SIZE;

	b->used += pages;
	return pa;
}

static uint64_t *table_at(struct good *g, uint64_t pa)
{
	return g->tables[(pa - GOOD_TABLES) / PAGE_SIZE];
}

/* Both stages here start at level 1. Level-2 blocks where they fit, if `blocks`. */
static void map(struct builder *b, uint64_t root, uint64_t in, uint64_t out, uint64_t size, uint64_t attr,
		bool blocks)
{
	while (size > 0) {
		uint64_t *l1 = table_at(b->g, root) + (in >> 30);
		uint64_t *l2;

		if (*l1 == 0) {
			*l1 = table_new(b, 1) | 3;
		}
		l2 = table_at(b->g, *l1 & ~UINT64_C(0xfff)) + (in >> 21 & 511);
		if (blocks && size >= MIB(2) && IS_ALIGNED(in | out, MIB(2))) {
			*l2 = out | attr;
			in += MIB(2);
			out += MIB(2);
			size -= MIB(2);
			continue;
		}
		if (*l2 == 0) {
			*l2 = table_new(b, 1) | 3;
		}
		table_at(b->g, *l2 & ~UINT64_C(0xfff))[in >> 12 & 511] = out | attr | 2;
		in += PAGE_SIZE;
		out += PAGE_SIZE;
		size -= PAGE_SIZE;
	}
}

const void *good_target(const struct good *g, const void *p)
{
	return (const void *)(uintptr_t)(RODATA +
					 (uint64_t)((const uint8_t *)p - (const uint8_t *)g->rodata));
}

static void build_domain(struct builder *b, int i, const char *name, uint64_t root)
{
	struct good_rodata *r = b->g->rodata;
	struct domain_desc *d = &r->domains[i];

	memcpy(r->names[i], name, strlen(name) + 1);
	d->name = good_target(b->g, r->names[i]);
	d->vttbr = (uint64_t)(i + 1) << 48 | root;
	d->vtcr = VTCR;
	d->dtb = good_target(b->g, r->dtb[i]);
	d->dtb_size = sizeof(r->dtb[i]);
	d->windows = good_target(b->g, r->windows[i]);
	d->ram = good_target(b->g, r->ram[i]);
	d->cpus = good_target(b->g, r->vcpus[i]);
	d->window_count = 3;
	d->cpu_count = 1;
	r->windows[i][0] = (struct trap_window){.ipa = 0x08000000, .size = 0x10000, .kind = WINDOW_GICD};
	r->windows[i][1] = (struct trap_window){.ipa = 0x080a0000, .size = 0x20000, .kind = WINDOW_GICR};
	r->windows[i][2] = (struct trap_window){
		.ipa = 0x09000000, .size = 0x1000, .kind = WINDOW_VPL011, .intid = (uint16_t)(i == 0 ? 33 : 52)};
	d->console_intid = i == 0 ? 33 : 52;
	d->virq_mask[1] = i == 0 ? BIT32(1) : BIT32(20);
	d->irq_mask[0] = BIT32(27) | BIT32(30) | BIT32(23);
	r->vcpus[i][0] = (uint8_t)i;
	r->cpus[i] = (struct cpu_desc){.mpidr = i == 0 ? 0 : 0x100, .domain = (uint8_t)i};
}

static void build_dom0(struct builder *b, uint64_t root)
{
	struct good_rodata *r = b->g->rodata;
	struct domain_desc *d = &r->domains[0];
	uint64_t rest = GOOD_STORE + 0x2000;

	build_domain(b, 0, "dom0", root);
	d->retries = 3;
	map(b, root, 0x09010000, 0x09010000, 0x1000, ATTR_S2_MMIO, true);
	map(b, root, 0x0a100000, 0x0a100000, 0x1000, ATTR_S2_MMIO, true);
	map(b, root, 0x0b000000, 0x0b000000, 0x200000, S2_NC, true);
	map(b, root, 0x0c000000, 0x0c000000, 0x2000, S2_ROM, true);
	map(b, root, 0x40000000, 0x40000000, 0x200000, ATTR_S2_RAM, true);
	map(b, root, rest, rest, GOOD_GUEST_RAM - rest, ATTR_S2_RAM, true);
	map(b, root, GOOD_GUEST_RAM + GOOD_GUEST_SIZE, GOOD_GUEST_RAM + GOOD_GUEST_SIZE,
	    GOOD_RING - GOOD_GUEST_RAM - GOOD_GUEST_SIZE, ATTR_S2_RAM, true);
	r->ram[0][0] = (struct mem_range){0x40000000, 0x200000};
	r->ram[0][1] = (struct mem_range){rest, GOOD_GUEST_RAM - rest};
	r->ram[0][2] = (struct mem_range){GOOD_GUEST_RAM + GOOD_GUEST_SIZE,
					    GOOD_RING - GOOD_GUEST_RAM - GOOD_GUEST_SIZE};
	d->ram_count = 3;
	r->handover[0] = (struct mem_range){0x0b000000, 0x200000};
	r->handover[1] = (struct mem_range){0x0c000000, 0x2000};
	d->handover = good_target(b->g, r->handover);
	d->handover_count = 2;
	d->flags = DOMAIN_HARDWARE;
	d->entry = 0x40400000;
	d->dtb_ipa = 0x41000000;
	d->irq_mask[1] = BIT32(2);
}

static void build_guest1(struct builder *b, uint64_t root)
{
	struct good_rodata *r = b->g->rodata;
	struct domain_desc *d = &r->domains[1];

	build_domain(b, 1, "guest1", root);
	map(b, root, 0x40000000, GOOD_GUEST_RAM, GOOD_GUEST_SIZE, ATTR_S2_RAM, true);
	map(b, root, 0x0a000000, 0x0a000000, 0x1000, ATTR_S2_MMIO, true);
	map(b, root, 0x0a002000, 0x0a002000, 0x2000, ATTR_S2_MMIO, true);
	map(b, root, 0x0a100000, 0x0a100000, 0x1000, ATTR_S2_MMIO, true);
	r->ram[1][0] = (struct mem_range){GOOD_GUEST_RAM, GOOD_GUEST_SIZE};
	d->ram_count = 1;
	d->entry = 0x40000000;
	d->dtb_ipa = 0x40600000;
	d->irq_mask[1] = BIT32(7) | BIT32(8);
	d->irq_edge[1] = BIT32(7);
	d->on_fault = ON_FAULT_RESTART;
	d->retries = 5;
	r->smc[0] = 0x82000000;
	r->smc[1] = 0x82000001;
	d->smc_allow = good_target(b->g, r->smc);
	d->smc_count = 2;
	r->pieces[0] = (struct payload_piece){.from = GOOD_STORE, .to = 0x40000000, .size = 0x1800};
	d->pieces = good_target(b->g, r->pieces);
	d->piece_count = 1;
}

/* What they share: memory that dom0 writes and guest1 reads, and a doorbell. */
static void build_shared(struct builder *b, uint64_t dom0, uint64_t guest1)
{
	struct good_rodata *r = b->g->rodata;

	map(b, dom0, 0x10000000, GOOD_RING, GOOD_RING_SIZE, S2_NC, true);
	map(b, guest1, 0x10100000, GOOD_RING, GOOD_RING_SIZE, S2_NC_RO, true);
	r->shared = (struct mem_range){GOOD_RING, GOOD_RING_SIZE};
	r->board.shared = good_target(b->g, &r->shared);
	r->board.shared_count = 1;
	r->doorbell = (struct doorbell_desc){{{0x0f180000, 0, 72}, {0x0f181000, 1, 73}}};
	r->board.doorbells = good_target(b->g, &r->doorbell);
	r->board.doorbell_count = 1;
	for (uint16_t i = 0; i < 2; i++) {
		struct domain_desc *d = &r->domains[i];

		r->windows[i][d->window_count++] = (struct trap_window){
			.ipa = 0x0f180000 + i * PAGE_SIZE, .size = 0x1000, .kind = WINDOW_PL061, .intid = 72 + i, .index = i};
		d->virq_mask[2] = BIT32(8 + i);
	}
}

static void build_el2(struct builder *b, uint64_t root, uint64_t window)
{
	static const struct mem_range devices[] = {
		{0x08000000, 0x10000}, {0x080a0000, 0x40000}, {0x09000000, 0x1000}, {0x0e000000, 0x20000},
		{0x0e040000, 0x20000}, {0x0e100000, 0x2000}, {0xe6180000, 0x1000}, {0xfff00000, 0x1000},
	};
	struct board_tables *t = &b->g->rodata->board;

	for (size_t i = 0; i < ARRAY_SIZE(devices); i++) {
		map(b, root, devices[i].base, devices[i].base, devices[i].size, EL2_DEVICE, false);
	}
	map(b, root, TEXT, TEXT, RODATA - TEXT, EL2_TEXT, false);
	map(b, root, RODATA, RODATA, DATA - RODATA, EL2_RODATA, false);
	map(b, root, DATA, DATA, PACKED - DATA, EL2_DATA, false);
	map(b, root, BSS, BSS, NOINIT_END - BSS, EL2_DATA, false);
	map(b, root, GOOD_TABLES, GOOD_TABLES, GOOD_TABLE_PAGES * PAGE_SIZE, EL2_RODATA, false);
	map(b, root, window, window, PAGE_SIZE, EL2_DATA, false);
	table_at(b->g, root)[GOOD_WINDOW_VA >> 30] = window | 3;
	t->el2_ttbr = root;
	t->el2_tcr = TCR;
	t->el2_mair = 0x44ff04;
	t->window = (struct el2_window){GOOD_WINDOW_VA, (uint64_t *)(uintptr_t)window};
}

static void build_board(struct builder *b)
{
	struct good_rodata *r = b->g->rodata;
	struct board_tables *t = &r->board;

	memcpy(r->names[2], "unit", 5);
	t->magic = TABLES_MAGIC;
	t->name = good_target(b->g, r->names[2]);
	t->cpu_count = 2;
	t->domain_count = 2;
	t->spi_count = 64;
	t->image = (struct mem_range){GOOD_BASE, GOOD_SIZE};
	t->store = (struct mem_range){GOOD_STORE, 0x2000};
	t->gic = (struct gic_desc){.version = GIC_V3,
				   .maintenance = 25,
				   .timer = 26,
				   .gicd = {0x08000000, 0x10000},
				   .gicr = {0x080a0000, 0x40000}};
	t->uart = (struct uart_desc){.kind = UART_PL011, .intid = 33, .reg = {0x09000000, 0x1000}};
	t->cpus = good_target(b->g, r->cpus);
	t->domains = good_target(b->g, r->domains);
	t->spi_owner = good_target(b->g, r->spi_owner);
	memset(r->spi_owner, OWNER_NONE, sizeof(r->spi_owner));
	r->spi_owner[2] = 0;
	r->spi_owner[7] = 1;
	r->spi_owner[8] = 1;
}

void good_build(struct good *g)
{
	struct builder b = {.g = g};
	uint64_t dom0, guest1, nothing, el2;

	g->size = GOOD_FILE_SIZE;
	g->file = calloc(1, GOOD_FILE_SIZE);
	g->rodata = (struct good_rodata *)(void *)(g->file + 0x2000);
	g->tables = (uint64_t(*)[512])(void *)(g->file + 0x6000);
	memset(g->file + 0x1000, 0x1f, 0x1000);
	dom0 = table_new(&b, 2);
	guest1 = table_new(&b, 2);
	nothing = table_new(&b, 2);
	el2 = table_new(&b, 1);
	build_board(&b);
	build_dom0(&b, dom0);
	build_guest1(&b, guest1);
	build_el2(&b, el2, table_new(&b, 1));
	good_build_resets(g);
	good_build_smmus(g, table_new(&b, GOOD_STREAM_PAGES));
	build_shared(&b, dom0, guest1);
	good_build_ipmmu(g, nothing);
	good_build_trees(g);
	good_link(g);
}

void good_free(struct good *g)
{
	free(g->file);
	free(g->image);
}

static uint64_t *leaf(struct good *g, uint64_t root, uint64_t in)
{
	uint64_t *slot = table_at(g, root) + (in >> 30);

	for (unsigned int shift = 21; shift >= 12; shift -= 9) {
		if ((*slot & 3) != 3) {
			break;
		}
		slot = table_at(g, *slot & GENMASK64(47, 12)) + (in >> shift & 511);
	}
	return slot;
}

uint64_t *good_leaf(struct good *g, int domain, uint64_t ipa)
{
	return leaf(g, g->rodata->domains[domain].vttbr & GENMASK64(47, 12), ipa);
}

uint64_t *good_el2_leaf(struct good *g, uint64_t va)
{
	return leaf(g, g->rodata->board.el2_ttbr, va);
}
