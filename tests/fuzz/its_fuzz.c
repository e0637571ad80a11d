// SPDX-License-Identifier: Apache-2.0
// sources: hv/irq/gicd.c hv/irq/gicv3.c hv/irq/gicv3_vif.c hv/irq/its.c hv/irq/lpi.c
// sources: hv/guest/vgic.c hv/guest/vgic_call.c hv/guest/vgic_file.c hv/guest/vgic_lr.c hv/guest/vgic_op.c
// sources: hv/guest/vgic_prop.c hv/guest/vgic_virq.c hv/guest/vgic_v3.c hv/guest/xen/none.c
// sources: hv/guest/its/vits.c hv/guest/its/vits_cmd.c hv/guest/its/vits_map.c hv/guest/its/vlpi.c
// sources: tests/models/model.c tests/models/gic_*.c tests/unit/vgic/machine.c tests/unit/its/machine.c
/*
 * The input is what a guest does with its virtual ITS: commands, of any words or near those
 * that mean something, registers of the ITS and of its redistributors, properties; what
 * its devices do: messages; and interrupts taken and ended, CPUs off and on. Whatever it
 * is, the ITS's model finds fault with no command that comes of it, and the neighbour's
 * messages come to the neighbour.
 */
#include <string.h>

#include "guest/vgic.h"
#include "irq/gic.h"
#include "fuzz/input.h"
#include "unit/its/machine.h"

#define STEPS_MAX 400

static uint32_t device(void)
{
	static const uint32_t ids[] = {0x10, 0x11, 0x12, 0x1f, 0x400, 0x800, 0x20, 0x21};

	return ids[input_take(1) % ARRAY_SIZE(ids)];
}

static void put_command(uint64_t at)
{
	static const uint8_t commands[] = {ITS_MAPD, ITS_MAPTI, ITS_MAPC, ITS_MOVI,   ITS_INT,	ITS_CLEAR, ITS_INV,
					   ITS_INVALL, ITS_MOVALL, ITS_DISCARD, ITS_SYNC, ITS_MAPI};
	uint8_t how = (uint8_t)input_take(1);
	uint64_t words[4];

	if (how >= 0xf0) {
		for (uint32_t i = 0; i < 4; i++) {
			words[i] = input_take(8);
		}
	} else {
		words[0] = commands[how % ARRAY_SIZE(commands)] | (uint64_t)device() << 32;
		words[1] = input_take(1) | (8190 + input_take(1) % 40) << 32;
		words[2] = input_take(1) % 6 | (input_take(1) % 4) << 16 | ((how & 0x80) != 0 ? ITS_W2_VALID : 0);
		words[3] = (input_take(1) % 4) << 16;
	}
	memcpy(its_ram(0) + QUEUE + at, words, sizeof(words));
}

static void commands(struct vcpu *v)
{
	uint64_t at = its_reg(v, GITS_CWRITER) % 0x2000;

	for (uint32_t count = input_take(1) % 16 + 1; count > 0; count--) {
		put_command(at);
		at = (at + ITS_CMD_SIZE) % 0x2000;
	}
	its_set_reg(v, GITS_CWRITER, at);
	for (uint32_t i = 0; i < 4; i++) {
		its_reg(v, GITS_CREADR);
	}
}

static void registers(struct vcpu *v)
{
	static const uint16_t places[] = {GITS_CTLR, GITS_CBASER, GITS_CWRITER, GITS_CREADR, GITS_TYPER, GITS_BASER};
	uint64_t where = input_take(1);
	uint64_t offset = where < 0xe0 ? places[where % ARRAY_SIZE(places)] + (where & 0x40) / 16 : input_take(2);
	uint32_t size = 1U << input_take(1) % 4;
	uint64_t value = input_take(1) != 0 ? (RAM_IPA + QUEUE) | GITS_BASER_VALID | 1 : input_take(8);

	if (offset % size == 0) {
		its_access(v, (where & 0x80) != 0, offset, size, &value);
	}
}

static void redistributor(struct vcpu *v)
{
	static const uint8_t places[] = {GICR_CTLR, GICR_PROPBASER, GICR_PENDBASER, GICR_WAKER};
	uint64_t value = input_take(1) != 0 ? (RAM_IPA + PROPERTIES) | 13 : input_take(8);
	uint64_t offset = v->index * GICR_SIZE + places[input_take(1) % ARRAY_SIZE(places)];

	machine_gicr(v, input_take(1) % 2 != 0, offset, offset % 8 == 0 && input_take(1) % 2 != 0 ? 8 : 4, &value);
}

static void step(void)
{
	struct vcpu *v = domain_vcpu(&domains[0], (uint32_t)input_take(1) % 3);

	switch (input_take(1) % 10) {
	case 0:
		registers(v);
		break;
	case 1:
		redistributor(v);
		break;
	case 2:
		its_set_property(0, (uint32_t)input_take(1) % ITSM_LPIS, (uint8_t)input_take(1));
		break;
	case 3:
		its_message(device() & ~0x20U, (uint32_t)input_take(1) % 40);
		break;
	case 4:
		its_take(v);
		break;
	case 5:
		if (v->index != 0) {
			machine_cpu_off(v);
			machine_cpu_on(v);
			machine_open(v, false);
		}
		break;
	case 6:
		machine_write(v, GICD_CTLR, (uint32_t)input_take(1) & 3);
		break;
	default:
		commands(v);
		break;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	input = data;
	input_left = size;
	its_hardware = (struct gicm_config){.lpi_stays = input_take(1) % 2 != 0};
	its_machine_start((uint32_t)input_take(1) % 4 + 1, true);
	for (uint32_t i = 0; i < STEPS_MAX && input_left > 0; i++) {
		step();
	}
	its_check_neighbour();
	return 0;
}
