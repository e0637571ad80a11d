// SPDX-License-Identifier: Apache-2.0
#include "image.h"

#include <stdio.h>
#include <string.h>

#define NAME_MAX_BYTES 256
#define LIST_MAX       65536 /* more of anything is no count but rubbish */

_Static_assert(sizeof(void *) == 8, "addresses of the target are read as pointers");

/* `count` objects of `size` bytes at the target's pointer `p`; NULL: unreadable. */
static void *image_copy(struct mem *m, const struct elf *e, const void *p, uint64_t count, uint64_t size)
{
	const uint8_t *bytes;
	void *copy;

	if (count > LIST_MAX) {
		return NULL;
	}
	copy = mem_alloc(m, count, size);
	if (count == 0) {
		return copy;
	}
	bytes = elf_bytes(e, (uint64_t)(uintptr_t)p, count * size);
	if (bytes == NULL) {
		return NULL;
	}
	memcpy(copy, bytes, count * size);
	return copy;
}

static bool image_read_vsmmu(struct image_domain *d, struct mem *m, const struct elf *e)
{
	const struct vsmmu_desc *desc;

	if (d->desc.vsmmu == NULL) {
		return true;
	}
	desc = image_copy(m, e, d->desc.vsmmu, 1, sizeof(*desc));
	if (desc == NULL) {
		return false;
	}
	d->has_vsmmu = true;
	d->vsmmu = *desc;
	d->vstreams = image_copy(m, e, desc->streams, desc->stream_count, sizeof(*d->vstreams));
	return d->vstreams != NULL;
}

static bool image_read_msi(struct image_domain *d, struct mem *m, const struct elf *e)
{
	struct msi_desc *msi = d->desc.msi != NULL ? image_copy(m, e, d->desc.msi, 1, sizeof(*msi)) : NULL;

	d->has_msi = msi != NULL;
	if (msi != NULL) {
		d->msi = *msi;
		d->msi_ids = image_copy(m, e, msi->ids, msi->id_count, sizeof(*d->msi_ids));
	}
	return d->desc.msi == NULL || (msi != NULL && d->msi_ids != NULL);
}

static bool image_read_steps(struct image_domain *d, struct mem *m, const struct elf *e,
			     const struct reset_list *list)
{
	struct reset_step *steps = image_copy(m, e, list->steps, list->count, sizeof(*steps));
	bool good = steps != NULL;

	d->reset_count = list->count;
	d->resets = mem_alloc(m, good ? list->count : 0, sizeof(*d->resets));
	for (uint64_t i = 0; good && i < list->count; i++) {
		d->resets[i].step = steps[i];
		d->resets[i].device = elf_string(e, (uint64_t)(uintptr_t)steps[i].device, NAME_MAX_BYTES);
		good = d->resets[i].device != NULL;
	}
	return good;
}

/* Not there: no domain has any. */
static bool image_read_resets(struct image *i, struct mem *m, const struct elf *e)
{
	const struct reset_list *lists;
	bool good = true;
	uint64_t at;

	if (!elf_symbol(e, "domain_resets", &at)) {
		return true;
	}
	lists = image_copy(m, e, (const void *)(uintptr_t)at, i->board.domain_count, sizeof(*lists));
	for (uint32_t d = 0; lists != NULL && good && d < i->board.domain_count; d++) {
		good = image_read_steps(&i->domains[d], m, e, &lists[d]);
	}
	return lists != NULL && good;
}

static bool image_read_ranges(struct image_domain *d, struct mem *m, const struct elf *e,
			      const struct ondemand_list *list)
{
	struct ondemand_range *ranges = image_copy(m, e, list->ranges, list->count, sizeof(*ranges));
	bool good = ranges != NULL;

	d->demand_count = list->count;
	d->demand = mem_alloc(m, good ? list->count : 0, sizeof(*d->demand));
	for (uint64_t i = 0; good && i < list->count; i++) {
		d->demand[i].range = ranges[i];
		d->demand[i].name = elf_string(e, (uint64_t)(uintptr_t)ranges[i].name, NAME_MAX_BYTES);
		good = d->demand[i].name != NULL;
	}
	return good;
}

/* Not there: no domain has any. */
static bool image_read_demand(struct image *i, struct mem *m, const struct elf *e)
{
	const struct ondemand_list *lists;
	bool good = true;
	uint64_t at;

	if (!elf_symbol(e, "domain_ondemand", &at)) {
		return true;
	}
	lists = image_copy(m, e, (const void *)(uintptr_t)at, i->board.domain_count, sizeof(*lists));
	for (uint32_t d = 0; lists != NULL && good && d < i->board.domain_count; d++) {
		good = image_read_ranges(&i->domains[d], m, e, &lists[d]);
	}
	return lists != NULL && good;
}

