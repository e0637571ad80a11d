// SPDX-License-Identifier: Apache-2.0
/* The ITSs: set-up and commands (IHI 0069, 5.3, 12.18). */
#include "irq/its.h"

#include "arch/barrier.h"
#include "arch/cpu.h"
#include "drivers/console.h"
#include "irq/gic.h"
#include "irq/its_priv.h"
#include "lib/spinlock.h"
#include "lib/time.h"

/* Longest wait for an ITS, which then is given up: once in its life. */
#define ITS_WAIT_US 100000

_Static_assert((ITS_BATCH + 1) * ITS_CMD_SIZE < ITS_QUEUE_SIZE, "a full queue would be an empty one");

static struct its {
	struct spinlock lock;
	bool dead;
	uint64_t typer;
	uint64_t write; /* offset in the queue where the next command goes */
} itses[ITS_MAX];

static uint64_t its_register(uint32_t its, uint32_t reg)
{
	return board.its[its].base + reg;
}

uint32_t its_event_bits(uint32_t its)
{
	return (uint32_t)FIELD_GET(GITS_TYPER_IDBITS, itses[its].typer) + 1;
}

bool its_target(uint32_t its, uint32_t cpu, uint64_t *target)
{
	bool address = (itses[its].typer & GITS_TYPER_PTA) != 0;

	return lpi_target(cpu, address, target);
}

static bool its_stop(uint32_t its)
{
	uint64_t end = time_after_us(ITS_WAIT_US);

	mmio_write32(its_register(its, GITS_CTLR), 0);
	while ((mmio_read32(its_register(its, GITS_CTLR)) & GITS_CTLR_QUIESCENT) == 0) {
		if (time_over(end)) {
			return false;
		}
		arch_relax();
	}
	return true;
}

/* Writes a table's register: memory that is shared with the CPUs, or, where the ITS does
 * not know how, not cached, and then what we write is cleaned. */
static void its_write_baser(uint32_t its, uint32_t reg, uint64_t value)
{
	uint64_t at = its_register(its, reg);
	uint64_t wb = FIELD_PREP(GITS_BASER_INNER, ITS_NORMAL_WB) |
		      FIELD_PREP(GITS_BASER_SHARE, ITS_INNER_SHAREABLE);

	mmio_write64(at, value | wb);
	if (FIELD_GET(GITS_BASER_SHARE, mmio_read64(at)) == 0) {
		lpi_incoherent = true;
		mmio_write64(at, value | FIELD_PREP(GITS_BASER_INNER, ITS_NORMAL_NC));
	}
}

static const char *its_init_table(uint32_t its, uint32_t reg, const uint64_t *table, uint64_t form)
{
	uint64_t kept = GITS_BASER_VALID | GITS_BASER_INDIRECT | GITS_BASER_ADDRESS | GITS_BASER_PAGE;
	uint64_t value = GITS_BASER_VALID | form | own_pa(table);
	uint64_t found = mmio_read64(its_register(its, reg));

	if (FIELD_GET(GITS_BASER_ENTRY, found) + 1 > ITS_TABLE_ENTRY) {
		return "an ITS has too large table entries";
	}
	its_write_baser(its, reg, value);
	found = mmio_read64(its_register(its, reg));
	return (found & kept) == (value & kept) ? NULL : "an ITS has no tables of 4 KiB pages in two levels";
}

static const char *its_init_tables(uint32_t its)
{
	const struct its_desc *desc = &board.its[its];
	bool devices = false;
	bool collections = FIELD_GET(GITS_TYPER_HCC, itses[its].typer) >= ITS_PAGE / ITS_TABLE_ENTRY / 2;
	const char *problem = NULL;

	for (uint32_t n = 0; n < GITS_BASERS && problem == NULL; n++) {
		uint32_t reg = GITS_BASER + 8 * n;
		uint64_t type = FIELD_GET(GITS_BASER_TYPE, mmio_read64(its_register(its, reg)));

		if (type == GITS_BASER_TYPE_DEVICES) {
			devices = true;
			problem = its_init_table(its, reg, desc->devices, GITS_BASER_INDIRECT);
		} else if (type == GITS_BASER_TYPE_COLLECTIONS) {
			collections = true;
			problem = its_init_table(its, reg, desc->collections, 0);
		}
	}
	if (problem == NULL && (!devices || !collections)) {
		problem = "an ITS has no table of devices or of collections";
	}
	return problem;
}

