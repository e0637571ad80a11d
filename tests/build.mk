# SPDX-License-Identifier: Apache-2.0
#
# The tests. Every suite is a list of programs that print TAP ("ok 1 - name",
# "not ok 2 - name"); tests/run runs one with a time limit and keeps its output
# in $(OUT)/check/<suite>/, tests/tally counts.
#
#   unit    tests/unit/*_test.c: cmocka programs under ASan and UBSan. A comment
#           `// sources: hv/mm/stage2.c gen/diag/*.c` names what is linked to it, besides
#           what it needs of hv/lib/.
#   golden  tests/golden/run: YAML in, exact messages out; tests/golden/mistakes/run:
#           real boards with one mistake each; tests/golden/editors/run: the schemas in editors
#   fuzz    tests/fuzz/*_fuzz.c: libFuzzer programs, FUZZ_SECONDS each, with the
#           same comment; seeds in tests/fuzz/corpus/<name>/, or <name>.base64, one a line
#   house   tests/house/*.sh: rules that the tree itself must keep; and every
#           source once more through the other compiler, which must not warn
#   system  tests/system/*.sh: images in QEMU

CHECK := $(OUT)/check
TEST_SECONDS ?= 300
FUZZ_SECONDS ?= 10
SYSTEM_SECONDS ?= 900

# Host code with sanitizers. The models' arch headers stand in for hv/arch/include.
SANITIZE := -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
TEST_INCLUDES := -Itests/models/include -Itests -Itools -Igen -Ihv -Ihv/include
TEST_CFLAGS = -std=gnu11 -O1 -g $(WARNINGS) -Wno-missing-prototypes $(TEST_INCLUDES) \
	-DCONFIG_LOG_LEVEL=3
UNIT := $(OUT)/unit
FUZZ := $(OUT)/fuzz
FUZZCC ?= clang

