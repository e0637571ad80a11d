/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The image as a UEFI application: a PE32+ header behind the arm64 one (Microsoft PE/COFF,
 * revision 11; UEFI 2.10, 2.1.1). Firmware loads it anywhere, with addresses in the file as
 * in memory, and calls efi_entry(). The first page holds the headers alone; the text behind
 * it is mapped executable, the rest writable.
 */
#define HEADERS 0x1000
#define MACHINE_ARM64 0xaa64
#define IMAGE_EXECUTABLE 0x2
#define IMAGE_STRIPPED 0x20c	/* line numbers, symbols, debug information */
#define SUBSYSTEM_EFI_APPLICATION 10
#define NX_COMPAT 0x100
#define SECTION_TEXT 0x60000020	/* code, execute, read */
#define SECTION_DATA 0xc0000040	/* initialized data, read, write */

/* What a boot loader starts, that knows nothing of UEFI. */
	.section .text.boot, "ax"
	.globl	boot_entry
boot_entry:
	msr	daifset, #0xf
	msr	spsel, #1
	adr	x9, boot_early_stack
	mov	sp, x9
	b	efi_missed

	.section .head.pe, "a"
	.balign	8
	.globl	pe_header
	.set	pe_header, 64		/* behind the arm64 header; hv.ld has it there */
	.ascii	"PE\0\0"
	.short	MACHINE_ARM64
	.short	__pe_sections
	.long	0, 0, 0			/* time, symbols */
	.short	pe_sections - pe_optional
	.short	IMAGE_EXECUTABLE | IMAGE_STRIPPED
pe_optional:
	.short	0x20b			/* PE32+ */
	.byte	0, 0
	.long	__pe_text_size
	.long	__pe_data_size
	.long	0
	.long	__pe_entry
	.long	HEADERS
	.quad	0			/* wherever there is room */
	.long	HEADERS			/* alignment in memory: of a page's rights */
	.long	0x200			/* in the file */
	.short	0, 0, 0, 0, 0, 0	/* versions */
	.long	0
	.long	__pe_image_size
	.long	HEADERS
	.long	0			/* checksum: UEFI looks at none */
	.short	SUBSYSTEM_EFI_APPLICATION
	.short	NX_COMPAT
	.quad	0, 0, 0, 0		/* stack and heap are UEFI's */
	.long	0
	.long	6			/* data directories */
	.quad	0, 0, 0, 0, 0, 0
pe_sections:
	.ascii	".text\0\0\0"
	.long	__pe_text_size
	.long	HEADERS
	.long	__pe_text_size
	.long	HEADERS
	.long	0, 0, 0
	.long	SECTION_TEXT
	.ascii	".data\0\0\0"
	.long	__pe_data_size
	.long	__pe_data
	.long	__pe_data_in_file
	.long	__pe_data
	.long	0, 0, 0
	.long	SECTION_DATA
	/* What the file carries, if it does, behind the hypervisor's memory. */
	.ascii	".payload"
	.long	__pe_payload_size
	.long	__pe_payload
	.long	__pe_payload_in_file
	.long	__pe_payload
	.long	0, 0, 0
	.long	SECTION_DATA
