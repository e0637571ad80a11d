// SPDX-License-Identifier: Apache-2.0
#include "domain/domain.h"

#include "arch/cpu.h"
#include "domain/map.h"

#define MPIDR_AFFINITY (GENMASK64(39, 32) | GENMASK64(23, 0))

/* Most of them are never used: not in .bss, which is zeroed with the MMU off. */
__attribute__((section(".noinit"))) struct cpu cpus[CPUS_MAX];
__attribute__((section(".noinit"))) struct domain domains[DOMAINS_MAX];

struct cpu *cpu_find(uint64_t mpidr)
{
	for (uint32_t i = 0; i < board.cpu_count; i++) {
		if (board.cpus[i].mpidr == (mpidr & MPIDR_AFFINITY)) {
			return &cpus[i];
		}
	}
	return NULL;
}

/* Some window to begin with; one of size 0 for a domain that has none. */
static const struct trap_window *cpu_first_window(const struct domain_desc *desc)
{
	static const struct trap_window none;

	return desc->window_count != 0 ? &desc->windows[0] : &none;
}

void cpu_init_all(void)
{
	for (uint32_t i = 0; i < board.domain_count; i++) {
		domains[i] = (struct domain){.desc = &board.domains[i]};
	}
	for (uint32_t i = 0; i < board.cpu_count; i++) {
		const struct cpu_desc *desc = &board.cpus[i];
		struct cpu *cpu = &cpus[i];

		*cpu = (struct cpu){.index = i};
		cpu->stack_top = (uint64_t)(uintptr_t)&cpu_stacks[i + 1];
		cpu->has_vcpu = desc->domain != OWNER_NONE;
		if (cpu->has_vcpu) {
			cpu->vcpu.domain = &domains[desc->domain];
			cpu->vcpu.index = desc->vcpu;
			cpu->vcpu.window = cpu_first_window(cpu->vcpu.domain->desc);
		}
	}
}

struct vcpu *domain_find_vcpu(const struct domain *d, uint64_t mpidr)
{
	for (uint32_t i = 0; i < d->desc->cpu_count; i++) {
		if (vcpu_mpidr(d, i) == mpidr) {
			return domain_vcpu(d, i);
		}
	}
	return NULL;
}

/* Where the domain's stage-2 map puts `ipa`, and how much of its leaf is left there. */
static bool domain_translate(const struct domain *d, ipa_t ipa, pa_t *pa, uint64_t *left)
{
	struct stage2_pool pool;
	struct stage2 map = domain_map(d, &pool);
	uint64_t size;
	uint64_t leaf = stage2_lookup(&map, ipa, &size);
	uint64_t offset = ipa.ipa & (size - 1);

	if ((leaf & S2_VALID) == 0) {
		return false;
	}
	pa->pa = ALIGN_DOWN(leaf & S2_ADDR, size) | offset;
	*left = size - offset;
	return true;
}

bool domain_owns_ram(const struct domain *d, pa_t pa)
{
	bool owns = false;

	for (uint32_t i = 0; i < d->desc->ram_count; i++) {
		owns = owns || pa.pa - d->desc->ram[i].base < d->desc->ram[i].size;
	}
	return owns && color_has(&d->desc->colors, pa.pa);
}

enum domain_memory domain_find_memory(const struct domain *d, ipa_t ipa, pa_t *pa, uint64_t *left)
{
	if (!domain_translate(d, ipa, pa, left)) {
		return DOMAIN_NOTHING;
	}
	return domain_owns_ram(d, *pa) ? DOMAIN_RAM : DOMAIN_DEVICE;
}

bool domain_has_ram(const struct domain *d, ipa_t ipa)
{
	uint64_t left;
	pa_t pa;

	return domain_find_memory(d, ipa, &pa, &left) == DOMAIN_RAM;
}
