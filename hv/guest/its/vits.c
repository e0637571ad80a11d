// SPDX-License-Identifier: Apache-2.0
/* The virtual ITS: its registers, and its command queue (IHI 0069, 12.18 and 5.3). */
#include "guest/its/priv.h"

#include "drivers/console.h"
#include "lib/string.h"
#include "mm/window.h"

#define PIDR2_GICV3 0x3bu

/* Commands of one trap, and those that are read from the queue at once. */
#define COST_MAX 64u
#define BATCH 8u

/* Bad commands that are told of. */
#define REPORTS_MAX 4u

#define SLOT 0u

static void vits_reset(struct vits *s)
{
	memset(s, 0, sizeof(*s));
	memset(s->collections, VITS_NOBODY, sizeof(s->collections));
}

void vits_domain_init(struct domain *d)
{
	if (d->desc->msi != NULL) {
		vits_reset(vits_of(d));
		vlpi_domain_init(d);
		for (uint32_t i = 0; i < d->desc->msi->lpi_count; i++) {
			its_write_property(d->desc->msi->lpi_first + i, 0);
		}
	}
}

/* On the domain's last CPU: its devices' messages make no interrupts any more. */
void vits_domain_off(struct domain *d)
{
	struct vcpu *v = &cpu_this()->vcpu;

	if (d->desc->msi == NULL || v->domain != d) {
		return;
	}
	__atomic_store_n(&vits_of(d)->ctlr, 0, __ATOMIC_RELAXED);
	for (uint32_t i = 0; i < d->desc->msi->device_count; i++) {
		if (vits_of(d)->devices[i].bits != 0) {
			vits_unmap_device(v, &vits_of(d)->devices[i]);
		}
	}
}

static uint64_t vits_queue_size(uint64_t cbaser)
{
	return (FIELD_GET(GITS_BASER_PAGES, cbaser) + 1) * KIB(4);
}

static bool vits_has_commands(const struct vits *s)
{
	return __atomic_load_n(&s->ctlr, __ATOMIC_ACQUIRE) != 0 &&
	       (__atomic_load_n(&s->cbaser, __ATOMIC_RELAXED) & GITS_BASER_VALID) != 0 &&
	       __atomic_load_n(&s->creadr, __ATOMIC_SEQ_CST) != __atomic_load_n(&s->cwriter, __ATOMIC_SEQ_CST);
}

/* Copies the commands that follow, in one page of the guest's queue, at most BATCH. 0:
 * they are not in RAM of the domain. */
static uint32_t vits_read(struct vcpu *v, uint64_t read, uint64_t write, struct its_cmd cmds[BATCH])
{
	uint64_t cbaser = __atomic_load_n(&vits_of(v->domain)->cbaser, __ATOMIC_RELAXED);
	uint64_t ipa = (cbaser & GITS_CBASER_ADDRESS) + read;
	uint64_t end = write > read ? write : vits_queue_size(cbaser);
	uint64_t bytes = PAGE_SIZE - read % PAGE_SIZE;
	uint32_t cpu = vcpu_cpu(v)->index;
	const volatile uint64_t *guest;
	uint64_t left;
	pa_t pa;

	bytes = end - read < bytes ? end - read : bytes;
	bytes = bytes < BATCH * ITS_CMD_SIZE ? bytes : BATCH * ITS_CMD_SIZE;
	if (domain_find_memory(v->domain, IPA(ipa), &pa, &left) != DOMAIN_RAM || left < bytes) {
		return 0;
	}
	guest = window_map(cpu, SLOT, pa);
	for (uint64_t i = 0; i < bytes / sizeof(uint64_t); i++) {
		cmds[i / ITS_CMD_WORDS].w[i % ITS_CMD_WORDS] = guest[i];
	}
	window_unmap(cpu, SLOT);
	return (uint32_t)(bytes / ITS_CMD_SIZE);
}

static void vits_report(struct vcpu *v, const struct its_cmd *c)
{
	struct vits *s = vits_of(v->domain);

	if (s->reports < REPORTS_MAX) {
		s->reports++;
		log_warn("%s: its ITS passes over a wrong command: 0x%lx 0x%lx 0x%lx 0x%lx%s",
			 v->domain->desc->name, c->w[0], c->w[1], c->w[2], c->w[3],
			 s->reports == REPORTS_MAX ? "; others will not be told" : "");
	}
}

/* Does commands of the queue until it is empty or *cost has reached COST_MAX. `busy` is
 * ours. A wrong one is passed over, as IHI 0069, 5.3.1 allows. */
static void vits_work(struct vcpu *v, uint32_t *cost)
{
	struct vits *s = vits_of(v->domain);
	struct its_cmd cmds[BATCH];

	while (vits_has_commands(s) && *cost < COST_MAX) {
		uint64_t read = __atomic_load_n(&s->creadr, __ATOMIC_RELAXED);
		uint64_t write = __atomic_load_n(&s->cwriter, __ATOMIC_RELAXED);
		uint64_t size = vits_queue_size(__atomic_load_n(&s->cbaser, __ATOMIC_RELAXED));
		uint32_t count = vits_read(v, read, write, cmds);

		if (count == 0) {
			/* There is no such queue: nothing in it. */
			__atomic_store_n(&s->creadr, write, __ATOMIC_SEQ_CST);
			return;
		}
		for (uint32_t i = 0; i < count && *cost < COST_MAX; i++) {
			*cost += 1;
			if (!vits_command(v, &cmds[i], cost)) {
				vits_report(v, &cmds[i]);
			}
			read = (read + ITS_CMD_SIZE) % size;
			__atomic_store_n(&s->creadr, read, __ATOMIC_SEQ_CST);
		}
	}
}

