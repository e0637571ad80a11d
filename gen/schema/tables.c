/* SPDX-License-Identifier: Apache-2.0 */
/* schema/numbers.def, schema/board.def and schema/system.def as data. */
#include "schema/macros.h"

#include "../schema/numbers.def"

#include "../schema/board.def"
#include "../schema/system.def"

const struct schema_type *const schema_board = &type_board;
const struct schema_type *const schema_system = &type_system;
