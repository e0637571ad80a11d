// SPDX-License-Identifier: Apache-2.0
#include "edus.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "qtest.h"
#include "ram.h"

#define POLLS_MAX 100000
#define POLL_US 300

/* QEMU's virt machine: configuration space, its 32-bit window, the SMMU. */
#define ECAM UINT64_C(0x4010000000)
#define PORT (ECAM + (1u << 15))
#define BARS UINT64_C(0x10000000)
#define BAR_SIZE UINT64_C(0x100000)
#define SMMU UINT64_C(0x09050000)
#define CMDQ_BASE (SMMU + 0x90)
#define CMDQ_PROD (SMMU + 0x98)
#define CMDQ_CONS (SMMU + 0x9c)
#define CFGI_ALL UINT64_C(4)

/* PCI: offsets and bits. */
#define PCI_COMMAND 0x04
#define PCI_BAR0 0x10
#define PCI_BUSES 0x18
#define PCI_MEMORY_WINDOW 0x20
#define PCI_ENABLE 6u /* memory space, bus master */

/* hw/misc/edu: registers, and where the device's own buffer is for DMA. What it reads
 * to try leaves what it writes alone. */
#define EDU_ID 0x00
#define EDU_DMA 0x80 /* source, destination, count, and then the command */
#define EDU_CMD 0x98
#define EDU_BUFFER UINT64_C(0x40000)
#define EDU_SCRATCH (EDU_BUFFER + 8)
#define CMD_RUN 1u
#define CMD_TO_RAM 2u

static FILE *log_file;
static uint32_t bus_now;

static uint64_t edu_reg(uint32_t i, uint32_t reg)
{
	return BARS + i * BAR_SIZE + reg;
}

/* Bus numbers of the root port: primary 0, secondary and subordinate. */
static void port_set_bus(uint32_t bus)
{
	qtest_write32(PORT + PCI_BUSES, bus << 8 | bus << 16);
	bus_now = bus;
}

void edus_open(const char *trace)
{
	const uint64_t last = BARS + EDUS * BAR_SIZE - 1;

	log_file = fopen(trace, "r");
	if (log_file == NULL) {
		die("%s: %s", trace, strerror(errno));
	}
	port_set_bus(1);
	qtest_write32(PORT + PCI_MEMORY_WINDOW, (BARS >> 16 & 0xfff0) | (last & 0xfff00000));
	for (uint32_t i = 0; i < EDUS; i++) {
		uint64_t config = ECAM + (1u << 20) + (i << 12);

		if (qtest_read32(config) != 0x11e81234) {
			die("no edu device behind 00:01.0 as function %u", i);
		}
		qtest_write32(config + PCI_BAR0, BARS + i * BAR_SIZE);
		qtest_write16(config + PCI_COMMAND, PCI_ENABLE);
	}
	qtest_write16(PORT + PCI_COMMAND, PCI_ENABLE);
	for (uint32_t i = 0; i < EDUS; i++) {
		if ((qtest_read32(edu_reg(i, EDU_ID)) & 0xffff) != 0x00ed) {
			die("edu device %u does not answer at its BAR", i);
		}
	}
}

/* QEMU keeps a stream's configuration with the function, whatever its number. The
 * hypervisor sends commands only when a domain comes or goes: not now. */
static void smmu_forget(void)
{
	uint64_t base = qtest_read64(CMDQ_BASE), prod = qtest_read32(CMDQ_PROD);
	uint64_t size = UINT64_C(1) << (base & 31);
	uint64_t at = (base & UINT64_C(0xfffffffffffe0)) + 16 * (prod & (size - 1));

	qtest_write64(at, CFGI_ALL);
	qtest_write64(at + 8, 31);
	prod = (prod + 1) & (2 * size - 1);
	qtest_write32(CMDQ_PROD, prod);
	for (int i = 0; (qtest_read32(CMDQ_CONS) & UINT32_C(0x7fffffff)) != prod; i++) {
		if (i == POLLS_MAX) {
			die("the SMMU does not take a command");
		}
	}
}

void edus_set_bus(uint32_t bus)
{
	port_set_bus(bus);
	smmu_forget();
}

uint64_t edus_value(uint32_t i)
{
	return UINT64_C(0xb01c4ead5eed0000) + i;
}

/* All four registers by one command, 8 bytes after 8 bytes. */
static void edu_start(uint32_t i, uint64_t src, uint64_t dst, uint64_t cmd)
{
	qtest_send("write 0x%" PRIx64 " 32 0x%016" PRIx64 "%016" PRIx64 "%016" PRIx64 "%016" PRIx64,
		   edu_reg(i, EDU_DMA), __builtin_bswap64(src), __builtin_bswap64(dst), __builtin_bswap64(8),
		   __builtin_bswap64(cmd | CMD_RUN));
}

static void edu_wait(uint32_t i)
{
	for (int polls = 0; (qtest_read64(edu_reg(i, EDU_CMD)) & CMD_RUN) != 0; polls++) {
		if (polls == POLLS_MAX) {
			die("DMA of edu device %u does not end", i);
		}
		usleep(POLL_US);
	}
}

void edus_fill(uint64_t ipa, uint64_t pa)
{
	uint64_t before[EDUS];

	for (uint32_t i = 0; i < EDUS; i++) {
		before[i] = ram_read64(pa + 8 * i);
		ram_write64(pa + 8 * i, edus_value(i));
		edu_start(i, ipa + 8 * i, EDU_BUFFER, 0);
		qtest_settle();
	}
	for (uint32_t i = 0; i < EDUS; i++) {
		edu_wait(i);
		ram_write64(pa + 8 * i, before[i]);
	}
	/* What the trace tells of this is not of a try. */
	fseek(log_file, 0, SEEK_END);
}

/* What the SMMU has let through since the last look. */
static void trace_take(const struct try tries[EDUS], struct outcome outcomes[EDUS])
{
	char line[256];

	clearerr(log_file);
	while (fgets(line, sizeof(line), log_file) != NULL) {
		struct outcome *o;
		uint32_t sid;
		uint64_t iova, pa;

		if (sscanf(line, "smmuv3_translate_success %*s sid=%" SCNx32 " iova=%" SCNx64 " translated=%" SCNx64,
			   &sid, &iova, &pa) != 3) {
			continue;
		}
		if (sid >> 8 != bus_now) {
			die("DMA of stream ID 0x%x, which none has: %s", sid, line);
		}
		o = &outcomes[sid & 0xff];
		o->other |= tries[sid & 0xff].idle || iova - tries[sid & 0xff].ipa >= 8 ||
			    (o->translated && pa - o->pa >= 8);
		if (!o->translated) {
			o->translated = true;
			o->pa = pa;
		}
	}
}

void edus_run(const struct try tries[EDUS], struct outcome outcomes[EDUS])
{
	memset(outcomes, 0, EDUS * sizeof(outcomes[0]));
	for (uint32_t i = 0; i < EDUS; i++) {
		const struct try *t = &tries[i];

		if (!t->idle) {
			edu_start(i, t->write ? EDU_BUFFER : t->ipa, t->write ? t->ipa : EDU_SCRATCH,
				  t->write ? CMD_TO_RAM : 0);
		}
	}
	qtest_settle();
	/* Each takes 100 ms of the machine's time, and QEMU does them in their order. */
	for (uint32_t i = EDUS; i-- > 0;) {
		if (!tries[i].idle) {
			edu_wait(i);
			break;
		}
	}
	trace_take(tries, outcomes);
}
