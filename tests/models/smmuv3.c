// SPDX-License-Identifier: Apache-2.0
/* SMMUv3 model: accesses of devices, and what ties the rest together. */
#include <string.h>

#include "models/model.h"
#include "models/smmuv3_priv.h"

struct smmum smmum_all[SMMUM_MAX];
struct smmum_counts smmum_counts;

void smmum_complain(struct smmum *m, const char *what)
{
	m->violations++;
	m->violation = what;
}

uint32_t smmum_violations(uint32_t n)
{
	return smmum_all[n].violations;
}

const char *smmum_violation(uint32_t n)
{
	return smmum_all[n].violation;
}

void smmum_pulse(struct smmum *m, enum smmum_irq line)
{
	if (m->config.irq != NULL) {
		m->config.irq(smmum_number(m), line);
	}
}

void smmum_raise(struct smmum *m, uint32_t gerror)
{
	uint32_t fresh = gerror & ~(m->gerror ^ m->gerrorn);

	m->gerror ^= fresh;
	smmum_counts.gerrors |= fresh;
	if (fresh != 0 && (m->irq_ctrlack & 1) != 0) {
		smmum_pulse(m, SMMUM_IRQ_GERROR);
	}
}

void smmum_global_error(uint32_t n, uint32_t error)
{
	smmum_raise(&smmum_all[n], error);
}

void smmum_event(uint32_t n, const uint64_t record[4])
{
	smmum_record(&smmum_all[n], record);
}

void smmum_set_cmd_rate(uint32_t n, uint32_t rate)
{
	smmum_all[n].config.cmd_rate = rate;
}

void smmum_set_ack_delay(uint32_t n, uint32_t delay)
{
	smmum_all[n].config.ack_delay = delay;
}

static void fault_record(struct smmum *m, const struct smmum_access *a, const struct fault *f)
{
	uint64_t w[4] = {f->event | (uint64_t)a->sid << 32, 0, f->second, f->third};

	if (f->event == 0 || (f->event == EV_BAD_STREAMID && (m->cr2 & 2) == 0 && !m->config.qemu)) {
		return;
	}
	if (a->has_ssid) {
		w[0] |= BIT64(11) | (uint64_t)(a->ssid & 0xfffff) << 12;
	}
	if (f->has_access) {
		w[1] = (uint64_t)f->class << 40 | (f->stage2 ? BIT64(39) : 0) |
		       (a->write && !f->reads ? 0 : BIT64(35)) | (a->fetch && !f->reads ? BIT64(34) : 0);
		w[2] = a->address;
	}
	smmum_counts.events[f->event & 0xff]++;
	smmum_record(m, w);
}

/* STE.S2R and CD.R: whether faults of translation are recorded. */
static bool fault_is_told(const struct stream *s, const struct context *c, const struct fault *f)
{
	if (f->event < EV_TRANSLATION) {
		return true;
	}
	return ((f->stage2 || c == NULL ? s->ste[2] >> 58 : c->cd[0] >> 45) & 1) != 0;
}

static bool translate_stages(struct smmum *m, const struct stream *s, const struct context *c,
			     const struct smmum_access *a, uint64_t *pa, struct fault *f)
{
	const struct want w = {.write = a->write, .fetch = a->fetch, .cached = true, .class = CLASS_IN};
	struct tlb_entry leaf;

	if (c != NULL) {
		return smmum_stage1(m, s, c, a, pa, f);
	}
	*pa = a->address;
	if (s->stage2) {
		if (!smmum_stage2(m, s, a->address, &w, &leaf, f)) {
			return false;
		}
		*pa = smmum_output(&leaf, a->address);
	}
	return true;
}

bool smmum_translate(uint32_t n, const struct smmum_access *a, uint64_t *pa)
{
	struct smmum *m = &smmum_all[n];
	const struct context *c = NULL;
	const struct stream *s;
	struct fault f;

	*pa = a->address;
	if ((m->cr0ack & 1) == 0) {
		return (m->gbpa & BIT32(20)) == 0;
	}
	s = smmum_stream(m, a->sid);
	if (s->bypass) {
		return true;
	}
	if (s->aborts) {
		fault_record(m, a, &s->fault);
		return false;
	}
	if (s->stage1) {
		c = smmum_context(m, s, a);
	}
	if (!translate_stages(m, s, c, a, pa, &f)) {
		if (fault_is_told(s, c, &f)) {
			fault_record(m, a, &f);
		}
		return false;
	}
	return true;
}

void smmum_prefetch(uint32_t n, uint32_t sid)
{
	struct smmum *m = &smmum_all[n];
	const struct smmum_access a = {.sid = sid};
	const struct stream *s;

	if ((m->cr0ack & 1) != 0) {
		s = smmum_stream(m, sid);
		if (s->stage1 && !s->aborts) {
			(void)smmum_context(m, s, &a);
		}
	}
}

bool smmum_dma(uint32_t n, uint32_t sid, uint64_t address, void *data, uint32_t size, bool write)
{
	struct smmum_access a = {.sid = sid, .address = address, .write = write};
	uint32_t step = smmum_all[n].config.qemu ? 4 : size;
	uint8_t *at = data;
	bool ok = true;

	/* QEMU's devices go on after an error: an event for each word. */
	for (uint32_t i = 0; i < size; i += step, a.address += step) {
		uint64_t pa;

		ok &= smmum_translate(n, &a, &pa) &&
		      (write ? smmum_ram_write(pa, at + i, step) : smmum_ram_read(pa, at + i, step));
	}
	return ok;
}
