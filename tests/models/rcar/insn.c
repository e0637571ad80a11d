// SPDX-License-Identifier: Apache-2.0
#include "models/rcar/insn.h"

#define VECTOR BIT32(26)

static uint32_t field(uint32_t word, uint32_t high, uint32_t low)
{
	return word >> low & ((2u << (high - low)) - 1);
}

static int64_t signed_field(uint32_t word, uint32_t high, uint32_t low)
{
	uint32_t sign = 1u << (high - low);

	return (int64_t)(field(word, high, low) ^ sign) - (int64_t)sign;
}

/* One register; `opc` says in which direction and how it is extended. */
static bool decode_single(uint32_t word, struct insn *insn)
{
	uint32_t opc = field(word, 23, 22);

	insn->size = 1u << field(word, 31, 30);
	insn->write = opc == 0;
	insn->sign = opc >= 2;
	insn->wide = opc == 2 || insn->size == 8;
	/* 64 bits with opc 2 are a prefetch; no register is smaller than what it is extended from. */
	return opc < 2 || insn->size < (opc == 2 ? 8u : 4u);
}

/* Base and a signed 9-bit offset, or a register's: bits 11:10 and 21 tell. */
static bool decode_indexed(uint32_t word, struct insn *insn)
{
	uint32_t form = field(word, 11, 10);

	if (field(word, 21, 21) != 0) {
		return form == 2 && field(word, 14, 14) != 0 && decode_single(word, insn);
	}
	insn->writeback = (form & 1) != 0;
	insn->step = insn->writeback ? signed_field(word, 20, 12) : 0;
	/* Unprivileged accesses (form 2) have no prefetch among them either. */
	return decode_single(word, insn);
}

static bool decode_pair(uint32_t word, struct insn *insn)
{
	uint32_t opc = field(word, 31, 30);
	uint32_t mode = field(word, 24, 23);

	insn->pair = true;
	insn->rt2 = field(word, 14, 10);
	insn->write = field(word, 22, 22) == 0;
	insn->sign = opc == 1;
	insn->wide = opc != 0;
	insn->size = opc == 2 ? 8 : 4;
	insn->writeback = (mode & 1) != 0;
	insn->step = insn->writeback ? signed_field(word, 21, 15) * (int64_t)insn->size : 0;
	/* opc 1 is LDPSW, which has no store and no non-temporal form (mode 0). */
	return opc == 0 || opc == 2 || (opc == 1 && !insn->write && mode != 0);
}

/* PC-relative: the size is in opc. */
static bool decode_literal(uint32_t word, struct insn *insn)
{
	uint32_t opc = field(word, 31, 30);

	insn->size = opc == 1 ? 8 : 4;
	insn->sign = opc == 2;
	insn->wide = opc != 0;
	return opc != 3;
}

/* LDAR, LDLAR, STLR, STLLR: ordered, and no exclusives. */
static bool decode_ordered(uint32_t word, struct insn *insn)
{
	insn->size = 1u << field(word, 31, 30);
	insn->write = field(word, 22, 22) == 0;
	insn->wide = insn->size == 8;
	return field(word, 23, 23) == 1 && field(word, 21, 21) == 0;
}

/* LDAPR. */
static bool decode_acquire(uint32_t word, struct insn *insn)
{
	insn->size = 1u << field(word, 31, 30);
	insn->wide = insn->size == 8;
	return true;
}

bool insn_decode(uint32_t word, struct insn *insn)
{
	*insn = (struct insn){.rt = field(word, 4, 0), .rn = field(word, 9, 5)};
	if ((word & VECTOR) != 0) {
		return false;
	}
	if ((word & 0x3b000000) == 0x39000000) {
		return decode_single(word, insn);
	}
	if ((word & 0x3ffffc00) == 0x38bfc000) {
		return decode_acquire(word, insn);
	}
	if ((word & 0x3b000000) == 0x38000000) {
		return decode_indexed(word, insn);
	}
	/* LDAPUR, STLUR. */
	if ((word & 0x3b200c00) == 0x19000000) {
		return decode_single(word, insn);
	}
	if ((word & 0x3a000000) == 0x28000000) {
		return decode_pair(word, insn);
	}
	if ((word & 0x3b000000) == 0x18000000) {
		return decode_literal(word, insn);
	}
	return (word & 0x3f000000) == 0x08000000 && decode_ordered(word, insn);
}

uint64_t insn_extend(const struct insn *insn, uint64_t value)
{
	uint32_t bits = 8 * insn->size;
	uint64_t mask = ~UINT64_C(0) >> (64 - bits);

	value &= mask;
	if (insn->sign && (value >> (bits - 1) & 1) != 0) {
		value |= ~mask;
	}
	return insn->wide ? value : value & UINT32_MAX;
}
