/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of several writers on one UART, with an interrupt of its own and without. */
#ifndef TESTS_UNIT_VPL011_SHARING_H
#define TESTS_UNIT_VPL011_SHARING_H

#include "unit/vpl011/machine.h"

void endless_line(void **state);
void endless_lines(void **state);
void message(void **state);
void refused_line(void **state);
void unfinished_line(void **state);
void locked_ring(void **state);
void stop_lets_go(void **state);
void full_uart_again(void **state);

#endif
