/* SPDX-License-Identifier: Apache-2.0 */
#include "ondemand.h"

/* In ascending order. The UART is there, but it is the hypervisor's that answers. */
const struct place ondemand_forbidden[] = {
	{0x08080000, 0x20000, "ITS"},
	{0x080e0000, 0xf20000, "redistributors that no CPU of ours has"},
	{0x09050000, 0x20000, "SMMU"},
	{0x0a000000, 0x4000, "virtio: devices of nobody"},
	{0x16000000, 0x1000, "another domain's device"},
	{0x20600000, 0x1fa00000, "addresses of no window"},
};
const uint32_t ondemand_forbidden_count = sizeof(ondemand_forbidden) / sizeof(ondemand_forbidden[0]);

static const struct place elsewhere[] = {
	{0x40200000, PAGE, "the hypervisor's text"},
	{0x402ff000, PAGE, "the hypervisor's tables"},
	{0x48000000, PAGE, "RAM of nobody"},
	{0x60000000, PAGE, "another domain's RAM"},
	{0x60fff000, PAGE, "the end of it"},
	{0x5000000000, PAGE, "nothing at all"},
};

uint32_t ondemand_wrong;

bool ondemand_is_forbidden(uint64_t addr)
{
	for (uint32_t i = 0; i < ondemand_forbidden_count; i++) {
		if (addr - ondemand_forbidden[i].base < ondemand_forbidden[i].size) {
			return true;
		}
	}
	return false;
}

bool ondemand_load(uint64_t addr)
{
	struct trap_record trap;

	TRAP_PROBE(trap, "ldr w9, [%0]" : : "r"(addr) : "x9", "memory");
	if (trap.taken && (trap.count != 1 || ESR_EC(trap.esr) != EC_DABT_CUR || ESR_FSC(trap.esr) != FSC_EXTERNAL ||
			   trap.far != addr)) {
		ondemand_wrong++;
		console_printf("%lx: ESR %lx FAR %lx, %u exceptions\n", addr, trap.esr, trap.far, trap.count);
	}
	return !trap.taken;
}

static void test_forbidden(const struct place *p, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++) {
		bool first = ondemand_load(p[i].base), last = ondemand_load(p[i].base + p[i].size - 4);

		check_that(!first && !last && ondemand_wrong == 0, "forbidden", "%s, %lx: answered", p[i].name,
			   p[i].base);
	}
}

void payload_main(void)
{
	test_forbidden(ondemand_forbidden, ondemand_forbidden_count);
	test_forbidden(elsewhere, sizeof(elsewhere) / sizeof(elsewhere[0]));
	if (machine_option("sweep")) {
		ondemand_sweep();
	} else {
		ondemand_few();
	}
	check_that(ondemand_wrong == 0, "aborts-are-external", "%u are not", ondemand_wrong);
	check_report();
}
