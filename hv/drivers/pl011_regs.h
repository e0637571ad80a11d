/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Registers of Arm's PL011, revision r1p5 (DDI 0183G): used by its driver and by
 * the virtual one.
 */
#ifndef HV_DRIVERS_PL011_REGS_H
#define HV_DRIVERS_PL011_REGS_H

#include "types.h"

#define PL011_DR 0x000
#define PL011_RSR 0x004 /* write: ECR */
#define PL011_FR 0x018
#define PL011_ILPR 0x020
#define PL011_IBRD 0x024
#define PL011_FBRD 0x028
#define PL011_LCRH 0x02c
#define PL011_CR 0x030
#define PL011_IFLS 0x034
#define PL011_IMSC 0x038
#define PL011_RIS 0x03c
#define PL011_MIS 0x040
#define PL011_ICR 0x044
#define PL011_DMACR 0x048
#define PL011_ID 0xfe0 /* PeriphID0..3, PCellID0..3, 4 bytes apart */

#define PL011_DR_DATA 0xffu
#define PL011_DR_FE BIT32(8)
#define PL011_DR_PE BIT32(9)
#define PL011_DR_BE BIT32(10)
#define PL011_DR_OE BIT32(11) /* an earlier character was lost; this one is good */
#define PL011_DR_ERRORS (PL011_DR_FE | PL011_DR_PE | PL011_DR_BE)

#define PL011_FR_BUSY BIT32(3)
#define PL011_FR_RXFE BIT32(4)
#define PL011_FR_TXFF BIT32(5)
#define PL011_FR_RXFF BIT32(6)
#define PL011_FR_TXFE BIT32(7)

#define PL011_LCRH_FEN BIT32(4)
#define PL011_LCRH_WLEN8 (3u << 5)

#define PL011_CR_UARTEN BIT32(0)
#define PL011_CR_LBE BIT32(7)
#define PL011_CR_TXE BIT32(8)
#define PL011_CR_RXE BIT32(9)

#define PL011_IFLS_TX GENMASK64(2, 0)
#define PL011_IFLS_RX GENMASK64(5, 3)
#define PL011_IFLS_RESET 0x12u

#define PL011_INT_RX BIT32(4)
#define PL011_INT_TX BIT32(5)
#define PL011_INT_RT BIT32(6)
#define PL011_INT_ALL 0x7ffu

#endif
