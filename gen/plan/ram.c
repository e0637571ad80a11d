// SPDX-License-Identifier: Apache-2.0
/*
 * RAM: the payload store behind the hypervisor, each domain's share, and the
 * places of the payloads in it.
 *
 * One domain's payload lies in hv.img where it is to run ("at home"): the hardware
 * domain's, or the only domain's, if its RAM goes on right behind the hypervisor's. All
 * others are carried in the store and copied at each start, and so is that of a domain
 * whose RAM is coloured.
 */
#include <stdlib.h>
#include <string.h>

#include "plan/plan.h"

#define NO_HOME SIZE_MAX
/* More unused bytes than this in hv.img, and the payload is carried instead. */
#define HOME_GAP_MAX MIB(2)

static unsigned long long ull(uint64_t v)
{
	return v;
}

static uint64_t file_room(const struct plan_file *f)
{
	return f->path == NULL ? 0 : ALIGN_UP(f->file_size, PAGE_SIZE);
}

/* Where firmware alone knows what is RAM, the plan has no place for them. */
static void store_report_firmware(struct diag *d, const struct plan_domain *dom)
{
	bool kernel = dom->kernel.path != NULL;
	const struct plan_file *f = kernel ? &dom->kernel : &dom->initrd;
	struct diag_msg *m = diag_error(d, 251, f->pos, "no place for the %s of domain '%s': only firmware knows "
					"where this board has RAM", kernel ? "kernel" : "initrd", dom->m->name.s);

	diag_note(m, dom->m->pos, "'%s' is declared", dom->m->name.s);
	diag_help(m, "leave it out: for a board with 'firmware: acpi' and no 'memory:' an image carries the "
		  "hardware domain's alone");
}

/* The same file of a domain before this one, in the store; NULL: there is none. */
static const struct plan_file *store_find(const struct plan *p, size_t domain, size_t home,
					  const struct plan_file *f)
{
	for (size_t i = 0; i < domain && f->path != NULL; i++) {
		const struct plan_file *files[] = {&p->domains[i].kernel, &p->domains[i].initrd};

		for (size_t n = 0; n < ARRAY_SIZE(files) && i != home; n++) {
			if (files[n]->path != NULL && strcmp(files[n]->path, f->path) == 0) {
				return files[n];
			}
		}
	}
	return NULL;
}

/* Puts the file at `next`, or where it is already; the end of what the store has then. */
static uint64_t store_add(const struct plan *p, size_t domain, size_t home, struct plan_file *f,
			  uint64_t next)
{
	const struct plan_file *same = store_find(p, domain, home, f);

	f->from = same != NULL ? same->from : next;
	return same != NULL ? next : next + file_room(f);
}

/* Behind the hypervisor: the files of every domain but `home`, each once. */
static bool store_place(struct plan *p, struct diag *d, struct ranges *left, size_t home)
{
	uint64_t next = p->image.base + p->image.size;
	const struct plan_domain *last = NULL;

	p->store = (struct mem_range){next, 0};
	for (size_t i = 0; i < p->domain_count; i++) {
		struct plan_domain *dom = &p->domains[i];
		if (i == home) {
			continue;
		}
		next = store_add(p, i, home, &dom->kernel, next);
		next = store_add(p, i, home, &dom->initrd, next);
		last = dom->kernel.path != NULL || dom->initrd.path != NULL ? dom : last;
	}
	p->store.size = next - p->store.base;
	if (p->store.size == 0) {
		return true;
	}
	if (model_is_open(&p->m->board)) {
		store_report_firmware(d, last);
		return false;
	}
	if (!ranges_cover(left, p->store.base, p->store.size)) {
		struct diag_msg *m = diag_error(d, 251, last->m->pos, "no RAM behind the hypervisor to carry "
						"the domains' payloads");
		diag_label(m, "0x%llx bytes needed at 0x%llx", ull(p->store.size), ull(p->store.base));
		diag_help(m, "move 'image: load:' to where that much RAM follows and is not reserved");
		return false;
	}
	ranges_remove(left, p->store.base, p->store.size);
	return true;
}

