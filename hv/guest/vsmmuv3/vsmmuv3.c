// SPDX-License-Identifier: Apache-2.0
/*
 * Virtual SMMUv3s: who may do what when. A guest's CPUs take turns at theirs, and one turn
 * is bounded: VSMMU_COMMANDS or VSMMU_ENTRIES. The rest of what it asked for is done on
 * its own CPUs only, at its next access or by the alarm. So are its events brought, by one
 * that does not wait for another.
 */
#include "guest/vsmmuv3/vsmmuv3.h"

#include "drivers/console.h"
#include "firmware/bootargs.h"
#include "guest/vsmmuv3/priv.h"
#include "iommu/iommu.h"
#include "lib/string.h"
#include "lib/time.h"

#define POKE_ROUNDS 2

/* Like domains[]: most are never used. */
__attribute__((section(".noinit"))) static struct vsmmu vsmmus[DOMAINS_MAX];
/* By the command line. */
static bool vsmmu_off[DOMAINS_MAX];

void vsmmu_set_all(struct vsmmu *v)
{
	uint32_t domain = (uint32_t)(v->domain - domains);
	uint32_t cpu = cpu_this()->index;
	bool good;

	v->touched = true;
	if (!v->on) {
		return;
	}
	if ((v->cr0 & CR0_SMMUEN) != 0) {
		good = iommu_nested_begin(domain, cpu);
	} else if ((v->gbpa & GBPA_ABORT) != 0) {
		good = iommu_domain_block(domain, cpu);
	} else {
		good = iommu_domain_unblock(domain, cpu);
	}
	if (!good) {
		v->failed = true;
		vsmmu_raise(v, GERROR_SFM);
	}
}

/* Whether there is something left that the guest asked for. */
static bool vsmmu_is_owing(const struct vsmmu *v)
{
	return v->on && (v->walk != WALK_NONE || vsmmu_has_commands(v));
}

/* Does some of the walk that there is. False: there was no room for all of it. */
static bool vsmmu_go_on_walking(struct vsmmu *v)
{
	uint32_t what = v->walk;

	/* While nothing is translated entries mean nothing: they are read when that begins. */
	if ((v->cr0 & CR0_SMMUEN) != 0 && !vsmmu_walk(v)) {
		return false;
	}
	v->walk = WALK_NONE;
	if (what == WALK_COMMAND) {
		vsmmu_pass_commands(v, 1);
	} else {
		v->cr0ack |= v->cr0 & CR0_SMMUEN;
	}
	return true;
}

/* One exit's worth of walks and commands. True: there is more. */
static bool vsmmu_go_on(struct vsmmu *v)
{
	bool owing = vsmmu_is_owing(v);

	v->room = VSMMU_ENTRIES;
	while (owing && v->room != 0) {
		if (v->walk == WALK_NONE) {
			vsmmu_run(v);
		} else if (!vsmmu_go_on_walking(v)) {
			break;
		}
		owing = vsmmu_is_owing(v);
	}
	__atomic_store_n(&v->busy, owing || !v->on, __ATOMIC_RELEASE);
	return owing;
}

/* Unlocked: what is left is done by the alarm if the guest does not come before. */
static void vsmmu_set_alarm(void)
{
	if (board.gic.timer != 0) {
		time_set_alarm(time_after_us(VSMMU_ALARM_US));
	}
}

/* Unlocked: hands on events, unless somebody has it locked, who does so behind the
 * unlocking. */
static void vsmmu_see(struct vsmmu *v)
{
	for (uint32_t i = 0; __atomic_load_n(&v->poked, __ATOMIC_SEQ_CST) != 0; i++) {
		if (i == POKE_ROUNDS) {
			iommu_owe((uint32_t)(v->domain - domains));
			vsmmu_set_alarm();
			return;
		}
		if (!spin_trylock(&v->lock)) {
			return;
		}
		__atomic_store_n(&v->poked, 0, __ATOMIC_SEQ_CST);
		vsmmu_take_events(v);
		spin_unlock(&v->lock);
		__atomic_thread_fence(__ATOMIC_SEQ_CST);
	}
}

void vsmmuv3_catch_up(struct domain *d)
{
	struct vsmmu *v = d->vsmmu;

	if (v != NULL && __atomic_load_n(&v->on, __ATOMIC_ACQUIRE)) {
		__atomic_store_n(&v->poked, 1, __ATOMIC_SEQ_CST);
		vsmmu_see(v);
	}
}

void vsmmuv3_alarm(struct vcpu *vcpu)
{
	struct vsmmu *v = vcpu->domain->vsmmu;
	bool owing;

	if (v == NULL) {
		return;
	}
	spin_lock(&v->lock);
	owing = vsmmu_go_on(v);
	spin_unlock(&v->lock);
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	vsmmu_see(v);
	if (owing) {
		vsmmu_set_alarm();
	}
}

/* Out of line: most accesses are reads that find it idle. */
static __attribute__((noinline)) void vsmmu_access(struct vsmmu *v, struct mmio_access *a)
{
	bool owing;

	spin_lock(&v->lock);
	if (a->write && v->on && a->size >= 4) {
		vsmmu_write(v, a->offset, a->size, a->value);
	}
	owing = vsmmu_go_on(v);
	if (!a->write) {
		a->value = v->on && a->size >= 4 ? vsmmu_read(v, a->offset, a->size) : 0;
	}
	spin_unlock(&v->lock);
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	vsmmu_see(v);
	if (owing) {
		vsmmu_set_alarm();
	}
}

