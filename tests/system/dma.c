// SPDX-License-Identifier: Apache-2.0
/*
 * dma: page by page, whether DMA reaches memory where it should and nowhere else.
 *
 *   dma SOCKET BASE SIZE [IPA PA SIZE]...
 *
 * SOCKET is QEMU's -qtest; its edu device at 00:02.0 does the DMA. [BASE, BASE+SIZE)
 * is the machine's RAM, which qtest reads and writes past every translation; the
 * triples are what the device's domain maps of it. Every page of the RAM's addresses
 * and of the maps is tried with DMA_EVERY=1, else those at each 2 MiB, at each 64 KiB
 * near an edge, and on both sides of the edge. A page that is mapped must get the data
 * at its PA; one that is not must leave memory of its own address alone. Prints
 * "dma: N pages mapped, M not, F wrong".
 */
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define PAGE UINT64_C(0x1000)
#define STEP UINT64_C(0x200000)
#define NEAR UINT64_C(0x100000)
#define STEP_NEAR UINT64_C(0x10000)
#define OFFSET UINT64_C(0xf40) /* in the page */
#define MAPS_MAX 16
#define POLLS_MAX 1000000 /* 20 s or more */

/* QEMU's virt machine: configuration space of bus 0, and room for a BAR. */
#define ECAM UINT64_C(0x4010000000)
#define EDU (ECAM + (2u << 15))
#define BAR UINT64_C(0x10000000)
/* hw/misc/edu: registers, and where the device's own buffer is for DMA. */
#define EDU_ID 0x00
#define EDU_SRC 0x80
#define EDU_DST 0x88
#define EDU_COUNT 0x90
#define EDU_CMD 0x98
#define EDU_BUFFER UINT64_C(0x40000)
#define CMD_RUN 1u
#define CMD_TO_RAM 2u

struct map {
	uint64_t ipa;
	uint64_t pa;
	uint64_t size;
};

static FILE *in, *out;
static struct map maps[MAPS_MAX];
static int map_count;
static uint64_t ram_base, ram_size;

__attribute__((noreturn, format(printf, 1, 2))) static void die(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	fputs("dma: ", stdout);
	vprintf(fmt, args);
	va_end(args);
	putchar('\n');
	exit(1);
}

/* Sends one line; the answer's value, if it has one. */
__attribute__((format(printf, 1, 2))) static uint64_t ask(const char *fmt, ...)
{
	char line[256];
	va_list args;

	va_start(args, fmt);
	vfprintf(out, fmt, args);
	va_end(args);
	fputc('\n', out);
	fflush(out);
	do {
		if (fgets(line, sizeof(line), in) == NULL) {
			die("QEMU is gone");
		}
	} while (strncmp(line, "IRQ", 3) == 0);
	if (strncmp(line, "OK", 2) != 0) {
		die("qtest says %s", line);
	}
	return strtoull(line + 2, NULL, 0);
}

static uint64_t peek(uint64_t pa)
{
	return ask("readq 0x%" PRIx64, pa);
}

static void poke(uint64_t pa, uint64_t value)
{
	ask("writeq 0x%" PRIx64 " 0x%" PRIx64, pa, value);
}

static void edu_open(void)
{
	if ((ask("readl 0x%" PRIx64, EDU) & 0xffffffff) != 0x11e81234) {
		die("no edu device at 00:02.0");
	}
	ask("writel 0x%" PRIx64 " 0x%" PRIx64, EDU + 0x10, BAR);
	ask("writew 0x%" PRIx64 " 0x6", EDU + 4); /* memory space, bus master */
	if ((ask("readl 0x%" PRIx64, BAR + EDU_ID) & 0xffff) != 0x00ed) {
		die("the edu device does not answer at its BAR");
	}
}

static void edu_run(uint64_t src, uint64_t dst, uint64_t cmd)
{
	poke(BAR + EDU_SRC, src);
	poke(BAR + EDU_DST, dst);
	poke(BAR + EDU_CMD, cmd | CMD_RUN);
	for (int i = 0; (peek(BAR + EDU_CMD) & CMD_RUN) != 0; i++) {
		if (i == POLLS_MAX) {
			die("DMA from 0x%" PRIx64 " to 0x%" PRIx64 " does not end", src, dst);
		}
	}
}

static bool is_ram(uint64_t pa)
{
	return pa >= ram_base && pa - ram_base < ram_size;
}

