/* SPDX-License-Identifier: Apache-2.0 */
/*
 * All CPUs at once do to the same interrupts all that a distributor offers: enable,
 * disable, make pending, reroute, change priorities, send SGIs, read. Then it must
 * hold that no interrupt was ever active on two CPUs, that none was lost, and that
 * every CPU still gets everything.
 */
#include "rt/check.h"
#include "rt/console.h"
#include "rt/gic.h"
#include "rt/mmu.h"
#include "rt/psci.h"

#define ROUNDS 20000u
#define SPIS_MAX 16u
#define SPI_END 128u
#define PATIENCE_S 40u

enum phase { PHASE_WAIT, PHASE_ACT, PHASE_DRAIN, PHASE_END };

static uint32_t phase;
static uint32_t arrived; /* CPUs that are through with the phase */
static uint32_t spis[SPIS_MAX];
static uint32_t spi_count;
static uint32_t inside[SPI_END];                          /* CPUs that have it active */
static uint32_t overlaps;
static uint32_t spi_token[SPI_END];                       /* made pending, not seen since */
static uint32_t sgi_token[MACHINE_CPUS_MAX][MACHINE_CPUS_MAX]; /* [to][from] */
static uint32_t taken[MACHINE_CPUS_MAX];

static uint32_t random_next(uint32_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 17;
	*state ^= *state << 5;
	return *state;
}

/* Takes what is signalled to this CPU, with interrupts masked. */
static void take(uint32_t me)
{
	for (uint32_t i = 0; i < 64; i++) {
		uint32_t iar = gic_ack();
		uint32_t intid = iar & 0x3ff;

		if (intid >= GIC_SPURIOUS) {
			return;
		}
		taken[me]++;
		if (intid < MACHINE_CPUS_MAX) {
			__atomic_exchange_n(&sgi_token[me][intid], 0, __ATOMIC_SEQ_CST);
		} else if (intid >= 32 && intid < SPI_END) {
			if (__atomic_fetch_add(&inside[intid], 1, __ATOMIC_SEQ_CST) != 0) {
				__atomic_fetch_add(&overlaps, 1, __ATOMIC_SEQ_CST);
			}
			__atomic_exchange_n(&spi_token[intid], 0, __ATOMIC_SEQ_CST);
			__atomic_fetch_sub(&inside[intid], 1, __ATOMIC_SEQ_CST);
		}
		gic_eoi(iar);
	}
}

static void route(uint32_t intid, uint32_t cpu)
{
	if (machine.gic_version == 2) {
		mmio_write8(machine.gicd.base + GICD_ITARGETSR + intid, (uint8_t)(1u << cpu));
	} else {
		mmio_write64(machine.gicd.base + GICD_IROUTER + 8 * (uint64_t)intid, machine.cpus[cpu]);
	}
}

static void set_pending(uint32_t intid)
{
	__atomic_store_n(&spi_token[intid], 1, __ATOMIC_SEQ_CST);
	arch_dsb();
	mmio_write32(machine.gicd.base + GICD_ISPENDR + 4 * (intid / 32), 1u << (intid % 32));
}

static void send(uint32_t me, uint32_t to)
{
	__atomic_store_n(&sgi_token[to][me], 1, __ATOMIC_SEQ_CST);
	arch_dsb();
	gic_send_sgi(machine.cpus[to], me);
}

static void act(uint32_t me, uint32_t *state)
{
	uint32_t intid = spis[random_next(state) % spi_count];
	uint64_t word = machine.gicd.base + 4 * (intid / 32);
	uint32_t bit = 1u << (intid % 32);

	switch (random_next(state) % 10) {
	case 0:
	case 1:
		set_pending(intid);
		break;
	case 2:
		mmio_write32(word + GICD_ICENABLER, bit);
		break;
	case 3:
	case 4:
		mmio_write32(word + GICD_ISENABLER, bit);
		break;
	case 5:
		route(intid, random_next(state) % machine.cpu_count);
		break;
	case 6:
		mmio_write8(machine.gicd.base + GICD_IPRIORITYR + intid, (uint8_t)(random_next(state) & 0x78));
		break;
	case 7:
		mmio_read32(word + GICD_ISPENDR);
		mmio_read32(word + GICD_ISACTIVER);
		break;
	default:
		send(me, random_next(state) % machine.cpu_count);
		break;
	}
}

