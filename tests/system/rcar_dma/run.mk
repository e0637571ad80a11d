# SPDX-License-Identifier: Apache-2.0
include boards/rcar-h3/run.mk