static bool translate(uint64_t ipa, uint64_t *pa)
{
	for (int i = 0; i < map_count; i++) {
		if (ipa >= maps[i].ipa && ipa - maps[i].ipa < maps[i].size) {
			*pa = maps[i].pa + (ipa - maps[i].ipa);
			return true;
		}
	}
	*pa = ipa;
	return false;
}

static uint64_t counts[3]; /* mapped, not mapped, wrong */

/* Writes 8 bytes to the page by DMA and looks where they went; what was there comes
 * back. `value` is in the device's buffer. */
static void page_try(uint64_t ipa, uint64_t value)
{
	uint64_t pa, found, before;
	bool mapped = translate(ipa, &pa);

	if (!is_ram(pa)) {
		return;
	}
	before = peek(pa + OFFSET);
	poke(pa + OFFSET, ~value);
	edu_run(EDU_BUFFER, ipa + OFFSET, CMD_TO_RAM);
	found = peek(pa + OFFSET);
	poke(pa + OFFSET, before);
	counts[mapped ? 0 : 1]++;
	if (found != (mapped ? value : ~value)) {
		printf("dma: IPA 0x%" PRIx64 ", PA 0x%" PRIx64 ": %s\n", ipa, pa,
		       mapped ? "mapped, but DMA does not reach it" : "not mapped, but DMA reaches it");
		counts[2]++;
	}
}

/* How far the page is from the nearest edge of a map. */
static uint64_t edge_distance(uint64_t page)
{
	uint64_t nearest = UINT64_MAX;

	for (int i = 0; i < map_count; i++) {
		uint64_t ends[] = {maps[i].ipa, maps[i].ipa + maps[i].size};

		for (int e = 0; e < 2; e++) {
			uint64_t away = page > ends[e] ? page - ends[e] : ends[e] - page;
			nearest = away < nearest ? away : nearest;
		}
	}
	return nearest;
}

static bool is_chosen(uint64_t page)
{
	uint64_t away = edge_distance(page);

	return page % STEP == 0 || away <= 2 * PAGE || (page % STEP_NEAR == 0 && away <= NEAR);
}

static void sweep(uint64_t from, uint64_t size, uint64_t value, bool every)
{
	for (uint64_t page = from; page < from + size; page += PAGE) {
		if (every || is_chosen(page)) {
			page_try(page, value);
		}
	}
}

/* A value into the device's buffer, through a page that it may read; without one the
 * buffer keeps its zeros. */
static uint64_t buffer_fill(void)
{
	uint64_t value = UINT64_C(0xb01c4ead5eed0001), pa, before;

	if (map_count == 0) {
		return 0;
	}
	translate(maps[0].ipa, &pa);
	before = peek(pa + OFFSET);
	poke(pa + OFFSET, value);
	edu_run(maps[0].ipa + OFFSET, EDU_BUFFER, 0);
	poke(pa + OFFSET, before);
	return value;
}

static void connect_to(const char *path)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	if (strlen(path) >= sizeof(address.sun_path)) {
		die("the socket's name is too long");
	}
	strcpy(address.sun_path, path);
	if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof(address)) != 0) {
		die("%s: %s", path, strerror(errno));
	}
	in = fdopen(fd, "r");
	out = fdopen(dup(fd), "w");
}

int main(int argc, char **argv)
{
	const char *every = getenv("DMA_EVERY");
	bool all = every != NULL && strcmp(every, "1") == 0;
	uint64_t value;

	if (argc < 4 || (argc - 4) % 3 != 0 || (argc - 4) / 3 > MAPS_MAX) {
		die("usage: dma SOCKET BASE SIZE [IPA PA SIZE]...");
	}
	ram_base = strtoull(argv[2], NULL, 0);
	ram_size = strtoull(argv[3], NULL, 0);
	for (int i = 4; i < argc; i += 3) {
		maps[map_count++] = (struct map){strtoull(argv[i], NULL, 0), strtoull(argv[i + 1], NULL, 0),
						 strtoull(argv[i + 2], NULL, 0)};
	}
	connect_to(argv[1]);
	edu_open();
	poke(BAR + EDU_COUNT, sizeof(value));
	value = buffer_fill();
	sweep(ram_base - STEP, ram_size + 2 * STEP, value, all);
	for (int i = 0; i < map_count; i++) {
		if (!is_ram(maps[i].ipa) || !is_ram(maps[i].ipa + maps[i].size - 1)) {
			sweep(maps[i].ipa, maps[i].size, value, all);
		}
	}
	printf("dma: %" PRIu64 " pages mapped, %" PRIu64 " not, %" PRIu64 " wrong\n", counts[0], counts[1],
	       counts[2]);
	return counts[2] != 0;
}
