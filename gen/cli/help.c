/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "cli/cli.h"

struct page {
	const char *name;
	const char *usage;
	const char *line; /* in the general page */
	const char *text;
};

#define MESSAGE_OPTIONS \
	"  --format text|json     messages for people on stderr, or one JSON array on stdout\n" \
	"  --all                  messages for people list all names, however many they are\n"

#define BOARD_OPTIONS \
	"  --system NAME[.yaml]   take DIR/NAME.yaml in place of DIR/system.yaml\n" \
	"  --cpus N               the machine has only the first N CPUs of the board file\n" \
	"  --set DOMAIN.KEY=VALUE kernel, initrd or cmdline of a domain; nothing before the dot is\n" \
	"                         the hardware domain, an empty VALUE is none\n" \
	MESSAGE_OPTIONS

#define CONFIG_OPTIONS \
	"  --config FILE          Kconfig's .config, whose drivers must be the board's\n" \
	"  --defconfig FILE       what that was made from, for messages to name\n"

static const struct page pages[COMMAND_COUNT] = {
	[COMMAND_CHECK] = {"check", "check [options] DIR|FILE...", "say what is wrong with a board",
			   "Reads DIR/board.yaml and DIR/system.yaml and reports everything that is wrong with them.\n"
			   "A board file and a system file given as FILEs are checked together; any other FILE is\n"
			   "checked by itself.\n\n" BOARD_OPTIONS CONFIG_OPTIONS
			   "  --dtb FILE             the machine's device tree blob, whose addresses, interrupts and\n"
			   "                         IOMMU links the board must have\n"},
	[COMMAND_GEN] = {"gen", "gen [options] DIR -o OUT", "write the tables of a board",
			 "Checks the board, plans it and writes OUT/tables.c, OUT/layout.ld, a device tree for\n"
			 "each domain and OUT/build.json.\n\n"
			 "  -o, --out OUT          directory for what is written\n" BOARD_OPTIONS CONFIG_OPTIONS},
	[COMMAND_IMAGE] = {"image", "image [options] DIR --elf hv.elf -o hv.img", "make the bootable image",
			   "Makes hv.img of the linked hypervisor and the domains' payloads.\n\n"
			   "  --elf FILE             the hypervisor, linked with what gen wrote\n"
			   "  -o, --out FILE         the image\n" BOARD_OPTIONS},
	[COMMAND_REPORT] = {"report", "report [options] DIR -o report.html", "write a page about a board",
			    "Checks the board, plans it and writes one file of HTML: the memory map, who owns what,\n"
			    "the IOMMUs, what the DMA of each master can reach, the interrupts, and what was proved.\n\n"
			    "  -o, --out FILE         the page\n"
			    "  --verify FILE          what bulkhead-verify wrote with its -o; without this option, the\n"
			    "                         verify.json beside the page if there is one\n" BOARD_OPTIONS},
	[COMMAND_IMPORT] = {"import", "import [options] FILE.dtb|--acpi TABLES -o DIR",
			    "make a first board of a device tree or ACPI tables",
			    "Writes DIR/board.yaml, DIR/system.yaml and DIR/defconfig of what a device tree blob, or the\n"
			    "ACPI tables in a folder, say of their machine, with a comment at each thing that a person\n"
			    "must decide, and checks them.\n\n"
			    "  -o, --out DIR          the board's folder; no file of it is overwritten\n"
			    "  --acpi TABLES          a folder with the tables as 'acpidump -b' writes them, or as\n"
			    "                         /sys/firmware/acpi/tables has them\n"
			    "  --memory BASE:SIZE     RAM; may be given several times. Tables do not say any\n" MESSAGE_OPTIONS},
	[COMMAND_EXPLAIN] = {"explain", "explain [HVnnnn]", "explain a message's code",
			     "Prints what a code means, why it matters and how to put it right; without a code, the\n"
			     "list of all codes. `bulkhead --explain HVnnnn` does the same.\n"},
	[COMMAND_SCHEMA] = {"schema", "schema --out DIR", "write the schemas and the reference page",
			    "Writes DIR/schema/board.schema.json and DIR/schema/system.schema.json for editors, and\n"
			    "DIR/docs/reference.md.\n\n"
			    "  -o, --out DIR          the top of the project's tree, or another directory\n"},
	[COMMAND_HELP] = {"help", "help [COMMAND]", "explain a command", "Prints this page or a command's.\n"},
	[COMMAND_VERSION] = {"version", "version", "print the version", "Prints the version.\n"},
};

const char *command_name(enum command command)
{
	return pages[command].name;
}

enum command command_find(const char *word)
{
	for (unsigned int i = 0; i < COMMAND_COUNT; i++) {
		if (strcmp(pages[i].name, word) == 0) {
			return (enum command)i;
		}
	}
	return COMMAND_COUNT;
}

void help_print(FILE *out, enum command command)
{
	if (command < COMMAND_COUNT) {
		fprintf(out, "usage: bulkhead %s\n\n%s", pages[command].usage, pages[command].text);
		return;
	}
	fputs("usage: bulkhead COMMAND [options] ...\n\n"
	      "Turns YAML that describes a board and its domains into a hypervisor's tables.\n\n",
	      out);
	for (unsigned int i = 0; i < COMMAND_COUNT; i++) {
		fprintf(out, "  %-8s %s\n", pages[i].name, pages[i].line);
	}
	fputs("\n'bulkhead help COMMAND' says more. Exit status: 0 good, 1 errors in the input, 2 wrong usage.\n",
	      out);
}

enum status cli_help(const struct options *o)
{
	enum command command = o->arg_count == 0 ? COMMAND_COUNT : command_find(o->args[0]);

	if (o->arg_count > 0 && command == COMMAND_COUNT) {
		fprintf(stderr, "bulkhead: unknown command '%s'; see 'bulkhead help'\n", o->args[0]);
		return STATUS_USAGE;
	}
	help_print(stdout, command);
	return STATUS_OK;
}
