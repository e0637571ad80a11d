# SPDX-License-Identifier: Apache-2.0
#
# Installs what the goals need before anything else is done. The stamp is a
# makefile that depends on the very files that were found: while they are there
# and unchanged, nothing runs. SETUP=no only tells what is missing.

ifneq ($(filter $(check-goals),$(goals)),)
setup-group := test
else ifneq ($(filter run,$(goals)),)
setup-group := run
else ifneq ($(filter tools $(OUT)/tools/%,$(goals)),)
setup-group := tools
else
setup-group := build
endif

setup-stamp := $(OUT)/.setup/$(setup-group).mk
$(setup-stamp): configs/host/packages configs/host/setup
	@configs/host/setup $(setup-group) $(SETUP) $@ </dev/null

ifeq ($(findstring n,$(flags)),)
include $(setup-stamp)
endif
