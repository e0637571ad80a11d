# SPDX-License-Identifier: Apache-2.0
#
# For the run.mk of a board whose image UEFI starts.

# Debian's EDK2, which starts hv.img as its first boot option.
qemu-firmware := -bios /usr/share/qemu-efi-aarch64/QEMU_EFI.fd
ifneq ($(SYSTEM),esp)
qemu-image = $(qemu-firmware) -kernel $(IMG)/hv.img
else
# From a disk, of which QEMU makes a file system of a folder: the image, and beside it what it loads.
esp-kernel := $(or $(DOM0_KERNEL),$(GUEST)/Image)
esp-initrd := $(or $(DOM0_INITRD),$(GUEST)/initrd.cpio.gz)
esp-cmdline := $(or $(DOM0_CMDLINE),console=ttyAMA0)
override DOM0_KERNEL :=
override DOM0_INITRD :=
override undefine DOM0_CMDLINE
qemu-image = $(qemu-firmware) -drive if=none,id=esp,format=raw,readonly=on,file=fat:$(IMG)/esp \
	-device virtio-blk-device,drive=esp,bootindex=0
qemu-needs := esp
.PHONY: esp
esp: $(IMG)/hv.img $(esp-kernel) $(esp-initrd)
	$(Q)mkdir -p $(IMG)/esp/EFI/BOOT $(IMG)/esp/EFI/bulkhead
	$(Q)cp $(IMG)/hv.img $(IMG)/esp/EFI/BOOT/BOOTAA64.EFI
	$(Q)cp $(esp-kernel) $(IMG)/esp/EFI/bulkhead/Image
	$(Q)cp $(esp-initrd) $(IMG)/esp/EFI/bulkhead/initrd.gz
	$(Q)printf '%s\n' $(call quote,$(esp-cmdline)) >$(IMG)/esp/EFI/bulkhead/cmdline.txt
endif
