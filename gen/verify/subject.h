/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is proven: the image beside the YAML, the maps walked, and what each map
 * should be.
 */
#ifndef VERIFY_SUBJECT_H
#define VERIFY_SUBJECT_H

#include "board.h"
#include "image.h"
#include "walk.h"

/* A map that the YAML asks for. */
struct expect {
	uint64_t in;
	uint64_t out;
	uint64_t size;
	uint32_t attr;
	bool free;        /* the plan chose `out` */
	const char *name; /* of what asked for it */
	struct place at;
};

struct expects {
	struct expect *v;
	size_t count;
	size_t cap;
};

/* What only the hypervisor may touch. */
struct thing {
	const char *name;
	uint64_t lo;
	uint64_t hi;
	struct place at;
};

/* One domain of the image beside the one of the same name in the YAML. */
struct guest {
	const struct image_domain *image;
	const struct domain *yaml;
	int index; /* of the YAML's domain */
	struct walk walk;
	/* GICv2: its streams have tables of their own, or, before one was seen, 0. */
	uint64_t dma_root;
	bool dma_good;
	struct expects expects;
	struct spans chosen; /* RAM that the plan found for it */
	struct spans ram;    /* all its RAM, physical */
};

/* Firmware says where everything is, and tables are made at boot. */
static inline bool board_is_open(const struct board *b)
{
	return b->acpi && b->ram_count == 0;
}

struct subject {
	struct mem *mem;
	struct report *report;
	const struct elf *elf;
	const struct board *board;
	struct image image;
	struct walk_pages pages;
	struct guest *guests; /* one for each domain of the image */
	size_t guest_count;
	struct thing *things;
	size_t thing_count;
	size_t thing_cap;
	struct spans usable; /* RAM that domains may have */
	struct spans home;   /* pages that the hypervisor runs in, if it has cache colours */
	struct walk el2;
	struct span *regions; /* where each of the board's regions is; hi 0: nobody has it mapped */
};

/* Proves everything about an image. false, with the reason in `error`: the ELF
 * cannot be read; nothing is proven then. The subject and the report belong to `m`. */
bool subject_verify(struct subject *s, struct mem *m, const struct elf *e, const struct board *b,
		    struct report *r, char error[ELF_ERROR_MAX]);

/* own.c: who should have what. */
void own_list_things(struct subject *s);
void own_expect(struct subject *s, struct guest *g);
/* Whether [lo, hi) is the page of an ITS's doorbell that the domain's devices use. */
bool own_is_doorbell(const struct subject *s, int domain, uint64_t lo, uint64_t hi);
/* own_demand.c: a domain's devices; and of the board's windows what it may have. */
void demand_expect(struct subject *s, struct guest *g);
/* Where the image has the regions that domains share, and what these are to map. */
void shared_find(struct subject *s);
void shared_expect(struct subject *s, struct guest *g);
/* Whether all of [lo, hi) is memory that both share. */
bool shared_by(struct subject *s, int one, int two, uint64_t lo, uint64_t hi);
void own_expect_rest(struct subject *s, struct guest *g);
/* The name of what the YAML has at physical address `pa`, with its place. */
const char *own_name(const struct subject *s, uint64_t pa, struct place *at);
/* The page-rounded bounds of a range. */
struct span own_pages(const struct range *r);
void expects_add(struct mem *m, struct expects *e, struct expect x);

/* compare.c: a walked map against an expected one. */
struct comparison {
	struct subject *s;
	const char *domain;
	const struct runs *runs;
	struct expects *expects;
	enum property where; /* fails when an address is wrong */
	enum property how;   /* fails when an attribute is wrong */
	struct spans *chosen;  /* gets the output of `free` expectations; may be NULL */
	uint64_t floating;     /* bytes of RAM that may lie anywhere, 1:1 */
	struct place floating_at;
};
void compare_maps(struct comparison *c);

/* prove_windows.c: the domain's window of a kind, in the image; NULL: none. */
const struct trap_window *window_of(const struct guest *g, enum window_kind kind);

/* The properties. */
void prove_facts(struct subject *s);      /* the structs repeat the YAML rightly */
void prove_firmware(struct subject *s);   /* and so does what it asks of firmware's tables */
void prove_gic_registers(struct subject *s); /* 1: its ranges have room for them, in no RAM */
void prove_hypervisor(struct subject *s); /* 1 */
void prove_owners(struct subject *s);     /* 2: no byte for two */
void prove_maps(struct subject *s);       /* 2 and 4: exactly the YAML */
void prove_ram(struct subject *s);        /* 2: what the hypervisor copies and scrubs */
void prove_shared(struct subject *s);     /* 2 and 6: regions and doorbells */
void prove_colors(struct subject *s);     /* 2: in the cache */
void prove_interrupts(struct subject *s); /* 6 */
void prove_windows(struct subject *s);    /* 6 */
void prove_trees(struct subject *s);      /* 2 and 6: addresses in the domains' device trees */
void prove_msi(struct subject *s);        /* 1 and 6 */
void prove_resets(struct subject *s);     /* 2: registers that the hypervisor writes for a domain */
void prove_demand(struct subject *s);     /* 2: what names what is mapped on demand */
void prove_xen(struct subject *s);        /* 7 */
/* Whether these are the stage-2 tables that the domain's streams are to have. */
bool prove_dma_root(struct subject *s, struct guest *g, uint64_t root);
void prove_streams(struct subject *s);    /* 3 and 5; before walk_check_unused() */
void prove_ipmmus(struct subject *s);     /* the same of micro-TLBs */
void prove_viommus(struct subject *s);    /* 3 and 6: streams that guests translate as well */
void prove_masters(struct subject *s);    /* 3 and 5: where there is no IOMMU, or none with tables */
void prove_el2(struct subject *s);
/* Of it what does not need the map. */
void prove_el2_sections(struct subject *s);
/* In place of all the others, but for what the image carries of its own. */
void prove_open(struct subject *s);
/* hv.img: its flat part and its packed tables equal the ELF's. */
void prove_packed(struct subject *s, const uint8_t *file, uint64_t size);

#endif
