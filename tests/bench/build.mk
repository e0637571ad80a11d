# SPDX-License-Identifier: Apache-2.0
#
# make bench: the figures of this image beside those of Debian's Xen, same payload,
# same run. Always for qemu-virt (GICv3), with boards/qemu-virt/bench.yaml.

BENCH := $(OUT)/bench
bench-image := $(OUT)/qemu-virt/bench
bench-empty := $(OUT)/qemu-virt/bench-empty

# Fails without a network: the table then has no figures of Xen's.
$(OUT)/xen/xen: tests/bench/fetch-xen
	$(Q)tests/bench/fetch-xen $(OUT)/xen </dev/null || true

.PHONY: bench bench-images
bench-images: $(BULKHEAD) $(VERIFY) $(payload-out)/bench.img
	$(Q)+$(MAKE) --no-print-directory BOARD=qemu-virt SYSTEM=bench CPUS=1 IMG=$(bench-empty) image
	$(Q)+$(MAKE) --no-print-directory BOARD=qemu-virt SYSTEM=bench CPUS=1 IMG=$(bench-image) \
		DOM0_KERNEL=$(payload-out)/bench.img image

bench: bench-images $(OUT)/xen/xen
	$(Q)QEMU=$(QEMU) PAYLOAD=$(payload-out)/bench.img IMAGE=$(bench-image)/hv.img \
		EMPTY=$(bench-empty)/hv.img BUILD=$(bench-image)/build.json XEN=$(OUT)/xen tests/bench/run $(BENCH)
