/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a guest and Xen agree on, as far as this subset goes: numbers and layouts of
 * Xen's public headers for 64-bit Arm guests. All little endian.
 */
#ifndef HV_GUEST_XEN_ABI_H
#define HV_GUEST_XEN_ABI_H

#include "types.h"

#define XEN_HVC 0xea1u /* HVC immediate; number in x16, arguments x0..x4, result x0 */

#define XEN_VERSION_MAJOR 4u
#define XEN_VERSION_MINOR 19u

/* Hypercalls that are more than -XEN_ENOSYS here */
#define XEN_MEMORY_OP 12u
#define XEN_VERSION 17u
#define XEN_CONSOLE_IO 18u
#define XEN_VM_ASSIST 21u
#define XEN_VCPU_OP 24u
#define XEN_SCHED_OP 29u
#define XEN_EVENT_CHANNEL_OP 32u
#define XEN_HVM_OP 34u

/* Errors: a call returns one of these, negated */
#define XEN_EPERM 1
#define XEN_ENOENT 2
#define XEN_ESRCH 3
#define XEN_EFAULT 14
#define XEN_EEXIST 17
#define XEN_EINVAL 22
#define XEN_ENOSPC 28
#define XEN_ENOSYS 38

#define XEN_DOMID_SELF 0x7ff0u

/*
 * xen_version: x0 command, x1 pointer
 */
enum xen_version_cmd {
	XENVER_VERSION = 0,
	XENVER_EXTRAVERSION = 1,
	XENVER_COMPILE_INFO = 2,
	XENVER_CAPABILITIES = 3,
	XENVER_CHANGESET = 4,
	XENVER_PLATFORM_PARAMETERS = 5,
	XENVER_GET_FEATURES = 6,
	XENVER_PAGESIZE = 7,
	XENVER_GUEST_HANDLE = 8,
	XENVER_COMMANDLINE = 9,
};

struct xen_feature_info {
	uint32_t index; /* of 32 feature bits */
	uint32_t bits;  /* out */
};

struct xen_compile_info {
	char compiler[64];
	char by[16];
	char domain[32];
	char date[32];
};

/*
 * memory_op: x0 command (bits 5:0) and where to go on (the rest), x1 pointer
 */
#define XENMEM_CMD GENMASK64(5, 0)
#define XENMEM_START GENMASK64(31, 6)
#define XENMEM_ADD_TO_PHYSMAP 7u
#define XENMEM_ADD_TO_PHYSMAP_BATCH 23u

#define XENMAPSPACE_SHARED_INFO 0u
#define XENMAPSPACE_DEV_MMIO 5u

struct xen_add_to_physmap {
	uint16_t domid;
	uint16_t size;
	uint32_t space;
	uint64_t idx;
	uint64_t gpfn;
};

struct xen_add_to_physmap_batch {
	uint16_t domid;
	uint16_t space;
	uint16_t size;
	uint16_t extra;
	uint64_t idxs;  /* of uint64_t: machine frames */
	uint64_t gpfns; /* of uint64_t: frames of the guest */
	uint64_t errs;  /* of int32_t, out */
};

/*
 * vcpu_op: x0 command, x1 vCPU, x2 pointer
 */
#define XEN_VCPU_IS_UP 3u
#define XEN_VCPU_GET_RUNSTATE 4u
#define XEN_VCPU_REGISTER_RUNSTATE 5u
#define XEN_VCPU_REGISTER_INFO 10u
#define XEN_VCPU_REGISTER_RUNSTATE_PHYS 14u

struct xen_register_vcpu_info {
	uint64_t frame;
	uint32_t offset;
	uint32_t reserved;
};

enum xen_runstate_index {
	XEN_RUNSTATE_RUNNING = 0,
	XEN_RUNSTATE_OFFLINE = 3,
	XEN_RUNSTATES,
};

struct xen_runstate {
	uint32_t state;
	uint32_t pad;
	uint64_t entered;             /* ns since boot */
	uint64_t time[XEN_RUNSTATES]; /* ns spent in each */
};

/*
 * Events, 2-level: shared_info holds a pending and a mask bit for each port, and each
 * vCPU's vcpu_info which words of them to look at.
 */
struct xen_vcpu_info {
	uint64_t upcall; /* byte 0: told; byte 1: not used on Arm */
	uint64_t pending_sel; /* bit w: word w of shared_info.pending */
	uint8_t time[32];     /* pvclock: of no use on Arm */
};

#define XEN_UPCALL_PENDING UINT64_C(1) /* in `upcall` */
#define XEN_EVENT_WORDS 64u

struct xen_shared_info {
	struct xen_vcpu_info vcpu_info[1];
	uint64_t pending[XEN_EVENT_WORDS];
	uint64_t mask[XEN_EVENT_WORDS];
	uint32_t wc_version;
	uint32_t wc_sec;
	uint32_t wc_nsec;
	uint32_t wc_sec_hi;
};

