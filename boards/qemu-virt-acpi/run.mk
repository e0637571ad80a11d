# SPDX-License-Identifier: Apache-2.0
qemu-machine := virt,virtualization=on,gic-version=3,iommu=smmuv3 -global arm-smmuv3.stage=nested
qemu-cpu := max
qemu-memory := 2G
qemu-cpus := 4
include configs/uefi.mk