static bool image_read_itses(struct image *i, struct mem *m, const struct elf *e)
{
	struct its_desc *descs = image_copy(m, e, i->board.its, i->board.its_count, sizeof(*descs));
	bool good = descs != NULL;

	i->itses = mem_alloc(m, good ? i->board.its_count : 0, sizeof(*i->itses));
	for (uint64_t n = 0; good && n < i->board.its_count; n++) {
		i->itses[n].desc = descs[n];
		i->itses[n].name = elf_string(e, (uint64_t)(uintptr_t)descs[n].name, NAME_MAX_BYTES);
		good = i->itses[n].name != NULL;
	}
	return good;
}

static bool image_read_domain(struct image_domain *d, struct mem *m, const struct elf *e)
{
	const struct domain_desc *desc = &d->desc;

	d->name = elf_string(e, (uint64_t)(uintptr_t)desc->name, NAME_MAX_BYTES);
	d->pieces = image_copy(m, e, desc->pieces, desc->piece_count, sizeof(*d->pieces));
	d->windows = image_copy(m, e, desc->windows, desc->window_count, sizeof(*d->windows));
	d->ram = image_copy(m, e, desc->ram, desc->ram_count, sizeof(*d->ram));
	d->handover = image_copy(m, e, desc->handover, desc->handover_count, sizeof(*d->handover));
	d->smc = image_copy(m, e, desc->smc_allow, desc->smc_count, sizeof(*d->smc));
	d->cpus = image_copy(m, e, desc->cpus, desc->cpu_count, sizeof(*d->cpus));
	if (!image_read_msi(d, m, e)) {
		return false;
	}
	return d->name != NULL && d->pieces != NULL && d->windows != NULL && d->ram != NULL &&
	       d->handover != NULL && d->smc != NULL && d->cpus != NULL && image_read_vsmmu(d, m, e) &&
	       (desc->dtb == NULL || elf_bytes(e, (uint64_t)(uintptr_t)desc->dtb, desc->dtb_size) != NULL);
}

static bool image_read_domains(struct image *i, struct mem *m, const struct elf *e, char *error)
{
	struct domain_desc *descs = image_copy(m, e, i->board.domains, i->board.domain_count, sizeof(*descs));

	if (descs == NULL || i->board.domain_count > DOMAINS_MAX) {
		snprintf(error, ELF_ERROR_MAX, "the domains lie outside the file");
		return false;
	}
	i->domains = mem_alloc(m, i->board.domain_count, sizeof(*i->domains));
	for (uint32_t d = 0; d < i->board.domain_count; d++) {
		i->domains[d].desc = descs[d];
		if (!image_read_domain(&i->domains[d], m, e)) {
			snprintf(error, ELF_ERROR_MAX, "domain %u points outside the file", d);
			return false;
		}
	}
	return true;
}

/* NULL: not all of it is in the file. */
static struct image_stream *image_read_streams(struct mem *m, const struct elf *e,
					       const struct stream_desc *at, uint32_t count)
{
	struct stream_desc *descs = image_copy(m, e, at, count, sizeof(*descs));
	struct image_stream *streams = descs != NULL ? mem_alloc(m, count, sizeof(*streams)) : NULL;

	for (uint32_t i = 0; streams != NULL && i < count; i++) {
		struct image_stream *x = &streams[i];

		x->desc = descs[i];
		x->device = elf_string(e, (uint64_t)(uintptr_t)x->desc.device, NAME_MAX_BYTES);
		x->file = elf_string(e, (uint64_t)(uintptr_t)x->desc.file, NAME_MAX_BYTES);
		if (x->device == NULL || x->file == NULL) {
			return NULL;
		}
	}
	return streams;
}

static bool image_read_smmu(struct image_smmu *s, struct mem *m, const struct elf *e)
{
	s->name = elf_string(e, (uint64_t)(uintptr_t)s->desc.name, NAME_MAX_BYTES);
	s->streams = image_read_streams(m, e, s->desc.streams, s->desc.stream_count);
	return s->streams != NULL && s->name != NULL;
}

