# SPDX-License-Identifier: Apache-2.0
qemu-machine := virt,virtualization=on,gic-version=3,iommu=smmuv3 -global arm-smmuv3.stage=nested
qemu-cpu := max
qemu-memory := 2G
qemu-cpus := 4
# Something to run beside Linux.
ifneq ($(filter two-domains colored,$(SYSTEM)),)
SET ?= guest1.kernel=$(OUT)/payload/hello.img
endif
ifneq ($(filter four-domains,$(SYSTEM)),)
SET ?= linux1.kernel=$(OUT)/guest/Image linux1.initrd=$(OUT)/guest/initrd.cpio.gz \
	linux2.kernel=$(OUT)/guest/Image linux2.initrd=$(OUT)/guest/initrd.cpio.gz bare.kernel=$(OUT)/payload/hello.img
endif