/* RAM whose address the integrator chose. */
static bool ram_fixed(struct plan *p, struct diag *d, struct ranges *left, struct plan_domain *dom)
{
	bool good = true;

	for (size_t i = 0; i < dom->m->ram_count; i++) {
		const struct m_ram *r = &dom->m->ram[i];
		if (!r->has_base) {
			continue;
		}
		if (!IS_ALIGNED(r->base | r->size, PAGE_SIZE) || !ranges_cover(left, r->base, r->size)) {
			uint64_t kept = p->store.base + p->store.size;
			struct diag_msg *m = diag_error(d, 253, r->pos, "memory of domain '%s' is not free RAM",
							dom->m->name.s);
			diag_label(m, "[0x%llx..0x%llx)", ull(r->base), ull(r->base + r->size));
			if (r->base < kept && r->base + r->size > p->image.base) {
				diag_note(m, p->m->hv_pos, "the hypervisor and the payloads it carries keep "
					  "[0x%llx..0x%llx)", ull(p->image.base), ull(kept));
			}
			diag_help(m, "choose whole pages inside the board's 'memory', outside "
				  "'reserved-memory' and other domains, or leave 'base' out");
			good = false;
			continue;
		}
		ranges_remove(left, r->base, r->size);
		dom->ram[i] = (struct plan_ram){r->has_ipa ? r->ipa : r->base, r->base, r->size};
	}
	return good;
}

/* RAM that only needs to be somewhere: from the top, so that it leaves alone what
 * follows the hypervisor. */
static bool ram_moved(struct diag *d, struct ranges *left, struct plan_domain *dom)
{
	for (size_t i = 0; i < dom->m->ram_count; i++) {
		const struct m_ram *r = &dom->m->ram[i];
		uint64_t base;
		if (r->has_base) {
			continue;
		}
		uint64_t size = ALIGN_UP(r->size, PAGE_SIZE);
		if (!ranges_find_top(left, size, MIB(2), &base)) {
			struct diag_msg *m = diag_error(d, 252, r->pos, "no place for memory of domain '%s'",
							dom->m->name.s);
			diag_label(m, "0x%llx bytes in one 2 MiB aligned piece are not left", ull(size));
			diag_help(m, "make it smaller, or split it into several entries");
			return false;
		}
		ranges_remove(left, base, size);
		dom->ram[i] = (struct plan_ram){r->has_ipa ? r->ipa : base, base, size};
	}
	return true;
}

/* Without colours each entry is one run of pages. */
static void runs_whole(struct plan *p, struct plan_domain *dom)
{
	if (dom->colors.of != 0) {
		return;
	}
	dom->runs = dom->ram;
	dom->run_count = dom->ram_count;
	dom->span_count = dom->ram_count;
	dom->spans = arena_array(p->arena, dom->ram_count, sizeof(dom->spans[0]));
	for (size_t i = 0; i < dom->ram_count; i++) {
		dom->spans[i] = (struct mem_range){dom->ram[i].pa, dom->ram[i].size};
	}
}

static bool ram_assign(struct plan *p, struct diag *d, struct ranges *left)
{
	bool good = plan_regions_take(p, d, left, true);

	for (size_t i = 0; i < p->domain_count; i++) {
		struct plan_domain *dom = &p->domains[i];
		dom->ram_count = dom->m->ram_count;
		dom->ram = arena_array(p->arena, dom->ram_count, sizeof(dom->ram[0]));
		good = ram_fixed(p, d, left, dom) && good;
	}
	good = good && plan_regions_take(p, d, left, false);
	for (size_t i = 0; good && i < p->domain_count; i++) {
		struct plan_domain *dom = &p->domains[i];
		good = dom->colors.of != 0 ? plan_ram_colored(p, d, left, dom) : ram_moved(d, left, dom);
	}
	for (size_t i = 0; good && i < p->domain_count; i++) {
		struct plan_domain *dom = &p->domains[i];
		if (!dom->m->all_other_ram) {
			continue;
		}
		struct plan_ram *ram = arena_array(p->arena, dom->ram_count + left->count, sizeof(ram[0]));
		for (size_t r = 0; r < dom->ram_count; r++) {
			ram[r] = dom->ram[r];
		}
		for (size_t r = 0; r < left->count; r++) {
			uint64_t base = left->list[r].base;
			ram[dom->ram_count++] = (struct plan_ram){base, base, left->list[r].end - base};
		}
		dom->ram = ram;
		ranges_free(left);
	}
	for (size_t i = 0; good && i < p->domain_count; i++) {
		runs_whole(p, &p->domains[i]);
	}
	return good;
}

