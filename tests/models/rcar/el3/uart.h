/* SPDX-License-Identifier: Apache-2.0 */
/* QEMU's PL011, which is the other end of the board's serial line. */
#ifndef TESTS_MODELS_RCAR_EL3_UART_H
#define TESTS_MODELS_RCAR_EL3_UART_H

#include "models/rcar/scif.h"

void uart_init(void);
void uart_put(char c);
/* What came goes into the SCIF as far as it has room. What has none stays here, and asks for no
 * interrupt: nothing is lost. */
void uart_pump(struct scif *s);

/* A line of the model's own on the console. */
void uart_say(const char *text, uint64_t value);

#endif
