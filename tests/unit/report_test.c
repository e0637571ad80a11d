// SPDX-License-Identifier: Apache-2.0
// report.html: what it says of boards/rcar-h3, against figures counted independently in
// Linux 6.12's r8a77951-salvator-xs; and that no name, however hostile, becomes markup.
// sources: gen/report/*.c gen/plan/*.c gen/check/*.c gen/model/*.c gen/schema/*.c gen/yaml/*.c gen/diag/*.c
// sources: gen/util/*.c hv/mm/stage2.c
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>

#include "report/html.h"
#include "report/report.h"
#include "unit/plan_board.h"

static char *print(const struct plan *p, struct verdict *v, const char *messages)
{
	char *text = NULL;
	size_t size = 0;
	struct page g = {.out = open_memstream(&text, &size), .p = p, .system = "system", .verdict = v,
			 .messages = messages};

	report_print(&g);
	fclose(g.out);
	return text;
}

static size_t count(const char *text, const char *word)
{
	size_t n = 0;

	for (const char *at = strstr(text, word); at != NULL; at = strstr(at + 1, word)) {
		n++;
	}
	return n;
}

/* A copy of what stands between two words. */
static char *part(const char *text, const char *from, const char *to)
{
	const char *begin = strstr(text, from);
	const char *end = begin == NULL ? NULL : strstr(begin + strlen(from), to);

	if (end == NULL) {
		fail_msg("no '%s' .. '%s'", from, to);
	}
	return strndup(begin, (size_t)(end - begin));
}

static char *board_print(const char *dir, const char *system, const char *verify)
{
	struct diag *d = diag_new();
	struct yaml *y = yaml_open();
	struct model *m = model_load(y, d, dir, system, NULL);
	struct verdict v;

	diag_print(d, stderr, DIAG_TEXT);
	assert_non_null(m);
	struct plan *p = plan_build(d, m);
	assert_non_null(p);
	verdict_read(&v, verify);
	char *text = print(p, &v, "");
	verdict_free(&v);
	plan_free(p);
	model_free(m);
	yaml_close(y);
	diag_free(d);
	return text;
}

static const struct {
	const char *name;
	const char *ids; /* as the table shows them */
} masters[] = {
	{"dmac0", "ipmmu_ds0 <code>0–15</code>"},   {"avb", "ipmmu_ds0 <code>16</code>"},
	{"dmac1", "ipmmu_ds1 <code>0–15</code>"},   {"dmac2", "ipmmu_ds1 <code>16–31</code>"},
	{"sdhi0", "ipmmu_ds1 <code>32</code>"},     {"sdhi1", "ipmmu_ds1 <code>33</code>"},
	{"sdhi2", "ipmmu_ds1 <code>34</code>"},     {"sdhi3", "ipmmu_ds1 <code>35</code>"},
	{"sata", "ipmmu_hc <code>2</code>"},        {"audma0", "ipmmu_mp0 <code>0–15</code>"},
	{"audma1", "ipmmu_mp0 <code>16–31</code>"}, {"fcpvd0", "ipmmu_vi0 <code>8</code>"},
	{"fcpvd1", "ipmmu_vi0 <code>9</code>"},     {"fcpvd2", "ipmmu_vi1 <code>10</code>"},
	{"fcpf0", "ipmmu_vp0 <code>0</code>"},      {"fcpvb0", "ipmmu_vp0 <code>5</code>"},
	{"fcpvi0", "ipmmu_vp0 <code>8</code>"},     {"fcpf1", "ipmmu_vp1 <code>1</code>"},
	{"fcpvb1", "ipmmu_vp1 <code>7</code>"},     {"fcpvi1", "ipmmu_vp1 <code>9</code>"},
};

static const char *const loose[] = {
	"usb_dmac0", "usb_dmac1", "usb_dmac2", "usb_dmac3", "xhci0", "ohci0", "ehci0", "ohci1", "ehci1", "ohci2",
	"ehci2", "ohci3", "ehci3", "pciec0", "pciec1", "rcar_sound", "vin0", "vin1", "vin2", "vin3", "vin4", "vin5",
	"vin6", "vin7", "csi20", "csi40", "imr0", "imr1", "imr2", "imr3",
};

