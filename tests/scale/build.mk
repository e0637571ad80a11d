# SPDX-License-Identifier: Apache-2.0
#
# Does the generator's work grow as its input does? The generator once more, with its steps
# counted, for tests/system/scale.sh; and `make bench-scale`, the time and memory that it takes.

STEPS := $(UNIT)/bulkhead-steps
STEPS_FLAGS := -O1 -fno-builtin
$(UNIT)/steps/%.o: %.c $(UNIT)/flags
	$(call say,TESTCC $<)
	$(Q)mkdir -p $(@D)
	$(Q)$(HOSTCC) $(HOST_CFLAGS) $(STEPS_FLAGS) $(if $(filter tests/%,$<),,-fsanitize-coverage=trace-pc) \
		-MMD -MP -c -o $@ $<

steps-wrapped := memmove memcpy memset memcmp strcmp calloc realloc
$(STEPS): $(gen-src:%.c=$(UNIT)/steps/%.o) $(UNIT)/steps/tests/scale/steps.o
	$(call say,TESTLD $@)
	$(Q)$(HOSTCC) $(steps-wrapped:%=-Wl,--wrap=%) -o $@ $^ $(HOST_LIBS)

RUSAGE := $(HOST)/rusage
$(RUSAGE): tests/scale/rusage.c $(HOST)/flags
	$(call say,HOSTCC $<)
	$(Q)$(HOSTCC) $(HOST_CFLAGS) -o $@ $<

.PHONY: bench-scale
bench-scale: $(BULKHEAD) $(RUSAGE)
	$(Q)tests/scale/run $(BULKHEAD) $(RUSAGE) $(OUT)/bench/scale

$(CHECK)/system/scale.tap: $(STEPS)

ifneq ($(filter $(check-goals),$(goals)),)
-include $(shell find $(UNIT)/steps -name '*.d' 2>/dev/null)
endif
