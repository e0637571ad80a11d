// SPDX-License-Identifier: Apache-2.0
/* Places of kernel, initrd and device tree inside a domain's RAM. */
#include <string.h>

#include "plan/plan.h"

/* Kept for a kernel that the build does not have. */
#define KERNEL_ROOM MIB(64)
#define DTB_BASE_ROOM KIB(4)
#define DTB_NODE_ROOM 512u
#define DTB_PROP_ROOM 32u

static uint64_t prop_room(const struct m_prop *prop)
{
	uint64_t room = DTB_PROP_ROOM + strlen(prop->name) + 4 * prop->cell_count;

	for (size_t i = 0; i < prop->string_count; i++) {
		room += strlen(prop->strings[i]) + 1;
	}
	return room;
}

static uint64_t device_room(const struct m_device *dev)
{
	uint64_t room = DTB_NODE_ROOM + strlen(dev->name.s) + 16 * dev->reg_count + 12 * dev->irq_count +
			16 * dev->msi_count;

	for (size_t i = 0; i < dev->compatible_count; i++) {
		room += strlen(dev->compatible[i]) + 1;
	}
	for (size_t i = 0; i < dev->prop_count; i++) {
		room += prop_room(&dev->props[i]);
	}
	return room;
}

static uint64_t masters_room(const struct m_board *b)
{
	uint64_t room = 0;

	for (size_t i = 0; i < b->device_count; i++) {
		room += b->devices[i].dma_master ? strlen(b->devices[i].name.s) + DTB_PROP_ROOM : 0;
	}
	return room;
}

/* The virtual SMMUv3's node, `iommus` and `iommu-map`. */
static uint64_t vsmmu_room(const struct m_vsmmu *v)
{
	uint64_t room = v->given ? DTB_NODE_ROOM : 0;

	for (size_t i = 0; i < v->stream_count; i++) {
		room += DTB_PROP_ROOM + 16 + (v->streams[i].link->mapped ? 0 : 8 * v->streams[i].count);
	}
	return room;
}

/* Clocks and the like, which have nothing to own, go to all who refer to them. */
uint64_t plan_clocks_room(const struct plan *p)
{
	const struct m_board *b = &p->m->board;
	uint64_t room = 0;

	for (size_t i = 0; i < b->device_count; i++) {
		room += b->devices[i].enabled && b->devices[i].reg_count == 0 ? device_room(&b->devices[i]) : 0;
	}
	return room;
}

uint64_t plan_dtb_room(const struct plan *p, const struct plan_domain *dom)
{
	const struct m_board *b = &p->m->board;
	uint64_t room = DTB_BASE_ROOM + dom->cpu_count * DTB_NODE_ROOM + b->ram_count * 64 +
			b->reserved_count * 64;

	for (size_t i = 0; i < b->compatible_count; i++) {
		room += strlen(b->compatible[i]) + 1;
	}
	room += b->description.s == NULL ? 0 : strlen(b->description.s);
	room += dom->m->cmdline.s == NULL ? 0 : strlen(dom->m->cmdline.s);
	room += p->clocks_room;
	for (size_t i = 0; i < dom->device_count; i++) {
		const struct m_device *dev = &b->devices[dom->devices[i]];
		room += dev->enabled && dev->reg_count != 0 ? device_room(dev) : 0;
	}
	/* /hypervisor names each DMA master by its path. */
	room += dom->m->guest_abi == ABI_XEN ? DTB_NODE_ROOM + masters_room(b) : 0;
	room += vsmmu_room(&dom->m->vsmmu);
	room += (dom->m->control.given ? DTB_NODE_ROOM : 0) + (dom->m->watchdog.given ? DTB_NODE_ROOM : 0);
	/* Each with a child, or names for its lines. */
	room += (dom->m->share_count + dom->m->bell_count) * 2 * DTB_NODE_ROOM;
	return ALIGN_UP(room, PAGE_SIZE);
}

/* The first place from `at` on that does not cross a 2 MiB boundary, which old
 * kernels and the hypervisor's own copying like best. */
static uint64_t dtb_place(uint64_t at, uint64_t room)
{
	uint64_t place = ALIGN_UP(at, PAGE_SIZE);

	if (room <= DTB_SIZE_MAX && place / DTB_SIZE_MAX != (place + room - 1) / DTB_SIZE_MAX) {
		place = ALIGN_UP(place, DTB_SIZE_MAX);
	}
	return place;
}

/* One behind the other: kernel, initrd, device tree. With the kernel's place only
 * reserved, the room for it shrinks to what a small domain has. */
static bool place_in(struct plan_domain *dom, const struct plan_ram *ram, uint64_t floor)
{
	uint64_t end = ram->ipa + ram->size;
	uint64_t start = ALIGN_UP(ram->ipa > floor ? ram->ipa : floor, KERNEL_ALIGN) + dom->kernel.offset;

	if (start >= end) {
		return false;
	}
	uint64_t size = dom->kernel.size;
	if (dom->kernel.path == NULL) {
		uint64_t rest = dom->initrd.size + dom->dtb_room + PAGE_SIZE;
		if (end - start <= rest) {
			return false;
		}
		size = end - start - rest < KERNEL_ROOM ? ALIGN_DOWN(end - start - rest, PAGE_SIZE) : KERNEL_ROOM;
	}
	if (size > end - start || dom->initrd.size > end - start) {
		return false;
	}
	uint64_t initrd = ALIGN_UP(start + size, PAGE_SIZE);
	uint64_t dtb = dtb_place(initrd + dom->initrd.size, dom->dtb_room);
	if (dtb + dom->dtb_room > end) {
		dtb = ALIGN_UP(initrd + dom->initrd.size, PAGE_SIZE);
	}
	if (dtb + dom->dtb_room > end) {
		return false;
	}
	dom->kernel.ipa = start;
	dom->kernel.pa = plan_ram_pa(dom, start);
	dom->kernel.size = size;
	dom->initrd.ipa = initrd;
	dom->initrd.pa = plan_ram_pa(dom, initrd);
	dom->dtb_ipa = dtb;
	dom->dtb_pa = plan_ram_pa(dom, dtb);
	return true;
}

bool plan_place_payload(struct plan_domain *dom, uint64_t floor)
{
	for (size_t i = 0; i < dom->ram_count; i++) {
		if (place_in(dom, &dom->ram[i], floor)) {
			return true;
		}
	}
	return false;
}
