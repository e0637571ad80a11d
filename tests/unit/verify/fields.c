// SPDX-License-Identifier: Apache-2.0
#include "fields_priv.h"

#include <string.h>

void *field_at(const struct elf *e, const void *target, uint64_t size)
{
	return (void *)(uintptr_t)elf_bytes(e, (uint64_t)(uintptr_t)target, size);
}

void field_add(struct fields *f, const char *name, void *at, uint64_t bits, int map)
{
	if (f->count < FIELDS_MAX) {
		f->v[f->count++] = (struct field){name, at, bits, map, -1};
	}
}

static void fields_of_vsmmu(struct fields *f, const struct elf *e, struct domain_desc *d)
{
	struct vsmmu_desc *v = d->vsmmu == NULL ? NULL : field_at(e, d->vsmmu, sizeof(*v));
	struct vstream_desc *streams;

	if (v == NULL) {
		return;
	}
	ADD(f, v, ipa);
	ADD(f, v, stream_count);
	ADD(f, v, sid_bits);
	ADD(f, v, cmdq_log2);
	ADD(f, v, evtq_log2);
	ADD(f, v, evtq_intid);
	ADD(f, v, gerror_intid);
	ADD(f, v, sync_intid);
	ADD(f, v, pieces);
	ADD(f, v, nested_groups);
	ADD(f, v, dtb_status);
	streams = field_at(e, v->streams, v->stream_count * sizeof(*streams));
	for (uint32_t i = 0; i < v->stream_count; i++) {
		ADD(f, &streams[i], virt);
		ADD(f, &streams[i], count);
		ADD(f, &streams[i], smmu);
		ADD(f, &streams[i], first);
	}
}

/* An address whose room may lie elsewhere as well: whole pages of the memory for LPIs. */
static void field_add_pages(struct fields *f, const char *name, void *pointer)
{
	field_add(f, name, pointer, 12, -1);
	field_add(f, name, (uint8_t *)pointer + 4, 32, -1);
}

static void fields_of_msi(struct fields *f, const struct elf *e, struct domain_desc *d)
{
	struct msi_desc *m = d->msi == NULL ? NULL : field_at(e, d->msi, sizeof(*m));
	struct msi_ids *ids;

	if (m == NULL) {
		return;
	}
	ADD(f, m, its);
	ADD(f, m, lpi_first);
	ADD(f, m, lpi_count);
	ADD(f, m, collection);
	ADD(f, m, device_count);
	ADD(f, m, page_count);
	ADD(f, m, id_count);
	field_add_pages(f, "msi.state", &m->state);
	field_add_pages(f, "msi.pages", &m->pages);
	field_add_pages(f, "msi.itts", &m->itts);
	field_add_pages(f, "msi.events", &m->events);
	field_add_pages(f, "msi.pending", &m->pending);
	ids = field_at(e, m->ids, m->id_count * sizeof(*ids));
	for (uint32_t i = 0; i < m->id_count; i++) {
		ADD(f, &ids[i], first);
		ADD(f, &ids[i], count);
	}
}

static void fields_of_itses(struct fields *f, const struct elf *e)
{
	struct board_tables *b = f->board;
	struct its_desc *its = field_at(e, b->its, b->its_count * sizeof(*its));

	ADD(f, b, its_count);
	ADD(f, b, lpi);
	for (uint64_t i = 0; i < b->its_count; i++) {
		ADD(f, &its[i], base);
		ADD(f, &its[i], device_bits);
		field_add_pages(f, "its.queue", &its[i].queue);
		field_add_pages(f, "its.devices", &its[i].devices);
		field_add_pages(f, "its.collections", &its[i].collections);
	}
	if (b->its_count > 0) {
		field_add_pages(f, "lpi_properties", &b->lpi_properties);
	}
}