bool vsmmuv3_access(struct mmio_access *a)
{
	struct vsmmu *v = a->vcpu->domain->vsmmu;

	if (v == NULL || !IS_ALIGNED(a->offset, a->size)) {
		return false;
	}
	if (!a->write && a->size == 4 && __atomic_load_n(&v->busy, __ATOMIC_ACQUIRE) == 0) {
		a->value = vsmmu_read32(v, a->offset);
	} else {
		vsmmu_access(v, a);
	}
	return true;
}

/* The SMMUs that its streams are of. */
static uint32_t vsmmu_find_smmus(const struct vsmmu_desc *d)
{
	uint32_t smmus = 0;

	for (uint32_t i = 0; i < d->stream_count; i++) {
		smmus |= BIT32(d->streams[i].smmu);
	}
	return smmus;
}

/* It is not there: DMA goes through stage 2 alone, and the device tree does not show it. */
static void vsmmu_hide(struct vsmmu *v, uint32_t cpu)
{
	static const char disabled[] = "disabled";
	const struct domain_desc *desc = v->domain->desc;
	bool hidden = v->desc->dtb_status != 0;

	v->touched = true;
	if (!iommu_domain_unblock((uint32_t)(v->domain - domains), cpu)) {
		log_error("%s: its DMA stays aborted", desc->name);
	}
	/* It may cross a page. */
	for (uint32_t i = 0; i < sizeof(disabled) && hidden; i++) {
		hidden = vsmmu_write_memory(v, desc->dtb_ipa + v->desc->dtb_status + i, &disabled[i], 1);
	}
	if (desc->dtb != NULL && !hidden) {
		log_error("%s: its device tree shows a virtual SMMU that is not there", desc->name);
	}
}

void vsmmuv3_reset(struct domain *d, uint32_t cpu)
{
	uint32_t domain = (uint32_t)(d - domains);
	struct vsmmu *v = d->vsmmu;
	struct iommu_ids ids;

	if (v == NULL) {
		return;
	}
	/* Other CPUs may still be at an event of its last life; others wait to be taken. */
	(void)iommu_serve(domain, true);
	iommu_nested_listen(domain, false);
	spin_lock(&v->lock);
	v->smmus = vsmmu_find_smmus(v->desc);
	v->on = !vsmmu_off[domain];
	if (v->on && !iommu_nested_ids(v->smmus, &ids)) {
		log_error("%s: its virtual SMMU is not there: an SMMU does not translate in two stages",
			  d->desc->name);
		v->on = false;
	}
	vsmmu_reset_regs(v);
	__atomic_store_n(&v->busy, !v->on, __ATOMIC_RELEASE);
	if (!v->on) {
		vsmmu_hide(v, cpu);
	} else {
		vsmmu_set_ids(v, &ids);
		if (v->touched) {
			vsmmu_set_all(v);
		}
	}
	spin_unlock(&v->lock);
	iommu_nested_listen(domain, v->on);
}

/* A value of the command line: 1 or 0; -1: neither. */
static int vsmmu_bool(const char *value)
{
	static const char *const words[] = {"=off", "=on", "=no", "=yes", "=false", "=true", "=0", "=1"};

	for (uint32_t i = 0; i < ARRAY_SIZE(words); i++) {
		if (string_same(value, words[i])) {
			return (int)(i % 2);
		}
	}
	return -1;
}

/* The word behind "viommu": a value for all, or ".<domain>" and a value. */
static bool vsmmu_option(const char *word)
{
	bool any = false;

	for (uint32_t i = 0; i < board.domain_count; i++) {
		const char *value = *word == '=' ? word : bootargs_behind(word + 1, board.domains[i].name);
		int on = value != NULL ? vsmmu_bool(value) : -1;

		if (board.domains[i].vsmmu != NULL && on >= 0) {
			vsmmu_off[i] = on == 0;
			any = true;
			log_info("%s: virtual SMMU %s by the command line", board.domains[i].name,
				 on == 0 ? "off" : "on");
		}
	}
	return any;
}

void vsmmuv3_options(uint32_t cpu, pa_t fdt)
{
	struct bootargs b;
	const char *word;

	for (uint32_t i = 0; i < board.domain_count; i++) {
		if (board.domains[i].vsmmu != NULL) {
			vsmmus[i] = (struct vsmmu){.domain = &domains[i], .desc = board.domains[i].vsmmu, .busy = 1};
			domains[i].vsmmu = &vsmmus[i];
		}
	}
	if (!bootargs_read(&b, cpu, fdt)) {
		return;
	}
	while ((word = bootargs_next(&b, "viommu")) != NULL) {
		if ((*word == '=' || *word == '.') && !vsmmu_option(word)) {
			log_warn("command line: viommu%s: it is viommu=off|on, or viommu.<domain>=off|on of a domain "
				 "that has a virtual SMMU", word);
		}
	}
}
