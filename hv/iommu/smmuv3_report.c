// SPDX-License-Identifier: Apache-2.0
/*
 * SMMUv3: events by name, not more of them than the console can take. What there is to tell
 * is kept in slots; the domain that it is about tells it, on its own CPUs.
 */
#include "drivers/console.h"
#include "iommu/smmuv3.h"

static const char *const event_names[] = {
	[EVT_F_UUT] = "F_UUT",
	[EVT_C_BAD_STREAMID] = "C_BAD_STREAMID",
	[EVT_F_STE_FETCH] = "F_STE_FETCH",
	[EVT_C_BAD_STE] = "C_BAD_STE",
	[EVT_F_BAD_ATS_TREQ] = "F_BAD_ATS_TREQ",
	[EVT_F_STREAM_DISABLED] = "F_STREAM_DISABLED",
	[EVT_F_TRANSL_FORBIDDEN] = "F_TRANSL_FORBIDDEN",
	[EVT_C_BAD_SUBSTREAMID] = "C_BAD_SUBSTREAMID",
	[EVT_F_CD_FETCH] = "F_CD_FETCH",
	[EVT_C_BAD_CD] = "C_BAD_CD",
	[EVT_F_WALK_EABT] = "F_WALK_EABT",
	[EVT_F_TRANSLATION] = "F_TRANSLATION",
	[EVT_F_ADDR_SIZE] = "F_ADDR_SIZE",
	[EVT_F_ACCESS] = "F_ACCESS",
	[EVT_F_PERMISSION] = "F_PERMISSION",
	[EVT_F_TLB_CONFLICT] = "F_TLB_CONFLICT",
	[EVT_F_CFG_CONFLICT] = "F_CFG_CONFLICT",
	[EVT_E_PAGE_REQUEST] = "E_PAGE_REQUEST",
	[EVT_F_VMS_FETCH] = "F_VMS_FETCH",
};

static const char *const texts[] = {
	[SMMUV3_TEXT_PROD - SMMUV3_TEXT] = "EVTQ_PROD makes no sense, events are lost",
	[SMMUV3_TEXT_OVERFLOW - SMMUV3_TEXT] = "the event queue was full, events are lost",
	[SMMUV3_TEXT_ABORT - SMMUV3_TEXT] = "cannot write its event queue, events are lost",
	[SMMUV3_TEXT_GERROR - SMMUV3_TEXT] = "global error of an unknown kind",
};

static const char *event_name(uint32_t kind)
{
	const char *name = kind < ARRAY_SIZE(event_names) ? event_names[kind] : NULL;

	return name != NULL ? name : "an event of unknown kind";
}

/* Events whose record says what was accessed, and where. */
static bool event_has_address(uint32_t kind)
{
	switch (kind) {
	case EVT_F_WALK_EABT:
	case EVT_F_TRANSLATION:
	case EVT_F_ADDR_SIZE:
	case EVT_F_ACCESS:
	case EVT_F_PERMISSION:
	case EVT_F_TLB_CONFLICT:
		return true;
	default:
		return false;
	}
}

const struct stream_desc *smmuv3_find_stream(const struct smmu_desc *d, uint32_t sid)
{
	uint32_t from = 0;
	uint32_t to = d->stream_count;

	while (from < to) {
		uint32_t mid = from + (to - from) / 2;

		if (sid < d->streams[mid].first) {
			to = mid;
		} else if (sid - d->streams[mid].first >= d->streams[mid].count) {
			from = mid + 1;
		} else {
			return &d->streams[mid];
		}
	}
	return NULL;
}

/* Whose line a stream's reports take. */
static uint32_t report_owner(const struct smmuv3 *s, uint32_t sid)
{
	const struct stream_desc *stream = smmuv3_find_stream(s->desc, sid);

	return stream != NULL && stream->domain < board.domain_count ? stream->domain : SMMUV3_NOBODY;
}

/* Whose CPUs tell it. */
static uint32_t report_teller(const struct smmuv3 *s, uint32_t owner)
{
	return owner == SMMUV3_ITSELF ? s->busiest : owner == SMMUV3_NOBODY ? s->keeper : owner;
}

uint32_t smmuv3_keeper(const struct smmuv3 *s, uint32_t sid)
{
	return report_teller(s, report_owner(s, sid));
}

/* Whether a line of this owner's may be told now. */
static bool report_may(struct smmuv3 *s, uint32_t owner, uint64_t now)
{
	if (smmuv3_over(now, s->lines_end)) {
		s->lines_end = time_after_us(SMMUV3_LINES * SMMUV3_LINE_US);
		s->lines = 0;
		s->lines_had[0] = 0;
		s->lines_had[1] = 0;
	}
	return s->lines < SMMUV3_LINES || (s->lines_had[owner / 64] & BIT64(owner % 64)) == 0;
}

static void report_take_line(struct smmuv3 *s, uint32_t owner)
{
	s->lines_had[owner / 64] |= BIT64(owner % 64);
	s->lines++;
}

static uint32_t report_add(uint32_t count, uint32_t reports)
{
	return reports > UINT32_MAX - count ? UINT32_MAX : count + reports;
}