static void fields_of_resets(struct fields *f, const struct elf *e)
{
	struct reset_list *lists;
	uint64_t at;

	if (!elf_symbol(e, "domain_resets", &at)) {
		return;
	}
	lists = field_at(e, (const void *)(uintptr_t)at, f->board->domain_count * sizeof(*lists));
	for (uint32_t d = 0; d < f->board->domain_count; d++) {
		struct reset_step *steps = field_at(e, lists[d].steps, lists[d].count * sizeof(*steps));

		ADD(f, &lists[d], count);
		for (uint64_t i = 0; i < lists[d].count; i++) {
			ADD(f, &steps[i], pa);
			ADD(f, &steps[i], op);
			ADD(f, &steps[i], us);
			ADD(f, &steps[i], value);
			ADD(f, &steps[i], mask);
		}
	}
}

static void fields_of_demand(struct fields *f, const struct elf *e)
{
	uint64_t at;

	for (uint32_t d = 0; elf_symbol(e, "domain_ondemand", &at) && d < f->board->domain_count; d++) {
		struct ondemand_list *lists = field_at(e, (const void *)(uintptr_t)at, (d + 1) * sizeof(*lists));
		struct ondemand_range *r = field_at(e, lists[d].ranges, lists[d].count * sizeof(*r));

		ADD(f, &lists[d], count);
		for (uint64_t i = 0; i < lists[d].count; i++) {
			ADD(f, &r[i], base);
			ADD(f, &r[i], size);
			ADD(f, &r[i], name);
		}
	}
}

static void fields_of_lists(struct fields *f, const struct elf *e, const struct domain_desc *d)
{
	struct trap_window *w = field_at(e, d->windows, d->window_count * sizeof(*w));
	struct mem_range *ram = field_at(e, d->ram, d->ram_count * sizeof(*ram));
	struct payload_piece *pieces = field_at(e, d->pieces, d->piece_count * sizeof(*pieces));

	for (uint32_t i = 0; i < d->window_count; i++) {
		/* Where the YAML leaves it to the plan any free place will do, and any SPI. */
		bool anywhere = w[i].kind == WINDOW_CONTROL || w[i].kind == WINDOW_WATCHDOG;

		field_add(f, "ipa", (uint8_t *)&w[i].ipa, anywhere ? PAGE_SHIFT : 64, -1);
		ADD(f, &w[i], size);
		ADD(f, &w[i], kind);
		if (w[i].kind != WINDOW_WATCHDOG) {
			ADD(f, &w[i], intid);
		}
		ADD(f, &w[i], index);
	}
	for (uint32_t i = 0; i < d->ram_count; i++) {
		ADD(f, &ram[i], base);
		ADD(f, &ram[i], size);
	}
	for (uint32_t i = 0; i < d->handover_count; i++) {
		struct mem_range *memory = field_at(e, d->handover, d->handover_count * sizeof(*memory));

		ADD(f, &memory[i], base);
		ADD(f, &memory[i], size);
	}
	/* Low bits of a payload's addresses may move it within RAM and store. */
	for (uint32_t i = 0; i < d->piece_count; i++) {
		field_add(f, "piece.to", (uint8_t *)&pieces[i].to + 4, 32, -1);
		field_add(f, "piece.from", (uint8_t *)&pieces[i].from + 4, 32, -1);
		field_add(f, "piece.size", (uint8_t *)&pieces[i].size + 4, 32, -1);
	}
	if (d->smc_count > 0) {
		field_add(f, "smc_allow", field_at(e, d->smc_allow, d->smc_count * 4), d->smc_count * 32, -1);
	}
	if (d->cpu_count > 0) {
		field_add(f, "cpus", field_at(e, d->cpus, d->cpu_count), d->cpu_count * 8, -1);
	}
}

static void fields_of_domain(struct fields *f, const struct elf *e, int index)
{
	struct domain_desc *d = &f->domains[index];

	field_add(f, "vttbr", &d->vttbr, 48, index);
	field_add(f, "vmid", (uint8_t *)&d->vttbr + 7, 8, -1);
	field_add(f, "vtcr", &d->vtcr, 64, index);
	ADD(f, d, flags);
	ADD(f, d, on_fault);
	ADD(f, d, retries);
	ADD(f, d, window_count);
	ADD(f, d, ram_count);
	ADD(f, d, colors.of);
	ADD(f, d, colors.first);
	ADD(f, d, colors.count);
	ADD(f, d, handover_count);
	ADD(f, d, smc_count);
	ADD(f, d, cpu_count);
	ADD(f, d, console_intid);
	ADD(f, d, guest_abi);
	ADD(f, d, xen_features);
	ADD(f, d, xen_events);
	/* Several chances each: masks are what keeps interrupts apart. */
	for (int i = 0; i < 3; i++) {
		ADD(f, d, irq_mask);
		ADD(f, d, virq_mask);
		ADD(f, d, irq_edge);
	}
	if (d->dtb != NULL) {
		field_add(f, "dtb_ipa", (uint8_t *)&d->dtb_ipa + 4, 32, -1);
	}
	ADD(f, d, vsmmu);
	fields_of_vsmmu(f, e, d);
	ADD(f, d, msi);
	fields_of_msi(f, e, d);
	fields_of_lists(f, e, d);
}

