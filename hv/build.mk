# SPDX-License-Identifier: Apache-2.0
#
# From a board's YAML to hv.img: generate, compile, link, pack, verify.
#
# Objects depend on the configuration and the compiler only: those of boards that are configured
# alike are the same files, in $(HVO). What depends on the payload, SYSTEM or CPUS as well is in
# $(IMG): $(O) itself, or a folder of its own below it (another SYSTEM, `make run`, the tests).

IMG ?= $(O)$(patsubst %,/system-%,$(filter-out system,$(SYSTEM)))
.PHONY: image
image: $(IMG)/hv.img

quote = '$(subst ','\'',$(1))'
# Make rebuilds the first of these and starts over when the configuration changed. The folder's name
# is made of the configuration, the compiler and its options.
HVO := $(OUT)/hv
ifneq ($(filter $(image-goals),$(goals)),)
include $(O)/include/config/auto.conf
autoconf := $(O)/include/generated/autoconf.h
HVO := $(OUT)/hv/$(shell { echo $(call quote,$(TARGET_CC) $(filter-out $(PREFIX_MAP),$(HV_CFLAGS) $(HV_ASFLAGS))); \
	cat $(autoconf); } 2>/dev/null | sha256sum | cut -c 1-12)
$(shell [ ! -f $(autoconf) ] || [ -f $(HVO)/autoconf.h ] || \
	{ mkdir -p $(HVO) && cp $(autoconf) $(HVO)/autoconf.h.$$$$ && mv $(HVO)/autoconf.h.$$$$ $(HVO)/autoconf.h; })
endif
hv-config := -include $(HVO)/autoconf.h
-include hv/objects.mk
hv-src := $(sort $(hv-y) $(foreach list,$(hv-lists),$(hv-$(list))))
hv-obj := $(addprefix $(HVO)/,$(hv-src))
# What is linked of them: $(IMG)/links names the lists.
hv-linked = $(addprefix $(HVO)/,$(sort $(hv-y) $(foreach list,$(file <$(IMG)/links),$(hv-$(list)))))

$(call update,$(O)/flags,$(TARGET_CC) $(HV_CFLAGS) $(HV_ASFLAGS) $(hv-config))

# Another make may be at the same object: neither takes half of it.
compiled = -MMD -MP -MF $(@:.o=.d).$$$$ -MT $@ -c -o $@.$$$$ $< && mv $(@:.o=.d).$$$$ $(@:.o=.d) && mv $@.$$$$ $@

$(HVO)/%.o: hv/%.c
	$(call say,CC $<)
	$(Q)mkdir -p $(@D)
	$(Q)$(TARGET_CC) $(HV_CFLAGS) $(hv-config) $(cflags-$*.o) $(compiled)

$(HVO)/%.o: hv/%.S
	$(call say,AS $<)
	$(Q)mkdir -p $(@D)
	$(Q)$(TARGET_CC) $(HV_ASFLAGS) $(hv-config) $(compiled)

# What the command line says about the system. An empty DOM0_INITRD= means none,
# which is not the same as not given. SET= is for the other domains:
# SET='guest1.kernel=FILE guest1.initrd=FILE'. A word of it that is no DOMAIN.KEY=
# continues the value before it, so that files and command lines may have blanks.
given = $(if $(filter undefined,$(origin $(1))),,$(2))
set-key = $(filter %.kernel %.initrd %.cmdline,$(firstword $(subst =, ,$(1))))
set-marked = $(foreach w,$(subst ','\'',$(SET)),$(if $(call set-key,$(w)),<set>)$(w))
set-args = $(if $(strip $(SET)),--set '$(subst <set>,,$(subst $(blank)<set>,' --set ',$(set-marked)))')
blank := $(subst ,, )
gen-args = $(call quote,$(BOARD_DIR)) --system $(SYSTEM) $(call given,CPUS,--cpus $(call quote,$(CPUS))) \
	$(call given,DOM0_KERNEL,--set $(call quote,.kernel=$(DOM0_KERNEL))) \
	$(call given,DOM0_INITRD,--set $(call quote,.initrd=$(DOM0_INITRD))) \
	$(call given,DOM0_CMDLINE,--set $(call quote,.cmdline=$(DOM0_CMDLINE))) $(set-args)

