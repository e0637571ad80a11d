// SPDX-License-Identifier: Apache-2.0
/*
 * The control interface. It keeps nothing but each domain's last result: what it says is
 * what the domains are at that moment, and what it does is done by guest/lifecycle.c.
 */
#include "control_abi.h"

#include "guest/control.h"
#include "guest/lifecycle.h"

/* enum control_result of the last command for each domain. */
static uint32_t control_results[DOMAINS_MAX];

static uint64_t control_state(const struct domain *d)
{
	switch (domain_get_state(d)) {
	case DOMAIN_STARTING:
		return CONTROL_STARTING;
	case DOMAIN_RUNNING:
		return CONTROL_RUNNING;
	case DOMAIN_STOPPING:
		return CONTROL_STOPPING;
	case DOMAIN_DESTROYED:
		return CONTROL_DESTROYED;
	case DOMAIN_OFF:
	default:
		return CONTROL_OFF;
	}
}

static uint64_t control_flags(const struct domain *d)
{
	return ((d->desc->flags & DOMAIN_HARDWARE) != 0 ? CONTROL_FLAG_HARDWARE : 0) |
	       ((d->desc->flags & DOMAIN_CONTROL) != 0 ? CONTROL_FLAG_CONTROL : 0);
}

static uint64_t control_ram(const struct domain_desc *desc)
{
	uint64_t size = 0;

	for (uint32_t i = 0; i < desc->ram_count; i++) {
		size += color_bytes(&desc->colors, desc->ram[i].base, desc->ram[i].size);
	}
	return size;
}

/* Eight bytes of the name, from `at` on. */
static uint64_t control_name(const char *name, uint64_t at)
{
	uint64_t word = 0;

	for (uint64_t i = 0; i < at + sizeof(word) && name[i] != '\0'; i++) {
		if (i >= at) {
			word |= (uint64_t)(uint8_t)name[i] << (8 * (i - at));
		}
	}
	return word;
}

static bool control_read_machine(const struct domain *self, uint64_t reg, uint64_t *value)
{
	switch (reg) {
	case CONTROL_MAGIC:
		*value = CONTROL_MAGIC_VALUE;
		return true;
	case CONTROL_VERSION:
		*value = CONTROL_VERSION_VALUE;
		return true;
	case CONTROL_DOMAINS:
		*value = board.domain_count;
		return true;
	case CONTROL_SELF:
		*value = (uint64_t)(self - domains);
		return true;
	default:
		return false;
	}
}

static bool control_read_domain(const struct domain *d, uint64_t reg, uint64_t *value)
{
	switch (reg) {
	case CONTROL_STATE:
		*value = control_state(d);
		return true;
	case CONTROL_FLAGS:
		*value = control_flags(d);
		return true;
	case CONTROL_STARTS:
		*value = __atomic_load_n(&d->starts, __ATOMIC_RELAXED);
		return true;
	case CONTROL_FAULTS:
		*value = __atomic_load_n(&d->faults, __ATOMIC_RELAXED);
		return true;
	case CONTROL_CPUS:
		*value = d->desc->cpu_count;
		return true;
	case CONTROL_CPUS_ON:
		*value = __atomic_load_n(&d->cpus_on, __ATOMIC_RELAXED);
		return true;
	case CONTROL_RAM:
		*value = control_ram(d->desc);
		return true;
	case CONTROL_COMMAND:
		*value = 0;
		return true;
	case CONTROL_RESULT:
		*value = __atomic_load_n(&control_results[d - domains], __ATOMIC_RELAXED);
		return true;
	default:
		break;
	}
	if (reg - CONTROL_NAME < CONTROL_NAME_SIZE) {
		*value = control_name(d->desc->name, reg - CONTROL_NAME);
		return true;
	}
	return false;
}

/* False: there is no such block or register. */
static bool control_read(const struct domain *self, uint64_t block, uint64_t reg, uint64_t *value)
{
	if (block > board.domain_count || !IS_ALIGNED(reg, sizeof(*value))) {
		return false;
	}
	return block == 0 ? control_read_machine(self, reg, value) :
			    control_read_domain(&domains[block - 1], reg, value);
}

static uint32_t control_result(enum lifecycle_result result)
{
	switch (result) {
	case LIFECYCLE_OK:
		return CONTROL_OK;
	case LIFECYCLE_BUSY:
		return CONTROL_BUSY;
	case LIFECYCLE_STATE:
		return CONTROL_WRONG;
	case LIFECYCLE_DENIED:
		return CONTROL_DENIED;
	case LIFECYCLE_FAILED:
	default:
		return CONTROL_FAILED;
	}
}

/* A domain does not command itself: it has PSCI for that, and would be gone by mistake. */
static uint32_t control_command(const struct domain *self, struct domain *d, uint64_t command)
{
	if (command < CONTROL_STOP || command > CONTROL_CREATE) {
		return CONTROL_UNKNOWN;
	}
	if (d == self) {
		return CONTROL_DENIED;
	}
	switch (command) {
	case CONTROL_STOP:
		return control_result(lifecycle_stop(d, "stopped by a control domain"));
	case CONTROL_START:
		return control_result(lifecycle_start(d));
	case CONTROL_RESTART:
		return control_result(lifecycle_restart(d, "restarted by a control domain"));
	case CONTROL_DESTROY:
		return control_result(lifecycle_destroy(d));
	case CONTROL_CREATE:
	default:
		return control_result(lifecycle_create(d));
	}
}

/* False: there is no such block or register, or it cannot be written. */
static bool control_write(const struct domain *self, uint64_t block, uint64_t reg, uint64_t value,
			  uint64_t *result)
{
	if (block == 0 || block > board.domain_count || reg != CONTROL_COMMAND) {
		return false;
	}
	*result = control_command(self, &domains[block - 1], value);
	__atomic_store_n(&control_results[block - 1], (uint32_t)*result, __ATOMIC_RELAXED);
	return true;
}

bool control_call(struct vcpu *vcpu, struct guest_regs *regs, uint32_t function)
{
	struct domain *self = vcpu->domain;
	uint64_t value;
	bool good;

	if (control_calls(self) == 0 || (function != CONTROL_CALL_READ && function != CONTROL_CALL_WRITE)) {
		return false;
	}
	good = function == CONTROL_CALL_READ ? control_read(self, regs->x[1], regs->x[2], &value) :
					       control_write(self, regs->x[1], regs->x[2], regs->x[3], &value);
	regs->x[0] = (uint64_t)(good ? CONTROL_CALL_OK : CONTROL_CALL_INVALID);
	if (good) {
		regs->x[1] = value;
	}
	return true;
}

bool control_access(struct mmio_access *a)
{
	const struct domain *self = a->vcpu->domain;
	uint64_t block = a->offset / CONTROL_BLOCK;
	uint64_t reg = ALIGN_DOWN(a->offset % CONTROL_BLOCK, 8);
	bool high = (a->offset & 4) != 0;
	uint64_t value = 0;

	if ((a->size != 4 && a->size != 8) || !IS_ALIGNED(a->offset, a->size)) {
		return false;
	}
	if (!a->write) {
		/* What is not there reads as 0. */
		a->value = control_read(self, block, reg, &value) && high ? value >> 32 : value;
	} else if (!high) {
		control_write(self, block, reg, a->value, &value);
	}
	return true;
}
