// SPDX-License-Identifier: Apache-2.0
/*
 * ACPI as the domain has it. What tells of things that the hypervisor does in the machine's
 * place is written anew (ACPI 6.5, 5.2); all else is firmware's own, where firmware has it:
 * IORT too where the domain has a virtual SMMUv3 in the place of each of the machine's.
 */
#include "firmware/dom0/dom0.h"
#include "lib/string.h"

#define FADT_BOOT 109u /* IAPC_BOOT_ARCH, whose bit for messages is every architecture's to Linux */
#define FADT_NO_MSI BIT32(3)
#define FADT_FLAGS 112u
#define FADT_RESET BIT32(10) /* RESET_REG_SUP */
#define FADT_RESET_REGISTER 116u
#define FADT_ARM 129u
#define FADT_PSCI_BY_HVC 3u
#define FADT_SLEEP_REGISTERS 244u /* control and status */
#define FADT_HYPERVISOR 268u
#define ADDRESS_SIZE 12u /* a generic address structure */

/* STAO: "devices that the domain must not touch", of which there is one: SPCR's UART */
#define STAO_UART 36u
#define STAO_SIZE 37u

#define RSDP_CHECKSUM 8u /* of the first 20 bytes */
#define RSDP_SIZE_1 20u
#define RSDP_LENGTH 20u
#define RSDP_OEM_ID 9u
#define RSDP_REVISION 15u
#define RSDP_XSDT 24u
#define RSDP_CHECKSUM_ALL 32u
#define RSDP_SIZE 36u

struct acpi_written {
	uint64_t fadt, madt;
	uint64_t stao, iort; /* 0: none, and firmware's own */
};

const struct trap_window *dom0_window(const struct dom0_input *in, uint32_t kind, uint64_t ipa)
{
	for (uint32_t i = 0; i < in->window_count; i++) {
		if (in->windows[i].kind == kind && in->windows[i].ipa == ipa) {
			return &in->windows[i];
		}
	}
	return NULL;
}

bool dom0_has_irq(const struct dom0_input *in, uint32_t intid)
{
	return intid < INTIDS && (in->irq_mask[intid / 32] & BIT32(intid % 32)) != 0;
}

static bool acpi_is(const struct acpi_machine *m, uint32_t i, const char *signature)
{
	return memcmp(m->tables[i], signature, sizeof(m->tables[i])) == 0;
}

/* Firmware's table of that name. */
static bool acpi_open(const struct acpi_machine *m, struct acpi_table *t, const char *signature)
{
	uint32_t i = 0;

	while (i < m->table_count && !acpi_is(m, i, signature)) {
		i++;
	}
	memcpy(t->trouble->table, signature, sizeof(t->trouble->table));
	return i == m->table_count ? table_bad(t, 0, "is not there") : table_open(t, m->table_pa[i]);
}

/* Messages are interrupts only where there is an ITS that takes them. */
static bool acpi_has_its(const struct dom0_input *in)
{
	bool has = false;

	for (uint32_t i = 0; i < in->window_count; i++) {
		has = has || in->windows[i].kind == WINDOW_GITS;
	}
	return has;
}

/* The domain is switched off and reset by PSCI alone: there may be others. */
static void acpi_put_fadt(const struct dom0_input *in, struct dom0_writer *w, const struct acpi_table *t,
			  uint64_t *at)
{
	static const uint8_t none[2 * ADDRESS_SIZE];

	*at = writer_table(w, t, t->size);
	if (!acpi_has_its(in)) {
		writer_le(w, *at + FADT_BOOT, table_16(t, FADT_BOOT) | FADT_NO_MSI, 2);
	}
	writer_le(w, *at + FADT_FLAGS, table_32(t, FADT_FLAGS) & ~FADT_RESET, 4);
	writer_put(w, *at + FADT_RESET_REGISTER, none, ADDRESS_SIZE);
	writer_le(w, *at + FADT_ARM, FADT_PSCI_BY_HVC, 2);
	if (t->size >= FADT_SLEEP_REGISTERS + sizeof(none)) {
		writer_put(w, *at + FADT_SLEEP_REGISTERS, none, sizeof(none));
	}
	if (t->size >= FADT_HYPERVISOR + 8) {
		writer_put(w, *at + FADT_HYPERVISOR, "Bulkhead", 8);
	}
	writer_close(w, *at);
}