/* event_channel_op: x0 command, x1 pointer */
enum xen_event_cmd {
	XEN_EVENT_BIND_VIRQ = 1,
	XEN_EVENT_CLOSE = 3,
	XEN_EVENT_SEND = 4,
	XEN_EVENT_STATUS = 5,
	XEN_EVENT_ALLOC_UNBOUND = 6,
	XEN_EVENT_BIND_IPI = 7,
	XEN_EVENT_BIND_VCPU = 8,
	XEN_EVENT_UNMASK = 9,
	XEN_EVENT_RESET = 10,
};

struct xen_bind_virq {
	uint32_t virq;
	uint32_t vcpu;
	uint32_t port; /* out */
};

struct xen_alloc_unbound {
	uint16_t dom;
	uint16_t remote;
	uint32_t port; /* out */
};

struct xen_bind_ipi {
	uint32_t vcpu;
	uint32_t port; /* out */
};

struct xen_bind_vcpu {
	uint32_t port;
	uint32_t vcpu;
};

struct xen_event_port {
	uint32_t port;
};

enum xen_event_status {
	XEN_STATUS_CLOSED = 0,
	XEN_STATUS_UNBOUND = 1,
	XEN_STATUS_VIRQ = 4,
	XEN_STATUS_IPI = 5,
};

struct xen_event_status_args {
	uint16_t dom;
	uint16_t pad;
	uint32_t port;
	uint32_t status; /* out, as the rest */
	uint32_t vcpu;
	uint32_t info[2]; /* unbound: remote domain; virq: its number */
};

#define XEN_VIRQ_TIMER 0u
#define XEN_VIRQ_DEBUG 1u
#define XEN_VIRQ_CONSOLE 2u
#define XEN_VIRQ_XENOPROF 7u
#define XEN_VIRQS 24u

/*
 * hvm_op: x0 command, x1 pointer
 */
#define XEN_HVM_SET_PARAM 0u
#define XEN_HVM_GET_PARAM 1u
#define XEN_HVM_PARAMS 39u
#define XEN_HVM_PARAM_CALLBACK_IRQ 0u
#define XEN_CALLBACK_PPI (UINT64_C(2) << 56)
#define XEN_CALLBACK_LOW BIT64(9) /* level-sensitive, active low */

struct xen_hvm_param {
	uint16_t domid;
	uint16_t pad;
	uint32_t index;
	uint64_t value;
};

/* console_io: x0 command, x1 count, x2 pointer */
#define XEN_CONSOLE_WRITE 0u
#define XEN_CONSOLE_READ 1u

/* sched_op: x0 command, x1 pointer */
#define XEN_SCHED_YIELD 0u
#define XEN_SCHED_BLOCK 1u
#define XEN_SCHED_SHUTDOWN 2u
#define XEN_SCHED_POLL 3u

enum xen_shutdown_reason {
	XEN_SHUTDOWN_POWEROFF = 0,
	XEN_SHUTDOWN_REBOOT = 1,
	XEN_SHUTDOWN_CRASH = 3,
	XEN_SHUTDOWN_WATCHDOG = 4,
};

struct xen_sched_poll {
	uint64_t ports; /* of uint32_t */
	uint32_t count;
	uint32_t pad;
	uint64_t timeout; /* ns since boot; 0: none */
};

/* vm_assist: x0 command, x1 type */
#define XEN_ASSIST_ENABLE 0u
#define XEN_ASSIST_DISABLE 1u
#define XEN_ASSIST_RUNSTATE_FLAG 5u

_Static_assert(sizeof(struct xen_compile_info) == 144, "xen_compile_info");
_Static_assert(sizeof(struct xen_add_to_physmap) == 24, "xen_add_to_physmap");
_Static_assert(sizeof(struct xen_add_to_physmap_batch) == 32, "xen_add_to_physmap_batch");
_Static_assert(sizeof(struct xen_register_vcpu_info) == 16, "xen_register_vcpu_info");
_Static_assert(sizeof(struct xen_runstate) == 48, "xen_runstate");
_Static_assert(sizeof(struct xen_vcpu_info) == 48, "xen_vcpu_info");
_Static_assert(offsetof(struct xen_vcpu_info, pending_sel) == 8, "pending_sel");
_Static_assert(offsetof(struct xen_shared_info, pending) == 48, "pending");
_Static_assert(offsetof(struct xen_shared_info, mask) == 560, "mask");
_Static_assert(offsetof(struct xen_shared_info, wc_version) == 1072, "wc_version");
_Static_assert(sizeof(struct xen_event_status_args) == 24, "xen_event_status_args");
_Static_assert(sizeof(struct xen_hvm_param) == 16, "xen_hvm_param");
_Static_assert(sizeof(struct xen_sched_poll) == 24, "xen_sched_poll");

#endif
