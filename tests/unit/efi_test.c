// SPDX-License-Identifier: Apache-2.0
// sources: hv/firmware/efi.c hv/firmware/efi_leave.c hv/firmware/efi_memory.c
// sources: hv/firmware/efi_runtime.c hv/firmware/efi_start.c hv/firmware/efi_take.c
// sources: hv/firmware/efi_described.c hv/firmware/esp.c hv/firmware/acpi/*.c hv/firmware/dom0/*.c
// sources: tests/unit/acpi/firmware.c tests/unit/efi/*.c tests/models/model.c
/* From UEFI's call of the image to the hypervisor at its place, or back, with a made-up UEFI. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "models/model.h"
#include "unit/acpi/firmware.h"
#include "unit/efi/image.h"

/* It starts, and what it starts is right. */
static void assert_starts(void)
{
	enum image_end end = image_start();
	const char *wrong = end == IMAGE_STARTED ? image_check() : uefi.said;

	if (wrong != NULL) {
		fail_msg("%s %s", wrong, image_words);
	}
}

/* It says `text`, gives back what it was given and returns. */
static void assert_refuses(const char *text)
{
	assert_int_equal(image_start(), IMAGE_RETURNED);
	if (strstr(uefi.said, text) == NULL || strstr(uefi.said, "fatal: board: ") == NULL) {
		fail_msg("%s", uefi.said);
	}
	assert_int_equal(uefi.taken, 0);
	for (uint32_t i = 0; i < UEFI_FILES; i++) {
		assert_int_equal(uefi.files[i].opened, 0);
	}
}

static void the_payload_is_in_the_image(void **state)
{
	(void)state;
	image_make();
	assert_starts();
}

static void the_payload_is_in_files(void **state)
{
	(void)state;
	image_make();
	image_use_files();
	assert_starts();
	/* The initrd and the command line may be left out. */
	image_make();
	image_use_files();
	test_image.payload.files[EFI_FILE_CMDLINE] = NULL;
	assert_starts();
}

static void the_map_changes_before_it_leaves(void **state)
{
	(void)state;
	image_make();
	uefi.stale = 5;
	assert_starts();
	image_make();
	uefi.stays = true;
	assert_int_equal(image_start(), IMAGE_HALTED);
	assert_string_equal(image_words, "bulkhead: fatal: firmware does not let go of the machine\r\n");
}

static bool is_offered(void)
{
	assert_starts();
	return strstr(uefi.said, "are not offered") == NULL;
}

/* The domain calls firmware's own, or none, for a reason that is said. */
static void runtime_services(void **state)
{
	struct uefi_runtime *r = (void *)RUNTIME_AT;

	(void)state;
	image_make();
	assert_true(is_offered());
	/* All but ResetSystem() and the capsules */
	assert_int_equal(image_services(), 0x23ff);
	image_make();
	r->properties.supported = 0xff000403;
	assert_true(is_offered());
	assert_int_equal(image_services(), 3);
	image_make();
	uefi.registers = 0;
	assert_true(is_offered());
#define NOT_OFFERED(change, text) \
	do { \
		image_make(); \
		change; \
		assert_false(is_offered()); \
		assert_non_null(strstr(uefi.said, text)); \
	} while (0)
	NOT_OFFERED(uefi_system.runtime = NULL, "firmware has none, or no sound table of them (0x0)");
	NOT_OFFERED(uefi_system.runtime = (void *)(UEFI_RAM + UEFI_RAM_SIZE - 8), "firmware has none");
	NOT_OFFERED(r->table.header.signature++, "firmware has none");
	NOT_OFFERED(r->table.header.size--, "firmware has none");
	NOT_OFFERED(test_image.mmio[0].size -= PAGE_SIZE, "has not all memory and registers of theirs (0x4000000)");
	NOT_OFFERED(test_demand[1].count = 0, "has not all memory and registers of theirs (0x4000000)");
	NOT_OFFERED(uefi_set(EFI_ACPI_NVS, RUNTIME_AT, RUNTIME_SIZE), "is not in memory of theirs (0x7c100000)");
#undef NOT_OFFERED
}

