// SPDX-License-Identifier: Apache-2.0
#include "firmware/build/build.h"

bool build_all(struct build *b)
{
	uint64_t window = (uint64_t)(uintptr_t)b->board->window.table - b->home.load;

	b->tables = window;
	b->pa_bits = b->pa_bits < BUILD_PA_BITS_MAX ? b->pa_bits : BUILD_PA_BITS_MAX;
	b->written = build_take(b, b->size / PAGE_SIZE, 1);
	if (b->written == NULL) {
		return false;
	}
	b->written[window / PAGE_SIZE] = 1;
	if (!build_probe(b)) {
		return false;
	}
	build_its(b);
	return build_machine(b) && build_memory(b) && build_domain(b) && build_streams(b) && build_msi(b) &&
	       build_el2(b) && build_check(b);
}
