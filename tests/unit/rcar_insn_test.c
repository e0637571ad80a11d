// SPDX-License-Identifier: Apache-2.0
// sources: tests/models/rcar/insn.c
/* The board model's decoder of loads and stores, against words that an assembler made. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "models/rcar/insn.h"

enum { W = 1, S = 2, X = 4, P = 8, B = 16 }; /* write, sign, wide, pair, base is written back */

static const struct good {
	const char *text;
	uint32_t word, flags, size, rt, rt2, rn;
	int64_t step;
} goods[] = {
	{"strb w5, [x9]", 0x39000125, W, 1, 5, 0, 0, 0},
	{"strb w5, [x9, #13]", 0x39003525, W, 1, 5, 0, 0, 0},
	{"strb w5, [sp, x3]", 0x38236be5, W, 1, 5, 0, 0, 0},
	{"strb w5, [x9, w3, uxtw]", 0x38234925, W, 1, 5, 0, 0, 0},
	{"strb w5, [x9], #-7", 0x381f9525, W | B, 1, 5, 0, 9, -7},
	{"strb w5, [sp, #255]!", 0x380fffe5, W | B, 1, 5, 0, 31, 255},
	{"sturb w5, [x9, #-3]", 0x381fd125, W, 1, 5, 0, 0, 0},
	{"sttrb w5, [x9, #-256]", 0x38100925, W, 1, 5, 0, 0, 0},
	{"strh w5, [x9]", 0x79000125, W, 2, 5, 0, 0, 0},
	{"strh w5, [x9, #26]", 0x79003525, W, 2, 5, 0, 0, 0},
	{"strh w5, [sp, x3]", 0x78236be5, W, 2, 5, 0, 0, 0},
	{"strh w5, [x9, w3, uxtw]", 0x78234925, W, 2, 5, 0, 0, 0},
	{"strh w5, [x9], #-7", 0x781f9525, W | B, 2, 5, 0, 9, -7},
	{"strh w5, [sp, #255]!", 0x780fffe5, W | B, 2, 5, 0, 31, 255},
	{"sturh w5, [x9, #-3]", 0x781fd125, W, 2, 5, 0, 0, 0},
	{"sttrh w5, [x9, #-256]", 0x78100925, W, 2, 5, 0, 0, 0},
	{"ldrb w5, [x9]", 0x39400125, 0, 1, 5, 0, 0, 0},
	{"ldrb w5, [x9, #13]", 0x39403525, 0, 1, 5, 0, 0, 0},
	{"ldrb w5, [sp, x3]", 0x38636be5, 0, 1, 5, 0, 0, 0},
	{"ldrb w5, [x9, w3, uxtw]", 0x38634925, 0, 1, 5, 0, 0, 0},
	{"ldrb w5, [x9], #-7", 0x385f9525, B, 1, 5, 0, 9, -7},
	{"ldrb w5, [sp, #255]!", 0x384fffe5, B, 1, 5, 0, 31, 255},
	{"ldurb w5, [x9, #-3]", 0x385fd125, 0, 1, 5, 0, 0, 0},
	{"ldtrb w5, [x9, #-256]", 0x38500925, 0, 1, 5, 0, 0, 0},
	{"ldrh w5, [x9]", 0x79400125, 0, 2, 5, 0, 0, 0},
	{"ldrh w5, [x9, #26]", 0x79403525, 0, 2, 5, 0, 0, 0},
	{"ldrh w5, [sp, x3]", 0x78636be5, 0, 2, 5, 0, 0, 0},
	{"ldrh w5, [x9, w3, uxtw]", 0x78634925, 0, 2, 5, 0, 0, 0},
	{"ldrh w5, [x9], #-7", 0x785f9525, B, 2, 5, 0, 9, -7},
	{"ldrh w5, [sp, #255]!", 0x784fffe5, B, 2, 5, 0, 31, 255},
	{"ldurh w5, [x9, #-3]", 0x785fd125, 0, 2, 5, 0, 0, 0},
	{"ldtrh w5, [x9, #-256]", 0x78500925, 0, 2, 5, 0, 0, 0},
	{"str w5, [x9]", 0xb9000125, W, 4, 5, 0, 0, 0},
	{"str w5, [x9, #52]", 0xb9003525, W, 4, 5, 0, 0, 0},
	{"str w5, [sp, x3]", 0xb8236be5, W, 4, 5, 0, 0, 0},
	{"str w5, [x9, w3, uxtw]", 0xb8234925, W, 4, 5, 0, 0, 0},
	{"str w5, [x9], #-7", 0xb81f9525, W | B, 4, 5, 0, 9, -7},
	{"str w5, [sp, #255]!", 0xb80fffe5, W | B, 4, 5, 0, 31, 255},
	{"stur w5, [x9, #-3]", 0xb81fd125, W, 4, 5, 0, 0, 0},
	{"sttr w5, [x9, #-256]", 0xb8100925, W, 4, 5, 0, 0, 0},
	{"ldr w5, [x9]", 0xb9400125, 0, 4, 5, 0, 0, 0},
	{"ldr w5, [x9, #52]", 0xb9403525, 0, 4, 5, 0, 0, 0},
	{"ldr w5, [sp, x3]", 0xb8636be5, 0, 4, 5, 0, 0, 0},
	{"ldr w5, [x9, w3, uxtw]", 0xb8634925, 0, 4, 5, 0, 0, 0},
	{"ldr w5, [x9], #-7", 0xb85f9525, B, 4, 5, 0, 9, -7},
	{"ldr w5, [sp, #255]!", 0xb84fffe5, B, 4, 5, 0, 31, 255},
	{"ldur w5, [x9, #-3]", 0xb85fd125, 0, 4, 5, 0, 0, 0},
	{"ldtr w5, [x9, #-256]", 0xb8500925, 0, 4, 5, 0, 0, 0},
	{"ldrsb w5, [x9]", 0x39c00125, S, 1, 5, 0, 0, 0},
	{"ldrsb w5, [x9, #13]", 0x39c03525, S, 1, 5, 0, 0, 0},
	{"ldrsb w5, [sp, x3]", 0x38e36be5, S, 1, 5, 0, 0, 0},
	{"ldrsb w5, [x9, w3, uxtw]", 0x38e34925, S, 1, 5, 0, 0, 0},
	{"ldrsb w5, [x9], #-7", 0x38df9525, S | B, 1, 5, 0, 9, -7},
	{"ldrsb w5, [sp, #255]!", 0x38cfffe5, S | B, 1, 5, 0, 31, 255},
	{"ldursb w5, [x9, #-3]", 0x38dfd125, S, 1, 5, 0, 0, 0},
	{"ldtrsb w5, [x9, #-256]", 0x38d00925, S, 1, 5, 0, 0, 0},
	{"ldrsh w5, [x9]", 0x79c00125, S, 2, 5, 0, 0, 0},
	{"ldrsh w5, [x9, #26]", 0x79c03525, S, 2, 5, 0, 0, 0},
	{"ldrsh w5, [sp, x3]", 0x78e36be5, S, 2, 5, 0, 0, 0},
	{"ldrsh w5, [x9, w3, uxtw]", 0x78e34925, S, 2, 5, 0, 0, 0},
	{"ldrsh w5, [x9], #-7", 0x78df9525, S | B, 2, 5, 0, 9, -7},
	{"ldrsh w5, [sp, #255]!", 0x78cfffe5, S | B, 2, 5, 0, 31, 255},
	{"ldursh w5, [x9, #-3]", 0x78dfd125, S, 2, 5, 0, 0, 0},
	{"ldtrsh w5, [x9, #-256]", 0x78d00925, S, 2, 5, 0, 0, 0},
	{"str x30, [x0, #40]", 0xf900141e, W | X, 8, 30, 0, 0, 0},
	{"str x30, [x0, x1, lsl #3]", 0xf821781e, W | X, 8, 30, 0, 0, 0},
	{"str x30, [x0, w1, sxtw]", 0xf821c81e, W | X, 8, 30, 0, 0, 0},
	{"str x30, [x0], #8", 0xf800841e, W | X | B, 8, 30, 0, 0, 8},
	{"str x30, [x0, #-16]!", 0xf81f0c1e, W | X | B, 8, 30, 0, 0, -16},
	{"stur x30, [x0, #1]", 0xf800101e, W | X, 8, 30, 0, 0, 0},
	{"sttr x30, [x0, #1]", 0xf800181e, W | X, 8, 30, 0, 0, 0},
	{"ldr x30, [x0, #40]", 0xf940141e, X, 8, 30, 0, 0, 0},
	{"ldr x30, [x0, x1, lsl #3]", 0xf861781e, X, 8, 30, 0, 0, 0},
	{"ldr x30, [x0, w1, sxtw]", 0xf861c81e, X, 8, 30, 0, 0, 0},
	{"ldr x30, [x0], #8", 0xf840841e, X | B, 8, 30, 0, 0, 8},
	{"ldr x30, [x0, #-16]!", 0xf85f0c1e, X | B, 8, 30, 0, 0, -16},
	{"ldur x30, [x0, #1]", 0xf840101e, X, 8, 30, 0, 0, 0},
	{"ldtr x30, [x0, #1]", 0xf840181e, X, 8, 30, 0, 0, 0},
	{"ldrsb x30, [x0, #5]", 0x3980141e, S | X, 1, 30, 0, 0, 0},
	{"ldrsb x30, [x0, x1, lsl #0]", 0x38a1781e, S | X, 1, 30, 0, 0, 0},
	{"ldrsb x30, [x0, w1, sxtw]", 0x38a1c81e, S | X, 1, 30, 0, 0, 0},
	{"ldrsb x30, [x0], #8", 0x3880841e, S | X | B, 1, 30, 0, 0, 8},
	{"ldrsb x30, [x0, #-16]!", 0x389f0c1e, S | X | B, 1, 30, 0, 0, -16},
	{"ldursb x30, [x0, #1]", 0x3880101e, S | X, 1, 30, 0, 0, 0},
	{"ldtrsb x30, [x0, #1]", 0x3880181e, S | X, 1, 30, 0, 0, 0},
	{"ldrsh x30, [x0, #10]", 0x7980141e, S | X, 2, 30, 0, 0, 0},
	{"ldrsh x30, [x0, x1, lsl #1]", 0x78a1781e, S | X, 2, 30, 0, 0, 0},
	{"ldrsh x30, [x0, w1, sxtw]", 0x78a1c81e, S | X, 2, 30, 0, 0, 0},
	{"ldrsh x30, [x0], #8", 0x7880841e, S | X | B, 2, 30, 0, 0, 8},
	{"ldrsh x30, [x0, #-16]!", 0x789f0c1e, S | X | B, 2, 30, 0, 0, -16},
	{"ldursh x30, [x0, #1]", 0x7880101e, S | X, 2, 30, 0, 0, 0},
	{"ldtrsh x30, [x0, #1]", 0x7880181e, S | X, 2, 30, 0, 0, 0},
	{"ldrsw x30, [x0, #20]", 0xb980141e, S | X, 4, 30, 0, 0, 0},
	{"ldrsw x30, [x0, x1, lsl #2]", 0xb8a1781e, S | X, 4, 30, 0, 0, 0},
	{"ldrsw x30, [x0, w1, sxtw]", 0xb8a1c81e, S | X, 4, 30, 0, 0, 0},
	{"ldrsw x30, [x0], #8", 0xb880841e, S | X | B, 4, 30, 0, 0, 8},
	{"ldrsw x30, [x0, #-16]!", 0xb89f0c1e, S | X | B, 4, 30, 0, 0, -16},
	{"ldursw x30, [x0, #1]", 0xb880101e, S | X, 4, 30, 0, 0, 0},
	{"ldtrsw x30, [x0, #1]", 0xb880181e, S | X, 4, 30, 0, 0, 0},
	{"str wzr, [x2]", 0xb900005f, W, 4, 31, 0, 0, 0},
	{"ldr xzr, [x2]", 0xf940005f, X, 8, 31, 0, 0, 0},
	{"stp w1, w2, [x3, #8]", 0x29010861, W | P, 4, 1, 2, 0, 0},
	{"ldp w1, w2, [x3, #-256]", 0x29600861, P, 4, 1, 2, 0, 0},
	{"stp x1, x2, [sp, #-32]!", 0xa9be0be1, W | X | P | B, 8, 1, 2, 31, -32},
	{"ldp x1, x2, [sp], #504", 0xa8df8be1, X | P | B, 8, 1, 2, 31, 504},
	{"stp w1, w2, [x3], #-256", 0x28a00861, W | P | B, 4, 1, 2, 3, -256},
	{"ldp w1, w2, [x3, #4]!", 0x29c08861, P | B, 4, 1, 2, 3, 4},
	{"ldp x29, x30, [x4]", 0xa940789d, X | P, 8, 29, 30, 0, 0},
	{"stp xzr, xzr, [x4]", 0xa9007c9f, W | X | P, 8, 31, 31, 0, 0},
	{"ldpsw x7, x8, [x3, #12]", 0x6941a067, S | X | P, 4, 7, 8, 0, 0},
	{"ldpsw x7, x8, [x3], #-4", 0x68ffa067, S | X | P | B, 4, 7, 8, 3, -4},
	{"ldpsw x7, x8, [x3, #16]!", 0x69c22067, S | X | P | B, 4, 7, 8, 3, 16},
	{"stnp w1, w2, [x3]", 0x28000861, W | P, 4, 1, 2, 0, 0},
	{"ldnp x1, x2, [x3]", 0xa8400861, X | P, 8, 1, 2, 0, 0},
	{"stlrb w1, [x2]", 0x089ffc41, W, 1, 1, 0, 0, 0},
	{"ldarb w1, [x2]", 0x08dffc41, 0, 1, 1, 0, 0, 0},
	{"ldaprb w1, [x2]", 0x38bfc041, 0, 1, 1, 0, 0, 0},
	{"stllrb w1, [x2]", 0x089f7c41, W, 1, 1, 0, 0, 0},
	{"ldlarb w1, [x2]", 0x08df7c41, 0, 1, 1, 0, 0, 0},
	{"stlurb w1, [x2, #-5]", 0x191fb041, W, 1, 1, 0, 0, 0},
	{"ldapurb w1, [x2, #5]", 0x19405041, 0, 1, 1, 0, 0, 0},
	{"ldapursb x1, [x2]", 0x19800041, S | X, 1, 1, 0, 0, 0},
	{"ldapursb w1, [x2]", 0x19c00041, S, 1, 1, 0, 0, 0},
	{"stlrh w1, [x2]", 0x489ffc41, W, 2, 1, 0, 0, 0},
	{"ldarh w1, [x2]", 0x48dffc41, 0, 2, 1, 0, 0, 0},
	{"ldaprh w1, [x2]", 0x78bfc041, 0, 2, 1, 0, 0, 0},
	{"stllrh w1, [x2]", 0x489f7c41, W, 2, 1, 0, 0, 0},
	{"ldlarh w1, [x2]", 0x48df7c41, 0, 2, 1, 0, 0, 0},
	{"stlurh w1, [x2, #-5]", 0x591fb041, W, 2, 1, 0, 0, 0},
	{"ldapurh w1, [x2, #5]", 0x59405041, 0, 2, 1, 0, 0, 0},
	{"ldapursh x1, [x2]", 0x59800041, S | X, 2, 1, 0, 0, 0},
	{"ldapursh w1, [x2]", 0x59c00041, S, 2, 1, 0, 0, 0},
	{"stlr w1, [x2]", 0x889ffc41, W, 4, 1, 0, 0, 0},
	{"ldar w1, [x2]", 0x88dffc41, 0, 4, 1, 0, 0, 0},
	{"ldapr w1, [x2]", 0xb8bfc041, 0, 4, 1, 0, 0, 0},
	{"stllr w1, [x2]", 0x889f7c41, W, 4, 1, 0, 0, 0},
	{"ldlar w1, [x2]", 0x88df7c41, 0, 4, 1, 0, 0, 0},
	{"stlur w1, [x2, #-5]", 0x991fb041, W, 4, 1, 0, 0, 0},
	{"ldapur w1, [x2, #5]", 0x99405041, 0, 4, 1, 0, 0, 0},
	{"stlr x1, [x2]", 0xc89ffc41, W | X, 8, 1, 0, 0, 0},
	{"ldar x1, [x2]", 0xc8dffc41, X, 8, 1, 0, 0, 0},
	{"ldapr x1, [x2]", 0xf8bfc041, X, 8, 1, 0, 0, 0},
	{"stllr x1, [x2]", 0xc89f7c41, W | X, 8, 1, 0, 0, 0},
	{"ldlar x1, [x2]", 0xc8df7c41, X, 8, 1, 0, 0, 0},
	{"stlur x1, [x2, #-5]", 0xd91fb041, W | X, 8, 1, 0, 0, 0},
	{"ldapur x1, [x2, #5]", 0xd9405041, X, 8, 1, 0, 0, 0},
	{"ldapursw x1, [x2]", 0x99800041, S | X, 4, 1, 0, 0, 0},
	{"ldr w6, .", 0x18000006, 0, 4, 6, 0, 0, 0},
	{"ldr x6, .", 0x58000006, X, 8, 6, 0, 0, 0},
	{"ldrsw x6, .", 0x98000006, S | X, 4, 6, 0, 0, 0},
};

