/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Two domains with Xen's guest ABI, and one without: their RAM, their stage 2, EL1's
 * pages, and the machine's UART. RAM can be touched through the window only, and no
 * further than the page that was asked for; AddressSanitizer sees to that.
 */
#ifndef TESTS_UNIT_XEN_MACHINE_H
#define TESTS_UNIT_XEN_MACHINE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "domain/domain.h"
#include "guest/xen/abi.h"
#include "guest/xen/xen.h"

#define DOM0 0  /* the hardware domain: CPUs 0 and 1 */
#define DOMU 1  /* CPU 2, moved RAM */
#define PLAIN 2 /* CPU 3, without Xen */

#define RAM_SIZE UINT64_C(0x10000)
#define RAM_PA(domain) (UINT64_C(0x40000000) + (domain) * RAM_SIZE)
#define RAM_IPA(domain) ((domain) == DOMU ? UINT64_C(0x80000000) : RAM_PA(domain))
#define DEVICE UINT64_C(0x09000000) /* dom0's: one page */
#define LATER UINT64_C(0x09010000)  /* dom0's, on demand: one page */
#define EVENTS 31                   /* the PPI */
#define PC UINT64_C(0xffff800000001000)

/* EL1's virtual addresses. Page n of the domain's RAM is at VA(n); and there are: */
#define VA_BASE UINT64_C(0xffff800010000000)
#define VA_RAM(n) (VA_BASE + (uint64_t)(n) * PAGE_SIZE)
#define RAM_PAGES (RAM_SIZE / PAGE_SIZE)
#define VA_LAST VA_RAM(RAM_PAGES - 1) /* behind it: nothing */
#define VA_READ_ONLY UINT64_C(0xffff800020000000) /* page 1, not writable */
#define VA_DEVICE UINT64_C(0xffff800020002000)
#define VA_FOREIGN UINT64_C(0xffff800020004000) /* another domain's RAM: stage 2 would not */
#define VA_NOTHING UINT64_C(0xffff800030000000)

extern struct guest_regs regs;
extern uint32_t raised[4]; /* PPIs, by CPU */
extern uint32_t told[4];   /* HV_SGI_EVENT, by CPU */

/* The UART. */
extern char out[8192];
extern uint32_t sent, room;
extern bool rx_irq;
extern uint64_t waited; /* time, us */
void feed(const char *text);

/* Where a call that does not return ends, and how. */
enum end { END_NONE = 0, END_OFF, END_RESET, END_CRASH };
extern enum end ended;

void machine_start(void);

/* Byte `offset` of a domain's RAM, for the test itself. */
uint8_t *ram(uint32_t domain, uint64_t offset);
/* Fills them with numbers, to be compared. */
void ram_remember(void);
/* Whether the RAM of `domain` is as it was then. */
bool ram_same(uint32_t domain);

/* One hypercall on CPU `cpu` as it comes: x0 behind it; ELR_EL2 tells whether it goes on.
 * Checks that no window is left open and that nobody else's RAM has changed. */
int64_t step(uint32_t cpu, uint64_t number, uint64_t x0, uint64_t x1, uint64_t x2);
/* The same until it does not go on. */
int64_t call(uint32_t cpu, uint64_t number, uint64_t x0, uint64_t x1, uint64_t x2);
bool goes_on(void);

/* Puts something into page `page` of the calling domain's RAM, at its start. */
void put(uint32_t domain, uint32_t page, const void *what, uint32_t size);
void get(uint32_t domain, uint32_t page, void *what, uint32_t size);

/* dom0 has shared_info in its page 8. */
#define SHARED_PAGE 8
void share(uint32_t domain);
struct xen_shared_info *shared(uint32_t domain);
/* Registers vcpu_info of a vCPU of dom0 in page 9, 64 bytes each. */
#define INFO_PAGE 9
void inform(uint32_t vcpu);
struct xen_vcpu_info *info(uint32_t vcpu);

#endif
