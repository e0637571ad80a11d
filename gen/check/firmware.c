// SPDX-License-Identifier: Apache-2.0
/*
 * A hardware domain that finds firmware's ACPI tables: it sees memory where those say; and that
 * UEFI may load files for.
 */
#include <string.h>

#include "check/parts.h"

static const char *const esp_names[EFI_FILES] = {
	[EFI_FILE_KERNEL] = "kernel", [EFI_FILE_INITRD] = "initrd", [EFI_FILE_CMDLINE] = "cmdline",
};

/* What FAT takes for a name; NULL: nothing is wrong with it. */
static const char *esp_trouble(const char *name)
{
	bool odd = false;

	for (const char *c = name; *c != '\0'; c++) {
		odd = odd || *c < ' ' || *c > '~' || strchr("\"*:<>?|", *c) != NULL;
	}
	if (strlen(name) > EFI_NAME_MAX) {
		return "it is too long";
	}
	return odd ? "it has a character that no name has there" : NULL;
}

static void esp_check_names(struct diag *d, const struct m_domain *dom)
{
	for (size_t i = 0; i < EFI_FILES; i++) {
		const char *why = dom->esp[i].s == NULL ? NULL : esp_trouble(dom->esp[i].s);

		if (why != NULL) {
			struct diag_msg *msg = diag_error(d, 536, dom->esp[i].pos, "no name of a file for the %s of '%s'",
							  esp_names[i], dom->name.s);
			diag_label(msg, "%s", why);
			diag_help(msg, "write it from the partition's root on: EFI/bulkhead/Image");
		}
	}
}

static void esp_check_twice(struct diag *d, const struct m_domain *dom)
{
	const struct m_string *inside[EFI_FILES] = {
		[EFI_FILE_KERNEL] = &dom->kernel, [EFI_FILE_INITRD] = &dom->initrd,
		[EFI_FILE_CMDLINE] = &dom->cmdline,
	};

	for (size_t i = 0; i < EFI_FILES; i++) {
		/* With a kernel from there, an initrd in the image would be nobody's. */
		if (inside[i]->s == NULL || (i == EFI_FILE_CMDLINE && dom->esp[i].s == NULL)) {
			continue;
		}
		struct diag_msg *msg = diag_error(d, 536, inside[i]->pos, "'%s' has files beside the image, and one in it",
						  dom->name.s);
		diag_label(msg, "the %s in the image", esp_names[i]);
		diag_note(msg, dom->esp_pos, "files beside the image are named");
		diag_help(msg, "leave one of the two out; --set %s.%s= removes it from the image", dom->name.s,
			  esp_names[i]);
	}
}

static void esp_check(struct diag *d, const struct m_board *b, const struct m_domain *dom)
{
	if (dom->esp[EFI_FILE_KERNEL].s == NULL) {
		return;
	}
	if (b->firmware != FW_ACPI || !dom->hardware) {
		struct diag_msg *msg = diag_error(d, 536, dom->esp_pos, "nobody loads these files for '%s'", dom->name.s);

		diag_label(msg, dom->hardware ? "the board has no UEFI" : "UEFI loads the hardware domain's only");
		diag_help(msg, "say 'payload: {kernel: FILE, initrd: FILE}': the image carries them");
		return;
	}
	esp_check_names(d, dom);
	esp_check_twice(d, dom);
}

/* Why firmware's tables cannot be asked for a PCI host; NULL: they can. */
static const char *host_trouble(const struct m_device *dev)
{
	if (!dev->pci.host) {
		return "it has requester IDs, and no configuration space that MCFG would have";
	}
	if (!dev->pci.has_buses) {
		return "which buses its configuration space is of is not known";
	}
	return dev->pci.has_segment ? NULL : "'linux,pci-domain' is no number of a PCI segment";
}

/* Where the board file gives addresses, MCFG and IORT are to say what it says of PCI. */
static void hosts_check(struct diag *d, const struct m_board *b)
{
	for (size_t i = 0; i < b->device_count; i++) {
		const struct m_device *dev = &b->devices[i];
		bool mapped = dev->pci.host;
		const char *why;

		for (size_t l = 0; l < dev->link_count; l++) {
			mapped = mapped || dev->links[l].mapped;
		}
		for (size_t l = 0; l < dev->msi_count; l++) {
			mapped = mapped || dev->msis[l].mapped;
		}
		why = mapped ? host_trouble(dev) : NULL;
		if (why != NULL) {
			struct diag_msg *msg = diag_error(d, 610, dev->pos, "'%s' cannot be found in firmware's tables",
							  dev->name.s);

			diag_label(msg, "%s", why);
			diag_help(msg, "compatible: [pci-host-ecam-generic], 'reg' with 1 MiB for each bus, and the properties "
				       "bus-range: [first, last] and \"linux,pci-domain\": [segment]");
		}
	}
}

void check_firmware(struct diag *d, const struct model *m)
{
	if (m->board.firmware == FW_ACPI && !model_is_open(&m->board)) {
		hosts_check(d, &m->board);
	}
	for (size_t i = 0; i < m->domain_count; i++) {
		const struct m_domain *dom = &m->domains[i];
		const struct m_ram *moved = domain_moved(dom);
		struct diag_msg *msg;

		esp_check(d, &m->board, dom);
		if (!model_has_acpi(&m->board, dom)) {
			continue;
		}
		if (moved != NULL) {
			msg = diag_error(d, 608, moved->pos, "'%s' would see memory elsewhere than where it is", dom->name.s);
			diag_label(msg, "firmware's tables and memory map, which it finds, say where it is");
			diag_help(msg, "leave out 'ipa', or say 'memory: all-others'");
		}
		if (dom->colors.count != 0) {
			msg = diag_error(d, 608, dom->colors.pos, "'%s' would see memory elsewhere than where it is",
					 dom->name.s);
			diag_label(msg, "pages of some cache colours do not follow each other");
			diag_help(msg, "leave out 'colors': firmware's memory map, which it finds, says where pages are");
		}
	}
}
