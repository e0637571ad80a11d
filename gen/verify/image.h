/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The structs of hv/include/tables.h as they stand in the linked ELF, copied
 * out. Pointers inside them are addresses of the target: the copies here are
 * what may be read.
 */
#ifndef VERIFY_IMAGE_H
#define VERIFY_IMAGE_H

#include "elf.h"
#include "mem.h"
#include "tables.h"

struct image_reset {
	struct reset_step step;
	const char *device;
};

struct image_demand {
	struct ondemand_range range;
	const char *name;
};

struct image_domain {
	struct domain_desc desc;
	const char *name;
	struct payload_piece *pieces; /* desc.piece_count of them, and so on */
	struct trap_window *windows;
	struct mem_range *ram;
	struct mem_range *handover;
	uint32_t *smc;
	uint8_t *cpus;
	struct image_reset *resets;
	uint64_t reset_count;
	struct image_demand *demand;
	uint64_t demand_count;
	bool has_vsmmu;
	struct vsmmu_desc vsmmu; /* what desc.vsmmu points to */
	struct vstream_desc *vstreams;
	bool has_msi;
	struct msi_desc msi;
	struct msi_ids *msi_ids; /* msi.id_count of them */
};

struct image_its {
	struct its_desc desc;
	const char *name;
};

struct image_stream {
	struct stream_desc desc;
	const char *device;
	const char *file;
};

struct image_smmu {
	struct smmu_desc desc;
	const char *name;
	struct image_stream *streams; /* desc.stream_count of them */
};

struct image_unit {
	struct ipmmu_unit_desc desc;
	const char *name;
	struct image_stream *masters; /* desc.master_count of them */
};

/* What board.ipmmu points to. */
struct image_ipmmu {
	struct ipmmu_desc desc;
	struct image_unit *units;            /* desc.unit_count of them */
	struct ipmmu_context_desc *contexts; /* desc.context_count of them */
};

struct image {
	struct board_tables board;
	const char *name;
	struct cpu_desc *cpus;
	struct image_domain *domains;
	struct image_smmu *smmus; /* board.smmu_count of them */
	struct image_ipmmu *ipmmu; /* NULL: none */
	struct image_its *itses;  /* board.its_count of them */
	struct mem_range *shared; /* board.shared_count of them */
	struct doorbell_desc *doorbells;
	uint8_t *spi_owner; /* board.spi_count of them, from INTID 32 on */
	uint64_t window_table; /* physical address */
};

/* Copies `board` and all it points to. false, with the reason in `error`, when
 * something lies outside the file or a count is out of all bounds. */
bool image_read(struct image *i, struct mem *m, const struct elf *e, char error[ELF_ERROR_MAX]);

#endif
