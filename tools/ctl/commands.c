// SPDX-License-Identifier: Apache-2.0
#include "commands.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define POLL_NS 10000000L

static const char *const states[] = {
	[CONTROL_OFF] = "off",		 [CONTROL_STARTING] = "starting",   [CONTROL_RUNNING] = "running",
	[CONTROL_STOPPING] = "stopping", [CONTROL_DESTROYED] = "destroyed",
};

static const char *const words[] = {
	[CONTROL_STOP] = "stop",       [CONTROL_START] = "start",   [CONTROL_RESTART] = "restart",
	[CONTROL_DESTROY] = "destroy", [CONTROL_CREATE] = "create",
};

/* The state that a command ends in. */
static const enum control_state ends[] = {
	[CONTROL_STOP] = CONTROL_OFF,		 [CONTROL_START] = CONTROL_RUNNING,
	[CONTROL_RESTART] = CONTROL_RUNNING,	 [CONTROL_DESTROY] = CONTROL_DESTROYED,
	[CONTROL_CREATE] = CONTROL_OFF,
};

static const char *state_name(uint64_t state)
{
	return state < ARRAY_SIZE(states) ? states[state] : "?";
}

static void flags_print(const struct registers *r, uint64_t domain)
{
	uint64_t flags = registers_read(r, domain, CONTROL_FLAGS);
	const char *between = "  ";

	if ((flags & CONTROL_FLAG_HARDWARE) != 0) {
		printf("%shardware", between);
		between = ",";
	}
	if ((flags & CONTROL_FLAG_CONTROL) != 0) {
		printf("%scontrol", between);
		between = ",";
	}
	if (registers_read_machine(r, CONTROL_SELF) == domain) {
		printf("%sself", between);
	}
	printf("\n");
}

void command_list(const struct registers *r)
{
	uint64_t count = registers_read_machine(r, CONTROL_DOMAINS);
	char name[CONTROL_NAME_SIZE + 1];

	printf("%-16s %-10s %5s %10s %7s %7s\n", "DOMAIN", "STATE", "CPUS", "RAM/KiB", "STARTS", "FAULTS");
	for (uint64_t i = 0; i < count; i++) {
		registers_name(r, i, name);
		printf("%-16s %-10s %2" PRIu64 "/%-2" PRIu64 " %10" PRIu64 " %7" PRIu64 " %7" PRIu64, name,
		       state_name(registers_read(r, i, CONTROL_STATE)), registers_read(r, i, CONTROL_CPUS_ON),
		       registers_read(r, i, CONTROL_CPUS), registers_read(r, i, CONTROL_RAM) / 1024,
		       registers_read(r, i, CONTROL_STARTS), registers_read(r, i, CONTROL_FAULTS));
		flags_print(r, i);
	}
}

bool command_find(const char *word, enum control_command *command)
{
	for (enum control_command c = CONTROL_STOP; c <= CONTROL_CREATE; c++) {
		if (strcmp(word, words[c]) == 0) {
			*command = c;
			return true;
		}
	}
	return false;
}

/* The domain's index; the count of domains if there is none. */
static uint64_t domain_find(const struct registers *r, const char *name)
{
	uint64_t count = registers_read_machine(r, CONTROL_DOMAINS);
	char other[CONTROL_NAME_SIZE + 1];

	for (uint64_t i = 0; i < count; i++) {
		registers_name(r, i, other);
		if (strcmp(name, other) == 0) {
			return i;
		}
	}
	fprintf(stderr, "bulkhead-ctl: no domain is named '%s'; there are:", name);
	for (uint64_t i = 0; i < count; i++) {
		registers_name(r, i, other);
		fprintf(stderr, " %s", other);
	}
	fprintf(stderr, "\n");
	return count;
}

static void refused(const struct registers *r, uint64_t domain, const char *name,
		    enum control_command command, enum control_result result)
{
	const char *state = state_name(registers_read(r, domain, CONTROL_STATE));

	fprintf(stderr, "bulkhead-ctl: %s: cannot %s: ", name, words[command]);
	switch (result) {
	case CONTROL_BUSY:
		fprintf(stderr, "busy: it is on its way on or off\n");
		break;
	case CONTROL_WRONG:
		fprintf(stderr, "not while it is %s\n", state);
		break;
	case CONTROL_DENIED:
		fprintf(stderr, "denied: %s\n",
			registers_read_machine(r, CONTROL_SELF) == domain ?
				"it is the domain that asks" : "not to this domain");
		break;
	case CONTROL_FAILED:
		fprintf(stderr, "failed: the hypervisor's console says why\n");
		break;
	case CONTROL_OK:
	case CONTROL_UNKNOWN:
	default:
		fprintf(stderr, "this hypervisor does not know how (result %d)\n", (int)result);
		break;
	}
}

/* Waits for the end; a domain that has a fault on its way does not come there. */
static enum status wait_for(const struct registers *r, uint64_t domain, const char *name,
			    enum control_command command, uint64_t starts, uint64_t faults, unsigned int seconds)
{
	const struct timespec nap = {.tv_nsec = POLL_NS};
	bool again = command == CONTROL_START || command == CONTROL_RESTART;

	for (uint64_t naps = 0; naps <= seconds * (UINT64_C(1000000000) / POLL_NS); naps++) {
		uint64_t state = registers_read(r, domain, CONTROL_STATE);

		if (registers_read(r, domain, CONTROL_FAULTS) != faults) {
			fprintf(stderr, "bulkhead-ctl: %s: it had a fault, and is %s\n", name, state_name(state));
			return STATUS_REFUSED;
		}
		if (state == ends[command] && (!again || registers_read(r, domain, CONTROL_STARTS) != starts)) {
			return STATUS_DONE;
		}
		nanosleep(&nap, NULL);
	}
	fprintf(stderr, "bulkhead-ctl: %s: after %u s it is %s\n", name, seconds,
		state_name(registers_read(r, domain, CONTROL_STATE)));
	return STATUS_LATE;
}

enum status command_give(const struct registers *r, const char *name, enum control_command command,
			 unsigned int seconds)
{
	uint64_t domain = domain_find(r, name);
	uint64_t starts, faults;
	enum control_result result;

	if (domain == registers_read_machine(r, CONTROL_DOMAINS)) {
		return STATUS_USAGE;
	}
	starts = registers_read(r, domain, CONTROL_STARTS);
	faults = registers_read(r, domain, CONTROL_FAULTS);
	result = registers_command(r, domain, command);
	if (result != CONTROL_OK) {
		refused(r, domain, name, command, result);
		return STATUS_REFUSED;
	}
	return seconds == 0 ? STATUS_DONE : wait_for(r, domain, name, command, starts, faults, seconds);
}