static void fields_of_range(struct fields *f, const char *name, struct mem_range *r)
{
	if (r->size != 0) {
		field_add(f, name, r, 128, -1);
	}
}

static void fields_of_board(struct fields *f, const struct elf *e)
{
	struct board_tables *b = f->board;
	struct cpu_desc *cpus = field_at(e, b->cpus, b->cpu_count * sizeof(*cpus));
	int el2 = f->map_count - 1;

	ADD(f, b, magic);
	ADD(f, b, firmware);
	ADD(f, b, cpu_count);
	ADD(f, b, domain_count);
	ADD(f, b, spi_count);
	fields_of_range(f, "image", &b->image);
	field_add(f, "el2_ttbr", &b->el2_ttbr, 64, el2);
	ADD(f, b, home.load);
	ADD(f, b, home.base);
	ADD(f, b, home.colors.of);
	ADD(f, b, home.colors.first);
	ADD(f, b, home.colors.count);
	field_add(f, "el2_tcr", &b->el2_tcr, 64, el2);
	field_add(f, "el2_mair", &b->el2_mair, 64, el2);
	ADD(f, b, window);
	fields_of_itses(f, e);
	ADD(f, b, gic.version);
	ADD(f, b, gic.maintenance);
	ADD(f, b, gic.timer);
	fields_of_range(f, "gicd", &b->gic.gicd);
	fields_of_range(f, "gicc", &b->gic.gicc);
	fields_of_range(f, "gich", &b->gic.gich);
	fields_of_range(f, "gicv", &b->gic.gicv);
	fields_of_range(f, "gicr", &b->gic.gicr);
	fields_of_range(f, "uart.reg", &b->uart.reg);
	ADD(f, b, uart.kind);
	ADD(f, b, uart.intid);
	for (uint32_t i = 0; i < b->cpu_count; i++) {
		ADD(f, &cpus[i], mpidr);
		ADD(f, &cpus[i], domain);
		if (cpus[i].domain != OWNER_NONE) {
			ADD(f, &cpus[i], vcpu);
		}
	}
	if (b->spi_count > 0) {
		field_add(f, "spi_owner", field_at(e, b->spi_owner, b->spi_count), b->spi_count * 8, -1);
	}
}

static void fields_of_shared(struct fields *f, const struct elf *e)
{
	struct board_tables *b = f->board;
	struct mem_range *shared = field_at(e, b->shared, b->shared_count * sizeof(*shared));
	struct doorbell_desc *bells = field_at(e, b->doorbells, b->doorbell_count * sizeof(*bells));

	ADD(f, b, shared_count);
	ADD(f, b, doorbell_count);
	for (uint64_t i = 0; i < b->shared_count; i++) {
		ADD(f, &shared[i], base);
		ADD(f, &shared[i], size);
	}
	for (uint64_t i = 0; i < 2 * b->doorbell_count; i++) {
		struct doorbell_end *end = &bells[i / 2].end[i % 2];

		ADD(f, end, ipa);
		ADD(f, end, domain);
		ADD(f, end, intid);
	}
}

