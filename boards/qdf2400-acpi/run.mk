# SPDX-License-Identifier: Apache-2.0
# QEMU's virt under this machine's name: where everything is the image has from its tables.
qemu-machine := virt,virtualization=on,gic-version=3,iommu=smmuv3,x-oem-id=QCOM,x-oem-table-id=QDF2432 \
	-global arm-smmuv3.stage=nested
qemu-cpu := max
qemu-memory := 2G
qemu-cpus := 4
include configs/uefi.mk
