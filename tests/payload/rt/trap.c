/* SPDX-License-Identifier: Apache-2.0 */
#include "trap.h"

#include "console.h"
#include "gic.h"
#include "psci.h"

_Static_assert(offsetof(struct trap_frame, elr) == 248 && sizeof(struct trap_frame) == 288, "start.S");

static volatile bool armed;
static volatile uint32_t taken_count;
static struct trap_record last;

void trap_arm(void)
{
	taken_count = 0;
	armed = true;
}

struct trap_record trap_disarm(void)
{
	struct trap_record none = {0};

	/* An SError that the access left behind arrives here, not later. */
	__asm__ volatile("dsb sy; isb; msr daifclr, #4; isb; msr daifset, #4" ::: "memory");
	armed = false;
	return taken_count != 0 ? last : none;
}

static void record(const struct trap_frame *frame)
{
	taken_count = taken_count + 1;
	last = (struct trap_record){
		.taken = true,
		.vector = (uint32_t)frame->vector,
		.esr = frame->esr,
		.far = frame->far,
		.elr = frame->elr,
	};
	last.count = taken_count;
}

void trap_handle(struct trap_frame *frame)
{
	bool is_sync = frame->vector == 4;
	bool is_serror = frame->vector == 7;

	if (frame->vector == 5) {
		gic_handle();
		return;
	}
	/* Many exceptions within one probe: the stepping over does not help. */
	if (armed && taken_count < 16 && (is_sync || is_serror)) {
		record(frame);
		if (is_sync) {
			uint64_t ec = ESR_EC(frame->esr);

			if (ec == EC_IABT_CUR || ec == EC_PC_ALIGN) {
				frame->elr = frame->x[30];
			} else if (ec == EC_BREAKPOINT_CUR) {
				SYSREG_WRITE(dbgbcr0_el1, 0);
			} else {
				frame->elr += 4;
			}
		}
		return;
	}
	console_printf("FAIL exception: vector %lu esr %lx far %lx elr %lx x30 %lx\n", frame->vector,
		       frame->esr, frame->far, frame->elr, frame->x[30]);
	console_printf("0 passed, 1 failed\n");
	psci_system_off();
}
