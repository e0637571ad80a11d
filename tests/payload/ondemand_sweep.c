/* SPDX-License-Identifier: Apache-2.0 */
/* Every page below RAM, and the two ends of what the PCI host has above. */
#include "ondemand.h"

#define RAM UINT64_C(0x40000000)
#define ECAM UINT64_C(0x4010000000)
#define ECAM_SIZE UINT64_C(0x10000000)
#define HIGH UINT64_C(0x8000000000)
#define HIGH_SIZE UINT64_C(0x8000000000)

/* Something is there that answers. */
static bool is_answered(uint64_t addr)
{
	static const struct place answered[] = {
		{0x00000000, 0x08000000, "flash"},       {0x08000000, 0x10000, "distributor"},
		{0x080a0000, 0x40000, "redistributors"}, {0x09000000, 0x1000, "UART"},
		{0x09010000, 0x1000, "RTC"},             {0x09020000, 0x8, "fw_cfg"},
		{0x09030000, 0x1000, "GPIO"},            {0x10000000, 0x06000000, "PCI, before"},
		{0x16001000, 0x0a5ff000, "PCI, behind"},
	};

	for (uint32_t i = 0; i < sizeof(answered) / sizeof(answered[0]); i++) {
		if (addr - answered[i].base < answered[i].size) {
			return true;
		}
	}
	return false;
}

void ondemand_sweep(void)
{
	uint32_t refused = 0, answered = 0, wrong = 0;

	for (uint64_t addr = 0; addr < RAM; addr += PAGE) {
		bool got = ondemand_load(addr);

		refused += !got;
		answered += got;
		if ((got && ondemand_is_forbidden(addr)) || (!got && is_answered(addr))) {
			if (wrong++ < 8) {
				console_printf("%lx: %s\n", addr, got ? "answered" : "refused");
			}
		}
	}
	console_printf("%u pages answered, %u refused\n", answered, refused);
	check_that(wrong == 0 && answered + refused == RAM / PAGE, "sweep", "%u pages are wrong", wrong);
	check_that(ondemand_load(ECAM) && ondemand_load(ECAM + ECAM_SIZE - 4) && ondemand_load(HIGH) &&
			   ondemand_load(HIGH + HIGH_SIZE - 4),
		   "pci-above", "it is refused");
	check_that(!ondemand_load(ECAM - 4) && !ondemand_load(ECAM + ECAM_SIZE), "pci-beside", "it is answered");
}
