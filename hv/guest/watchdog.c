// SPDX-License-Identifier: Apache-2.0
/*
 * A domain's watchdog. Time passes by the system counter; nothing is done for it until
 * somebody looks: an access, or the alarm of the one CPU of the domain that watches.
 * Refreshing puts the deadline off and leaves that alarm alone: when it goes off the CPU
 * sees that it is early, and sets it again.
 */
#include "guest/watchdog.h"

#include "guest/lifecycle.h"
#include "guest/vgic.h"
#include "lib/time.h"

/* Control frame. */
#define WATCHDOG_WCS 0x000u
#define WATCHDOG_WOR_LOW 0x008u
#define WATCHDOG_WOR_HIGH 0x00cu
#define WATCHDOG_WCV_LOW 0x010u
#define WATCHDOG_WCV_HIGH 0x014u
#define WATCHDOG_IIDR 0xfccu /* in both frames */
/* Refresh frame. */
#define WATCHDOG_FRAME 0x10000u
#define WATCHDOG_WRR (WATCHDOG_FRAME + 0x000u)

#define WCS_ENABLE BIT32(0)
#define WCS_WS0 BIT32(1)
#define WCS_WS1 BIT32(2)
#define WOR_HIGH_BITS GENMASK64(15, 0) /* an offset has 48 bits */
#define IIDR_VERSION 0x00010000u

struct watchdog {
	struct spinlock lock;
	uint32_t intid;   /* that WS0 raises */
	uint32_t status;  /* WCS_* */
	uint64_t offset;  /* WOR */
	uint64_t compare; /* WCV */
	uint32_t watcher; /* index + 1 of the CPU whose alarm is set for `alarm`; 0: none */
	uint64_t alarm;
};

static struct watchdog watchdogs[DOMAINS_MAX];

static struct watchdog *watchdog_of(const struct domain *d)
{
	return &watchdogs[d - domains];
}

static bool watchdog_runs(const struct watchdog *w)
{
	return (w->status & (WCS_ENABLE | WCS_WS1)) == WCS_ENABLE;
}

static uint64_t watchdog_now(void)
{
	isb();
	return sysreg_read_cntpct_el0();
}

/* What has come to pass until now. */
static void watchdog_see(struct watchdog *w)
{
	uint64_t now = watchdog_now();

	if (watchdog_runs(w) && now > w->compare && (w->status & WCS_WS0) == 0) {
		w->status |= WCS_WS0;
		w->compare = now + w->offset;
	}
	if (watchdog_runs(w) && now > w->compare) {
		w->status |= WCS_WS1;
	}
}

/* The calling CPU watches from now on if nobody does, or not early enough. */
static void watchdog_watch(struct watchdog *w, const struct cpu *cpu)
{
	uint64_t at = w->compare == UINT64_MAX ? w->compare : w->compare + 1;

	if (!watchdog_runs(w)) {
		w->watcher = 0;
	} else if (w->watcher == 0 || at < w->alarm) {
		w->watcher = cpu->index + 1;
		w->alarm = at;
		time_set_alarm(at);
	}
}

static void watchdog_refresh(struct watchdog *w)
{
	w->status &= ~(WCS_WS0 | WCS_WS1);
	w->compare = watchdog_now() + w->offset;
}

static void watchdog_write(struct watchdog *w, uint64_t reg, uint32_t v)
{
	switch (reg) {
	case WATCHDOG_WRR:
		watchdog_refresh(w);
		break;
	case WATCHDOG_WCS:
		w->status = v & WCS_ENABLE;
		watchdog_refresh(w);
		break;
	case WATCHDOG_WOR_LOW:
		w->offset = (w->offset & ~(uint64_t)UINT32_MAX) | v;
		watchdog_refresh(w);
		break;
	case WATCHDOG_WOR_HIGH:
		w->offset = (w->offset & UINT32_MAX) | (v & WOR_HIGH_BITS) << 32;
		watchdog_refresh(w);
		break;
	case WATCHDOG_WCV_LOW:
		w->compare = (w->compare & ~(uint64_t)UINT32_MAX) | v;
		break;
	case WATCHDOG_WCV_HIGH:
		w->compare = (w->compare & UINT32_MAX) | (uint64_t)v << 32;
		break;
	default: /* read-only, reserved: ignored */
		break;
	}
}

static uint32_t watchdog_read(const struct watchdog *w, uint64_t reg)
{
	switch (reg) {
	case WATCHDOG_WCS:
		return w->status;
	case WATCHDOG_WOR_LOW:
		return (uint32_t)w->offset;
	case WATCHDOG_WOR_HIGH:
		return (uint32_t)(w->offset >> 32);
	case WATCHDOG_WCV_LOW:
		return (uint32_t)w->compare;
	case WATCHDOG_WCV_HIGH:
		return (uint32_t)(w->compare >> 32);
	case WATCHDOG_IIDR:
	case WATCHDOG_FRAME + WATCHDOG_IIDR:
		return IIDR_VERSION;
	default: /* WRR, reserved */
		return 0;
	}
}

/* Gives the lock back, and tells of what `before` was not yet. */
static void watchdog_leave(struct watchdog *w, struct domain *d, uint32_t before)
{
	uint32_t changed = w->status ^ before;
	uint32_t status = w->status;

	if ((changed & WCS_WS0) != 0) {
		vgic_set_level(d, w->intid, (status & WCS_WS0) != 0);
	}
	spin_unlock(&w->lock);
	if ((changed & status & WCS_WS1) != 0) {
		lifecycle_fault(d, "watchdog expired");
	}
}

bool watchdog_access(struct mmio_access *a)
{
	struct domain *d = a->vcpu->domain;
	struct watchdog *w = watchdog_of(d);
	uint32_t before;

	if (a->size != 4 || !IS_ALIGNED(a->offset, 4)) {
		return false;
	}
	spin_lock(&w->lock);
	before = w->status;
	watchdog_see(w);
	if (a->write) {
		watchdog_write(w, a->offset, (uint32_t)a->value);
	} else {
		a->value = watchdog_read(w, a->offset);
	}
	watchdog_watch(w, vcpu_cpu(a->vcpu));
	watchdog_leave(w, d, before);
	return true;
}

void watchdog_alarm(struct vcpu *vcpu)
{
	struct domain *d = vcpu->domain;
	struct watchdog *w = watchdog_of(d);
	const struct cpu *cpu = vcpu_cpu(vcpu);
	uint32_t before;

	spin_lock(&w->lock);
	before = w->status;
	watchdog_see(w);
	if (w->watcher == cpu->index + 1) {
		w->watcher = 0;
	}
	watchdog_watch(w, cpu);
	watchdog_leave(w, d, before);
}

void watchdog_cpu_off(struct vcpu *vcpu)
{
	struct watchdog *w = watchdog_of(vcpu->domain);

	spin_lock(&w->lock);
	if (w->watcher == vcpu_cpu(vcpu)->index + 1) {
		w->watcher = 0;
	}
	spin_unlock(&w->lock);
}

void watchdog_reset(struct domain *d)
{
	struct watchdog *w = watchdog_of(d);

	spin_lock(&w->lock);
	w->status = 0;
	w->offset = 0;
	w->compare = 0;
	w->watcher = 0;
	w->intid = 0;
	for (uint32_t i = 0; i < d->desc->window_count; i++) {
		if (d->desc->windows[i].kind == WINDOW_WATCHDOG) {
			w->intid = d->desc->windows[i].intid;
		}
	}
	spin_unlock(&w->lock);
}
