// SPDX-License-Identifier: Apache-2.0
/*
 * IPMMU: faults. The hardware says which context and which address, not which master: a
 * line names the domain and all that it could have been. A storm costs a fixed share of
 * one CPU: so many faults of a context are looked at in a period, then its interrupt is
 * off for the rest of it.
 */
#include "drivers/console.h"
#include "iommu/iommu.h"
#include "iommu/ipmmu.h"

#define NAMES_SIZE 64

/* Masters that a fault could be of, as they are met. */
struct candidates {
	const struct stream_desc *first;
	uint32_t count;
	uint32_t length;
	char text[NAMES_SIZE]; /* the names, of as many as there is room for */
};

static void candidates_add(struct candidates *x, const struct stream_desc *m)
{
	uint32_t size = 0;

	while (m->device[size] != '\0') {
		size++;
	}
	x->first = x->count == 0 ? m : x->first;
	x->count++;
	/* ", " before it and the end behind. */
	if (size + 3 > NAMES_SIZE - x->length) {
		return;
	}
	if (x->length != 0) {
		x->text[x->length++] = ',';
		x->text[x->length++] = ' ';
	}
	for (uint32_t i = 0; i < size; i++) {
		x->text[x->length++] = m->device[i];
	}
	x->text[x->length] = '\0';
}

/* The masters whose micro-TLBs follow a context now; one device may have several. */
static void candidates_find(struct candidates *x, uint32_t context)
{
	const struct ipmmu_desc *d = board.ipmmu;

	*x = (struct candidates){.count = 0};
	for (uint32_t i = 0; i < d->unit_count; i++) {
		const char *last = NULL;

		for (uint32_t k = 0; k < d->units[i].master_count; k++) {
			const struct stream_desc *m = &d->units[i].masters[k];
			uint32_t follows = ipmmu_context_of(m->domain);

			if ((ipmmu.blocked & BIT32(follows)) != 0) {
				follows = IPMMU_BLOCKS;
			}
			if (follows == context && m->device != last) {
				candidates_add(x, m);
			}
			last = m->device;
		}
	}
}

static const char *fault_kind(uint32_t status)
{
	if ((status & IMSTR_MHIT) != 0) {
		return "multiple TLB hits";
	}
	if ((status & IMSTR_ABORT) != 0) {
		return "the tables cannot be read";
	}
	return (status & IMSTR_PF) != 0 ? "permission fault" : (status & IMSTR_TF) != 0 ? "no translation" :
	       "a fault of unknown kind";
}

static void fault_print(uint32_t context, uint32_t status, uint64_t address)
{
	const struct ipmmu_desc *d = board.ipmmu;
	uint32_t domain = d->contexts[context].domain;
	const char *owner = domain < board.domain_count ? board.domains[domain].name : "nobody, or stopped";
	struct candidates x;

	candidates_find(&x, context);
	if (x.count == 1) {
		log_warn("%s: %s of %s: %s at IPA 0x%lx, DMA refused (%s:%u)", d->units[0].name, x.text, owner,
			 fault_kind(status), address, x.first->file, x.first->line);
	} else {
		/* A line may be cut: how many there are comes first. */
		log_warn("%s: %s: %s at IPA 0x%lx, DMA refused of one of %u: %s", d->units[0].name, owner,
			 fault_kind(status), address, x.count, x.text);
	}
}

/* Tells what was left out, if it is time. */
static void fault_tell_rest(uint32_t context)
{
	struct ipmmu_faults *f = &ipmmu.faults[context];

	if (f->untold != 0 && time_over(f->line_end)) {
		f->line_end = time_after_us(IPMMU_LINE_US);
		log_warn("%s: context %u: %u more faults", board.ipmmu->units[0].name, context, f->untold);
		f->untold = 0;
	}
}

static void fault_report(uint32_t context, uint32_t status, uint64_t address)
{
	struct ipmmu_faults *f = &ipmmu.faults[context];

	if (time_over(f->line_end) && f->untold == 0) {
		f->line_end = time_after_us(IPMMU_LINE_US);
		fault_print(context, status, address);
	} else {
		f->untold++;
		fault_tell_rest(context);
	}
}

static void fault_count(uint32_t context)
{
	struct ipmmu_faults *f = &ipmmu.faults[context];

	if (time_over(f->period_end)) {
		f->period_end = time_after_us(IPMMU_PERIOD_US);
		f->count = 0;
	}
	if (++f->count >= IPMMU_PERIOD_FAULTS) {
		/* From now on, so that guests run meanwhile however slow this was. */
		f->period_end = time_after_us(IPMMU_PERIOD_US);
		f->count = 0;
		f->muted = true;
		ipmmu_write(0, IMCTR(context), ipmmu_on(context));
	}
}

static void fault_take(uint32_t context)
{
	uint32_t status = ipmmu_read(0, IMSTR(context));
	uint64_t address;

	if (status == 0) {
		return;
	}
	/* The address is gone with the status. */
	address = (uint64_t)ipmmu_read(0, IMEUAR(context)) << 32 | ipmmu_read(0, IMELAR(context));
	ipmmu_write(0, IMSTR(context), 0);
	fault_count(context);
	fault_report(context, status, address);
	if ((status & (IMSTR_MHIT | IMSTR_ABORT)) != 0 && context != IPMMU_BLOCKS &&
	    (ipmmu.broken & BIT32(context)) == 0) {
		/* What its TLBs hold, or its tables say, is not what was written. */
		ipmmu.broken |= BIT32(context);
		log_error("%s: context %u is broken: DMA of %s stays blocked", board.ipmmu->units[0].name, context,
			  board.domains[board.ipmmu->contexts[context].domain].name);
		ipmmu_context_block(context);
	}
}

bool ipmmu_take_faults(uint32_t context)
{
	struct ipmmu_faults *f = &ipmmu.faults[context];

	if (ipmmu.dead) {
		return false;
	}
	fault_tell_rest(context);
	if (f->muted && time_over(f->period_end)) {
		f->muted = false;
		ipmmu_write(0, IMCTR(context), ipmmu_on(context));
	}
	/* The line is high as long as there is one. */
	if (!f->muted) {
		fault_take(context);
	}
	return !ipmmu.dead && (f->muted || f->untold != 0);
}
