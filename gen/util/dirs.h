/* SPDX-License-Identifier: Apache-2.0 */
#ifndef GEN_UTIL_DIRS_H
#define GEN_UTIL_DIRS_H

/* Makes every directory that leads to a path: all before its last '/'. What fails
 * shows when the file itself is opened. */
void dirs_make(const char *path);

#endif
