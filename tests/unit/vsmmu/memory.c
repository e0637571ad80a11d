// SPDX-License-Identifier: Apache-2.0
/* Guests' RAM of the machine in machine.h, and the hypervisor's window on it. */
#define _GNU_SOURCE
#include <sanitizer/asan_interface.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "arch/cpu.h"
#include "mm/window.h"
#include "models/model.h"
#include "unit/vsmmu/board.h"
#include "unit/vsmmu/machine.h"

#define RAM_FROM A_PA
#define RAM_END (A_PA_MORE + A_SIZE_MORE)
#define RAM_PAGES ((RAM_END - RAM_FROM) / PAGE_SIZE)

uint32_t machine_maps;
bool machine_changed;
void (*machine_on_map)(uint8_t *page);
void (*machine_on_store)(void);

static uint8_t *memory; /* RAM as the test sees it */
static uint8_t *window; /* the same RAM as the hypervisor does, page by page */
static uint64_t mapped[WINDOW_SLOTS]; /* PA of the open page; 0: none */
static bool touched[RAM_PAGES]; /* pages that may not be 0 */
static uint32_t touched_list[RAM_PAGES];
static uint32_t touched_count;

static void touch(uint64_t pa)
{
	uint32_t page = (uint32_t)((pa - RAM_FROM) / PAGE_SIZE);

	if (!touched[page]) {
		touched[page] = true;
		touched_list[touched_count++] = page;
	}
}

void *machine_pa(uint64_t pa)
{
	if (machine_owner(pa) == DOMAINS) {
		return NULL;
	}
	touch(pa);
	return memory + (pa - RAM_FROM);
}

void memory_clear(void)
{
	for (uint32_t i = 0; i < touched_count; i++) {
		memset(memory + touched_list[i] * PAGE_SIZE, 0, PAGE_SIZE);
		touched[touched_list[i]] = false;
	}
	touched_count = 0;
	memset(mapped, 0, sizeof(mapped));
	machine_on_store = NULL;
}

uint32_t machine_owner(uint64_t pa)
{
	if (pa - A_PA < A_SIZE || pa - A_PA_MORE < A_SIZE_MORE) {
		return A;
	}
	return pa - B_PA < B_SIZE ? B : pa - C_PA < C_SIZE ? C : DOMAINS;
}

void *machine_ram(uint32_t domain, uint64_t ipa)
{
	uint64_t pa = ipa;

	if (domain == A) {
		pa = ipa - RAM_IPA < A_SIZE ? A_PA + (ipa - RAM_IPA) : A_PA_MORE + (ipa - RAM_IPA - A_SIZE);
	} else if (domain == B) {
		pa = B_PA + (ipa - RAM_IPA);
	}
	return machine_owner(pa) == domain ? machine_pa(pa) : NULL;
}

static bool is_table(uint64_t pa)
{
	return pa - (uint64_t)(uintptr_t)__tables_start < sizeof(board_tables_pages);
}

/* One page at a time, each slot by itself. The hypervisor's own pages can be mapped too. */
void *window_map(uint32_t cpu, uint32_t slot, pa_t pa)
{
	uint64_t page = ALIGN_DOWN(pa.pa, PAGE_SIZE);

	must(cpu == model_cpu && slot < WINDOW_SLOTS && mapped[slot] == 0);
	mapped[slot] = page;
	machine_maps++;
	machine_changed |= is_table(page) || board_is_nested(page);
	if (is_table(page)) {
		board_open(page);
		return (void *)(uintptr_t)pa.pa;
	}
	if (board_is_nested(page)) {
		return (void *)(uintptr_t)pa.pa;
	}
	must(machine_owner(page) < C); /* C has nothing to do with this */
	touch(page);
	if (machine_on_map != NULL) {
		machine_on_map(memory + (page - RAM_FROM));
	}
	ASAN_UNPOISON_MEMORY_REGION(window + (page - RAM_FROM), PAGE_SIZE);
	return window + (pa.pa - RAM_FROM);
}

void window_unmap(uint32_t cpu, uint32_t slot)
{
	uint64_t page = mapped[slot];

	must(cpu == model_cpu && page != 0);
	mapped[slot] = 0;
	if (machine_on_store != NULL && (is_table(page) || board_is_nested(page))) {
		machine_on_store();
	}
	if (is_table(page)) {
		board_close(page);
	} else if (!board_is_nested(page) && mapped[0] != page && mapped[1] != page) {
		ASAN_POISON_MEMORY_REGION(window + (page - RAM_FROM), PAGE_SIZE);
	}
}

/* What the models know by another address. */
static const void *as_model(const void *p)
{
	uint64_t offset = (uint64_t)((const uint8_t *)p - window);

	return offset < RAM_END - RAM_FROM ? memory + offset : p;
}

void arch_dcache_clean(const void *p, uint64_t size)
{
	smmum_cache_clean(as_model(p), size);
}

void arch_dcache_invalidate(const void *p, uint64_t size)
{
	smmum_cache_invalidate(as_model(p), size);
}

void arch_dcache_flush(const void *p, uint64_t size)
{
	arch_dcache_clean(p, size);
	arch_dcache_invalidate(p, size);
}

static void memory_make(void)
{
	int fd = memfd_create("ram", 0);

	must(fd >= 0 && ftruncate(fd, (off_t)(RAM_END - RAM_FROM)) == 0);
	memory = mmap(NULL, RAM_END - RAM_FROM, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	window = mmap(NULL, RAM_END - RAM_FROM, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	must(memory != MAP_FAILED && window != MAP_FAILED);
	close(fd);
	ASAN_POISON_MEMORY_REGION(window, RAM_END - RAM_FROM);
}

void memory_add_ram(void)
{
	if (memory == NULL) {
		memory_make();
	}
	smmum_add_ram(A_PA, A_SIZE, memory, NULL);
	smmum_add_ram(A_PA_MORE, A_SIZE_MORE, memory + (A_PA_MORE - RAM_FROM), NULL);
	smmum_add_ram(B_PA, B_SIZE, memory + (B_PA - RAM_FROM), NULL);
	smmum_add_ram(C_PA, C_SIZE, memory + (C_PA - RAM_FROM), NULL);
}

void memory_check(void)
{
	must(mapped[0] == 0 && mapped[1] == 0);
}
