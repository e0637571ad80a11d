# SPDX-License-Identifier: Apache-2.0
#
# QEMU has no R-Car: firmware at EL3 plays the board (docs/board-model.md). The board's RAM
# ends at 29 GiB, and QEMU's begins at 1; the host gives what is used of it.
qemu-machine := virt,secure=on,virtualization=on,gic-version=2,memory-backend=ram \
	-object memory-backend-ram,id=ram,size=28G,reserve=off
qemu-cpu := max,x-rme=on,sve=off,sme=off,pauth=off,lpa2=off,cntfrq=8333333
qemu-memory := 28G
qemu-cpus := 4
qemu-needs := $(OUT)/rcar-model/firmware.bin
qemu-image = -bios $(qemu-needs) -device loader,file=$(IMG)/hv.img,addr=0x48200000,force-raw=on
