/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An image of the machine of acpi/firmware.h that UEFI has loaded somewhere: what the linker
 * wrote into it points to where it is to be. Two domains, the hardware domain and one more.
 */
#ifndef TESTS_UNIT_EFI_IMAGE_H
#define TESTS_UNIT_EFI_IMAGE_H

#include "tables.h"
#include "unit/efi/uefi.h"

#define IMAGE_BASE (UEFI_RAM + 0x8000000)
#define IMAGE_SIZE 0x10000u
#define IMAGE_STORE (IMAGE_BASE + 0x8000) /* a payload that is carried there */
#define IMAGE_INITRD (IMAGE_BASE + 0xc000)
#define IMAGE_INITRD_SIZE 0x1234u
#define GUEST_RAM (UEFI_RAM + 0x10000000)
#define GUEST_SIZE UINT64_C(0x2000000)
#define SHARED_RAM (UEFI_RAM + 0x12000000)
#define SHARED_SIZE UINT64_C(0x10000)
#define TABLES_AT UINT64_C(0x7c000000) /* firmware's, FW_BASE */
#define RUNTIME_AT (TABLES_AT + 0x100000)
#define RUNTIME_SIZE 0x10000u
#define FLASH_AT UINT64_C(0x04000000) /* which UEFI's runtime services need */

/* Its data, behind the head of an arm64 Image. Names are those of the pointers to them. */
struct test_image {
	_Alignas(4096) uint8_t head[64];
	char board_name[16], domain_name[16], guest_name[16], cmdline[64];
	char file_names[EFI_FILES][32];
	struct cpu_desc cpus[4];
	uint8_t vcpus[2][4];
	struct domain_desc domains[2];
	struct trap_window windows[5];
	struct ondemand_range mmio[1];
	struct mem_range ram[3], guest_ram[1], shared[1], all_ram[1];
	struct payload_piece pieces[1];
	struct acpi_expect expect;
	uint64_t itses[1];
	struct acpi_expect_smmu smmus[1];
	struct acpi_expect_host hosts[1];
	struct acpi_expect_ids streams[1], messages[1];
	struct efi_payload payload;
	_Alignas(0x8000) uint8_t store[IMAGE_SIZE - 0x8000];
};
extern struct ondemand_list test_demand[2] __asm__("domain_ondemand");
extern struct test_image test_image __asm__("__image_start"); /* where UEFI has loaded it */
extern struct board_tables test_board __asm__("board");

/* Where something of it is to be: `linked(p)` of a pointer into test_image. */
void *image_linked(const void *p);

enum image_end {
	IMAGE_RETURNED, /* to UEFI */
	IMAGE_STARTED,  /* the hypervisor, at its place */
	IMAGE_HALTED,   /* with its last words on the UART */
};

/* UEFI, its tables and the image afresh: nothing is wrong. */
void image_make(void);

/* The kernel, initrd and command line are files, that is, what image_make() has put there. */
void image_use_files(void);
extern uint8_t image_kernel[3 * 4096], image_ramdisk[5000];

/* Starts it. */
enum image_end image_start(void);
extern char image_words[256];

/* Which runtime services the domain is told of, after a start. */
uint32_t image_services(void);

/* What is wrong with what was started; NULL: nothing. */
const char *image_check(void);

#endif
