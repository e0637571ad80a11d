// SPDX-License-Identifier: Apache-2.0
/* SMMUv3: events by name, not more of them than the console can take. */
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

/* Whom a stream's reports are about. */
static uint32_t report_owner(const struct smmuv3 *s, uint32_t sid)
{
	const struct stream_desc *stream = smmuv3_find_stream(s->desc, sid);

	return stream != NULL && stream->domain < board.domain_count ? stream->domain : SMMUV3_NOBODY;
}

/* Whether a line about him may be told now: takes it if so. */
static bool report_line(struct smmuv3 *s, uint32_t owner)
{
	if (time_over(s->lines_end)) {
		s->lines_end = time_after_us(SMMUV3_LINES * SMMUV3_LINE_US);
		s->lines = 0;
		s->lines_had[0] = 0;
		s->lines_had[1] = 0;
	}
	if (s->lines >= SMMUV3_LINES && (s->lines_had[owner / 64] & BIT64(owner % 64)) != 0) {
		return false;
	}
	s->lines_had[owner / 64] |= BIT64(owner % 64);
	s->lines++;
	return true;
}

/* Counts reports that are not made, if possible with their slot. */
static void report_leave_out(struct smmuv3 *s, struct smmuv3_slot *slot, uint32_t reports)
{
	uint32_t *count = slot != NULL ? &slot->more : &s->left_out;

	*count = reports > UINT32_MAX - *count ? UINT32_MAX : *count + reports;
	s->owing = true;
}

void smmuv3_report(struct smmuv3 *s, const char *what)
{
	if (report_line(s, SMMUV3_ITSELF)) {
		log_error("%s: %s", s->desc->name, what);
	} else {
		report_leave_out(s, NULL, 1);
	}
}

void smmuv3_report_stream(struct smmuv3 *s, uint32_t sid, const char *what)
{
	uint32_t owner = report_owner(s, sid);

	if (report_line(s, owner)) {
		log_warn("%s: stream 0x%x of %s %s", s->desc->name, sid,
			 owner == SMMUV3_NOBODY ? "nobody" : board.domains[owner].name, what);
	} else {
		report_leave_out(s, NULL, 1);
		smmuv3_put_off(s);
	}
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

static void report_print(const struct smmuv3 *s, const struct smmuv3_event *e)
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
			report_leave_out(s, NULL, slot->more);
			return slot;
		}
	}
	return NULL;
}

/* The slot of this kind of event: its own, or one that has nothing left to tell and is
 * quiet no more, or one of those who have many; NULL: there is none. */
static struct smmuv3_slot *report_slot(struct smmuv3 *s, uint32_t sid, uint32_t kind)
{
	struct smmuv3_slot *idle = NULL;
	uint32_t owner;

	for (uint32_t i = 0; i < SMMUV3_SLOTS; i++) {
		struct smmuv3_slot *slot = &s->slots[i];

		if (slot->used && slot->kind == kind && slot->sid == sid) {
			return slot;
		}
		if (!slot->used || (slot->more == 0 && time_over(slot->until))) {
			idle = slot;
		}
	}
	owner = report_owner(s, sid);
	if (idle == NULL) {
		idle = report_take_slot(s, owner);
	}
	if (idle != NULL) {
		*idle = (struct smmuv3_slot){.owner = owner, .sid = sid, .kind = kind, .used = true};
		idle->until = time_after_us(0);
	}
	return idle;
}

/* Tells how many a slot has left out, if it is time. True: nothing is left. */
static bool report_more(struct smmuv3 *s, struct smmuv3_slot *slot)
{
	if (slot->more == 0) {
		return true;
	}
	if (!time_over(slot->until) || !report_line(s, slot->owner)) {
		return false;
	}
	log_warn("%s: stream 0x%x: %s %u times more", s->desc->name, slot->sid, event_name(slot->kind),
		 slot->more);
	slot->more = 0;
	return true;
}

void smmuv3_report_event(struct smmuv3 *s, const struct smmuv3_event *e)
{
	uint32_t kind = (uint32_t)FIELD_GET(EVT0_ID, e->w[0]);
	struct smmuv3_slot *slot = report_slot(s, (uint32_t)FIELD_GET(EVT0_SID, e->w[0]), kind);

	if (slot != NULL && time_over(slot->until) && report_more(s, slot) && report_line(s, slot->owner)) {
		slot->until = time_after_us(SMMUV3_LINE_US);
		report_print(s, e);
	} else {
		report_leave_out(s, slot, 1);
	}
}

void smmuv3_report_rest(struct smmuv3 *s)
{
	s->owing = false;
	for (uint32_t i = 0; i < SMMUV3_SLOTS; i++) {
		s->owing |= !report_more(s, &s->slots[i]);
	}
	if (s->left_out != 0 && report_line(s, SMMUV3_ITSELF)) {
		log_warn("%s: %u reports more, of other kinds, were left out", s->desc->name, s->left_out);
		s->left_out = 0;
	}
	s->owing |= s->left_out != 0;
}