/* Right behind the hypervisor, identity mapped, without much of a gap. */
static bool home_place(struct plan *p, struct plan_domain *dom)
{
	uint64_t floor = p->store.base + p->store.size;

	if (!plan_place_payload(dom, floor) || dom->kernel.ipa != dom->kernel.pa ||
	    dom->kernel.pa < floor || dom->kernel.pa - dom->kernel.offset - floor > HOME_GAP_MAX) {
		return false;
	}
	dom->kernel.from = dom->kernel.pa;
	dom->initrd.from = dom->initrd.pa;
	return true;
}

static bool payload_place(struct plan *p, struct diag *d, struct plan_domain *dom)
{
	if (plan_place_payload(dom, 0)) {
		return true;
	}
	if (model_is_open(&p->m->board) && dom->ram_count == 0 && dom->kernel.path == NULL) {
		return true; /* placed at boot, when firmware tells where RAM is */
	}
	struct diag_msg *m = diag_error(d, 553, dom->kernel.path != NULL ? dom->kernel.pos : dom->m->memory_pos,
					"the payload of domain '%s' does not fit its memory", dom->m->name.s);
	diag_note(m, dom->m->memory_pos, "kernel 0x%llx, initrd 0x%llx, device tree up to 0x%llx bytes, in one "
		  "piece from a 2 MiB boundary on", ull(dom->kernel.size), ull(dom->initrd.size),
		  ull(dom->dtb_room));
	diag_help(m, "give the domain a larger piece of memory that starts at a 2 MiB boundary");
	return false;
}

/* What hv.img spans, in the file and in memory. */
static void image_measure(struct plan *p, size_t home)
{
	uint64_t end = p->store.base + p->store.size;

	p->file_end = p->store.size != 0 ? end : 0;
	if (home != NO_HOME) {
		const struct plan_domain *dom = &p->domains[home];
		if (dom->kernel.path != NULL) {
			p->file_end = dom->kernel.pa + dom->kernel.file_size;
			end = dom->kernel.pa + dom->kernel.size;
		}
		if (dom->initrd.path != NULL) {
			p->file_end = dom->initrd.pa + dom->initrd.file_size;
			end = p->file_end;
		}
	}
	p->image_size = ALIGN_UP(end - p->image.base, PAGE_SIZE);
}

enum outcome { OUTCOME_GOOD, OUTCOME_BAD, OUTCOME_NO_HOME };

static enum outcome ram_try(struct plan *p, struct diag *d, size_t home)
{
	struct ranges left = {0};
	bool good;

	for (size_t i = 0; i < p->free_ram.count; i++) {
		const struct range *r = &p->free_ram.list[i];
		ranges_add(&left, r->base, r->end - r->base);
	}
	good = store_place(p, d, &left, home) && plan_home(p, d, &left) && ram_assign(p, d, &left);
	ranges_free(&left);
	if (good && home != NO_HOME && !home_place(p, &p->domains[home])) {
		return OUTCOME_NO_HOME;
	}
	for (size_t i = 0; good && i < p->domain_count; i++) {
		good = i == home || payload_place(p, d, &p->domains[i]);
	}
	image_measure(p, home);
	return good ? OUTCOME_GOOD : OUTCOME_BAD;
}

bool plan_ram(struct plan *p, struct diag *d)
{
	size_t home = p->domain_count == 1 && !model_restarts(p->m, p->domains[0].m) ? 0 : NO_HOME;

	for (size_t i = 0; i < p->domain_count; i++) {
		if (p->domains[i].m->hardware) {
			home = i;
			break;
		}
	}
	for (size_t i = 0; i < p->domain_count; i++) {
		home = p->domains[i].colors.of != 0 ? NO_HOME : home;
	}
	enum outcome outcome = ram_try(p, d, home);
	if (outcome == OUTCOME_NO_HOME) {
		outcome = ram_try(p, d, NO_HOME);
	}
	return outcome == OUTCOME_GOOD;
}
