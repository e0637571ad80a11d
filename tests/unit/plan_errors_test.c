// SPDX-License-Identifier: Apache-2.0
// sources: gen/plan/*.c gen/util/*.c gen/diag/*.c hv/mm/stage2.c
/* What the plan refuses: the code, and that there is no plan. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "unit/plan_board.h"

/* The plan fails with exactly one message, which has this code and this text. */
static void plan_bad(struct board_test *t, unsigned int code, const char *text)
{
	char want[32], *got = NULL;
	size_t size;
	struct plan *p = plan_build(t->d, &t->m);

	assert_null(p);
	assert_int_equal(diag_errors(t->d), 1);
	FILE *out = open_memstream(&got, &size);
	diag_print(t->d, out, DIAG_TEXT);
	fclose(out);
	snprintf(want, sizeof(want), "error[HV%04u]: ", code);
	if (strstr(got, want) == NULL || strstr(got, text) == NULL) {
		fail_msg("expected %s%s, got:\n%s", want, text, got);
	}
	assert_non_null(diag_explain(code));
	free(got);
	board_free(t);
}

static struct m_domain *start(struct board_test *t)
{
	board_init(t);
	return board_dom0(t);
}

static void image(void **state)
{
	(void)state;
	struct board_test t;

	start(&t);
	t.m.board.load.given = false;
	plan_bad(&t, 250, "image: {load:");
	start(&t);
	t.m.board.load.v += 0x1000;
	plan_bad(&t, 250, "load: 0x40400000");
	start(&t);
	t.m.board.load.v = 0x7fe00000;
	t.m.hv_size = MIB(4);
	plan_bad(&t, 250, "[0x7fe00000..0x80200000)");
	start(&t);
	t.m.board.reserved_count = 1;
	t.reserved[0] = (struct m_range){.base = 0x402ff800, .size = 1};
	plan_bad(&t, 250, "reserved");
	start(&t);
	t.m.hv_size = 0xb000; /* just the tables */
	plan_bad(&t, 257, "hypervisor: {size: 0x16000}");
}

static void memory(void **state)
{
	(void)state;
	struct board_test t;

	start(&t);
	board_domain_ram(board_domain(&t, "big"), (struct m_ram){.size = GIB(1)});
	plan_bad(&t, 252, "'big'");
	/* Into the hypervisor, its last byte; into another domain; out of RAM; half a page. */
	static const uint64_t fixed[][2] = {
		{0x402ff000, 0x1000}, {0x50000000, 0x1000}, {0x7ffff000, 0x2000}, {0x60000800, 0x1000},
		{0x60000000, 0x1800},
	};
	for (size_t i = 0; i < ARRAY_SIZE(fixed); i++) {
		start(&t);
		board_domain_ram(board_domain(&t, "first"),
				 (struct m_ram){.has_base = true, .base = 0x50000000, .size = MIB(2)});
		board_domain_ram(board_domain(&t, "second"),
				 (struct m_ram){.has_base = true, .base = fixed[i][0], .size = fixed[i][1]});
		plan_bad(&t, 253, "'second'");
	}
	start(&t);
	board_domain_ram(board_domain(&t, "high"),
			 (struct m_ram){.has_ipa = true, .ipa = (UINT64_C(1) << 40) - MIB(2), .size = MIB(4)});
	plan_bad(&t, 254, "40 address bits");
}