static const char *const ipmmus[] = {
	"mm", "ds0", "ds1", "hc", "ir", "mp0", "pv0", "pv1", "pv2",
	"pv3", "rt", "vc0", "vc1", "vi0", "vi1", "vp0", "vp1",
};

static void test_protected(void **state)
{
	char *text = board_print("boards/rcar-h3", NULL, "no/such.json");
	char *table = part(text, "<h3 id=\"protected\">Protected: 20</h3>", "</table>");

	(void)state;
	assert_int_equal(count(table, "<tr><th scope=\"row\">"), 20);
	for (size_t i = 0; i < ARRAY_SIZE(masters); i++) {
		char want[160];
		bool off = strcmp(masters[i].name, "sdhi1") == 0; /* not wired up on this board */

		snprintf(want, sizeof(want), "<tr><th scope=\"row\">%s</th><td data-l=\"IOMMU and IDs\"><div>%s</div>",
			 masters[i].name, masters[i].ids);
		char *row = part(table, want, "\n");
		assert_int_equal(count(row, "nothing: its DMA is aborted"), off);
		assert_int_equal(count(row, "<a href=\"#reach-0\">dom0’s CPUs reach</a>, less the GIC’s CPU "
			"interface"), !off);
		free(row);
	}
	assert_int_equal(count(text, "<div><dt>Protected DMA masters</dt><dd>20</dd></div>"), 1);
	free(table);
	free(text);
}

static void test_unprotected(void **state)
{
	char *text = board_print("boards/rcar-h3", NULL, "no/such.json");
	char *table = part(text, "<h3 id=\"unprotected\">Unprotected: 30</h3>", "</table>");

	(void)state;
	assert_int_equal(ARRAY_SIZE(loose), 30);
	assert_int_equal(count(table, "<tr><th scope=\"row\">"), 30);
	assert_int_equal(count(table, "all memory of the machine"), 30);
	for (size_t i = 0; i < ARRAY_SIZE(loose); i++) {
		char want[96];

		snprintf(want, sizeof(want), "<tr><th scope=\"row\">%s</th>", loose[i]);
		assert_int_equal(count(table, want), 1);
	}
	/* Endpoint mode of the PCIe hosts: the same registers, disabled. */
	char *near = part(text, "<p id=\"near\">", "</p>");
	assert_int_equal(count(near, "pciec0_ep") + count(near, "pciec1_ep"), 2);
	assert_int_equal(count(text, "id=\"idle\">Nobody’s and without an IOMMU (2): canfd, csi41."), 1);
	assert_int_equal(count(text, "<div><dt>Unprotected DMA masters</dt><dd>30</dd></div>"), 1);
	free(near);
	free(table);
	free(text);
}

static void test_topology(void **state)
{
	char *text = board_print("boards/rcar-h3", NULL, "no/such.json");
	char *svg = part(text, "<svg class=\"topology\"", "</svg>");

	(void)state;
	assert_int_equal(count(text, "<h2>IOMMUs: 17</h2>"), 1);
	assert_int_equal(count(svg, "<g class=\"unit\">"), 17);
	for (size_t i = 0; i < ARRAY_SIZE(ipmmus); i++) {
		char want[64];

		snprintf(want, sizeof(want), "<g class=\"unit\"><title>ipmmu_%s</title>", ipmmus[i]);
		assert_int_equal(count(svg, want), 1);
	}
	/* ir, pv0 to pv3, rt, vc0, vc1. */
	assert_int_equal(count(svg, "no master is behind it"), 8);
	assert_int_equal(count(svg, " bare\"><title>"), 30);
	assert_int_equal(count(svg, "<title>dom0</title>"), 19);
	assert_int_equal(count(svg, "<title>aborts</title>"), 9);
	free(svg);
	free(text);
}

/* An SMMUv3, domains that share, and what traps. */
static void test_domains(void **state)
{
	char *text = board_print("boards/qemu-virt", "four-domains", "no/such.json");

	(void)state;
	char *reach = part(text, "<h3 id=\"reach-1\">", "</table>");
	assert_int_equal(count(reach, "from1 (shared)") + count(reach, "from2 (shared)"), 2);
	assert_int_equal(count(reach, "virtual PL011"), 1);
	assert_int_equal(count(reach, "doorbell"), 1);
	char *memory = part(text, "<section id=\"memory\">", "</section>");
	assert_int_equal(count(memory, "<svg class=\"bar\""), 1);
	assert_int_equal(count(memory, "<div>the hypervisor</div>"), 1);
	assert_int_equal(count(memory, "#domain-3"), 1);
	free(memory);
	free(reach);
	free(text);
}