/* What is wrong with firmware or its partition, and what is said of it. */
static void files_are_refused_by_name(void **state)
{
	static uint8_t broken[sizeof(image_kernel)];
	struct uefi_file *kernel = &uefi.files[0], *initrd = &uefi.files[1], *cmdline = &uefi.files[2];
	char line[2049];

	(void)state;
#define REFUSED(change, text) \
	do { \
		image_make(); \
		image_use_files(); \
		memcpy(broken, image_kernel, sizeof(broken)); \
		kernel->bytes = broken; \
		change; \
		assert_refuses(text); \
	} while (0)
	REFUSED(uefi.no_file_system = true, "did not start the image from a file system");
	REFUSED(kernel->name = "EFI\\Other", "'EFI\\Image' is not on the partition");
	REFUSED(initrd->name = "EFI\\Other", "'EFI\\initrd' is not on the partition");
	REFUSED(cmdline->name = "EFI\\Other", "'EFI\\cmdline' is not on the partition");
	REFUSED(kernel->directory = true, "'EFI\\Image' is no file that can be read");
	REFUSED(initrd->size = 0, "'EFI\\initrd' has nothing in it");
	REFUSED(kernel->size = UINT64_MAX - 1, "'EFI\\Image' is too large");
	REFUSED(initrd->size = GIB(64) + 1, "'EFI\\initrd' is too large");
	memset(line, 'a', sizeof(line));
	REFUSED((cmdline->bytes = (uint8_t *)line, cmdline->size = 2048), "'EFI\\cmdline' is too large");
	line[7] = '\n';
	REFUSED((cmdline->bytes = (uint8_t *)line, cmdline->size = 100), "'EFI\\cmdline' is not one line");
	REFUSED(kernel->size = 63, "'EFI\\Image' is not an arm64 Image (");
	REFUSED(broken[56] = 0, "'EFI\\Image' is not an arm64 Image (");
	REFUSED((broken[56] = 0, broken[0] = 0x1f, broken[1] = 0x8b), "but a compressed one");
	REFUSED((broken[56] = 0, memcpy(broken + 4, "zimg", 4)), "but a compressed one");
	REFUSED(broken[24] = 1, "that cannot be started");
	REFUSED(broken[23] = 1, "that cannot be started");
	REFUSED(broken[10] = 0x20, "that cannot be started");
	REFUSED(broken[20] = 1, "has no piece for a kernel of 0x100009000 and an initrd of 0x1388 bytes");
	REFUSED(initrd->size = GIB(4), "has no piece for a kernel of 0x9000 and an initrd of 0x100000000 bytes");
	REFUSED(kernel->torn = true, "'EFI\\Image' cannot be read");
	REFUSED(initrd->torn = true, "'EFI\\initrd' cannot be read");
	REFUSED(kernel->missing = 100, "'EFI\\Image' has not the bytes");
	REFUSED(initrd->missing = 100, "'EFI\\initrd' has not the bytes");
#undef REFUSED
}

/* Of memory that somebody needs, firmware keeps a page, or has one until boot services end. */
static void memory_that_firmware_keeps(void **state)
{
	static const struct {
		uint64_t at;
		const char *kept;
	} places[] = {
		{GUEST_RAM + 0x5000, "memory at 0x70005000 (type 6), where domain 'guest' has its own"},
		{GUEST_RAM + GUEST_SIZE - PAGE_SIZE, "memory at 0x71fff000 (type 6), where domain 'guest'"},
		{SHARED_RAM, "memory at 0x72000000 (type 6), where shared memory of 'board'"},
	};

	(void)state;
	for (uint32_t i = 0; i < ARRAY_SIZE(places); i++) {
		image_make();
		uefi_set(EFI_RUNTIME_DATA, places[i].at, PAGE_SIZE);
		assert_refuses(places[i].kept);
		image_make();
		uefi_set(EFI_BOOT_CODE, places[i].at, PAGE_SIZE);
		assert_starts();
		/* It was not there before, and it is there when it is too late to return. */
		image_make();
		uefi_set(EFI_BOOT_CODE, places[i].at, PAGE_SIZE);
		uefi.late_page = places[i].at;
		uefi.late_type = EFI_RUNTIME_CODE;
		assert_int_equal(image_start(), IMAGE_HALTED);
		assert_non_null(strstr(image_words, "keeps memory now that the system file gives away"));
	}
	image_make();
	uefi_set(EFI_BOOT_DATA, IMAGE_BASE + 0x4000, PAGE_SIZE);
	assert_refuses("firmware uses memory at 0x68004000 (type 4), and the image needs 0x68000000..0x68010000");
}