static const struct {
	const char *text;
	uint32_t word;
} bads[] = {
	{"ldxr w0, [x1]", 0x885f7c20},
	{"stxr w2, w0, [x1]", 0x88027c20},
	{"ldaxr x0, [x1]", 0xc85ffc20},
	{"stlxr w2, x0, [x1]", 0xc802fc20},
	{"ldxp x0, x2, [x1]", 0xc87f0820},
	{"stxp w3, x0, x2, [x1]", 0xc8230820},
	{"cas w0, w2, [x1]", 0x88a07c22},
	{"casp x0, x1, x2, x3, [x4]", 0x48207c82},
	{"casal x0, x2, [x1]", 0xc8e0fc22},
	{"swp w0, w2, [x1]", 0xb8208022},
	{"ldadd x0, x2, [x1]", 0xf8200022},
	{"ldseta w0, w2, [x1]", 0xb8a03022},
	{"stclr w0, [x1]", 0xb820103f},
	{"ldsmaxb w0, w2, [x1]", 0x38204022},
	{"prfm pldl1keep, [x1]", 0xf9800020},
	{"prfm pldl1keep, [x1, x2]", 0xf8a26820},
	{"prfum pldl1keep, [x1, #1]", 0xf8801020},
	{"prfm pldl1keep, .", 0xd8000000},
	{"ldr q0, [x1]", 0x3dc00020},
	{"str d0, [x1], #8", 0xfc008420},
	{"ldr s0, [x1, x2]", 0xbc626820},
	{"ldp q0, q1, [x1]", 0xad400420},
	{"stp d0, d1, [x1, #-16]!", 0x6dbf0420},
	{"ld1 {v0.16b}, [x1]", 0x4c407020},
	{"st1 {v0.s}[1], [x1], #4", 0x0d9f9020},
	{"ldr d0, .", 0x5c000000},
	{"ldur h0, [x1, #1]", 0x7c401020},
	{"stgp x0, x1, [x2]", 0x69000440},
	{"stg x0, [x1]", 0xd9200820},
	{"ldg x0, [x1]", 0xd9600020},
	{"ldraa x0, [x1]", 0xf8200420},
	{"ldrab x0, [x1, #8]!", 0xf8a01c20},
	{"dc zva, x0", 0xd50b7420},
	{"dc civac, x0", 0xd50b7e20},
	{"add x0, x1, x2", 0x8b020020},
	{"b .", 0x14000000},
	{"svc #0", 0xd4000001},
	{"nop", 0xd503201f},
	{"brk #0", 0xd4200000},
	{"msr s3_0_c1_c0_0, x0", 0xd5181000},
	{"movz x0, #1", 0xd2800020},
	{"cpyfp [x0]!, [x1]!, x2!", 0x19010440},
	{"setp [x0]!, x1!, x2", 0x19c20420},
	{"ldr z0, [x1]", 0x85804020},
};

