# SPDX-License-Identifier: Apache-2.0
#
# The host tools. bulkhead: everything in gen/ but verify, and the stage-2
# builder and the reader of ACPI tables, which it shares with the hypervisor. bulkhead-verify:
# gen/verify alone.

HOST := $(OUT)/host
BULKHEAD := $(HOST)/bulkhead
VERIFY := $(HOST)/bulkhead-verify

gen-src := gen/main.c $(filter-out gen/verify/%,$(wildcard gen/*/*.c)) hv/mm/stage2.c $(wildcard hv/firmware/acpi/*.c)
verify-src := $(wildcard gen/verify/*.c)
gen-obj := $(gen-src:%.c=$(HOST)/%.o)
verify-obj := $(verify-src:%.c=$(HOST)/%.o)

.PHONY: host
host: $(BULKHEAD) $(VERIFY)

$(call update,$(HOST)/flags,$(HOSTCC) $(HOST_CFLAGS))

$(HOST)/%.o: %.c $(HOST)/flags
	$(call say,HOSTCC $<)
	$(Q)mkdir -p $(@D)
	$(Q)$(HOSTCC) $(HOST_CFLAGS) -MMD -MP -c -o $@ $<

$(BULKHEAD): $(gen-obj)
	$(call say,HOSTLD $@)
	$(Q)$(HOSTCC) -o $@ $^ $(HOST_LIBS)

$(VERIFY): $(verify-obj)
	$(call say,HOSTLD $@)
	$(Q)$(HOSTCC) -o $@ $^ $(HOST_LIBS)

-include $(gen-obj:.o=.d) $(verify-obj:.o=.d)