static const char *its_init_one(uint32_t its)
{
	const struct its_desc *desc = &board.its[its];
	struct its *s = &itses[its];
	const char *problem;

	*s = (struct its){.typer = mmio_read64(its_register(its, GITS_TYPER))};
	if ((s->typer & GITS_TYPER_PHYSICAL) == 0) {
		return "an ITS has no physical LPIs";
	}
	if (FIELD_GET(GITS_TYPER_DEVBITS, s->typer) + 1 < desc->device_bits) {
		return "an ITS knows fewer DeviceIDs than devices use";
	}
	if (FIELD_GET(GITS_TYPER_ITT_ENTRY, s->typer) + 1 > ITS_ITT_ENTRY) {
		return "an ITS has too large entries for events";
	}
	if (!its_stop(its)) {
		return "an ITS does not stop";
	}
	its_zero(desc->queue, ITS_QUEUE_SIZE);
	its_zero(desc->devices, ITS_PAGE);
	its_zero(desc->collections, ITS_PAGE);
	problem = its_init_tables(its);
	if (problem != NULL) {
		return problem;
	}
	its_write_baser(its, GITS_CBASER, GITS_BASER_VALID | own_pa(desc->queue) |
		       FIELD_PREP(GITS_BASER_PAGES, ITS_QUEUE_SIZE / KIB(4) - 1));
	mmio_write64(its_register(its, GITS_CWRITER), 0);
	dsb_sy();
	mmio_write32(its_register(its, GITS_CTLR), GITS_CTLR_ENABLED);
	return NULL;
}

const char *its_init(void)
{
	const char *problem;

	/* Of a machine that has none after all: boards whose addresses firmware says. */
	if (board.its_count == 0) {
		return NULL;
	}
	problem = board.its_count > ITS_MAX ? "too many ITSs" : lpi_init();
	for (uint32_t i = 0; i < board.its_count && problem == NULL; i++) {
		problem = its_init_one(i);
	}
	return problem;
}

static void its_put(uint32_t its, const struct its_cmd *cmd)
{
	struct its *s = &itses[its];
	uint64_t *slot = &board.its[its].queue[s->write / sizeof(uint64_t)];

	for (uint32_t i = 0; i < ITS_CMD_WORDS; i++) {
		slot[i] = cmd->w[i];
	}
	if (lpi_incoherent) {
		arch_dcache_clean(slot, ITS_CMD_SIZE);
	}
	s->write = (s->write + ITS_CMD_SIZE) % ITS_QUEUE_SIZE;
}

static bool its_give_up(uint32_t its, const char *why, uint64_t reader)
{
	const uint64_t *slot = &board.its[its].queue[(reader & (ITS_QUEUE_SIZE - 1)) / 32 * ITS_CMD_WORDS];

	log_error("%s: %s; it is given up at command 0x%lx 0x%lx 0x%lx", board.its[its].name, why, slot[0],
		  slot[1], slot[2]);
	mmio_write32(its_register(its, GITS_CTLR), 0);
	itses[its].dead = true;
	return false;
}

/* The lock is held. */
static bool its_run(uint32_t its)
{
	uint64_t end = time_after_us(ITS_WAIT_US);
	uint64_t write = itses[its].write;
	uint64_t read;

	/* Commands, and the tables that they are about, before the ITS reads them. */
	dsb_sy();
	mmio_write64(its_register(its, GITS_CWRITER), write);
	for (;;) {
		read = mmio_read64(its_register(its, GITS_CREADR));
		if ((read & GITS_CREADR_STALLED) != 0) {
			return its_give_up(its, "it finds fault with a command", read);
		}
		if ((read & GITS_CWRITER_OFFSET) == write) {
			return true;
		}
		if (time_over(end)) {
			return its_give_up(its, "its command queue does not move", read);
		}
		arch_relax();
	}
}

bool its_submit(uint32_t its, uint32_t cpu, const struct its_cmd *cmds, uint32_t count)
{
	struct its_cmd sync = {.w = {ITS_SYNC}};
	uint64_t target;
	bool done = false;

	if (count > ITS_BATCH || !its_target(its, cpu, &target)) {
		return false;
	}
	sync.w[2] = target;
	spin_lock(&itses[its].lock);
	if (!itses[its].dead) {
		for (uint32_t i = 0; i < count; i++) {
			its_put(its, &cmds[i]);
		}
		its_put(its, &sync);
		done = its_run(its);
	}
	spin_unlock(&itses[its].lock);
	return done;
}

static uint64_t *its_level1(uint32_t its, uint32_t device)
{
	return &board.its[its].devices[device / (ITS_PAGE / ITS_TABLE_ENTRY)];
}

bool its_has_page(uint32_t its, uint32_t device)
{
	return (__atomic_load_n(its_level1(its, device), __ATOMIC_RELAXED) & GITS_L1_VALID) != 0;
}

bool its_give_page(uint32_t its, uint32_t device, uint64_t *page)
{
	uint64_t *slot = its_level1(its, device);
	bool needed;

	its_zero(page, ITS_PAGE);
	dsb_sy();
	spin_lock(&itses[its].lock);
	/* DeviceIDs of several domains may be in one page. */
	needed = (*slot & GITS_L1_VALID) == 0;
	if (needed) {
		__atomic_store_n(slot, GITS_L1_VALID | (own_pa(page) & GITS_L1_ADDRESS), __ATOMIC_RELAXED);
		if (lpi_incoherent) {
			arch_dcache_clean(slot, sizeof(*slot));
		}
		dsb_sy();
	}
	spin_unlock(&itses[its].lock);
	return needed;
}
