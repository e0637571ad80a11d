# SPDX-License-Identifier: Apache-2.0
#
# make bench: the figures of this image beside those of Debian's Xen, same payload,
# same run. Always for qemu-virt (GICv3), with boards/qemu-virt/bench.yaml.

BENCH := $(OUT)/bench
bench-dir := $(OUT)/qemu-virt/bench
bench-make = $(MAKE) --no-print-directory BOARD=qemu-virt SYSTEM=bench CPUS=1 image
# The default system, whose Linux has a virtual SMMU.
bench-viommu = $(MAKE) --no-print-directory BOARD=qemu-virt SYSTEM=system CPUS=1 image
# A domain that finds its devices on demand.
bench-demand = $(MAKE) --no-print-directory BOARD=test-ondemand BOARD_DIR=tests/system/ondemand SYSTEM=bench CPUS=1 image
bench-guest := $(GUEST)/Image $(GUEST)/initrd.cpio.gz
bench-linux = DOM0_KERNEL=$(GUEST)/Image DOM0_INITRD=$(GUEST)/initrd.cpio.gz

# Fails without a network: the table then has no figures of Xen's.
$(OUT)/xen/xen: tests/bench/fetch-xen
	$(Q)tests/bench/fetch-xen $(OUT)/xen </dev/null || true

$(BENCH)/%.so: tests/bench/%.c tests/bench/plugin.h
	$(call say,HOSTLD $@)
	$(Q)mkdir -p $(@D)
	$(Q)$(HOSTCC) -std=gnu11 -O2 $(WARNINGS) -fPIC -fvisibility=hidden -shared -o $@ $<

.PHONY: bench bench-images
bench-images: $(BULKHEAD) $(VERIFY) $(payload-out)/bench.img $(payload-out)/benchsmmu.img \
		$(payload-out)/benchdemand.img $(bench-guest)
	$(Q)+$(bench-make) IMG=$(bench-dir)/empty
	$(Q)+$(bench-make) IMG=$(bench-dir)/payload DOM0_KERNEL=$(payload-out)/bench.img
	$(Q)+$(bench-make) IMG=$(bench-dir)/quiet $(bench-linux) \
		DOM0_CMDLINE='console=ttyAMA0 quiet bulkhead.run=poweroff'
	$(Q)+$(bench-make) IMG=$(bench-dir)/loud $(bench-linux) \
		DOM0_CMDLINE='console=ttyAMA0 bulkhead.run=poweroff'
	$(Q)+$(bench-make) IMG=$(bench-dir)/nvme $(bench-linux) \
		DOM0_CMDLINE='console=ttyAMA0 quiet bulkhead.run=nvme,poweroff'
	$(Q)+$(bench-demand) IMG=$(bench-dir)/demand DOM0_KERNEL=$(payload-out)/benchdemand.img
	$(Q)+$(bench-viommu) IMG=$(bench-dir)/smmu DOM0_KERNEL=$(payload-out)/benchsmmu.img
	$(Q)+$(bench-viommu) IMG=$(bench-dir)/dmacost $(bench-linux) \
		DOM0_CMDLINE='console=ttyAMA0 quiet iommu.strict=1 bulkhead.run=dmacost,poweroff'

bench: bench-images $(OUT)/xen/xen $(BENCH)/count.so
	$(Q)QEMU=$(QEMU) PAYLOAD=$(payload-out)/bench.img SMMU=$(payload-out)/benchsmmu.img DEMAND=$(payload-out)/benchdemand.img \
		IMAGES=$(bench-dir) XEN=$(OUT)/xen \
		COUNT=$(BENCH)/count.so GUEST=$(GUEST) tests/bench/run $(BENCH)