# Of the payload's files only those are prerequisites that make knows how to make.
# Others may have any name, and it is the generator that tells when they are not there.
payload-made = $(filter $(GUEST)/Image $(GUEST)/initrd.cpio.gz $(payload-images),\
	$(DOM0_KERNEL) $(DOM0_INITRD) $(subst =, ,$(SET)))

# The generator runs every time: it is quicker than finding out whether it need
# run. Files that come out as before keep their time, so nothing follows. Its messages
# name options; who runs make has written variables.
$(IMG)/gen.stamp: $(BULKHEAD) $(payload-made) FORCE
	$(Q)rm -rf $(IMG)/gen.new && mkdir -p $(IMG)/gen.new
	$(Q)$(BULKHEAD) gen $(gen-args) --config $(O)/.config --defconfig $(call quote,$(DEFCONFIG)) \
		-o $(IMG)/gen.new 2>$(IMG)/gen.log; status=$$?; \
	sed -e 's/--set \.kernel/DOM0_KERNEL/; s/--set \.initrd/DOM0_INITRD/; s/--set \.cmdline/DOM0_CMDLINE/' \
		-e 's/--set \([A-Za-z_][A-Za-z0-9_-]*\.\)/SET=\1/; s/--set takes/SET= takes/; s/--cpus/CPUS/' \
		$(IMG)/gen.log >&2; \
	[ $$status = 0 ] || { rm -rf $(IMG)/hv.img $(IMG)/gen.new; exit 1; }
	$(Q)cd $(IMG)/gen.new && for f in *; do cmp -s "$$f" "../$$f" || mv "$$f" ..; done
	$(Q)rm -rf $(IMG)/gen.new && touch $@

generated := $(addprefix $(IMG)/,tables.c layout.ld pages.ld links build.json)
$(generated): $(IMG)/gen.stamp
	@:

$(IMG)/tables.o: $(IMG)/tables.c $(O)/flags
	$(call say,CC $<)
	$(Q)$(TARGET_CC) $(HV_CFLAGS) $(hv-config) -MMD -MP -c -o $@ $<

# What is wrong with the board is said before anything is compiled for it.
$(hv-obj): | $(IMG)/gen.stamp
$(IMG)/hv.elf: $(hv-obj) $(IMG)/tables.o hv/hv.ld $(O)/flags $(IMG)/layout.ld $(IMG)/pages.ld $(IMG)/links
	$(call say,LD $@)
	$(Q)$(TARGET_LD) $(HV_LDFLAGS) -L $(IMG) -T hv/hv.ld -Map $(IMG)/hv.map -o $@ \
		$(hv-linked) $(IMG)/tables.o

verify-args = $(call quote,$(BOARD_DIR)) --system $(SYSTEM) $(call given,CPUS,--cpus $(call quote,$(CPUS)))

# The image is there only if it was proved. What is proved is written down beside it.
# What `gen` has warned of, `image` need not say again.
$(IMG)/hv.img: $(IMG)/hv.elf $(IMG)/build.json $(BULKHEAD) $(VERIFY) FORCE
	$(call say,IMAGE $@)
	$(Q)rm -f $@
	$(Q)$(BULKHEAD) image $(gen-args) --elf $< -o $@.new 2>$(IMG)/image.log || { cat $(IMG)/image.log >&2; exit 1; }
	$(call say,VERIFY $@)
	$(Q)$(VERIFY) $< $(verify-args) --image $@.new -o $(IMG)/verify.json >$(IMG)/verify.txt || \
		{ cat $(IMG)/verify.txt; exit 1; }
	$(Q)mv $@.new $@

# The page about the board, with what was proved of the image.
.PHONY: report
report: $(IMG)/hv.img
	$(Q)$(BULKHEAD) report $(gen-args) -o $(IMG)/report.html 2>$(IMG)/report.log || \
		{ cat $(IMG)/report.log >&2; exit 1; }
	@echo $(IMG)/report.html

.PHONY: verify
verify: $(IMG)/hv.img
	@cat $(IMG)/verify.txt

-include $(hv-obj:.o=.d) $(IMG)/tables.d