static void wait_for(uint32_t wanted, uint32_t me)
{
	while (__atomic_load_n(&phase, __ATOMIC_ACQUIRE) < wanted) {
		take(me);
	}
}

static void run(uint32_t me)
{
	uint32_t state = 0x1234567 * (me + 1);

	for (uint32_t sgi = 0; sgi < MACHINE_CPUS_MAX; sgi++) {
		gic_enable(sgi);
	}
	wait_for(PHASE_ACT, me);
	for (uint32_t i = 0; i < ROUNDS; i++) {
		act(me, &state);
		take(me);
	}
	__atomic_fetch_add(&arrived, 1, __ATOMIC_SEQ_CST);
}

void payload_secondary(uint32_t index)
{
	mmu_enable();
	run(index);
	wait_for(PHASE_END, index);
}

/* Takes interrupts until the count of CPUs is complete. False: it never is. */
static bool await_cpus(void)
{
	uint64_t start = arch_counter();

	while (__atomic_load_n(&arrived, __ATOMIC_ACQUIRE) != machine.cpu_count) {
		take(0);
		if (arch_counter() - start > PATIENCE_S * SYSREG_READ(cntfrq_el0)) {
			return false;
		}
	}
	return true;
}

/* Gives all CPUs time to take what is left. */
static uint32_t tokens_left(void)
{
	uint64_t start = arch_counter();
	uint32_t left;

	do {
		left = 0;
		take(0);
		for (uint32_t n = 0; n < SPI_END; n++) {
			left += __atomic_load_n(&spi_token[n], __ATOMIC_ACQUIRE);
		}
		for (uint32_t to = 0; to < machine.cpu_count; to++) {
			for (uint32_t from = 0; from < machine.cpu_count; from++) {
				left += __atomic_load_n(&sgi_token[to][from], __ATOMIC_ACQUIRE);
			}
		}
	} while (left != 0 && arch_counter() - start < PATIENCE_S * SYSREG_READ(cntfrq_el0));
	return left;
}

/* SPIs that are ours: those whose enable bits can be set. The console's is not used. */
static void find_spis(void)
{
	for (uint32_t n = 32; n < SPI_END && spi_count < SPIS_MAX; n++) {
		uint64_t reg = machine.gicd.base + GICD_ISENABLER + 4 * (n / 32);

		mmio_write32(reg, 1u << (n % 32));
		if ((mmio_read32(reg) >> (n % 32) & 1) != 0 && n != machine.uart_intid) {
			spis[spi_count++] = n;
			gic_set_priority(n, 0xa0);
		}
	}
}

void payload_main(void)
{
	uint32_t wrong = 0;

	mmu_enable();
	find_spis();
	check_that(spi_count != 0, "spis", "none is ours");
	for (uint32_t i = 1; i < machine.cpu_count; i++) {
		psci_start_cpu(i);
	}
	__atomic_store_n(&phase, PHASE_ACT, __ATOMIC_RELEASE);
	run(0);
	check_that(await_cpus(), "all-cpus-through", "%u of %u", arrived, machine.cpu_count);
	for (uint32_t i = 0; i < spi_count; i++) {
		mmio_write32(machine.gicd.base + GICD_ISENABLER + 4 * (spis[i] / 32), 1u << (spis[i] % 32));
	}
	wrong = tokens_left();
	check_that(wrong == 0, "nothing-lost", "%u interrupts never came", wrong);
	check_that(overlaps == 0, "active-on-one-cpu", "%u times on two", overlaps);
	for (uint32_t i = 0; i < spi_count && wrong == 0; i++) {
		for (uint32_t cpu = 0; cpu < machine.cpu_count && wrong == 0; cpu++) {
			route(spis[i], cpu);
			set_pending(spis[i]);
			send(0, cpu);
			wrong += tokens_left();
		}
	}
	check_that(wrong == 0, "everything-still-comes", "%u did not", wrong);
	for (uint32_t cpu = 0; cpu < machine.cpu_count; cpu++) {
		console_printf("CPU %u took %u\n", cpu, taken[cpu]);
	}
	__atomic_store_n(&phase, PHASE_END, __ATOMIC_RELEASE);
	check_report();
}
