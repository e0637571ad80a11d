/* SPDX-License-Identifier: Apache-2.0 */
/* Instructions on what C code of the payloads never uses: vector registers, pointer keys. */
	.arch	armv8-a+sve

	.text
/* void simd_fill(void): every byte of v<n> becomes 64 + n */
	.globl	simd_fill
simd_fill:
	.irp	n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
	movi	v\n\().16b, #64 + \n
	.endr
	.irp	n, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
	movi	v\n\().16b, #64 + \n
	.endr
	ret

/* void simd_save(uint8_t to[512]) */
	.globl	simd_save
simd_save:
	.irp	n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
	str	q\n, [x0], #16
	.endr
	.irp	n, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
	str	q\n, [x0], #16
	.endr
	ret

/* uint64_t sve_fill(void): every byte of z7 becomes 0x5a; the length of one in bytes */
	.globl	sve_fill
sve_fill:
	rdvl	x0, #1
	dup	z7.b, #0x5a
	ret

/* void sve_save(uint8_t to[256]): z7 */
	.globl	sve_save
sve_save:
	str	z7, [x0]
	ret

/* uint64_t sme_length(void): of a streaming vector, in bytes */
	.globl	sme_length
sme_length:
	.inst	0x04bf5820		/* rdsvl x0, #1 */
	ret

/* uint64_t pauth_sign(uint64_t pointer, uint64_t modifier), and its check: key IA */
	.globl	pauth_sign
pauth_sign:
	.inst	0xdac10020		/* pacia x0, x1 */
	ret

	.globl	pauth_check
pauth_check:
	.inst	0xdac11020		/* autia x0, x1 */
	ret

/* void mops_set(uint8_t *to, uint64_t size): zeroes it by SETP, SETM, SETE */
	.globl	mops_set
mops_set:
	.inst	0x19df0420		/* setp [x0]!, x1!, xzr */
	.inst	0x19df4420		/* setm [x0]!, x1!, xzr */
	.inst	0x19df8420		/* sete [x0]!, x1!, xzr */
	ret
