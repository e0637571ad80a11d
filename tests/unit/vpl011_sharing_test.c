// SPDX-License-Identifier: Apache-2.0
// sources: hv/drivers/console.c hv/drivers/console_named.c hv/guest/console/mux.c hv/guest/console/own.c
// sources: hv/guest/console/lines.c hv/guest/console/monitor_none.c hv/guest/vpl011.c hv/guest/vpl011_line.c
// sources: hv/guest/xen/none.c
// sources: tests/models/model.c tests/unit/vpl011/machine.c tests/unit/vpl011/sharing.c
/* A UART that is shared, with an interrupt of its own. */
#include "unit/vpl011/sharing.h"

const struct board_tables board = {
	.domain_count = 2,
	.uart = {.kind = UART_PL011, .intid = 33, .reg = {0x9000000, 0x1000}},
	.domains = descs,
};

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(endless_line),
		cmocka_unit_test(endless_lines),
		cmocka_unit_test(message),
		cmocka_unit_test(refused_line),
		cmocka_unit_test(unfinished_line),
		cmocka_unit_test(locked_ring),
		cmocka_unit_test(stop_lets_go),
		cmocka_unit_test(full_uart_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
