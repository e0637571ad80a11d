// SPDX-License-Identifier: Apache-2.0
/* The machine as the hypervisor sees it: its own RAM, CPUs, GIC, UART. */
#include <string.h>

#include "plan/plan.h"

#define IMAGE_ALIGN MIB(2)
/* Where an image is linked whose board file names no address: beyond what any page table that
 * boot makes can map otherwise (BUILD_PA_BITS_MAX in hv/firmware/build/). What lies behind the
 * hypervisor there is the payload that the file carries. */
#define OPEN_LOAD (BIT64(47) + IMAGE_ALIGN)
#define OPEN_ROOM GIB(1)
/* Code, data and stacks, and then at least as much for tables. */
#define OPEN_SIZE_MIN MIB(2)

static struct mem_range mem_range_of(const struct m_range *r)
{
	return (struct mem_range){r->base, r->size};
}

/* Where tables are made at boot they are for one domain, which gets what firmware tells of. */
static bool open_check(struct plan *p, struct diag *d)
{
	const struct model *m = p->m;
	struct diag_msg *msg;

	if (m->domain_count > 1 || (m->domain_count == 1 && !m->domains[0].hardware)) {
		msg = diag_error(d, 609, m->domains[m->domain_count - 1].pos, "only the hardware domain can be on a board "
				 "whose addresses firmware says");
		diag_help(msg, "say in board.yaml what the board has ('memory:' and the rest), or leave '%s' out",
			  m->domains[m->domain_count - 1].name.s);
		return false;
	}
	if (m->domain_count == 1 && !m->domains[0].on_demand) {
		msg = diag_error(d, 609, m->domains[0].pos, "'%s' would find no device", m->domains[0].name.s);
		diag_help(msg, "mmio: on-demand");
		return false;
	}
	if (p->image.size < OPEN_SIZE_MIN) {
		msg = diag_error(d, 257, m->hv_pos, "the tables that are made at boot do not fit the hypervisor's memory "
				 "of 0x%llx bytes", (unsigned long long)p->image.size);
		diag_help(msg, "give it more: hypervisor: {size: 0x800000}");
		return false;
	}
	return true;
}

/* The hypervisor's RAM: aligned, and inside the board's. */
static bool image_place(struct plan *p, struct diag *d)
{
	const struct m_board *b = &p->m->board;
	bool open = model_is_open(b);

	p->image.base = b->load.given ? b->load.v : OPEN_LOAD;
	p->image.size = ALIGN_UP(p->m->hv_size, PAGE_SIZE);
	if (!b->load.given && !open) {
		struct diag_msg *msg = diag_error(d, 250, b->pos, "the board does not say where its boot loader "
						  "puts the image");
		diag_help(msg, "add 'image: {load: <address>}', 2 MiB aligned, inside the board's RAM");
		return false;
	}
	if (!IS_ALIGNED(p->image.base, IMAGE_ALIGN)) {
		struct diag_msg *msg = diag_error(d, 250, b->load.pos, "the image cannot be loaded at 0x%llx",
						  (unsigned long long)p->image.base);
		diag_label(msg, "not a multiple of 2 MiB, as the arm64 boot protocol wants it");
		diag_help(msg, "load: 0x%llx", (unsigned long long)ALIGN_UP(p->image.base, IMAGE_ALIGN));
		return false;
	}
	if (open && !open_check(p, d)) {
		return false;
	}
	for (size_t i = 0; i < b->ram_count; i++) {
		uint64_t base = ALIGN_UP(b->ram[i].base, PAGE_SIZE);
		uint64_t end = ALIGN_DOWN(b->ram[i].base + b->ram[i].size, PAGE_SIZE);
		ranges_add(&p->free_ram, base, end > base ? end - base : 0);
	}
	for (size_t i = 0; i < b->reserved_count; i++) {
		uint64_t base = ALIGN_DOWN(b->reserved[i].base, PAGE_SIZE);
		uint64_t end = ALIGN_UP(b->reserved[i].base + b->reserved[i].size, PAGE_SIZE);
		ranges_remove(&p->free_ram, base, end - base);
	}
	if (!open && !ranges_cover(&p->free_ram, p->image.base, p->image.size)) {
		struct diag_msg *msg = diag_error(d, 250, b->load.pos, "the hypervisor's memory [0x%llx..0x%llx) "
						  "does not lie in free RAM", (unsigned long long)p->image.base,
						  (unsigned long long)(p->image.base + p->image.size));
		diag_note(msg, p->m->hv_pos, "its size is 0x%llx", (unsigned long long)p->image.size);
		diag_help(msg, "choose a 'load' inside one of the board's 'memory' ranges and outside "
			  "'reserved-memory'");
		return false;
	}
	if (open) {
		ranges_add(&p->free_ram, p->image.base, p->image.size + OPEN_ROOM);
	}
	ranges_remove(&p->free_ram, p->image.base, p->image.size);
	return true;
}