/* Commands wait for other CPUs, so none may wait for who does commands: one CPU does
 * them, and others leave it to that one. */
static void vits_run(struct vcpu *v)
{
	struct vits *s = vits_of(v->domain);
	uint32_t cost = 0;

	while (vits_has_commands(s)) {
		if (cost >= COST_MAX) {
			gic_send_sgi(vcpu_cpu(v)->index, HV_SGI_ITS);
			return;
		}
		if (__atomic_exchange_n(&s->busy, 1, __ATOMIC_SEQ_CST) != 0) {
			return;
		}
		vits_work(v, &cost);
		__atomic_store_n(&s->busy, 0, __ATOMIC_SEQ_CST);
	}
}

void vits_continue(struct vcpu *v)
{
	if (v->domain->desc->msi != NULL) {
		vits_run(v);
	}
}

static uint64_t vits_typer(const struct domain *d)
{
	const struct msi_desc *m = d->desc->msi;
	uint32_t event_bits = (uint32_t)__builtin_ctz(MSI_EVENTS(m->lpi_count));

	event_bits = event_bits < its_event_bits(m->its) ? event_bits : its_event_bits(m->its);
	return GITS_TYPER_PHYSICAL | FIELD_PREP(GITS_TYPER_ITT_ENTRY, ITS_ITT_ENTRY - 1) |
	       FIELD_PREP(GITS_TYPER_IDBITS, event_bits - 1) |
	       FIELD_PREP(GITS_TYPER_DEVBITS, board.its[m->its].device_bits - 1) |
	       FIELD_PREP(GITS_TYPER_HCC, d->desc->cpu_count + 1);
}

static uint64_t vits_read_register(const struct domain *d, uint32_t reg)
{
	const struct vits *s = vits_of(d);

	switch (reg) {
	case GITS_CTLR:
		return __atomic_load_n(&s->ctlr, __ATOMIC_RELAXED) != 0   ? GITS_CTLR_ENABLED
		       : __atomic_load_n(&s->busy, __ATOMIC_RELAXED) != 0 ? 0
									  : GITS_CTLR_QUIESCENT;
	case GITS_IIDR:
		return gic_iidr();
	case GITS_TYPER:
		return vits_typer(d);
	case GITS_CBASER:
		return __atomic_load_n(&s->cbaser, __ATOMIC_RELAXED);
	case GITS_CWRITER:
		return __atomic_load_n(&s->cwriter, __ATOMIC_RELAXED);
	case GITS_CREADR:
		return __atomic_load_n(&s->creadr, __ATOMIC_RELAXED);
	default:
		/* GITS_BASER<n> among them: no table is wanted. */
		return reg >= GITS_ID && reg < GITS_ID + 48 ? vgic_id_register(reg - GITS_ID, PIDR2_GICV3) : 0;
	}
}

/* `mask`: the bits of the register that are written. */
static void vits_write_register(struct vcpu *v, uint32_t reg, uint64_t value, uint64_t mask)
{
	struct vits *s = vits_of(v->domain);
	uint64_t keep = GITS_BASER_VALID | GITS_BASER_INNER | GITS_BASER_OUTER | GITS_CBASER_ADDRESS |
			GITS_BASER_SHARE | GITS_BASER_PAGES;

	value |= vits_read_register(v->domain, reg) & ~mask;
	if (reg == GITS_CTLR) {
		__atomic_store_n(&s->ctlr, (uint32_t)value & GITS_CTLR_ENABLED, __ATOMIC_SEQ_CST);
	} else if (reg == GITS_CBASER && __atomic_load_n(&s->ctlr, __ATOMIC_RELAXED) == 0 &&
		   __atomic_load_n(&s->busy, __ATOMIC_SEQ_CST) == 0) {
		__atomic_store_n(&s->creadr, 0, __ATOMIC_RELAXED);
		__atomic_store_n(&s->cwriter, 0, __ATOMIC_RELAXED);
		__atomic_store_n(&s->cbaser, value & keep, __ATOMIC_SEQ_CST);
	} else if (reg == GITS_CWRITER &&
		   (value & GITS_CWRITER_OFFSET) < vits_queue_size(__atomic_load_n(&s->cbaser, __ATOMIC_RELAXED))) {
		__atomic_store_n(&s->cwriter, value & GITS_CWRITER_OFFSET, __ATOMIC_SEQ_CST);
	}
	vits_run(v);
}

bool vits_access(struct mmio_access *a)
{
	uint32_t reg = (uint32_t)a->offset;
	uint32_t base = reg & ~7u;
	bool wide = base == GITS_TYPER || base == GITS_CBASER || base == GITS_CWRITER || base == GITS_CREADR ||
		    (base >= GITS_BASER && base < GITS_BASER + 8 * GITS_BASERS);
	uint32_t shift = wide ? 8 * (reg % 8) : 0;
	uint64_t lane = a->size == 8 ? UINT64_MAX : UINT64_C(0xffffffff) << shift;

	if (a->size < 4 || !IS_ALIGNED(a->offset, a->size) || (a->size == 8 && !wide)) {
		return false;
	}
	reg = wide ? base : reg;
	if (a->write) {
		vits_write_register(a->vcpu, reg, (a->value << shift) & lane, lane);
		return true;
	}
	a->value = (vits_read_register(a->vcpu->domain, reg) & lane) >> shift;
	/* Who waits for its commands has them done. */
	if (reg == GITS_CREADR) {
		vits_run(a->vcpu);
	}
	return true;
}
