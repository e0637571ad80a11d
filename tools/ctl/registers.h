/* SPDX-License-Identifier: Apache-2.0 */
/* The registers of the control interface, as Linux shows them to a program. */
#ifndef TOOLS_CTL_REGISTERS_H
#define TOOLS_CTL_REGISTERS_H

#include "control_abi.h"

struct registers {
	void *base;
	uint64_t size;
	int fd;
};

/* Where Linux has the device tree and the machine's addresses. */
#define DEVICE_TREE "/proc/device-tree"
#define MEMORY "/dev/mem"

/* Finds the interface in the device tree, maps it, and waits until no other program uses
 * it. False: why is on standard error. */
bool registers_open(struct registers *r, const char *tree, const char *memory);
void registers_close(struct registers *r);

/* Register `reg` of block 1 + `domain`; of block 0. */
uint64_t registers_read(const struct registers *r, uint64_t domain, uint64_t reg);
uint64_t registers_read_machine(const struct registers *r, uint64_t reg);

/* Gives a command for a domain; returns what became of it. */
enum control_result registers_command(const struct registers *r, uint64_t domain,
				      enum control_command command);

/* The domain's name, ended. */
void registers_name(const struct registers *r, uint64_t domain, char name[CONTROL_NAME_SIZE + 1]);

#endif
