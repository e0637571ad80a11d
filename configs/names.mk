# SPDX-License-Identifier: Apache-2.0
#
# What the command line names: folders, a board, a system. What cannot be is
# refused in a sentence, before anything is written.

board-given := $(filter-out file default undefined,$(origin BOARD_DIR))
board-named := $(filter-out undefined,$(origin BOARD))
BOARD_DIR ?= boards/$(BOARD)
ifeq ($(origin BOARD),undefined)
BOARD := $(if $(board-given),$(notdir $(abspath $(BOARD_DIR))),qemu-virt)
endif
SYSTEM ?= system
# The file's own name does as well.
override SYSTEM := $(patsubst %.yaml,%,$(SYSTEM))
# How the user would name this board again.
board-words := $(strip $(if $(board-given),BOARD_DIR=$(BOARD_DIR)) $(if $(or $(board-named),$(if $(board-given),,x)),BOARD=$(BOARD)))

# make takes a blank for the end of a name. $(call no-blank,VARIABLE,REMEDY)
no-blank = $(if $(word 2,x$($(1))x),$(error $(1) has a blank in it, which make cannot take: '$($(1))'. $(2)))
ifneq ($(word 2,x$(CURDIR)x),)
$(error the path of this tree has a blank in it, which make cannot take: '$(CURDIR)'. Move the tree or rename the folder)
endif
$(call no-blank,OUT,Name a folder without one)
# One form of each name, be it relative, absolute or with a slash at its end: what compilers write
# of dependencies has it, and must be of the files that rules make.
override OUT := $(patsubst $(CURDIR)/%,%,$(abspath $(OUT)))
$(call no-blank,IMG,Name a folder without one)
$(call no-blank,BOARD_DIR,Rename the folder or give a link to it; files of DOM0_* and SET= may have blanks)
$(call no-blank,BOARD,A board's name has none)
$(call no-blank,SYSTEM,It is the name of one file in the board's folder, without .yaml)

ifneq ($(filter-out $(no-tools-goals),$(goals)),)
boards := $(sort $(patsubst boards/%/board.yaml,%,$(wildcard boards/*/board.yaml)))
ifneq ($(findstring /,$(BOARD)),)
$(error BOARD=$(BOARD): it is a name, one of: $(boards). A board elsewhere is named by its folder, BOARD_DIR=)
endif
ifneq ($(findstring /,$(SYSTEM)),)
$(error SYSTEM=$(SYSTEM): it is the name of a file in the board's folder, without .yaml)
endif
ifeq ($(wildcard $(BOARD_DIR)/board.yaml),)
$(error no such board: $(board-words) has no $(BOARD_DIR)/board.yaml. The boards of this tree: $(boards))
endif
ifneq ($(SYSTEM),system)
ifeq ($(wildcard $(BOARD_DIR)/$(SYSTEM).yaml),)
$(error no such system: SYSTEM=$(SYSTEM) has no $(BOARD_DIR)/$(SYSTEM).yaml. Those of this board: \
$(filter-out board,$(patsubst $(BOARD_DIR)/%.yaml,%,$(sort $(wildcard $(BOARD_DIR)/*.yaml)))))
endif
endif
# What is built of a board goes to out/<name>; the names of the tree's own are theirs.
ifneq ($(and $(filter $(BOARD),$(boards)),$(filter-out $(realpath boards/$(BOARD)),$(realpath $(BOARD_DIR)))),)
$(error $(board-words) is not boards/$(BOARD), but would be built where that is, in $(OUT)/$(BOARD). \
Call its folder otherwise, or name it: BOARD=my-$(BOARD))
endif
endif
