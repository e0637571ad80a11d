// SPDX-License-Identifier: Apache-2.0
#include "model/value.h"

#include <stddef.h>

const char *const attr_names[] = {
	[ATTR_DEVICE_NGNRNE] = "device-nGnRnE", [ATTR_DEVICE_NGNRE] = "device-nGnRE",
	[ATTR_DEVICE_NGRE] = "device-nGRE",     [ATTR_DEVICE_GRE] = "device-GRE",
	[ATTR_NORMAL_NC] = "normal-nc",         [ATTR_NORMAL_WT] = "normal-wt",
	[ATTR_NORMAL_WB] = "normal-wb",         [ATTR_NORMAL_WB + 1] = NULL,
};

const char *const trigger_names[] = {
	[TRIGGER_LEVEL_HIGH] = "level-high",
	[TRIGGER_LEVEL_LOW] = "level-low",
	[TRIGGER_EDGE_RISING] = "edge-rising",
	[TRIGGER_EDGE_FALLING] = "edge-falling",
	[TRIGGER_EDGE_FALLING + 1] = NULL,
};