/* A header with the OEM's names of the table `like`. */
static uint64_t acpi_put_header(struct dom0_writer *w, const struct acpi_table *like, const char *signature,
				uint32_t size)
{
	uint64_t at = writer_table(w, like, TABLE_HEADER);

	(void)writer_take(w, size - TABLE_HEADER, 1);
	writer_put(w, at, signature, 4);
	writer_le(w, at + TABLE_REVISION, 1, 1);
	return at;
}

/* SMMUs that are not the domain's would be driven by it all the same. */
static bool acpi_has_smmus(const struct dom0_input *in)
{
	const struct acpi_machine *m = in->machine;
	bool has = true;

	for (uint32_t i = 0; i < m->smmu_count; i++) {
		has = has && dom0_window(in, WINDOW_VSMMUV3, m->smmus[i].base) != NULL;
	}
	return has;
}

/* Where table i is for the domain. */
static uint64_t acpi_table_pa(const struct acpi_machine *m, uint32_t i, const struct dom0_writer *w,
			      const struct acpi_written *new)
{
	if (acpi_is(m, i, "FACP")) {
		return w->pa + new->fadt;
	}
	if (acpi_is(m, i, "APIC")) {
		return w->pa + new->madt;
	}
	return acpi_is(m, i, "IORT") && new->iort != 0 ? w->pa + new->iort : m->table_pa[i];
}

static uint64_t acpi_put_xsdt(const struct acpi_machine *m, struct dom0_writer *w, const struct acpi_table *t,
			      const struct acpi_written *new)
{
	uint64_t at = acpi_put_header(w, t, "XSDT", TABLE_HEADER);

	for (uint32_t i = 0; i < m->table_count; i++) {
		if (!acpi_is(m, i, "STAO")) {
			writer_le(w, writer_take(w, 8, 1), acpi_table_pa(m, i, w, new), 8);
		}
	}
	if (new->stao != 0) {
		writer_le(w, writer_take(w, 8, 1), w->pa + new->stao, 8);
	}
	writer_close(w, at);
	return at;
}

static bool acpi_put_rsdp(const struct acpi_machine *m, struct dom0_writer *w, const struct acpi_table *t,
			  uint64_t xsdt, uint64_t *at)
{
	const uint8_t *rsdp = acpi_memory(m->rsdp, RSDP_SIZE);

	if (rsdp == NULL) {
		return table_bad(t, 0, "is not in firmware's memory");
	}
	*at = writer_take(w, RSDP_SIZE, 16);
	writer_put(w, *at, "RSD PTR ", 8);
	writer_put(w, *at + RSDP_OEM_ID, rsdp + RSDP_OEM_ID, OEM_ID_SIZE);
	writer_le(w, *at + RSDP_REVISION, 2, 1);
	writer_le(w, *at + RSDP_LENGTH, RSDP_SIZE, 4);
	writer_le(w, *at + RSDP_XSDT, w->pa + xsdt, 8);
	writer_sum(w, *at, RSDP_SIZE_1, *at + RSDP_CHECKSUM);
	writer_sum(w, *at, RSDP_SIZE, *at + RSDP_CHECKSUM_ALL);
	return true;
}

bool dom0_acpi(const struct dom0_input *in, struct dom0_writer *w, struct acpi_trouble *trouble,
	       uint64_t *rsdp)
{
	const struct acpi_machine *m = in->machine;
	struct acpi_table t = {.trouble = trouble};
	struct acpi_written new = {0};

	if (!acpi_open(m, &t, "FACP")) {
		return false;
	}
	acpi_put_fadt(in, w, &t, &new.fadt);
	/* SPCR tells of the UART, and the domain is to leave that alone. */
	if (m->uart.base != 0 && m->uart.base == in->uart && dom0_window(in, WINDOW_VPL011, in->uart) == NULL) {
		new.stao = acpi_put_header(w, &t, "STAO", STAO_SIZE);
		writer_le(w, new.stao + STAO_UART, 1, 1);
		writer_close(w, new.stao);
	}
	if (!acpi_open(m, &t, "APIC") || !dom0_madt(in, w, &t, &new.madt) ||
	    (!acpi_has_smmus(in) && !(acpi_open(m, &t, "IORT") && dom0_iort(in, w, &t, &new.iort)))) {
		return false;
	}
	memcpy(trouble->table, "XSDT", sizeof(trouble->table));
	return table_open(&t, m->xsdt) &&
	       acpi_put_rsdp(m, w, &t, acpi_put_xsdt(m, w, &t, &new), rsdp);
}