/* Counts reports that are not made and that no slot counts. */
static void report_leave_out(struct smmuv3 *s, uint32_t teller, uint32_t reports)
{
	s->left_out = report_add(s->left_out, reports);
	s->left_by = teller;
}

static uint32_t report_slots_of(const struct smmuv3 *s, uint32_t owner)
{
	uint32_t count = 0;

	for (uint32_t i = 0; i < SMMUV3_SLOTS; i++) {
		count += s->slots[i].used && s->slots[i].owner == owner;
	}
	return count;
}

/* When all slots are busy: one of somebody who has at least two more than this one. */
static struct smmuv3_slot *report_take_slot(struct smmuv3 *s, uint32_t owner)
{
	uint32_t own = report_slots_of(s, owner);

	for (uint32_t i = 0; i < SMMUV3_SLOTS; i++) {
		struct smmuv3_slot *slot = &s->slots[i];

		if (report_slots_of(s, slot->owner) > own + 1) {
			report_leave_out(s, slot->teller, report_add(slot->more, slot->fresh));
			return slot;
		}
	}
	return NULL;
}

/* The slot of this kind: its own, or one that has nothing left to tell and is quiet no
 * more, or one of those who have many; NULL: there is none. */
static struct smmuv3_slot *report_slot(struct smmuv3 *s, uint32_t owner, uint32_t sid, uint32_t kind,
				       uint64_t now)
{
	struct smmuv3_slot *idle = NULL;

	for (uint32_t i = 0; i < SMMUV3_SLOTS; i++) {
		struct smmuv3_slot *slot = &s->slots[i];

		if (slot->used && slot->kind == kind && slot->sid == sid) {
			return slot;
		}
		if (!slot->used || (!slot->fresh && slot->more == 0 && smmuv3_over(now, slot->until))) {
			idle = slot;
		}
	}
	if (idle == NULL) {
		idle = report_take_slot(s, owner);
	}
	if (idle != NULL) {
		*idle = (struct smmuv3_slot){.owner = owner, .sid = sid, .kind = kind, .used = true};
		idle->until = now;
	}
	return idle;
}

static void report_keep(struct smmuv3 *s, uint32_t owner, uint32_t sid, uint32_t kind,
			const struct smmuv3_event *e, uint64_t now)
{
	uint32_t teller = report_teller(s, owner);
	struct smmuv3_slot *slot;

	spin_lock(&s->report_lock);
	slot = report_slot(s, owner, sid, kind, now);
	if (slot == NULL) {
		report_leave_out(s, teller, 1);
	} else {
		slot->teller = teller;
		slot->order = s->order++;
		if (!slot->fresh && slot->more == 0 && smmuv3_over(now, slot->until)) {
			slot->fresh = true;
			slot->event = *e;
		} else {
			slot->more = report_add(slot->more, 1);
		}
	}
	spin_unlock(&s->report_lock);
}

void smmuv3_report_event(struct smmuv3 *s, const struct smmuv3_event *e, uint64_t now)
{
	uint32_t sid = (uint32_t)FIELD_GET(EVT0_SID, e->w[0]);

	report_keep(s, report_owner(s, sid), sid, (uint32_t)FIELD_GET(EVT0_ID, e->w[0]), e, now);
}

void smmuv3_report(struct smmuv3 *s, enum smmuv3_text what, uint64_t now)
{
	static const struct smmuv3_event none;

	report_keep(s, SMMUV3_ITSELF, 0, what, &none, now);
}

/* What the teller is to tell first of what may be told now. False: nothing. */
static bool report_choose(struct smmuv3 *s, uint32_t teller, uint64_t now, struct smmuv3_slot *told)
{
	struct smmuv3_slot *first = NULL;

	for (uint32_t i = 0; i < SMMUV3_SLOTS; i++) {
		struct smmuv3_slot *slot = &s->slots[i];

		if (slot->used && slot->teller == teller &&
		    (slot->fresh || (slot->more != 0 && smmuv3_over(now, slot->until))) &&
		    (first == NULL || (int32_t)(slot->order - first->order) < 0) &&
		    report_may(s, slot->owner, now)) {
			first = slot;
		}
	}
	if (first != NULL) {
		*told = *first;
		if (first->fresh) {
			first->fresh = false;
			first->until = time_after_us(SMMUV3_LINE_US);
		} else {
			first->more = 0;
		}
	} else if (s->left_out != 0 && s->left_by == teller && report_may(s, SMMUV3_ITSELF, now)) {
		*told = (struct smmuv3_slot){.owner = SMMUV3_ITSELF, .kind = SMMUV3_TEXT_REST, .more = s->left_out};
		s->left_out = 0;
	} else {
		return false;
	}
	report_take_line(s, told->owner);
	return true;
}

/* Whether there will be more to tell. */
static bool report_owes(const struct smmuv3 *s, uint32_t teller)
{
	bool owes = s->left_out != 0 && s->left_by == teller;

	for (uint32_t i = 0; i < SMMUV3_SLOTS; i++) {
		const struct smmuv3_slot *slot = &s->slots[i];

		owes |= slot->used && slot->teller == teller && (slot->fresh || slot->more != 0);
	}
	return owes;
}

