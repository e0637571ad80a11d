/* SPDX-License-Identifier: Apache-2.0 */
/* Registers of an IPMMU, for tests: written anew, as the driver's may be wrong. */
#ifndef TESTS_UNIT_IPMMU_REGS_H
#define TESTS_UNIT_IPMMU_REGS_H

/* IMCTR of context n, and from there the others of it. */
#define CTR(n) (0x40u * (uint32_t)(n))
#define TTBCR 0x08u
#define TTBLR 0x10u
#define TTBUR 0x14u
#define STR 0x20u
#define ELAR 0x30u
#define EUAR 0x34u
/* IMUCTR of micro-TLB n. */
#define UCTR(n) ((n) < 32 ? 0x300u + 16u * (uint32_t)(n) : 0x600u + 16u * ((uint32_t)(n) - 32u))

#define MMUEN 1u
#define FLUSH 2u
#define INTEN 4u
#define ON 0x20000005u /* VA64, INTEN, MMUEN */

#endif
