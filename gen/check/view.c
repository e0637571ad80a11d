// SPDX-License-Identifier: Apache-2.0
/*
 * What each domain sees where: RAM that was moved, devices at the machine's own
 * addresses, and the windows that trap. None may stand in another's place.
 */
#include "check/banks.h"
#include "check/parts.h"
#include "check/span.h"

enum view_kind { VIEW_RAM, VIEW_DEVICE, VIEW_GIC, VIEW_UART, VIEW_SMMU, VIEW_BELL, VIEW_SHARED,
		 VIEW_CONTROL, VIEW_WATCHDOG, VIEW_KINDS };

/* A span's owner: its kind, and which of those that must not meet each other either. */
static enum view_kind view_kind(const struct span *s)
{
	return (enum view_kind)(s->owner % VIEW_KINDS);
}

static size_t view_owner(enum view_kind kind, size_t index)
{
	return kind + VIEW_KINDS * index;
}

#define GICR_FRAME KIB(128) /* RD_base and SGI_base of one CPU */

static bool view_in_machine(struct diag *d, const struct model *m, const struct m_ram *r, uint64_t ipa)
{
	uint64_t limit = address_limit(&m->board);

	if (ipa < limit && r->size <= limit - ipa) {
		return true;
	}
	struct diag_msg *msg = diag_error(d, 209, r->pos,
					  "memory ends beyond the addresses that a domain has");
	diag_label(msg, "seen at 0x%llx, 0x%llx bytes; the last address is 0x%llx", (ull)ipa, (ull)r->size,
		   (ull)(limit - 1));
	diag_help(msg, "take a lower 'ipa'");
	return false;
}

static void ram_add(struct diag *d, const struct model *m, const struct m_domain *dom, struct spans *s)
{
	for (size_t i = 0; i < dom->ram_count; i++) {
		const struct m_ram *r = &dom->ram[i];
		uint64_t ipa = r->has_ipa ? r->ipa : r->base;
		if ((!r->has_ipa && !r->has_base) || (r->has_ipa && !view_in_machine(d, m, r, ipa))) {
			continue;
		}
		spans_add(s, &(struct span){.first = ipa,
					    .last = ipa + (r->size - 1),
					    .owner = VIEW_RAM,
					    .device = MODEL_NONE,
					    .group = i,
					    .name = "memory",
					    .range = {.base = ipa, .size = r->size, .pos = r->pos}});
	}
	for (size_t i = 0; dom->all_other_ram && i < m->board.ram_count; i++) {
		const struct m_range *r = &m->board.ram[i];
		spans_add(s, &(struct span){.first = r->base,
					    .last = range_last(r),
					    .owner = VIEW_RAM,
					    .device = MODEL_NONE,
					    .group = dom->ram_count + i,
					    .name = "memory",
					    .range = *r});
	}
}

/* Neither is moved: that they are one RAM was said already (HV0204). */
static bool both_in_place(const struct m_domain *dom, const struct span *a, const struct span *b)
{
	const struct m_ram *x = a->group < dom->ram_count ? &dom->ram[a->group] : NULL;
	const struct m_ram *y = b->group < dom->ram_count ? &dom->ram[b->group] : NULL;

	return x != NULL && y != NULL && x->has_base && y->has_base && a->first == x->base && b->first == y->base;
}

static void ram_meet_ram(struct diag *d, const struct m_domain *dom, const struct spans *ram)
{
	for (size_t i = 1, widest = 0; i < ram->count; i++) {
		const struct span *a = &ram->list[widest], *x = &ram->list[i];
		widest = x->last > a->last ? i : widest;
		/* The board's own banks are banks_overlap()'s affair. */
		if (x->first > a->last || (a->group >= dom->ram_count && x->group >= dom->ram_count) ||
		    both_in_place(dom, a, x)) {
			continue;
		}
		const struct span *later = a->group < dom->ram_count && a->group > x->group ? a : x;
		later = later->group >= dom->ram_count ? (later == a ? x : a) : later;
		const struct span *other = later == a ? x : a;
		struct diag_msg *msg = diag_error(d, 213, later->range.pos,
						  "'%s' would see two pieces of memory "
						  "at 0x%llx",
						  dom->name.s, (ull)x->first);
		diag_label(msg, "seen at [0x%llx..0x%llx)", (ull)later->first, (ull)(later->last + 1));
		diag_note(msg, other->range.pos, "the other is seen at [0x%llx..0x%llx), declared",
			  (ull)other->first, (ull)(other->last + 1));
		diag_help(msg, "ipa: 0x%llx is the next free place", (ull)(other->last + 1));
	}
}