/* Where the device's access went: the address that stage 2 could not translate, if that is
 * known, which differs from the device's own where a guest's stage 1 lies between. */
static uint64_t report_address(const struct smmuv3_event *e)
{
	uint64_t kind = FIELD_GET(EVT0_ID, e->w[0]);
	bool fault = kind >= EVT_F_TRANSLATION && kind <= EVT_F_PERMISSION && (e->w[1] & EVT1_S2) != 0;
	uint64_t ipa = e->w[3] & EVT3_IPA;

	return fault && ipa != 0 ? ipa | (e->w[2] & (PAGE_SIZE - 1)) : e->w[2];
}

static void report_print_event(const struct smmuv3 *s, const struct smmuv3_event *e)
{
	uint32_t kind = (uint32_t)FIELD_GET(EVT0_ID, e->w[0]);
	uint32_t sid = (uint32_t)FIELD_GET(EVT0_SID, e->w[0]);
	const struct stream_desc *stream = smmuv3_find_stream(s->desc, sid);
	const char *owner = "nobody";
	const char *access = (e->w[1] & EVT1_RNW) == 0 ? "write" : (e->w[1] & EVT1_IND) == 0 ? "read" : "fetch";

	if (stream == NULL) {
		log_warn("%s: stream 0x%x, no device of the board file: %s, DMA aborted", s->desc->name, sid,
			 event_name(kind));
		return;
	}
	if (stream->domain < board.domain_count) {
		owner = board.domains[stream->domain].name;
	}
	if (event_has_address(kind)) {
		log_warn("%s: %s of %s, stream 0x%x: %s, %s at IPA 0x%lx, DMA aborted (%s:%u)", s->desc->name,
			 stream->device, owner, sid, event_name(kind), access, report_address(e), stream->file,
			 stream->line);
	} else {
		log_warn("%s: %s of %s, stream 0x%x: %s (0x%lx), DMA aborted (%s:%u)", s->desc->name,
			 stream->device, owner, sid, event_name(kind), e->w[3], stream->file, stream->line);
	}
}

static void report_print(const struct smmuv3 *s, const struct smmuv3_slot *told)
{
	if (told->kind == SMMUV3_TEXT_REST) {
		log_warn("%s: %u reports more, of other kinds, were left out", s->desc->name, told->more);
	} else if (told->kind >= SMMUV3_TEXT && told->fresh) {
		log_error("%s: %s", s->desc->name, texts[told->kind - SMMUV3_TEXT]);
	} else if (told->kind >= SMMUV3_TEXT) {
		log_error("%s: %s: %u times more", s->desc->name, texts[told->kind - SMMUV3_TEXT], told->more);
	} else if (told->fresh) {
		report_print_event(s, &told->event);
	} else {
		log_warn("%s: stream 0x%x: %s %u times more", s->desc->name, told->sid, event_name(told->kind),
			 told->more);
	}
}

void smmuv3_tell(struct smmuv3 *s, struct smmuv3_turn *t)
{
	uint32_t lines = t->own ? SMMUV3_LINES : 1;
	struct smmuv3_slot told;
	bool any = true;

	for (uint32_t i = 0; i < lines && any; i++) {
		spin_lock(&s->report_lock);
		any = report_choose(s, t->domain, t->now, &told);
		spin_unlock(&s->report_lock);
		if (any) {
			report_print(s, &told);
		}
	}
	spin_lock(&s->report_lock);
	t->to.later |= report_owes(s, t->domain);
	spin_unlock(&s->report_lock);
}

void smmuv3_report_stream(struct smmuv3 *s, uint32_t sid, const char *what)
{
	uint32_t owner = report_owner(s, sid);
	bool may;

	spin_lock(&s->report_lock);
	may = s->notes.stream_what == NULL && report_may(s, owner, time_after_us(0));
	if (may) {
		report_take_line(s, owner);
		s->notes.stream_what = what;
		s->notes.stream = sid;
	} else {
		report_leave_out(s, report_teller(s, owner), 1);
		iommu_owe(s->left_by);
	}
	spin_unlock(&s->report_lock);
}

void smmuv3_release(struct smmuv3 *s)
{
	struct smmuv3_notes notes;
	uint32_t owner;

	if (!s->notes.refused && s->notes.stream_what == NULL) {
		spin_unlock(&s->lock);
		return;
	}
	notes = s->notes;
	s->notes = (struct smmuv3_notes){.refused = false};
	spin_unlock(&s->lock);
	if (notes.refused) {
		log_error("%s: refuses command 0x%lx 0x%lx", s->desc->name, notes.command[0], notes.command[1]);
	}
	if (notes.stream_what != NULL) {
		owner = report_owner(s, notes.stream);
		log_warn("%s: stream 0x%x of %s %s", s->desc->name, notes.stream,
			 owner == SMMUV3_NOBODY ? "nobody" : board.domains[owner].name, notes.stream_what);
	}
}