unit-tests := $(patsubst tests/unit/%.c,%,$(wildcard tests/unit/*_test.c))
fuzz-tests := $(patsubst tests/fuzz/%.c,%,$(wildcard tests/fuzz/*_fuzz.c))
golden-tests := run mistakes editors
house-tests := $(patsubst tests/house/%.sh,%,$(wildcard tests/house/*.sh))
# The longest first, lest one runs alone at the end.
system-long := verify badsmmu dma smmu xenflags restart import image
system-tests := $(system-long) $(filter-out $(system-long),$(patsubst tests/system/%.sh,%,$(wildcard tests/system/*.sh)))
suites := unit golden fuzz house system

ifneq ($(filter $(check-goals),$(goals)),)
# $(call sources,FILE): what the test says it needs, with patterns expanded.
sources = $(foreach p,$(shell sed -n 's,^[ /*]*sources: *,,p' $(1)),$(wildcard $(p)))

define unit-rules
$(UNIT)/$(1): $(patsubst %.c,$(UNIT)/obj/%.o,$(sort tests/unit/$(1).c $(call sources,tests/unit/$(1).c))) $(UNIT)/lib.a
	$$(call say,TESTLD $$@)
	$$(Q)$(HOSTCC) $(SANITIZE) -o $$@ $$^ -lcmocka $(HOST_LIBS)
$(CHECK)/unit/$(1).tap: $(UNIT)/$(1) FORCE
	$$(Q)CMOCKA_MESSAGE_OUTPUT=TAP tests/run $(TEST_SECONDS) $$@ $$<
endef
$(foreach t,$(unit-tests),$(eval $(call unit-rules,$(t))))

define fuzz-rules
$(FUZZ)/$(1): $(patsubst %.c,$(FUZZ)/obj/%.o,$(sort tests/fuzz/$(1).c $(call sources,tests/fuzz/$(1).c))) $(FUZZ)/lib.a
	$$(call say,FUZZLD $$@)
	$$(Q)$(FUZZCC) -fsanitize=fuzzer $(SANITIZE) -o $$@ $$^ $(HOST_LIBS)
$(CHECK)/fuzz/$(1).tap: $(FUZZ)/$(1) FORCE
	$$(Q)tests/run $(TEST_SECONDS) $$@ tests/fuzz/run $$< $(wildcard tests/fuzz/corpus/$(1) tests/fuzz/corpus/$(1).base64) $$(FUZZ_SECONDS)
endef
$(foreach t,$(fuzz-tests),$(eval $(call fuzz-rules,$(t))))
# Guests come closest to what is fuzzed there.
$(CHECK)/fuzz/vsmmuv3_fuzz.tap: FUZZ_SECONDS = 60
# make fuzz/NAME_fuzz FUZZ_SECONDS=3600: for long, and on from where it was.
.PHONY: $(fuzz-tests:%=fuzz/%)
$(fuzz-tests:%=fuzz/%): fuzz/%: $(FUZZ)/%
	$(Q)tests/fuzz/long $< $(FUZZ)/long/$* $(FUZZ_SECONDS) $(wildcard tests/fuzz/corpus/$* tests/fuzz/corpus/$*.base64)
endif

# What is tested guides the fuzzer; models and the harness would only distract it, and
# so do the operands of comparisons in hv/: no input is compared with text there.
fuzz-guided = $(if $(filter tests/%,$(1)),,-fsanitize=fuzzer-no-link) \
	$(if $(filter hv/%,$(1)),-fno-sanitize-coverage=trace-cmp)

$(call update,$(UNIT)/flags,$(HOSTCC) $(TEST_CFLAGS))
$(call update,$(FUZZ)/flags,$(FUZZCC) $(TEST_CFLAGS) $(call fuzz-guided,hv/))

$(UNIT)/obj/%.o: %.c $(UNIT)/flags
	$(call say,TESTCC $<)
	$(Q)mkdir -p $(@D)
	$(Q)$(HOSTCC) $(TEST_CFLAGS) $(SANITIZE) -MMD -MP -c -o $@ $<

$(FUZZ)/obj/%.o: %.c $(FUZZ)/flags
	$(call say,FUZZCC $<)
	$(Q)mkdir -p $(@D)
	$(Q)$(FUZZCC) $(TEST_CFLAGS) $(call fuzz-guided,$<) $(SANITIZE) \
		-MMD -MP -c -o $@ $<

hv-lib := $(patsubst %.c,%.o,$(wildcard hv/lib/*.c))
$(UNIT)/lib.a: $(hv-lib:%=$(UNIT)/obj/%)
$(FUZZ)/lib.a: $(hv-lib:%=$(FUZZ)/obj/%)
$(UNIT)/lib.a $(FUZZ)/lib.a:
	$(Q)rm -f $@ && ar rcsD $@ $^

ifneq ($(filter $(check-goals),$(goals)),)
-include $(shell find $(UNIT)/obj $(FUZZ)/obj -name '*.d' 2>/dev/null)
endif

# The generator is judged under the sanitizers too.
$(UNIT)/bulkhead: $(gen-src:%.c=$(UNIT)/obj/%.o)
	$(call say,TESTLD $@)
	$(Q)$(HOSTCC) $(SANITIZE) -o $@ $^ $(HOST_LIBS)

$(CHECK)/golden/run.tap: tests/golden/run $(UNIT)/bulkhead FORCE
	$(Q)tests/run $(SYSTEM_SECONDS) $@ tests/golden/run $(UNIT)/bulkhead

$(CHECK)/golden/mistakes.tap: tests/golden/mistakes/run $(UNIT)/bulkhead FORCE
	$(Q)tests/run $(SYSTEM_SECONDS) $@ tests/golden/mistakes/run $(UNIT)/bulkhead

$(CHECK)/golden/editors.tap: tests/golden/editors/run $(UNIT)/bulkhead FORCE
	$(Q)tests/run $(SYSTEM_SECONDS) $@ tests/golden/editors/run $(UNIT)/bulkhead $(OUT)/npm

$(CHECK)/house/%.tap: tests/house/%.sh FORCE
	$(Q)tests/run $(TEST_SECONDS) $@ $<

# Pages in a real browser.
BROWSER := $(UNIT)/browser
$(BROWSER): tests/system/browser.c $(UNIT)/flags
	$(call say,HOSTCC $<)
	$(Q)$(HOSTCC) -std=gnu11 -D_GNU_SOURCE -O2 -g $(WARNINGS) -o $@ $<
$(CHECK)/system/report.tap: $(BROWSER)

# What the tests of images and of the other compiler need to know of this make.
test-env = OUT=$(OUT) MAKE=$(MAKE) DRIVE=$(DRIVE) DMA=$(DMA) TOPOLOGY=$(TOPOLOGY) DTBS=$(DTBS) ACPITABLES=$(ACPITABLES) ACPIDAMAGE=$(ACPIDAMAGE) \
	BROWSER=$(BROWSER) WORK=$(OUT)/check/work/$* OTHER=$(if $(findstring clang,$(CC)),gcc,clang)

$(CHECK)/house/compilers.tap: tests/house/compilers.sh FORCE
	$(Q)$(test-env) tests/run $(SYSTEM_SECONDS) $@ $<

# Boards are built, and the guest is fetched, before the first system test; they
# then share all but what is their own. What does not build is for image.sh to tell.
# One after the other, for they share objects. A board that several tests build is configured.
.PHONY: boards-built
boards-built: $(BULKHEAD) $(VERIFY)
	$(Q)+for board in $(patsubst boards/%/board.yaml,%,$(wildcard boards/*/board.yaml)); do \
		$(MAKE) --no-print-directory -s BOARD=$$board image >/dev/null 2>&1 || true; done
	$(Q)+$(MAKE) --no-print-directory -s BOARD=test-viommu BOARD_DIR=tests/system/viommu $(OUT)/test-viommu/.config \
		>/dev/null 2>&1 || true