static void good_check(const struct good *g)
{
	struct insn i;
	uint32_t flags;

	assert_true(insn_decode(g->word, &i));
	flags = (i.write ? W : 0) | (i.sign ? S : 0) | (i.wide ? X : 0) | (i.pair ? P : 0) | (i.writeback ? B : 0);
	assert_int_equal(flags, g->flags);
	assert_int_equal(i.size, g->size);
	assert_int_equal(i.rt, g->rt);
	assert_int_equal(i.rt2, g->rt2);
	assert_int_equal(i.step, g->step);
	if (i.writeback) {
		assert_int_equal(i.rn, g->rn);
	}
}

static void decodes_all_forms(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(goods); i++) {
		print_message("# %s\n", goods[i].text);
		good_check(&goods[i]);
	}
}

static void refuses_all_others(void **state)
{
	struct insn insn;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(bads); i++) {
		print_message("# %s\n", bads[i].text);
		assert_false(insn_decode(bads[i].word, &insn));
	}
}

/* Any word: what is said to be a load or a store is one that can be carried out. */
static void decodes_sensibly(void **state)
{
	struct insn i;

	(void)state;
	srand(1);
	for (uint32_t n = 0; n < 4000000; n++) {
		uint32_t word = ((uint32_t)rand() << 16) ^ (uint32_t)rand();

		if (insn_decode(word, &i)) {
			assert_int_equal(word >> 27 & 1, 1);
			assert_int_equal(word >> 26 & 1, 0);
			assert_true(i.size == 1 || i.size == 2 || i.size == 4 || i.size == 8);
			assert_false(i.write && i.sign);
			assert_true(i.wide || i.size < 8);
			assert_true(i.step == 0 || i.writeback);
		}
	}
}

static void extends(void **state)
{
	struct insn i = {.size = 1};

	(void)state;
	assert_int_equal(insn_extend(&i, 0xfedcba9876543280), 0x80);
	i.sign = true;
	assert_int_equal(insn_extend(&i, 0xfedcba9876543280), 0xffffff80);
	i.wide = true;
	assert_int_equal(insn_extend(&i, 0xfedcba9876543280), 0xffffffffffffff80);
	i.size = 2;
	assert_int_equal(insn_extend(&i, 0xfedcba9876547280), 0x7280);
	assert_int_equal(insn_extend(&i, 0xfedcba987654f280), 0xfffffffffffff280);
	i.size = 4;
	assert_int_equal(insn_extend(&i, 0xfedcba98f6543280), 0xfffffffff6543280);
	i.sign = false;
	assert_int_equal(insn_extend(&i, 0xfedcba98f6543280), 0xf6543280);
	i.size = 8;
	assert_int_equal(insn_extend(&i, 0xfedcba98f6543280), 0xfedcba98f6543280);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(decodes_all_forms),
		cmocka_unit_test(refuses_all_others),
		cmocka_unit_test(decodes_sensibly),
		cmocka_unit_test(extends),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
