// SPDX-License-Identifier: Apache-2.0
/* A guest's memory, by its own virtual addresses. */
#include "arch/cpu.h"
#include "guest/xen/priv.h"
#include "lib/string.h"
#include "mm/window.h"

/* PAR_EL1 after a translation (DDI 0487, D24.2). */
#define PAR_F BIT64(0)
#define PAR_PA GENMASK64(47, 12)

#define SLOT 0

/* Pages that XEN_COPY_MAX bytes can touch. */
#define PAGES_MAX 2u

_Static_assert(XEN_COPY_MAX <= PAGE_SIZE, "two pages at the most");

/* Where in the domain's RAM EL1's address `va` is. What stage 2 maps is the domain's;
 * of that, devices are not for copying. */
static bool copy_translate(const struct vcpu *v, uint64_t va, bool write, uint64_t *pa)
{
	uint64_t par = arch_translate_guest(va, write);

	*pa = (par & PAR_PA) | (va & (PAGE_SIZE - 1));
	return (par & PAR_F) == 0 && domain_owns_ram(v->domain, PA(*pa));
}

static void copy_piece(uint64_t pa, uint8_t *mine, uint32_t size, bool write)
{
	void *guest = xen_map(SLOT, pa);

	if (write) {
		memcpy(guest, mine, size);
	} else {
		memcpy(mine, guest, size);
	}
	xen_unmap(SLOT);
}

/* How many of the bytes are in the first page. */
static uint32_t copy_first(uint64_t va, uint32_t size)
{
	uint32_t room = (uint32_t)(PAGE_SIZE - va % PAGE_SIZE);

	return room < size ? room : size;
}

static bool copy_find(const struct vcpu *v, uint64_t va, uint32_t size, bool write, uint64_t pa[PAGES_MAX])
{
	uint32_t first = copy_first(va, size);

	return size <= XEN_COPY_MAX && va + (size - 1) >= va && copy_translate(v, va, write, &pa[0]) &&
	       (first == size || copy_translate(v, va + first, write, &pa[1]));
}

static bool copy(struct vcpu *v, uint64_t va, uint8_t *mine, uint32_t size, bool write)
{
	uint32_t first = copy_first(va, size);
	uint64_t pa[PAGES_MAX];

	if (size == 0) {
		return true;
	}
	if (!copy_find(v, va, size, write, pa)) {
		return false;
	}
	copy_piece(pa[0], mine, first, write);
	if (first < size) {
		copy_piece(pa[1], mine + first, size - first, write);
	}
	return true;
}

bool xen_copy_from(struct vcpu *v, void *to, uint64_t va, uint32_t size)
{
	return copy(v, va, to, size, false);
}

bool xen_copy_to(struct vcpu *v, uint64_t va, const void *from, uint32_t size)
{
	/* Only read: copy() writes to `mine` when it does not write to the guest. */
	return copy(v, va, (uint8_t *)(uintptr_t)from, size, true);
}

bool xen_copy_check(struct vcpu *v, uint64_t va, uint32_t size)
{
	uint64_t pa[PAGES_MAX];

	return size == 0 || copy_find(v, va, size, true, pa);
}

void *xen_map(uint32_t slot, uint64_t pa)
{
	return window_map(cpu_this()->index, slot, PA(pa));
}

void xen_unmap(uint32_t slot)
{
	window_unmap(cpu_this()->index, slot);
}
