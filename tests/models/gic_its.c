// SPDX-License-Identifier: Apache-2.0
/*
 * Model of an ITS and of LPIs at the redistributors (IHI 0069, 5 and 12). Its tables are
 * in the memory that software gives it, which must be that of cfg.its_memory; properties
 * are cached from when an LPI is first pending until an INV. A command that the
 * architecture calls an error fails the test: an ITS of several domains may get none.
 */
#include "models/gic_priv.h"

#include <string.h>

#define LPI_FIRST 8192u
#define LPIS 8192u
#define NOT_CACHED 0xffffu
#define DEVICE_BITS 16u
#define EVENT_BITS 16u
#define PAGE 4096u
#define ENTRY_VALID BIT64(63)
#define ITT_ENTRY 16u

#define BASER_KEPT (BIT64(63) | GENMASK64(61, 59) | GENMASK64(55, 53) | GENMASK64(47, 0))
#define SHARE GENMASK64(11, 10)

static struct {
	uint32_t ctlr;
	uint64_t cbaser, cwriter, creadr;
	uint64_t baser[8];
	struct {
		uint32_t ctlr;
		uint64_t propbaser, pendbaser;
		uint8_t pending[LPIS];
		uint16_t cached[LPIS];
	} cpu[MODEL_CPUS];
} its;

static uint8_t *its_memory(uint64_t pa, uint64_t size)
{
	if (pa < gicm.cfg.its_memory || pa + size > gicm.cfg.its_memory + gicm.cfg.its_memory_size) {
		model_fail("ITS: memory at 0x%lx that is not its own", pa);
	}
	return (uint8_t *)(uintptr_t)pa;
}

static uint64_t *its_words(uint64_t pa, uint64_t size)
{
	return (uint64_t *)(void *)its_memory(pa, size);
}

/* Where a device's entry is; NULL: software gave no memory for it. */
static uint64_t *its_device(uint64_t device)
{
	uint64_t *level1 = its_words(its.baser[0] & GENMASK64(47, 12), PAGE);
	uint64_t desc = level1[device / 512];

	if (device >= BIT64(DEVICE_BITS) || (desc & ENTRY_VALID) == 0) {
		return NULL;
	}
	return &its_words(desc & GENMASK64(51, 12), PAGE)[device % 512];
}

static uint64_t *its_event(uint64_t device, uint64_t event)
{
	uint64_t *entry = its_device(device);

	if (entry == NULL || (*entry & ENTRY_VALID) == 0 || event >= BIT64((*entry & 31) + 1)) {
		return NULL;
	}
	return its_words((*entry & GENMASK64(51, 8)) + event * ITT_ENTRY, ITT_ENTRY);
}

static uint64_t *its_collection(uint64_t collection)
{
	if (collection >= PAGE / 8) {
		model_fail("ITS: collection %lu", collection);
	}
	return &its_words(its.baser[1] & GENMASK64(47, 12), PAGE)[collection];
}

static uint32_t its_cpu_of(uint64_t collection)
{
	uint64_t entry = *its_collection(collection);

	if ((entry & ENTRY_VALID) == 0) {
		model_fail("ITS: collection %lu is not mapped", collection);
	}
	return (uint32_t)entry;
}

static uint32_t its_target(uint64_t word)
{
	uint64_t field = word & GENMASK64(50, 16);
	uint64_t cpu = gicm.cfg.its_pta ? (field - gicm.cfg.gicr) / gicm.cfg.gicr_stride : field >> 16;

	if (cpu >= gicm.cfg.cpus || (its.cpu[cpu].ctlr & 1) == 0 ||
	    (gicm.cfg.its_pta && field != gicm.cfg.gicr + cpu * gicm.cfg.gicr_stride)) {
		model_fail("ITS: target 0x%lx, no CPU with LPIs", word);
	}
	return (uint32_t)cpu;
}

static uint64_t *its_mapped_event(const uint64_t *w)
{
	uint64_t *e = its_event(w[0] >> 32, (uint32_t)w[1]);

	if (e == NULL || (e[0] & ENTRY_VALID) == 0) {
		model_fail("ITS: command 0x%lx 0x%lx: no such event", w[0], w[1]);
	}
	its_cpu_of(e[1]);
	return e;
}

static uint32_t its_lpi(const uint64_t *e)
{
	return (uint32_t)e[0] - LPI_FIRST;
}

static void its_map_device(const uint64_t *w)
{
	uint64_t *entry = its_device(w[0] >> 32);
	uint64_t size = BIT64((w[1] & 31) + 1) * ITT_ENTRY;

	if (entry == NULL) {
		model_fail("ITS: MAPD of device 0x%lx, which has no place in the table", w[0] >> 32);
	}
	if ((w[2] & ENTRY_VALID) == 0) {
		*entry = 0;
		return;
	}
	if ((*entry & ENTRY_VALID) != 0 || (w[1] & 31) + 1 > EVENT_BITS) {
		model_fail("ITS: MAPD of device 0x%lx", w[0] >> 32);
	}
	for (uint64_t i = 0; i < size; i++) {
		if (its_memory(w[2] & GENMASK64(51, 8), size)[i] != 0) {
			model_fail("ITS: MAPD with an ITT that is not zero");
		}
	}
	*entry = ENTRY_VALID | (w[2] & GENMASK64(51, 8)) | (w[1] & 31);
}