static void devices_add(const struct model *m, const struct groups *o, size_t domain, struct spans *s)
{
	for (size_t n = o->first[domain]; n < o->first[domain + 1]; n++) {
		size_t i = o->list[n];
		const struct m_device *dev = &m->board.devices[i];

		for (size_t r = 0; r < dev->reg_count; r++) {
			spans_add(s, &(struct span){.first = ALIGN_DOWN(dev->reg[r].base, PAGE_SIZE),
						    .last = range_last(&dev->reg[r]) | (PAGE_SIZE - 1),
						    .owner = VIEW_DEVICE,
						    .device = i,
						    .group = i,
						    .name = dev->name.s,
						    .range = dev->reg[r]});
		}
	}
}

static void window_add(struct spans *s, enum view_kind kind, const struct m_range *r, uint64_t size)
{
	static const char *const names[] = {
		[VIEW_GIC] = "the interrupt controller", [VIEW_UART] = "the virtual PL011",
		[VIEW_SMMU] = "the virtual SMMUv3", [VIEW_CONTROL] = "the control interface",
		[VIEW_WATCHDOG] = "the watchdog",
		[VIEW_BELL] = "a doorbell",
	};
	uint64_t last = r->base + (size - 1);

	if (r->size != 0) {
		spans_add(s, &(struct span){.first = r->base,
					    .last = last < r->base ? UINT64_MAX : last,
					    .owner = view_owner(kind, kind == VIEW_BELL ? s->count : 0),
					    .device = MODEL_NONE,
					    .group = s->count,
					    .name = names[kind],
					    .range = *r});
	}
}

static void windows_add(const struct model *m, const struct m_domain *dom, struct spans *s)
{
	const struct m_gic *g = &m->board.gic;
	struct m_range uart = vpl011_place(m, dom);

	/* What lies in RAM is wrong before any domain looks at it: check_machine(). */
	if (!range_in_ram(&m->board, &g->gicd)) {
		window_add(s, VIEW_GIC, &g->gicd, g->gicd.size);
	}
	if (g->version == 3 && !range_in_ram(&m->board, &g->gicr)) {
		window_add(s, VIEW_GIC, &g->gicr, GICR_FRAME * (dom->cpu_count == 0 ? 1 : dom->cpu_count));
	} else if (g->version == 2 && !range_in_ram(&m->board, &g->gicc)) {
		window_add(s, VIEW_GIC, &g->gicc, g->gicc.size);
	}
	for (size_t i = 0; dom->msi_lpis != 0 && i < g->its_count; i++) {
		if (!range_in_ram(&m->board, &g->its[i].reg)) {
			window_add(s, VIEW_GIC, &g->its[i].reg, g->its[i].reg.size);
		}
	}
	window_add(s, VIEW_UART, &uart, PAGE_SIZE);
	if (!range_in_ram(&m->board, &dom->vsmmu.reg) || dom->vsmmu.own_reg) {
		window_add(s, VIEW_SMMU, &dom->vsmmu.reg, VSMMU_SIZE);
	}
	window_add(s, VIEW_CONTROL, &dom->control.reg, dom->control.reg.size);
	window_add(s, VIEW_WATCHDOG, &dom->watchdog.reg, dom->watchdog.reg.size);
	for (size_t i = 0; i < dom->bell_count; i++) {
		window_add(s, VIEW_BELL, &dom->bells[i].reg, BELL_SIZE);
	}
}

static void shares_add(const struct model *m, const struct m_domain *dom, struct spans *s)
{
	for (size_t i = 0; i < dom->share_count; i++) {
		const struct m_share *use = &dom->shares[i];
		uint64_t last = use->ipa + (m->regions[use->region].size - 1);

		if (use->has_ipa && last >= use->ipa) {
			spans_add(s, &(struct span){.first = use->ipa,
						    .last = last,
						    .owner = view_owner(VIEW_SHARED, i),
						    .device = MODEL_NONE,
						    .group = i,
						    .name = m->regions[use->region].name.s,
						    .range = {.base = use->ipa, .size = last - use->ipa + 1, .pos = use->pos}});
		}
	}
}

/* A device's name in quotes, "the virtual PL011" without. */
static const char *quote(const struct span *s)
{
	return view_kind(s) == VIEW_DEVICE || view_kind(s) == VIEW_SHARED ? "'" : "";
}

