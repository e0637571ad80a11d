// SPDX-License-Identifier: Apache-2.0
/* Files that cannot be written: HV0140. */
#include <errno.h>
#include <string.h>

#include "diag/diag.h"

bool diag_unwritten(struct diag *d, const char *path)
{
	struct diag_msg *m = diag_error(d, 140, (struct pos){.file = path}, "the file cannot be written");

	diag_label(m, "%s", strerror(errno));
	return false;
}

bool diag_close(struct diag *d, FILE *out, const char *path)
{
	bool good = out != NULL && ferror(out) == 0;

	good = out != NULL && fclose(out) == 0 && good;
	return good || diag_unwritten(d, path);
}
