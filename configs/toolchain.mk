# SPDX-License-Identifier: Apache-2.0
#
# Compilers and flags. CC=gcc (default) or CC=clang chooses both compilers.

# make's own default (cc) is none that somebody chose.
ifneq ($(filter undefined default,$(origin CC)),)
CC := gcc
endif
HOSTCC ?= $(CC)
CROSS_COMPILE ?= aarch64-linux-gnu-
ifneq ($(findstring clang,$(CC)),)
TARGET_CC ?= $(CC) --target=aarch64-linux-gnu
else
TARGET_CC ?= $(CROSS_COMPILE)gcc
endif
TARGET_LD ?= $(CROSS_COMPILE)ld
TARGET_SIZE ?= $(CROSS_COMPILE)size

WARNINGS := -Wall -Wextra -Wconversion -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Werror

# Nothing of the place or the time of a build gets into its files.
PREFIX_MAP := -ffile-prefix-map=$(CURDIR)=. -ffile-prefix-map=$(OUT)/=out/

GEN_INCLUDES := -Igen -Ihv -Ihv/include
# They take milliseconds; -O2 would cost a quarter more of a clean build, and -g a sixth. Those in
# out/unit, with sanitizers, have debug information.
HOST_CFLAGS = -std=gnu11 -O1 $(WARNINGS) $(PREFIX_MAP) $(GEN_INCLUDES)
HOST_LIBS := -lyaml -lfdt

HV_INCLUDES := -Ihv -Ihv/include -Ihv/arch/include
# For size: the whole image has 64 KiB. It costs the paths that `make bench` counts 0 to 6 % over -O2
# (7 KiB more text); a file that is worth it says so in hv/objects.mk: cflags-guest/mmio.o := -O2
# All but the page tables is within 1 MiB: the code model for that saves an instruction where an address
# is made, 1.2 KiB in all.
# Constants that gcc moves out of loops cost more registers to save than they save loads: 1 %.
HV_OPTIMIZE ?= -Os
HV_CFLAGS = -std=gnu11 $(HV_OPTIMIZE) -g $(WARNINGS) $(PREFIX_MAP) $(HV_INCLUDES) -ffreestanding -fno-common -fno-pic -fno-pie \
	-mgeneral-regs-only -mstrict-align -march=armv8-a -fno-stack-protector \
	-fno-asynchronous-unwind-tables -ffunction-sections -fdata-sections -fomit-frame-pointer \
	-mno-outline-atomics -mcmodel=tiny $(if $(findstring clang,$(TARGET_CC)),,-fno-move-loop-invariants)
HV_ASFLAGS = -g $(PREFIX_MAP) $(HV_INCLUDES) -march=armv8-a \
	-Wa,--fatal-warnings
HV_LDFLAGS = -nostdlib -static -z max-page-size=4096 --gc-sections --build-id=none --fatal-warnings \
	--no-warn-rwx-segments
