/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The control interface, by which a domain that says `control` sees and changes what
 * runs: registers of 64 bits in blocks of CONTROL_BLOCK bytes, block 0 about the machine,
 * block 1 + i about domain i. The same registers by hypercall. docs/control.md explains
 * them; numbers here never change their meaning.
 */
#ifndef HV_INCLUDE_CONTROL_ABI_H
#define HV_INCLUDE_CONTROL_ABI_H

#include "types.h"

#define CONTROL_BLOCK UINT64_C(0x100)

/* Block 0, read-only. */
#define CONTROL_MAGIC 0x00   /* CONTROL_MAGIC_VALUE */
#define CONTROL_VERSION 0x08 /* CONTROL_VERSION_VALUE; more registers do not change it */
#define CONTROL_DOMAINS 0x10 /* how many domains there are */
#define CONTROL_SELF 0x18    /* index of the domain that reads this */

#define CONTROL_MAGIC_VALUE UINT64_C(0x314c5254434b4c42) /* "BLKCTRL1" */
#define CONTROL_VERSION_VALUE 1

/* Blocks of domains: all read-only but CONTROL_COMMAND. */
#define CONTROL_STATE 0x00    /* enum control_state */
#define CONTROL_FLAGS 0x08    /* CONTROL_FLAG_* */
#define CONTROL_STARTS 0x10   /* how often it was started */
#define CONTROL_FAULTS 0x18   /* how many faults it has had */
#define CONTROL_CPUS 0x20     /* how many CPUs it has */
#define CONTROL_CPUS_ON 0x28  /* how many of them are on */
#define CONTROL_RAM 0x30      /* bytes of RAM */
#define CONTROL_COMMAND 0x38  /* write: enum control_command; reads as 0 */
#define CONTROL_RESULT 0x40   /* enum control_result of the last command for this domain */
#define CONTROL_NAME 0x80     /* 64 bytes, filled up with zeros */
#define CONTROL_NAME_SIZE 64

enum control_state {
	CONTROL_OFF = 0,
	CONTROL_STARTING = 1,
	CONTROL_RUNNING = 2,
	CONTROL_STOPPING = 3,
	CONTROL_DESTROYED = 4,
};

#define CONTROL_FLAG_HARDWARE BIT32(0) /* the hardware domain */
#define CONTROL_FLAG_CONTROL BIT32(1)  /* it has this interface */

enum control_command {
	CONTROL_STOP = 1,
	CONTROL_START = 2,
	CONTROL_RESTART = 3,
	CONTROL_DESTROY = 4,
	CONTROL_CREATE = 5,
};

/* OK: it is under way, and CONTROL_STATE says when it is done. */
enum control_result {
	CONTROL_OK = 0,
	CONTROL_BUSY = 1,    /* the domain is on its way on or off */
	CONTROL_WRONG = 2,   /* not in the state that the domain is in */
	CONTROL_DENIED = 3,  /* not to this domain, or not by this one */
	CONTROL_FAILED = 4,
	CONTROL_UNKNOWN = 5, /* no such command */
};

/* Hypercalls (SMCCC 1.2, HVC #0): x1 is the block, x2 the register's offset in it.
 *   READ:  x0 = CONTROL_CALL_OK, x1 = the value; or an error
 *   WRITE: x3 is the value; x0 = CONTROL_CALL_OK or an error, x1 = the command's result
 * A domain without the interface gets CONTROL_CALL_NONE, as for any call that is not there. */
#define CONTROL_CALL_READ 0xc6000000u
#define CONTROL_CALL_WRITE 0xc6000001u
#define CONTROL_CALL_OK 0
#define CONTROL_CALL_NONE (-1)
#define CONTROL_CALL_INVALID (-3) /* no such block or register, or not to be written */

#endif