/* RAM of the domain where something else is to answer. */
static void ram_conflict(struct diag *d, const struct m_domain *dom, struct span *ram,
			 const struct span *other)
{
	uint64_t at = ram->first > other->first ? ram->first : other->first;
	const char *q = quote(other);
	struct diag_msg *msg;

	if (ram->reported) {
		return; /* a range that is wrong may hit many */
	}
	ram->reported = true;
	if (other->owner == VIEW_DEVICE) {
		msg = diag_error(d, 213, ram->range.pos, "'%s' would see memory and device '%s' at 0x%llx",
				 dom->name.s, other->name, (ull)at);
	} else {
		msg = diag_error(d, 214, ram->range.pos,
				 "'%s' would see memory at 0x%llx, where %s is to answer", dom->name.s,
				 (ull)at, other->name);
	}
	diag_label(msg, "seen at [0x%llx..0x%llx)", (ull)ram->first, (ull)(ram->last + 1));
	diag_note(msg, other->range.pos, "%s%s%s is [0x%llx..0x%llx), declared", q, other->name, q,
		  (ull)other->first, (ull)(other->last + 1));
	if (ram->first < other->first) {
		diag_help(msg, "size: 0x%llx, or another 'ipa'", (ull)(other->first - ram->first));
	} else {
		diag_help(msg, "ipa: 0x%llx is the next place", (ull)ALIGN_UP(other->last + 1, MIB(2)));
	}
}

/* A window in a bank of the board that the domain has all the rest of. */
static void bank_conflict(struct diag *d, const struct m_domain *dom, const struct span *bank,
			  const struct span *win)
{
	struct diag_msg *msg = diag_error(d, 214, win->range.pos, "%s of '%s' stands where its memory is",
					  win->name, dom->name.s);

	diag_label(msg, "[0x%llx..0x%llx)", (ull)win->first, (ull)(win->last + 1));
	diag_note(msg, bank->range.pos, "the RAM bank is [0x%llx..0x%llx), declared", (ull)bank->first,
		  (ull)(bank->last + 1));
	diag_help(msg, "correct one of the two");
}

/* A virtual device on a device, on another or on the interrupt controller. */
static void virtual_conflict(struct diag *d, const struct m_domain *dom, const struct span *virt,
			     const struct span *other)
{
	const char *q = quote(other);
	struct diag_msg *msg = diag_error(d, 214, virt->range.pos, "%s of '%s' stands where %s%s%s is", virt->name,
					  dom->name.s, q, other->name, q);

	diag_label(msg, "[0x%llx..0x%llx)", (ull)virt->first, (ull)(virt->last + 1));
	diag_note(msg, other->range.pos, "%s%s%s is [0x%llx..0x%llx), declared", q, other->name, q,
		  (ull)other->range.base, (ull)(other->range.base + other->range.size));
	if (view_kind(virt) == VIEW_BELL) {
		diag_help(msg, "doorbells: [{..., reg: [<a free address>, 0x1000]}]");
	} else if (virt->owner == VIEW_UART) {
		diag_help(msg, "console: {type: vpl011, reg: [<a free address>, 0x1000]}%s",
			  other->owner == VIEW_DEVICE ? ", or leave the device to nobody" : "");
	} else if (virt->owner == VIEW_SMMU) {
		diag_help(msg, "viommu: {type: smmuv3, reg: [<a free address>, 0x20000]}");
	} else {
		diag_help(msg, "leave 'reg' out, or take a free address");
	}
}

/* Shared memory where the domain sees something else. */
static void share_conflict(struct diag *d, const struct m_domain *dom, const struct span *a,
			   const struct span *b)
{
	bool both = view_kind(a) == VIEW_SHARED && view_kind(b) == VIEW_SHARED;
	const struct span *share = view_kind(a) != VIEW_SHARED || (both && b->group > a->group) ? b : a;
	const struct span *other = share == a ? b : a;
	bool trap = view_kind(other) != VIEW_RAM && *quote(other) == '\0';
	const char *q = quote(other);
	struct diag_msg *msg = diag_error(d, trap ? 214 : 213, share->range.pos,
					  "'%s' would see the shared memory '%s' where %s%s%s is%s", dom->name.s,
					  share->name, q, other->name, q, trap ? " to answer" : "");

	diag_label(msg, "seen at [0x%llx..0x%llx)", (ull)share->first, (ull)(share->last + 1));
	diag_note(msg, other->range.pos, "%s%s%s is [0x%llx..0x%llx), declared", q, other->name, q,
		  (ull)other->first, (ull)(other->last + 1));
	diag_help(msg, "ipa: 0x%llx is the next place", (ull)ALIGN_UP(other->last + 1, MIB(2)));
}

