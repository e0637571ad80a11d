// SPDX-License-Identifier: Apache-2.0
// sources: hv/iommu/ipmmu*.c hv/mm/stage2.c tests/models/model.c tests/models/ipmmu*.c
// sources: tests/unit/ipmmu/machine.c
/*
 * Ten million random steps of the driver and of the masters (or as many as IPMMU_STEPS in the
 * environment says), whatever the answers to what is not known of the hardware. At each: a
 * master reaches exactly its domain's pages, a blocked domain's nothing, nobody's nothing. So it
 * is in the middle of the driver's steps too, between any two accesses to registers: only of the
 * domain that is being blocked or let go it is not known there which of the two it is.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "iommu/iommu.h"
#include "models/model.h"
#include "unit/ipmmu/machine.h"

#define STEPS 10000000u

static uint32_t blocked;           /* domains, a bit each */
static uint32_t changing = DOMAINS; /* the one that the driver is at */
static uint64_t steps, reached, refused, amid;

static uint64_t random_address(uint32_t owner)
{
	const uint64_t bases[] = {IPA_OF_A, RAM_OF_A, RAM_OF_B, RAM_OF_NOBODY,
				  owner == DOMAIN_A ? IPA_OF_A : RAM_OF_B, owner == DOMAIN_A ? IPA_OF_A : RAM_OF_B};

	if (machine_random(16) == 0) {
		return (uint64_t)machine_random(UINT32_MAX) << 32 | machine_random(UINT32_MAX);
	}
	/* A page before and behind too. */
	return bases[machine_random(ARRAY_SIZE(bases))] + PAGE_SIZE * (uint64_t)machine_random(RAM_PAGES + 2) -
	       PAGE_SIZE + 8 * (uint64_t)machine_random(512);
}

/* Few micro-TLBs, so that what they keep is met again. */
static const uint32_t utlbs[][2] = {{DS0, 3}, {DS0, 15}, {DS0, 16}, {DS0, 17}, {DS1, 0}, {DS1, 20}, {DS1, 32},
				    {DS1, 47}, {HC, 2}, {VP0, 0}, {VP0, 5}, {VP0, 8}, {MM, 1}};

static void step_dma(void)
{
	uint32_t which = machine_random(ARRAY_SIZE(utlbs));
	uint32_t owner = machine_owner(utlbs[which][0], utlbs[which][1]);
	uint64_t faults = machine.counts.faults;

	machine_dma(utlbs[which][0], utlbs[which][1], random_address(owner), machine_random(2) != 0,
		    (blocked >> owner & 1) != 0);
	refused += machine.counts.faults != faults;
	reached += machine.counts.faults == faults;
}

/* A master's access in the middle of what the driver does. */
static void step_amid(uint32_t unit, uint32_t reg)
{
	uint32_t which = machine_random(ARRAY_SIZE(utlbs));
	uint32_t owner = machine_owner(utlbs[which][0], utlbs[which][1]);
	uint64_t address = random_address(owner);
	bool write = machine_random(2) != 0;
	enum ipmmum_result result;
	uint64_t pa, own;

	(void)unit;
	(void)reg;
	amid++;
	if (owner != changing) {
		machine_dma(utlbs[which][0], utlbs[which][1], address, write, (blocked >> owner & 1) != 0);
		return;
	}
	result = ipmmum_translate(&machine, utlbs[which][0], utlbs[which][1], address, write, &pa);
	if (result == IPMMUM_UNTRANSLATED ||
	    (result == IPMMUM_TRANSLATED && (!machine_goes(owner, address, write, &own) || pa != own))) {
		model_fail("unit %u, micro-TLB %u, 0x%lx: result %u, 0x%lx", utlbs[which][0], utlbs[which][1], address,
			   result, pa);
	}
}

static void begin_change(uint32_t domain)
{
	changing = domain;
	machine_on_access = step_amid;
}

static void end_change(void)
{
	changing = DOMAINS;
	machine_on_access = NULL;
}

static void step_driver(void)
{
	uint32_t domain = machine_random(DOMAINS);

	switch (machine_random(4)) {
	case 0:
		begin_change(domain);
		assert_true(iommu_domain_block(domain, 0));
		blocked |= BIT32(domain);
		end_change();
		break;
	case 1:
		begin_change(domain);
		assert_true(iommu_domain_unblock(domain, 0));
		blocked &= ~BIT32(domain);
		end_change();
		break;
	case 2:
		machine_pass_us(machine_random(200000));
		machine_settle();
		break;
	default:
		ipmmum_set_flush_reads(&machine, machine_random(5));
		break;
	}
}

static void test_random(void **state)
{
	uint32_t flushes = 0;

	(void)state;
	machine_seed(20261121);
	steps = getenv("IPMMU_STEPS") != NULL ? strtoull(getenv("IPMMU_STEPS"), NULL, 10) : STEPS;
	assert_true(steps >= 1000 * IPMMUM_ANSWERS);
	for (uint64_t i = 0; i < steps; i++) {
		if (i % (steps / (2 * IPMMUM_ANSWERS)) == 0) {
			flushes += machine.counts.flushes != 0;
			machine_prepare();
			machine_config.answers = machine_random(IPMMUM_ANSWERS);
			machine_config.powers_on = machine_random(4);
			machine_boot();
			blocked = 0;
		}
		if (machine_random(64) == 0) {
			step_driver();
			if (machine.violations != 0) {
				model_fail("%s", machine.violation);
			}
		} else {
			step_dma();
		}
	}
	/* It was about something: of either kind there was much, and of each round. */
	assert_true(reached > steps / 10 && refused > steps / 10 && amid > steps / 100);
	assert_true(flushes >= 2 * IPMMUM_ANSWERS - 1);
	fprintf(stderr, "%lu reached, %lu refused; %lu in the middle of the driver's steps\n", reached, refused,
		amid);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_random)};

	return cmocka_run_group_tests_name("ipmmu_random", tests, NULL, NULL);
}
