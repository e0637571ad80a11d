/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A small board for the plan's tests: 1 GiB of RAM, a GICv3, a PL011 as the
 * hypervisor's console, room for devices and domains. Tests change what they are
 * about.
 */
#ifndef TESTS_UNIT_PLAN_BOARD_H
#define TESTS_UNIT_PLAN_BOARD_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "plan/plan.h"

#define BOARD_CPUS 4u
#define BOARD_DEVICES 24u
#define BOARD_DOMAINS 4u

struct board_test {
	struct model m;
	struct m_range ram[2];
	struct m_range reserved[2];
	struct m_cpu cpus[BOARD_CPUS];
	struct m_device devices[BOARD_DEVICES];
	struct m_range regs[BOARD_DEVICES];
	struct m_irq irqs[BOARD_DEVICES];
	char names[BOARD_DEVICES][16];
	size_t owner[BOARD_DEVICES];
	struct m_domain domains[BOARD_DOMAINS];
	struct m_ram domain_ram[BOARD_DOMAINS][4];
	size_t domain_cpus[BOARD_DOMAINS][BOARD_CPUS];
	struct diag *d;
};

#define AT(line_) ((struct pos){.file = "board.yaml", .line = (line_), .col = 1, .len = 1})
#define NAME(s_) ((struct m_string){.s = (s_), .pos = AT(1)})

static inline struct m_device *board_device(struct board_test *t, uint64_t base, uint64_t size, size_t owner)
{
	size_t i = t->m.board.device_count++;

	snprintf(t->names[i], sizeof(t->names[i]), "dev%zu", i);
	t->regs[i] = (struct m_range){.base = base, .size = size, .pos = AT(10 + (uint32_t)i)};
	t->irqs[i] = (struct m_irq){.type = IRQ_SPI, .number = (uint32_t)i + 1, .intid = 33 + (uint32_t)i};
	t->owner[i] = owner;
	t->devices[i] = (struct m_device){
		.name = NAME(t->names[i]), .reg = &t->regs[i], .reg_count = 1, .irqs = &t->irqs[i],
		.irq_count = 1, .attr = ATTR_DEVICE_GRE, .enabled = true,
	};
	return &t->devices[i];
}

/* A domain with one CPU and nothing else. */
static inline struct m_domain *board_domain(struct board_test *t, const char *name)
{
	size_t i = t->m.domain_count++;

	t->domain_cpus[i][0] = i;
	t->domains[i] = (struct m_domain){
		.name = NAME(name), .cpus = t->domain_cpus[i], .cpu_count = 1, .ram = t->domain_ram[i],
		.memory_pos = AT(5), .pos = AT(4), .console_device = MODEL_NONE, .cmdline = NAME("console=ttyAMA0"),
	};
	return &t->domains[i];
}

static inline void board_domain_ram(struct m_domain *dom, struct m_ram ram)
{
	ram.pos = AT(6);
	dom->ram[dom->ram_count++] = ram;
}

static inline void board_init(struct board_test *t)
{
	static const char *const compatible[] = {"arm,pl011"};
	struct m_board *b = &t->m.board;

	memset(t, 0, sizeof(*t));
	t->d = diag_new();
	t->m.hv_size = MIB(1);
	t->m.device_owner = t->owner;
	t->m.domains = t->domains;
	t->m.ipmmu_user = MODEL_NONE;
	t->m.ipmmu_root = MODEL_NONE;
	b->name = NAME("test");
	b->load = (struct m_number){.v = 0x40200000, .given = true, .pos = AT(2)};
	b->pa_bits = (struct m_number){.v = 40, .given = true};
	b->gic = (struct m_gic){.version = GIC_V3, .spi_count = 96,
				.gicd = {.base = 0x08000000, .size = 0x10000},
				.gicr = {.base = 0x080a0000, .size = 0xf60000}};
	b->gic.maintenance = (struct m_irq){.type = IRQ_PPI, .number = 9, .intid = 25};
	b->timer.secure = (struct m_irq){.type = IRQ_PPI, .number = 13, .intid = 29};
	b->timer.hyp = (struct m_irq){.type = IRQ_PPI, .number = 10, .intid = 26};
	b->timer.virt = (struct m_irq){.type = IRQ_PPI, .number = 11, .intid = 27};
	b->timer.physical = (struct m_irq){.type = IRQ_PPI, .number = 14, .intid = 30};
	t->ram[0] = (struct m_range){.base = 0x40000000, .size = GIB(1)};
	b->ram = t->ram;
	b->ram_count = 1;
	b->reserved = t->reserved;
	b->cpus = t->cpus;
	b->cpu_count = BOARD_CPUS;
	for (size_t i = 0; i < BOARD_CPUS; i++) {
		t->cpus[i].mpidr.v = i;
		t->cpus[i].compatible = NAME("arm,armv8");
	}
	b->devices = t->devices;
	struct m_device *uart = board_device(t, 0x09000000, 0x1000, MODEL_NONE);
	uart->compatible = (const char **)(uintptr_t)compatible;
	uart->compatible_count = 1;
	b->console_device = 0;
}

/* The hardware domain with all that is left. */
static inline struct m_domain *board_dom0(struct board_test *t)
{
	struct m_domain *dom = board_domain(t, "dom0");

	dom->hardware = true;
	dom->all_other_ram = true;
	dom->console = CONSOLE_VPL011;
	return dom;
}

static inline void board_free(struct board_test *t)
{
	diag_free(t->d);
}

/* A file of `size` bytes with `head_size` of them given; its name in `path`. */
static inline void file_make(char path[64], const void *head, size_t head_size, uint64_t size)
{
	strcpy(path, "/tmp/bulkhead-test-XXXXXX");
	int fd = mkstemp(path);

	if (fd < 0 || write(fd, head, head_size) != (ssize_t)head_size || ftruncate(fd, (off_t)size) != 0) {
		abort();
	}
	close(fd);
}

/* An arm64 Image of `size` bytes that needs `image_size` of memory. */
static inline void kernel_make(char path[64], uint64_t size, uint64_t text_offset, uint64_t image_size)
{
	uint64_t head[8] = {0, text_offset, image_size, 0xa};

	memcpy(&head[7], "ARM\x64", 4);
	file_make(path, head, sizeof(head), size);
}

#endif
