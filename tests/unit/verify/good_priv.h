/* SPDX-License-Identifier: Apache-2.0 */
/* Between good.c, which says what is in the image, and good_link.c, which makes an ELF of it. */
#ifndef TESTS_UNIT_VERIFY_GOOD_PRIV_H
#define TESTS_UNIT_VERIFY_GOOD_PRIV_H

#include "good.h"

#define TEXT	   GOOD_BASE
#define RODATA	   (GOOD_BASE + 0x1000)
#define DATA	   (GOOD_BASE + 0x4000)
#define PACKED	   (GOOD_BASE + 0x5000)
#define BSS	   GOOD_BSS
#define NOINIT	   (GOOD_BASE + 0xc000)
#define NOINIT_END (GOOD_BASE + 0xe000)

#define GOOD_FILE_SIZE (0x6000 + GOOD_TABLE_PAGES * PAGE_SIZE)

/* Headers, sections and symbols around what lies in g->file; and hv.img. */
void good_link(struct good *g);

/* Of windows and IOMMUs that are there already. */
void good_build_trees(struct good *g);

#endif
