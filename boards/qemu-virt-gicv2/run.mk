# SPDX-License-Identifier: Apache-2.0
qemu-machine := virt,virtualization=on,gic-version=2
qemu-cpu := max
qemu-memory := 2G
qemu-cpus := 4
