/* SPDX-License-Identifier: Apache-2.0 */
/* Registers and commands of a GICv3 ITS, and a redistributor's of LPIs (IHI 0069, 5 and 12). */
#ifndef HV_IRQ_ITS_REGS_H
#define HV_IRQ_ITS_REGS_H

#include "types.h"

#define GITS_CTLR 0x0000
#define GITS_IIDR 0x0004
#define GITS_TYPER 0x0008
#define GITS_CBASER 0x0080
#define GITS_CWRITER 0x0088
#define GITS_CREADR 0x0090
#define GITS_BASER 0x0100
#define GITS_BASERS 8u
#define GITS_ID 0xffd0

#define GITS_CTLR_ENABLED BIT32(0)
#define GITS_CTLR_QUIESCENT BIT32(31)

#define GITS_TYPER_PHYSICAL BIT64(0)
#define GITS_TYPER_ITT_ENTRY GENMASK64(7, 4) /* bytes - 1 */
#define GITS_TYPER_IDBITS GENMASK64(12, 8)   /* of an EventID, - 1 */
#define GITS_TYPER_DEVBITS GENMASK64(17, 13) /* of a DeviceID, - 1 */
#define GITS_TYPER_PTA BIT64(19)             /* targets are addresses, not numbers */
#define GITS_TYPER_HCC GENMASK64(31, 24)     /* collections without a table */

/* GITS_BASER<n>; GITS_CBASER has valid, caching, address, shareability and size alike. */
#define GITS_BASER_VALID BIT64(63)
#define GITS_BASER_INDIRECT BIT64(62)
#define GITS_BASER_INNER GENMASK64(61, 59)
#define GITS_BASER_TYPE GENMASK64(58, 56)
#define GITS_BASER_TYPE_DEVICES 1
#define GITS_BASER_TYPE_COLLECTIONS 4
#define GITS_BASER_OUTER GENMASK64(55, 53)
#define GITS_BASER_ENTRY GENMASK64(52, 48) /* bytes - 1 */
#define GITS_BASER_ADDRESS GENMASK64(47, 12)
#define GITS_BASER_SHARE GENMASK64(11, 10)
#define GITS_BASER_PAGE GENMASK64(9, 8) /* 0: 4 KiB */
#define GITS_BASER_PAGES GENMASK64(7, 0) /* - 1 */
#define GITS_CBASER_ADDRESS GENMASK64(51, 12)
#define GITS_L1_VALID BIT64(63) /* a descriptor of the device table's level 1 */
#define GITS_L1_ADDRESS GENMASK64(51, 12)

#define GITS_CWRITER_OFFSET GENMASK64(19, 5)
#define GITS_CREADR_STALLED BIT64(0)
#define GITS_CWRITER_RETRY BIT64(0)

/* Memory attributes, of the registers above and the two below. */
#define ITS_NORMAL_NC 1
#define ITS_NORMAL_WB 7 /* read- and write-allocate */
#define ITS_INNER_SHAREABLE 1

#define GICR_CTLR_ENABLE_LPIS BIT32(0)
#define GICR_PROPBASER 0x0070
#define GICR_PENDBASER 0x0078
#define GICR_PROPBASER_IDBITS GENMASK64(4, 0) /* - 1 */
#define GICR_LPI_INNER GENMASK64(9, 7)
#define GICR_LPI_SHARE GENMASK64(11, 10)
#define GICR_PROPBASER_ADDRESS GENMASK64(51, 12)
#define GICR_PENDBASER_ADDRESS GENMASK64(51, 16)
#define GICR_PENDBASER_PTZ BIT64(62) /* the table is all zero */

/* An LPI's byte in the property table. */
#define LPI_ENABLE 0x01u
#define LPI_PRIORITY 0xfcu

/* Commands: four words. */
#define ITS_CMD_SIZE 32u
#define ITS_CMD_WORDS 4u

enum its_command {
	ITS_MOVI = 0x01,
	ITS_INT = 0x03,
	ITS_CLEAR = 0x04,
	ITS_SYNC = 0x05,
	ITS_MAPD = 0x08,
	ITS_MAPC = 0x09,
	ITS_MAPTI = 0x0a,
	ITS_MAPI = 0x0b,
	ITS_INV = 0x0c,
	ITS_INVALL = 0x0d,
	ITS_MOVALL = 0x0e,
	ITS_DISCARD = 0x0f,
};

#define ITS_W0_COMMAND GENMASK64(7, 0)
#define ITS_W0_DEVICE GENMASK64(63, 32)
#define ITS_W1_EVENT GENMASK64(31, 0)
#define ITS_W1_INTID GENMASK64(63, 32)
#define ITS_W1_SIZE GENMASK64(4, 0) /* MAPD: bits of an EventID, - 1 */
#define ITS_W2_COLLECTION GENMASK64(15, 0)
#define ITS_W2_ITT GENMASK64(51, 8)
#define ITS_W2_TARGET GENMASK64(50, 16)
#define ITS_W3_TARGET GENMASK64(50, 16)
#define ITS_W2_VALID BIT64(63)

struct its_cmd {
	uint64_t w[ITS_CMD_WORDS];
};

_Static_assert(sizeof(struct its_cmd) == ITS_CMD_SIZE, "its_cmd");

#endif