static void test_no_iommu_named(void **state)
{
	char *text = board_print("boards/qdf2400-acpi", NULL, "no/such.json");

	(void)state;
	assert_int_equal(count(text, "found at boot"), 1);
	assert_int_equal(count(text, "only firmware knows"), 1);
	assert_int_equal(count(text, "tables name comes to this at boot"), 1);
	assert_int_equal(count(text, "10239 (messages, through the ITS that firmware&#39;s tables name"), 1);
	free(text);
	/* A board that says all of it itself. */
	text = board_print("boards/qemu-virt-acpi", NULL, "no/such.json");
	assert_int_equal(count(text, "at boot"), 0);
	assert_int_equal(count(text, "firmware knows") + count(text, "firmware tells"), 0);
	free(text);
}

/* What the page may be made of: no script, nothing from elsewhere. */
static void test_self_contained(void **state)
{
	char *text = board_print("boards/rcar-h3", NULL, "no/such.json");
	static const char *const never[] = {"<script", "<link", "<img", "http:", "https:", "url(", "@import",
					    " src=", " onload=", "javascript:"};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(never); i++) {
		assert_int_equal(count(text, never[i]), 0);
	}
	char *again = board_print("boards/rcar-h3", NULL, "no/such.json");
	assert_string_equal(text, again);
	free(again);
	free(text);
}

#define EVIL "\"'></text></svg><script>alert(1)</script>&\x01\xff"

/* A board's SMMUv3, and a master behind it. */
struct confined {
	struct m_iommu smmu;
	struct m_iommu_link link;
};

static struct m_device *confined_init(struct board_test *t, struct confined *c, const char *smmu)
{
	struct m_device *dev = board_device(t, 0x0a000000, 0x1000, 0);

	c->smmu = (struct m_iommu){.name = NAME(smmu), .type = IOMMU_SMMUV3, .root = MODEL_NONE, .id_count = 16,
				   .reg = {.base = 0x09050000, .size = 0x20000}, .cmdq_entries = 8, .evtq_entries = 8};
	c->link = (struct m_iommu_link){.first = 1, .count = 1};
	t->m.board.iommus = &c->smmu;
	t->m.board.iommu_count = 1;
	dev->dma_master = true;
	dev->links = &c->link;
	dev->link_count = 1;
	return dev;
}

static void test_hostile_names(void **state)
{
	struct board_test t;
	struct verdict v = {.path = EVIL};
	static const char *evil[] = {EVIL};

	(void)state;
	board_init(&t);
	struct m_domain *dom = board_dom0(&t);
	struct confined c;
	struct m_device *dev = confined_init(&t, &c, EVIL);
	dev->compatible = evil;
	dev->compatible_count = 1;
	dev->name.s = EVIL;
	dev = board_device(&t, 0x0a010000, 0x1000, 0);
	dev->dma_master = true;
	dev->name.s = EVIL;
	dev->unprotected.s = EVIL;
	dom->name.s = EVIL;
	t.m.board.name.s = EVIL;
	t.m.board.description.s = EVIL;
	for (size_t i = 0; i < BOARD_CPUS; i++) {
		t.cpus[i].name = NAME(EVIL);
	}
	struct plan *p = plan_build(t.d, &t.m);
	diag_print(t.d, stderr, DIAG_TEXT);
	assert_non_null(p);
	char *text = print(p, &v, EVIL);
	assert_int_equal(count(text, "<script"), 0);
	assert_true(count(text, "&lt;script&gt;alert(1)&lt;/script&gt;&amp;") > 10);
	assert_int_equal(count(text, "\x01"), 0);
	assert_int_equal(count(text, "\xff"), 0);
	/* Each attribute ends where it should. */
	assert_int_equal(count(text, "\"'>"), 0);
	free(text);
	plan_free(p);
	board_free(&t);
}