static void fields_of_smmu(struct fields *f, const struct elf *e, int index)
{
	struct smmu_desc *s = &f->smmus[index];
	struct stream_desc *streams = field_at(e, s->streams, s->stream_count * sizeof(*streams));

	ADD(f, s, reg);
	ADD(f, s, evtq_intid);
	ADD(f, s, gerror_intid);
	ADD(f, s, cmdq_log2);
	ADD(f, s, evtq_log2);
	ADD(f, s, oas_pa_bits);
	ADD(f, s, cmdq);
	ADD(f, s, evtq);
	ADD(f, s, stream_count);
	ADD(f, s, coherent);
	ADD(f, s, nested);
	ADD(f, s, nested_pages);
	/* Several chances each: they say where the table is. */
	for (int i = 0; i < 4; i++) {
		ADD(f, s, strtab_base);
		f->v[f->count - 1].smmu = index;
		ADD(f, s, strtab_cfg);
		f->v[f->count - 1].smmu = index;
	}
	for (uint32_t i = 0; i < s->stream_count; i++) {
		ADD(f, &streams[i], first);
		ADD(f, &streams[i], count);
		ADD(f, &streams[i], domain);
	}
}

static void fields_of_ipmmu(struct fields *f, const struct elf *e)
{
	struct ipmmu_desc *d = f->board->ipmmu == NULL ? NULL : field_at(e, f->board->ipmmu, sizeof(*d));
	struct ipmmu_unit_desc *units;
	struct ipmmu_context_desc *contexts;

	ADD(f, f->board, ipmmu);
	if (d == NULL) {
		return;
	}
	ADD(f, d, unit_count);
	ADD(f, d, context_count);
	ADD(f, d, ttbcr);
	ADD(f, d, intid);
	ADD(f, d, prr);
	ADD(f, d, product);
	ADD(f, d, cut_min);
	contexts = field_at(e, d->contexts, d->context_count * sizeof(*contexts));
	/* Several chances each: they are what DMA reaches. */
	for (uint32_t i = 4; i < 4 * d->context_count; i++) {
		ADD(f, &contexts[i / 4], table);
		ADD(f, &contexts[i / 4], domain);
	}
	/* Other pages of zeros would do as well. */
	field_add(f, "nothing", (uint8_t *)&contexts[0].table + 4, 32, -1);
	ADD(f, &contexts[0], domain);
	units = field_at(e, d->units, d->unit_count * sizeof(*units));
	for (uint32_t i = 0; i < d->unit_count; i++) {
		struct stream_desc *masters = field_at(e, units[i].masters, units[i].master_count * sizeof(*masters));

		ADD(f, &units[i], reg);
		ADD(f, &units[i], utlbs);
		ADD(f, &units[i], power);
		ADD(f, &units[i], master_count);
		for (uint32_t k = 0; k < units[i].master_count; k++) {
			ADD(f, &masters[k], first);
			ADD(f, &masters[k], count);
			ADD(f, &masters[k], domain);
		}
	}
}

bool fields_find(struct fields *f, const struct elf *e)
{
	uint64_t at;

	memset(f, 0, sizeof(*f));
	if (!elf_symbol(e, "board", &at)) {
		return false;
	}
	f->board = field_at(e, (const void *)(uintptr_t)at, sizeof(*f->board));
	f->domains = field_at(e, f->board->domains, f->board->domain_count * sizeof(*f->domains));
	f->map_count = (int)f->board->domain_count + 1;
	for (int i = 0; i + 1 < f->map_count; i++) {
		fields_of_domain(f, e, i);
	}
	fields_of_board(f, e);
	fields_of_resets(f, e);
	fields_of_demand(f, e);
	fields_of_shared(f, e);
	fields_of_ipmmu(f, e);
	fields_of_firmware(f, e);
	f->smmus = field_at(e, f->board->smmus, f->board->smmu_count * sizeof(*f->smmus));
	for (int i = 0; i < (int)f->board->smmu_count; i++) {
		fields_of_smmu(f, e, i);
	}
	return true;
}

struct oracle_map fields_map(const struct fields *f, int map, unsigned int pa_bits)
{
	if (map + 1 < f->map_count) {
		return (struct oracle_map){true, f->domains[map].vttbr, f->domains[map].vtcr, 0, pa_bits,
					   (f->on_demand >> map & 1) != 0};
	}
	return (struct oracle_map){false, f->board->el2_ttbr, f->board->el2_tcr, f->board->el2_mair, pa_bits, false};
}