/* Of two that are no RAM, the one whose place the system file chose; NULL: neither's. */
static const struct span *view_chosen(const struct m_domain *dom, const struct span *a, const struct span *b)
{
	const struct span *uart = a->owner == VIEW_UART ? a : b->owner == VIEW_UART ? b : NULL;
	const struct span *smmu = a->owner == VIEW_SMMU ? a : b->owner == VIEW_SMMU ? b : NULL;
	const struct span *bell = view_kind(a) == VIEW_BELL ? a : view_kind(b) == VIEW_BELL ? b : NULL;

	if (bell != NULL) {
		return bell;
	}

	if (a->owner >= VIEW_CONTROL || b->owner >= VIEW_CONTROL) {
		return a->owner > b->owner ? a : b;
	}
	if (smmu != NULL && dom->vsmmu.own_reg) {
		return smmu;
	}
	return dom->vpl011.size != 0 ? uart : NULL;
}

static void view_conflict(struct diag *d, const struct m_domain *dom, struct span *a, struct span *b)
{
	struct span *ram = a->owner == VIEW_RAM ? a : b->owner == VIEW_RAM ? b : NULL;
	const struct span *virt = ram != NULL ? NULL : view_chosen(dom, a, b);
	const struct span *other = ram == a || (ram == NULL && virt == a) ? b : a;

	if (view_kind(a) == VIEW_SHARED || view_kind(b) == VIEW_SHARED) {
		/* All that others leave: the plan knows what that is (HV0255). */
		if (ram == NULL || ram->group < dom->ram_count) {
			share_conflict(d, dom, a, b);
		}
	} else if (ram != NULL && ram->group < dom->ram_count) {
		ram_conflict(d, dom, ram, other);
	} else if (ram != NULL && other->owner != VIEW_DEVICE) {
		bank_conflict(d, dom, ram, other);
	} else if (virt != NULL) {
		virtual_conflict(d, dom, virt, other);
	}
	/* The rest is check_mmio()'s and check_machine()'s affair: a device in a RAM bank,
	 * on the physical GIC or an IOMMU, or in the page of the hypervisor's own console, or
	 * one of these on another. */
}

static void console_place(struct diag *d, const struct model *m, const struct m_domain *dom)
{
	struct m_range r = vpl011_place(m, dom);
	uint64_t limit = address_limit(&m->board);
	struct diag_msg *msg;

	if (r.size == 0) {
		return;
	}
	if (r.base >= limit || r.size > limit - r.base) {
		msg = diag_error(d, 209, r.pos, "the virtual PL011 of '%s' lies beyond the addresses that a domain has",
				 dom->name.s);
		diag_label(msg, "ends at 0x%llx; the last address is 0x%llx", (ull)range_last(&r), (ull)(limit - 1));
		diag_help(msg, "console: {type: vpl011, reg: [<a lower address>, 0x1000]}");
	} else if (!IS_ALIGNED(r.base, PAGE_SIZE) || (dom->vpl011.size != 0 && r.size != PAGE_SIZE)) {
		msg = diag_error(d, 207, r.pos, "a virtual PL011 is exactly one page");
		diag_label(msg, "[0x%llx..0x%llx)%s", (ull)r.base, (ull)(r.base + r.size),
			   dom->vpl011.size == 0 ? ", where the board's console is" : "");
		diag_help(msg, "reg: [0x%llx, 0x1000]", (ull)ALIGN_DOWN(r.base, PAGE_SIZE));
	}
}

void check_domain_view(struct diag *d, const struct model *m)
{
	struct groups owned = owned_list(m);

	for (size_t i = 0; i < m->domain_count; i++) {
		const struct m_domain *dom = &m->domains[i];
		struct spans s = {0};
		struct span *a, *b;

		console_place(d, m, dom);
		ram_add(d, m, dom, &s);
		spans_sort(&s);
		ram_meet_ram(d, dom, &s);
		devices_add(m, &owned, i, &s);
		windows_add(m, dom, &s);
		shares_add(m, dom, &s);
		spans_sort(&s);
		struct sweep sweep = {.spans = &s};
		while (sweep_next(&sweep, &a, &b)) {
			view_conflict(d, dom, a, b);
		}
		sweep_free(&sweep);
		spans_free(&s);
	}
	groups_free(&owned);
}
