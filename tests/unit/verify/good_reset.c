// SPDX-License-Identifier: Apache-2.0
/* How guest1's devices are reset. */
#include <string.h>

#include "good.h"

void good_build_resets(struct good *g)
{
	struct good_rodata *r = g->rodata;
	const char *eth = good_target(g, memcpy(r->reset_names[0], "eth", 4));
	const char *gpio = good_target(g, memcpy(r->reset_names[1], "gpio_b", 7));

	r->resets[0] = (struct reset_step){.device = eth, .pa = 0x0a0003fc, .op = RESET_WRITE, .value = 0x80};
	r->resets[1] = (struct reset_step){.device = eth, .op = RESET_WAIT, .us = 35};
	r->resets[2] = (struct reset_step){
		.device = eth, .pa = 0x0a000000, .op = RESET_POLL, .us = 500, .mask = 0x81, .value = 0x1};
	r->resets[3] = (struct reset_step){.device = gpio, .pa = 0x0a100110, .op = RESET_WRITE};
	r->reset_lists[1] = (struct reset_list){good_target(g, r->resets), 4};
}