static void its_map_event(const uint64_t *w)
{
	uint64_t *e = its_event(w[0] >> 32, (uint32_t)w[1]);
	uint32_t lpi = (uint32_t)(w[1] >> 32);

	if (e == NULL || (e[0] & ENTRY_VALID) != 0 || lpi - LPI_FIRST >= LPIS) {
		model_fail("ITS: MAPTI 0x%lx 0x%lx", w[0], w[1]);
	}
	its_collection(w[2] & 0xffff);
	e[0] = ENTRY_VALID | lpi;
	e[1] = w[2] & 0xffff;
}

static void its_move(uint32_t lpi, uint32_t from, uint32_t to)
{
	uint8_t pending = its.cpu[from].pending[lpi];

	its.cpu[from].pending[lpi] = 0;
	its.cpu[to].pending[lpi] |= pending;
}

static void its_command(const uint64_t *w)
{
	uint64_t *e;

	switch (w[0] & 0xff) {
	case 0x01: /* MOVI */
		e = its_mapped_event(w);
		its_move(its_lpi(e), its_cpu_of(e[1]), its_cpu_of(w[2] & 0xffff));
		e[1] = w[2] & 0xffff;
		break;
	case 0x03: /* INT */
		e = its_mapped_event(w);
		its.cpu[its_cpu_of(e[1])].pending[its_lpi(e)] = 1;
		break;
	case 0x04: /* CLEAR */
	case 0x0f: /* DISCARD */
		e = its_mapped_event(w);
		its.cpu[its_cpu_of(e[1])].pending[its_lpi(e)] = 0;
		e[0] = (w[0] & 0xff) == 0x0f ? 0 : e[0];
		break;
	case 0x05: /* SYNC */
		its_target(w[2]);
		break;
	case 0x08:
		its_map_device(w);
		break;
	case 0x09: /* MAPC */
		*its_collection(w[2] & 0xffff) = (w[2] & ENTRY_VALID) == 0 ? 0 : ENTRY_VALID | its_target(w[2]);
		break;
	case 0x0a:
		its_map_event(w);
		break;
	case 0x0c: /* INV */
		e = its_mapped_event(w);
		its.cpu[its_cpu_of(e[1])].cached[its_lpi(e)] = NOT_CACHED;
		break;
	case 0x0d: /* INVALL */
		memset(its.cpu[its_cpu_of(w[2] & 0xffff)].cached, 0xff, sizeof(its.cpu[0].cached));
		break;
	case 0x0e: /* MOVALL */
		for (uint32_t lpi = 0; lpi < LPIS; lpi++) {
			its_move(lpi, its_target(w[2]), its_target(w[3]));
		}
		break;
	default:
		model_fail("ITS: command 0x%lx", w[0]);
	}
}

static void its_run(void)
{
	uint64_t size = ((its.cbaser & 0xff) + 1) * PAGE;

	gicm.changes++;
	while ((its.ctlr & 1) != 0 && (its.cbaser >> 63) != 0 && (its.creadr & ~UINT64_C(1)) != its.cwriter &&
	       !gicm.cfg.its_stuck) {
		if (gicm.cfg.its_stall) {
			its.creadr |= 1;
			return;
		}
		its_command(its_words((its.cbaser & GENMASK64(51, 12)) + its.creadr, 32));
		its.creadr = (its.creadr + 32) % size;
	}
}

/* What a register keeps of its shareability. */
static uint64_t its_shared(uint64_t value)
{
	return gicm.cfg.its_uncached ? value & ~SHARE : value;
}

static uint64_t its_read(uint64_t reg, uint32_t size)
{
	if (reg >= 0x100 && reg < 0x140 && size == 8) {
		uint32_t n = (uint32_t)(reg - 0x100) / 8;
		uint64_t type = n == 0 ? 1 : n == 1 ? 4 : 0;

		return its.baser[n] | type << 56 | (n < 2 ? UINT64_C(7) << 48 : 0);
	}
	switch (reg) {
	case 0x00:
		return its.ctlr | ((its.ctlr & 1) == 0 && !gicm.cfg.its_stuck ? BIT32(31) : 0);
	case 0x08:
		return 1 | (gicm.cfg.its_understates ? ITT_ENTRY / 2 - 1 : ITT_ENTRY - 1) << 4 |
		       (EVENT_BITS - 1) << 8 | (DEVICE_BITS - 1) << 13 | (gicm.cfg.its_pta ? BIT64(19) : 0);
	case 0x80:
		return its.cbaser;
	case 0x88:
		return its.cwriter;
	case 0x90:
		return its.creadr;
	default:
		model_fail("ITS: %u-byte read at 0x%lx", size, reg);
	}
}

