# SPDX-License-Identifier: Apache-2.0
#
# Programs for guests, static, for any Linux on arm64. They need a C library for
# it, which an image does not.

TOOLS := $(OUT)/tools
BULKHEAD_CTL := $(TOOLS)/bulkhead-ctl
ctl-src := $(wildcard tools/ctl/*.c)

# clang takes the C library from where gcc's is.
TOOLS_CFLAGS = -std=gnu11 -Os $(WARNINGS) $(PREFIX_MAP) -Itools/ctl -Ihv/include
TOOLS_LDFLAGS = -static -Wl,--build-id=none -s

.PHONY: tools
#: make tools                bulkhead-ctl, for the Linux of a control domain, in out/tools/
tools: $(BULKHEAD_CTL)

$(call update,$(TOOLS)/flags,$(TARGET_CC) $(TOOLS_CFLAGS) $(TOOLS_LDFLAGS))

$(TOOLS)/%.o: tools/%.c $(TOOLS)/flags
	$(call say,CC $<)
	$(Q)mkdir -p $(@D)
	$(Q)$(TARGET_CC) $(TOOLS_CFLAGS) -MMD -MP -c -o $@ $<

$(BULKHEAD_CTL): $(ctl-src:tools/%.c=$(TOOLS)/%.o)
	$(call say,LD $@)
	$(Q)$(TARGET_CC) $(TOOLS_LDFLAGS) -o $@ $^

-include $(wildcard $(TOOLS)/ctl/*.d)