static bool image_read_ipmmu(struct image *i, struct mem *m, const struct elf *e)
{
	const struct ipmmu_desc *desc;
	struct ipmmu_unit_desc *units;

	if (i->board.ipmmu == NULL) {
		return true;
	}
	desc = image_copy(m, e, i->board.ipmmu, 1, sizeof(*desc));
	units = desc != NULL ? image_copy(m, e, desc->units, desc->unit_count, sizeof(*units)) : NULL;
	if (units == NULL) {
		return false;
	}
	i->ipmmu = mem_alloc(m, 1, sizeof(*i->ipmmu));
	i->ipmmu->desc = *desc;
	i->ipmmu->contexts =
		image_copy(m, e, desc->contexts, desc->context_count, sizeof(struct ipmmu_context_desc));
	i->ipmmu->units = mem_alloc(m, desc->unit_count, sizeof(*i->ipmmu->units));
	for (uint32_t n = 0; n < desc->unit_count; n++) {
		struct image_unit *u = &i->ipmmu->units[n];

		u->desc = units[n];
		u->name = elf_string(e, (uint64_t)(uintptr_t)u->desc.name, NAME_MAX_BYTES);
		u->masters = image_read_streams(m, e, u->desc.masters, u->desc.master_count);
		if (u->name == NULL || u->masters == NULL) {
			return false;
		}
	}
	return i->ipmmu->contexts != NULL;
}

static bool image_read_smmus(struct image *i, struct mem *m, const struct elf *e)
{
	struct smmu_desc *descs = image_copy(m, e, i->board.smmus, i->board.smmu_count, sizeof(*descs));

	if (descs == NULL) {
		return false;
	}
	i->smmus = mem_alloc(m, i->board.smmu_count, sizeof(*i->smmus));
	for (uint64_t n = 0; n < i->board.smmu_count; n++) {
		i->smmus[n].desc = descs[n];
		if (!image_read_smmu(&i->smmus[n], m, e)) {
			return false;
		}
	}
	return true;
}

bool image_read(struct image *i, struct mem *m, const struct elf *e, char error[ELF_ERROR_MAX])
{
	const uint8_t *bytes = NULL;
	uint64_t at;

	memset(i, 0, sizeof(*i));
	if (elf_symbol(e, "board", &at)) {
		bytes = elf_bytes(e, at, sizeof(i->board));
	}
	if (bytes == NULL) {
		snprintf(error, ELF_ERROR_MAX, "no symbol 'board' with its bytes");
		return false;
	}
	memcpy(&i->board, bytes, sizeof(i->board));
	if (i->board.magic != TABLES_MAGIC) {
		snprintf(error, ELF_ERROR_MAX, "'board' does not start with the tables' magic number");
		return false;
	}
	i->name = elf_string(e, (uint64_t)(uintptr_t)i->board.name, NAME_MAX_BYTES);
	i->cpus = image_copy(m, e, i->board.cpus, i->board.cpu_count, sizeof(*i->cpus));
	i->spi_owner = image_copy(m, e, i->board.spi_owner, i->board.spi_count, 1);
	i->shared = image_copy(m, e, i->board.shared, i->board.shared_count, sizeof(*i->shared));
	i->doorbells = image_copy(m, e, i->board.doorbells, i->board.doorbell_count, sizeof(*i->doorbells));
	i->window_table = (uint64_t)(uintptr_t)i->board.window.table;
	if (i->name == NULL || i->cpus == NULL || i->spi_owner == NULL || i->shared == NULL ||
	    i->doorbells == NULL || i->board.cpu_count > CPUS_MAX) {
		snprintf(error, ELF_ERROR_MAX, "'board' points outside the file");
		return false;
	}
	if (!image_read_smmus(i, m, e)) {
		snprintf(error, ELF_ERROR_MAX, "the SMMUs lie outside the file");
		return false;
	}
	if (!image_read_ipmmu(i, m, e)) {
		snprintf(error, ELF_ERROR_MAX, "the IPMMUs lie outside the file");
		return false;
	}
	if (!image_read_itses(i, m, e)) {
		snprintf(error, ELF_ERROR_MAX, "the ITSs lie outside the file");
		return false;
	}
	if (!image_read_domains(i, m, e, error)) {
		return false;
	}
	if (!image_read_resets(i, m, e)) {
		snprintf(error, ELF_ERROR_MAX, "the resets lie outside the file");
		return false;
	}
	if (!image_read_demand(i, m, e)) {
		snprintf(error, ELF_ERROR_MAX, "the ranges on demand lie outside the file");
		return false;
	}
	return true;
}