static void its_write(uint64_t reg, uint32_t size, uint64_t value)
{
	if (reg >= 0x100 && reg < 0x140 && size == 8) {
		uint32_t n = (uint32_t)(reg - 0x100) / 8;
		uint64_t kept = BASER_KEPT | (n == 0 && !gicm.cfg.its_flat ? BIT64(62) : 0);

		if ((its.ctlr & 1) != 0 || n > 1) {
			model_fail("ITS: write of GITS_BASER%u", n);
		}
		its.baser[n] = its_shared(value & kept);
		return;
	}
	switch (reg) {
	case 0x00:
		its.ctlr = (uint32_t)value & 1;
		break;
	case 0x80:
		if ((its.ctlr & 1) != 0) {
			model_fail("ITS: GITS_CBASER changes while it is enabled");
		}
		its.cbaser = its_shared(value);
		its.creadr = 0;
		break;
	case 0x88:
		its.cwriter = value & GENMASK64(19, 5);
		break;
	default:
		model_fail("ITS: %u-byte write at 0x%lx", size, reg);
	}
	its_run();
}

void itsm_add(void)
{
	memset(&its, 0, sizeof(its));
	for (uint32_t c = 0; c < MODEL_CPUS; c++) {
		memset(its.cpu[c].cached, 0xff, sizeof(its.cpu[c].cached));
		its.cpu[c].ctlr = gicm.cfg.lpi_locked ? 1 : 0;
	}
	model_add(&(struct model_device){
		.name = "ITS", .base = gicm.cfg.its, .size = 0x10000, .read = its_read, .write = its_write});
}

bool itsm_gicr_read(uint32_t cpu, uint32_t reg, uint64_t *value)
{
	switch (reg) {
	case 0x00:
		*value = its.cpu[cpu].ctlr;
		return true;
	case 0x70:
		*value = its.cpu[cpu].propbaser;
		return true;
	case 0x78:
		*value = its.cpu[cpu].pendbaser & ~BIT64(62);
		return true;
	default:
		return false;
	}
}

bool itsm_gicr_write(uint32_t cpu, uint32_t reg, uint64_t value)
{
	bool base = reg == 0x70 || reg == 0x78;

	if (base && (its.cpu[cpu].ctlr & 1) != 0) {
		model_fail("GICR: 0x%x changes while LPIs are enabled", reg);
	}
	if (reg == 0x70) {
		its.cpu[cpu].propbaser = its_shared(value);
	} else if (reg == 0x78) {
		its_memory(value & GENMASK64(51, 16), 2048);
		its.cpu[cpu].pendbaser = its_shared(value);
	} else if (reg == 0) {
		its.cpu[cpu].ctlr = gicm.cfg.lpi_locked ? 1 : (uint32_t)value & 1;
	}
	return base || reg == 0;
}

/* Enable and priority, read once. */
static uint8_t its_property(uint32_t cpu, uint32_t lpi)
{
	uint16_t *cached = &its.cpu[cpu].cached[lpi];

	if (*cached == NOT_CACHED) {
		*cached = its_memory((its.cpu[cpu].propbaser & GENMASK64(51, 12)) + lpi, 1)[0];
	}
	return (uint8_t)*cached;
}

bool itsm_highest(uint32_t cpu, uint32_t *intid, uint32_t *limit)
{
	bool found = false;

	for (uint32_t lpi = 0; (its.cpu[cpu].ctlr & 1) != 0 && lpi < LPIS; lpi++) {
		uint8_t property = its.cpu[cpu].pending[lpi] != 0 ? its_property(cpu, lpi) : 0;

		if ((property & 1) != 0 && (property & 0xfcu) < *limit) {
			found = true;
			*intid = LPI_FIRST + lpi;
			*limit = property & 0xfcu;
		}
	}
	return found;
}

uint8_t itsm_ack(uint32_t cpu, uint32_t intid)
{
	its.cpu[cpu].pending[intid - LPI_FIRST] = 0;
	return its_property(cpu, intid - LPI_FIRST) & 0xf8;
}

void gicm_break_its(bool stuck, bool stall)
{
	gicm.cfg.its_stuck = stuck;
	gicm.cfg.its_stall = stall;
}

void gicm_message(uint32_t device, uint32_t event)
{
	uint64_t *e = (its.ctlr & 1) != 0 ? its_event(device, event) : NULL;

	if (e != NULL && (e[0] & ENTRY_VALID) != 0 && (*its_collection(e[1]) & ENTRY_VALID) != 0) {
		its.cpu[its_cpu_of(e[1])].pending[its_lpi(e)] = 1;
		gicm.changes++;
	}
}
