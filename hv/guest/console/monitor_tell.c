// SPDX-License-Identifier: Apache-2.0
/* What the monitor tells: a line a call, of what is there at that moment. */
#include "guest/console/monitor.h"

#include "guest/console/own.h"
#include "guest/ondemand.h"
#include "guest/report.h"
#include "iommu/state.h"

static const char *tell_state(const struct domain *d)
{
	static const char *const words[] = {
		[DOMAIN_OFF] = "off",
		[DOMAIN_STARTING] = "starting",
		[DOMAIN_RUNNING] = "running",
		[DOMAIN_STOPPING] = "stopping",
		[DOMAIN_DESTROYED] = "destroyed",
	};

	return words[domain_get_state(d)];
}

static bool tell_help(uint32_t n)
{
	static const char *const lines[] = {
		"domains: their states and CPUs",
		"memory: whose it is",
		"iommu: how the IOMMUs are, and whose streams they have",
		"mmio: what was mapped on demand",
		"faults: of domains, and what they were found at",
		"counters: how long and how often",
		monitor_control_help,
		"Ctrl-A three times: the next console",
	};

	if (n < ARRAY_SIZE(lines)) {
		own_say("%s", lines[n]);
	}
	return n < ARRAY_SIZE(lines);
}

static bool tell_domain(uint32_t n)
{
	const struct domain *d;
	uint32_t on = 0;

	if (n >= board.domain_count) {
		return false;
	}
	d = &domains[n];
	for (uint32_t i = 0; i < d->desc->cpu_count; i++) {
		on += vcpu_get_state(domain_vcpu(d, i)) == VCPU_ON;
	}
	own_say("%s: %s%s, %u of %u CPUs on, the first is CPU %u", d->desc->name, tell_state(d),
		(d->desc->flags & DOMAIN_HARDWARE) != 0 ? ", hardware" : "", on, d->desc->cpu_count,
		d->desc->cpus[0]);
	return true;
}

static void tell_range(const char *name, const char *what, const struct mem_range *r)
{
	own_say("0x%lx..0x%lx %lu KiB: %s%s", r->base, r->base + r->size - 1, r->size / 1024, name, what);
}

static bool tell_memory(uint32_t n)
{
	const struct color_set *colors;

	if (n == 0) {
		tell_range("the hypervisor", "", &board.image);
		return true;
	}
	n--;
	for (uint32_t i = 0; i < board.domain_count; i++) {
		const struct domain_desc *desc = domains[i].desc;

		colors = &desc->colors;
		if (n < desc->ram_count) {
			tell_range(desc->name, colors->of != 0 ? ", what of it has its colours" : "", &desc->ram[n]);
			return true;
		}
		n -= desc->ram_count;
	}
	if (n < board.shared_count) {
		tell_range("shared", "", &board.shared[n]);
		return true;
	}
	if (n == board.shared_count && board.store.size != 0) {
		tell_range("payloads, nobody's", "", &board.store);
		return true;
	}
	return false;
}

static void tell_stream(const char *iommu, const struct stream_desc *s)
{
	own_say("%s 0x%x..0x%x: %s of %s", iommu, s->first, s->first + s->count - 1, s->device,
		s->domain < board.domain_count ? domains[s->domain].desc->name : "nobody");
}

static bool tell_streams(uint32_t n)
{
	for (uint64_t i = 0; i < board.smmu_count; i++) {
		const struct smmu_desc *s = &board.smmus[i];

		if (n < s->stream_count) {
			tell_stream(s->name, &s->streams[n]);
			return true;
		}
		n -= s->stream_count;
	}
	for (uint32_t i = 0; board.ipmmu != NULL && i < board.ipmmu->unit_count; i++) {
		const struct ipmmu_unit_desc *u = &board.ipmmu->units[i];

		if (n < u->master_count) {
			tell_stream(u->name, &u->masters[n]);
			return true;
		}
		n -= u->master_count;
	}
	return false;
}

static bool tell_iommu(uint32_t n)
{
	struct iommu_state s;
	uint32_t count = 0;

	if (iommu_get_state(n, &s)) {
		own_say("%s at 0x%lx: %s", s.name, s.base, s.state);
		return true;
	}
	while (iommu_get_state(count, &s)) {
		count++;
	}
	if (count == 0 && n == 0) {
		own_say("there is none that the hypervisor drives");
		return true;
	}
	return count != 0 && tell_streams(n - count);
}

/* Runs, of which there may be none for a while: the search goes on with the next call. */
static bool tell_mmio(uint32_t n)
{
	static struct ondemand_cursor cursor;
	static bool told;
	struct ondemand_run run;
	bool before;

	if (n == 0) {
		cursor = (struct ondemand_cursor){.domain = 0};
		told = false;
	}
	if (!ondemand_next(&cursor, &run)) {
		before = told;
		told = true;
		if (!before) {
			own_say("nothing was mapped on demand");
		}
		return !before;
	}
	if (run.size != 0) {
		told = true;
		own_say("0x%lx..0x%lx %lu KiB: %s: %s", run.base, run.base + run.size - 1, run.size / 1024,
			run.domain->desc->name, run.name);
	}
	return true;
}

static bool tell_faults(uint32_t n)
{
	static const char *const policies[] = {"stop", "restart", "panic"};
	const struct domain *d;
	uint32_t reports;

	if (n >= board.domain_count) {
		return false;
	}
	d = &domains[n];
	reports = __atomic_load_n(&d->reports, __ATOMIC_RELAXED);
	own_say("%s: %u faults, on-fault: %s, %u restarts in a row; %s%u accesses that were refused", d->desc->name,
		d->faults, policies[d->desc->on_fault], d->tries, reports > REPORTS_MAX ? "more than " : "",
		reports > REPORTS_MAX ? REPORTS_MAX : reports);
	return true;
}

static bool tell_counters(uint32_t n)
{
	uint64_t hz = sysreg_read_cntfrq_el0();
	uint64_t ms = hz >= 1000 ? sysreg_read_cntpct_el0() / (hz / 1000) : 0;
	const struct domain *d;

	if (n == 0) {
		own_say("up %lu.%03lu s, %u CPUs, %u domains", ms / 1000, ms % 1000, board.cpu_count,
			board.domain_count);
		return true;
	}
	if (n > board.domain_count) {
		return false;
	}
	d = &domains[n - 1];
	own_say("%s: %u starts, %u faults; on its console %u characters wait to be sent, %u to be read",
		d->desc->name, d->starts, d->faults, d->console.tx_head - d->console.tx_tail,
		d->console.rx_head - d->console.rx_tail);
	return true;
}

bool monitor_tell(enum monitor_answer answer, uint32_t n)
{
	switch (answer) {
	case MONITOR_HELP:
		return tell_help(n);
	case MONITOR_DOMAINS:
		return tell_domain(n);
	case MONITOR_MEMORY:
		return tell_memory(n);
	case MONITOR_IOMMU:
		return tell_iommu(n);
	case MONITOR_MMIO:
		return tell_mmio(n);
	case MONITOR_FAULTS:
		return tell_faults(n);
	case MONITOR_COUNTERS:
		return tell_counters(n);
	default:
		return false;
	}
}