static void gic_describe(struct plan *p)
{
	const struct m_gic *g = &p->m->board.gic;
	uint64_t frames = p->m->board.cpu_count * GICR_FRAME_SIZE;

	if (g->gicd.size == 0) {
		return; /* firmware will tell where it is, and which */
	}
	p->gic.version = g->version;
	p->gic.maintenance = g->maintenance.intid;
	p->gic.timer = p->m->board.timer.hyp.intid;
	p->gic.gicd = mem_range_of(&g->gicd);
	if (g->version == GIC_V3) {
		/* Only the frames of CPUs that are used: the region may be far larger. */
		p->gic.gicr = mem_range_of(&g->gicr);
		p->gic.gicr.size = p->gic.gicr.size < frames ? p->gic.gicr.size : frames;
	} else {
		p->gic.gicc = mem_range_of(&g->gicc);
		p->gic.gich = mem_range_of(&g->gich);
		p->gic.gicv = mem_range_of(&g->gicv);
	}
}

size_t plan_owner(const struct plan *p, size_t device)
{
	for (size_t i = 0; device == p->m->board.console_device && i < p->domain_count; i++) {
		const struct m_domain *dom = p->domains[i].m;
		if (dom->console == CONSOLE_DEVICE && dom->console_device == device) {
			return i;
		}
	}
	return p->m->board.devices[device].enabled ? p->m->device_owner[device] : MODEL_NONE;
}

/* None when firmware tells. A domain that takes the board's console as its own has
 * its interrupts; the hypervisor still writes what it has to say there, polling. */
static void uart_describe(struct plan *p)
{
	const struct m_board *b = &p->m->board;

	if (b->console_device == MODEL_NONE) {
		return;
	}
	const struct m_device *dev = &b->devices[b->console_device];
	for (size_t i = 0; i < dev->compatible_count; i++) {
		if (strcmp(dev->compatible[i], "arm,pl011") == 0) {
			p->uart.kind = UART_PL011;
		} else if (strstr(dev->compatible[i], "scif") != NULL) {
			p->uart.kind = UART_SCIF;
		}
	}
	if (p->uart.kind == UART_NONE || dev->reg_count == 0) {
		p->uart.kind = UART_NONE;
		return;
	}
	p->uart.reg = mem_range_of(&dev->reg[0]);
	if (plan_owner(p, b->console_device) == MODEL_NONE && dev->irq_count > 0) {
		p->uart.intid = dev->irqs[0].intid;
	}
}

/* CPUs of the machine and of each domain; a CPU nobody names stays off. */
static bool cpus_assign(struct plan *p, struct diag *d)
{
	const struct m_board *b = &p->m->board;
	bool good = true;

	p->cpu_count = b->cpu_count;
	p->cpus = arena_array(p->arena, b->cpu_count, sizeof(p->cpus[0]));
	for (size_t i = 0; i < b->cpu_count; i++) {
		p->cpus[i] = (struct cpu_desc){.mpidr = b->cpus[i].mpidr.v, .domain = OWNER_NONE};
	}
	for (size_t i = 0; i < p->domain_count; i++) {
		struct plan_domain *dom = &p->domains[i];
		dom->cpus = arena_array(p->arena, dom->m->cpu_count, sizeof(dom->cpus[0]));
		for (size_t c = 0; c < dom->m->cpu_count; c++) {
			size_t cpu = dom->m->cpus[c];
			if (cpu < b->cpu_count) {
				p->cpus[cpu].domain = (uint8_t)i;
				p->cpus[cpu].vcpu = (uint8_t)dom->cpu_count;
				dom->cpus[dom->cpu_count++] = (uint8_t)cpu;
			}
		}
		if (dom->cpu_count == 0 && b->cpu_count > 0) {
			struct diag_msg *msg = diag_error(d, 550, dom->m->pos, "domain '%s' has no CPU",
							  dom->m->name.s);
			diag_note(msg, pos_none, "the machine has %zu of its CPUs in this build", b->cpu_count);
			good = false;
		}
	}
	return good;
}

bool plan_machine(struct plan *p, struct diag *d)
{
	const struct m_board *b = &p->m->board;

	p->pa_bits = b->pa_bits.given ? (uint32_t)b->pa_bits.v : 40;
	p->ipa_bits = p->pa_bits < STAGE2_IPA_BITS_MIN   ? STAGE2_IPA_BITS_MIN
		      : p->pa_bits > STAGE2_IPA_BITS_MAX ? STAGE2_IPA_BITS_MAX
							 : p->pa_bits;
	gic_describe(p);
	uart_describe(p);
	bool placed = image_place(p, d);
	return cpus_assign(p, d) && placed;
}