static void payload(void **state)
{
	(void)state;
	static const struct {
		const char *head;
		size_t size;
		const char *text;
	} bad[] = {
		{"\x1f\x8b\x08", 3, "gzip -dc"}, {"MZ\0\0zimg", 8, "zboot"}, {"\177ELF\2\1\1", 7, "objcopy -O binary"},
		{"nothing", 7, "offset 56"},
	};
	struct board_test t;
	char path[64];

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		file_make(path, bad[i].head, bad[i].size, 4096);
		start(&t)->kernel = (struct m_string){.s = path};
		plan_bad(&t, 552, bad[i].text);
		unlink(path);
	}
	file_make(path, "short", 5, 5);
	start(&t)->kernel = (struct m_string){.s = path};
	plan_bad(&t, 552, "offset 56");
	unlink(path);
	kernel_make(path, 4096, MIB(2), MIB(1));
	start(&t)->kernel = (struct m_string){.s = path};
	plan_bad(&t, 552, "text_offset 0x200000");
	unlink(path);
	kernel_make(path, 4096, 0, UINT64_MAX - 4095);
	start(&t)->kernel = (struct m_string){.s = path};
	plan_bad(&t, 552, "image_size");
	unlink(path);

	start(&t)->kernel = (struct m_string){.s = path};
	plan_bad(&t, 551, "No such file");
	start(&t)->initrd = (struct m_string){.s = "/tmp"};
	plan_bad(&t, 551, "not a file");
	file_make(path, "", 0, 0);
	start(&t)->initrd = (struct m_string){.s = path};
	plan_bad(&t, 551, "not a file with anything in it");
	unlink(path);

	/* One page too little; a start that is not 2 MiB aligned. */
	kernel_make(path, 4096, 0, MIB(4) - 0x2000);
	static const uint64_t ram[][2] = {{0x50000000, MIB(4) - 0x1000}, {0x50001000, MIB(5)}};
	for (size_t i = 0; i < ARRAY_SIZE(ram); i++) {
		start(&t);
		struct m_domain *guest = board_domain(&t, "guest");
		board_domain_ram(guest, (struct m_ram){.has_base = true, .base = ram[i][0], .size = ram[i][1]});
		guest->kernel = (struct m_string){.s = path};
		plan_bad(&t, 553, "'guest'");
	}
	/* No RAM behind the hypervisor to carry it in. */
	start(&t);
	struct m_domain *guest = board_domain(&t, "guest");
	board_domain_ram(guest, (struct m_ram){.size = MIB(16)});
	guest->kernel = (struct m_string){.s = path};
	t.m.board.reserved_count = 1;
	t.reserved[0] = (struct m_range){.base = 0x40300000, .size = 0x1000};
	plan_bad(&t, 251, "carry");
	unlink(path);
}

static void devices(void **state)
{
	(void)state;
	struct board_test t;

	start(&t);
	board_device(&t, 0x0a000000, 0x100, 0);
	board_device(&t, 0x0a000100, 0x100, 0)->attr = ATTR_NORMAL_NC;
	plan_bad(&t, 255, "0xa000000");
	start(&t);
	board_device(&t, 0x0a000000, 0x2000, 0);
	board_device(&t, 0x0a001000, 0x1000, 0)->read_only = true;
	plan_bad(&t, 255, "'dev2' and 'dev1'");
	/* Over the distributor; half of it over the last redistributor; over the PL011. */
	static const uint64_t windows[][2] = {{0x08000000, 0x1000}, {0x080bffff, 0x1000}, {0x09000ff0, 0x10}};
	for (size_t i = 0; i < ARRAY_SIZE(windows); i++) {
		start(&t);
		board_device(&t, windows[i][0], windows[i][1], 0);
		plan_bad(&t, 256, "'dev1'");
	}
	start(&t);
	board_device(&t, UINT64_C(1) << 40, 0x1000, 0);
	plan_bad(&t, 254, "'dev1'");
	start(&t);
	board_device(&t, 0x0a000000, 0x1000, 0)->irqs->intid = 33;
	plan_bad(&t, 554, "interrupt 33");
}

static void cpus(void **state)
{
	(void)state;
	struct board_test t;

	start(&t);
	board_domain(&t, "guest")->cpus[0] = BOARD_CPUS; /* taken away by --cpus */
	board_domain_ram(&t.domains[1], (struct m_ram){.size = MIB(16)});
	plan_bad(&t, 550, "'guest'");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(image),   cmocka_unit_test(memory), cmocka_unit_test(payload),
		cmocka_unit_test(devices), cmocka_unit_test(cpus),
	};

	return cmocka_run_group_tests_name("plan_errors", tests, NULL, NULL);
}