/* Each piece that is given away is looked at again when boot services end. */
static void more_pieces_than_are_remembered(void **state)
{
	struct mem_range *pieces = (void *)(test_image.store + 0x4000);
	const uint32_t limit = 256;

	(void)state;
	for (uint32_t count = limit; count <= limit + 1; count++) {
		image_make();
		for (uint32_t i = 0; i < count; i++) {
			pieces[i] = (struct mem_range){GUEST_RAM + i * PAGE_SIZE, PAGE_SIZE};
		}
		test_image.domains[0].ram = image_linked(pieces);
		test_image.domains[0].ram_count = count;
		test_board.shared_count = 0;
		uefi_set(EFI_BOOT_CODE, GUEST_RAM, GUEST_SIZE);
		if (count == limit) {
			assert_starts();
		} else {
			assert_refuses("the system file gives away more than 256 pieces of memory");
		}
	}
}

/* The hardware domain's payload is copied home by the hypervisor: nothing else goes there. */
static void a_payload_that_is_copied(void **state)
{
	const uint64_t home = UEFI_RAM + 0x200000;

	(void)state;
	for (uint32_t round = 0; round < 2; round++) {
		image_make();
		test_image.domains[1].pieces = image_linked(test_image.pieces);
		test_image.domains[1].piece_count = 1;
		test_image.domains[1].entry = home;
		test_image.pieces[0] = (struct payload_piece){IMAGE_STORE, home, 0x3000};
		if (round == 0) {
			/* Of what it clears the last page */
			uefi_set(EFI_ACPI_NVS, home + 0x8000, PAGE_SIZE);
			assert_refuses("memory at 0x60208000 (type 10), where domain 'dom0' has its own");
		} else {
			assert_int_equal(image_start(), IMAGE_STARTED);
			assert_int_equal(uefi_type(home), EFI_LOADER_DATA);
			assert_int_equal(uefi_type(home + 0x8fff), EFI_LOADER_DATA);
			assert_int_equal(uefi_type(home + 0x9000), EFI_CONVENTIONAL);
		}
	}
}

/* Any allocation may be the one that firmware refuses. */
static void firmware_gives_no_memory(void **state)
{
	uint32_t returned = 0;

	(void)state;
	for (uint32_t after = 1; after < 16; after++) {
		enum image_end end;

		image_make();
		image_use_files();
		uefi.fail_after = after;
		end = image_start();
		if (end == IMAGE_RETURNED) {
			returned++;
			assert_int_equal(uefi.taken, 0);
			assert_non_null(strstr(uefi.said, "fatal: board: "));
		} else {
			assert_int_equal(end, IMAGE_STARTED);
			assert_null(image_check());
		}
	}
	assert_true(returned > 0 && returned < 15);
}

static void machines_that_are_not_the_board(void **state)
{
	(void)state;
	image_make();
	model_sysreg_write(MODEL_SYSREG_currentel, 1 << 2);
	assert_refuses("started at exception level 1");
	image_make();
	uefi.map_limit = 48;
	assert_refuses("firmware has no memory map");
	image_make();
	uefi.step = 44;
	assert_refuses("firmware has no memory map");
	image_make();
	uefi_set(EFI_MAPPED_IO, UEFI_RAM + 0x3000, PAGE_SIZE);
	assert_refuses("the board file has RAM at 0x60003000");
	image_make();
	test_image.all_ram[0].size -= 0x100000;
	assert_refuses("firmware's memory map has RAM at 0x7ef00000");
	image_make();
	test_image.expect.smmus = NULL;
	test_image.expect.smmu_count = 0;
	assert_refuses("the number of SMMUv3s is 0x1 by ACPI table IORT, 0x0 by the board file");
	image_make();
	test_image.hosts[0].segment = 3;
	assert_refuses("ACPI table MCFG has no PCI segment 0x3, the board file has");
	image_make();
	test_image.streams[0].out = 0x10;
	assert_refuses("the stream ID of PCI requester ID 0x0 is 0x0 by ACPI table IORT, 0x10 by the board file");
	image_make();
	test_image.streams[0].last = 0xff00;
	assert_refuses("ACPI table IORT has another device at stream ID 0xff00 than the board file");
	image_make();
	test_image.domains[1].flags = 0;
	assert_refuses("no hardware domain");
	image_make();
	uefi_set(EFI_CONVENTIONAL, TABLES_AT, 0x10000);
	assert_refuses("ACPI table RSDP");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_payload_is_in_the_image),
		cmocka_unit_test(the_payload_is_in_files),
		cmocka_unit_test(the_map_changes_before_it_leaves),
		cmocka_unit_test(runtime_services),
		cmocka_unit_test(files_are_refused_by_name),
		cmocka_unit_test(memory_that_firmware_keeps),
		cmocka_unit_test(more_pieces_than_are_remembered),
		cmocka_unit_test(a_payload_that_is_copied),
		cmocka_unit_test(firmware_gives_no_memory),
		cmocka_unit_test(machines_that_are_not_the_board),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
