# SPDX-License-Identifier: Apache-2.0
#
# Programs for guests, static, for any Linux on arm64. They need a C library for
# it, which an image does not.

TOOLS := $(OUT)/tools
BULKHEAD_CTL := $(TOOLS)/bulkhead-ctl
DISK_PATTERN := $(TOOLS)/disk-pattern
ctl-src := $(wildcard tools/ctl/*.c)
pattern-src := $(wildcard tools/pattern/*.c)

# clang takes the C library from where gcc's is.
TOOLS_CFLAGS = -std=gnu11 -Os $(WARNINGS) $(PREFIX_MAP) -Ihv/include
TOOLS_LDFLAGS = -static -Wl,--build-id=none -s

.PHONY: tools
#: make tools                programs for guests, in out/tools/: bulkhead-ctl, for a control domain's Linux
tools: $(BULKHEAD_CTL) $(DISK_PATTERN)

$(call update,$(TOOLS)/flags,$(TARGET_CC) $(TOOLS_CFLAGS) $(TOOLS_LDFLAGS))

$(TOOLS)/%.o: tools/%.c $(TOOLS)/flags
	$(call say,CC $<)
	$(Q)mkdir -p $(@D)
	$(Q)$(TARGET_CC) $(TOOLS_CFLAGS) -MMD -MP -c -o $@ $<

$(BULKHEAD_CTL): $(ctl-src:tools/%.c=$(TOOLS)/%.o)
$(DISK_PATTERN): $(pattern-src:tools/%.c=$(TOOLS)/%.o)
$(BULKHEAD_CTL) $(DISK_PATTERN):
	$(call say,LD $@)
	$(Q)$(TARGET_CC) $(TOOLS_LDFLAGS) -o $@ $^

-include $(wildcard $(TOOLS)/*/*.d)
