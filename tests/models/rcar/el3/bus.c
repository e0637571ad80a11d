// SPDX-License-Identifier: Apache-2.0
#include "models/rcar/el3/bus.h"

#include "models/rcar/device.h"
#include "models/rcar/dmac.h"
#include "models/rcar/el3/cpu.h"
#include "models/rcar/el3/gic.h"
#include "models/rcar/el3/ipmmu.h"
#include "models/rcar/el3/timer.h"
#include "models/rcar/el3/uart.h"
#include "models/rcar/scif.h"

#define MISSES 32u

/* All devices but the GIC, which has one interface a CPU. */
static struct {
	uint32_t lock;
	struct scif scif;
	struct dmac dmacs[DMAC_COUNT];
	uint64_t missed[MISSES]; /* pages where nothing is modelled and somebody looked */
	uint32_t miss_count;
} bus;

void bus_init(void)
{
	scif_init(&bus.scif);
	for (uint32_t i = 0; i < DMAC_COUNT; i++) {
		dmac_init(&bus.dmacs[i], i);
	}
	ipmmu_init();
}

void scif_sent(struct scif *s, uint8_t c)
{
	(void)s;
	uart_put((char)c);
}

static void bus_scif_update(void)
{
	uart_pump(&bus.scif);
	rcar_irq(RCAR_SCIF2_INTID, scif_irq(&bus.scif));
}

/* Devices that work by themselves do some of it; a timer asks for the rest. */
static void bus_step_devices(void)
{
	bool more = false;

	for (uint32_t i = 0; i < DMAC_COUNT; i++) {
		more = dmac_step(&bus.dmacs[i]) || more;
	}
	if (more) {
		timer_start();
	}
}

void bus_step(void)
{
	lock_take(&bus.lock);
	timer_stop();
	bus_step_devices();
	lock_give(&bus.lock);
}

static void bus_judge(const struct dmac *d, uint64_t pa, uint32_t before)
{
	if (d->violations != before) {
		uart_say(d->violation, pa);
	}
}

void bus_serial(void)
{
	lock_take(&bus.lock);
	bus_scif_update();
	lock_give(&bus.lock);
}

static void bus_miss(uint64_t pa, bool write)
{
	for (uint32_t i = 0; i < bus.miss_count; i++) {
		if (bus.missed[i] == pa / PAGE_SIZE) {
			return;
		}
	}
	if (bus.miss_count < MISSES) {
		bus.missed[bus.miss_count++] = pa / PAGE_SIZE;
		uart_say(write ? "nothing is modelled at a write to" : "nothing is modelled at a read of", pa);
	}
}

static uint64_t bus_device_read(const struct rcar_device *d, uint32_t offset, uint32_t size)
{
	struct dmac *dmac = &bus.dmacs[d->kind == RCAR_DMAC ? d->index : 0];
	uint32_t violations = dmac->violations;
	uint64_t value;

	switch (d->kind) {
	case RCAR_DMAC:
		value = dmac_read(dmac, offset, size);
		bus_judge(dmac, d->base + offset, violations);
		bus_step_devices();
		return value;
	case RCAR_SCIF:
		value = scif_read(&bus.scif, offset, size);
		bus_scif_update();
		return value;
	case RCAR_IPMMU:
	case RCAR_SYSC:
	case RCAR_PRR:
		return ipmmu_read(d, offset, size);
	default:
		return 0;
	}
}

static void bus_device_write(const struct rcar_device *d, uint32_t offset, uint32_t size, uint64_t value)
{
	struct dmac *dmac = &bus.dmacs[d->kind == RCAR_DMAC ? d->index : 0];
	uint32_t violations = dmac->violations;

	switch (d->kind) {
	case RCAR_DMAC:
		dmac_write(dmac, offset, size, value);
		bus_judge(dmac, d->base + offset, violations);
		bus_step_devices();
		break;
	case RCAR_SCIF:
		scif_write(&bus.scif, offset, size, value);
		bus_scif_update();
		break;
	case RCAR_IPMMU:
	case RCAR_SYSC:
	case RCAR_PRR:
		ipmmu_write(d, offset, size, value);
		break;
	default:
		break;
	}
}

uint64_t bus_read(uint64_t pa, uint32_t size)
{
	const struct rcar_device *d = rcar_device_at(pa);
	uint64_t value = 0;

	if (d != NULL && d->kind <= RCAR_GICV) {
		return gic_read(d->kind, (uint32_t)(pa - d->base), size);
	}
	lock_take(&bus.lock);
	if (d != NULL) {
		value = bus_device_read(d, (uint32_t)(pa - d->base), size);
	} else {
		bus_miss(pa, false);
	}
	lock_give(&bus.lock);
	return value;
}

void bus_write(uint64_t pa, uint32_t size, uint64_t value)
{
	const struct rcar_device *d = rcar_device_at(pa);

	if (d != NULL && d->kind <= RCAR_GICV) {
		gic_write(d->kind, (uint32_t)(pa - d->base), size, value);
		return;
	}
	lock_take(&bus.lock);
	if (d != NULL) {
		bus_device_write(d, (uint32_t)(pa - d->base), size, value);
	} else {
		bus_miss(pa, true);
	}
	lock_give(&bus.lock);
}