/* `iommu: "off"` counts no IOMMU, but an SMMUv3 confines all the same: the page says both. */
static void test_off(void **state)
{
	struct board_test t;
	struct verdict v = {.path = "no/such.json"};

	(void)state;
	board_init(&t);
	board_dom0(&t)->iommu = IOMMU_OFF;
	struct confined c;
	(void)confined_init(&t, &c, "smmu0");
	t.m.board.name.s = "test";
	for (size_t i = 0; i < BOARD_CPUS; i++) {
		t.cpus[i].name = NAME("cpu");
	}
	struct plan *p = plan_build(t.d, &t.m);
	assert_non_null(p);
	assert_int_equal(p->smmus[0].streams[0].owner, 0);
	assert_true(plan_is_confined(p, t.m.board.device_count - 1));
	assert_false(plan_is_protected(p, t.m.board.device_count - 1));
	char *text = print(p, &v, "");
	char *table = part(text, "<h3 id=\"protected\">Protected: 1</h3>", "</table>");
	assert_int_equal(count(table, "CPUs reach</a>"), 1);
	assert_int_equal(count(text, "<h3 id=\"unprotected\">Unprotected: 0</h3>"), 1);
	assert_int_equal(count(text, "all memory"), 0);
	assert_int_equal(count(text, "no IOMMU counts as one"), 1);
	free(table);
	free(text);
	plan_free(p);
	board_free(&t);
}

static void html_is(const char *in, size_t max, const char *want)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	if (max == 0) {
		html_text(out, in);
	} else {
		html_text_cut(out, in, max);
	}
	fclose(out);
	assert_string_equal(text, want);
	free(text);
}

static void test_text(void **state)
{
	(void)state;
	html_is("a<b>&\"'c", 0, "a&lt;b&gt;&amp;&quot;&#39;c");
	html_is("é€😀", 0, "é€😀");
	html_is("\xc0\xaf\xed\xa0\x80\x80\xe2\x82", 0, "\ufffd\ufffd\ufffd\ufffd\ufffd\ufffd\ufffd\ufffd");
	html_is("a\u202e\x1b\x7f\n\tz", 0, "a\ufffd\ufffd\ufffd\ufffd\ufffd\n\tz");
	html_is("éééé", 4, "éééé");
	html_is("ééééé", 4, "ééé…");
	html_is("<<<<<", 3, "&lt;&lt;…");
}

static void verdict_is(const char *json, bool there, bool broken, bool holds)
{
	struct verdict v;
	char path[64];

	file_make(path, json, strlen(json), strlen(json));
	verdict_read(&v, path);
	assert_int_equal(v.top != NULL, there);
	assert_int_equal(v.broken, broken);
	assert_int_equal(v.holds, holds);
	verdict_free(&v);
	unlink(path);
}

#define PROPERTY \
	"\"id\": \"1\", \"title\": \"t\", \"verdict\": \"holds\", \"checked\": 1, \"unit\": \"u\", \"failed\": 0"

static void test_verdict(void **state)
{
	(void)state;
	verdict_is("{\"verified\": \"a\\\"b\", \"holds\": true, \"properties\": [{" PROPERTY ", \"findings\": []}]}",
		   true, false, true);
	verdict_is("{\"verified\": \"x\", \"holds\": false, \"properties\": [{" PROPERTY ", \"findings\": "
		   "[{\"text\": \"no\", \"places\": [{\"file\": \"f\", \"line\": 1, \"column\": 2}]}]}]}",
		   true, false, false);
	verdict_is("{\"verified\": \"x\", \"holds\": true, \"properties\": []}", false, true, false);
	verdict_is("{\"verified\": \"x\", \"holds\": true, \"properties\": [{" PROPERTY "}]}", false, true, false);
	verdict_is("{\"verified\": \"x\", \"holds\": true, \"properties\": [{" PROPERTY ", \"findings\": "
		   "[{\"text\": [], \"places\": []}]}]}", false, true, false);
	verdict_is("[1, 2]", false, true, false);
	verdict_is("{", false, true, false);
	verdict_is("", false, true, false);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_protected),      cmocka_unit_test(test_unprotected),
		cmocka_unit_test(test_off),
		cmocka_unit_test(test_topology),       cmocka_unit_test(test_domains),
		cmocka_unit_test(test_no_iommu_named), cmocka_unit_test(test_self_contained),
		cmocka_unit_test(test_hostile_names),  cmocka_unit_test(test_text),
		cmocka_unit_test(test_verdict),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