DRIVE := $(UNIT)/drive
$(DRIVE): tests/system/drive.c $(UNIT)/flags
	$(call say,HOSTCC $<)
	$(Q)$(HOSTCC) -std=gnu11 -O2 -g $(WARNINGS) -o $@ $<

# DMA by QEMU's edu devices, without a guest's help.
DMA := $(UNIT)/dma
$(DMA): $(wildcard tests/system/dma/*.c) $(wildcard tests/system/dma/*.h) $(UNIT)/flags
	$(call say,HOSTCC $@)
	$(Q)mkdir -p $(@D)
	$(Q)$(HOSTCC) -std=gnu11 -O2 -g $(WARNINGS) -o $@ $(filter %.c,$^)

# Who is behind which IOMMU, by a program of its own.
TOPOLOGY := $(UNIT)/topology
$(TOPOLOGY): tests/system/topology.c $(UNIT)/flags
	$(call say,HOSTCC $<)
	$(Q)mkdir -p $(@D)
	$(Q)$(HOSTCC) -std=gnu11 -O2 -g $(WARNINGS) -o $@ $<
$(CHECK)/system/import.tap: $(TOPOLOGY) $(UNIT)/bulkhead $(DTBS)/release

# Tables in an image of a machine's memory.
ACPITABLES := $(UNIT)/acpitables
$(ACPITABLES): tests/system/acpitables.c $(UNIT)/flags
	$(call say,HOSTCC $<)
	$(Q)mkdir -p $(@D)
	$(Q)$(HOSTCC) -std=gnu11 -O2 -g $(WARNINGS) -o $@ $<
$(CHECK)/system/authoring.tap: $(DTBS)/release
$(CHECK)/system/import_acpi.tap: $(ACPITABLES) $(UNIT)/bulkhead

# And scripts that damage them where they are.
ACPIDAMAGE := $(UNIT)/acpidamage
$(ACPIDAMAGE): tests/system/acpidamage.c $(UNIT)/flags
	$(call say,HOSTCC $<)
	$(Q)mkdir -p $(@D)
	$(Q)$(HOSTCC) -std=gnu11 -D_GNU_SOURCE -O2 -g $(WARNINGS) -o $@ $<
$(CHECK)/system/acpi_damage.tap: $(ACPITABLES) $(ACPIDAMAGE)

$(CHECK)/system/%.tap: tests/system/%.sh $(DRIVE) $(DMA) $(payload-images) boards-built \
		$(GUEST)/Image $(GUEST)/initrd.cpio.gz FORCE
	$(Q)$(test-env) tests/run $(SYSTEM_SECONDS) $@ $<

# All results are made by a make of their own that goes on after an error (-k), so
# that a test that does not build is one failed test and not the end of the run.
results = $(patsubst %,$(CHECK)/$(1)/%.tap,$($(1)-tests))
suite-results = $(if $(filter check,$@),$(foreach s,$(suites),$(call results,$(s))),$(call results,$(@:check-%=%)))

.PHONY: check $(suites:%=check-%)
check $(suites:%=check-%):
	$(Q)rm -f $(suite-results)
	$(Q)+$(if $(suite-results),$(MAKE) --no-print-directory -k $(suite-results) || true)
	$(Q)tests/tally $(suite-results)

# Everything that is compiled for the host but tests alone, for the other compiler.
.PHONY: unit-programs
unit-programs: $(unit-tests:%=$(UNIT)/%) $(DRIVE) $(DMA) $(TOPOLOGY) $(ACPITABLES) $(ACPIDAMAGE) $(BROWSER)
