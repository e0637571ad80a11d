// SPDX-License-Identifier: Apache-2.0
/* Property P13: no access of a domain reaches an interrupt that is not its own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "irq/gic.h"
#include "unit/vgic/cases.h"
#include "unit/vgic/machine.h"

/* All that a domain must not change: the physical state of foreign interrupts, and the
 * other domain's virtual GIC. */
struct foreign {
	struct gicm_view view[MACHINE_CPUS][GICM_INTIDS];
	struct vgic_cpu vcpu[MACHINE_CPUS];
	struct vgic_domain domain;
};

static bool is_own(const struct domain *d, uint32_t cpu, uint32_t intid)
{
	bool backed = (d->desc->irq_mask[intid / 32] >> (intid % 32) & 1) != 0;

	return backed && (intid >= 32 || cpus[cpu].vcpu.domain == d);
}

static void take_foreign(struct foreign *f, const struct domain *d)
{
	memset(f, 0, sizeof(*f));
	for (uint32_t c = 0; c < MACHINE_CPUS; c++) {
		for (uint32_t n = 0; n < GICM_INTIDS; n++) {
			/* The hypervisor's own SGIs come and go; SPIs once are enough. */
			if (!is_own(d, c, n) && (n >= 32 ? c == 0 : n >= 16)) {
				struct gicm_view v = gicm_view(c, n);

				f->view[c][n].enabled = v.enabled;
				f->view[c][n].pending = v.pending;
				f->view[c][n].active = v.active;
				f->view[c][n].group1 = v.group1;
				f->view[c][n].edge = v.edge;
				f->view[c][n].prio = v.prio;
				f->view[c][n].route = v.route;
			}
		}
		if (cpus[c].vcpu.domain != d) {
			memcpy(&f->vcpu[c], &cpus[c].vcpu.vgic, sizeof(f->vcpu[c]));
		}
	}
	memcpy(&f->domain, &domains[d == &domains[0] ? 1 : 0].vgic, sizeof(f->domain));
}

static struct foreign before;
static struct foreign after;

/* Bits that a read may show: none but the domain's own interrupts'. */
static void check_read(const struct domain *d, uint32_t reg, uint32_t size, uint64_t value)
{
	for (uint32_t i = 0; i < 8 * size; i++) {
		uint32_t intid;
		bool own;

		if (reg >= GICD_IGROUPR && reg < GICD_IPRIORITYR) {
			intid = (reg & 0x7f) * 8 + i;
		} else if (reg >= GICD_IPRIORITYR && reg < GICD_ICFGR) {
			intid = (reg & 0x3ff) + i / 8;
		} else if (reg >= GICD_ICFGR && reg < GICD_IGRPMODR) {
			intid = (reg & 0xff) * 4 + i / 2;
		} else {
			return;
		}
		own = intid < 16 || (intid < 1020 && ((d->desc->irq_mask[intid / 32] |
						      d->desc->virq_mask[intid / 32]) >> (intid % 32) & 1) != 0);
		if (!own && (value >> i & 1) != 0) {
			model_fail("read of 0x%x shows interrupt %u", reg, intid);
		}
	}
}

static void access_once(struct vcpu *v, bool gicr, bool write, uint64_t offset, uint32_t size, uint64_t value)
{
	uint32_t reg = (uint32_t)(gicr ? offset & 0xffff : offset);
	bool ok = gicr ? machine_gicr(v, write, offset, size, &value) : machine_gicd(v, write, offset, size, &value);

	if (ok && !write && (!gicr || (offset & GICR_SGI_FRAME) != 0)) {
		check_read(v->domain, reg, size, size == 8 ? value : value & (BIT64(8 * size) - 1));
	}
}

static void sweep(struct vcpu *v, bool gicr, uint64_t end)
{
	for (uint64_t offset = 0; offset < end; offset++) {
		for (uint32_t size = 1; size <= 8; size *= 2) {
			uint64_t values[] = {0, UINT64_MAX, (uint64_t)machine_random(UINT32_MAX) << 32 |
								     machine_random(UINT32_MAX)};

			if (offset % size != 0 && offset % 64 > 8) {
				continue; /* unaligned: a sample */
			}
			access_once(v, gicr, false, offset, size, 0);
			for (uint32_t i = 0; i < 3; i++) {
				access_once(v, gicr, true, offset, size, values[i]);
			}
		}
		/* Beside the registers that hold state, looking once in a while will do. */
		if (offset % 4 == 3 && (offset % 0x10000 < 0x1000 || offset % 1024 == 1023)) {
			take_foreign(&after, v->domain);
			if (memcmp(&before, &after, sizeof(before)) != 0) {
				model_fail("%s + 0x%lx reaches what is not %s's", gicr ? "GICR" : "GICD", offset,
					   v->domain->desc->name);
			}
		}
	}
}

void case_isolation_sweep(void **state)
{
	(void)state;
	for (uint32_t c = 0; c < 2; c++) {
		struct vcpu *v = &cpus[c].vcpu;

		machine_start(4);
		/* The neighbour has something of everything. */
		for (uint32_t i = 0; i < MACHINE_CPUS; i++) {
			struct vcpu *n = &cpus[i].vcpu;

			machine_write(n, GICD_CTLR, 3);
			machine_open(n, false);
			for (uint32_t w = 0; w < 4; w++) {
				machine_write(n, GICD_ISENABLER + 4 * w, UINT32_MAX);
				machine_write(n, GICD_ISPENDR + 4 * w, UINT32_C(0x5a5a5a5a));
			}
			machine_ack(n);
		}
		take_foreign(&before, v->domain);
		if (machine_gic.version == 3) {
			sweep(v, true, 4 * GICR_SIZE);
		}
		sweep(v, false, machine_gic.version == 3 ? GICD_V3_SIZE + 0x100 : GICD_V2_SIZE + 0x100);
	}
}
