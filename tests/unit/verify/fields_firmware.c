// SPDX-License-Identifier: Apache-2.0
#include "fields_priv.h"

static void fields_of_ids(struct fields *f, const struct elf *e, const struct acpi_expect_ids *target,
			  uint32_t count)
{
	struct acpi_expect_ids *ids = field_at(e, target, count * sizeof(*ids));

	for (uint32_t i = 0; i < count; i++) {
		ADD(f, &ids[i], host);
		ADD(f, &ids[i], first);
		ADD(f, &ids[i], last);
		ADD(f, &ids[i], out);
		ADD(f, &ids[i], to);
	}
}

static void fields_of_counts(struct fields *f, struct acpi_expect *x)
{
	ADD(f, x, ram_count);
	ADD(f, x, its_count);
	ADD(f, x, smmu_count);
	ADD(f, x, host_count);
	ADD(f, x, stream_count);
	ADD(f, x, message_count);
}

void fields_of_firmware(struct fields *f, const struct elf *e)
{
	struct acpi_expect *x = f->board->acpi == NULL ? NULL : field_at(e, f->board->acpi, sizeof(*x));
	struct acpi_expect_smmu *smmus;
	struct acpi_expect_host *hosts;

	if (x == NULL) {
		return;
	}
	ADD(f, x, oem_id);
	ADD(f, x, oem_tables);
	ADD(f, x, tables);
	ADD(f, x, timer_secure);
	ADD(f, x, timer_physical);
	ADD(f, x, timer_virtual);
	ADD(f, x, timer_hyp);
	fields_of_counts(f, x);
	field_add(f, "expect.ram", field_at(e, x->ram, x->ram_count * sizeof(*x->ram)),
		  x->ram_count * sizeof(*x->ram) * 8, -1);
	if (x->its_count > 0) {
		field_add(f, "expect.its", field_at(e, x->its, x->its_count * 8), x->its_count * 64, -1);
	}
	smmus = field_at(e, x->smmus, x->smmu_count * sizeof(*smmus));
	for (uint32_t i = 0; i < x->smmu_count; i++) {
		ADD(f, &smmus[i], base);
		ADD(f, &smmus[i], evtq);
		ADD(f, &smmus[i], priq);
		ADD(f, &smmus[i], gerror);
		ADD(f, &smmus[i], sync);
	}
	hosts = field_at(e, x->hosts, x->host_count * sizeof(*hosts));
	for (uint32_t i = 0; i < x->host_count; i++) {
		ADD(f, &hosts[i], base);
		ADD(f, &hosts[i], segment);
		ADD(f, &hosts[i], first_bus);
		ADD(f, &hosts[i], last_bus);
	}
	fields_of_ids(f, e, x->streams, x->stream_count);
	fields_of_ids(f, e, x->messages, x->message_count);
}
